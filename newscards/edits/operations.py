"""The operations that an edit requests, as data; ``apply`` makes them in the bytes of a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from newscards.cards.values import Scalar
    from newscards.frontmatter.nodes import Step


class SetValue(NamedTuple):
    """A change that sets a scalar to another value; a text keeps its quotes and its escapes.

    A missing key is added where the order of FIELDS puts it, with the mappings around it. Where the value is
    equal already, its spelling stays (``no`` is false); with ``rewrite`` it is written again.
    """

    value: Scalar
    rewrite: bool = False


class Append(NamedTuple):
    """A change that adds an item to the end of a list, in the style of the last; creates a missing list."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Remove:
    """A change that removes an item from its list, or from its mapping all but the first of equal keys."""


class Reorder(NamedTuple):
    """A change that puts the items of a list into another order: ``order`` lists their present indices."""

    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StripBefore:
    """A change that deletes everything before the opening fence."""


Change: TypeAlias = SetValue | Append | Remove | Reorder | StripBefore


class Operation(NamedTuple):
    """A change, and the path of keys and indices to the value that it changes."""

    path: tuple[Step, ...]
    change: Change
