"""A value has the wrong type for its field.

Templates and scripts compare numbers, sort by dates and loop over lists: `"67"` in quotes is a text, and
sorts after `1000`. An empty value is a type of its own.

Fails:

    quality: "67"
    topics: Oceans

Passes:

    quality: 67
    topics:
      - Oceans

Fix: usually, remove the quotes, or add them.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from newscards.cards.fields import Field, FieldType
from newscards.cards.values import type_name
from newscards.edits.operations import SetValue
from newscards.frontmatter.limits import LoadError
from newscards.frontmatter.loader import InvalidScalar, load
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule

_UNQUOTED = re.compile(r"-?(?:0|[1-9][0-9]{0,15})|true|false")
_TYPES: dict[FieldType, type] = {
    FieldType.TEXT: str,
    FieldType.INTEGER: int,
    FieldType.BOOLEAN: bool,
    FieldType.DATE: date,
    FieldType.MAPPING: dict,
    FieldType.LIST: list,
}


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a value of the wrong type, unless a more specific rule reports it."""
    if type(value) is _usual(field):
        return ()
    # In Python, and only there, a boolean is an integer.
    right = isinstance(value, _TYPES[field.kind]) and isinstance(value, bool) is (
        field.kind is FieldType.BOOLEAN
    )
    if right or isinstance(value, InvalidScalar):
        return ()
    if field.name == "published" and value is not None:
        return ()
    name = f"`{field.name}`" if field.name else "the card"
    message = f"{name} is {type_name(value)}, {field.kind.value} is expected"
    is_flag = field.name == "published"
    return [Problem(message, help=_help(field, value), site=is_flag, fix=_fix(field, value))]


@lru_cache(maxsize=256)
def _usual(field: Field) -> type:
    """Return the type of nearly all values of a field. Cached: looking it up by its kind takes longer."""
    return datetime if field.kind is FieldType.DATE else _TYPES[field.kind]


def _fix(field: Field, value: object) -> Fix | None:
    """Return the fix that removes the quotes of a number or a boolean."""
    if not isinstance(value, str) or field.kind not in (FieldType.INTEGER, FieldType.BOOLEAN):
        return None
    if not _UNQUOTED.fullmatch(value) or not _would_hold(field.kind, value):
        return None
    return Fix(
        "remove the quotes", SetValue(int(value) if field.kind is FieldType.INTEGER else value == "true")
    )


def _help(field: Field, value: object) -> str:
    if value is None:
        if field.kind is FieldType.TEXT and not field.filled:
            return 'write `""` for an empty text'
        return "give it a value; one that begins with `#` needs double quotes"
    if field.kind is FieldType.TEXT and not isinstance(value, dict | list):
        return "put it in double quotes"
    examples = {FieldType.INTEGER: "67", FieldType.BOOLEAN: "true", FieldType.DATE: "2023-06-20T15:44:00Z"}
    if isinstance(value, str) and _would_hold(field.kind, value):
        return f"write `{value}`, without quotes"
    if field.kind in examples:
        return f"write it as `{examples[field.kind]}`, without quotes"
    if field.kind is FieldType.LIST:
        return "write each item on a line of its own, after `  - `"
    return ""


def _would_hold(kind: FieldType, value: str) -> bool:
    """Return whether a text would have the right type without its quotes."""
    try:
        held = load(value).value
    except LoadError:
        return False
    return isinstance(held, _TYPES[kind]) and isinstance(held, bool) is (kind is FieldType.BOOLEAN)


RULE = Rule("NC302", "wrong-type", Severity.ERROR, value=check, by_type=True, fixes=Fixes.SAFE)
