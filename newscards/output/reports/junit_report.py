"""``validate --format junit``: the XML format of test results, which Jenkins, GitLab and others read."""

from __future__ import annotations

import re
from collections.abc import Collection

from newscards.lint.findings import Finding, Report, Severity, by_rank
from newscards.output.reports.common import concise, name_of
from newscards.text import one_line

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that XML 1.0 cannot contain, not even as references (section 2.2, Char)."""

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"} | {c: f"&#{ord(c)};" for c in "\t\n\r"}


def render(report: Report) -> str:
    """Return a report as one test suite with a test case for each card that has findings.

    An error is a failure. A warning is output of its test case, because the format knows no warnings, and a
    failure would turn a pipeline red that newscards itself passes; in a strict report it is a failure, too.
    Without findings the suite has one test case, which passes, because some readers reject an empty suite.
    """
    by_card: dict[str, list[Finding]] = {}
    for finding in by_rank(report.findings):
        by_card.setdefault(finding.path, []).append(finding)
    failing = tuple(Severity) if report.strict else (Severity.ERROR,)
    lines = [_case(path, findings, failing) for path, findings in by_card.items()]
    fine = f"{report.cards} card{'s' * (report.cards != 1)}, all fine"
    lines = lines or [f'<testcase classname="newscards" name="{fine}"/>\n']
    failures = sum(any(each.severity in failing for each in findings) for findings in by_card.values())
    counts = f'tests="{len(lines)}" failures="{failures}" errors="0" skipped="0"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites>\n<testsuite name="newscards" {counts}>\n{"".join(lines)}</testsuite>\n</testsuites>\n'
    )


def _case(path: str, findings: list[Finding], failing: Collection[Severity]) -> str:
    name = _escaped(name_of(path))
    failures = [finding for finding in findings if finding.severity in failing]
    others = [concise(finding) for finding in findings if finding.severity not in failing]
    text = _escaped("\n".join(others))
    output = f"<system-out>{text}</system-out>\n" if others else ""
    return (
        f'<testcase classname="newscards" name="{name}" file="{name}">\n'
        f"{''.join(map(_failure, failures))}{output}</testcase>\n"
    )


def _failure(finding: Finding) -> str:
    message, text = _escaped(one_line(finding.message)), _escaped(concise(finding))
    return f'<failure type="{finding.rule.name}" message="{message}">{text}</failure>\n'


def _escaped(text: str) -> str:
    """Return a text escaped for XML; line ends and tabs as references, which readers do not normalize."""
    text = _FORBIDDEN.sub("\ufffd", text)
    return re.sub('[&<>"\t\n\r]', lambda match: _ESCAPES[match[0]], text)
