"""``remove`` and ``restore``: taken down, and taken back, without deleting a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run
from tests.support import CARD, card

NAME = "2023-06-20-a-card.md"
REMOVED = CARD.replace("published: true", "removed: true\npublished: false")


def test_a_card_is_taken_down_and_the_key_added_where_other_cards_have_it(run: Run, one_card: Path) -> None:
    result = run("remove", NAME)
    assert result.out == f"{NAME}: removed: true (there was none); published: true -> false\n"
    assert one_card.read_text() == REMOVED
    assert run("remove", NAME).out == f"{NAME}: removed already\n"
    assert run("undo").code == 0
    assert one_card.read_text() == CARD


@pytest.mark.parametrize(
    ("removed", "published"), [("false", "true"), ("true", "true"), ('"true"', "no"), ("1", "off"), ("", "")]
)
def test_whatever_the_flags_were_both_say_so_afterwards(
    run: Run, one_card: Path, removed: str, published: str
) -> None:
    one_card.write_text(card(published=published, removed=removed))
    assert run("remove", NAME).code == 0
    assert run("list", "--columns", "removed,published").out == "true\tfalse\n"


def test_restoring_leaves_the_published_flag(run: Run, one_card: Path) -> None:
    one_card.write_text(REMOVED)
    assert run("restore", NAME).out == f"{NAME}: removed: true -> false\n"
    assert one_card.read_text() == REMOVED.replace("removed: true", "removed: false")
    assert run("restore", NAME).out == f"{NAME}: not removed\n"


@pytest.mark.parametrize("text", [CARD, card(removed="false"), card(removed="")])
def test_what_was_not_removed_stays(run: Run, one_card: Path, text: str) -> None:
    one_card.write_text(text)
    assert (run("restore", NAME).code, one_card.read_text()) == (0, text)


def test_a_card_with_two_flags_is_refused(run: Run, one_card: Path) -> None:
    one_card.write_text(text := card(published="true\npublished: true"))
    assert run("remove", NAME).code == 1
    assert one_card.read_text() == text


def test_a_removed_card_is_not_published_but_by_force(run: Run, one_card: Path) -> None:
    one_card.write_text(REMOVED)
    for command in (("set-published", "true"), ("set", "published", "true")):
        result = run(*command, NAME)
        assert (result.code, one_card.read_text()) == (1, REMOVED)
        assert result.err == (
            f"error: {NAME}: refused: it has `removed: true`: it was taken down\n"
            "hint: `newscards restore` takes that back; --force publishes it anyway\n"
        )
    assert run("set-published", "true", NAME, "--force").code == 0
    assert one_card.read_text() == REMOVED.replace("published: false", "published: true")
