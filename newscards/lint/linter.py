"""Check cards, each by itself and then all together: problems become findings with their places."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from yaml import YAMLError

from newscards import clock
from newscards.cards.card import Card, CardOrUnreadable, Unreadable
from newscards.cards.fields import CARD, Field
from newscards.cards.reader import Parsed, is_whole, parse_with_fences, read_bytes
from newscards.cards.values import field_name
from newscards.edits.operations import SetValue
from newscards.errors import EditRefusedError, system_reason
from newscards.frontmatter.fences import UnreadableError
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.locations import Anchor, Locator, locator_of
from newscards.frontmatter.nodes import Step
from newscards.frontmatter.positions import Span, line_at
from newscards.jekyll.config import SiteConfig, site_of
from newscards.jekyll.site import View, view_of
from newscards.lint.checks import Checks, FoundProblem
from newscards.lint.facts import Facts, Row, row_of
from newscards.lint.findings import Finding, Report
from newscards.lint.rule import Problem, Rule, Spot
from newscards.lint.ruleset import Ruleset, specificity
from newscards.lint.suppressions import Ignore, ignores_in
from newscards.text import shorten


def silenced(findings: Sequence[Finding], ignores: Sequence[Ignore]) -> tuple[list[Finding], list[Ignore]]:
    """Return the findings of a card that no comment silences, and the comments that silence none."""
    used: set[Ignore] = set()
    kept: list[Finding] = []
    for finding in findings:
        by = {ignore for ignore in ignores if _silences(ignore, finding)}
        used |= by
        if not by:
            kept.append(finding)
    return kept, [ignore for ignore in ignores if ignore not in used]


def is_left_behind(ignore: Ignore, rules: Ruleset) -> bool:
    """Tell whether a comment that silences nothing could have: one of its rules was checked, or is none."""
    checked = rules.severities
    if not ignore.words or any(specificity(word, rule) for word in ignore.words for rule in checked):
        return True
    return not all(any(specificity(word, rule) for rule in rules.known) for word in ignore.words)


def _silences(ignore: Ignore, finding: Finding) -> bool:
    return finding.line in ignore.lines and any(specificity(word, finding.rule) for word in ignore.words)


class CheckedCard(NamedTuple):
    """What was found of a card by itself, and what others need of it.

    ``findings`` are ``None`` where it was only seen; ``row`` is ``None`` where it cannot be read, and then
    ``lost`` is what its URL may be; ``span`` is how long all that holds.
    """

    path: str
    findings: list[Finding] | None
    ignores: list[Ignore]
    row: Row | None
    lost: str
    span: clock.Validity


class CheckedFile(NamedTuple):
    """What was found of a card, ``None`` where it was to be seen alone and is not there; it, and its file."""

    examined: CheckedCard | None
    record: CardOrUnreadable
    source: bytes


class _CardFile(NamedTuple):
    """A card that is to be checked: its file, why that cannot be read, and whether its findings are told."""

    path: str
    source: bytes
    told: bool
    failure: Unreadable | None


_BATCH, _BATCH_BYTES = 32, 1 << 20
"""How many cards are looked at at a time, and from how many bytes on no more are."""


_URL = re.compile(rb"""^webUrl:[ \t]*["']?([^\s"']+)""", re.MULTILINE)


def place_of(finding: Finding) -> tuple[int, int, str]:
    """Return what findings of a card are sorted by."""
    return finding.line, finding.column, finding.rule.code


def span_of(record: Unreadable, source: bytes) -> Span:
    """Return the place where a card cannot be read: one character."""
    line, column, text = record.line, record.column, line_at(source, record.line)
    end = min(column + 1, len(text) + 1) if column <= len(text) else column
    return Span(line, column, line, end, text)


@dataclass
class Linter:
    """Checks cards one by one, then all of them together.

    ``root`` is what a card must be; ``name`` makes of a path the one that the patterns of per-file ignores
    are about; ``overlay`` has files as they are to be, which are read in place of those on the disk;
    ``topics``, ``providers`` and ``organizations`` are as in ``Facts``.
    With ``neighbours``, what is found in a card that was only seen is told too, where it concerns checked
    cards alone.
    """

    rules: Ruleset
    root: Field = CARD
    limits: Limits = LIMITS
    name: Callable[[str], str] = str
    overlay: dict[str, bytes] = field(default_factory=dict)
    topics: frozenset[str] | None = None
    providers: Mapping[str, str] = field(default_factory=dict)
    organizations: frozenset[str] = frozenset()
    neighbours: bool = False
    _sites: dict[str, SiteConfig] = field(default_factory=dict, init=False)
    _checks: tuple[Ruleset, Checks] | None = field(default=None, init=False)
    _found: dict[str, list[Finding]] = field(default_factory=dict, init=False)
    _ignores: dict[str, list[Ignore]] = field(default_factory=dict, init=False)
    _lost: dict[str, dict[str, str]] = field(default_factory=dict, init=False)
    _span: clock.Validity = field(default=clock.ALWAYS, init=False)
    _rows: dict[str, dict[str, Row]] = field(default_factory=dict, init=False)

    @property
    def needs_corpus(self) -> bool:
        """Whether a rule looks at all cards, also at those that are not reported on."""
        return bool(self._made_checks().of_corpus)

    def examine(self, path: str, *, told: bool = True) -> CheckedCard | None:
        """Check one card, as ``examine_all``."""
        (looked,) = self.examine_all([(path, told)])
        return looked.examined

    def examine_all(self, cards: Iterable[tuple[str, bool]]) -> Iterator[CheckedFile]:
        """Check cards, each by itself: their paths, and whether what is found in them is told at all.

        Nothing is kept, so that another process may do it. It is done step by step for some cards at a time,
        and not card by card: what a step needs stays near the processor, which saves a fifth of the time.
        """
        batch: list[_CardFile] = []
        size = 0
        for path, told in cards:
            source, failure = b"", None
            try:
                source = self._source(path)
            except (OSError, ValueError) as error:
                failure = Unreadable(path, "io", system_reason(error))
            batch.append(_CardFile(path, source, told, failure))
            size += len(source)
            if len(batch) >= _BATCH or size >= _BATCH_BYTES:
                yield from self._examine(batch)
                batch, size = [], 0
        yield from self._examine(batch)

    def _examine(self, batch: Sequence[_CardFile]) -> Iterator[CheckedFile]:
        everything = [
            Parsed(card.failure) if card.failure else parse_with_fences(card.path, card.source, self.limits)
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
            yield CheckedFile(examined, read.record, card.source)

    def _view(self, card: _CardFile, read: Parsed) -> View | None:
        """Return what the site does with a card."""
        whole, end = is_whole(card.source, self.limits), read.front.end if read.front else 0
        return view_of(read.record, card.source, self._site(card.path), whole=whole, read=end)

    def _placed(
        self, card: _CardFile, read: Parsed, seen: View | None, told: list[FoundProblem]
    ) -> list[Finding]:
        """Return what is told of a card as findings, sorted by their places."""
        if ignored := self.ignored(card.path):
            told = [each for each in told if each[0] not in ignored]
        placing = Locator(card.source, read.front, read.is_simple or None) if told and read.front else None
        findings: list[Finding] = []
        for rule, problem, steps in told:
            if placing:
                span = placing.span(steps, problem.place)
            elif isinstance(read.record, Unreadable):
                span = span_of(read.record, card.source)
            findings.append(self._finding(rule, problem, steps, card.path, span, seen))
        findings.sort(key=place_of)
        return findings

    def _examined(self, card: _CardFile, read: Parsed, findings: list[Finding] | None) -> CheckedCard:
        """Return what was found of a card; of one that cannot be read, what its URL may be."""
        record, source = read.record, card.source
        is_card = isinstance(record, Card)
        lost = None if is_card or not self.needs_corpus else _URL.search(source)
        return CheckedCard(
            card.path,
            findings,
            ignores_in(source, self.limits) if is_card and not read.is_simple else [],  # it has no comments
            row_of(record, len(source) * read.is_simple)
            if isinstance(record, Card) and self.needs_corpus
            else None,
            lost[1].decode(errors="replace") if lost else "",
            clock.take_validity(),
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

    def see(self, path: str) -> None:
        """Take a card into account of which only others are to be told."""
        self.keep(self.examine(path, told=False))

    def check(self, path: str) -> list[Finding]:
        """Check one card by itself, and return its findings by place."""
        self.keep(self.examine(path))
        return self._found[path]

    def keep(self, examined: CheckedCard | None) -> None:
        """Take into account what ``examine`` found of a card."""
        if examined is None:
            return
        path, folder = examined.path, self._site(examined.path).folder
        if examined.findings is not None:
            self._found[path] = examined.findings
        self._ignores.pop(path, None)
        if examined.ignores:
            self._ignores[path] = examined.ignores
        self._span = self._span.intersection(examined.span)
        if not self.needs_corpus:
            return
        if examined.row:
            self._rows.setdefault(folder, {})[path] = examined.row
        elif examined.lost:
            self._lost.setdefault(folder, {})[path] = examined.lost

    @property
    def span(self) -> clock.Validity:
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
        told: dict[str, list[FoundProblem]] = {}
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

    def _told_of_corpus(self, told: Mapping[str, Sequence[FoundProblem]]) -> dict[str, list[Finding]]:
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
            wanted += [(spot.path, Anchor.VALUE) for spot in others]
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

    def _spans(self, path: str, simple: int, wanted: Sequence[tuple[tuple[Step, ...], Anchor]]) -> list[Span]:
        """Return where paths lead in a card that was read before: ``NOWHERE`` where it is gone by now.

        ``simple`` is as in ``Row``: a file of another size has changed. One of the same size may have, too.
        """
        with suppress(OSError, ValueError):
            source = self._source(path)
            for is_simple in (len(source) == simple or None, None):
                with suppress(UnreadableError, YAMLError):
                    if placing := locator_of(source, self.limits, is_simple):
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
