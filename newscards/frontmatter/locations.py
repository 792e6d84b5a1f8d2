"""Locations: a path in a card as lines and columns in its file.

In a card that is cut into blocks (``blocks``), only the block that a path leads to is parsed. The entries of
``related``, nine tenths of a card, are parsed one by one, each once for all the cards that have it. In a card
of simple YAML (``fast_path``) most values are found by the key on their line, without libyaml.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from enum import Enum
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

import yaml

from newscards.frontmatter.blocks import blocks_of
from newscards.frontmatter.fast_path import first_lines, read_simple_card, text_of_entry
from newscards.frontmatter.fences import FrontMatter, UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.nodes import IrregularText, Node, Step, find, key_index, parse_tree
from newscards.frontmatter.positions import LONE_CR, Span, line_at

_RELATED = b"related:\n"
_DASH = re.compile(rb" *- ")
_NEXT_KEY = re.compile(rb"\n(?=[A-Za-z_])")
_COMMENT = re.compile(r"[ \t]*(#[^\r\n]*(?<![ \t\r]))")
_MAX_REMEMBERED = 1 << 14
"""The length in code points up to which an entry is remembered."""


class Anchor(Enum):
    """The part of the text that a path means.

    It is its value, its key, the comment behind its value, the first lone CR after its key (for either, the
    value if there is none), or the first line of the mapping. ``BODY`` is the first line of text below the
    front matter, ``CLOSING_FENCE`` the line that ends it, whatever the path.
    """

    VALUE = "value"
    KEY = "key"
    COMMENT = "comment behind the value"
    LONE_CR = "lone CR after the key"
    FIRST_LINE = "first line of the mapping"
    BODY = "first line of the body"
    CLOSING_FENCE = "the line that ends the front matter"


Part = tuple[int, int]
"""The start and the end of a part of a text, as of a match: ``text[start:end]``."""


class _Piece(NamedTuple):
    """Whole lines of a front matter, parsed alone: the tree, the lines, and the offset of each line."""

    root: Node | None
    text: str
    lines: list[str]
    starts: list[int]

    @classmethod
    def of(cls, text: str, irregular: IrregularText | None = None) -> _Piece:
        """Return the piece; if ``irregular`` is all of it, the tree is taken from there."""
        lines = text.split("\n")
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        root = irregular.root if irregular and irregular.text == text else parse_tree(text)
        return cls(root, text, lines, starts[:-1])

    def span(
        self, node: Node, first: int, anchor: Anchor, part: Part | None, end_of_field: int | None = None
    ) -> Span:
        """Return the span of a node in the file, in which line ``first`` is the first of this piece.

        With a ``part`` of a scalar's value, it is the span of the characters that the part was read from. A
        lone CR is searched before ``end_of_field``, else in the rest of the piece.
        """
        end_of_field = len(self.text) if end_of_field is None else end_of_field
        start, end = node.start, node.start + len(self.text[node.start : node.end].rstrip())
        place = None
        if part and node.is_scalar:
            from newscards.frontmatter.characters import source_of  # only here: it compiles many patterns

            place = source_of(self.text[start : node.end], node.event.value, *part)
        elif anchor is Anchor.COMMENT and (comment := _COMMENT.match(self.text, node.end)):
            place = comment.start(1) - start, comment.end(1) - start
        elif anchor is Anchor.LONE_CR and (lone_cr := LONE_CR.search(self.text, node.start, end_of_field)):
            place = lone_cr.start() - start, lone_cr.end() - start
        if place:
            start, end = start + place[0], start + place[1]
        line, last = self._line(start), self._line(end)
        column, end_column = start - self.starts[line] + 1, end - self.starts[last] + 1
        source, value_line = self.lines[line].removesuffix("\r"), self._line(node.start)
        value_line = first + value_line if value_line < line else 0
        return Span(first + line, column, first + last, end_column, source, value_line)

    def _line(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1


class Locator:
    """The spans of a card's values in its file. Made only for a card that has findings or is explained.

    ``is_simple`` says whether ``read_simple_card`` can read the card, ``None`` if that is not known;
    ``irregular`` is that of the card, if it is known. Raises ``UnreadableError`` or ``YAMLError`` if the
    front matter cannot be read.
    """

    def __init__(
        self,
        source: bytes,
        front: FrontMatter,
        is_simple: bool | None = None,
        irregular: IrregularText | None = None,
    ) -> None:
        self._source, self._front, self._irregular = source, front, irregular
        self._first = source.count(b"\n", 0, front.start) + 1
        self._whole: _Piece | None = None
        self._blocks: dict[tuple[type, str], tuple[bytes, int]] = {}
        self._pieces: dict[tuple[type, str], _Piece] = {}
        self._entries: list[tuple[_Piece, int]] | None = None
        self._simple_entries: list[_EntryText] | None = None
        self._block = front.block
        if is_simple is None:
            is_simple = bool(read_simple_card(self._block, front.limits))
        self._is_simple = is_simple
        if self._is_simple:
            return  # `span` finds its blocks and entries
        if blocks := blocks_of(front):
            start = len(self._block) - sum(len(block.source) for block in blocks)
            line = self._first + self._block.count(b"\n", 0, start)
            for block in blocks:  # the last of two equal keys wins
                self._blocks[key_index(next(iter(block.content.value)))] = block.source, line
                line += block.source.count(b"\n")
        else:
            self._whole = _Piece.of(front.text(), irregular)

    def span(self, path: tuple[Step, ...], anchor: Anchor = Anchor.VALUE, part: Part | None = None) -> Span:
        """Return the span of what ``anchor`` says of a path.

        Of a key of the card that is there, the first line is its own. An empty path means the whole card: the
        first line of the file. With a ``part`` of the value, or of the key, it is the span of that part, or
        of the whole if the part cannot be found in the source.
        """
        if anchor is Anchor.BODY:
            return self._body_line()
        if anchor is Anchor.CLOSING_FENCE:
            return self._closing_fence()
        if not path:
            return Span(1, 1, 1, 1, line_at(self._source, 1))
        key = key_index(path[0])
        if self._is_simple and key not in self._blocks and type(path[0]) is str:
            self._find_block(key, path[0].encode())
        if key in self._blocks:
            return self._span_in_block(key, path, anchor, part)
        if (self._is_simple or self._blocks) and len(path) == 1 and anchor is not Anchor.KEY:
            return self._first_line()
        return self._span_in_whole(path, anchor, part)

    def _find_block(self, key: tuple[type, str], name: bytes) -> None:
        """Find and store the block of a key in a card of simple YAML, in which no value spans lines."""
        is_first = self._block.startswith(name + b":")
        start = 0 if is_first else self._block.find(b"\n" + name + b":") + 1
        if start or is_first:
            # `related` is long, so its end is not searched: its entries are cut at their dashes anyway.
            end = None if name == b"related" else _NEXT_KEY.search(self._block, start)
            line = self._first + self._block.count(b"\n", 0, start)
            self._blocks[key] = self._block[start : end.start() + 1 if end else None], line

    def _span_in_whole(self, path: tuple[Step, ...], anchor: Anchor, part: Part | None) -> Span:
        if self._whole is None:
            self._whole = _Piece.of(self._front.text(), self._irregular)
        root = self._whole.root
        if root is None:
            return Span(1, 1, 1, 1, line_at(self._source, 1))
        if anchor is not Anchor.KEY and len(path) == 1 and root.lacks(path[0]):
            return self._first_line()
        if anchor is Anchor.FIRST_LINE and find(root, path[:-1]) is root:
            if root.lacks(path[0]):
                return self._first_line()
            anchor = Anchor.KEY
        node = _node(root, path, anchor)
        end = _end_of_field(root, path, node.start) if anchor is Anchor.LONE_CR else None
        return self._whole.span(node, self._first, anchor, part, end)

    def _body_line(self) -> Span:
        number = 1 + self._source.count(b"\n", 0, len(self._source) - len(self._front.body_text))
        text = line_at(self._source, number)
        return Span(number, 1, number, len(text) + 1, text)

    def _closing_fence(self) -> Span:
        line = self._first + self._source.count(b"\n", self._front.start, self._front.end)
        text = line_at(self._source, line).removesuffix("\r")
        return Span(line, 1, line, len(text) + 1, text)

    def _first_line(self) -> Span:
        start = self._front.start
        end = self._source.find(b"\n", start, self._front.end)
        block = self._source[start : self._front.end if end < 0 else end]
        text = block.decode().removesuffix("\r")
        return Span(self._first, 1, self._first, len(text) + 1, text)

    def _span_in_block(
        self, key: tuple[type, str], path: tuple[Step, ...], anchor: Anchor, part: Part | None
    ) -> Span:
        source, line = self._blocks[key]
        if anchor is Anchor.FIRST_LINE and len(path) == 1:
            anchor = Anchor.KEY
        if self._is_simple and (span := self._simple_span(source, line, path, anchor)):
            return _part_of_line(span, part) if part else span
        inner_path = path
        is_in_entry = len(path) > 2 or (len(path) == 2 and anchor is not Anchor.FIRST_LINE)
        if is_in_entry and source.startswith(_RELATED) and type(path[1]) is int:
            if self._is_simple:
                text = self._simple_entry(source, line, path[1])
                located = _entry(f"{(text.dash + text.rest).decode()}\n") if text else None
                entry = (located, text.line) if located and text else None
            else:
                if self._entries is None:
                    self._entries = _entries(source, line)
                entry = self._entries[path[1]] if 0 <= path[1] < len(self._entries) else None
            if entry:
                piece, line = entry
                inner_path = (0, *path[2:])
        if inner_path is path:
            if key not in self._pieces:
                self._pieces[key] = _Piece.of(source.decode())
            piece = self._pieces[key]
        if piece.root is None:  # a block was a mapping when it was read, so the file has changed since
            raise UnreadableError("syntax", "there is nothing where a value was")
        node = _node(piece.root, inner_path, anchor)
        if node.start == len(piece.text):  # an empty value, which begins behind the piece
            return self._span_in_whole(path, anchor, part)
        return piece.span(node, line, anchor, part)

    def _simple_span(self, source: bytes, line: int, path: tuple[Step, ...], anchor: Anchor) -> Span | None:
        entry = None
        if len(path) == 3 and type(path[1]) is int and source.startswith(_RELATED):
            entry = self._simple_entry(source, line, path[1])
        return _simple_span(entry, source, line, path, anchor)

    def _simple_entry(self, source: bytes, line: int, index: int) -> _EntryText | None:
        if self._simple_entries is None:
            self._simple_entries = _entry_texts(source, line)
        return self._simple_entries[index] if 0 <= index < len(self._simple_entries) else None


def lines_of_entries(front: FrontMatter, entries: Sequence[Any]) -> list[int] | None:
    """Return the first line of each entry of ``related`` in a card of simple YAML, without cutting its text.

    ``entries`` are the values as the card was read; ``None`` if their lines are not remembered.
    """
    source, start = front.source, front.source.find(b"\nrelated:", front.start, front.end)
    return first_lines(entries, source.count(b"\n", 0, start) + 3) if start >= 0 else None


def line_in_entry(entry: Any, path: tuple[Step, ...]) -> int | None:
    """Return how many lines below the first line of an entry the value at a path in it is.

    ``entry`` is as in ``lines_of_entries``; ``None`` if only the ``Locator`` of the card can find the value.
    """
    text = text_of_entry(entry) if len(path) == 1 else None
    span = text and _simple_span(_EntryText(*text, 0), b"", 0, path, Anchor.VALUE)
    return span.line if span else None


def _node(root: Node, path: tuple[Step, ...], anchor: Anchor) -> Node:
    """Return the node at a path, or its key, or the first key of the mapping that should have it."""
    if anchor is not Anchor.FIRST_LINE:
        return find(root, path, key=anchor in (Anchor.KEY, Anchor.LONE_CR))
    mapping = find(root, path[:-1])
    return mapping.children[0] if mapping.children else mapping


def _end_of_field(root: Node, path: tuple[Step, ...], start: int) -> int | None:
    """Return where the next field of a card begins behind ``start``, or the next entry of ``related``."""
    nodes = [key for key, _ in root.pairs()] if root.is_mapping else []
    if len(path) > 1 and path[0] == "related" and type(path[1]) is int:
        entries = find(root, path[:1]).children
        nodes += entries if 0 <= path[1] < len(entries) else []
    return min((node.start for node in nodes if node.start > start), default=None)


def _entries(source: bytes, line: int) -> list[tuple[_Piece, int]]:
    """Return the entries of ``related``, each with its first line; none if one cannot be parsed alone.

    As in ``blocks``, a value that spans a line at which the block is cut, such as a text in quotes, leaves
    pieces that are not lists of one item.
    """
    body = source[len(_RELATED) :].decode()
    dash = body[: len(body) - len(body.lstrip(" "))] + "- "
    if not body.startswith(dash):
        return []
    entries: list[tuple[_Piece, int]] = []
    line += 1
    *texts, last = body[len(dash) :].split(f"\n{dash}")
    for entry in [*(f"{dash}{text}\n" for text in texts), dash + last]:
        piece = _entry(entry)
        if piece is None:
            return []
        entries.append((piece, line))
        line += entry.count("\n")
    return entries


class _EntryText(NamedTuple):
    """An entry of ``related`` in a card of simple YAML: its dash, the rest of its text, its first line."""

    dash: bytes
    rest: bytes
    line: int


def _entry_texts(source: bytes, line: int) -> list[_EntryText]:
    """Return the entries of a block ``related`` of simple YAML, whose first line is ``line``."""
    first = _DASH.match(source, len(_RELATED))
    if first is None:
        return []
    entries: list[_EntryText] = []
    dash, next_dash = first[0], b"\n" + first[0]
    *texts, last = source[len(_RELATED) + len(dash) :].split(next_dash)
    next_key = _NEXT_KEY.search(last)  # the block may go on to the end of the card
    line += 1
    for text in (*texts, last[: next_key.start()] if next_key else last):
        entries.append(_EntryText(dash, text, line))
        line += text.count(b"\n") + 1
    return entries


def _simple_span(
    entry: _EntryText | None, block: bytes, line: int, path: tuple[Step, ...], anchor: Anchor
) -> Span | None:
    """Return the span of a value or its key in a card of simple YAML; ``None`` if that needs libyaml.

    It is found for the values of the card itself, and of an ``entry`` of ``related``, on the line of their
    key.
    """
    if not entry and len(path) > 1:
        return None
    if type(path[-1]) is not str or anchor not in (Anchor.VALUE, Anchor.KEY):
        return None
    if not entry:
        return _span_of_key(b"", block, line, path[-1], anchor)
    size = len(entry.rest)
    of_entry = (_span_in_entry if size <= _MAX_REMEMBERED else _span_in_entry.__wrapped__)(
        entry.dash, entry.rest, path[-1], anchor
    )
    return of_entry and of_entry._replace(
        line=of_entry.line + entry.line, end_line=of_entry.end_line + entry.line
    )


def _span_of_key(dash: bytes, block: bytes, line: int, key: str, anchor: Anchor) -> Span | None:
    """Return the span of a key, or of its value, in a mapping behind ``dash``, if both are on one line."""
    margin, head = len(dash), f"{key}:"
    for number, text in enumerate((dash + block).decode().split("\n"), line):
        if text.startswith(head, margin) and (number == line or text[:margin].isspace() or not margin):
            start, end = margin, margin + len(head) - 1
            if anchor is Anchor.VALUE:
                value = text[margin + len(head) :]
                start, end = len(text) - len(value.lstrip(" ")), len(text.rstrip())
            if start >= end:
                return None  # the value stands below its key
            return Span(number, start + 1, number, end + 1, text.removesuffix("\r"))
    return None


@lru_cache(maxsize=1024)
def _span_in_entry(dash: bytes, rest: bytes, key: str, anchor: Anchor) -> Span | None:
    """Return ``_span_of_key`` with lines from 0, remembered because all cards of a story have the entry."""
    return _span_of_key(dash, rest, 0, key, anchor)


def _part_of_line(span: Span, part: Part) -> Span:
    """Return the span of a part of a scalar in simple YAML, which is on one line."""
    start = span.column - 1
    source = span.source[start:]  # there is no comment behind the scalar
    place = _place_without_escapes(source, part)
    if place is None:
        from newscards.frontmatter.characters import source_of  # imported here because few parts need it

        place = source_of(source, None, *part)
    return span._replace(column=start + place[0] + 1, end_column=start + place[1] + 1) if place else span


def _place_without_escapes(source: str, part: Part) -> Part | None:
    """Return the place of a part of a value in its source; ``None`` if an escape may stand before it."""
    quote, (start, end) = source[:1] if source.startswith(("'", '"')) else "", part
    text = source[len(quote) : len(quote) + end]
    if not 0 <= start < end == len(text) or (quote and (quote in text or "\\" in text)):
        return None
    return start + len(quote), end + len(quote)


def _entry(text: str) -> _Piece | None:
    """Return an entry parsed alone; ``None`` if it is not a list of one item."""
    return (_parse_entry if len(text) <= _MAX_REMEMBERED else _parse_entry.__wrapped__)(text)


@lru_cache(maxsize=512)
def _parse_entry(text: str) -> _Piece | None:
    try:
        piece = _Piece.of(text)
    except yaml.YAMLError:
        return None
    root = piece.root
    return piece if root is not None and not root.is_mapping and len(root.children) == 1 else None


def locator_of(source: bytes, limits: Limits = LIMITS, is_simple: bool | None = None) -> Locator | None:
    """Return the locator of a card that was read before; ``None`` if it cannot be read any more."""
    try:
        return Locator(source, find_fences(source, limits), is_simple)
    except (UnreadableError, yaml.YAMLError):
        return None
