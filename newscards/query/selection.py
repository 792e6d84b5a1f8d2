"""The selection of cards by criteria, and the topics, providers and types in these that no card has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from newscards import clock
from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import field_named
from newscards.cards.names import name_key
from newscards.corpus.corpus import Corpus
from newscards.corpus.index.summaries import OfTopics
from newscards.corpus.workspace import Reporter, Workspace
from newscards.errors import NewscardsError
from newscards.query.criteria import Criteria
from newscards.query.filters import (
    EVERYTHING,
    NOTHING,
    Filter,
    before,
    card_type,
    number,
    parse_days,
    provider,
    published,
    since,
    topic,
)
from newscards.text import did_you_mean, one_line

if TYPE_CHECKING:
    from newscards.query.search import Search
    from newscards.query.sql.query import Query, Where


def make_filter(options: Criteria, *, narrowed: bool = False) -> Filter:
    """Return the filter of some criteria; raises ``NewscardsError`` for an invalid date.

    With ``narrowed`` a topic is given elsewhere, so ``--all-topics`` without a topic is not an error.
    """
    parts = [EVERYTHING]
    if options["topics"]:
        combine = and_ if options["all_topics"] else or_
        parts.append(reduce(combine, map(topic, options["topics"])))
    elif options["all_topics"] and not narrowed:
        raise NewscardsError("--all-topics needs --topic")
    if options["providers"]:
        parts.append(reduce(or_, map(provider, options["providers"]), NOTHING))
    if options["types"]:
        parts.append(reduce(or_, map(card_type, options["types"]), NOTHING))
    if options["published"] is not None:
        parts.append(published(options["published"]))
    if options["min_quality"] is not None or options["max_quality"] is not None:
        parts.append(number("quality", minimum=options["min_quality"], maximum=options["max_quality"]))
    if options["min_heat"] is not None or options["max_heat"] is not None:
        parts.append(number("heat", minimum=options["min_heat"], maximum=options["max_heat"]))
    now = clock.now()
    start = _days("--since", options["since"], now)[0] if options["since"] is not None else None
    end = _days("--until", options["until"], now)[1] if options["until"] is not None else None
    if start and end and start >= end:
        raise NewscardsError(
            f"--since {options['since']} is after --until {options['until']}: no card can match",
            "exchange the two dates",
        )
    parts += [since(start)] if start else []
    parts += [before(end)] if end else []
    return reduce(and_, parts)


def _days(option: str, text: str, now: datetime) -> tuple[datetime, datetime]:
    try:
        return parse_days(text, now)
    except NewscardsError as error:
        raise NewscardsError(f"{option}: {error}", error.hint) from None


class Selection:
    """The cards of a corpus that criteria select.

    ``narrowed_to`` is one more topic that all of them must have. ``paths`` are the PATHs of the corpus, as
    typed. With ``identities`` each card has its ``identities``.
    """

    def __init__(
        self,
        workspace: Workspace,
        options: Criteria,
        *,
        narrowed_to: str | None = None,
        paths: Sequence[str] = (),
        identities: bool = False,
    ) -> None:
        """Prepare the selection; raises ``NewscardsError`` for invalid criteria."""
        self._workspace, self._filter = workspace, make_filter(options, narrowed=narrowed_to is not None)
        self._topics, self._paths, self._identities = options["topics"], paths, identities
        if narrowed_to is not None:
            self._filter &= topic(narrowed_to)
            self._topics = (narrowed_to,)
            options = {**options, "topics": (*options["topics"], narrowed_to)}
        self._names = UnknownNames(options)
        self._skips_other_topics = False
        self._corpus = Corpus.of_files([])
        self._wheres = _wheres(options["where"])
        self.search = _search(options["search"])
        """The full-text search, if any; with it, the best matches come first."""
        self.unreadable: list[Unreadable] = []
        """The cards that could not be read, among those that ``cards`` has read so far."""

    def cards(
        self, corpus: Corpus, fields: Set[str], visit: Callable[[Card], None] | None = None
    ) -> Iterator[Card]:
        """Yield the selected cards, each with at least these fields (dotted names).

        ``visit`` is called with every card, selected or not.
        """
        self._corpus = corpus
        needed = set(fields).union(*(where.fields for where in self._wheres))
        if self.search:
            from newscards.query.search import FIELDS

            needed |= {*FIELDS}
        cards = self._visited(self._read(corpus, needed, visit is not None), visit)
        if self._wheres:
            cards = self._queried([*cards], corpus)
        elif self.search:
            cards = iter(self.search.matches(cards))
        return filter(self._filter, cards)

    def _read(self, corpus: Corpus, fields: Set[str], visits: bool) -> Iterator[Card]:
        """Yield the cards that may be selected, and record those that cannot be read.

        With a topic, and without --where, --search and ``visit``, cards of other topics are not read.
        ``make_filter`` then decides; this only saves reading.
        """
        self._skips_other_topics = bool(self._topics) and not (visits or self._wheres or self.search)
        wanted = OfTopics({*map(name_key, self._topics)}) if self._skips_other_topics else None
        identities = self._identities or any(where.needs_stories for where in self._wheres)
        return self._workspace.readable(corpus, fields, self.unreadable, identities=identities, wanted=wanted)

    def _visited(self, cards: Iterator[Card], visit: Callable[[Card], None] | None) -> Iterator[Card]:
        for card in cards:
            self._names.add(card)
            if visit:
                visit(card)
            yield card

    def _queried(self, cards: Sequence[Card], corpus: Corpus) -> Iterator[Card]:
        """Yield the cards for which --where is true and that --search finds."""
        from newscards.query.findings import table_data

        selected = range(len(cards)) if self.search is None else self.search.ranked(cards)
        stories = any(where.needs_stories for where in self._wheres)
        data = table_data(self._workspace, cards, corpus, self._paths, stories=stories)
        for where in self._wheres:
            true = {*where.chosen(data)}
            selected = [at for at in selected if at in true]
        return map(cards.__getitem__, selected)

    def report_unknown(self) -> bool:
        """Report the requested topics, providers and types that no card has; return whether there are any.

        A --where whose comparison is doubtful is reported, too. To be called after all of ``cards``.
        """
        reporter = self._workspace.reporter
        if self._skips_other_topics and self._names.unknown():  # the hint needs all topics
            self._names.add_all(self._corpus)
        for where in self._wheres:
            report_doubtful_comparison(reporter, where)
            for absent, hint in where.absent.items():
                report_none_has(reporter, absent, hint)
        return self._names.report(reporter) or any(where.absent for where in self._wheres)


def _wheres(expressions: Sequence[str]) -> list[Where]:
    if not expressions:
        return []
    from newscards.query.sql.query import Where  # imported here because few runs need SQL

    return [Where(expression) for expression in expressions]


def _search(wanted: str | None) -> Search | None:
    if wanted is None:
        return None
    from newscards.query.search import Search

    return Search(wanted)


class UnknownNames:
    """The requested topics, providers and types that no card of a run has."""

    def __init__(self, options: Criteria) -> None:
        self._requested = {
            "topic": options["topics"],
            "provider": options["providers"],
            "type": options["types"],
        }
        self._forget()

    def _forget(self) -> None:
        self._counts = {what: Counter[str]() for what, requested in self._requested.items() if requested}

    def add(self, card: Card) -> None:
        """Count the topics, the provider or the type of a card, if these are requested."""
        for what, counts in self._counts.items():
            if what == "topic":
                counts.update(card.topics)
            elif what == "type":
                counts.update([value] if isinstance(value := card.fields.get("type"), str) else [])
            else:
                values = (card.provider.get(key) for key in ("name", "domain"))
                counts.update(value for value in values if isinstance(value, str))

    def add_all(self, corpus: Corpus) -> None:
        """Count all cards of a corpus, and forget those counted before."""
        self._forget()
        for record in corpus.summaries():
            if isinstance(record, Card):
                self.add(record)

    def unknown(self) -> list[tuple[str, str]]:
        """Return pairs such as ``("topic", "AI")`` of the requested names that no card has.

        A type that the configuration has is known, even if no card has it yet.
        """
        unknown: list[tuple[str, str]] = []
        for what, counts in self._counts.items():
            key = str if what == "type" else name_key  # a type is compared exactly
            known = {*map(key, counts), *(_configured_types() if what == "type" else ())}
            unknown += [(what, name) for name in self._requested[what] if key(name) not in known]
        return unknown

    def report(self, reporter: Reporter) -> bool:
        """Report each unknown name with the nearest known ones; return whether there are any."""
        unknown = self.unknown()
        for what, name in unknown:
            known = [each for each, _ in self._counts[what].most_common()]
            if what == "type":
                known += _configured_types()
            hint = did_you_mean(name, known)
            report_none_has(reporter, f"the {what} `{one_line(name)}`", hint)
        return bool(unknown)


def _configured_types() -> list[str]:
    field = field_named("type")
    return [*map(str, field.choices)] if field else []


def report_none_has(reporter: Reporter, absent: str, hint: str) -> None:
    """Report what no card has, such as ``the topic `AI` ``; ``hint`` suggests something else."""
    reporter.notice(f"no card has {absent}" + (f"; {hint}" if hint else ""))


def report_doubtful_comparison(reporter: Reporter, query: Query) -> None:
    """Warn of a query with a comparison that is hardly what is meant."""
    if error := query.doubtful_comparison:
        reporter.warn(str(error), error.hint)
