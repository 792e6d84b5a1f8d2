"""Bytes of a card -> where its front matter stands, as Jekyll finds it."""

from __future__ import annotations

import re
from typing import NamedTuple

from newscards.frontmatter.limits import LIMITS, Limits

BOM = b"\xef\xbb\xbf"

# Jekyll takes a file for a document when its first line is `---` and blanks, and ends the block at
# the first line that is `---` or `...` and blanks, whatever stands around it in YAML's eyes
# (CARDS.md, "What Jekyll does with a card"). `\s` of Ruby and of Python's bytes is the same set.
_OPENING = re.compile(rb"(?P<before>(?:\xef\xbb\xbf)?(?:[ \t\r\f\v]*\n)*)---[ \t\r\f\v]*\n")
# Patterns that are looked for in whole files begin with the line end before: ten times faster than `^`.
_CLOSING = re.compile(rb"\n(?:---|\.\.\.)[ \t\r\f\v]*(?=\n|\Z)")


class UnreadableError(Exception):
    """Why a card cannot be read: its ``kind``, the ``reason``, and the byte where it shows."""

    def __init__(self, kind: str, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.offset = kind, reason, offset


class FrontMatter(NamedTuple):
    """Where the front matter of a card stands in its bytes.

    ``source[start:end]`` is the block that YAML reads, from after the opening fence's line up to
    the closing fence; the body begins at ``body``. ``before`` is what stands before the opening
    fence, a BOM or blank lines: where there is any, Jekyll copies the file verbatim. ``limits`` are those
    within which the block is to be read.
    """

    source: bytes
    start: int
    end: int
    body: int
    before: bytes
    limits: Limits = LIMITS

    @property
    def block(self) -> bytes:
        """The bytes between the fences, line end included."""
        return self.source[self.start : self.end]

    def text(self) -> str:
        """Return the block as text; raises ``UnreadableError`` where it is not UTF-8."""
        try:
            return self.block.decode()
        except UnicodeDecodeError as error:
            found = error.object[error.start]
            reason = f"the byte 0x{found:02X} is not UTF-8 ({error.reason})"
            raise UnreadableError("not-utf8", reason, self.start + error.start) from None

    def byte_offset(self, text: str, offset: int) -> int:
        """Return the byte of the file at which code point ``offset`` of the block's text stands."""
        return self.start + len(text[:offset].encode())


def find_fences(source: bytes, limits: Limits = LIMITS) -> FrontMatter:
    """Return where the front matter stands in the bytes of a file (or in its first 1 MiB and more).

    Raises ``UnreadableError`` of kind ``empty``, ``no-opening-fence``, ``no-closing-fence`` or ``limits``.
    """
    opening = _OPENING.match(source)
    if opening is None:
        raise _no_opening(source)
    start = opening.end()
    closing = _CLOSING.search(source, start - 1)
    end = closing.start() + 1 if closing else len(source)
    if end - start > limits.bytes:
        most = f"{limits.bytes // 1024:,} KiB" if limits.bytes >= 1024 else f"{limits.bytes} bytes"
        reason = f"the front matter is longer than {most}"
        raise UnreadableError("limits", reason, start)
    if closing is None:
        raise UnreadableError(
            "no-closing-fence", "no line `---` ends the front matter", opening.end("before")
        )
    return _front_matter(source, opening, closing, limits)


def widest_fences(source: bytes, limits: Limits = LIMITS) -> FrontMatter | None:
    """Return what ``find_fences`` does if the last line ``---`` is the one that ends the front matter.

    In a tenth of the time, for it is looked for from the end. ``None`` where there is none, or too far away,
    and where a body follows, which few cards have: then it may have such a line too.
    """
    opening = _OPENING.match(source)
    last = source.rfind(b"\n---", opening.end() - 1) if opening else -1
    closing = _CLOSING.match(source, last) if last >= 0 else None
    if opening is None or closing is None or closing.end() - opening.end() > limits.bytes:
        return None
    if source[closing.end() :].strip():
        return None
    return _front_matter(source, opening, closing, limits)


def _front_matter(
    source: bytes, opening: re.Match[bytes], closing: re.Match[bytes], limits: Limits
) -> FrontMatter:
    body = source.find(b"\n", closing.end())
    body = len(source) if body < 0 else body + 1
    return FrontMatter(source, opening.end(), closing.start() + 1, body, opening["before"], limits)


def _no_opening(source: bytes) -> UnreadableError:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UnreadableError("not-utf8", "the file is UTF-16")
    text = source.removeprefix(BOM)
    if not text.strip():
        return UnreadableError("empty", "the file is empty")
    if re.match(rb"---[ \t]*\r(?!\n)", text):
        reason = "the lines end with a lone CR, which is no line end"
    elif re.match(rb"---[ \t]*(?:#|\Z)", text):
        reason = "the opening fence is not a line `---` alone"
    else:
        reason = "the file does not begin with a line `---`"
    return UnreadableError("no-opening-fence", reason)
