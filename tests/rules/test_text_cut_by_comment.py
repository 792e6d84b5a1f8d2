from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card


@pytest.mark.parametrize("text", ["Tide #1 and #2", "Tide #", "Tide\t#1", "Tide gauges   # a comment"])
def test_a_title_that_a_comment_cuts_is_found_at_the_comment(text: str, find: Find) -> None:
    expected = Found("NC507", 3, 8 + text.index("#"), 8 + len(text), "title", "warning")
    assert find(card(title=text)) == [expected]


def test_an_excerpt_that_a_comment_cuts_is_found(find: Find) -> None:
    assert find(card(excerpt="News of #ports")) == [Found("NC507", 4, 18, 24, "excerpt", "warning")]


FAILS = [
    pytest.param(
        card(provider="\n  name: Harbour #1\n  domain: tide.example"),
        Found("NC507", 14, 17, 19, "provider.name", "warning"),
        id="provider",
    ),
    pytest.param(
        card(topics="\n  - Ports\n  - Pier #9"),
        Found("NC507", 19, 10, 12, "topics[1]", "warning"),
        id="topic",
    ),
    pytest.param(
        card(webUrl="https://www.tide.example/a #gauges"),
        Found("NC507", 7, 36, 43, "webUrl", "warning"),
        id="url",
    ),
    pytest.param(
        card(images="\n  - url: https://www.tide.example/a.jpg #b"),
        Found("NC507", 22, 41, 43, "images[0].url", "warning"),
        id="url-of-an-image",
    ),
    pytest.param(
        with_entry('"Gauges of the north"', "Gauge #7"),
        Found("NC507", 13, 18, 20, "related[0].title", "warning"),
        id="entry",
    ),
    pytest.param(
        with_entry('"https://www.tide.example/north"', "https://www.tide.example/n #north"),
        Found("NC507", 16, 40, 46, "related[0].webUrl", "warning"),
        id="url-of-an-entry",
    ),
    pytest.param(card(title="\n  Tide #1"), Found("NC507", 4, 8, 10, "title", "warning"), id="next-line"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_every_text_and_every_url_is_checked(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


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
        card(webUrl="https://www.tide.example/a # moved"),
        card(webUrl="https://www.tide.example/a#gauges"),
        card(type="article # not a video"),
        card(provider="\n  name: Tide\n  domain: tide.example #1"),
        card(title="Tide # newscards: ignore[NC505]"),
        card(topics='\n  - "Pier #9"\n  # a comment'),
    ],
)
def test_quotes_and_comments_elsewhere_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_the_message_says_what_a_hash_does(lint: Lint) -> None:
    (finding,) = lint(card(title="Tide #1"))
    assert finding.message == "`title` ends before the `#`: the rest is a YAML comment"
    assert finding.help == "put double quotes around the whole value"
