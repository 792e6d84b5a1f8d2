"""Nodes: a front matter as a tree of nodes with their positions.

The tree is built from libyaml's events, without recursion, and only for cards that have findings or
are edited. Positions are code points from the start of the text, because libyaml's own line numbers
count NEL and U+2028 as line ends, which no editor does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeAlias

import yaml

from newscards.frontmatter.loader import HAS_LIBYAML, LOADER, construct_key

Step: TypeAlias = Any
"""One step of a path to a value: a mapping's key, or a list's index."""


NO_KEY: Any = object()
"""The result of ``Node.key`` for a key that is not a scalar."""


@dataclass(slots=True)
class Node:
    """A scalar, a collection or an alias. ``text[start:end]`` is its source.

    A mapping's ``children`` are key, value, key, value. An alias's ``target`` is the node that it repeats. A
    block collection ends with its last value; libyaml's own end is where the next key begins.
    """

    event: Any
    start: int
    end: int
    is_scalar: bool
    is_mapping: bool
    children: Sequence[Node] = ()
    target: Node | None = None
    _by_key: dict[tuple[type, str], tuple[Node, Node]] | None = None

    @property
    def is_alias(self) -> bool:
        """Whether this is an alias: it repeats a value that has an anchor."""
        return isinstance(self.event, yaml.AliasEvent)

    @property
    def is_merge(self) -> bool:
        """Whether this is the key ``<<``, which merges the keys of another mapping."""
        return self.is_scalar and self.event.value == "<<"

    @property
    def is_block_scalar(self) -> bool:
        """Whether this is a text after ``|`` or ``>``, whose end is the start of a line."""
        return self.is_scalar and self.event.style in ("|", ">")

    @property
    def has_properties(self) -> bool:
        """Whether this is an alias, or carries an anchor or a tag."""
        return bool(self.event.anchor or getattr(self.event, "tag", None))

    @property
    def has_non_specific_tag(self) -> bool:
        """Whether this carries the tag `!`, which names no type, and no anchor (YAML 1.1, section 3.3.2)."""
        return getattr(self.event, "tag", None) == "!" and not self.event.anchor

    @property
    def is_flow(self) -> bool:
        """Whether this is a collection in ``[]`` or ``{}``."""
        return bool(getattr(self.event, "flow_style", False))

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Yield a mapping's keys with their values."""
        return zip(self.children[::2], self.children[1::2], strict=True)

    @property
    def by_key(self) -> dict[tuple[type, str], tuple[Node, Node]]:
        """The last key and value for each ``key_index`` of a mapping."""
        if self._by_key is None:
            self._by_key = {key_index(key.key()): (key, value) for key, value in self.pairs()}
        return self._by_key

    def merge_key(self) -> Node | None:
        """Return the key ``<<`` of a mapping, ``None`` without one."""
        return next((key for key, _ in self.pairs() if key.is_merge), None)

    def lacks(self, key: Step) -> bool:
        """Return whether this is a mapping without such a key, and without a merge that may have it."""
        return self.is_mapping and key_index(key) not in self.by_key and key_index("<<") not in self.by_key

    def key(self) -> Step:
        """Return the value of this node as a mapping's key; ``NO_KEY`` if it is not a scalar."""
        node = self.target or self
        return construct_key(node.event) if node.is_scalar else NO_KEY

    def last_leaf(self) -> Node:
        """Return the last node in this one that is not a block collection."""
        node = self
        while node.children and not node.is_flow:
            node = node.children[-1]
        return node


def parse_tree(text: str, at: int = 0, *, first: bool = False) -> Node | None:
    """Return the tree of a front matter, which must be valid YAML; ``None`` if it is empty.

    For a piece of a text, ``at`` is its offset there; positions are then those in the whole text. With
    ``first``, what stands behind the first document is not read.
    """
    root: Node | None = None
    open_nodes: list[tuple[Node, list[Node]]] = []  # collections with their children
    anchors: dict[str, Node] = {}
    if HAS_LIBYAML and text.startswith("\ufeff"):
        at += 1  # its marks do not count a BOM
    events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
    for event in events:
        kind = type(event)
        if kind in _ENDS:
            node, children = open_nodes.pop()
            if node.event.flow_style:
                node.end = at + event.end_mark.index
            elif children:
                node.end = children[-1].end
        elif kind in _NODES:
            start, end = at + event.start_mark.index, at + event.end_mark.index
            node = Node(event, start, end, kind is yaml.ScalarEvent, kind is yaml.MappingStartEvent)
            event.start_mark = event.end_mark = None  # these and the tuples are a third of a tree's memory
            if node.is_scalar:
                event.implicit = _IMPLICIT[event.implicit]
            if kind is yaml.AliasEvent:
                node.target = anchors.get(event.anchor or "")
            elif event.anchor:
                anchors[event.anchor] = node
            if open_nodes:
                open_nodes[-1][1].append(node)
            root = root or node
            if kind in _STARTS:
                children = []
                node.children = children
                open_nodes.append((node, children))
        elif first and kind is yaml.DocumentEndEvent:
            break
    return root


_IMPLICIT = {pair: pair for pair in ((False, False), (False, True), (True, False), (True, True))}
_STARTS = {yaml.MappingStartEvent, yaml.SequenceStartEvent}
_ENDS = {yaml.MappingEndEvent, yaml.SequenceEndEvent}
_NODES = {yaml.ScalarEvent, yaml.AliasEvent, *_STARTS}


class IrregularText:
    """The text of the blocks of a card in which something is irregular (``loader.Loaded``).

    It is a mapping, as the card is, and a path leads to the same value in both; if a key stands twice, it is
    here as often. The text is parsed and walked once for all the rules that check it. ``irregular_text``
    returns the same object for a text that is read again, as in an edit.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __reduce__(self) -> tuple[type[IrregularText], tuple[str]]:
        return IrregularText, (self.text,)

    @cached_property
    def root(self) -> Node | None:
        """The tree of the text."""
        return parse_tree(self.text)

    @cached_property
    def nodes(self) -> list[tuple[Node, tuple[Step, ...], bool]]:
        """The nodes of the tree, as ``walk`` yields them."""
        return list(walk(self.root)) if self.root else []

    @cached_property
    def unquoted(self) -> list[tuple[Node, tuple[Step, ...], bool]]:
        """Those of ``nodes`` that are scalars and perhaps no texts: values without quotes or with a tag."""
        return [
            each
            for each in self.nodes
            if not each[2] and each[0].is_scalar and (not each[0].event.style or each[0].event.tag)
        ]

    @cached_property
    def may_have_tags(self) -> bool:
        """Whether the text has a character with which a tag begins."""
        return "!" in self.text

    def pairs(self) -> Iterable[tuple[Node, Node]]:
        """Return the top-level keys with their values."""
        return self.root.pairs() if self.root else ()

    def find(self, path: tuple[Step, ...]) -> Node | None:
        """Return the node at a path, as ``find`` does."""
        return find(self.root, path) if self.root else None


irregular_text = lru_cache(maxsize=2)(IrregularText)


def walk(root: Node) -> Iterator[tuple[Node, tuple[Step, ...], bool]]:
    """Yield each node with its path, and whether it is the key at that path, in the order of the text."""
    stack: list[tuple[Node, tuple[Step, ...], bool]] = [(root, (), False)]
    while stack:
        node, path, is_key = stack.pop()
        yield node, path, is_key
        if node.is_mapping:
            steps = [((*path, key.key()), key, value) for key, value in node.pairs()]
            for step, key, value in reversed(steps):
                stack += [(value, step, False), (key, step, True)]
        elif node.children:
            children = [(child, (*path, index), False) for index, child in enumerate(node.children)]
            stack += reversed(children)


def find(root: Node, path: tuple[Step, ...], *, key: bool = False) -> Node:
    """Return the node at ``path``, or with ``key`` the key at its end.

    The last of two equal keys wins, as for every YAML reader. If the path leads through an alias or a
    merge, the last node on it that stands in the text is returned.
    """
    node, key_node = root, root
    for step in path:
        if node.is_mapping:
            pair = node.by_key.get(key_index(step))
            if pair is None:
                return node.merge_key() or node.children[0] if key and node.children else node
            key_node, node = pair
        elif isinstance(step, int) and step < len(node.children):
            key_node = node = node.children[step]
        else:
            return node
    return key_node if key else node


def key_index(key: Step) -> tuple[type, str]:
    """Return a key in a form for lookups: 1 differs from true, and NaN equals itself."""
    return type(key), repr(key)
