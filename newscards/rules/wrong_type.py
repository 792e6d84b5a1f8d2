"""A value has the wrong type for its field.

Templates and scripts compare numbers, sort by dates and loop over lists: `"67"` in quotes is a text, and
sorts after `1000`. An empty value is a type of its own. `no`, `off`, `yes` and `on` are no texts but booleans
without quotes (YAML 1.1), also where they mean Norwegian or Norway.

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
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from newscards.cards.card import Card
from newscards.cards.fields import Field, FieldType, Format, Required, field_at
from newscards.cards.meant import booleans, dates, hosts, integers, is_misspelt_boolean, items, numbers, urls
from newscards.cards.values import key_text, type_name
from newscards.edits.operations import SetValue
from newscards.frontmatter.limits import LoadError
from newscards.frontmatter.loader import InvalidScalar, in_yaml_form, load
from newscards.frontmatter.nodes import IrregularText
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import BOOLEAN_WORDS, choices_text, unseen_at_end
from newscards.text import cut

_UNQUOTED = re.compile(r"-?(?:0|[1-9][0-9]{0,15})|true|false")
_TYPES: dict[FieldType, type | tuple[type, ...]] = {
    FieldType.TEXT: str,
    FieldType.INTEGER: int,
    FieldType.NUMBER: (int, float),
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
    if field.kind in _PLAIN and isinstance(value, str):
        return [_problem_of_text(field, value, message)]
    return [Problem(message, help=_help(field, value), site=is_flag, fix=_fix(field, value))]


_PLAIN = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.BOOLEAN, FieldType.DATE})
"""The types of values that are written without quotes."""


def _problem_of_text(field: Field, value: str, message: str) -> Problem:
    """Return the problem of a text that should be a number, a boolean or a date."""
    in_quotes = _help(field, value, is_quoted=True)
    unseen = unseen_at_end(value)
    if unseen and _would_hold(field.kind, unseen[0]):
        _, part, why = unseen
        help_ = "delete what cannot be seen"
        return Problem(f"{message}, {why}", help=help_, part=part, help_if_quoted=in_quotes)
    return Problem(message, help=_help(field, value), fix=_fix(field, value), help_if_quoted=in_quotes)


def check_spelling(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each text that YAML reads as a boolean, as `lang: no`, with its spelling.

    ``check`` finds them, too, but knows only that the value is false. An entry of ``related`` is left to it:
    what is wrong there is compared with the card that the entry copies.
    """
    for node, path, _ in text.unquoted:
        word = node.event.value
        if word.lower() not in BOOLEAN_WORDS or path[0] == "related" or not isinstance(node.key(), bool):
            continue
        field = field_at(path)
        if field and field.kind is FieldType.TEXT and text.find(path) is node:
            is_choice = not field.choices or word in field.choices
            quoted = f'put it in double quotes, `"{word}"`'
            yield Problem(
                f"`{field.name}` is {str(node.key()).lower()} and no text, because YAML reads `{word}` so",
                path,
                help=quoted if is_choice else f"write {choices_text(field)}",
                fix=Fix("put it in double quotes", SetValue(word)) if is_choice else None,
                explains=(("NC302", path),),
            )


@lru_cache(maxsize=256)
def _usual(field: Field) -> type:
    """Return the type of nearly all values of a field. Cached: looking it up by its kind takes longer."""
    usual = _TYPES[field.kind]
    return datetime if field.kind is FieldType.DATE else usual if isinstance(usual, type) else usual[0]


def _fix(field: Field, value: object) -> Fix | None:
    """Return the fix that removes the quotes of a number or a boolean, unless the number is not valid."""
    if not isinstance(value, str) or field.kind not in (FieldType.INTEGER, FieldType.BOOLEAN):
        return None
    if not _UNQUOTED.fullmatch(value) or not _would_hold(field.kind, value):
        return None
    if field.kind is FieldType.BOOLEAN:
        return Fix("remove the quotes", SetValue(value == "true"))
    return Fix("remove the quotes", SetValue(int(value))) if _is_valid(field, value) else None


def _help(field: Field, value: object, *, is_quoted: bool = False) -> str:
    """Return the advice: the value that is meant, where that is plausible.

    For a value that ``is_quoted``, it also says to leave the quotes out.
    """
    if field.kind is FieldType.LIST:
        return _help_for_list(field, value)
    if field.kind is FieldType.MAPPING:
        return _help_for_mapping(field, value)
    if field.kind is FieldType.TEXT:
        return _help_for_text(field, value)
    if value is None:
        return f"give it a value{_EXAMPLE[field.kind]}; one that begins with `#` needs double quotes"
    means = _MEANT[field.kind](value)
    means = [each for each in means if _is_valid(field, each)]
    if field.kind is FieldType.DATE and isinstance(value, str) and _would_hold(field.kind, value):
        means = [value] if in_yaml_form(value) == value else means
    if not means and field.kind is FieldType.BOOLEAN:
        return f"write `true` or `false`{', without quotes' * is_quoted}"
    if not means and field.choices:
        return f"write {choices_text(field)}{', without quotes' * is_quoted}"
    if not means:
        least = f" of {field.minimum} or more" if field.minimum is not None else ""
        return f"write {field.kind.value}{least}{' without quotes' * is_quoted}{_EXAMPLE[field.kind]}"
    if field.kind is FieldType.BOOLEAN and is_misspelt_boolean(value):
        return f"did you mean `{means[0]}`{', without quotes' * is_quoted}?"
    advice = f"write {' or '.join(f'`{each}`' for each in means)}{', without quotes' * is_quoted}"
    if len(means) > 1:
        return f"{advice}, whichever is meant"
    if field.kind is FieldType.DATE and len(means[0]) == len("2023-06-20"):
        return f"{advice}, better with its time and zone"
    return advice


_MEANT = {
    FieldType.INTEGER: integers,
    FieldType.NUMBER: numbers,
    FieldType.BOOLEAN: booleans,
    FieldType.DATE: dates,
}
_EXAMPLE = {
    FieldType.INTEGER: ", for example `67`",
    FieldType.NUMBER: ", for example `4.5`",
    FieldType.BOOLEAN: ", `true` or `false`",
    FieldType.DATE: ", for example `2023-06-20T15:44:00Z`",
}


def _is_valid(field: Field, number: str) -> bool:
    """Return whether a whole number is among the field's choices and not below its minimum.

    Other values are valid.
    """
    if field.kind is not FieldType.INTEGER:
        return True
    is_choice = not field.choices or int(number) in field.choices
    return is_choice and (field.minimum is None or int(number) >= field.minimum)


def _help_for_text(field: Field, value: object) -> str:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return f"write `{cut(value[0], 60)}`, without a list; in double quotes if the brackets are meant"
    if field.choices:
        return f"write {' or '.join(f'`{choice}`' for choice in field.choices)}"
    if value is None and not field.filled and field.format is Format.ANY:
        return 'write `""` for an empty text'
    if value is None:
        kind = "a text" if field.format is Format.ANY else field.format.value
        return f"give it a value, {kind}; one that begins with `#` needs double quotes"
    if field.format is not Format.ANY:
        return f"write {field.format.value}"
    return (
        "put it in double quotes" if not isinstance(value, dict | list) else "write one text in double quotes"
    )


def _help_for_list(field: Field, value: object) -> str:
    advice = "write each item on a line of its own, after `  - `"
    if field.item and field.item.kind is FieldType.MAPPING:
        first = next((inner.name for inner in field.item.fields), "key")
        if isinstance(value, dict):
            return f"begin the item with a `- `: `  - {key_text(next(iter(value), first))}: …`"
        return f"write each item with its keys: `  - {first}: …`"
    found = items(value)[:3]
    return f"{advice}: {', '.join(f'`  - {cut(each, 40)}`' for each in found)}" if found else advice


def _help_for_mapping(field: Field, value: object) -> str:
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return "delete the `- ` before its keys"
    pairs = _pairs(field, value)
    names = [inner.name for inner in field.fields if inner.required is Required.ALWAYS]
    lines = [
        f"`{name}: {cut(pairs[name], 60) if name in pairs else '…'}`"
        for name in {**pairs, **dict.fromkeys(names)}
    ]
    keys = f": {', '.join(lines[:3])}" if field.name and lines else ""
    return f"write its keys on lines of their own{keys}"


def _pairs(field: Field, value: object) -> dict[str, str]:
    """Return the keys that a text probably has the values of."""
    if not isinstance(value, str) or len(value) > _MAX_LENGTH:
        return {}
    known = {inner.name: inner for inner in field.fields}
    with suppress(LoadError):
        held = load(f"{{{value}}}").value
        if isinstance(held, dict) and held and held.keys() <= known.keys() and None not in held.values():
            return {name: str(inner) for name, inner in held.items()}
    if urls(value) and re.match("https?:", value):
        names = [name for name, inner in known.items() if inner.format in (Format.URL, Format.IMAGE_URL)]
        name = "webUrl" if "webUrl" in names else names[0] if names else ""
    elif hosts(value) and " " not in value and "domain" in known:
        name = "domain"
    else:
        name = next((each for each in ("name", "title") if each in known), "")
    return {name: value} if name else {}


_MAX_LENGTH = 300


def _would_hold(kind: FieldType, value: str) -> bool:
    """Return whether a text would have the right type without its quotes."""
    try:
        held = load(value).value
    except LoadError:
        return False
    return isinstance(held, _TYPES[kind]) and isinstance(held, bool) is (kind is FieldType.BOOLEAN)


RULE = Rule(
    "NC302",
    "wrong-type",
    Severity.ERROR,
    value=check,
    irregular=check_spelling,
    by_type=True,
    fixes=Fixes.SAFE,
)
