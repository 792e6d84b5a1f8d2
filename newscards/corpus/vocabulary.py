"""Ids, topics and providers of cards for shell completion, which must answer without delay.

They come from the indexes as these were last written, without reading any file of the corpus. Where there is
no index, folders are listed and cards are read within a time limit.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections import Counter
from collections.abc import Iterable, Iterator

from newscards.cards.card import Card, card_id
from newscards.cards.names import name_key
from newscards.corpus.discovery import ENDINGS, walk
from newscards.corpus.index.database import Index
from newscards.corpus.index.encoding import decode
from newscards.corpus.index.folder import open_index
from newscards.errors import PathNotFoundError
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.layout import site_root

_TIME_LIMIT = 0.15
"""The time limit in seconds for listing folders or reading cards, where there is no index."""
_MAX_BYTES = 1 << 18
"""The limit of front matter in bytes, where there is no index; the largest real card has 143 KB."""


class Vocabulary:
    """The ids, topics and providers of the cards in some PATHs, which are as for ``discovery.find``.

    ``cache`` is the folder of the indexes; empty if none are used. Nothing is written; missing and unreadable
    files are left out.
    """

    def __init__(
        self,
        paths: Iterable[str],
        *,
        endings: tuple[str, ...] = ENDINGS,
        limits: Limits = LIMITS,
        cache: str = "",
    ) -> None:
        self._endings = endings
        self._limits = limits._replace(bytes=min(limits.bytes, _MAX_BYTES))
        self._indexes: dict[str, Index] = {}
        self._others: list[str] = []
        for path in paths:
            folder = site_root(path)
            if folder in self._indexes:
                continue
            index = open_index(cache, folder, limits) if cache and os.path.isdir(folder) else Index("")
            if index.snapshot.names:
                self._indexes[folder] = index
            else:
                index.close()
                self._others.append(path)

    def ids(self, beginning: str) -> list[str]:
        """Return the ids with this beginning, sorted; where no index has any, from the names of files."""
        found = {
            identifier
            for folder, index in self._indexes.items()
            for name in index.snapshot.names
            if (beginning in name or "index" in name)  # the name of a page bundle has its id in parts
            and (identifier := card_id(os.path.join(folder, name))).startswith(beginning)
        }
        with _time_limit():
            for path in self._files(self._others if found else [*self._others, *self._indexes]):
                if (identifier := card_id(path)).startswith(beginning):
                    found.add(identifier)
        return sorted(found)

    def topics(self) -> list[str]:
        """Return the topics, each in one spelling, most common first."""
        words = _Words()
        for index in self._indexes.values():
            _add_topics(words, index)
        for card in self._cards():
            words.add(*card.topics)
        return words.most_common()

    def providers(self) -> list[str]:
        """Return the names and domains of providers, each in one spelling, most common first."""
        words = _Words()
        cards = self._cards()
        for index in self._indexes.values():
            cards += _cards_of(index, index.snapshot.ids).values()
        for provider, times in Counter(map(_provider, cards)).items():
            words.add(*provider, times=times)
        return words.most_common()

    def close(self) -> None:
        """Close the indexes."""
        for index in self._indexes.values():
            index.close()

    def _cards(self) -> list[Card]:
        """Return cards that are in no index, those with the latest dates in their names first."""
        cards: list[Card] = []
        if self._others:
            from newscards.cards.reader import read  # only here: with an index it is not needed

            with _time_limit():
                for path in sorted(self._files(self._others), reverse=True):
                    if isinstance(record := read(path, self._limits), Card):
                        cards.append(record)  # noqa: PERF401 - the cards so far stay when time is up
        return cards

    def _files(self, paths: Iterable[str]) -> Iterator[str]:
        for path in paths:
            if not os.path.isdir(path):
                yield path
                continue
            with contextlib.suppress(PathNotFoundError):
                yield from walk(path, self._endings)


def _provider(card: Card) -> tuple[str, ...]:
    provider = card.provider
    return tuple([word for key in ("name", "domain") if isinstance(word := provider.get(key), str)])


def _cards_of(index: Index, ids: Iterable[int]) -> dict[int, Card]:
    """Return the cards of an index by id, without those that have no text there."""
    texts = {each: text for each, text in index.texts([*ids]).items() if text}
    records = zip(texts, decode([""] * len(texts), texts.values()), strict=True)
    return {each: record for each, record in records if isinstance(record, Card)}


def _add_topics(words: _Words, index: Index) -> None:
    """Add the topics of an index, which has their keys, each in the spelling of one of its cards."""
    ids = index.topics.by_name()
    cards = _cards_of(index, {each[-1] for each in ids.values()})
    for name, ids_of_topic in ids.items():
        if card := cards.get(ids_of_topic[-1]):
            spelled = [topic for topic in card.topics if name_key(topic) == name]
            words.add(*spelled[:1], times=len(ids_of_topic))


class _Words:
    """Words with their count and spelling; words that are the same to a reader are one (``name_key``)."""

    def __init__(self) -> None:
        self._counts = Counter[str]()
        self._spelled: dict[str, str] = {}

    def add(self, *words: str, times: int = 1) -> None:
        for word in words:
            key = name_key(word)
            self._counts[key] += times
            self._spelled.setdefault(key, word)

    def most_common(self) -> list[str]:
        """Return the words, most common first, equally common ones in the order of the alphabet."""
        counts = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return [self._spelled[key] for key, _ in counts]


class _TimeIsUpError(BaseException):
    """The signal that time is up; not an ``Exception``, so that no other code catches it."""


@contextlib.contextmanager
def _time_limit() -> Iterator[None]:
    """Stop the block after ``_TIME_LIMIT`` seconds; results so far stay.

    A home folder may have a million files and no card, and one malicious card may take seconds.
    """
    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise _TimeIsUpError

    before = signal.signal(signal.SIGALRM, stop)
    with contextlib.suppress(_TimeIsUpError):
        try:
            signal.setitimer(signal.ITIMER_REAL, _TIME_LIMIT)
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
