"""``validate --format json`` and ``jsonl``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from newscards.lint.findings import Finding, FindingFormat, Report, Summary
from newscards.text import json_text, path_json


def statistics(report: Report, *, lines: bool = False) -> str:
    """Return the number of findings of each rule, the most first, as a JSON array or an object a line."""
    counts = [
        {"code": rule.code, "rule": rule.name, "severity": severity.value, "count": count}
        for (rule, severity), count in report.by_rule
    ]
    return _lines(counts) if lines else json_text(counts, indent=1) + "\n"


def _lines(objects: Sequence[object]) -> str:
    return "".join(json_text(each) + "\n" for each in objects)


def _line(finding: Finding) -> str:
    return json_text(as_object(finding)) + "\n"


def _indented(finding: Finding) -> str:
    text = json_text(as_object(finding), indent=1).replace(
        "\n", "\n  "
    )  # JSON escapes line ends within strings
    return f"\n  {text}"


def as_object(finding: Finding) -> dict[str, Any]:
    """Return a finding as a JSON object."""
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
        "published": finding.is_published,
    }


def _head(summary: Summary) -> str:
    counts = {
        "cards": summary.cards,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "fixable": summary.fixable,
        "unsafelyFixable": summary.unsafely_fixable,
        "published": summary.published,
    }
    return json_text({"version": 1, "summary": counts, "findings": []}, indent=1).removesuffix("]\n}")


def _tail(summary: Summary) -> str:
    return "\n ]\n}\n" if summary.findings else "]\n}\n"


DOCUMENT = FindingFormat(b"json", _indented, _head, _tail, separator=",")
"""A report as one JSON document."""

LINES = FindingFormat(b"jsonl", _line, lambda summary: "", lambda summary: "")
"""The findings of a report, an object a line."""
