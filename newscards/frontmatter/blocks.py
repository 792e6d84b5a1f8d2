"""The front matter of a card, cut into blocks, each read once: the one idea that newscards is built on.

A card's front matter is a block mapping whose top-level keys stand in column 0. The lines that begin
there divide it into blocks, and each block can be read alone. Blocks repeat from card to card
(``type: article``, above all the entries of ``related``), so each distinct one is read once and
remembered. Where the cut cannot be trusted, PyYAML reads the whole. The tests hold the counterexamples
that taught when both readings are the same.

Blocks also locate a YAML error: it is in the first block that cannot be read alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import yaml

from newscards.frontmatter.fast_path import DEPTH, LONG, read_simple_card, read_simple_entry
from newscards.frontmatter.fences import FrontMatter, UnreadableError
from newscards.frontmatter.limits import Limits, LoadError
from newscards.frontmatter.loader import LOADER, check_size, indicators, load, needs_size_check
from newscards.frontmatter.messages import (
    CLOSED_CURLY,
    ENDS_IN_QUOTES,
    MAY_BE_ELSEWHERE,
    NEVER_CLOSED,
    UNDEFINED_ALIAS,
    UNRESOLVED_MERGE,
    VALUE_BEGINS,
)

_COLUMN_0 = re.compile(rb"\n(?=[^ \t\r\n#-]|-(?![ \t\r\n]))")
_BLOCK = re.compile(rb"[A-Za-z_][\w-]*:(?=[ \t\r\n]|\Z)")
_PREAMBLE = re.compile(rb"(?: *(?:#[ -~]*)?\n)*")
# An anchor, an alias or a tag may begin after a blank, a line end (CR, NEL, U+2028 and U+2029
# are some to libyaml) or a flow indicator; and `...` may end the document. Prose has these
# characters too, so a match is only a reason to parse the text (`_reaches_beyond`).
_SUSPECT = re.compile(rb"(?:^|[ \t\r\n\[{,:?\x85\xa8\xa9])[&*!]|<<|\xef\xbb\xbf|[\r\x85\xa8\xa9]\.\.\.")
_last: tuple[FrontMatter | None, list[CutBlock] | None] = (None, None)
"""The front matter that ``blocks_of`` was last called with, and its blocks."""
_RELATED = b"related:\n"
_FIRST_ENTRY = re.compile(rb"( *)- ")


class BlockContent(NamedTuple):
    """The value of a block, or of an entry of ``related``, read alone.

    ``irregular`` is as in ``loader.Loaded``; ``indicators`` as ``loader.indicators`` counts them.
    """

    value: Any
    irregular: bool
    indicators: int


class CutBlock(NamedTuple):
    """A block's bytes, and their content."""

    source: bytes
    content: BlockContent


class Fields(NamedTuple):
    """A card's fields in the order of the file, and the text of its blocks that are irregular.

    ``irregular`` is empty if nothing is, as in ``loader.Loaded``, and the whole text if it cannot be cut.
    """

    values: dict[Any, Any]
    irregular: str = ""


def read_fields(front: FrontMatter) -> Fields:
    """Return the fields of a card, exactly as PyYAML reads them in the whole front matter.

    Raises ``UnreadableError`` of kind ``not-utf8``, ``syntax``, ``limits`` or ``not-a-mapping``. The values
    must not be changed: they may be shared with other cards.
    """
    if values := read_simple_card(front.block, front.limits):
        return Fields(values)
    return read_by_yaml(front)


def read_by_yaml(front: FrontMatter) -> Fields:
    """Return the fields as ``read_fields`` does, but do not try the fast path: the card is not simple."""
    blocks = blocks_of(front)
    return (blocks and join_blocks(blocks, front.limits)) or read_whole(front)


def blocks_of(front: FrontMatter) -> list[CutBlock] | None:
    """Return the blocks of a card, as ``read_blocks`` does.

    The last result is remembered, because a card that was read is often located or edited next.
    """
    global _last
    last = _last  # one read of the global, so that another thread cannot change it in between
    if last[0] is not front:
        _last = last = front, read_blocks(front.block, front.limits)
    return last[1]


def read_whole(front: FrontMatter) -> Fields:
    """Return the fields as PyYAML reads the whole front matter; raises as ``read_fields`` does."""
    text = front.text()
    try:
        value, irregular = (load if len(text) <= LONG else _load_long)(text, front.limits)
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
    return Fields(value, text if irregular else "")


_load_long = lru_cache(maxsize=2)(load)


def cut_blocks(block: bytes) -> list[bytes] | None:
    """Cut a front matter into its top-level blocks; return ``None`` if the cut cannot be trusted.

    Comments and blank lines before the first block are left out.
    """
    starts = [match.start() for match in _COLUMN_0.finditer(b"\n" + block)]
    if not starts or not all(_BLOCK.match(block, start) for start in starts):
        return None
    if not _PREAMBLE.fullmatch(block, 0, starts[0]):
        return None
    return [block[start:end] for start, end in zip(starts, [*starts[1:], len(block)], strict=True)]


def read_blocks(block: bytes, limits: Limits) -> list[CutBlock] | None:
    """Return the blocks of a front matter with their contents; ``None`` if one cannot be read alone.

    What stands before the first block is left out, as in ``cut_blocks``. Stops as soon as they may exceed
    ``limits``.
    """
    blocks: list[CutBlock] = []
    total = 1
    for source in cut_blocks(block) or ():
        content = _read_piece(source, limits)
        if content is None or _may_exceed(total := total + content.indicators, limits):
            return None
        blocks.append(CutBlock(source, content))
    return blocks or None


def join_blocks(blocks: list[CutBlock], limits: Limits) -> Fields | None:
    """Return the fields of all blocks; ``None`` if PyYAML may read the whole differently."""
    values: dict[Any, Any] = {}
    repeated: set[Any] = set()
    total = 1
    for _, content in blocks:
        repeated |= values.keys() & content.value.keys()
        total += content.indicators
        values.update(content.value)
    if _may_exceed(total, limits):
        return None
    irregular = [
        source.decode()
        for source, content in blocks
        if content.irregular or not repeated.isdisjoint(content.value)
    ]
    return Fields(values, "".join(irregular))


def _may_exceed(total: int, limits: Limits) -> bool:
    """Return whether so many indicators may exceed the limit of nodes: each stands for at most four."""
    return total * 4 >= limits.nodes


def _read_piece(piece: bytes, limits: Limits) -> BlockContent | None:
    """Read a block in the fastest way that it allows; return ``None`` if it cannot be read alone."""
    directly = _read_related if piece.startswith(_RELATED) else _read_simple
    return directly(piece, limits) or _remembering(_read_block, piece, limits)


def _remembering(read: Any, piece: bytes, limits: Limits) -> BlockContent | None:
    """Call ``read``, a function with an ``lru_cache``; of long pieces, only two results are remembered."""
    content: BlockContent | None = (
        read(piece, limits) if len(piece) <= LONG else _read_long(read, piece, limits)
    )
    return content


@lru_cache(maxsize=2)
def _read_long(read: Any, piece: bytes, limits: Limits) -> BlockContent | None:
    content: BlockContent | None = read.__wrapped__(piece, limits)
    return content


def _read_simple(piece: bytes, limits: Limits) -> BlockContent | None:
    """Read a block by the fast path; return ``None`` if it is not simple."""
    values = read_simple_card(piece, limits)
    return BlockContent(values, False, piece.count(b"\n")) if values else None


@lru_cache(maxsize=8192)
def _read_block(piece: bytes, limits: Limits) -> BlockContent | None:
    """Read a block alone; return ``None`` unless it is one mapping of one key without node properties."""
    content = _read_alone(piece, limits, depth=0)
    return content if content and isinstance(content.value, dict) and len(content.value) == 1 else None


@lru_cache(maxsize=8192)
def _read_entry(piece: bytes, limits: Limits) -> BlockContent | None:
    """Read an entry of ``related`` alone; return ``None`` unless it is a list of one item."""
    content = _read_alone(piece, limits, depth=1)
    return content if content and isinstance(content.value, list) and len(content.value) == 1 else None


def _read_alone(piece: bytes, limits: Limits, depth: int) -> BlockContent | None:
    """Read a piece of a front matter that is nested ``depth`` levels in the block it is cut from."""
    try:
        text = piece.decode()
        total = indicators(text) + depth
        if _may_exceed(total, limits):  # then the caller reads the whole
            return None
        limits = limits._replace(depth=limits.depth - depth)
        if _SUSPECT.search(piece):
            if needs_size_check(text, limits):  # because `_reaches_beyond` has no limits of its own
                check_size(text, limits, LOADER)
            if _reaches_beyond(text):
                return None
        value, irregular = load(text, limits)
    except (UnicodeDecodeError, LoadError, yaml.YAMLError):
        return None
    return BlockContent(value, irregular, total)


def _read_related(piece: bytes, limits: Limits) -> BlockContent | None:
    """Read ``related:`` entry by entry; return ``None`` if an entry cannot be read alone."""
    dash, texts = _entries_of(piece)
    if not dash:
        return None
    entries: list[Any] = []
    irregular, total = False, 2
    for text in texts:
        if limits.depth > DEPTH and (simple := read_simple_entry(dash, text[len(dash) :])):
            entries.append(simple.value)
            total += simple.lines
            continue
        content = _remembering(_read_entry, text, limits)
        if content is None:
            return None
        entries += content.value
        irregular = irregular or content.irregular
        total += content.indicators
    return BlockContent({"related": entries}, irregular, total)


def cut_entries(block: bytes) -> list[bytes]:
    """Cut the block of ``related`` into its entries; return none if the cut cannot be trusted.

    An entry with a text that spans a line at which the block is cut leaves pieces that are not lists of one
    item.
    """
    return [*_entries_of(block)[1]] if block.startswith(_RELATED) else []


def _entries_of(block: bytes) -> tuple[bytes, Iterable[bytes]]:
    """Return the dash before each entry of ``related``, empty if there is none, and the entries."""
    body = block[len(_RELATED) :]
    first = _FIRST_ENTRY.match(body)
    return (first[0], _entries(body, first[0])) if first else (b"", ())


def _entries(body: bytes, dash: bytes) -> Iterator[bytes]:
    """Cut the lines below ``related:`` before each line that begins with ``dash``."""
    start = 0
    while (end := body.find(b"\n" + dash, start)) >= 0:
        yield body[start : end + 1]
        start = end + 1
    yield body[start:]


def _reaches_beyond(text: str) -> bool:
    """Return whether a text may affect the text around it, or be affected by it.

    So do an anchor, an alias, a tag, a merge key, a BOM, and the end of the document.
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


_BLOCK_ON_ANY_LINE = re.compile(rb"^" + _BLOCK.pattern, re.MULTILINE)
_MERGE = re.compile(rb"\n(?:<{7}|={7}|>{7}|\|{7})(?= |\r?\n)")


def syntax_defect(front: FrontMatter, text: str, error: LoadError) -> UnreadableError:
    """Return the syntax error of the first block that cannot be read alone, or the slip that causes it.

    It is nearer to the mistake than libyaml's own: a quote that is never closed swallows the blocks below it.
    """
    block = front.block
    if merge := _MERGE.search(b"\n" + block):
        return UnreadableError("syntax", UNRESOLVED_MERGE, front.start + merge.start())
    starts = [0, *(match.start() for match in _BLOCK_ON_ANY_LINE.finditer(block)), len(block)]
    reason, at = error.reason, front.byte_offset(text, error.offset or 0) - front.start
    for start, end in pairwise(starts):
        if narrowest := _narrowest(block[start:end].decode(), front.limits, error.reason):
            reason, offset, piece = narrowest
            at = start + len(piece[:offset].encode())
            break
    if reason == NEVER_CLOSED and (curly := _CLOSED_CURLY.match(block, at)):
        return UnreadableError("syntax", CLOSED_CURLY, front.start + curly.start(2))
    before = block[block.rfind(b"\n", 0, at) + 1 : at]
    is_slip_too = reason.startswith(VALUE_BEGINS) and _ONLY_MARKS.fullmatch(before)
    if reason not in MAY_BE_ELSEWHERE and not is_slip_too:
        return _cut_at_fence(front, reason, at) or UnreadableError("syntax", reason, front.start + at)
    from newscards.frontmatter.slips import find_slip  # only here: it compiles many patterns

    # The mistake may stand in the blocks above, if libyaml takes its line for a part of another value.
    index = max(0, bisect_right(starts, at, hi=len(starts) - 1) - 1)
    start, end = starts[max(0, index - _BLOCKS_ABOVE)], starts[min(index + 2, len(starts) - 1)]
    around = block[start:end].decode()
    if slip := find_slip(around, len(block[start : max(start, at)].decode())):
        at = start + len(around[: slip.offset].encode())
        reason = f"{slip.reason}; {slip.advice}" if slip.advice else slip.reason
    return UnreadableError("syntax", reason, front.start + at)


_CLOSED_CURLY = re.compile(rb"([\"'])(?:(?!\1)[^\n])*(\xe2\x80[\x98-\x9f])[ \t\r]*$", re.MULTILINE)
"""A text behind a straight quote that ends, as its line does, with a curly one."""

_ONLY_MARKS = re.compile(rb"(?! *- )[^\w\"']+")
"""The marks from the beginning of a line to an error: such a line may be a slip, not a bad value."""

_BLOCKS_ABOVE = 2
"""The number of blocks above the one with a syntax error in which its cause is sought too."""

_FIELD_OR_FENCE = re.compile(rb"^(?:[A-Za-z_][\w-]*:[ \t\r\n]|---[ \t\r]*$)", re.MULTILINE)


def _cut_at_fence(front: FrontMatter, reason: str, at: int) -> UnreadableError | None:
    """Return the error of a fence inside a text in quotes; ``None`` if the text is not closed below it."""
    body = front.source[front.body :]
    quote = front.block[at : at + 1]
    if reason != NEVER_CLOSED or quote not in (b'"', b"'") or front.block.find(b"\n", at) < 0:
        return None
    first = _FIELD_OR_FENCE.search(body)
    if first is None or quote not in body[: first.start()]:
        return None
    return UnreadableError("syntax", ENDS_IN_QUOTES, front.end)


def _narrowest(text: str, limits: Limits, reason: str, depth: int = 4) -> tuple[str, int, str] | None:
    """Return the error of the first part of a block that cannot be read alone: reason, offset and the block.

    ``reason`` is why the whole card cannot be read. An alias whose anchor is elsewhere is not an error,
    unless it is that reason.
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
    """Yield the parts of a block with their offsets.

    A part begins at each line that is indented like the first line inside the block.
    """
    at = 0
    if dash := _DASH.match(text):
        text = f"{text[: dash.end() - 2]}  {text[dash.end() :]}"  # without its dash, an entry is a mapping
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
