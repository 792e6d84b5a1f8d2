"""Findings: the problems that the rules found, their fixes, and the report of a run, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from newscards.edits.operations import Change
    from newscards.frontmatter.nodes import Step
    from newscards.lint.rule import Rule


class FixElsewhere(NamedTuple):
    """A change at ``steps`` in another card, at ``path``."""

    path: str
    steps: tuple[Step, ...]
    change: Change


class Fix(NamedTuple):
    """A change that fixes a problem, and its ``title`` for people.

    It is made at ``steps``, else at the problem's path, and with it the changes ``elsewhere``, such as those
    of the copies of a value in other cards; ``change`` is ``None`` if there is nothing to change in the card
    itself. A fix that comes from the index has no changes. A ``safe`` fix does not change what the card means
    or what the site shows; for any other a person decides.
    """

    title: str
    change: Change | None
    safe: bool = True
    steps: tuple[Step, ...] | None = None
    elsewhere: tuple[FixElsewhere, ...] = ()


class Severity(StrEnum):
    """The weight of a finding.

    Error: a reader of the card breaks, or the site contradicts the card. Warning: probably a mistake.
    """

    ERROR = "error"
    WARNING = "warning"


class RuleName(NamedTuple):
    """The code and the name of a rule: enough to report its findings.

    Both are the same for a rule of the configuration.
    """

    code: str
    name: str

    @property
    def title(self) -> str:
        """The code and the name, or the name alone if it is the code, too."""
        return self.name if self.code == self.name else f"{self.code} {self.name}"

    @property
    def headline(self) -> str:
        """The code in brackets and the name, or the name alone in brackets."""
        return f"[{self.code}]" if self.code == self.name else f"[{self.code}] {self.name}"


class Finding(NamedTuple):
    """A problem, with the rule that found it, its severity and its place (as in ``positions.Span``).

    ``field`` names the value (``related[3].title``); it is empty for the card itself. ``others`` are places,
    path and line, in other cards that it concerns. ``steps`` lead to the value that ``fix`` changes. ``more``
    is the number of findings of the same rule in the same card that are left out behind it; the message says
    so too. ``is_published`` says whether the card's flag shows it, or the card cannot be read and so cannot
    hide itself. ``value`` is a checksum of the value, by which a finding is recognized after its line moved.
    With ``has_copies`` the ``others`` are copies of the card's value, which only repeat what is wrong here.
    ``value_line`` is the line on which the value begins if the place is a part of it, else 0: a comment that
    applies to this line suppresses the finding, too.
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
    more: int = 0
    is_published: bool = False
    value: int = 0
    has_copies: bool = False
    value_line: int = 0

    @property
    def rank(self) -> int:
        """The rank in a report: 0 for an error, 1 for a warning in a published card, 2 for any other."""
        if self.severity is Severity.ERROR:
            return 0
        return 1 if self.is_published else 2


RANKS = 3
"""The number of ranks that a finding may have."""


def by_rank(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in the order of reports: by rank, and within a rank in their order."""
    return sorted(findings, key=attrgetter("rank"))


def by_path(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return findings by the path of their card, in their order."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.path, []).append(finding)
    return found


def counts_by_rule(findings: Iterable[Finding]) -> Counter[str]:
    """Return the number of findings by the code of their rule, those that are left out included."""
    counts: Counter[str] = Counter()
    for finding in findings:
        counts[finding.rule.code] += 1 + finding.more
    return counts


def count_all(findings: Iterable[Finding]) -> int:
    """Return the number of findings, those that are left out included."""
    return sum(1 + finding.more for finding in findings)


MAX_FINDINGS = 100
"""The number of findings of one rule in one card that are reported; the others are counted."""


MAX_LISTED = 100
"""The number of other places that a finding lists: 100,000 cards may share a URL."""

_Place = TypeVar("_Place")


def listed_others(places: Sequence[_Place], at: int) -> tuple[_Place, ...]:
    """Return the first ``MAX_LISTED`` of some places, without the one at the position ``at``."""
    return (*places[: min(at, MAX_LISTED)], *places[at + 1 : MAX_LISTED + 1])


def concerns_with_others(finding: Finding, paths: Set[str]) -> bool:
    """Return whether a finding concerns several cards, and may concern one of ``paths``.

    It lists ``MAX_LISTED`` other places at most, so one that lists as many may concern any card.
    """
    others = {path for path, _ in finding.others}
    return bool(others) and (
        finding.path in paths or not others.isdisjoint(paths) or len(finding.others) >= MAX_LISTED
    )


def without_more(finding: Finding) -> Finding:
    """Return a finding as it was before ``with_more``."""
    end = _more_text(finding.more, finding.rule.code)
    return finding._replace(message=finding.message.removesuffix(end), more=0) if finding.more else finding


def with_more(findings: list[Finding], more: Mapping[str, int]) -> list[Finding]:
    """Return the findings of a card; the last of a rule says how many more of it are left out.

    ``more`` has these numbers by the rule's code.
    """
    last = {finding.rule.code: index for index, finding in enumerate(findings)} if more else {}
    for code, count in more.items():
        finding = findings[last[code]]
        message = finding.message + _more_text(count, code)
        findings[last[code]] = finding._replace(message=message, more=count)
    return findings


def _more_text(count: int, code: str) -> str:
    return f"; and {count:,} more of {code} in this card"


def limited(findings: Iterable[Finding]) -> list[Finding]:
    """Return the first ``MAX_FINDINGS`` findings of each rule in a card."""
    counts: Counter[str] = Counter()
    left: list[Finding] = []
    for finding in findings:
        counts[finding.rule.code] += 1
        if counts[finding.rule.code] <= MAX_FINDINGS:
            left.append(finding)
    return with_more(left, {code: n - MAX_FINDINGS for code, n in counts.items() if n > MAX_FINDINGS})


class Counts(NamedTuple):
    """The numbers of findings: of each severity, of those that a fix fixes, and of those in published cards.

    ``fixable`` are those that ``--fix`` fixes, ``unsafely_fixable`` those that only ``--unsafe-fixes`` fixes.
    """

    errors: int
    warnings: int
    fixable: int
    unsafely_fixable: int
    published: int


class Summary(NamedTuple):
    """The counts of a run: cards, cards with findings, and findings as in ``Counts``."""

    cards: int = 0
    bad_cards: int = 0
    errors: int = 0
    warnings: int = 0
    fixable: int = 0
    unsafely_fixable: int = 0
    published: int = 0

    @property
    def findings(self) -> int:
        """The number of findings."""
        return self.errors + self.warnings


@dataclass(slots=True)
class Report:
    """A run's report: the number of cards, the findings by card and place, and the paths it checked.

    ``unnarrowed`` are all findings, if ``findings`` are only the new ones of them: a baseline counts all.
    ``old`` is how many of the others are in cards that changed.
    With ``strict`` a warning fails the run, too, which matters to a format that knows only failures.
    ``consequences`` are the numbers of findings that are not reported because others explain them, by path
    and code; a fixer needs them. ``find_own_rules`` returns the rules of the configuration, checked or not,
    which a format that explains rules needs.
    """

    cards: int = 0
    findings: list[Finding] = field(default_factory=list)
    paths: frozenset[str] = frozenset()
    unnarrowed: list[Finding] | None = None
    old: int = 0
    strict: bool = False
    consequences: Counter[tuple[str, str]] = field(default_factory=Counter)
    find_own_rules: Callable[[], Sequence[Rule]] = tuple

    @property
    def summary(self) -> Summary:
        """The counts of this report."""
        bad_cards = len({each.path for each in self.findings})
        return Summary(self.cards, bad_cards, *counts_of(self.findings))

    @property
    def all_findings(self) -> list[Finding]:
        """All findings, also those that are not new."""
        return self.findings if self.unnarrowed is None else self.unnarrowed

    def with_more(self, findings: Sequence[Finding]) -> Report:
        """Return the report with findings in other files."""
        others = {each.path for each in findings} - self.paths
        unnarrowed = None if self.unnarrowed is None else [*self.unnarrowed, *findings]
        found = [*self.findings, *findings]
        return replace(self, cards=self.cards + len(others), findings=found, unnarrowed=unnarrowed)

    @property
    def by_rule(self) -> list[tuple[tuple[RuleName, Severity], int]]:
        """The number of findings of each rule, sorted by number, largest first, then by code."""
        counts: Counter[tuple[RuleName, Severity]] = Counter()
        for finding in self.findings:
            counts[finding.rule, finding.severity] += 1 + finding.more
        return sorted(counts.items(), key=lambda item: (-item[1], item[0][0].code))


def counts_of(findings: Iterable[Finding]) -> Counts:
    """Return the counts of findings, those that are left out included."""
    errors = warnings = fixable = unsafely_fixable = published = 0
    for finding in findings:
        count = 1 + finding.more
        if finding.severity is Severity.ERROR:
            errors += count
        else:
            warnings += count
        if finding.fix is not None and finding.fix.safe:
            fixable += count
        elif finding.fix is not None:
            unsafely_fixable += count
        if finding.is_published:
            published += count
    return Counts(errors, warnings, fixable, unsafely_fixable, published)


class FindingFormat(NamedTuple):
    """A format that prints findings one by one, so that the index can store the text of each card.

    ``key`` identifies all that the text depends on besides the finding, such as the width of a terminal.
    ``head`` and ``tail`` stand around all findings, ``separator`` between them.
    """

    key: bytes
    finding: Callable[[Finding], str]
    head: Callable[[Summary], str]
    tail: Callable[[Summary], str]
    separator: str = ""

    def render(self, report: Report, findings: Sequence[Finding] | None = None) -> Iterator[str]:
        """Yield the text of a report, in parts: with ``findings``, or else all of them, by rank."""
        summary = report.summary
        yield self.head(summary)
        for number, finding in enumerate(by_rank(report.findings) if findings is None else findings):
            yield f"{self.separator}{self.finding(finding)}" if number else self.finding(finding)
        yield self.tail(summary)
