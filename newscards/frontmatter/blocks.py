"""The front matter of a card, cut into blocks, each read once: the one idea that newscards is built on.

A card's front matter is a block mapping whose top-level keys stand in column 0. Cut at the lines
that begin there it falls into blocks, each a piece of text that can be read alone; and because
blocks repeat from card to card (``type: article``, above all the entries of ``related``), each
distinct one is read once and remembered. Where the cut cannot be trusted, PyYAML reads the whole.
What it takes for the two to be the same was found by counterexamples, which are in the tests.

Blocks also say where a front matter that is not YAML goes wrong: in the first one that cannot be read alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

from newscards.frontmatter.fast_path import DEPTH, read_simple_card, read_simple_entry
from newscards.frontmatter.fences import FrontMatter, UnreadableError
from newscards.frontmatter.limits import Limits, LoadError
from newscards.frontmatter.loader import LOADER, indicators, load
from newscards.frontmatter.messages import UNDEFINED_ALIAS, UNRESOLVED_MERGE

_COLUMN_0 = re.compile(rb"\n(?=[^ \t\r\n#-]|-(?![ \t\r\n]))")
_BLOCK = re.compile(rb"[A-Za-z_][\w-]*:(?=[ \t\r\n]|\Z)")
_PREAMBLE = re.compile(rb"(?: *(?:#[ -~]*)?\n)*")
# Where an anchor, an alias or a tag may begin: after a blank, a line end (CR, NEL, U+2028 and U+2029
# are some to libyaml) or a flow indicator; and where `...` may end the document. Prose has these
# characters too, so a hit is only asked.
_SUSPECT = re.compile(rb"(?:^|[ \t\r\n\[{,:?\x85\xa8\xa9])[&*!]|<<|\xef\xbb\xbf|[\r\x85\xa8\xa9]\.\.\.")
_EXOTIC_BREAK = re.compile(rb"\r|\xc2\x85|\xe2\x80[\xa8\xa9]")
_LONGEST_REMEMBERED = 1 << 16
_last: tuple[FrontMatter | None, list[CutBlock] | None] = (None, None)
_RELATED = b"related:\n"
_FIRST_ENTRY = re.compile(rb"( *)- ")


class Block(NamedTuple):
    """What a block, or an entry of ``related``, says when it is read alone."""

    value: Any
    irregular: bool
    indicators: int


class CutBlock(NamedTuple):
    """A block's bytes, and what they say."""

    source: bytes
    read: Block


class Fields(NamedTuple):
    """A card's fields as the file has them, in its order; ``irregular`` as in ``loader.Loaded``."""

    values: dict[Any, Any]
    irregular: bool


def read_fields(front: FrontMatter) -> Fields:
    """Return the fields of a card, exactly those that PyYAML reads in the whole block.

    Raises ``UnreadableError`` of kind ``not-utf8``, ``syntax``, ``limits`` or ``not-a-mapping``. The values
    may be shared with other cards: they are never to be changed.
    """
    if values := read_simple_card(front.block, front.limits):
        return Fields(values, False)
    return read_by_yaml(front)


def read_by_yaml(front: FrontMatter) -> Fields:
    """Return what ``read_fields`` does of a card that is known not to be simple."""
    pieces = pieces_of(front)
    return (pieces and joined(pieces, front.limits)) or read_whole(front)


def pieces_of(front: FrontMatter) -> list[CutBlock] | None:
    """Return the blocks of a card, as ``read_pieces``; those of the last one are remembered.

    For who has read a card, and now asks where something stands in it.
    """
    global _last
    last = _last
    if last[0] is not front:
        _last = last = front, read_pieces(front.block, front.limits)
    return last[1]


def read_whole(front: FrontMatter) -> Fields:
    """Return the fields as PyYAML reads them in the whole block; raises as ``read_fields`` does."""
    text = front.text()
    try:
        value, irregular = load(text, front.limits)
    except LoadError as error:
        if error.limit:
            raise UnreadableError(
                "limits", error.reason, front.byte_offset(text, error.offset or 0)
            ) from None
        raise syntax_defect(front, text, error) from None
    if not isinstance(value, dict):
        what = {list: "a list", type(None): "empty"}.get(type(value), "a single value")
        reason = f"the front matter is {what}, where lines `key: value` are expected"
        raise UnreadableError("not-a-mapping", reason, front.start)
    irregular = irregular or bool(_SUSPECT.search(front.block) and _reaches_beyond(text))
    return Fields(value, irregular)


def cut(block: bytes) -> list[bytes] | None:
    """Cut a front matter into its top-level blocks; ``None`` where the cut cannot be trusted.

    What stands before the first block (comments, blank lines) is left out.
    """
    starts = [match.start() for match in _COLUMN_0.finditer(b"\n" + block)]
    if not starts or not all(_BLOCK.match(block, start) for start in starts):
        return None
    if not _PREAMBLE.fullmatch(block, 0, starts[0]):
        return None
    return [block[start:end] for start, end in zip(starts, [*starts[1:], len(block)], strict=True)]


def read_pieces(block: bytes, limits: Limits) -> list[CutBlock] | None:
    """Return the blocks of a front matter, each with what it says alone; ``None`` where one says nothing.

    What stands before the first block is left out, as in ``cut``. Gives up early where they are too many.
    """
    pieces: list[CutBlock] = []
    total = 1
    for source in cut(block) or ():
        read = _read_piece(source, limits)
        if read is None or _is_much(total := total + read.indicators, limits):
            return None
        pieces.append(CutBlock(source, read))
    return pieces or None


def joined(pieces: list[CutBlock], limits: Limits) -> Fields | None:
    """Return the fields that blocks have together; ``None`` where that may not be PyYAML's reading."""
    values: dict[Any, Any] = {}
    irregular, total = False, 1
    for _, read in pieces:
        irregular = irregular or read.irregular or not values.keys().isdisjoint(read.value)
        total += read.indicators
        values.update(read.value)
    return None if _is_much(total, limits) else Fields(values, irregular)


def _is_much(total: int, limits: Limits) -> bool:
    """Tell whether so many indicators may be too much: each is at most four nodes, so all is measured."""
    return total * 4 >= limits.nodes


def _read_piece(piece: bytes, limits: Limits) -> Block | None:
    """Read a block in the fastest way that it allows; ``None`` where it cannot be read alone."""
    directly = _read_related if piece.startswith(_RELATED) else _read_simple
    return directly(piece, limits) or _remembering(_read_block, piece, limits)


def _remembering(read: Any, piece: bytes, limits: Limits) -> Block | None:
    """Read a piece, and remember it unless it is so long that many of its like would fill the memory."""
    found: Block | None = (read if len(piece) <= _LONGEST_REMEMBERED else read.__wrapped__)(piece, limits)
    return found


def _read_simple(piece: bytes, limits: Limits) -> Block | None:
    """Read a block directly; ``None`` where it is not simple."""
    values = read_simple_card(piece, limits)
    return Block(values, False, piece.count(b"\n")) if values else None


@lru_cache(maxsize=8192)
def _read_block(piece: bytes, limits: Limits) -> Block | None:
    """Read a block alone; ``None`` unless it is one mapping of one key without node properties."""
    read = _read_alone(piece, limits, depth=0)
    return read if read and isinstance(read.value, dict) and len(read.value) == 1 else None


@lru_cache(maxsize=8192)
def _read_entry(piece: bytes, limits: Limits) -> Block | None:
    """Read an entry of ``related`` alone; ``None`` unless it is a list of one."""
    read = _read_alone(piece, limits, depth=1)
    return read if read and isinstance(read.value, list) and len(read.value) == 1 else None


def _read_alone(piece: bytes, limits: Limits, depth: int) -> Block | None:
    """Read a piece of a front matter that stands ``depth`` levels below the block it is cut from."""
    try:
        text = piece.decode()
        value, irregular = load(text, limits._replace(depth=limits.depth - depth))  # first: it is bounded
        if _SUSPECT.search(piece) and _reaches_beyond(text):
            return None
    except (UnicodeDecodeError, LoadError, yaml.YAMLError):
        return None
    return Block(value, irregular, indicators(text) + depth)


def _read_related(piece: bytes, limits: Limits) -> Block | None:
    """Read ``related:`` entry by entry; ``None`` where it may not be so read."""
    body = piece[len(_RELATED) :]
    first = _FIRST_ENTRY.match(body)
    if first is None:
        return None
    entries: list[Any] = []
    irregular, total = False, 2
    for text in _entries(body, first[0]):
        if limits.depth > DEPTH and (simple := read_simple_entry(first[0], text[len(first[0]) :])):
            entries.append(simple.value)
            total += simple.lines
            continue
        read = _remembering(_read_entry, text, limits)
        if read is None:
            return None
        entries += read.value
        irregular = irregular or read.irregular
        total += read.indicators
    return Block({"related": entries}, irregular, total)


def _entries(body: bytes, dash: bytes) -> Iterator[bytes]:
    """Cut the lines below ``related:`` before each line that begins with ``dash``."""
    start = 0
    while (end := body.find(b"\n" + dash, start)) >= 0:
        yield body[start : end + 1]
        start = end + 1
    yield body[start:]


def _reaches_beyond(text: str) -> bool:
    """Tell whether a text holds what matters beyond it, or what comes from there.

    An anchor, an alias, a tag, a merge key, a BOM, or the end of the document.
    """
    if "\ufeff" in text or "<<" in text:
        return True
    for event in yaml.parse(text, Loader=LOADER):
        if isinstance(event, yaml.AliasEvent) or (
            isinstance(event, yaml.DocumentEndEvent) and event.explicit
        ):
            return True
        if isinstance(event, yaml.NodeEvent) and (event.anchor or getattr(event, "tag", None)):
            return True
    return False


_BLOCK_KEY = re.compile(rb"^[A-Za-z_][\w-]*:(?=[ \t\r\n]|\Z)", re.MULTILINE)
_MERGE = re.compile(rb"\n(?:<{7}|={7}|>{7}|\|{7})(?= |\r?\n)")


def syntax_defect(front: FrontMatter, text: str, error: LoadError) -> UnreadableError:
    """Return where the first block that cannot be read alone goes wrong.

    libyaml gives up where it must: a quote that is never closed swallows the blocks below it.
    """
    block = front.block
    if merge := _MERGE.search(b"\n" + block):
        return UnreadableError("syntax", UNRESOLVED_MERGE, front.start + merge.start())
    starts = [0, *(match.start() for match in _BLOCK_KEY.finditer(block)), len(block)]
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
