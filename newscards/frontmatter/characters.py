"""Characters: which characters of a file a part of a scalar's value was read from.

A value differs from its source: quotes and indentation are dropped, escapes and doubled quotes stand for one
character, line ends are folded (YAML 1.1, sections 5.6, 9.1 and 9.2). The reading here repeats that of
libyaml's scanner (``yaml_parser_scan_flow_scalar``, ``_plain_scalar`` and ``_block_scalar``), but also says
where each character comes from. Its result is compared with the value that libyaml read, so a difference
gives no place rather than a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

_Piece = tuple[int, int, str]
"""A part of the source, its start and end, and the characters of the value that it stands for.

These are one for one, or the whole source stands for one character.
"""

# Line ends in YAML 1.1, section 5.4. All are read as a line feed, but the last two, which stay as they are.
_ENDS = "\r\n\x85\u2028\u2029"
_KEPT_ENDS = "\u2028\u2029"
_BREAK = f"(?:\r\n|[{_ENDS}])"
_BREAKS = re.compile(_BREAK)
_LINE = re.compile(f"([^{_ENDS}]*+)({_BREAK}|\\Z)")
# A byte order mark may begin a line (libyaml, ``yaml_parser_scan_to_next_token``).
_PROPERTIES = re.compile(
    f"(?:(?:[&!][^ \t{_ENDS}]*+|#[^{_ENDS}]*+)(?:[ \t{_ENDS}]|(?<=[{_ENDS}])\ufeff)++)*+"
)
_HEADER = re.compile(f"([|>])([+-]?)([1-9]?)([+-]?)[ \t]*+(?:#[^{_ENDS}]*+)?{_BREAK}")
_ESCAPE = r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^xuU])"
_MAX_INDENTATIONS = 256
"""The number of indentations that are tried for a block scalar whose header has a number."""


@cache
def _flow(style: str) -> re.Pattern[str]:
    """Return the pattern of a part of a scalar in quotes of this style, or without of a plain one.

    Its groups are a text, an escape, an escaped line end with what is dropped behind it, and line ends with
    the blanks around.
    """
    text, last, escape = _FLOW[style]
    return re.compile(
        f"((?:[^{text} \t{_ENDS}]++|[ \t]++(?![{_ENDS}]{last}))++)|({escape})|[ \t]*+({_BREAK}[ \t{_ENDS}]*+)"
    )


_FLOW = {
    "": ("", r"|\Z", "(?!)"),
    "'": ("'", "", "''"),
    '"': (r'\\"', "", rf"\\{_BREAK}[ \t{_ENDS}]*+|{_ESCAPE}"),
}
"""For each style: characters that end a text, a pattern for what may follow blanks, and that of escapes."""
_ESCAPED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


def source_of(source: str, value: str | None, start: int, end: int) -> tuple[int, int] | None:
    """Return which part of a scalar's ``source`` the characters ``value[start:end]`` were read from.

    ``source`` is the scalar as it stands in the file, with its anchor and its tag. A blank that was read from
    a line end is the line end with the blanks around it. ``None`` if the part is empty or not in the value,
    or if the source is not read as ``value``. If the value is not known, ``None``, the source is trusted.
    """
    if not 0 <= start < end:
        return None
    readings = (_place(pieces, value, start, end) for pieces in _readings(source))
    return next((place for place in readings if place), None)


def _place(pieces: Iterable[_Piece], value: str | None, start: int, end: int) -> tuple[int, int] | None:
    """Return the place of a part if the pieces are those of ``value``, or if that is not known."""
    read = first = last = 0
    for piece_start, piece_end, text in pieces:
        if value is not None and not value.startswith(text, read):
            return None
        after = read + len(text)
        if read <= start < after:
            first = piece_start + start - read
        if read < end <= after:
            last = piece_end if end == after else piece_start + end - read
        read = after
    return (first, last) if last and (value is None or read == len(value)) else None


def _readings(source: str) -> Iterator[Iterator[_Piece]]:
    """Yield the ways in which a scalar may be read: several only if its indentation is not known."""
    properties = _PROPERTIES.match(source)
    start = properties.end() if properties else 0
    if source.startswith('"', start):
        yield _flow_pieces(_flow('"'), source, start + 1)
    elif source.startswith("'", start):
        yield _flow_pieces(_flow("'"), source, start + 1)
    elif header := _HEADER.match(source, start):
        style, before, number, after = header.groups()
        lines = list(_LINE.finditer(source, header.end()))
        # Without a number, the first line that has a text says how far the text is indented.
        texts = (line[1] for line in lines if line[1].strip(" "))
        deepest = next((len(text) - len(text.lstrip(" ")) for text in texts), len(source))
        # A number counts from the column of the collection around, which is not known here.
        least = int(number) if number else deepest
        for indentation in range(least, min(deepest, least + _MAX_INDENTATIONS) + 1):
            yield _block_pieces(lines, indentation, style == ">", before or after)
    else:
        yield _flow_pieces(_flow(""), source, start)


def _flow_pieces(pattern: re.Pattern[str], source: str, start: int) -> Iterator[_Piece]:
    """Yield the pieces of a scalar in quotes, up to the closing one, or of a plain scalar."""
    while piece := pattern.match(source, start):
        start, end = piece.span()
        if piece[1]:
            yield start, end, piece[1]
        elif piece[2] is None:
            first, *more = _BREAKS.finditer(source, piece.start(3), end)
            if first[0] in _KEPT_ENDS:
                yield first.start(), first.end(), first[0]
            elif not more:
                yield start, end, " "
            yield from map(_line_end, more)
        elif _BREAKS.match(source, start + 1):
            _, *more = _BREAKS.finditer(source, start, end)
            yield from map(_line_end, more)
        else:
            yield start, end, _unescaped(piece[2])
        start = end


def _unescaped(escape: str) -> str:
    """Return the character that an escape in quotes stands for."""
    if len(escape) > 2:
        return chr(int(escape.lstrip("\\xuU"), 16))
    return _ESCAPED.get(escape[1], escape[1])


def _line_end(line_end: re.Match[str]) -> _Piece:
    text = line_end[0]
    return line_end.start(), line_end.end(), text if text in _KEPT_ENDS else "\n"


def _block_pieces(
    lines: Iterable[re.Match[str]], indentation: int, is_folded: bool, chomping: str
) -> Iterator[_Piece]:
    """Yield the pieces of a text after ``|`` or ``>``, whose lines are ``indentation`` columns deep."""
    line_end: _Piece | None = None  # that of the last line with a text
    empty_lines: list[_Piece] = []
    was_indented = False
    for line in lines:
        text = line[1]
        start = line.start() + min(len(text) - len(text.lstrip(" ")), indentation)
        ends = [(line.end(1), line.end(), line[2] if line[2] in _KEPT_ENDS else "\n")] if line[2] else []
        if start == line.end(1):
            empty_lines += ends
            continue
        if start < line.start() + indentation:
            return
        is_indented = line.string[start] in " \t"
        if line_end and is_folded and line_end[2] == "\n" and not was_indented and not is_indented:
            if not empty_lines:
                yield line_end[0], start, " "
        elif line_end:
            yield line_end
        yield from empty_lines
        yield start, line.end(1), line.string[start : line.end(1)]
        line_end, empty_lines, was_indented = ends[0] if ends else None, [], is_indented
    if line_end and chomping != "-":
        yield line_end
    if chomping == "+":
        yield from empty_lines
