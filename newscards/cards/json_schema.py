"""FIELDS as a JSON Schema, for editors and for tools that are not newscards.

A card that the schema rejects has a finding of a rule NC3 or NC4 (NC2 for ``published``);
``tests/commands/test_schema.py`` compares the two. The reverse does not hold: a schema cannot express
everything, so only the rules report, for example, a misspelt key or quotes around a date.

Each keyword means the same in draft 7 and in 2020-12, because many editors support no later draft than 7.
Each pattern means the same in ECMAScript (with and without ``u``) and in Python.
"""

from __future__ import annotations

from typing import Any

from newscards.cards.fields import BUILT_IN, Field, FieldType, Format, Required, card_field, dotted_names
from newscards.cards.urls import ON_SITE

DRAFT = "https://json-schema.org/draft/2020-12/schema"
ID = "urn:newscards:card"
TITLE = "A news card's front matter"

_TYPES = {
    FieldType.TEXT: "string",
    FieldType.INTEGER: "integer",
    FieldType.NUMBER: "number",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "string",
    FieldType.MAPPING: "object",
    FieldType.LIST: "array",
}
_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[^\s\x00-\x1f\x7f/?#:@\[\]]+)"
_LETTER = r"[^\s\x00-/:-@\[-^`{-\x7f]"  # ASCII's letters, digits and `_`, and all beyond ASCII
_LABEL = rf"{_LETTER}(?:(?:{_LETTER}|-){{0,61}}{_LETTER})?"
_BASE64 = "[A-Za-z0-9+/]"
_IV = f"{_BASE64}{{22}}=="  # 16 bytes
_URL = rf"^[Hh][Tt][Tt][Pp][Ss]?://(?:[^\s\x00-\x1f\x7f/?#@]*@)?{_HOST}(?::[0-9]{{0,5}})?(?:[/?#]|$)"
_PATTERNS = {
    Format.URL: _URL,
    Format.IMAGE_URL: rf"{_URL}|^{ON_SITE}$",
    Format.DOMAIN: rf"^{_LABEL}(?:\.{_LABEL})+$",
    # 48 bytes are 64 characters without padding; then 16, 32 or 48 more.
    Format.SECURED: f"^(?:{_BASE64}{{64}})*(?:{_BASE64}{{64}}|{_BASE64}{{43}}=|{_IV});{_IV}$",
}
_MAX_LENGTHS = {Format.DOMAIN: 253}
_TIMESTAMP = (
    r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]*)?)?"
    r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?)?$"
)
"""A timestamp of YAML 1.1 or of Ruby (``loader``). Unlike ``date-time`` it may be a day, or have no zone."""

DESCRIPTIONS = {
    "category": "What kind of card this is.",
    "title": "The headline.",
    "excerpt": "A summary; may be empty.",
    "publishedDateTime": "When the story was published, as 2023-06-20T15:44:00Z, without quotes."
    " It schedules nothing: the site shows a card whose date is in the future.",
    "originalUrl": "Where the story stands; a video has it in place of `webUrl`.",
    "webUrl": "Where the story stands: the whole URL.",
    "ampWebUrl": "The story's AMP page; together with `cdnAmpWebUrl`, or not at all.",
    "cdnAmpWebUrl": "The AMP page in a cache; together with `ampWebUrl`, or not at all.",
    "type": "An article has a `webUrl`, a video an `originalUrl`.",
    "quality": "The score; there is no maximum.",
    "heat": "-1 where another card of the same story is better; when above 0, `quality` or more.",
    "removed": "Taken down; then `published` is false.",
    "published": "Whether the site shows the card. `true` or `false`, without quotes: text shows it.",
    "featuredContent": "A video's player: HTML, an iframe.",
    "provider": "Who published the story.",
    "topics": "The site's topics that it is about; the first is the site's own, if `_config.yml` names none.",
    "topic": "The name of a topic, as the site's registry has it.",
    "images": "The story's pictures, or the provider's logo.",
    "image": "A picture.",
    "related": "Copies of the other cards of the same story, best first.",
    "entry": "Another card of the story.",
    "secured": "base64(ciphertext);base64(initialisation vector): to be copied whole or not at all.",
    "name": "The provider's name, as readers see it.",
    "domain": "The host of `webUrl`, or a parent of it, without scheme, port and path.",
    "url": "Where the picture is.",
    "width": "In pixels.",
    "height": "In pixels.",
    "isCached": "Whether the site has a copy of the picture.",
}
"""The description of each built-in field, which editors show."""


def card_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a card's front matter, with the fields of this run.

    Unknown keys are allowed, because they are warnings only.
    """
    return {
        "$schema": DRAFT,
        "$id": ID,
        "title": TITLE,
        "description": "The fields that newscards knows; `newscards validate` checks more than a schema can.",
        **_schema(card_field(), ""),
    }


_BUILT_IN = frozenset(dotted_names(BUILT_IN))


def _schema(field: Field, name: str) -> dict[str, Any]:
    """Return the schema of a field's value; ``name`` is dotted, and that of a list for its items, too."""
    schema: dict[str, Any] = {"type": _TYPES[field.kind]}
    about = field.help or (DESCRIPTIONS.get(field.name, "") if name in _BUILT_IN else "")
    if field.condition:
        where = f"required where {_condition(field)}"
        about = f"{about} ({where})" if about else f"R{where[1:]}"
    if about:
        schema = {"description": about, **schema}
    if field.choices:
        schema["enum"] = list(field.choices)
    if field.minimum is not None:
        schema["minimum"] = field.minimum
    if field.kind is FieldType.DATE:
        schema |= {"format": "date-time"} if field.has_zone else {}
        schema["pattern"] = _TIMESTAMP
    if field.filled:
        schema |= {"minItems": 1} if field.kind is FieldType.LIST else {"minLength": 1, "pattern": r"\S"}
    if field.format in _PATTERNS:
        schema["pattern"] = _PATTERNS[field.format]
    if field.format in _MAX_LENGTHS:
        schema["maxLength"] = _MAX_LENGTHS[field.format]
    if field.item:
        schema["items"] = _schema(field.item, name)
    if field.fields:
        schema["properties"] = {
            inner.name: _schema(inner, f"{name}.{inner.name}".removeprefix(".")) for inner in field.fields
        }
        schema |= _required(field)
    return schema


def _condition(field: Field) -> str:
    """Return the condition on which a field is required; it is SQL, which a schema cannot express."""
    return f"`{' '.join(field.condition.split())}`"


def _required(field: Field) -> dict[str, Any]:
    """Return the keywords for the required fields of a mapping; some depend on its ``type``."""
    schema: dict[str, Any] = {}
    if always := _names(field, Required.ALWAYS):
        schema["required"] = always
    videos, articles = _names(field, Required.VIDEOS), _names(field, Required.ARTICLES)
    if videos or articles:
        types = next((inner.choices for inner in field.fields if inner.name == "type"), ())
        by_url = {  # of no known type: a video if it has the URL of one, as for the rule `missing-field`
            "properties": {"type": {"not": {"enum": [*types]}}},
            "required": ["originalUrl"],
            "not": {"required": ["webUrl"]},
        }
        schema["if"] = {"anyOf": [{"properties": {"type": {"const": "video"}}, "required": ["type"]}, by_url]}
    if videos:
        schema["then"] = {"required": videos}
    if articles:
        schema["else"] = {"required": articles}
    return schema


def _names(field: Field, required: Required) -> list[str]:
    return [inner.name for inner in field.fields if inner.required is required]
