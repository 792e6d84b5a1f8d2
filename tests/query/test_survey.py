"""A survey of a corpus."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from newscards.cards.card import Card
from newscards.corpus.corpus import Corpus
from newscards.query.survey import MAX_NAMES, Survey, fitting, general_kind, kind_of, survey, survey_card
from tests.conftest import MakeCorpus
from tests.support import CARD


class Silent:
    """A reporter that shows nothing."""

    def notice(self, message: str) -> None: ...
    def warn(self, message: str, hint: str = "") -> None: ...
    def track(self, items, total, doing):  # type: ignore[no-untyped-def]
        return items


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "empty"), (True, "boolean"), (3, "integer"), (3.5, "number"), (date(2024, 3, 11), "date"),
        ("a", "text"), ("https://tide.example/a", "url"), ({"a": 1}, "mapping"), ([], "list"),
        (["a", "https://tide.example"], "list of text"), ([1, 2.5], "list of number"), ([[1]], "list"),
        ([{"a": 1}], "list of mapping"), ([None], "list"),
    ],
)  # fmt: skip
def test_a_value_has_a_kind(value: object, kind: str) -> None:
    assert kind_of(value) == kind


@pytest.mark.parametrize(
    ("kinds", "most", "count"),
    [
        ({"text": 1, "url": 9}, "text", 10),
        ({"url": 9, "empty": 3}, "url", 9),
        ({"integer": 9, "number": 1, "text": 2}, "number", 10),
        ({"list": 5, "list of text": 1, "list of integer": 2, "text": 7}, "list of integer", 8),
        ({"boolean": 3, "integer": 2}, "boolean", 3),
    ],
)
def test_the_kind_of_most_values_is_that_of_the_field(kinds: dict[str, int], most: str, count: int) -> None:
    assert general_kind(Counter(kinds)) == most
    assert fitting(Counter(kinds), most) == count
    assert general_kind(Counter({"empty": 3})) is None


def test_a_card_is_held_against_the_built_in_fields() -> None:
    provider = {"name": "Tide", "country": "no"}
    facts = survey_card(Card("a.md", {"provider": provider, "type": "post", "a.b": 1, 2024: 1, "x\ny": 2}))
    assert facts.kinds["provider.country"] == "text"
    assert "provider.domain" in facts.lacking
    assert "title" in facts.lacking
    assert facts.values == (("type", "post"),)
    assert facts.odd == ("a.b", "x\ny")


def test_a_survey_counts_cards_and_files_that_are_none(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": CARD, "README.md": "Text.\n", "c.md": "---\na: [\n---\n"})
    found = survey(Corpus("."), Silent())
    assert (found.cards, found.unreadable, found.bodies) == (2, 2, 0)
    assert found.count("title") == 2
    assert not found.lacking


def test_the_memory_of_a_survey_is_bounded() -> None:
    found = Survey()
    found.add(survey_card(Card("a.md", {f"key{number}": number for number in range(3 * MAX_NAMES)})))
    assert len(found.kinds) == MAX_NAMES
    assert found.beyond == 2 * MAX_NAMES
