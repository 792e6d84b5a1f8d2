"""Where a problem stands in its file: its path in the card -> lines and columns."""

from __future__ import annotations

import re
from bisect import bisect_right

from newscards.card import Unreadable
from newscards.fences import FrontMatter
from newscards.ignore_comments import Span as Span
from newscards.nodes import Node, Step, find, locate
from newscards.rules.rule import Place
from newscards.source import line_at, position
from newscards.values import field_name as field_name


class Placing:
    """The places of a card's values. Looked up only where there is something to tell."""

    def __init__(self, source: bytes, front: FrontMatter) -> None:
        self._text = front.text()
        self._lines = self._text.split("\n")
        self._starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        self._first, _ = position(source, front.start)
        self._first_of_file = line_at(source, 1)
        self._root = locate(self._text)

    def span(self, path: tuple[Step, ...], place: Place = Place.VALUE) -> Span:
        """Return where a path leads, to the value, its key, or the first line of what lacks it.

        The whole card is the first line of the file.
        """
        (line, column), (end_line, end_column) = self._ends(path, place)
        source = self._lines[line - self._first] if line >= self._first else self._first_of_file
        return Span(line, column, end_line, end_column, source.removesuffix("\r"))

    def _ends(self, path: tuple[Step, ...], place: Place) -> tuple[tuple[int, int], tuple[int, int]]:
        if self._root is None or not path:
            return (1, 1), (1, 1)
        if place is Place.VALUE and len(path) == 1 and self._root.lacks(path[0]):
            place = Place.FIRST_LINE
        if place is not Place.FIRST_LINE:
            return self._node(find(self._root, path, key=place is Place.KEY))
        mapping = find(self._root, path[:-1])
        if mapping is self._root:
            return (self._first, 1), (self._first, len(self._lines[0].removesuffix("\r")) + 1)
        return self._node(mapping.children[0] if mapping.children else mapping)

    def _node(self, node: Node) -> tuple[tuple[int, int], tuple[int, int]]:
        length = len(self._text[node.start : node.end].rstrip())
        return self._place(node.start), self._place(node.start + length)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset) - 1
        return self._first + line, offset - self._starts[line] + 1


def span_of(record: Unreadable, source: bytes) -> Span:
    """Return the place where a card cannot be read: one character."""
    line, column, text = record.line, record.column, line_at(source, record.line)
    end = min(column + 1, len(text) + 1) if column <= len(text) else column
    return Span(line, column, line, end, text)
