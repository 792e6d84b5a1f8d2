"""Operations applied to a card's bytes in memory, each verified by reading the card again.

``transaction`` writes the result.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from newscards.cards.values import MISSING, Scalar, field_name, same
from newscards.edits.operations import Append, Change, Operation, Remove, Reorder, SetValue, StripBefore
from newscards.edits.outline import Location, Outline, Splice, resolve
from newscards.edits.patches import Patch, difference, patched
from newscards.edits.splices import append, insert, remove, reorder, set_scalar
from newscards.errors import EditRefusedError
from newscards.frontmatter.blocks import read_fields
from newscards.frontmatter.fences import FrontMatter, UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.nodes import Step
from newscards.frontmatter.positions import position

MAX_FILE_BYTES = 64 << 20
"""The size in bytes of the largest file that is edited: memory holds its old and its new bytes."""


@dataclass(frozen=True, slots=True)
class EditedCard:
    """A card after an edit: the ``new`` bytes of the whole file, its fields, and the patches in order."""

    new: bytes = field(repr=False)
    values: Mapping[Any, Any] = field(repr=False)
    patches: tuple[Patch, ...]

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.patches)


def edit_source(
    source: bytes, operations: Sequence[Operation], limits: Limits = LIMITS, *, at_once: bool = False
) -> EditedCard:
    """Apply operations to the bytes of a whole file, one after the other or ``at_once``.

    Raises ``EditRefusedError`` where the card cannot be read, and where ``apply_operations`` or
    ``apply_at_once`` does.
    """
    try:
        front = find_fences(source, limits)
        values = read_fields(front).values
    except UnreadableError as error:
        raise unreadable_refusal(source, error) from None
    return (apply_at_once if at_once else apply_operations)(front, values, operations)


def unreadable_refusal(source: bytes, error: UnreadableError) -> EditRefusedError:
    """Return the error for a card that cannot be read, with the reason and its line and column."""
    line, column = position(source, error.offset)
    reason = f"cannot be read: {error.reason}"
    return EditRefusedError(f"{reason} (line {line}, column {column})", cause=reason)


def apply_operations(
    front: FrontMatter, values: Mapping[Any, Any], operations: Sequence[Operation]
) -> EditedCard:
    """Apply operations to a card whose whole file was read, one after the other.

    ``values`` is what ``blocks.read_fields`` returns for ``front``; it is not modified. A change touches no
    bytes but its own, and none where the value is equal already. Raises ``EditRefusedError`` where a change
    cannot be made like this, or the new card does not read as the old one with exactly that change.
    """
    outline: Outline | None = None
    patches: list[Patch] = []
    for path, change in operations:
        try:
            if isinstance(change, StripBefore):
                patch, outline, front = _strip_before(front)
            else:
                outline = outline or Outline.of(front)
                applied = _apply(outline, values, path, change)
                if applied is None:
                    continue
                patch, outline, front, values = applied
        except (UnreadableError, yaml.YAMLError) as error:
            raise EditRefusedError(f"the edited card could not be read again: {error}") from None
        patches += [patch] if patch.old != patch.new else []
    return EditedCard(front.source, values, tuple(patches))


def apply_at_once(
    front: FrontMatter, values: Mapping[Any, Any], operations: Sequence[Operation]
) -> EditedCard:
    """Apply operations that set or remove values, which all have to be there, as ``apply_operations`` does.

    The card is read again once, and not after each operation; each path is that in the card as it is before.
    Raises ``EditRefusedError`` also where operations meet in one place.
    """
    source = front.source
    try:
        outline = Outline.of(front)
        splices = [splice for each in operations if (splice := _splice_of(outline, values, *each))]
        text = _spliced(outline.text, splices)
        new = source[: front.start] + text.encode() + source[front.end :]
        after = find_fences(new, front.limits)
        fields = read_fields(after).values
    except (UnreadableError, yaml.YAMLError) as error:
        raise EditRefusedError(f"the edited card could not be read again: {error}") from None
    except (LookupError, TypeError, AttributeError, UnicodeEncodeError):
        raise EditRefusedError("a value cannot be edited", "edit it by hand") from None
    stays = after.before == front.before and source[front.end :] == new[after.end :]
    if not (stays and same(fields, _expected_at_once(values, operations))):
        raise EditRefusedError("the edit would change more than the values", "edit it by hand")
    return EditedCard(new, fields, difference(source, new))


def _is_made(values: Mapping[Any, Any], path: tuple[Step, ...], change: Change) -> bool:
    """Return whether a value is set already, so that its spelling stays."""
    return isinstance(change, SetValue) and not change.rewrite and same(_value_at(values, path), change.value)


def _splice_of(
    outline: Outline, values: Mapping[Any, Any], path: tuple[Step, ...], change: Change
) -> Splice | None:
    """Return the splice of an operation on a value that is there; ``None`` where it is equal already."""
    if _value_at(values, path) is MISSING:
        raise EditRefusedError(f"`{field_name(path)}` is missing", "edit it by hand")
    if _is_made(values, path, change):
        return None
    is_in_entry = len(path) > 2 and path[0] == "related"
    if isinstance(change, SetValue) and is_in_entry and (entry := outline.entry(path[1])):
        start, text = entry
        remembered = _splice_in_entry if len(text) <= _MAX_REMEMBERED else _splice_in_entry.__wrapped__
        if splice := remembered(text, path[2:], change.value, change.rewrite):
            return splice._replace(start=splice.start + start, end=splice.end + start)
    place = resolve(outline, path, strict=isinstance(change, SetValue))
    if place.node is None:
        raise EditRefusedError(f"`{field_name(path)}` is missing", "edit it by hand")
    return _splice_for(outline.text, place, change)


_MAX_REMEMBERED = 1 << 14
"""The length in code points up to which an entry of ``related`` is remembered."""


@lru_cache(maxsize=4096, typed=True)
def _splice_in_entry(entry: str, path: tuple[Step, ...], value: Scalar, rewrite: bool) -> Splice | None:
    """Return the splice that sets a value in the text of an entry; ``None`` if that text alone is no entry.

    It is remembered, because a card's entry stands in all cards of its story: in a corpus of 5,000 cards this
    saves nine tenths of the time for fixing copies.
    """
    head = f"---\n{_RELATED}"
    try:
        outline = Outline(find_fences(f"{head}{entry}---\n".encode()), None)
        place = resolve(outline, ("related", 0, *path), strict=True)
        if place.node is None or len(outline.root.pair(0)[1].children) != 1:
            return None
        start, end, replacement = _splice_for(outline.text, place, SetValue(value, rewrite))
    except (EditRefusedError, UnreadableError, yaml.YAMLError, LookupError):
        return None
    return Splice(start - len(_RELATED), end - len(_RELATED), replacement)


_RELATED = "related:\n"


def _spliced(text: str, splices: Sequence[Splice]) -> str:
    """Return a text with splices applied; raises ``EditRefusedError`` where they overlap."""
    parts: list[str] = []
    at = 0
    for start, end, replacement in sorted(splices):
        if start < at:
            raise EditRefusedError("two changes meet in one place", "make one of them alone")
        parts += (text[at:start], replacement)
        at = end
    return "".join((*parts, text[at:]))


def _expected_at_once(values: Mapping[Any, Any], operations: Sequence[Operation]) -> dict[Any, Any]:
    """Return the fields expected after operations that set or remove values that are there."""
    new = dict(values)
    own: dict[int, Any] = {}  # the copies by their id(): all else is shared with ``values``
    removed: dict[tuple[Step, ...], tuple[list[Any], set[Step]]] = {}
    for path, change in operations:
        parent: Any = new
        for step in path[:-1]:
            inner = parent[step]
            if id(inner) not in own and isinstance(inner, dict | list):
                inner = parent[step] = inner.copy()
                own[id(inner)] = inner
            parent = inner
        if isinstance(change, SetValue):
            parent[path[-1]] = change.value
        elif isinstance(parent, list):
            removed.setdefault(path[:-1], (parent, set()))[1].add(path[-1])
    for items, indices in removed.values():  # last, because the indices are those before
        items[:] = [item for index, item in enumerate(items) if index not in indices]
    return new


def read_whole_file(path: str) -> bytes:
    """Return all bytes of a file to be edited; raises ``EditRefusedError`` and ``OSError``."""
    status = os.stat(path)  # before it is opened: opening a pipe waits for its writer
    if not stat.S_ISREG(status.st_mode):
        raise EditRefusedError("it is not a file")
    if status.st_size > MAX_FILE_BYTES:
        raise EditRefusedError(f"the file is larger than {MAX_FILE_BYTES >> 20} MiB", "edit it by hand")
    with open(path, "rb") as file:
        return file.read()


_Applied = tuple[Patch, Outline | None, FrontMatter, Mapping[Any, Any]]


def _strip_before(front: FrontMatter) -> tuple[Patch, None, FrontMatter]:
    """Return a patch that deletes everything before the fence, no outline, and the new front matter."""
    patch = Patch(0, front.before, b"")
    return patch, None, find_fences(patched(front.source, [patch]), front.limits)


def _apply(
    outline: Outline, values: Mapping[Any, Any], path: tuple[Step, ...], change: Change
) -> _Applied | None:
    """Make one change; return the patch and the new card, or ``None`` where the value is equal already."""
    if not path:
        raise EditRefusedError("only the values of a card can be changed")
    place = resolve(outline, path, strict=isinstance(change, SetValue | Append))
    if _is_made(values, path, change):
        return None
    if place.node is None and _value_at(values, path) is not MISSING:
        raise EditRefusedError(f"`{field_name(path)}` comes from another place, by `<<`", "edit it by hand")
    try:
        expected = _expected(values, path, change)
        splice = _splice_for(outline.text, place, change)
        patch = outline.patch(splice)
    except (LookupError, TypeError, AttributeError, UnicodeEncodeError):
        raise EditRefusedError(f"`{field_name(path)}` cannot be edited", "edit it by hand") from None
    old = outline.front
    new = patched(old.source, [patch])
    after, front, (fields, _) = outline.after(splice, new)
    if place.node is None:
        _put_in_order(expected, fields, path[: len(path) - len(place.missing) + 1])
    stays = front.before == old.before and old.source[old.end :] == new[front.end :]
    if not (stays and same(fields, expected)):
        raise EditRefusedError("the edit would change more than the value", "edit it by hand")
    return patch, after, front, fields


def _splice_for(text: str, place: Location, change: Change) -> Splice:
    if isinstance(change, SetValue):
        make = set_scalar if place.node else insert
        return make(text, place, change.value)
    if isinstance(change, Append):
        return append(text, place, change.value)
    if isinstance(change, Reorder):
        return reorder(text, place, change.order)
    return remove(text, place)


def _value_at(values: Any, path: tuple[Step, ...]) -> Any:
    """Return the value at a path, or ``MISSING``."""
    for step in path:
        try:
            values = values[step]
        except (LookupError, TypeError):
            return MISSING
    return values


def _expected(values: Mapping[Any, Any], path: tuple[Step, ...], change: Change) -> dict[Any, Any]:
    """Return the fields expected after a change; the given values are not modified."""
    new = dict(values)
    if path[0] in new:
        new[path[0]] = _deep_copy(new[path[0]])
    parent: Any = new
    for step in path[:-1]:
        if isinstance(parent, dict):
            parent.setdefault(step, {})
        parent = parent[step]
    last = path[-1]
    if isinstance(change, SetValue):
        parent[last] = change.value
    elif isinstance(change, Append):
        parent[last] = [
            *((parent.get(last) if isinstance(parent, dict) else parent[last]) or ()),
            change.value,
        ]
    elif isinstance(change, Reorder):
        parent[last] = [parent[last][index] for index in change.order]
    elif isinstance(change, Remove) and isinstance(parent, list):
        del parent[last]
    return new


def _deep_copy(value: Any) -> Any:
    """Return a copy that shares no value, also where YAML aliases made one value stand at two places."""
    if isinstance(value, dict):
        return {key: _deep_copy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_deep_copy(inner) for inner in value]
    return value


def _put_in_order(expected: Any, found: Any, path: tuple[Step, ...]) -> None:
    """Move a key that was added in ``expected`` to its position in ``found``; equality counts the order."""
    parent, order = _value_at(expected, path[:-1]), _value_at(found, path[:-1])
    if isinstance(parent, dict) and isinstance(order, dict) and path[-1] in order:
        keys = [key for key in parent if key != path[-1]]
        keys.insert(list(order).index(path[-1]), path[-1])
        inner = {key: parent[key] for key in keys}
        parent.clear()
        parent.update(inner)
