from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def future(line: int, column: int, end_column: int, field: str = "publishedDateTime") -> Found:
    return Found("NC410", line, column, end_column, field, "warning")


# It is 2026-01-15T12:00:00Z (tests/conftest.py).
FAILS = [
    pytest.param(card(publishedDateTime="2026-01-15T12:00:01Z"), future(5, 20, 40), id="in-a-second"),
    pytest.param(card(publishedDateTime="2026-01-15T13:30:00+01:00"), future(5, 20, 45), id="other-zone"),
    pytest.param(card(publishedDateTime="9999-12-31T23:59:59Z"), future(5, 20, 40), id="the-last-moment"),
    pytest.param(
        with_entry("2023-06-21T08", "2032-06-21T08"),
        future(15, 24, 44, "related[0].publishedDateTime"),
        id="entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_date_in_the_future_is_found_on_the_value(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    "2026-01-15T12:00:00Z",
    "2026-01-15T12:30:00+01:00",
    "0001-01-01T00:00:00+23:00",
    "1970-01-01T00:00:00Z",
]


@pytest.mark.parametrize("date", PASSES)
def test_a_date_up_to_now_is_fine(date: str, find: Find) -> None:
    assert find(card(publishedDateTime=date)) == []


def test_a_day_alone_begins_in_utc(find: Find) -> None:
    assert [found.code for found in find(card(publishedDateTime="2026-01-15"))] == ["NC409"]
    assert [found.code for found in find(card(publishedDateTime="2026-01-16"))] == ["NC409", "NC410"]


@pytest.mark.parametrize("value", ['"2199-06-20T15:44:00Z"', "2199-13-20", "2199"])
def test_what_is_no_date_is_told_by_others_alone(value: str, find: Find) -> None:
    (found,) = find(card(publishedDateTime=value))
    assert found.code in ("NC302", "NC401")


def test_the_message_says_when_and_the_help_that_the_site_does_not_wait(lint: Lint) -> None:
    (finding,) = lint(card(publishedDateTime="2199-06-20T01:44:00+02:00"))
    assert finding.message == "`publishedDateTime` is 2199-06-19 23:44 UTC, in the future"
    assert "does not wait" in finding.help
