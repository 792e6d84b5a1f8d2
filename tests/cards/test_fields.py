"""FIELDS is what CARDS.md measured, and agrees with the cards that there are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from newscards.cards.card import Card
from newscards.cards.fields import BUILT_IN, BULKY, FIELDS, Field, FieldType, Format, Required, dotted_names
from newscards.corpus.corpus import Corpus
from tests.support import ROOT

NAMES = [field.name for field in FIELDS]


def all_fields(field: Field = BUILT_IN) -> Iterator[Field]:
    yield field
    for inner in (*field.fields, *([field.item] if field.item else [])):
        yield from all_fields(inner)


def find(name: str) -> Field:
    field = BUILT_IN
    for step in name.split("."):
        (field,) = (inner for inner in (field.item or field).fields if inner.name == step)
    return field


def test_the_fields_stand_in_the_order_of_real_cards() -> None:
    assert NAMES == [
        "category", "title", "excerpt", "publishedDateTime", "originalUrl", "webUrl", "ampWebUrl",
        "cdnAmpWebUrl", "type", "quality", "heat", "removed", "published", "featuredContent", "provider",
        "topics", "images", "related", "secured",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (FieldType.INTEGER, ["quality", "heat"]),
        (FieldType.BOOLEAN, ["removed", "published"]),
        (FieldType.DATE, ["publishedDateTime"]),
        (FieldType.MAPPING, ["provider"]),
        (FieldType.LIST, ["topics", "images", "related"]),
    ],
)
def test_all_fields_are_text_but_for_these(kind: FieldType, names: list[str]) -> None:
    assert [field.name for field in FIELDS if field.kind is kind] == names


def test_the_fields_that_every_card_has_are_required() -> None:
    assert [field.name for field in FIELDS if field.required is Required.ALWAYS] == [
        "category", "title", "excerpt", "publishedDateTime", "type", "quality", "heat", "published",
        "provider", "topics",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("required", "card_type", "expected"),
    [
        (Required.ALWAYS, "article", True),
        (Required.ALWAYS, None, True),
        (Required.NEVER, "video", False),
        (Required.ARTICLES, "article", True),
        (Required.ARTICLES, "video", False),
        (Required.ARTICLES, None, True),
        (Required.ARTICLES, ["video"], True),
        (Required.VIDEOS, "video", True),
        (Required.VIDEOS, "article", False),
        (Required.VIDEOS, None, False),
    ],
)
def test_what_is_required_depends_on_the_type(required: Required, card_type: object, expected: bool) -> None:
    assert required.applies(card_type) is expected


def test_only_articles_must_have_a_web_url_and_only_videos_an_original_one() -> None:
    assert find("webUrl").required is Required.ARTICLES
    assert find("originalUrl").required is Required.VIDEOS


@pytest.mark.parametrize(
    ("name", "minimum"),
    [("quality", 0), ("heat", -1), ("images.width", 1), ("images.height", 1), ("related.quality", 0)],
)
def test_numbers_have_the_least_that_was_seen(name: str, minimum: int) -> None:
    assert find(name).minimum == minimum


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("webUrl", Format.URL),
        ("originalUrl", Format.URL),
        ("ampWebUrl", Format.URL),
        ("cdnAmpWebUrl", Format.URL),
        ("images.url", Format.IMAGE_URL),
        ("provider.images.url", Format.IMAGE_URL),
        ("related.webUrl", Format.URL),
        ("provider.domain", Format.DOMAIN),
        ("related.provider.domain", Format.DOMAIN),
        ("secured", Format.SECURED),
        ("title", Format.ANY),
    ],
)
def test_texts_have_their_format(name: str, form: Format) -> None:
    assert find(name).format is form


def test_an_entry_of_related_has_the_fields_that_describe_a_card_in_their_order() -> None:
    entry = find("related").item
    assert entry
    assert [field.name for field in entry.fields] == [
        "title", "excerpt", "publishedDateTime", "originalUrl", "webUrl", "ampWebUrl", "cdnAmpWebUrl", "type",
        "provider", "quality", "images",
    ]  # fmt: skip


def test_the_properties_of_a_field_fit_its_kind() -> None:
    for field in all_fields():
        assert not field.choices or field.kind is FieldType.TEXT
        assert field.format is Format.ANY or field.kind is FieldType.TEXT
        assert field.minimum is None or field.kind is FieldType.INTEGER
        assert not field.filled or field.kind in (FieldType.TEXT, FieldType.LIST)
        assert bool(field.fields) is (field.kind is FieldType.MAPPING)
        assert bool(field.item) is (field.kind is FieldType.LIST)
        names = [inner.name for inner in field.fields]
        assert len(names) == len(set(names))


def test_the_bulky_fields_are_fields() -> None:
    assert set(NAMES) >= BULKY


def test_dotted_names_lead_through_mappings_and_lists() -> None:
    names = list(dotted_names())
    assert len(names) == len(set(names))
    assert names[:2] == ["category", "title"]
    assert {"provider.name", "images.url", "provider.images.height", "related.provider.domain"} <= set(names)
    assert not [name for name in names if "topic." in name or name.startswith(".")]


def in_order(keys: list[str], known: list[str]) -> bool:
    places = [known.index(key) for key in keys]
    return places == sorted(places)


def cards_of(*folders: Path) -> list[Card]:
    return list(Corpus(*folders).cards())


def test_the_sample_cards_have_known_fields_in_their_order() -> None:
    cards = cards_of(ROOT / "sample_data")
    assert cards
    assert not [card.path for card in cards if not in_order(list(card.fields), NAMES)]


def test_real_cards_have_known_fields_in_their_order(real_cards: Path) -> None:
    cards = cards_of(real_cards / "powerapps", real_cards / "stories", real_cards / "archive")
    assert len(cards) > 700
    assert not [card.path for card in cards if not in_order(list(card.fields), NAMES)]
