"""Copies: a problem in an entry of ``related`` is one of the card that the entry copies, if that has it too.

An entry is a copy of a card, so a wrong value in the card is wrong in all its copies. That is one finding, at
the card, with the copies as ``others``. If the card does not have the problem, or there is no such card, the
equal problems of equal entries are one finding at the first of these.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from newscards.cards.card import Card, CardOrUnreadable
from newscards.cards.values import field_name
from newscards.frontmatter.nodes import Step
from newscards.lint.checks import MAX_REMEMBERED_VALUES
from newscards.lint.checksums import value_checksum
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import MAX_LISTED, Finding, Fix, FixElsewhere
from newscards.lint.rule import FoundProblem, Problem, Rule, Spot
from newscards.text import counted


class EntryProblem(NamedTuple):
    """A problem of a value in an entry of ``related``, which the card that the entry names may have too.

    ``code`` is that of the rule, ``path`` leads from the entry to the value, ``value`` is as in ``Finding``.
    """

    code: str
    problem: Problem
    path: tuple[Step, ...]
    value: int


ProblemsOfEntries = Sequence[tuple[int, EntryProblem]]
"""The problems of the entries of a card, each with the index of its entry."""


class Copies(NamedTuple):
    """Entries of ``related`` with the same problem as the card at ``path``, whose finding is at ``at``."""

    path: str
    at: int
    spots: Sequence[Spot]


class Causes(NamedTuple):
    """The causes of problems of entries.

    A cause is the finding of a card itself, which has ``copies``; else it is a problem at the first entry
    that is reported, in ``at_entries`` with the row of its card.
    """

    copies: list[Copies]
    at_entries: list[tuple[Row, FoundProblem]]


def is_of_entry(problem: FoundProblem) -> bool:
    """Return whether a problem is that of a value in an entry of ``related``, which is a copy of a card."""
    rule, _, steps = problem
    return rule.value is not None and len(steps) > 1 and steps[0] == "related"


class EntryProblems:
    """The problems of entries of one card after another; equal problems of equal entries are one object."""

    def __init__(self) -> None:
        # The entry and the problem are stored too: as long as they are, nothing else has their ids.
        self._known: dict[tuple[int, int], tuple[Any, EntryProblem]] = {}

    def of_card(self, record: CardOrUnreadable, problems: Iterable[FoundProblem]) -> ProblemsOfEntries:
        """Return those problems of a card for which ``is_of_entry`` is true."""
        return [(steps[1], self._of_entry(record, rule, problem, steps)) for rule, problem, steps in problems]

    def _of_entry(
        self, record: CardOrUnreadable, rule: Rule, problem: Problem, steps: tuple[Step, ...]
    ) -> EntryProblem:
        entry = record.fields["related"][steps[1]] if isinstance(record, Card) else None
        known = self._known.get((id(problem), id(entry)))
        if known is None:
            value = value_checksum(record, steps, problem)
            if len(self._known) >= MAX_REMEMBERED_VALUES:
                self._known.clear()
            known = entry, EntryProblem(rule.code, problem, steps[2:], value)
            self._known[id(problem), id(entry)] = known
        return known[1]


def causes_of(
    problems: Mapping[str, ProblemsOfEntries],
    facts: Facts,
    findings: Mapping[str, Sequence[Finding]],
    rules: Iterable[Rule],
    ignored: Callable[[str], Container[Rule]],
) -> Causes:
    """Return the causes of problems of entries; equal problems of equal entries have one cause.

    ``problems`` and ``findings`` are those of the entries of cards and of the cards themselves, by path.
    ``ignored`` returns the rules that are ignored in a card: its copies are not reported either.
    """
    causes = Causes([], [])
    groups: dict[Hashable, list[tuple[Row, int, EntryProblem]]] = {}
    for row in facts.rows if problems else ():
        for index, each in problems.get(row.path, ()):
            copy = row.related[index]
            names_card = copy is not None and copy.names_something
            entry = copy.identity if copy and names_card else (row.path, index)
            groups.setdefault((each.code, each.path, each.value, entry), []).append((row, index, each))
    by_code = {rule.code: rule for rule in rules}
    for found in groups.values():
        first, at_index, (code, problem, path, value) = found[0]
        rule, named = by_code[code], facts.listed[first][at_index]
        spots = [Spot(row, ("related", index, *path)) for row, index, _ in found]
        if named and rule in ignored(named.path):
            continue
        own = _position(findings.get(named.path, ()), code, field_name(path), value) if named else None
        if named and own is not None:
            causes.copies.append(Copies(named.path, own, spots))
            continue
        at = next((spot for spot in spots if facts.is_reported(spot.row)), None)
        if at is None:
            continue
        rest = [spot for spot in spots if spot is not at]
        suffix = f"; the same in {counted(len(rest), 'other card')}" if rest else ""
        fix = _with_fixes_of_copies(problem.fix, rest)
        problem = problem._replace(path=at.path, others=tuple(rest[:MAX_LISTED]), suffix=suffix, fix=fix)
        causes.at_entries.append((at.row, (rule, problem, at.path)))
    return causes


def _position(findings: Iterable[Finding], code: str, field: str, value: int) -> int | None:
    """Return the index of the finding of a rule on a value of a card itself."""
    for index, each in enumerate(findings):
        if each.rule.code == code and each.field == field and each.value == value:
            return index
    return None


def finding_with_copies(
    finding: Finding, spots: Sequence[Spot], lines: Mapping[str, Mapping[Spot, int]]
) -> Finding:
    """Return a finding with the copies of its value that have the same problem.

    ``lines`` has the line of each spot that is listed, by the path of its card.
    """
    copies = counted(len(spots), "copy", "copies")
    return finding._replace(
        message=f"{finding.message}; the same in {copies} of the card",
        others=tuple((spot.row.path, lines[spot.row.path][spot]) for spot in spots[:MAX_LISTED]),
        fix=_with_fixes_of_copies(finding.fix, spots),
    )


def _with_fixes_of_copies(fix: Fix | None, spots: Iterable[Spot]) -> Fix | None:
    """Return a fix that is made in copies of the value, too."""
    if fix is None or fix.change is None:
        return fix
    return fix._replace(elsewhere=tuple(FixElsewhere(spot.row.path, spot.path, fix.change) for spot in spots))
