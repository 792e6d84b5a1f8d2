from __future__ import annotations

import pytest

from tests.rules.cases import Found
from tests.rules.conftest import Find, Lint
from tests.support import card


def again(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC506", line, column, end_column, field, "warning")


FAILS = [
    pytest.param("\n  - AI\n  - Ports\n  - AI", [again(20, 5, 7, "topics[2]")], id="same"),
    pytest.param("\n  - AI\n  - ai # again", [again(19, 5, 7, "topics[1]")], id="other-case"),
    pytest.param('\n  - AI\n  - "AI "', [again(19, 5, 10, "topics[1]")], id="blank"),
    pytest.param("\n  - Café\n  - Cafe\u0301", [again(19, 5, 10, "topics[1]")], id="normal-forms"),
    pytest.param("\n  - Sea level\n  - Sea\xa0level", [again(19, 5, 14, "topics[1]")], id="no-break-space"),
    pytest.param("\n  - Ports\n  - Po\u200brts", [again(19, 5, 11, "topics[1]")], id="zero-width-space"),
    pytest.param("[Straße, STRASSE]", [again(17, 18, 25, "topics[1]")], id="sharp-s"),
    pytest.param(
        "[a, b, a, b, a]",
        [again(17, 16, 17, "topics[2]"), again(17, 19, 20, "topics[3]"), again(17, 22, 23, "topics[4]")],
        id="each-later-one-once",
    ),
]


@pytest.mark.parametrize(("topics", "expected"), FAILS)
def test_a_topic_that_stood_before_is_found_on_the_later_one(
    topics: str, expected: list[Found], find: Find
) -> None:
    assert find(card(topics=topics)) == expected


@pytest.mark.parametrize("topics", ["[AI]", "[AI, AI Act, A I]", "[Oceans, Ocean]"])
def test_different_topics_are_fine(topics: str, find: Find) -> None:
    assert find(card(topics=topics)) == []


@pytest.mark.parametrize(
    ("topics", "codes"),
    [
        ("AI, AI", ["NC302"]),
        ("[5, 5]", ["NC302", "NC302"]),
        ("[[AI], [AI]]", ["NC302", "NC302"]),
        ("[null, null]", ["NC302", "NC302"]),
        ('["", " "]', ["NC404", "NC404"]),
        ("{AI: AI}", ["NC302"]),
        ("[]", ["NC404"]),
    ],
)
def test_what_is_no_topic_is_told_by_others_alone(topics: str, codes: list[str], find: Find) -> None:
    assert [found.code for found in find(card(topics=topics))] == codes


def test_the_message_names_the_topic_and_how_it_was_spelt_before(lint: Lint) -> None:
    first, second = lint(card(topics="[AI, AI, ai]"))
    assert first.message == "the topic `AI` stands here again"
    assert second.message == "the topic `ai` stands here again, as `AI`"


def test_the_message_names_what_cannot_be_seen(lint: Lint) -> None:
    second, third = lint(card(topics="[Sea level, Sea\xa0level, Sea  LEVEL]"))
    assert second.message == (
        "the topic `Sea\xa0level` (with U+00A0 NO-BREAK SPACE) stands here again, as `Sea level`"
    )
    assert third.message == "the topic `Sea  LEVEL` (with U+0020 SPACE) stands here again, as `Sea level`"
