"""Refusals: an edit that would create an error is refused."""

from __future__ import annotations

from collections.abc import Set

from newscards.cards.values import field_name
from newscards.errors import EditRefusedError
from newscards.lint.findings import Finding, RuleName, counts_by_rule
from newscards.lint.linter import Linter
from newscards.lint.rule import Rule
from newscards.text import shorten


def errors_in(linter: Linter, path: str, source: bytes) -> list[Finding]:
    """Return the findings of one card as if its file held ``source``. The linter does not remember it."""
    linter.overlay[path] = source
    linter.check(path)
    findings = linter.report().findings
    linter.forget(path)
    return findings


def refuse_errors(linter: Linter, path: str, old: bytes, new: bytes, names: Set[str]) -> None:
    """Raise ``EditRefusedError`` if an edit creates an error, or if a field that it sets has one.

    ``linter`` checks errors alone; ``old`` and ``new`` are the card's bytes; ``names`` are the fields set.
    """
    found = errors_in(linter, path, new)
    if not found:
        return
    known, counts = counts_by_rule(errors_in(linter, path, old)), counts_by_rule(found)
    for finding in found:
        if counts[finding.rule.code] > known[finding.rule.code] or finding.field in names:
            raise _error_refusal(finding.rule, finding.message, finding.help)
    if any(finding.more for finding in found):  # one that is left out may be in such a field
        linter.overlay[path] = new
        problems = linter.problems(path)
        linter.forget(path)
        for rule, problem, steps in problems:
            if field_name(steps) in names:
                raise _error_refusal(rule, shorten(problem.message), shorten(problem.help))


def _error_refusal(rule: Rule | RuleName, message: str, advice: str) -> EditRefusedError:
    hint = f"{advice}{_after(advice)}--force does it all the same"
    refusal, name = "it would be an error:", " ".join(dict.fromkeys((rule.code, rule.name)))
    return EditRefusedError(f"{refusal} {rule.code}: {message}", hint, f"{refusal} {name}")


def _after(hint: str) -> str:
    return "" if not hint else " " if hint.endswith(("?", ".")) else "; "
