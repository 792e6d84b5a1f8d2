"""FIELD and VALUE: every field of FIELDS takes what is its type, and nothing else."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from newscards.cards.assignments import field_of, parse_field, parse_value
from newscards.cards.fields import BUILT_IN, Field, FieldType
from newscards.cards.values import Scalar
from newscards.errors import NewscardsError

GOOD = {
    FieldType.TEXT: "some text",
    FieldType.INTEGER: "80",
    FieldType.BOOLEAN: "true",
    FieldType.DATE: "2023-06-20T15:44:00Z",
}
BAD = {FieldType.INTEGER: "many", FieldType.BOOLEAN: "perhaps", FieldType.DATE: "yesterday"}


def scalars(field: Field = BUILT_IN, prefix: str = "") -> list[tuple[str, Field]]:
    """Return every single value that a card may hold, in lists the first one."""
    found = []
    for inner in field.fields:
        name = prefix + inner.name
        if inner.item:
            inner, name = inner.item, f"{name}[0]"
        found += scalars(inner, f"{name}.") if inner.fields else [(name, inner)]
    return found


SCALARS = scalars()


@pytest.mark.parametrize(("name", "field"), SCALARS, ids=[name for name, _ in SCALARS])
def test_every_single_value_of_a_card_can_be_set(name: str, field: Field) -> None:
    path, found = parse_field(name)
    assert found is field
    assert path[-1] == (0 if name.endswith("]") else field.name)
    value = parse_value(name, field, GOOD[field.kind])
    assert (
        value
        == {
            FieldType.TEXT: "some text",
            FieldType.INTEGER: 80,
            FieldType.BOOLEAN: True,
            FieldType.DATE: datetime(2023, 6, 20, 15, 44, tzinfo=UTC),
        }[field.kind]
    )
    if field.kind in BAD:
        with pytest.raises(NewscardsError) as caught:
            parse_value(name, field, BAD[field.kind])
        assert str(caught.value) == f"`{name}` is {field.kind.value}, which `{BAD[field.kind]}` is not"
        assert caught.value.hint.startswith("write ")


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("titel", "there is no field `titel`", "did you mean `title`?"),
        ("Title", "there is no field `Title`", "did you mean `title`?"),
        ("provider.nmae", "there is no field `provider.nmae`", "did you mean `provider.name`"),
        (
            "images.width",
            "there is no field `images.width`",
            "say which one, counted from 0: `images[0].width`",
        ),
        (
            "related.title",
            "there is no field `related.title`",
            "say which one, counted from 0: `related[0].title`",
        ),
        ("title[0]", "there is no field `title[0]`", "say which one: `title`"),
        ("xyzzy", "there is no field `xyzzy`", "the fields are category, title, excerpt, "),
        ("", "there is no field ``", "the fields are category, title, excerpt, "),
        ("title.", "there is no field `title.`", "did you mean `title`"),
        ("a\nb", "there is no field `a b`", "the fields are category, title, excerpt, "),
        ("topics", "`topics` is a list, not a single value", "`newscards topic add`"),
        ("related", "`related` is a list, not a single value", "name a value in it, as `related[0].title`"),
        (
            "images",
            "`images` is a list, not a single value",
            "name a value in it: `images[0].url`, `images[0].width`",
        ),
        ("images[1]", "`images[1]` is a mapping, not a single value", "name a value in it: `images[1].url`"),
        ("provider", "`provider` is a mapping, not a single value", "name a value in it: `provider.name`"),
    ],
)
def test_a_field_that_there_is_not_is_answered_with_what_is_meant(name: str, message: str, hint: str) -> None:
    with pytest.raises(NewscardsError) as caught:
        parse_field(name)
    assert str(caught.value) == message
    assert caught.value.hint.startswith(hint)


def test_a_title_takes_no_index() -> None:
    assert field_of("title[0]") is None
    assert field_of("images[12].width") is field_of("images[0].width")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("heat", "-1", -1),
        ("quality", "0", 0),
        ("published", "false", False),
        ("title", "", ""),
        ("title", " # 'a': \"b\"\n🎉", " # 'a': \"b\"\n🎉"),
        ("title", "true", "true"),
        ("publishedDateTime", "2023-06-20T17:44:00+02:00", datetime(2023, 6, 20, 15, 44, tzinfo=UTC)),
        ("publishedDateTime", "20230620T154400Z", datetime(2023, 6, 20, 15, 44, tzinfo=UTC)),
        ("publishedDateTime", "2023-06-20 17:44:00 +0200", datetime(2023, 6, 20, 15, 44, tzinfo=UTC)),
        ("publishedDateTime", "2023-06-20 17:44 +02", datetime(2023, 6, 20, 15, 44, tzinfo=UTC)),
    ],
)
def test_a_value_has_the_type_of_its_field(name: str, text: str, value: Scalar) -> None:
    found = parse_value(name, parse_field(name)[1], text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("name", "text", "hint"),
    [
        ("quality", "", "write digits alone"),
        ("quality", "1e3", "write digits alone"),
        ("quality", "007", "write digits alone"),
        ("quality", "+5", "write digits alone"),
        ("quality", "8٣", "write digits alone"),
        ("quality", "9" * 400, "write digits alone"),
        ("published", "yes", "write true"),
        ("published", "False", "write false"),
        ("published", "0", "write false"),
        ("published", "tru", "write true"),
        ("published", "x", "write true or false"),
        ("publishedDateTime", "2023-13-45", "write a moment with its zone, as 2023-06-20T15:44:00Z"),
        ("publishedDateTime", "", "write a moment with its zone, as 2023-06-20T15:44:00Z"),
        ("publishedDateTime", "2023-06-20", "write 2023-06-20T00:00:00Z, if it is UTC"),
        ("publishedDateTime", "2023-06-20T15:44:00", "write 2023-06-20T15:44:00Z, if it is UTC"),
        ("publishedDateTime", "2023-06-20 15:44", "write 2023-06-20T15:44:00Z, if it is UTC"),
        ("title", os.fsdecode(b"caf\xe9"), ""),
    ],
)
def test_a_value_of_another_type_is_refused_with_what_to_write(name: str, text: str, hint: str) -> None:
    with pytest.raises(NewscardsError) as caught:
        parse_value(name, parse_field(name)[1], text)
    assert caught.value.hint.startswith(hint)
    assert len(str(caught.value)) < 250


def test_a_moment_keeps_its_place_in_time_whatever_its_zone() -> None:
    value = parse_value("publishedDateTime", parse_field("publishedDateTime")[1], "0001-01-01T00:00:00+23:00")
    assert isinstance(value, datetime)
    assert value.utcoffset() == timedelta(hours=23)
