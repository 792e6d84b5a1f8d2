from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card

FAILS = [
    "TIDE GAUGES GET A SECOND LIFE",
    "EBB AND FLOW: 10 YEARS",
    "DIE GEZEITEN DER HÄFEN",
    "ПРИЛИВ И ОТЛИВ",
    "EBB &amp; FLOW AGAIN",
]


@pytest.mark.parametrize("title", FAILS)
def test_a_title_in_capitals_is_found(title: str, find: Find) -> None:
    found = [each for each in find(card(title=f'"{title}"')) if each.code != "NC501"]
    assert found == [Found("NC505", 3, 8, 10 + len(title), "title", "warning")]


PASSES = [
    "NASA", "IBM AI", "EU", "CORONAVIRUS", "A B C D E F G H I", "NASA and the IPCC",
    "TIDE GAUGES GET a SECOND LIFE", "NASAとJAXA、月探査へ", "潮汐与港口的未来", "المد والجزر في الميناء",
    "10 000 000", "STRAßE UND HAFEN",
]  # fmt: skip


@pytest.mark.parametrize("title", PASSES)
def test_abbreviations_single_words_and_scripts_without_capitals_are_fine(title: str, find: Find) -> None:
    assert find(card(title=f'"{title}"')) == []


def test_only_titles_are_checked(find: Find) -> None:
    assert find(card(excerpt="EBB AND FLOW AND EBB")) == []
    found = find(with_entry("Gauges of the north", "GAUGES OF THE NORTH"))
    assert [each.field for each in found] == ["related[0].title"]


@pytest.mark.parametrize("value", ["5", "[EBB AND FLOW]", "null"])
def test_what_is_no_text_is_told_by_wrong_type_alone(value: str, find: Find) -> None:
    assert [found.code for found in find(card(title=value))] == ["NC302"]


def test_the_help_says_what_to_write(lint: Lint) -> None:
    (finding,) = lint(card(title="EBB AND FLOW"))
    assert (finding.message, finding.help) == ("`title` is in capitals throughout", "write it as a sentence")
