"""Selections as predicates: boolean algebra, numbers and dates at their ends."""

from __future__ import annotations

import calendar
import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.card import Card
from newscards.errors import NewscardsError
from newscards.query import filters
from newscards.query.filters import EVERYTHING, NOTHING, Filter, parse_days

PROPERTY = settings(max_examples=60, deadline=None, derandomize=True)
NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)

MOMENTS = [datetime(2023, 6, 20, tzinfo=UTC), datetime(2023, 6, 21, tzinfo=UTC), date(2024, 2, 29)]
CARDS = [
    Card("x.md", dict(zip(("quality", "published", "topics", "publishedDateTime"), values, strict=True)))
    for values in itertools.product(
        [None, 0, 40, 80.5, True, "80", float("nan")],
        [True, False, None, "false", 0],
        [None, "Oceans", ["oceans", "Ports"], [["Oceans"], 3]],
        [None, *MOMENTS, "2023-06-20", datetime(2023, 6, 20, 12)],  # noqa: DTZ001 (without a zone)
    )
][::11]
ATOMS = [
    EVERYTHING,
    NOTHING,
    filters.topic("OCEANS"),
    filters.published(True),
    filters.number("quality", minimum=40),
    filters.number("quality", maximum=80),
    filters.since(datetime(2023, 6, 20, tzinfo=UTC)),
    filters.before(datetime(2023, 6, 21, tzinfo=UTC)),
]

Choice = Callable[[Card], bool]
Both = tuple[Filter, Choice]


def combined(pairs: st.SearchStrategy[Both]) -> st.SearchStrategy[Both]:
    """Build each expression twice: with the selections' operators, and with Python's own words."""
    return st.one_of(
        st.tuples(pairs, pairs).map(lambda ab: (ab[0][0] & ab[1][0], lambda c: ab[0][1](c) and ab[1][1](c))),
        st.tuples(pairs, pairs).map(lambda ab: (ab[0][0] | ab[1][0], lambda c: ab[0][1](c) or ab[1][1](c))),
        pairs.map(lambda a: (~a[0], lambda c: not a[1](c))),
    )


SELECTIONS: st.SearchStrategy[Both] = st.recursive(
    st.sampled_from(ATOMS).map(lambda atom: (atom, atom.test)), combined, max_leaves=8
)


def chosen(selection: Choice) -> list[int]:
    return [index for index, card in enumerate(CARDS) if selection(card)]


def test_every_atom_but_the_trivial_ones_tells_cards_apart() -> None:
    assert all(0 < len(chosen(atom)) < len(CARDS) for atom in ATOMS[2:])
    assert (len(chosen(EVERYTHING)), chosen(NOTHING)) == (len(CARDS), [])


@PROPERTY
@given(both=SELECTIONS)
def test_an_expression_of_selections_is_that_expression_of_their_answers(both: Both) -> None:
    selection, expected = both
    assert [selection(card) for card in CARDS] == [expected(card) for card in CARDS]


@PROPERTY
@given(a=SELECTIONS, b=SELECTIONS, c=SELECTIONS)
def test_selections_are_a_boolean_algebra(a: Both, b: Both, c: Both) -> None:
    x, y, z = a[0], b[0], c[0]
    for left, right in [
        (x & y, y & x),
        (x | y, y | x),
        (x & (y | z), (x & y) | (x & z)),
        (x | (y & z), (x | y) & (x | z)),
        (x & EVERYTHING, x),
        (x | NOTHING, x),
        (x & ~x, NOTHING),
        (x | ~x, EVERYTHING),
        (~(x & y), ~x | ~y),
        (~~x, x),
        (x & (x | y), x),
    ]:
        assert chosen(left) == chosen(right)


@pytest.mark.parametrize(
    ("value", "is_chosen"),
    [
        (40, True), (80, True), (60.5, True), (39, False), (81, False), (39.999, False), (80.001, False),
        (10**400, False), (float("inf"), False), (float("nan"), False), (True, False), ("60", False),
        (None, False), ([60], False),
    ],
)  # fmt: skip
def test_a_number_is_chosen_with_both_ends_and_all_else_is_not(value: object, is_chosen: bool) -> None:
    for name in ("quality", "heat"):
        assert filters.number(name, minimum=40, maximum=80)(Card("x.md", {name: value})) is is_chosen
        assert not filters.number(name, minimum=40, maximum=80)(Card("x.md", {}))


@pytest.mark.parametrize(
    ("text", "first", "after"),
    [
        ("2023-06-20", "2023-06-20", "2023-06-21"),
        ("2023-12-31", "2023-12-31", "2024-01-01"),
        ("2024-02-29", "2024-02-29", "2024-03-01"),
        ("0001-01-01", "0001-01-01", "0001-01-02"),
        ("2023-06", "2023-06-01", "2023-07-01"),
        ("2023-12", "2023-12-01", "2024-01-01"),
        ("2023-02", "2023-02-01", "2023-03-01"),
        ("2024-02", "2024-02-01", "2024-03-01"),
        ("2023", "2023-01-01", "2024-01-01"),
        ("2024", "2024-01-01", "2025-01-01"),
        ("0d", "2026-01-15", "2026-01-16"),
        ("1d", "2026-01-14", "2026-01-15"),
        ("15d", "2025-12-31", "2026-01-01"),
        ("0w", "2026-01-15", "2026-01-16"),
        ("6w", "2025-12-04", "2025-12-05"),
        ("3m", "2025-10-15", "2025-10-16"),
        ("12m", "2025-01-15", "2025-01-16"),
        ("014d", "2026-01-01", "2026-01-02"),
        ("0y", "2026-01-15", "2026-01-16"),
        ("1y", "2025-01-15", "2025-01-16"),
        ("today", "2026-01-15", "2026-01-16"),
        ("yesterday", "2026-01-14", "2026-01-15"),
    ],
)
def test_days_months_years_and_ages_have_a_first_moment_and_one_after(
    text: str, first: str, after: str
) -> None:
    expected = tuple(datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (first, after))
    assert parse_days(text, NOW) == expected


@pytest.mark.parametrize(
    ("today", "age", "day"),
    [
        ("2026-03-31", "1m", "2026-02-28"),
        ("2024-03-31", "1m", "2024-02-29"),
        ("2024-02-29", "12m", "2023-02-28"),
        ("2024-02-29", "48m", "2020-02-29"),
        ("2026-05-31", "3m", "2026-02-28"),
        ("2026-07-31", "1m", "2026-06-30"),
        ("2024-03-01", "1d", "2024-02-29"),
        ("2100-03-01", "1d", "2100-02-28"),
        ("2026-01-31", "2m", "2025-11-30"),
    ],
)
def test_months_of_different_length_and_leap_years_count(today: str, age: str, day: str) -> None:
    now = datetime.fromisoformat(f"{today}T23:59:59+00:00")
    assert parse_days(age, now)[0] == datetime.fromisoformat(f"{day}T00:00:00+00:00")


@PROPERTY
@given(day=st.dates(date(1, 1, 1), date(9999, 11, 30)))
def test_any_day_and_its_month_are_what_the_calendar_says(day: date) -> None:
    first, after = parse_days(day.isoformat(), NOW)
    assert (first.date(), after - first) == (day, timedelta(days=1))
    first, after = parse_days(day.isoformat()[:7], NOW)
    assert (first.date(), (after - first).days) == (
        day.replace(day=1),
        calendar.monthrange(day.year, day.month)[1],
    )
    assert first.tzinfo is after.tzinfo is UTC


@PROPERTY
@given(now=st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1)), months=st.integers(0, 1000))  # noqa: DTZ001
def test_an_age_in_months_is_the_same_day_of_that_month_or_its_last(now: datetime, months: int) -> None:
    first, after = parse_days(f"{months}m", now.replace(tzinfo=UTC))
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    assert first == datetime(year, month + 1, day, tzinfo=UTC)
    assert after - first == timedelta(days=1)


def test_an_age_counts_from_the_day_in_utc() -> None:
    now = datetime.fromisoformat("2026-01-15T01:00:00+02:00")
    assert parse_days("0d", now)[0] == datetime(2026, 1, 14, tzinfo=UTC)


@pytest.mark.parametrize("text", ["9999-12-31", "9999-12", "9999"])
def test_the_last_day_month_and_year_there_are_can_be_named(text: str) -> None:
    first, after = parse_days(text, NOW)
    assert first <= datetime(9999, 12, 31, tzinfo=UTC) < after


WRONG: list[Any] = [
    "", " ", "tomorrow", "202", "20233", "2023-", "2023-13", "2023-00", "2023-02-29", "2023-06-31",
    "2023-6-1", "20230620", "2023-06-20 ", "2023-06-20T00:00", "2023-06-20\n", "2023/06/20", "0000-01-01",
    "-3d", "3", "d", "3 d", "3j", "3D", "1.5m", "99999m", "999999d", "14d6w",
]  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_what_is_no_date_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(NewscardsError) as caught:
        parse_days(text, NOW)
    assert str(caught.value).startswith(f"{text} is not a date")
