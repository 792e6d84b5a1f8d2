"""The change of a value in words: two long texts are cut so that their difference is seen."""

from __future__ import annotations

import pytest

from newscards.cards.change_text import change_text

LONG = "A first look at what the herring of Tarrant Bay have to say about it"


@pytest.mark.parametrize(
    ("was", "now", "room", "expected"),
    [
        ("67", "67a", 10, "67 -> 67a"),
        (LONG, LONG.replace("Bay", "Bight"), 100, f"{LONG} -> {LONG.replace('Bay', 'Bight')}"),
        (LONG, LONG.replace("Tarrant", "Linnet"), 20, "…of Tarrant Bay hav… -> …of Linnet Bay have…"),
        (LONG, LONG.replace("first", "1st"), 20, "A first look at wha… -> A 1st look at what …"),
        (LONG, LONG + "!", 15, "…it -> …it!"),
        ("x" * 90 + "y", "x" * 90 + "z", 12, "…xxxxy -> …xxxxz"),
        (LONG, "", 15, 'A first look a… -> ""'),
    ],
)
def test_two_texts_are_cut_around_their_difference(was: str, now: str, room: int, expected: str) -> None:
    assert change_text({"field": "title", "was": was, "now": now}, room) == f"title: {expected}"
