"""rich's console, set up so that nothing of a card is taken for markup, and links in a terminal.

A link is text that leads to a URL by the escape OSC 8.
https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda says how one is written, and that a URL has
bytes from 32 to 126 alone, 2083 at most. These have no id, as rich's own have, of which it counts or draws
another one for each: the same output is the same bytes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from io import TextIOBase
from typing import IO, cast

from rich.console import Console
from rich.segment import ControlType, Segment

_MAX_URL_LENGTH = 2083
_CONTROL = ((ControlType.SET_WINDOW_TITLE, ""),)
"""What makes a segment one without width. Rich has no word for links here; this one is of the same escape."""
_END = Segment("\x1b]8;;\x1b\\", None, _CONTROL)
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_PLAIN = re.compile("[!-~]*")


def has_links(console: Console) -> bool:
    """Tell whether links are for a console: one that writes to a terminal, and in colour.

    Whoever wants no colour wants no escapes, and a file is not clicked at. Consoles, of Linux and the old
    one of Windows, know no links.
    """
    is_able = os.environ.get("TERM") not in ("dumb", "linux") and not console.legacy_windows
    return is_able and console.color_system is not None and console.file.isatty()


def linked(segments: Iterable[Segment], url: str) -> Iterator[Segment]:
    """Yield segments as a link to a URL, or as they are where that is none of the web, or too long."""
    target = _target(url)
    if not target:
        yield from segments
        return
    yield Segment(f"\x1b]8;;{target}\x1b\\", None, _CONTROL)
    yield from segments
    yield _END


def _target(url: str) -> str:
    """Return a URL in ASCII without blanks and controls (RFC 3986, 2.1); nothing for what is no link."""
    if not _WEB.match(url) or len(url) > _MAX_URL_LENGTH:
        return ""
    if not _PLAIN.fullmatch(url):
        source = url.encode(errors="replace")
        url = "".join(chr(byte) if 0x20 < byte < 0x7F else f"%{byte:02X}" for byte in source)
    return url if len(url) <= _MAX_URL_LENGTH else ""


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
