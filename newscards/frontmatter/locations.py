"""Where a problem stands in its file: its path in the card -> lines and columns.

Of a card that is a row of blocks (``blocks``) only the block is located that a path leads to, and of
``related``, which is nine tenths of a card, its entries, each once for all the cards that have it. In a card
of simple YAML a line says what stands on it, and libyaml is asked only of what is deeper within.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

import yaml

from newscards.frontmatter.blocks import pieces_of
from newscards.frontmatter.fast_path import read_simple_card
from newscards.frontmatter.fences import FrontMatter, UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.nodes import Node, Step, find, key_index, locate
from newscards.frontmatter.positions import Span, line_at

_RELATED = b"related:\n"
_DASH = re.compile(rb" *- ")
_NEXT_KEY = re.compile(rb"\n(?=[A-Za-z_])")
_LONGEST = 1 << 14
"""How long an entry may be that is remembered."""


class Anchor(Enum):
    """What a problem stands on, at the end of its path."""

    VALUE = "value"
    KEY = "key"
    FIRST_LINE = "first line of the mapping"


class _Part(NamedTuple):
    """A part of a front matter, whole lines of it: its tree, the lines, and where each begins."""

    root: Node | None
    text: str
    lines: list[str]
    starts: list[int]

    @classmethod
    def of(cls, text: str) -> _Part:
        lines = text.split("\n")
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        return cls(locate(text), text, lines, starts[:-1])

    def span(self, node: Node, first: int) -> Span:
        """Return where a node stands in a file of which the part's first line is the line ``first``."""
        end = node.start + len(self.text[node.start : node.end].rstrip())
        line, last = (bisect_right(self.starts, offset) - 1 for offset in (node.start, end))
        column, end_column = node.start - self.starts[line] + 1, end - self.starts[last] + 1
        return Span(first + line, column, first + last, end_column, self.lines[line].removesuffix("\r"))


class Locator:
    """The places of a card's values. Looked up only where there is something to tell.

    ``is_simple``: whether ``read_simple_card`` reads it, where that is known.
    Raises ``UnreadableError`` or ``YAMLError`` where the front matter is not one that was read before.
    """

    def __init__(self, source: bytes, front: FrontMatter, is_simple: bool | None = None) -> None:
        self._source, self._front = source, front
        self._first = source.count(b"\n", 0, front.start) + 1
        self._whole: _Part | None = None
        self._blocks: dict[tuple[type, str], tuple[bytes, int]] = {}
        self._parts: dict[tuple[type, str], _Part] = {}
        self._entries: list[tuple[_Part, int]] | None = None
        self._block = front.block
        if is_simple is None:
            is_simple = bool(read_simple_card(self._block, front.limits))
        self._is_simple = is_simple
        if self._is_simple:
            return  # its blocks, and its entries, are found where they are asked for
        if pieces := pieces_of(front):
            start = len(self._block) - sum(len(piece.source) for piece in pieces)
            line = self._first + self._block.count(b"\n", 0, start)
            for piece in pieces:  # of a key that stands twice the last counts
                self._blocks[key_index(next(iter(piece.read.value)))] = piece.source, line
                line += piece.source.count(b"\n")
        else:
            self._whole = _Part.of(front.text())

    def span(self, path: tuple[Step, ...], place: Anchor = Anchor.VALUE) -> Span:
        """Return where a path leads, to the value, its key, or the first line of what lacks it.

        The whole card is the first line of the file.
        """
        if not path:
            return Span(1, 1, 1, 1, line_at(self._source, 1))
        key = key_index(path[0])
        if self._is_simple and key not in self._blocks and type(path[0]) is str:
            self._find_block(key, path[0].encode())
        if key in self._blocks:
            return self._span_in_block(key, path, place)
        if (self._is_simple or self._blocks) and len(path) == 1 and place is not Anchor.KEY:
            return self._first_line()
        return self._span_in_whole(path, place)

    def _find_block(self, key: tuple[type, str], name: bytes) -> None:
        """Find the block of a key in a card of simple YAML, where no value runs over lines."""
        found = self._block.startswith(name + b":")
        start = 0 if found else self._block.find(b"\n" + name + b":") + 1
        if start or found:
            # `related` is long, and what stands behind it does no harm: its entries are cut by their dashes.
            end = None if name == b"related" else _NEXT_KEY.search(self._block, start)
            line = self._first + self._block.count(b"\n", 0, start)
            self._blocks[key] = self._block[start : end.start() + 1 if end else None], line

    def _span_in_whole(self, path: tuple[Step, ...], place: Anchor) -> Span:
        if self._whole is None:
            self._whole = _Part.of(self._front.text())
        root = self._whole.root
        if root is None:
            return Span(1, 1, 1, 1, line_at(self._source, 1))
        if place is Anchor.VALUE and len(path) == 1 and root.lacks(path[0]):
            return self._first_line()
        if place is Anchor.FIRST_LINE and find(root, path[:-1]) is root:
            return self._first_line()
        return self._whole.span(_node(root, path, place), self._first)

    def _first_line(self) -> Span:
        start = self._front.start
        end = self._source.find(b"\n", start, self._front.end)
        block = self._source[start : self._front.end if end < 0 else end]
        text = block.decode().removesuffix("\r")
        return Span(self._first, 1, self._first, len(text) + 1, text)

    def _span_in_block(self, key: tuple[type, str], path: tuple[Step, ...], place: Anchor) -> Span:
        source, line = self._blocks[key]
        if place is Anchor.FIRST_LINE and len(path) == 1:
            return self._first_line()
        if self._is_simple and (span := _simple_span(source, line, path, place)):
            return span
        within = path
        is_in_entry = len(path) > 2 or (len(path) == 2 and place is not Anchor.FIRST_LINE)
        if is_in_entry and source.startswith(_RELATED) and type(path[1]) is int:
            if self._is_simple:
                found = _simple_entry(source, line, path[1])
            else:
                if self._entries is None:
                    self._entries = _entries(source, line)
                found = self._entries[path[1]] if 0 <= path[1] < len(self._entries) else None
            if found:
                part, line = found
                within = (0, *path[2:])
        if within is path:
            if key not in self._parts:
                self._parts[key] = _Part.of(source.decode())
            part = self._parts[key]
        if part.root is None:  # a block that was read is a mapping, an entry a list: it has changed since
            raise UnreadableError("syntax", "there is nothing where a value was")
        node = _node(part.root, within, place)
        if node.start == len(part.text):  # nothing at all, in the next line
            return self._span_in_whole(path, place)
        return part.span(node, line)


def _node(root: Node, path: tuple[Step, ...], place: Anchor) -> Node:
    """Return the node that stands at a path, or is the first in the mapping there."""
    if place is not Anchor.FIRST_LINE:
        return find(root, path, key=place is Anchor.KEY)
    mapping = find(root, path[:-1])
    return mapping.children[0] if mapping.children else mapping


def _entries(source: bytes, line: int) -> list[tuple[_Part, int]]:
    """Return the entries of ``related``, each with its first line; none where not each is one by itself.

    It is as in ``blocks``: what runs over the lines at which the block is cut, as a text in quotes, leaves
    parts that are no lists of one.
    """
    body = source[len(_RELATED) :].decode()
    dash = body[: len(body) - len(body.lstrip(" "))] + "- "
    if not body.startswith(dash):
        return []
    found: list[tuple[_Part, int]] = []
    line += 1
    *texts, last = body[len(dash) :].split(f"\n{dash}")
    for entry in [*(f"{dash}{text}\n" for text in texts), dash + last]:
        part = _entry(entry)
        if part is None:
            return []
        found.append((part, line))
        line += entry.count("\n")
    return found


def _simple_entry(source: bytes, line: int, index: int) -> tuple[_Part, int] | None:
    """Return an entry of ``related`` in a card of simple YAML, with its first line."""
    found = _entry_text(source, line, index)
    part = _entry(f"{(found[0] + found[1]).decode()}\n") if found else None
    return (part, found[2]) if part and found else None


def _entry_text(source: bytes, line: int, index: int) -> tuple[bytes, bytes, int] | None:
    """Return an entry of ``related`` in a card of simple YAML: its dash, the rest, and its first line."""
    first = _DASH.match(source, len(_RELATED))
    if first is None or index < 0:
        return None
    start, next_dash = first.start() - 1, b"\n" + first[0]
    for _ in range(index):
        start = source.find(next_dash, start + 1)
        if start < 0:
            return None
    end = source.find(next_dash, start + 1)
    text = source[start + len(next_dash) : end if end >= 0 else None]
    if end < 0 and (next_key := _NEXT_KEY.search(text)):
        text = text[: next_key.start()]
    return first[0], text, line + source.count(b"\n", 0, start + 1)


def _simple_span(block: bytes, line: int, path: tuple[Step, ...], place: Anchor) -> Span | None:
    """Return where a value of a card of simple YAML stands, or its key; ``None`` where libyaml is to tell.

    It is one of the card itself, or of an entry of ``related``, and stands on the line of its key.
    """
    dash = b""
    if len(path) == 3 and type(path[1]) is int and block.startswith(_RELATED):
        if (found := _entry_text(block, line, path[1])) is None:
            return None
        dash, block, line = found
    elif len(path) > 1:
        return None
    if type(path[-1]) is not str or place is Anchor.FIRST_LINE:
        return None
    margin, head = len(dash), f"{path[-1]}:"
    for number, text in enumerate((dash + block).decode().split("\n"), line):
        if text.startswith(head, margin) and (number == line or text[:margin].isspace() or not margin):
            start, end = margin, margin + len(head) - 1
            if place is Anchor.VALUE:
                value = text[margin + len(head) :]
                start, end = len(text) - len(value.lstrip(" ")), len(text.rstrip())
            if start >= end:
                return None  # it stands below
            return Span(number, start + 1, number, end + 1, text.removesuffix("\r"))
    return None


def _entry(text: str) -> _Part | None:
    """Return an entry that was located by itself; ``None`` where it is not a list of one."""
    return (_located_entry if len(text) <= _LONGEST else _located_entry.__wrapped__)(text)


@lru_cache(maxsize=512)
def _located_entry(text: str) -> _Part | None:
    try:
        part = _Part.of(text)
    except yaml.YAMLError:
        return None
    is_entry = part.root is not None and not part.root.is_mapping and len(part.root.children) == 1
    return part if is_entry else None


def locator_of(source: bytes, limits: Limits = LIMITS, is_simple: bool | None = None) -> Locator | None:
    """Return the places of a card that was read before; ``None`` where it cannot be read by now."""
    try:
        return Locator(source, find_fences(source, limits), is_simple)
    except (UnreadableError, yaml.YAMLError):
        return None
