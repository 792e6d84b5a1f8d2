from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def zoneless(line: int, column: int, end_column: int, field: str = "publishedDateTime") -> Found:
    return Found("NC409", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(card(publishedDateTime="2023-06-20T15:44:00"), zoneless(5, 20, 39), id="time"),
    pytest.param(card(publishedDateTime="2023-06-20 15:44:00.5"), zoneless(5, 20, 41), id="with-a-blank"),
    pytest.param(card(publishedDateTime="2023-06-20 # when?"), zoneless(5, 20, 30), id="day-alone"),
    pytest.param(
        with_entry("T08:00:00Z", "T08:00:00"),
        zoneless(15, 24, 43, "related[0].publishedDateTime"),
        id="entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_date_without_a_zone_is_found_on_the_value(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    "2023-06-20T15:44:00Z",
    "2023-06-20T15:44:00+02:00",
    "2023-06-20 15:44:00 -5",
    "2023-06-20t15:44:00.25Z",
]


@pytest.mark.parametrize("date", PASSES)
def test_a_date_with_a_zone_is_fine(date: str, find: Find) -> None:
    assert find(card(publishedDateTime=date)) == []


@pytest.mark.parametrize("value", ['"2023-06-20T15:44:00"', "2023-13-20", "2023", "null", "[]"])
def test_what_is_no_date_is_told_by_others_alone(value: str, find: Find) -> None:
    (found,) = find(card(publishedDateTime=value))
    assert found.code in ("NC302", "NC401")


@pytest.mark.parametrize(
    ("date", "message", "write"),
    [
        ("2023-06-20 15:44:00", "`publishedDateTime` has no time zone", "2023-06-20T15:44:00Z"),
        (
            "2023-06-20",
            "`publishedDateTime` is a day alone, without time and time zone",
            "2023-06-20T15:44:00Z",
        ),
    ],
)
def test_the_help_shows_the_date_with_a_zone(date: str, message: str, write: str, lint: Lint) -> None:
    (finding,) = lint(card(publishedDateTime=date))
    assert finding.message == message
    assert f"`{write}`" in finding.help
