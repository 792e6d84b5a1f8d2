from __future__ import annotations

import pytest

from tests.rules.cases import BACK, ENTRY, Found, listing, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card

TWIN = ENTRY.replace("Gauges of the north", "The north has gauges").replace("quality: 60", "quality: 50")
OTHER = ENTRY.replace("quality: 60", "quality: 50")
VIDEO = ENTRY.replace('    webUrl: "https://www.tide.example/north"\n', "")


def found(index: int, line: int) -> Found:
    return Found("NC604", line, 13, 45, f"related[{index}].webUrl", "warning")


FAILS = [
    pytest.param([ENTRY, ENTRY], [found(1, 29)], id="a-copy"),
    pytest.param([ENTRY, OTHER], [found(1, 29)], id="a-copy-of-another-quality"),
    pytest.param([ENTRY, BACK, ENTRY], [found(2, 36)], id="apart"),
    pytest.param([ENTRY, ENTRY, OTHER], [found(1, 29), found(2, 42)], id="three"),
    pytest.param([BACK, ENTRY, ENTRY], [found(2, 36)], id="behind-another"),
    pytest.param(["  - a text\n", ENTRY, "  -\n", ENTRY], [found(3, 31)], id="with-what-is-no-entry"),
]


@pytest.mark.parametrize(("entries", "expected"), FAILS)
def test_an_entry_that_names_the_card_of_an_earlier_one_is_found_on_it(
    entries: list[str], expected: list[Found], find: Find
) -> None:
    assert find(card(related=listing(*entries))) == expected


PASSES = [
    pytest.param(with_entry(), id="one"),
    pytest.param(card(related=listing(ENTRY, BACK)), id="two"),
    pytest.param(card(), id="none"),
    pytest.param(card(related=""), id="empty"),
    pytest.param(card(related="a text"), id="a-text"),
    pytest.param(card(related="{webUrl: x}"), id="a-mapping"),
    pytest.param(card(related=listing(ENTRY, TWIN)), id="twins"),
    pytest.param(card(related=listing(VIDEO, VIDEO.replace("2023-06-21", "2023-06-22"))), id="videos"),
    pytest.param(card(related=listing("  - {}\n  - {}\n", "  - a\n  - a\n", "  -\n  -\n")), id="nothing"),
    pytest.param(card(related="\n  - {webUrl: ''}\n  - {webUrl: ''}"), id="empty-urls"),
    pytest.param(card(related="\n  - {webUrl: 5}\n  - {webUrl: 5}"), id="numbers"),
    pytest.param(card(related="\n  - {webUrl: [x]}\n  - {webUrl: [x]}"), id="lists"),
    pytest.param(card(related=listing(BACK)), id="the-cards-own"),
]


@pytest.mark.parametrize("text", PASSES)
def test_entries_of_different_cards_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_all_but_the_first_of_very_many_copies_are_found(find: Find) -> None:
    assert find(card(related=listing(ENTRY * 100))) == [
        found(index, 16 + 13 * index) for index in range(1, 100)
    ]


def test_of_two_videos_with_one_title_and_date_the_second_is_found_on_its_title(find: Find) -> None:
    expected = Found("NC604", 25, 12, 33, "related[1].title", "warning")
    assert find(card(related=listing(VIDEO, VIDEO))) == [expected]


def test_the_message_names_the_earlier_entry_as_fields_are_named(lint: Lint) -> None:
    finding, third = lint(card(related=listing(BACK, ENTRY, ENTRY, OTHER)))
    assert finding.message == third.message == "this entry names the same card as `related[1]`"
    assert finding.help == "delete one of the two"
    assert (finding.others, bool(finding.fix), bool(third.fix)) == ((), True, False)
