"""Cards as a table for people: columns that give way as the terminal gets narrow, totals below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style

from newscards.card import Card
from newscards.formats import cells
from newscards.harmless import one_line
from newscards.values import cell

_GAP = "  "
_LEAST_TITLE = 32
_PLAIN = Style()


@dataclass(frozen=True, slots=True)
class Column:
    """A column: heading, text and style of a card's cell, and how wide it may get."""

    heading: str
    text: Callable[[Card], str]
    style: Callable[[Card], Style]
    most: int = 1000
    right: bool = False


def _style(definition: str) -> Callable[[Card], Style]:
    style = Style.parse(definition)
    return lambda card: style


_SHOWN, _HIDDEN, _REMOVED = map(Style.parse, ("green", "dim", "red"))


def flag(card: Card) -> str:
    """Return the sign of what the site shows: ● published, ○ hidden, ✕ removed."""
    if card.fields.get("removed") is True:
        return "✕"
    return "●" if card.published else "○"


def flag_style(card: Card) -> Style:
    """Return the colour of ``flag``."""
    if card.fields.get("removed") is True:
        return _REMOVED
    return _SHOWN if card.published else _HIDDEN


def number(value: float | None) -> str:
    """Return a number as text; nothing where there is none."""
    return "" if value is None else str(value)


_COLUMNS = {
    "flag": Column("", flag, flag_style),
    "date": Column("Date", lambda card: f"{card.date:%Y-%m-%d}" if card.date else "", _style("cyan")),
    "quality": Column("Quality", lambda card: number(card.quality), _style("none"), right=True),
    "heat": Column(
        "Heat",
        lambda card: number(card.heat),
        lambda card: _PLAIN if (card.heat or 0) > 0 else _HIDDEN,
        right=True,
    ),
    "provider": Column("Provider", lambda card: cell(card.provider.get("name")), _style("yellow"), most=20),
    "topics": Column("Topics", lambda card: ", ".join(card.topics), _style("magenta"), most=24),
    "title": Column("Title", lambda card: card.title or card.id, _style("bold")),
}
_GIVE_WAY = ("topics", "heat", "provider", "quality", "date")
"""The columns that leave, first to last, until the title has room."""


def print_cards(console: Console, cards: Sequence[Card], names: Sequence[str]) -> None:
    """Print a table of cards, of the columns ``names`` or, where there are none, of the usual ones."""
    if not cards:
        return
    columns = [_named(name) for name in names] if names else list(_COLUMNS.values())
    texts = [[one_line(column.text(card)) for column in columns] for card in cards]
    widths = [
        min(column.most, max(cell_len(column.heading), *(cell_len(row[index]) for row in texts)))
        for index, column in enumerate(columns)
    ]
    kept = _shrink(widths, console.width) if names else _leave(widths, console.width)
    segments: list[Segment] = []
    heading = Style.parse("bold underline") if console.color_system else _PLAIN
    _add_line(segments, columns, kept, [column.heading for column in columns], [heading] * len(columns))
    for card, row in zip(cards, texts, strict=True):
        _add_line(segments, columns, kept, row, [column.style(card) for column in columns])
    console.print(Segments(segments), end="")
    shown = sum(card.published for card in cards)
    total = f"{len(cards):,} card{'s' * (len(cards) != 1)}"
    console.print(f"\n{total}, {shown:,} published, {len(cards) - shown:,} not", style="dim")


def _named(name: str) -> Column:
    return Column(name, lambda card: cells(card, [name])[0], _style("none"))


def _leave(widths: list[int], room: int) -> list[int]:
    """Return the widths of the usual columns, 0 for those that left, the title taking what is left."""
    kept = dict(zip(_COLUMNS, widths, strict=True))
    title = kept.pop("title")

    def left() -> int:
        return room - sum(width + len(_GAP) for width in kept.values() if width)

    for name in _GIVE_WAY:
        if left() < min(title, _LEAST_TITLE):
            kept[name] = 0
    return [*kept.values(), max(min(title, left()), 8)]


def _shrink(widths: list[int], room: int) -> list[int]:
    """Return the widths of columns that were asked for: none leaves, the widest get narrower."""
    room = max(room - len(_GAP) * (len(widths) - 1), 4 * len(widths))
    widths = list(widths)
    while sum(widths) > room:
        widest = max(widths)
        narrower = max([width for width in widths if width < widest], default=4)
        many = widths.count(widest)
        step = max(min(widest - narrower, -(-(sum(widths) - room) // many)), 1)
        widths = [width - step if width == widest else width for width in widths]
    return widths


def _add_line(
    segments: list[Segment],
    columns: Sequence[Column],
    widths: Sequence[int],
    texts: Sequence[str],
    styles: Sequence[Style],
) -> None:
    parts = [part for part in zip(columns, widths, texts, styles, strict=True) if part[1]]
    for index, (column, width, text, style) in enumerate(parts):
        last = index == len(parts) - 1
        length = cell_len(text)
        if length > width:
            text, length = _cut(text, width), width
        padding = " " * (width - length)
        if column.right:
            segments.append(Segment(padding))
        segments.append(Segment(text, style))
        if not last:
            segments.append(Segment(_GAP if column.right else padding + _GAP))
    segments.append(Segment("\n"))


def _cut(text: str, width: int) -> str:
    """Return ``text`` cut to ``width`` columns with an ellipsis."""
    return set_cell_size(text, width - 1).rstrip() + "…" + " " * 0 if width > 1 else "…"[:width]
