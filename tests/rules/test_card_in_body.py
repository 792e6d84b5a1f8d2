from __future__ import annotations

import pytest

from tests.rules.cases import Found, north
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card

FIRST = 29
"""The line below the closing fence."""
SECURED = 'secured: "AAAAAAAAAAAAAAAAAAAAAA==;AAAAAAAAAAAAAAAAAAAAAA=="\n'


def found(line: int, end_column: int) -> list[Found]:
    return [Found("NC114", line, 1, end_column)]


FAILS = [
    pytest.param(north(), found(FIRST, 4), id="a-card"),
    pytest.param("\n\n" + north(), found(FIRST + 2, 4), id="a-card-below-blank-lines"),
    pytest.param("\ufeff" + north(), found(FIRST, 5), id="a-card-with-a-byte-order-mark"),
    pytest.param(north().removeprefix("---\n"), found(FIRST, 15), id="without-its-opening-fence"),
    pytest.param(north().removesuffix("---\n"), found(FIRST, 4), id="without-its-closing-fence"),
    pytest.param(north(secured=None), found(FIRST, 4), id="without-secured"),
    pytest.param("---\n", found(FIRST, 4), id="a-second-fence"),
    pytest.param("---", found(FIRST, 4), id="a-second-fence-without-a-line-end"),
    pytest.param("--- \t\n", found(FIRST, 6), id="a-fence-with-blanks"),
    pytest.param("Old wells.\n---\nNew sensors.\n", found(FIRST, 11), id="a-fence-below-text"),
    pytest.param(SECURED, found(FIRST, 61), id="secured"),
    pytest.param("Old wells.\n" + SECURED, found(FIRST, 11), id="secured-below-text"),
    pytest.param("Secured : x\n", found(FIRST, 12), id="secured-in-capitals-and-with-a-blank"),
    pytest.param('  "secured": x\n', found(FIRST, 15), id="secured-indented-and-in-quotes"),
]


@pytest.mark.parametrize(("body", "expected"), FAILS)
def test_front_matter_in_the_body_is_found_where_the_text_begins(
    body: str, expected: list[Found], find: Find
) -> None:
    assert find(CARD + body) == expected


@pytest.mark.parametrize("flag", ["true", "false"])
def test_it_is_an_error_whether_the_card_is_shown_or_not(flag: str, find: Find) -> None:
    assert find(card(published=flag) + north()) == found(FIRST, 4)


@pytest.mark.parametrize(
    "text", ["Old wells.\n", "A secured harbour\n", "insecured: x\n", "----\n", "-- -\n"]
)
def test_other_text_is_left_to_another_rule(text: str, find: Find) -> None:
    assert find(CARD + text) == []


def test_the_rest_of_the_front_matter_is_left_to_missing_field(find: Find) -> None:
    assert find(CARD.replace("type: article\n", "---\ntype: article\n")) == []


@pytest.mark.parametrize("name", ["secured", "images"])
def test_the_end_of_the_front_matter_is_left_to_early_fence(name: str, find: Find) -> None:
    assert find(CARD.replace(f"\n{name}:", f"---\n{name}:")) == []


def test_the_message_says_what_it_is(lint: Lint) -> None:
    published = "the site will publish this card"
    (finding,) = lint(CARD + north())
    assert finding.message == f"a second front matter below the first one, with `secured` in it: {published}"
    (finding,) = lint(f"{CARD}---\n")
    assert finding.message == f"a second front matter below the first one: {published}"
    (finding,) = lint(CARD + SECURED)
    message = f"a field of a front matter below the first one, with `secured` in it: {published}"
    assert finding.message == message
    assert finding.help == "move it into a file of its own, or delete it"
