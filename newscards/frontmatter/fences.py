"""The fences: start and end of the front matter in a card's bytes, as Jekyll finds them."""

from __future__ import annotations

import re
from typing import NamedTuple

from newscards.frontmatter.limits import LIMITS, Limits

BOM = b"\xef\xbb\xbf"

# To Jekyll a file is a document if its first line is `---` and blanks. The front matter ends at
# the first line that is `---` or `...` and blanks, even inside a quoted value
# (CARDS.md, "What Jekyll does with a card"). `\s` of Ruby and of Python's bytes is the same set.
_OPENING = re.compile(rb"(?P<before>(?:\xef\xbb\xbf)?(?:[ \t\r\f\v]*\n)*)---[ \t\r\f\v]*\n")
# A pattern that is searched in a whole file begins with the preceding line end: ten times faster than `^`.
_CLOSING = re.compile(rb"\n(?:---|\.\.\.)[ \t\r\f\v]*(?=\n|\Z)")
_TEXT = re.compile(rb"\S")


class UnreadableError(Exception):
    """The error for a card that cannot be read: ``kind`` of defect, ``reason`` in words, byte ``offset``."""

    def __init__(self, kind: str, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.offset = kind, reason, offset


class FrontMatter(NamedTuple):
    """A card's bytes, and the position of the front matter in them.

    ``source[start:end]`` is the block that YAML reads: from the line below the opening fence up to
    the closing fence. The body begins at ``body``. ``before`` is a BOM or blank lines before the opening
    fence: if it is not empty, Jekyll copies the file verbatim. ``limits`` are those for reading the block.
    """

    source: bytes
    start: int
    end: int
    body: int
    before: bytes
    limits: Limits = LIMITS

    @property
    def block(self) -> bytes:
        """The bytes between the fences, including the last line end."""
        return self.source[self.start : self.end]

    @property
    def body_text(self) -> bytes:
        """The body, without the blank lines above its text; empty if it has no text."""
        found = _TEXT.search(self.source, self.body)
        return self.source[self.source.rfind(b"\n", 0, found.start()) + 1 :] if found else b""

    def text(self) -> str:
        """Return the block as text; raises ``UnreadableError`` if it is not UTF-8."""
        try:
            return self.block.decode()
        except UnicodeDecodeError as error:
            byte = error.object[error.start]
            reason = f"the byte 0x{byte:02X} is not UTF-8 ({error.reason})"
            raise UnreadableError("not-utf8", reason, self.start + error.start) from None

    def byte_offset(self, text: str, offset: int) -> int:
        """Return the byte offset in the file of code point ``offset`` of the block's text."""
        return self.start + len(text[:offset].encode())


def find_fences(source: bytes, limits: Limits = LIMITS) -> FrontMatter:
    """Return the front matter in the bytes of a file, or in its beginning (``reader.read_bytes``).

    Raises ``UnreadableError`` of kind ``empty``, ``no-opening-fence``, ``no-closing-fence`` or ``limits``.
    """
    opening = _OPENING.match(source)
    if opening is None:
        raise _no_opening(source)
    start = opening.end()
    closing = _CLOSING.search(source, start - 1)
    end = closing.start() + 1 if closing else len(source)
    if end - start > limits.bytes:
        limit = f"{limits.bytes // 1024:,} KiB" if limits.bytes >= 1024 else f"{limits.bytes} bytes"
        reason = f"the front matter is longer than {limit}"
        raise UnreadableError("limits", reason, start)
    if closing is None:
        raise _no_closing(source, opening)
    return _front_matter(source, opening, closing, limits)


def find_fences_from_end(source: bytes, limits: Limits = LIMITS) -> FrontMatter | None:
    """Return the front matter that ends at the last line ``---``; ``None`` if there is none.

    The search from the end takes a tenth of the time of ``find_fences``, which takes the first such line.
    ``None`` also if the front matter exceeds ``limits``, or if a body follows, which may hold such a line
    too; few cards have a body.
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


NOT_OPENED = "the file does not begin with a line `---`, but with a field"
OPENED_BY_ANOTHER = "the opening fence is not a line `---` alone"
LONE_CRS = "the lines end with a lone CR, which is not a line end"
NOT_CLOSED = "no line `---` ends the front matter"
CLOSED_BY_ANOTHER = f"{NOT_CLOSED}, because this one is not `---` alone"
CLOSED_BEHIND_TEXT = f"{NOT_CLOSED}, because it stands behind other text"

_LIKE_A_FENCE = re.compile(rb"[ \t]*(?:--|\xe2\x80[\x90-\x95]|\+\+|==|~~)|.*[^-]---\Z")
"""A last line that is meant as a fence: indented, of other or too few dashes, or behind or before text."""
_FIELD = re.compile(rb"[ \t]|- |[A-Za-z_][\w-]*:")


def _no_closing(source: bytes, opening: re.Match[bytes]) -> UnreadableError:
    """Return the error of a missing closing fence.

    It is at the last line, if that is meant as a fence or belongs to a field; else at the opening fence.
    """
    text = source.rstrip()
    start = text.rfind(b"\n") + 1
    line, at = text[start:], opening.end("before")
    reason = NOT_CLOSED
    if start >= opening.end():
        if _LIKE_A_FENCE.match(line):
            is_behind_text = line.endswith(b"---") and line.lstrip(b" \t")[:1] != b"-"
            reason = CLOSED_BEHIND_TEXT if is_behind_text else CLOSED_BY_ANOTHER
            return UnreadableError("no-closing-fence", reason, start)
        at = start if _FIELD.match(line) else at
    return UnreadableError("no-closing-fence", reason, at)


def _no_opening(source: bytes) -> UnreadableError:
    if source.startswith((b"\xff\xfe", b"\xfe\xff")):
        return UnreadableError("not-utf8", "the file is UTF-16")
    text = source.removeprefix(BOM)
    if not text.strip():
        return UnreadableError("empty", "the file is empty")
    if re.match(rb"---[ \t]*\r(?!\n)", text):
        reason = LONE_CRS
    elif re.match(rb"---[ \t]*\Z", text):
        reason = "nothing follows the opening fence"
    elif _LIKE_A_FENCE.match(text.partition(b"\n")[0].rstrip()):
        reason = OPENED_BY_ANOTHER
    elif re.match(rb"[A-Za-z_][\w-]*:(?:\s|\Z)", text):
        reason = NOT_OPENED
    else:
        reason = "the file does not begin with a line `---`"
    return UnreadableError("no-opening-fence", reason)
