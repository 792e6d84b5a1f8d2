"""Did you mean …."""

from __future__ import annotations

import pytest

from newscards.text import did_you_mean, nearest

TOPICS = ["Oceans", "Shipping", "Ports", "Offshore energy", "Straße", "Posts"]


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("Shiping", ["Shipping"]),
        ("shipping", ["Shipping"]),
        ("OFFSHORE ENERGIE", ["Offshore energy"]),
        ("strasse", ["Straße"]),
        ("Porst", ["Posts", "Ports"]),
        ("qqqq", []),
        ("", []),
    ],
)
def test_the_nearest_come_first_without_regard_to_case_and_as_they_are_spelt(
    word: str, found: list[str]
) -> None:
    assert nearest(word, TOPICS)[: len(found)] == found
    assert bool(nearest(word, TOPICS)) == bool(found)


def test_no_more_are_named_than_asked_for() -> None:
    names = [f"card-{number}" for number in range(20)]
    assert len(nearest("card-x", names)) == 3
    assert len(nearest("card-x", names, most=5)) == 5
    assert nearest("card-7", names, most=1) == ["card-7"]


def test_the_cutoff_is_the_least_likeness() -> None:
    assert nearest("abcd", ["abxx"], cutoff=0.5) == ["abxx"]
    assert nearest("abcd", ["abxx"], cutoff=0.51) == []


def test_of_names_that_differ_in_case_the_first_is_named_once() -> None:
    assert nearest("oceens", ["Oceans", "OCEANS", "oceans"]) == ["Oceans"]


def test_an_iterator_of_candidates_is_as_good_as_a_list() -> None:
    assert nearest("ports", iter(TOPICS), most=1) == ["Ports"]
    assert nearest("ports", []) == []


def test_the_question_names_each_in_code_quotes_and_nothing_is_asked_where_none_is_near() -> None:
    assert did_you_mean("Shiping", TOPICS) == "did you mean `Shipping`?"
    assert did_you_mean("Prts", ["Ports", "Parts"]) == "did you mean `Ports` or `Parts`?"
    assert did_you_mean("qqqq", TOPICS) == ""
