"""Bars: as long as they should be, and what there is at all can be seen."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from newscards.output.terminal.counts import bar
from newscards.query.stats.tally import Count

PROPERTY = settings(max_examples=200, deadline=None, derandomize=True)


def drawn(cards: int, published: int, most: int, width: int) -> str:
    return "".join(segment.text for segment in bar(Count(cards, published), most, width))


@pytest.mark.parametrize(
    ("cards", "published", "most", "width", "shown"),
    [
        (4, 4, 4, 4, "████"),
        (4, 0, 4, 4, "░░░░"),
        (4, 2, 4, 4, "██░░"),
        (4, 1, 8, 4, "█░"),
        (8, 3, 8, 4, "██░░"),
        (1, 1, 1000, 10, "▏"),
        (1, 0, 1000, 10, "░"),
        (1000, 999, 1000, 10, "█████████░"),
        (1000, 1, 1000, 10, "█░░░░░░░░░"),
        (2, 1, 1000, 10, "█░"),
    ],
)
def test_a_bar_is_of_two_tones(cards: int, published: int, most: int, width: int, shown: str) -> None:
    assert drawn(cards, published, most, width) == shown


@PROPERTY
@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(2, 60))
def test_a_bar_is_never_too_long_and_hides_nothing(cards: int, published: int, more: int, width: int) -> None:
    published = min(published, cards)
    shown = drawn(cards, published, cards + more, width)
    assert 1 <= cell_len(shown) <= width
    assert ("░" in shown) == (published < cards)
    assert (shown.strip("░") != "") == (published > 0)
    assert abs(cell_len(shown) - cards * width / (cards + more)) <= 2
