"""Helpers that several rules share: the flag, keys compared with FIELDS, texts, problems of several cards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from newscards.cards.card import Card, Unreadable, is_bundle
from newscards.cards.fields import BUILT_IN, JEKYLL_KEYS, Field, FieldType, field_named
from newscards.cards.languages import languages_of, split_language
from newscards.cards.names import oddity
from newscards.cards.related import grouped
from newscards.cards.text_cleanup import (
    character_name,
    is_written_from_right_to_left,
    on_one_line,
    without_entities,
    without_invisible,
    without_mojibake,
)
from newscards.edits.operations import SetValue
from newscards.frontmatter.locations import Part
from newscards.frontmatter.messages import ODD_BLANKS
from newscards.frontmatter.nodes import Step
from newscards.lint.facts import Facts, Row
from newscards.lint.findings import MAX_FINDINGS, MAX_LISTED, Fix, FixElsewhere, listed_others
from newscards.lint.rule import Problem, Rule, Spot
from newscards.text import counted, nearest, path_text


def shows(record: Card | Unreadable) -> bool:
    """Return whether a card's flag shows it; a missing flag does not say."""
    return isinstance(record, Card) and record.fields.get("published") is True


def hides(record: Card | Unreadable) -> bool:
    """Return whether a card's flag hides it; a missing flag does not say."""
    return isinstance(record, Card) and not record.published


@lru_cache(maxsize=256)
def names_of(field: Field) -> frozenset[str]:
    """Return the names of the fields that a mapping may have."""
    return frozenset(inner.name for inner in field.fields)


_MAX_CHOICES = 5
"""The number of choices that a message lists."""


def choices_text(field: Field) -> str:
    """Return the choices of a field for a message, as "`article` or `video`"; of many, the first ones."""
    shown = " or ".join(f"`{choice}`" for choice in field.choices[:_MAX_CHOICES])
    count = len(field.choices)
    return shown if count <= _MAX_CHOICES else f"one of {count} values, such as {shown}"


@lru_cache(maxsize=256)
def known_keys(field: Field) -> frozenset[str]:
    """Return the keys that a mapping may have: its fields, and in a card also those that Jekyll reads."""
    return names_of(field) if field.name else names_of(field).union(JEKYLL_KEYS)


@lru_cache(maxsize=256)
def _required(field: Field, is_video: bool) -> frozenset[str]:
    kind = "video" if is_video else "article"
    return frozenset(inner.name for inner in field.fields if inner.required.applies(kind))


def missing(field: Field, value: dict[Any, Any]) -> list[str]:
    """Return the names of the required fields that a mapping lacks, in the order of FIELDS."""
    names = _required(field, _is_video(field, value))
    if names <= value.keys():
        return []
    return [inner.name for inner in field.fields if inner.name in names and inner.name not in value]


def _is_video(field: Field, value: dict[Any, Any]) -> bool:
    """Return whether a mapping is that of a video.

    If its type is missing or wrong, that finding is enough: its URL shows what it is.
    """
    kind = value.get("type")
    if kind == "video" or "webUrl" in value or "originalUrl" not in value:
        return kind == "video"
    return not any(inner.name == "type" and kind in inner.choices for inner in field.fields)


def is_removed(field: Field, key: str) -> bool:
    """Return whether a key of a mapping is a built-in field that the configuration removes."""
    if key in names_of(field):
        return False
    name = {"": "", "entry": "related"}.get(field.name, field.name)
    built_in = field_named(name, BUILT_IN) if name else BUILT_IN
    return built_in is not None and key in names_of(built_in.item or built_in)


def misspelt(field: Field, value: dict[Any, Any]) -> dict[str, str]:
    """Return the unknown keys that are close to a known one that is missing: ``{key: known}``.

    Of a key with odd characters, such as a no-break blank before it or a value glued to it, the first word
    counts. Only the first ``MAX_FINDINGS`` unknown keys are compared, because each comparison takes long.
    """
    known = known_keys(field)
    if value.keys() <= known:
        return {}
    absent = [inner.name for inner in field.fields if inner.name not in value]
    needed = set(missing(field, value))
    found: dict[str, str] = {}
    unknown = (
        key for key in value if isinstance(key, str) and key not in known and not is_removed(field, key)
    )
    for key in islice(unknown, MAX_FINDINGS):
        left = [name for name in absent if name not in found.values()]
        word = first_word(key).casefold()
        near = nearest(key[:_MAX_KEY_LENGTH], left, most=1, cutoff=0.8, beginnings=False)
        if not near:  # of fields that must be there, also those that are less alike
            near = nearest(key, needed.intersection(left), most=1, cutoff=0.75, beginnings=False)
        if not near:
            near = [name for name in left if name.casefold() == word]
        if near:
            found[key] = near[0]
    return found


BOOLEAN_WORDS = frozenset({"no", "off", "yes", "on"})
"""The words, in lower case, that are booleans in YAML 1.1 and texts in YAML 1.2."""

USUAL_TEXT = re.compile(
    r"(?=[^a-z]*[a-z])[A-Za-z0-9](?:[ -%'-;=-~\u2013\u2014\u2018\u2019\u201c\u201d\u2026]*"
    r"[!-%'-;=-~\u2013\u2014\u2018\u2019\u201c\u201d\u2026])?"
)
"""A pattern of most texts, and of none that a rule reports: no markup, nothing invisible, not in capitals."""


def is_text(field: Field) -> bool:
    """Return whether a field is a text for readers: a title, an excerpt or a provider's name."""
    return field.name == "excerpt" or is_line(field)


def is_line(field: Field) -> bool:
    """Return whether a field is a text of one line: a title or a provider's name.

    The title of an image is none: it repeats that of the card.
    """
    return field.kind is FieldType.TEXT and field.filled and field.name in ("title", "name")


def is_text_or_topic(field: Field) -> bool:
    """Return whether a field is a text for readers or a topic."""
    return is_text(field) or field.name == "topic"


def first_word(key: str) -> str:
    """Return the first word of a key, without odd blanks, quotes and marks; empty if it begins with none."""
    match = re.match(_FIRST_WORD, key[:_MAX_KEY_LENGTH])
    return match[1] if match else ""


_FIRST_WORD = r"(?a)\W*([A-Za-z]+)(?![\w-])"
_MAX_KEY_LENGTH = 200


def first_difference(one: str, other: str) -> int:
    """Return where two texts begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def part_of(text: str, inner: str) -> Part:
    """Return where a text that stands in another one stands there first."""
    start = text.index(inner)
    return start, start + len(inner)


def blanks_around(text: str) -> Part:
    """Return the place of the blanks with which a text begins, else of those with which it ends."""
    start = len(text) - len(text.lstrip())
    return (0, start) if start else (len(text.rstrip()), len(text))


_ODD_AT_ENDS = rf"[{ODD_BLANKS[1:]}\xad\u200e\u200f\u202a-\u202e\u2061-\u2069\ufffe]+"
"""The characters of a text's ends that nobody sees; YAML itself drops blanks and tabs there."""

_AT_START, _AT_END = re.compile(_ODD_AT_ENDS), re.compile(rf"{_ODD_AT_ENDS}\Z")


def unseen_at_end(text: str) -> tuple[str, Part, str] | None:
    """Return a text without the odd blanks and invisible characters around it, and those of one end.

    These are their place, and a phrase for a message; ``None`` if there are none.
    """
    first, last = _AT_START.match(text), _AT_END.search(text)
    if (match := first or last) is None:
        return None
    start, end = first.end() if first else 0, last.start() if last else len(text)
    where = "before it" if match is first else "behind it"
    return text[start:end], match.span(), f"because of {character_name(match[0][0])} {where}"


Cleaner = Callable[[str], str]
CLEANERS: tuple[Cleaner, ...] = (without_entities, without_mojibake, without_invisible)
"""The functions that clean texts, one for each rule about texts."""
LINE_CLEANERS: tuple[Cleaner, ...] = (*CLEANERS, on_one_line, str.strip)
"""Those for titles, names and topics, which are one line."""
_MAX_PASSES = 16


def cleaning(field: Field, text: str, cleaner: Cleaner) -> Fix | None:
    """Return the fix that cleans a text for one rule; ``None`` if it is clean already.

    What is uncovered by that, and was not a problem before, is cleaned too: an entity at the end may be a
    blank. That may uncover more, so passes are repeated until nothing changes.
    """
    if cleaner is without_invisible and is_written_from_right_to_left(text):
        return None  # its marks may be meant
    cleaners = CLEANERS if field.name == "excerpt" else LINE_CLEANERS
    wanted = [cleaner, *(other for other in cleaners if other is not cleaner and other(text) == text)]
    clean, before = text, None
    for _ in range(_MAX_PASSES):
        if clean == before:
            break
        before = clean
        for each in wanted:
            clean = each(clean)
    return Fix(f"clean `{field.name}`", SetValue(clean)) if clean and clean != text else None


def spelled(name: str) -> str:
    """Return a name for a message, with the first character that cannot be seen, if it has one."""
    odd = oddity(name)
    return f"`{name}` (with {odd})" if odd else f"`{name}`"


def and_more(first: str, count: int) -> str:
    """Return the first of ``count`` things, followed by the number of others."""
    return f"{first} and {count - 1} more" if count > 1 else first


Path = tuple[Step, ...]


def thing_named(path: str) -> str:
    """Return what has the name that is a card's id: "file", or "folder" for a page bundle."""
    return "folder" if is_bundle(path) else "file"


def without_translations(rows: list[Row]) -> list[Row]:
    """Return rows that have something in common, without those that translate others of them.

    Cards are translations of each other if only the language in their paths differs. Of several languages,
    those in the one that has the most cards stay: two of these may still be duplicates.
    """
    if not any(languages_of(row.path) for row in rows):
        return rows
    left: set[int] = set()
    for same in grouped((_name_without_language(row), row) for row in rows).values():
        by_language = grouped((languages_of(row.path), row) for row in same)
        most: list[Row] = max(by_language.values(), key=len)
        left.update(map(id, most))
    return [row for row in rows if id(row) in left]


def _name_without_language(row: Row) -> str:
    return split_language(row.id)[0]


_MAX_ID_LENGTH = 50

_MAX_NAMED = 2
"""The number of other cards that a message names."""


def problem_of_group(
    facts: Facts,
    rule: Rule,
    spots: Sequence[Spot],
    message: Callable[[str], str],
    advice: str,
    name: Callable[[Row], str] = lambda row: row.id,
    *,
    explains: tuple[tuple[str, Path], ...] = (),
) -> Iterator[tuple[Row, Problem]]:
    """Yield one problem for several cards, at the last of them that is reported and has no comment on it.

    With ``facts.apart`` it is yielded at each of these. ``message`` is called with the names of the others.
    """
    places = facts.unignored(rule, [spot for spot in spots if facts.is_reported(spot.row)])
    for spot in places if facts.apart else places[-1:]:
        others = tuple(other for other in spots[: MAX_LISTED + 1] if other is not spot)[:MAX_LISTED]
        text = message(card_names([other.row for other in others], len(spots) - 1, name))
        yield spot.row, Problem(text, spot.path, help=advice, others=others, explains=explains)


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
    facts: Facts,
    rule: Rule,
    found: Iterable[tuple[str, Spot]],
    what: str,
    advice: Callable[[str], str],
    *,
    fixes: bool = False,
) -> Iterator[tuple[Row, Problem]]:
    """Yield a problem for each way but the most common one in which something is spelled.

    If none is the most common, the first is taken for right; but one with a character that cannot be seen
    (``names.oddity``) never is, if there is another. ``what`` says what is spelled; ``advice`` is called with
    the right spelling; with ``fixes``, a fix writes that, unless it is only the first.
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
    ranks = {spelling: (bool(oddity(spelling)), -len(spots)) for spelling, spots in cards.items()}
    usual, second = sorted(ranks, key=ranks.__getitem__)[:2]
    right = cards[usual]
    has_usual = {id(spot.row) for spot in right}
    for spelling, all_spots in places.items():
        # A card with both spellings repeats a topic, which is for another rule.
        spots = facts.unignored(rule, [spot for spot in all_spots if id(spot.row) not in has_usual])
        if spelling == usual:
            continue
        names = card_names([spot.row for spot in right[:_MAX_NAMED]], len(right))
        is_fixed = fixes and ranks[usual] < ranks[second]
        for at in facts.places_to_report(spot.row for spot in spots):
            yield (
                spots[at].row,
                Problem(
                    f"{what}{spelled(spelling)} is {spelled(usual)} in {names}",
                    spots[at].path,
                    help=advice(usual),
                    others=listed_others(spots, at) or tuple(right[:MAX_LISTED]),
                    fix=fix_everywhere(facts, spots, at, usual) if is_fixed else None,
                    suffix=same_elsewhere(len(spots) - 1, "other place"),
                ),
            )


def fix_everywhere(facts: Facts, spots: Sequence[Spot], at: int, text: str) -> Fix:
    """Return the fix that writes a text at the place at the position ``at``, and at the other places."""
    change = SetValue(text)
    rest = [*spots[:at], *spots[at + 1 :]] if not facts.apart else ()
    elsewhere = tuple(FixElsewhere(spot.row.path, spot.path, change) for spot in rest)
    return Fix(f"write `{text}`", change, elsewhere=elsewhere)


def same_elsewhere(count: int, singular: str, plural: str = "") -> str:
    """Return the end of a message: in how many other places the problem is the same; empty if in none."""
    return f"; the same in {counted(count, singular, plural)}" if count else ""
