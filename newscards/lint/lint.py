"""Run the rules over cards: problems -> findings, each with its place in the file."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from yaml import YAMLError

from newscards import clock
from newscards.edits.operations import SetValue
from newscards.errors import EditRefusedError
from newscards.frontmatter.fences import UnreadableError
from newscards.frontmatter.locations import Place, placing_of
from newscards.frontmatter.nodes import Step
from newscards.frontmatter.positions import Span
from newscards.lint.checks import Found
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import Finding, Report
from newscards.lint.ignores import is_left_behind, silenced
from newscards.lint.linter import Examined, Examiner, place_of
from newscards.lint.rule import Problem, Spot
from newscards.lint.suppressions import Ignore

if TYPE_CHECKING:
    from newscards.lint.findings import Finding


@dataclass
class Linter(Examiner):
    """Checks cards one by one, then all of them together.

    ``topics``, ``providers`` and ``organizations`` are as in ``Facts``.
    With ``neighbours``, what is found in a card that was only seen is told too, where it concerns checked
    cards alone.
    """

    topics: frozenset[str] | None = None
    providers: Mapping[str, str] = field(default_factory=dict)
    organizations: frozenset[str] = frozenset()
    neighbours: bool = False
    _found: dict[str, list[Finding]] = field(default_factory=dict, init=False)
    _ignores: dict[str, list[Ignore]] = field(default_factory=dict, init=False)
    _lost: dict[str, dict[str, str]] = field(default_factory=dict, init=False)
    _span: clock.Span = field(default=clock.ALWAYS, init=False)
    _rows: dict[str, dict[str, Row]] = field(default_factory=dict, init=False)

    def see(self, path: str) -> None:
        """Take a card into account of which only others are to be told."""
        self.keep(self.examine(path, told=False))

    def check(self, path: str) -> list[Finding]:
        """Check one card by itself, and return its findings by place."""
        self.keep(self.examine(path))
        return self._found[path]

    def keep(self, examined: Examined | None) -> None:
        """Take into account what ``examine`` found of a card."""
        if examined is None:
            return
        path, folder = examined.path, self._site(examined.path).folder
        if examined.findings is not None:
            self._found[path] = examined.findings
        self._ignores.pop(path, None)
        if examined.ignores:
            self._ignores[path] = examined.ignores
        self._span = self._span.also(examined.span)
        if not self.needs_corpus:
            return
        if examined.row:
            self._rows.setdefault(folder, {})[path] = examined.row
        elif examined.lost:
            self._lost.setdefault(folder, {})[path] = examined.lost

    @property
    def span(self) -> clock.Span:
        """How long what was found of the cards holds, of which some rules ask the time."""
        return self._span

    @property
    def rows(self) -> Iterator[Row]:
        """What other cards are compared with, of each card that could be read."""
        return (row for rows in self._rows.values() for row in rows.values())

    @property
    def lost(self) -> Iterator[tuple[str, str]]:
        """The paths of cards that could not be read, with what their URL may be."""
        return (each for lost in self._lost.values() for each in lost.items())

    def forget(self, path: str) -> None:
        """Leave a card out of account again, as if it had not been checked."""
        self.overlay.pop(path, None)
        self._found.pop(path, None)
        self._ignores.pop(path, None)
        for kept in (self._rows, self._lost):
            kept.get(self._site(path).folder, {}).pop(path, None)

    def report(self) -> Report:
        """Return all findings of the cards that were checked, those of the whole corpus among them."""
        told: dict[str, list[Found]] = {}
        shared: set[str] = set()
        for folder, rows in self._rows.items():
            lost = frozenset(self._lost.get(folder, {}).values())
            facts = Facts(_in_order(rows.values()), self.topics, self.providers, lost, self.organizations)
            for rule, check in self._made_checks().of_corpus:
                for row, problem in check(facts):
                    if self._tells(row, problem) and rule not in self.ignored(row.path):
                        told.setdefault(row.path, []).append((rule, problem, problem.path))
            shared |= facts.sharing_titles
        of_corpus = self._told_of_corpus(told)
        findings: list[Finding] = []
        for path in dict.fromkeys([*self._found, *sorted(of_corpus)]):
            own, others = self._found.get(path, ()), of_corpus.get(path)
            findings += sorted([*own, *others], key=place_of) if others else own
        # A title that is cleaned must not become that of another card: a fix creates no finding.
        clash = [
            each.steps == ("title",)
            and each.path in shared
            and isinstance(each.fix and each.fix.change, SetValue)
            for each in findings
        ]
        findings = [each._replace(fix=None) if no else each for each, no in zip(findings, clash, strict=True)]
        findings = self._silenced(findings)
        cards = self._found.keys() | {each.path for each in findings}
        return Report(len(cards), findings, frozenset(self._found))

    def _silenced(self, findings: list[Finding]) -> list[Finding]:
        """Return the findings without those that a comment silences, and with what silences nothing."""
        by_path: dict[str, list[Finding]] = {path: [] for path in self._ignores if path in self._found}
        for finding in findings:
            by_path.setdefault(finding.path, []).append(finding)
        left: list[Finding] = []
        for path, own in by_path.items():
            kept, unused = silenced(own, self._ignores.get(path, []))
            kept += [
                self._finding(rule, problem, problem.path, path, ignore.span, None)
                for ignore in unused
                if path in self._found and is_left_behind(ignore, self.rules)
                for rule in self.rules.severities
                for problem in (rule.ignore(ignore) if rule.ignore else ())
            ]
            left += sorted(kept, key=place_of)
        order = {path: number for number, path in enumerate(dict.fromkeys([*self._found, *by_path]))}
        return sorted(left, key=lambda finding: order[finding.path])

    def _tells(self, row: Row, problem: Problem) -> bool:
        others = {spot.row.path for spot in problem.others} if self.neighbours else set()
        return row.path in self._found or (bool(others) and others <= self._found.keys())

    def _told_of_corpus(self, told: Mapping[str, Sequence[Found]]) -> dict[str, list[Finding]]:
        """Place what the rules say of several cards: each file is looked at once."""
        simple = {row.path: row.simple for row in self.rows}
        spots: dict[str, dict[Spot, int]] = {}
        for problems in told.values():
            for _, problem, _ in problems:
                for spot in problem.others:
                    spots.setdefault(spot.row.path, {})[spot] = 1
        spans: dict[str, list[Span]] = {}
        for path in {**told, **spots}:
            own, others = told.get(path, ()), spots.get(path, {})
            wanted = [(steps, problem.place) for _, problem, steps in own]
            wanted += [(spot.path, Place.VALUE) for spot in others]
            found = self._spans(path, simple.get(path, 0), wanted)
            spans[path] = found[: len(own)]
            others.update(zip(others, (span.line for span in found[len(own) :]), strict=True))
        return {
            path: [
                self._finding(rule, problem, steps, path, span, None)._replace(
                    others=tuple((spot.row.path, spots[spot.row.path][spot]) for spot in problem.others),
                )
                for (rule, problem, steps), span in zip(problems, spans[path], strict=True)
            ]
            for path, problems in told.items()
        }

    def _spans(self, path: str, simple: int, wanted: Sequence[tuple[tuple[Step, ...], Place]]) -> list[Span]:
        """Return where paths lead in a card that was read before: ``NOWHERE`` where it is gone by now.

        ``simple`` is as in ``Row``: a file of another size has changed. One of the same size may have, too.
        """
        with suppress(OSError, ValueError):
            source = self._source(path)
            for is_simple in (len(source) == simple or None, None):
                with suppress(UnreadableError, YAMLError):
                    if placing := placing_of(source, self.limits, is_simple):
                        return [placing.span(*each) for each in wanted]
        return [NOWHERE] * len(wanted)


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """Return rows by their files: in this order rules name cards, whichever are reported on, and how."""
    folder = cache(os.path.abspath)

    def file(row: Row) -> str:
        above, name = os.path.split(row.path)
        return os.path.join(folder(above), name)

    return sorted(rows, key=file)


NOWHERE = Span(1, 1, 1, 1, "")


def errors_in(linter: Linter, path: str, source: bytes) -> list[Finding]:
    """Return what a linter of errors tells of a card by itself whose file holds ``source``, and forgets."""
    linter.overlay[path] = source
    linter.check(path)
    findings = linter.report().findings
    linter.forget(path)
    return findings


def refuse_errors(linter: Linter, path: str, old: bytes, new: bytes, names: Set[str]) -> None:
    """Raise ``EditRefusedError`` where an edit would create an error, or one is in what it sets."""
    found = errors_in(linter, path, new)
    if not found:
        return
    known = Counter(finding.rule.code for finding in errors_in(linter, path, old))
    counts = Counter(finding.rule.code for finding in found)
    for finding in found:
        if counts[finding.rule.code] > known[finding.rule.code] or finding.field in names:
            reason = f"it would be an error: {finding.rule.code} {finding.message}"
            raise EditRefusedError(
                reason, f"{finding.help}{_after(finding.help)}--force does it all the same"
            )


def _after(hint: str) -> str:
    return "" if not hint else " " if hint.endswith(("?", ".")) else "; "
