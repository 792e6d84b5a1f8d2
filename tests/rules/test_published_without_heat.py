from __future__ import annotations

import pytest

from tests.rules.cases import Found
from tests.rules.conftest import Find, Lint
from tests.support import card


def cold(end_column: int) -> Found:
    return Found("NC412", 10, 7, end_column, "heat", "warning")


FAILS = [
    pytest.param(card(heat="-1"), cold(9), id="another-is-better"),
    pytest.param(card(heat="0"), cold(8), id="none"),
    pytest.param(card(heat="0x0", published="yes"), cold(10), id="published-with-yes"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_published_card_without_heat_is_found_on_the_heat(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    pytest.param(card(heat="68"), id="published-and-hot"),
    pytest.param(card(heat="-1", published="false"), id="hidden-and-cold"),
    pytest.param(card(heat="0", published="off"), id="hidden-with-off"),
    pytest.param(card(heat="67", published="false"), id="hidden-and-hot"),
]


@pytest.mark.parametrize("text", PASSES)
def test_a_hot_or_hidden_card_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"published": None}, "NC301"),
        ({"published": "null"}, "NC302"),
        ({"published": '"false"'}, "NC201"),
        ({"heat": '"-1"', "published": "true"}, "NC302"),
        ({"heat": "-0.5", "published": "true"}, "NC302"),
        ({"heat": "false", "published": "true"}, "NC302"),
    ],
)
def test_a_missing_flag_and_what_is_no_flag_or_number_are_told_by_others(
    fields: dict[str, str | None], code: str, find: Find
) -> None:
    codes = {found.code for found in find(card(**{"heat": "-1", **fields}))}
    assert code in codes
    assert "NC412" not in codes


def test_the_message_says_what_minus_one_means(lint: Lint) -> None:
    (finding,) = lint(card(heat="-1"))
    assert (
        finding.message == "the card is published, and its `heat` is -1: another card of the story is better"
    )
    (finding,) = lint(card(heat="0"))
    assert finding.message == "the card is published, and its `heat` is 0"
