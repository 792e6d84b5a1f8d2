"""``validate --format gitlab``: a code quality report, as GitLab shows it in merge requests.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from newscards.lint.findings import Report, Severity, by_rank
from newscards.output.reports.common import fingerprints, name_of
from newscards.text import json_text, one_line, path_json

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor"}


def render(report: Report) -> str:
    """Return the findings as a JSON array, one a line, each with a unique fingerprint, as GitLab needs it."""
    findings = by_rank(report.findings)
    issues = [
        {
            "description": one_line(finding.message),
            "check_name": finding.rule.name,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {"path": path_json(name_of(finding.path)), "lines": {"begin": finding.line}},
        }
        for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
    ]
    lines = ",\n".join(map(json_text, issues))
    return f"[\n{lines}\n]\n" if lines else "[]\n"
