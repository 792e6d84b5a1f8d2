from __future__ import annotations

import pytest

from newscards.edits.operations import SetValue
from newscards.lint.findings import Fix
from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def broken(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC510", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(card(title='"Ebb\\nflow"'), [broken(3, 8, 19, "title")], id="line-feed"),
    pytest.param(card(title='"Ebb\\tflow"'), [broken(3, 8, 19, "title")], id="tab"),
    pytest.param(card(title='"Ebb\\u2028flow"'), [broken(3, 8, 23, "title")], id="line-separator"),
    pytest.param(card(title='"Ebb\\nand\\tflow"'), [broken(3, 8, 24, "title")], id="several-once"),
    pytest.param(card(topics='\n  - "Ports\\nSea"'), [broken(18, 5, 17, "topics[0]")], id="topic"),
    pytest.param(
        card(provider='\n  name: "The\\tTide"\n  domain: tide.example'),
        [broken(14, 9, 20, "provider.name")],
        id="provider",
    ),
    pytest.param(
        with_entry("Gauges of the north", "Gauges\\nof"), [broken(13, 12, 24, "related[0].title")], id="entry"
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_line_end_or_a_tab_is_found_in_every_text_of_one_line(
    text: str, expected: list[Found], find: Find
) -> None:
    assert find(text) == expected


PASSES = [
    pytest.param(card(excerpt='"Ebb\\n\\tflow\\u2028"'), id="excerpt"),
    pytest.param(card(title='"\\tEbb\\n"'), id="around-the-title"),
    pytest.param(card(title='"Ebb\\r\\nflow"'), id="carriage-return-is-invisible-character-s"),
    pytest.param(card(title="Ebb\n  and flow"), id="folded"),
    pytest.param(card(title='"Ebb\\xa0flow  and ebb"'), id="blanks"),
]


@pytest.mark.parametrize("text", PASSES)
def test_line_ends_elsewhere_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_the_message_names_the_character_and_the_fix_writes_a_blank(lint: Lint) -> None:
    (finding,) = lint(card(title='"Ebb \\n\\tand\\nflow"'))
    assert finding.message == "`title` has U+000A LINE FEED and 2 more between its words"
    assert finding.fix == Fix("clean `title`", SetValue("Ebb and flow"))
