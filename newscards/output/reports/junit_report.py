"""``validate --format junit``: the XML format of test results, which Jenkins, GitLab and others read."""

from __future__ import annotations

import re

from newscards.lint.findings import Finding, Report
from newscards.output.reports.common import concise, name_of
from newscards.text import one_line

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""The characters that XML 1.0 cannot contain, not even as references (section 2.2, Char)."""

_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"} | {c: f"&#{ord(c)};" for c in "\t\n\r"}


def render(report: Report) -> str:
    """Return a report as one test suite with a test case for each card that has findings.

    Without findings it has one test case, which passes, because some readers reject an empty suite.
    """
    by_card: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_card.setdefault(finding.path, []).append(finding)
    lines = [_case(path, findings) for path, findings in by_card.items()]
    fine = f"{report.cards} card{'s' * (report.cards != 1)}, all fine"
    lines = lines or [f'<testcase classname="newscards" name="{fine}"/>\n']
    counts = f'tests="{len(lines)}" failures="{len(by_card)}" errors="0" skipped="0"'
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites>\n<testsuite name="newscards" {counts}>\n{"".join(lines)}</testsuite>\n</testsuites>\n'
    )


def _case(path: str, findings: list[Finding]) -> str:
    name = _escaped(name_of(path))
    return (
        f'<testcase classname="newscards" name="{name}" file="{name}">\n'
        f"{''.join(map(_failure, findings))}</testcase>\n"
    )


def _failure(finding: Finding) -> str:
    message, text = _escaped(one_line(finding.message)), _escaped(concise(finding))
    return f'<failure type="{finding.rule.name}" message="{message}">{text}</failure>\n'


def _escaped(text: str) -> str:
    """Return a text escaped for XML; line ends and tabs as references, which readers do not normalize."""
    text = _FORBIDDEN.sub("\ufffd", text)
    return re.sub('[&<>"\t\n\r]', lambda match: _ESCAPES[match[0]], text)
