"""Dates as Ruby reads them: nothing raises, whatever stands there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.jekyll.dates import moment
from newscards.jekyll.readers import OtherKey

PARTS = st.sampled_from(
    ["2020-01-01", "10:00", "XYZ", "+99", "-", " ", "T", "Z", "Jan", "1", "99", "/", ".", "é"]
)


@given(text=st.lists(PARTS, max_size=8).map("".join) | st.text(max_size=20))
@settings(deadline=None, derandomize=True, max_examples=300)
def test_any_text_is_a_moment_in_utc_or_none(text: str) -> None:
    found = moment(text, UTC)
    assert found is None or (found.tzinfo is UTC and found.date() is not None)


@pytest.mark.parametrize("value", [None, True, 1.5, [], {}, b"x"])
def test_what_is_no_date_is_none(value: object) -> None:
    assert moment(value, UTC) is None


def test_a_date_in_a_list_is_found() -> None:
    assert moment([datetime(2020, 1, 1, tzinfo=UTC)], UTC) == datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "year"),
    [
        ({OtherKey(datetime(2020, 1, 1, tzinfo=UTC)): "x"}, 2020),
        ({OtherKey(None): "x"}, None),
        ([[21990101]], 2199),
        (float("inf"), None),
        (21990101.0, None),
        (10**200, None),
    ],
)
def test_other_values_are_read_as_the_text_that_ruby_makes_of_them(value: object, year: int | None) -> None:
    found = moment(value, UTC)
    assert (found and found.year) == year
