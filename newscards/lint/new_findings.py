"""The findings that a change adds: those of now that the corpus before the change did not have.

Findings are compared by rule, card, field and value, not by line: a finding that only moved is not new. Of
the field, the indices of items do not count (an entry that moved is not new either), and nor does the
message, which may have numbers that change with other cards. What is wrong in a card and in its copies is one
finding, the card's, however many copies there are. golangci-lint's ``--new-from-rev`` compares lines; here a
change in one card may cause a finding in another, whose lines are all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from newscards.lint.findings import (
    Finding,
    Report,
    by_path,
    count_all,
    counts_by_rule,
    with_more,
    without_more,
)

_INDEX = re.compile(r"\[\d+\]")


class _Key(NamedTuple):
    """The parts in which two findings agree that are the same finding."""

    code: str
    path: str
    field: str
    value: int


@dataclass(frozen=True)
class FormerFindings:
    """The findings before a change, by which new findings are distinguished from old ones.

    ``changed`` are the paths of the cards that the change touches, as they are now. ``renamed`` has the
    former paths of those that had another one. The ``findings`` are those of all cards, or of those that are
    ``affected``: in all others the findings are known to be the same before and now. With ``shows_old``, the
    old findings of changed cards are wanted too.
    """

    findings: Sequence[Finding]
    changed: frozenset[str]
    renamed: Mapping[str, str] = field(default_factory=dict)
    affected: frozenset[str] | None = None
    shows_old: bool = False

    def narrow(self, report: Report) -> Report:
        """Return the report of the new findings.

        Of equal findings, as many are new as there are more than before. An old finding is reported if it now
        concerns a changed card that it did not concern before, and in which its rule finds nothing: that card
        has joined those that have a problem together. A finding of several cards may stand at another of
        them than before, because one was renamed, or was mended.
        """
        paths = {old: new for new, old in self.renamed.items()}
        former: dict[str, list[Finding]] = {}
        concerned: dict[_Key, set[str]] = {}
        moved: Counter[_Key] = Counter()
        for finding in self.findings:
            path = paths.get(finding.path, finding.path)
            former.setdefault(path, []).append(finding)
            key, others = _key(finding, path), {paths.get(other, other) for other in _others(finding)}
            concerned.setdefault(key, {path}).update(others)
            moved[key] += bool(others)
        moved.subtract(_key(each, each.path) for each in report.findings)
        movable: dict[_Key, list[_Key]] = {}
        for key in +moved:
            movable.setdefault(key._replace(path=""), []).append(key)
        with_own = {(finding.rule.code, finding.path) for finding in report.findings}

        def is_joined(finding: Finding) -> bool:
            joined = self.changed & _others(finding)
            joined -= concerned.get(_key(finding, finding.path), set())
            return any((finding.rule.code, other) not in with_own for other in joined)

        def is_new(finding: Finding, known: Counter[_Key]) -> bool:
            key = _key(finding, finding.path)
            if _take(known, key):
                return is_joined(finding)
            cards = {finding.path} | _others(finding)
            candidates = movable.get(key._replace(path=""), ())
            return not any(concerned[each] >= cards and _take(moved, each) for each in candidates)

        reported: list[Finding] = []
        old = 0
        for path, findings in by_path(report.findings).items():
            if self.shows_old and path in self.changed:
                reported += findings
            elif self.affected is None or path in self.affected:
                before = former.get(path, [])
                known = Counter(_key(each, path) for each in before)
                new = [each for each in findings if is_new(each, known)]
                new = _counted_again(new, findings, before)
                reported += new
                old += count_all(findings) - count_all(new) if path in self.changed else 0
        cards = len((self.changed & report.paths).union(each.path for each in reported))
        return replace(report, cards=cards, findings=reported, unnarrowed=report.findings, old=old)


def _key(finding: Finding, path: str) -> _Key:
    return _Key(finding.rule.code, path, _INDEX.sub("[]", finding.field), finding.value)


def _others(finding: Finding) -> set[str]:
    """Return the paths of the other cards that cause a finding, too; those of copies of its value do not."""
    return set() if finding.has_copies else {path for path, _ in finding.others}


def _take(known: Counter[_Key], key: _Key) -> bool:
    """Return whether a key is among those that are left, and remove it once."""
    known[key] -= 1
    return known[key] >= 0


def _counted_again(new: list[Finding], now: list[Finding], before: list[Finding]) -> list[Finding]:
    """Return the new findings of a card; the last of a rule says how many more new ones are left out.

    Which of those that are left out are new is not known, only by how many they have become more.
    """
    limited = {each.rule.code for each in (*now, *before) if each.more}
    if not limited:
        return new
    added = counts_by_rule(now)
    added.subtract(counts_by_rule(before))
    shown = Counter(each.rule.code for each in new)
    for each in reversed(now):
        code = each.rule.code
        if code in limited and added[code] > 0 and not shown[code]:
            new.append(each)
            shown[code] = 1
    more = {code: added[code] - shown[code] for code in limited if added[code] > shown[code]}
    order = {id(each): number for number, each in enumerate(now)}
    new.sort(key=lambda each: order[id(each)])
    return with_more([without_more(each) for each in new], more)
