"""The fast path: a reader without a parser for the simple YAML that most cards are written in.

Simple YAML is a subset of block YAML in which each line can be read alone: a key with a scalar, a key whose
values stand below, or a dash before either. Scalars are quoted text on one line, plain words, decimal
integers, ``true``, ``false``, ``null``, and moments as 2023-06-20T15:44:00Z (YAML 1.1: 5.7, 7.4, 8.2, 9.1,
and its repository of types). A pattern matches each line whole, so it is read as libyaml reads it. If a line
does not match, or stands at a column where no collection is open, PyYAML reads the text.

Nine tenths of a corpus are the entries of ``related``, and thirty-nine of forty entries stand in another card
too (CARDS.md, "Stories"). So ``related`` is cut at the dashes, and each distinct entry is read once and then
looked up by its text. Most entries do not even need that lookup: the cards of a story list each other in the
same order. So the next entry is usually the one that followed last time, or, because a card does not list
itself, the one after that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from itertools import accumulate
from typing import Any, NamedTuple

from newscards.frontmatter.limits import Limits

# Simple YAML has no control characters, no line ends but LF (NEL and U+2028/9 are some to libyaml), no BOM,
# and nothing that libyaml's reader refuses (YAML 1.1: 5.1). The patterns match UTF-8: C2 80 is U+0080.
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
      |'((?:[^']++|'')*+)'                                          # text in single quotes
      |(~)                                                          # null
    )?
    \ *
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u(....)|(.))")
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Plain words, in lower case, that are not text in YAML 1.1."""
_CONSTANTS: dict[str, bool | None] = {
    spelling: value
    for word, value in {"true": True, "false": False, "null": None}.items()
    for spelling in (word, word.capitalize(), word.upper())
}
"""Those that every reader understands alike; ``yes`` and the like are irregular (``loader.Loaded``)."""
_MAX_WORD = max(map(len, _WORDS))

_Line = tuple[int, bool, str, Any]
"""A line: its column, whether a dash stands there, its key (empty if none), and its value."""
_BELOW: Any = object()
"""The value of a key without a value on its own line."""
_known_lines: dict[str, _Line] = {}
_MAX_KNOWN_LINE, _MAX_LINES = 48, 16384
"""The length and the number of remembered lines: most short ones stand in many cards."""
_beginnings: dict[str, tuple[int, bool, str]] = {}
"""The column, whether there is a dash, and the key, by the text of a line up to ``: "``.

With ``_known_lines`` it saves an eighth to a fifth of a listing's time.
"""

DEPTH = 16
"""The maximum nesting of collections that the fast path reads."""


class Simple(NamedTuple):
    """The value of a text, and the number of its lines: each stands for at most four nodes."""

    value: Any
    lines: int


def read_simple(source: bytes) -> Simple | None:
    """Return the value of the YAML in ``source``, as PyYAML reads it; ``None`` if it is not simple.

    ``source`` is a mapping in column 0, or a list; its last line end may be missing. In the result no key
    stands twice, and nothing is irregular (as in ``loader.Loaded``).
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
    opened: list[tuple[int, Any]] = [(-1, None)]  # columns of open collections and these, the outermost first
    above = -1  # the column of a key whose value may stand on the lines below it, else -1
    name = ""  # that key
    here = -1  # the column of ``mapping``, -1 if the next line has to find its collection
    mapping: dict[str, Any] = {}
    count = 0
    for text in lines:
        if not text:
            continue
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
                opened.pop()  # a list in the same column as its key ends at the next key
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
    """Return the content of one line; ``None`` if it is not simple, or blank."""
    beginning, _, rest = text.partition(': "')
    known = _beginnings.get(beginning)
    if known and rest and rest.find('"') == len(rest) - 1 and "\\" not in rest:  # most of the long lines
        line = *known, rest[:-1]
        if len(text) <= _MAX_KNOWN_LINE:
            _remember(text, line)
        return line
    match = _LINE.fullmatch(text)
    if match is None:
        return None
    indent, dash, key, quoted, plain, integer, moment, escaped, single, null = match.groups()
    value: Any
    if quoted is not None:
        value = quoted
    elif plain is not None:
        value = plain
        if plain[-1] == '"':  # a quote that opens nothing, perhaps
            return None
        if len(plain) <= _MAX_WORD and plain.lower() in _WORDS:
            if plain not in _CONSTANTS:
                return None
            value = _CONSTANTS[plain]
    elif integer is not None:
        value = int(integer)
    elif escaped is not None:
        value = _ESCAPE.sub(_unescape, escaped)
    elif moment is not None:
        try:
            value = datetime.fromisoformat(moment)
        except ValueError:  # there is no such day
            return None
    elif single is not None:
        value = single.replace("''", "'")
    elif null:
        value = None
    else:
        value = _BELOW
    if not key and (not dash or value is _BELOW):
        return None
    if key and len(key) <= _MAX_WORD and key.lower() in _WORDS:
        return None
    line = len(indent), dash is not None, key or "", value
    if quoted is not None and key and len(beginning) <= _MAX_KNOWN_LINE and len(_beginnings) < _MAX_LINES:
        _beginnings[beginning] = line[:3]
    if len(text) <= _MAX_KNOWN_LINE:
        _remember(text, line)
    return line


def _remember(text: str, line: _Line) -> None:
    if len(_known_lines) >= _MAX_LINES:
        _known_lines.clear()
    _known_lines[text] = line


def _unescape(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _ESCAPED[match[2]]


_RELATED = b"\nrelated:\n"
_FIRST_DASH = re.compile(rb"( {0,8})- ")
_COLUMN_0 = re.compile(rb"\n(?=[^ \n])")
_MAX_BLOCK = 1 << 20
LONG = 1 << 16
"""The length in bytes beyond which a text is remembered only until two others are read.

An edit reads a card about ten times, and a long one, which is rare and perhaps hostile, takes up to a second.
"""
_MAX_ENTRIES = 16384
"""The number of remembered entries, some 4 KB each."""


class _Entry:
    """An entry of ``related``: its value, the number of its lines, and its text up to the next entry's.

    ``next`` is the entry that followed it when it was last read, the best guess for what follows now.
    """

    __slots__ = ("lines", "next", "size", "text", "value")

    def __init__(self, value: dict[Any, Any], lines: int, text: bytes) -> None:
        self.value, self.lines, self.text, self.size = value, lines, text, len(text)
        self.next: _Entry | None = None


_known_entries: dict[bytes, dict[bytes, _Entry]] = {}
"""Entries by their indentation and dash, then by their own text without the last line end."""
_entries_by_id: dict[int, _Entry] = {}
"""The same entries by the ``id()`` of their values."""
_heights: dict[int, int] = {}
"""The number of lines of these entries, blank ones included, by the same ``id()``."""
_paragraphs: dict[bytes, Simple] = {}
"""Values of paragraphs by their text; a blank line ends a paragraph."""


def read_simple_card(block: bytes, limits: Limits) -> dict[Any, Any] | None:
    """Return the fields of a front matter, as PyYAML reads them; ``None`` if not all of it is simple.

    A simple card has no comments, and nothing irregular (``loader.Loaded``). Do not change the values: they
    may be shared with other cards.
    """
    return (_read_long_card if len(block) > LONG else _read_card)(block, limits)


def _read_card(block: bytes, limits: Limits) -> dict[Any, Any] | None:
    if limits.depth <= DEPTH or len(block) > _MAX_BLOCK:
        return None
    if b"\r" in block:
        block = block.replace(b"\r\n", b"\n")  # libyaml reads the same, because no text spans lines
    at = block.find(_RELATED)
    first = _FIRST_DASH.match(block, at + len(_RELATED)) if at >= 0 else None
    head = _mapping(block[: at + 1] if first else block)
    if head is None or first is None:
        return head.value if head and head.lines * 4 < limits.nodes else None
    related = _entries(block, first.end(), first[1] + b"- ")
    if related is None or "related" in head.value:
        return None
    entries, lines, end = related
    tail = _mapping(block[end:]) if end < len(block) else Simple({}, 0)
    if tail is None:
        return None
    values: dict[Any, Any] = head.value
    values["related"] = entries
    if not values.keys().isdisjoint(tail.value):
        return None
    values.update(tail.value)
    return values if (head.lines + lines + tail.lines) * 4 < limits.nodes else None


_read_long_card = lru_cache(maxsize=2)(_read_card)


def read_simple_entry(dash: bytes, text: bytes) -> Simple | None:
    """Return the value of an entry of ``related``; ``None`` if it is not simple.

    ``dash`` is the indentation and the dash on its first line, ``text`` the rest. Equal texts give the same
    object, as long as it is remembered.
    """
    entry = _entry(dash, text.rstrip(b"\n"))
    return Simple(entry.value, entry.lines) if entry else None


def _entries(block: bytes, at: int, dash: bytes) -> tuple[list[Any], int, int] | None:
    """Read the entries of ``related``; the first begins at ``at``, behind a dash.

    Return their values, the number of their lines, and where the next block begins; ``None`` if one of
    them is not simple.
    """
    values: list[Any] = []
    lines, next_dash = 0, b"\n" + dash
    starts_with = block.startswith
    before: _Entry | None = None
    while True:
        entry = before.next if before else None
        if entry and not starts_with(entry.text, at):
            entry = entry.next
            if entry and not starts_with(entry.text, at):
                entry = None
        if entry is None:
            end = block.find(next_dash, at)
            entry = _entry(dash, block[at:end]) if end >= 0 else None
            if entry is None:
                break  # it is the last one, or not simple
            if before:
                before.next = entry
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
    """Return the entry with this text behind its dash; ``None`` if it is not simple."""
    known = _known_entries.setdefault(dash, {})
    entry = known.get(text)
    if entry is None:
        if (read := _read_entry(dash, text)) is None:
            return None
        if len(known) >= _MAX_ENTRIES:
            for each in known.values():
                each.next = None  # else they would keep each other alive
                del _entries_by_id[id(each.value)], _heights[id(each.value)]
            known.clear()
        entry = known[text] = _Entry(read.value, read.lines, text + b"\n" + dash)
        _entries_by_id[id(entry.value)] = entry
        _heights[id(entry.value)] = text.count(b"\n") + 1
    return entry


def _read_entry(dash: bytes, text: bytes) -> Simple | None:
    read = read_simple(dash + text)
    if read is None or type(read.value) is not list or len(read.value) != 1:
        return None
    return Simple(read.value[0], read.lines)


def text_of_entry(value: Any) -> tuple[bytes, bytes] | None:
    """Return the text of an entry of ``related``: what is before its first key, and the rest.

    ``value`` is the object that ``read_simple_card`` returned; ``None`` if it is not remembered.
    """
    entry = _entries_by_id.get(id(value))
    if entry is None:
        return None
    text, _, dash = entry.text.rpartition(b"\n")
    return dash, text


def first_lines(entries: Sequence[Any], line: int) -> list[int] | None:
    """Return the first line of each entry of ``related`` of a simple card; that of the first is ``line``.

    ``entries`` are the objects that ``read_simple_card`` returned; ``None`` if one is not remembered.
    """
    try:
        return list(accumulate(map(_heights.__getitem__, map(id, entries)), initial=line))[:-1]
    except KeyError:
        return None


def _mapping(text: bytes) -> Simple | None:
    """Read the blocks before or behind ``related``, or all of them.

    The paragraphs after the first blank line, above all the provider and the topics, are often the same in
    other cards, so each is remembered. That saves a twentieth of the time; and equal providers are one
    object, which saves memory, and rules that check it (``ValueChecks``).
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
            # A blank line may stand inside a block: then a paragraph cannot be read alone.
            return _read_mapping(text)
        if len(_paragraphs) >= _MAX_ENTRIES:
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
