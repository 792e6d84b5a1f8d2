from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card


def unknown(line: int, column: int, end_column: int, field: str, end_line: int = 0) -> Found:
    return Found("NC403", line, column, end_column, field, end_line=end_line)


FAILS = [
    pytest.param(card(category="New"), unknown(2, 11, 14, "category"), id="category"),
    pytest.param(card(category='"news "'), unknown(2, 11, 18, "category"), id="blank-behind"),
    pytest.param(card(type="Article"), unknown(8, 7, 14, "type"), id="case"),
    pytest.param(card(type="podcast # new"), unknown(8, 7, 14, "type"), id="before-a-comment"),
    pytest.param(card(type='""'), unknown(8, 7, 9, "type"), id="empty"),
    pytest.param(
        card(type="|\n  article"), unknown(8, 7, 10, "type", end_line=9), id="block-text-ends-with-a-line"
    ),
    pytest.param("\ufeff" + card(type="blog"), unknown(8, 7, 11, "type"), id="below-a-bom"),
    pytest.param(
        with_entry("type: article", "type: vidoe"), unknown(17, 11, 16, "related[0].type"), id="entry"
    ),
    pytest.param(
        with_entry("type: article", "type: blog", before=1),
        unknown(30, 11, 15, "related[1].type"),
        id="second-entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_value_that_there_is_not_is_found_on_the_value(text: str, expected: Found, find: Find) -> None:
    assert [found for found in find(text) if found.code != "NC108"] == [expected]


PASSES = [
    pytest.param(CARD, id="article"),
    pytest.param(card(type="video"), id="video"),
    pytest.param(card(type='"article"', category="'news'"), id="in-quotes"),
    pytest.param(card(type=">-\n  article"), id="folded"),
    pytest.param(with_entry("type: article", "type: video\n    originalUrl: https://t.example"), id="entry"),
]


@pytest.mark.parametrize("text", PASSES)
def test_a_value_that_there_is_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("value", "message", "help_"),
    [
        ("Article", "`type` is `Article`, `article` or `video` is expected", "did you mean `article`?"),
        ("podcast", "`type` is `podcast`, `article` or `video` is expected", "write `article` or `video`"),
    ],
)
def test_the_message_names_the_choices_and_the_help_the_nearest(
    value: str, message: str, help_: str, lint: Lint
) -> None:
    assert [(finding.message, finding.help) for finding in lint(card(type=value))] == [(message, help_)]


def test_the_message_is_short_for_a_long_value(lint: Lint) -> None:
    (finding,) = lint(card(type="x" * 100_000))
    assert len(finding.message) < 200
