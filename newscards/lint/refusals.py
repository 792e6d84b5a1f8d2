"""Refusals: an edit that would create an error, or with ``--strict`` a warning, is refused."""

from __future__ import annotations

from collections.abc import Set

from newscards.cards.values import field_name
from newscards.errors import EditRefusedError
from newscards.lint.findings import Finding, RuleName, Severity, counts_by_rule
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


def new_errors(linter: Linter, path: str, old: bytes | None, new: bytes) -> list[Finding]:
    """Return the findings of the rules that find more in a card's new bytes than in the old ones, if any."""
    found = errors_in(linter, path, new)
    more = _rules_with_more(linter, path, old, found) if found else set()
    return [finding for finding in found if finding.rule.code in more]


def _rules_with_more(linter: Linter, path: str, old: bytes | None, found: list[Finding]) -> set[str]:
    """Return the codes of the rules that have found more than in the old bytes of a card, if any."""
    known = counts_by_rule([] if old is None else errors_in(linter, path, old))
    return {*(counts_by_rule(found) - known)}


def refuse_findings(linter: Linter, path: str, old: bytes, new: bytes, names: Set[str]) -> None:
    """Raise ``EditRefusedError`` if an edit creates a finding, or if a field that it sets has one.

    ``linter`` has the rules that refuse edits: those of errors, or with ``--strict`` all. ``old`` and ``new``
    are the card's bytes; ``names`` are the fields set.
    """
    found = errors_in(linter, path, new)
    if not found:
        return
    more = _rules_with_more(linter, path, old, found)
    for finding in found:
        if finding.rule.code in more or finding.field in names:
            raise _refusal(finding.rule, finding.severity, finding.message, finding.help)
    if any(finding.more for finding in found):  # one that is left out may be in such a field
        linter.overlay[path] = new
        problems = linter.problems(path)
        linter.forget(path)
        for rule, problem, steps in problems:
            if field_name(steps) in names:
                severity = linter.rules.severities[rule]
                raise _refusal(rule, severity, shorten(problem.message), shorten(problem.help))


def _refusal(rule: Rule | RuleName, severity: Severity, message: str, advice: str) -> EditRefusedError:
    is_error = severity is Severity.ERROR
    way = "--force does it all the same" if is_error else "leave out --strict to do it all the same"
    refusal = f"it would be {'an error' if is_error else 'a warning'}:"
    name = " ".join(dict.fromkeys((rule.code, rule.name)))
    hint = f"{advice}{_after(advice)}{way}"
    # The message of an own rule without one begins with its name.
    shown = message if message.startswith(f"{rule.code}: ") else f"{rule.code}: {message}"
    return EditRefusedError(f"{refusal} {shown}", hint, f"{refusal} {name}")


def _after(hint: str) -> str:
    return "" if not hint else " " if hint.endswith(("?", ".")) else "; "
