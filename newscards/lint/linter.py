"""One card, checked by itself: its problems, each with its place, and what others need of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from newscards import clock
from newscards.cards.card import Card, Record, Unreadable
from newscards.cards.fields import CARD, Field
from newscards.cards.reader import Parsed, is_whole, parsed, read_bytes, system_reason
from newscards.cards.values import field_name
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.locations import Placing
from newscards.frontmatter.nodes import Step
from newscards.frontmatter.positions import Span, line_at
from newscards.jekyll.config import SiteConfig, site_of
from newscards.jekyll.site import View, view
from newscards.lint.checks import Checks, Found
from newscards.lint.facts import Row, row_of
from newscards.lint.findings import Finding
from newscards.lint.rule import Problem, Rule
from newscards.lint.ruleset import Ruleset
from newscards.lint.suppressions import Ignore, ignores_in
from newscards.text import shorten


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


class Looked(NamedTuple):
    """What was found of a card, ``None`` where it was to be seen alone and is not there; it, and its file."""

    examined: Examined | None
    record: Record
    source: bytes


class _Card(NamedTuple):
    """A card that is to be checked: its file, why that cannot be read, and whether its findings are told."""

    path: str
    source: bytes
    told: bool
    failure: Unreadable | None


_BATCH, _BATCH_BYTES = 32, 1 << 20
"""How many cards are looked at at a time, and from how many bytes on no more are."""


@dataclass
class Examiner:
    """Checks cards one by one.

    ``root`` is what a card must be; ``name`` makes of a path the one that the patterns of per-file ignores
    are about; ``overlay`` has files as they are to be, which are read in place of those on the disk.
    """

    rules: Ruleset
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

    def examine(self, path: str, *, told: bool = True) -> Examined | None:
        """Check one card, as ``examine_all``."""
        (looked,) = self.examine_all([(path, told)])
        return looked.examined

    def examine_all(self, cards: Iterable[tuple[str, bool]]) -> Iterator[Looked]:
        """Check cards, each by itself: their paths, and whether what is found in them is told at all.

        Nothing is kept, so that another process may do it. It is done step by step for some cards at a time,
        and not card by card: what a step needs stays near the processor, which saves a fifth of the time.
        """
        batch: list[_Card] = []
        size = 0
        for path, told in cards:
            source, failure = b"", None
            try:
                source = self._source(path)
            except (OSError, ValueError) as error:
                failure = Unreadable(path, "io", system_reason(error))
            batch.append(_Card(path, source, told, failure))
            size += len(source)
            if len(batch) >= _BATCH or size >= _BATCH_BYTES:
                yield from self._examine(batch)
                batch, size = [], 0
        yield from self._examine(batch)

    def _examine(self, batch: Sequence[_Card]) -> Iterator[Looked]:
        everything = [
            Parsed(card.failure) if card.failure else parsed(card.path, card.source, self.limits)
            for card in batch
        ]
        steps = list(zip(batch, everything, strict=True))
        views = [self._view(card, read) if card.told else None for card, read in steps]
        check = self._made_checks().check
        found = [
            check(read.record, seen) if card.told else []
            for (card, read), seen in zip(steps, views, strict=True)
        ]
        findings = [
            self._placed(card, read, seen, problems) if problems else []
            for (card, read), seen, problems in zip(steps, views, found, strict=True)
        ]
        for (card, read), own in zip(steps, findings, strict=True):
            is_there = card.told or not card.failure
            examined = self._examined(card, read, own if card.told else None) if is_there else None
            yield Looked(examined, read.record, card.source)

    def _view(self, card: _Card, read: Parsed) -> View | None:
        """Return what the site does with a card."""
        whole, end = is_whole(card.source, self.limits), read.front.end if read.front else 0
        return view(read.record, card.source, self._site(card.path), whole=whole, read=end)

    def _placed(self, card: _Card, read: Parsed, seen: View | None, told: list[Found]) -> list[Finding]:
        """Return what is told of a card as findings, sorted by their places."""
        if ignored := self.ignored(card.path):
            told = [each for each in told if each[0] not in ignored]
        placing = Placing(card.source, read.front, read.is_simple or None) if told and read.front else None
        findings: list[Finding] = []
        for rule, problem, steps in told:
            if placing:
                span = placing.span(steps, problem.place)
            elif isinstance(read.record, Unreadable):
                span = span_of(read.record, card.source)
            findings.append(self._finding(rule, problem, steps, card.path, span, seen))
        findings.sort(key=place_of)
        return findings

    def _examined(self, card: _Card, read: Parsed, findings: list[Finding] | None) -> Examined:
        """Return what was found of a card; of one that cannot be read, what its URL may be."""
        record, source = read.record, card.source
        is_card = isinstance(record, Card)
        lost = None if is_card or not self.needs_corpus else _URL.search(source)
        return Examined(
            card.path,
            findings,
            ignores_in(source, self.limits) if is_card and not read.is_simple else [],  # it has no comments
            row_of(record, len(source) * read.is_simple)
            if isinstance(record, Card) and self.needs_corpus
            else None,
            lost[1].decode(errors="replace") if lost else "",
            clock.span(),
        )

    def ignored(self, path: str) -> frozenset[Rule]:
        """Return the rules that are not checked in a file."""
        return self.rules.ignored(self.name(path)) if self.rules.per_file else frozenset()

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


def span_of(record: Unreadable, source: bytes) -> Span:
    """Return the place where a card cannot be read: one character."""
    line, column, text = record.line, record.column, line_at(source, record.line)
    end = min(column + 1, len(text) + 1) if column <= len(text) else column
    return Span(line, column, line, end, text)
