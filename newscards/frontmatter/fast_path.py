"""The simple YAML that most cards are written in, read directly, in operations on bytes.

It is a subset of block YAML in which a line says all about itself: a key with a scalar, a key whose values
stand below, or a dash before either. Scalars are double-quoted text on one line, plain words, decimal
integers, ``true``, ``false``, and moments as 2023-06-20T15:44:00Z (YAML 1.1: 5.7, 7.4, 8.2, 9.1, and its
repository of types). Each line is matched whole, and so read as libyaml reads it; where a line
is not matched, or stands at a column where nothing is open, PyYAML reads the text.

Nine tenths of a corpus are the entries of ``related``, and of forty entries thirty-nine stand in another card
too (CARDS.md, "Stories"). So ``related`` is cut at the dashes, each distinct entry is read once, and then
looked up. Most cost less than that: the cards of a story list each other in the same order, so the entry
behind one is most often the entry that stood behind it before, or, because a card does not list itself, the
one behind that.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple

from newscards.frontmatter.limits import Limits

# What is in none of it: control characters, line ends but LF (NEL and U+2028/9 are some to libyaml), a BOM,
# and what libyaml's reader refuses (YAML 1.1: 5.1). As bytes of UTF-8, of which that is C2 80 and so on.
_CONTROLS = bytes({*range(32), 127} - {ord("\n")})
_EXOTIC = re.compile(rb"\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]|\xef\xbb\xbf|\xef\xbf[\xbe\xbf]")
_LINE = re.compile(
    r"""
    (\ *)(-\ )?                                                     # column, dash
    (?:([A-Za-z_][A-Za-z0-9_-]{0,99}):(?:\ |$))?                    # key
    (?:"([^"\\]*+)"                                                 # text in quotes
      |([A-Za-z][^:\#\ ]*+(?:(?::(?=[^\ ])|(?<!\ )\#|\ (?=[^\ \#]))[^:\#\ ]*+)*+)  # plain text
      |(-?(?:0|[1-9][0-9]{0,15}))                                   # integer
      |([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z)
      |"((?:[^"\\]++|\\["\\nrt]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*+)"  # text with escapes
    )?
    \ *
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u(....)|(.))")
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_BOOLEANS = {"true": True, "false": False}
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Plain words, in lower case, that YAML 1.1 does not take for text."""
_SHORT = max(map(len, _WORDS))

_Line = tuple[int, bool, str, Any]
"""A line: its column, whether a dash stands there, its key, empty without, and its value."""
_BELOW: Any = object()
"""The value of a key that has none on its line."""
_known_lines: dict[str, _Line] = {}
_LONGEST_KNOWN, _MOST_LINES = 48, 16384
"""How long lines are that are remembered, and how many: most of the short ones stand in many cards."""
_beginnings: dict[str, tuple[int, bool, str]] = {}
"""What stands on lines before ``: "`` and a text in quotes: the column, whether there is a dash, the key."""

DEPTH = 16
"""How deep collections may stand in one another to be read here."""


class Simple(NamedTuple):
    """What a text says, and on how many lines: each stands for at most four nodes."""

    value: Any
    lines: int


def read_simple(source: bytes) -> Simple | None:
    """Return what the YAML in ``source`` says, as PyYAML reads it; ``None`` where it is not simple.

    It is a mapping in column 0, or a list; its last line end may be missing. What is read here has no key
    twice, and nothing in it is irregular (as in ``loader.Loaded``).
    """
    if len(source.translate(None, _CONTROLS)) < len(source) or b"<<" in source:  # a merge, perhaps
        return None
    try:
        lines = source.decode().split("\n")
    except UnicodeDecodeError:
        return None
    if not source.isascii() and _EXOTIC.search(source):
        return None
    known = _known_lines.get
    root: Any = None
    opened: list[tuple[int, Any]] = [(-1, None)]  # columns and collections, the outermost first
    above = -1  # the column of a key whose value may stand on the lines below it
    name = ""  # and that key
    here = -1  # the column of the mapping that is open last
    mapping: dict[str, Any] = {}
    count = 0
    for text in lines:
        line = known(text) or _read_line(text)
        if line is None:
            if text.strip(" "):
                return None
            continue
        count += 1
        column, dash, key, value = line
        if column != here or dash or above >= 0:
            if above >= 0:
                if column > above or (dash and column == above):
                    inner: Any = [] if dash else {}
                    mapping[name] = inner
                    opened.append((column, inner))
                above = -1
            elif root is None:
                root = [] if dash else {}
                opened.append((column if dash else 0, root))
            while opened[-1][0] > column:
                opened.pop()
            if not dash and type(opened[-1][1]) is list:
                opened.pop()  # it stood in the column of its key
            here, holder = opened[-1]
            if here != column or (type(holder) is list) is not dash:
                return None
            if dash and not key:
                holder.append(value)
                here = -1
                continue
            if dash:
                here += 2
                mapping = {}
                holder.append(mapping)
                opened.append((here, mapping))
            else:
                mapping = holder
            if len(opened) > DEPTH + 1:
                return None
        if key in mapping:
            return None
        if value is _BELOW:
            name, above, value = key, here, None
        mapping[key] = value
    return Simple(root, count) if root else None


def _read_line(text: str) -> _Line | None:
    """Return what one line says; ``None`` where that is not simple, or nothing."""
    beginning, _, rest = text.partition(': "')
    known = _beginnings.get(beginning)
    if known and rest and rest.find('"') == len(rest) - 1 and "\\" not in rest:  # most of the longer ones
        line = *known, rest[:-1]
        if len(text) <= _LONGEST_KNOWN:
            _remember(text, line)
        return line
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    indent, dash, key, quoted, plain, integer, moment, escaped = match.groups()
    value: Any
    if quoted is not None:
        value = quoted
    elif plain is not None:
        value = plain
        if len(plain) <= _SHORT and plain.lower() in _WORDS:
            value = _BOOLEANS.get(plain)
            if value is None:
                return None
    elif integer is not None:
        value = int(integer)
    elif escaped is not None:
        value = _ESCAPE.sub(_unescaped, escaped)
    elif moment is not None:
        try:
            value = datetime.fromisoformat(moment)
        except ValueError:  # there is no such day
            return None
    else:
        value = _BELOW
    if not key and (not dash or value is _BELOW):
        return None
    if key and len(key) <= _SHORT and key.lower() in _WORDS:
        return None
    line = len(indent), dash is not None, key or "", value
    if quoted is not None and key and len(beginning) <= _LONGEST_KNOWN and len(_beginnings) < _MOST_LINES:
        _beginnings[beginning] = line[:3]
    if len(text) <= _LONGEST_KNOWN:
        _remember(text, line)
    return line


def _remember(text: str, line: _Line) -> None:
    if len(_known_lines) >= _MOST_LINES:
        _known_lines.clear()
    _known_lines[text] = line


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _ESCAPED[match[2]]


_RELATED = b"\nrelated:\n"
_FIRST_DASH = re.compile(rb"( {0,8})- ")
_COLUMN_0 = re.compile(rb"\n(?=[^ \n])")
_LONGEST = 1 << 20
_MOST_ENTRIES = 16384
"""How many entries are remembered, some 4 KB each."""


class _Entry:
    """An entry: its value, on how many lines, its text up to the next one's, and what was behind it last."""

    __slots__ = ("behind", "lines", "size", "text", "value")

    def __init__(self, value: dict[Any, Any], lines: int, text: bytes) -> None:
        self.value, self.lines, self.text, self.size = value, lines, text, len(text)
        self.behind: _Entry | None = None


_known_entries: dict[bytes, dict[bytes, _Entry]] = {}
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
    known = _known_entries.setdefault(dash, {})
    entry = known.get(text)
    if entry is None:
        if (read := _read_entry(dash, text)) is None:
            return None
        if len(known) >= _MOST_ENTRIES:
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
        if len(_paragraphs) >= _MOST_ENTRIES:
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
