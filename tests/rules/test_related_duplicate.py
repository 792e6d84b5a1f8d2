from __future__ import annotations

import pytest

from tests.rules.cases import BACK, ENTRY, Found, listing, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card

TWIN = ENTRY.replace("Gauges of the north", "The north has gauges").replace("quality: 60", "quality: 50")
VIDEO = ENTRY.replace('    webUrl: "https://www.tide.example/north"\n', "")


def found(index: int, line: int) -> Found:
    return Found("NC604", line, 13, 45, f"related[{index}].webUrl", "warning")


FAILS = [
    pytest.param([ENTRY, ENTRY], [found(1, 29)], id="a-copy"),
    pytest.param([ENTRY, TWIN], [found(1, 29)], id="a-twin"),
    pytest.param([ENTRY, BACK, TWIN], [found(2, 36)], id="apart"),
    pytest.param([ENTRY, ENTRY, TWIN], [found(1, 29), found(2, 42)], id="three"),
    pytest.param([BACK, ENTRY, ENTRY], [found(2, 36)], id="behind-another"),
    pytest.param(["  - a text\n", ENTRY, "  -\n", ENTRY], [found(3, 31)], id="with-what-is-no-entry"),
]


@pytest.mark.parametrize(("entries", "expected"), FAILS)
def test_an_entry_with_the_url_of_an_earlier_one_is_found_on_it(
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
    pytest.param(card(related=listing(VIDEO, VIDEO)), id="videos"),
    pytest.param(card(related=listing("  - {}\n  - {}\n", "  - a\n  - a\n", "  -\n  -\n")), id="nothing"),
    pytest.param(card(related="\n  - {webUrl: ''}\n  - {webUrl: ''}"), id="empty-urls"),
    pytest.param(card(related="\n  - {webUrl: 5}\n  - {webUrl: 5}"), id="numbers"),
    pytest.param(card(related="\n  - {webUrl: [x]}\n  - {webUrl: [x]}"), id="lists"),
    pytest.param(card(related=listing(BACK)), id="the-cards-own"),
]


@pytest.mark.parametrize("text", PASSES)
def test_entries_of_different_urls_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_all_but_the_first_of_very_many_copies_are_found(find: Find) -> None:
    assert find(card(related=listing(ENTRY * 100))) == [
        found(index, 16 + 13 * index) for index in range(1, 100)
    ]


def test_the_message_counts_the_entries_from_one(lint: Lint) -> None:
    finding, third = lint(card(related=listing(BACK, ENTRY, TWIN, TWIN)))
    assert finding.message == third.message == "this entry has the URL of entry 2"
    assert finding.help == "delete the one that is wrong"
    assert finding.others == ()
