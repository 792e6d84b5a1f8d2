"""A survey of a corpus: the keys of its cards, the types of their values, and the fields that they lack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, TypeVar

from newscards.cards.card import Card
from newscards.cards.fields import BUILT_IN, Field
from newscards.cards.reader import read
from newscards.cards.urls import parse
from newscards.corpus.corpus import Corpus
from newscards.corpus.workspace import Reporter
from newscards.parallel import parallel
from newscards.rules.common import missing

MAX_NAMES = 1_000
"""The number of names, and of values of a field, that a survey distinguishes: its memory is bounded."""
MAX_NAME_LENGTH = 60
"""The characters of the longest key that a survey takes for a field's name."""

EMPTY, URL, TEXT = "empty", "url", "text"
LIST = "list"
LIST_OF = "list of "
"""The kind of a list that is empty, or begins with an empty item; and the beginning of others."""

_CHOICES = ("category", "type", "topics")
"""The fields whose values a survey counts."""


class SurveyedCard(NamedTuple):
    """The facts of one card: the kind of the value at each dotted name, and the names of missing fields.

    ``lacking_if_listed`` are those that are missing only if a type that is not built in is listed, as pairs
    of the field's name and the type. ``values`` are those of ``category``, ``type`` and ``topics``; ``odd``
    are the keys that are no names.
    """

    kinds: Mapping[str, str]
    lacking: tuple[str, ...]
    lacking_if_listed: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str], ...]
    odd: tuple[str, ...]
    has_body: bool


@dataclass
class Survey:
    """The counts over the cards of a corpus. Each is a number of cards.

    ``kinds`` has, by dotted name, the kinds of the values; ``lacking`` the required fields that are missing,
    and ``lacking_if_listed`` those that are missing if a type is listed, by name and type;
    ``values`` those of ``category``, ``type`` and ``topics``. ``odd`` are keys that cannot be declared, and
    ``beyond`` is the number of keys that were not counted, because there were ``MAX_NAMES`` already.
    """

    cards: int = 0
    unreadable: int = 0
    bodies: int = 0
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    lacking: Counter[str] = field(default_factory=Counter)
    lacking_if_listed: Counter[tuple[str, str]] = field(default_factory=Counter)
    values: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in _CHOICES})
    odd: Counter[str] = field(default_factory=Counter)
    beyond: int = 0

    def add(self, card: SurveyedCard | None) -> None:
        """Count a card; ``None`` is one that cannot be read."""
        if card is None:
            self.unreadable += 1
            return
        self.cards += 1
        self.bodies += card.has_body
        self.lacking.update(card.lacking)
        for pair in card.lacking_if_listed:
            _add(self.lacking_if_listed, pair)
        for name, kind in card.kinds.items():
            if name in self.kinds or len(self.kinds) < MAX_NAMES:
                self.kinds.setdefault(name, Counter())[kind] += 1
            else:
                self.beyond += 1
        for name, value in card.values:
            _add(self.values[name], value)
        for key in card.odd:
            _add(self.odd, key)

    def count(self, name: str) -> int:
        """Return the number of cards with a field."""
        return self.kinds[name].total() if name in self.kinds else 0

    def parents(self, name: str) -> int:
        """Return the number of cards with the mapping, or the list of mappings, that a field belongs to."""
        parent = name.rpartition(".")[0]
        kinds = self.kinds.get(parent, Counter())
        return kinds["mapping"] + kinds[f"{LIST_OF}mapping"] if parent else self.cards


_Counted = TypeVar("_Counted")


def _add(counter: Counter[_Counted], value: _Counted) -> None:
    if value in counter or len(counter) < MAX_NAMES:
        counter[value] += 1


def survey(corpus: Corpus, reporter: Reporter) -> Survey:
    """Return the survey of a corpus; its cards are read in several processes where that pays."""
    limits = corpus.limits

    def surveyed(paths: Sequence[str]) -> Iterator[SurveyedCard | None]:
        for path in paths:
            record = read(path, limits)
            yield survey_card(record) if isinstance(record, Card) else None

    result = Survey()
    for card in reporter.track(parallel(surveyed, corpus.paths), len(corpus), "Reading cards"):
        result.add(card)
    return result


def survey_card(card: Card) -> SurveyedCard:
    """Return the facts of a card, held against the built-in fields."""
    kinds: dict[str, str] = {}
    lacking: dict[str, None] = {}
    if_listed: dict[tuple[str, str], None] = {}
    odd: dict[str, None] = {}
    for name, value in _walk(BUILT_IN, card.fields, "", lacking, if_listed, odd):
        kind = kind_of(value)
        if kinds.get(name, EMPTY) in (EMPTY, LIST):  # of the items of a list, the first with a value counts
            kinds[name] = kind
    values = [
        (name, each)
        for name in _CHOICES
        for value in [card.fields.get(name)]
        for each in (value if isinstance(value, list) else [value])
        if isinstance(each, str) and len(each) <= MAX_NAME_LENGTH
    ]
    has_body = bool(card.body.strip())
    listed = tuple(pair for pair in if_listed if pair[0] not in lacking)
    return SurveyedCard(kinds, (*lacking,), listed, (*dict.fromkeys(values),), (*odd,), has_body)


def _walk(
    mapping: Field,
    value: Mapping[Any, Any],
    prefix: str,
    lacking: dict[str, None],
    if_listed: dict[tuple[str, str], None],
    odd: dict[str, None],
) -> Iterator[tuple[str, Any]]:
    """Yield the dotted names and values in a mapping, and in those within it that the table knows."""
    fields = {inner.name: inner for inner in mapping.fields}
    lacking.update(dict.fromkeys(prefix + name for name in missing(mapping, dict(value))))
    kind = value.get("type")
    if isinstance(kind, str) and len(kind) <= MAX_NAME_LENGTH and "type" in fields:
        # A card whose type is listed is no video, whatever its URLs; of another type, they show what it is.
        as_listed = missing(mapping, {**value, "type": "video" if kind == "video" else "article"})
        if_listed.update(dict.fromkeys((prefix + name, kind) for name in as_listed))
    for key, inner in value.items():
        if not isinstance(key, str):
            continue
        if not is_name(key):
            odd[prefix + key[:MAX_NAME_LENGTH]] = None
            continue
        yield prefix + key, inner
        known = fields.get(key)
        within = known and (known.item or known)
        if within and within.fields:
            for each in inner if isinstance(inner, list) else [inner]:
                if isinstance(each, dict):
                    yield from _walk(within, each, f"{prefix}{key}.", lacking, if_listed, odd)


def is_name(key: str) -> bool:
    """Return whether a key can be the name of a field, which a dot would lead into a mapping."""
    return bool(key.strip()) and len(key) <= MAX_NAME_LENGTH and key.isprintable() and not {*key} & {*".[]"}


def kind_of(value: object) -> str:
    """Return the kind of a value: a word of ``fields.TYPES``, ``empty``, or ``list of`` such a word."""
    if value is None:
        return EMPTY
    if isinstance(value, str):
        return URL if parse(value) else TEXT
    if not isinstance(value, list):
        return next((kind for types, kind in _KINDS if isinstance(value, types)), TEXT)
    kinds = Counter(kind_of(each) for each in value)
    most = general_kind(kinds)
    return LIST if most is None or most.startswith(LIST) else LIST_OF + most


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),  # before integers: in Python, a boolean is one
    (int, "integer"),
    (float, "number"),
    (date, "date"),
    (dict, "mapping"),
)


def general_kind(kinds: Counter[str]) -> str | None:
    """Return the kind of most values; ``None`` if all are empty.

    URLs among texts are texts, and integers among numbers are numbers. A list has its most frequent kind of
    items.
    """
    merged: Counter[str] = Counter()
    lists: Counter[str] = Counter()
    for kind, count in kinds.items():
        if kind.startswith(LIST):
            merged[LIST] += count
            lists[kind.removeprefix(LIST_OF)] += count * (kind != LIST)
        elif kind == URL and kinds[TEXT]:
            merged[TEXT] += count
        elif kind == "integer" and kinds["number"]:
            merged["number"] += count
        elif kind != EMPTY:
            merged[kind] += count
    if not merged:
        return None
    kind = max(merged, key=lambda each: merged[each])
    items = general_kind(lists) if kind == LIST and lists.total() else None
    return f"{LIST_OF}{items}" if items else kind


def fitting(kinds: Counter[str], kind: str) -> int:
    """Return the number of values that are of a kind, as ``general_kind`` returns it."""
    if kind.startswith(LIST):
        return sum(count for each, count in kinds.items() if each.startswith(LIST))
    also = {TEXT: URL, "number": "integer"}.get(kind, "")
    return kinds[kind] + kinds[also]
