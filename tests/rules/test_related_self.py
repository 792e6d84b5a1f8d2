from __future__ import annotations

import pytest

from newscards.edits.operations import Remove
from tests.rules.cases import BACK, ENTRY, Found, listing, with_entry
from tests.rules.conftest import FindAll, LintAll
from tests.support import card


def found(index: int, line: int, end_column: int = 46) -> Found:
    return Found("NC603", line, 13, end_column, f"related[{index}].webUrl", "warning")


FAILS = [
    pytest.param(card(related=listing(BACK)), [found(0, 16)], id="the-card-itself"),
    pytest.param(
        card(related=listing(BACK.replace("Tide gauges", "Old gauges"))), [found(0, 16)], id="outdated"
    ),
    pytest.param(card(related=listing(ENTRY, ENTRY, BACK)), [found(2, 42)], id="the-last"),
    pytest.param(card(related=listing(BACK, ENTRY, BACK)), [found(0, 16), found(2, 36)], id="twice"),
    pytest.param(
        card(related=listing("  - a text\n", "  - 5\n", "  -\n", BACK)),
        [found(3, 19)],
        id="behind-what-is-no-entry",
    ),
    pytest.param(
        card(
            related=listing(
                BACK.replace('"https://www.tide.example/gauges"', "https://www.tide.example/gauges")
            )
        ),
        [found(0, 16, 44)],
        id="without-quotes",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_an_entry_of_the_card_itself_is_found(text: str, expected: list[Found], find_all: FindAll) -> None:
    assert find_all({"a.md": text}) == {"a.md": expected}


PASSES = [
    pytest.param(with_entry(), id="another-card"),
    pytest.param(card(), id="no-related"),
    pytest.param(card(related=""), id="empty"),
    pytest.param(card(related="a text"), id="no-list"),
    pytest.param(card(related="\n  webUrl: https://www.tide.example/gauges"), id="a-mapping"),
    pytest.param(card(related=listing(ENTRY), webUrl=None), id="a-video"),
    pytest.param(card(related=listing(BACK.replace("gauges", "")), webUrl='""'), id="no-text-in-the-url"),
    pytest.param(card(related='\n  - webUrl: ""', webUrl='""'), id="both-empty"),
    pytest.param(card(related="\n  - webUrl: 5\n  - webUrl: [5]", webUrl="5"), id="both-a-number"),
    pytest.param(card(related="\n  - title: x\n  - webUrl: [x]\n  - webUrl:"), id="no-url-in-the-entry"),
    pytest.param(
        with_entry("title: ", 'originalUrl: "https://www.tide.example/gauges"\n    title: '), id="originalUrl"
    ),
]


@pytest.mark.parametrize("text", PASSES)
def test_an_entry_of_another_card_is_fine(text: str, find_all: FindAll) -> None:
    assert find_all({"a.md": text}) == {}


def test_each_of_very_many_copies_is_found(find_all: FindAll) -> None:
    expected = [found(index, 16 + 7 * index) for index in range(100)]
    assert find_all({"a.md": card(related=listing(BACK * 100))}) == {"a.md": expected}


def test_an_entry_of_a_twin_is_fine(find_all: FindAll) -> None:
    own = BACK.replace("Tide gauges", "Other gauges")
    twin = card(title='"Other gauges get a second life"')
    assert find_all({"a.md": card(related=listing(own)), "b.md": twin}) == {}


def test_the_message_says_what_is_wrong_and_the_fix_deletes_the_entry(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": card(related=listing(BACK))})["a.md"]
    assert finding.message == "this entry is a copy of the card itself"
    assert finding.help == "delete the entry"
    assert finding.others == ()
    assert finding.fix
    assert (finding.fix.change, finding.fix.safe, finding.steps) == (Remove(), False, ("related", 0))
