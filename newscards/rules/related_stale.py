"""An entry of `related` differs from the card that it copies.

The card was edited, and its copies in other cards were not: then all copies are equal, and the card is
reported. Where only some copies differ, the first of them is, and so is the only copy, if `originalUrl` or
the file's name confirms what the card says. Excerpt, quality, type and provider name are equal in all
161,223 real entries, and so are title and date, by which an entry finds its card (CARDS.md).
Entities, stray blanks, invisible characters and mojibake make no difference here.

Fails:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
        quality: 20
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Passes:

    # 2023-06-20-gauges.md
    webUrl: "https://www.tide.example/gauges"
    related:
      - webUrl: "https://www.tide.example/wells"
    # 2023-06-20-wells.md
    webUrl: "https://www.tide.example/wells"
    related:
      - webUrl: "https://www.tide.example/gauges"

Fix: copy the value from the card, or correct the card if its copies are right. The fix puts the entries in
order, too.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cache, partial
from typing import NamedTuple, TypeAlias

from newscards.cards.names import as_read
from newscards.cards.related import Copy, grouped
from newscards.edits.operations import Reorder, SetValue
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import MAX_LISTED, Fix, FixElsewhere, Severity, listed_others
from newscards.lint.rule import Fixes, Problem, Rule, Spot
from newscards.rules.common import Path, card_names, first_difference, same_elsewhere
from newscards.rules.related_order import best_first
from newscards.text import one_line

_MAX_SHOWN_LENGTH = 40


_Reordered: TypeAlias = Callable[[Row], Sequence[FixElsewhere]]
"""The function ``_reordered`` of some facts."""


class _Stale(NamedTuple):
    """An outdated value: its place, the row and the index of the entry, and the value."""

    spot: Spot
    value: Hashable


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each value of a card that copies have differently, once for all equal copies."""
    # Equal entries are one object, so each is compared once.
    wrong = {
        entry: found
        for entry, copy in facts.entries.items()
        if copy and (card := facts.meant[entry]) and (found := list(_differences(copy, card)))
    }
    if not wrong:
        return
    edited = {card for entry in wrong if (card := facts.meant[entry])}
    copies: dict[Row, int] = dict.fromkeys(edited, 0)
    stale: dict[Row, dict[Path, list[_Stale]]] = {card: {} for card in edited}
    for row, listed in facts.listed.items():
        if edited.isdisjoint(listed):
            continue
        for index, (copy, card) in enumerate(zip(row.related, listed, strict=True)):
            if card is None or card is row or card not in edited:
                continue
            copies[card] += 1
            for path, value in wrong.get(id(copy), ()):
                of_card = stale[card].setdefault(path, [])
                of_card.append(_Stale(Spot(row, ("related", index, *path)), value))
    reordered = cache(partial(_reordered, facts))  # a card may have many stale entries
    for card in facts.rows:
        for path, places in stale.get(card, {}).items():
            groups = grouped((each.value, each) for each in places)
            is_edited = len(groups) == 1 and len(places) == copies[card] and facts.is_reported(card)
            if copies[card] == 1 and _is_confirmed(card, path, places[0].value):
                is_edited = False
            for value, group in groups.items():
                left = {*facts.unignored(RULE, [each.spot for each in group])}
                shown = [each for each in group if each.spot in left]
                if is_edited and shown:  # its fix is made in the copies that are ignored, too
                    yield _at_card(card, path, value, group, reordered)
                if facts.apart or not is_edited:
                    yield from _at_copies(facts, card, path, value, shown, reordered)


def _differences(copy: Copy, card: Row) -> Iterator[tuple[Path, Hashable]]:
    """Yield the path and the value of each field of an entry that differs from the card."""
    if copy == card.copy:
        return
    of_card = _values(card.copy)
    for path, value in _values(copy).items():
        if _differ(value, of_card[path]):
            yield path, value


def _differ(value: Hashable, other: Hashable) -> bool:
    """Return whether two values are different to a reader: one that is missing or NaN is not."""
    if value == other or value is None or other is None or value != value:
        return False
    # Two texts that differ in blanks alone are one to a reader: another rule reports the odd blank.
    return not (isinstance(value, str) and isinstance(other, str) and as_read(value) == as_read(other))


def _is_confirmed(card: Row, path: Path, other: Hashable) -> bool:
    """Return whether `originalUrl` or the file's name confirms a value, but not ``other`` of the copy."""
    if path == ("webUrl",):
        return not card.original_url and card.domain.lower() in card.web_url.lower()
    day, slug = card.id[:_LENGTH_OF_DAY], _letters(card.id[_LENGTH_OF_DAY:])
    if path == ("title",):
        title = _letters(card.title)
        return bool(slug) and (title == slug or (len(slug) > _LONG and title.startswith(slug)))
    is_date = path == ("publishedDateTime",)
    return is_date and str(card.copy.date).startswith(day) and not str(other).startswith(day)


def _witness_of_copies(card: Row, path: Path, value: Hashable) -> str:
    """Return what confirms the value that all copies of a card have, but not the card; empty if nothing."""
    if path == ("webUrl",):
        return "`originalUrl`" if value == card.original_url else ""
    if path not in (("title",), ("publishedDateTime",)):
        return ""
    own, day, slug = _values(card.copy)[path], card.id[:_LENGTH_OF_DAY], card.id[_LENGTH_OF_DAY:]
    if path == ("title",):
        agrees = _letters(str(value)) == _letters(slug) != _letters(str(own))
    else:
        agrees = str(value).startswith(day) and not str(own).startswith(day)
    return "the file's name" if agrees else ""


_LENGTH_OF_DAY = len("2023-06-20")
_LONG = 120
"""The length beyond which a file's name may hold only a part of the title."""


def _letters(text: str) -> str:
    """Return the letters and digits of a title, or of a file's name, which are the same in both."""
    return "".join(filter(str.isalnum, text.casefold()))


def _values(copy: Copy) -> dict[Path, Hashable]:
    return {
        ("webUrl",): copy.url or None,
        ("title",): copy.title or None,
        ("publishedDateTime",): copy.date,
        ("excerpt",): copy.excerpt,
        ("quality",): copy.quality,
        ("type",): copy.type,
        ("provider", "name"): copy.provider,
    }


def _at_card(
    card: Row, path: Path, value: Hashable, stale: Sequence[_Stale], reordered: _Reordered
) -> tuple[Row, Problem]:
    """Return the problem of a card that differs from all its copies."""
    own, name = _values(card.copy)[path], ".".join(map(str, path))
    where = (
        f"its copy in {card_names([stale[0].spot.row])}"
        if len(stale) == 1
        else f"all its {len(stale):,} copies"
    )
    advice, fix = "copy the value of this card into its copies, or correct it here", None
    if witness := _witness_of_copies(card, path, value):
        advice = f"correct it here: {witness} says what the copies say"
    else:
        change, elsewhere = _changes(card, path, stale, reordered)
        fix = Fix("update the copies", None, safe=False, elsewhere=elsewhere) if change else None
    return card, Problem(
        f"`{name}` is {_short(own, value)} here, and {_short(value, own)} in {where}",
        path,
        help=advice,
        others=tuple(each.spot for each in stale[:MAX_LISTED]),
        fix=fix,
        explains=_consequences(path),
    )


def _at_copies(
    facts: Facts, card: Row, path: Path, value: Hashable, stale: Sequence[_Stale], reordered: _Reordered
) -> Iterator[tuple[Row, Problem]]:
    """Yield the problem of some copies that differ from their card, at the first of them."""
    own, name = _values(card.copy)[path], ".".join(map(str, path))
    for at in facts.places_to_report(each.spot.row for each in stale):
        first = stale[at].spot
        rest = [*stale[:at], *stale[at + 1 :]] if not facts.apart else ()
        change, elsewhere = _changes(card, path, rest, reordered)
        if path == ("quality",):
            elsewhere = (*reordered(first.row), *elsewhere)
        others = (Spot(card, path), *(each.spot for each in listed_others(stale, at)))[:MAX_LISTED]
        title = "copy the value from that card"
        yield (
            first.row,
            Problem(
                f"`{name}` is {_short(own, value)} in {card_names([card])}, which this copies",
                first.path,
                help="copy the value of that card into this entry, or correct that card",
                others=others,
                suffix=same_elsewhere(len(stale) - 1, "other copy", "other copies"),
                fix=Fix(title, change, safe=False, elsewhere=elsewhere) if change else None,
                explains=_consequences(path, first.path[: -len(path)]),
            ),
        )


def _consequences(path: Path, entry: Path = ()) -> tuple[tuple[str, Path], ...]:
    """Return the problems that a wrong value of a card, or of an entry, causes in other fields.

    A URL that differs from its copies is another page than `originalUrl`, too, and on another domain. A date
    that differs from them is not that of the file's name, and a quality is perhaps above the heat.
    """
    if path == ("webUrl",):
        return ("NC413", (*entry, "provider", "domain")), ("NC619", (*entry, "originalUrl"))
    if path == ("provider", "name"):
        return (("NC612", (*entry, *path)),)
    of_card = {("publishedDateTime",): ("NC610", path), ("quality",): ("NC411", ("heat",))}
    return (of_card[path],) if path in of_card and not entry else ()


def _changes(
    card: Row, path: Path, stale: Sequence[_Stale], reordered: _Reordered
) -> tuple[SetValue | None, tuple[FixElsewhere, ...]]:
    """Return the change that copies the value of a card, and that change at each of some copies.

    It is ``None`` for a date. A copied quality may put its entry in the wrong place: then the entries are put
    in order, too. It is unsafe, because the card may be the one that is wrong.
    """
    values = {
        "webUrl": card.web_url,
        "title": card.title,
        "excerpt": card.excerpt,
        "quality": card.copy.quality,
        "type": card.copy.type,
        "provider": card.provider,
    }
    value = values.get(str(path[0]))
    if value is None:
        return None, ()
    change = SetValue(value)
    elsewhere = [FixElsewhere(each.spot.row.path, each.spot.path, change) for each in stale]
    if path == ("quality",):
        for row in dict.fromkeys(each.spot.row for each in stale):
            elsewhere += reordered(row)
    return change, tuple(elsewhere)


def _reordered(facts: Facts, row: Row) -> Sequence[FixElsewhere]:
    """Return the change that puts the entries of a card in order, if they are not."""
    order = best_first(facts, row)
    if order == tuple(range(len(order))):
        return ()
    return (FixElsewhere(row.path, ("related",), Reorder(order)),)


def _short(value: object, other: object) -> str:
    """Return a value for a message: of a long text, the part around where it differs from the other."""
    if not isinstance(value, str) or not isinstance(other, str):
        return one_line(str(value))
    start = max(first_difference(value, other) - _MAX_SHOWN_LENGTH // 2, 0)
    end = start + _MAX_SHOWN_LENGTH
    cut = one_line(value[start:end].strip())
    return f"“{'…' * (start > 0)}{cut}{'…' * (end < len(value))}”"


RULE = Rule("NC606", "related-stale", Severity.WARNING, corpus=check, yields=True, fixes=Fixes.UNSAFE)
