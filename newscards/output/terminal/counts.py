"""Groups of cards as a table: the counts of each, and a bar of published and hidden cards."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from newscards.output.terminal.list import HIDDEN, SHOWN
from newscards.output.terminal.table import T, TableColumn, fixed, print_rows
from newscards.query.stats.dimensions import TOPIC, Dimension, GroupKey
from newscards.query.stats.groups import Group
from newscards.query.stats.scales import filled
from newscards.query.stats.tally import Count, CrossTable, Tally
from newscards.text import counted, one_line

_FULL, _HIDDEN = "█", "░"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_MAX_BAR_WIDTH = 48


def total_text(total: Count) -> Text:
    """Return the number of cards, published and hidden, as a legend of the bars."""
    return Text.assemble(
        f"{counted(total.cards, 'card')}: ",
        (_FULL, SHOWN), f" {total.published:,} published, ",
        (_HIDDEN, HIDDEN), f" {total.hidden:,} hidden",
    )  # fmt: skip


def bar(count: Count, largest: int, width: int) -> tuple[Segment, ...]:
    """Return the bar of a group; the bar of a group of ``largest`` cards is ``width`` columns wide.

    Each of the two parts is visible, however small it is. Only a bar without hidden cards ends within a
    column: the rest of that column would be a gap before the hidden ones.
    """
    cells = count.cards * width / largest
    published = count.published * width / largest
    if count.hidden:
        shown = _FULL * min(max(round(published), count.published > 0), width - 1)
    else:
        full, part = divmod(min(max(round(published * 8), count.published > 0), width * 8), 8)
        shown = _FULL * full + (_EIGHTHS[part] if part else "")
    hidden = max(round(cells) - len(shown), 1) if count.hidden else 0
    return tuple(Segment(text, style) for text, style in ((shown, SHOWN), (_HIDDEN * hidden, HIDDEN)) if text)


def bar_column(count_of: Callable[[T], Count], rows: Iterable[T]) -> TableColumn[T]:
    """Return the column of the rows' bars; the row with the most cards has the longest."""
    largest = max((count_of(row).cards for row in rows), default=0)
    return TableColumn(
        "", lambda row: "", max_width=_MAX_BAR_WIDTH,
        draw=lambda row, width: bar(count_of(row), largest, width) if count_of(row).cards else (),
    )  # fmt: skip


_MAX_FILLED_LINES = 400
"""Up to how many lines a scale is shown with empty groups in its gaps."""
_NONE = "none"
"""The name of the group of cards without a topic, a date, …."""
_MAX_NAME_WIDTH, _MAX_HEADING_WIDTH = 40, 14
"""The maximal width of the names of groups, in rows and in headings."""
_MAX_SHOWN_IN_FULL = 10**6
_UNKNOWN = Style.parse("bold yellow")


def print_tally(console: Console, tally: Tally, total: Count) -> None:
    """Print a tally of one dimension as a table, and the total of all cards."""
    (by,) = tally.dimensions
    number = sum(key is not None for (key,) in tally.groups)  # the cards without a value are no group
    noun = by.name if by.columns == (by.name,) else "group"
    groups = [Group(by.text(key), count) for key, count in filled(tally, _MAX_FILLED_LINES)]
    lines, notes = without_common(groups, total, by)
    print_groups(console, by.name.capitalize(), lines, counted(number, noun), total, notes)


def without_common(groups: Sequence[Group], total: Count, by: Dimension) -> tuple[list[Group], list[str]]:
    """Return groups without those that have all cards, and a note that names these.

    Such a topic, which is often the site's own, would make all other bars short.
    """
    common = [group for group in groups if group.count.cards == total.cards]
    if total.cards < 2 or len(common) == len(groups):
        return [*groups], []
    names = one_line(", ".join(group.name or _NONE for group in common))
    return [group for group in groups if group not in common], [
        f"all cards have the {by.name} {names}"
    ] * bool(common)


def print_groups(
    console: Console, heading: str, lines: Sequence[Group], what: str, total: Count, notes: Sequence[str] = ()
) -> None:
    """Print groups of cards, a line each, and below them ``what`` they are, the total, and notes."""
    if lines:
        print_rows(console, _columns(heading, lines), lines)
        console.print()
    footer = total_text(total)
    end = ", " if len(what) + 2 + footer.cell_len <= console.width else "\n"
    console.print(Text.assemble((f"{what}{end}", "dim"), footer), soft_wrap=True)
    for note in notes:
        print_note(console, note)


def print_note(console: Console, note: str) -> None:
    """Print a note below a table."""
    console.print(Text(note, "dim"), soft_wrap=True)


def _columns(heading: str, lines: Sequence[Group]) -> list[TableColumn[Group]]:
    name = name_column(heading, _MAX_NAME_WIDTH, 18)
    if not any(group.count.cards for group in lines):
        return [name]
    return [
        *([mark_column()] if any(group.known is False for group in lines) else []),
        name,
        TableColumn("Cards", lambda group: f"{group.count.cards:,}", right=True, drop_order=6),
        TableColumn("Published", lambda group: f"{group.count.published:,}", right=True, drop_order=4),
        TableColumn("Share", lambda group: percent(group.count), right=True, drop_order=3),
        TableColumn("Qual", lambda group: whole(group.count.quality), right=True, drop_order=2),
        TableColumn("Last", lambda group: day(group.count.last), fixed("cyan"), drop_order=5),
        bar_column(lambda group: group.count, lines),
    ]


def mark_column() -> TableColumn[Group]:
    """Return the column that marks names that are not in the registry."""
    return TableColumn("", lambda group: "?" if group.known is False else "", lambda group: _UNKNOWN)


def name_column(heading: str, max_width: int, min_width: int) -> TableColumn[Group]:
    """Return the column of names, from ``min_width`` to ``max_width`` terminal columns wide."""
    return TableColumn(
        heading, lambda group: group.name or _NONE, _name_style, max_width=max_width, elastic=min_width
    )


def _name_style(group: Group) -> Style:
    return Style() if group.name else HIDDEN


def percent(count: Count) -> str:
    """Return the published share as a percentage; 100% is only for all cards, and 0% only for none."""
    if count.share is None:
        return ""
    rounded = round(count.share * 100)
    if rounded == 100 and count.hidden:
        return ">99%"
    return "<1%" if not rounded and count.published else f"{rounded}%"


def whole(number: float | None) -> str:
    """Return a mean rounded to a whole number; from a million on in exponential notation."""
    if number is None:
        return ""
    return f"{round(number):,}" if abs(number) < _MAX_SHOWN_IN_FULL else f"{number:.0e}"


def day(moment: datetime | None) -> str:
    """Return the day of a moment, in UTC."""
    return moment.date().isoformat() if moment else ""


class CountRow(NamedTuple):
    """A row of a cross table: its name, its sum, and the cards in each shown column."""

    name: str
    total: int
    cells: tuple[int, ...]


def print_cross_table(console: Console, table: CrossTable) -> None:
    """Print a cross table with the columns that fit: the last of a scale, else those with the most cards."""
    across = filled(table.columns, _MAX_FILLED_LINES)
    down = [
        (_name(table.down, key), key, count.cards) for key, count in filled(table.rows, _MAX_FILLED_LINES)
    ]
    names = [table.down.name, *(name for name, _, _ in down)]
    first = min(max(cell_len(one_line(name)) for name in names), _MAX_NAME_WIDTH) + _width(
        "Total", table.total.cards
    )
    shown = _fitting(table.across, across, console.width - first)
    rows = [
        CountRow(name, cards, tuple(table.cards(key, column) for column, _ in shown))
        for name, key, cards in down
    ]
    rows.append(CountRow("All", table.total.cards, tuple(count.cards for _, count in shown)))
    print_rows(console, _cross_table_columns(table, [_name(table.across, key) for key, _ in shown]), rows)
    console.print()
    console.print(total_text(table.total), soft_wrap=True)
    if left := len(across) - len(shown):
        verb = "does" if left == 1 else "do"
        print_note(console, f"{left:,} of {len(across):,} columns {verb} not fit here; --format csv has all")
    if TOPIC in (table.down, table.across):
        print_note(console, "a card counts in each of its topics, and once in the sums")


def _fitting(
    by: Dimension, groups: Sequence[tuple[GroupKey, Count]], room: int
) -> Sequence[tuple[GroupKey, Count]]:
    widths = [_width(_name(by, key), count.cards) for key, count in groups]
    ends = itertools.accumulate(reversed(widths) if by.is_scale else widths)
    fitting = max(sum(end <= room for end in ends), 1)
    return groups[-fitting:] if by.is_scale else groups[:fitting]


def _width(heading: str, largest: int) -> int:
    """Return the width of a column with the gap before it, in terminal columns."""
    return max(min(cell_len(one_line(heading)), _MAX_HEADING_WIDTH), len(f"{largest:,}")) + 2


def _cross_table_columns(table: CrossTable, headings: Sequence[str]) -> list[TableColumn[CountRow]]:
    def cell(index: int, heading: str) -> TableColumn[CountRow]:
        return TableColumn(
            one_line(heading), lambda row: f"{row.cells[index]:,}" if row.cells[index] else "·",
            lambda row: Style() if row.cells[index] else HIDDEN,
            max_width=max(_MAX_HEADING_WIDTH, 8), right=True,
        )  # fmt: skip

    return [
        TableColumn(
            table.down.name.capitalize(), lambda row: row.name, max_width=_MAX_NAME_WIDTH, elastic=12
        ),
        TableColumn("Total", lambda row: f"{row.total:,}", fixed("bold"), right=True),
        *(cell(index, heading) for index, heading in enumerate(headings)),
    ]


def _name(by: Dimension, key: GroupKey) -> str:
    return by.text(key) or _NONE
