"""What differs between two states of a card, in a curator's words: flag, scores, topics, and other fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from itertools import islice
from typing import Any, NamedTuple

from newscards.cards.card import Card, CardOrUnreadable, Identity, Unreadable, card_id, identity
from newscards.cards.fields import FIELDS
from newscards.cards.values import MISSING, fields_json, key_text, same, was_and_now
from newscards.text import counted, path_text


class ChangeKind(Enum):
    """Of what kind a change is, in the order in which they are told.

    The value is its word in options and machine formats; ``heading`` stands above such changes,
    ``phrase`` behind the number of cards that have one.
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
    UNREADABLE = "unreadable"
    READABLE = "readable"

    @property
    def heading(self) -> str:
        """What stands above changes of this kind."""
        return _HEADINGS.get(self, self.value.replace("-", " ").capitalize())

    @property
    def phrase(self) -> str:
        """What stands behind the number of cards that have such a change."""
        return _PHRASES.get(self, self.value.replace("-", " "))


_HEADINGS = {
    ChangeKind.QUALITY: "Moved in quality",
    ChangeKind.HEAT: "Moved in heat",
    ChangeKind.OTHER: "Other fields",
    ChangeKind.UNREADABLE: "Cannot be read",
    ChangeKind.READABLE: "Can be read again",
}
_PHRASES = {
    ChangeKind.QUALITY: "in quality",
    ChangeKind.HEAT: "in heat",
    ChangeKind.TOPICS: "in topics",
    ChangeKind.OTHER: "in other fields",
    ChangeKind.READABLE: "readable again",
}


class FieldChange(NamedTuple):
    """One change of a card.

    ``told`` has ``field`` (a dotted name), and as JSON values ``was`` and ``now``, absent where there was
    none, or is none any more. Of ``related`` it has instead how many entries were ``added``, ``removed`` (by
    identity) and ``updated``, or that they were ``reordered``. Of a card that cannot be read ``was`` and
    ``now`` say why; its ``field`` is empty. What has changed beside the fields has its name in parentheses.
    """

    kind: ChangeKind
    told: Mapping[str, Any]


Scores = tuple[int | float | None, int | float | None]
"""Quality and heat."""


class Difference(NamedTuple):
    """A card that differs between two states.

    ``status`` is ``added``, ``gone``, ``renamed`` or ``changed``. ``record`` is the card without its bulk as
    it is now, or was, where it is gone; ``before`` its path then; ``shown`` whether the flag showed it, and
    does, ``None`` where that is not known; ``scores`` its quality and heat before and now, ``None`` likewise.
    """

    status: str
    record: CardOrUnreadable
    before: str
    shown: tuple[bool | None, bool | None]
    scores: tuple[Scores, Scores]
    changes: Sequence[FieldChange]

    @property
    def title(self) -> str:
        """The headline, or the id, where there is none."""
        return (self.record.title if isinstance(self.record, Card) else "") or self.record.id

    @property
    def names(self) -> tuple[str, str]:
        """Its id before and now, or its paths, where it kept its id."""
        ids = card_id(self.before), self.record.id
        return ids if ids[0] != ids[1] else (self.before, self.record.path)

    @property
    def unreadable(self) -> str:
        """Why the card cannot be read, or could not, on one line; empty where neither is so."""
        told = next(
            (told for kind, told in self.changes if kind in (ChangeKind.UNREADABLE, ChangeKind.READABLE)), {}
        )
        words = (("now", "cannot be read"), ("was", "could not be read"))
        says = (
            f"{path_text(self.record.path)}: {says}: {told[word]}" for word, says in words if word in told
        )
        return next(says, "")

    def narrowed(self, kinds: Iterable[ChangeKind]) -> Difference:
        """Return the difference with the changes of some kinds alone."""
        return self._replace(changes=[change for change in self.changes if change.kind in kinds])


def difference(
    before: CardOrUnreadable | None, after: CardOrUnreadable | None, parts: Sequence[str] = ()
) -> Difference | None:
    """Return how a card differs that was read in two states, ``None`` where all values are the same.

    One state may have no such card; ``ValueError`` where neither has. ``parts`` name what has changed beside
    the fields.
    """
    record = after or before
    if record is None:
        raise ValueError("a card that neither state has does not differ")
    old, new = before.path if before else "", after.path if after else ""
    status = "added" if not old else "gone" if not new else "changed" if old == new else "renamed"
    changes: list[FieldChange] = []
    if status != "changed":
        told = {"field": "path"} | was_and_now(old or MISSING, new or MISSING)
        changes.append(FieldChange(ChangeKind(status), told))
    if after and (isinstance(before, Unreadable) or isinstance(after, Unreadable)):
        changes.append(_unreadable(before, after))
    elif isinstance(before, Card) and isinstance(after, Card):
        changes += _of_fields(before, after)
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


def _unreadable(before: CardOrUnreadable | None, after: CardOrUnreadable | None) -> FieldChange:
    reasons = [_reason(each) if isinstance(each, Unreadable) else MISSING for each in (before, after)]
    kind = ChangeKind.READABLE if isinstance(after, Card) else ChangeKind.UNREADABLE
    return FieldChange(kind, {"field": ""} | was_and_now(*reasons))


def _reason(record: Unreadable) -> str:
    place = "" if record.kind == "io" else f" (line {record.line}, column {record.column})"
    return f"{record.reason}{place}"


_MOST = 10
"""How many changes within one field are told by themselves; of more the whole field is told."""

_ORDER = {field.name: number for number, field in enumerate(FIELDS)}


def _of_fields(before: Card, after: Card) -> Iterator[FieldChange]:
    """Yield what became of the fields, in the order in which they stand."""
    keys = [
        key
        for key in dict.fromkeys([*before.fields, *after.fields])
        if not same(before.fields.get(key, MISSING), after.fields.get(key, MISSING), ordered=False)
    ]
    keys.sort(key=lambda key: _ORDER.get(key, len(_ORDER)) if isinstance(key, str) else len(_ORDER))
    old, new = (_json(card, keys) for card in (before, after))
    for key in keys:
        name = key_text(key)
        if key == "related":
            yield FieldChange(ChangeKind.OTHER, _of_related(before, after))
            continue
        values = (before.fields.get(key, MISSING), after.fields.get(key, MISSING))
        shown = (old.get(name, MISSING), new.get(name, MISSING))
        kind = _kind(name, before, after)
        if kind is not ChangeKind.OTHER:
            yield FieldChange(kind, _told(name, *shown))
            continue
        inner = list(islice(_of_values(name, *values, *shown), _MOST + 1))
        for told in inner if len(inner) <= _MOST else [_told(name, *shown)]:
            yield FieldChange(kind, told)


def _kind(name: str, before: Card, after: Card) -> ChangeKind:
    """Return of what kind the change of a field is."""
    if name == "published" and before.published != after.published:
        return ChangeKind.PUBLISHED if after.published else ChangeKind.HIDDEN
    if name == "removed" and is_taken_down(before) != is_taken_down(after):
        return ChangeKind.TAKEN_DOWN if is_taken_down(after) else ChangeKind.RESTORED
    return {"quality": ChangeKind.QUALITY, "heat": ChangeKind.HEAT, "topics": ChangeKind.TOPICS}.get(
        name, ChangeKind.OTHER
    )


def is_taken_down(card: Card) -> bool:
    """Tell whether a card is ``removed``."""
    return card.fields.get("removed") is True


def _json(card: Card, keys: Iterable[Any]) -> dict[str, Any]:
    """Return some fields of a card as JSON has them."""
    fields = {key: card.fields[key] for key in keys if key in card.fields and key != "related"}
    return fields_json(Card(card.path, fields, card.before_fence, card.irregular, card.block))


def _told(name: str, was: Any, now: Any) -> dict[str, Any]:
    return {"field": name} | was_and_now(was, now)


def _of_values(name: str, was: Any, now: Any, old: Any, new: Any) -> Iterator[dict[str, Any]]:
    """Yield what differs in two values, given as they were read and as JSON: of a mapping, what in it."""
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*was, *now]):
            inner = (was.get(key, MISSING), now.get(key, MISSING))
            if not same(*inner, ordered=False):
                text = key_text(key)
                shown = (old.get(text, MISSING), new.get(text, MISSING))
                yield from _of_values(f"{name}.{text}", *inner, *shown)
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now) and _are_maps([*was, *now]):
        for index, pair in enumerate(zip(was, now, old, new, strict=True)):
            if not same(pair[0], pair[1], ordered=False):
                yield from _of_values(f"{name}[{index}]", *pair)
    else:
        yield _told(name, old, new)


def _are_maps(values: Iterable[Any]) -> bool:
    return all(isinstance(value, dict) for value in values)


def _of_related(before: Card, after: Card) -> dict[str, Any]:
    """Return how many entries came and went, by identity, and how many others say something else."""
    old, new = _entries(before), _entries(after)
    if not old and not new:  # `related: []` came or went
        return _told("related", *(card.fields.get("related", MISSING) for card in (before, after)))
    counts = [Counter({named: len(each) for named, each in entries.items()}) for entries in (old, new)]
    added, removed = (counts[1] - counts[0]).total(), (counts[0] - counts[1]).total()
    updated = sum(not _have_same(old[named], new[named]) for named in old.keys() & new.keys())
    found = {"added": added, "removed": removed, "updated": updated}
    told = {word: count for word, count in found.items() if count}
    return {"field": "related"} | (told or {"reordered": True})


def _entries(card: Card) -> dict[Identity, list[Any]]:
    """Return the entries of ``related`` by what they name; what is no entry names nothing."""
    found: dict[Identity, list[Any]] = {}
    related = card.fields.get("related")
    for entry in related if isinstance(related, list) else [] if related is None else [related]:
        found.setdefault(identity(entry if isinstance(entry, dict) else {}), []).append(entry)
    return found


def _have_same(some: Sequence[Any], others: Sequence[Any]) -> bool:
    """Tell whether the fewer of some entries are all among the others, which have the same identity."""
    if len(some) == len(others) == 1:
        return same(some[0], others[0], ordered=False)
    one, other = Counter(map(repr, some)), Counter(map(repr, others))
    return one <= other or other <= one


def summary(differences: Sequence[Difference], unchanged: int) -> str:
    """Return how many cards changed, and how, in a line; ``unchanged`` those whose values all stayed."""
    counts = Counter(kind for each in differences for kind in {change.kind for change in each.changes})
    kinds = ", ".join(f"{counts[kind]:,} {kind.phrase}" for kind in ChangeKind if counts[kind])
    told = f"{counted(len(differences), 'card')} changed: {kinds}" if differences else "no card changed"
    return f"{told}; {unchanged:,} unchanged in content" if unchanged else told
