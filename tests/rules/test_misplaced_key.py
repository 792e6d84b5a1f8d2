from __future__ import annotations

import pytest

from tests.rules.cases import Found, replaced, with_entry
from tests.rules.conftest import Find, Lint


def at(line: int, column: int, end_column: int, field: str) -> list[Found]:
    return [Found("NC305", line, column, end_column, field)]


FAILS = [
    pytest.param(replaced("  domain:", "domain:"), at(15, 1, 7, "domain"), id="of-the-provider-in-the-card"),
    pytest.param(replaced("  domain:", "\xa0\xa0domain:"),
                 at(15, 1, 9, "\xa0\xa0domain"), id="no-break-blanks"),
    pytest.param(replaced("  domain:", "\u3000domain:"),
                 at(15, 1, 8, "\u3000domain"), id="ideographic-blank"),
    pytest.param(replaced("\ntopics:", "  topics:"), at(16, 3, 9, "provider.topics"),
                 id="of-the-card-in-the-provider"),
    pytest.param(with_entry("      domain: tide.example", "    domain: tide.example"),
                 at(20, 5, 11, "related[0].domain"), id="of-the-provider-in-an-entry"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_key_in_the_wrong_mapping_is_reported_once_where_it_stands(
    text: str, expected: list[Found], find: Find
) -> None:
    assert find(text) == expected


def test_a_key_that_nothing_beside_it_lacks_is_unknown(find: Find) -> None:
    assert [found.code for found in find(replaced("heat:", "domain: tide.example\nheat:"))] == ["NC304"]


def test_a_key_far_from_the_mapping_that_lacks_it_is_another_matter(find: Find) -> None:
    text = replaced("  domain: tide.example\n", "").replace("heat:", "domain: tide.example\nheat:")
    assert [found.code for found in find(text)] == ["NC304", "NC301"]


def test_the_message_says_where_it_belongs_and_how_to_indent_it(lint: Lint) -> None:
    (finding,) = lint(replaced("  domain:", "domain:"))
    assert finding.message == "the key `domain` belongs to `provider`"
    assert finding.help == "indent this line more, with blanks"
