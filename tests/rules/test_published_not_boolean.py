from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card

FAILS = [
    pytest.param('"false"', Found("NC201", 11, 12, 19, "published"), id="false-in-quotes"),
    pytest.param("'true'", Found("NC201", 11, 12, 18, "published"), id="true-in-quotes"),
    pytest.param("0", Found("NC201", 11, 12, 13, "published"), id="zero"),
    pytest.param("1", Found("NC201", 11, 12, 13, "published"), id="one"),
    pytest.param("1.0", Found("NC201", 11, 12, 15, "published"), id="fraction"),
    pytest.param("n", Found("NC201", 11, 12, 13, "published"), id="n-is-a-text"),
    pytest.param("fAlse", Found("NC201", 11, 12, 17, "published"), id="wrong-case"),
    pytest.param("flase # soon", Found("NC201", 11, 12, 17, "published"), id="misspelt-before-a-comment"),
    pytest.param('""', Found("NC201", 11, 12, 14, "published"), id="empty-text"),
    pytest.param("2023-06-20", Found("NC201", 11, 12, 22, "published"), id="date"),
    pytest.param("[]", Found("NC201", 11, 12, 14, "published"), id="list"),
    pytest.param("{false: x}", Found("NC201", 11, 12, 22, "published"), id="mapping"),
    pytest.param("\n  - false", Found("NC201", 12, 3, 10, "published"), id="block-list"),
    pytest.param("!!str false", Found("NC201", 11, 12, 23, "published"), id="tagged-as-text"),
    pytest.param('"fal\\\n  se"', Found("NC201", 11, 12, 6, "published", end_line=12), id="two-lines"),
]


@pytest.mark.parametrize(("value", "expected"), FAILS)
def test_what_is_no_boolean_is_found_on_the_value_and_only_once(
    value: str, expected: Found, find: Find
) -> None:
    assert find(card(published=value)) == [expected]


@pytest.mark.parametrize(
    "value", ["true", "false", "True", "FALSE", "yes", "no", "On", "off", "!!bool false"]
)
def test_every_boolean_of_yaml_is_fine(value: str, find: Find) -> None:
    assert find(card(published=value)) == []


@pytest.mark.parametrize("value", ["", "~", "null"])
def test_no_value_hides_the_card_and_is_of_a_wrong_type(value: str, find: Find) -> None:
    assert [found.code for found in find(card(published=value))] == ["NC302"]


def test_an_entry_of_related_has_no_flag(find: Find) -> None:
    text = with_entry("    quality:", "    published: 0\n    quality:")
    assert find(text) == [Found("NC304", 21, 5, 14, "related[0].published", "warning")]


@pytest.mark.parametrize(
    ("value", "what"),
    [('"false"', "text"), ("0", "a whole number"), ("[]", "a list"), ("2023-06-20", "a date")],
)
def test_the_message_says_that_the_card_is_public(value: str, what: str, lint: Lint) -> None:
    message = f"`published` is {what}, not true or false: the site will publish this card"
    assert [finding.message for finding in lint(card(published=value))] == [message]


@pytest.mark.parametrize(("value", "advice"), [
    ("flase", "did you mean `false`?"),
    ('"flase"', "did you mean `false`, without quotes?"),
    ("n", "write `false`"),
    ("'false'", "write `false`, without quotes"),
    ("perhaps", "write `false` to hide it, or `true`"),
    ("'perhaps'", "write `false` to hide it, or `true`, without quotes"),
    ("0", "write `false`"),
    ("[false]", "write `false`"),
])  # fmt: skip
def test_the_help_speaks_of_quotes_where_there_are_some(value: str, advice: str, lint: Lint) -> None:
    assert [finding.help for finding in lint(card(published=value))] == [advice]


@pytest.mark.parametrize(("value", "columns", "what"), [
    ("false\xa0", (17, 18), "U+00A0 NO-BREAK SPACE behind it"),
    ("\u200bfalse", (12, 13), "U+200B ZERO WIDTH SPACE before it"),
    ("True\ufeff", (16, 17), "U+FEFF ZERO WIDTH NO-BREAK SPACE behind it"),
])  # fmt: skip
def test_what_cannot_be_seen_beside_the_flag_is_marked_and_to_be_deleted(
    value: str, columns: tuple[int, int], what: str, lint: Lint
) -> None:
    (finding,) = lint(card(published=value))
    assert (finding.column, finding.end_column) == columns
    assert finding.message.startswith(f"`published` is text, not true or false, because of {what}: ")
    assert (finding.help, bool(finding.fix)) == ("delete what cannot be seen", True)
