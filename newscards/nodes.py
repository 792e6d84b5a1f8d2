"""Where each value of a front matter stands: a tree of nodes with their places.

Built from libyaml's events, without recursion, and only for cards that have something to tell or
are to be edited. Places are code points from the start of the text: libyaml's own line numbers
count NEL and U+2028 as line ends, which no editor does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

from newscards.loader import LOADER, LoadError, load

Step: TypeAlias = Any
"""One step of a path to a value: a mapping's key, or a list's index."""


@dataclass(slots=True)
class Node:
    """A scalar, a collection or an alias. ``text[start:end]`` is its source.

    A mapping's ``children`` are key, value, key, value. A block collection ends with the last value
    in it, not where libyaml says so, which is where the next key begins.
    """

    event: Any
    start: int
    end: int
    children: list[Node] = field(default_factory=list)

    @property
    def is_scalar(self) -> bool:
        """Whether this is a single value."""
        return isinstance(self.event, yaml.ScalarEvent)

    @property
    def is_mapping(self) -> bool:
        """Whether this has keys."""
        return isinstance(self.event, yaml.MappingStartEvent)

    @property
    def is_block_scalar(self) -> bool:
        """Whether this is a text after ``|`` or ``>``, whose end is the start of a line."""
        return self.is_scalar and self.event.style in ("|", ">")

    @property
    def has_properties(self) -> bool:
        """Whether this is an alias, or carries an anchor or a tag."""
        return bool(self.event.anchor or getattr(self.event, "tag", None))

    @property
    def is_flow(self) -> bool:
        """Whether this is a collection in ``[]`` or ``{}``."""
        return bool(getattr(self.event, "flow_style", False))

    def pairs(self) -> Iterator[tuple[Node, Node]]:
        """Yield a mapping's keys with their values."""
        return zip(self.children[::2], self.children[1::2], strict=True)

    def key(self) -> Step:
        """Return what this node is as a key of a mapping: ``yes`` is true, ``"yes"`` is a text."""
        if not self.is_scalar:
            return None
        if self.event.tag or self.event.style not in (None, ""):
            return self.event.value
        try:
            return load(self.event.value).value if self.event.value else None
        except LoadError:
            return self.event.value

    def last_leaf(self) -> Node:
        """Return the node that stands last in this one."""
        node = self
        while node.children and not node.is_flow:
            node = node.children[-1]
        return node


def locate(text: str) -> Node | None:
    """Return the tree of a front matter that was read before; ``None`` where it is empty."""
    root: Node | None = None
    open_nodes: list[Node] = []
    events: Iterator[Any] = yaml.parse(text, Loader=LOADER)
    for event in events:
        if isinstance(event, yaml.CollectionEndEvent):
            node = open_nodes.pop()
            last = node.children[-1].end if node.children else node.end
            node.end = _mark(event.end_mark) if node.is_flow else last
        elif isinstance(event, yaml.NodeEvent):
            node = Node(event, _mark(event.start_mark), _mark(event.end_mark))
            if open_nodes:
                open_nodes[-1].children.append(node)
            root = root or node
            if isinstance(event, yaml.CollectionStartEvent):
                open_nodes.append(node)
    return root


def _mark(mark: Any) -> int:
    index: int = mark.index
    return index


def find(root: Node, path: tuple[Step, ...], *, key: bool = False) -> Node:
    """Return the node at ``path``; with ``key`` the key that leads to it.

    Of a key that stands twice the last counts, as for every reader. Where the path leads through
    an alias or a merge, the last node that stands there in the text is returned.
    """
    node, key_node = root, root
    for step in path:
        if node.is_mapping:
            found = [pair for pair in node.pairs() if _same(pair[0].key(), step)]
            if not found:
                return node
            key_node, node = found[-1]
        elif isinstance(step, int) and step < len(node.children):
            key_node = node = node.children[step]
        else:
            return node
    return key_node if key else node


def _same(key: Step, step: Step) -> bool:
    return type(key) is type(step) and bool(key == step)


def source_of(text: str, path: tuple[Step, ...]) -> str:
    """Return the source text of the value at ``path``."""
    root = locate(text)
    node = find(root, path) if root else None
    return text[node.start : node.end] if node else ""
