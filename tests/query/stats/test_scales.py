"""What is shown of time and of quality: no gap left out, and no slip that hides the rest."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.card import Card
from newscards.query.stats.dimensions import MONTH, QUALITY, TOPIC
from newscards.query.stats.groups import Group
from newscards.query.stats.scales import filled, histogram, timeline
from newscards.query.stats.tally import Tally, count

PROPERTY = settings(max_examples=80, deadline=None, derandomize=True)


def of_days(*days: date | None) -> Tally:
    tally = Tally(MONTH)
    count((Card("a.md", {"publishedDateTime": day}) for day in days), tally)
    return tally


def of_numbers(*numbers: object) -> Tally:
    tally = Tally(QUALITY)
    count((Card("a.md", {"quality": number}) for number in numbers), tally)
    return tally


def told(lines: Iterable[Group]) -> list[tuple[str, int]]:
    return [(line.name, line.count.cards) for line in lines]


def test_few_months_are_shown_as_months_with_those_in_between() -> None:
    unit, lines = timeline(of_days(date(2023, 11, 2), date(2024, 2, 3), date(2024, 2, 4)), 24)
    assert unit.name == "month"
    assert told(lines) == [("2023-11", 1), ("2023-12", 0), ("2024-01", 0), ("2024-02", 2)]


def test_more_months_are_shown_as_quarters_and_many_as_years() -> None:
    months = [date(2020 + month // 12, month % 12 + 1, 1) for month in range(40)]
    unit, lines = timeline(of_days(*months), 24)
    assert (unit.name, lines[0].name, lines[-1].name, len(lines)) == ("quarter", "2020-Q1", "2023-Q2", 14)
    unit, lines = timeline(of_days(*months, *(date(year, 5, 1) for year in range(2000, 2012))), 24)
    assert unit.name == "year"
    assert told(lines)[11:14] == [("2011", 1), ("2012", 0), ("2013", 0)]


def test_one_date_far_away_does_not_make_the_others_too_small_to_be_seen() -> None:
    days = [date(2023, month, 1) for month in range(1, 13) for _ in range(9)]
    unit, lines = timeline(of_days(*days, date(2199, 1, 1), date(1, 1, 1), None), 24)
    assert unit.name == "month"
    assert told(lines)[:2] == [("before 2023-01", 1), ("2023-01", 9)]
    assert told(lines)[-3:] == [("2023-12", 9), ("after 2023-12", 1), ("", 1)]


def test_without_dates_there_are_only_the_cards_without() -> None:
    assert told(timeline(of_days(None, None), 24)[1]) == [("", 2)]
    assert timeline(of_days(), 24)[1] == []


def test_quality_is_shown_around_most_of_the_cards() -> None:
    lines = histogram(of_numbers(40, 41, 67, 67, 10**30, -5000, float("nan")), 8)
    assert told(lines) == [
        ("below 40", 1), ("40–49", 2), ("50–59", 0), ("60–69", 2), ("above 69", 1), ("", 1),
    ]  # fmt: skip


@PROPERTY
@given(
    st.lists(st.none() | st.datetimes(timezones=st.just(UTC)) | st.just(datetime(2023, 1, 1, tzinfo=UTC))),
    st.integers(1, 30),
)
def test_all_cards_are_in_the_lines_and_the_lines_are_bounded(days: list[datetime | None], most: int) -> None:
    unit, lines = timeline(of_days(*days), most)
    assert sum(line.count.cards for line in lines) == len(days)
    assert len(lines) <= most + 3
    names = [line.name for line in lines if line.name[:1].isdigit()]
    assert names == sorted(names)
    assert unit.is_scale


@PROPERTY
@given(st.lists(st.integers() | st.floats() | st.none()), st.integers(1, 30))
def test_all_qualities_are_in_the_lines(numbers: list[object], most: int) -> None:
    lines = histogram(of_numbers(*numbers), most)
    assert sum(line.count.cards for line in lines) == len(numbers)
    assert len(lines) <= most + 3


def test_a_scale_is_filled_if_that_is_not_too_much() -> None:
    tally = of_days(date(2023, 1, 1), date(2023, 4, 1), None)
    assert [MONTH.text(key) for key, _ in filled(tally, 4)] == [
        "2023-01",
        "2023-02",
        "2023-03",
        "2023-04",
        "",
    ]
    assert [MONTH.text(key) for key, _ in filled(tally, 3)] == ["2023-01", "2023-04", ""]
    topics = Tally(TOPIC)
    count([Card("a.md", {"topics": ["b", "a"]})], topics)
    assert [key for key, _ in filled(topics, 3)] == ["a", "b"]
    assert filled(Tally(MONTH), 3) == []
