"""The place of a value that is there -> what to replace. The traps are those of DESIGN.md."""

from __future__ import annotations

from newscards.cards.values import Scalar, field_name
from newscards.edits.lines import line_end, line_start
from newscards.edits.outline import Level, Place, Splice
from newscards.edits.scalars import rewritten
from newscards.errors import EditRefusedError
from newscards.frontmatter.nodes import Node, key_index

_BY_HAND = "edit it by hand"


def set_scalar(text: str, place: Place, value: Scalar) -> Splice:
    """Return the splice that gives a scalar another value, in its style.

    Raises ``EditRefusedError`` where it is a collection or an alias, or carries an anchor or a tag.
    """
    node, name = _there(place), field_name(place.path)
    if node.has_properties:
        raise EditRefusedError(f"`{name}` carries an anchor, an alias or a tag", _BY_HAND)
    if not node.is_scalar:
        raise EditRefusedError(f"`{name}` holds more than a single value", _BY_HAND)
    source = text[node.start : node.end].rstrip(" \t\r\n")
    # A text after `|` ends at the start of the next line; its line end is not part of the value.
    if node.is_block_scalar and "#" in source.partition("\n")[0]:
        raise EditRefusedError(f"`{name}` has a comment behind its `{source[0]}`", _BY_HAND)
    new = rewritten(source, node, value, flow=place.flow)
    if not source and text[node.start - 1] not in " \t":  # `published:` - the value begins behind the colon
        new = f" {new}"
    return Splice(node.start, node.start + len(source), new)


def remove(text: str, place: Place) -> Splice:
    """Return the splice that takes out an item, or the last of several equal keys, with its lines.

    Raises ``EditRefusedError`` where it is the only one, or does not stand on lines of its own.
    """
    node, parent = _there(place), place.parent
    if not isinstance(parent, Level):
        return _remove_item(text, node, parent)
    wanted = key_index(place.path[-1])
    if sum(key_index(key) == wanted for key in parent.keys) < 2 or place.key is None:
        raise EditRefusedError(f"`{field_name(place.path)}` stands only once", _BY_HAND)
    start = line_start(text, place.key.start)
    if parent.is_flow or text[start : place.key.start].strip():
        raise EditRefusedError("the key does not stand on a line of its own", _BY_HAND)
    return Splice(start, line_end(text, node), "")


def reorder(text: str, place: Place, order: tuple[int, ...]) -> Splice:
    """Return the splice that puts the items of a list into another order, each with its lines.

    Raises ``EditRefusedError`` where they do not stand on lines of their own, or comments between them.
    """
    node = _there(place)
    if node.is_flow or len(node.children) != len(order) or not order:
        raise EditRefusedError("the items do not stand on lines of their own", _BY_HAND)
    starts = [_item_lines(text, item)[0] for item in node.children]
    ends = [*starts[1:], _item_lines(text, node.children[-1])[1]]
    pieces = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    between = zip((line_end(text, item) for item in node.children), ends, strict=True)
    if any(text[start:end].strip() for start, end in between):
        raise EditRefusedError("there are comments between the items", _BY_HAND)
    if not all(piece.endswith("\n") for piece in pieces):
        raise EditRefusedError("the last item does not end with a line end", _BY_HAND)
    return Splice(starts[0], ends[-1], "".join(pieces[index] for index in order))


def _there(place: Place) -> Node:
    if place.node is None:
        raise EditRefusedError(f"`{field_name(place.path)}` is missing")
    return place.node


def _item_lines(text: str, item: Node) -> tuple[int, int]:
    """Return where the lines of a block list's item begin and end, its dash included."""
    start = line_start(text, item.start)
    if text[start : item.start].strip() != "-":
        raise EditRefusedError("the item does not stand on lines of its own", _BY_HAND)
    return start, line_end(text, item)


def _remove_item(text: str, item: Node, parent: Node) -> Splice:
    items = parent.children
    if len(items) < 2:
        raise EditRefusedError("it is the only item of its list", _BY_HAND)
    if not parent.is_flow:
        return Splice(*_item_lines(text, item), "")
    index = next(index for index, each in enumerate(items) if each is item)
    start, end = (items[index - 1].end, item.end) if index else (item.start, items[1].start)
    if "#" in text[start : item.start] + text[item.end : end]:
        raise EditRefusedError("there is a comment beside the item", _BY_HAND)
    return Splice(start, end, "")
