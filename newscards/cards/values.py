"""Values of a card: found by dotted name, as JSON, as a table cell, as a sort key."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, TypeAlias

from newscards.cards.card import Card, moment, whole_number
from newscards.cards.fields import dotted_name
from newscards.text import json_text, path_json

if TYPE_CHECKING:
    from newscards.frontmatter.nodes import IrregularText, Step

Scalar: TypeAlias = str | bool | int | float | date
"""A single value that can be written into a card."""


MISSING: Any = object()
"""The result of ``lookup`` for a field that the card does not have; null is a value."""

_NAME = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[\d{1,18}\])*")  # no list has an item of a larger index
_STEP = re.compile(r"\.?([^.\[\]]+)|\[(\d+)\]")


def was_and_now(was: Any, now: Any) -> dict[str, Any]:
    """Return two states of a value as ``{was, now}``, leaving out a state that is ``MISSING``."""
    return {word: value for word, value in (("was", was), ("now", now)) if value is not MISSING}


def lookup(fields: Any, name: str) -> Any:
    """Return the value of a dotted name: ``title``, ``provider.name``, ``images[0].url``.

    ``images.url`` is the list of the URLs of all images. Return ``MISSING`` if there is no such value.
    """
    if type(fields) is dict or isinstance(fields, Mapping):
        if name in fields:
            return fields[name]
        if (pair := _pair(name)) and type(inner := fields.get(pair[0])) is dict and pair[1] in inner:
            return inner[pair[1]]  # such as `provider.name`
    if not (steps := _steps(name)):
        return MISSING
    values, many = [fields], False
    for match in steps:
        if match[2] is not None:
            values = [v[int(match[2])] for v in values if isinstance(v, list) and int(match[2]) < len(v)]
            continue
        flat: list[Any] = []
        for value in values:
            many = many or isinstance(value, list)
            flat += value if isinstance(value, list) else [value]
        inner_values = (_get(value, match[1]) for value in flat if isinstance(value, Mapping))
        values = [value for value in inner_values if value is not MISSING]
    if many:
        return values or MISSING
    return values[0] if values else MISSING


COMPUTED = ("path", "id")
"""The names of a card's values that are not fields of its file."""

_OWN = "card."
"""The beginning of a name that means a field of the file, whatever is computed under the rest of the name."""


def own_name(name: str) -> str:
    """Return the dotted name of a field in the file.

    It is the name without ``card.``, or with a dot for an underscore that joins two names of fields:
    ``provider.name`` of ``provider_name``. Any other name is returned as it is.
    """
    return name.removeprefix(_OWN) if name.startswith(_OWN) else dotted_name(name)


def full_name(key: str) -> str:
    """Return the name that means a card's own key: ``card.id`` for ``id``, which is computed; else itself."""
    return _OWN + key if key in COMPUTED or key.startswith(_OWN) else key


def sort_value(name: str, card: Card) -> object:
    """Return the value by which a card is sorted: of a dotted name, or of ``id`` or ``path``."""
    return getattr(card, name) if name in COMPUTED else lookup(card.fields, own_name(name))


@lru_cache
def _pair(name: str) -> Sequence[str]:
    """Return the two parts of a dotted name of two names; else nothing."""
    steps = _steps(name)
    return [step[1] for step in steps] if len(steps) == 2 and all(step[1] for step in steps) else ()


@lru_cache
def _steps(name: str) -> Sequence[re.Match[str]]:
    """Return the steps of a dotted name; nothing if it is not a valid name."""
    return list(_STEP.finditer(name)) if _NAME.fullmatch(name) else []


def steps_of(name: str) -> tuple[Step, ...]:
    """Return a dotted name as a path: ``related[3].title`` is ``("related", 3, "title")``.

    Nothing is returned for a text that is no name.
    """
    return tuple(int(step[2]) if step[2] else step[1] for step in _steps(name))


def _get(mapping: Mapping[Any, Any], name: str) -> Any:
    if name in mapping:
        return mapping[name]
    others = (key for key in mapping if not isinstance(key, str) and key_text(key) == name)
    return next((mapping[key] for key in others), MISSING)


def card_json(card: Card) -> dict[str, Any]:
    """Return a card as a JSON object: ``path``, ``id``, then its fields, under their full names, in order."""
    identifiers = {"path": path_json(card.path), "id": path_json(card.id)}
    return identifiers | {full_name(name): value for name, value in fields_json(card).items()}


def fields_json(card: Card) -> dict[str, Any]:
    """Return a card's fields as JSON values; a value that JSON cannot represent is its source text."""
    return {
        key_text(key): value if type(value) in _JSON_TYPES else _json(value, (key,), card.irregular)
        for key, value in card.fields.items()
    }


def column(card: Card, name: str) -> Any:
    """Return a card's path, id or field by its dotted name, as a JSON value; ``MISSING`` if there is none."""
    if name in COMPUTED:
        return path_json(card.path if name == "path" else card.id)
    return own_column(card, own_name(name))


def own_column(card: Card, name: str) -> Any:
    """Return one field of a card by its dotted name, as a JSON value; ``MISSING`` if there is none."""
    value = card.fields.get(name, MISSING)
    if type(value) in _JSON_TYPES:
        return value
    if value is MISSING:
        value = lookup(card.fields, name)
    if (text := card.irregular) and (_needs_source(value) or (value is MISSING and text.may_have_tags)):
        return lookup(fields_json(card), name)  # of a tagged list of pairs, JSON has a list
    if type(value) in _JSON_TYPES or (type(value) is list and _JSON_TYPES.issuperset(map(type, value))):
        return value
    return value if value is MISSING else json_value(value)


def json_value(value: Any) -> Any:
    """Return a value as a JSON value; one that JSON cannot represent as text, but not as its source text."""
    return _json(value, (), None)


def _needs_source(value: Any) -> bool:
    """Return whether a value has one within it that JSON represents by its source text."""
    if isinstance(value, dict):
        return any(map(_needs_source, value.values()))
    if isinstance(value, list | tuple):
        return any(map(_needs_source, value))
    is_number = isinstance(value, float) and value - value == 0
    return not (is_number or value is MISSING or isinstance(value, str | int | date | None))


_JSON_TYPES = frozenset({str, int, bool, type(None)})
"""The types whose values are JSON values already."""


def _json(value: Any, path: tuple[Step, ...], text: IrregularText | None) -> Any:
    if type(value) in _JSON_TYPES or isinstance(value, str):
        return value
    if isinstance(value, date):
        return iso(value) or str(value)
    if isinstance(value, dict):
        return {key_text(key): _json(inner, (*path, key), text) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_json(inner, (*path, index), text) for index, inner in enumerate(value)]
    if isinstance(value, float) and value - value == 0:
        return value
    node = text.find(path) if text else None
    return text.text[node.start : node.end] if text and node else str(value)  # NaN, infinity, bytes, sets


def key_text(key: object) -> str:
    """Return a mapping's key as text, as YAML would write it."""
    if isinstance(key, str):
        return key
    if key is None or isinstance(key, bool):
        return {None: "null", True: "true", False: "false"}[key]
    return iso(key) if isinstance(key, date) else str(key)


def field_name(path: tuple[Step, ...]) -> str:
    """Return a path as text: ``related[3].publishedDateTime``."""
    name = ""
    for step in path:
        index = isinstance(step, int) and not isinstance(step, bool) and name
        name += f"[{step}]" if index else f".{key_text(step)}"
    return name.removeprefix(".")


def iso(value: date) -> str:
    """Return a date in ISO 8601: in UTC with ``Z`` if it has a zone, else without a zone."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        return value.isoformat()
    try:
        value = value if value.tzinfo is UTC else value.astimezone(UTC)
        return value.isoformat().replace("+00:00", "Z")
    except OverflowError:  # in UTC it is before the year 1 or after 9999
        return value.isoformat()


def same(one: Any, other: Any, *, ordered: bool = True) -> bool:
    """Return whether two values are equal, also in type; NaN equals NaN.

    The order of a mapping's keys counts, unless ``ordered`` is false.
    """
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        if ordered:
            return same(list(one), list(other)) and same(list(one.values()), list(other.values()))
        return one.keys() == other.keys() and all(same(one[key], other[key], ordered=False) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(partial(same, ordered=ordered), one, other))
    return bool(one == other) or (one != one and other != other)


def cell(value: Any) -> str:
    """Return a JSON value as the text of a table cell: null and ``MISSING`` as nothing, lists with commas."""
    if isinstance(value, str):
        return value
    if value is None or value is MISSING:
        return ""
    if isinstance(value, int):
        return str(value) if value is not True and value is not False else str(value).lower()
    if isinstance(value, list) and not any(isinstance(inner, (dict, list)) for inner in value):
        return ", ".join(value if _TEXT.issuperset(map(type, value)) else map(cell, value))
    return json_text(value)


_TEXT = frozenset({str})


def sort_key(value: Any) -> tuple[int, Any]:
    """Return a key that orders values of all types: numbers, then dates, then text, then the rest."""
    number = whole_number(int(value) if isinstance(value, bool) else value)
    if number is not None and number == number:
        return (0, number)
    when = moment(value)
    if when is not None:
        return (1, when)
    return (2, value.casefold()) if isinstance(value, str) else (3, str(value))


_TYPE_NAMES: dict[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number with a fraction",
    dict: "a mapping",
    list: "a list",
    type(None): "empty",
}


def type_name(value: object) -> str:
    """Return the type of a value, in the words of messages."""
    return _TYPE_NAMES.get(type(value), "a date" if hasattr(value, "isoformat") else "of a type of its own")
