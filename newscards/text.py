"""Text for output: escaped, cut, marked and counted; did-you-mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

T = TypeVar("T")

# Few texts need these patterns, so they are not compiled at import: `re` compiles them on first use.
# C0 and C1 controls and DEL (ECMA-48: ESC and CSI begin escapes), the characters that reorder text
# (Unicode TR9: LRE to RLO, LRI to PDI, LRM, RLM, ALM), line and paragraph separators, zero-width characters
# (except the joiners of letters and emoji), the BOM, and lone surrogates, which cannot be encoded.
UNSAFE = "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
_BREAKS = "\r\n|[\t\n\v\f\r\x85\u2028\u2029]"


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a path that is not UTF-8, as PEP 383 represents it
        return "\ufffd"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def one_line(text: str) -> str:
    """Return ``text`` on one line: line breaks and tabs as blanks, other unsafe characters escaped."""
    return text if text.isprintable() else harmless(re.sub(_BREAKS, " ", text))


def harmless(text: str) -> str:
    """Return ``text`` with unsafe characters escaped as in Python (``\\x1b``), lines kept."""
    if text.isprintable():
        return text
    return re.sub(UNSAFE, lambda match: match[0] if match[0] == "\n" else _escape(match), text)


def harmless_data(text: str) -> str:
    """Return the text of a machine format for a terminal: ``harmless``, but tabs and NULs are kept, too."""
    if text.isprintable():
        return text
    return re.sub(UNSAFE, lambda match: match[0] if match[0] in "\n\t\0" else _escape(match), text)


def path_text(path: str) -> str:
    """Return a path for display, on one line; a byte that is not UTF-8 becomes U+FFFD."""
    return one_line(path)


def path_json(path: str) -> str:
    """Return a path unescaped, so that a script can open it; a byte that is not UTF-8 becomes U+FFFD."""
    return path if path.isprintable() else re.sub("[\ud800-\udfff]", "\ufffd", path)


@lru_cache
def _encoder(indent: int | None) -> Callable[[object], str]:
    import json  # not at the top, because `newscards --version` imports this module

    return json.JSONEncoder(ensure_ascii=False, indent=indent, allow_nan=False).encode


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return ``value`` as JSON; unsafe characters are JSON escapes, so that none is lost."""
    text = _encoder(indent)(value)
    if text.isprintable():
        return text
    return re.sub(UNSAFE, lambda match: match[0] if match[0] == "\n" else f"\\u{ord(match[0]):04x}", text)


def toml_text(value: object) -> str:
    """Return ``value`` as TOML; texts, numbers and lists are written as in JSON."""
    if isinstance(value, dict):
        pairs = [f"{json_text(key)} = {toml_text(inner)}" for key, inner in value.items()]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    return json_text(value)


def toml_key(name: str) -> str:
    """Return a name as a key of TOML, in quotes unless it is a bare key."""
    is_bare = name.isascii() and name.replace("_", "").replace("-", "").isalnum()
    return name if is_bare else toml_text(name)


_MAX_MESSAGE = 180


def shorten(message: str) -> str:
    """Return a message of bounded length, its middle left out, because it may quote a value of 1 MiB."""
    return message if len(message) <= _MAX_MESSAGE else f"{message[:110]}…{message[-50:]}"


def cut(text: str, width: int) -> str:
    """Return a text of at most ``width`` characters."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"


def display_width(text: str) -> int:
    """Return the width of a text in terminal columns (Unicode TR11), each character by itself."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width  # imported here because few texts need it

    return sum(
        0 if category(each) in ("Mn", "Me", "Cf") else 2 if east_asian_width(each) in "WF" else 1
        for each in text
    )


def cut_to_width(text: str, width: int) -> str:
    """Return a text of at most ``width`` terminal columns, cut at its end."""
    return text if display_width(text) <= width else _beginning(text, width - 1) + "…"


def cut_middle(text: str, width: int) -> str:
    """Return a text of at most ``width`` terminal columns, cut in its middle, with more of its beginning."""
    if display_width(text) <= width:
        return text
    end = _beginning(text[::-1], (width - 1) * 2 // 5)[::-1]
    while end and not display_width(end[0]):  # a mark of a letter that is cut off
        end = end[1:]
    return f"{_beginning(text, width - 1 - display_width(end))}…{end}"


def _beginning(text: str, width: int) -> str:
    """Return as much of the beginning of a text as has room in ``width`` terminal columns."""
    for at, character in enumerate(text):
        width -= display_width(character)
        if width < 0:
            return text[:at]
    return text


_MAX_SHOWN_WIDTH = 76
"""How many terminal columns of a line a message shows."""


def marked_line(line: str, start: int | None, length: int = 1) -> str:
    """Return a line, indented, with carets below ``line[start : start + length]`` on a second line.

    A long line is cut around the place. Without ``start`` it has no carets.
    """
    line, at = line.expandtabs(1), start or 0
    length = max(min(length, len(line) - at), 1)
    if at + length > _MAX_SHOWN_WIDTH and len(line) > _MAX_SHOWN_WIDTH:
        begin = max(min(at - _MAX_SHOWN_WIDTH // 3, len(line) - _MAX_SHOWN_WIDTH), 1)
        line, at = f"…{line[begin:]}", at - begin + 1
    if len(line) > _MAX_SHOWN_WIDTH:
        line = f"{line[: _MAX_SHOWN_WIDTH - 1]}…"
        length = max(min(length, _MAX_SHOWN_WIDTH - 1 - at), 1)
    before, marked, after = (
        harmless(part) for part in (line[:at], line[at : at + length], line[at + length :])
    )
    shown = f"  {before}{marked}{after}"
    return (
        shown
        if start is None
        else f"{shown}\n  {' ' * display_width(before)}{'^' * max(display_width(marked), 1)}"
    )


def nearest(
    word: str, candidates: Iterable[str], *, most: int = 3, cutoff: float = 0.7, beginnings: bool = True
) -> list[str]:
    """Return up to ``most`` candidates that are similar to ``word``, best first, case-insensitively.

    First come those that begin with it (unless ``beginnings`` is false), then those that resemble it.
    ``cutoff`` is the minimum similarity, from 0 to 1 (``difflib.SequenceMatcher.ratio``).
    """
    from difflib import get_close_matches

    folded: dict[str, str] = {}
    for candidate in candidates:
        folded.setdefault(candidate.casefold(), candidate)
    start = word.casefold()
    matches = [name for name in folded if beginnings and start and name.startswith(start)]
    matches += get_close_matches(start, [name for name in folded if name not in matches], most, cutoff)
    return [folded[match] for match in matches[:most]]


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` with the nearest candidates, or an empty text if none is similar."""
    names = [f"`{one_line(name)}`" for name in nearest(word, candidates)]
    return f"did you mean {' or '.join(names)}?" if names else ""


def nearest_or_all(word: str, known: Iterable[str]) -> str:
    """Return a hint for an unknown word: the nearest known words, or all of them."""
    words = list(known)
    of_all = f"one of: {', '.join(words)}" if len(words) > 1 else f"there is only `{''.join(words)}`"
    return did_you_mean(word, words) or of_all


def first_that_fit(items: Iterable[T], room: int, size: Callable[[Any], int] = len) -> list[T]:
    """Return the first items whose sizes together are at most ``room``; no item after these is made."""
    fitting: list[T] = []
    for item in items:
        room -= size(item)
        if room < 0:
            break
        fitting.append(item)
    return fitting


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a count with its noun: ``1 card``, ``1,200 cards``; ``plural`` is that of an irregular noun."""
    return f"{count:,} {noun if count == 1 else plural or f'{noun}s'}"
