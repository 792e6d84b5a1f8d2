"""``validate --format json`` and ``jsonl`` (DESIGN.md, "JSON")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newscards.findings import Finding, Report, Severity
from newscards.harmless import json_text, path_json


def render(report: Report, *, lines: bool = False) -> str:
    """Return a report as a JSON document; with ``lines`` its findings alone, an object a line."""
    findings = [_finding(finding) for finding in report.findings]
    if lines:
        return _lines(findings)
    summary = {
        "cards": report.cards,
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "fixable": report.fixable,
    }
    return json_text({"version": 1, "summary": summary, "findings": findings}, indent=1) + "\n"


def statistics(report: Report, *, lines: bool = False) -> str:
    """Return how many findings each rule has, the most first, as a JSON array, or an object a line."""
    counts = [
        {"code": rule.code, "rule": rule.name, "severity": severity.value, "count": count}
        for (rule, severity), count in report.by_rule
    ]
    return _lines(counts) if lines else json_text(counts, indent=1) + "\n"


def _lines(objects: Sequence[object]) -> str:
    return "".join(json_text(each) + "\n" for each in objects)


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.rule.code,
        "rule": finding.rule.name,
        "severity": finding.severity.value,
        "path": path_json(finding.path),
        "line": finding.line,
        "column": finding.column,
        "endLine": finding.end_line,
        "endColumn": finding.end_column,
        "field": finding.field,
        "message": finding.message,
        "fix": {"title": finding.fix.title, "safe": finding.fix.safe} if finding.fix else None,
        "others": [{"path": path_json(path), "line": line} for path, line in finding.others],
    }
