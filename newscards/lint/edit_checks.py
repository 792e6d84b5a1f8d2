"""Checks of edits: one that would create an error is refused, and one that creates a warning says so."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from typing import NamedTuple, Self

from newscards.cards.card import Card, Identity, identity
from newscards.cards.reader import parse
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


class _Comparison(NamedTuple):
    """The findings in a card's new bytes, and of these the ones of rules that found less in its old bytes.

    Of the latter, those come first that the old bytes do not have. ``more`` is how many more a rule has
    found, by its code.
    """

    found: list[Finding]
    added: list[Finding]
    more: Counter[str]

    @classmethod
    def of(cls, linter: Linter, path: str, old: bytes, new: bytes) -> Self:
        found = findings_in(linter, path, new)
        before = findings_in(linter, path, old) if found else []
        more, known = counts_by_rule(found) - counts_by_rule(before), {*map(_key, before)}
        added = [finding for finding in found if finding.rule.code in more]
        return cls(found, sorted(added, key=lambda finding: _key(finding) in known), more)


def _key(finding: Finding) -> tuple[str, str, int]:
    return finding.rule.code, finding.field, finding.value


CardName = str | tuple[str, object]
"""A URL, or a title and a date: an entry of ``related`` can only mean a card that shares one of them.

An empty text is the name of the cards that cannot be read.
"""


def card_names(identity: Identity) -> list[CardName]:
    """Return the names by which an entry of ``related`` may mean the card with an identity."""
    url, title, date = identity
    return [*([url] if url else ()), *([(title, date)] if title and date is not None else ())]


class EditCheck:
    """A check of edits, each of one card: what an edit creates is refused, or a warning says so.

    Findings are refused if they have a severity that is ``refused``. ``neighbours`` has the paths of the
    cards that entries of ``related`` may mean, by name; a card is compared with those that its own entries
    mean.
    """

    def __init__(
        self,
        linter: Linter,
        refused: Set[Severity] = frozenset(),
        neighbours: Mapping[CardName, Sequence[str]] | None = None,
    ) -> None:
        self.linter = linter
        self._refused, self._neighbours = refused, neighbours or {}
        self._last: tuple[tuple[str, bytes, bytes], _Comparison] | None = None
        """The last edit, with what was found: an edit may be asked for its errors, and then checked."""

    def __call__(self, path: str, old: bytes, new: bytes, names: Set[str]) -> list[CardWarning]:
        """Return the ``warnings`` about an edit.

        Raises ``EditRefusedError`` if a finding that it creates is refused, or if a field that the edit sets
        has such a finding; ``names`` are the fields set.
        """
        found, _, more = self._compared(path, old, new)
        for finding in found:
            if finding.severity in self._refused and (finding.rule.code in more or finding.field in names):
                raise _refusal(finding.rule, finding.severity, finding.message, finding.help)
        if any(finding.more for finding in found):  # one that is left out may be in such a field
            self._refuse_all(path, new, names)
        return self.warnings(path, old, new)

    def warnings(self, path: str, old: bytes, new: bytes) -> list[CardWarning]:
        """Return a warning for each rule that finds more in a card's new bytes than in the old ones."""
        _, added, more = self._compared(path, old, new)
        first = {finding.rule.code: finding for finding in reversed(added)}
        return [_warning(first[code], number) for code, number in more.items()]

    def new_errors(self, path: str, old: bytes, new: bytes) -> list[Finding]:
        """Return the errors of the rules that find more in a card's new bytes than in the old ones."""
        return [each for each in self._compared(path, old, new).added if each.severity is Severity.ERROR]

    def former_errors(self, path: str, old: bytes, new: bytes) -> list[Finding]:
        """Return the errors in a card's new bytes that are not new."""
        found, _, more = self._compared(path, old, new)
        return [each for each in found if each.severity is Severity.ERROR and each.rule.code not in more]

    def _compared(self, path: str, old: bytes, new: bytes) -> _Comparison:
        """Return what is found in a card's new bytes, compared with the old ones and its neighbours."""
        if self._last is None or self._last[0] != (path, old, new):
            neighbours = self._neighbours_of(path, old, new) if self._neighbours else ()
            for each in neighbours:
                self.linter.add_neighbour(each)
            self._last = (path, old, new), _Comparison.of(self.linter, path, old, new)
            for each in neighbours:
                self.linter.forget(each)
        return self._last[1]

    def _neighbours_of(self, path: str, *sources: bytes) -> set[str]:
        """Return the paths of the cards that the entries in a card's bytes may mean."""
        records = [parse(path, source, self.linter.limits) for source in sources]
        entries = (entry for record in records if isinstance(record, Card) for entry in record.related)
        names = {name for entry in entries for name in card_names(identity(entry))}
        paths = {each for name in (names | {""}) for each in self._neighbours.get(name, ())}
        return {each for each in paths if os.path.realpath(each) != os.path.realpath(path)}

    def _refuse_all(self, path: str, new: bytes, names: Set[str]) -> None:
        """Refuse a finding in a field of ``names`` even if a report leaves it out."""
        self.linter.overlay[path] = new
        problems = self.linter.problems(path)
        self.linter.forget(path)
        for rule, problem, steps in problems:
            severity = self.linter.rules.severities[rule]
            if severity in self._refused and field_name(steps) in names:
                raise _refusal(rule.rule_name, severity, shorten(problem.message), shorten(problem.help))


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
