from __future__ import annotations

import pytest

from tests.rules.cases import Found, site
from tests.rules.conftest import Find, FindAll, LintAll
from tests.support import CARD, card

FOUND = [Found("NC206", 1, 1, 1)]
HIDDEN = card(published="false")
LATIN = CARD.encode() + b"caf\xe9\n"
UNCLOSED = CARD.removesuffix("---\n")


@pytest.mark.parametrize(
    "date", ["2023-13-45", "2023-01-32", "2023-01", "2023", "yesterday", '""', "5", "[]", "{}", "true", "1.5"]
)
def test_a_field_date_that_is_none_is_found_on_it(date: str, find_all: FindAll) -> None:
    expected = [Found("NC206", 12, 7, 7 + len(date), "date")]
    for flag in ("true", "false", "no", '"false"'):
        assert find_all(
            {"a.md": card(published=flag).replace("\nprovider:", f"date: {date}\nprovider:")}
        ) == {"a.md": expected}


def test_a_field_date_without_a_value_is_found(find_all: FindAll) -> None:
    ((found,),) = find_all({"a.md": card(date="")}).values()
    assert (found.line, found.field) == (12, "date")


@pytest.mark.parametrize("name", ["2020-13-45-x.md", "2020-02-32-x.md", "20-13-45-x.md", "2020-00-01-x.md"])
@pytest.mark.parametrize("text", [CARD, HIDDEN, card(published=None)], ids=["shown", "hidden", "no-flag"])
def test_an_impossible_date_in_the_name_is_found_on_the_card(name: str, text: str, find_all: FindAll) -> None:
    assert find_all({name: text, f"_news/p/{name}": text}) == {name: FOUND, f"_news/p/{name}": FOUND}


def test_an_impossible_date_in_the_name_of_a_card_without_an_end_is_found(find_all: FindAll) -> None:
    assert set(find_all({"2020-13-45-x.md": UNCLOSED})) == {"2020-13-45-x.md"}


@pytest.mark.parametrize("byte", [b"\xe9", b"\xff", b"\x80", b"\xc3", b"\xed\xa0\x80", b"\xf5"])
def test_a_body_that_is_not_utf8_is_found_on_the_card(byte: bytes, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD.encode() + b"caf" + byte + b" \n"}) == {"a.md": FOUND}
    assert find_all({"a.md": HIDDEN.encode() + b"\n" * 5000 + byte + b"\n"}) == {"a.md": FOUND}


def test_a_name_that_is_not_utf8_is_found_on_the_card(find_all: FindAll) -> None:
    assert find_all({"Kr\udce4he.md": HIDDEN}) == {"Kr\udce4he.md": FOUND}


@pytest.mark.parametrize("date", ["foo", '"2023-13-45"', ""])
def test_a_date_of_the_configuration_that_is_none_is_found_on_the_card(date: str, find_all: FindAll) -> None:
    assert find_all(site(CARD, f"defaults: [{{values: {{date: {date}}}}}]\n")) == {"_news/x.md": FOUND}


def test_a_date_in_the_name_is_not_looked_at_where_there_is_a_field(find_all: FindAll) -> None:
    assert find_all({"2020-13-45-x.md": card(date="2023-01-01")}) == {}


PASSES = [
    pytest.param("x.md", CARD, id="sound"),
    pytest.param("2023-06-20-x.md", HIDDEN, id="hidden"),
    pytest.param("x.md", card(date="2023-02-30"), id="a-day-too-many"),
    pytest.param("x.md", card(date="2199-01-01"), id="future"),
    pytest.param("x.md", card(date="20230101"), id="digits"),
    pytest.param("x.md", card(Date="foo"), id="Date"),
    pytest.param("x.md", card(publishedDateTime="2023-13-45"), id="publishedDateTime"),
    pytest.param("2020-02-30-x.md", CARD, id="a-day-too-many-in-the-name"),
    pytest.param("2020-13-45.md", CARD, id="a-name-that-is-a-date-alone"),
    pytest.param("x-2020-13-45-y.md", CARD, id="not-at-the-beginning"),
    pytest.param("2020-13-45-x/y.md", CARD, id="of-the-folder"),
    pytest.param("2020-13-45-x", CARD, id="no-ending"),
    pytest.param("2020-13-45-x.md", card(title='"x'), id="broken"),
    pytest.param("2020-13-45-x.md", "---\n- x\n---\n", id="a-list"),
    pytest.param("2020-13-45-x.md", "\ufeff" + CARD, id="verbatim"),
    pytest.param("_2020-13-45-x.md", CARD, id="left-out"),
    pytest.param("x.md", CARD.encode().replace(b"Tide", b"T\xefde"), id="bytes-of-the-block-have-a-rule"),
    pytest.param("_x.md", LATIN, id="left-out-bytes"),
    pytest.param("x.md", b"\xef\xbb\xbf" + LATIN, id="verbatim-bytes"),
    pytest.param("x.md", CARD + "café 漢 \U0001f600\n", id="utf8"),
    pytest.param("x.md", "", id="empty"),
    pytest.param("Krähe-漢.md", CARD, id="a-name-in-utf8"),
]


@pytest.mark.parametrize(("name", "text"), PASSES)
def test_what_can_be_built_or_has_another_rule_is_fine(
    name: str, text: str | bytes, find_all: FindAll
) -> None:
    assert find_all({name: text}) == {}


def test_what_the_configuration_takes_out_or_allows_is_fine(find_all: FindAll) -> None:
    assert find_all(site(card(date="foo"), "exclude: [_news/x.md]\n")) == {}
    files = site(LATIN, "encoding: ISO-8859-1\n")
    assert find_all({f"b/{name}": text for name, text in files.items()}) == {}


MESSAGES = [
    ("x.md", card(date="foo"), "Jekyll cannot read `date`: the build will fail"),
    ("2020-13-45-x.md", CARD, "the file's name begins with an impossible date: the build will fail"),
    ("x.md", LATIN, "the body holds bytes that are not UTF-8: the build will fail"),
    ("Kr\udce4he.md", CARD, "the file's name is not UTF-8: the build will fail"),
]


@pytest.mark.parametrize(("name", "text", "message"), MESSAGES)
def test_the_message_says_why(name: str, text: str | bytes, message: str, lint_all: LintAll) -> None:
    (finding,) = lint_all({name: text})[name]
    assert finding.message == message
    assert finding.help == "correct it, or rename the file"


def test_a_body_that_ends_within_a_character_breaks_the_build(find: Find) -> None:
    assert [found.code for found in find(CARD.encode() + b"\xe9")] == ["NC206"]
