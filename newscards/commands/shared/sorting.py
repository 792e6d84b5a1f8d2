"""Comma-separated lists, as options take them, and sorting by the one that --sort takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from newscards.cards.values import MISSING, sort_key
from newscards.errors import NewscardsError
from newscards.text import nearest_or_all

T = TypeVar("T")
Order = Sequence[tuple[Callable[[T], Any], bool]]
"""Sort keys, the first the most important: what returns the value of an item, and whether to descend."""


def by_commas(text: str) -> list[str]:
    """Return the words of a comma-separated list, without blanks around them."""
    return [word.strip() for word in text.split(",") if word.strip()]


def fields_of(text: str) -> list[tuple[str, bool]]:
    """Return the fields of a comma-separated list, each with whether it descends: ``-field`` does."""
    return [(name.removeprefix("-"), name.startswith("-")) for name in by_commas(text)]


def order_of(text: str, known: Mapping[str, Callable[[T], Any]]) -> Order[T]:
    """Return the sort keys that a list of fields names; raises ``NewscardsError`` for an unknown field."""
    fields = fields_of(text)
    for name, _ in fields:
        if name not in known:
            hint = nearest_or_all(name, known)
            raise NewscardsError(f"--sort: unknown field `{name}`", hint)
    return [(known[name], descending) for name, descending in fields]


def in_order(items: Iterable[T], order: Order[T]) -> list[T]:
    """Return items sorted, stably; an item without a value comes last, also in descending order."""
    ordered = list(items)
    for value_of, descending in reversed(order):
        pairs = [(item, value_of(item)) for item in ordered]
        with_value = [(item, value) for item, value in pairs if value is not MISSING and value is not None]
        with_value.sort(key=lambda pair: sort_key(pair[1]), reverse=descending)
        ordered = [item for item, _ in with_value]
        ordered += [item for item, value in pairs if value is MISSING or value is None]
    return ordered
