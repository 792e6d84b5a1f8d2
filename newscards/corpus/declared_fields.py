"""The fields that a configuration declares, in tables ``[fields.NAME]``, as ``Declaration``s."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any

from newscards.cards.fields import TYPES, Declaration, Field, FieldType, card_with, field_named
from newscards.errors import DeclarationError, NewscardsError
from newscards.text import did_you_mean, nearest_or_all, one_line

_KEYS = Declaration._fields[1:]
_TEXTS = ("type", "of", "help")
_OF_CHOICES: dict[FieldType, tuple[type, ...]] = {
    FieldType.TEXT: (str,),
    FieldType.INTEGER: (int,),
    FieldType.NUMBER: (int, float),
}
"""The types that a field with a list of choices may have, and those of its choices."""


def declared_fields(tables: Mapping[str, Any], folder: str) -> tuple[Declaration, ...]:
    """Return the fields in the tables below ``fields``, in their order; raises ``DeclarationError``.

    A parent is declared before what is inside it, whatever their order in the file. A path of ``choices`` is
    relative to ``folder``.
    """
    found: list[Declaration] = []
    for name in sorted(tables, key=lambda name: name.count(".")):
        declaration = _declared(name, tables[name], folder)
        _check(declaration, card_with(tuple(found)))
        found.append(declaration)
    return tuple(found)


def _declared(name: str, table: Any, folder: str) -> Declaration:
    """Return the declaration in a table, each of whose keys is of the right type."""
    here = ("fields", name)
    shown = one_line(name)
    if not isinstance(table, dict):
        raise DeclarationError(f"the field `{shown}` must be a table", here, f"begin it with [fields.{name}]")
    for key, value in table.items():
        at = (*here, key)
        if key not in _KEYS:
            hint = nearest_or_all(key, _KEYS)
            if isinstance(value, dict) and not did_you_mean(key, _KEYS):
                hint = f'a field within `{shown}` is declared as [fields."{name}.{key}"]'
            raise DeclarationError(f"a field has no key `{one_line(key)}`", at, hint, at_key=True)
        if key in _TEXTS and not isinstance(value, str):
            raise DeclarationError(f"`{key}` of a field must be a text", at)
        if key in ("type", "of") and value not in TYPES:
            hint = nearest_or_all(value, TYPES)
            raise DeclarationError(f"there is no type `{one_line(value)}`", at, hint)
        if key == "remove" and value is not True:
            raise DeclarationError("`remove` of a field must be true", at, "else leave it out")
    if table.get("remove") and len(table) > 1:
        other = next(key for key in table if key != "remove")
        raise DeclarationError(
            f"the field `{shown}` is removed, and has `{other}`", (*here, other), at_key=True
        )
    if table.get("of") == "list":
        raise DeclarationError("the items of a list cannot be lists", (*here, "of"))
    required = table.get("required")
    if required is not None and not isinstance(required, (bool, str)):
        hint = "an expression is as in list --where"
        raise DeclarationError(
            "`required` of a field must be true, false or an SQL expression", (*here, "required"), hint
        )
    if isinstance(required, str) and not required.strip():
        raise DeclarationError("`required` of a field is empty", (*here, "required"))
    values = {key: value for key, value in table.items() if key != "choices"}
    if "help" in table:
        values["help"] = " ".join(table["help"].split())
    if "choices" in table:
        values["choices"] = _choices(table["choices"], (*here, "choices"), folder)
    return Declaration(name, **values)


def _choices(value: Any, at: tuple[str, ...], folder: str) -> tuple[Any, ...]:
    """Return the choices in a list, or those in the files at a path."""
    if isinstance(value, str):
        from newscards.corpus.registry import read_registry  # PyYAML is imported where it is needed

        try:
            return read_registry(os.path.normpath(os.path.join(folder, value))).names
        except NewscardsError as error:
            raise DeclarationError(str(error), at, error.hint) from error
    if not isinstance(value, list) or not value:
        raise DeclarationError("`choices` of a field must be a list of values, or the path of files", at)
    return tuple(value)


def _check(declaration: Declaration, card: Field) -> None:
    """Raise ``DeclarationError`` if a declaration is impossible for the table that those before it make."""
    name = declaration.name
    here = ("fields", name)
    shown = one_line(name)
    if any(not part.strip() or {*part} & {*"[]"} for part in name.split(".")):
        raise DeclarationError(f"`{shown}` is no name of a field", here, _NAMES, at_key=True)
    parent_name = name.rpartition(".")[0]
    parent = field_named(parent_name, card) if parent_name else card
    if parent is None:
        hint = did_you_mean(parent_name, _mappings(card))
        hint = hint or f'declare it before: [fields."{parent_name}"] with `type = "mapping"`'
        raise DeclarationError(f"there is no field `{one_line(parent_name)}`", here, hint, at_key=True)
    parent = parent.item or parent
    if parent.kind is not FieldType.MAPPING:
        message = f"`{one_line(parent_name)}` is {parent.kind.value}, and has no fields within it"
        raise DeclarationError(message, here, at_key=True)
    old = field_named(name, card)
    if declaration.remove:
        if old is None:
            hint = did_you_mean(name, (each.name for each in parent.fields))
            raise DeclarationError(f"there is no field `{shown}` to remove", here, hint, at_key=True)
        return
    kind = TYPES[declaration.type][0] if declaration.type else old.kind if old else FieldType.TEXT
    if declaration.of and kind is not FieldType.LIST:
        hint = 'write `type = "list"`' if declaration.type is None else ""
        raise DeclarationError(
            f"`of` is the type of a list's items, and `{shown}` is no list", (*here, "of"), hint
        )
    if declaration.choices is None:
        return
    if kind is FieldType.LIST:
        item = TYPES[declaration.of][0] if declaration.of else old.item.kind if old and old.item else None
        kind = item or FieldType.TEXT
    types = _OF_CHOICES.get(kind)
    at: tuple[str | int, ...] = (*here, "choices")
    if types is None:
        raise DeclarationError(f"`{shown}` is {kind.value}, which has no choices", at, at_key=True)
    for index, choice in enumerate(declaration.choices):
        if type(choice) not in types or (isinstance(choice, float) and not isfinite(choice)):
            at = (*at, index)
            raise DeclarationError(f"a choice of `{shown}` must be {_A[kind]}", at)


_A = {FieldType.TEXT: "a text", FieldType.INTEGER: "a whole number", FieldType.NUMBER: "a number"}
_NAMES = 'a name has no brackets, and a dot leads into a mapping: [fields."provider.country"]'


def _mappings(card: Field, prefix: str = "") -> Iterable[str]:
    """Yield the dotted names of the mappings in a table, and of the lists of mappings."""
    for field in card.fields:
        inner = field.item or field
        if inner.kind is FieldType.MAPPING:
            yield prefix + field.name
            yield from _mappings(inner, f"{prefix}{field.name}.")
