"""The change of a value on one line of a terminal: removed words red and struck, added ones green."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style

from newscards.cards.change_text import value_change_parts
from newscards.cards.word_changes import marked

_STYLES = {"-": Style.parse("red strike"), "+": Style.parse("green")}


def change_segments(change: Mapping[str, Any], width: int, *, colored: bool) -> list[Segment]:
    """Return a change without its field's name, at most ``width`` cells wide.

    Without colour the words that changed stand in ``[-…-]`` and ``{+…+}``.
    """
    parts = value_change_parts(change, width, cell_len, marks=not colored)
    text = "".join(text for _, text in parts) if colored else marked(parts)
    if cell_len(text) > width:
        return [Segment(set_cell_size(text, max(width - 1, 0)).rstrip() + "…")]
    if not colored:
        return [Segment(text)]
    return [Segment(text, _STYLES.get(sign)) for sign, text in parts if text]
