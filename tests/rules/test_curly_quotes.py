from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def curly(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC511", line, column, end_column, field, "warning")


@pytest.mark.parametrize(
    "text", ["“Ebb”", "‘Ebb’", "”Ebb”", "„Ebb“", "„Ebb”", "‚Ebb‘", '“Ebb"', "‘The tide’s turn’", "“”"]
)
def test_a_title_in_curly_quotes_alone_is_found(text: str, find: Find) -> None:
    assert find(card(title=text)) == [curly(3, 8, 8 + len(text), "title")]


FAILS = [
    pytest.param(card(excerpt="“Ebb”"), [curly(4, 10, 15, "excerpt")], id="excerpt"),
    pytest.param(card(topics="\n  - “Ports”"), [curly(18, 5, 12, "topics[0]")], id="topic"),
    pytest.param(
        card(provider="\n  name: “Tide”\n  domain: tide.example"),
        [curly(14, 9, 15, "provider.name")],
        id="provider",
    ),
    pytest.param(
        with_entry('"Gauges of the north"', "“Gauges”"), [curly(13, 12, 20, "related[0].title")], id="entry"
    ),
    pytest.param(card(title="\n  “Ebb”"), [curly(4, 3, 8, "title")], id="on-the-next-line"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_every_text_is_checked(text: str, expected: list[Found], find: Find) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '"“Ebb”"', "'“Ebb”'", "|\n  “Ebb”", "“Ebb” and flow", "Ebb and “flow”", "“Ebb” and “flow”", "“Ebb",
        "«Ebb»", "« Ebb »", "‘Ebb’ is ‘flow’", "’Tis ebb",
    ],
)  # fmt: skip
def test_quotes_that_belong_to_the_text_are_fine(text: str, find: Find) -> None:
    assert find(card(title=text)) == []


def test_a_url_is_one_error_and_the_advice_is_straight_quotes(find: Find, lint: Lint) -> None:
    text = card(webUrl="“https://www.tide.example/gauges”")
    assert find(text) == [Found("NC511", 7, 9, 42, "webUrl")]  # and no NC405
    assert [finding.help for finding in lint(text)] == ['write straight quotes `"`']
    text = with_entry('"https://www.tide.example/north.jpg"', "“https://www.tide.example/north.jpg”")
    assert [(each.code, each.field) for each in find(text)] == [("NC511", "related[0].images[0].url")]


def test_other_fields_are_reported_by_other_rules(find: Find) -> None:
    assert find(card(type="“article”", author="“Ann”")) == []


def test_the_message_says_what_they_are_to_yaml(lint: Lint) -> None:
    (finding,) = lint(card(title="“Ebb”"))
    assert finding.message == "`title` is enclosed in curly quotes, which are no quotes to YAML"
