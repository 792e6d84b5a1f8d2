from __future__ import annotations

import pytest

from tests.rules.cases import Found, block
from tests.rules.conftest import Find, Lint
from tests.support import CARD

FAILS = [
    pytest.param(block(""), Found("NC105", 2, 1, 2), id="empty"),
    pytest.param(block("\n\n"), Found("NC105", 2, 1, 1), id="blank-lines"),
    pytest.param(block("# nothing yet\n"), Found("NC105", 2, 1, 2), id="comment"),
    pytest.param(block("~\n"), Found("NC105", 2, 1, 2), id="null"),
    pytest.param(block("- title: x\n"), Found("NC105", 2, 1, 2), id="list"),
    pytest.param(block("[a, b]\n"), Found("NC105", 2, 1, 2), id="flow-list"),
    pytest.param(block("title\n"), Found("NC105", 2, 1, 2), id="text"),
    pytest.param(block("title:x\n"), Found("NC105", 2, 1, 2), id="no-blank-behind-the-colon"),
    pytest.param(block("67\n"), Found("NC105", 2, 1, 2), id="number"),
    pytest.param("\n---\n- x\n---\n", Found("NC105", 3, 1, 2), id="below-a-blank-line"),
    pytest.param("\ufeff---\n- x\n---\n", Found("NC105", 2, 1, 2), id="below-a-bom"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_what_is_no_mapping_is_found_where_the_block_begins(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


def test_a_mapping_is_fine(find: Find) -> None:
    assert find(CARD) == []


def test_an_empty_mapping_is_one_that_lacks_its_fields(find: Find) -> None:
    assert {found.code for found in find(block("{}\n"))} == {"NC301"}


@pytest.mark.parametrize(
    ("text", "what"), [("", "empty"), ("- x\n", "a list"), ("x\n", "a single value"), ("~\n", "empty")]
)
def test_the_message_says_what_stands_there_instead(text: str, what: str, lint: Lint) -> None:
    message = f"the front matter is {what}, where lines `key: value` are expected"
    site = "the site will publish this card without its data"
    assert [finding.message for finding in lint(block(text))] == [f"{message}: {site}"]
