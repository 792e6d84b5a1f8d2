"""Where a front matter that is not YAML goes wrong: in the first part of it that cannot be read alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from newscards.frontmatter.fences import FrontMatter, UnreadableError
from newscards.frontmatter.limits import Limits, LoadError
from newscards.frontmatter.loader import load
from newscards.frontmatter.messages import UNDEFINED_ALIAS, UNRESOLVED_MERGE

_BLOCK = re.compile(rb"^[A-Za-z_][\w-]*:(?=[ \t\r\n]|\Z)", re.MULTILINE)
_MERGE = re.compile(rb"\n(?:<{7}|={7}|>{7}|\|{7})(?= |\r?\n)")


def syntax_defect(front: FrontMatter, text: str, error: LoadError) -> UnreadableError:
    """Return where the first block that cannot be read alone goes wrong.

    libyaml gives up where it must: a quote that is never closed swallows the blocks below it.
    """
    block = front.block
    if merge := _MERGE.search(b"\n" + block):
        return UnreadableError("syntax", UNRESOLVED_MERGE, front.start + merge.start())
    starts = [0, *(match.start() for match in _BLOCK.finditer(block)), len(block)]
    for start, end in pairwise(starts):
        found = _narrowest(block[start:end].decode(), front.limits, error.reason)
        if found:
            reason, offset, piece = found
            return UnreadableError("syntax", reason, front.start + start + len(piece[:offset].encode()))
    return UnreadableError("syntax", error.reason, front.byte_offset(text, error.offset or 0))


def _narrowest(text: str, limits: Limits, reason: str, depth: int = 4) -> tuple[str, int, str] | None:
    """Return why and where the first part of a block goes wrong that cannot be read alone, and the block.

    ``reason`` is why the whole card cannot be read. An alias whose anchor is elsewhere is no reason.
    """
    try:
        load(text, limits)
    except LoadError as alone:
        if alone.reason == UNDEFINED_ALIAS != reason:
            return None
        for start, part in _parts(text) if depth else ():
            if found := _narrowest(part, limits, reason, depth - 1):
                return found[0], start + found[1], text
        return alone.reason, alone.offset or 0, text
    return None


_KEY_ALONE = re.compile(r" *[\w-]+:[ \t\r]*\n")
_DASH = re.compile(r" *- ")


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Cut a block at the lines of the first one's indentation that stands in it; each part with its place."""
    at = 0
    if dash := _DASH.match(text):
        text = f"{text[: dash.end() - 2]}  {text[dash.end() :]}"  # what stands behind the dash is a mapping
    elif key := _KEY_ALONE.match(text):
        at = key.end()
    else:
        return
    indentation = re.compile(r" *").match(text, at)
    if indentation is None or not indentation[0]:
        return
    line = re.compile(rf"^{indentation[0]}(?![ #\r\n])", re.MULTILINE)
    starts = [match.start() for match in line.finditer(text, at)]
    yield from ((start, text[start:end]) for start, end in pairwise([*starts, len(text)]))
