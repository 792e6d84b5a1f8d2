"""The YAML that cards are written in, read directly; everything else is for PyYAML.

A subset of block YAML in which a line says all about itself: a key with a scalar, a key whose values stand
below, or a dash before either. Scalars are double-quoted text on one line, plain words, decimal integers,
``true``, ``false``, and moments as 2023-06-20T15:44:00Z (YAML 1.1: 5.7, 7.4, 8.2, 9.1, and its repository of
types). Each line is matched whole, so that what is read here is what libyaml reads; where anything is not
matched, or stands at a column where nothing is open, the text is not read here at all.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, NamedTuple

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
_known: dict[str, _Line] = {}
_LONGEST_KNOWN, _MOST_KNOWN = 48, 16384
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
    known = _known.get
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
    if quoted is not None and key and len(beginning) <= _LONGEST_KNOWN and len(_beginnings) < _MOST_KNOWN:
        _beginnings[beginning] = line[:3]
    if len(text) <= _LONGEST_KNOWN:
        _remember(text, line)
    return line


def _remember(text: str, line: _Line) -> None:
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[text] = line


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _ESCAPED[match[2]]
