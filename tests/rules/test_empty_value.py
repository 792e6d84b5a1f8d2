from __future__ import annotations

import pytest

from tests.rules.cases import Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def empty(line: int, column: int, end_column: int, field: str, end_line: int = 0) -> Found:
    return Found("NC404", line, column, end_column, field, end_line=end_line)


FAILS = [
    pytest.param(card(title='""'), empty(3, 8, 10, "title"), id="title"),
    pytest.param(card(title="''"), empty(3, 8, 10, "title"), id="single-quotes"),
    pytest.param(card(title='" \\t\\n\\u00a0"'), empty(3, 8, 21, "title"), id="blanks-of-all-sorts"),
    pytest.param(card(title='" \\\n  "'), empty(3, 8, 4, "title", end_line=4), id="two-lines"),
    pytest.param(card(title="|\n"), empty(3, 8, 9, "title"), id="block-text-without-a-line"),
    pytest.param(card(topics="[]"), empty(17, 9, 11, "topics"), id="no-topics"),
    pytest.param(card(topics="[\n]"), empty(17, 9, 2, "topics", end_line=18), id="no-topics-in-two-lines"),
    pytest.param(card(topics='\n  - Oceans\n  - ""'), empty(19, 5, 7, "topics[1]"), id="second-topic"),
    pytest.param(card(topics='["é\u2028", " "]'), empty(17, 16, 19, "topics[1]"), id="after-odd-characters"),
    pytest.param(replaced("name: Tide", 'name: ""'), empty(14, 9, 11, "provider.name"), id="provider"),
    pytest.param(
        with_entry('"Gauges of the north"', '""'), empty(13, 12, 14, "related[0].title"), id="entry"
    ),
    pytest.param(
        with_entry("name: Tide", "name: ' '", before=1),
        empty(32, 13, 16, "related[1].provider.name"),
        id="second-entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_an_empty_value_is_found_on_the_value(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    pytest.param(card(excerpt='""'), id="an-empty-excerpt"),
    pytest.param(with_entry('"A second look."', '""'), id="an-empty-excerpt-of-an-entry"),
    pytest.param(card(images="[]"), id="no-images"),
    pytest.param(card(related="[]"), id="no-related"),
    pytest.param(card(title='" x "'), id="stray-blanks"),
    pytest.param(replaced("    height:", '    title: ""\n    height:'), id="an-empty-title-of-an-image"),
    pytest.param(card(featuredContent='""'), id="no-featured-content"),
]


@pytest.mark.parametrize("text", PASSES)
def test_what_may_be_empty_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


@pytest.mark.parametrize("value", ["", "~"])
def test_no_value_at_all_is_of_a_wrong_type(value: str, find: Find) -> None:
    assert [found.code for found in find(card(title=value))] == ["NC302"]


def test_the_message_says_so(lint: Lint) -> None:
    assert [finding.message for finding in lint(card(title='""'))] == ["`title` is empty"]
