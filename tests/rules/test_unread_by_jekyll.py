from __future__ import annotations

import pytest

from tests.rules.cases import Found, site, with_entry, with_lines
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card


def found(line: int, column: int, end_column: int, field: str) -> list[Found]:
    return [Found("NC208", line, column, end_column, field)]


BOM_WITHIN = CARD.replace("---\n", "---\n\ufeff", 1)

FAILS = [
    pytest.param(card(title=":x"), found(3, 8, 10, "title"), id="title"),
    pytest.param(card(excerpt=":-)"), found(4, 10, 13, "excerpt"), id="excerpt"),
    pytest.param(card(title=':"x"'), found(3, 8, 12, "title"), id="with-quotes-behind-it"),
    pytest.param(card(title=":x # why"), found(3, 8, 10, "title"), id="before-a-comment"),
    pytest.param(
        with_entry('"A second look."', ":x", before=1), found(27, 14, 16, "related[1].excerpt"), id="entry"
    ),
    pytest.param(with_lines("note:\n  a:\n  - 1\n  - :b\n"), found(15, 5, 7, "note.a[1]"), id="deep-within"),
    pytest.param(card(topics="\n  - Oceans\n  - :ports"), found(19, 5, 11, "topics[1]"), id="topic"),
    pytest.param(card(categories="5"), found(12, 13, 14, "categories"), id="categories-a-number"),
    pytest.param(card(categories="{a: b}"), found(12, 13, 19, "categories"), id="categories-a-mapping"),
    pytest.param(
        card(publishedDateTime="2023-06-20\t15:44:00Z"), found(5, 20, 40, "publishedDateTime"), id="tab"
    ),
    pytest.param(
        card(publishedDateTime="2023-06-20\t15:44:00+0200"),
        found(5, 20, 44, "publishedDateTime"),
        id="tab-in-what-is-no-date-to-pyyaml",
    ),
    pytest.param(with_lines("note: .e+3\n"), found(12, 7, 11, "note"), id="no-number-to-psych"),
    pytest.param(with_lines("note: 1._5\n"), found(12, 7, 11, "note"), id="no-number-to-safe-yaml"),
    pytest.param(BOM_WITHIN, [Found("NC208", 1, 1, 1)], id="byte-order-mark"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_what_jekyll_cannot_read_is_found_on_the_value(
    text: str, expected: list[Found], find_all: FindAll
) -> None:
    assert find_all({"a.md": text}) == {"a.md": expected}


@pytest.mark.parametrize("flag", ["true", "false", "no", ""])
def test_whatever_the_flag_says(flag: str, find_all: FindAll) -> None:
    assert find_all({"a.md": card(title=":x", published=flag)}) == {"a.md": found(3, 8, 10, "title")}


def test_whatever_the_date_says(find_all: FindAll) -> None:
    expected = found(3, 8, 10, "title")
    assert find_all({"2199-01-01-x.md": card(title=":x"), "y.md": card(title=":x", date="2199-01-01")}) == {
        "2199-01-01-x.md": expected,
        "y.md": expected,
    }


def test_a_key_without_a_name_hides_the_flag_from_one_jekyll(lint_all: LintAll) -> None:
    text = card(published="false", heat="0").replace("title:", "~: x\ntitle:", 1)
    (message,) = [each.message for each in lint_all({"a.md": text})["a.md"] if each.rule.code == "NC208"]
    assert message == (
        "Jekyll does not read `published` as false:"
        " with Jekyll as GitHub Pages runs it, the site will publish this card"
    )


PASSES = [
    pytest.param(CARD, id="sound"),
    pytest.param(card(title='":x"'), id="quoted"),
    pytest.param(card(title="':x'"), id="in-single-quotes"),
    pytest.param(with_lines("note: |\n  :x\n"), id="block-text"),
    pytest.param(card(title="x :y"), id="within"),
    pytest.param(card(title="10:30"), id="time"),
    pytest.param(with_lines("note: :\n"), id="a-colon-alone"),
    pytest.param(with_lines("# :x\n"), id="comment"),
    pytest.param(card(categories="news"), id="categories-a-text"),
    pytest.param(card(categories="[news, 5]"), id="categories-a-list"),
    pytest.param(card(categories='"5"'), id="categories-a-number-in-quotes"),
    pytest.param("\ufeff" + CARD, id="verbatim"),
    pytest.param("\n" + card(title=":x"), id="verbatim-too"),
    pytest.param(card(title='"x', excerpt=":x"), id="unreadable"),
    pytest.param("no card", id="no-card"),
    pytest.param(CARD + ":x\n", id="body"),
]


@pytest.mark.parametrize("text", PASSES)
def test_what_jekyll_can_read_or_has_another_rule_is_fine(text: str, find_all: FindAll) -> None:
    assert find_all({"a.md": text}) == {}


def test_a_card_that_is_not_part_of_the_site_is_fine(find_all: FindAll) -> None:
    assert find_all({"_x.md": card(title=":x")}) == {}
    assert find_all(site(card(title=":x"), "exclude: [_news]\n")) == {}


def test_of_several_symbols_one_is_told(find_all: FindAll) -> None:
    ((found,),) = find_all({"a.md": card(title=":x", excerpt=":y")}).values()
    assert found.field in ("title", "excerpt")


def test_the_message_says_what_the_site_does_and_why(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": card(title=":x")})["a.md"]
    assert finding.message == (
        "Jekyll cannot read this card: with Debian's Jekyll, the site will publish this card"
        " without its data, because Psych takes a value that begins with `:` for a symbol"
    )
    assert finding.help == "put it in double quotes"


def test_the_message_says_that_a_strict_build_fails(lint_all: LintAll) -> None:
    (finding,) = lint_all(site(card(title=":x"), "strict_front_matter: true\n"))["_news/x.md"]
    assert "the build will fail" in finding.message
