"""rich's console, set up so that text of cards is never markup, and links in a terminal.

A link is text between OSC 8 escapes (https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda). Its
URL has only bytes from 32 to 126, at most 2083 of them. rich's own links have an id, which is counted or
random; ours have none, so that the same output is the same bytes.
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
"""A control code, which gives a segment no width. rich has none for links; this one is also an OSC escape."""
_END = Segment("\x1b]8;;\x1b\\", None, _CONTROL)
_WEB = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_PLAIN = re.compile("[!-~]*")


def has_links(console: Console) -> bool:
    """Return whether a console shows links: if it writes to a terminal, and in colour.

    Without colour no escapes are wanted. The Linux console and the old Windows console do not support links.
    """
    supports_links = os.environ.get("TERM") not in ("dumb", "linux") and not console.legacy_windows
    return supports_links and console.color_system is not None and console.file.isatty()


def linked(segments: Iterable[Segment], url: str) -> Iterator[Segment]:
    """Yield segments as a link to a URL, or without a link if the URL is not http(s) or is too long."""
    target = _target(url)
    if not target:
        yield from segments
        return
    yield Segment(f"\x1b]8;;{target}\x1b\\", None, _CONTROL)
    yield from segments
    yield _END


def _target(url: str) -> str:
    """Return a URL percent-encoded to printable ASCII (RFC 3986, 2.1); empty if it cannot be a link."""
    if not _WEB.match(url) or len(url) > _MAX_URL_LENGTH:
        return ""
    if not _PLAIN.fullmatch(url):
        source = url.encode(errors="replace")
        url = "".join(chr(byte) if 0x20 < byte < 0x7F else f"%{byte:02X}" for byte in source)
    return url if len(url) <= _MAX_URL_LENGTH else ""


def make_console(stream: IO[str] | TextIOBase, *, color: bool, width: int | None = None) -> Console:
    """Return a console that writes to ``stream``.

    Without a ``width`` it has that of the terminal, or ``COLUMNS``, or 80. It uses only the sixteen colours
    that the terminal's theme sets, which are readable on dark and light backgrounds.
    """
    return Console(
        file=cast(IO[str], stream),
        color_system="standard" if color else None,
        force_terminal=color or None,
        no_color=not color,
        width=width,
        markup=False,
        emoji=False,
        highlight=False,
    )
