"""The summary of a GitHub Actions step: a Markdown table of the findings.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands, "Adding a job summary".
"""

from __future__ import annotations

import os

from newscards.lint.findings import Finding, Report
from newscards.output.reports.common import by_severity, name_of
from newscards.text import one_line, path_text

LIMIT = 1 << 20
"""How many bytes a step's summary may have; of a larger one GitHub shows nothing."""

_HEAD = "| | rule | place | what |\n|---|---|---|---|\n"
_ROOM_FOR_REST = 200
_ACTIVE = "&<>|`*_~[]\\"


def append_summary(report: Report) -> None:
    """Append the summary to the file that $GITHUB_STEP_SUMMARY names, if any; raises ``OSError``."""
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return
    with open(file, "ab") as stream:
        stream.write(summary(report, LIMIT - stream.tell()).encode())


def summary(report: Report, room: int = LIMIT) -> str:
    """Return a heading and a table of the findings, the errors first, in at most ``room`` bytes.

    Where not all of them fit, it says how many are left out; where nothing does, it is empty.
    """
    title = f"### newscards\n\n{_told(report)}\n"
    findings = by_severity(report.findings)
    head = f"{title}\n{_HEAD}" if findings else title
    left = room - len(head) - _ROOM_FOR_REST
    if left < 0:
        return ""
    parts = [head]
    for number, finding in enumerate(findings):
        row = _row(finding)
        left -= len(row.encode())
        if left < 0:
            rest = len(findings) - number
            parts.append(f"\n{rest:,} more findings are left out: a summary has 1 MiB at most.\n")
            break
        parts.append(row)
    return "".join([*parts, "\n"])


def _told(report: Report) -> str:
    summary = report.summary
    if not report.findings:
        return f"{summary.cards:,} cards checked: all fine."
    counts = f"{summary.errors:,} errors and {summary.warnings:,} warnings"
    return f"{counts} in {summary.bad_cards:,} of {summary.cards:,} cards."


def _row(finding: Finding) -> str:
    place = f"{path_text(name_of(finding.path))}:{finding.line}:{finding.column}"
    cells = (finding.severity.value, f"{finding.rule.code} {finding.rule.name}", place, finding.message)
    return f"| {' | '.join(map(cell, cells))} |\n"


def cell(text: str) -> str:
    """Return a text as a table's cell: what Markdown or HTML would take for its own as references.

    A reference is never markup (CommonMark 6.2; GFM, "Tables", for what parts cells).
    """
    return "".join(f"&#{ord(char)};" if char in _ACTIVE else char for char in one_line(text))
