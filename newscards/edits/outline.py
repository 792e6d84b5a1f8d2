"""The places of values in the text of a front matter, located only as far as an edit needs.

Where the front matter can be cut into blocks (``frontmatter.blocks``), only the requested blocks are
parsed, and after an edit only the edited block is read again. Otherwise the whole is parsed as one tree.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from newscards.cards.values import field_name
from newscards.edits.patches import Patch
from newscards.errors import EditRefusedError
from newscards.frontmatter.blocks import (
    CutBlock,
    Fields,
    blocks_of,
    cut_blocks,
    cut_entries,
    join_blocks,
    read_blocks,
    read_fields,
)
from newscards.frontmatter.fences import FrontMatter, UnreadableError, find_fences
from newscards.frontmatter.nodes import Node, Step, key_index, parse_tree


class Splice(NamedTuple):
    """Replace ``text[start:end]`` by ``replacement``; offsets count code points."""

    start: int
    end: int
    replacement: str


@dataclass(frozen=True)
class Level:
    """A mapping: its keys in the order of the text; ``pair(i)`` returns the nodes of a key and its value."""

    path: tuple[Step, ...]
    keys: Sequence[Step]
    pair: Callable[[int], tuple[Node, Node]]
    is_flow: bool = False
    node: Node | None = None

    @cached_property
    def _indices(self) -> dict[tuple[type, str], list[int]]:
        found: dict[tuple[type, str], list[int]] = {}
        for index, key in enumerate(self.keys):
            found.setdefault(key_index(key), []).append(index)
        return found

    def indices(self, key: Step) -> Sequence[int]:
        """Return where a key stands, several times perhaps."""
        return self._indices.get(key_index(key), ())


@dataclass(frozen=True, slots=True)
class Location:
    """The place that a path leads to: ``key`` and ``node``, both ``None`` where the key is missing.

    ``parent`` is the mapping or list around it, ``missing`` the steps of the path that lead on from there.
    ``flow`` is true within braces or brackets (YAML's flow style).
    """

    path: tuple[Step, ...]
    parent: Level | Node
    key: Node | None
    node: Node | None
    missing: tuple[Step, ...] = ()
    flow: bool = False


class Outline:
    """The text of a front matter, and the places in it. Raises ``UnreadableError`` as ``read_fields``."""

    def __init__(self, front: FrontMatter, pieces: list[CutBlock] | None) -> None:
        self.front = front
        self._pieces = pieces
        self._located: dict[int, tuple[Node, Node]] = {}
        self._levels: dict[int, Level] = {}

    @classmethod
    def of(cls, front: FrontMatter) -> Outline:
        """Return the outline of a front matter that was already read without errors."""
        return cls(front, _of_one_key(blocks_of(front)))

    @cached_property
    def text(self) -> str:
        """The text of the front matter; all offsets count in it."""
        if self._pieces is None:
            return self.front.text()
        return self.front.block[: self._starts[0]].decode() + "".join(self._texts)

    @cached_property
    def root(self) -> Level:
        """The card as a mapping; raises ``EditRefusedError`` where it is not a mapping."""
        if self._pieces is not None:
            return Level((), [next(iter(piece.content.value)) for piece in self._pieces], self._pair)
        root = parse_tree(self.text)
        if root is None or not root.is_mapping:
            raise EditRefusedError("the front matter is not a mapping")
        return level_of(root, ())

    @cached_property
    def _texts(self) -> list[str]:
        return [piece.source.decode() for piece in self._pieces or ()]

    @cached_property
    def _starts(self) -> list[int]:
        before = len(self.front.block) - sum(len(piece.source) for piece in self._pieces or ())
        # Bytes before the first block are ASCII, so that their number is that of their characters.
        return list(accumulate(map(len, self._texts), initial=before))

    def _pair(self, index: int) -> tuple[Node, Node]:
        if index not in self._located:
            root = parse_tree(self._texts[index], self._starts[index])
            if root is None:  # every block is a mapping of one key
                raise UnreadableError("syntax", "there is nothing where a key was")
            ((self._located[index]),) = root.pairs()
        return self._located[index]

    def entry(self, index: Step) -> tuple[int, str] | None:
        """Return the offset and the text of an entry of ``related``; ``None`` if it cannot be cut out."""
        is_index = type(index) is int and 0 <= index < len(self._entries)
        return self._entries[index] if is_index else None

    @cached_property
    def _entries(self) -> list[tuple[int, str]]:
        blocks = [
            (start, piece)
            for start, piece in zip(self._starts, self._pieces or (), strict=False)
            if "related" in piece.content.value
        ]
        if len(blocks) != 1:
            return []
        ((start, piece),) = blocks
        texts = [text.decode() for text in cut_entries(piece.source)]
        if len(texts) != len(piece.content.value["related"] or ()) or not texts[-1].endswith("\n"):
            return []
        start += len(self._texts[self._starts.index(start)]) - sum(map(len, texts))
        return [*zip(accumulate(map(len, texts), initial=start), texts, strict=False)]

    def level(self, node: Node, path: tuple[Step, ...]) -> Level:
        """Return the level of a mapping's node, which is part of this outline."""
        if id(node) not in self._levels:
            self._levels[id(node)] = level_of(node, path)
        return self._levels[id(node)]

    def patch(self, splice: Splice) -> Patch:
        """Return a splice as a patch of the whole file's bytes; raises ``UnicodeEncodeError``."""
        start, end, replacement = splice
        offset = self.front.byte_offset(self.text, start)
        return Patch(offset, self.text[start:end].encode(), replacement.encode())

    def after(self, splice: Splice, source: bytes) -> tuple[Outline | None, FrontMatter, Fields]:
        """Return outline, front matter and fields of the card after a splice; ``source`` is its new file.

        The outline is ``None`` where the whole card was read again. Raises ``UnreadableError``.
        """
        front = find_fences(source, self.front.limits)
        pieces = self._blocks_after(splice)
        fields = join_blocks(pieces, front.limits) if pieces else None
        if pieces and fields:
            return Outline(front, pieces), front, fields
        return None, front, read_fields(front)

    def _blocks_after(self, splice: Splice) -> list[CutBlock] | None:
        """Return the blocks after a splice, or ``None`` where the whole card must be read.

        Only the blocks that the splice touches are read: the parts of a text can be cut separately, as long
        as each begins with a block and ends with a line end.
        """
        pieces, (start, end, replacement) = self._pieces, splice
        if pieces is None or start < self._starts[0]:
            return None
        first = bisect_right(self._starts, start, hi=len(pieces)) - 1
        last = bisect_left(self._starts, end, lo=first + 1)
        part = self.text[self._starts[first] : start] + replacement + self.text[end : self._starts[last]]
        source = part.encode()
        sources = cut_blocks(source) if source.endswith(b"\n") else None
        if sources is None or sum(map(len, sources)) != len(source):
            return None
        read = _of_one_key(read_blocks(source, self.front.limits))
        return read and pieces[:first] + read + pieces[last:]


def _of_one_key(pieces: list[CutBlock] | None) -> list[CutBlock] | None:
    """Return the blocks, or ``None`` where one has two keys: libyaml also ends a line at a lone CR."""
    for source, read in pieces or ():
        if read.irregular and len(getattr(parse_tree(source.decode()), "children", ())) != 2:
            return None
    return pieces


def level_of(node: Node, path: tuple[Step, ...]) -> Level:
    """Return the level of a mapping's node."""
    pairs = list(node.pairs())
    return Level(path, [key.key() for key, _ in pairs], pairs.__getitem__, node.is_flow, node)


def resolve(outline: Outline, path: tuple[Step, ...], *, strict: bool) -> Location:
    """Return the location of ``path``.

    Raises ``EditRefusedError`` where it leads through an alias, beyond the end of a list, or into a scalar.
    Of several equal keys the last one counts, as for every reader; with ``strict`` they raise the error too.
    """
    parent: Level | Node = outline.root
    flow = outline.root.is_flow
    place = Location((), parent, None, None)
    for depth, step in enumerate(path):
        if isinstance(parent, Level):
            found = parent.indices(step)
            if len(found) > 1 and strict:
                name = field_name(path[: depth + 1])
                raise EditRefusedError(f"`{name}` stands {len(found)} times", "delete all but one by hand")
            if not found:
                return Location(path, parent, None, None, path[depth:], flow)
            key, node = parent.pair(found[-1])
        else:
            if type(step) is not int or not 0 <= step < len(parent.children):
                raise _out_of_range(path[:depth], len(parent.children))
            key = node = parent.children[step]
        place = Location(path, parent, key, node, flow=flow)
        if depth + 1 < len(path):
            parent, flow = _collection_at(outline, node, path[: depth + 1]), flow or node.is_flow
    return place


def _collection_at(outline: Outline, node: Node, path: tuple[Step, ...]) -> Level | Node:
    """Return the collection at ``node``, in which the path goes on."""
    if node.is_alias:
        raise EditRefusedError(f"`{field_name(path)}` is an alias", "edit it by hand")
    if node.is_mapping:
        return outline.level(node, path)
    if not node.is_scalar:
        return node
    kind = "is empty" if node.key() is None else "is a single value"
    raise EditRefusedError(f"`{field_name(path)}` {kind}, and nothing can stand in it", "edit it by hand")


def _out_of_range(path: tuple[Step, ...], length: int) -> EditRefusedError:
    return EditRefusedError(f"`{field_name(path)}` has {length} item{'s' * (length != 1)}")
