"""What a rule proposes to mend a card, as data; ``fixing`` makes bytes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from newscards.nodes import Step


@dataclass(frozen=True, slots=True)
class SetValue:
    """Give a scalar another value; a text keeps its quotes, and what was written as an escape stays one."""

    value: str | bool | int | float


@dataclass(frozen=True, slots=True)
class Remove:
    """Take an item out of its list, or the last of several equal keys out of its mapping."""


@dataclass(frozen=True, slots=True)
class Reorder:
    """Put the items of a list into another order: ``order`` has their present indices."""

    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StripBefore:
    """Delete what stands before the opening fence."""


Change: TypeAlias = SetValue | Remove | Reorder | StripBefore


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that mends a problem, and its ``title`` for people.

    It is made where the problem stands, or at ``path``. A ``safe`` one does not change what the card means
    or what the site shows of it; any other is for a person to decide.
    """

    title: str
    change: Change
    safe: bool = True
    path: tuple[Step, ...] | None = None
