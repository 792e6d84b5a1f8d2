"""The result of a query as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.console import Console

from newscards.cards.values import cell
from newscards.output.terminal.table import TableColumn, print_rows_or_lists
from newscards.text import counted, cut, one_line

ResultRow = Sequence[Any]
_DIGITS = 3
"""How many decimal places are shown."""
_MAX_CELL = 4_000
"""How many characters of a value a table may show: more than it has room for, and few to measure."""


def print_result(console: Console, names: Sequence[str], rows: Sequence[ResultRow]) -> None:
    """Print rows as a table, numbers aligned right, or as lists, and how many there are."""
    if rows:
        print_rows_or_lists(console, [_column(rows, at, name) for at, name in enumerate(names)], rows)
    console.print(counted(len(rows), "row"), style="dim")


def _column(rows: Sequence[ResultRow], at: int, name: str) -> TableColumn[ResultRow]:
    is_number = all(isinstance(row[at], int | float | None) for row in rows)
    return TableColumn(one_line(name), _text(at), right=is_number)


def _text(at: int) -> Callable[[ResultRow], str]:
    def text(row: ResultRow) -> str:
        value = row[at]
        return cut(cell(round(value, _DIGITS) if isinstance(value, float) else value), _MAX_CELL)

    return text
