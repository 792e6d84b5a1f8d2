from __future__ import annotations

import pytest

from tests.rules.cases import BACK, ENTRY, Found, listing, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def found(index: int, line: int, end_column: int = 46) -> Found:
    return Found("NC603", line, 13, end_column, f"related[{index}].webUrl", "warning")


FAILS = [
    pytest.param(card(related=listing(BACK)), [found(0, 16)], id="the-card-itself"),
    pytest.param(with_entry("tide.example/north", "tide.example/gauges"), [found(0, 16)], id="a-twin"),
    pytest.param(card(related=listing(ENTRY, ENTRY, BACK)), [found(2, 42)], id="the-last"),
    pytest.param(card(related=listing(BACK, ENTRY, BACK)), [found(0, 16), found(2, 36)], id="twice"),
    pytest.param(
        card(related=listing("  - a text\n", "  - 5\n", "  -\n", BACK)),
        [found(3, 19)],
        id="behind-what-is-no-entry",
    ),
    pytest.param(
        with_entry('"https://www.tide.example/north"', "https://www.tide.example/gauges"),
        [found(0, 16, 44)],
        id="without-quotes",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_an_entry_with_the_cards_own_url_is_found_on_it(text: str, expected: list[Found], find: Find) -> None:
    assert find(text) == expected


PASSES = [
    pytest.param(with_entry(), id="another-card"),
    pytest.param(card(), id="no-related"),
    pytest.param(card(related=""), id="empty"),
    pytest.param(card(related="a text"), id="no-list"),
    pytest.param(card(related="\n  webUrl: https://www.tide.example/gauges"), id="a-mapping"),
    pytest.param(card(related=listing(BACK), webUrl=None), id="a-video"),
    pytest.param(card(related=listing(BACK.replace("gauges", "")), webUrl='""'), id="no-text-in-the-url"),
    pytest.param(card(related='\n  - webUrl: ""', webUrl='""'), id="both-empty"),
    pytest.param(card(related="\n  - webUrl: 5\n  - webUrl: [5]", webUrl="5"), id="both-a-number"),
    pytest.param(card(related="\n  - title: x\n  - webUrl: [x]\n  - webUrl:"), id="no-url-in-the-entry"),
    pytest.param(
        with_entry("title: ", 'originalUrl: "https://www.tide.example/gauges"\n    title: '), id="originalUrl"
    ),
]


@pytest.mark.parametrize("text", PASSES)
def test_an_entry_of_another_card_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_each_of_very_many_copies_is_found(find: Find) -> None:
    assert find(card(related=listing(BACK * 100))) == [found(index, 16 + 7 * index) for index in range(100)]


def test_the_message_says_what_is_wrong_and_the_help_that_it_may_be_a_twin(lint: Lint) -> None:
    (finding,) = lint(card(related=listing(BACK)))
    assert finding.message == "this entry has the URL of the card itself"
    assert finding.help == "delete the entry, or correct the URL of one of them"
    assert finding.others == ()
