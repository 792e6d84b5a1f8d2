"""Text replacements in a front matter that set, add, remove or reorder values.

An existing value is replaced at its place; a missing key or item is inserted where and how a person would
write it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from newscards.cards.fields import Format, field_at
from newscards.cards.values import Scalar, field_name
from newscards.edits.outline import Level, Location, Splice
from newscards.edits.scalars import format_replacement, format_scalar
from newscards.errors import EditRefusedError
from newscards.frontmatter.limits import LoadError
from newscards.frontmatter.loader import load
from newscards.frontmatter.nodes import Node, Step

_COMMENT = re.compile(r"([ \t]*)#[^\n]*\n")

_LIST = re.compile(r"^[^\s#-][^\n]*:[ \t]*\r?\n( *)- ", re.MULTILINE)

_MAPPING = re.compile(r"^[^\s#-][^\n]*:[ \t]*\r?\n( +)[^\s#-]", re.MULTILINE)

_BY_HAND = "edit it by hand"

_ADD_BY_HAND = "add it by hand"


def set_scalar(text: str, place: Location, value: Scalar) -> Splice:
    """Return the splice that sets a scalar to another value, in its style.

    The tag ``!``, which names no type, goes with the old value. Raises ``EditRefusedError`` where it is a
    collection or an alias, or carries an anchor or another tag.
    """
    node, name = _existing_node(place), field_name(place.path)
    if node.has_properties and not node.has_non_specific_tag:
        raise EditRefusedError(f"`{name}` carries an anchor, an alias or a tag", _BY_HAND)
    if not node.is_scalar:
        raise EditRefusedError(f"`{name}` holds more than a single value", _BY_HAND)
    whole = text[node.start : node.end].rstrip(" \t\r\n")
    source = whole[1:].lstrip(" \t\r\n") if node.has_non_specific_tag else whole
    # A text after `|` ends at the start of the next line; its line end is not part of the value.
    if node.is_block_scalar and "#" in source.partition("\n")[0]:
        raise EditRefusedError(f"`{name}` has a comment behind its `{source[0]}`", _BY_HAND)
    new = format_replacement(source, node, value, flow=place.flow)
    if not source and text[node.start - 1] not in " \t":  # `published:` - the value begins behind the colon
        new = f" {new}"
    return Splice(node.start, node.start + len(whole), new)


def insert(text: str, place: Location, value: Scalar, *, item: bool = False) -> Splice:
    """Return the splice that adds a missing key, with the mappings around it, in the order of FIELDS.

    With ``item`` the value becomes the only item of a list. Raises ``EditRefusedError`` where the place is
    not clear.
    """
    level, path = place.parent, place.path
    name = field_name(path)
    texts = [step for step in place.missing if isinstance(step, str)]
    if not isinstance(level, Level) or len(texts) < len(place.missing):
        raise EditRefusedError(f"`{name}` is missing, and what it stands in is, too", _ADD_BY_HAND)
    index, is_before = _neighbor(level, place.missing[0])
    new = format_scalar(
        value, _style_for_key(level, index + (not is_before), path, item=item), flow=place.flow
    )
    steps = [_format_key(step) for step in texts]
    if level.is_flow:
        return _insert_in_braces(level, name, steps, f"[{new}]" if item else new)
    if not level.keys:
        raise EditRefusedError(f"`{name}` is missing, and its place is not clear", _ADD_BY_HAND)
    return _insert_lines(text, level, index, is_before, steps, new, item=item)


def append(text: str, place: Location, value: Scalar) -> Splice:
    """Return the splice that adds an item to the end of a list, in the style of the last one.

    A missing list is created. Raises ``EditRefusedError`` where the value is not a list, or comments stand in
    the way.
    """
    node, path, name = place.node, place.path, field_name(place.path)
    if node is None:
        return insert(text, place, value, item=True)
    if node.has_properties:
        raise EditRefusedError(f"`{name}` carries an anchor, an alias or a tag", "edit it by hand")
    if node.is_scalar and not node.event.style and node.key() is None:
        return _fill_empty(text, place, node, value)
    if node.is_scalar or node.is_mapping:
        raise EditRefusedError(f"`{name}` is not a list", "edit it by hand")
    new = format_scalar(value, _style_of_items(node, path), flow=node.is_flow)
    if not node.children:
        return Splice(node.start + 1, node.start + 1, new)
    last = node.children[-1]
    if node.is_flow:
        return _append_in_brackets(text, node, name, new)
    start = line_start(text, last.start)
    dash = text[start : last.start]
    if dash.strip(" \t") != "-":
        raise EditRefusedError("the last item does not stand on lines of its own", "edit it by hand")
    if dash.endswith("-"):  # an empty item
        dash += " "
    at = end_with_comments(text, last, dash.index("-"))
    return Splice(at, at, f"{dash}{new}{line_break(text, start)}")


def remove(text: str, place: Location) -> Splice:
    """Return the splice that removes an item, or all but the first of equal keys, with its lines.

    Raises ``EditRefusedError`` where it is the only one, or does not stand on lines of its own.
    """
    node, parent = _existing_node(place), place.parent
    if not isinstance(parent, Level):
        return _remove_item(text, node, parent, place.path[-1])
    pairs = [parent.pair(index) for index in parent.indices(place.path[-1])[1:]]
    if not pairs:
        raise EditRefusedError(f"`{field_name(place.path)}` stands only once", _BY_HAND)
    lines: list[tuple[int, int]] = []
    for key, value in pairs:
        start = line_start(text, key.start)
        if parent.is_flow or text[start : key.start].strip():
            raise EditRefusedError("the key does not stand on a line of its own", _BY_HAND)
        lines.append((start, line_end(text, value)))
    between = [text[end:start] for (_, end), (start, _) in pairwise(lines)]
    return Splice(lines[0][0], lines[-1][1], "".join(between))


def reorder(text: str, place: Location, order: tuple[int, ...]) -> Splice:
    """Return the splice that puts the items of a list into another order, each with its lines.

    Raises ``EditRefusedError`` where they do not stand on lines of their own, or comments stand between them.
    """
    node = _existing_node(place)
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


def line_start(text: str, offset: int) -> int:
    """Return the offset of the beginning of the line that contains an offset."""
    return text.rfind("\n", 0, offset) + 1


def line_end(text: str, node: Node) -> int:
    """Return the offset of the line after a value.

    Blank lines below a block scalar (``|`` or ``>``) are part of it only where it keeps them (``|+``).
    """
    leaf = node.last_leaf()
    end = leaf.end
    if leaf.is_block_scalar:
        source = text[leaf.start : leaf.end]
        if "+" in source.partition("\n")[0].partition("#")[0]:
            return end
        end = leaf.start + len(source.rstrip(" \t\r\n"))
    return text.find("\n", end) + 1 or len(text)


def end_with_comments(text: str, node: Node, column: int) -> int:
    """Return where the lines of a value end; its key or dash stands in ``column``.

    Comments that follow it and are indented by more belong to it.
    """
    at = line_end(text, node)
    while (comment := _COMMENT.match(text, at)) and len(comment[1]) > column:
        at = comment.end()
    return at


def start_with_comments(text: str, start: int, first: int) -> int:
    """Return where the lines of the key at ``start`` begin, at ``first`` or later.

    Comments directly above it with the same indentation belong to it.
    """
    at = line_start(text, start)
    indentation = text[at:start]
    while at > first:
        before = line_start(text, at - 1)
        comment = _COMMENT.fullmatch(text, before, at)
        if before < first or not comment or comment[1] != indentation:
            break
        at = before
    return at


def line_break(text: str, offset: int) -> str:
    """Return the line end of the line that contains an offset."""
    end = text.find("\n", offset)
    return "\r\n" if end > 0 and text[end - 1] == "\r" else "\n"


def list_indentation(text: str) -> str:
    """Return the indentation of lists in a card, as blanks; two where it has no list."""
    found = _LIST.search(text)
    return found[1] if found else "  "


def mapping_indentation(text: str) -> str:
    """Return the indentation of mappings in a card, as blanks; two where it has no mapping."""
    found = _MAPPING.search(text)
    return found[1] if found else "  "


def _existing_node(place: Location) -> Node:
    if place.node is None:
        raise EditRefusedError(f"`{field_name(place.path)}` is missing")
    return place.node


def _item_lines(text: str, item: Node) -> tuple[int, int]:
    """Return the start and end of the lines of an item in a block list, its dash included."""
    start = line_start(text, item.start)
    if text[start : item.start].strip() != "-":
        raise EditRefusedError("the item does not stand on lines of its own", _BY_HAND)
    return start, line_end(text, item)


def _remove_item(text: str, item: Node, parent: Node, index: int) -> Splice:
    items = parent.children
    if len(items) < 2:
        raise EditRefusedError("it is the only item of its list", _BY_HAND)
    if not parent.is_flow:
        return Splice(*_item_lines(text, item), "")
    start, end = (items[index - 1].end, item.end) if index else (item.start, items[1].start)
    if "#" in text[start : item.start] + text[item.end : end]:
        raise EditRefusedError("there is a comment beside the item", _BY_HAND)
    return Splice(start, end, "")


def _neighbor(level: Level, name: Step) -> tuple[int, bool]:
    """Return the index of the key that a new key stands next to, and whether it goes before that key."""
    known = field_at(level.path)
    order = [field.name for field in (known.fields if known else ())]
    ranks = {i: order.index(key) for i, key in enumerate(level.keys) if key in order}
    rank = order.index(name) if name in order else None
    if rank is not None and (earlier := [i for i in ranks if ranks[i] < rank]):
        return max(earlier, key=lambda i: (ranks[i], i)), False
    if rank is not None and ranks:
        return min(ranks, key=lambda i: (ranks[i], i)), True
    return len(level.keys) - 1, False


def _style_for_key(level: Level, index: int, path: tuple[Step, ...], *, item: bool) -> str | None:
    """Return the quotes of a new text in a mapping: those of the nearest text before it, else after it.

    Fields with a list of choices (``type: article``) and other texts do not follow each other's style.
    """
    known = field_at(path)
    if item:
        known = known and known.item
    elif len(path) == len(level.path) + 1:
        for i in [*range(index - 1, -1, -1), *range(index, len(level.keys))]:
            sibling = field_at((*level.path, level.keys[i]))
            if bool(sibling and sibling.choices) is bool(known and known.choices):
                value = level.pair(i)[1]
                if _is_text(value):
                    style: str | None = value.event.style
                    return '"' if style in ("|", ">") else style
    return '"' if known and (known.format is not Format.ANY or known.name in ("title", "excerpt")) else None


def _style_of_items(node: Node, path: tuple[Step, ...]) -> str | None:
    """Return the quotes of the last text in a list."""
    for item in reversed(node.children):
        if _is_text(item):
            style: str | None = item.event.style
            return '"' if style in ("|", ">") else style
    known = field_at((*path, 0))
    return '"' if known and known.format is not Format.ANY else None


def _is_text(node: Node) -> bool:
    return node.is_scalar and not node.event.tag and type(node.key()) is str


@lru_cache(maxsize=256)
def _format_key(step: str) -> str:
    """Return a key as YAML, in quotes where it needs them."""
    try:
        if load(f"{step}: 1\n").value == {step: 1}:
            return step
    except LoadError:
        pass
    return format_scalar(step, '"')


def _insert_lines(
    text: str, level: Level, index: int, is_before: bool, steps: list[str], new: str, *, item: bool
) -> Splice:
    """Return the splice that adds a key on lines of its own, before or after the key ``index``."""
    key, node = level.pair(index)
    start = line_start(text, key.start)
    prefix = text[start : key.start]
    if prefix.strip(" -"):
        raise EditRefusedError("its place is not clear", _ADD_BY_HAND)
    # The first key of an item may stand behind the dash; the new key then goes after it.
    is_before = is_before and "-" not in prefix
    end = line_break(text, start)
    lines = list(_lines_of_key(text, " " * len(prefix), steps, new, item=item))
    block = "".join(line + end for line in lines)
    last = end_with_comments(text, node, len(prefix))
    first = start_with_comments(
        text, key.start, end_with_comments(text, level.pair(index - 1)[1], len(prefix)) if index else 0
    )
    # A value of several lines gets a blank line where the card has blank lines between its fields.
    if (len(lines) > 1 or not node.is_scalar) and _has_blank_line_beside(text, first, last):
        block = block + end if is_before else end + block
    at = first if is_before else last
    return Splice(at, at, block)


def _has_blank_line_beside(text: str, start: int, end: int) -> bool:
    """Return whether a blank line stands before or after the lines ``text[start:end]``."""
    before = text[line_start(text, start - 1) : start] if start else "-"
    after = text[end : text.find("\n", end) + 1] if end < len(text) else "-"
    return not before.strip() or not after.strip()


def _lines_of_key(text: str, indentation: str, steps: list[str], new: str, *, item: bool) -> Iterator[str]:
    """Yield the lines of a new key; ``steps`` are the keys of new mappings, outermost first, then itself."""
    for step in steps[:-1]:
        yield f"{indentation}{step}:"
        indentation += mapping_indentation(text)
    if item:
        yield f"{indentation}{steps[-1]}:"
        yield f"{indentation}{list_indentation(text)}- {new}"
    else:
        yield f"{indentation}{steps[-1]}: {new}"


def _insert_in_braces(level: Level, name: str, steps: list[str], new: str) -> Splice:
    """Return the splice that adds a key to the end of a mapping in braces."""
    if not level.path or level.node is None:
        raise EditRefusedError(
            f"`{name}` is missing, and the front matter is not written one `key: value` a line", _ADD_BY_HAND
        )
    for step in reversed(steps[1:]):
        new = f"{{{step}: {new}}}"
    new = f"{steps[0]}: {new}"
    if not level.keys:
        at = level.node.start + 1
        return Splice(at, at, new)
    at = level.pair(len(level.keys) - 1)[1].end
    return Splice(at, at, f", {new}")


def _append_in_brackets(text: str, node: Node, name: str, new: str) -> Splice:
    """Return the splice that adds an item to the end of a list in brackets, separated as the last one is."""
    last = node.children[-1]
    if "#" in text[last.end : node.end]:
        raise EditRefusedError(f"a comment stands behind the last item of `{name}`", "edit it by hand")
    between = text[node.children[-2].end : last.start] if len(node.children) > 1 else ", "
    start = line_start(text, last.start)
    is_alone = len(node.children) == 1 and start > node.start and not text[start : last.start].strip()
    if "\n" in between or is_alone:
        between = "," + line_break(text, start) + text[start : last.start]
    return Splice(last.end, last.end, between + new)


def _fill_empty(text: str, place: Location, node: Node, value: Scalar) -> Splice:
    """Return the splice that writes a list of one item at a key that has no value."""
    field = field_at((*place.path, 0))
    new = format_scalar(value, '"' if field and field.format is not Format.ANY else None, flow=place.flow)
    if place.flow:
        return Splice(node.start, node.end, " " * (text[node.start - 1] == ":") + f"[{new}]")
    if place.key is None or not isinstance(place.parent, Level):
        raise EditRefusedError(f"`{field_name(place.path)}` is not a list", "edit it by hand")
    # The rest of the line (a comment, perhaps) stays behind the colon; a `~` goes away.
    line = line_start(text, place.key.start)
    start = line + len(text[line : node.start].rstrip(" \t"))
    end = line_end(text, node)
    prefix = text[line : place.key.start]
    if prefix.strip(" -"):
        raise EditRefusedError("its place is not clear", "edit it by hand")
    indentation = " " * len(prefix) + list_indentation(text)
    rest = text[node.end : end]
    return Splice(start, end, f"{rest}{indentation}- {new}{line_break(text, line)}")
