from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def invalid(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC405", line, column, end_column, field)


FAILS = [
    pytest.param(card(webUrl="www.tide.example/gauges"), invalid(7, 9, 32, "webUrl"), id="no-scheme"),
    pytest.param(card(webUrl="//www.tide.example"), invalid(7, 9, 27, "webUrl"), id="no-scheme-but-slashes"),
    pytest.param(card(webUrl="/gauges"), invalid(7, 9, 16, "webUrl"), id="a-path"),
    pytest.param(card(webUrl="ftp://tide.example"), invalid(7, 9, 27, "webUrl"), id="another-scheme"),
    pytest.param(card(webUrl="javascript:alert(1)"), invalid(7, 9, 28, "webUrl"), id="javascript"),
    pytest.param(card(webUrl="mailto:a@tide.example"), invalid(7, 9, 30, "webUrl"), id="mail"),
    pytest.param(card(webUrl='""'), invalid(7, 9, 11, "webUrl"), id="empty"),
    pytest.param(card(webUrl="https://"), invalid(7, 9, 17, "webUrl"), id="no-host"),
    pytest.param(card(webUrl="https:///gauges"), invalid(7, 9, 24, "webUrl"), id="a-path-and-no-host"),
    pytest.param(card(webUrl="https://?q=1"), invalid(7, 9, 21, "webUrl"), id="a-query-and-no-host"),
    pytest.param(card(webUrl="https://:443/"), invalid(7, 17, 21, "webUrl"), id="a-port-and-no-host"),
    pytest.param(
        card(webUrl='"https://tide .example/"'), invalid(7, 22, 23, "webUrl"), id="blank-in-the-host"
    ),
    pytest.param(card(webUrl='" https://tide.example"'), invalid(7, 10, 11, "webUrl"), id="blank-in-front"),
    pytest.param(
        card(webUrl=r'"https://tide\n.example"'), invalid(7, 22, 24, "webUrl"), id="line-end-in-the-host"
    ),
    pytest.param(
        card(webUrl=r'"https://tide\e[1m.example"'), invalid(7, 22, 24, "webUrl"), id="escape-in-the-host"
    ),
    pytest.param(
        card(webUrl="https://tide.example:port/"), invalid(7, 17, 34, "webUrl"), id="a-port-that-is-none"
    ),
    pytest.param(card(webUrl="https:/tide.example"), invalid(7, 9, 28, "webUrl"), id="one-slash"),
    pytest.param(card(webUrl="httpss://tide.example"), invalid(7, 9, 30, "webUrl"), id="misspelt-scheme"),
    pytest.param(
        card(webUrl="https://https://tide.example/x"), invalid(7, 9, 39, "webUrl"), id="https-twice"
    ),
    pytest.param(
        card(webUrl="http://https://tide.example"), invalid(7, 9, 36, "webUrl"), id="http-and-https"
    ),
    pytest.param(card(webUrl="HTTPS://Http://tide.example"), invalid(7, 9, 36, "webUrl"), id="in-capitals"),
    pytest.param(card(webUrl="https://https//tide.example"), invalid(7, 9, 36, "webUrl"), id="colon-is-lost"),
    pytest.param(
        card(webUrl="https:https://tide.example"), invalid(7, 9, 35, "webUrl"), id="slashes-are-lost"
    ),
    pytest.param(card(webUrl="https://https:/tide.example"), invalid(7, 9, 36, "webUrl"), id="slash-is-lost"),
    pytest.param(
        card(webUrl="https:///http://tide.example"), invalid(7, 9, 37, "webUrl"), id="three-slashes"
    ),
    pytest.param(card(webUrl="https://www.https://a.example"), invalid(7, 9, 38, "webUrl"), id="www-between"),
    pytest.param(
        card(ampWebUrl="https://https://a.example"), invalid(12, 12, 37, "ampWebUrl"), id="amp-twice"
    ),
    pytest.param(
        card(
            provider="\n  name: T\n  domain: t.example\n  images:\n    - url: http://http://t.example/logo.png"
        ),
        invalid(17, 12, 44, "provider.images[0].url"),
        id="logo-twice",
    ),
    pytest.param(card(originalUrl="tide"), invalid(6, 14, 18, "originalUrl"), id="original"),
    pytest.param(card(ampWebUrl="tide"), invalid(12, 12, 16, "ampWebUrl"), id="amp"),
    pytest.param(card(cdnAmpWebUrl="tide"), invalid(12, 15, 19, "cdnAmpWebUrl"), id="cdn"),
    pytest.param(
        replaced('"https://www.tide.example/gauges.jpg"', "gauges"),
        invalid(22, 10, 16, "images[0].url"),
        id="image",
    ),
    pytest.param(
        card(images=f'[{{title: "{ODD}", url: tide}}]'),
        invalid(21, 34, 38, "images[0].url"),
        id="after-odd-characters",
    ),
    pytest.param(
        card(provider="\n  name: T\n  domain: t.example\n  images:\n    - url: logo"),
        invalid(17, 12, 16, "provider.images[0].url"),
        id="logo",
    ),
    pytest.param(
        with_entry('"https://www.tide.example/north"', "north", before=1),
        invalid(29, 13, 18, "related[1].webUrl"),
        id="second-entry",
    ),
    pytest.param(
        with_entry('"https://www.tide.example/north.jpg"', "north"),
        invalid(23, 14, 19, "related[0].images[0].url"),
        id="image-of-an-entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_what_is_no_url_is_found_on_the_value(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    "http://tide.example",
    "HTTPS://TIDE.EXAMPLE/",
    "https://user:secret@tide.example:8080/a?b=c#d",
    "https://tide.example?q",
    "https://tide.example#a",
    "https://tide.example:/",
    "https://[2001:db8::1]:80/",
    "https://192.0.2.1/",
    "https://gezeiten-häfen.example/Häfen",
    "https://xn--gezeiten-hfen-kfb.example/",
    "https://tide.example/a blank",
    "https://tide.example/a//b/../c;d=e,f@g:h",
    "https://tide.example/%zz",
    "https://archive.tide.example/2023/https://ebb.example/x",
    "https://https.tide.example/",
    "https://http-tide.example/http:/",
    "https://tide.example/" + "a" * 5000,
]


@pytest.mark.parametrize("url", PASSES)
def test_a_url_is_fine(url: str, find: Find) -> None:
    assert find(card(webUrl=f'"{url}"', originalUrl=f"'{url}'")) == []


@pytest.mark.parametrize(
    ("url", "why"),
    [("tide.example", "does not begin with `http://` or `https://`"), ("https://", "has no valid host")],
)
def test_the_message_says_what_it_lacks(url: str, why: str, lint: Lint) -> None:
    (finding,) = lint(card(webUrl=url))
    assert finding.message == f"`webUrl` is not a URL: it {why}"


def test_the_message_says_that_a_scheme_stands_twice(lint: Lint) -> None:
    (finding,) = lint(card(webUrl="https://http://tide.example"))
    assert finding.message == "`webUrl` is not a URL: it has a scheme, such as `https://`, twice"
    assert finding.help == "delete one of the two"


def test_the_message_does_not_deny_the_scheme_that_stands_behind_a_blank(lint: Lint) -> None:
    (finding,) = lint(card(webUrl='" https://tide.example"'))
    assert "`http://`" not in finding.message


@pytest.mark.parametrize("host", ["ti\u200bde.example", "tide..example", ".tide.example", "%20tide.example"])
def test_a_host_that_no_browser_finds_is_no_host(host: str, find: Find) -> None:
    assert [found.code for found in find(card(webUrl=f'"https://{host}/x"'))] == ["NC405"]


@pytest.mark.parametrize(
    "url",
    [
        "/assets/a.jpg", "images/a.jpg", "a.PNG", "./a", "../images/a.webp?w=1#x", "assets/v1.2/a.jpg",
        "//cdn.tide.example/a", "/ü/ö.jpg", "/old gauges.jpg", "http://tide.example/a.jpg",
    ],
)  # fmt: skip
def test_the_url_of_an_image_may_be_relative(url: str, find: Find) -> None:
    old = "https://www.tide.example/gauges.jpg"
    assert find(replaced(old, url)) == []
    logo = card(provider=f'{{name: Tide, domain: tide.example, images: [{{url: "{url}"}}]}}')
    assert find(logo) == []


@pytest.mark.parametrize(
    "url",
    [
        "none", "n/a", "/", "//", "//cdn/a.jpg", "www.tide.example/a.jpg", "tide.example/a.jpg",
        "htps://tide.example/a.jpg",
        "javascript:alert(1)", "data:image/png;base64,AA", "https//tide.example/a.jpg", "C:/a.jpg",
        "{{ site.url }}/a.jpg",
        " /a.jpg", "",
    ],
)  # fmt: skip
def test_what_is_no_path_of_an_image_is_found(url: str, find: Find) -> None:
    (found,) = find(replaced("https://www.tide.example/gauges.jpg", url))
    assert (found.code, found.field) == ("NC405", "images[0].url")


def test_a_page_has_a_whole_url(find: Find) -> None:
    assert [each.field for each in find(card(webUrl="/assets/a.jpg"))] == ["webUrl"]
