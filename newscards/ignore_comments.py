"""Comments in a card that silence findings: ``# newscards: ignore[rule]``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from newscards.fences import find_fences
from newscards.limits import LIMITS, Limits
from newscards.nodes import locate, walk
from newscards.source import position

_MARK = b"newscards:"
_COMMENT = re.compile(
    r"(?:^|[ \t])#[ \t]*newscards:[ \t]*ignore(?:\[([^\]\n]*)\])?", re.MULTILINE | re.IGNORECASE
)


class Span(NamedTuple):
    """From where to where something stands; all count from 1, ``end_column`` is exclusive.

    ``source`` is the text of its first line.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    source: str


@dataclass(frozen=True, slots=True)
class Ignore:
    """A comment: the ``words`` that mean rules, where it stands, and the lines of which it speaks."""

    words: tuple[str, ...]
    span: Span
    lines: tuple[int, ...]


def ignores_in(source: bytes, limits: Limits = LIMITS) -> list[Ignore]:
    """Return the comments of a card that silence findings; what stands within a value is no comment.

    One speaks of its own line; where nothing else stands there, of the next line that is no comment too.
    """
    if _MARK not in source.lower():
        return []
    front = find_fences(source, limits)
    text = front.text()
    root = locate(text)
    values = [(node.start, node.end) for node, _, _ in walk(root) if node.is_scalar] if root else []
    first, _ = position(source, front.start)
    lines = text.split("\n")
    found: list[Ignore] = []
    for match in _COMMENT.finditer(text):
        start = text.index("#", match.start())
        if any(a <= start < b for a, b in values):
            continue
        index = text.count("\n", 0, start)
        line = lines[index].removesuffix("\r")
        column = start - (text.rfind("\n", 0, start) + 1) + 1
        spoken = [first + index]
        if line.lstrip().startswith("#"):
            below = range(index + 1, len(lines))
            spoken += [first + each for each in below if lines[each].strip()[:1] not in ("", "#")][:1]
        words = tuple(word.strip() for word in (match[1] or "").split(",") if word.strip())
        span = Span(first + index, column, first + index, column + match.end() - start, line)
        found.append(Ignore(words, span, tuple(spoken)))
    return found
