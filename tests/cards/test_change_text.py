"""The change of a value in words: two long texts are cut so that their difference is shown."""

from __future__ import annotations

import pytest

from newscards.cards.change_text import change_text

LONG = "A first look at what the herring of Tarrant Bay have to say about it"


@pytest.mark.parametrize(
    ("was", "now", "room", "expected"),
    [
        ("67", "67a", 10, "67 -> 67a"),
        ("Tarrant Bay, in the north", "Tarrant Bay, in the south", 40,
         "Tarrant Bay, in the north -> Tarrant Bay, in the south"),
        ("Tarrant Bay, in the north", "Tarrant Bay, in the south", 12, "…north -> …south"),
        ("Tarrant Bay, in the no", "Tarrant Bay, in the north", 12, "…no -> …north"),
        ("x" * 90 + "y", "x" * 90 + "z", 12, "…xxxxy -> …xxxxz"),
        ("Halloran: " + "north " * 20, "Halloran: " + "south " * 20, 12, "…north nort… -> …south sout…"),
        (LONG, LONG.replace("Bay", "Bight"), 100, LONG.replace("Bay", "[-Bay-]{+Bight+}")),
        (LONG, LONG.replace("Tarrant", "Linnet"), 20, "…herring of [-Tarrant-]{+Linnet+} Bay…"),
        (LONG, "", 15, 'A first look a… -> ""'),
    ],
)  # fmt: skip
def test_two_texts_are_cut_around_their_difference(was: str, now: str, room: int, expected: str) -> None:
    assert change_text({"field": "title", "was": was, "now": now}, room) == f"title: {expected}"
