"""Selection options -> a selection, with what is unknown told and its neighbours named."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import TypedDict

from newscards import clock
from newscards.card import Card
from newscards.corpus import Corpus
from newscards.errors import NewscardsError
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
