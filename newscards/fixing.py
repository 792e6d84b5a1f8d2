"""Source of a card and a fix -> the source with the fix made; verified by reading both."""

from __future__ import annotations

import copy
import re
from difflib import SequenceMatcher
from typing import Any

from newscards.blocks import read_whole
from newscards.errors import EditRefusedError
from newscards.fences import UnreadableError, find_fences
from newscards.fixes import Change, Remove, Reorder, SetValue, StripBefore
from newscards.limits import LIMITS, Limits, LoadError
from newscards.loader import load
from newscards.nodes import Node, Step, find, locate
from newscards.splice import Splice, line_end, line_start

_BY_HAND = "mend it by hand"


def fixed(source: bytes, change: Change, path: tuple[Step, ...], limits: Limits = LIMITS) -> bytes:
    """Return a whole file's bytes with a change made at ``path``.

    Every byte that the change is not about stays. Raises ``EditRefusedError`` where it cannot be made so, or
    where the new card does not read as the old one with exactly that change.
    """
    try:
        front = find_fences(source, limits)
        if isinstance(change, StripBefore):
            return source[len(front.before) :]
        expected = copy.deepcopy(read_whole(front).values)
        text = front.text()
        root = locate(text)
        if root is None:
            raise EditRefusedError("the front matter is empty")
        _apply(expected, change, path)
        splice = _splice(text, root, change, path)
        new = text[: splice.start] + splice.replacement + text[splice.end :]
        result = source[: front.start] + new.encode() + source[front.end :]
        after = find_fences(result, limits)
        stays = after.before == front.before and result[after.end :] == source[front.end :]
        if not stays or not _same(read_whole(after).values, expected):
            raise EditRefusedError("the fix would change more than the value", _BY_HAND)
        return result
    except UnreadableError as error:
        raise EditRefusedError(f"cannot be read: {error.reason}") from None


def _apply(fields: Any, change: Change, path: tuple[Step, ...]) -> None:
    """Make a change in values; the last of several equal keys is not in them twice."""
    parent = fields
    for step in path[:-1]:
        parent = parent[step]
    last = path[-1]
    if isinstance(change, SetValue):
        parent[last] = change.value
    elif isinstance(change, Reorder):
        parent[last] = [parent[last][index] for index in change.order]
    elif isinstance(change, Remove) and isinstance(parent, list):
        del parent[last]


def _same(one: Any, other: Any) -> bool:
    """Tell whether two values are equal, in type and order too, and a NaN its own."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other) or (one != one and other != other)


def _splice(text: str, root: Node, change: Change, path: tuple[Step, ...]) -> Splice:
    node, parent = find(root, path), find(root, path[:-1])
    if isinstance(change, SetValue):
        return _set_value(text, node, change.value)
    if isinstance(change, Reorder):
        return _reorder(text, node, change.order)
    if parent.is_mapping:
        return _remove_key(text, find(root, path, key=True), node, parent)
    return _remove_item(text, node, parent)


def _set_value(text: str, node: Node, value: object) -> Splice:
    if node.has_properties or not node.is_scalar:
        raise EditRefusedError("it carries an anchor, an alias or a tag, or is no single value", _BY_HAND)
    source = text[node.start : node.end].rstrip(" \t\r\n")
    end = node.start + len(source)
    if node.is_block_scalar and "#" in source.partition("\n")[0]:
        raise EditRefusedError(f"there is a comment behind the `{source[0]}`", _BY_HAND)
    if isinstance(value, bool):
        return Splice(node.start, end, "true" if value else "false")
    if not isinstance(value, str):
        return Splice(node.start, end, str(value))
    return Splice(node.start, end, _written(source, node, value))


_UNIT = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^xuU\n])|[^\\\n]")
_RAW = "\xa0\xad\u200c\u200d"
"""What cannot be seen and stands in texts as it is: blanks that do not break, hyphens that may, joiners."""
_MOST_COMPARED = 4_000_000
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _written(source: str, node: Node, value: str) -> str:
    """Return a text in the style of the scalar that it takes the place of, else in double quotes."""
    style = node.event.style
    if style == "'":
        candidate = "'" + value.replace("'", "''") + "'"
    elif not style:
        candidate = value
    else:
        candidate = _in_double_quotes(source, node.event.value, value) if style == '"' else ""
    return candidate if candidate and _reads(candidate) == value else f'"{_escaped(value)}"'


def _in_double_quotes(source: str, old: str, new: str) -> str:
    """Return ``source``, the old value in double quotes, with no more changed than the value was."""
    units = _UNIT.findall(source[1:-1])
    if len(units) != len(old):  # it goes over several lines, or the like
        return ""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if len(old) * len(new) > _MOST_COMPARED:
        return ""
    pieces = (
        "".join(units[a:b]) if kind == "equal" else _escaped(new[c:d])
        for kind, a, b, c, d in matcher.get_opcodes()
    )
    return f'"{"".join(pieces)}"'


def _escaped(value: str) -> str:
    """Return a text as it stands within double quotes (YAML 1.1, section 9.1.1)."""
    return "".join(
        _ESCAPES.get(c)
        or (c if c.isprintable() or c in _RAW else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c)
        for c in value
    )


def _reads(candidate: str) -> object:
    try:
        held = load(f"k: {candidate}\n").value
    except LoadError:
        return None
    return held.get("k") if isinstance(held, dict) and len(held) == 1 else None


def _item_lines(text: str, item: Node) -> tuple[int, int]:
    """Return where the lines of a block list's item begin and end, its dash included."""
    start = line_start(text, item.start)
    before = text[start : item.start]
    if before.strip() != "-":
        raise EditRefusedError("the item does not stand on lines of its own", _BY_HAND)
    return start, line_end(text, item)


def _remove_item(text: str, item: Node, parent: Node) -> Splice:
    items = parent.children
    if len(items) < 2 or not any(each is item for each in items):
        raise EditRefusedError("it is the only item of its list", _BY_HAND)
    if not parent.is_flow:
        return Splice(*_item_lines(text, item), "")
    index = next(index for index, each in enumerate(items) if each is item)
    start, end = (items[index - 1].end, item.end) if index else (item.start, items[1].start)
    if "#" in text[start : item.start] + text[item.end : end]:
        raise EditRefusedError("there is a comment beside the item", _BY_HAND)
    return Splice(start, end, "")


def _remove_key(text: str, key: Node, value: Node, parent: Node) -> Splice:
    start = line_start(text, key.start)
    if parent.is_flow or text[start : key.start].strip():
        raise EditRefusedError("the key does not stand on a line of its own", _BY_HAND)
    return Splice(start, line_end(text, value), "")


def _reorder(text: str, node: Node, order: tuple[int, ...]) -> Splice:
    if node.is_flow or len(node.children) != len(order):
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
