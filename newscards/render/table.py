"""Rows as a table for people, with columns that give way as the terminal gets narrow.

rich's own table measures and wraps every cell, which takes seconds for 5,000 rows; these are one
line a row, and written as segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style

from newscards.harmless import one_line

T = TypeVar("T")
_GAP = "  "
_PLAIN = Style()


def plain(row: object) -> Style:
    """Give a row no style."""
    return _PLAIN


def fixed(definition: str) -> Callable[[object], Style]:
    """Return a function that gives every row the same style."""
    style = Style.parse(definition)
    return lambda row: style


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column: heading, a row's text and style, and how it gives way.

    It is never wider than ``most``. The columns with a number in ``leaves`` leave, the lowest first, until
    the one that is ``elastic`` has as many columns of the terminal as that says.
    """

    heading: str
    text: Callable[[T], str]
    style: Callable[[T], Style] = plain
    most: int = 1000
    right: bool = False
    leaves: int = 0
    elastic: int = 0


def print_rows(console: Console, columns: Sequence[Column[T]], rows: Sequence[T], indent: str = "") -> None:
    """Print rows under a heading, as wide as the terminal at most."""
    texts = [[one_line(column.text(row)) for column in columns] for row in rows]
    widths = [
        min(column.most, max([cell_len(column.heading), *(cell_len(row[index]) for row in texts)]))
        for index, column in enumerate(columns)
    ]
    widths = _fit(columns, widths, console.width - len(indent))
    heading = Style.parse("bold") if console.color_system else _PLAIN
    lines = [([column.heading for column in columns], [heading] * len(columns))]
    lines += [
        (text, [column.style(row) for column in columns]) for row, text in zip(rows, texts, strict=True)
    ]
    segments: list[Segment] = []
    for line, styles in lines:
        segments.append(Segment(indent))
        segments += _line(columns, widths, line, styles)
    console.print(Segments(segments), end="")


def _fit(columns: Sequence[Column[T]], widths: list[int], room: int) -> list[int]:
    """Return the widths with which columns fit; 0 for one that leaves."""
    widths = list(widths)

    def needed() -> int:
        return sum(width + len(_GAP) for width in widths if width) - len(_GAP)

    elastic = next((index for index, column in enumerate(columns) if column.elastic), None)
    if elastic is None:
        return _shrink(widths, max(room - len(_GAP) * (len(widths) - 1), 4 * len(widths)))
    natural = widths[elastic]
    widths[elastic] = min(natural, columns[elastic].elastic)
    for index in sorted(range(len(columns)), key=lambda index: columns[index].leaves):
        if columns[index].leaves and needed() > room:
            widths[index] = 0
    widths[elastic] = max(min(natural, widths[elastic] + room - needed()), 8)
    return widths


def _shrink(widths: list[int], room: int) -> list[int]:
    """Return the widths of columns of which none may leave: the widest get narrower."""
    while sum(widths) > room:
        widest = max(widths)
        narrower = max([width for width in widths if width < widest], default=4)
        excess = -(-(sum(widths) - room) // widths.count(widest))
        step = max(min(widest - narrower, excess), 1)
        widths = [width - step if width == widest else width for width in widths]
    return widths


def _line(
    columns: Sequence[Column[T]], widths: Sequence[int], texts: Sequence[str], styles: Sequence[Style]
) -> Iterator[Segment]:
    gap = ""
    for column, width, text, style in zip(columns, widths, texts, styles, strict=True):
        if not width:
            continue
        if cell_len(text) > width:
            text = set_cell_size(text, width - 1).rstrip() + "…"
        padding = " " * (width - cell_len(text))
        if text:  # the gaps before it are owed until there is something to show
            yield Segment(gap + padding if column.right else gap)
            yield Segment(text, style)
            gap = _GAP if column.right else padding + _GAP
        else:
            gap += padding + _GAP
    yield Segment("\n")
