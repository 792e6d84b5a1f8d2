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

from newscards.output.terminal.console import has_links, linked
from newscards.text import one_line

T = TypeVar("T")
_GAP = "  "
_MIN_DRAWN_WIDTH = 12
_PLAIN = Style()
MARK = Style.parse("bold red")
"""What was looked for, as ripgrep shows it."""


def plain(row: object) -> Style:
    """Give a row no style."""
    return _PLAIN


def fixed(definition: str) -> Callable[[object], Style]:
    """Return a function that gives every row the same style."""
    style = Style.parse(definition)
    return lambda row: style


@dataclass(frozen=True, slots=True)
class TableColumn(Generic[T]):
    """A column: heading, a row's text and style, and how it gives way.

    It is never wider than ``most``. The columns with a number in ``leaves`` leave, the lowest first, until
    the one that is ``elastic`` has as many columns of the terminal as that says. One that can ``draw`` a row
    in so many columns stands last, and gets what the others leave, if that is enough. ``link`` gives the URL
    to which a row's text leads, where there are links; ``marks`` where something stands in it that was
    looked for.
    """

    heading: str
    text: Callable[[T], str]
    style: Callable[[T], Style] = plain
    max_width: int = 1000
    right: bool = False
    drop_order: int = 0
    elastic: int = 0
    draw: Callable[[T, int], Sequence[Segment]] | None = None
    link: Callable[[T], str] | None = None
    marks: Callable[[str], Iterable[tuple[int, int]]] | None = None


def print_rows(
    console: Console, columns: Sequence[TableColumn[T]], rows: Sequence[T], indent: str = ""
) -> None:
    """Print rows under a heading, as wide as the terminal at most."""
    room, texts = console.width - len(indent), _texts(columns, rows)
    widths = _widths(columns, texts, room)
    heading = Style.parse("bold") if console.color_system else _PLAIN
    lines = _lines(columns, widths, rows, texts, heading, links=has_links(console))
    # To crop takes rich a tenth of all the time, and only a terminal of few columns is too narrow.
    print_lines(console, ([Segment(indent), *line] for line in lines), crop=_total(widths) > room)


def print_lines(console: Console, lines: Iterable[Sequence[Segment]], *, crop: bool = True) -> None:
    """Print lines that are as they are to be: nothing of them is wrapped."""
    segments = [segment for line in lines for segment in (*line, Segment("\n"))]
    console.print(Segments(segments), end="", crop=crop)


def row_lines(columns: Sequence[TableColumn[T]], rows: Sequence[T], width: int) -> list[list[Segment]]:
    """Return rows as lines of so many columns at most, without a heading."""
    texts = _texts(columns, rows)
    return [*_lines(columns, _widths(columns, texts, width), rows, texts, None, links=False)]


def _texts(columns: Sequence[TableColumn[T]], rows: Sequence[T]) -> list[list[str]]:
    return [[one_line(column.text(row)) for column in columns] for row in rows]


def _widths(columns: Sequence[TableColumn[T]], texts: Sequence[Sequence[str]], room: int) -> list[int]:
    widths = [
        min(column.max_width, max([cell_len(column.heading), *(cell_len(row[index]) for row in texts)]))
        for index, column in enumerate(columns)
    ]
    return _fit(columns, widths, room)


def _lines(
    columns: Sequence[TableColumn[T]],
    widths: Sequence[int],
    rows: Sequence[T],
    texts: Sequence[Sequence[str]],
    heading: Style | None,
    *,
    links: bool,
) -> Iterator[list[Segment]]:
    """Yield a heading, if it has a style, and rows; with their links, if these are for where it is shown."""
    if heading is not None:
        yield [*_line(columns, widths, [column.heading for column in columns], [heading] * len(columns))]
    draw = columns[-1].draw
    for row, text in zip(rows, texts, strict=True):
        styles = [column.style(row) for column in columns]
        line = [*_line(columns, widths, text, styles, row, links=links)]
        if draw and widths[-1] and (drawn := draw(row, widths[-1])):
            room = sum(each + len(_GAP) for each in widths[:-1] if each) - Segment.get_line_length(line)
            line += [Segment(" " * room), *drawn]
        yield line


def _fit(columns: Sequence[TableColumn[T]], widths: list[int], room: int) -> list[int]:
    """Return the widths with which columns fit; 0 for one that leaves."""
    *others, last = columns
    if last.draw:
        fitting = _fit(others, widths[:-1], room - _MIN_DRAWN_WIDTH - len(_GAP))
        if 0 in fitting:  # some would leave for its sake
            return [*_fit(others, widths[:-1], room), 0]
        return [*fitting, min(room - sum(width + len(_GAP) for width in fitting), last.max_width)]
    widths = list(widths)

    elastic = next((index for index, column in enumerate(columns) if column.elastic), None)
    if elastic is None:
        return _shrink(widths, max(room - len(_GAP) * (len(widths) - 1), 4 * len(widths)))
    natural = widths[elastic]
    widths[elastic] = min(natural, columns[elastic].elastic)
    for index in sorted(range(len(columns)), key=lambda index: columns[index].drop_order):
        if columns[index].drop_order and _total(widths) > room:
            widths[index] = 0
    widths[elastic] = min(natural, max(widths[elastic] + room - _total(widths), 8))
    return widths


def _total(widths: Sequence[int]) -> int:
    """Return how wide a line of such columns is, with the gaps between them."""
    return sum(width + len(_GAP) for width in widths if width) - len(_GAP)


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
    columns: Sequence[TableColumn[T]],
    widths: Sequence[int],
    texts: Sequence[str],
    styles: Sequence[Style],
    row: T | None = None,
    *,
    links: bool = False,
) -> Iterator[Segment]:
    """Yield a line of texts; those of a ``row`` have their marks, and ``links`` where there are any."""
    gap = ""
    for column, width, text, style in zip(columns, widths, texts, styles, strict=True):
        if not width:
            continue
        if cell_len(text) > width:
            text = set_cell_size(text, width - 1).rstrip() + "…"
        padding = " " * (width - cell_len(text))
        if text:  # the gaps before it are owed until there is something to show
            yield Segment(gap + padding if column.right else gap)
            shown: Iterable[Segment] = [Segment(text, style)]
            if row is not None and column.marks:
                shown = _marked(text, style, column.marks(text))
            yield from linked(shown, column.link(row)) if links and row is not None and column.link else shown
            gap = _GAP if column.right else padding + _GAP
        else:
            gap += padding + _GAP


def _marked(text: str, style: Style, spans: Iterable[tuple[int, int]]) -> Iterator[Segment]:
    """Yield a text in a style, but for some spans of it, which are in ``MARK`` as well."""
    end = 0
    for start, stop in spans:
        yield Segment(text[end:start], style)
        yield Segment(text[start:stop], style + MARK)
        end = stop
    yield Segment(text[end:], style)
