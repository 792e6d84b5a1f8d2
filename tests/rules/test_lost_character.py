from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def lost(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC508", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(card(title='"Ebb�s"'), [lost(3, 8, 15, "title")], id="title"),
    pytest.param(card(title="Ebb\ufffds"), [lost(3, 8, 13, "title")], id="without-quotes"),
    pytest.param(card(title='"Ebb\\uFFFDs"'), [lost(3, 8, 20, "title")], id="escape"),
    pytest.param(card(excerpt='"� and �"'), [lost(4, 10, 19, "excerpt")], id="excerpt-once"),
    pytest.param(card(topics="\n  - H�fen"), [lost(18, 5, 10, "topics[0]")], id="topic"),
    pytest.param(
        card(provider="\n  name: H�fen\n  domain: tide.example"),
        [lost(14, 9, 14, "provider.name")],
        id="provider",
    ),
    pytest.param(
        with_entry("A second look.", "A � look."), [lost(14, 14, 25, "related[0].excerpt")], id="entry"
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_replacement_character_is_found_in_every_text(text: str, expected: list[Found], find: Find) -> None:
    assert find(text) == expected


def test_html_is_checked_too(find: Find) -> None:
    assert [each.field for each in find(card(featuredContent="'<p>�</p>'"))] == ["featuredContent"]


@pytest.mark.parametrize("text", ["?", "“Ebb”", "◆", "\\uFFFC", "é"])
def test_other_characters_are_fine(text: str, find: Find) -> None:
    assert find(card(title=f'"Ebb {text}"', excerpt=f'"{text}"')) == []


def test_the_message_says_how_many(lint: Lint) -> None:
    (finding,) = lint(card(excerpt='"� � �"'))
    assert finding.message == "`excerpt` has U+FFFD REPLACEMENT CHARACTER and 2 more: text was lost"


def test_a_url_with_one_is_reported_by_blank_in_url_alone(find: Find) -> None:
    assert [each.code for each in find(card(webUrl='"https://www.tide.example/a�b"'))] == ["NC408"]
