"""Findings: what a run of the rules found, its report, and the fixes it proposes, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from newscards.edits.operations import Change
    from newscards.frontmatter.nodes import Step


class Fix(NamedTuple):
    """A change that mends a problem, and its ``title`` for people.

    It is made where the problem stands, or at ``path``; one that was kept to be told has no change. A
    ``safe`` one does not change what the card means or what the site shows of it; any other is for a person
    to decide.
    """

    title: str
    change: Change | None
    safe: bool = True
    path: tuple[Step, ...] | None = None


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

    def concerns_only(self, paths: Set[str]) -> bool:
        """Tell whether there are other cards that it concerns, and all of them are among some."""
        return bool(self.others) and all(path in paths for path, _ in self.others)


class Summary(NamedTuple):
    """How many cards a run saw, how many findings it has, how many ``--fix`` mends, and in how many cards."""

    cards: int = 0
    errors: int = 0
    warnings: int = 0
    fixable: int = 0
    bad_cards: int = 0

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return self.errors + self.warnings


@dataclass(slots=True)
class Report:
    """What a run found: how many cards it saw, the findings by card and place, and what it checked."""

    cards: int = 0
    findings: list[Finding] = field(default_factory=list)
    paths: frozenset[str] = frozenset()

    @property
    def summary(self) -> Summary:
        """How many cards and findings there are."""
        errors, warnings, fixable = counts_of(self.findings)
        return Summary(self.cards, errors, warnings, fixable, len({each.path for each in self.findings}))

    def narrowed(self, paths: Sequence[str]) -> Report:
        """Return what concerns some cards: what is found in them, and in others that they alone concern."""
        own = frozenset(paths)
        found = [each for each in self.findings if each.path in own]
        found += [each for each in self.findings if each.path not in own and each.concerns_only(own)]
        return Report(len(own.union(each.path for each in found)), found, own)

    @property
    def by_rule(self) -> list[tuple[tuple[RuleName, Severity], int]]:
        """How many findings each rule has, the most first, then by code."""
        counts = Counter((finding.rule, finding.severity) for finding in self.findings)
        return sorted(counts.items(), key=lambda item: (-item[1], item[0][0].code))


def counts_of(findings: Sequence[Finding]) -> tuple[int, int, int]:
    """Return how many findings are errors, how many warnings, and how many ``--fix`` mends."""
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    fixable = sum(finding.fix is not None and finding.fix.safe for finding in findings)
    return errors, len(findings) - errors, fixable


class Form(NamedTuple):
    """A format in which findings are told one by one, so that the text of one that is known can be kept.

    ``key`` stands for all that the text depends on besides the finding. ``head`` and ``tail`` are around
    all findings, ``separator`` between them.
    """

    key: bytes
    finding: Callable[[Finding], str]
    head: Callable[[Summary], str]
    tail: Callable[[Summary], str]
    separator: str = ""

    def told(self, report: Report) -> Iterator[str]:
        """Yield the text of a report, in parts."""
        summary = report.summary
        yield self.head(summary)
        for number, finding in enumerate(report.findings):
            yield f"{self.separator}{self.finding(finding)}" if number else self.finding(finding)
        yield self.tail(summary)
