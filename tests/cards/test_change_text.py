"""The change of a value in words: of two long texts, the difference is seen; of many changes, the first."""

from __future__ import annotations

from typing import Any

import pytest

from newscards.cards.change_text import change_text, changes_parts
from newscards.cards.word_changes import marked

LONG = "A first look at what the herring of Tarrant Bay have to say about it"
UNLIKE = "A first look at what THE GULLS OF LINNET ISLAND THINK AND DO ALL DAY"


@pytest.mark.parametrize(
    ("was", "now", "room", "expected"),
    [
        ("67", "67a", 10, "67 -> 67a"),
        ("Tarrant Bay, in the north", "Tarrant Bay, in the south", 40,
         "Tarrant Bay, in the north -> Tarrant Bay, in the south"),
        ("Tarrant Bay, in the north", "Tarrant Bay, in the south", 12, "…north -> …south"),
        ("Tarrant Bay, in the no", "Tarrant Bay, in the north", 12, "…no -> …north"),
        (LONG, UNLIKE, 20, "…what the herring o… -> …what THE GULLS OF …"),
        ("x" * 90 + "y", "x" * 90 + "z", 12, "…xxxxy -> …xxxxz"),
        ("Halloran: " + "north " * 20, "Halloran: " + "south " * 20, 12, "…north nort… -> …south sout…"),
        (LONG, LONG.replace("Bay", "Bight"), 100, LONG.replace("Bay", "[-Bay-]{+Bight+}")),
        (LONG, LONG.replace("Tarrant", "Linnet"), 20, "…herring of [-Tarrant-]{+Linnet+} Bay…"),
        (LONG, "", 15, 'A first look a… -> ""'),
    ],
)  # fmt: skip
def test_two_texts_are_cut_around_their_difference(was: str, now: str, room: int, expected: str) -> None:
    assert change_text({"field": "title", "was": was, "now": now}, room) == f"title: {expected}"


UNLIKE_SHOWN = "…at what the herring of Tarran… -> …at what THE GULLS OF LINNET I…"
CHANGES: list[dict[str, Any]] = [
    {"field": "title", "was": LONG, "now": LONG.replace("Bay", "Bight")},
    {"field": "quality", "was": 67, "now": 90},
    {"field": "excerpt", "was": LONG, "now": UNLIKE},
]


@pytest.mark.parametrize(
    ("room", "expected", "count"),
    [
        (
            200,
            f"title: {LONG.replace('Bay', '[-Bay-]{+Bight+}')}; quality: 67 -> 90; excerpt: {UNLIKE_SHOWN}",
            3,
        ),
        (
            95,
            "title: …the herring of Tarrant [-Bay-]{+Bight+} have to say…; quality: 67 -> 90; and 1 more",
            2,
        ),
        (70, "title: …herring of Tarrant [-Bay-]{+Bight+} have to say…; and 2 more", 1),
        (40, "title: …[-Bay-]{+Bight+}…; and 2 more", 0),
    ],
)
def test_the_changes_that_can_be_read_are_shown_and_the_number_of_the_others(
    room: int, expected: str, count: int
) -> None:
    parts, readable = changes_parts(CHANGES, room)
    assert len(marked(parts)) <= room
    assert marked(parts) == expected
    assert readable == count
