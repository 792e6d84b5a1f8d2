"""What an edit asks for, as data; ``apply`` makes bytes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from newscards.cards.values import Scalar
    from newscards.frontmatter.nodes import Step


class SetValue(NamedTuple):
    """Give a scalar another value; a text keeps its quotes, and what was written as an escape stays one.

    A key that is missing is added where the order of FIELDS puts it, with the mappings around it. A value
    that is so already stays as it is written (``no`` is false), unless it is to be written ``anew``.
    """

    value: Scalar
    rewrite: bool = False


class Append(NamedTuple):
    """Add an item to the end of a list, in the style of the last one; a missing list is made."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Remove:
    """Take an item out of its list, or the last of several equal keys out of its mapping."""


class Reorder(NamedTuple):
    """Put the items of a list into another order: ``order`` has their present indices."""

    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StripBefore:
    """Delete what stands before the opening fence."""


Change: TypeAlias = SetValue | Append | Remove | Reorder | StripBefore


class Operation(NamedTuple):
    """A change, and the path of keys and indices that leads to the value it is made at."""

    path: tuple[Step, ...]
    change: Change
