"""What a rule is, and what it yields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import Field
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import Step
from newscards.jekyll.site import View
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Fix, RuleName, Severity
from newscards.lint.suppressions import Ignore

if TYPE_CHECKING:
    from newscards.lint.documentation import Documentation

FAMILIES = {
    "NC1": "the file",
    "NC2": "what the site makes of it",
    "NC3": "fields",
    "NC4": "values",
    "NC5": "text",
    "NC6": "the corpus",
}
"""The families of rules, by how their codes begin."""


class Fixes(Enum):
    """What mends a rule's findings, where they can be mended."""

    NONE = ""
    SAFE = "--fix"
    UNSAFE = "--unsafe-fixes"


class Spot(NamedTuple):
    """A place in another card that a problem concerns too: the card's row, and the path within."""

    row: Row
    path: tuple[Step, ...] = ()


class Problem(NamedTuple):
    """What is wrong, and where: ``path`` leads on from what the rule was given. ``Linter`` stamps the rest.

    With ``site``, what the site does with the card is said after the message, in its one wording.
    """

    message: str
    path: tuple[Step, ...] = ()
    place: Anchor = Anchor.VALUE
    help: str = ""
    site: bool = False
    others: tuple[Spot, ...] = ()
    fix: Fix | None = None


CheckValue = Callable[[Field, Any], Iterable[Problem]]
CheckCard = Callable[[Card], Iterable[Problem]]
CheckView = Callable[[View], Iterable[Problem]]
CheckUnreadable = Callable[[Unreadable], Iterator[Problem]]
CheckIgnore = Callable[[Ignore], Iterator[Problem]]
CheckCorpus = Callable[[Facts], Iterator[tuple[Row, Problem]]]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A code (its family and number), a name, a severity, and one check, of one of six sorts.

    ``value`` checks the value of each field that ``applies`` is true of, whatever card or entry of
    ``related`` it stands in; ``card`` a card that could be read, and ``unreadable`` one that could not;
    ``view`` what the site makes of a card; ``corpus`` all cards together, and says of which it speaks;
    ``ignore`` a comment that silences nothing. ``fixes`` says which option mends what it finds;
    ``irregular`` that it says something of irregular cards alone.

    Where a rule finds nothing in a value, it finds nothing either: ``by_type``, in any of that type;
    ``by_keys``, in any mapping with the same keys, if both or neither are of a video. ``usual`` is true of
    texts in which it finds nothing, and quick to ask.
    """

    code: str
    name: str
    severity: Severity
    value: CheckValue | None = None
    applies: Callable[[Field], bool] = lambda field: True
    card: CheckCard | None = None
    view: CheckView | None = None
    unreadable: CheckUnreadable | None = None
    corpus: CheckCorpus | None = None
    ignore: CheckIgnore | None = None
    irregular: bool = False
    by_type: bool = False
    by_keys: bool = False
    usual: Callable[[str], object] | None = None
    fixes: Fixes = Fixes.NONE

    @property
    def called(self) -> RuleName:
        """Its code and its name."""
        return RuleName(self.code, self.name)

    @property
    def documentation(self) -> Documentation:
        """The docstring of the rule's module, which is its documentation."""
        from newscards.lint.documentation import Documentation  # only here: to check cards nobody reads it

        module = import_module(f"newscards.rules.{self.name.replace('-', '_')}")
        return Documentation.of(module.__doc__ or "")

    def as_json(self) -> dict[str, Any]:
        """Return the rule, with its documentation, as JSON values."""
        head = {"code": self.code, "name": self.name, "severity": self.severity.value}
        return head | asdict(self.documentation) | {"mendedBy": self.fixes.value or None}


def of_kind(*kinds: str, advice: str) -> CheckUnreadable:
    """Return the check that tells the unreadable cards of these kinds, with their reason."""

    def check(card: Unreadable) -> Iterator[Problem]:
        if card.kind in kinds:
            yield Problem(card.reason, help=advice, site=card.kind != "io")

    return check
