"""The change of a value, in words on one line: ``quality: 67 -> 90``, ``topics: - Ports, + AI``.

Of a long text that changed in part, the words that did are shown: ``title: …the [-herings-]{+herring+}…``.
Of several changes, those are shown that can be read in the room, and the number of the others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from newscards.cards.assignments import field_of
from newscards.cards.fields import FieldType
from newscards.cards.word_changes import Part, Size, fitted, marked, word_changes
from newscards.text import counted, cut, json_text, one_line, shorten

_MAX_VALUE = 180
"""How many characters of a value are shown where there is room."""
_MIN_READABLE = 40
"""The width from which on two cut texts, or the words that changed in one, can be read."""


def change_text(change: Mapping[str, Any], max_value: int = _MAX_VALUE) -> str:
    """Return a change with its field's name; each value is cut to ``max_value`` characters.

    A change is ``{field, was, now}`` with JSON values. ``was`` is absent for a new value, ``now`` for a
    deleted one.
    """
    return f"{change['field']}: {value_change_text(change, max_value)}"


def value_change_text(change: Mapping[str, Any], max_value: int = _MAX_VALUE) -> str:
    """Return a change without its field's name: ``67 -> 90``."""
    was, now = change.get("was"), change.get("now")
    words = _words_text(was, now, 2 * max_value) if isinstance(was, str) and isinstance(now, str) else ""
    return words or _both_values(change, max_value)


@lru_cache(maxsize=1024)
def _words_text(was: str, now: str, room: int) -> str:
    """Return the words that changed, remembered because the copies of a card in others change like it."""
    return marked(fitted(_words_between(was, now), room))


def _both_values(change: Mapping[str, Any], max_value: int) -> str:
    if "was" not in change and "now" not in change:
        return _related_change(change)
    name, was, now = change["field"], change.get("was"), change.get("now")
    if isinstance(now, list) and (was is None or isinstance(was, list)):
        return _list_change(was or [], now)
    if "was" not in change:
        return f"{_shown(name, now, max_value)} (there was none)"
    if isinstance(was, str) and isinstance(now, str):
        was, now = _around_difference(was, now, max_value)
    after = _shown(name, now, max_value) if "now" in change else "none"
    return f"{_shown(name, was, max_value)} -> {after}"


def _around_difference(was: str, now: str, max_value: int) -> tuple[str, str]:
    """Return two texts without their common beginning, if the difference would be cut off otherwise."""
    shorter = min(len(was), len(now))
    same = next((at for at in range(shorter) if was[at] != now[at]), shorter)
    if max(len(was), len(now)) <= max_value or same < max_value * 2 // 3:
        return was, now
    begin = same - max_value // 3
    words = was.find(" ", begin, same) + 1  # a whole word, if there is one
    return f"…{was[words or begin :]}", f"…{now[words or begin :]}"


def changes_parts(
    changes: Sequence[Mapping[str, Any]], room: int, size: Size = len, *, marks: bool = True
) -> tuple[list[Part], int]:
    """Return the changes of a card with their fields' names, as parts; and how many of them can be read.

    If there is no ``room`` for all, the first that can be read are shown, at least one, and the number of the
    others. ``size`` and ``marks`` are as in ``value_change_parts``.
    """
    names = [f"{change['field']}: " for change in changes]
    tried = min(len(changes), max(room // len("heat: 0 -> 1; "), 1))
    needed = [size(value_change_text(change)) for change in changes[:tried]]
    for count in range(tried, 0, -1):
        others = f"; and {len(changes) - count:,} more" if count < len(changes) else ""
        widths = _shared(needed[:count], room - size("; ".join(names[:count]) + others))
        unread = [width < min(need, _MIN_READABLE) for width, need in zip(widths, needed, strict=False)]
        if not any(unread):
            break
    parts: list[Part] = []
    for change, name, width in zip(changes, names, widths, strict=False):
        values = value_change_parts(change, width, size, marks=marks)
        parts += [Part("", f"; {name}" if parts else name), *values]
    return [*parts, Part("", others)], 0 if any(unread) else count


def _shared(needed: Sequence[int], room: int) -> list[int]:
    """Return the widths of texts that share a room: a short one gets what it needs, and leaves the rest."""
    widths, left = [0] * len(needed), max(room, 0)
    for place, index in enumerate(sorted(range(len(needed)), key=needed.__getitem__)):
        widths[index] = min(needed[index], left // (len(needed) - place))
        left -= widths[index]
    return widths


def value_change_parts(
    change: Mapping[str, Any], room: int, size: Size = len, *, marks: bool = True
) -> list[Part]:
    """Return a change without its field's name, in a room that is measured by ``size``, as parts.

    Only the words of a text that were removed or added have a sign; ``marks`` is as in ``fitted``.
    """
    if words := fitted(_word_changes(change), room, size, marks=marks):
        return words
    most, text = _MAX_VALUE, _both_values(change, _MAX_VALUE)
    while size(text) > room and most > 1:  # cut both values, because the later one matters more
        most = most * 3 // 4
        text = _both_values(change, most)
    return [Part("", text)]


def _word_changes(change: Mapping[str, Any]) -> Sequence[Part]:
    was, now = change.get("was"), change.get("now")
    return _words_between(was, now) if isinstance(was, str) and isinstance(now, str) else ()


@lru_cache(maxsize=64)
def _words_between(was: str, now: str) -> Sequence[Part]:
    """Return ``word_changes``, remembered because a line is made several times until it fits."""
    return word_changes(was, now)


def _list_change(was: list[Any], now: list[Any]) -> str:
    """Return the change of a list of texts: ``+ AI``, ``- AI``, ``Ai -> AI``."""
    before, after = Counter(map(_item, was)), Counter(map(_item, now))
    gone, new = list((before - after).elements()), list((after - before).elements())
    if len(was) == len(now) and len(gone) == len(new) == 1:
        return f"{gone[0]} -> {new[0]}"
    new_first = _item(now[0]) if was and now else ""  # the site's own topic, if it names none
    added = (f"+ {each} (first)" if each == new_first else f"+ {each}" for each in new)
    return ", ".join([*(f"- {each}" for each in gone), *added]) or "another order"


def _related_change(change: Mapping[str, Any]) -> str:
    """Return a change of ``related`` as counts of entries, or ``changed`` if there are none."""
    signs = (("added", "+"), ("removed", "-"))
    parts = [" ".join(f"{sign}{change[word]:,}" for word, sign in signs if word in change)]
    parts += [f"{counted(change['updated'], 'copy', 'copies')} updated"] if "updated" in change else []
    parts += ["another order"] if "reordered" in change else []
    return ", ".join(filter(None, parts)) or "changed"


def _item(value: object) -> str:
    return shorten(one_line(value if isinstance(value, str) else json_text(value)))


def _shown(name: str, value: Any, max_value: int) -> str:
    field = field_of(name)
    is_text = isinstance(value, str) and field is not None and field.kind in (FieldType.TEXT, FieldType.DATE)
    return cut(shorten(one_line(value if is_text and value else json_text(value))), max_value)
