"""Locations in a TOML text: the line and column of a key, of its value, and of a character of a text.

``tomllib`` returns values without their positions. This reads a text that ``tomllib`` has accepted a second
time, and only where an error has to be located, so a configuration without errors costs nothing. The grammar
is that of https://toml.io/en/v1.0.0; what it accepts is not checked again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys of tables and indices of arrays, from the top of the file to a value."""

# The patterns are compiled on first use, because hardly any run has an error to locate.
_BLANKS = r"[ \t]*"
_BETWEEN = r"(?:[ \t\r\n]|#[^\n]*)*"
_STRING = (
    r'"""(?:"{0,2}(?:[^"\\]|\\.))*"{3,5}'
    r"|'''(?:'{0,2}[^'])*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
_KEY = r"[A-Za-z0-9_-]+|" + _STRING
_ATOM = r"[^,\]}#\n]+"  # numbers, booleans and dates
# A line's last backslash removes the line end and the blanks after it; any other escape is one character.
_CHARACTER = r"(\\[ \t]*\r?\n[ \t\r\n]*)|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|\\.|\r\n|."
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


class Location(NamedTuple):
    """A line and a column, both from 1; columns count code points."""

    line: int
    column: int


class _Spot(NamedTuple):
    """The offsets of a key and of its value. A table with a header, and an implied one, begin at the key."""

    key: int
    value: int


class TomlLocations:
    """The locations in one TOML text, which must be valid and without a byte order mark.

    A path that the text does not have is located at the nearest table or array around it, so that a missing
    key has a location, too; the whole file is located at its first character.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self._at = 0
        self._spots: dict[Path, _Spot] = {}
        self._lengths: dict[Path, int] = {}  # of the arrays of tables, `[[name]]`
        self._read()

    def key(self, path: Sequence[str | int]) -> Location:
        """Return the location of the key at the end of ``path``, or of the item of an array."""
        return self._location(self._spot(path).key)

    def value(self, path: Sequence[str | int]) -> Location:
        """Return the location of the value at ``path``: its first character, which may be a quote."""
        return self._location(self._spot(path).value)

    def character(self, path: Sequence[str | int], offset: int) -> Location:
        """Return the location of a character of the text at ``path``; of its end if ``offset`` is its length.

        An escape is located at its backslash.
        """
        start = self._spot(path).value
        offsets = [at for at, _ in self._characters(start)]
        return self._location(offsets[min(offset, len(offsets) - 1)] if offsets else start)

    def line(self, number: int) -> str:
        """Return the text of a line, counted from 1, without its line end."""
        return self.text.split("\n")[number - 1].removesuffix("\r")

    def _spot(self, path: Sequence[str | int]) -> _Spot:
        for length in range(len(path), 0, -1):
            if spot := self._spots.get(tuple(path[:length])):
                return spot
        return _Spot(0, 0)

    def _location(self, offset: int) -> Location:
        start = self.text.rfind("\n", 0, offset) + 1
        return Location(self.text.count("\n", 0, offset) + 1, offset - start + 1)

    def _read(self) -> None:
        table: Path = ()
        while self._skip(_BETWEEN) < len(self.text):
            if self.text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _header(self) -> Path:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the path of the table that it begins."""
        is_array = self.text.startswith("[[", self._at)
        self._at += 1 + is_array
        path, start = self._keys(())
        spot = _Spot(start, start)
        if is_array:
            self._spots.setdefault(path, spot)
            self._lengths[path] = self._lengths.get(path, 0) + 1
            path = (*path, self._lengths[path] - 1)
        self._spots[path] = spot
        self._skip(_BLANKS + (r"\]\]" if is_array else r"\]"))
        return path

    def _keys(self, table: Path) -> tuple[Path, int]:
        """Read a dotted key; return its path below ``table``, and the offset of its last part.

        The tables that the other parts imply are located at the part that first implies them.
        """
        path = table
        while True:
            self._skip(_BLANKS)
            start = self._at
            written = self._take(_KEY)
            if path in self._lengths:
                path = (*path, self._lengths[path] - 1)
            path = (*path, self._unquoted(start) if written[0] in "\"'" else written)
            self._skip(_BLANKS)
            if not self.text.startswith(".", self._at):
                return path, start
            self._spots.setdefault(path, _Spot(start, start))
            self._at += 1

    def _pair(self, table: Path) -> None:
        """Read ``key = value`` below ``table``."""
        path, key = self._keys(table)
        self._skip("=" + _BLANKS)
        self._spots[path] = _Spot(key, self._at)
        self._value(path)

    def _value(self, path: Path) -> None:
        """Read a value, and locate what is inside it. It recurses less often than tomllib does."""
        opening = self.text[self._at]
        if opening in "\"'":
            self._take(_STRING)
        elif opening not in "[{":
            self._take(_ATOM)
        else:
            self._at += 1
            index = 0
            while self._skip(_BETWEEN) < len(self.text) and self.text[self._at] not in "]}":
                if opening == "[":
                    self._spots[*path, index] = _Spot(self._at, self._at)
                    self._value((*path, index))
                else:
                    self._pair(path)
                index += 1
                self._skip(_BETWEEN + ",?")
            self._at += 1

    def _skip(self, pattern: str) -> int:
        self._take(pattern)
        return self._at

    def _take(self, pattern: str) -> str:
        match = re.compile(pattern, re.DOTALL).match(self.text, self._at)
        if match is None:
            raise ValueError(f"no TOML at offset {self._at}")
        self._at = match.end()
        return match[0]

    def _unquoted(self, start: int) -> str:
        """Return the text of a quoted key."""
        return "".join(character for _, character in self._characters(start))

    def _characters(self, start: int) -> Iterator[tuple[int, str]]:
        """Yield the characters of a string that begins at ``start``, each with its offset; then its end.

        The end is an empty text. Nothing is yielded for another value than a string.
        """
        match = re.compile(_STRING, re.DOTALL).match(self.text, start)
        if match is None:
            return
        quote = match[0][0]
        width = 3 if match[0][:3] == quote * 3 else 1
        at, end = start + width, match.end() - width
        if width == 3:  # a line end right after the quotes is not a part of the text
            at += 2 if self.text.startswith("\r\n", at) else self.text.startswith("\n", at)
        pattern = re.compile(_CHARACTER if quote == '"' else r"()\r\n|.", re.DOTALL)
        for found in pattern.finditer(self.text, at, end):
            if not found[1]:
                yield found.start(), _character(found[0], is_raw=quote == "'")
        yield end, ""


def _character(source: str, *, is_raw: bool) -> str:
    """Return the character that a piece of a string stands for."""
    if source == "\r\n":
        return "\n"
    if is_raw or source[0] != "\\":
        return source
    if source[1] in "uUx":
        code = source[2:]
        return chr(int(code, 16))
    return _ESCAPES.get(source[1], source[1])
