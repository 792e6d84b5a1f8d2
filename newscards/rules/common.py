"""Parts of several rules: the meaning of the flag, keys held against FIELDS, texts, problems of cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import Field
from newscards.cards.text_cleanup import (
    is_written_from_right_to_left,
    without_entities,
    without_invisible,
    without_mojibake,
)
from newscards.edits.operations import SetValue
from newscards.frontmatter.nodes import Step
from newscards.lint.facts import Row
from newscards.lint.findings import Fix
from newscards.lint.rule import Problem, Spot
from newscards.text import nearest, path_text


def shows(record: Card | Unreadable) -> bool:
    """Tell whether a card's flag says that it is to be shown; a flag that is missing says nothing."""
    return isinstance(record, Card) and record.fields.get("published") is True


def hides(record: Card | Unreadable) -> bool:
    """Tell whether a card's flag says that it is to be hidden."""
    return isinstance(record, Card) and record.fields.get("published", True) in (False, None)


@lru_cache(maxsize=256)
def names_of(field: Field) -> frozenset[str]:
    """Return the names of the fields that a mapping may have."""
    return frozenset(inner.name for inner in field.fields)


@lru_cache(maxsize=256)
def _required(field: Field, is_video: bool) -> frozenset[str]:
    kind = "video" if is_video else "article"
    return frozenset(inner.name for inner in field.fields if inner.required.applies(kind))


def missing(field: Field, value: dict[Any, Any]) -> list[str]:
    """Return the names of the required fields that a mapping lacks, in the order of FIELDS."""
    kind = value.get("type")
    if _required(field, kind == "video") <= value.keys():
        return []
    return [inner.name for inner in field.fields if inner.name not in value and inner.required.applies(kind)]


def misspelt(field: Field, value: dict[Any, Any]) -> dict[str, str]:
    """Return the unknown keys that are meant for a known one that is not there: ``{key: known}``."""
    known = names_of(field)
    if value.keys() <= known:
        return {}
    absent = [inner.name for inner in field.fields if inner.name not in value]
    found: dict[str, str] = {}
    for key in value:
        if isinstance(key, str) and key not in known:
            near = nearest(
                key,
                (name for name in absent if name not in found.values()),
                most=1,
                cutoff=0.8,
                beginnings=False,
            )
            if near:
                found[key] = near[0]
    return found


def own_texts(card: Card) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the title and of the excerpt; empty where there is no text."""
    yield "title", card.title
    yield "excerpt", card.excerpt


def first_difference(one: str, other: str) -> int:
    """Return where two texts begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


Cleaner = Callable[[str], str]
CLEANERS: tuple[Cleaner, ...] = (without_entities, without_mojibake, without_invisible, str.strip)
"""What the rules about texts mend, each its own; the last is for titles alone."""


def cleaning(name: str, text: str, cleaner: Cleaner) -> Fix | None:
    """Return the fix that cleans a text of what one rule tells of it; ``None`` where it needs none.

    What comes to light by that, and was not there before, is cleaned too: a blank at the end that was an
    entity.
    """
    if cleaner is without_invisible and is_written_from_right_to_left(text):
        return None  # its marks may be meant
    cleaners = CLEANERS if name == "title" else CLEANERS[:-1]
    sound = [other for other in cleaners if other is not cleaner and other(text) == text]
    clean = cleaner(text)
    for other in sound:
        clean = other(clean)
    return Fix(f"clean `{name}`", SetValue(clean)) if clean and clean != text else None


def and_more(first: str, count: int) -> str:
    """Return the first of ``count`` things, and how many more there are."""
    return f"{first} and {count - 1} more" if count > 1 else first


Path = tuple[Step, ...]

_LONGEST_ID = 50

_NAMED, _LISTED = 2, 100
"""How many other cards a message names, and how many a finding lists: one URL may be in all of 100,000."""


def told_on_each(
    rows: Sequence[Row],
    path: Callable[[Row], Path],
    message: Callable[[str], str],
    advice: str,
    name: Callable[[Row], str] = lambda row: row.id,
) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each of several cards; ``message`` is made of the names of the others."""
    spots = [Spot(row, path(row)) for row in rows[: _LISTED + 1]]
    for row in rows:
        others = tuple(spot for spot in spots if spot.row is not row)[:_LISTED]
        text = message(named([spot.row for spot in others], len(rows) - 1, name))
        yield row, Problem(text, path(row), help=advice, others=others)


def named(rows: Sequence[Row], count: int = 0, name: Callable[[Row], str] = lambda row: row.id) -> str:
    """Return the names, by default the ids, of the first of ``count`` rows, and how many more there are."""
    count = count or len(rows)
    names = [f"`{_short(path_text(name(row)))}`" for row in rows[:_NAMED]]
    if count > len(names):
        return f"{', '.join(names)} and {count - len(names)} more"
    return " and ".join(names)


def _short(name: str) -> str:
    """Return the beginning of an id, by which a card is found as well."""
    return name if len(name) <= _LONGEST_ID else f"{name[: _LONGEST_ID - 1]}…"


def told_on_minority(
    found: Iterable[tuple[str, Spot]], what: str, advice: Callable[[str], str], *, fixes: bool = False
) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each card that spells something otherwise than most do, with its place.

    Where no spelling is the most common, each is told of another one. ``what`` says what is spelt;
    ``advice`` is made of the other spelling; with ``fixes``, the usual one may be written.
    """
    places: dict[str, list[Spot]] = {}
    for spelling, spot in found:
        places.setdefault(spelling, []).append(spot)
    if len(places) < 2:
        return
    (usual, most), (second, next_most) = Counter(
        {spelling: len(spots) for spelling, spots in places.items()}
    ).most_common(2)
    for spelling, spots in places.items():
        if spelling == usual and next_most < most:
            continue
        right = second if spelling == usual else usual
        for spot in spots:
            others = [other for other in places[right][: _LISTED + 1] if other.row is not spot.row]
            if others:
                names = named([other.row for other in others], len(places[right]))
                message = f"{what}`{spelling}` is `{right}` in {names}"
                fix = Fix(f"write `{right}`", SetValue(right)) if fixes and next_most < most else None
                listed = tuple(others[:_LISTED])
                problem = Problem(message, spot.path, help=advice(right), others=listed, fix=fix)
                yield spot.row, problem
