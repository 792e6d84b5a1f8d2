"""The fixer: the fixes of findings made in memory, all of them before the first file is written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from newscards.cards.card import card_id
from newscards.edits.apply import edit_source, read_whole_file
from newscards.edits.journal import CardEdit
from newscards.edits.operations import Operation
from newscards.edits.patches import difference, sha256, unified_diff
from newscards.errors import EditRefusedError
from newscards.lint.findings import Finding, Report
from newscards.lint.linter import Linter
from newscards.text import counted, path_json

_MAX_PASSES = 10
"""The corpus is checked again after each pass, because a fix in one card may lead to one in another."""


class Fixer:
    """The maker of fixes in memory: ``Linter.overlay`` gets the fixed bytes of each card.

    ``before`` has the old bytes of each fixed card by path, and ``made`` is the number of fixes. A fix that
    would create a finding is refused, and with ``unsafe`` false so is one that is not safe.
    """

    def __init__(self, linter: Linter, *, unsafe: bool) -> None:
        self._linter, self._unsafe = linter, unsafe
        self._refused: set[tuple[str, str, str, str]] = set()
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
        return Report(report.cards, left, report.paths)

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

        Only fixes in the report are made: a suppressed finding is not in it, and a fix that would create a
        finding has been removed there. After each fix the card is checked again, because the paths of the
        other fixes may have changed.
        """
        changed = False
        fixable: dict[str, set[tuple[str, str, str, str]]] = {}
        for finding in report.findings:
            if self._wants(finding) and finding.rule.code not in self._of_corpus:
                fixable.setdefault(finding.path, set()).add(_key(finding))
        for path, keys in fixable.items():
            while left := [
                each for each in self._linter.check(path) if _key(each) in keys and self._wants(each)
            ]:
                changed |= self._make(left[0])
        return changed

    def _fix_corpus(self, report: Report) -> bool:
        """Make the fixes of the rules that compare cards."""
        changed = False
        for finding in report.findings:
            if self._wants(finding) and finding.rule.code in self._of_corpus:
                changed |= self._make(finding)
        return changed

    def _make(self, finding: Finding) -> bool:
        """Make one fix, or refuse it: if it cannot be made, changes nothing, or would create a finding."""
        path, fix = finding.path, finding.fix
        if fix is None or fix.change is None:
            return False
        known = self._counts(path)
        before = self._linter.overlay.get(path)
        try:
            source = before if before is not None else read_whole_file(path)
            new = edit_source(source, [Operation(finding.steps, fix.change)], self._linter.limits).new
        except (EditRefusedError, OSError):
            self._refused.add(_key(finding))
            return False
        self._linter.overlay[path] = new
        if self._counts(path) - known or new == source:
            if before is None:
                del self._linter.overlay[path]
            else:
                self._linter.overlay[path] = before
            self._linter.check(path)
            self._refused.add(_key(finding))
            return False
        self.before.setdefault(path, source)
        self.made += 1
        self._made[path] += 1
        return True

    def _counts(self, path: str) -> Counter[str]:
        return Counter(finding.rule.code for finding in self._linter.check(path))

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
    return Counter((finding.path, finding.rule.code) for finding in report.findings)


def _key(finding: Finding) -> tuple[str, str, str, str]:
    """Return what identifies a finding and its fix, also after its place has moved."""
    title = finding.fix.title if finding.fix else ""
    return finding.path, finding.rule.code, finding.field, title
