"""The fixer: the fixes of findings made in memory, all of them before the first file is written."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from newscards.cards.card import Card, card_id
from newscards.cards.reader import parse
from newscards.cards.values import field_name
from newscards.edits.apply import edit_source, read_whole_file
from newscards.edits.journal import CardEdit
from newscards.edits.operations import Operation, Remove, Reorder, SetValue
from newscards.edits.patches import difference, sha256, unified_diff
from newscards.errors import EditRefusedError, system_reason
from newscards.frontmatter.nodes import Step
from newscards.lint.findings import Finding, Report
from newscards.lint.linter import Linter
from newscards.text import counted, path_json, path_text

_MAX_PASSES = 10
"""The corpus is checked again after each pass, because a fix in one card may lead to one in another."""

_MAX_TRIALS = 4
"""The number of times that fixes are tried which were refused, each after others were made."""

_MAX_ROUNDS = 100
"""The number of rounds of fixes in a card: more than it has fixes that meet in one place."""

_MIN_ATTEMPTS, _MAX_BYTES_READ = 4, 8 << 20
"""The least number of attempts to make the fixes of a card, and the bytes that more of them may read."""

_Key: TypeAlias = tuple[str, str, str, str]
"""The identity of a fix: the card's path, the rule's code, the field, and the fix's title."""


class Fixer:
    """The maker of fixes in memory: ``Linter.overlay`` gets the fixed bytes of each card.

    ``before`` has the old bytes of each fixed card by path, ``made`` is the number of fixes, and ``copies``
    that of the changes that fixes make elsewhere, in copies of a value. A fix that would create a finding is
    refused, and with ``unsafe`` false so is one that is not safe.
    """

    def __init__(self, linter: Linter, *, unsafe: bool) -> None:
        self._linter, self._unsafe = linter, unsafe
        linter.for_fixes = True
        self._refused: dict[_Key, str] = {}  # with the reason
        self._unchangeable: dict[str, str] = {}  # cards in which nothing is fixed, with the reason
        self._unwritable: set[str] = set()  # those of them that cannot be written
        self._linked: dict[str, set[str]] = {}  # the cards in which a fix in a card changes copies, and back
        self._reason = ""  # of the last attempt that failed
        self._attempts: dict[str, int] = {}
        self._worsened: set[str] = set()  # the fields with a finding that the last attempt would create
        self._shifted: set[str] = set()  # the cards in which an index may mean another entry by now
        self._known: Counter[tuple[str, str]] | None = None  # the findings before the first fix
        self.before: dict[str, bytes] = {}
        self.made = 0
        self.copies = 0
        self._of_corpus = {rule.code for rule in linter.rules.severities if rule.corpus or rule.declared}
        self._made: Counter[str] = Counter()
        self._copies: Counter[str] = Counter()

    def fix(self) -> Report:
        """Make all fixes that can be made, and return the findings that are left.

        A fix changes all its cards or none: if one of the copies of a value cannot be changed, the value
        stays, because its copies would no longer find their card.
        """
        report = self._linter.report()
        if self._known is None:
            self._known = self._counted(report)
        for _ in range(_MAX_TRIALS):
            fixed = dict(self._linter.overlay)
            report = self._fix_in_passes(report)
            while suspects := self._suspects(self._known, report):
                self._take_back(dict.fromkeys(suspects, "the card was not changed"))
                report = self._fix_in_passes(self._linter.report())
            is_refused = self._refused or self._unchangeable.keys() - self._unwritable
            if not is_refused or fixed == self._linter.overlay:
                break
            self._known = self._counted(report)
            # What was refused may be possible now that other fixes are made: else a second run would make it.
            self._refused.clear()
            self._unchangeable = {path: self._unchangeable[path] for path in self._unwritable}
        return replace(report, findings=[self._with_reason(each) for each in report.findings])

    def fix_without(self, reasons: Mapping[str, str]) -> Report:
        """Make the fixes again, without those that would change some cards, and return what is left.

        ``reasons`` say why these cards cannot be changed.
        """
        self._unwritable |= reasons.keys()
        self._take_back(reasons)
        return self.fix()

    def _fix_in_passes(self, report: Report) -> Report:
        passes = 0
        while passes < _MAX_PASSES:
            # First each card by itself: what is then copied from card to card is fixed already.
            self._shifted = set()
            is_changed = self._fix_cards(report) or self._fix_corpus(report)
            torn = self._refuse_torn(report)
            if not is_changed and not torn:
                break
            self._restore(torn)
            passes += not torn  # each torn fix is refused, so they come to an end
            report = self._linter.report()
        return report

    def _refuse_torn(self, report: Report) -> set[str]:
        """Refuse each fix that was refused in a copy of the value; return the cards of these fixes."""
        torn: set[str] = set()
        for finding in report.findings:
            if finding.fix and self._wants(finding):
                for path, steps, _ in finding.fix.elsewhere:
                    key = path, finding.rule.code, field_name(steps), finding.fix.title
                    if reason := self._refused.get(key):
                        self._refused[_key(finding)] = _in_copy(path, reason)
                        torn |= {finding.path, path}
                        break
        return torn

    def _with_reason(self, finding: Finding) -> Finding:
        """Return a finding whose fix was refused without it, and with the reason in its help."""
        reason = self._refused.get(_key(finding)) or self._why_unchangeable(finding)
        if not reason:
            return finding
        return finding._replace(fix=None, help=f"{finding.help}; not fixed, because {reason}".lstrip("; "))

    def _why_unchangeable(self, finding: Finding) -> str:
        """Return why a card of a finding's fix cannot be changed; empty if all can."""
        fix = finding.fix
        if fix is None or not self._unchangeable:
            return ""
        if finding.path in self._unchangeable and (fix.change or not fix.elsewhere):
            return self._unchangeable[finding.path]
        copies = (each.path for each in fix.elsewhere if each.path in self._unchangeable)
        path = next(copies, None)
        return "" if path is None else _in_copy(path, self._unchangeable[path])

    def _suspects(self, known: Counter[tuple[str, str]], report: Report) -> set[str]:
        """Return the fixed cards that a new finding stands in or concerns: their fixes may have caused it."""
        found = self._counted(report)
        new = [
            each
            for each in report.findings
            if all(found[group] > known[group] for group in self._groups_of(each))
        ]
        return {
            path for each in new for path in (each.path, *(other for other, _ in each.others))
        } & self.before.keys()

    def _counted(self, report: Report) -> Counter[tuple[str, str]]:
        counts: Counter[tuple[str, str]] = Counter()
        for finding in report.findings:
            counts.update(dict.fromkeys(self._groups_of(finding), 1 + finding.more))
        # A consequence that is reported after its cause is fixed is not new.
        for (path, code), count in report.consequences.items():
            counts.update(dict.fromkeys(self._groups(path, code), count))
        return counts

    def _groups_of(self, finding: Finding) -> list[tuple[str, str]]:
        """Return the groups of a finding."""
        return self._groups(finding.path, finding.rule.code, finding.steps)

    def _groups(self, path: str, code: str, steps: Sequence[Step] = ()) -> list[tuple[str, str]]:
        """Return the card and rule of a finding, and the rule alone if the finding is of several cards.

        Such a finding stands at one of the cards, and perhaps at another one when that is fixed: it is new
        only if there are more of its rule than before.
        """
        is_of_several = code in self._of_corpus or steps[:1] == ("related",)
        return [(path, code), *([("", code)] if is_of_several else [])]

    def take_back(self, path: str) -> None:
        """Restore a card that could not be written; its fixes are refused from now on."""
        self._unchangeable[path] = "the card was not changed"
        self._restore_card(path)

    def _take_back(self, reasons: Mapping[str, str]) -> None:
        """Restore cards, and those that are linked with them; nothing is fixed in the former any more."""
        self._unchangeable |= reasons
        self._restore(reasons)

    def _restore(self, paths: Iterable[str]) -> None:
        """Restore cards, and all that share a fix with them, directly or not: a fix is made whole again."""
        waiting, found = list(paths), set[str]()
        while waiting:
            path = waiting.pop()
            if path not in found:
                found.add(path)
                waiting += self._linked.pop(path, ())
        for path in sorted(found):
            self._restore_card(path)

    def _restore_card(self, path: str) -> None:
        self.made -= self._made.pop(path, 0)
        self.copies -= self._copies.pop(path, 0)
        if self.before.pop(path, None) is not None:
            del self._linter.overlay[path]
            self._linter.recheck(path)

    def _wants(self, finding: Finding) -> bool:
        fix = finding.fix
        is_wanted = bool(fix and (fix.safe or self._unsafe) and _key(finding) not in self._refused)
        return is_wanted and not self._why_unchangeable(finding)

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
        of_cards = [each for each in report.findings if each.rule.code not in self._of_corpus]
        return self._fix_elsewhere(of_cards) or changed

    def _fix_elsewhere(self, findings: Iterable[Finding]) -> bool:
        """Make the changes in copies that belong to fixes, but not those of a fix that was refused."""
        fixable: dict[str, dict[_Key, Operation]] = {}
        for finding in findings:
            if finding.fix and finding.fix.elsewhere and self._wants(finding):
                now = self._value_now(finding)
                for path, steps, change in finding.fix.elsewhere:
                    key = path, finding.rule.code, field_name(steps), finding.fix.title
                    if path not in self._shifted:
                        copied = now if now and change == finding.fix.change else change
                        fixable.setdefault(path, {})[key] = Operation(steps, copied)
                        self._linked.setdefault(path, set()).add(finding.path)
                        self._linked.setdefault(finding.path, set()).add(path)
        changed = False
        for path, operations in fixable.items():
            self._allow_attempts(path)
            operations = {key: each for key, each in operations.items() if key not in self._refused}
            last = [key for key, each in operations.items() if isinstance(each.change, Reorder)]
            in_order = operations | {key: operations.pop(key) for key in last}  # its indices are those of now
            made, made_here = self.made, self._made[path]
            changed |= self._make(path, in_order)
            self.copies += self.made - made
            self._copies[path] += self.made - made
            self.made, self._made[path] = made, made_here
        for finding in findings:  # one whose fix is made elsewhere alone
            if finding.fix and finding.fix.change is None and self._wants(finding):
                title = finding.fix.title
                keys = {
                    (path, finding.rule.code, field_name(steps), title)
                    for path, steps, _ in finding.fix.elsewhere
                }
                if keys and keys.isdisjoint(self._refused) and changed:
                    self.made += 1
                    self._made[finding.path] += 1
        return changed

    def _value_now(self, finding: Finding) -> SetValue | None:
        """Return the change that copies the fixed value of a card, to which more fixes may have been made."""
        change = finding.fix.change if finding.fix else None
        if not isinstance(change, SetValue) or finding.path not in self._linter.overlay:
            return None
        record = parse(finding.path, self._linter.overlay[finding.path], self._linter.limits)
        value: Any = record.fields if isinstance(record, Card) else None
        for step in finding.steps:
            try:
                value = value[step]
            except (LookupError, TypeError):
                return None
        return change._replace(value=value) if type(value) is type(change.value) else None

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
        of_corpus = [each for each in report.findings if each.rule.code in self._of_corpus]
        return self._fix_elsewhere(of_corpus) or changed

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
                if shifts:
                    self._shifted.add(path)
                self.made += len(batch)
                self._made[path] += len(batch)
            elif bad := {key for key, each in batch if field_name(each.path) in self._worsened}:
                self._refused |= dict.fromkeys(bad, self._reason)
                waiting += [[each for each in batch if each[0] not in bad]] * (len(bad) < len(batch))
            elif len(batch) > 1 and self._attempts[path] > 0:
                middle = len(batch) // 2
                waiting += [batch[middle:], batch[:middle]]
            else:
                self._refused |= dict.fromkeys((key for key, _ in batch), self._reason)
        return changed

    def _attempt(self, path: str, operations: list[Operation]) -> bool:
        """Make fixes of a card in one edit, unless it cannot be made or would create a finding."""
        self._attempts[path] -= 1
        self._worsened = set()
        known = self._linter.counts(path)
        before = self._linter.overlay.get(path)
        try:
            source = before if before is not None else read_whole_file(path)
            # A value in an entry of `related` is, too, because its splice is remembered.
            (steps, change), *more = operations
            at_once = bool(more) or (
                isinstance(change, SetValue) and steps[0] == "related" and len(steps) > 2
            )
            new = edit_source(source, operations, self._linter.limits, at_once=at_once).new
        except (EditRefusedError, OSError) as error:
            self._reason = str(error) if isinstance(error, EditRefusedError) else system_reason(error)
            return False
        self._linter.overlay[path] = new
        created = self._linter.recheck_counts(path) - known
        if new != source and not created:
            self.before.setdefault(path, source)
            return True
        codes = ", ".join(sorted(created))
        self._reason = f"it would create a finding of {codes}" if codes else "it would change nothing"
        if all(isinstance(each.change, SetValue) for each in operations):  # then all paths are still the same
            problems = self._linter.problems(path) if created else ()
            self._worsened = {field_name(steps) for rule, _, steps in problems if rule.code in created}
        if before is None:
            del self._linter.overlay[path]
        else:
            self._linter.overlay[path] = before
        self._linter.recheck(path)
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

    def records(self) -> Iterator[CardEdit]:
        """Yield the journal's record of each fixed file, once even if several paths lead to it."""
        files: set[str] = set()
        for path, before in self.before.items():
            file, after = os.path.realpath(path), self._linter.overlay[path]
            if file not in files:
                files.add(file)
                made = self._made[path]
                details = _details(path, counted(made, "finding") + " fixed" if made else "copies updated")
                yield CardEdit(file, sha256(before), sha256(after), difference(before, after), details)

    def diff(self, write: Callable[[str], None]) -> None:
        """Write the changes as unified diffs."""
        for path, before in self.before.items():
            for line in unified_diff(path, before, self._linter.overlay[path]):
                write(line)


def _in_copy(path: str, reason: str) -> str:
    """Return why a fix is not made, as the reason why a copy of the value cannot be changed."""
    return f"its copy in `{path_text(card_id(path))}` cannot be changed: {reason}"


def _details(path: str, summary: str) -> dict[str, Any]:
    """Return the details of a fixed card for the journal, with the keys of ``edits.plan``."""
    details = {"path": path_json(path), "id": path_json(card_id(path)), "name": path, "summary": summary}
    return details | {"changes": [], "warnings": []}


def _key(finding: Finding) -> _Key:
    """Return what identifies a finding and its fix, also after its place has moved."""
    title = finding.fix.title if finding.fix else ""
    return finding.path, finding.rule.code, finding.field, title
