"""Values of a card: found by dotted names, as JSON, as cells, in order."""

from __future__ import annotations

import itertools
import json
import random
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.values import MISSING, cell, iso, key_text, lookup, sort_key
from tests.conftest import MakeCorpus, Run

FIELDS: dict[Any, Any] = {
    "title": "T",
    "none": None,
    "provider": {"name": "P", "images": [{"url": "logo"}]},
    "images": [{"url": "a", "width": 1}, "text", {"width": 2}, {"url": "c", "sizes": [{"w": 1}, {"w": 2}]}],
    "topics": ["x", "y"],
    "empty": [],
    "matrix": [["p", "q"], ["r"]],
    "dotted.key": "dots",
    "a[0]": "brackets",
    1: "one",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "T"),
        ("none", None),
        ("provider", FIELDS["provider"]),
        ("provider.name", "P"),
        ("provider.images[0].url", "logo"),
        ("provider.images.url", ["logo"]),
        ("images[0].url", "a"),
        ("images[3].url", "c"),
        ("images.url", ["a", "c"]),
        ("images.width", [1, 2]),
        ("images[3].sizes.w", [1, 2]),
        ("images.sizes.w", [1, 2]),
        ("topics", ["x", "y"]),
        ("topics[1]", "y"),
        ("empty", []),
        ("matrix[0][1]", "q"),
        ("dotted.key", "dots"),
        ("a[0]", "brackets"),
        ("1", "one"),
    ],
)
def test_a_dotted_name_finds_its_value(name: str, value: object) -> None:
    assert lookup(FIELDS, name) == value


@pytest.mark.parametrize(
    "name",
    [
        "Title", "titl", "title.x", "title[0]", "none.x", "provider.nam", "provider[0]", "images[4]",
        "images[1].url", "images[2].url", "images.nothing", "topics[2]", "topics.x", "empty[0]", "empty.url",
        "images[-1]", "2", "matrix[9][0]",
    ],
)  # fmt: skip
def test_a_name_that_leads_nowhere_finds_nothing_and_null_is_something(name: str) -> None:
    assert lookup(FIELDS, name) is MISSING


def json_of(run: Run, make_corpus: MakeCorpus, text: str) -> dict[str, Any]:
    """Return the fields of the only card, as the JSON listing has them."""
    make_corpus({"x.md": f"---\n{text}\n---\n"})
    result = run("list", "--format", "jsonl")
    assert (result.code, result.err) == (0, "")
    record = json.loads(result.raw, parse_constant=pytest.fail)
    assert list(record)[:2] == ["path", "id"]
    assert (record.pop("path"), record.pop("id")) == ("x.md", "x")
    return dict(record)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("2023-06-20T15:44:00Z", "2023-06-20T15:44:00Z"),
        ("2023-06-20T15:44:00.500Z", "2023-06-20T15:44:00.500000Z"),
        ("2023-06-20T15:44:00.0Z", "2023-06-20T15:44:00Z"),
        ("2023-06-20 15:44:00 +02:00", "2023-06-20T13:44:00Z"),
        ("2023-06-20t23:44:00-01:30", "2023-06-21T01:14:00Z"),
        ("2023-06-20T15:44:00", "2023-06-20T15:44:00"),
        ("2023-06-20 15:44:00", "2023-06-20T15:44:00"),
        ("2023-06-20", "2023-06-20"),
        ("0099-01-01", "0099-01-01"),
        ("2023-13-45", "2023-13-45"),
        ('"2023-06-20T15:44:00+02:00"', "2023-06-20T15:44:00+02:00"),
        ("0001-01-01T00:00:00+23:00", "0001-01-01T00:00:00+23:00"),
        (".nan", ".nan"),
        ("-.INF", "-.INF"),
        ("!!binary aGVsbG8=", "!!binary aGVsbG8="),
        ("!!set {a, b}", "!!set {a, b}"),
        ("[1, .inf, {a: .NaN}]", [1, ".inf", {"a": ".NaN"}]),
        ("!!omap [{a: 1}, {b: 2}]", [["a", 1], ["b", 2]]),
        ("{7: a, 2.5: b, true: c, null: d, 2023-06-20: e}",
         {"7": "a", "2.5": "b", "true": "c", "null": "d", "2023-06-20": "e"}),
        ("0x1F", 31), ("0o17", "0o17"), ("017", 15), ("1_000", 1000), ("1:30", 90), ("1e3", "1e3"),
        ("1.5e+3", 1500.0), ("-0.0", -0.0), ("0.1", 0.1),
        ("1" + "0" * 400, 10**400), ("-" + "9" * 4000, -int("9" * 4000)),
        ("9" * 4301, "9" * 4301),
        ("yes", True), ("off", False), ("y", "y"), ("~", None), ("", None),
        ('""', ""), ("[]", []), ("{}", {}),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_each_value_is_in_json_as_pyyaml_reads_it_or_as_its_source(
    run: Run, make_corpus: MakeCorpus, source: str, value: object
) -> None:
    found = json_of(run, make_corpus, f"title: t\nx: {source}\nend: e")
    assert list(found) == ["title", "x", "end"]
    assert (found["x"], type(found["x"])) == (value, type(value))


def test_keys_that_are_no_text_are_written_as_yaml_would(run: Run, make_corpus: MakeCorpus) -> None:
    text = "on: 1\noff: 2\n~: 3\n7: 4\n2.5: 5\n2023-06-20: 6\n2023-06-20T15:44:00+02:00: 7\n"
    assert json_of(run, make_corpus, text) == {
        "true": 1, "false": 2, "null": 3, "7": 4, "2.5": 5, "2023-06-20": 6, "2023-06-20T13:44:00Z": 7,
    }  # fmt: skip


def test_a_key_that_json_shows_can_be_asked_for(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": "---\non: first\n2024: second\n---\n"})
    result = run("list", "--columns", "true,2024")
    assert (result.code, result.out, result.err) == (0, "first\tsecond\n", "")


def test_what_an_alias_or_a_merge_stands_for_is_there(run: Run, make_corpus: MakeCorpus) -> None:
    text = "base: &b {name: Tide, nan: .nan}\nprovider:\n  <<: *b\n  domain: x\ncopy: *b"
    found = json_of(run, make_corpus, text)
    assert found["base"] == {"name": "Tide", "nan": ".nan"}
    assert found["copy"]["name"] == found["provider"]["name"] == "Tide"
    assert set(found["provider"]) == {"name", "nan", "domain"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""), (MISSING, ""), ("", ""), ("a, b", "a, b"), (True, "true"), (False, "false"), (0, "0"),
        (-1, "-1"), (0.5, "0.5"), (1e22, "1e+22"), ([], ""), (["a", 1, None, True], "a, 1, , true"),
        ([["a"]], '[["a"]]'), ([{"a": "é"}], '[{"a": "é"}]'), ({"a": None}, '{"a": null}'), ({}, "{}"),
        ({"a": "\x1b\u202e\n"}, '{"a": "\\u001b\\u202e\\n"}'),
    ],
)  # fmt: skip
def test_a_cell_is_the_text_of_a_json_value(value: object, text: str) -> None:
    assert cell(value) == text


def test_a_key_is_text_whatever_it_is() -> None:
    assert [key_text(key) for key in ("a", None, True, 3, 2.5, date(2024, 1, 2))] == [
        "a", "null", "true", "3", "2.5", "2024-01-02",
    ]  # fmt: skip


@settings(max_examples=100, deadline=None, derandomize=True)
@given(
    moment=st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),  # noqa: DTZ001
    offset=st.integers(-1439, 1439),
)
def test_a_date_with_a_zone_is_the_same_moment_in_utc(moment: datetime, offset: int) -> None:
    aware = moment.replace(tzinfo=timezone(timedelta(minutes=offset)))
    text = iso(aware)
    assert text.endswith("Z")
    assert ("." in text) == bool(moment.microsecond)
    assert datetime.fromisoformat(text) == aware
    assert yaml.safe_load(text) == aware
    assert iso(moment) == moment.isoformat()


ORDERED: list[list[object]] = [
    [float("-inf"), -(10**400), -1, False, 0.5, True, 67, 10**400, float("inf")],
    [date(1999, 12, 31), datetime(2023, 6, 20, tzinfo=UTC), datetime(2023, 6, 20, 1), date(2023, 6, 21)],  # noqa: DTZ001
    ["", "100", "9", "a", "B", "c", "É", "é2"],
]


def test_numbers_come_first_then_dates_then_text_each_in_its_own_order() -> None:
    ordered = [value for group in ORDERED for value in group]
    for seed in range(20):
        shuffled = random.Random(seed).sample(ordered, len(ordered))
        assert sorted(shuffled, key=sort_key) == ordered


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.binary()
    | st.datetimes() | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.sets(st.text()),
    max_leaves=4,
)  # fmt: skip


@settings(max_examples=50, deadline=None, derandomize=True)
@given(values=st.lists(VALUES, max_size=8))
def test_any_values_can_be_ordered_and_their_order_does_not_depend_on_how_they_stood(
    values: list[object],
) -> None:
    keys = sorted(map(sort_key, values))
    assert sorted(map(sort_key, reversed(values))) == keys
    assert all(not second < first for first, second in itertools.pairwise(keys))
