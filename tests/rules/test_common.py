"""Problems that concern several cards name few of them, and each its others."""

from __future__ import annotations

import pytest

from newscards.cards.card import Card
from newscards.lint.facts import Facts, Row, row_of
from newscards.lint.rule import Problem, Spot
from newscards.rules.common import card_names, problem_of_group, problem_on_minority
from newscards.rules.topic_case import RULE


def rows(count: int) -> list[Row]:
    return [row_of(Card(f"folder/{number}.md", {})) for number in range(count)]


@pytest.mark.parametrize(
    ("count", "text"),
    [(1, "`0`"), (2, "`0` and `1`"), (3, "`0`, `1` and 1 more"), (1500, "`0`, `1` and 1498 more")],
)
def test_the_first_two_of_some_cards_are_named_by_their_ids(count: int, text: str) -> None:
    assert card_names(rows(count)) == text


def test_of_a_part_of_the_cards_the_rest_is_counted_too() -> None:
    assert card_names(rows(2), 5000) == "`0`, `1` and 4998 more"
    assert card_names(rows(1), 1) == "`0`"


def test_a_name_is_shown_harmless_and_on_one_line() -> None:
    assert card_names([row_of(Card("a\x1b[31m\nb\udce4.md", {}))]) == "`a\\x1b[31m b\ufffd`"


def of_group(count: int, reported: set[str] | None = None) -> tuple[Row, Problem]:
    """Return the problem of a group of cards, of which those at some paths are reported."""
    spots = [Spot(row, ("title",)) for row in rows(count)]
    ((row, problem),) = problem_of_group(
        Facts(reported=reported), RULE, spots, lambda others: f"as {others}", "do"
    )
    return row, problem


def test_the_last_of_several_cards_is_reported_with_the_others() -> None:
    row, problem = of_group(3)
    assert (row.id, problem.message, problem.path, problem.help) == ("2", "as `0` and `1`", ("title",), "do")
    assert [(spot.row.id, spot.path) for spot in problem.others] == [("0", ("title",)), ("1", ("title",))]


def test_the_last_of_several_cards_that_are_checked_is_reported() -> None:
    row, problem = of_group(3, {"folder/0.md", "folder/1.md"})
    assert (row.id, problem.message) == ("1", "as `0` and `2`")


def test_a_problem_lists_a_hundred_others_and_counts_all() -> None:
    for reported in (None, {"folder/50.md"}):
        row, problem = of_group(250, reported)
        assert len(problem.others) == 100
        assert row not in {spot.row for spot in problem.others}
        assert problem.message.endswith(" and 247 more")


def spelt(text: str) -> list[tuple[str, Spot]]:
    cards = rows(len(text))
    return [(letter, Spot(row)) for letter, row in zip(text, cards, strict=True)]


def reported(text: str, paths: set[str] | None = None) -> list[tuple[str, str, str, str]]:
    """Return each finding on letters: the letter, its place, the right one, and the other places."""
    found = problem_on_minority(Facts(reported=paths), RULE, spelt(text), "", lambda right: right)
    return [
        (problem.message[1], row.id, problem.help, "".join(spot.row.id for spot in problem.others))
        for row, problem in found
    ]


@pytest.mark.parametrize("text", ["", "a", "aaaa"])
def test_one_spelling_is_no_minority(text: str) -> None:
    assert reported(text) == []


def test_the_rarer_spellings_are_reported_with_the_places_of_the_most_common_one() -> None:
    assert reported("abaca") == [("b", "1", "a", "024"), ("c", "3", "a", "024")]
    assert reported("baa") == [("b", "0", "a", "12")]


def test_a_rarer_spelling_in_several_places_is_one_finding() -> None:
    assert reported("aabab") == [("b", "2", "a", "4")]
    assert reported("aabab", {"folder/4.md"}) == [("b", "4", "a", "2")]


def test_of_several_most_common_spellings_the_first_is_right() -> None:
    assert reported("ab") == [("b", "1", "a", "0")]
    assert reported("abc") == [("b", "1", "a", "0"), ("c", "2", "a", "0")]
    assert reported("abcab") == [("b", "1", "a", "4"), ("c", "2", "a", "03")]


def test_at_most_a_hundred_places_are_listed() -> None:
    letters = spelt("b" + "a" * 300)
    ((_, problem),) = problem_on_minority(Facts(), RULE, letters, "the letter ", lambda right: right)
    assert len(problem.others) == 100
    assert problem.message == "the letter `b` is `a` in `1`, `2` and 298 more"


def test_a_card_is_not_named_to_itself() -> None:
    (row,) = rows(1)
    both = [("a", Spot(row, ("topics", 0))), ("b", Spot(row, ("topics", 1)))]
    assert not list(problem_on_minority(Facts(), RULE, both, "", lambda right: right))
