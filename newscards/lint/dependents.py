"""The dependents of a card: the cards that must be checked again when it changes.

The rules NC6 compare cards by keys: ids, URLs, titles and so on. Cards that share a key depend on each other,
and so do the dependents of dependents: together they are a group with one label. What those rules find in a
card depends on its group, and on the conventions of the corpus (``conventions``), alone. So when a card
changes, its group is checked again as if it were the corpus, and the findings in all other cards still hold.
A group may be larger than needed without harm: keys are stored as checksums, which may collide, and a key
that a card loses stays.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

from newscards.cards.card import card_id
from newscards.cards.names import as_read, name_key
from newscards.cards.related import Copy
from newscards.cards.urls import page_of
from newscards.lint.facts import Row

Links = tuple[Sequence[int], Sequence[tuple[int, int]]]
"""A card's keys, its id's first, and its spellings: pairs of what is spelled, and how, as checksums."""


def links_of(
    paths: Iterable[str],
    rows: Iterable[Row],
    urls_of_unreadable: Iterable[tuple[str, str]],
    topics: frozenset[str] | None,
) -> dict[str, Links]:
    """Return the keys and the spellings of the cards at some paths.

    There is a key for everything that a rule compares or looks up in a card and its entries. An unreadable
    card has its id, and its URL if ``urls_of_unreadable`` has one. ``topics`` are those of the registry.
    """
    known: dict[int, int] = {}  # by the id() of an entry, which is unique as long as its row exists
    # An array takes less memory than a list: it holds the numbers themselves, not an object for each.
    links: dict[str, Links] = {
        row.path: (array("I", _keys(row, known)), _spellings(row, topics)) for row in rows
    }
    links |= {path: ([_key("id", card_id(path)), _key("url", url)], []) for path, url in urls_of_unreadable}
    return {path: links.get(path) or ([_key("id", card_id(path))], []) for path in paths}


def _keys(row: Row, known: dict[int, int]) -> list[int]:
    keys = [_key("id", row.id)]
    if page := page_of(row.url):
        keys.append(_key("page", page))
    if row.iv:
        keys.append(_key("iv", row.iv))
    keys += [_key("title", title) for title in {row.title, row.copy.title} if title]
    for copy in {id(copy): copy for copy in (row.copy, *row.related) if copy}.values():
        key = known.get(id(copy))
        if key is None:  # the other keys of an entry are joined to its first one, by one card for all
            key, *others = _keys_of_copy(copy) or (0,)
            keys += others
            known[id(copy)] = key
        if key:
            keys.append(key)
    return keys


def _spellings(row: Row, known: frozenset[str] | None) -> list[tuple[int, int]]:
    """Return what a card spells (a topic, the provider of a domain), and how.

    All topics that are not in the registry are spellings of one thing: unknown-topic looks for the nearest
    known topic only for the first of them, so that each depends on the others.
    """
    topics = [topic for topic in row.topics if isinstance(topic, str)]
    # How a topic reads is a spelling, too: cards with one odd spelling depend on each other.
    read = dict.fromkeys(each for topic in topics for each in (topic, as_read(topic)))
    found = [_spelling("topic", name_key(topic), topic) for topic in read]
    if known is not None:
        found += [_spelling("unknown", "", topic) for topic in topics if topic not in known]
    if row.domain and row.provider:
        found.append(_spelling("domain", row.domain.casefold(), row.provider))
    return found


@lru_cache(maxsize=4096)
def _spelling(kind: str, group: str, text: str) -> tuple[int, int]:
    """Return what is spelled, and how, as checksums. Cached, so that equal pairs are one object."""
    return _key(kind, group), _key("", text)


def _keys_of_copy(copy: Copy) -> Sequence[int]:
    """Return the keys by which an entry finds its card, as ``Facts.meant_by`` does."""
    if not copy.names_something:
        return ()
    first = _key("url", copy.url) if copy.url else _key("identity", repr(copy.identity))
    if not copy.title or copy.date is None:
        return (first,)
    return first, _key("meant", repr((copy.title, copy.date, copy.provider)))


def _key(kind: str, text: str) -> int:
    return crc32(f"{kind}\0{text}".encode(errors="surrogatepass")) or 1


class Dependents:
    """The groups of cards that depend on one another: ``labels`` has the label of each key's group.

    ``spellings`` has how a thing is spelled, if all cards agree. Otherwise all cards that spell it are in
    one group, because topic-case and provider-name compare them.
    """

    def __init__(self, labels: dict[int, int], spellings: dict[int, int]) -> None:
        self.labels, self.spellings = labels, spellings

    @classmethod
    def of(cls, cards: Sequence[Links]) -> Dependents:
        """Return the groups of all cards of a corpus.

        A union-find: each key has a parent, and the root of a group is its label.
        """
        parents: dict[int, int] = {}
        spelt: dict[int, int] = {}
        several: set[int] = set()
        for keys, spellings in cards:
            _join(parents, keys)
            for group, spelling in spellings:
                if spelt.setdefault(group, spelling) != spelling:
                    several.add(group)
        for keys, spellings in cards if several else ():
            _join(parents, [keys[0], *(group for group, _ in spellings if group in several)])
        for group in several:
            del spelt[group]
        return cls({key: _root(parents, key) for key in parents}, spelt)

    def add(self, cards: Iterable[Links], gone: Iterable[int]) -> set[int] | None:
        """Add cards that changed or are new; return the labels of their groups, which become one group.

        ``gone`` are the labels that these cards had before, and those of deleted cards. Return ``None`` if
        something gets a second spelling: then all cards that spell it join, and which they are is not stored.
        """
        affected, new = set(gone), set[int]()
        for keys, spellings in cards:
            new.update(keys)
            for group, spelling in spellings:
                if group in self.labels and group not in self.spellings:
                    new.add(group)
                elif self.spellings.setdefault(group, spelling) != spelling:
                    return None
        affected.update(self.labels[key] for key in new if key in self.labels)
        label = min(affected | new, default=0)
        self.labels = {key: label if old in affected else old for key, old in self.labels.items()}
        self.labels |= dict.fromkeys(new, label)
        return affected | {label}

    def encode(self) -> tuple[bytes, ...]:
        """Return the groups as bytes: keys, labels, what is spelled, spellings."""
        parts = (self.labels, self.labels.values(), self.spellings, self.spellings.values())
        return tuple(array("I", part).tobytes() for part in parts)

    @classmethod
    def decode(cls, *parts: bytes) -> Dependents:
        """Return what ``encode`` encoded; raises ``ValueError`` if the parts do not fit together."""
        keys, labels, groups, spellings = (array("I", part) for part in parts)
        return cls(dict(zip(keys, labels, strict=True)), dict(zip(groups, spellings, strict=True)))


def _root(parents: dict[int, int], key: int) -> int:
    """Return the root of a key's group, and shorten the way to it."""
    while (parent := parents[key]) != key:
        parents[key] = parents[parent]
        key = parent
    return key


def _join(parents: dict[int, int], keys: Sequence[int]) -> None:
    """Join the groups of all these keys."""
    first = _root(parents, parents.setdefault(keys[0], keys[0]))
    for key in keys:
        if key not in parents:
            parents[key] = first
        elif (root := _root(parents, key)) != first:
            parents[root] = first
