"""Positions: byte offsets as lines and columns, as editors count them."""

from __future__ import annotations

import re
from typing import NamedTuple

LONE_CR = re.compile(r"\r(?!\n)")
"""The pattern of a CR that is not a part of CRLF."""


def position(source: bytes, offset: int) -> tuple[int, int]:
    """Return line and column of byte ``offset``, both from 1.

    Lines end at LF or CRLF, not at libyaml's other line ends (NEL, U+2028, a lone CR; YAML 1.1,
    section 4.2). Columns count code points, an undecodable byte as one. A BOM has no width.
    """
    start = source.rfind(b"\n", 0, offset) + 1 or len(_bom(source))
    column = len(source[start:offset].decode(errors="replace")) + 1
    return source.count(b"\n", 0, offset) + 1, column


def lone_cr(text: str) -> int:
    """Return the offset of the first CR without an LF after it, -1 if there is none.

    YAML 1.1 counts it as a line end, editors do not.
    """
    match = LONE_CR.search(text)
    return match.start() if match else -1


def line_at(source: bytes, line: int) -> str:
    """Return the text of a line without its line end; ``line`` counts from 1. Empty beyond the last line."""
    start = len(_bom(source))
    for _ in range(line - 1):
        start = source.find(b"\n", start) + 1
        if start == 0:
            return ""
    end = source.find(b"\n", start)
    text = source[start : len(source) if end < 0 else end]
    return text.removesuffix(b"\r").decode(errors="replace")


def _bom(source: bytes) -> bytes:
    """Return the byte order mark at the start of a file, or no bytes."""
    return source[:3] if source.startswith(b"\xef\xbb\xbf") else b""


class Span(NamedTuple):
    """The start and end of a value, or of a part of it, in a file.

    All count from 1; ``end_column`` is exclusive. ``source`` is the text of the first line. ``value_line`` is
    the line on which the value begins; 0 if that is ``line``.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    source: str
    value_line: int = 0
