"""The tables and columns of SQL. Schema, values and the fields to read all come from ``tables``."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from newscards.cards.card import Card, whole_number
from newscards.cards.fields import FIELDS, Field, FieldType, card_field, own_fields
from newscards.cards.values import MISSING, column, full_name, iso, json_value, lookup, own_column
from newscards.lint.findings import Severity
from newscards.query.sql.data import TableData
from newscards.text import json_text, path_json


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, SQLite's type, a description, and a function from the data and a row to a value.

    ``fields`` are the dotted names of the card fields that it needs; with ``stories`` it also needs the
    cards' ``identities``. With ``is_boolean``, it holds 0 and 1, with ``is_date`` dates as text, and with
    ``is_list`` several names, separated by commas. With ``yields``, it is there only in SQL in which nothing
    else has its name, no column of another table and no declared field, and ``*`` does not stand for it; a
    card that has a field of its name has the value of that.
    """

    name: str
    type: str
    about: str
    value: Callable[[TableData, Any], object]
    fields: tuple[str, ...] = ()
    stories: bool = False
    is_boolean: bool = False
    is_date: bool = False
    is_list: bool = False
    yields: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, a description, its columns, and a function that returns the rows of some cards.

    If the rows are not those of single cards, the function ignores the cards, and ``of_corpus`` is true.
    """

    name: str
    about: str
    columns: tuple[Column, ...]
    rows: Callable[[TableData, Iterable[Card]], Iterable[Any]]
    fields: tuple[str, ...] = ()
    stories: bool = False
    of_corpus: bool = False

    def column(self, name: str) -> Column | None:
        """Return a column by its name, case-insensitively as in SQL, or ``None``."""
        return next((each for each in self.columns if each.name.casefold() == name.casefold()), None)


_TYPES = {
    FieldType.TEXT: "TEXT",
    FieldType.DATE: "TEXT",
    FieldType.INTEGER: "INTEGER",
    FieldType.NUMBER: "REAL",
    FieldType.BOOLEAN: "INTEGER",
}
_ABOUT = {FieldType.DATE: "ISO 8601, as 2023-06-20T15:44:00Z", FieldType.BOOLEAN: "0 or 1"}


def _scalars(fields: Sequence[Field], above: str = "") -> Iterator[tuple[str, Field]]:
    """Yield the dotted names of the fields that hold a single value, also inside mappings."""
    for field in fields:
        if field.kind is FieldType.MAPPING:
            yield from _scalars(field.fields, f"{above}{field.name}.")
        elif field.kind in _TYPES:
            yield above + field.name, field


def _about(field: Field) -> str:
    return field.help or _ABOUT.get(field.kind, "") or " or ".join(map(str, field.choices[:_MAX_CHOICES]))


_MAX_CHOICES = 5
"""The number of choices that a description lists."""
_NUMBERS = (FieldType.INTEGER, FieldType.NUMBER)


def _card_column(name: str, field: Field) -> Column:
    def value(data: TableData, card: Card) -> object:
        return sql_value(own_column(card, name))

    def number(data: TableData, card: Card) -> object:
        return sql_number(lookup(card.fields, name))

    make = number if field.kind in _NUMBERS else value
    return Column(
        name.replace(".", "_"),
        _TYPES[field.kind],
        _about(field),
        make,
        (full_name(name),),
        is_boolean=field.kind is FieldType.BOOLEAN,
        is_date=field.kind is FieldType.DATE,
    )


def _json_column(name: str, field: Field) -> Column:
    """Return the column of a list or a mapping that the configuration declares."""
    about = field.help or ("a list, as JSON" if field.kind is FieldType.LIST else "a mapping, as JSON")
    return replace(unknown_column(full_name(name)), name=name, about=about)


def unknown_column(name: str) -> Column:
    """Return the column of ``cards`` for a field that is not in ``FIELDS`` but may be in some cards."""
    return Column(name, "", "", lambda data, card: sql_value(column(card, name)), (name,))


def _field_columns(card: Field, taken: Iterable[str]) -> Iterator[Column]:
    """Yield the columns for the fields of a card. A name that is ``taken`` gets the prefix ``field_``."""
    used = {*map(str.casefold, taken)}
    columns = [_card_column(name, field) for name, field in _scalars(card.fields)]
    for name, field in own_fields(card).items():
        if field.kind in (FieldType.LIST, FieldType.MAPPING) and "." not in name:
            columns.append(_json_column(name, field))
    for each in columns:
        name = each.name
        while name.casefold() in used:
            name = f"field_{name}"
        used.add(name.casefold())
        yield each if name == each.name else replace(each, name=name)


Item = tuple[Card, int, Any]
"""A card, a position in one of its lists (from 1), and the item there."""


def _item_column(name: str, field: Field, list_name: str) -> Column:
    def value(data: TableData, item: Item) -> object:
        card, position, fields = item
        found = lookup(fields, name)
        if found is MISSING or isinstance(found, str | int | None):
            return sql_value(found)
        if card.irregular:
            found = column(card, f"{list_name}[{position - 1}].{name}")
        return sql_value(json_value(found))

    def number(data: TableData, item: Item) -> object:
        return sql_number(lookup(item[2], name))

    make = number if field.kind in _NUMBERS else value
    return Column(
        name.replace(".", "_"),
        _TYPES[field.kind],
        _about(field),
        make,
        is_boolean=field.kind is FieldType.BOOLEAN,
        is_date=field.kind is FieldType.DATE,
    )


def _items(name: str) -> Callable[[TableData, Iterable[Card]], Iterator[Item]]:
    def items(data: TableData, cards: Iterable[Card]) -> Iterator[Item]:
        for card in cards:
            found = card.fields.get(name)
            if name == "topics" and isinstance(found, str):
                found = [found]
            if isinstance(found, list):
                for at, each in enumerate(found, 1):
                    if isinstance(each, str) or name != "topics":
                        yield card, at, each

    return items


def _inner(card: Field, name: str) -> tuple[Field, ...]:
    """Return the fields of the items of a list: those that are built in if the table has no such list."""
    for field in (*card.fields, *FIELDS):
        if field.name == name and field.item:
            return field.item.fields
    return ()


_ITEM_COLUMNS = (
    Column("path", "TEXT", "the file of the card", lambda data, item: data.path(item[0])),
    Column("position", "INTEGER", "where it stands, from 1", lambda data, item: item[1]),
)

_IDENTITY = (
    Column("path", "TEXT", "the file", lambda data, card: data.path(card)),
    Column("id", "TEXT", "the file's name without its ending, or the folder's of a page bundle",
           lambda data, card: sql_value(card.id)),
)  # fmt: skip


def _own_or(name: str, compute: Callable[[Card], Any], card: Card) -> Any:
    """Return the value of a card's own field, or what is computed where it has none."""
    own = own_column(card, name)
    return compute(card) if own is MISSING else own


_COMPUTED = (
    Column("topics", "TEXT", "all topics, separated by commas; see also has_topic('AI')",
           lambda data, card: ", ".join(card.topics) or None, ("topics",), is_list=True),
    Column("shown", "INTEGER", "0 or 1: whether the flag shows the card, as for --published",
           lambda data, card: int(card.published), ("published",), is_boolean=True),
    Column("page", "INTEGER", "0 or 1: whether the site gives it a page of its own, as `why` says",
           lambda data, card: sql_value(_own_or("page", data.has_page, card)), ("page",),
           is_boolean=True, yields=True),
    Column("url", "TEXT", "its webUrl, or originalUrl where there is none",
           lambda data, card: sql_value(_own_or("url", lambda card: card.url or None, card)),
           ("webUrl", "originalUrl", "url"), yields=True),
    Column("age_days", "INTEGER", "how many days ago it was published, in UTC",
           lambda data, card: data.age(card), ("publishedDateTime",)),
    Column("related_count", "INTEGER", "how many entries its `related` has",
           lambda data, card: data.related_count(card), stories=True),
    Column("story", "TEXT", "the id of the head of its story",
           lambda data, card: data.story_name(data.story(card)), stories=True),
    Column("story_size", "INTEGER", "how many cards its story has",
           lambda data, card: len(data.story(card).cards), stories=True),
    Column("story_published", "INTEGER", "how many cards of its story are shown",
           lambda data, card: len(data.story(card).published), stories=True),
    Column("errors", "INTEGER", "how many errors `validate CARD` finds in it",
           lambda data, card: data.count(card, Severity.ERROR)),
    Column("warnings", "INTEGER", "how many warnings",
           lambda data, card: data.count(card, Severity.WARNING)),
)  # fmt: skip
"""The columns of ``cards`` that are no fields."""


def computed_columns() -> dict[str, Column]:
    """Return by name the columns of ``cards`` that are in no field, but which newscards computes."""
    return {each.name: each for each in cards_table().columns if is_computed(each) and not each.is_list}


def is_computed(column: Column) -> bool:
    """Return whether newscards computes a column of ``cards``, and no field has it."""
    return column in _COMPUTED


def field_of_heading(heading: str) -> str:
    """Return the field that a table shows below a heading of another name; empty if there is none."""
    return _OF_HEADINGS.get(heading.casefold(), "")


_OF_HEADINGS = {
    "date": "publishedDateTime",
    "day": "publishedDateTime",
    "utc": "publishedDateTime",
    "qual": "quality",
    "provider": "provider.name",
    "source": "provider.name",
    "headline": "title",
    "flag": "published",
}


def joined_columns() -> dict[str, str]:
    """Return the columns of nested fields, such as ``provider_name``, by the lower-case dotted name."""
    return {
        each.fields[0].casefold(): each.name
        for each in cards_table().columns
        if len(each.fields) == 1 and "." in each.fields[0].removeprefix("card.")
    }


def cards_table() -> Table:
    """Return the table of the cards, with a column for each field of this run."""
    return tables()["cards"]


def tables() -> Mapping[str, Table]:
    """Return the tables, by name, with columns for the fields of this run."""
    return _tables(card_field())


@cache
def _tables(card: Field) -> Mapping[str, Table]:
    fixed = [each.name for each in (*_IDENTITY, *_COMPUTED) if not each.yields]
    fields = [*_field_columns(card, fixed)]
    named = {each.name.casefold() for each in fields}
    computed = [each for each in _COMPUTED if not (each.yields and each.name in named)]
    found = (
        Table(
            "cards",
            "the cards; what a card lacks is NULL",
            (*_IDENTITY, *fields, *computed),
            lambda data, cards: cards,
        ),
        Table(
            "topics",
            "the topics of each card",
            (*_ITEM_COLUMNS, Column("topic", "TEXT", "", lambda data, item: sql_value(item[2]))),
            _items("topics"),
            ("topics",),
        ),
        Table(
            "related",
            "the entries of `related`",
            (
                *_ITEM_COLUMNS,
                Column("copy_of", "TEXT", "the file of the card that it copies",
                       lambda data, item: data.copied(item[0], item[1]), stories=True),
                *(_item_column(name, field, "related") for name, field in _scalars(_inner(card, "related"))),
            ),
            _items("related"),
            ("related",),
        ),
        Table(
            "images",
            "the images of each card",
            (
                *_ITEM_COLUMNS,
                *(_item_column(name, field, "images") for name, field in _scalars(_inner(card, "images"))),
            ),
            _items("images"),
            ("images",),
        ),
        Table(
            "stories",
            "the stories: sets of cards that list each other; a card in no other is a story of its own",
            (
                Column("story", "TEXT", "the id of its head, as in cards.story",
                       lambda data, story: data.story_name(story)),
                Column("head", "TEXT", "the file of its head, as in cards.path",
                       lambda data, story: data.path(story.head)),
                Column("headline", "TEXT", "the title of its head",
                       lambda data, story: sql_value(story.head.title)),
                Column("size", "INTEGER", "how many cards it has", lambda data, story: len(story.cards)),
                Column("provider_name", "TEXT", "the provider of its head",
                       lambda data, story: sql_value(column(story.head, "provider.name")),
                       ("provider.name",)),
                Column("sources", "TEXT", "all providers, separated by commas",
                       lambda data, story: sql_value(", ".join(story.sources)), ("provider.name",)),
                Column("source_count", "INTEGER", "how many providers",
                       lambda data, story: len(story.sources), ("provider.name",)),
                Column("first", "TEXT", "the date of its first card",
                       lambda data, story: iso(story.dates[0]) if story.dates else None, is_date=True),
                Column("last", "TEXT", "the date of its last card",
                       lambda data, story: iso(story.dates[-1]) if story.dates else None, is_date=True),
                Column("published_cards", "INTEGER", "how many of its cards are shown",
                       lambda data, story: len(story.published)),
                Column("problems", "TEXT",
                       "what is wrong, separated by commas; see `newscards stories --help`",
                       lambda data, story: ", ".join(story.problems) or None),
            ),
            lambda data, cards: data.stories,
            stories=True,
            of_corpus=True,
        ),
        Table(
            "findings",
            "what `validate CARD` finds in each card",
            (
                Column("path", "TEXT", "the file of the card", lambda data, finding: sql_value(finding.path)),
                Column("code", "TEXT", "as NC201", lambda data, finding: finding.rule.code),
                Column("rule", "TEXT", "the rule's name", lambda data, finding: finding.rule.name),
                Column("severity", "TEXT", "error or warning", lambda data, finding: str(finding.severity)),
                Column("line", "INTEGER", "", lambda data, finding: finding.line),
                Column("column", "INTEGER", "", lambda data, finding: finding.column),
                Column("field", "TEXT", "as related[3].title",
                       lambda data, finding: sql_value(finding.field)),
                Column("message", "TEXT", "", lambda data, finding: sql_value(finding.message)),
            ),
            lambda data, cards: data.findings,
            of_corpus=True,
        ),
    )  # fmt: skip
    return {table.name: table for table in found}


_MAX_INTEGER = (1 << 63) - 1


def sql_value(value: Any) -> object:
    """Return a JSON value for SQLite: booleans as 0 and 1, lists and mappings as JSON, no value as NULL.

    Lone surrogates, which stand for bytes of a path that are not UTF-8, become U+FFFD.
    """
    if isinstance(value, str):
        return path_json(value)
    if value is None or value is MISSING:
        return None
    if isinstance(value, int | float):
        return sql_number(value) if not isinstance(value, bool) else int(value)
    return path_json(json_text(value))


def sql_number(value: object) -> int | float | None:
    """Return a number for SQLite, or ``None`` if ``value`` is not one: SQLite sorts text above all numbers.

    A whole number of more than 64 bits becomes a float, infinite if it is too large for one.
    """
    number = whole_number(value)
    if number is None or number != number:
        return None
    if isinstance(number, int) and not -_MAX_INTEGER <= number <= _MAX_INTEGER:
        try:
            return float(number)
        except OverflowError:
            return math.inf if number > 0 else -math.inf
    return number
