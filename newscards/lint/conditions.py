"""Conditions: fields that a card must have where an SQL expression over the card is true.

``query`` compiles the expressions and runs them; here are the places at which a card lacks such a field.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

from newscards.cards.card import Card
from newscards.cards.fields import Field
from newscards.frontmatter.nodes import Step


class Lack(NamedTuple):
    """A field that a card lacks, the mapping that lacks it, and the paths to both."""

    field: Field
    parent: Field
    mapping: Mapping[Any, Any]
    path: tuple[Step, ...]


class Conditions(Protocol):
    """The compiled conditions of a run."""

    def holding(self, condition: str, cards: Sequence[Card]) -> Sequence[bool]:
        """Return for each of some cards whether a condition, as it is declared, is true."""


def lacks(card: Card, table: Field) -> list[Lack]:
    """Return the fields with a condition that a card lacks: in each mapping that has to hold them."""
    return [lack for names in conditional(table) for lack in _lacks(table, card.fields, names, ())]


@cache
def conditional(table: Field) -> tuple[tuple[str, ...], ...]:
    """Return the names that lead to each field of a table that has a condition."""
    return tuple(_conditional(table))


def _conditional(field: Field) -> Iterator[tuple[str, ...]]:
    for inner in (field.item or field).fields:
        if inner.condition:
            yield (inner.name,)
        yield from ((inner.name, *names) for names in _conditional(inner))


def _lacks(field: Field, value: Any, names: tuple[str, ...], path: tuple[Step, ...]) -> Iterator[Lack]:
    """Yield the places below a value at which the field that names lead to is missing."""
    if field.item and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _lacks(field.item, item, names, (*path, index))
    elif not field.item and isinstance(value, dict | Mapping):
        name, *rest = names
        inner = next(each for each in field.fields if each.name == name)
        if rest and name in value:
            yield from _lacks(inner, value[name], tuple(rest), (*path, name))
        elif not rest and name not in value:
            yield Lack(inner, field, value, (*path, name))
