from __future__ import annotations

import pytest

from tests.rules.cases import Found, block, site
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card


def found(end_column: int = 16, line: int = 11) -> list[Found]:
    return [Found("NC207", line, 12, end_column, "published")]


@pytest.mark.parametrize("removed", ["true", "yes", "True", "on", "!!bool true"])
def test_a_removed_card_with_a_flag_that_shows_it_is_found_on_the_flag(
    removed: str, find_all: FindAll
) -> None:
    assert find_all({"a.md": card(removed=removed)}) == {"a.md": found()}


@pytest.mark.parametrize("flag", ["yes", '"false"', "0", "[]", "'no'", "text", "1.5"])
def test_a_flag_that_shows_a_card_is_found_whatever_it_is(flag: str, find_all: FindAll) -> None:
    text = card(removed="true").replace("published: true", f"published: {flag}")
    assert find_all({"a.md": text}) == {"a.md": found(12 + len(flag))}


def test_the_order_of_the_two_makes_no_difference(find_all: FindAll) -> None:
    assert find_all({"a.md": block("removed: true\npublished: true\n")}) == {"a.md": found(line=3)}
    assert find_all({"a.md": block("published: true\nremoved: true\n")}) == {"a.md": found(line=2)}


def test_of_a_flag_that_stands_twice_the_last_counts(find_all: FindAll) -> None:
    assert find_all({"a.md": card(removed="true\npublished: false")}) == {}
    text = card(removed="true\npublished: true").replace("published: true", "published: false", 1)
    assert find_all({"a.md": text}) == {"a.md": found(line=13)}


@pytest.mark.parametrize("flag", ["false", "no", "Off", "", "~"])
def test_a_removed_card_that_is_hidden_is_fine(flag: str, find_all: FindAll) -> None:
    assert find_all({"a.md": block(f"published: {flag}\nremoved: true\n")}) == {}


@pytest.mark.parametrize("removed", [None, "false", "no", "", "~", '"true"', "1", "[true]", "text"])
def test_a_card_that_is_not_removed_is_fine(removed: str | None, find_all: FindAll) -> None:
    assert find_all({"a.md": card(removed=removed), "b.md": card(Removed="true")}) == {}


def test_a_card_without_a_flag_is_left_to_missing_field(find_all: FindAll) -> None:
    assert find_all({"a.md": block("removed: true\n")}) == {}


@pytest.mark.parametrize("text", ["", "no card", card(removed="true").removesuffix("---\n")])
def test_a_card_that_cannot_be_read_is_left_to_other_rules(text: str, find_all: FindAll) -> None:
    assert find_all({"a.md": text}) == {}


def test_each_card_is_looked_at_by_itself(find_all: FindAll) -> None:
    assert find_all({"a.md": card(removed="true"), "b.md": CARD, "c/a.md": card(removed="true")}) == {
        "a.md": found(),
        "c/a.md": found(),
    }


def test_the_message_says_what_the_site_does(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": card(removed="true")})["a.md"]
    assert finding.message == "the card is `removed`, and its flag shows it: the site will publish this card"
    assert finding.help == "hide it, or delete `removed`"


def test_the_message_is_true_where_the_site_does_otherwise(lint_all: LintAll) -> None:
    (finding,) = lint_all(site(card(removed="true"), "exclude: [_news]\n"))["_news/x.md"]
    assert finding.message.endswith("the site will not publish this card, because `exclude` has `_news`")
