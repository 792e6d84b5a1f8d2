from __future__ import annotations

import pytest

from tests.rules.cases import Found, replaced, with_lines
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card


def found(line: int, column: int, end_column: int, field: str) -> list[Found]:
    return [Found("NC110", line, column, end_column, field)]


FAILS = [
    pytest.param(
        replaced("quality: 67\n", "quality: 67\r"), found(9, 12, 13, "quality"), id="between-fields"
    ),
    pytest.param(
        replaced("67\nheat: 67\n", "67\rheat: 67\r"), found(9, 12, 13, "quality"), id="the-first-alone"
    ),
    pytest.param(card(excerpt='"a\rb"'), found(4, 12, 13, "excerpt"), id="within-quotes"),
    pytest.param(card(title="Tide\r  gauges"), found(3, 12, 13, "title"), id="within-a-plain-text"),
    pytest.param(card(heat="67 # why\r# so"), found(10, 15, 16, "heat"), id="within-a-comment"),
    pytest.param(replaced("true\n\nprov", "true\n\rprov"), found(12, 1, 2, "published"), id="blank"),
    pytest.param(
        replaced("  name: Tide\n", "  name: Tide\r"), found(14, 13, 14, "provider"), id="within-a-mapping"
    ),
    pytest.param(
        replaced("---\n", "---\n# a\r# b\n"), [Found("NC110", 1, 1, 1)], id="before-the-first-field"
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_line_that_ends_with_a_lone_cr_is_found_in_the_field_before_or_around_it(
    text: str, expected: list[Found], find_all: FindAll
) -> None:
    assert find_all({"a.md": text}) == {"a.md": expected}


def test_two_carriage_returns_before_a_line_feed_are_one_too_many(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": CARD.replace("\n", "\r\r\n").replace("---\r\r\n", "---\r\n")})["a.md"]
    assert (finding.line, finding.field) == (2, "category")


PASSES = [
    pytest.param(CARD, id="none"),
    pytest.param(CARD.replace("\n", "\r\n"), id="crlf"),
    pytest.param(replaced("quality: 67\n", "quality: 67\r\n"), id="one-line-with-crlf"),
    pytest.param(card(excerpt='"a\\rb"'), id="escape"),
    pytest.param(card(excerpt='"a\\\r\n  b"'), id="escaped-line-end"),
    pytest.param(with_lines('note: "\x85\u2028\u2029"\n'), id="other-line-ends"),
    pytest.param(CARD + "a\rb\r", id="body"),
    pytest.param(CARD.replace("\n", "\r"), id="all-lines-have-a-rule"),
    pytest.param(replaced("quality: 67\n", "quality: 67\r").removesuffix("---\n"), id="unreadable"),
    pytest.param(card(title='"x\r'), id="broken"),
]


@pytest.mark.parametrize("text", PASSES)
def test_all_else_is_fine(text: str, lint_all: LintAll) -> None:
    assert lint_all({"a.md": text}) == {}


def test_the_message_and_the_help_say_what_to_write(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": replaced("quality: 67\n", "quality: 67\r")})["a.md"]
    assert finding.message == "a lone CR ends a line here"
    assert finding.help == "end the line with LF, or CRLF"


def test_very_many_are_told_once(lint_all: LintAll) -> None:
    (findings,) = lint_all({"a.md": with_lines("note:\n" + "  - 1\r" * 20_000 + "\n")}).values()
    assert [finding.field for finding in findings] == ["note"]
