"""Width, colour and line breaks of text without tables, without rich, which takes long to import."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

_CODES = {"bold": "1", "blue": "34", "green": "32", "reverse": "7", "bold red": "1;31", "bold yellow": "1;33"}
"""The SGR codes (ECMA-48, 8.3.117) of styles, by rich's names; only colours that a terminal's theme sets."""


class Page(NamedTuple):
    """The output that text is made for: its width in columns, and whether it gets colour.

    With ``wraps``, a line that is too long is broken at a word: a terminal would break it anywhere.
    """

    width: int = 80
    colored: bool = False
    wraps: bool = False

    def styled(self, text: str, style: str) -> str:
        """Return a text in a style if the page gets colour; the text has no line ends."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.colored and text else text

    def wrapped(self, head: str, text: str, indent: str) -> str:
        """Return a text behind a head, on several lines if the page wraps and it does not fit on one."""
        return wrapped(head, text, indent, self.width) if self.wraps else head + text


def plain_width(*, is_terminal: bool, colored: bool = False) -> int:
    """Return the width that rich's console would have; rich takes a coloured stream as a terminal."""
    columns, lines = os.environ.get("COLUMNS", ""), os.environ.get("LINES", "")
    if (colored or _is_terminal(is_terminal)) and os.environ.get("TERM", "").lower() in ("dumb", "unknown"):
        return int(columns) if columns.isdecimal() and lines.isdecimal() else 80
    if columns.isdecimal():
        return int(columns)
    for stream in range(3):
        try:
            return os.get_terminal_size(stream).columns or 80
        except (ValueError, OSError):  # not a terminal
            continue
    return 80


def _is_terminal(is_terminal: bool) -> bool:
    """Return whether rich takes a stream as a terminal."""
    compatible, forced = os.environ.get("TTY_COMPATIBLE"), os.environ.get("FORCE_COLOR")
    if compatible in ("0", "1"):
        return compatible == "1"
    return is_terminal if forced is None else forced != ""


_ESCAPES = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;;[^\x1b]*\x1b\\")
"""Styles, and the links that ``console`` writes: what takes no room."""


def rows_of(text: str, width: int) -> int:
    """Return how many rows of a terminal so wide a text takes, in which the terminal wraps long lines."""
    return sum(_rows_of_line(line, width) for line in text.splitlines())


def _rows_of_line(line: str, width: int) -> int:
    if len(line) <= width and line.isascii():
        return 1
    return max(-(-visible_width(line) // max(width, 1)), 1)


def visible_width(line: str) -> int:
    """Return the width of a line in terminal columns, without styles and links."""
    line = _ESCAPES.sub("", line)
    if line.isascii():
        return len(line)
    from rich.cells import cell_len  # imported here because few lines need it

    return cell_len(line)


_WORD = re.compile(r" *(?:(?:[^ `]*`[^`]*`)+[^ `]*|[^ ]+)")
"""A word with the blanks before it; what stands in backquotes, such as a command, is copied as one word."""


def wrapped(head: str, text: str, indent: str, width: int) -> str:
    """Return a text on one line behind a head, or broken at blanks where ``width`` columns are too few.

    The lines after the first begin with ``indent``. A word longer than a line is left to the terminal, where
    it stands. Nothing but blanks, at a break and at the end, is left out.
    """
    room = width - visible_width(head)
    if visible_width(text) <= room:
        return head + text
    lines, line, full = list[str](), "", width - len(indent)
    for word in _words(text, full):
        longer, bare = line + word, word.lstrip(" ")
        if visible_width(longer) > room and (line or not lines) and visible_width(bare) <= full:
            lines.append(line)
            longer, room = bare, full
        line = longer
    first, *rest = [*lines, line]
    return "\n".join([f"{head}{first}".rstrip(" "), *(f"{indent}{each}" for each in rest)])


def _words(text: str, room: int) -> Iterator[str]:
    """Yield the words of a text; of those in backquotes that do not fit on a line, their parts."""
    for word in _WORD.findall(text):
        if visible_width(word.strip(" ")) <= room:
            yield word
        else:
            yield from _PART.findall(word)


_PART = re.compile(" *[^ ]+")
