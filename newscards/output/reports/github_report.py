"""``validate --format github``: annotations as workflow commands, and the job summary.

The commands, and "Adding a job summary", are documented in
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands; the escapes are in
actions/toolkit, packages/core/src/command.ts.
"""

from __future__ import annotations

import os
from collections import Counter

from newscards.edits.atomic import is_stream, write_stream
from newscards.lint.findings import Finding, Report, Severity, by_rank
from newscards.output.reports.common import advised, name_of
from newscards.output.terminal.findings import sentences
from newscards.text import counted, first_that_fit, harmless, one_line, path_json, path_text

MAX_ANNOTATIONS = 10
"""How many annotations of each level GitHub shows for a step."""


def render(report: Report) -> str:
    """Return annotations for the first ten errors and ten warnings, and a notice that counts the rest."""
    findings = by_rank(report.findings)
    shown: list[Finding] = []
    for severity in Severity:
        shown += [finding for finding in findings if finding.severity is severity][:MAX_ANNOTATIONS]
    lines = [_command(finding) for finding in shown]
    rest = Counter(finding.rule for finding in findings)
    rest.subtract(finding.rule for finding in shown)
    left = [(rule, count) for rule, count in rest.items() if count]
    if left:
        left.sort(key=lambda item: (-item[1], item[0].code))
        counts = ", ".join(f"{rule.title}: {count:,}" for rule, count in left)
        lines.append(f"::notice title=newscards::{len(findings) - len(shown):,} more findings: {counts}")
    return "".join(f"{line}\n" for line in lines)


def _command(finding: Finding) -> str:
    """Return the command for a finding, with columns only if it begins and ends on one line.

    GitHub refuses columns of several lines (actions/toolkit, packages/core, ``AnnotationProperties``).
    """
    place = {"file": name_of(finding.path), "line": str(finding.line)}
    if finding.end_line > finding.line:
        place["endLine"] = str(finding.end_line)
    elif finding.end_column > finding.column:
        place |= {"col": str(finding.column), "endColumn": str(finding.end_column)}
    place["title"] = finding.rule.title
    properties = ",".join(f"{key}={in_property(value)}" for key, value in place.items())
    return f"::{finding.severity} {properties}::{in_data(advised(finding))}"


def in_data(text: str) -> str:
    """Return a text escaped as the data of a command, with control characters made harmless."""
    text = path_json(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return harmless(text)


def in_property(text: str) -> str:
    """Return a text escaped as the value of a command's property."""
    return in_data(text).replace(":", "%3A").replace(",", "%2C")


LIMIT = 1 << 20
"""GitHub's limit for a step's summary in bytes; of a larger one it shows nothing."""

_HEAD = "| | rule | place | what |\n|---|---|---|---|\n"
_ROOM_FOR_REST = 200
_MARKUP = "&<>|`*_~[]\\"


def append_summary(report: Report) -> None:
    """Append the summary to the file that $GITHUB_STEP_SUMMARY names, if any; raises ``OSError``."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return
    if is_stream(file):
        write_stream(file, summary(report).encode())
        return
    with open(file, "ab") as stream:
        stream.write(summary(report, LIMIT - stream.tell()).encode())


def summary(report: Report, room: int = LIMIT) -> str:
    """Return a heading and a table of the findings, the errors first, in at most ``room`` bytes.

    If not all findings fit, the last line says how many are left out. If not even the heading fits, the
    summary is empty.
    """
    title = f"### newscards\n\n{_counts(report)}\n"
    findings = by_rank(report.findings)
    head = f"{title}\n{_HEAD}" if findings else title
    left = room - len(head) - _ROOM_FOR_REST
    if left < 0:
        return ""
    parts = [head, *first_that_fit(map(_row, findings), left, lambda row: len(row.encode()))]
    if rest := len(findings) - len(parts) + 1:
        parts.append(f"\n{rest:,} more findings are left out: a summary has 1 MiB at most.\n")
    return "".join([*parts, "\n"])


def _counts(report: Report) -> str:
    summary = report.summary
    if not report.findings:
        return f"{counted(summary.cards, 'card')} checked: all fine."
    counts = f"{counted(summary.errors, 'error')} and {counted(summary.warnings, 'warning')}"
    found = f"{counts} in {summary.bad_cards:,} of {counted(summary.cards, 'card')}."
    return " ".join([found, *sentences(summary)])


def _row(finding: Finding) -> str:
    place = f"{path_text(name_of(finding.path))}:{finding.line}:{finding.column}"
    cells = (finding.severity.value, finding.rule.title, place, finding.message)
    return f"| {' | '.join(map(cell, cells))} |\n"


def cell(text: str) -> str:
    """Return a text as a table cell, with the characters of Markdown and HTML as character references.

    A reference is never markup (CommonMark 6.2) and separates no cells (GFM, "Tables").
    """
    return "".join(f"&#{ord(char)};" if char in _MARKUP else char for char in one_line(text))
