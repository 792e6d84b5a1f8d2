"""What a rule is, and what it yields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, StrEnum
from importlib import import_module
from typing import Any

from newscards.card import Card, Unreadable
from newscards.fields import Field
from newscards.nodes import Step


class Severity(StrEnum):
    """Error: a consumer breaks, or the site does otherwise than the card says. Warning: probably a slip."""

    ERROR = "error"
    WARNING = "warning"


class Place(Enum):
    """What a problem stands on, at the end of its path."""

    VALUE = "value"
    KEY = "key"
    FIRST_LINE = "first line of the mapping"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where: ``path`` leads on from what the rule was given. ``lint`` stamps the rest."""

    message: str
    path: tuple[Step, ...] = ()
    place: Place = Place.VALUE
    help: str = ""


CheckValue = Callable[[Field, Any], Iterator[Problem]]
CheckCard = Callable[[Card], Iterator[Problem]]
CheckUnreadable = Callable[[Unreadable], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A code (its family and number), a name, a severity, and one check of three sorts.

    ``value`` checks the value of each field that ``applies`` is true of, whatever card or entry of
    ``related`` it stands in; ``card`` a card that could be read; ``unreadable`` one that could not.
    """

    code: str
    name: str
    severity: Severity
    value: CheckValue | None = None
    applies: Callable[[Field], bool] = lambda field: True
    card: CheckCard | None = None
    unreadable: CheckUnreadable | None = None

    @property
    def documentation(self) -> str:
        """The docstring of the rule's module, which is its documentation."""
        module = import_module(f"newscards.rules.{self.name.replace('-', '_')}")
        return module.__doc__ or ""

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.documentation.partition("\n")[0]


def of_kind(*kinds: str, advice: str) -> CheckUnreadable:
    """Return the check that tells the unreadable cards of these kinds, with their reason."""

    def check(card: Unreadable) -> Iterator[Problem]:
        if card.kind in kinds:
            yield Problem(card.reason, help=advice)

    return check
