"""Rules, and the problems that they yield."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import Field
from newscards.corpus.declared_rules import DeclaredRule
from newscards.docstrings import docstring_of
from newscards.frontmatter.fences import FrontMatter
from newscards.frontmatter.locations import Anchor, Part
from newscards.frontmatter.nodes import IrregularText, Step
from newscards.jekyll.site import View
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Fix, RuleName, Severity
from newscards.lint.ruleset import OWN
from newscards.lint.suppressions import Suppression

if TYPE_CHECKING:
    from newscards.lint.conditions import Lack
    from newscards.lint.documentation import Documentation
    from newscards.lint.strays import Stray

OF_SITE = "NC2"
FAMILIES = {
    "NC1": "the file",
    OF_SITE: "what the site makes of it",
    "NC3": "fields",
    "NC4": "values",
    "NC5": "text",
    "NC6": "the corpus",
    OWN: "rules of the configuration",
}
"""The families of rules, by the beginning of their codes, or the selector of those of the configuration."""


class Fixes(Enum):
    """The option that fixes a rule's findings, if they can be fixed."""

    NONE = ""
    SAFE = "--fix"
    UNSAFE = "--unsafe-fixes"


class Spot(NamedTuple):
    """A place in another card that a problem concerns too: its card's row, its path, its line if known."""

    row: Row
    path: tuple[Step, ...] = ()
    line: int = 0


class Problem(NamedTuple):
    """A message that says what is wrong, and where: ``path`` begins at what the rule checked.

    If only a ``part`` of a text is wrong, the finding's place is the characters that this was read from.
    ``Linter`` makes it a finding. With ``site``, the message is followed by what the site does with the card
    (``View.sentence``). ``suffix`` stands behind the message, which may be shortened. ``others`` are places
    with the same cause; a rule that compares cards yields one problem for all of them. With ``is_minor`` it
    is a warning, even if the rule's severity is error. ``explains`` are problems that this one causes, and
    that are not reported besides it: the beginnings of their rules' codes, and their paths, which begin
    there, too. ``help_if_quoted`` is the advice instead of ``help`` if the place is a value in quotes, which
    a rule that checks values does not know.
    """

    message: str
    path: tuple[Step, ...] = ()
    place: Anchor = Anchor.VALUE
    help: str = ""
    site: bool = False
    others: tuple[Spot, ...] = ()
    fix: Fix | None = None
    suffix: str = ""
    is_minor: bool = False
    explains: tuple[tuple[str, tuple[Step, ...]], ...] = ()
    part: Part | None = None
    help_if_quoted: str = ""


FoundProblem: TypeAlias = "tuple[Rule, Problem, tuple[Step, ...]]"
"""A rule, a problem that it found, and the path to the value that has the problem."""

CheckValue = Callable[[Field, Any], Iterable[Problem]]
CheckCard = Callable[[Card], Iterable[Problem]]
CheckIrregular = Callable[[Card, IrregularText], Iterable[Problem]]
CheckView = Callable[[View], Iterable[Problem]]
CheckUnreadable = Callable[[Unreadable], Iterator[Problem]]
CheckCause = Callable[[Card, FrontMatter, Sequence[FoundProblem]], Iterable[Problem]]
CheckSuppression = Callable[[Suppression], Iterator[Problem]]
CheckStray = Callable[["Stray"], Iterable[Problem]]
CheckLack = Callable[["Lack"], Iterable[Problem]]
CheckCorpus = Callable[[Facts], Iterator[tuple[Row, Problem]]]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A code (its family and number), a name, a severity, and a check of one of ten kinds.

    ``value`` checks the value of each field for which ``applies`` is true, in a card or an entry of
    ``related``; ``card`` checks a card that could be read, ``irregular`` one in which something is irregular,
    ``unreadable`` one that could not be read; ``view`` checks what the site does with a card; ``corpus``
    checks all cards together, and yields the row of a card with each problem; ``stray`` checks a file that is
    no card, but is one for Jekyll; ``suppression`` checks a comment that suppresses nothing; ``cause`` checks
    a card in which others found problems, for one cause of several of them (``Problem.explains``); it is
    handed those of the rules whose codes begin with one of ``symptoms``; ``lack`` checks a field that a card
    lacks though its condition is true. A rule that checks values may have ``irregular`` or ``lack`` besides.
    ``declared`` is what the configuration declares of a rule of its own, whose code is its name and whose
    check is SQL (``own_rules.OwnRules``). ``fixes`` is the option that fixes what the rule finds.

    These allow calling the check less often: if a ``by_type`` rule finds nothing in a value, it finds nothing
    in any value of that type. A ``by_keys`` rule finds the same in all mappings with the same keys and the
    same ``type``. ``usual`` is a quick test that is true only for texts
    in which the rule finds nothing.

    With ``yields``, what a ``corpus`` rule finds at a value is not reported if the value is wrong by itself.
    """

    code: str
    name: str
    severity: Severity
    value: CheckValue | None = None
    applies: Callable[[Field], bool] = lambda field: True
    card: CheckCard | None = None
    irregular: CheckIrregular | None = None
    view: CheckView | None = None
    unreadable: CheckUnreadable | None = None
    cause: CheckCause | None = None
    symptoms: tuple[str, ...] = ()
    corpus: CheckCorpus | None = None
    suppression: CheckSuppression | None = None
    stray: CheckStray | None = None
    lack: CheckLack | None = None
    declared: DeclaredRule | None = None
    by_type: bool = False
    by_keys: bool = False
    usual: Callable[[str], object] | None = None
    yields: bool = False
    fixes: Fixes = Fixes.NONE

    @property
    def rule_name(self) -> RuleName:
        """The code and the name."""
        return RuleName(self.code, self.name)

    @property
    def family(self) -> str:
        """The key of its family in ``FAMILIES``."""
        return OWN if self.declared else self.code[:3]

    @property
    def documentation(self) -> Documentation:
        """The docstring of the rule's module, or the declaration of the rule."""
        from newscards.lint.documentation import Documentation  # only here: checking does not need it

        if self.declared:
            return Documentation.of_declared(self.declared)
        module = import_module(f"newscards.rules.{self.name.replace('-', '_')}")
        return Documentation.of(docstring_of(module))

    def as_json(self) -> dict[str, Any]:
        """Return the rule, with its documentation, as JSON values."""
        head = {"code": self.code, "name": self.name, "severity": self.severity.value}
        parts = asdict(self.documentation)
        sql = {} if self.declared else {"sql"}  # only a rule of the configuration has some
        about = {name: text for name, text in parts.items() if name not in sql}
        return head | about | {"fixedBy": self.fixes.value or None}


def of_kind(*kinds: str, advice: str) -> CheckUnreadable:
    """Return a check that reports the unreadable cards of these kinds, with the reason."""

    def check(card: Unreadable) -> Iterator[Problem]:
        if card.kind in kinds:
            yield Problem(card.reason, help=advice, site=True)

    return check
