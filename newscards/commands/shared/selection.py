"""Selection options as a choice of cards, by name or by what the cards say."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING

from newscards import clock
from newscards.cards.card import Card, Unreadable
from newscards.commands.shared.corpora import open_corpus, readable, resolve_cards, tell_unreadable
from newscards.commands.shared.options import SelectionOptions
from newscards.corpus.corpus import Corpus
from newscards.corpus.index.summaries import OfTopics
from newscards.errors import NewscardsError
from newscards.frontmatter.limits import Limits
from newscards.output.ui import Ui
from newscards.query.filters import (
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
from newscards.text import did_you_mean, one_line

if TYPE_CHECKING:
    from newscards.query.search import Search
    from newscards.query.sql.query import Where


def is_choosing(options: SelectionOptions) -> bool:
    """Tell whether one of the options says which cards are chosen."""
    given = {key: value for key, value in options.items() if key in SelectionOptions.__annotations__}
    return bool(given.pop("all_topics")) or any(value not in (None, ()) for value in given.values())


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


@dataclass
class Chosen:
    """The cards that are to be edited; ``of`` is how many there were to choose from, if they were chosen."""

    paths: list[str]
    limits: Limits
    of: int | None = None
    unreadable: list[Unreadable] = field(default_factory=list)


def selects(options: SelectionOptions, names: Sequence[str]) -> bool:
    """Tell whether the options choose the cards; raises ``NewscardsError`` where that is not clear."""
    chosen = is_choosing(options)
    if chosen and names:
        raise NewscardsError(
            "cards are named, and chosen by options, too",
            "name them, or choose them; `newscards list OPTIONS --format ids` shows what options choose",
        )
    if not chosen and not names:
        raise NewscardsError(
            "no card is named", "name cards, `-` to read them, or options that choose them, as --topic T"
        )
    return not names


def choose(ui: Ui, options: SelectionOptions, names: Sequence[str] | None) -> Chosen:
    """Return the cards that are named, or, without names, those that the options choose; each file once.

    Raises ``CardNotFoundError`` where a name means no card, or several.
    """
    corpus = open_corpus(())
    if names is not None:
        return Chosen(resolve_cards(corpus, names, part=False) if names else [], corpus.limits)
    choice = Choice(options)
    chosen = Chosen([], corpus.limits, len(corpus), choice.unreadable)
    files: set[str] = set()
    for card in choice.cards(corpus, ui, frozenset()):
        if (file := os.path.realpath(card.path)) not in files:
            files.add(file)
            chosen.paths.append(card.path)
    choice.tell_unknown(ui)
    return chosen


class Choice:
    """The cards of a corpus that the options choose.

    ``narrowed_to`` is a topic that all of them have, beside what the options say; ``paths`` are the PATHs
    that the corpus is of. With ``identities``, cards have these.
    """

    def __init__(
        self,
        options: SelectionOptions,
        *,
        narrowed_to: str | None = None,
        paths: Sequence[str] = (),
        identities: bool = False,
    ) -> None:
        """Take the options; raises ``NewscardsError`` where they are none."""
        self._selection = selection(options, narrowed=narrowed_to is not None)
        self._topics, self._paths, self._identities = options["topics"], paths, identities
        if narrowed_to is not None:
            self._selection &= topic(narrowed_to)
            self._topics = (narrowed_to,)
            options = {**options, "topics": (*options["topics"], narrowed_to)}
        self._vocabulary = Vocabulary(options)
        self._is_narrow = False
        self._corpus = Corpus.of_files([])
        self._wheres = _wheres(options["where"])
        self.search = _search(options["search"])
        """What the cards are searched for; they come by their rank then."""
        self.unreadable: list[Unreadable] = []
        """The cards that could not be read, as far as there was a look at them."""

    def cards(
        self, corpus: Corpus, ui: Ui, fields: Set[str], see: Callable[[Card], None] | None = None
    ) -> Iterator[Card]:
        """Yield the cards that are chosen, each with these fields at least, which are dotted names.

        ``see`` is shown all cards, chosen or not.
        """
        self._corpus = corpus
        wanted = set(fields).union(*(where.fields for where in self._wheres))
        if self.search:
            from newscards.query.search import FIELDS

            wanted |= {*FIELDS}
        found = self._seen(self._read(corpus, ui, wanted, see is not None), see)
        if self._wheres or self.search:
            found = self._asked([*found], corpus, ui)
        return filter(self._selection, found)

    def _read(self, corpus: Corpus, ui: Ui, fields: Set[str], is_seen: bool) -> Iterator[Card]:
        """Yield the cards that may be chosen; note those that cannot be read."""
        self._is_narrow = bool(self._topics) and not (is_seen or self._wheres or self.search)
        wanted = OfTopics({*map(str.casefold, self._topics)}) if self._is_narrow else None
        identities = self._identities or any(where.needs_stories for where in self._wheres)
        return readable(corpus, ui, fields, self.unreadable, identities=identities, wanted=wanted)

    def _seen(self, cards: Iterator[Card], see: Callable[[Card], None] | None) -> Iterator[Card]:
        for card in cards:
            self._vocabulary.add(card)
            if see:
                see(card)
            yield card

    def _asked(self, cards: Sequence[Card], corpus: Corpus, ui: Ui) -> Iterator[Card]:
        """Yield those of all cards for which --where is true, and that --search finds."""
        chosen = range(len(cards)) if self.search is None else self.search.ranked(cards)
        if self._wheres:
            from newscards.commands.shared.findings import contents_of

            stories = any(where.needs_stories for where in self._wheres)
            contents = contents_of(cards, corpus, self._paths, ui, stories=stories)
            for where in self._wheres:
                true = {*where.chosen(contents)}
                chosen = [at for at in chosen if at in true]
        return map(cards.__getitem__, chosen)

    def tell_unknown(self, ui: Ui) -> bool:
        """Say, after ``cards``, which topics and providers were asked for that no card has; return if any."""
        if self._is_narrow and self._vocabulary.unknown():  # only now it is worth to know what there is
            self._vocabulary.add_all(self._corpus)
        for where in self._wheres:
            for name, hint in where.unknown_topics.items():
                tell_none_has(ui, "topic", name, hint)
        return self._vocabulary.tell_unknown(ui) or any(where.unknown_topics for where in self._wheres)

    def tell_unreadable(self, ui: Ui) -> int:
        """Warn of the cards that cannot be read; return the exit code, for the result is then partial."""
        return tell_unreadable(ui, [record.message for record in self.unreadable])


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
            tell_none_has(ui, what, name, hint)
        return bool(unknown)


def tell_none_has(ui: Ui, what: str, name: str, hint: str) -> None:
    """Say that something was asked for that no card has; ``hint`` says what was perhaps meant."""
    ui.notice(f"no card has the {what} `{one_line(name)}`" + (f"; {hint}" if hint else ""))
