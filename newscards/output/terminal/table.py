"""Tables that shrink or drop columns in a narrow terminal.

rich's own table measures and wraps every cell, which takes seconds for 5,000 rows. Here a row is one line,
written as segments.
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
_MIN_ELASTIC_WIDTH, _READABLE_WIDTH = 8, 72
"""The width that an elastic column has at least, and that it has before others outgrow ``max_width``."""
_MIN_CHOSEN_WIDTH = 12
"""The width below which a text is cut too short to be read."""
_PLAIN = Style()
MARK = Style.parse("bold red")
"""The style of searched words, as in ripgrep."""


def plain(row: object) -> Style:
    """Return the empty style, for any row."""
    return _PLAIN


def fixed(definition: str) -> Callable[[object], Style]:
    """Return a function that gives every row the same style."""
    style = Style.parse(definition)
    return lambda row: style


@dataclass(frozen=True, slots=True)
class TableColumn(Generic[T]):
    """A column: its heading, functions for a row's text and style, and how it adapts to the terminal.

    It is at most ``max_width`` wide, unless there is room that no column needs. ``elastic`` is the minimal
    width of a column that takes the room that is left, and shares it with others of that kind; until it has
    that width, columns with a ``drop_order`` are dropped, the lowest first (0 is never dropped). ``fit``
    returns a row's text as segments in a width; the text of a column without it is cut at its end. A column
    with ``draw``, which draws a row in a given width, must be the last, and takes what the others leave, if
    that is enough. ``link`` returns the URL of a row's text, and ``marks`` yields the spans of searched words
    in a text.
    """

    heading: str
    text: Callable[[T], str]
    style: Callable[[T], Style] = plain
    max_width: int = 1000
    right: bool = False
    drop_order: int = 0
    elastic: int = 0
    draw: Callable[[T, int], Sequence[Segment]] | None = None
    fit: Callable[[T, int], Sequence[Segment]] | None = None
    link: Callable[[T], str] | None = None
    marks: Callable[[str], Iterable[tuple[int, int]]] | None = None


def print_rows(
    console: Console, columns: Sequence[TableColumn[T]], rows: Sequence[T], indent: str = ""
) -> None:
    """Print rows under a heading, at most as wide as the terminal."""
    room, texts = console.width - len(indent), _texts(columns, rows)
    _print_table(console, columns, rows, texts, _fit(columns, _needed(columns, texts), room), indent)


def print_rows_or_lists(console: Console, columns: Sequence[TableColumn[T]], rows: Sequence[T]) -> None:
    """Print rows of columns that the user chose.

    If the terminal is too narrow to read them side by side, each row is a list of headings and texts, without
    those that are empty unless all are. An empty line is behind the table, or behind each list.
    """
    texts = _texts(columns, rows)
    needed = _needed(columns, texts)
    widths = _fit(columns, needed, console.width)
    least = [min(need, _MIN_CHOSEN_WIDTH) for need in needed]
    are_readable = all(width >= each for width, each in zip(widths, least, strict=True))
    if len(columns) == 1 or (are_readable and _total(widths) <= console.width):
        _print_table(console, columns, rows, texts, widths)
        console.print()
        return
    heading = Style.parse("dim") if console.color_system else _PLAIN
    longest = max(cell_len(column.heading) for column in columns)
    links, segments = has_links(console), list[Segment]()
    for row, values in zip(rows, texts, strict=True):
        for column, text in zip(columns, values, strict=True):
            if text or not any(values):
                padding = " " * (longest - cell_len(column.heading)) + _GAP if text else ""
                shown = _shown(column, text, column.style(row))
                if links and column.link:
                    shown = linked(shown, column.link(row))
                segments += [Segment(column.heading + padding, heading), *shown, Segment("\n")]
        segments.append(Segment("\n"))
    console.print(Segments(segments), end="", soft_wrap=True)


def _print_table(
    console: Console,
    columns: Sequence[TableColumn[T]],
    rows: Sequence[T],
    texts: Sequence[Sequence[str]],
    widths: Sequence[int],
    indent: str = "",
) -> None:
    heading = Style.parse("bold") if console.color_system else _PLAIN
    lines = _lines(columns, widths, rows, texts, heading, links=has_links(console))
    # Cropping takes rich a tenth of all the time, and only a very narrow terminal needs it.
    is_wide = len(indent) + _total(widths) > console.width
    print_lines(console, ([Segment(indent), *line] for line in lines), crop=is_wide)


def print_lines(console: Console, lines: Iterable[Sequence[Segment]], *, crop: bool = True) -> None:
    """Print lines of segments without wrapping."""
    segments = [segment for line in lines for segment in (*line, Segment("\n"))]
    console.print(Segments(segments), end="", crop=crop)


def row_lines(
    columns: Sequence[TableColumn[T]], rows: Sequence[T], width: int, heading: Style | None = None
) -> list[list[Segment]]:
    """Return rows as lines at most ``width`` wide, under a heading if that has a style."""
    texts = _texts(columns, rows)
    widths = _fit(columns, _needed(columns, texts), width)
    return [*_lines(columns, widths, rows, texts, heading, links=False)]


def _texts(columns: Sequence[TableColumn[T]], rows: Sequence[T]) -> list[list[str]]:
    return [[one_line(column.text(row)) for column in columns] for row in rows]


def _needed(columns: Sequence[TableColumn[T]], texts: Sequence[Sequence[str]]) -> list[int]:
    """Return how wide each column is if nothing is cut."""
    return [
        max([cell_len(column.heading), *(cell_len(row[index]) for row in texts)])
        for index, column in enumerate(columns)
    ]


def _lines(
    columns: Sequence[TableColumn[T]],
    widths: Sequence[int],
    rows: Sequence[T],
    texts: Sequence[Sequence[str]],
    heading: Style | None,
    *,
    links: bool,
) -> Iterator[list[Segment]]:
    """Yield the heading, if ``heading`` is a style, and the rows, with links if ``links``."""
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


def _fit(columns: Sequence[TableColumn[T]], needed: Sequence[int], room: int) -> list[int]:
    """Return the widths of columns that fit into ``room``; ``needed`` are those of their texts.

    0 is the width of a column that is dropped.
    """
    *others, last = columns
    if last.draw:
        fitting = _fitting(others, needed, room - _MIN_DRAWN_WIDTH - len(_GAP))
        if 0 in fitting:  # drop the drawn column rather than another
            return [*_fit(others, needed[:-1], room), 0]
        drawn = min(room - _total(fitting) - len(_GAP), last.max_width)
        return [*_grown(fitting, needed, room - drawn - len(_GAP)), drawn]
    widths = _fitting(columns, needed, room)
    readable = [
        min(width, _READABLE_WIDTH) if column.elastic else width
        for column, width in zip(columns, widths, strict=True)
    ]
    first = [
        have if column.elastic else need for column, have, need in zip(columns, readable, needed, strict=True)
    ]
    return _grown(_grown(readable, first, room), needed, room)


def _fitting(columns: Sequence[TableColumn[T]], needed: Sequence[int], room: int) -> list[int]:
    """Return widths as ``_fit``, none of them above the ``max_width`` of its column."""
    widths = [min(column.max_width, width) for column, width in zip(columns, needed, strict=False)]
    elastic = [index for index, column in enumerate(columns) if column.elastic]
    if not elastic:
        headings = [min(cell_len(each.heading), width) for each, width in zip(columns, widths, strict=False)]
        return _shrink_to(headings, widths, max(room - len(_GAP) * (len(widths) - 1), 4 * len(widths)))
    natural = [widths[index] for index in elastic]
    for index in elastic:
        widths[index] = min(widths[index], columns[index].elastic)
    for index in sorted(range(len(columns)), key=lambda index: columns[index].drop_order):
        if columns[index].drop_order and _total(widths) > room:
            widths[index] = 0
    left = sum(widths[index] for index in elastic) + room - _total(widths)
    shared = _shrink(natural, max(left, _MIN_ELASTIC_WIDTH * len(elastic)))
    for index, width in zip(elastic, shared, strict=True):
        widths[index] = width
    return widths


def _grown(widths: Sequence[int], needed: Sequence[int], room: int) -> list[int]:
    """Return widths with the room that is left given to the columns that need more, in equal parts."""
    grown, left = list(widths), room - _total(widths)
    lacking = sorted(
        (need - width, index)
        for index, (width, need) in enumerate(zip(widths, needed, strict=False))
        if 0 < width < need
    )
    for count, (lack, index) in enumerate(lacking):
        more = max(min(lack, left // (len(lacking) - count)), 0)
        grown[index] += more
        left -= more
    return grown


def _total(widths: Sequence[int]) -> int:
    """Return the width of a line of columns with the gaps between them."""
    return sum(width + len(_GAP) for width in widths if width) - len(_GAP)


def _shrink_to(least: Sequence[int], widths: list[int], room: int) -> list[int]:
    """Return widths as ``_shrink``, none below its ``least``, if there is room for these."""
    if sum(least) > room:
        return _shrink(widths, room)
    while True:
        larger = [index for index, width in enumerate(widths) if width > least[index]]
        rest = room - sum(least) + sum(least[index] for index in larger)
        shrunk = _shrink([widths[index] for index in larger], rest)
        widths = [*least]
        for index, width in zip(larger, shrunk, strict=True):
            widths[index] = width
        if all(width >= each for width, each in zip(widths, least, strict=True)):
            return widths
        widths = [max(pair) for pair in zip(widths, least, strict=True)]


def _shrink(widths: list[int], room: int) -> list[int]:
    """Return the widths of columns that share a room: the widest get narrower until all fit."""
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
    """Yield a line of texts; those of a ``row`` (not the heading) with marks, and if ``links`` with links."""
    gap = ""
    for column, width, text, style in zip(columns, widths, texts, styles, strict=True):
        if not width:
            continue
        shown: Iterable[Segment]
        if row is not None and column.fit:
            shown = column.fit(row, width)
            text = "".join(segment.text for segment in shown)
        else:
            text = fitted(text, width)
            shown = [Segment(text, style)] if row is None else _shown(column, text, style)
        padding = " " * (width - cell_len(text))
        if text:  # gaps are written only before text, so a line has no trailing blanks
            yield Segment(gap + padding if column.right else gap)
            yield from linked(shown, column.link(row)) if links and row is not None and column.link else shown
            gap = _GAP if column.right else padding + _GAP
        else:
            gap += padding + _GAP


def _shown(column: TableColumn[T], text: str, style: Style) -> Iterable[Segment]:
    """Return a row's text in a column, or what is left of it, in a style and with marks."""
    return _marked(text, style, column.marks(text)) if column.marks else [Segment(text, style)]


def fitted(text: str, width: int) -> str:
    """Return a text that is at most ``width`` terminal columns wide, cut at its end if it is longer."""
    return text if cell_len(text) <= width else set_cell_size(text, max(width - 1, 0)).rstrip() + "…"


def _marked(text: str, style: Style, spans: Iterable[tuple[int, int]]) -> Iterator[Segment]:
    """Yield a text in a style, with ``MARK`` added for some spans of it."""
    end = 0
    for start, stop in spans:
        yield Segment(text[end:start], style)
        yield Segment(text[start:stop], style + MARK)
        end = stop
    yield Segment(text[end:], style)
