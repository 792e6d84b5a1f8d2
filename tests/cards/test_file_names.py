"""The names of cards' files: the day and the title, as in real corpora."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newscards.cards.file_names import file_stem, slug


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Tide gauges get a second life", "tide-gauges-get-a-second-life"),
        ("  AI:  the “next” step – or not?  ", "ai-the-next-step-or-not"),
        ("Harbourmaster's log", "harbourmasters-log"),
        ("Dec/Jan", "decjan"),
        ("low-code -- no code", "low-code-no-code"),
        ("Magic Quadrant™ for Tides®", "magic-quadrant-for-tides"),
        ("L'Île aux Mouettes", "lile-aux-mouettes"),
        ("Straße nach Tromsø", "strasse-nach-tromso"),
        ("Тест приливов", "тест-приливов"),
        ("潮位", "潮位"),
        ("Тест 5G в 2023", "тест-5g-в-2023"),
        ("The β wave of 潮", "the-wave-of"),
        ("2023 / 5", "2023-5"),
        ("wave " * 40, "-".join(["wave"] * 30)),
        ("x" * 200, "x" * 150),
        ("!!! 🎉", ""),
    ],
)
def test_a_title_becomes_a_slug(title: str, expected: str) -> None:
    assert slug(title) == expected


def test_the_day_is_that_of_utc() -> None:
    moment = datetime(2023, 6, 20, 23, 30, tzinfo=timezone(timedelta(hours=-2)))
    assert file_stem("Wells", moment) == "2023-06-21-wells"
    assert file_stem("?", datetime(2023, 6, 20, tzinfo=UTC)) == ""


@given(st.text() | st.text("海洋の水位計 𠀀é ", min_size=60, max_size=400))
@example("海" * 300)
@example("海洋 " * 300)
def test_a_slug_is_a_name_that_any_file_may_have(title: str) -> None:
    found = slug(title)
    assert len(found) <= 150
    assert len(f"2023-06-20-{found}.markdown.newscards".encode()) <= 255
    assert not found.startswith("-")
    assert not found.endswith("-")
    assert all(char.isalnum() or char == "-" or not char.isascii() for char in found)
    assert "/" not in found
