"""Assignments: FIELD and VALUE from the command line as a path and a typed value."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, time
from functools import lru_cache

from newscards.cards.fields import Field, FieldType, card_field, dotted_names
from newscards.cards.values import Scalar
from newscards.errors import NewscardsError
from newscards.frontmatter.nodes import Step
from newscards.text import nearest, one_line, shorten

_STEP = re.compile(r"([^.\[\]]+)((?:\[[0-9]{1,6}\])*)")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")
_DATE = re.compile(r"[0-9][-+:. 0-9TtZ]*")
"""The characters of a date in YAML."""
_BOOLEANS = {"true": True, "false": False}
_SPELT_BOOLEANS = {"yes": "true", "on": "true", "1": "true", "no": "false", "off": "false", "0": "false"}
_TOPICS = "`newscards topic add`, `remove` and `rename` change topics"
_HINTS = {
    "topics": _TOPICS,
    "related": "name a value in it, as `related[0].title`",
}
_SYNONYM_HINTS = {
    "date": "did you mean `publishedDateTime`?",
    "url": "did you mean `webUrl`?",
    "name": "did you mean `provider.name`?",
    "domain": "did you mean `provider.domain`?",
    "summary": "did you mean `excerpt`?",
    "width": "did you mean `images[0].width`?",
    "height": "did you mean `images[0].height`?",
    "tags": _TOPICS,
    "tag": _TOPICS,
    "topic": _TOPICS,
}
"""Hints for names that users may type for a field."""


def parse_field(name: str) -> tuple[tuple[Step, ...], Field]:
    """Return the path and the field that a FIELD names: ``images[0].width`` is ``("images", 0, "width")``.

    Raises ``NewscardsError`` for a name that no field has, or of a field that is a list or a mapping.
    """
    path, field = _resolve(name, card_field())
    if field is None:
        raise NewscardsError(f"there is no field `{shorten(one_line(name))}`", _unknown_hint(name))
    if _is_collection(field):
        hint = _HINTS.get(name) or f"name a value in it: {', '.join(_inner_names(name, field))}"
        if field.kind is FieldType.LIST and field.item and not field.item.fields and name != "topics":
            hint = f"replace an item it has, as `{name}[0]`, or change the list with `newscards edit`"
        if field.kind is FieldType.MAPPING and not field.fields:
            hint = f'declare what is in it: [fields."{name}.NAME"]'
        raise NewscardsError(f"`{name}` is {field.kind.value}, not a single value", hint)
    return path, field


def field_of(name: str) -> Field | None:
    """Return the field with a dotted name, ``None`` if there is none."""
    return _resolve(name, card_field())[1]


@lru_cache(maxsize=1024)
def _resolve(name: str, card: Field) -> tuple[tuple[Step, ...], Field | None]:
    path: list[Step] = []
    field: Field | None = card
    for part in name.split("."):
        step = _STEP.fullmatch(part)
        if field is None or not step or field.item:
            return (), None
        field = next((inner for inner in field.fields if inner.name == step[1]), None)
        path.append(step[1])
        for index in re.findall(r"[0-9]+", step[2]):
            field = field.item if field else None
            path.append(int(index))
    return tuple(path), field


def _unknown_hint(name: str) -> str:
    """Return the hint for a name that no field has."""
    plain = re.sub(r"\[[0-9]*\]", "", name)
    known = list(dotted_names())
    if plain in known:  # `images.width`, without an index
        indexed = _indexed(plain)
        return f"say which one{', counted from 0' if '[0]' in indexed else ''}: `{indexed}`"
    if plain in _SYNONYM_HINTS:
        return _SYNONYM_HINTS[plain]
    near = nearest(plain, known)
    return f"did you mean `{_indexed(near[0])}`?" if near else f"the fields are {', '.join(single_values())}"


def single_values() -> list[str]:
    """Return the names of the single values of a card that can be set; of a list, those of the first item."""
    names = (_indexed(name) for name in dotted_names() if not name.startswith("related."))
    return [name for name in names if (field := field_of(name)) and not _is_collection(field)]


def _is_collection(field: Field) -> bool:
    return field.kind in (FieldType.LIST, FieldType.MAPPING)


def _indexed(plain: str) -> str:
    """Return a name with the index 0 behind each list in it: ``images.width`` -> ``images[0].width``."""
    parts: list[str] = []
    field = card_field()
    for part in plain.split("."):
        field = next(inner for inner in (field.item or field).fields if inner.name == part)
        parts.append(part + "[0]" * (field.item is not None))
    return ".".join(parts)


def _inner_names(name: str, field: Field) -> list[str]:
    item = field.item or field
    base = name + "[0]" * (field.item is not None)
    return [f"`{base}.{inner.name}`" for inner in item.fields] or [f"`{base}`"]


def parse_value(name: str, field: Field, text: str) -> Scalar:
    """Return a VALUE with the type of ``field``; ``name`` is for error messages.

    A date is in a form that a card's may have, or in ISO 8601; that of a field with a zone has one.
    Raises ``NewscardsError`` if the value is not of this type.
    """
    require_utf8(text, f"the value of `{name}`")
    if field.kind is FieldType.INTEGER:
        if not _INTEGER.fullmatch(text):
            raise _wrong_type(name, field, text, "write digits alone, 18 at most, as 80")
        return int(text)
    if field.kind is FieldType.NUMBER:
        if not _NUMBER.fullmatch(text):
            raise _wrong_type(name, field, text, "write digits, with a point before a fraction, as 4.5")
        return float(text) if "." in text else int(text)
    if field.kind is FieldType.BOOLEAN:
        if text not in _BOOLEANS:
            meant = _SPELT_BOOLEANS.get(text.casefold()) or next(
                iter(nearest(text, _BOOLEANS)), "true or false"
            )
            raise _wrong_type(name, field, text, f"write {meant}")
        return _BOOLEANS[text]
    return _date(name, field, text) if field.kind is FieldType.DATE else text


def require_utf8(text: str, what: str) -> None:
    """Raise ``NewscardsError`` if a text from the command line has a byte that is not UTF-8.

    Such a byte is a lone surrogate in the text (PEP 383); ``what`` names the text in the message.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NewscardsError(
            f"{what} is not UTF-8", "it would be written into cards, which are UTF-8"
        ) from None


def read_date(text: str) -> date | None:
    """Return the date that a text is in a card, or else in any form of ISO 8601; ``None`` if it is none."""
    from dateutil.parser import isoparse

    from newscards.frontmatter.limits import LoadError
    from newscards.frontmatter.loader import load

    if _DATE.fullmatch(text):
        with suppress(LoadError):
            value = load(text).value
            if isinstance(value, date):
                return value
    with suppress(ValueError, OverflowError):
        return isoparse(text)
    return None


def _date(name: str, field: Field, text: str) -> date:
    """Return a date from the command line: a day or a moment; for a field with a zone, a moment with one."""
    value = read_date(text)
    if value is None:
        kind = "a moment with its zone" if field.has_zone else "a day, as 2023-06-20, or a moment"
        raise _wrong_type(name, field, text, f"write {kind}, as 2023-06-20T15:44:00Z")
    if not field.has_zone:
        return value
    moment = value if isinstance(value, datetime) else datetime.combine(value, time())
    if moment.tzinfo is None:
        hint = f"write {moment.isoformat()}Z, if it is UTC"
        raise NewscardsError(f"the date `{one_line(text)}` of `{name}` has no zone", hint)
    return moment


def _wrong_type(name: str, field: Field, text: str, hint: str) -> NewscardsError:
    shown = shorten(one_line(text))
    return NewscardsError(f"`{name}` is {field.kind.value}, which `{shown}` is not", hint)


_TYPES: dict[FieldType, tuple[type, ...]] = {
    FieldType.TEXT: (str,),
    FieldType.INTEGER: (int,),
    FieldType.NUMBER: (int, float),
    FieldType.BOOLEAN: (bool,),
    FieldType.DATE: (datetime, date),
}


def typed_path(name: str, value: Scalar) -> tuple[Step, ...]:
    """Return the path that a FIELD names; raises ``NewscardsError`` if ``value`` is of another type."""
    path, field = parse_field(name)
    if type(value) not in _TYPES[field.kind]:
        raise NewscardsError(f"`{name}` is {field.kind.value}, which {value!r} is not")
    return path
