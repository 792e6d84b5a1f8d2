"""Full-text search over cards: title, excerpt, provider and topics, the best matches first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing
from functools import cached_property

from newscards.cards.card import Card, text
from newscards.cards.text_cleanup import plain
from newscards.errors import NewscardsError
from newscards.query.sqlite import sqlite3

FIELDS = ("title", "excerpt", "provider.name", "provider.domain", "topics")
"""The fields of a card that are searched."""
_WEIGHTS = (10.0, 3.0, 2.0, 4.0)
"""The weights of a match in title, excerpt, provider and topics (FTS5, "The bm25() function")."""
_TERM = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+?))(\*?)(?=\s|"|\Z)')
_WORD = re.compile("(?:\\w[\u0300-\u036f]*)+")
"""Letters and digits, with the marks that combine with them."""
_ENGLISH = re.compile("[\0-\x7f\xa0-\xa9\xab-\xb1\xbb\u2010-\u205e\u20a0-\u20bf]*")
"""A text without letters, digits and marks but those of ASCII, in which words differ in nothing but case."""
_FIELD = re.compile("(title|excerpt|provider_name|provider|topics?):.", re.IGNORECASE)
_MAX_LENGTH = 1_000
_OPERATORS = {
    "AND": 'all words must be there anyway; "AND" in quotes is a word',
    "OR": "search for each, or use --where: title like '%one%' or title like '%other%'",
    "NOT": "what must not be there stands behind a dash: -word",
    "NEAR": 'words that stand together are a phrase in quotes: "sea level"',
}
"""The operators that other search engines have, and what to write here instead."""
Term = tuple[list[str], bool]
"""The words of a phrase, and whether the last one is a prefix."""


class Search:
    """A full-text query: words that a card must all have, whatever their case and accents.

    ``"two words"`` is a phrase, ``begin*`` a prefix, and ``-word`` must not occur. SQLite's FTS5 does the
    search (https://sqlite.org/fts5.html).
    """

    def __init__(self, query: str) -> None:
        """Parse the query; raises ``NewscardsError`` if it has no word to search for."""
        if len(query) > _MAX_LENGTH:
            raise NewscardsError(f"--search takes at most {_MAX_LENGTH:,} characters")
        self._terms: list[Term] = []
        self._excluded: list[Term] = []
        for minus, phrase, word, star in _TERM.findall(query):
            if word in _OPERATORS:
                raise NewscardsError(f"--search has no {word}", _OPERATORS[word])
            if field := _FIELD.match(word):
                hint = f"a single one is for --where: {field[1]} like '%…%'"
                raise NewscardsError("--search looks into all fields at once", hint)
            if words := _words(phrase or word):
                (self._excluded if minus else self._terms).append((words, bool(star)))
        if not self._terms:
            raise NewscardsError(
                "--search needs a word that is to be found",
                'as in --search "sea level", --search \'"sea level" tide* -Dunmere\'',
            )

    def matches(self, cards: Iterable[Card]) -> list[Card]:
        """Return the matching cards, the best first; those that cannot match are not held in memory."""
        possible: dict[int, Card] = {}
        return [possible[at] for at in self.ranked(cards, possible)]

    def ranked(self, cards: Iterable[Card], possible: dict[int, Card] | None = None) -> list[int]:
        """Return the indices of the matching cards, the best first; equal ones keep their order.

        Each card that may match is added to ``possible``, by its index.
        """
        query = " AND ".join(_quoted(*term) for term in self._terms)
        if self._excluded:
            query = f"({query}) NOT ({' OR '.join(_quoted(*term) for term in self._excluded)})"
        try:
            with closing(sqlite3.connect("", isolation_level=None)) as base:
                base.execute("PRAGMA journal_mode = OFF")
                base.execute(
                    "CREATE VIRTUAL TABLE cards USING fts5(title, excerpt, provider, topics,"
                    ' tokenize = "unicode61 remove_diacritics 2")'
                )
                base.execute("BEGIN")
                base.executemany("INSERT INTO cards(rowid, title, excerpt, provider, topics)"
                                 " VALUES (?, ?, ?, ?, ?)", self._rows(cards, possible))  # fmt: skip
                ranked = "SELECT rowid FROM cards(?) ORDER BY bm25(cards, ?, ?, ?, ?), rowid"
                found = base.execute(ranked, (query, *_WEIGHTS))
                return [rowid for (rowid,) in found]
        except sqlite3.OperationalError as error:
            if "fts5" in str(error):
                raise NewscardsError("--search needs FTS5, which this Python's SQLite lacks") from error
            raise NewscardsError(f"--search cannot be done: {error}") from error

    def _rows(
        self, cards: Iterable[Card], possible: dict[int, Card] | None
    ) -> Iterator[tuple[int | str, ...]]:
        for at, card in enumerate(cards):
            provider = " ".join(text(card.provider.get(key)) for key in ("name", "domain"))
            texts = (plain(card.title), plain(card.excerpt), provider, "\n".join(card.topics))
            if possible is not None and self._may_match("\n".join(texts)):
                possible[at] = card
            yield at, *map(_encodable, texts)

    def _may_match(self, searched: str) -> bool:
        """Return whether a text may have all words: a quick test, certain for the usual English text."""
        if not _ENGLISH.fullmatch(searched):
            return True
        lower = searched.lower()
        return all(word in lower for word in self._ascii_words)

    @cached_property
    def _ascii_words(self) -> list[str]:
        return [word.lower() for words, _ in self._terms for word in words if word.isascii()]

    def spans(self, shown: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of each word in a shown text that the query searches for."""
        for match in _WORD.finditer(shown):
            word = _without_accents(match[0])
            if word in self._whole or (self._beginnings and word.startswith(self._beginnings)):
                yield match.span()

    @cached_property
    def _whole(self) -> set[str]:
        return {_without_accents(word) for words, _ in self._terms for word in words}

    @cached_property
    def _beginnings(self) -> tuple[str, ...]:
        return tuple(_without_accents(words[-1]) for words, star in self._terms if star)


def _words(text: str) -> list[str]:
    """Return the words of a text as FTS5's tokenizer ``unicode61`` splits them."""
    return _WORD.findall(unicodedata.normalize("NFC", text).replace("_", " "))


def _without_accents(word: str) -> str:
    decomposed = unicodedata.normalize("NFD", word.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def _quoted(words: Iterable[str], star: bool) -> str:
    return f'"{" ".join(words)}"' + "*" * star


def _encodable(value: str) -> str:
    return value if value.isascii() else value.encode(errors="replace").decode()
