"""The indexes in the cache folder as a table."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.style import Style

from newscards.corpus.index.folder import StoredIndex
from newscards.output.terminal.table import TableColumn, fixed, print_rows
from newscards.text import path_text


def print_indexes(console: Console, indexes: Sequence[StoredIndex]) -> None:
    """Print indexes, a line each, by the folder they index, or by their own file if that is unknown."""
    columns: list[TableColumn[StoredIndex]] = [
        TableColumn("cards", lambda index: f"{index.cards:,}" if index.corpus else "", right=True),
        TableColumn("bytes", lambda index: f"{index.bytes:,}", right=True, drop_order=2),
        TableColumn(
            "written (UTC)", lambda index: f"{index.written:%Y-%m-%d %H:%M}", fixed("cyan"), drop_order=1
        ),
        TableColumn("folder", lambda index: path_text(index.corpus or index.file), elastic=24),
        TableColumn("state", lambda index: index.state, _style, drop_order=3),
    ]
    print_rows(console, columns, indexes)


def _style(index: StoredIndex) -> Style:
    return Style.parse("green" if index.state == "ok" else "yellow")
