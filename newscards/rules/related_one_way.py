"""A card lists another card under `related`, which does not list it in turn.

Cards of a story list each other, in all but one of 161,223 real entries (CARDS.md). If one does not, its
readers miss a part of the story. One card is reported: the one that misses in the most others, or lists the
most others that do not list it.

Fails:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: add the entry to the card that lacks it, or delete the other one.
"""

from collections.abc import Iterator, Sequence

from newscards.frontmatter.locations import Anchor
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import MAX_LISTED, Severity
from newscards.lint.rule import Problem, Rule, Spot
from newscards.rules.common import card_names


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each card that does not list those that list it, or the other way round."""
    pairs = list(_one_way_pairs(facts))
    lists: dict[Row, int] = {}
    lacks: dict[Row, int] = {}
    for row, other in pairs:
        lists[row] = lists.get(row, 0) + 1
        lacks[other] = lacks.get(other, 0) + 1
    lacking: dict[Row, list[Row]] = {}
    listing: dict[Row, list[Row]] = {}
    listed = {row: frozenset(filter(None, facts.listed[row])) for row in lists}
    for row, other in pairs:
        of_one_story = not facts.listed[other] or not listed[row].isdisjoint(facts.listed[other])
        if (lacks[other], of_one_story) >= (lists[row], True):
            lacking.setdefault(other, []).append(row)
        else:
            listing.setdefault(row, []).append(other)
    for other, rows in lacking.items():
        yield from _problem_of_lacking(facts, other, rows)
    for row, others in listing.items():
        yield from _problem_of_listing(facts, row, others)


def _one_way_pairs(facts: Facts) -> Iterator[tuple[Row, Row]]:
    """Yield each card with a card that it lists and that does not list it."""
    # Only in few stories does not every card list all the others.
    for story in facts.stories:
        listed = {row: frozenset(other for other in facts.listed[row] if other) - {row} for row in story}
        if any(len(others) < len(story) - 1 for others in listed.values()):
            order = {row: number for number, row in enumerate(story)}
            for row, others in listed.items():
                # Of cards with one identity, entries name one.
                itself = facts.named_by(row.copy) or row
                one_way = [other for other in others if itself not in listed[other]]
                yield from ((row, other) for other in sorted(one_way, key=order.__getitem__))


def _problem_of_lacking(facts: Facts, card: Row, rows: Sequence[Row]) -> Iterator[tuple[Row, Problem]]:
    """Yield the problem of a card that does not list those that list it, if need be at the first of these."""
    if facts.is_reported(card):
        yield _not_listing(facts, card, rows)
    if facts.apart or not facts.is_reported(card):
        for at in facts.places_to_report(rows):
            yield (
                rows[at],
                Problem(
                    f"{card_names([card])} does not list this card in turn",
                    _entry(facts, rows[at], card).path,
                    help="add this card there, or delete the entry",
                    others=(Spot(card, ("related",)),),
                ),
            )


def _not_listing(facts: Facts, card: Row, rows: Sequence[Row]) -> tuple[Row, Problem]:
    """Return the problem of a card that does not list those that list it, in this card."""
    verb = "lists" if len(rows) == 1 else "list"
    return card, Problem(
        f"{card_names(rows)} {verb} this card, and {'is' if len(rows) == 1 else 'are'} not listed here",
        ("related",),
        Anchor.KEY if card.related else Anchor.FIRST_LINE,
        help="add an entry for it, or delete the one there",
        others=tuple(_entry(facts, row, card) for row in rows[:MAX_LISTED]),
    )


def _problem_of_listing(facts: Facts, card: Row, others: Sequence[Row]) -> Iterator[tuple[Row, Problem]]:
    """Yield the problem of a card that lists cards that do not list it, if need be at the first of these."""
    if facts.is_reported(card):
        yield _listing(facts, card, others)
    if facts.apart or not facts.is_reported(card):
        yield from (_not_listing(facts, others[at], [card]) for at in facts.places_to_report(others))


def _listing(facts: Facts, card: Row, others: Sequence[Row]) -> tuple[Row, Problem]:
    """Return the problem of a card that lists cards that do not list it, in this card."""
    verb = "does" if len(others) == 1 else "do"
    return card, Problem(
        f"{card_names(others)} {verb} not list this card in turn",
        _entry(facts, card, others[0]).path,
        help="add this card there, or delete the entry",
        others=tuple(Spot(other, ("related",)) for other in others[:MAX_LISTED]),
    )


def _entry(facts: Facts, row: Row, card: Row) -> Spot:
    """Return the place of a card's entry in ``related`` of another."""
    index = facts.listed[row].index(card)
    copy = row.related[index]
    return Spot(row, ("related", index, "webUrl" if copy and copy.url else "title"))


RULE = Rule("NC608", "related-one-way", Severity.WARNING, corpus=check, yields=True)
