"""Where text goes that needs no table and no wrapping: rich, which does both, takes long to import."""

from __future__ import annotations

import os
from typing import NamedTuple

_CODES = {"bold": "1", "blue": "34", "green": "32", "bold red": "1;31", "bold yellow": "1;33"}
"""Styles by rich's names, as SGR has them (ECMA-48, 8.3.117); of colours, those that a theme sets."""


class Page(NamedTuple):
    """What text is made for: how many columns it has, and whether it gets colour."""

    width: int = 80
    colored: bool = False

    def styled(self, text: str, style: str) -> str:
        """Return a text without line ends in a style, where the page gets colour."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colored and text else text


def plain_width(*, is_terminal: bool, colored: bool = False) -> int:
    """Return how many columns rich's console would have; it takes what gets colour for a terminal."""
    columns, lines = os.environ.get("COLUMNS", ""), os.environ.get("LINES", "")
    if (colored or _is_terminal(is_terminal)) and os.environ.get("TERM", "").lower() in ("dumb", "unknown"):
        return int(columns) if columns.isdecimal() and lines.isdecimal() else 80
    if columns.isdecimal():
        return int(columns)
    for stream in range(3):
        try:
            return os.get_terminal_size(stream).columns or 80
        except (ValueError, OSError):  # it is no terminal
            continue
    return 80


def _is_terminal(is_terminal: bool) -> bool:
    """Tell whether rich takes a stream for a terminal."""
    compatible, forced = os.environ.get("TTY_COMPATIBLE"), os.environ.get("FORCE_COLOR")
    if compatible in ("0", "1"):
        return compatible == "1"
    return is_terminal if forced is None else forced != ""
