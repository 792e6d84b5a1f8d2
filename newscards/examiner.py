"""One card, checked by itself: its problems, each with its place, and what others need of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from newscards import clock
from newscards.card import Card, Record, Unreadable
from newscards.checks import Checks
from newscards.facts import Row, row_of
from newscards.fences import FrontMatter, UnreadableError, find_fences
from newscards.fields import CARD, Field
from newscards.findings import Finding
from newscards.harmless import shorten
from newscards.ignore_comments import Ignore, ignores_in
from newscards.limits import LIMITS, Limits
from newscards.nodes import Step
from newscards.placing import Placing, Span, field_name, span_of
from newscards.reading import card_of, is_whole, read_bytes, system_reason
from newscards.rules.rule import Problem, Rule
from newscards.rules.selection import Ruleset
from newscards.simple_cards import read_simple_card
from newscards.site import View, view
from newscards.site_config import SiteConfig, site_of
from newscards.source import position


class Examined(NamedTuple):
    """What was found of a card by itself, and what others need of it.

    ``findings`` are ``None`` where it was only seen; ``row`` is ``None`` where it cannot be read, and then
    ``lost`` is what its URL may be; ``span`` is how long all that holds.
    """

    path: str
    findings: list[Finding] | None
    ignores: list[Ignore]
    row: Row | None
    lost: str
    span: clock.Span


@dataclass
class Examiner:
    """Checks cards one by one.

    ``root`` is what a card must be; ``name`` makes of a path the one that the patterns of per-file ignores
    are about; ``overlay`` has files as they are to be, which are read in place of those on the disk.
    """

    rules: Ruleset = field(default_factory=Ruleset)
    root: Field = CARD
    limits: Limits = LIMITS
    name: Callable[[str], str] = str
    overlay: dict[str, bytes] = field(default_factory=dict)
    _sites: dict[str, SiteConfig] = field(default_factory=dict, init=False)
    _checks: tuple[Ruleset, Checks] | None = field(default=None, init=False)

    @property
    def needs_corpus(self) -> bool:
        """Whether a rule looks at all cards, also at those that are not reported on."""
        return bool(self._made_checks().of_corpus)

    def examine(self, path: str, source: bytes | None = None) -> tuple[Examined, Record]:
        """Check one card by itself, of which the bytes may be known; return all that is, and the card.

        Nothing is kept, so that another process may do it.
        """
        front: FrontMatter | None = None
        record: Record
        is_simple = False
        try:
            source = self._source(path) if source is None else source
            record, front, is_simple = self._parsed(path, source)
        except (OSError, ValueError) as error:
            source, record = b"", Unreadable(path, "io", system_reason(error))
        whole = is_whole(source, self.limits)
        seen = view(record, source, self._site(path), whole=whole, read=front.end if front else 0)
        told = self._made_checks().check(record, seen)
        if told and (ignored := self.ignored(path)):
            told = [each for each in told if each[0] not in ignored]
        findings: list[Finding] = []
        placing = Placing(source, front, is_simple) if told and front else None
        for rule, problem, steps in told:
            if placing:
                span = placing.span(steps, problem.place)
            elif isinstance(record, Unreadable):
                span = span_of(record, source)
            findings.append(self._finding(rule, problem, steps, path, span, seen))
        findings.sort(key=place_of)
        return self._examined(record, source, findings, is_simple), record

    def glance(self, path: str) -> Examined | None:
        """Return what others need of a card, and nothing that is found in it; ``None`` without a file."""
        try:
            source = self._source(path)
        except (OSError, ValueError):
            return None
        record, _, is_simple = self._parsed(path, source)
        return self._examined(record, source, None, is_simple)

    def _examined(
        self, record: Record, source: bytes, findings: list[Finding] | None, is_simple: bool
    ) -> Examined:
        """Return what was found of a card; of one that cannot be read, what its URL may be."""
        is_card = isinstance(record, Card)
        lost = None if is_card or not self.needs_corpus else _URL.search(source)
        return Examined(
            record.path,
            findings,
            ignores_in(source, self.limits) if is_card else [],
            row_of(record, len(source) * is_simple)
            if isinstance(record, Card) and self.needs_corpus
            else None,
            lost[1].decode(errors="replace") if lost else "",
            clock.span(),
        )

    def ignored(self, path: str) -> frozenset[Rule]:
        """Return the rules that are not checked in a file."""
        return self.rules.ignored(self.name(path)) if self.rules.per_file else frozenset()

    def _parsed(self, path: str, source: bytes) -> tuple[Card | Unreadable, FrontMatter | None, bool]:
        """Return what a file's bytes say, as ``reading.parse``, and where a card's front matter stands.

        And whether that is simple (``read_simple_card``), so that ``Placing`` need not read it again.
        """
        try:
            front = find_fences(source, self.limits)
            if simple := read_simple_card(front.block, self.limits):
                return Card(path, simple, front.before), front, True
            return card_of(path, front), front, False
        except UnreadableError as defect:
            line, column = position(source, defect.offset)
            return Unreadable(path, defect.kind, defect.reason, line, column), None, False

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

    def _source(self, path: str) -> bytes:
        return self.overlay[path] if path in self.overlay else read_bytes(path, self.limits)

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
            rule.called,
            severity,
            file,
            *span,
            name,
            message,
            shorten(problem.help),
            fix=problem.fix,
            steps=steps,
        )


_URL = re.compile(rb"""^webUrl:[ \t]*["']?([^\s"']+)""", re.MULTILINE)


def place_of(finding: Finding) -> tuple[int, int, str]:
    """Return what findings of a card are sorted by."""
    return finding.line, finding.column, finding.rule.code
