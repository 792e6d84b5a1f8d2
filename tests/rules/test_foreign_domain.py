from __future__ import annotations

import pytest

from tests.rules.cases import Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def foreign(line: int, column: int, end_column: int, field: str = "provider.domain") -> Found:
    return Found("NC413", line, column, end_column, field, "warning")


def pair(url: str, domain: str, kind: str = "article") -> str:
    provider = f"\n  name: Tide\n  domain: {domain}"
    return card(originalUrl=f'"{url}"', webUrl=f'"{url}"', type=kind, provider=provider)


FAILS = [
    pytest.param(card(webUrl='"https://ebb.example/"'), foreign(7, 9, 31, "webUrl"), id="original-is-not"),
    pytest.param(replaced("domain: tide.example", "domain: ebb.example"), foreign(15, 11, 22), id="other"),
    pytest.param(pair("https://ebbtide.example/", "tide.example"), foreign(15, 11, 23), id="ends-alike"),
    pytest.param(pair("https://tide.example/", "www.tide.example"), foreign(15, 11, 27), id="a-child"),
    pytest.param(pair("https://tide.example.org/", "tide.example"), foreign(15, 11, 23), id="begins-alike"),
    pytest.param(pair("https://tide.example@ebb.example/", "tide.example"), foreign(15, 11, 23), id="user"),
    pytest.param(pair("https://ebb.example/tide.example", "tide.example"), foreign(15, 11, 23), id="path"),
    pytest.param(pair("https://[2001:db8::1]/", "tide.example"), foreign(15, 11, 23), id="an-address"),
    pytest.param(pair("https://ebb.example/", "notyoutube.com"), foreign(15, 11, 25), id="not-youtube"),
    pytest.param(
        with_entry("domain: tide.example", "domain: ebb.example"),
        foreign(20, 15, 26, "related[0].provider.domain"),
        id="entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_domain_that_is_not_the_page_s_is_found_on_the_domain(
    text: str, expected: Found, find: Find
) -> None:
    assert find(text) == [expected]


PASSES = [
    ("https://tide.example", "tide.example"),
    ("https://www.tide.example/a", "www.tide.example"),
    ("https://a.b.tide.example?q", "tide.example"),
    ("https://WWW.Tide.Example/", "TIDE.example"),
    ("https://www.tide.example./", "tide.example"),
    ("https://www.tide.example:8443/", "tide.example"),
    ("https://ebb.example@www.tide.example/", "tide.example"),
    ("https://ebb.example:pass@www.tide.example/", "tide.example"),
    ("https://www.gezeiten-häfen.example/", "xn--gezeiten-hfen-kfb.example"),
    ("https://xn--gezeiten-hfen-kfb.example/", "gezeiten-häfen.example"),
    ("https://192.0.2.1/", "192.0.2.1"),
    ("https://ebb.example/", "youtube.com"),
    ("https://www.youtube.com/watch?v=1", "tide.example"),
]


@pytest.mark.parametrize(("url", "domain"), PASSES)
def test_the_host_its_parents_and_youtube_are_fine(url: str, domain: str, find: Find) -> None:
    assert find(pair(url, domain)) == []


def test_a_video_may_be_anywhere(find: Find) -> None:
    assert find(pair("https://ebb.example/", "tide.example", "video")) == []
    entry = with_entry("domain: tide.example", "domain: ebb.example")
    assert find(entry.replace("    type: article", "    type: video")) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        pytest.param(pair("www.ebb.example", "tide.example"), ["NC405", "NC405"], id="broken-url"),
        pytest.param(pair("https://ebb.example", "https://tide.example"), ["NC406"], id="broken-domain"),
        pytest.param(pair("https://ebb.example", "tide.example."), ["NC406"], id="dot-behind"),
        pytest.param(pair("https://ebb.example", "5"), ["NC302"], id="number"),
        pytest.param(card(webUrl="[]"), ["NC302"], id="url-is-a-list"),
        pytest.param(card(provider="tide.example"), ["NC302"], id="provider-is-text"),
        pytest.param(card(related="\n  - tide.example"), ["NC302"], id="entry-is-text"),
        pytest.param(card(webUrl=None), ["NC301"], id="no-url"),
        pytest.param(card(provider="\n  name: Tide"), ["NC301"], id="no-domain"),
    ],
)
def test_what_is_missing_or_broken_is_told_by_others_alone(text: str, codes: list[str], find: Find) -> None:
    assert [found.code for found in find(text)] == codes


def test_the_message_names_both(lint: Lint) -> None:
    (finding,) = lint(replaced("domain: tide.example", "domain: ebb.example"))
    assert finding.message == "`domain` is ebb.example, and `webUrl` is on www.tide.example"
