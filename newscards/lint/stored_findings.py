"""Findings as the text that the index keeps: enough to tell them, in every format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from newscards.lint.findings import Finding, RuleName, Severity
from newscards.lint.fixes import Fix


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


def decode(
    kept: Iterable[tuple[str, bytes]], paths: Mapping[str, str]
) -> Iterator[tuple[str, Sequence[Finding]]]:
    """Yield the paths of cards with their findings, of which ``kept`` has the text; ``paths`` are by name.

    Of a fix its name alone is known.
    """
    kept = list(kept)
    texts = json.loads(b"[%b]" % b",".join(text for _, text in kept))  # at once: each call takes its time
    for (path, _), findings in zip(kept, texts, strict=True):
        yield path, [_finding(path, paths, *finding) for finding in findings]


def _finding(
    path: str,
    paths: Mapping[str, str],
    code: str,
    rule: str,
    severity: str,
    place: list[int],
    texts: list[str],
    others: list[tuple[str, int]],
    fix: tuple[str, bool] | None,
) -> Finding:
    parts: list[Any] = [RuleName(code, rule), Severity(severity), path, *place, *texts]
    parts.append(tuple([(paths[name], line) for name, line in others]) if others else ())
    parts.append(Fix(fix[0], None, fix[1]) if fix else None)
    return Finding(*parts)
