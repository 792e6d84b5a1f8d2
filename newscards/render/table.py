"""Rows as a table for people, with columns that give way as the terminal gets narrow.

rich's own table measures and wraps every cell, which takes seconds for 5,000 rows; these are one
line a row, and written as segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.segment import Segment, Segments
from rich.style import Style

from newscards.harmless import one_line

T = TypeVar("T")
_GAP = "  "
_LEAST_DRAWN = 12
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
    the one that is ``elastic`` has as many columns of the terminal as that says. One that can ``draw`` a row
    in so many columns stands last, and gets what the others leave, if that is enough.
    """

    heading: str
    text: Callable[[T], str]
    style: Callable[[T], Style] = plain
    most: int = 1000
    right: bool = False
    leaves: int = 0
    elastic: int = 0
    draw: Callable[[T, int], Sequence[Segment]] | None = None


def print_rows(console: Console, columns: Sequence[Column[T]], rows: Sequence[T], indent: str = "") -> None:
    """Print rows under a heading, as wide as the terminal at most."""
    heading = Style.parse("bold") if console.color_system else _PLAIN
    lines = row_lines(columns, rows, console.width - len(indent), heading)
    print_lines(console, ([Segment(indent), *line] for line in lines))


def print_lines(console: Console, lines: Iterable[Sequence[Segment]]) -> None:
    """Print lines that are as they are to be: nothing of them is wrapped."""
    segments = [segment for line in lines for segment in (*line, Segment("\n"))]
    console.print(Segments(segments), end="")


def row_lines(
    columns: Sequence[Column[T]], rows: Sequence[T], width: int, heading: Style | None
) -> list[list[Segment]]:
    """Return rows as lines of so many columns at most, under a heading, if it has a style."""
    texts = [[one_line(column.text(row)) for column in columns] for row in rows]
    widths = [
        min(column.most, max([cell_len(column.heading), *(cell_len(row[index]) for row in texts)]))
        for index, column in enumerate(columns)
    ]
    widths = _fit(columns, widths, width)
    lines: list[list[Segment]] = []
    if heading is not None:
        headings = [column.heading for column in columns]
        lines.append([*_line(columns, widths, headings, [heading] * len(columns))])
    draw = columns[-1].draw
    for row, text in zip(rows, texts, strict=True):
        line = [*_line(columns, widths, text, [column.style(row) for column in columns])]
        if draw and widths[-1] and (drawn := draw(row, widths[-1])):
            room = sum(each + len(_GAP) for each in widths[:-1] if each) - Segment.get_line_length(line)
            line += [Segment(" " * room), *drawn]
        lines.append(line)
    return lines


def _fit(columns: Sequence[Column[T]], widths: list[int], room: int) -> list[int]:
    """Return the widths with which columns fit; 0 for one that leaves."""
    *others, last = columns
    if last.draw:
        fitting = _fit(others, widths[:-1], room - _LEAST_DRAWN - len(_GAP))
        if 0 in fitting:  # some would leave for its sake
            return [*_fit(others, widths[:-1], room), 0]
        return [*fitting, min(room - sum(width + len(_GAP) for width in fitting), last.most)]
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
    widths[elastic] = min(natural, max(widths[elastic] + room - needed(), 8))
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
