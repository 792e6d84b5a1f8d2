from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def below(end_column: int) -> Found:
    return Found("NC411", 10, 7, end_column, "heat", "warning")


FAILS = [
    pytest.param(card(heat="66"), below(9), id="by-one"),
    pytest.param(card(heat="1", published="false"), below(8), id="hidden"),
    pytest.param(card(quality="189", heat="100 # capped?"), below(10), id="quality-above-100"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_heat_below_the_quality_is_found_on_the_heat(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    pytest.param(card(heat="67"), id="as-the-quality"),
    pytest.param(card(heat="3694"), id="above"),
    pytest.param(card(heat="0", published="false"), id="none"),
    pytest.param(card(heat="-1", published="false"), id="another-is-better"),
    pytest.param(with_entry("quality: 60", "quality: 90"), id="an-entry-of-higher-quality"),
]


@pytest.mark.parametrize("text", PASSES)
def test_a_heat_from_the_quality_on_or_none_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("fields", "codes"),
    [
        ({"heat": '"1"'}, ["NC302"]),
        ({"heat": "1.5"}, ["NC302"]),
        ({"heat": ".nan"}, ["NC302"]),
        ({"heat": "true"}, ["NC302"]),
        ({"quality": "[]"}, ["NC302"]),
        ({"quality": "90.5"}, ["NC302"]),
        ({"heat": None}, ["NC301"]),
        ({"quality": None}, ["NC301"]),
    ],
)
def test_what_is_no_number_is_told_by_others_alone(
    fields: dict[str, str | None], codes: list[str], find: Find
) -> None:
    assert [found.code for found in find(card(**fields))] == codes


def test_the_message_names_both_numbers(lint: Lint) -> None:
    (finding,) = lint(card(heat="60"))
    assert finding.message == "`heat` is 60, below the `quality` of 67"
