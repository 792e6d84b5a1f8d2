"""Many findings for people: the first of each rule, how many more there are, and a table by rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from newscards.lint.findings import (
    Counts,
    Finding,
    FindingFormat,
    Report,
    RuleName,
    Severity,
    by_rank,
    count_all,
    counts_of,
)
from newscards.lint.ruleset import OWN
from newscards.output.terminal.findings import COLORS
from newscards.output.terminal.page import Page, rows_of
from newscards.output.ui import current
from newscards.text import counted, first_that_fit

if TYPE_CHECKING:
    from rich.style import Style

MAX_ROWS = 280
"""The rows of the terminal for findings and table: with the summary, which may be wrapped, less than 300."""
_MIN_FOR_TABLE = 21
"""The number of findings from which on a table counts them by rule."""


class View(NamedTuple):
    """The part of the findings that is printed, and its order.

    ``limit`` is the number of findings of each rule; 0 means all. Of these, as many are printed as fit into
    ``max_rows`` of the terminal, if that is not 0. ``by_rule`` groups them by rule instead of by card.
    ``command`` returns the command that prints all findings of a rule; without one, what is left out is not
    counted. With ``has_table``, a table by rule follows if there are many findings; it stands before them,
    with the summary, if ``is_paged``, because a pager shows the first page.
    """

    limit: int = 0
    max_rows: int = 0
    by_rule: bool = False
    command: Callable[[RuleName], str] | None = None
    has_table: bool = False
    is_paged: bool = False


class RuleCounts(NamedTuple):
    """A rule, its severity and the numbers of its findings."""

    rule: RuleName
    severity: Severity
    counts: Counts

    @property
    def total(self) -> int:
        """The number of all its findings."""
        return self.counts.errors + self.counts.warnings

    @property
    def importance(self) -> tuple[bool, int, int, str]:
        """The key that sorts rules: errors first, then by findings in published cards, all findings, code."""
        is_warning = self.severity is Severity.WARNING
        return is_warning, -self.counts.published, -self.total, self.rule.code


def counts_of_rules(findings: Iterable[Finding]) -> list[RuleCounts]:
    """Return the rules that found something, the most important first."""
    by_rule: dict[tuple[RuleName, Severity], list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault((finding.rule, finding.severity), []).append(finding)
    rules = [RuleCounts(*rule, counts_of(found)) for rule, found in by_rule.items()]
    return sorted(rules, key=lambda each: each.importance)


def selected(
    findings: Iterable[Finding], view: View, rows: Callable[[Finding], int] | None = None, room: int = 0
) -> list[Finding]:
    """Return the findings that a view prints, in its order.

    With ``rows``, the function that returns how many rows a finding takes, they are those that fit into
    ``room`` rows: taken by rank, and within a rank from each rule in turn, so that each is shown.
    """
    findings = by_rank(findings)
    turns: Counter[RuleName] = Counter()
    candidates: list[tuple[int, int, int]] = []
    for at, finding in enumerate(findings):
        turns[finding.rule] += 1
        if not view.limit or turns[finding.rule] <= view.limit:
            candidates.append((finding.rank, turns[finding.rule], at))
    if rows:
        candidates = first_that_fit(sorted(candidates), room, lambda candidate: rows(findings[candidate[2]]))
    chosen = [findings[at] for at in sorted(at for _, _, at in candidates)]
    if view.by_rule:
        order = {each.rule: number for number, each in enumerate(counts_of_rules(findings))}
        chosen.sort(key=lambda finding: order[finding.rule])
    return chosen


def overview(page: Page, report: Report, view: View, form: FindingFormat) -> Iterator[str]:
    """Yield what a view prints of a report in a format, in parts."""
    text = form.finding
    findings = by_rank(report.findings)
    rules = counts_of_rules(findings)
    total = count_all(findings)
    table = table_text(page, rules) if view.has_table and total >= _MIN_FOR_TABLE else ""
    end = "\n" if findings and text(findings[0]).endswith("\n\n") else ""
    headings = {each.rule: _heading(page, each) + end for each in rules} if view.by_rule else {}
    longest = max((_left_text(page, view, each.rule, each.total) for each in rules), key=len, default="")

    def rows(finding: Finding) -> int:
        """Return the most rows that a finding takes: the first of a rule comes with two lines more."""
        around = "" if finding.rule in known else headings.get(finding.rule, "") + longest + end
        known.add(finding.rule)
        return rows_of(text(finding) + around, page.width)

    known: set[RuleName] = set()
    room = view.max_rows - rows_of(table, page.width)
    shown = selected(findings, view, rows if view.max_rows else None, room)
    left = Counter({each.rule: each.total for each in rules})
    last = {finding.rule: at for at, finding in enumerate(shown)}
    missing = total - sum(1 + finding.more for finding in shown)
    closing = list[str]()
    if table:
        closing += ["" if end or view.is_paged else "\n", f"{table}\n"]
    if view.command and missing and (table or {each.rule for each in rules} - last.keys()):
        shown_of_all = f"{total - missing:,} of {total:,} findings are shown;"
        ways = "--select RULE shows a rule's, --limit 0 all."
        closing.append(page.wrapped("", f"{shown_of_all} {ways}", "") + "\n")
    closing.append(form.tail(report.summary))
    if view.is_paged and table:
        yield from (*closing, "\n")
        closing = []
    for at, finding in enumerate(shown):
        yield headings.pop(finding.rule, "")
        yield text(finding)
        left[finding.rule] -= 1 + finding.more
        if at == last[finding.rule] and left[finding.rule]:
            yield _left_text(page, view, finding.rule, left[finding.rule]) + end
    yield from closing


def _left_text(page: Page, view: View, rule: RuleName, count: int) -> str:
    """Return a line with the number of findings of a rule that are not printed, and how to see them."""
    return f"{page.styled(f'and {count:,} more:', 'bold')} {view.command(rule)}\n" if view.command else ""


def _heading(page: Page, rule: RuleCounts) -> str:
    """Return the line above the findings of a rule."""
    counts = rule.counts
    name = page.styled(rule.rule.title, COLORS[rule.severity])
    published = f", {counts.published:,} in published cards" if counts.published else ""
    return f"{name}: {counted(rule.total, rule.severity.value)}{published}\n"


def table_text(page: Page, rules: Sequence[RuleCounts]) -> str:
    """Return a table of rules with the numbers of their findings."""
    from newscards.output.terminal.table import TableColumn, fixed, print_rows

    colors = {severity: fixed(color) for severity, color in COLORS.items()}

    def color(each: RuleCounts) -> Style:
        return colors[each.severity](each)

    longest = max(len(each.rule.name) for each in rules)
    columns: list[TableColumn[RuleCounts]] = [
        # The code of an own rule is its name, which stands in the next column.
        TableColumn("Rule", lambda each: OWN if each.rule.code == each.rule.name else each.rule.code, color),
        TableColumn("Name", lambda each: each.rule.name, elastic=longest),
        TableColumn("Severity", lambda each: each.severity.value, color, drop_order=1),
        TableColumn("Found", lambda each: f"{each.total:,}", right=True),
        TableColumn("Published", lambda each: f"{each.counts.published:,}", right=True, drop_order=3),
        TableColumn("Fixable", lambda each: f"{each.counts.fixable:,}", right=True, drop_order=2),
    ]
    console = current().console()
    with console.capture() as captured:
        print_rows(console, columns, rules)
    return captured.get()
