"""The changes between two revisions as Markdown, for a comment on a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newscards.cards.card import Card
from newscards.cards.change_text import value_change_text
from newscards.diff.card_diff import ChangeKind, Difference, FieldChange, first_and_more, summary
from newscards.text import first_that_fit, one_line, shorten

LIMIT = 65_536
"""GitHub's limit for a comment in characters; it refuses a longer one ("body is too long")."""

_MAX_VALUE = 85
"""How many characters of each value are shown, so that both are in what ``code`` shows."""
_ROOM_FOR_REST = 100
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?=-)", re.ASCII)


def markdown(differences: Sequence[Difference], unchanged: int, room: int = LIMIT) -> str:
    """Return a heading with a summary, and a list for each kind of change, in at most ``room`` characters.

    If not everything fits, the last line says how many changes are left out. Text from cards stands in code
    spans, where nothing becomes markup, a link or a mention (elsewhere even ``&#64;user`` is a mention).
    """
    heading = summary(differences, unchanged)
    title = f"### {heading[0].upper()}{heading[1:]}\n"
    lines = list(_lines(differences))
    parts = [title, *first_that_fit(lines, room - len(title) - _ROOM_FOR_REST)]
    if rest := len(lines) - len(parts) + 1:
        parts.append(f"\n… and {rest:,} more changes.\n")
    return "".join(parts)


def _lines(differences: Sequence[Difference]) -> Iterator[str]:
    """Yield the items of the lists; the first of each list with the heading above it.

    Of the cards in which a ciphertext replaced another one, the list is one line.
    """
    for kind in ChangeKind:
        rows = [(each, change) for each in differences for change in each.changes if change.kind is kind]
        if rows and kind is ChangeKind.SECURED:
            text = code(first_and_more([difference for difference, _ in rows]))
            yield f"\n**{kind.heading}** ({len(rows):,}): {text}\n"
            continue
        heading = f"\n**{kind.heading}** ({len(rows):,})\n\n"
        for difference, change in rows:
            yield f"{heading}- {_item(difference, change)}\n"
            heading = ""


def _item(difference: Difference, change: FieldChange) -> str:
    kind, details = change
    record, title = difference.record, _title(difference)
    if kind is ChangeKind.RENAMED:
        return " → ".join(map(code, difference.names))
    if kind in (ChangeKind.UNREADABLE, ChangeKind.READABLE):
        return f"{code(record.id)}: {code(str(details.get('now', details.get('was', ''))))}"
    if kind is ChangeKind.OTHER:
        return f"{title}: {code(details['field'])} {code(value_change_text(details, _MAX_VALUE))}"
    if kind in (ChangeKind.QUALITY, ChangeKind.HEAT, ChangeKind.TOPICS):
        return f"{title}: {code(value_change_text(details))}"
    if not isinstance(record, Card):
        return title
    scores = ", ".join(
        f"{name} {value}"
        for name, value in (("quality", record.quality), ("heat", record.heat))
        if value is not None
    )
    state = "published" if record.published else "hidden"
    prefix = f"{state}, " if kind in (ChangeKind.ADDED, ChangeKind.GONE) else ""
    return f"{title} ({prefix}{scores})" if scores else title


def _title(difference: Difference) -> str:
    """Return a card's day and title, because several cards may have the same title.

    The day is that in the file's name, or else that of ``publishedDateTime``.
    """
    record = difference.record
    if match := _DAY.match(record.id):
        return f"{match[0]} {code(difference.title)}"
    day = f"{record.date.date()} " if isinstance(record, Card) and record.date else ""
    return day + code(difference.title)


def code(text: str) -> str:
    """Return a text as a code span (CommonMark 6.1), between more backticks than any run of them in it."""
    text = shorten(one_line(text)).strip() or "–"
    fence = "`" * (max(map(len, re.findall("`+", text)), default=0) + 1)
    gap = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{gap}{text}{gap}{fence}"
