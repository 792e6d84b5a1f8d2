"""Problems that concern several cards name few of them, and each its others."""

from __future__ import annotations

import pytest

from newscards.cards.card import Card
from newscards.lint.facts import Row, row_of
from newscards.lint.rule import Spot
from newscards.rules.common import card_names, problem_on_each, problem_on_minority


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


def test_each_card_is_told_of_the_others_alone() -> None:
    cards = rows(3)
    told = list(problem_on_each(cards, lambda row: ("title",), lambda others: f"as {others}", "do"))
    assert [row for row, _ in told] == cards
    assert [problem.message for _, problem in told] == ["as `1` and `2`", "as `0` and `2`", "as `0` and `1`"]
    for row, problem in told:
        assert problem.path == ("title",)
        assert problem.help == "do"
        assert problem.others == tuple(Spot(other, ("title",)) for other in cards if other is not row)


def test_a_problem_lists_a_hundred_others_and_counts_all() -> None:
    for row, problem in problem_on_each(rows(250), lambda row: (), lambda others: f"as {others}", ""):
        assert len(problem.others) == 100
        assert row not in {spot.row for spot in problem.others}
        assert problem.message.endswith(" and 247 more")


def test_the_place_in_another_card_is_its_own() -> None:
    first, second = rows(2)
    (_, problem), _ = problem_on_each([first, second], lambda row: (row.id,), str, "")
    assert problem.path == ("0",)
    assert problem.others == (Spot(second, ("1",)),)


def spelt(text: str) -> list[tuple[str, Spot]]:
    cards = rows(len(text))
    return [(letter, Spot(row)) for letter, row in zip(text, cards, strict=True)]


def told(text: str) -> list[tuple[str, str, str, str]]:
    """Return what is told of letters: each with its place, the right one, and the places of that."""
    return [
        (problem.message[1], row.id, problem.help, "".join(spot.row.id for spot in problem.others))
        for row, problem in problem_on_minority(spelt(text), "", lambda right: right)
    ]


@pytest.mark.parametrize("text", ["", "a", "aaaa"])
def test_one_spelling_is_no_minority(text: str) -> None:
    assert told(text) == []


def test_the_rarer_spellings_are_told_of_the_most_common_one() -> None:
    assert told("abaca") == [("b", "1", "a", "024"), ("c", "3", "a", "024")]
    assert told("baa") == [("b", "0", "a", "12")]


def test_each_place_of_a_rarer_spelling_is_told() -> None:
    assert told("aabab") == [("b", "2", "a", "013"), ("b", "4", "a", "013")]


def test_where_two_are_the_most_common_each_is_told_of_the_other() -> None:
    assert told("ab") == [("a", "0", "b", "1"), ("b", "1", "a", "0")]
    assert told("abc") == [("a", "0", "b", "1"), ("b", "1", "a", "0"), ("c", "2", "a", "0")]
    assert told("abcab") == [
        ("a", "0", "b", "14"), ("a", "3", "b", "14"), ("b", "1", "a", "03"), ("b", "4", "a", "03"),
        ("c", "2", "a", "03"),
    ]  # fmt: skip


def test_at_most_a_hundred_places_are_listed() -> None:
    ((_, problem),) = problem_on_minority(spelt("b" + "a" * 300), "the letter ", lambda right: right)
    assert len(problem.others) == 100
    assert problem.message == "the letter `b` is `a` in `1`, `2` and 298 more"


def test_a_card_is_not_named_to_itself() -> None:
    (row,) = rows(1)
    both = [("a", Spot(row, ("topics", 0))), ("b", Spot(row, ("topics", 1)))]
    assert not list(problem_on_minority(both, "", lambda right: right))
