from __future__ import annotations

import pytest

from tests.rules.cases import Found
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card

FIRST = 29
"""The line below the closing fence."""


def found(line: int, end_column: int) -> list[Found]:
    return [Found("NC113", line, 1, end_column, severity="warning")]


FAILS = [
    pytest.param("Old wells.\n", found(FIRST, 11), id="a-line"),
    pytest.param("Old wells.", found(FIRST, 11), id="without-a-line-end"),
    pytest.param("\n  \n\t\nOld wells.\n\nNew sensors.\n", found(FIRST + 3, 11), id="below-blank-lines"),
    pytest.param("    Old wells.\n", found(FIRST, 15), id="indented"),
    pytest.param("x" * 2000 + "\n", found(FIRST, 2001), id="a-long-line"),
    pytest.param("<!-- a note -->\n", found(FIRST, 16), id="a-comment"),
    pytest.param("# a comment\n", found(FIRST, 12), id="a-heading"),
    pytest.param("é漢\U0001f600\n", found(FIRST, 4), id="wide-characters"),
    pytest.param("---- \n", found(FIRST, 6), id="four-dashes"),
    pytest.param("  ---\n", found(FIRST, 6), id="an-indented-rule"),
    pytest.param("--- x\n", found(FIRST, 6), id="dashes-and-text"),
    pytest.param("A secured harbour: at last\n", found(FIRST, 27), id="secured-in-a-sentence"),
    pytest.param("title: Wells\n", found(FIRST, 13), id="a-field"),
]


@pytest.mark.parametrize(("body", "expected"), FAILS)
def test_text_below_the_front_matter_is_found_on_its_first_line(
    body: str, expected: list[Found], find: Find
) -> None:
    assert find(CARD + body) == expected


@pytest.mark.parametrize("body", ["", "\n", "\n\n\n", "  \n\t\n", "\n   ", " \x0b\x0c\n"])
def test_blank_lines_are_no_text(body: str, find: Find) -> None:
    assert find(CARD + body) == []


@pytest.mark.parametrize("fence", ["...", "---  ", "...\t"])
def test_another_closing_fence_is_a_fence(fence: str, find: Find) -> None:
    text = CARD.removesuffix("---\n") + fence + "\n"
    assert find(text) == []
    assert find(f"{text}Old wells.\n") == found(FIRST, 11)


def test_it_is_found_in_a_card_of_unusual_yaml_too(find: Find) -> None:
    text = card(title="'Tide gauges'", quality="0x43")
    assert find(f"{text}Old wells.\n") == found(FIRST, 11)
    assert find(text) == []


def test_bytes_that_are_not_utf8_are_text(lint: Lint) -> None:
    (finding,) = lint(CARD.encode() + b"\xff\xfe\n")
    assert (finding.rule.code, finding.line) == ("NC113", FIRST)


@pytest.mark.parametrize("text", ["", "no card", CARD.removesuffix("---\n"), "---\n[\n---\ntext\n"])
def test_a_card_that_cannot_be_read_has_no_body(text: str, find: Find) -> None:
    assert find(text) == []


def test_the_message_says_what_to_do(lint: Lint) -> None:
    (finding,) = lint(f"{CARD}Old wells.\n")
    assert finding.message == "text below the front matter, which every real card ends with"
    assert finding.help == "move it into a field, or delete it"


@pytest.mark.parametrize("body", [
    "<<<<<<< HEAD\nOld\n=======\nNew\n>>>>>>> wells\n", "=======\nNew\n>>>>>>> wells\n", "Old\n<<<<<<<\n",
])  # fmt: skip
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_an_unresolved_merge_conflict_is_called_that(body: str, end: str, lint: Lint) -> None:
    (finding,) = lint(f"{CARD}{body}".replace("\n", end))
    assert finding.line == FIRST
    assert finding.message == "an unresolved merge conflict below the front matter"
    assert finding.help == "delete the markers, and one of the two sides"


@pytest.mark.parametrize("body", ["Wells\n=======\n", "<<<<<<<<<\n", "a <<<<<<< b\n"])
def test_a_heading_or_a_row_of_signs_is_no_merge_conflict(body: str, lint: Lint) -> None:
    assert [finding.message[:4] for finding in lint(CARD + body)] == ["text"]


def test_a_body_of_megabytes_costs_little(lint: Lint) -> None:
    (finding,) = lint(f"{CARD}\n" + " \n" * 500_000 + "x " * 500_000)
    assert (finding.rule.code, finding.line) == ("NC113", FIRST + 500_001)
