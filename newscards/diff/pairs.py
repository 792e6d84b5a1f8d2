"""Pairs of items of two states: those with the same key, if no third item has it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")


def same_keys(one: Iterable[tuple[Hashable, T]], other: Iterable[tuple[Hashable, T]]) -> list[tuple[T, T]]:
    """Return pairs of items with the same key, which no third item has. An empty key pairs nothing."""
    ones, others = _with_unique_keys(one), _with_unique_keys(other)
    return [(item, others[key]) for key, item in ones.items() if key in others]


def _with_unique_keys(items: Iterable[tuple[Hashable, T]]) -> dict[Hashable, T]:
    items = [(key, item) for key, item in items if key]
    counts = Counter(key for key, _ in items)
    return {key: item for key, item in items if counts[key] == 1}
