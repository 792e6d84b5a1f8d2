"""Tallies, held against a count of another kind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.card import Card
from newscards.query.stats.dimensions import MONTH, PROVIDER, TOPIC, YEAR
from newscards.query.stats.tally import Count, CountedValues, Tally, count, measures, merged

PROPERTY = settings(max_examples=80, deadline=None, derandomize=True)

QUALITIES = (
    st.integers(-50, 300)
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.sampled_from([None, True, "80", 10**400, -(10**308)])
)
DATES = st.none() | st.just("soon") | st.datetimes(timezones=st.just(UTC))
CARDS = st.builds(
    lambda **fields: Card("a.md", fields),
    quality=QUALITIES,
    published=st.sampled_from([True, False, None, "false"]),
    publishedDateTime=DATES,
    topics=st.lists(st.sampled_from(["Oceans", "Ports", "Tides", "ports"]), max_size=4),
    provider=st.none() | st.fixed_dictionaries({"name": st.sampled_from(["Tide", "The Tide", ""])}),
)


def counted(cards: Sequence[Card], *dimensions: Any) -> Tally:
    tally = Tally(*dimensions)
    count(cards, tally)
    return tally


def mean(cards: Sequence[Card]) -> Fraction | None:
    numbers: list[Fraction] = []
    for card in cards:
        try:
            numbers += [Fraction(float(card.quality) and card.quality)] if card.quality is not None else []
        except (OverflowError, ValueError):  # too large for a float, infinity, NaN
            continue
    return sum(numbers, Fraction(0)) / len(numbers) if numbers else None


@PROPERTY
@given(st.lists(CARDS, max_size=12))
def test_all_cards_are_counted_once_whatever_they_hold(cards: list[Card]) -> None:
    total = counted(cards).total
    assert total.cards == len(cards)
    assert total.published == sum(card.published for card in cards)
    assert total.hidden == total.cards - total.published
    dates = sorted(card.date for card in cards if card.date)
    assert (total.first, total.last) == ((dates[0], dates[-1]) if dates else (None, None))
    exact = mean(cards)
    if exact is None:
        assert total.quality is None
    else:
        assert total.quality is not None
        difference = abs(Fraction(total.quality) - exact)
        assert difference <= max(Fraction(56, 1000), abs(exact) / 10**12)


@PROPERTY
@given(st.lists(CARDS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_cards_changes_nothing(cards: list[Card], random: Any) -> None:
    groups = counted(cards, TOPIC, YEAR).groups
    random.shuffle(cards)
    assert counted(cards, TOPIC, YEAR).groups == groups


@PROPERTY
@given(st.lists(CARDS, max_size=12))
def test_a_card_counts_in_each_of_its_topics_and_once_in_its_month(cards: list[Card]) -> None:
    topics = counted(cards, TOPIC).groups
    for (topic,), found in topics.items():
        assert found.cards == sum(topic in card.topics if topic else not card.topics for card in cards)
    months = counted(cards, MONTH).groups
    assert merged(months.values()) == counted(cards).total


@PROPERTY
@given(st.lists(CARDS, max_size=12))
def test_a_cell_of_two_dimensions_is_what_both_have(cards: list[Card]) -> None:
    for (topic, provider), found in counted(cards, TOPIC, PROVIDER).groups.items():
        own = [card for card in cards if topic in TOPIC.keys(card) and provider in PROVIDER.keys(card)]
        assert found == counted(own).total


def test_groups_stand_by_how_many_cards_they_have_then_by_name_and_those_without_last() -> None:
    topics = [["b"], ["B"], ["a", "c"], ["c"], [], [], []]
    found = counted([Card("a.md", {"topics": each}) for each in topics], TOPIC).ordered()
    assert [(key, each.cards) for key, each in found] == [("c", 2), ("a", 1), ("B", 1), ("b", 1), (None, 3)]


def test_the_groups_of_a_scale_stand_in_its_order() -> None:
    days = [datetime(year, 1, 1, tzinfo=UTC) for year in (2024, 999, 2023, 2024)]
    cards = [Card("a.md", {"publishedDateTime": day}) for day in [*days, None]]
    found = counted(cards, YEAR).ordered()
    assert [YEAR.text(key) for key, _ in found] == ["0999", "2023", "2024", ""]


def test_without_any_card_there_is_nothing() -> None:
    assert counted([]).total == Count()
    assert counted([], TOPIC).ordered() == []
    assert measures(Count()) == {"cards": 0, "published": 0}


@pytest.mark.parametrize(
    ("qualities", "told"),
    [
        ([67], 67.0), ([66, 67], 66.5), ([1, 1, 2], 1.3), ([0, 0, 1], 0.3), ([0, 0, 0, 0, 0, 3], 0.5),
        ([-1, -2], -1.5), ([67.25], 67.3), ([10**30], 10**30), ([10**30, 2], 10**30 // 2 + 1),
        ([float("nan"), 5], 5.0), ([10**400], None), ([], None),
    ],
)  # fmt: skip
def test_the_mean_is_told_to_a_tenth(qualities: list[Any], told: float | None) -> None:
    mean = counted([Card("a.md", {"quality": each}) for each in qualities]).total.quality
    assert mean == told
    assert type(mean) is type(told)


def test_measures_are_what_json_can_say_and_what_is_not_there_is_absent() -> None:
    day = datetime(2023, 6, 20, 15, 44, tzinfo=UTC)
    cards = [Card("a.md", {"publishedDateTime": day, "quality": 67}), Card("b.md", {"published": False})]
    assert measures(counted(cards).total) == {
        "cards": 2, "published": 1, "share": 0.5, "quality": 67.0,
        "first": "2023-06-20T15:44:00Z", "last": "2023-06-20T15:44:00Z",
    }  # fmt: skip
    assert measures(counted(cards[1:]).total) == {"cards": 1, "published": 0, "share": 0.0}
    assert math.isclose(counted([cards[0], *[cards[1]] * 2]).total.share or 0, 0.333)


def test_what_is_seen_of_a_card_sums_exactly() -> None:
    total = Count()
    for _ in range(10):
        total.add(CountedValues.of(Card("a.md", {"quality": 0.1})))
    assert (total.hundredths, total.quality) == (100, 0.1)
