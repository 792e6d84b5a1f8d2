"""The cards of a corpus that criteria select, and which topics and providers of the criteria no card has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from newscards import clock
from newscards.cards.card import Card, Unreadable
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
    from newscards.query.sql.query import Where


def make_filter(options: Criteria, *, narrowed: bool = False) -> Filter:
    """Return the filter of some criteria; raises ``NewscardsError`` for a date that is none.

    ``narrowed``: a topic is given elsewhere, so that ``--all-topics`` without any is no slip.
    """
    parts = [EVERYTHING]
    if options["topics"]:
        combine = and_ if options["all_topics"] else or_
        parts.append(reduce(combine, map(topic, options["topics"])))
    elif options["all_topics"] and not narrowed:
        raise NewscardsError("--all-topics says how several --topic are taken; there is none")
    if options["providers"]:
        parts.append(reduce(or_, map(provider, options["providers"]), NOTHING))
    if options["types"]:
        parts.append(reduce(or_, map(card_type, options["types"]), NOTHING))
    if options["published"] is not None:
        parts.append(published(options["published"]))
    if options["min_quality"] is not None or options["max_quality"] is not None:
        parts.append(number("quality", least=options["min_quality"], most=options["max_quality"]))
    if options["min_heat"] is not None:
        parts.append(number("heat", least=options["min_heat"]))
    now = clock.now()
    if options["since"] is not None:
        parts.append(since(_days("--since", options["since"], now)[0]))
    if options["until"] is not None:
        parts.append(before(_days("--until", options["until"], now)[1]))
    return reduce(and_, parts)


def _days(option: str, text: str, now: datetime) -> tuple[datetime, datetime]:
    try:
        return parse_days(text, now)
    except NewscardsError as error:
        raise NewscardsError(f"{option}: {error}", error.hint) from None


class Selection:
    """The cards of a corpus that criteria select.

    ``narrowed_to`` is a topic that all of them have, beside what the options say; ``paths`` are the PATHs
    that the corpus is of. With ``identities``, cards have these.
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
        """Take the criteria; raises ``NewscardsError`` where they are none."""
        self._workspace, self._filter = workspace, make_filter(options, narrowed=narrowed_to is not None)
        self._topics, self._paths, self._identities = options["topics"], paths, identities
        if narrowed_to is not None:
            self._filter &= topic(narrowed_to)
            self._topics = (narrowed_to,)
            options = {**options, "topics": (*options["topics"], narrowed_to)}
        self._names = UnknownNames(options)
        self._is_narrow = False
        self._corpus = Corpus.of_files([])
        self._wheres = _wheres(options["where"])
        self.search = _search(options["search"])
        """What the cards are searched for; they come by their rank then."""
        self.unreadable: list[Unreadable] = []
        """The cards that could not be read, as far as there was a look at them."""

    def cards(
        self, corpus: Corpus, fields: Set[str], see: Callable[[Card], None] | None = None
    ) -> Iterator[Card]:
        """Yield the cards that are chosen, each with these fields at least, which are dotted names.

        ``see`` is shown all cards, chosen or not.
        """
        self._corpus = corpus
        wanted = set(fields).union(*(where.fields for where in self._wheres))
        if self.search:
            from newscards.query.search import FIELDS

            wanted |= {*FIELDS}
        found = self._seen(self._read(corpus, wanted, see is not None), see)
        if self._wheres or self.search:
            found = self._asked([*found], corpus)
        return filter(self._filter, found)

    def _read(self, corpus: Corpus, fields: Set[str], is_seen: bool) -> Iterator[Card]:
        """Yield the cards that may be chosen; note those that cannot be read."""
        self._is_narrow = bool(self._topics) and not (is_seen or self._wheres or self.search)
        wanted = OfTopics({*map(str.casefold, self._topics)}) if self._is_narrow else None
        identities = self._identities or any(where.needs_stories for where in self._wheres)
        return self._workspace.readable(corpus, fields, self.unreadable, identities=identities, wanted=wanted)

    def _seen(self, cards: Iterator[Card], see: Callable[[Card], None] | None) -> Iterator[Card]:
        for card in cards:
            self._names.add(card)
            if see:
                see(card)
            yield card

    def _asked(self, cards: Sequence[Card], corpus: Corpus) -> Iterator[Card]:
        """Yield those of all cards for which --where is true, and that --search finds."""
        chosen = range(len(cards)) if self.search is None else self.search.ranked(cards)
        if self._wheres:
            from newscards.query.findings import table_data

            stories = any(where.needs_stories for where in self._wheres)
            contents = table_data(self._workspace, cards, corpus, self._paths, stories=stories)
            for where in self._wheres:
                true = {*where.chosen(contents)}
                chosen = [at for at in chosen if at in true]
        return map(cards.__getitem__, chosen)

    def report_unknown(self) -> bool:
        """Say, after ``cards``, which topics and providers were asked for that no card has; return if any."""
        reporter = self._workspace.reporter
        if self._is_narrow and self._names.unknown():  # only now it is worth to know what there is
            self._names.add_all(self._corpus)
        for where in self._wheres:
            for name, hint in where.unknown_topics.items():
                report_none_has(reporter, "topic", name, hint)
        return self._names.report(reporter) or any(where.unknown_topics for where in self._wheres)


def _wheres(expressions: Sequence[str]) -> list[Where]:
    if not expressions:
        return []
    from newscards.query.sql.query import Where  # only here: few runs have one

    return [Where(expression) for expression in expressions]


def _search(wanted: str | None) -> Search | None:
    if wanted is None:
        return None
    from newscards.query.search import Search

    return Search(wanted)


class UnknownNames:
    """The topics and providers that the cards of a run have, to tell what was asked for and is none."""

    def __init__(self, options: Criteria) -> None:
        self._asked = {"topic": options["topics"], "provider": options["providers"]}
        self._forget()

    def _forget(self) -> None:
        self._counts = {what: Counter[str]() for what, asked in self._asked.items() if asked}

    def add(self, card: Card) -> None:
        """Note a card; what is in it is looked at only where that is asked for."""
        for what, counts in self._counts.items():
            if what == "topic":
                counts.update(card.topics)
            else:
                values = (card.provider.get(key) for key in ("name", "domain"))
                counts.update(value for value in values if isinstance(value, str))

    def add_all(self, corpus: Corpus) -> None:
        """Note all cards of a corpus, and no others."""
        self._forget()
        for record in corpus.summaries():
            if isinstance(record, Card):
                self.add(record)

    def unknown(self) -> list[tuple[str, str]]:
        """Return the topics and providers asked for that no card has, each behind the word for what it is."""
        found: list[tuple[str, str]] = []
        for what, counts in self._counts.items():
            known = {name.casefold() for name in counts}
            found += [(what, name) for name in self._asked[what] if name.casefold() not in known]
        return found

    def report(self, reporter: Reporter) -> bool:
        """Say which of the topics and providers asked for no card has, and what is near; return if any."""
        unknown = self.unknown()
        for what, name in unknown:
            hint = did_you_mean(name, (known for known, _ in self._counts[what].most_common()))
            report_none_has(reporter, what, name, hint)
        return bool(unknown)


def report_none_has(reporter: Reporter, what: str, name: str, hint: str) -> None:
    """Say that something was asked for that no card has; ``hint`` says what was perhaps meant."""
    reporter.notice(f"no card has the {what} `{one_line(name)}`" + (f"; {hint}" if hint else ""))
