"""Selection options -> a selection, with what is unknown told and its neighbours named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Set
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import TypedDict

from newscards import clock
from newscards.card import Card, Unreadable
from newscards.commands.corpora import TOLD
from newscards.corpus import Corpus
from newscards.encoding import BRIEF_NAMES
from newscards.errors import NewscardsError
from newscards.fields import BULKY
from newscards.harmless import one_line
from newscards.query import (
    EVERYTHING,
    NOTHING,
    Selection,
    before,
    card_type,
    number,
    parse_days,
    provider,
    published,
    since,
    topic,
)
from newscards.records import OfTopics
from newscards.suggest import did_you_mean
from newscards.ui import Ui


class SelectionOptions(TypedDict):
    """The values of ``options.selection_options``."""

    topics: tuple[str, ...]
    all_topics: bool
    min_quality: int | None
    max_quality: int | None
    min_heat: int | None
    published: bool | None
    types: tuple[str, ...]
    providers: tuple[str, ...]
    since: str | None
    until: str | None


def selection(options: SelectionOptions, *, narrowed: bool = False) -> Selection:
    """Return what the options choose; raises ``NewscardsError`` for a date that is none.

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


class Choice:
    """The cards of a corpus that the options choose, and what is to be told of the others.

    ``narrowed_to`` is a topic that all of them have, beside what the options say.
    """

    def __init__(self, options: SelectionOptions, *, narrowed_to: str | None = None) -> None:
        """Take the options; raises ``NewscardsError`` where they are none."""
        self._selection = selection(options, narrowed=narrowed_to is not None)
        self._topics = options["topics"]
        if narrowed_to is not None:
            self._selection &= topic(narrowed_to)
            self._topics = (narrowed_to,)
            options = {**options, "topics": (*options["topics"], narrowed_to)}
        self._vocabulary = Vocabulary(options)
        self._is_narrow = False
        self._corpus = Corpus.of_files([])
        self.unreadable: list[Unreadable] = []
        """The cards that could not be read, as far as there was a look at them."""

    def cards(
        self, corpus: Corpus, ui: Ui, fields: Set[str], see: Callable[[Card], None] | None = None
    ) -> Iterator[Card]:
        """Yield the cards that are chosen, each with these fields at least, which are dotted names.

        ``see`` is shown all cards, chosen or not.
        """
        is_bulky = any(name.partition(".")[0].partition("[")[0] in BULKY for name in fields)
        self._is_narrow = bool(self._topics) and not (is_bulky or see)
        wanted = OfTopics({*map(str.casefold, self._topics)}) if self._is_narrow else None
        full = not fields <= BRIEF_NAMES
        records = iter(corpus) if is_bulky else corpus.summaries(full=full, wanted=wanted)
        self._corpus = corpus
        for record in ui.track(records, len(corpus), "Reading cards"):
            if isinstance(record, Unreadable):
                self.unreadable.append(record)
                continue
            self._vocabulary.add(record)
            if see:
                see(record)
            if self._selection(record):
                yield record

    def tell_unknown(self, ui: Ui) -> bool:
        """Say, after ``cards``, which topics and providers were asked for that no card has; return if any."""
        if self._is_narrow and self._vocabulary.unknown():  # only now it is worth to know what there is
            self._vocabulary.add_all(self._corpus)
        return self._vocabulary.tell_unknown(ui)

    def tell_unreadable(self, ui: Ui) -> int:
        """Warn of the cards that cannot be read; return the exit code, for the result is then partial."""
        for record in self.unreadable[:TOLD]:
            ui.warn(record.message)
        if len(self.unreadable) > TOLD:
            more = len(self.unreadable) - TOLD
            ui.warn(f"and {more} more cards cannot be read; see `newscards validate`")
        return 1 if self.unreadable else 0


class Vocabulary:
    """The topics and providers that the cards of a run have, to tell what was asked for and is none."""

    def __init__(self, options: SelectionOptions) -> None:
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

    def tell_unknown(self, ui: Ui) -> bool:
        """Say which of the topics and providers asked for no card has, and what is near; return if any."""
        unknown = self.unknown()
        for what, name in unknown:
            hint = did_you_mean(name, (known for known, _ in self._counts[what].most_common()))
            ui.notice(f"no card has the {what} `{one_line(name)}`" + (f"; {hint}" if hint else ""))
        return bool(unknown)
