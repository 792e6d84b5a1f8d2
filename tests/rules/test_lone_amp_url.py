from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry, with_lines
from tests.rules.conftest import Find, Lint
from tests.support import card

AMP = 'ampWebUrl: "https://www.tide.example/amp"\n'
CDN = 'cdnAmpWebUrl: "https://amp.example/tide"\n'


def lone(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC414", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(with_lines(AMP), lone(12, 12, 42, "ampWebUrl"), id="amp"),
    pytest.param(with_lines(CDN), lone(12, 15, 41, "cdnAmpWebUrl"), id="cdn"),
    pytest.param(
        with_entry("    type: article", f"    {AMP}    type: article"),
        lone(17, 16, 46, "related[0].ampWebUrl"),
        id="entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_one_without_the_other_is_found_on_the_one(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


def test_both_are_fine(find: Find) -> None:
    assert find(with_lines(AMP + CDN)) == []
    assert find(with_entry("    type: article", f"    {CDN}    {AMP}    type: article")) == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (AMP + CDN.replace("Url:", "URL:"), "NC303"),
        (AMP + "cdnAmpWebUrl: 5\n", "NC302"),
        (AMP + 'cdnAmpWebUrl: ""\n', "NC405"),
    ],
)
def test_another_that_is_misspelt_or_broken_is_told_by_others_alone(
    lines: str, code: str, find: Find
) -> None:
    assert [found.code for found in find(with_lines(lines))] == [code]


def test_an_entry_that_is_no_mapping_is_told_by_wrong_type_alone(find: Find) -> None:
    assert [found.code for found in find(card(related="\n  - ampWebUrl"))] == ["NC302"]


def test_the_message_names_both(lint: Lint) -> None:
    (finding,) = lint(with_lines(CDN))
    assert finding.message == "`cdnAmpWebUrl` stands without `ampWebUrl`"
