"""TABLES: the one table of what SQL can ask for; schema, values and what is to be read come from it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newscards.cards.card import Card, whole_number
from newscards.cards.fields import FIELDS, Field, FieldType
from newscards.cards.values import MISSING, column, iso, lookup
from newscards.lint.findings import Severity
from newscards.query.sql.data import TableData
from newscards.text import json_text, path_json


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, SQLite's type, what it is, and how it is made of the contents and a row.

    ``fields`` are the dotted names of what is needed of the cards; ``stories``, that it needs their
    ``identities``, too.
    """

    name: str
    type: str
    about: str
    value: Callable[[TableData, Any], object]
    fields: tuple[str, ...] = ()
    stories: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, what it holds, its columns, and its rows, which the columns are asked of."""

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[TableData], Iterable[Any]]
    fields: tuple[str, ...] = ()
    stories: bool = False

    def column(self, name: str) -> Column | None:
        """Return a column by its name, in any case, as SQL has it."""
        return next((each for each in self.columns if each.name.casefold() == name.casefold()), None)


_TYPES = {
    FieldType.TEXT: "TEXT",
    FieldType.DATE: "TEXT",
    FieldType.INTEGER: "INTEGER",
    FieldType.BOOLEAN: "INTEGER",
}
_ABOUT = {FieldType.DATE: "ISO 8601, as 2023-06-20T15:44:00Z", FieldType.BOOLEAN: "0 or 1"}


def _scalars(fields: Sequence[Field], above: str = "") -> Iterator[tuple[str, Field]]:
    """Yield the dotted names of fields that hold one value, those of mappings included."""
    for field in fields:
        if field.kind is FieldType.MAPPING:
            yield from _scalars(field.fields, f"{above}{field.name}.")
        elif field.kind in _TYPES:
            yield above + field.name, field


def _about(field: Field) -> str:
    return _ABOUT.get(field.kind, "") or " or ".join(field.choices)


def _of_card(name: str, field: Field) -> Column:
    def value(contents: TableData, card: Card) -> object:
        return sql_value(column(card, name))

    def number(contents: TableData, card: Card) -> object:
        return sql_number(lookup(card.fields, name))

    made = number if field.kind is FieldType.INTEGER else value
    return Column(name.replace(".", "_"), _TYPES[field.kind], _about(field), made, (name,))


def unknown_column(name: str) -> Column:
    """Return the column of ``cards`` for a field that is not in ``FIELDS``, and some cards may have."""
    return Column(name, "", "", lambda contents, card: sql_value(column(card, name)), (name,))


Part = tuple[Card, int, Any]
"""Something that stands in a list of a card, and where in it, from 1."""


def _of_part(name: str, field: Field, of: str) -> Column:
    def value(contents: TableData, part: Part) -> object:
        found = lookup(part[2], name)
        if isinstance(found, str | int | None):
            return sql_value(found)
        return sql_value(column(part[0], f"{of}[{part[1] - 1}].{name}"))

    def number(contents: TableData, part: Part) -> object:
        return sql_number(lookup(part[2], name))

    made = number if field.kind is FieldType.INTEGER else value
    return Column(name.replace(".", "_"), _TYPES[field.kind], _about(field), made)


def _parts(name: str) -> Callable[[TableData], Iterator[Part]]:
    def parts(contents: TableData) -> Iterator[Part]:
        for card in contents.cards:
            found = card.fields.get(name)
            if name == "topics" and isinstance(found, str):
                found = [found]
            if isinstance(found, list):
                for at, each in enumerate(found, 1):
                    if isinstance(each, str) or name != "topics":
                        yield card, at, each

    return parts


def _inner(name: str) -> tuple[Field, ...]:
    (field,) = (field for field in FIELDS if field.name == name)
    return field.item.fields if field.item else ()


_PLACE = (
    Column("path", "TEXT", "the file of the card", lambda contents, part: contents.path(part[0])),
    Column("position", "INTEGER", "where it stands, from 1", lambda contents, part: part[1]),
)

CARDS = Table(
    "cards",
    "the cards; what a card lacks is NULL",
    (
        Column("path", "TEXT", "the file", lambda contents, card: contents.path(card)),
        Column("id", "TEXT", "the file's name without its ending", lambda contents, card: sql_value(card.id)),
        *(_of_card(name, field) for name, field in _scalars(FIELDS)),
        Column("topics", "TEXT", "all topics, by commas; see also has_topic('AI')",
               lambda contents, card: ", ".join(card.topics) or None, ("topics",)),
        Column("shown", "INTEGER", "0 or 1: what the flag makes the site do, as --published has it",
               lambda contents, card: int(card.published), ("published",)),
        Column("age_days", "INTEGER", "how many days ago it was published, in UTC",
               lambda contents, card: contents.age(card), ("publishedDateTime",)),
        Column("related_count", "INTEGER", "how many entries its `related` has",
               lambda contents, card: contents.related_count(card), stories=True),
        Column("story", "TEXT", "the id of the head of its story",
               lambda contents, card: contents.story_name(contents.story(card)), stories=True),
        Column("story_size", "INTEGER", "how many cards its story has",
               lambda contents, card: len(contents.story(card).cards), stories=True),
        Column("story_published", "INTEGER", "how many cards of its story are shown",
               lambda contents, card: len(contents.story(card).published), stories=True),
        Column("errors", "INTEGER", "how many errors `validate` finds in it",
               lambda contents, card: contents.count(card, Severity.ERROR)),
        Column("warnings", "INTEGER", "how many warnings",
               lambda contents, card: contents.count(card, Severity.WARNING)),
    ),
    lambda contents: contents.cards,
)  # fmt: skip

TABLES: Mapping[str, Table] = {
    table.name: table
    for table in (
        CARDS,
        Table(
            "topics",
            "the topics of each card",
            (*_PLACE, Column("topic", "TEXT", "", lambda contents, part: sql_value(part[2]))),
            _parts("topics"),
            ("topics",),
        ),
        Table(
            "related",
            "the entries of `related`",
            (
                *_PLACE,
                Column("copy_of", "TEXT", "the file of the card that it copies",
                       lambda contents, part: contents.copied(part[0], part[1]), stories=True),
                *(_of_part(name, field, "related") for name, field in _scalars(_inner("related"))),
            ),
            _parts("related"),
            ("related",),
        ),
        Table(
            "images",
            "the images of each card",
            (*_PLACE, *(_of_part(name, field, "images") for name, field in _scalars(_inner("images")))),
            _parts("images"),
            ("images",),
        ),
        Table(
            "stories",
            "the stories: sets of cards that list each other; one card alone is one, too",
            (
                Column("story", "TEXT", "the id of its head, as in cards.story",
                       lambda contents, story: contents.story_name(story)),
                Column("head", "TEXT", "the file of its head, as in cards.path",
                       lambda contents, story: contents.path(story.head)),
                Column("headline", "TEXT", "the title of its head",
                       lambda contents, story: sql_value(story.head.title)),
                Column("size", "INTEGER", "how many cards it has", lambda contents, story: len(story.cards)),
                Column("provider_name", "TEXT", "the provider of its head",
                       lambda contents, story: sql_value(column(story.head, "provider.name")),
                       ("provider.name",)),
                Column("sources", "TEXT", "all providers, by commas",
                       lambda contents, story: sql_value(", ".join(story.sources)), ("provider.name",)),
                Column("source_count", "INTEGER", "how many providers",
                       lambda contents, story: len(story.sources), ("provider.name",)),
                Column("first", "TEXT", "the date of its first card",
                       lambda contents, story: iso(story.dates[0]) if story.dates else None),
                Column("last", "TEXT", "the date of its last card",
                       lambda contents, story: iso(story.dates[-1]) if story.dates else None),
                Column("published_cards", "INTEGER", "how many of its cards are shown",
                       lambda contents, story: len(story.published)),
                Column("problems", "TEXT", "what is wrong, by commas; see `newscards stories --help`",
                       lambda contents, story: ", ".join(story.problems) or None),
            ),
            lambda contents: contents.stories,
            stories=True,
        ),
        Table(
            "findings",
            "what `validate` finds",
            (
                Column("path", "TEXT", "the file of the card", lambda contents, found: sql_value(found.path)),
                Column("code", "TEXT", "as NC201", lambda contents, found: found.rule.code),
                Column("rule", "TEXT", "the rule's name", lambda contents, found: found.rule.name),
                Column("severity", "TEXT", "error or warning", lambda contents, found: str(found.severity)),
                Column("line", "INTEGER", "", lambda contents, found: found.line),
                Column("column", "INTEGER", "", lambda contents, found: found.column),
                Column("field", "TEXT", "as related[3].title",
                       lambda contents, found: sql_value(found.field)),
                Column("message", "TEXT", "", lambda contents, found: sql_value(found.message)),
            ),
            lambda contents: contents.findings,
        ),
    )
}  # fmt: skip

_LARGEST = (1 << 63) - 1


def sql_value(value: Any) -> object:
    """Return a JSON value as SQLite has it: booleans 0 and 1, lists and mappings as JSON, nothing as NULL.

    Half a surrogate pair, and so a byte of a path that is not UTF-8, is U+FFFD.
    """
    if isinstance(value, str):
        return path_json(value)
    if value is None or value is MISSING:
        return None
    if isinstance(value, int | float):
        return sql_number(value) if not isinstance(value, bool) else int(value)
    return path_json(json_text(value))


def sql_number(value: object) -> int | float | None:
    """Return a number as SQLite has it, ``None`` for what is none: to SQLite text is above all numbers.

    One that is too large for its 64 bits is a floating one, perhaps infinite.
    """
    number = whole_number(value)
    if number is None or number != number:
        return None
    if isinstance(number, int) and not -_LARGEST <= number <= _LARGEST:
        try:
            return float(number)
        except OverflowError:
            return math.inf if number > 0 else -math.inf
    return number
