"""Checks of edits: one that would create an error is refused, and one that creates a warning says so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set

from newscards.cards.values import field_name
from newscards.edits.plan import CardWarning
from newscards.errors import EditRefusedError
from newscards.lint.findings import Finding, RuleName, Severity, counts_by_rule
from newscards.lint.linter import Linter
from newscards.text import shorten


def findings_in(linter: Linter, path: str, source: bytes) -> list[Finding]:
    """Return the findings of one card as if its file held ``source``. The linter does not remember it."""
    linter.overlay[path] = source
    checked = linter.check_file(path)
    found: list[Finding] = []
    # The report takes a third of the time of a check, and most cards have nothing to report.
    if linter.needs_corpus or (checked and (checked.findings or checked.bad_entries or checked.suppressions)):
        linter.add(checked)
        found = [finding for finding in linter.report().findings if finding.path == path]
    linter.forget(path)
    return found


def new_findings(linter: Linter, path: str, old: bytes | None, new: bytes) -> list[Finding]:
    """Return the findings of the rules that find more in a card's new bytes than in the old ones, if any."""
    found = findings_in(linter, path, new)
    _, more = _new_among(linter, path, old, found)
    return [finding for finding in found if finding.rule.code in more]


def _new_among(
    linter: Linter, path: str, old: bytes | None, found: list[Finding]
) -> tuple[list[Finding], Counter[str]]:
    """Return those of the findings in a card whose rules found less in its old bytes, the new ones first.

    Return, too, how many more there are, by the code of the rule.
    """
    before = findings_in(linter, path, old) if found and old is not None else []
    more, known = counts_by_rule(found) - counts_by_rule(before), {*map(_key, before)}
    added = [finding for finding in found if finding.rule.code in more]
    return sorted(added, key=lambda finding: _key(finding) in known), more


def _key(finding: Finding) -> tuple[str, str, int]:
    return finding.rule.code, finding.field, finding.value


def check_edit(
    linter: Linter, refused: Set[Severity], path: str, old: bytes, new: bytes, names: Set[str]
) -> list[CardWarning]:
    """Return a warning for each rule that finds more in a card's new bytes than in the old ones.

    Raises ``EditRefusedError`` if one of these findings has a severity that is ``refused``, or if a field
    that the edit sets has such a finding; ``names`` are the fields set.
    """
    found = findings_in(linter, path, new)
    added, more = _new_among(linter, path, old, found)
    for finding in found:
        if finding.severity in refused and (finding.rule.code in more or finding.field in names):
            raise _refusal(finding.rule, finding.severity, finding.message, finding.help)
    if any(finding.more for finding in found):  # one that is left out may be in such a field
        linter.overlay[path] = new
        problems = linter.problems(path)
        linter.forget(path)
        for rule, problem, steps in problems:
            severity = linter.rules.severities[rule]
            if severity in refused and field_name(steps) in names:
                raise _refusal(rule.rule_name, severity, shorten(problem.message), shorten(problem.help))
    first = {finding.rule.code: finding for finding in reversed(added)}
    return [_warning(first[code], number) for code, number in more.items()]


def _warning(finding: Finding, number: int) -> CardWarning:
    """Return the warning that a card gets so many findings of a rule; the finding is the first."""
    what = "an error" if finding.severity is Severity.ERROR else "a warning"
    rest = f"; and {number - 1:,} more" if number > 1 else ""
    message = f"{_with_code(finding.rule, finding.message)}{rest}"
    return CardWarning(
        f"it gets {what}: {message}",
        f"they get {what}: {finding.rule.title}",
        message.removeprefix(f"{finding.rule.code}: "),
    )


def _with_code(rule: RuleName, message: str) -> str:
    # The message of an own rule without one begins with its name.
    return message if message.startswith(f"{rule.code}: ") else f"{rule.code}: {message}"


def _refusal(rule: RuleName, severity: Severity, message: str, advice: str) -> EditRefusedError:
    is_error = severity is Severity.ERROR
    option = "--force does it all the same" if is_error else "leave out --strict to do it all the same"
    refusal = f"it would be {'an error' if is_error else 'a warning'}:"
    return EditRefusedError(
        f"{refusal} {_with_code(rule, message)}", advice, f"{refusal} {rule.title}", option=option
    )
