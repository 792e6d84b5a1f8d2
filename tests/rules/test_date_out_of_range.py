from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry, with_lines
from tests.rules.conftest import Find, Lint
from tests.support import card

OUT_OF_RANGE = [
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00+00:01",
    "0001-01-01 13:59:59.999999 +14:00",
    "0001-01-01t23:00:00+23:30",
    "9999-12-31T23:59:59-00:01",
    "9999-12-31T10:00:00-14:00",
    "9999-12-31 23:59:59.999999 -1",
]


@pytest.mark.parametrize("date", OUT_OF_RANGE)
def test_a_moment_that_no_program_can_hold_is_found_on_its_line(date: str, find: Find) -> None:
    assert find(card(publishedDateTime=date)) == [Found("NC418", 5, 20, 20 + len(date), "publishedDateTime")]


@pytest.mark.parametrize("date", OUT_OF_RANGE)
def test_it_is_found_in_an_entry_of_related_too(date: str, find: Find) -> None:
    expected = [Found("NC418", 15, 24, 24 + len(date), "related[0].publishedDateTime")]
    assert find(with_entry("2023-06-21T08:00:00Z", date)) == expected


@pytest.mark.parametrize("date", OUT_OF_RANGE[:4])
def test_it_is_found_in_the_date_by_which_jekyll_schedules(date: str, find: Find) -> None:
    assert find(with_lines(f"date: {date}\n")) == [Found("NC418", 12, 7, 7 + len(date), "date")]


@pytest.mark.parametrize(
    "date",
    [
        "0001-01-01T00:00:00Z", "0001-01-01T00:00:00-14:00", "0001-01-01T14:00:00+14:00", "0001-01-01",
        "9999-12-31T23:59:59Z", "9999-12-31T23:59:59+14:00", "9999-12-31T09:59:59-14:00", "9999-12-31",
        "0001-01-01T00:00:00", "2023-06-20T17:44:00+02:00", "0001-13-01T00:00:00+14:00",
        '"0001-01-01T00:00:00+14:00"', "", "5", "[0001-01-01T00:00:00+14:00]",
    ],
)  # fmt: skip
def test_any_other_value_is_fine_or_another_rules(date: str, find: Find) -> None:
    assert find(card(publishedDateTime=date)) == []


@pytest.mark.parametrize("date", OUT_OF_RANGE[4:])
def test_a_late_date_is_left_to_the_rule_about_dates_in_the_future(date: str, find: Find) -> None:
    assert find(with_lines(f"date: {date}\n")) == []


def test_the_message_says_in_which_direction(lint: Lint) -> None:
    (finding,) = lint(card(publishedDateTime=OUT_OF_RANGE[0]))
    assert finding.message == "`publishedDateTime` is before the year 1 in UTC"
    assert finding.help == "write the date of the article"
    (finding,) = lint(card(publishedDateTime=OUT_OF_RANGE[-1]))
    assert finding.message == "`publishedDateTime` is after the year 9999 in UTC"
