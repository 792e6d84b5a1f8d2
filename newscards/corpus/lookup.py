"""Cards found by a URL: the files that mention it, and the copies of a card in the ``related`` of others."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.cards.card import Card, CardOrUnreadable, Identity, identity
from newscards.cards.fields import field_at
from newscards.cards.reader import read, read_bytes
from newscards.cards.related import url_checksum, url_checksums_in
from newscards.cards.urls import page_of
from newscards.corpus.discovery import FoundCards
from newscards.corpus.index.database import Index
from newscards.corpus.index.encoding import Encoded
from newscards.corpus.index.summaries import IndexedCards, index_of
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.parallel import parallel

if TYPE_CHECKING:
    from newscards.corpus.corpus import Corpus
    from newscards.frontmatter.nodes import Step

_PLAIN = rb"""[^\x00- \x7f-\xff"'\\,\[\]{}#]+"""
"""The beginning of a URL, up to a character that YAML can write in several ways or that may end it."""
_BEGINNING = re.compile(_PLAIN)
_URL = re.compile(rb"""webUrl["']?[ \t]*:[ \t]*["']?(""" + _PLAIN + rb")")
_UNCOMMON = re.compile(rb"""webUrl["']?[ \t]*(?:[\r\n]|:[ \t]*(?:"[^"\n]*\\|[\r\n|>&*!]))""")
"""A URL that may be written differently in the file: with an escape, on another line, as an alias."""
_ESCAPED = re.compile(rb"\\(?:x|u00|U000000)(?:77|65|62|55|72|6[cC])")
"""An escaped letter of ``webUrl``, which may be part of that key."""


class WithUrls(NamedTuple):
    """The cards that have one of some URLs, or name one under ``related``; given by ``url_checksum``."""

    checksums: Set[int]

    def ids(self, index: Index, ids: Iterable[int]) -> set[int]:
        """Return as ``summaries.Wanted`` has it."""
        return index.with_urls(self.checksums, ids)

    def has(self, text: Encoded) -> bool:
        """Return as ``summaries.Wanted`` has it."""
        return not self.checksums.isdisjoint(url_checksums_in(text.identities))


def files_mentioning(found: FoundCards, limits: Limits, cache: str, urls: Iterable[str]) -> Sequence[str]:
    """Return the files that may mention one of some URLs; a file that does is never missing.

    They are found through the index in a cache folder, or without one, by the bytes of each file. An empty
    URL is that of a card or an entry that has none.
    """
    urls = frozenset(urls)
    index = index_of(found, limits, cache)
    if index.has_file:
        wanted = WithUrls(frozenset(map(url_checksum, urls)))
        return [record.path for record in IndexedCards(found, limits, index, full=False, wanted=wanted)]
    beginnings = frozenset(map(_beginning, urls))
    if b"" in beginnings:
        return found.paths
    checks = parallel(lambda paths: (_may_mention(path, beginnings, limits) for path in paths), found.paths)
    return [path for path, mentions in zip(found.paths, checks, strict=True) if mentions]


def _beginning(url: str) -> bytes:
    match = _BEGINNING.match(url.encode(errors="replace"))
    return match[0] if match else b""


def _may_mention(path: str, beginnings: Collection[bytes], limits: Limits) -> bool:
    """Return whether a file may contain a URL with one of these beginnings."""
    try:
        source = read_bytes(path, limits)
    except (OSError, ValueError):
        return False
    if any(url in beginnings for url in _URL.findall(source)):
        return True
    return any(pattern.search(source) for pattern in (_UNCOMMON, _ESCAPED))


OWN_URLS = ("webUrl", "originalUrl", "ampWebUrl", "cdnAmpWebUrl")
"""The fields of a card, and of an entry of ``related``, with a URL of its page."""

_STORED_URL = re.compile(rb'"(?:' + "|".join(OWN_URLS).encode() + rb')":("(?:[^"\\]|\\.)*")')
_OWN_URL = r"""(?:[wW]eb|original)Url["']?[ \t]*"""
_ANY_URL = re.compile(_OWN_URL.encode() + rb""":[ \t]*["']?(""" + _PLAIN + rb")")
_UNCOMMON_URL = re.compile(
    _OWN_URL.encode() + rb"""(?:[\r\n]|:[ \t]*(?:"[^"\n]*\\|[\r\n|>&*!]))"""
    rb"|\\(?:x|u00|U000000)[4-7][0-9a-fA-F]"
)
"""A URL that may be written differently in the file, or an escaped letter, which may be part of its key."""


def pages_of(fields: Mapping[Any, Any]) -> set[str]:
    """Return the pages (``urls.page_of``) of a card, or of an entry of ``related``, from its fields."""
    return {page_of(url) for name in OWN_URLS if isinstance(url := fields.get(name), str) and url}


class AtPages(NamedTuple):
    """The cards that have the URL of one of some pages."""

    pages: Set[str]

    def ids(self, index: Index, ids: Iterable[int]) -> set[int]:
        """Return as ``summaries.Wanted`` has it."""
        ids = {*ids}
        texts = index.texts(sorted(ids), full=True)
        return ids - {each for each, text in texts.items() if text and not self._mentions(text)}

    def has(self, text: Encoded) -> bool:
        """Return as ``summaries.Wanted`` has it."""
        return not text.full or self._mentions(text.full)

    def _mentions(self, text: bytes) -> bool:
        return any(page_of(_decoded(url)) in self.pages for url in _STORED_URL.findall(text))


def _decoded(text: bytes) -> str:
    """Return a text of JSON; most have no escape, and need no parser."""
    value: str = json.loads(text) if b"\\" in text else text[1:-1].decode()
    return value


def files_at(corpus: Corpus, pages: Set[str], *, copies: bool) -> dict[str, list[str]]:
    """Return the files of the cards that have the URL of a page, by page.

    With ``copies``, they are those of the cards that entries of ``related`` with the URL name, for a page
    that no card has itself. With an index, files are read only for such pages.
    """
    files: dict[str, list[str]] = {}
    indexed: list[FoundCards] = []
    for found in corpus.found:
        index = index_of(found, corpus.limits, corpus.cache)
        if index.has_file:
            indexed.append(found)
            cards = IndexedCards(found, corpus.limits, index, full=True, wanted=AtPages(pages))
            _add_files(files, cards, pages)
    unindexed = [path for found in corpus.found if found not in indexed for path in found.paths]
    mentioning = [corpus.read(path) for path in _files_with(unindexed, pages, corpus.limits)]
    _add_files(files, mentioning, pages)
    if copies and (left := pages - files.keys()):
        paths = [path for found in indexed for path in found.paths]
        mentioning += [corpus.read(path) for path in _files_with(paths, left, corpus.limits)]
        named = _named_at(mentioning, left)
        for identity_, card in corpus.find(named).items():
            for page in named[identity_]:
                files.setdefault(page, []).append(card.path)
    return files


def files_listing(corpus: Corpus, page: str) -> list[str]:
    """Return the files of the cards with an entry of ``related`` that has the URL of a page."""
    return [
        card.path
        for card in map(corpus.read, _files_with(corpus.paths, {page}, corpus.limits))
        if isinstance(card, Card) and any(page in pages_of(entry) for entry in card.related)
    ]


def _add_files(files: dict[str, list[str]], cards: Iterable[CardOrUnreadable], pages: Set[str]) -> None:
    for card in cards:
        if isinstance(card, Card):
            for page in pages_of(card.fields) & pages:
                files.setdefault(page, []).append(card.path)


def _named_at(cards: Iterable[CardOrUnreadable], pages: Set[str]) -> dict[Identity, set[str]]:
    """Return the identities of the cards that entries with the URL of a page name, with these pages."""
    named: dict[Identity, set[str]] = {}
    for card in cards:
        for entry in card.related if isinstance(card, Card) else ():
            if at := pages_of(entry) & pages:
                named.setdefault(identity(entry), set()).update(at)
    return named


def _files_with(paths: Sequence[str], pages: Set[str], limits: Limits) -> list[str]:
    """Return the files that may have the URL of a page; one that has it is never missing."""
    beginnings = frozenset(_page_of_bytes(_beginning(page)) for page in pages)
    checks = parallel(lambda part: (_may_have(path, beginnings, limits) for path in part), paths)
    return [path for path, has in zip(paths, checks, strict=True) if has]


def _may_have(path: str, beginnings: Set[str], limits: Limits) -> bool:
    try:
        source = read_bytes(path, limits)
    except (OSError, ValueError):
        return False
    urls = {*_ANY_URL.findall(source)}
    return any(_page_of_bytes(url) in beginnings for url in urls) or bool(_UNCOMMON_URL.search(source))


@lru_cache(maxsize=16384)
def _page_of_bytes(url: bytes) -> str:
    """Return the page of the beginning of a URL, without its query: what follows may not be in ``url``."""
    return page_of(url.partition(b"?")[0].decode(errors="replace"))


class RelatedCopy(NamedTuple):
    """An entry of ``related`` that copies a card: its file, its position in the list, and its fields."""

    path: str
    position: int
    entry: Mapping[Any, Any]


def is_copied(path: tuple[Step, ...]) -> bool:
    """Return whether entries of ``related`` copy a field; they do not copy ``images``, which may differ."""
    return bool(path) and path[0] != "images" and field_at(("related", 0, *path)) is not None


def find_copies(
    identities: Collection[Identity], paths: Iterable[str], limits: Limits = LIMITS
) -> dict[Identity, list[RelatedCopy]]:
    """Return the entries that copy the cards of some identities (``card.identity``), by identity.

    An entry that names no card but has the URL of exactly one is a copy of it, too: only one of both got
    another title or date, as the rule ``related-stale`` reports. ``paths`` are the files of all cards that
    may have or name one of the URLs (``files_mentioning``). Cards that cannot be read are skipped.
    """
    found: dict[Identity, list[RelatedCopy]] = {}
    strays: dict[Identity, list[RelatedCopy]] = {}
    owners: dict[str, set[Identity]] = {}
    for path in paths if identities else ():
        record = read(path, limits)
        if not isinstance(record, Card):
            continue
        owners.setdefault(record.identity[0], set()).add(record.identity)
        related = record.fields.get("related")
        for index, entry in enumerate(related if isinstance(related, list) else ()):
            if isinstance(entry, dict):
                named = identity(entry)
                (found if named in identities else strays).setdefault(named, []).append(
                    RelatedCopy(path, index, entry)
                )
    for named, listed in strays.items():
        cards = owners.get(named[0], set()) if named[0] else set()
        if len(cards) == 1 and named not in cards and cards <= set(identities):
            found.setdefault(next(iter(cards)), []).extend(listed)
    return found
