"""The changes between two revisions: a table for each kind of change, and a summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from newscards.cards.card import Card
from newscards.cards.change_text import value_change_text
from newscards.cards.values import MISSING, cell
from newscards.diff.card_diff import ChangeKind, Difference, FieldChange, first_and_more, summary
from newscards.output.terminal.changes import change_segments
from newscards.output.terminal.list import COLUMNS as CARD_COLUMNS
from newscards.output.terminal.list import HIDDEN, flag, flag_style
from newscards.output.terminal.table import TableColumn, fixed, print_rows
from newscards.text import one_line, path_text


class DiffRow(NamedTuple):
    """A change, with the difference that it belongs to."""

    difference: Difference
    change: FieldChange


def print_differences(console: Console, differences: Sequence[Difference], unchanged: int) -> None:
    """Print a table for each kind of change, a line for each change, and a summary.

    Of the cards in which a ciphertext replaced another one, the table is one line.
    """
    for kind in ChangeKind:
        rows = [
            DiffRow(each, change) for each in differences for change in each.changes if change.kind is kind
        ]
        if not rows:
            continue
        heading = Text.assemble((kind.heading, "bold"), (f" {len(rows):,}", "dim"))
        if kind is ChangeKind.SECURED:  # there is nothing to say about each of them
            heading.append(f"  {first_and_more([row.difference for row in rows])}")
            heading.truncate(console.width, overflow="ellipsis")
            console.print(heading)
        else:
            console.print(heading)
            print_rows(console, _columns(kind, colored=console.color_system is not None), rows, indent="  ")
        console.print()
    for line in Text(summary(differences, unchanged), "dim").wrap(console, console.width):
        line.rstrip()
        console.print(line)


def _sign(row: DiffRow) -> str:
    record = row.difference.record
    return flag(record) if isinstance(record, Card) else "!"


def _sign_style(row: DiffRow) -> Style:
    record = row.difference.record
    return flag_style(record) if isinstance(record, Card) else _BAD


def _value(word: str) -> TableColumn[DiffRow]:
    def text(row: DiffRow) -> str:
        return cell(row.change.details.get(word, MISSING))

    return TableColumn("Was" if word == "was" else "Now", text, max_width=12, right=True)


def _of_card(column: TableColumn[Card]) -> TableColumn[DiffRow]:
    """Return a column of a table of cards as a column of a table of changes."""

    def text(row: DiffRow) -> str:
        record = row.difference.record
        return column.text(record) if isinstance(record, Card) else ""

    def style(row: DiffRow) -> Style:
        record = row.difference.record
        return column.style(record) if isinstance(record, Card) else HIDDEN

    return TableColumn(
        column.heading, text, style, column.max_width, column.right, column.drop_order, column.elastic
    )


def _became(row: DiffRow) -> str:
    return value_change_text(row.change.details)


def _reason(row: DiffRow) -> str:
    details = row.change.details
    return str(details.get("now", details.get("was", "")))


_BAD = Style.parse("red")
_SIGN = TableColumn("", _sign, _sign_style)
_TITLE: TableColumn[DiffRow] = TableColumn("Title", lambda row: row.difference.title, elastic=32)
_CARDS = (
    _SIGN,
    *(_of_card(each) for each in CARD_COLUMNS if each.heading in ("Date", "Qual", "Heat")),
    _TITLE,
)
_SCORES = (_SIGN, _value("was"), _value("now"), _TITLE)
_READING: tuple[TableColumn[DiffRow], ...] = (
    _SIGN,
    TableColumn("Card", lambda row: path_text(row.difference.record.id), max_width=30),
    TableColumn("Why", _reason, elastic=24),
)
_COLUMNS: dict[ChangeKind, Sequence[TableColumn[DiffRow]]] = {
    ChangeKind.RENAMED: (
        _SIGN,
        TableColumn("Was", lambda row: row.difference.names[0]),
        TableColumn("Now", lambda row: row.difference.names[1]),
    ),
    ChangeKind.QUALITY: _SCORES,
    ChangeKind.HEAT: _SCORES,
    ChangeKind.TOPICS: (
        _SIGN,
        TableColumn("Change", _became, fixed("magenta"), max_width=32),
        _TITLE,
    ),
    ChangeKind.UNREADABLE: _READING,
    ChangeKind.READABLE: _READING,
}


def _columns(kind: ChangeKind, *, colored: bool) -> Sequence[TableColumn[DiffRow]]:
    """Return the columns of a table of such changes; in colour the words of a text that changed have one."""
    if kind is not ChangeKind.OTHER:
        return _COLUMNS.get(kind, _CARDS)

    def change(row: DiffRow, width: int) -> Sequence[Segment]:
        return change_segments(row.change.details, width, colored=colored)

    return (
        _SIGN,
        replace(_TITLE, elastic=16),
        TableColumn("Field", lambda row: one_line(row.change.details["field"]), fixed("cyan"), max_width=20),
        TableColumn("Change", _became, elastic=24, fit=change),
    )
