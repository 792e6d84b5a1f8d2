"""The edits of the journal for people: a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.style import Style

from newscards.edits.journal import Entry
from newscards.output.terminal.table import Column, fixed, print_rows

Edit = tuple[Entry, str]

_COLORS = {"interrupted": "yellow", "half taken back": "yellow", "taken back": "dim"}


def print_edits(console: Console, edits: Sequence[Edit]) -> None:
    """Print edits, each with its state in words, a line each."""
    columns: list[Column[Edit]] = [
        Column("no.", lambda edit: str(edit[0].number), right=True),
        Column("when (UTC)", lambda edit: f"{edit[0].when:%Y-%m-%d %H:%M}", fixed("cyan"), leaves=3),
        Column("cards", lambda edit: f"{edit[0].count:,}", right=True, leaves=2),
        Column("state", lambda edit: edit[1], _style, leaves=1),
        Column("command", lambda edit: edit[0].command, elastic=24),
    ]
    print_rows(console, columns, edits)


def _style(edit: Edit) -> Style:
    return Style.parse(_COLORS.get(edit[1], "green"))
