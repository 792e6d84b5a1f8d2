"""FIELDS: the one table of a card's fields.

Types, checks, columns, the position of a new key, and the required fields all come from it. The facts
are those of CARDS.md, "The fields, in the order in which they stand", measured on 5,632 cards.
A new field also needs a text in ``json_schema.DESCRIPTIONS``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache


class FieldType(Enum):
    """The type of a field's value, in the words that messages use."""

    TEXT = "text"
    INTEGER = "a whole number"
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
    DOMAIN = "a bare host name"
    SECURED = "base64(ciphertext);base64(iv)"


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field: its type, the cards that must have it, and its valid values.

    ``choices`` are the valid texts (any if empty); ``minimum`` is inclusive; ``filled`` means not
    empty; ``fields`` are those of a mapping; ``item`` is the field of each item of a list.
    """

    name: str
    kind: FieldType
    required: Required = Required.NEVER
    format: Format = Format.ANY
    choices: tuple[str, ...] = ()
    minimum: int | None = None
    filled: bool = False
    fields: tuple[Field, ...] = ()
    item: Field | None = None


_ALWAYS = Required.ALWAYS
_IMAGE = Field(
    "image",
    FieldType.MAPPING,
    fields=(
        Field("url", FieldType.TEXT, _ALWAYS, Format.URL),
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
_DATE = Field("publishedDateTime", FieldType.DATE, _ALWAYS)
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

CARD = Field("", FieldType.MAPPING, _ALWAYS, fields=FIELDS)
"""The card itself: the mapping that contains all fields."""


def card_with(choices: Mapping[str, tuple[str, ...]], field: Field = CARD) -> Field:
    """Return ``CARD`` with other choices for the fields with these names, in ``related`` too."""
    return replace(
        field,
        choices=choices.get(field.name, field.choices),
        fields=tuple(card_with(choices, inner) for inner in field.fields),
        item=card_with(choices, field.item) if field.item else None,
    )


BULKY = frozenset({"related", "secured"})
"""The fields that make nine tenths of a card's bytes; listings leave them out unless they are requested."""


def field_at(path: Sequence[object]) -> Field | None:
    """Return the field at a path of keys and indices, ``None`` if there is none."""
    field: Field | None = CARD
    for step in path:
        if field is None:
            break
        field = field.item or (_by_name(field).get(step) if isinstance(step, str) else None)
    return field


@cache
def _by_name(field: Field) -> dict[str, Field]:
    return {inner.name: inner for inner in field.fields}


def dotted_names(field: Field = CARD, prefix: str = "") -> Iterator[str]:
    """Yield the dotted names of all fields: ``title``, ``provider.name``, ``images.url``, …."""
    for inner in (field.item or field).fields:
        yield prefix + inner.name
        yield from dotted_names(inner, f"{prefix}{inner.name}.")
