"""The one table of a card's fields: FIELDS, and what a configuration declares besides.

Types, checks, columns, the position of a new key, and the required fields all come from it. The facts
are those of CARDS.md, "The fields, in the order in which they stand", measured on 5,632 cards.
A new field also needs a text in ``json_schema.DESCRIPTIONS``.

``card_field`` returns the table of the run. What is computed from it must be computed for that table, as by a
cached function of it, and not when a module is imported: the configuration is read later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache
from typing import NamedTuple, TypeAlias

Choice: TypeAlias = str | int | float
"""A value that a field may have."""


class FieldType(Enum):
    """The type of a field's value, in the words that messages use."""

    TEXT = "text"
    INTEGER = "a whole number"
    NUMBER = "a number"
    BOOLEAN = "true or false"
    DATE = "a date"
    MAPPING = "a mapping"
    LIST = "a list"


class Required(Enum):
    """The cards that must have a field."""

    NEVER = "never"
    ALWAYS = "always"
    ARTICLES = "articles"  # all cards that are not videos
    VIDEOS = "videos"

    def applies(self, card_type: object) -> bool:
        """Return whether a card, or an entry of ``related``, of this ``type`` must have the field."""
        if self is Required.VIDEOS:
            return card_type == "video"
        if self is Required.ARTICLES:
            return card_type != "video"
        return self is Required.ALWAYS


class Format(Enum):
    """The format that a text must have."""

    ANY = "any text"
    URL = "an http or https URL"
    IMAGE_URL = "an http or https URL, or a path on the site"
    DOMAIN = "a bare host name"
    SECURED = "base64(ciphertext);base64(iv)"


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field: its type, the cards that must have it, and its valid values.

    ``choices`` are the valid values (any if empty); ``minimum`` is inclusive; ``filled`` means not
    empty; ``has_zone`` means that a date is a moment, with its time and zone; ``fields`` are those of a
    mapping; ``item`` is the field of each item of a list. A field that a
    configuration declares may have a ``condition``, an SQL expression that is true for the cards that must
    have it, and ``help``, a text about it.
    """

    name: str
    kind: FieldType
    required: Required = Required.NEVER
    format: Format = Format.ANY
    choices: tuple[Choice, ...] = ()
    minimum: int | None = None
    filled: bool = False
    has_zone: bool = False
    fields: tuple[Field, ...] = ()
    item: Field | None = None
    condition: str = ""
    help: str = ""


_ALWAYS = Required.ALWAYS
_IMAGE = Field(
    "image",
    FieldType.MAPPING,
    fields=(
        Field("url", FieldType.TEXT, _ALWAYS, Format.IMAGE_URL),
        Field("width", FieldType.INTEGER, minimum=1),
        Field("height", FieldType.INTEGER, minimum=1),
        Field("isCached", FieldType.BOOLEAN),
        Field("title", FieldType.TEXT),
    ),
)
_IMAGES = Field("images", FieldType.LIST, item=_IMAGE)
_PROVIDER_NAME = Field("name", FieldType.TEXT, _ALWAYS, filled=True)
_PROVIDER_DOMAIN = Field("domain", FieldType.TEXT, _ALWAYS, Format.DOMAIN)
_TITLE = Field("title", FieldType.TEXT, _ALWAYS, filled=True)
_EXCERPT = Field("excerpt", FieldType.TEXT, _ALWAYS)
_DATE = Field("publishedDateTime", FieldType.DATE, _ALWAYS, has_zone=True)
_WEB_URL = Field("webUrl", FieldType.TEXT, Required.ARTICLES, Format.URL)
_AMP_URL = Field("ampWebUrl", FieldType.TEXT, format=Format.URL)
_CDN_AMP_URL = Field("cdnAmpWebUrl", FieldType.TEXT, format=Format.URL)
_TYPE = Field("type", FieldType.TEXT, _ALWAYS, choices=("article", "video"))
_QUALITY = Field("quality", FieldType.INTEGER, _ALWAYS, minimum=0)

_ENTRY = Field(
    "entry",
    FieldType.MAPPING,
    fields=(
        _TITLE,
        _EXCERPT,
        _DATE,
        Field("originalUrl", FieldType.TEXT, format=Format.URL),
        _WEB_URL,
        _AMP_URL,
        _CDN_AMP_URL,
        _TYPE,
        Field("provider", FieldType.MAPPING, _ALWAYS, fields=(_PROVIDER_NAME, _PROVIDER_DOMAIN)),
        _QUALITY,
        _IMAGES,
    ),
)

FIELDS: tuple[Field, ...] = (
    Field("category", FieldType.TEXT, _ALWAYS, choices=("news",)),
    _TITLE,
    _EXCERPT,
    _DATE,
    Field("originalUrl", FieldType.TEXT, Required.VIDEOS, Format.URL),
    _WEB_URL,
    _AMP_URL,
    _CDN_AMP_URL,
    _TYPE,
    _QUALITY,
    Field("heat", FieldType.INTEGER, _ALWAYS, minimum=-1),
    Field("removed", FieldType.BOOLEAN),
    Field("published", FieldType.BOOLEAN, _ALWAYS),
    Field("featuredContent", FieldType.TEXT),
    Field("provider", FieldType.MAPPING, _ALWAYS, fields=(_PROVIDER_NAME, _PROVIDER_DOMAIN, _IMAGES)),
    Field("topics", FieldType.LIST, _ALWAYS, filled=True, item=Field("topic", FieldType.TEXT, filled=True)),
    _IMAGES,
    Field("related", FieldType.LIST, item=_ENTRY),
    Field("secured", FieldType.TEXT, format=Format.SECURED),
)
"""A card's fields, in the order of the file."""

BUILT_IN = Field("", FieldType.MAPPING, _ALWAYS, fields=FIELDS)
"""The card itself: the mapping that contains all fields; without what a configuration declares."""

TYPES: dict[str, tuple[FieldType, Format]] = {
    "text": (FieldType.TEXT, Format.ANY),
    "integer": (FieldType.INTEGER, Format.ANY),
    "number": (FieldType.NUMBER, Format.ANY),
    "boolean": (FieldType.BOOLEAN, Format.ANY),
    "date": (FieldType.DATE, Format.ANY),
    "url": (FieldType.TEXT, Format.URL),
    "list": (FieldType.LIST, Format.ANY),
    "mapping": (FieldType.MAPPING, Format.ANY),
}
"""The types that a field may be declared with: the words, and what they mean."""


class Declaration(NamedTuple):
    """A field that a configuration adds, changes or removes.

    ``name`` is dotted. ``type`` and ``of``, the type of the items of a list, are words of ``TYPES``.
    ``required`` may be the ``condition`` of a field. ``None`` leaves as it is what the table has; a new field
    is a text that no card must have.
    """

    name: str
    type: str | None = None
    of: str | None = None
    required: bool | str | None = None
    choices: tuple[Choice, ...] | None = None
    help: str | None = None
    remove: bool = False


@lru_cache(maxsize=16)
def card_with(declarations: tuple[Declaration, ...]) -> Field:
    """Return ``BUILT_IN`` with other fields.

    An entry of ``related`` is a copy of a card, so what it has of these fields changes, too; but a condition,
    which is about a card, asks nothing of an entry. Each declaration must be possible for the table that
    those before it make (``declared_fields``).
    """
    card = BUILT_IN
    declared = {each.name for each in declarations}
    for each in declarations:
        card = _with(card, each.name.split("."), each)
        copied = f"related.{each.name}"
        if copied not in declared and field_named(copied, card):
            required = False if isinstance(each.required, str) else each.required
            card = _with(card, copied.split("."), each._replace(required=required))
    return card


def _with(field: Field, names: Sequence[str], declaration: Declaration) -> Field:
    """Return a mapping, or a list of mappings, with what is declared of the field at ``names`` within it."""
    if field.item:
        return replace(field, item=_with(field.item, names, declaration))
    name, *rest = names
    old = next((inner for inner in field.fields if inner.name == name), None)
    if rest and old:
        new: Field | None = _with(old, rest, declaration)
    else:
        new = None if declaration.remove else _declared(old or Field(name, FieldType.TEXT), declaration)
    fields = [each for inner in field.fields if (each := new if inner is old else inner)]
    return replace(field, fields=(*fields, *([new] if new and not old else [])))


def _declared(field: Field, declaration: Declaration) -> Field:
    """Return a field as it is declared: a new one, or one of the table that changes."""
    kind, format_ = TYPES[declaration.type] if declaration.type else (field.kind, field.format)
    if kind is not field.kind:
        field = Field(field.name, kind, field.required, format_, condition=field.condition, help=field.help)
    field = replace(field, format=format_)
    if kind is FieldType.LIST:
        item = field.item or Field(field.name, FieldType.TEXT)
        if declaration.of and TYPES[declaration.of] != (item.kind, item.format):
            item_kind, item_format = TYPES[declaration.of]
            item = Field(item.name, item_kind, format=item_format)
        if declaration.choices is not None:
            item = replace(item, choices=declaration.choices)
        field = replace(field, item=item)
    elif declaration.choices is not None:
        field = replace(field, choices=declaration.choices)
    if declaration.required is not None:
        condition = declaration.required if isinstance(declaration.required, str) else ""
        required = _ALWAYS if declaration.required is True else Required.NEVER
        field = replace(field, required=required, condition=condition)
    return field if declaration.help is None else replace(field, help=declaration.help)


_current = BUILT_IN


def card_field() -> Field:
    """Return the card itself, with the fields that the configuration of this run declares."""
    return _current


def use_fields(card: Field = BUILT_IN) -> None:
    """Make a table, as ``card_with`` returns it, that of the run, before anything is computed from it."""
    global _current
    _current = card


JEKYLL_KEYS = (
    "layout",
    "permalink",
    "date",
    "categories",
    "tags",
    "tag",
    "draft",
    "slug",
    "ext",
    "excerpt_separator",
    "render_with_liquid",
    "regenerate",
    "redirect_from",
    "redirect_to",
)
"""Keys of a card that are no fields, and that Jekyll reads (its documentation, "Front Matter"; document.rb).

The last two are read by its plugin jekyll-redirect-from.
"""

BULKY = frozenset({"related", "secured"})
"""The fields that make nine tenths of a card's bytes; listings leave them out unless they are requested."""


def field_at(path: Sequence[object]) -> Field | None:
    """Return the field at a path of keys and indices, ``None`` if there is none."""
    field: Field | None = _current
    for step in path:
        if field is None:
            break
        field = field.item or (_by_name(field).get(step) if isinstance(step, str) else None)
    return field


def field_named(name: str, card: Field | None = None) -> Field | None:
    """Return the field with a dotted name, in which a list stands for its items: ``images.url``.

    ``card`` is the table; without it, that of the run. Return ``None`` if there is no such field.
    """
    field: Field | None = card or _current
    for step in name.split("."):
        field = _by_name(field.item or field).get(step) if field else None
    return field


@cache
def _by_name(field: Field) -> dict[str, Field]:
    return {inner.name: inner for inner in field.fields}


def dotted_names(field: Field | None = None, prefix: str = "") -> Iterator[str]:
    """Yield the dotted names of all fields: ``title``, ``provider.name``, ``images.url``, …."""
    field = field or _current
    for inner in (field.item or field).fields:
        yield prefix + inner.name
        yield from dotted_names(inner, f"{prefix}{inner.name}.")


def dotted_name(name: str) -> str:
    """Return the dotted name of a nested field that is written as a column of SQL: with ``_`` for each dot.

    ``provider_name`` is ``provider.name``. The name of a field, and any other name, is returned as it is.
    """
    return _dotted_by_joined(_current).get(name, name) if "_" in name else name


@cache
def _dotted_by_joined(card: Field) -> dict[str, str]:
    names = [*dotted_names(card)]
    joined = {
        name.replace(".", "_"): name for name in names if "." in name and not name.startswith("related.")
    }
    return {name: dotted for name, dotted in joined.items() if name not in names}


@cache
def own_fields(card: Field) -> dict[str, Field]:
    """Return the fields of a table that are not built in, by dotted name; without those of ``related``."""
    built_in = {*dotted_names(BUILT_IN)}
    names = [name for name in dotted_names(card) if name not in built_in and not name.startswith("related.")]
    found = {name: field_named(name, card) for name in names}
    return {name: field for name, field in found.items() if field}
