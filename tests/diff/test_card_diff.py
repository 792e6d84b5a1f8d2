"""What differs between two states of a card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newscards.cards.card import Card, Unreadable
from newscards.cards.reader import parse
from newscards.cards.values import same
from newscards.diff.card_diff import ChangeKind, Difference, FieldChange, difference, summary
from tests.support import card


def read(text: str, path: str = "a.md") -> Card:
    record = parse(path, text.encode())
    assert isinstance(record, Card)
    return record


def changes(before: str, after: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the kind of each change, and what is told of it."""
    found = difference(read(before), read(after))
    return [(change.kind.value, change.details) for change in found.changes] if found else []


def one(before: str, after: str) -> tuple[str, Mapping[str, Any]]:
    (change,) = changes(before, after)
    return change


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("true", "false", "hidden"),
        ("true", "null", "hidden"),
        ("true", "", "hidden"),
        (None, "no", "hidden"),
        ('"false"', "false", "hidden"),
        ("false", "true", "published"),
        ("false", '"false"', "published"),
        ("false", None, "published"),
        ("~", "0", "published"),
        ("true", '"true"', "other"),
        ("true", None, "other"),
        ("true", "1", "other"),
        ("false", "null", "other"),
    ],
)
def test_the_flag_is_what_the_site_shows_by_it(was: str | None, now: str | None, kind: str) -> None:
    found, told = one(card(published=was), card(published=now))
    assert (found, told["field"]) == (kind, "published")
    assert ("was" in told, "now" in told) == (was is not None, now is not None)


def test_another_spelling_of_the_same_value_is_no_change() -> None:
    assert not changes(card(published="false"), card(published="no"))
    assert not changes(card(topics="[a, b]"), card(topics='\n  - a\n  - "b"'))
    assert not changes(card(provider="{name: a, domain: b}"), card(provider="{domain: b, name: a}"))
    assert not changes(card(quality="0x10"), card(quality="16"))
    assert not changes(card(heat=".nan"), card(heat=".NaN"))


def test_a_value_of_another_type_is_a_change() -> None:
    assert one(card(heat="67"), card(heat='"67"')) == ("heat", {"field": "heat", "was": 67, "now": "67"})
    assert one(card(heat="1"), card(heat="true"))[0] == "heat"
    assert one(card(quality="67"), card(quality="67.0"))[0] == "quality"
    date = card(publishedDateTime='"2023-06-20T15:44:00Z"')
    assert one(card(), date)[1]["was"] == one(card(), date)[1]["now"] == "2023-06-20T15:44:00Z"


def test_a_number_that_json_has_no_word_for_is_its_text() -> None:
    assert one(card(heat=".nan"), card(heat="-.inf"))[1] == {"field": "heat", "was": ".nan", "now": "-.inf"}


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [("false", "true", "taken-down"), (None, "true", "taken-down"), ("true", "no", "restored"),
     ("true", None, "restored"), (None, "false", "other"), ('"true"', "false", "other")],
)  # fmt: skip
def test_a_card_is_taken_down_by_true_alone(was: str | None, now: str | None, kind: str) -> None:
    assert one(card(removed=was), card(removed=now))[0] == kind


def test_fields_are_told_in_the_order_in_which_they_stand_and_unknown_ones_last() -> None:
    before = "---\nx: 1\nheat: 1\ntopics: [a]\ntitle: a\npublished: true\n---\n"
    after = "---\ntopics: [b]\npublished: false\ny: 2\nheat: 2\ntitle: b\n---\n"
    fields = [told["field"] for _, told in changes(before, after)]
    assert fields == ["title", "heat", "published", "topics", "x", "y"]


def test_within_a_mapping_and_a_list_of_mappings_each_value_is_told() -> None:
    image = '\n  - url: "https://www.tide.example/gauges.jpg"\n    width: {}\n    height: 720'
    assert changes(card(images=image.format(1200)), card(images=image.format(900))) == [
        ("other", {"field": "images[0].width", "was": 1200, "now": 900})
    ]
    longer = image.format(1200) + "\n  - url: x"
    (_, told) = one(card(images=image.format(1200)), card(images=longer))
    assert (told["field"], len(told["was"]), len(told["now"])) == ("images", 1, 2)
    assert one(card(provider="Tide"), card())[1]["was"] == "Tide"


def test_of_more_than_ten_changes_in_a_field_the_field_is_told() -> None:
    def of(count: int, value: int) -> str:
        return card(extra="{" + ", ".join(f"k{n}: {value}" for n in range(count)) + "}")

    assert len(changes(of(10, 1), of(10, 2))) == 10
    assert one(of(11, 1), of(11, 2))[1]["field"] == "extra"


def entries(*parts: tuple[int, int]) -> str:
    text = '\n  - title: "Part {}"\n    webUrl: "https://www.tide.example/{}"\n    quality: {}'
    return "".join(text.format(number, number, quality) for number, quality in parts)


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        (entries((1, 9)), entries((1, 9), (2, 8), (3, 7)), {"added": 2}),
        (entries((1, 9), (2, 8), (3, 7)), entries((4, 8), (3, 7)), {"added": 1, "removed": 2}),
        (entries((1, 9), (2, 8)), entries((1, 9), (2, 7)), {"updated": 1}),
        (entries((1, 9), (2, 8)), entries((1, 8), (3, 7)), {"added": 1, "removed": 1, "updated": 1}),
        (entries((1, 9), (2, 8)), entries((2, 8), (1, 9)), {"reordered": True}),
        (None, entries((1, 9)), {"added": 1}),
        (entries((1, 9)), None, {"removed": 1}),
        (entries((1, 9)), "[]", {"removed": 1}),
        (entries((1, 9)), entries((1, 9), (1, 9)), {"added": 1}),
        (entries((1, 9), (1, 8)), entries((1, 8), (1, 9)), {"reordered": True}),
        (entries((1, 9), (1, 8)), entries((1, 8)), {"removed": 1}),
        (entries((1, 9), (1, 8)), entries((1, 7)), {"removed": 1, "updated": 1}),
        (None, "[]", {"now": []}),
        ("[]", "null", {"was": [], "now": None}),
        (None, "text", {"added": 1}),
    ],
)  # fmt: skip
def test_of_related_the_entries_are_counted(was: str | None, now: str | None, told: dict[str, Any]) -> None:
    assert one(card(related=was), card(related=now)) == ("other", {"field": "related"} | told)


def entry(title: str, url: str, day: int) -> str:
    date = f"2026-01-{day:02}T12:00:00Z"
    return f'\n  - {{title: "{title}", webUrl: "https://www.tide.example/{url}", publishedDateTime: {date}}}'


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ([("Tide", "a", 1)], [("Ebb", "a", 1)], {"updated": 1}),
        ([("Tide", "a", 1)], [("Tide", "b", 1)], {"updated": 1}),
        ([("Tide", "a", 1)], [("Tide", "a", 2)], {"updated": 1}),
        ([("Tide", "a", 1)], [("Ebb", "a", 2)], {"updated": 1}),
        ([("Tide", "a", 1)], [("Tide", "b", 2)], {"added": 1, "removed": 1}),
        ([("Tide", "a", 1)], [("Ebb", "b", 1)], {"added": 1, "removed": 1}),
        ([("Tide", "a", 1), ("Ebb", "b", 2)], [("Flood", "a", 1), ("Ebb", "c", 2)], {"updated": 2}),
        ([("Tide", "a", 1)], [("Ebb", "a", 1), ("Flood", "a", 1)], {"added": 2, "removed": 1}),
        ([("Tide", "a", 1), ("Ebb", "a", 2)], [("Flood", "a", 1), ("Ebb", "a", 3)], {"updated": 2}),
    ],
)  # fmt: skip
def test_an_entry_whose_card_has_another_title_date_or_url_is_updated(
    was: list[tuple[str, str, int]], now: list[tuple[str, str, int]], told: dict[str, Any]
) -> None:
    """One of a card that has two candidates is not: it could be either."""
    before, after = ("".join(entry(*each) for each in each_side) for each_side in (was, now))
    assert one(card(related=before), card(related=after)) == ("other", {"field": "related"} | told)


def test_thousands_of_entries_of_one_name_are_compared_in_no_time() -> None:
    many = [f"\n  - {{quality: {number}}}" for number in range(5_000)]
    before, after = read(card(related="".join(many))), read(card(related="".join(reversed(many))))
    found = difference(before, after)
    assert found is not None
    assert found.changes == [FieldChange(ChangeKind.OTHER, {"field": "related", "reordered": True})]


def test_what_shows_is_told_of_both_states() -> None:
    hidden, shown = read(card(published="false")), read(card())
    bad = Unreadable("a.md", "yaml", "no YAML", 3, 4)
    cases: list[tuple[Card | Unreadable | None, Card | Unreadable | None, tuple[bool | None, ...]]] = [
        (hidden, shown, (False, True)), (None, hidden, (None, False)), (shown, None, (True, None)),
        (bad, shown, (None, True)), (hidden, bad, (False, None)),
    ]  # fmt: skip
    for before, after, expected in cases:
        found = difference(before, after)
        assert found is not None
        assert found.shown == expected


def test_a_card_that_cannot_be_read_is_told_with_the_place() -> None:
    bad, worse = Unreadable("a.md", "yaml", "no YAML", 3, 4), Unreadable("a.md", "io", "no such file")
    was, now = (difference(*pair) for pair in ((bad, read(card())), (bad, worse)))
    assert was is not None
    assert now is not None
    assert was.changes == [
        FieldChange(ChangeKind.READABLE, {"field": "", "was": "no YAML (line 3, column 4)"})
    ]
    assert was.unreadable == "a.md: could not be read: no YAML (line 3, column 4)"
    assert now.changes[0].details["now"] == "no such file"
    assert now.unreadable == "a.md: cannot be read: no such file"
    gone = difference(bad, None)
    assert gone is not None
    assert (gone.unreadable, gone.title) == ("", "a")


def test_a_renamed_card_has_its_ids_or_else_its_paths() -> None:
    for path, names in (("b.md", ("a", "b")), ("old/a.md", ("a.md", "old/a.md"))):
        found = difference(read(card()), read(card(), path))
        assert found is not None
        assert (found.status, found.names) == ("renamed", names)


def test_the_summary_counts_the_cards_of_each_kind() -> None:
    texts = [card(published="false", heat="1"), card(heat="2", extra="1", more="2")]
    differences = [difference(read(card()), read(text)) for text in texts]
    found = [each for each in differences if isinstance(each, Difference)]
    assert summary(found, 0) == "2 cards changed: 1 hidden, 2 in heat, 1 in other fields"
    assert summary(found[:1], 1200).endswith("1 hidden, 1 in heat; 1,200 unchanged in content")
    assert summary([], 0) == "no card changed"
    assert [each.narrowed({ChangeKind.HEAT}).changes[0].kind for each in found] == [ChangeKind.HEAT] * 2


SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.floats() | st.text("ab:-#", max_size=3)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab"), inner, max_size=3)
)
FIELDS = st.dictionaries(
    st.sampled_from(["title", "heat", "published", "removed", "topics", "related", "x", "provider"]), VALUES
)


@given(FIELDS, FIELDS)
def test_any_two_cards_differ_exactly_where_their_values_do(old: dict[str, Any], new: dict[str, Any]) -> None:
    before, after = (read(f"---\n{yaml.safe_dump(fields)}---\n") if fields else None for fields in (old, new))
    if not before or not after:
        return
    found = difference(before, after)
    told = (
        {change.details["field"].partition(".")[0].partition("[")[0] for change in found.changes}
        if found
        else set()
    )
    missing = object()
    expected = {
        name
        for name in {*before.fields, *after.fields}
        if not same(before.fields.get(name, missing), after.fields.get(name, missing))
    }
    assert told == expected
    assert difference(before, read(f"---\n{yaml.safe_dump(old, sort_keys=False)}---\n")) is None
