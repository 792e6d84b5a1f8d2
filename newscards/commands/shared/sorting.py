"""Lists by commas, as options take them; what --sort says with one, and what is sorted so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from newscards.cards.values import MISSING, sort_key
from newscards.errors import NewscardsError
from newscards.text import nearest_or_all

T = TypeVar("T")
Order = Sequence[tuple[Callable[[T], Any], bool]]
"""What is asked of each by turns, and whether that is descending."""


def by_commas(text: str) -> list[str]:
    """Return the words of a list by commas, without blanks around them."""
    return [word.strip() for word in text.split(",") if word.strip()]


def fields_of(text: str) -> list[tuple[str, bool]]:
    """Return the fields of a list by commas, and whether each is descending, as one behind a dash is."""
    return [(name.removeprefix("-"), name.startswith("-")) for name in by_commas(text)]


def order_of(text: str, known: Mapping[str, Callable[[T], Any]]) -> Order[T]:
    """Return what a list of fields means; raises ``NewscardsError`` for one that is not known."""
    fields = fields_of(text)
    for name, _ in fields:
        if name not in known:
            hint = nearest_or_all(name, known)
            raise NewscardsError(f"--sort: there is no field `{name}`", hint)
    return [(known[name], descending) for name, descending in fields]


def in_order(items: Iterable[T], order: Order[T]) -> list[T]:
    """Return items sorted; what is equal stays, and what has no value stands last either way."""
    found = list(items)
    for value_of, descending in reversed(order):
        pairs = [(each, value_of(each)) for each in found]
        having = [(each, value) for each, value in pairs if value is not MISSING and value is not None]
        having.sort(key=lambda pair: sort_key(pair[1]), reverse=descending)
        found = [each for each, _ in having]
        found += [each for each, value in pairs if value is MISSING or value is None]
    return found
