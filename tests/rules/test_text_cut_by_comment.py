from __future__ import annotations

import pytest

from tests.rules.cases import Found
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card


@pytest.mark.parametrize("text", ["Tide #1 and #2", "Tide #", "Tide\t#1", "Tide gauges   # a comment"])
def test_a_title_that_a_comment_cuts_is_found_at_the_comment(text: str, find: Find) -> None:
    expected = Found("NC507", 3, 8 + text.index("#"), 8 + len(text), "title", "warning")
    assert find(card(title=text)) == [expected]


def test_an_excerpt_that_a_comment_cuts_is_found(find: Find) -> None:
    assert find(card(excerpt="News of #ports")) == [Found("NC507", 4, 18, 24, "excerpt", "warning")]


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        card(title='"Tide #1"'),
        card(title='"Tide" # a comment'),
        card(title="'Tide #1'"),
        card(title="Tide#1"),
        card(title="|\n  Tide #1"),
        card(excerpt="# nothing"),
        card(heat="67 # a comment"),
        card(title=None, author="Ann #1"),
    ],
)
def test_quotes_and_comments_elsewhere_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_the_message_says_what_a_hash_does(lint: Lint) -> None:
    (finding,) = lint(card(title="Tide #1"))
    assert finding.message == "`title` ends before the `#`: the rest is a YAML comment"
    assert finding.help == "put double quotes around the whole value"
