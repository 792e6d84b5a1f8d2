from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.cards.meant import booleans, dates, hosts, integers, items, numbers, urls
from newscards.cards.urls import parse
from newscards.frontmatter.loader import load

INTEGERS = [
    ('64"', ["64"]), ("“64”", ["64"]), ("64;", ["64"]), ("\u200b64", ["64"]), ("~64", ["64"]),
    ("<64>", ["64"]),
    ("1,067", ["1067"]), ("1 067", ["1067"]), ("1\xa0067", ["1067"]), ("1\u202f067", ["1067"]),
    ("1'067", ["1067"]), ("1’067", ["1067"]), ("1.067.000", ["1067000"]), ("-1,067", ["-1067"]),
    (1.067, ["1067", "1"]), ("1.067", ["1067", "1"]), ("1,067,000", ["1067000"]), ("067", ["67"]),
    ("0067", ["67"]), ("+67", ["67"]), ("67", ["67"]), (" 67 ", ["67"]), ("1e3", ["1000"]),
    ("1.5E2", ["150"]),
    ("1:07", ["67", "107"]), (67.0, ["67"]), (67.5, ["67", "68"]), (-1.5, ["-1", "-2"]),
    ("67,5", ["67", "68"]),
    ("67%", ["67"]), ("800px", ["800"]), ("67/100", ["67"]), ("67.", ["67"]), ("8OO", ["800"]),
    ("l2", ["12"]),
    ("６７", ["67"]), ("٦٧", ["67"]), ("\u22121", ["-1"]), (["67"], ["67"]), ([67], ["67"]),
    ("sixty", []), ("", []), ("O", []), ("1,06", ["1", "2"]), ("6 7", []), (True, []), (None, []),
    ({}, []), ("1" * 200, []),
    (float("nan"), []), (float("inf"), []), ("1e99", []),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), INTEGERS)
def test_the_whole_number_that_is_meant(value: object, expected: list[str]) -> None:
    assert integers(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1,5", ["1.5"]), ("-0,5", ["-0.5"]), ("+007.5", ["7.5"]), ("4.50", ["4.50"]), ("1.067", ["1.067"]),
        ("1,067", ["1067", "1.067"]), ("1,067,000", ["1067000"]), ("1:07", ["67", "107"]), ("64;", ["64"]),
        ("１,５", ["1.5"]), (["1,5"], ["1.5"]), ("many", []), (True, []), (".nan", []), ("1" * 200, []),
    ],
)  # fmt: skip
def test_the_number_that_is_meant(value: object, expected: list[str]) -> None:
    assert numbers(value) == expected


BOOLEANS = [
    ("yes please", "true"), ("True!", "true"), ("tru", "true"), ("treu", "true"), ("ja", "true"), (1, "true"),
    ("✓", "true"), ("1", "true"), ([True], "true"), ("TRUE", "true"), ("flase", "false"), ("fals", "false"),
    ("No way", "false"), ("nein", "false"), (0, "false"), ("false,", "false"), (["no"], "false"),
    ("maybe", ""),
    ("", ""), ("tide", ""), (2, ""), ({}, ""), (None, ""), ("yes" * 100, ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), BOOLEANS)
def test_the_boolean_that_is_meant(value: object, expected: str) -> None:
    assert booleans(value) == ([expected] if expected else [])


DATES = [
    ("4 May 2021", ["2021-05-04"]), ("May 4th, 2021", ["2021-05-04"]), ("4 MAY 2021", ["2021-05-04"]),
    ("04/05/2021", ["2021-05-04", "2021-04-05"]), ("13/05/2021", ["2021-05-13"]),
    ("05/13/2021", ["2021-05-13"]),
    ("04.05.2021", ["2021-05-04", "2021-04-05"]), ("20.06.2023", ["2023-06-20"]),
    ("2021/05/04", ["2021-05-04"]),
    ("2021-5-4", ["2021-05-04"]), ("2021-05-04T", ["2021-05-04"]), ("05/05/2021", ["2021-05-05"]),
    ("2021-05-04 10:00 PM", ["2021-05-04T22:00:00Z"]), ("2021-05-04T10:00Z", ["2021-05-04T10:00:00Z"]),
    ("Tue, 04 May 2021 10:00:00 GMT", ["2021-05-04T10:00:00Z"]),
    ("Tue May  4 10:00:00 2021 +0200", ["2021-05-04T08:00:00Z"]),
    (20210504, ["2021-05-04"]), (1620100000, ["2021-05-04T03:46:40Z"]),
    (1620100000000, ["2021-05-04T03:46:40Z"]),
    ([datetime(2021, 5, 4, 10, tzinfo=UTC)], ["2021-05-04T10:00:00Z"]),
    ("May 2021", []), ("Tuesday", []), ("10:00", []), ("yesterday", []), ("2021", []), (2021, []),
    (20211345, []),
    ("", []), (True, []), (None, []), (1.5, []), ("x" * 200, []), ("9" * 50, []),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), DATES)
def test_the_date_that_is_meant(value: object, expected: list[str]) -> None:
    assert dates(value) == expected


URLS = [
    ("www.tide.example/x", "https://www.tide.example/x"), ("tide.example", "https://tide.example"),
    ("//tide.example/x", "https://tide.example/x"), ("http:/tide.example/x", "http://tide.example/x"),
    ("htps://tide.example", "https://tide.example"), ("https//tide.example/x", "https://tide.example/x"),
    ("https:tide.example/x", "https://tide.example/x"),
    (" https://tide.example/x ", "https://tide.example/x"),
    ("ftp://tide.example/x", ""), ("mailto:x@tide.example", ""), ("tide", ""), ("", ""), ("a b.example", ""),
    ("Tide gauges.", ""), (5, ""), (None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), URLS)
def test_the_url_that_is_meant(value: object, expected: str) -> None:
    assert urls(value) == ([expected] if expected else [])


HOSTS = [
    ("https://www.tide.example/x", "tide.example"), ("tide.example/", "tide.example"),
    ("tide.example:80", "tide.example"), ("https://tide.example", "tide.example"), ("Tide", ""), ("", ""),
    (5, ""),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), HOSTS)
def test_the_host_that_is_meant(value: object, expected: str) -> None:
    assert hosts(value) == ([expected] if expected else [])


ITEMS = [
    ("AI, Ports", ["AI", "Ports"]), ("AI", ["AI"]), ("AI; Ports | Wells", ["AI", "Ports", "Wells"]),
    ("- AI\n- Ports", ["AI", "Ports"]), ("['AI', \"Ports\"]", ["AI", "Ports"]),
    ("Oil and gas", ["Oil and gas"]),
    ("-AI - Ports", ["AI", "Ports"]), ("", []), (5, []), ("x" * 2000, []),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), ITEMS)
def test_the_items_that_are_meant(value: object, expected: list[str]) -> None:
    assert list(items(value)) == expected


ANYTHING = st.one_of(
    st.text(max_size=120), st.text("0123456789.,:/-eT +'\xa0OMay", max_size=30), st.integers(), st.floats(),
    st.booleans(), st.none(), st.lists(st.text(max_size=5), max_size=2),
)  # fmt: skip


@given(ANYTHING)
def test_what_is_meant_has_the_type_that_is_wanted(value: Any) -> None:
    assert all(type(load(each).value) is int for each in integers(value))
    assert all(type(load(each).value) is bool for each in booleans(value))
    assert all(hasattr(load(each).value, "isoformat") for each in dates(value))
    assert all(parse(each) for each in urls(value))
    assert all(parse(f"https://{each}/") for each in hosts(value))
