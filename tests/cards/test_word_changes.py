"""The words that changed in a text: which are shown, with how much around them, in a given room."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.cards.word_changes import fitted, marked, word_changes

HERRING = "After 48 years the herring have come back to Tarrant Bay"


def shown(was: str, now: str) -> str:
    return marked(word_changes(was, now))


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (HERRING.replace("48", "50"), HERRING.replace("48", "[-48-]{+50+}")),
        (HERRING + " at last", HERRING + " {+at last+}"),
        (HERRING.removesuffix(" Bay"), HERRING.replace("Bay", "[-Bay-]")),
        ("Today, " + HERRING, "{+Today,+} " + HERRING),
        (HERRING.replace("back to", "home in"), HERRING.replace("back to", "[-back to-]{+home in+}")),
        (HERRING.replace("years the", "days a"), HERRING.replace("years the", "[-years the-]{+days a+}")),
        (HERRING + " ", HERRING.replace("Bay", "[-Bay-]{+Bay +}")),
    ],
)  # fmt: skip
def test_removed_words_stand_before_the_added_ones_in_their_place(now: str, expected: str) -> None:
    assert shown(HERRING, now) == expected


def test_a_short_common_word_between_two_changes_is_a_part_of_both() -> None:
    was = "The wall of stone, which the village built in 1861"
    now = "The dyke of clay, which the village built in 1861"
    assert shown(was, now) == "The [-wall of stone-]{+dyke of clay+}, which the village built in 1861"


def test_in_a_url_its_parts_are_words() -> None:
    url = "https://www.tide.example/2023/ardent-sky-floats"
    assert shown(url, url.replace("sky", "star")) == url.replace("sky", "[-sky-]{+star+}")


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("Tide", "Ebb"),
        (HERRING, HERRING.replace(" ", "\n")),
        ("", "x" * 100),
        (HERRING, "The board approves the budget of 2027 after a long night"),
    ],
)
def test_short_and_unlike_texts_have_no_words_to_show(was: str, now: str) -> None:
    assert word_changes(was, now) == []


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (200, "After [-48-]{+50+} years the herring have come back to Tarrant [-Bay-]{+Sound+}"),
        (60, "After [-48-]{+50+} years the…to Tarrant [-Bay-]{+Sound+}"),
        (45, "After [-48-]{+50+}…Tarrant [-Bay-]{+Sound+}"),
        (30, "…[-48-]{+50+}…[-Bay-]{+Sound+}"),
        (29, ""),
        (0, ""),
    ],
)
def test_the_nearest_words_are_shown_for_which_there_is_room(room: int, expected: str) -> None:
    parts = word_changes(HERRING, HERRING.replace("48", "50").replace("Bay", "Sound"))
    assert marked(fitted(parts, room)) == expected


def test_long_changes_are_cut_and_keep_both_sides() -> None:
    parts = word_changes(HERRING, HERRING.replace("48 years", "a long time in which few believed in it"))
    assert marked(fitted(parts, 40)) == "After [-48 years-]{+a long time in w…+}…"


def test_without_marks_their_room_is_for_words() -> None:
    parts = word_changes(HERRING, HERRING.replace("48", "50"))
    text = "".join(text for _, text in fitted(parts, len(HERRING) + 2, marks=False))
    assert text == HERRING.replace("48", "4850")


def test_the_width_is_measured_as_is_asked_for() -> None:
    parts = word_changes("潮 " * 20 + "a", "潮 " * 20 + "b")
    assert len("".join(text for _, text in fitted(parts, 30, lambda text: 2 * len(text)))) <= 15


def test_nothing_of_a_text_is_a_line_end_or_an_escape() -> None:
    was, now = f"{HERRING}\x1b[31m\n\u202eand", f"{HERRING}\x1b[32m\n\u202eor"
    assert shown(was, now).isprintable()


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("a b " * 100_000, "a c " * 100_000),
        ("ab " * 199, "ab cd " * 100),
        ("x" * 1_000_000, "x" * 999_999 + "y"),
        (f"{'word ' * 200_000}48", f"{'word ' * 200_000}50"),
    ],
)
def test_huge_and_hostile_texts_take_bounded_time(was: str, now: str) -> None:
    start = time.process_time()
    fitted(word_changes(was, now), 60)
    assert time.process_time() - start < 5


WORDS = st.lists(st.sampled_from(["tide ", "ebb ", "flood, ", "and ", "48 ", "\n", "."]), max_size=30).map(
    "".join
)


@given(WORDS, WORDS, st.integers(0, 80))
def test_the_parts_are_both_texts_and_fit_where_a_word_does(was: str, now: str, room: int) -> None:
    parts = word_changes(was, now)

    def side(sign: str) -> list[str]:
        return "".join(part.text + " " for part in parts if part.sign in ("", sign)).split()

    if parts:
        assert "".join(side("-")) == "".join(was.split())
        assert "".join(side("+")) == "".join(now.split())
        assert len(marked(fitted(parts, room))) <= room
