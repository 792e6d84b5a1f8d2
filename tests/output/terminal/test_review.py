"""Pages of a review: as high as the window, never wider, whatever a card holds."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from newscards.cards.card import Card, Unreadable
from newscards.output.terminal.review import (
    Binding,
    Remark,
    ReviewPage,
    help_rows,
    overlay_rows,
    page_rows,
    printed_rows,
)

TEXT = st.text(st.characters() | st.sampled_from("漢💧\u0301\x1b\n\t[]/"), max_size=80)
WIDTHS, HEIGHTS = st.integers(1, 130), st.integers(1, 60)
RECORDS = st.builds(
    lambda title, excerpt, flag, topics: Card(
        "x.md", {"title": title, "excerpt": excerpt, "published": flag, "topics": topics, "images": [1]}
    ),
    TEXT, TEXT, st.booleans(), st.lists(TEXT, max_size=3),
) | st.builds(lambda reason: Unreadable("x.md", "yaml", reason), TEXT)  # fmt: skip
BINDINGS = [Binding("p", "publish", "publish the card"), Binding("1-9 Tab", "", "another card")]


def fit(rows: Sequence[str], width: int) -> bool:
    """Return whether all rows are one row of a window, without an escape but for colour."""
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", row) for row in rows]
    return all(cell_len(row) <= width and not {*"\x1b\r\n\a"} & {*row} for row in plain)


@given(RECORDS, st.lists(RECORDS, min_size=1, max_size=4), TEXT, TEXT, WIDTHS, HEIGHTS, st.booleans())
def test_a_page_has_the_size_of_the_window(
    record: Card | Unreadable, story: list[Card | Unreadable], said: str, typed: str, width: int, height: int,
    color: bool,
) -> None:  # fmt: skip
    page = ReviewPage(
        "1 of 2", "1 decided", record, [record, *story], 0, "2 cards", [Remark("Why", said, "yellow")],
        (said, "red"), BINDINGS, ("Topic:", typed) if typed else None,
    )  # fmt: skip
    rows = page_rows(page, width, height, color=color)
    assert len(rows) == height
    assert fit(rows, width)


@given(TEXT, WIDTHS, HEIGHTS, st.integers(0, 5), st.booleans())
def test_longer_text_has_it_too_and_loses_nothing(
    text: str, width: int, height: int, start: int, color: bool
) -> None:
    text = " ".join(character for character in text if character.isprintable())

    def draw(console: Console) -> None:
        console.print(text, soft_wrap=True)

    rows = printed_rows(draw, width, color=color)
    assert fit(rows, max(width, 2))
    assert (
        "".join(rows).replace(" ", "") == text.replace(" ", "") or width == 1
    )  # a wide character has no room
    shown = overlay_rows(
        [*rows, *help_rows(BINDINGS, width, color=color)], start, "Title", width, height, color=color
    )
    assert len(shown) <= height


def shown(height: int) -> list[str]:
    card = Card("x.md", {"title": "A title", "published": False})
    page = ReviewPage(
        "1 of 2", "", card, [card], 0, "", [Remark("Why", "because " * 10)], ("hidden", "red"), BINDINGS
    )
    return page_rows(page, 60, height, color=True)


def test_a_headline_is_bold_and_a_message_has_its_colour() -> None:
    rows = shown(20)
    assert "\x1b[1mA title\x1b[0m" in rows
    assert "\x1b[31mhidden\x1b[0m" in rows
    assert "\x1b[2mWhy       \x1b[0mbecause because" in "".join(rows)


def test_a_remark_is_cut_only_where_there_is_no_room() -> None:
    assert "…" not in "".join(shown(12))
    assert "…" in "".join(shown(7))


def test_a_story_that_has_no_room_says_which_of_its_cards_are_shown() -> None:
    story = [Card(f"{number}.md", {"title": f"Card {number}"}) for number in range(9)]
    page = ReviewPage("1 of 2", "", story[0], story, 0, "the head of 9 cards", [], ("", ""), BINDINGS)
    rows = page_rows(page, 60, 16, color=False)
    (heading,) = [row for row in rows if row.startswith("Story ")]
    cards = [row for row in rows if re.search("Card [0-9]$", row) and row != "Card 0"]
    assert 0 < len(cards) < 9
    assert heading.endswith(f"  1-{len(cards)} of 9")
    assert heading.startswith("Story     the head of 9 cards")
    assert not any(" of 9" in row for row in page_rows(page, 60, 30, color=False)[1:] if "head" not in row)
