"""rich's console, set up so that nothing of a card is taken for markup."""

from __future__ import annotations

from io import TextIOBase
from typing import IO, cast

from rich.console import Console


def make_console(stream: IO[str] | TextIOBase, *, color: bool) -> Console:
    """Return a console that writes to ``stream``.

    Its width is that of the terminal, or ``COLUMNS``, or 80. Only the sixteen colours are used that a
    terminal's own theme sets, so that dark and light ones are both served.
    """
    return Console(
        file=cast(IO[str], stream),
        color_system="standard" if color else None,
        force_terminal=color or None,
        no_color=not color,
        markup=False,
        emoji=False,
        highlight=False,
    )
