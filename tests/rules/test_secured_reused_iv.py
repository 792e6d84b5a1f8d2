from __future__ import annotations

import time

import pytest

from tests.rules.cases import Found, block
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

OTHER_TEXT = CARD.replace('secured: "AAAA', 'secured: "BBBB')
OTHER_IV = CARD.replace(";AAAA", ";BBBB")


def found(*others: tuple[str, int]) -> list[Found]:
    return [Found("NC614", 27, 10, 61, "secured", "warning", others=others)]


def test_of_two_cards_with_one_iv_the_second_is_found_on_it(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": OTHER_TEXT}) == {
        "b.md": found(("a.md", 27)),
    }


def test_three_cards_with_one_iv_are_one_finding(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": OTHER_TEXT, "c.md": CARD, "d.md": OTHER_IV}) == {
        "c.md": found(("a.md", 27), ("b.md", 27)),
    }


def test_cards_with_an_iv_each_are_fine(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": OTHER_IV}) == {}


@pytest.mark.parametrize(
    "value",
    [None, "", '""', "5", "true", "[x]", "{x: 1}", '";"', '"AAAAAAAAAAAAAAAAAAAAAA=="', '"AAAA;"', "a text"],
)
def test_cards_without_an_iv_have_none_in_common(value: str | None, find_all: FindAll) -> None:
    assert find_all({"a.md": card(secured=value), "b.md": card(secured=value), "c.md": CARD}) == {}


def test_cards_of_two_sites_are_two_corpora(find_all: FindAll) -> None:
    assert find_all({"one/_news/a.md": CARD, "two/_news/a.md": CARD}) == {}


def test_a_card_that_cannot_be_read_has_no_iv(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": CARD.removesuffix("---\n"), "c.md": ""}) == {}


def test_a_card_that_is_only_seen_is_named_and_not_told(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": CARD}, seen=["a.md"]) == {"b.md": found(("a.md", 27))}


def test_the_message_says_which_part_and_whose(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": CARD, "b.md": CARD})["b.md"]
    assert finding.message == "its iv, after the `;`, is also that of `a`"
    assert finding.help == "restore the value from the card's history"


def test_one_iv_in_very_many_cards_costs_little_and_lists_few(lint_all: LintAll) -> None:
    start = time.monotonic()
    found = lint_all({f"{number:04}.md": block('secured: "x;y"\n') for number in range(2000)})
    assert time.monotonic() - start < 30
    ((path, (finding,)),) = found.items()
    assert (path, len(finding.others)) == ("1999.md", 100)
    assert finding.message.endswith("of `0000`, `0001` and 1997 more")
