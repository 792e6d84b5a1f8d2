"""The edits of the journal as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.style import Style

from newscards.edits.journal import Edit
from newscards.output.terminal.table import TableColumn, fixed, print_rows

_Row = tuple[Edit, str]

_COLORS = {
    "interrupted": "yellow",
    "half taken back": "yellow",
    "partly taken back": "yellow",
    "taken back": "dim",
}


def print_edits(console: Console, edits: Sequence[_Row]) -> None:
    """Print edits, which are pairs with their state in words, a line each."""
    columns: list[TableColumn[_Row]] = [
        TableColumn("no.", lambda edit: str(edit[0].number), right=True),
        TableColumn("when (UTC)", lambda edit: f"{edit[0].when:%Y-%m-%d %H:%M}", fixed("cyan"), drop_order=3),
        TableColumn("cards", lambda edit: f"{edit[0].count:,}", right=True, drop_order=2),
        TableColumn("state", lambda edit: edit[1], _style, drop_order=1),
        TableColumn("command", lambda edit: edit[0].command, elastic=24),
    ]
    print_rows(console, columns, edits)


def _style(edit: _Row) -> Style:
    return Style.parse(_COLORS.get(edit[1], "green"))
