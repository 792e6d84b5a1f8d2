"""The indexes in the cache folder for people: a table."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from rich.console import Console
from rich.style import Style

from newscards.cache_folder import Kept
from newscards.harmless import path_text
from newscards.render.table import Column, fixed, print_rows


def print_indexes(console: Console, indexes: Sequence[Kept], there: Collection[str]) -> None:
    """Print indexes, a line each; ``there`` are the folders of cards that there still are."""

    def state(index: Kept) -> str:
        if not index.corpus:
            return "unusable"
        return "" if index.corpus in there else "no longer there"

    columns: list[Column[Kept]] = [
        Column("cards", lambda index: f"{index.cards:,}" if index.corpus else "", right=True),
        Column("bytes", lambda index: f"{index.bytes:,}", right=True, leaves=2),
        Column("written (UTC)", lambda index: f"{index.written:%Y-%m-%d %H:%M}", fixed("cyan"), leaves=1),
        Column("folder", lambda index: path_text(index.corpus), elastic=24),
        Column("state", state, lambda index: Style.parse("yellow"), leaves=3),
    ]
    print_rows(console, columns, indexes)
