"""The fixer: the fixes of findings made in memory, all of them before the first file is written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from newscards.cards.card import card_id
from newscards.cards.values import field_name
from newscards.edits.apply import edit_source, read_whole_file
from newscards.edits.journal import CardEdit
from newscards.edits.operations import Operation, Remove, Reorder, SetValue
from newscards.edits.patches import difference, sha256, unified_diff
from newscards.errors import EditRefusedError
from newscards.lint.findings import Finding, Report, counts_by_rule
from newscards.lint.linter import Linter
from newscards.text import counted, path_json

_MAX_PASSES = 10
"""The corpus is checked again after each pass, because a fix in one card may lead to one in another."""

_MAX_ROUNDS = 100
"""The number of rounds of fixes in a card: more than it has fixes that meet in one place."""

_MIN_ATTEMPTS, _MAX_BYTES_READ = 4, 8 << 20
"""The least number of attempts to make the fixes of a card, and the bytes that more of them may read."""

_Key: TypeAlias = tuple[str, str, str, str]
"""The identity of a fix: the card's path, the rule's code, the field, and the fix's title."""


class Fixer:
    """The maker of fixes in memory: ``Linter.overlay`` gets the fixed bytes of each card.

    ``before`` has the old bytes of each fixed card by path, and ``made`` is the number of fixes. A fix that
    would create a finding is refused, and with ``unsafe`` false so is one that is not safe.
    """

    def __init__(self, linter: Linter, *, unsafe: bool) -> None:
        self._linter, self._unsafe = linter, unsafe
        self._refused: set[_Key] = set()
        self._attempts: dict[str, int] = {}
        self._worsened: set[str] = set()  # the fields with a finding that the last attempt would create
        self.before: dict[str, bytes] = {}
        self.made = 0
        self._of_corpus = {rule.code for rule in linter.rules.severities if rule.corpus}
        self._made: Counter[str] = Counter()

    def fix(self) -> Report:
        """Make all fixes that can be made, and return the findings that are left."""
        report = self._linter.report()
        known = _by_card(report)
        for _ in range(_MAX_PASSES):
            # First each card by itself: what is then copied from card to card is fixed already.
            if not self._fix_cards(report) and not self._fix_corpus(report):
                break
            report = self._linter.report()
        while suspects := self._suspects(known, report):
            for path in suspects:
                self.take_back(path)
            report = self._linter.report()
        left = [each._replace(fix=None) if _key(each) in self._refused else each for each in report.findings]
        return replace(report, findings=left)

    def _suspects(self, known: Counter[tuple[str, str]], report: Report) -> set[str]:
        """Return the fixed cards that a new finding stands in or concerns: their fixes may have caused it."""
        found = _by_card(report)
        new = [
            each
            for each in report.findings
            if found[each.path, each.rule.code] > known[each.path, each.rule.code]
        ]
        return {
            path for each in new for path in (each.path, *(other for other, _ in each.others))
        } & self.before.keys()

    def take_back(self, path: str) -> None:
        """Restore a card; its fixes are refused from now on."""
        del self._linter.overlay[path], self.before[path]
        self.made -= self._made.pop(path, 0)
        self._refused |= {_key(finding) for finding in self._linter.check(path) if finding.fix}

    def _wants(self, finding: Finding) -> bool:
        fix = finding.fix
        return bool(fix and (fix.safe or self._unsafe) and _key(finding) not in self._refused)

    def _fix_cards(self, report: Report) -> bool:
        """Make the fixes of the rules that check a card by itself.

        Only fixes in the report are made, and those of findings that it leaves out because there are many of
        their rule in the card: a suppressed finding is not in it, and a fix that would create a finding has
        been removed there. Then the card is checked again, because the paths of the other fixes may have
        changed.
        """
        changed = False
        fixable: dict[str, set[_Key]] = {}
        limited: set[tuple[str, str]] = set()
        for finding in report.findings:
            if self._wants(finding) and finding.rule.code not in self._of_corpus:
                fixable.setdefault(finding.path, set()).add(_key(finding))
            if finding.more:
                limited.add((finding.path, finding.rule.code))
        for path, keys in fixable.items():
            self._allow_attempts(path)
            for _ in range(_MAX_ROUNDS):
                left = {
                    key: operation
                    for key, operation in self._operations(path)
                    if (key in keys or key[:2] in limited) and key not in self._refused
                }
                if not left:
                    break
                changed |= self._make(path, left)
        return changed

    def _operations(self, path: str) -> Iterator[tuple[_Key, Operation]]:
        """Yield the identity of the fix of each problem of a card, and its operation."""
        for rule, problem, steps in self._linter.problems(path):
            fix = problem.fix
            if fix and fix.change and (fix.safe or self._unsafe):
                key = path, rule.code, field_name(steps), fix.title
                yield key, Operation(steps if fix.steps is None else fix.steps, fix.change)

    def _fix_corpus(self, report: Report) -> bool:
        """Make the fixes of the rules that compare cards."""
        changed = False
        fixable: dict[str, dict[_Key, Operation]] = {}
        for finding in report.findings:
            change = finding.fix and finding.fix.change
            if change and self._wants(finding) and finding.rule.code in self._of_corpus:
                operation = Operation(finding.steps, change)
                fixable.setdefault(finding.path, {})[_key(finding)] = operation
        for path, operations in fixable.items():
            self._allow_attempts(path)
            changed |= self._make(path, operations)
        return changed

    def _make(self, path: str, operations: dict[_Key, Operation]) -> bool:
        """Make fixes of a card, at once if they can be, and refuse those that cannot be made.

        Of several at one path, and of those that meet in one place, one is made. A fix is refused if it
        changes nothing or would create a finding; to find these takes attempts, and if there are too many of
        them, all fixes that are left are refused. Return whether one was made.
        """
        paths: set[tuple[Any, ...]] = set()
        waiting: list[list[tuple[_Key, Operation]]] = [[]]
        for key, operation in operations.items():
            if operation.path not in paths:
                paths.add(operation.path)
                waiting[0].append((key, operation))
        changed = False
        shifts = False
        while waiting:
            batch = waiting.pop()
            if shifts and any(isinstance(step, int) for _, operation in batch for step in operation.path):
                continue  # an item was removed, so an index may mean another item; the next pass makes it
            if self._attempt(path, [operation for _, operation in batch]):
                changed = True
                shifts = shifts or any(isinstance(each.change, Remove | Reorder) for _, each in batch)
                self.made += len(batch)
                self._made[path] += len(batch)
            elif bad := {key for key, each in batch if field_name(each.path) in self._worsened}:
                self._refused |= bad
                waiting += [[each for each in batch if each[0] not in bad]] * (len(bad) < len(batch))
            elif len(batch) > 1 and self._attempts[path] > 0:
                middle = len(batch) // 2
                waiting += [batch[middle:], batch[:middle]]
            else:
                self._refused.update(key for key, _ in batch)
        return changed

    def _attempt(self, path: str, operations: list[Operation]) -> bool:
        """Make fixes of a card in one edit, unless it cannot be made or would create a finding."""
        self._attempts[path] -= 1
        self._worsened = set()
        known = self._counts(path)
        before = self._linter.overlay.get(path)
        try:
            source = before if before is not None else read_whole_file(path)
            at_once = len(operations) > 1
            new = edit_source(source, operations, self._linter.limits, at_once=at_once).new
        except (EditRefusedError, OSError):
            return False
        self._linter.overlay[path] = new
        created = self._counts(path) - known
        if new != source and not created:
            self.before.setdefault(path, source)
            return True
        if all(isinstance(each.change, SetValue) for each in operations):  # then all paths are still the same
            problems = self._linter.problems(path) if created else ()
            self._worsened = {field_name(steps) for rule, _, steps in problems if rule.code in created}
        if before is None:
            del self._linter.overlay[path]
        else:
            self._linter.overlay[path] = before
        self._linter.check(path)
        return False

    def _allow_attempts(self, path: str) -> None:
        """Set how many attempts to fix a card are left, if that is not set yet."""
        if path not in self._attempts:
            self._attempts[path] = max(_MIN_ATTEMPTS, _MAX_BYTES_READ // (len(self._source(path)) + 1))

    def _source(self, path: str) -> bytes:
        """Return the bytes of a card as fixed so far; none if it cannot be read."""
        try:
            return self._linter.overlay.get(path) or read_whole_file(path)
        except (EditRefusedError, OSError):
            return b""

    def _counts(self, path: str) -> Counter[str]:
        return counts_by_rule(self._linter.check(path))

    def records(self) -> Iterator[CardEdit]:
        """Yield the journal's record of each fixed file, once even if several paths lead to it."""
        files: set[str] = set()
        for path, before in self.before.items():
            file, after = os.path.realpath(path), self._linter.overlay[path]
            if file not in files:
                files.add(file)
                details = _details(path, counted(self._made[path], "finding") + " fixed")
                yield CardEdit(file, sha256(before), sha256(after), difference(before, after), details)

    def diff(self, write: Callable[[str], None]) -> None:
        """Write the changes as unified diffs."""
        for path, before in self.before.items():
            for line in unified_diff(path, before, self._linter.overlay[path]):
                write(line)


def _details(path: str, summary: str) -> dict[str, Any]:
    """Return the details of a fixed card for the journal, with the keys of ``edits.plan``."""
    details = {"path": path_json(path), "id": path_json(card_id(path)), "name": path, "summary": summary}
    return details | {"changes": [], "warnings": []}


def _by_card(report: Report) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for finding in report.findings:
        counts[finding.path, finding.rule.code] += 1 + finding.more
    return counts


def _key(finding: Finding) -> _Key:
    """Return what identifies a finding and its fix, also after its place has moved."""
    title = finding.fix.title if finding.fix else ""
    return finding.path, finding.rule.code, finding.field, title
