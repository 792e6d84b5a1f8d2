from __future__ import annotations

import pytest

from tests.rules.cases import Found, replaced, with_entry, with_lines
from tests.rules.conftest import Find, Lint
from tests.support import card


def insecure(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC415", line, column, end_column, field, "warning")


FAILS = [
    pytest.param([insecure(7, 10, 14, "webUrl")], card(webUrl='"http://www.tide.example/gauges"'), id="web"),
    pytest.param([insecure(7, 9, 13, "webUrl")], card(webUrl="HTTP://www.tide.example:80"), id="capitals"),
    pytest.param(
        [insecure(6, 14, 18, "originalUrl")], card(originalUrl="http://tide.example"), id="original"
    ),
    pytest.param(
        [insecure(12, 12, 16, "ampWebUrl"), insecure(13, 15, 19, "cdnAmpWebUrl")],
        with_lines("ampWebUrl: http://tide.example\ncdnAmpWebUrl: http://amp.example\n"),
        id="amp",
    ),
    pytest.param(
        [insecure(16, 14, 18, "related[0].webUrl")],
        with_entry('https://www.tide.example/north"', 'http://www.tide.example/north"'),
        id="entry",
    ),
]


@pytest.mark.parametrize(("expected", "text"), FAILS)
def test_a_page_with_http_is_found_on_the_scheme(expected: list[Found], text: str, find: Find) -> None:
    assert find(text) == expected


PASSES = [
    pytest.param(
        replaced("https://www.tide.example/gauges.jpg", "http://www.tide.example/a.jpg"), id="image"
    ),
    pytest.param(
        with_entry("https://www.tide.example/north.jpg", "http://t.example/a"), id="image-of-an-entry"
    ),
    pytest.param(card(webUrl="https://www.tide.example/?to=http://a.example"), id="http-in-the-query"),
    pytest.param(
        card(provider="\n  name: T\n  domain: tide.example\n  images:\n    - url: http://t.example/logo.png"),
        id="logo",
    ),
]


@pytest.mark.parametrize("text", PASSES)
def test_https_and_images_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("value", "code"), [('"http://"', "NC405"), ('"http:/a.example"', "NC405"), ("5", "NC302")]
)
def test_what_is_no_url_is_told_by_others_alone(value: str, code: str, find: Find) -> None:
    assert [found.code for found in find(card(webUrl=value))] == [code]


def test_the_message_is_short(lint: Lint) -> None:
    (finding,) = lint(card(webUrl="http://www.tide.example/"))
    assert (finding.message, finding.help) == ("`webUrl` is http, not https", "write `https://`")
