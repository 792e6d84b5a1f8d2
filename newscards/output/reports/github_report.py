"""``validate --format github``: annotations by workflow commands.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands has the commands; how
their parts are escaped is in actions/toolkit, packages/core/src/command.ts.
"""

from __future__ import annotations

from collections import Counter

from newscards.lint.findings import Finding, Report, Severity
from newscards.output.reports.common import advised, by_severity, name_of
from newscards.text import harmless, path_json

MOST = 10
"""How many annotations of each level GitHub shows of a step."""


def render(report: Report) -> str:
    """Return annotations of the first ten errors and ten warnings, and a notice that counts the rest."""
    findings = by_severity(report.findings)
    shown: list[Finding] = []
    for severity in Severity:
        shown += [finding for finding in findings if finding.severity is severity][:MOST]
    lines = [_command(finding) for finding in shown]
    rest = Counter(finding.rule for finding in findings)
    rest.subtract(finding.rule for finding in shown)
    left = [(rule, count) for rule, count in rest.items() if count]
    if left:
        left.sort(key=lambda item: (-item[1], item[0].code))
        counts = ", ".join(f"{rule.code} {rule.name}: {count:,}" for rule, count in left)
        lines.append(f"::notice title=newscards::{len(findings) - len(shown):,} more findings: {counts}")
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    """Return the command for a finding; with columns only where it begins and ends on one line.

    Of others GitHub refuses columns (actions/toolkit, packages/core, ``AnnotationProperties``).
    """
    place = {"file": name_of(finding.path), "line": str(finding.line)}
    if finding.end_line > finding.line:
        place["endLine"] = str(finding.end_line)
    elif finding.end_column > finding.column:
        place |= {"col": str(finding.column), "endColumn": str(finding.end_column)}
    place["title"] = f"{finding.rule.code} {finding.rule.name}"
    properties = ",".join(f"{key}={in_property(value)}" for key, value in place.items())
    return f"::{finding.severity} {properties}::{in_data(advised(finding))}"


def in_data(text: str) -> str:
    """Return a text as the data of a command; what a terminal might obey is escaped besides."""
    text = path_json(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return harmless(text)


def in_property(text: str) -> str:
    """Return a text as the value of a command's property."""
    return in_data(text).replace(":", "%3A").replace(",", "%2C")
