"""The keys of a mapping held against FIELDS; what the three rules about keys have in common."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from newscards.cards.fields import Field
from newscards.text import nearest


@lru_cache(maxsize=256)
def names_of(field: Field) -> frozenset[str]:
    """Return the names of the fields that a mapping may have."""
    return frozenset(inner.name for inner in field.fields)


@lru_cache(maxsize=256)
def _required(field: Field, is_video: bool) -> frozenset[str]:
    kind = "video" if is_video else "article"
    return frozenset(inner.name for inner in field.fields if inner.required.applies(kind))


def missing(field: Field, value: dict[Any, Any]) -> list[str]:
    """Return the names of the required fields that a mapping lacks, in the order of FIELDS."""
    kind = value.get("type")
    if _required(field, kind == "video") <= value.keys():
        return []
    return [inner.name for inner in field.fields if inner.name not in value and inner.required.applies(kind)]


def misspelt(field: Field, value: dict[Any, Any]) -> dict[str, str]:
    """Return the unknown keys that are meant for a known one that is not there: ``{key: known}``."""
    known = names_of(field)
    if value.keys() <= known:
        return {}
    absent = [inner.name for inner in field.fields if inner.name not in value]
    found: dict[str, str] = {}
    for key in value:
        if isinstance(key, str) and key not in known:
            near = nearest(
                key,
                (name for name in absent if name not in found.values()),
                most=1,
                cutoff=0.8,
                beginnings=False,
            )
            if near:
                found[key] = near[0]
    return found
