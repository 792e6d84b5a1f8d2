"""The ids, topics and providers of cards, as far as they are known at once: for the completion of a shell.

What an index knew last is good enough: no file of the corpus is looked at. Where there is no index, folders
are gone through and cards read, for as long as nobody minds.
"""

from __future__ import annotations

import contextlib
import os
import signal
from collections import Counter
from collections.abc import Iterable, Iterator

from newscards.cards.card import Card, card_id
from newscards.corpus.discovery import ENDINGS, walk
from newscards.corpus.index.database import Index
from newscards.corpus.index.encoding import decode
from newscards.corpus.index.folder import open_index
from newscards.errors import PathNotFoundError
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.layout import site_root

_PATIENCE = 0.15
"""For how many seconds folders are gone through, and cards read, where there is no index."""
_MOST = 1 << 18
"""How many bytes of front matter are read then at most; the largest real card has 143 KB."""


class Vocabulary:
    """The words of the cards in some folders and files, which are as ``discovery.find`` takes them.

    ``cache`` is the folder of the indexes, empty where none are to be used. Nothing is written; what is not
    there, or cannot be read, is left out.
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
        self._limits = limits._replace(bytes=min(limits.bytes, _MOST))
        self._indexes: dict[str, Index] = {}
        self._others: list[str] = []
        for path in paths:
            folder = site_root(path)
            index = open_index(cache, folder, limits) if cache and os.path.isdir(folder) else Index("")
            if index.snapshot.names:
                self._indexes[folder] = index
            else:
                index.close()
                self._others.append(path)

    def ids(self, beginning: str) -> list[str]:
        """Return the ids that begin so, sorted; where no index has any, those of the files that are there."""
        found = {
            identifier
            for index in self._indexes.values()
            for name in index.snapshot.names
            if beginning in name and (identifier := card_id(name)).startswith(beginning)
        }
        with _for_a_moment():
            for path in self._files(self._others if found else [*self._others, *self._indexes]):
                if (identifier := card_id(path)).startswith(beginning):
                    found.add(identifier)
        return sorted(found)

    def topics(self) -> list[str]:
        """Return the topics, each in one spelling, the commonest first."""
        words = _Words()
        for index in self._indexes.values():
            _add_topics(words, index)
        for card in self._cards():
            words.add(*card.topics)
        return words.commonest()

    def providers(self) -> list[str]:
        """Return the names and domains of providers, each in one spelling, the commonest first."""
        words = _Words()
        cards = self._cards()
        for index in self._indexes.values():
            cards += _known(index, index.snapshot.ids).values()
        for provider, times in Counter(map(_provider, cards)).items():
            words.add(*provider, times=times)
        return words.commonest()

    def close(self) -> None:
        """Close the indexes."""
        for index in self._indexes.values():
            index.close()

    def _cards(self) -> list[Card]:
        """Return cards that no index has; the latest first, as far as their names begin with a date."""
        cards: list[Card] = []
        if self._others:
            from newscards.cards.reader import read  # only here: an index makes it needless

            with _for_a_moment():
                for path in sorted(self._files(self._others), reverse=True):
                    if isinstance(record := read(path, self._limits), Card):
                        cards.append(record)  # noqa: PERF401 - what there is when time is up stays
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


def _known(index: Index, ids: Iterable[int]) -> dict[int, Card]:
    """Return the cards of an index by their ids, without those that it has no text of."""
    texts = {each: text for each, text in index.texts([*ids]).items() if text}
    records = zip(texts, decode([""] * len(texts), texts.values()), strict=True)
    return {each: record for each, record in records if isinstance(record, Card)}


def _add_topics(words: _Words, index: Index) -> None:
    """Add the topics of an index, which has them in folded case, as one of their cards has them."""
    ids = index.topics.by_name()
    cards = _known(index, {each[-1] for each in ids.values()})
    for name, having in ids.items():
        if card := cards.get(having[-1]):
            spelled = [topic for topic in card.topics if topic.casefold() == name]
            words.add(*spelled[:1], times=len(having))


class _Words:
    """Words, how often each is there, and how it is spelled: those that differ in case alone are one."""

    def __init__(self) -> None:
        self._counts = Counter[str]()
        self._spelled: dict[str, str] = {}

    def add(self, *words: str, times: int = 1) -> None:
        for word in words:
            folded = word.casefold()
            self._counts[folded] += times
            self._spelled.setdefault(folded, word)

    def commonest(self) -> list[str]:
        """Return the words, the commonest first, those that are as common by name."""
        counts = sorted(self._counts.items(), key=lambda item: (-item[1], item[0]))
        return [self._spelled[folded] for folded, _ in counts]


class _TimeIsUpError(BaseException):
    """Not an ``Exception``: nobody on the way may take it for one of theirs."""


@contextlib.contextmanager
def _for_a_moment() -> Iterator[None]:
    """Break off what takes longer than ``_PATIENCE``; what was done up to then holds.

    A home folder may have a million files and no card, and one hostile card take seconds.
    """
    if not hasattr(signal, "setitimer"):  # Windows
        yield
        return

    def stop(number: int, frame: object) -> None:
        raise _TimeIsUpError

    before = signal.signal(signal.SIGALRM, stop)
    with contextlib.suppress(_TimeIsUpError):
        try:
            signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
