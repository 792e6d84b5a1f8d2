"""What becomes of a card, in words on one line, and as a unified diff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newscards.cards.change_text import change_text
from newscards.text import cut, path_text

COLORS = {"+": "green", "-": "red", "@": "cyan"}
"""Those of the lines of a diff, by their first character."""

LEAST = 20
"""How much of a path is shown at least."""


def summary(told: Mapping[str, Any], width: int | None = None) -> str:
    """Return what becomes of a card, on one line; of ``width`` at most, where it is given."""
    path, changes = path_of(told), _changes(told)
    if width is None:
        return f"{path}: {changes}"
    room = width - LEAST - 2
    most = room
    while len(changes) > room and most > LEAST // 2:  # every value gives way, so that each begins to be seen
        most = most * 3 // 4
        changes = _changes(told, most)
    return cut(f"{cut(path, max(width - len(changes) - 2, LEAST))}: {changes}", width)


def _changes(told: Mapping[str, Any], most: int = 1000) -> str:
    """Return all that changes in a card, no value with more than ``most`` characters."""
    changes = "; ".join(change_text(change, most) for change in told.get("changes", ()))
    return changes or str(told.get("summary", "changed"))


def path_of(told: Mapping[str, Any]) -> str:
    """Return the path of a card that is told of."""
    return path_text(str(told.get("path", "?")))
