"""A front matter of simple YAML -> its fields: how most cards are read, in operations on bytes.

Nine tenths of a corpus are the entries of ``related``, and of forty entries thirty-nine stand in another card
too (CARDS.md, "Stories"). So ``related`` is cut at the dashes, each distinct entry is read once, and an entry
that is known costs no more than to look it up.
"""

from __future__ import annotations

import re
from typing import Any

from newscards.limits import Limits
from newscards.simple_yaml import DEPTH, Simple, read_simple

_RELATED = b"\nrelated:\n"
_FIRST_DASH = re.compile(rb"( {0,8})- ")
_COLUMN_0 = re.compile(rb"\n(?=[^ \n])")
_LONGEST = 1 << 20
_MOST_KNOWN = 16384
"""How many entries are remembered, some 3 KB each."""

_known: dict[bytes, dict[bytes, Simple]] = {}
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
    texts = block[first.end() :].split(b"\n" + first[0])
    tail = Simple({}, 0)
    if end := _COLUMN_0.search(texts[-1]):
        below = _mapping(texts[-1][end.end() :])
        if below is None:
            return None
        tail, texts[-1] = below, texts[-1][: end.start()]
    texts[-1] = texts[-1].rstrip(b"\n")
    entries = _entries(first[0], texts)
    if entries is None or "related" in head.value:
        return None
    values: dict[Any, Any] = head.value
    values["related"] = [entry.value for entry in entries]
    if not values.keys().isdisjoint(tail.value):
        return None
    values.update(tail.value)
    lines = head.lines + tail.lines + sum([entry.lines for entry in entries])
    return values if lines * 4 < limits.nodes else None


def read_simple_entry(dash: bytes, text: bytes) -> Simple | None:
    """Return an entry of ``related``, which stands behind a dash; ``None`` where it is not simple.

    ``dash`` is what stands before it on its first line, ``text`` the rest; the same text gives the same
    object, as long as it is remembered.
    """
    entries = _entries(dash, [text.rstrip(b"\n")])
    return entries[0] if entries else None


def _entries(dash: bytes, texts: list[bytes]) -> list[Simple] | None:
    known = _known.setdefault(dash, {})
    entries = list(map(known.get, texts))
    if None not in entries:
        return entries  # type: ignore[return-value]
    for index, text in enumerate(texts):
        entry = entries[index] or known.get(text) or _read_entry(dash, text)
        if entry is None:
            return None
        if len(known) >= _MOST_KNOWN:
            known.clear()
        entries[index] = known[text] = entry
    return entries  # type: ignore[return-value]


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
