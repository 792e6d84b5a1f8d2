"""Run the rules over cards: problems -> findings, each with its place in the file."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from newscards.card import Card, Unreadable
from newscards.changes import SetValue
from newscards.checks import Checks, Found
from newscards.facts import Facts, Row, row_of
from newscards.fences import FrontMatter, UnreadableError, find_fences
from newscards.fields import CARD, Field
from newscards.findings import Finding as Finding
from newscards.findings import Report as Report
from newscards.harmless import shorten
from newscards.ignore_comments import Ignore, ignores_in
from newscards.ignores import is_left_behind, silenced
from newscards.limits import LIMITS, Limits
from newscards.nodes import Step
from newscards.placing import Placing, Span, field_name, placing_of, span_of
from newscards.reading import card_of, is_whole, read_bytes, system_reason
from newscards.rules.rule import Problem, Rule, Spot
from newscards.rules.selection import Ruleset
from newscards.site import View, view
from newscards.site_config import SiteConfig, site_of
from newscards.source import position


@dataclass(slots=True)
class Linter:
    """Checks cards one by one, then all of them together.

    ``root`` is what a card must be; ``topics``, ``providers`` and ``organizations`` are as in ``Facts``;
    ``name`` makes of a path the one that the patterns of per-file ignores are about; ``overlay`` has files
    as they are to be, which are read in place of those on the disk.
    With ``neighbours``, what is found in a card that was only seen is told too, where it concerns checked
    cards alone.
    """

    rules: Ruleset = field(default_factory=Ruleset)
    root: Field = CARD
    topics: frozenset[str] | None = None
    providers: Mapping[str, str] = field(default_factory=dict)
    organizations: frozenset[str] = frozenset()
    limits: Limits = LIMITS
    name: Callable[[str], str] = str
    neighbours: bool = False
    overlay: dict[str, bytes] = field(default_factory=dict)
    _found: dict[str, list[Finding]] = field(default_factory=dict, init=False)
    _ignores: dict[str, list[Ignore]] = field(default_factory=dict, init=False)
    _lost: dict[str, set[str]] = field(default_factory=dict, init=False)
    _rows: dict[str, dict[str, Row]] = field(default_factory=dict, init=False)
    _sites: dict[str, SiteConfig] = field(default_factory=dict, init=False)
    _checks: tuple[Ruleset, Checks] | None = field(default=None, init=False)

    @property
    def needs_corpus(self) -> bool:
        """Whether a rule looks at all cards, also at those that are not reported on."""
        return bool(self._made_checks().of_corpus)

    def see(self, path: str) -> None:
        """Take a card into account of which only others are to be told."""
        try:
            source = self._source(path)
        except (OSError, ValueError):
            return
        record, _ = self._parsed(path, source)
        self._keep_row(record, source)
        self._keep_ignores(record, source)

    def check(self, path: str) -> list[Finding]:
        """Check one card by itself, and return its findings by place."""
        front: FrontMatter | None = None
        record: Card | Unreadable
        try:
            source = self._source(path)
            record, front = self._parsed(path, source)
        except (OSError, ValueError) as error:
            source, record = b"", Unreadable(path, "io", system_reason(error))
        whole = is_whole(source, self.limits)
        seen = view(record, source, self._site(path), whole=whole, read=front.end if front else 0)
        told = self._made_checks().check(record, seen)
        ignored = self.rules.ignored(self.name(path)) if told else frozenset()
        told = [each for each in told if each[0] not in ignored]
        findings: list[Finding] = []
        placing = Placing(source, front) if told and front else None
        for rule, problem, steps in told:
            if placing:
                span = placing.span(steps, problem.place)
            elif isinstance(record, Unreadable):
                span = span_of(record, source)
            findings.append(self._finding(rule, problem, steps, path, span, seen))
        self._found[path] = sorted(findings, key=_place)
        self._keep_ignores(record, source)
        self._keep_row(record, source)
        return self._found[path]

    def _parsed(self, path: str, source: bytes) -> tuple[Card | Unreadable, FrontMatter | None]:
        """Return what a file's bytes say, as ``corpus.parse``, and where a card's front matter stands."""
        try:
            front = find_fences(source, self.limits)
            return card_of(path, front), front
        except UnreadableError as defect:
            line, column = position(source, defect.offset)
            return Unreadable(path, defect.kind, defect.reason, line, column), None

    def _made_checks(self) -> Checks:
        if self._checks is None or self._checks[0] is not self.rules:
            self._checks = self.rules, Checks(self.rules.severities, self.root)
        return self._checks[1]

    def _site(self, path: str) -> SiteConfig:
        """Return ``site_of`` a path; of thousands of cards in a folder, looked up once."""
        folder = os.path.dirname(path)
        if folder not in self._sites:
            self._sites[folder] = site_of(path)
        return self._sites[folder]

    def forget(self, path: str) -> None:
        """Leave a card out of account again, as if it had not been checked."""
        self.overlay.pop(path, None)
        self._found.pop(path, None)
        self._ignores.pop(path, None)
        self._rows.get(self._site(path).folder, {}).pop(path, None)

    def report(self) -> Report:
        """Return all findings of the cards that were checked, those of the whole corpus among them."""
        told: dict[str, list[Found]] = {}
        shared: set[str] = set()
        for folder, rows in self._rows.items():
            lost = frozenset(self._lost.get(folder, ()))
            facts = Facts(list(rows.values()), self.topics, self.providers, lost, self.organizations)
            for rule, check in self._made_checks().of_corpus:
                for row, problem in check(facts):
                    if self._tells(row, problem) and rule not in self.rules.ignored(self.name(row.path)):
                        told.setdefault(row.path, []).append((rule, problem, problem.path))
            shared |= facts.sharing_titles
        of_corpus = self._told_of_corpus(told)
        findings: list[Finding] = []
        cards = dict.fromkeys([*self._found, *of_corpus])
        for path in cards:
            findings += sorted(self._found.get(path, []) + of_corpus.get(path, []), key=_place)
        # A title that is cleaned must not become that of another card: a fix creates no finding.
        clash = [
            each.steps == ("title",)
            and each.path in shared
            and isinstance(each.fix and each.fix.change, SetValue)
            for each in findings
        ]
        findings = [replace(each, fix=None) if no else each for each, no in zip(findings, clash, strict=True)]
        return Report(len(cards), self._silenced(findings), frozenset(self._found))

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
                if path in self._found and is_left_behind(ignore, self.rules.severities)
                for rule in self.rules.severities
                for problem in (rule.ignore(ignore) if rule.ignore else ())
            ]
            left += sorted(kept, key=_place)
        order = {path: number for number, path in enumerate(dict.fromkeys([*self._found, *by_path]))}
        return sorted(left, key=lambda finding: order[finding.path])

    def _tells(self, row: Row, problem: Problem) -> bool:
        others = {spot.row.path for spot in problem.others} if self.neighbours else set()
        return row.path in self._found or (bool(others) and others <= self._found.keys())

    def _keep_ignores(self, record: Card | Unreadable, source: bytes) -> None:
        self._ignores.pop(record.path, None)
        if isinstance(record, Card) and (ignores := ignores_in(source, self.limits)):
            self._ignores[record.path] = ignores

    def _source(self, path: str) -> bytes:
        return self.overlay[path] if path in self.overlay else read_bytes(path, self.limits)

    def _keep_row(self, record: Card | Unreadable, source: bytes) -> None:
        """Remember what other cards are compared with; of a card that cannot be read, what its URL may be."""
        if not self.needs_corpus:
            return
        folder = self._site(record.path).folder
        if isinstance(record, Card):
            self._rows.setdefault(folder, {})[record.path] = row_of(record)
        elif found := _URL.search(source):
            self._lost.setdefault(folder, set()).add(found[1].decode(errors="replace"))

    def _told_of_corpus(self, told: Mapping[str, Sequence[Found]]) -> dict[str, list[Finding]]:
        """Place what the rules say of several cards: each file is looked at once."""
        spots: dict[str, dict[Spot, int]] = {}
        for problems in told.values():
            for _, problem, _ in problems:
                for spot in problem.others:
                    spots.setdefault(spot.row.path, {})[spot] = 1
        spans: dict[str, list[Span]] = {}
        for path in {**told, **spots}:
            placing = self._placing(path)
            problems = told.get(path, ())
            spans[path] = [
                placing.span(steps, problem.place) if placing else NOWHERE for _, problem, steps in problems
            ]
            for spot in spots.get(path, ()):
                spots[path][spot] = placing.span(spot.path).line if placing else 1
        return {
            path: [
                replace(
                    self._finding(rule, problem, steps, path, span, None),
                    others=tuple((spot.row.path, spots[spot.row.path][spot]) for spot in problem.others),
                )
                for (rule, problem, steps), span in zip(problems, spans[path], strict=True)
            ]
            for path, problems in told.items()
        }

    def _placing(self, path: str) -> Placing | None:
        """Return the places of a card that was read before; ``None`` where it is gone by now."""
        try:
            return placing_of(self._source(path), self.limits)
        except (OSError, ValueError):
            return None

    def _finding(
        self,
        rule: Rule,
        problem: Problem,
        path: tuple[Step, ...],
        file: str,
        span: Span,
        seen: View | None,
    ) -> Finding:
        message = shorten(problem.message)
        if problem.site and seen:
            message += f": {seen.sentence}"
        name, severity = field_name(path), self.rules.severities[rule]
        steps = path if problem.fix is None or problem.fix.path is None else problem.fix.path
        return Finding(
            rule.called, severity, file, *span, name, message, shorten(problem.help), fix=problem.fix, steps=steps
        )


_URL = re.compile(rb"""^webUrl:[ \t]*["']?([^\s"']+)""", re.MULTILINE)
NOWHERE = Span(1, 1, 1, 1, "")


def _place(finding: Finding) -> tuple[int, int, str]:
    return finding.line, finding.column, finding.rule.code


def lint_card(path: str) -> list[Finding]:
    """Check one card by itself with every rule, and return its findings by place."""
    return Linter().check(path)
