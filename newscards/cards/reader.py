"""The reader: a file as a ``Card``, or as an ``Unreadable``."""

from __future__ import annotations

import errno
import os
import re
import stat
from typing import NamedTuple

from newscards.cards.card import Card, CardOrUnreadable, Unreadable
from newscards.errors import system_reason
from newscards.frontmatter.fast_path import read_simple_card
from newscards.frontmatter.fences import FrontMatter, UnreadableError, find_fences, find_fences_from_end
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.positions import lone_cr, position

_SUSPICIOUS = re.compile(
    rb"\n[ \t-]*+(?:(?:title|excerpt|name|featuredContent|\w*[uU]rl):[ \t]++|(?!\w+:\s))"
    rb"(?:(?![\"'|>#\s])[^\n]*?(?:[ \t]#|\"[ \t\r]*\n)|\xe2\x80[\x98-\x9f])"
    rb"|\n( *)- (?![\w-]+:\s)[^\"'|>#\s][^\n]*\n\1 +\S"
)
"""A text without quotes that is perhaps not what was meant.

It is before a comment, which may have been meant as a part of it, begins with a curly quote, ends with a
straight one, or is an item that goes on in a line that is indented deeper.
"""
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_MARGIN = 1 << 16
"""The number of bytes that are read beyond the longest valid front matter. A body may have any length."""


def read_bytes(path: str, limits: Limits = LIMITS) -> bytes:
    """Return the beginning of a file, which includes the whole front matter; raises ``OSError``."""
    state = os.stat(path)  # before opening, because opening a pipe waits for a writer
    if not stat.S_ISREG(state.st_mode) and not stat.S_ISDIR(state.st_mode):
        raise OSError(errno.EINVAL, "it is not a file")
    limit = max_bytes(limits)
    descriptor = os.open(path, _READ)
    try:
        # A buffer of the file's size: one of `limit` bytes would take twice the time.
        source = os.read(descriptor, min(state.st_size + 1, limit))
        if len(source) != state.st_size:  # it grew or shrank, or has no size, like the files of /proc
            while len(source) < limit and (more := os.read(descriptor, limit - len(source))):
                source += more
        return source
    finally:
        os.close(descriptor)


def is_whole(source: bytes, limits: Limits = LIMITS) -> bool:
    """Return whether ``read_bytes`` returned the whole file."""
    return len(source) < max_bytes(limits)


def max_bytes(limits: Limits) -> int:
    """Return the maximum number of bytes that are read of a file."""
    return limits.bytes + _MARGIN


def parse(path: str, source: bytes, limits: Limits = LIMITS) -> CardOrUnreadable:
    """Return the card in ``source``, the bytes of the file at ``path``, or why it cannot be read."""
    return parse_with_fences(path, source, limits).record


class Parsed(NamedTuple):
    """A card or why it cannot be read, and its front matter; ``None`` if unreadable.

    ``is_simple`` says whether the front matter is known to be simple (``read_simple_card``).
    """

    record: Card | Unreadable
    front: FrontMatter | None = None
    is_simple: bool = False


def parse_with_fences(path: str, source: bytes, limits: Limits = LIMITS) -> Parsed:
    """Return the result of ``parse`` together with the front matter."""
    # Simple YAML has no line that is a fence. So if all before the last fence is simple, no other one is
    # before it, and the search from the end, which is faster, has found the same.
    widest = find_fences_from_end(source, limits)
    if widest and (fields := read_simple_card(widest.block, limits)):
        return Parsed(Card(path, fields, widest.before), widest, True)
    try:
        front = find_fences(source, limits)
        is_known_not_simple = widest is not None and widest.end == front.end
        return Parsed((_card_by_yaml if is_known_not_simple else card_of)(path, front), front)
    except UnreadableError as defect:
        line, column = position(source, defect.offset)
        return Parsed(Unreadable(path, defect.kind, defect.reason, line, column))


def card_of(path: str, front: FrontMatter) -> Card:
    """Return the card with this front matter; raises ``UnreadableError``."""
    if fields := read_simple_card(front.block, front.limits):
        return Card(path, fields, front.before, body=front.body_text)
    return _card_by_yaml(path, front)


def _card_by_yaml(path: str, front: FrontMatter) -> Card:
    """Return the card with this front matter, which is not simple; raises ``UnreadableError``."""
    # Not at the top, because simple cards need no PyYAML.
    from newscards.frontmatter.blocks import read_by_yaml
    from newscards.frontmatter.nodes import irregular_text

    values, irregular = read_by_yaml(front)
    # From `start - 1`, the line end of the fence, because the pattern begins with a line end.
    if (b"\r" in front.block and lone_cr(front.text()) >= 0) or _SUSPICIOUS.search(
        front.source, front.start - 1, front.end
    ):
        irregular = front.text()
    shown = irregular_text(irregular) if irregular else None
    return Card(path, values, front.before, shown, body=front.body_text)


def read(path: str, limits: Limits = LIMITS) -> CardOrUnreadable:
    """Return the card at ``path``, or why it cannot be read. Never raises for what a file holds."""
    try:
        return parse(path, read_bytes(path, limits), limits)
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        return Unreadable(path, "io", system_reason(error))
