from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, with_entry, with_lines
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card


def impossible(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC401", line, column, end_column, field)


FAILS = [
    pytest.param(card(publishedDateTime="2023-13-45"), impossible(5, 20, 30, "publishedDateTime"), id="date"),
    pytest.param(card(publishedDateTime="2023-02-29T08:00:00Z"), impossible(5, 20, 40, "publishedDateTime"),
                 id="no-leap-year"),
    pytest.param(card(publishedDateTime="2023-06-20 25:44:00"), impossible(5, 20, 39, "publishedDateTime"),
                 id="hour"),
    pytest.param(card(publishedDateTime="0000-01-01"), impossible(5, 20, 30, "publishedDateTime"),
                 id="year-0"),
    pytest.param(card(publishedDateTime="2023-13-45 # why?"), impossible(5, 20, 30, "publishedDateTime"),
                 id="before-a-comment"),
    pytest.param(card(title="2023-13-45"), impossible(3, 8, 18, "title"), id="title-like-a-date"),
    pytest.param(card(quality="9" * 5000), impossible(9, 10, 5010, "quality"), id="10000-digits"),
    pytest.param(card(quality="0b"), Found("NC302", 9, 10, 12, "quality"),
                 id="what-only-begins-like-a-number"),
    pytest.param(card(topics="\n  - Oceans\n  - 2023-13-45"), impossible(19, 5, 15, "topics[1]"),
                 id="in-a-list"),
    pytest.param(card(topics=f'["{ODD}", 2023-13-45]'), impossible(17, 21, 31, "topics[1]"),
                 id="after-odd-characters"),
    pytest.param(with_entry("2023-06-21T08:00:00Z", "2023-06-31", before=1),
                 impossible(28, 24, 34, "related[1].publishedDateTime"), id="second-entry"),
    pytest.param(with_entry("width: 600", "width: " + "1" * 4301),
                 impossible(24, 16, 4317, "related[0].images[0].width"), id="image-of-an-entry"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_what_looks_like_a_date_or_number_and_is_none_is_found_on_the_value(
    text: str, expected: Found, find: Find
) -> None:
    assert find(text) == [expected]


def test_it_is_found_in_an_unknown_field_too(find: Find) -> None:
    assert find(with_lines("x: {y: [1, 2023-13-45]}\n")) == [
        Found("NC304", 12, 1, 2, "x", "warning"),
        impossible(12, 12, 22, "x.y[1]"),
    ]


PASSES = ["2023-12-25", "2024-02-29T08:00:00Z", "2023-06-20 23:59:59.999", "2023-6-2 1:02:03 -5"]


@pytest.mark.parametrize("value", PASSES)
def test_a_date_that_can_be_is_fine(value: str, find: Find) -> None:
    assert find(card(publishedDateTime=value)) == []


@pytest.mark.parametrize(
    "value", ['"2023-13-45"', "'2023-13-45'", "2023-13-45 is no date", "|\n  2023-13-45"]
)
def test_text_that_is_meant_as_text_is_fine(value: str, find: Find) -> None:
    assert find(card(title=value)) == []


@pytest.mark.parametrize("value", ["0", "-0", "189", "0x7FFFFFFF", "1_000", "1:30", "9" * 4000])
def test_a_number_that_can_be_is_fine(value: str, find: Find) -> None:
    assert find(card(quality=value)) == []


def test_a_number_of_as_many_digits_as_are_allowed_is_fine(find: Find) -> None:
    assert find(card(quality="9" * 4300)) == []


MESSAGES = [
    (
        card(publishedDateTime="2023-13-45"),
        "`2023-13-45` looks like a date but is not one: month must be in 1..12",
    ),
    (
        card(publishedDateTime="2023-06-20 09:05:00 -2500"),
        "`2023-06-20 09:05:00 -2500` looks like a date but is not one: an offset is less than 24 hours",
    ),
    (
        card(quality="9" * 5000),
        f"`{'9' * 30}…` looks like a number but is not one: it has more than 4,300 digits",
    ),
]


@pytest.mark.parametrize(("text", "message"), MESSAGES)
def test_the_message_says_what_it_looks_like_and_why_it_is_none(text: str, message: str, lint: Lint) -> None:
    assert [finding.message for finding in lint(text)] == [message]


def test_the_help_for_a_date_field_is_not_to_make_a_text_of_it(lint: Lint) -> None:
    (finding,) = lint(card(publishedDateTime="2023-13-45"))
    assert "quotes" not in finding.help


@pytest.mark.parametrize("lines", ["zz: !!omap\n- a: 2023-13-45", "2023-13-45: x"])
def test_it_is_told_in_pairs_and_as_a_key_too(lines: str, lint: Lint) -> None:
    assert "impossible-value" in [
        finding.rule.name for finding in lint(CARD.replace("heat:", lines + "\nheat:"))
    ]
