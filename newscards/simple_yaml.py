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
    (?:([A-Za-z_][A-Za-z0-9_-]{0,99}):(?:\ |(?=\n)))?               # key
    (?:("[^"\\\n]*+")                                               # text in quotes
      |([A-Za-z][^:\#\ \n]*+(?:(?::(?=[^\ \n])|(?<!\ )\#|\ (?=[^\ \n\#]))[^:\#\ \n]*+)*+)  # plain text
      |(-?(?:0|[1-9][0-9]{0,15}))                                   # integer
      |([0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z)
      |("(?:[^"\\\n]++|\\["\\nrt]|\\u(?![dD][89a-fA-F])[0-9a-fA-F]{4})*+")  # text with escapes
    )?
    \ *\n(?:\ *\n)*
    |([\s\S]+)                                                      # anything else
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:u(....)|(.))")
_ESCAPED = {'"': '"', "\\": "\\", "n": "\n", "r": "\r", "t": "\t"}
_BOOLEANS = {"true": True, "false": False}
_WORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
"""Plain words, in lower case, that YAML 1.1 does not take for text."""
_SHORT = max(map(len, _WORDS))

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
        lines = _LINE.findall(source.decode() + "\n")
    except UnicodeDecodeError:
        return None
    if not source.isascii() and _EXOTIC.search(source):
        return None
    root: Any = None
    opened: list[tuple[int, Any]] = [(-1, None)]  # columns and collections, the outermost first
    above = -1  # the column of a key whose value may stand on the lines below it
    mapping: dict[str, Any] = {}
    name = ""
    for indent, dash, key, quoted, plain, integer, moment, escaped, other in lines:
        column = len(indent)
        if other:
            return None
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
        if opened[-1][0] != column:
            return None
        holder = opened[-1][1]
        if dash:
            if type(holder) is not list:
                return None
            if key:
                column += 2
                mapping = {}
                holder.append(mapping)
                opened.append((column, mapping))
        else:
            mapping = holder
        value: Any
        if quoted:
            value = quoted[1:-1]
        elif plain:
            value = plain
            if len(plain) <= _SHORT and plain.lower() in _WORDS:
                value = _BOOLEANS.get(plain)
                if value is None:
                    return None
        elif integer:
            value = int(integer)
        elif escaped:
            value = _ESCAPE.sub(_unescaped, escaped[1:-1])
        elif moment:
            try:
                value = datetime.fromisoformat(moment)
            except ValueError:  # there is no such day
                return None
        elif key:
            value, name, above = None, key, column
        else:
            return None
        if not key:
            if not dash:
                return None
            holder.append(value)
        elif key in mapping or len(opened) > DEPTH + 1 or (len(key) <= _SHORT and key.lower() in _WORDS):
            return None
        else:
            mapping[key] = value
    return Simple(root, len(lines)) if root else None


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 16)) if match[1] else _ESCAPED[match[2]]
