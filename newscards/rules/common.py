"""Helpers that several rules share: the flag, keys compared with FIELDS, texts, problems of several cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
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
from newscards.lint.findings import MAX_FINDINGS, Fix
from newscards.lint.rule import Problem, Spot
from newscards.text import nearest, path_text


def shows(record: Card | Unreadable) -> bool:
    """Return whether a card's flag shows it; a missing flag does not say."""
    return isinstance(record, Card) and record.fields.get("published") is True


def hides(record: Card | Unreadable) -> bool:
    """Return whether a card's flag hides it; a missing flag does not say."""
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
    """Return the unknown keys that are close to a known one that is missing: ``{key: known}``.

    Only the first ``MAX_FINDINGS`` unknown keys are compared, because each comparison takes long.
    """
    known = names_of(field)
    if value.keys() <= known:
        return {}
    absent = [inner.name for inner in field.fields if inner.name not in value]
    found: dict[str, str] = {}
    unknown = (key for key in value if isinstance(key, str) and key not in known)
    for key in islice(unknown, MAX_FINDINGS):
        left = (name for name in absent if name not in found.values())
        if near := nearest(key, left, most=1, cutoff=0.8, beginnings=False):
            found[key] = near[0]
    return found


def own_texts(card: Card) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the title and of the excerpt; the text is empty if there is none."""
    yield "title", card.title
    yield "excerpt", card.excerpt


def first_difference(one: str, other: str) -> int:
    """Return where two texts begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


Cleaner = Callable[[str], str]
CLEANERS: tuple[Cleaner, ...] = (without_entities, without_mojibake, without_invisible, str.strip)
"""The functions that clean texts, one for each rule about texts; the last is for titles only."""


def cleaning(name: str, text: str, cleaner: Cleaner) -> Fix | None:
    """Return the fix that cleans a text for one rule; ``None`` if it is clean already.

    What is uncovered by that, and was not a problem before, is cleaned too: an entity at the end may be a
    blank.
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
    """Return the first of ``count`` things, followed by the number of others."""
    return f"{first} and {count - 1} more" if count > 1 else first


Path = tuple[Step, ...]

_MAX_ID_LENGTH = 50

_MAX_NAMED, _MAX_LISTED = 2, 100
"""The number of other cards that a message names, and that a finding lists: 100,000 cards may share a URL."""


def problem_on_each(
    rows: Sequence[Row],
    path: Callable[[Row], Path],
    message: Callable[[str], str],
    advice: str,
    name: Callable[[Row], str] = lambda row: row.id,
) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each of several cards; ``message`` is called with the names of the others."""
    spots = [Spot(row, path(row)) for row in rows[: _MAX_LISTED + 1]]
    for row in rows:
        others = tuple(spot for spot in spots if spot.row is not row)[:_MAX_LISTED]
        text = message(card_names([spot.row for spot in others], len(rows) - 1, name))
        yield row, Problem(text, path(row), help=advice, others=others)


def card_names(rows: Sequence[Row], count: int = 0, name: Callable[[Row], str] = lambda row: row.id) -> str:
    """Return the names, by default the ids, of the first of ``count`` rows, and the number of others."""
    count = count or len(rows)
    names = [f"`{_short(path_text(name(row)))}`" for row in rows[:_MAX_NAMED]]
    if count > len(names):
        return f"{', '.join(names)} and {count - len(names)} more"
    return " and ".join(names)


def _short(name: str) -> str:
    """Return the beginning of an id, by which a card can be found too."""
    return name if len(name) <= _MAX_ID_LENGTH else f"{name[: _MAX_ID_LENGTH - 1]}…"


def problem_on_minority(
    found: Iterable[tuple[str, Spot]], what: str, advice: Callable[[str], str], *, fixes: bool = False
) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each place that spells something in another way than most cards do.

    If no spelling is the most common, there is a problem with each. ``what`` says what is spelled; ``advice``
    is called with the other spelling; with ``fixes``, a fix writes the most common one.
    """
    places: dict[str, list[Spot]] = {}
    for spelling, spot in found:
        places.setdefault(spelling, []).append(spot)
    if len(places) < 2:
        return
    # One for each card: a card that says the same in many places counts once.
    cards = {
        spelling: [*{id(spot.row): spot for spot in spots}.values()] for spelling, spots in places.items()
    }
    counts = Counter({spelling: len(spots) for spelling, spots in cards.items()})
    (usual, most), (second, next_most) = counts.most_common(2)
    for spelling, spots in places.items():
        if spelling == usual and next_most < most:
            continue
        right = second if spelling == usual else usual
        for spot in spots:
            others = [other for other in cards[right][: _MAX_LISTED + 1] if other.row is not spot.row]
            if others:
                names = card_names([other.row for other in others], len(cards[right]))
                message = f"{what}`{spelling}` is `{right}` in {names}"
                fix = Fix(f"write `{right}`", SetValue(right)) if fixes and next_most < most else None
                listed = tuple(others[:_MAX_LISTED])
                problem = Problem(message, spot.path, help=advice(right), others=listed, fix=fix)
                yield spot.row, problem
