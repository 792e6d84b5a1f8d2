"""The linter: each card checked by itself, then all together, and problems turned into findings."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, partial
from typing import NamedTuple, TypeVar

from yaml import YAMLError

from newscards import clock
from newscards.cards.card import Card, CardOrUnreadable, Unreadable
from newscards.cards.fields import card_field, field_at
from newscards.cards.reader import Parsed, is_whole, parse_with_fences, read_bytes
from newscards.cards.related import grouped
from newscards.cards.values import field_name
from newscards.edits.operations import SetValue
from newscards.errors import system_reason
from newscards.frontmatter.fences import FrontMatter, UnreadableError
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.locations import Anchor, Locator, Part, lines_of_entries, locator_of
from newscards.frontmatter.nodes import Step
from newscards.frontmatter.positions import Span, line_at
from newscards.jekyll.config import AS_NEWS, SiteConfig, site_of
from newscards.jekyll.site import Fate, View, view_of
from newscards.lint.causes import Explained, Problems, explained_by, without_consequences, without_explained
from newscards.lint.checks import NO_PROBLEMS, CardProblems, Checks, ProblemsOfEntries, ProblemsOfValue
from newscards.lint.checksums import checksum, compared_text, value_checksum
from newscards.lint.conditions import Conditions, Lack, lacks
from newscards.lint.conventions import Convention, conventions_of
from newscards.lint.copies import (
    BadEntries,
    Copies,
    EntryProblems,
    causes_of,
    finding_with_copies,
)
from newscards.lint.facts import Facts, Row, row_of
from newscards.lint.findings import (
    MAX_FINDINGS,
    Finding,
    Report,
    Severity,
    counts_by_rule,
    limited,
    with_more,
)
from newscards.lint.own_rules import NO_PROBLEMS as NO_OWN_PROBLEMS
from newscards.lint.own_rules import OwnProblems, OwnRules
from newscards.lint.rule import FoundProblem, Problem, Rule, Spot
from newscards.lint.ruleset import Ruleset
from newscards.lint.strays import Stray
from newscards.lint.suppressions import (
    Suppression,
    is_reportable,
    suppress_findings,
    suppression_test,
    suppressions_in,
    unsuppressed,
)
from newscards.text import shorten

_URL = re.compile(rb"""^[^\w\r\n#]*webUrl[^\w\r\n]*(http[^\s"']+)""", re.MULTILINE)
"""A card's URL in a file that cannot be read: the mistake may be in its line."""

_CLASH = "the title would then be that of another published card"

NOWHERE = Span(1, 1, 1, 1, "")
"""The place of a problem in a card that can no longer be read."""


class CheckedCard(NamedTuple):
    """One card checked by itself: its findings, and what the rules of the corpus need of it.

    ``findings`` is ``None`` for a neighbour, which is not checked itself. ``row`` is ``None`` if the card
    cannot be read; ``url_if_unreadable`` is then the URL that its bytes seem to hold. ``validity`` is the
    time for which the findings hold. ``is_published`` is as in ``Finding``. ``bad_entries`` are
    the entries with problems; ``used`` are the suppressions that suppress such a problem. ``every_entry`` are
    those with problems that are ignored, too, if there are such; only before a fix. ``values`` are what the
    rules of the configuration need of the card, if there are any.
    """

    path: str
    findings: list[Finding] | None
    suppressions: list[Suppression]
    row: Row | None
    url_if_unreadable: str
    validity: clock.Validity
    is_published: bool
    bad_entries: BadEntries = ()
    used: frozenset[Suppression] = frozenset()
    every_entry: BadEntries = ()
    values: Card | None = None


class CheckedFile(NamedTuple):
    """One checked file: the result, the card as it was read, and its bytes.

    ``checked`` is ``None`` for a neighbour whose file is missing.
    """

    checked: CheckedCard | None
    record: CardOrUnreadable
    source: bytes


class _CardFile(NamedTuple):
    """A card to check: its path and bytes, whether its findings are reported, and why it cannot be read."""

    path: str
    source: bytes
    is_reported: bool
    failure: Unreadable | None


_CARDS_PER_BATCH, _BYTES_PER_BATCH = 32, 1 << 20
"""A batch ends at this many cards, or with the card that brings it to this many bytes."""


@dataclass
class Linter:
    """A check of cards one by one, then of all together.

    ``check`` and ``add_neighbour`` take one card each; ``check_files`` checks many, in other processes too,
    and ``add`` takes its results. ``report`` then runs the rules that compare cards. A neighbour is a card
    that others are compared with, but whose own findings are not reported.

    ``relative`` turns a path into one that the patterns of
    per-file ignores match. ``overlay`` holds the bytes of files to read instead of those on the disk.
    ``topics``, ``providers`` and ``organizations`` are as in ``Facts``. ``conventions`` are those of the
    corpus, if only a part of it is added; else they are found from the added cards. ``conditions`` are those
    of fields. ``find_site`` returns the configuration of a card's site. With ``as_news``, a card in no
    collection is taken for one of a ``_news``; otherwise nothing is said of what a site does with it.
    ``narrow`` makes the report of all findings the one that is wanted. With ``for_fixes``, a fix has the
    changes of the copies of its value, too, and so cards are compared even if no rule does so. ``own`` are
    the compiled rules of the configuration. They see the added cards, and those that ``find_others`` returns;
    ``own_problems`` are what they find there, if that is known already.

    With ``apart``, each card has the findings that it has if all others are neighbours: a problem of several
    cards is reported in each of them. As these may be many, such findings have no ``source``, ``help``,
    ``others`` and ``fix``.
    """

    rules: Ruleset
    limits: Limits = LIMITS
    relative: Callable[[str], str] = str
    overlay: dict[str, bytes] = field(default_factory=dict)
    topics: frozenset[str] | None = None
    providers: Mapping[str, str] = field(default_factory=dict)
    organizations: frozenset[str] = frozenset()
    conventions: frozenset[Convention] | None = None
    conditions: Conditions | None = None
    find_site: Callable[[str], SiteConfig] = site_of
    as_news: bool = False
    narrow: Callable[[Report], Report] | None = None
    for_fixes: bool = False
    own: OwnRules | None = None
    find_others: Callable[[], Iterable[Card]] = tuple
    own_problems: OwnProblems | None = None
    apart: bool = False
    _sites: dict[str, SiteConfig] = field(default_factory=dict, init=False)
    _checks: tuple[Ruleset, Checks] | None = field(default=None, init=False)
    _found: dict[str, list[Finding]] = field(default_factory=dict, init=False)
    _suppressions: dict[str, list[Suppression]] = field(default_factory=dict, init=False)
    _urls_of_unreadable: dict[str, dict[str, str]] = field(default_factory=dict, init=False)
    _entry_problems: EntryProblems = field(default_factory=EntryProblems, init=False)
    _bad_entries: dict[str, BadEntries] = field(default_factory=dict, init=False)
    _every_entry: dict[str, BadEntries] = field(default_factory=dict, init=False)
    _used: dict[str, set[Suppression]] = field(default_factory=dict, init=False)
    _published: set[str] = field(default_factory=set, init=False)
    _validity: clock.Validity = field(default=clock.ALWAYS, init=False)
    _rows: dict[str, dict[str, Row]] = field(default_factory=dict, init=False)
    _values: dict[str, Card] = field(default_factory=dict, init=False)
    _of_strays: list[Finding] = field(default_factory=list, init=False)

    @property
    def needs_corpus(self) -> bool:
        """Whether cards are compared, by a rule or before a fix, so that neighbours must be read too."""
        return self.for_fixes or self.has_own or bool(self._current_checks().of_corpus)

    @property
    def has_own(self) -> bool:
        """Whether rules of the configuration are checked."""
        return self.own is not None and any(rule in self.own.rules for rule in self._current_checks().own)

    def check_file(self, path: str, *, is_reported: bool = True) -> CheckedCard | None:
        """Check one card, as ``check_files`` does."""
        (file,) = self.check_files([(path, is_reported)])
        return file.checked

    def check_files(self, cards: Iterable[tuple[str, bool]]) -> Iterator[CheckedFile]:
        """Check cards, each by itself. Each comes as its path, and whether its findings are reported.

        The linter does not change, so another process may do this; pass the results to ``add``. Each step is
        done for a batch of cards before the next: its data stay in the processor's cache, which saves a fifth
        of the time.
        """
        batch: list[_CardFile] = []
        size = 0
        for path, is_reported in cards:
            source, failure = b"", None
            try:
                source = self._source(path)
            except (OSError, ValueError) as error:
                failure = Unreadable(path, "io", system_reason(error))
            batch.append(_CardFile(path, source, is_reported, failure))
            size += len(source)
            if len(batch) >= _CARDS_PER_BATCH or size >= _BYTES_PER_BATCH:
                yield from self._check_batch(batch)
                batch, size = [], 0
        yield from self._check_batch(batch)

    def _check_batch(self, batch: Sequence[_CardFile]) -> Iterator[CheckedFile]:
        parsed_cards = [
            Parsed(card.failure) if card.failure else parse_with_fences(card.path, card.source, self.limits)
            for card in batch
        ]
        pairs = list(zip(batch, parsed_cards, strict=True))
        views = [self._view(card, read) if card.is_reported else None for card, read in pairs]
        lacking = self._lacks([read.record for read in parsed_cards])
        check = self._current_checks().check
        problems = [
            check(read.record, site_view, read.front, of_conditions)
            if card.is_reported or self.for_fixes
            else NO_PROBLEMS
            for (card, read), site_view, of_conditions in zip(pairs, views, lacking, strict=True)
        ]
        suppressions = [self._suppressions_in(card, read) for card, read in pairs]
        for (card, read), site_view, of_card, of_comments in zip(
            pairs, views, problems, suppressions, strict=True
        ):
            checked = None
            if card.is_reported or not card.failure:
                checked = self._checked(card, read, site_view, of_card, of_comments)
            yield CheckedFile(checked, read.record, card.source)

    def _lacks(self, records: Sequence[CardOrUnreadable]) -> Sequence[Sequence[Lack]]:
        """Return the fields that each card lacks though their conditions are true."""
        if self.conditions is None or not self._current_checks().of_lacks:
            return [()] * len(records)
        table = card_field()
        found = [lacks(record, table) if isinstance(record, Card) else [] for record in records]
        holding: set[tuple[int, str]] = set()
        for condition in dict.fromkeys(each.field.condition for of_card in found for each in of_card):
            numbers = [
                number
                for number, of_card in enumerate(found)
                if any(each.field.condition == condition for each in of_card)
            ]
            cards = [card for number in numbers if isinstance(card := records[number], Card)]
            answers = zip(numbers, self.conditions.holding(condition, cards), strict=True)
            holding.update((number, condition) for number, is_true in answers if is_true)
        return [
            [each for each in of_card if (number, each.field.condition) in holding]
            for number, of_card in enumerate(found)
        ]

    def _view(self, card: _CardFile, read: Parsed) -> View | None:
        """Return what the site does with a card."""
        whole, end = is_whole(card.source, self.limits), read.front.end if read.front else 0
        return view_of(read.record, card.source, self._site(card.path), whole=whole, read=end)

    def _suppressions_in(self, card: _CardFile, read: Parsed) -> list[Suppression]:
        """Return the comments of a card that suppress findings; simple YAML has no comments."""
        is_card = isinstance(read.record, Card) and not read.is_simple
        return suppressions_in(card.source, self.limits) if is_card else []

    def _findings(
        self,
        card: _CardFile,
        read: Parsed,
        site_view: View | None,
        problems: list[FoundProblem],
        *,
        all_of_them: bool,
    ) -> list[Finding]:
        """Return the problems of a card as findings, sorted by place.

        Unless ``all_of_them`` are needed, because a comment may suppress some, these are the first
        ``MAX_FINDINGS`` of each rule: to locate many takes long.
        """
        if not problems:
            return []
        more: Counter[str] = Counter()
        if not all_of_them:
            problems, more = _first_of_each_rule(problems)
        front = read.front if isinstance(read.record, Card) else None
        locator = _locator(card, front, read) if front else None
        findings: list[Finding] = []
        for rule, problem, steps in problems:
            if locator:
                span = locator.span(steps, problem.place, problem.part)
            elif isinstance(read.record, Unreadable):
                span = failure_span(read.record, card.source)
            finding = self._finding(rule, problem, steps, card.path, span, site_view)
            is_published, value = _is_published(read.record), value_checksum(read.record, steps, problem)
            findings.append(finding._replace(is_published=is_published, value=value))
        findings.sort(key=sort_key)
        return with_more(findings, more)

    def _checked(
        self,
        card: _CardFile,
        read: Parsed,
        site_view: View | None,
        problems: CardProblems,
        suppressions: list[Suppression],
    ) -> CheckedCard:
        """Return the result for a card, without the problems of ignored rules.

        An unreadable one has no row, but perhaps a URL.
        """
        record, source = read.record, card.source
        is_card = isinstance(record, Card)
        of_entries, ignored = problems.of_entries, self.ignored(card.path)
        if ignored:
            problems = problems.without(ignored)
        bad_entries, used = self._bad_entries_in(card, read, problems.of_entries, suppressions)
        every_entry: BadEntries = ()
        if self.for_fixes and (used or ignored):
            every_entry, _ = self._bad_entries_in(card, read, of_entries, ())
        is_compared = self.needs_corpus or problems.own or bad_entries
        url = None if is_card or not self.needs_corpus else _URL.search(source)
        return CheckedCard(
            card.path,
            self._findings(card, read, site_view, problems.own, all_of_them=bool(suppressions))
            if card.is_reported
            else None,
            suppressions,
            row_of(record, len(source) * read.is_simple)
            if isinstance(record, Card) and is_compared
            else None,
            url[1].decode(errors="replace") if url else "",
            clock.take_validity(),
            _is_published(record),
            bad_entries,
            used,
            every_entry,
            self.own.values_of(record) if self.own and isinstance(record, Card) and self.has_own else None,
        )

    def _bad_entries_in(
        self,
        card: _CardFile,
        read: Parsed,
        problems: ProblemsOfEntries,
        suppressions: Sequence[Suppression],
    ) -> tuple[BadEntries, frozenset[Suppression]]:
        """Return the entries of a card that have problems, and the comments that suppress other problems."""
        record, front, used = read.record, read.front, frozenset[Suppression]()
        if not problems or not front or not isinstance(record, Card):
            return (), used
        make_locator = partial(_locator, card, front, read)
        if suppressions:
            problems, used = _unsuppressed_in_entries(problems, suppressions, make_locator())
        lines = lines_of_entries(front, record.fields["related"]) if read.is_simple else None
        return self._entry_problems.of_card(record, problems, lines, make_locator), used

    def ignored(self, path: str) -> frozenset[Rule]:
        """Return the rules that the configuration ignores in a file."""
        return self.rules.ignored(self.relative(path)) if self.rules.per_file else frozenset()

    def _current_checks(self) -> Checks:
        """Return the checks of ``rules``, made again after ``rules`` was replaced."""
        if self._checks is None or self._checks[0] is not self.rules:
            self._checks = self.rules, Checks(self.rules.severities, card_field())
        return self._checks[1]

    def _site(self, path: str) -> SiteConfig:
        """Return the site of a path, looked up once for each folder."""
        folder = os.path.dirname(path)
        if folder not in self._sites:
            site = self.find_site(path)
            self._sites[folder] = AS_NEWS if self.as_news and not site.label else site
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
        site_view: View | None,
    ) -> Finding:
        message = shorten(problem.message) + problem.suffix
        if problem.site and site_view and site_view.fate is not Fate.UNREAD:
            message += f": {site_view.sentence}"
        name, severity = field_name(path), self.rules.severities[rule]
        if problem.is_minor:
            severity = Severity.WARNING
        is_quoted = problem.help_if_quoted and _is_quoted(span, problem)
        advice = shorten(problem.help_if_quoted if is_quoted else problem.help)
        if (known := field_at(path)) and known.help:
            advice = f"{advice} ({known.help})" if advice else known.help
        steps = path if problem.fix is None or problem.fix.steps is None else problem.fix.steps
        return Finding(
            rule.rule_name,
            severity,
            file,
            *span[:-1],
            name,
            message,
            advice,
            fix=problem.fix,
            steps=steps,
            value_line=span.value_line,
        )

    def add_strays(self, strays: Iterable[Stray]) -> list[Finding]:
        """Check files that Jekyll takes for cards; return the findings, which ``report`` has too."""
        found: list[Finding] = []
        for stray in strays:
            path = stray.record.path
            for rule, check in self._current_checks().of_strays:
                if rule not in self.ignored(path):
                    found += [
                        self._finding(rule, problem, (), path, NOWHERE, stray.view)._replace(
                            is_published=_is_published(stray.record), value=checksum(problem.message)
                        )
                        for problem in check(stray)
                    ]
        self._of_strays += found
        return found

    def add_neighbour(self, path: str) -> None:
        """Add a card that others are compared with, but whose own findings are not reported."""
        self.add(self.check_file(path, is_reported=False))

    def check(self, path: str) -> list[Finding]:
        """Check one card by itself, add it, and return its findings by place, with those of its entries."""
        checked = self.check_file(path)
        self.add(checked)
        return self._with_entries(checked) if checked else []

    def recheck(self, path: str) -> list[Finding]:
        """Check a card again, and return its findings as ``check`` does; a neighbour stays a neighbour."""
        checked = self._checked_again(path)
        return self._with_entries(checked) if checked else []

    def recheck_counts(self, path: str) -> Counter[str]:
        """Check a card again, and return the number of its findings by the code of their rule."""
        checked = self._checked_again(path)
        return _counts(checked.findings or (), checked.bad_entries) if checked else Counter()

    def counts(self, path: str) -> Counter[str]:
        """Return what ``recheck_counts`` does, for a card that is as it was when it was checked."""
        if path not in self._found:
            return self.recheck_counts(path)
        return _counts(self._found[path], self._bad_entries.get(path, ()))

    def _checked_again(self, path: str) -> CheckedCard | None:
        checked = self.check_file(path)
        if checked is not None:
            self.add(checked if path in self._found else checked._replace(findings=None))
        return checked

    def _with_entries(self, checked: CheckedCard) -> list[Finding]:
        """Return the findings of a card and of its entries, each by itself."""
        findings = checked.findings or []
        if not checked.bad_entries:
            return findings
        rules = {rule.code: rule for rule in self.rules.severities}
        problems, more = _first_of_each_rule(
            [
                (rules[each.code], each.problem, ("related", index, *each.path))
                for index, _, bad_entry in checked.bad_entries
                for each in bad_entry.problems
            ]
        )
        wanted = [(steps, problem.place, problem.part) for _, problem, steps in problems]
        found = [
            self._finding(rule, problem, steps, checked.path, span, None)
            for (rule, problem, steps), span in zip(
                problems, self._spans(checked.path, 0, wanted), strict=True
            )
        ]
        return limited(sorted([*findings, *with_more(found, more)], key=sort_key))

    def problems(self, path: str) -> list[FoundProblem]:
        """Return all problems of a card that no comment suppresses.

        They are those of the rules that check a card by itself, and more than its findings if those are
        limited to ``MAX_FINDINGS``. The linter does not change.
        """
        try:
            source = self._source(path)
        except (OSError, ValueError):
            return []
        read = parse_with_fences(path, source, self.limits)
        card, ignored = _CardFile(path, source, True, None), self.ignored(path)
        found = [
            each
            for each in self._current_checks().check(read.record, self._view(card, read), read.front).all()
            if each[0] not in ignored
        ]
        if (suppressions := self._suppressions_in(card, read)) and read.front:
            found, _ = unsuppressed(found, suppressions, Locator(source, read.front))
        return found

    def add(self, checked: CheckedCard | None) -> None:
        """Add the result of ``check_file``, for ``report``."""
        if checked is None:
            return
        path, folder = checked.path, self._site(checked.path).folder
        if checked.findings is not None:
            self._found[path] = checked.findings
        self._suppressions.pop(path, None)
        (self._published.add if checked.is_published else self._published.discard)(path)
        if checked.suppressions:
            self._suppressions[path] = [each for each in checked.suppressions if each not in checked.used]
        self._bad_entries.pop(path, None)
        if checked.bad_entries:
            self._bad_entries[path] = checked.bad_entries
        self._every_entry.pop(path, None)
        if checked.every_entry:
            self._every_entry[path] = checked.every_entry
        self._values.pop(path, None)
        if checked.values:
            self._values[path] = checked.values
        if checked.validity != clock.ALWAYS:
            self._validity = self._validity.intersection(checked.validity)
        if checked.row:
            self._rows.setdefault(folder, {})[path] = checked.row
        else:
            self._urls_of_unreadable.setdefault(folder, {})[path] = checked.url_if_unreadable

    @property
    def validity(self) -> clock.Validity:
        """The time for which the findings of the added cards hold: some rules compare dates with now."""
        return self._validity

    @property
    def rows(self) -> Iterator[Row]:
        """The row of each added card that could be read."""
        return (row for rows in self._rows.values() for row in rows.values())

    @property
    def urls_of_unreadable(self) -> Iterator[tuple[str, str]]:
        """The paths of unreadable cards, each with the URL that its bytes seem to hold."""
        return (
            (path, url) for urls in self._urls_of_unreadable.values() for path, url in urls.items() if url
        )

    def folders(self, paths: Iterable[str]) -> set[str]:
        """Return the folders of the sites that cards belong to; an empty one if there is no site."""
        return {self._site(path).folder for path in paths}

    def _conventions(self, folder: str) -> frozenset[Convention]:
        """Return the conventions of the added cards of a site."""
        rows, unreadable = self._rows.get(folder, {}), self._urls_of_unreadable.get(folder, {})
        exceptions = Counter(each for row in rows.values() for each in row.exceptions)
        return conventions_of(exceptions, len(rows) + len(unreadable), folder)

    def forget(self, path: str) -> None:
        """Remove a card, as if it had never been added."""
        self.overlay.pop(path, None)
        self._found.pop(path, None)
        self._published.discard(path)
        self._suppressions.pop(path, None)
        self._bad_entries.pop(path, None)
        self._every_entry.pop(path, None)
        self._values.pop(path, None)
        for by_folder in (self._rows, self._urls_of_unreadable):
            by_folder.get(self._site(path).folder, {}).pop(path, None)

    def report(self) -> Report:
        """Return all findings of the checked cards, including those of the rules that compare cards."""
        self._used.clear()
        problems: Problems = {}
        copies: list[Copies] = []
        shared: set[str] = set()
        for folder, rows in self._rows.items():
            urls = frozenset(filter(None, self._urls_of_unreadable.get(folder, {}).values()))
            facts = Facts(
                _by_file(rows.values()),
                self.topics,
                self.providers,
                urls,
                self.organizations,
                self._found,
                self._conventions(folder) if self.conventions is None else self.conventions,
                self._unignored,
                self.apart,
            )
            causes = causes_of(
                self._bad_entries,
                self._every_entry,
                facts,
                self._found,
                self.rules.severities,
                self.ignored,
                for_fixes=self.for_fixes,
            )
            copies += causes.copies
            for row, found_problem in causes.at_entries:
                problems.setdefault(row.path, []).append(found_problem)
            for rule, check in self._current_checks().of_corpus:
                for row, problem in check(facts):
                    if row.path in self._found and rule not in self.ignored(row.path):
                        problems.setdefault(row.path, []).append((rule, problem, problem.path))
            shared |= facts.sharing_titles
        for path, own in self._reported_own_problems().items():
            problems.setdefault(path, []).extend(own)
        every = problems
        problems = without_consequences(every, self._unsuppressed, apart=self.apart)
        explained = explained_by(problems)
        of_corpus, found = self._corpus_findings(problems, copies)
        findings: list[Finding] = []
        for path in dict.fromkeys([*self._found, *sorted(of_corpus)]):
            of_card, compared = found.get(path) or self._found.get(path, []), of_corpus.get(path)
            of_card = without_explained(of_card, explained.get(path, ()))
            findings += sorted([*of_card, *compared], key=sort_key) if compared else of_card
        # A fix must not create a finding: cleaning a title must not make it equal to another card's.
        clash = [
            each.steps == ("title",)
            and each.path in shared
            and isinstance(each.fix and each.fix.change, SetValue)
            for each in findings
        ]
        findings = [
            each._replace(fix=None, help=f"{each.help}; not fixed, because {_CLASH}") if clashes else each
            for each, clashes in zip(findings, clash, strict=True)
        ]
        findings = [*self._suppressed(findings), *self._of_strays]
        if self.apart:
            findings = [each._replace(source="", help="", fix=None) for each in findings]
        cards = self._found.keys() | {each.path for each in findings}
        report = Report(len(cards), findings, frozenset(self._found))
        report.find_own_rules = self._own_rules
        if self.for_fixes:
            report.consequences = self._consequences(every, problems, explained)
        return self.narrow(report) if self.narrow else report

    def _own_rules(self) -> list[Rule]:
        return [rule for rule in self.rules.known if rule.declared]

    def find_own_problems(self) -> OwnProblems:
        """Return what the rules of the configuration find in all cards, whether these are reported or not."""
        if self.own is None or not self.has_own:
            return NO_OWN_PROBLEMS
        cards = _by_file([*self._values.values(), *self.find_others()])
        return self.own.problems(cards, self.rules.severities)

    def _reported_own_problems(self) -> dict[str, list[FoundProblem]]:
        """Return what they find in the checked cards, without the problems of ignored rules."""
        found = self.find_own_problems() if self.own_problems is None else self.own_problems
        left: dict[str, list[FoundProblem]] = {}
        for path in found.by_path.keys() & self._found.keys():
            ignored = self.ignored(path)
            left[path] = [each for each in found.by_path[path] if each[0] not in ignored]
        return {path: of_card for path, of_card in left.items() if of_card}

    def _consequences(
        self, every: Problems, causes: Problems, explained: Explained
    ) -> Counter[tuple[str, str]]:
        """Return how many problems are none of the ``causes``, by path and code, as ``Report`` has them."""
        counts = _counts_by_card(every)
        counts.subtract(_counts_by_card(causes))
        for path, of_card in explained.items():
            own = self._found.get(path, [])
            counts.update((path, each.rule.code) for each in own)
            counts.subtract((path, each.rule.code) for each in without_explained(own, of_card))
        return +counts

    def _unsuppressed(self, path: str) -> list[Finding]:
        """Return the findings of a card by itself that no comment suppresses."""
        return suppress_findings(self._found.get(path, []), self._suppressions.get(path, []))[0]

    def _unignored(self, rule: Rule, spots: Sequence[Spot]) -> Sequence[Spot]:
        """Return the places at which neither a comment nor the configuration suppresses a rule's findings.

        A comment that does is used, though no finding may stand there.
        """
        if not self._suppressions and not self.rules.per_file:
            return spots
        ignored: set[Spot] = set()
        for path, found in grouped((spot.row.path, spot) for spot in spots).items():
            if rule in self.ignored(path):
                ignored.update(found)
            elif suppressions := self._suppressions.get(path):
                is_suppressed = suppression_test(suppressions, self._used.setdefault(path, set()))
                wanted = [(spot.path, Anchor.VALUE, None) for spot in found]
                spans = self._spans(path, found[0].row.simple_size, wanted)
                lines = zip(found, (span.line for span in spans), strict=True)
                ignored.update(spot for spot, line in lines if is_suppressed(line, rule.rule_name))
        return [spot for spot in spots if spot not in ignored] if ignored else spots

    def _suppressed(self, findings: list[Finding]) -> list[Finding]:
        """Remove the findings that a comment suppresses, and add a finding for each unused comment."""
        by_path: dict[str, list[Finding]] = {path: [] for path in self._suppressions if path in self._found}
        for finding in findings:
            by_path.setdefault(finding.path, []).append(finding)
        left: list[Finding] = []
        for path, of_card in by_path.items():
            unsuppressed_findings, unused = suppress_findings(of_card, self._suppressions.get(path, []))
            unsuppressed_findings += [
                self._finding(rule, problem, problem.path, path, suppression.span, None)._replace(
                    is_published=path in self._published, value=checksum(problem.message)
                )
                for suppression in unused
                if suppression not in self._used.get(path, ())
                if path in self._found and is_reportable(suppression, self.rules)
                for rule in self.rules.severities
                for problem in (rule.suppression(suppression) if rule.suppression else ())
            ]
            left += limited(sorted(unsuppressed_findings, key=sort_key))
        order = {path: number for number, path in enumerate(dict.fromkeys([*self._found, *by_path]))}
        return sorted(left, key=lambda finding: order[finding.path])

    def _corpus_findings(
        self, problems: dict[str, list[FoundProblem]], copies: Sequence[Copies]
    ) -> tuple[dict[str, list[Finding]], dict[str, list[Finding]]]:
        """Return the problems of the rules that compare cards as findings, by path.

        Return, too, all findings of the cards themselves that have ``copies``, with these. ``spots`` collects
        the line of every place that is mentioned in another card, if it is not known yet, by that card's
        path: so each file is read once, for its own problems and for those that mention it.
        """
        more: dict[str, Counter[str]] = {}
        for path, of_card in problems.items():
            if path not in self._suppressions:  # else a comment may suppress some
                problems[path], more[path] = _first_of_each_rule(of_card)
        rows = {row.path: row for row in self.rows}
        spots: dict[str, dict[Spot, int]] = {}
        for of_card in problems.values():
            for _, problem, _ in of_card:
                for spot in self._others(problem):
                    if not spot.line:
                        spots.setdefault(spot.row.path, {})[spot] = 1
        spans: dict[str, list[Span]] = {}
        for path in {**problems, **spots}:
            own, mentioned = problems.get(path, ()), spots.get(path, {})
            wanted = [(steps, problem.place, problem.part) for _, problem, steps in own]
            wanted += [(spot.path, Anchor.VALUE, None) for spot in mentioned]
            found = self._spans(path, rows[path].simple_size if path in rows else 0, wanted)
            spans[path] = found[: len(own)]
            mentioned.update(zip(mentioned, (span.line for span in found[len(own) :]), strict=True))
        own_findings: dict[str, list[Finding]] = {}
        for each in copies:
            of_itself = own_findings.setdefault(each.path, [*self._found[each.path]])
            of_itself[each.at] = finding_with_copies(of_itself[each.at], each)
        return {
            path: with_more(
                [
                    self._finding(rule, problem, steps, path, span, None)._replace(
                        others=tuple(
                            (spot.row.path, spot.line or spots[spot.row.path][spot])
                            for spot in self._others(problem)
                        ),
                        is_published=path in self._published,
                        value=checksum(compared_text(rows[path], problem, span)),
                    )
                    for (rule, problem, steps), span in zip(of_card, spans[path], strict=True)
                ],
                more.get(path, Counter()),
            )
            for path, of_card in problems.items()
        }, own_findings

    def _others(self, problem: Problem) -> Sequence[Spot]:
        """Return the other places of a problem that its finding lists.

        With ``apart`` there are none: each of 100,000 cards with one URL would list a hundred.
        """
        return () if self.apart else problem.others

    def _spans(
        self,
        path: str,
        simple_size: int,
        wanted: Sequence[tuple[tuple[Step, ...], Anchor, Part | None]],
    ) -> list[Span]:
        """Return where paths lead in a card that was checked before: ``NOWHERE`` if it is gone by now.

        ``simple_size`` is as in ``Row``: a file of another size has changed. One of the same size may have
        changed too, so if the simple reading fails, the card is read in full.
        """
        with suppress(OSError, ValueError):
            source = self._source(path)
            for is_simple in (len(source) == simple_size or None, None):
                with suppress(UnreadableError, YAMLError):
                    if locator := locator_of(source, self.limits, is_simple):
                        return [locator.span(*each) for each in wanted]
        return [NOWHERE] * len(wanted)


def _unsuppressed_in_entries(
    problems: ProblemsOfEntries, suppressions: Sequence[Suppression], locator: Locator
) -> tuple[ProblemsOfEntries, frozenset[Suppression]]:
    """Return the problems of entries that no comment suppresses, and the comments that suppress some."""
    left, used = unsuppressed(CardProblems([], problems).all(), suppressions, locator)
    by_index: dict[int, list[FoundProblem]] = {}
    for rule, problem, (_, index, *path) in left:
        by_index.setdefault(index, []).append((rule, problem, tuple(path)))
    return [(index, ProblemsOfValue(found)) for index, found in by_index.items()], used


def _locator(card: _CardFile, front: FrontMatter, read: Parsed) -> Locator:
    """Return the locator of a card that could be read, with this front matter."""
    irregular = read.record.irregular if isinstance(read.record, Card) else None
    return Locator(card.source, front, read.is_simple or None, irregular)


def _is_published(record: CardOrUnreadable) -> bool:
    # A card that cannot be read does not hide itself. What cannot be opened is not known to be shown.
    return record.kind != "io" if isinstance(record, Unreadable) else record.published


def _counts_by_card(problems: Problems) -> Counter[tuple[str, str]]:
    return Counter((path, rule.code) for path, of_card in problems.items() for rule, _, _ in of_card)


def _counts(findings: Iterable[Finding], bad_entries: BadEntries) -> Counter[str]:
    """Return the number of findings of a card, and of its entries, by the code of their rule."""
    counts = counts_by_rule(findings)
    counts.update(each.code for _, _, entry in bad_entries for each in entry.problems)
    return counts


def _is_quoted(span: Span, problem: Problem) -> bool:
    """Return whether the place of a problem is a text in quotes, or a part at the start or the end of one."""
    start, end = span.column - 1, span.end_column - 1
    if problem.part is None:
        return span.source.startswith(('"', "'"), start)
    return span.source[:start].endswith(('"', "'")) or span.source.startswith(('"', "'"), end)


def _first_of_each_rule(problems: list[FoundProblem]) -> tuple[list[FoundProblem], Counter[str]]:
    """Return the first ``MAX_FINDINGS`` problems of each rule, and the numbers of the others by its code."""
    more: Counter[str] = Counter()
    if len(problems) <= MAX_FINDINGS:
        return problems, more
    counts: Counter[Rule] = Counter()
    first: list[FoundProblem] = []
    for each in problems:
        counts[each[0]] += 1
        if counts[each[0]] <= MAX_FINDINGS:
            first.append(each)
        else:
            more[each[0].code] += 1
    return first, more


def sort_key(finding: Finding) -> tuple[int, int, str]:
    """Return the key that the findings of a card are sorted by: line, column, code."""
    return finding.line, finding.column, finding.rule.code


def failure_span(record: Unreadable, source: bytes) -> Span:
    """Return the place at which reading a card failed: one character, or none at the end of a line."""
    line, column, text = record.line, record.column, line_at(source, record.line)
    end = min(column + 1, len(text) + 1) if column <= len(text) else column
    return Span(line, column, line, end, text)


_R = TypeVar("_R", Row, Card)


def _by_file(rows: Iterable[_R]) -> list[_R]:
    """Return rows, or cards, sorted by absolute path, so that they are in one order in every run."""
    rows = list(rows)
    if len(rows) < 2:  # as before each edit of a card
        return rows
    folder = cache(os.path.abspath)

    def file(row: _R) -> str:
        above, name = os.path.split(row.path)
        return os.path.join(folder(above), name)

    return sorted(rows, key=file)
