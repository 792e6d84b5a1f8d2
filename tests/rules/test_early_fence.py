from __future__ import annotations

import pytest

from newscards.frontmatter.limits import LIMITS
from tests.rules.cases import Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card


def at(line: int, column: int = 4) -> list[Found]:
    return [Found("NC112", line, 1, column)]


FAILS = [
    pytest.param(replaced("title:", "---\ntitle:"), at(3), id="above-nearly-everything"),
    pytest.param(replaced("published:", "---\npublished:"), at(11), id="above-the-flag"),
    pytest.param(replaced("published:", "...\npublished:"), at(11), id="dots"),
    pytest.param(replaced("published:", "--- \t\npublished:"), at(11, 6), id="blanks-behind"),
    pytest.param(replaced("topics:", "---\ntopics:"), at(17), id="above-the-topics"),
    pytest.param(card(excerpt="|\n  Old wells\n---\n  and new ones"), at(6), id="in-a-block-of-text"),
    pytest.param(card(excerpt=">-\n  Old wells\n---\n"), at(6), id="in-a-folded-text"),
    pytest.param(replaced("  domain:", "---\n  domain:"), at(15), id="in-the-provider"),
    pytest.param(replaced("  name: Tide", "---\n  name: Tide"), at(14), id="below-a-key"),
    pytest.param(with_entry("    webUrl:", "---\n    webUrl:"), at(16), id="in-an-entry"),
    pytest.param(replaced("published:", "---\npublished:").replace("\n", "\r\n"), at(11), id="crlf"),
    pytest.param("\n" + replaced("published:", "---\npublished:"), [Found("NC108", 1, 1, 1), *at(12)],
                 id="below-a-blank-line"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_fence_above_fields_is_the_only_finding_for_what_is_missing(
    text: str, expected: list[Found], find: Find
) -> None:
    assert find(text) == expected


def test_what_is_wrong_above_the_fence_is_reported_too(find: Find) -> None:
    text = card(title='""').replace("published:", "---\npublished:")
    assert [found.code for found in find(text)] == ["NC404", "NC112"]


def test_what_is_missing_below_the_fence_too_is_reported_too(find: Find) -> None:
    text = card(topics=None).replace("published:", "---\npublished:")
    assert [(found.code, found.field) for found in find(text)] == [("NC301", "topics"), ("NC112", "")]


def test_another_card_below_is_not_the_rest_of_this_one(find: Find) -> None:
    assert "NC112" not in [found.code for found in find(card(heat=None) + CARD)]


def test_prose_below_is_not_the_rest_of_the_card(find: Find) -> None:
    assert [found.code for found in find(card(heat=None) + "Tides: a survey.\n")] == ["NC301"]


def test_the_message_names_the_fields_and_what_the_site_does(lint: Lint) -> None:
    (finding,) = lint(replaced("published:", "---\npublished:"))
    assert finding.message == (
        "the front matter ends here, and `published`, `provider`, `topics` and 2 more below it are not read: "
        "the site will publish this card"
    )
    assert finding.help == "delete this line, or indent it if it belongs to a text"


def test_a_long_body_is_no_matter(find: Find) -> None:
    text = replaced("topics:", "---\ntopics:") + "a: b\n" * (LIMITS.bytes // 5)
    assert [found.code for found in find(text)] == ["NC112"]
