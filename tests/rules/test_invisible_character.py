from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def unseen(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC503", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(card(topics='\n  - "\u202ePorts"'), [unseen(18, 6, 7, "topics[0]")], id="topic"),
    pytest.param(card(title='"a​b"'), [unseen(3, 10, 11, "title")], id="zero-width"),
    pytest.param(card(title='"a\\rb"'), [unseen(3, 10, 12, "title")], id="carriage-return"),
    pytest.param(card(title='"a\xadb"'), [unseen(3, 10, 11, "title")], id="soft-hyphen"),
    pytest.param(card(excerpt='"a\\ufffab"'), [unseen(4, 12, 18, "excerpt")], id="annotation"),
    pytest.param(card(title='"a\\u202Eb"'), [unseen(3, 10, 16, "title")], id="bidirectional"),
    pytest.param(card(title='"a\ufeffb"'), [unseen(3, 10, 11, "title")], id="byte-order-mark"),
    pytest.param(card(title='"a \u200d b"'), [unseen(3, 11, 12, "title")], id="joiner-between-blanks"),
    pytest.param(card(title=f'"{ODD}"'), [unseen(3, 12, 13, "title")], id="several-once"),
    pytest.param(
        card(title='"a\u2060b"', excerpt='"a\u2060b"'),
        [unseen(3, 10, 11, "title"), unseen(4, 12, 13, "excerpt")],
        id="title-and-excerpt",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_what_cannot_be_seen_is_found_on_the_text_once(text: str, expected: list[Found], find: Find) -> None:
    assert find(text) == expected


def test_what_makes_no_difference_to_the_reader_of_a_topic_is_left_to_topic_case(find: Find) -> None:
    assert find(card(topics="\n  - Po\u200brts\n  - Oce\xadans")) == []


PASSES = [
    pytest.param("می‌خواهم", id="persian"),
    pytest.param("क्‍ष", id="hindi"),
    pytest.param("👨‍👩‍👧 🏳️‍🌈 👩🏽‍🚀 🐈‍⬛", id="emoji"),
    pytest.param("a\\tb\\nc", id="tab-and-line-feed"),
    pytest.param("a\\u2028b\\xa0c", id="line-separator-and-no-break-space"),
    pytest.param("2019\\x962021", id="misread-windows-1252"),
    pytest.param("❤️", id="variation-selector"),
]


@pytest.mark.parametrize("text", PASSES)
def test_joiners_that_join_and_what_is_meant_are_fine(text: str, find: Find) -> None:
    assert find(card(title=f'"a {text} b"', excerpt=f'"{text}"')) == []


def test_title_and_excerpt_are_checked_in_the_card_and_in_its_entries(find: Find) -> None:
    (found,) = find(with_entry("A second look.", "a\u200bb"))
    assert (found.code, found.field, found.column) == ("NC503", "related[0].excerpt", 16)
    assert find(card(featuredContent='"a\u200bb"')) == []


@pytest.mark.parametrize("value", ["5", "[a]", "null"])
def test_what_is_no_text_is_told_by_wrong_type_alone(value: str, find: Find) -> None:
    assert [found.code for found in find(card(excerpt=value))] == ["NC302"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a\\u200Bb", "U+200B ZERO WIDTH SPACE"),
        ("a\\r\\nb\\r\\nc\\r\\n", "U+000D CARRIAGE RETURN and 2 more"),
        ("a\\eb", "U+001B ESCAPE"),
        ("a\\xadb", "U+00AD SOFT HYPHEN"),
        ("a\\x01b", "U+0001 CONTROL CHARACTER"),
    ],
)
def test_the_message_names_the_first_and_how_many(text: str, name: str, lint: Lint) -> None:
    (finding,) = lint(card(excerpt=f'"{text}"'))
    assert finding.message == f"`excerpt` has the invisible {name}"
