"""Which cards the rules NC6 compare with which: cards that share a key are kin, and so are the kin of kin.

What those rules say of a card depends on its kin alone. So when a card changes, its kin are checked again as
if they were the corpus, and what was found in all others still holds. It does no harm to take cards for kin
that are none: keys are kept as checksums, and stay when a card loses them.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

from newscards.cards.card import card_id
from newscards.cards.related import Copy
from newscards.cards.urls import page_of
from newscards.lint.facts import Row

Card = tuple[Sequence[int], Sequence[tuple[int, int]]]
"""A card's keys, that of its id first, and its spellings."""


def cards_of(
    paths: Iterable[str], rows: Iterable[Row], lost: Iterable[tuple[str, str]], topics: frozenset[str] | None
) -> dict[str, Card]:
    """Return the keys and the spellings of the cards at some paths.

    The keys are of whatever a rule compares or looks up of a card and of its entries. Of the ``lost``, which
    cannot be read, the URL alone is known, and of those that are not among the rows either nothing is.
    ``topics`` are those of the registry.
    """
    known: dict[int, int] = {}  # the keys of entries by their ids, which are theirs as long as there are rows
    # An array holds the numbers themselves, and a list an object for each.
    cards: dict[str, Card] = {
        row.path: (array("I", _keys(row, known)), _spellings(row, topics)) for row in rows
    }
    cards |= {path: ([_key("id", card_id(path)), _key("url", url)], []) for path, url in lost}
    return {path: cards.get(path) or ([_key("id", card_id(path))], []) for path in paths}


def _keys(row: Row, known: dict[int, int]) -> list[int]:
    keys = [_key("id", row.id)]
    if page := page_of(row.url):
        keys.append(_key("page", page))
    if row.iv:
        keys.append(_key("iv", row.iv))
    keys += [_key("title", title) for title in {row.title, row.copy.title} if title]
    for copy in {id(copy): copy for copy in (row.copy, *row.related) if copy}.values():
        key = known.get(id(copy))
        if key is None:
            key = known[id(copy)] = _key_of_copy(copy)
        if key:
            keys.append(key)
    return keys


def _spellings(row: Row, known: frozenset[str] | None) -> list[tuple[int, int]]:
    """Return the groups in which a card spells something, and how.

    The topics that are not known are one group: of the first of them it is told what they may mean.
    """
    topics = [topic for topic in row.topics if isinstance(topic, str)]
    found = [_spelling("topic", topic.casefold(), topic) for topic in topics]
    if known is not None:
        found += [_spelling("unknown", "", topic) for topic in topics if topic not in known]
    if row.domain and row.provider:
        found.append(_spelling("domain", row.domain.casefold(), row.provider))
    return found


@lru_cache(maxsize=4096)
def _spelling(kind: str, group: str, text: str) -> tuple[int, int]:
    """Return a group, and how a card spells it: one object for all cards that do so."""
    return _key(kind, group), _key("", text)


def _key_of_copy(copy: Copy) -> int:
    """Return the key by which an entry finds its card: the URL, else the whole identity; 0 for none."""
    if not copy.names_something:
        return 0
    return _key("url", copy.url) if copy.url else _key("identity", repr(copy.identity))


def _key(kind: str, text: str) -> int:
    return crc32(f"{kind}\0{text}".encode(errors="surrogatepass")) or 1


class Kinship:
    """Who is kin: each key has a label, and kin have the same one.

    ``spellings`` has for each group its spelling, where all cards agree. In a group with several all are kin.
    """

    def __init__(self, labels: dict[int, int], spellings: dict[int, int]) -> None:
        self.labels, self.spellings = labels, spellings

    @classmethod
    def of(cls, cards: Sequence[Card]) -> Kinship:
        """Return the kinship of all cards of a corpus."""
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

    def add(self, cards: Iterable[Card], gone: Iterable[int]) -> set[int] | None:
        """Take in cards that changed or are new; return the labels of their kin, which from now on are one.

        ``gone`` are the labels of what they were before, and of cards that are no more. ``None`` where only a
        look at all cards can tell, for a group gets a second spelling.
        """
        kin, new = set(gone), set[int]()
        for keys, spellings in cards:
            new.update(keys)
            for group, spelling in spellings:
                if group in self.labels and group not in self.spellings:
                    new.add(group)
                elif self.spellings.setdefault(group, spelling) != spelling:
                    return None
        kin.update(self.labels[key] for key in new if key in self.labels)
        label = min(kin | new, default=0)
        self.labels = {key: label if old in kin else old for key, old in self.labels.items()}
        self.labels |= dict.fromkeys(new, label)
        return kin | {label}

    def encode(self) -> tuple[bytes, ...]:
        """Return the kinship as bytes: keys, labels, groups, spellings."""
        parts = (self.labels, self.labels.values(), self.spellings, self.spellings.values())
        return tuple(array("I", part).tobytes() for part in parts)

    @classmethod
    def decode(cls, *parts: bytes) -> Kinship:
        """Return what ``encode`` made parts of; raises ``ValueError`` where they do not fit together."""
        keys, labels, groups, spellings = (array("I", part) for part in parts)
        return cls(dict(zip(keys, labels, strict=True)), dict(zip(groups, spellings, strict=True)))


def _root(parents: dict[int, int], key: int) -> int:
    while (parent := parents[key]) != key:
        parents[key] = parents[parent]
        key = parent
    return key


def _join(parents: dict[int, int], keys: Sequence[int]) -> None:
    """Make kin of all that have one of these keys."""
    first = _root(parents, parents.setdefault(keys[0], keys[0]))
    for key in keys:
        if key not in parents:
            parents[key] = first
        elif (root := _root(parents, key)) != first:
            parents[root] = first
