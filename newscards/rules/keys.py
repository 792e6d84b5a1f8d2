"""The keys of a mapping held against FIELDS; what the three rules about keys have in common."""

from __future__ import annotations

from typing import Any

from newscards.fields import Field
from newscards.suggest import nearest


def missing(field: Field, value: dict[Any, Any]) -> list[str]:
    """Return the names of the required fields that a mapping lacks, in the order of FIELDS."""
    kind = value.get("type")
    return [inner.name for inner in field.fields if inner.name not in value and inner.required.applies(kind)]


def misspelt(field: Field, value: dict[Any, Any]) -> dict[str, str]:
    """Return the unknown keys that are meant for a known one that is not there: ``{key: known}``."""
    known = [inner.name for inner in field.fields]
    absent = [name for name in known if name not in value]
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
