from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def blank(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC408", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(
        replaced("https://www.tide.example/gauges.jpg", "/old gauges.jpg"),
        blank(22, 15, 16, "images[0].url"),
        id="image-on-the-site",
    ),
    *(
        pytest.param(card(webUrl=f"https://tide.example/a{end}"), blank(7, 31, 32, "webUrl"), id=end)
        for end in ('"', ",", ";", "…", ">", "”", "\\b")
    ),
    pytest.param(card(webUrl='"https://tide.example/a b"'), blank(7, 32, 33, "webUrl"), id="path"),
    pytest.param(card(webUrl='"https://tide.example/ "'), blank(7, 31, 32, "webUrl"), id="end-of-the-path"),
    pytest.param(card(webUrl='"https://tide.example?a b"'), blank(7, 32, 33, "webUrl"), id="query"),
    pytest.param(card(webUrl='"https://tide.example#a b"'), blank(7, 32, 33, "webUrl"), id="fragment"),
    pytest.param(card(webUrl="https://tide.example/a b"), blank(7, 31, 32, "webUrl"), id="without-quotes"),
    pytest.param(card(webUrl=r'"https://tide.example/a\tb"'), blank(7, 32, 34, "webUrl"), id="tab"),
    pytest.param(card(webUrl=r'"https://tide.example/a\nb"'), blank(7, 32, 34, "webUrl"), id="line-end"),
    pytest.param(card(webUrl=r'"https://tide.example/a\x1bb"'), blank(7, 32, 36, "webUrl"), id="control"),
    pytest.param(card(webUrl=r'"https://tide.example/a\x9bb"'), blank(7, 32, 36, "webUrl"), id="c1-control"),
    pytest.param(
        card(webUrl='"https://tide.example/a\u3000b"'), blank(7, 32, 33, "webUrl"), id="ideographic-space"
    ),
    pytest.param(
        card(webUrl=f'"https://tide.example/{ODD}"'), blank(7, 33, 34, "webUrl"), id="odd-characters"
    ),
    pytest.param(card(originalUrl="https://t.example/a b"), blank(6, 33, 34, "originalUrl"), id="original"),
    pytest.param(replaced("/gauges.jpg", "/the gauges.jpg"), blank(22, 39, 40, "images[0].url"), id="image"),
    pytest.param(
        with_entry("example/north", "example/the north", before=1),
        blank(29, 42, 43, "related[1].webUrl"),
        id="second-entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_blank_behind_the_host_is_found_at_its_place(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    "https://tide.example/a;b,c",
    "https://tide.example/a(b)",
    "https://tide.example/a.",
    "https://tide.example/’",
    "https://tide.example/a%20b",
    "https://tide.example/a+b?c=d%0Ae#f",
    "https://tide.example/Häfen",
]


@pytest.mark.parametrize("url", PASSES)
def test_what_is_encoded_or_a_letter_is_fine(url: str, find: Find) -> None:
    assert find(card(webUrl=f'"{url}"')) == []


NO_URLS = [
    '"https://tide .example/a b"',
    '" https://tide.example/a b"',
    '"a b"',
    '"https:// "',
    "[a b]",
    "null",
]


@pytest.mark.parametrize("value", NO_URLS)
def test_what_is_no_url_is_told_by_others_alone(value: str, find: Find) -> None:
    (found,) = find(card(webUrl=value))
    assert found.code in ("NC405", "NC302")


@pytest.mark.parametrize(
    ("escape", "name"),
    [
        (" ", "a blank"),
        (r"\xa0", "U+00A0 NO-BREAK SPACE"),
        (r"\r", "U+000D CARRIAGE RETURN"),
        (r"\u2028", "U+2028 LINE SEPARATOR"),
        (r"\x01", "U+0001 CONTROL CHARACTER"),
    ],
)
def test_the_message_names_what_is_no_plain_blank(escape: str, name: str, lint: Lint) -> None:
    (finding,) = lint(card(webUrl=f'"https://tide.example/a{escape}b c"'))
    assert finding.message == f"`webUrl` has {name} in it"
    assert "`%20`" in finding.help


def test_a_character_that_was_lost_is_found_too(lint: Lint) -> None:
    (finding,) = lint(card(webUrl='"https://www.tide.example/g\ufffduges"'))
    assert finding.message == "`webUrl` has U+FFFD REPLACEMENT CHARACTER in it"
    assert finding.help == "write the character that was lost: the page's address has it"


def test_what_cannot_be_seen_is_found_too(lint: Lint) -> None:
    (finding,) = lint(card(webUrl='"https://www.tide.example/g\u200bauges"'))
    assert finding.message == "`webUrl` has U+200B ZERO WIDTH SPACE in it"
