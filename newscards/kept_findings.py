"""Findings as the text that the index keeps: enough to tell them, in every format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from newscards.findings import Finding, RuleName, Severity
from newscards.fixes import Fix


def encode(findings: Iterable[Finding], names: Mapping[str, str]) -> bytes:
    """Return the findings of a card as text, without its path; ``names`` are by path, as in the index."""
    return json.dumps(
        [
            [
                *finding.rule,
                finding.severity.value,
                (finding.line, finding.column, finding.end_line, finding.end_column),
                (finding.source, finding.field, finding.message, finding.help),
                [(names[path], line) for path, line in finding.others],
                finding.fix and (finding.fix.title, finding.fix.safe),
            ]
            for finding in findings
        ],
        separators=(",", ":"),
    ).encode()


def decode(path: str, text: bytes, paths: Mapping[str, str]) -> Sequence[Finding]:
    """Return the findings of the card at a path; ``paths`` are by name. Of a fix its name alone is known."""
    found: list[Finding] = []
    for code, rule, severity, place, texts, others, fix in json.loads(text):
        parts: list[Any] = [RuleName(code, rule), Severity(severity), path, *place, *texts]
        parts.append(tuple((paths[name], line) for name, line in others))
        parts.append(Fix(fix[0], None, fix[1]) if fix else None)
        found.append(Finding(*parts))
    return found
