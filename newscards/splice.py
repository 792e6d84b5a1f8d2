"""Text and tree of a front matter -> the bytes to replace. The traps are those of DESIGN.md."""

from __future__ import annotations

from typing import NamedTuple

from newscards.errors import EditRefusedError
from newscards.fields import FIELDS
from newscards.nodes import Node


class Splice(NamedTuple):
    """Replace ``text[start:end]`` by ``replacement``. Counted in code points."""

    start: int
    end: int
    replacement: str


def set_scalar(text: str, root: Node, name: str, value: str) -> Splice:
    """Return the splice that makes the top-level field ``name`` the plain scalar ``value``.

    Raises ``EditRefusedError`` where the key stands twice, or its value is a collection, an alias, or
    carries an anchor or a tag.
    """
    values = [node for key, node in root.pairs() if key.key() == name]
    if not values:
        return _insert(text, root, name, value)
    if len(values) > 1:
        raise EditRefusedError(f"`{name}` stands {len(values)} times", "delete all but one by hand")
    (node,) = values
    if node.has_properties:
        raise EditRefusedError(f"`{name}` carries an anchor, an alias or a tag", "edit it by hand")
    if not node.is_scalar:
        raise EditRefusedError(f"`{name}` holds more than a single value", "edit it by hand")
    source = text[node.start : node.end]
    if not source:  # `published:` - the value begins right behind the colon
        return Splice(node.start, node.start, f" {value}")
    # A text after `|` ends at the start of the next line; its line end is not part of the value.
    if node.is_block_scalar and "#" in source.partition("\n")[0]:
        raise EditRefusedError(f"`{name}` has a comment behind its `{source[0]}`", "edit it by hand")
    return Splice(node.start, node.start + len(source.rstrip(" \t\r\n")), value)


def line_start(text: str, offset: int) -> int:
    """Return where the line begins on which an offset lies."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, node: Node) -> int:
    """Return where the line after a value begins."""
    leaf = node.last_leaf()
    return leaf.end if leaf.is_block_scalar else text.find("\n", leaf.end) + 1 or len(text)


def _insert(text: str, root: Node, name: str, value: str) -> Splice:
    """Return the splice that adds a field where the order of FIELDS puts it."""
    if root.is_flow or not root.children:
        raise EditRefusedError(
            f"`{name}` is missing, and the front matter is not written one `key: value` a line",
            "add it by hand",
        )
    present = {key.key(): (key, node) for key, node in root.pairs()}
    order = [field.name for field in FIELDS]
    place = order.index(name)
    before = next((present[other] for other in reversed(order[:place]) if other in present), None)
    after = next((present[other] for other in order[place:] if other in present), None)
    if before is None and after is not None:
        key = after[0]
        at = line_start(text, key.start)
    else:
        key, node = before or list(root.pairs())[-1]
        at = line_end(text, node)
    line = line_start(text, key.start)
    indentation = text[line : key.start]
    if indentation.strip(" "):
        raise EditRefusedError(f"`{name}` is missing, and its place is not clear", "add it by hand")
    end = "\r\n" if text[line:].partition("\n")[0].endswith("\r") else "\n"
    return Splice(at, at, f"{indentation}{name}: {value}{end}")
