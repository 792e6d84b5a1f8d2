"""The indexes in the cache folder for people: a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.style import Style

from newscards.corpus.index.folder import Kept
from newscards.output.terminal.table import Column, fixed, print_rows
from newscards.text import path_text


def print_indexes(console: Console, indexes: Sequence[Kept]) -> None:
    """Print indexes, a line each; one that does not tell of which folder it is, by its own file."""
    columns: list[Column[Kept]] = [
        Column("cards", lambda index: f"{index.cards:,}" if index.corpus else "", right=True),
        Column("bytes", lambda index: f"{index.bytes:,}", right=True, leaves=2),
        Column("written (UTC)", lambda index: f"{index.written:%Y-%m-%d %H:%M}", fixed("cyan"), leaves=1),
        Column("folder", lambda index: path_text(index.corpus or index.file), elastic=24),
        Column("state", lambda index: index.state, _style, leaves=3),
    ]
    print_rows(console, columns, indexes)


def _style(index: Kept) -> Style:
    return Style.parse("green" if index.state == "ok" else "yellow")
