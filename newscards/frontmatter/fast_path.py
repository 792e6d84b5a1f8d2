"""A front matter of simple YAML -> its fields: how most cards are read, in operations on bytes.

Nine tenths of a corpus are the entries of ``related``, and of forty entries thirty-nine stand in another card
too (CARDS.md, "Stories"). So ``related`` is cut at the dashes, each distinct entry is read once, and then
looked up. Most cost less than that: the cards of a story list each other in the same order, so that behind an
entry most often stands the one that stood behind it before, or, for a card does not list itself, the one
behind that.
"""

from __future__ import annotations

import re
from typing import Any

from newscards.frontmatter.limits import Limits
from newscards.frontmatter.simple_yaml import DEPTH, Simple, read_simple

_RELATED = b"\nrelated:\n"
_FIRST_DASH = re.compile(rb"( {0,8})- ")
_COLUMN_0 = re.compile(rb"\n(?=[^ \n])")
_LONGEST = 1 << 20
_MOST_KNOWN = 16384
"""How many entries are remembered, some 4 KB each."""


class _Entry:
    """An entry: its value, on how many lines, its text up to the next one's, and what was behind it last."""

    __slots__ = ("behind", "lines", "size", "text", "value")

    def __init__(self, value: dict[Any, Any], lines: int, text: bytes) -> None:
        self.value, self.lines, self.text, self.size = value, lines, text, len(text)
        self.behind: _Entry | None = None


_known: dict[bytes, dict[bytes, _Entry]] = {}
"""Entries by what stands before each of them, and their own text, without the last line end."""
_paragraphs: dict[bytes, Simple] = {}


def read_simple_card(block: bytes, limits: Limits) -> dict[Any, Any] | None:
    """Return the fields that a front matter has, as PyYAML reads them; ``None`` where not all is simple.

    In what is read here nothing is irregular (``loader.Loaded``), and there are no comments. Values may be
    shared with other cards: they are never to be changed.
    """
    if limits.depth <= DEPTH or len(block) > _LONGEST:
        return None
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")  # the same to libyaml, where no text runs over lines
    at = block.find(_RELATED)
    first = _FIRST_DASH.match(block, at + len(_RELATED)) if at >= 0 else None
    head = _mapping(block[: at + 1] if first else block)
    if head is None or first is None:
        return head.value if head and head.lines * 4 < limits.nodes else None
    found = _entries(block, first.end(), first[1] + b"- ")
    if found is None or "related" in head.value:
        return None
    entries, lines, end = found
    tail = _mapping(block[end:]) if end < len(block) else Simple({}, 0)
    if tail is None:
        return None
    values: dict[Any, Any] = head.value
    values["related"] = entries
    if not values.keys().isdisjoint(tail.value):
        return None
    values.update(tail.value)
    return values if (head.lines + lines + tail.lines) * 4 < limits.nodes else None


def read_simple_entry(dash: bytes, text: bytes) -> Simple | None:
    """Return an entry of ``related``, which stands behind a dash; ``None`` where it is not simple.

    ``dash`` is what stands before it on its first line, ``text`` the rest; the same text gives the same
    object, as long as it is remembered.
    """
    entry = _entry(dash, text.rstrip(b"\n"))
    return Simple(entry.value, entry.lines) if entry else None


def _entries(block: bytes, at: int, dash: bytes) -> tuple[list[Any], int, int] | None:
    """Read the entries of ``related``, of which the first begins at ``at``, behind a dash.

    Return their values, on how many lines they stand, and where the next block begins; ``None`` where one of
    them is not simple.
    """
    values: list[Any] = []
    lines, next_dash = 0, b"\n" + dash
    starts_with = block.startswith
    before: _Entry | None = None
    while True:
        entry = before.behind if before else None
        if entry and not starts_with(entry.text, at):
            entry = entry.behind
            if entry and not starts_with(entry.text, at):
                entry = None
        if entry is None:
            end = block.find(next_dash, at)
            entry = _entry(dash, block[at:end]) if end >= 0 else None
            if entry is None:
                break  # it is the last one, or else not simple
            if before:
                before.behind = entry
        values.append(entry.value)
        lines += entry.lines
        at += entry.size
        before = entry
    next_block = _COLUMN_0.search(block, at)
    end = next_block.end() if next_block else len(block)
    last = _entry(dash, block[at:end].rstrip(b"\n"))
    if last is None:
        return None
    values.append(last.value)
    return values, lines + last.lines, end


def _entry(dash: bytes, text: bytes) -> _Entry | None:
    """Return the entry whose text stands behind a dash; ``None`` where it is not simple."""
    known = _known.setdefault(dash, {})
    entry = known.get(text)
    if entry is None:
        if (read := _read_entry(dash, text)) is None:
            return None
        if len(known) >= _MOST_KNOWN:
            for each in known.values():
                each.behind = None  # else they would hold each other
            known.clear()
        entry = known[text] = _Entry(read.value, read.lines, text + b"\n" + dash)
    return entry


def _read_entry(dash: bytes, text: bytes) -> Simple | None:
    read = read_simple(dash + text)
    if read is None or type(read.value) is not list or len(read.value) != 1:
        return None
    return Simple(read.value[0], read.lines)


def _mapping(text: bytes) -> Simple | None:
    """Read the blocks before or behind ``related``, or all of them.

    What stands below the first blank line, the provider and the topics above all, is often the same in other
    cards, and is remembered paragraph by paragraph.
    """
    first, *others = text.split(b"\n\n")
    read = _read_mapping(first)
    if read is None:
        return None
    values, lines = read
    for other in others:
        if not other:
            continue
        paragraph = _paragraphs.get(other) or _read_mapping(other)
        if paragraph is None:
            # What belongs together may stand on both sides of a blank line.
            return _read_mapping(text)
        if len(_paragraphs) >= _MOST_KNOWN:
            _paragraphs.clear()
        _paragraphs[other] = paragraph
        if not values.keys().isdisjoint(paragraph.value):
            return None
        values |= paragraph.value
        lines += paragraph.lines
    return Simple(values, lines)


def _read_mapping(text: bytes) -> Simple | None:
    read = read_simple(text)
    return read if read and type(read.value) is dict else None
