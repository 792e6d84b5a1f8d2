"""Comments in a card that silence findings: ``# newscards: ignore[rule]``."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from newscards.frontmatter.fences import find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.nodes import Node, parse_tree, walk
from newscards.frontmatter.positions import Span, position

_MARK = b"newscards:"
_BEGINNING = re.compile(rb"#[ \t]*[nN]")
_COMMENT = re.compile(
    r"(?:^|[ \t])#[ \t]*newscards:[ \t]*ignore(?:\[([^\]\n]*)\])?", re.MULTILINE | re.IGNORECASE
)


class Ignore(NamedTuple):
    """A comment: the ``words`` that mean rules, where it stands, and the lines of which it speaks."""

    words: tuple[str, ...]
    span: Span
    lines: tuple[int, ...]


def ignores_in(source: bytes, limits: Limits = LIMITS) -> list[Ignore]:
    """Return the comments of a card that silence findings; what stands within a value is no comment.

    One speaks of its own line; where nothing else stands there, of the next line that is no comment too.
    """
    if not _may_have_comment(source):
        return []
    front = find_fences(source, limits)
    text = front.text()
    root = parse_tree(text)
    spans = sorted(_span(node, text) for node, _, _ in walk(root) if node.is_scalar) if root else []
    starts = [start for start, _ in spans]
    first, _ = position(source, front.start)
    lines = text.split("\n")
    line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
    speaks: list[int | None] = [None] * len(lines)  # for each line, the next below that is no comment
    for index in range(len(lines) - 2, -1, -1):
        below = lines[index + 1].strip()[:1]
        speaks[index] = speaks[index + 1] if below in ("", "#") else index + 1
    found: list[Ignore] = []
    for match in _COMMENT.finditer(text):
        start = text.index("#", match.start())
        before = bisect_right(starts, start) - 1
        if before >= 0 and start < spans[before][1]:
            continue
        index = bisect_right(line_starts, start) - 1
        line = lines[index].removesuffix("\r")
        column = start - line_starts[index] + 1
        spoken = [first + index]
        if line.lstrip().startswith("#") and (below_it := speaks[index]) is not None:
            spoken.append(first + below_it)
        words = tuple(word.strip() for word in (match[1] or "").split(",") if word.strip())
        span = Span(first + index, column, first + index, column + match.end() - start, line)
        found.append(Ignore(words, span, tuple(spoken)))
    return found


def _may_have_comment(source: bytes) -> bool:
    """Tell whether it is worth to look closer: few cards have such comments, and all are asked."""
    at = source.find(b"#")
    while at >= 0:
        if _BEGINNING.match(source, at):
            return _MARK in source.lower()
        at = source.find(b"#", at + 1)
    return False


def _span(node: Node, text: str) -> tuple[int, int]:
    """Return where a scalar's text stands; a comment may be behind the ``|`` of one in a block."""
    start = text.find("\n", node.start) + 1 if node.is_block_scalar else node.start
    return start, max(node.end, start)
