"""The differences between two states of a card, in a curator's words: flag, scores, topics, other fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from enum import Enum
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from newscards.cards.card import Card, CardOrUnreadable, Identity, Unreadable, card_id, identity
from newscards.cards.fields import Field, card_field
from newscards.cards.values import MISSING, fields_json, key_text, same, was_and_now
from newscards.diff.pairs import same_keys
from newscards.text import counted, one_line, path_text


class ChangeKind(Enum):
    """The kind of a change, in the order in which kinds are reported.

    The value is its word in options and machine formats. ``heading`` is the title above a list of such
    changes, ``phrase`` follows the number of cards that have one ("3 in quality").
    """

    PUBLISHED = "published"
    HIDDEN = "hidden"
    TAKEN_DOWN = "taken-down"
    RESTORED = "restored"
    ADDED = "added"
    GONE = "gone"
    RENAMED = "renamed"
    QUALITY = "quality"
    HEAT = "heat"
    TOPICS = "topics"
    OTHER = "other"
    SECURED = "secured"
    UNREADABLE = "unreadable"
    READABLE = "readable"

    @property
    def heading(self) -> str:
        """The title above a list of such changes."""
        return _HEADINGS.get(self, self.value.replace("-", " ").capitalize())

    @property
    def phrase(self) -> str:
        """The words after the number of cards that have such a change."""
        return _PHRASES.get(self, self.value.replace("-", " "))


_HEADINGS = {
    ChangeKind.QUALITY: "Moved in quality",
    ChangeKind.HEAT: "Moved in heat",
    ChangeKind.OTHER: "Other fields",
    ChangeKind.SECURED: "Renewed `secured`",
    ChangeKind.UNREADABLE: "Cannot be read",
    ChangeKind.READABLE: "Can be read again",
}
_PHRASES = {
    ChangeKind.QUALITY: "in quality",
    ChangeKind.HEAT: "in heat",
    ChangeKind.TOPICS: "in topics",
    ChangeKind.OTHER: "in other fields",
    ChangeKind.SECURED: "in `secured`",
    ChangeKind.READABLE: "readable again",
}


class FieldChange(NamedTuple):
    """One change of a card.

    ``details`` are JSON values: ``field`` (a dotted name), ``was`` and ``now``. ``was`` is absent for a new
    field, ``now`` for a removed one. For ``related`` they are instead how many entries were ``added``,
    ``removed`` and ``updated``, by the cards that they copy, or ``reordered: true``. For a card that cannot
    be read ``was`` and ``now`` are the reasons, and ``field`` is empty. A change outside the fields has its
    name in parentheses as ``field``: ``(body)``. A ciphertext in ``secured`` is ``CIPHERTEXT``; where one
    replaces another, as it does in most changes of a pipeline, both words are absent.
    """

    kind: ChangeKind
    details: Mapping[str, Any]


CIPHERTEXT = "(ciphertext)"
"""The text that stands for a value of ``secured``, which nobody can read, nor compare with another one."""

Scores = tuple[int | float | None, int | float | None]
"""Quality and heat."""


class Difference(NamedTuple):
    """A card that differs between two states.

    ``status`` is ``added``, ``gone``, ``renamed`` or ``changed``. ``record`` is the card without its bulk as
    it is now, or as it was if it is gone. ``before`` is its former path, empty if it was added. ``shown`` and
    ``scores`` are pairs, before and now: whether ``published`` shows the card, and its quality and heat. Both
    hold ``None`` where the card does not exist or cannot be read.
    """

    status: str
    record: CardOrUnreadable
    before: str
    shown: tuple[bool | None, bool | None]
    scores: tuple[Scores, Scores]
    changes: Sequence[FieldChange]

    @property
    def title(self) -> str:
        """The title of the card, or its id if it has none."""
        return (self.record.title if isinstance(self.record, Card) else "") or self.record.id

    @property
    def names(self) -> tuple[str, str]:
        """Its id before and now, or its paths before and now if the id stayed the same."""
        ids = card_id(self.before), self.record.id
        return ids if ids[0] != ids[1] else (self.before, self.record.path)

    @property
    def unreadable(self) -> str:
        """Why the card cannot be read, or could not be read before, on one line; else empty."""
        reading = (ChangeKind.UNREADABLE, ChangeKind.READABLE)
        details = next((details for kind, details in self.changes if kind in reading), {})
        words = (("now", "cannot be read"), ("was", "could not be read"))
        path = path_text(self.record.path)
        return next((f"{path}: {text}: {details[word]}" for word, text in words if word in details), "")

    def narrowed(self, kinds: Iterable[ChangeKind]) -> Difference:
        """Return the difference with only the changes of these kinds."""
        return self._replace(changes=[change for change in self.changes if change.kind in kinds])


def difference(
    before: CardOrUnreadable | None, after: CardOrUnreadable | None, parts: Sequence[str] = ()
) -> Difference | None:
    """Return the difference between a card before and after; ``None`` if all values are the same.

    A side is ``None`` if that state has no such card. ``parts`` are the names of changed parts outside the
    fields, as "body". Raises ``ValueError`` if both sides are ``None``.
    """
    record = after or before
    if record is None:
        raise ValueError("a card that neither state has does not differ")
    old, new = before.path if before else "", after.path if after else ""
    status = "added" if not old else "gone" if not new else "changed" if old == new else "renamed"
    changes: list[FieldChange] = []
    if status != "changed":
        details = {"field": "path"} | was_and_now(old or MISSING, new or MISSING)
        changes.append(FieldChange(ChangeKind(status), details))
    if after and (isinstance(before, Unreadable) or isinstance(after, Unreadable)):
        changes.append(_reading_change(before, after))
    elif isinstance(before, Card) and isinstance(after, Card):
        changes += _field_changes(before, after)
        changes += [FieldChange(ChangeKind.OTHER, {"field": f"({part})"}) for part in parts]
    if not changes:
        return None
    brief = record.without_bulk() if isinstance(record, Card) else record
    shown, scores = (_shown(before), _shown(after)), (_scores(before), _scores(after))
    return Difference(status, brief, old, shown, scores, changes)


def _scores(record: CardOrUnreadable | None) -> Scores:
    return (record.quality, record.heat) if isinstance(record, Card) else (None, None)


def _shown(record: CardOrUnreadable | None) -> bool | None:
    return record.published if isinstance(record, Card) else None


def _reading_change(before: CardOrUnreadable | None, after: CardOrUnreadable | None) -> FieldChange:
    reasons = [_reason(each) if isinstance(each, Unreadable) else MISSING for each in (before, after)]
    kind = ChangeKind.READABLE if isinstance(after, Card) else ChangeKind.UNREADABLE
    return FieldChange(kind, {"field": ""} | was_and_now(*reasons))


def _reason(record: Unreadable) -> str:
    place = "" if record.kind == "io" else f" (line {record.line}, column {record.column})"
    return f"{record.reason}{place}"


_MAX_INNER_CHANGES = 10
"""How many changes within one field are reported one by one; if there are more, the whole field is."""


@cache
def _order(card: Field) -> dict[str, int]:
    return {field.name: number for number, field in enumerate(card.fields)}


def _field_changes(before: Card, after: Card) -> Iterator[FieldChange]:
    """Yield the changes of the fields, in the order of the table of fields."""
    keys = [
        key
        for key in dict.fromkeys([*before.fields, *after.fields])
        if not same(before.fields.get(key, MISSING), after.fields.get(key, MISSING), ordered=False)
    ]
    order = _order(card_field())
    keys.sort(key=lambda key: order.get(key, len(order)) if isinstance(key, str) else len(order))
    old, new = (_fields_json(card, keys) for card in (before, after))
    for key in keys:
        name = key_text(key)
        if key == "related":
            yield FieldChange(ChangeKind.OTHER, _related_details(before, after))
            continue
        values = (before.fields.get(key, MISSING), after.fields.get(key, MISSING))
        shown = (old.get(name, MISSING), new.get(name, MISSING))
        if key == "secured":
            yield _change_of_secured(*shown)
            continue
        kind = _kind(name, before, after)
        if kind is not ChangeKind.OTHER:
            yield FieldChange(kind, _was_and_now_of(name, *shown))
            continue
        inner = list(islice(_value_details(name, *values, *shown), _MAX_INNER_CHANGES + 1))
        for details in inner if len(inner) <= _MAX_INNER_CHANGES else [_was_and_now_of(name, *shown)]:
            yield FieldChange(kind, details)


def _change_of_secured(was: Any, now: Any) -> FieldChange:
    if isinstance(was, str) and isinstance(now, str):
        return FieldChange(ChangeKind.SECURED, {"field": "secured"})
    shown = (CIPHERTEXT if isinstance(each, str) else each for each in (was, now))
    return FieldChange(ChangeKind.OTHER, _was_and_now_of("secured", *shown))


def _kind(name: str, before: Card, after: Card) -> ChangeKind:
    """Return the kind of a field's change."""
    if name == "published" and before.published != after.published:
        return ChangeKind.PUBLISHED if after.published else ChangeKind.HIDDEN
    if name == "removed" and before.is_taken_down != after.is_taken_down:
        return ChangeKind.TAKEN_DOWN if after.is_taken_down else ChangeKind.RESTORED
    return {"quality": ChangeKind.QUALITY, "heat": ChangeKind.HEAT, "topics": ChangeKind.TOPICS}.get(
        name, ChangeKind.OTHER
    )


def _fields_json(card: Card, keys: Iterable[Any]) -> dict[str, Any]:
    """Return these fields of a card, without ``related``, as JSON values."""
    fields = {key: card.fields[key] for key in keys if key in card.fields and key != "related"}
    return fields_json(Card(card.path, fields, card.before_fence, card.irregular))


def _was_and_now_of(name: str, was: Any, now: Any) -> dict[str, Any]:
    return {"field": name} | was_and_now(was, now)


def _value_details(name: str, was: Any, now: Any, old: Any, new: Any) -> Iterator[dict[str, Any]]:
    """Yield the details of each change between two values, from inside mappings and lists of mappings.

    ``was`` and ``now`` are the values as read, ``old`` and ``new`` the same as JSON values.
    """
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*was, *now]):
            inner = (was.get(key, MISSING), now.get(key, MISSING))
            if not same(*inner, ordered=False):
                text = key_text(key)
                shown = (old.get(text, MISSING), new.get(text, MISSING))
                yield from _value_details(f"{name}.{text}", *inner, *shown)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now) and _are_maps([*was, *now]):
        for index, pair in enumerate(zip(was, now, old, new, strict=True)):
            if not same(pair[0], pair[1], ordered=False):
                yield from _value_details(f"{name}[{index}]", *pair)
    else:
        yield _was_and_now_of(name, old, new)


def _are_maps(values: Iterable[Any]) -> bool:
    return all(isinstance(value, dict) for value in values)


def _related_details(before: Card, after: Card) -> dict[str, Any]:
    """Return how many entries were added and removed, by the card that each copies, and how many changed."""
    old, new = _entries(before), _entries(after)
    if not old and not new:  # `related: []` was added or removed
        return _was_and_now_of("related", *(card.fields.get("related", MISSING) for card in (before, after)))
    counts = [Counter({key: len(each) for key, each in entries.items()}) for entries in (old, new)]
    added, removed = list((counts[1] - counts[0]).elements()), list((counts[0] - counts[1]).elements())
    renamed = _copies_of_one_card(removed, added)
    updated = sum(not _are_same_entries(old[key], new[key]) for key in old.keys() & new.keys())
    counted_by_word = {
        "added": len(added) - renamed,
        "removed": len(removed) - renamed,
        "updated": updated + renamed,
    }
    details = {word: count for word, count in counted_by_word.items() if count}
    return {"field": "related"} | (details or {"reordered": True})


_LIKENESSES: tuple[Callable[[Identity], Hashable], ...] = (
    lambda key: key[:2] if key[0] and key[1] else (),
    lambda key: (key[0], key[2]) if key[0] and key[2] else (),
    lambda key: key[1:] if key[1] and key[2] else (),
    lambda key: key[0],
)
"""The parts of an identity by which an entry is the same card's as another one, the surest first.

A card that gets another title, date or URL keeps the other two; one that gets a title and a date, its URL.
"""


def _copies_of_one_card(removed: Iterable[Identity], added: Iterable[Identity]) -> int:
    """Return how many entries copy the same card on both sides, although its identity has changed."""
    removed, added, count = [*removed], [*added], 0
    for likeness in _LIKENESSES:
        pairs = same_keys(*([(likeness(key), key) for key in keys] for keys in (removed, added)))
        paired = {key for pair in pairs for key in pair}
        removed, added = ([key for key in keys if key not in paired] for keys in (removed, added))
        count += len(pairs)
    return count


def _entries(card: Card) -> dict[Identity, list[Any]]:
    """Return the entries of ``related`` by identity; one that is not a mapping has the identity of ``{}``."""
    entries: dict[Identity, list[Any]] = {}
    related = card.fields.get("related")
    for entry in related if isinstance(related, list) else [] if related is None else [related]:
        entries.setdefault(identity(entry if isinstance(entry, dict) else {}), []).append(entry)
    return entries


def _are_same_entries(old: Sequence[Any], new: Sequence[Any]) -> bool:
    """Return whether the entries of one identity are the same.

    If one side has more of them, they are the same if it has all entries of the other side.
    """
    if len(old) == len(new) == 1:
        return same(old[0], new[0], ordered=False)
    before, after = Counter(map(repr, old)), Counter(map(repr, new))
    return before <= after or after <= before


def first_and_more(differences: Sequence[Difference]) -> str:
    """Return the title of the first card, and how many more there are, on one line."""
    more = f" and {len(differences) - 1:,} more" if len(differences) > 1 else ""
    return f"{one_line(differences[0].title)}{more}"


def summary(differences: Sequence[Difference], unchanged: int) -> str:
    """Return one line: how many cards changed, by kind, and how many files differ with the same values."""
    counts = Counter(kind for each in differences for kind in {change.kind for change in each.changes})
    kinds = ", ".join(f"{counts[kind]:,} {kind.phrase}" for kind in ChangeKind if counts[kind])
    text = f"{counted(len(differences), 'card')} changed: {kinds}" if differences else "no card changed"
    return f"{text}; {unchanged:,} unchanged in content" if unchanged else text
