"""What is said of the time holds from the last moment that is past until the next that is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from newscards import clock
from newscards.clock import ALWAYS, Validity
from tests.conftest import NOW

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def nothing_was_asked() -> None:
    clock.take_validity()


def at(moment: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_where_nothing_is_asked_it_holds_always(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clock.take_validity() == ALWAYS
    for year in (1, 2026, 9999):
        at(datetime(year, 1, 1, tzinfo=UTC), monkeypatch)
        assert ALWAYS.holds()


def test_it_holds_between_the_moments_around_now() -> None:
    asked = [NOW - 2 * HOUR, NOW + HOUR, NOW - HOUR, NOW + 2 * HOUR, NOW - 3 * HOUR]
    assert [clock.is_past(moment) for moment in asked] == [True, False, True, False, True]
    assert clock.take_validity() == Validity(NOW - HOUR, NOW + HOUR)
    assert clock.take_validity() == ALWAYS, "taking it resets it"


def test_the_moment_itself_is_past(monkeypatch: pytest.MonkeyPatch) -> None:
    assert clock.is_past(NOW)
    assert not clock.is_past(NOW + HOUR)
    span = clock.take_validity()
    for moment, holds in ((NOW, True), (NOW + HOUR, False), (NOW + HOUR - timedelta.resolution, True),
                          (NOW - timedelta.resolution, False)):  # fmt: skip
        at(moment, monkeypatch)
        assert span.holds() is holds


def test_a_moment_of_another_zone_is_the_same() -> None:
    assert clock.is_past(NOW.astimezone(timezone(HOUR)))
    assert clock.take_validity().since == NOW


def test_of_two_both_hold_where_they_overlap() -> None:
    early, late = Validity(NOW, NOW + 2 * HOUR), Validity(NOW + HOUR, NOW + 3 * HOUR)
    assert early.intersection(late) == late.intersection(early) == Validity(NOW + HOUR, NOW + 2 * HOUR)
    assert early.intersection(ALWAYS) == early


def test_an_answer_that_holds_for_a_time_limits_the_others() -> None:
    clock.limit_validity(Validity(NOW, NOW + HOUR))
    clock.limit_validity(Validity(NOW - HOUR, NOW + 2 * HOUR))
    assert clock.take_validity() == Validity(NOW, NOW + HOUR)
    assert clock.take_validity() == clock.ALWAYS
