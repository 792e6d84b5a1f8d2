"""An entry of `related` differs from the card that it copies.

The card was edited, and its copies in other cards were not. Excerpt, quality, type and provider name are
equal in all 161,223 real entries, and so are title and date, by which an entry finds its card (CARDS.md).
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

Fix: copy the value from the card, or correct the card if its copies are right.
"""

from collections.abc import Iterator

from newscards.cards.related import Copy
from newscards.edits.operations import SetValue
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule, Spot
from newscards.rules.common import Path, card_names, first_difference
from newscards.text import one_line

_MAX_SHOWN_LENGTH = 40


def check(facts: Facts) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each value of an entry that differs from the card that it names."""
    # Equal entries are one object, so each is compared once.
    wrong = {
        entry: found
        for entry, copy in facts.entries.items()
        if copy and copy.names_something and (found := list(_differences(copy, facts)))
    }
    for row in facts.rows if wrong else ():
        if wrong.keys().isdisjoint(map(id, row.related)):
            continue
        for index, copy in enumerate(row.related):
            for path, message, other in wrong.get(id(copy), ()):
                if other is not row:
                    advice = "copy the value from that card, or correct that card"
                    spot = Spot(other, path)
                    fix = _fix(path, other)
                    problem = Problem(
                        message, ("related", index, *path), help=advice, others=(spot,), fix=fix
                    )
                    yield row, problem


def _differences(copy: Copy, facts: Facts) -> Iterator[tuple[Path, str, Row]]:
    """Yield each difference: the path in the entry, the message, and the card that is copied."""
    if card := facts.named_by(copy):
        pairs: tuple[tuple[Path, object, object], ...] = (
            (("excerpt",), copy.excerpt, card.copy.excerpt),
            (("quality",), copy.quality, card.copy.quality),
            (("type",), copy.type, card.copy.type),
            (("provider", "name"), copy.provider, card.copy.provider),
        )
    elif card := _with_url(copy, facts):
        pairs = (
            (("title",), copy.title, card.copy.title or None),
            (("publishedDateTime",), copy.date, card.copy.date),
        )
    else:
        return
    for path, here, there in pairs:
        if here != there and here == here and here is not None and there is not None:
            name = ".".join(map(str, path))
            yield (
                path,
                f"`{name}` is {_short(there, here)} in {card_names([card])}, which this copies",
                card,
            )


def _fix(path: Path, card: Row) -> Fix | None:
    """Return the fix that copies the value; unsafe, because the card may be the one that is wrong."""
    values = {
        "title": card.title,
        "excerpt": card.excerpt,
        "quality": card.copy.quality,
        "type": card.copy.type,
        "provider": card.provider,
    }
    value = values.get(str(path[0]))
    return None if value is None else Fix("copy the value from that card", SetValue(value), safe=False)


def _with_url(copy: Copy, facts: Facts) -> Row | None:
    """Return the card that has an entry's URL and is most like the entry; ``None`` if there is none."""

    def likeness(row: Row) -> tuple[bool, bool]:
        return row.copy.title == copy.title, row.copy.date == copy.date

    return max(facts.by_web_url.get(copy.url, ()), key=likeness, default=None)


def _short(value: object, other: object) -> str:
    """Return a value for a message: of a long text, the part around where it differs from the other."""
    if not isinstance(value, str) or not isinstance(other, str):
        return one_line(str(value))
    start = max(first_difference(value, other) - _MAX_SHOWN_LENGTH // 2, 0)
    end = start + _MAX_SHOWN_LENGTH
    cut = one_line(value[start:end].strip())
    return f"“{'…' * (start > 0)}{cut}{'…' * (end < len(value))}”"


RULE = Rule("NC606", "related-stale", Severity.WARNING, corpus=check, fixes=Fixes.UNSAFE)
