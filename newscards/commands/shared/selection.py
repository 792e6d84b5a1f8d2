"""The cards of a corpus that options choose, and what is to be told of the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence, Set
from typing import TYPE_CHECKING

from newscards.cards.card import Card, Unreadable
from newscards.commands.shared.readable import readable, tell_unreadable
from newscards.commands.shared.selecting import SelectionOptions, selection
from newscards.corpus.corpus import Corpus
from newscards.corpus.index.summaries import OfTopics
from newscards.output.ui import Ui
from newscards.query.filters import topic
from newscards.text import did_you_mean, one_line

if TYPE_CHECKING:
    from newscards.query.search import Search
    from newscards.query.sql.query import Where


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
