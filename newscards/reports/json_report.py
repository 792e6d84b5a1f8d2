"""``validate --format json`` (DESIGN.md, "JSON")."""

from __future__ import annotations

from typing import Any

from newscards.harmless import json_text, path_json
from newscards.lint import Finding, Report
from newscards.rules.rule import Severity


def render(report: Report) -> str:
    """Return a report as a JSON document."""
    return json_text(
        {
            "version": 1,
            "summary": {
                "cards": report.cards,
                "errors": report.count(Severity.ERROR),
                "warnings": report.count(Severity.WARNING),
                "fixable": 0,
            },
            "findings": [_finding(finding) for finding in report.findings],
        },
        indent=1,
    )


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.rule.code,
        "rule": finding.rule.name,
        "severity": finding.rule.severity.value,
        "path": path_json(finding.path),
        "line": finding.line,
        "column": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "field": finding.field,
        "message": finding.message,
        "fix": None,
        "others": [],
    }
