"""A file -> the card that it holds, or why it holds none."""

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

_COMMENT = re.compile(rb"\n(?:title|excerpt):[ \t]+[^\"'|>#\s][^\n]*[ \t]#")
"""A text without quotes that a comment follows, or is cut by."""
_READ = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_BEYOND = 1 << 16
"""How much more than the longest front matter is read of a file. A body may have any length."""


def read_bytes(path: str, limits: Limits = LIMITS) -> bytes:
    """Return the beginning of a file, the whole front matter included; raises ``OSError``."""
    state = os.stat(path)  # before it is opened: opening a pipe waits for its writer
    if not stat.S_ISREG(state.st_mode) and not stat.S_ISDIR(state.st_mode):
        raise OSError(errno.EINVAL, "it is not a file")
    most = most_bytes(limits)
    descriptor = os.open(path, _READ)
    try:
        # Room for what is there, and not for the most there may be: that would take twice the time.
        source = os.read(descriptor, min(state.st_size + 1, most))
        if len(source) != state.st_size:  # it grew or shrank, or has no size, as the files of /proc
            while len(source) < most and (more := os.read(descriptor, most - len(source))):
                source += more
        return source
    finally:
        os.close(descriptor)


def is_whole(source: bytes, limits: Limits = LIMITS) -> bool:
    """Tell whether ``read_bytes`` gave all of a file."""
    return len(source) < most_bytes(limits)


def most_bytes(limits: Limits) -> int:
    """Return how many bytes are read of a file at most."""
    return limits.bytes + _BEYOND


def parse(path: str, source: bytes, limits: Limits = LIMITS) -> CardOrUnreadable:
    """Return the card that ``source``, the bytes of the file at ``path``, holds, or why it holds none."""
    return parsed(path, source, limits).record


class Parsed(NamedTuple):
    """What a file holds, and where the front matter stands, ``None`` where it cannot be read.

    ``is_simple``: whether all of it is known to be simple (``read_simple_card``).
    """

    record: Card | Unreadable
    front: FrontMatter | None = None
    is_simple: bool = False


def parsed(path: str, source: bytes, limits: Limits = LIMITS) -> Parsed:
    """Return what ``parse`` does, and what was seen on the way."""
    # In what is simple no line is a fence: if all up to the last one is, that is the first.
    widest = find_fences_from_end(source, limits)
    if widest and (simple := read_simple_card(widest.block, limits)):
        return Parsed(Card(path, simple, widest.before), widest, True)
    try:
        front = find_fences(source, limits)
        is_odd = widest is not None and widest.end == front.end
        return Parsed((_card_by_yaml if is_odd else card_of)(path, front), front)
    except UnreadableError as defect:
        line, column = position(source, defect.offset)
        return Parsed(Unreadable(path, defect.kind, defect.reason, line, column))


def card_of(path: str, front: FrontMatter) -> Card:
    """Return the card that a front matter holds; raises ``UnreadableError``."""
    if simple := read_simple_card(front.block, front.limits):
        return Card(path, simple, front.before)
    return _card_by_yaml(path, front)


def _card_by_yaml(path: str, front: FrontMatter) -> Card:
    """Return the card that a front matter holds which is not simple; raises ``UnreadableError``."""
    from newscards.frontmatter.blocks import read_by_yaml  # PyYAML is imported where a card is not simple

    values, irregular = read_by_yaml(front)
    irregular = irregular or (b"\r" in front.block and lone_cr(front.text()) >= 0)
    # Also the first line of the block stands below a line end, that of the fence.
    irregular = irregular or _COMMENT.search(front.source, front.start - 1, front.end) is not None
    return Card(path, values, front.before, irregular, front.text() if irregular else "")


def read(path: str, limits: Limits = LIMITS) -> CardOrUnreadable:
    """Return the card at ``path``, or why it cannot be read. Never raises for what a file holds."""
    try:
        return parse(path, read_bytes(path, limits), limits)
    except (OSError, ValueError) as error:  # ValueError: a NUL in a path
        return Unreadable(path, "io", system_reason(error))
