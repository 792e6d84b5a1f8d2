"""Two addresses of one page are one."""

from __future__ import annotations

import re
import time
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscards.cards import urls
from newscards.cards.urls import page_of

PAGE = "https://tide.example/gauges"

SAME = [
    pytest.param(f"{PAGE}/", PAGE, id="slash-at-the-end"),
    pytest.param(f"{PAGE}///", PAGE, id="slashes-at-the-end"),
    pytest.param("https://tide.example/", "https://tide.example", id="no-path"),
    pytest.param("https://tide.example/?a=1", "https://tide.example?a=1", id="no-path-and-a-query"),
    pytest.param("HTTPS://Tide.EXAMPLE/gauges", PAGE, id="case-of-scheme-and-host"),
    pytest.param("https://tide.example./gauges", PAGE, id="host-with-its-dot"),
    pytest.param("https://tide.example:443/gauges", PAGE, id="port-of-https"),
    pytest.param("https://tide.example:/gauges", PAGE, id="no-port"),
    pytest.param("http://tide.example/gauges", PAGE, id="http"),
    pytest.param("http://tide.example:80/gauges", PAGE, id="port-of-http"),
    pytest.param("http://tide.example:8080/x", "http://tide.example:8080/x", id="other-port-of-http"),
    pytest.param("https://www.tide.example/gauges", PAGE, id="www"),
    pytest.param("HTTP://WWW.Tide.example:80/gauges/?utm_source=x", PAGE, id="www-with-all"),
    pytest.param("https://www.example", "https://www.example", id="a-host-that-is-www"),
    pytest.param(f"{PAGE}#top", PAGE, id="fragment"),
    pytest.param(f"{PAGE}/#/top?a=1", PAGE, id="fragment-with-all-in-it"),
    pytest.param(f"{PAGE}#", PAGE, id="empty-fragment"),
    pytest.param(f"{PAGE}?", PAGE, id="empty-query"),
    pytest.param(f"{PAGE}?&&", PAGE, id="empty-parameters"),
    pytest.param(f"  {PAGE}\n", PAGE, id="blanks-around"),
    pytest.param(f"{PAGE}?utm_source=feed&utm_medium=rss&utm_campaign=x", PAGE, id="utm"),
    pytest.param(f"{PAGE}?UTM_Source=feed", PAGE, id="utm-in-capitals"),
    pytest.param(f"{PAGE}?utm_source", PAGE, id="utm-without-a-value"),
    pytest.param(f"{PAGE}?fbclid=1&gclid=2&msclkid=3&mc_cid=4&_ga=5", PAGE, id="click-ids"),
    pytest.param(f"{PAGE}?a=1&utm_source=x&b=2", f"{PAGE}?a=1&b=2", id="between-others"),
    pytest.param("https://u:p@TIDE.example:443/x/", "https://u:p@tide.example/x", id="userinfo"),
    pytest.param("http://[2001:DB8::1]:80/x/", "https://[2001:db8::1]/x", id="ipv6"),
    pytest.param("https://u@[::1]:8443/x#y", "https://u@[::1]:8443/x", id="ipv6-with-all"),
    pytest.param("//Tide.example/x/", "//tide.example/x", id="without-a-scheme"),
]


@pytest.mark.parametrize(("url", "other"), SAME)
def test_two_addresses_of_one_page_are_one(url: str, other: str) -> None:
    assert page_of(url) == page_of(other) == other


DIFFERENT = [
    ("https://tide.example/Gauges", "the case of the path"),
    ("https://news.tide.example/gauges", "another host"),
    ("https://www2.tide.example/gauges", "another host that begins so"),
    ("http://tide.example:443/gauges", "the port of https"),
    ("ftp://tide.example/gauges", "the scheme"),
    ("https://tide.example:8443/gauges", "the port"),
    ("https://tide.example:80/gauges", "the port of another scheme"),
    ("https://u@tide.example/gauges", "the user"),
    ("https://tide.example//gauges", "two slashes"),
    ("https://tide.example/gauges/2", "a longer path"),
    ("https://tide.example/gauges.html", "an ending"),
    ("https://tide.example/gauges?page=2", "a parameter"),
    ("https://tide.example/gauges?id=utm_source", "a parameter whose value looks so"),
    ("https://tide.example/gauges?autm_source=1", "a parameter whose name ends so"),
    ("https://tide.example/gauges?gclid2=1", "a parameter whose name begins so"),
    ("https://tide.example/gauges?A=1", "a parameter in capitals"),
    ("tide.example/gauges", "no scheme"),
    ("", "nothing"),
]


@pytest.mark.parametrize("url", [url for url, _ in DIFFERENT], ids=[what for _, what in DIFFERENT])
def test_another_page_is_another_one(url: str) -> None:
    assert page_of(url) != page_of(PAGE)


def test_the_order_and_the_case_of_parameters_and_the_user_are_kept() -> None:
    assert page_of("https://U:P@Tide.example/x?b=2&A=1&b=3") == "https://U:P@tide.example/x?b=2&A=1&b=3"


BROKEN = [
    "http://[::1", "http://::1]/", "http://[x]/", "https://tide.example:99999/", "https://tide.example:x/",
    "https://tide.example:-1/", "https://tide.example:٣x/", "http://a\u2100b.example/", "http://[::1]x/",
    "https://a:1:2/", "http://[/", "http://]/",
]  # fmt: skip


@pytest.mark.parametrize("url", BROKEN)
def test_a_broken_url_is_one_by_itself(url: str) -> None:
    assert page_of(url) == page_of(url)
    assert page_of(url) != page_of(f"{url}x")


PIECES = st.sampled_from(
    [*":/?#&=@[].%aé", "://", "//", "http", "https", "HTTPS", ":80", ":443", "TIDE.example", "utm_source",
     "=1", "fbclid", "::1", "%2F", "\u2100", "\ud800", "\x00"]
)  # fmt: skip


@given(st.text())
@settings(deadline=None, derandomize=True, max_examples=300)
@example("\x00")
@example("https://[")
def test_any_text_has_a_page(text: str) -> None:
    assert isinstance(page_of(text), str)


@given(st.lists(PIECES, max_size=12).map("".join))
@settings(deadline=None, derandomize=True, max_examples=1000)
def test_what_looks_like_a_url_has_a_page(url: str) -> None:
    assert isinstance(page_of(url), str)


HOSTS = st.sampled_from(
    [
        "tide.example",
        "www.tide.example",
        "www.www.a.b",
        "www.www.example",
        "TIDE.example.",
        "[::1]",
        "127.0.0.1",
        "é.example",
        "localhost",
    ]
)
PARTS = st.text("aZ09-_.~%é=&?/:@+;,!*'()", max_size=12)


@given(
    scheme=st.sampled_from(["http", "HTTPS", "https"]), user=st.sampled_from(["", "u@", "u:p@", "@"]),
    host=HOSTS, port=st.sampled_from(["", ":", ":80", ":443", ":8080"]), path=PARTS, query=PARTS,
    tracking=st.sampled_from(["", "&utm_source=x", "&fbclid"]), fragment=PARTS,
)  # fmt: skip
@settings(deadline=None, derandomize=True, max_examples=500)
def test_the_page_of_a_page_is_itself(
    scheme: str, user: str, host: str, port: str, path: str, query: str, tracking: str, fragment: str
) -> None:
    page = page_of(f"{scheme}://{user}{host}{port}/{path}?{query}{tracking}#{fragment}")
    assert page_of(page) == page


def test_a_very_long_url_costs_little() -> None:
    start = time.monotonic()
    page_of("https://tide.example/" + "/" * 500_000 + "a?" + "utm_" * 200_000 + "&a=1" * 100_000)
    assert time.monotonic() - start < 5


@given(
    st.from_regex(
        r"https?://[a-z0-9.:@-]{1,12}(?:/[a-zA-Z0-9/.~%!$&'()*+,;=:@ -]{0,12})?[/?#]?", fullmatch=True
    )
)
def test_a_simple_address_is_read_as_any_other(url: str) -> None:
    with mock.patch.object(urls, "_SIMPLE", re.compile("(?!)")):
        expected = page_of(url)
    assert page_of(url) == expected
