"""What a run found, as data: findings, and the report of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from newscards.fixes import Fix
    from newscards.nodes import Step


class Severity(StrEnum):
    """Error: a consumer breaks, or the site does otherwise than the card says. Warning: probably a slip."""

    ERROR = "error"
    WARNING = "warning"


class RuleName(NamedTuple):
    """What a rule is called: its code, and its name. Enough to tell what it found."""

    code: str
    name: str


class Finding(NamedTuple):
    """A problem, with the rule that found it, its severity and its place (as in ``placing.Span``).

    ``field`` names the value (``related[3].title``), empty for the card itself; ``others`` are the places,
    file and line, of the other cards that it concerns; ``fix`` mends it, at ``steps``.
    """

    rule: RuleName
    severity: Severity
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    source: str
    field: str
    message: str
    help: str
    others: tuple[tuple[str, int], ...] = ()
    fix: Fix | None = None
    steps: tuple[Step, ...] = ()


@dataclass(slots=True)
class Report:
    """What a run found: how many cards it saw, the findings by card and place, and what it checked."""

    cards: int = 0
    findings: list[Finding] = field(default_factory=list)
    paths: frozenset[str] = frozenset()

    def count(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def by_rule(self) -> list[tuple[tuple[RuleName, Severity], int]]:
        """How many findings each rule has, the most first, then by code."""
        counts = Counter((finding.rule, finding.severity) for finding in self.findings)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0][0].code))

    @property
    def fixable(self) -> int:
        """How many findings ``--fix`` mends."""
        return sum(finding.fix is not None and finding.fix.safe for finding in self.findings)

    @property
    def bad_cards(self) -> int:
        """How many cards have a finding."""
        return len({finding.path for finding in self.findings})
