"""Findings, and the comments that silence them."""

from __future__ import annotations

from collections.abc import Sequence

from newscards.lint.findings import Finding
from newscards.lint.ruleset import Ruleset, specificity
from newscards.lint.suppressions import Ignore


def silenced(findings: Sequence[Finding], ignores: Sequence[Ignore]) -> tuple[list[Finding], list[Ignore]]:
    """Return the findings of a card that no comment silences, and the comments that silence none."""
    used: set[Ignore] = set()
    kept: list[Finding] = []
    for finding in findings:
        by = {ignore for ignore in ignores if _silences(ignore, finding)}
        used |= by
        if not by:
            kept.append(finding)
    return kept, [ignore for ignore in ignores if ignore not in used]


def is_left_behind(ignore: Ignore, rules: Ruleset) -> bool:
    """Tell whether a comment that silences nothing could have: one of its rules was checked, or is none."""
    checked = rules.severities
    if not ignore.words or any(specificity(word, rule) for word in ignore.words for rule in checked):
        return True
    return not all(any(specificity(word, rule) for rule in rules.known) for word in ignore.words)


def _silences(ignore: Ignore, finding: Finding) -> bool:
    return finding.line in ignore.lines and any(specificity(word, finding.rule) for word in ignore.words)
