"""Copies: a problem in an entry of ``related`` is one of the card that the entry copies, if that has it too.

An entry is a copy of a card, so a wrong value in the card is wrong in all its copies. That is one finding, at
the card, with the copies as ``others``. If the card does not have the problem, or there is no such card, the
equal problems of equal entries are one finding at the first of these.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from newscards.cards.card import Card
from newscards.cards.values import field_name
from newscards.frontmatter.locations import Locator, line_in_entry
from newscards.frontmatter.nodes import Step
from newscards.lint.checks import MAX_REMEMBERED_VALUES, ProblemsOfEntries
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


class BadEntry(NamedTuple):
    """An entry with problems, each with the number of lines from the entry's first line to the value's."""

    problems: list[EntryProblem]
    offsets: list[int]


BadEntries = Sequence[tuple[int, int, BadEntry]]
"""The entries of a card that have problems, each with its index and its first line.

Equal entries are one object, with plain tuples around, because there are forty entries for each of these.
"""


class Copies(NamedTuple):
    """Entries of ``related`` with the same problem as the card at ``path``, whose finding is at ``at``.

    ``number`` is how many they are, ``others`` are the paths and lines of the first. ``spots`` are all of
    them, and those that are ignored, but only before a fix, because to make the changes of all copies takes
    longer than to find them.
    """

    path: str
    at: int
    number: int
    others: tuple[tuple[str, int], ...]
    spots: Sequence[Spot]

    def with_more(self, more: Copies) -> Copies:
        """Return these copies and more of the same finding."""
        number, others = self.number + more.number, (*self.others, *more.others)[:MAX_LISTED]
        return self._replace(number=number, others=others, spots=[*self.spots, *more.spots])


class Causes(NamedTuple):
    """The causes of problems of entries.

    A cause is the finding of a card itself, which has ``copies``; else it is a problem at the first entry
    that is reported, in ``at_entries`` with the row of its card.
    """

    copies: list[Copies]
    at_entries: list[tuple[Row, FoundProblem]]


class EntryProblems:
    """The problems of entries of one card after another; equal problems of equal entries are one object."""

    def __init__(self) -> None:
        # The problems are stored too: as long as they are, nothing else has their ids.
        self._known: dict[int, tuple[Sequence[FoundProblem], BadEntry]] = {}

    def of_card(
        self,
        card: Card,
        found: ProblemsOfEntries,
        lines: Sequence[int] | None,
        make_locator: Callable[[], Locator],
    ) -> BadEntries:
        """Return the entries of a card that have problems, from these.

        ``lines`` are the first lines of all its entries, if equal entries have equal texts. An entry is
        looked at once, and then known by its problems.
        """
        locators: list[Locator] = []

        def locator() -> Locator:
            if not locators:  # it cuts all entries when it is first asked for one
                locators.append(make_locator())
            return locators[0]

        if lines is None:
            return [(index, 0, _bad_entry(card, index, problems, locator)) for index, problems in found]
        bad: list[tuple[int, int, BadEntry]] = []
        for index, problems in found:
            known = self._known.get(id(problems))
            if known is None:
                of_entry = _bad_entry(card, index, problems, locator, lines[index])
                if len(self._known) >= MAX_REMEMBERED_VALUES:
                    self._known.clear()
                known = self._known[id(problems)] = problems, of_entry
            bad.append((index, lines[index], known[1]))
        return bad


def _bad_entry(
    card: Card,
    index: int,
    problems: Sequence[FoundProblem],
    locator: Callable[[], Locator],
    first_line: int = 0,
) -> BadEntry:
    """Return the entry at an index; without a ``first_line`` its offsets are the lines themselves."""
    entry = card.fields["related"][index]
    bad = BadEntry([], [])
    for rule, problem, path in problems:
        whole = ("related", index, *path)
        offset = line_in_entry(entry, path) if first_line else None
        if offset is None:
            offset = locator().span(whole).line - first_line
        value = value_checksum(card, whole, problem)
        bad.problems.append(EntryProblem(rule.code, problem, path, value))
        bad.offsets.append(offset)
    return bad


def causes_of(
    bad_entries: Mapping[str, BadEntries],
    every_entry: Mapping[str, BadEntries],
    facts: Facts,
    findings: Mapping[str, Sequence[Finding]],
    rules: Iterable[Rule],
    ignored: Callable[[str], Container[Rule]],
    *,
    for_fixes: bool,
) -> Causes:
    """Return the causes of problems of entries; equal problems of equal entries have one cause.

    ``bad_entries`` and ``findings`` are those of cards, by path. ``ignored`` returns the rules that are
    ignored in a card: its copies are not reported either. ``for_fixes`` is as in ``Linter``.

    ``every_entry`` are the entries of cards in which problems are ignored, with these. To ignore a copy keeps
    it out of the report, and not out of the fix of its card: else it would be no copy any more.

    With ``facts.apart``, a card's entries are compared with each other, and with the card itself.
    """
    copies: dict[tuple[str, int], Copies] = {}
    at_entries: list[tuple[Row, FoundProblem]] = []
    by_code, rows = {rule.code: rule for rule in rules}, facts.rows
    for (code, problem, path, value), places in _groups(bad_entries, facts):
        number, index, _ = places[0]
        rule, named = by_code[code], facts.listed[rows[number]][index]
        if named and rule in ignored(named.path):
            continue
        own = None
        if named and not (facts.apart and named is not rows[number]):
            own = _position(findings.get(named.path, ()), code, field_name(path), value)
        spots = []
        if for_fixes or own is None:
            spots = [Spot(rows[number], ("related", index, *path), line) for number, index, line in places]
        if named and own is not None:
            others = tuple((rows[number].path, line) for number, _, line in places[:MAX_LISTED])
            known = copies.get((named.path, own))  # entries that name the card in another way
            more = Copies(named.path, own, len(places), others, spots)
            copies[named.path, own] = known.with_more(more) if known else more
            continue
        at = next((spot for spot in spots if facts.is_reported(spot.row)), None)
        if at is None:
            continue
        rest = [spot for spot in spots if spot is not at]
        suffix = f"; the same in {counted(len(rest), 'other copy', 'other copies')}" if rest else ""
        fix = _with_fixes_of_copies(problem.fix, rest)
        problem = problem._replace(path=at.path, others=tuple(rest[:MAX_LISTED]), suffix=suffix, fix=fix)
        at_entries.append((at.row, (rule, problem, at.path)))
    for (code, _, path, value), places in _groups(every_entry, facts):
        number, index, _ = places[0]
        named = facts.listed[rows[number]][index]
        own = _position(findings.get(named.path, ()), code, field_name(path), value) if named else None
        if named is None or own is None or by_code[code] in ignored(named.path):
            continue
        known = copies.get((named.path, own)) or Copies(named.path, own, 0, (), [])
        spots = [Spot(rows[number], ("related", index, *path), line) for number, index, line in places]
        every = dict.fromkeys([*known.spots, *spots])  # each once
        copies[named.path, own] = known._replace(spots=[*every])
    return Causes([*copies.values()], at_entries)


_Place: TypeAlias = tuple[int, int, int]
"""A value in an entry: the position of its card's row in ``Facts.rows``, the entry's index, the line."""


def _groups(
    bad_entries: Mapping[str, BadEntries], facts: Facts
) -> Iterator[tuple[EntryProblem, list[_Place]]]:
    """Yield equal problems of entries that name the same card, with their places in the order of the cards.

    What names no card is equal to nothing else. With ``facts.apart``, each card has its own groups.
    """
    if not bad_entries:
        return
    numbers = [number for number, row in enumerate(facts.rows) if row.path in bad_entries]
    for some in ([number] for number in numbers) if facts.apart else [numbers]:
        yield from _groups_in(some, bad_entries, facts.rows)


def _groups_in(
    numbers: Iterable[int], bad_entries: Mapping[str, BadEntries], rows: Sequence[Row]
) -> Iterator[tuple[EntryProblem, list[_Place]]]:
    # Nearly all equal entries are one object, so these are grouped first, without comparing what they say.
    same: dict[int, tuple[BadEntry, list[_Place]]] = {}
    for number in numbers:
        for index, line, bad_entry in bad_entries[rows[number].path]:
            same.setdefault(id(bad_entry), (bad_entry, []))[1].append((number, index, line))
    groups: dict[Hashable, tuple[EntryProblem, list[_Place]]] = {}
    for bad_entry, places in same.values():
        number, index, _ = places[0]
        copy = rows[number].related[index]
        for problem, offset in zip(*bad_entry, strict=True):
            kind = problem.code, problem.path, problem.value
            if copy and copy.names_something:
                _, found = groups.setdefault((kind, copy.identity), (problem, []))
                found += [(number, index, line + offset) for number, index, line in places]
            else:
                for number, index, line in places:
                    _, found = groups.setdefault((kind, number, index), (problem, []))
                    found.append((number, index, line + offset))
    for problem, found in groups.values():
        found.sort()
        yield problem, found


def _position(findings: Iterable[Finding], code: str, field: str, value: int) -> int | None:
    """Return the index of the finding of a rule on a value of a card itself."""
    for index, each in enumerate(findings):
        if each.rule.code == code and each.field == field and each.value == value:
            return index
    return None


def finding_with_copies(finding: Finding, copies: Copies) -> Finding:
    """Return a finding with the copies of its value that have the same problem."""
    same = f"; the same in {counted(copies.number, 'copy', 'copies')} of the card" if copies.number else ""
    return finding._replace(
        message=f"{finding.message}{same}",
        others=copies.others,
        has_copies=True,
        fix=_with_fixes_of_copies(finding.fix, copies.spots),
    )


def _with_fixes_of_copies(fix: Fix | None, spots: Sequence[Spot]) -> Fix | None:
    """Return a fix that is made in copies of the value, too."""
    if fix is None or fix.change is None or not spots:
        return fix
    return fix._replace(elsewhere=tuple(FixElsewhere(spot.row.path, spot.path, fix.change) for spot in spots))
