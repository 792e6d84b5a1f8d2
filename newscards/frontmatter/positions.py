"""Bytes <-> lines and columns, as editors count them."""

from __future__ import annotations

import re
from typing import NamedTuple

_LONE_CR = re.compile(r"\r(?!\n)")


def position(source: bytes, offset: int) -> tuple[int, int]:
    """Return line and column of byte ``offset``, both from 1.

    Lines end at LF or CRLF, never at what libyaml counts besides (NEL, U+2028, a lone CR; YAML 1.1,
    section 4.2); columns count code points, an undecodable byte as one. A BOM has no width.
    """
    start = source.rfind(b"\n", 0, offset) + 1 or len(_bom(source))
    column = len(source[start:offset].decode(errors="replace")) + 1
    return source.count(b"\n", 0, offset) + 1, column


def lone_cr(text: str) -> int:
    """Return where the first CR stands that no LF follows, -1 without: a line end to YAML 1.1 alone."""
    found = _LONE_CR.search(text)
    return found.start() if found else -1


def line_at(source: bytes, line: int) -> str:
    """Return the text of a line, from 1, without its end; empty beyond the last one."""
    start = len(_bom(source))
    for _ in range(line - 1):
        start = source.find(b"\n", start) + 1
        if start == 0:
            return ""
    end = source.find(b"\n", start)
    text = source[start : len(source) if end < 0 else end]
    return text.removesuffix(b"\r").decode(errors="replace")


def _bom(source: bytes) -> bytes:
    """Return the byte order mark that a file begins with, if any; it has no width."""
    return source[:3] if source.startswith(b"\xef\xbb\xbf") else b""


class Span(NamedTuple):
    """From where to where something stands; all count from 1, ``end_column`` is exclusive.

    ``source`` is the text of its first line.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    source: str
