from __future__ import annotations

import pytest

from tests.rules.cases import Found
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

URL = "https://www.tide.example/gauges"


def with_original(url: str, **fields: str | None) -> str:
    return card(originalUrl=f'"{url}"', **fields)


def found(url: str) -> list[Found]:
    return [Found("NC619", 6, 14, 16 + len(url), "originalUrl", "warning")]


OTHER = [
    "https://www.tide.example/wells",
    "https://ebb.example/gauges",
    "https://www.tide.example/",
    f"{URL}-2",
]
SPELLINGS = [
    f"{URL}/", f"{URL}?utm_source=feed", f"{URL}#top", "https://tide.example/gauges", "HTTPS://www.TIDE.example/gauges",
    "https://www.tide.example:443/gauges",
]  # fmt: skip


@pytest.mark.parametrize("url", [*OTHER, *SPELLINGS])
def test_another_originalUrl_is_found_on_it(url: str, find_all: FindAll) -> None:  # noqa: N802
    assert find_all({"a.md": with_original(url), "b.md": CARD}) == {"a.md": found(url)}
    assert find_all({"_news/a.md": with_original(url)}) == {"_news/a.md": found(url)}


@pytest.mark.parametrize("url", OTHER)
def test_another_page_is_fine_where_that_is_usual(url: str, find_all: FindAll) -> None:
    assert find_all({"a.md": with_original(url), "b.md": with_original(url), "c.md": CARD}) == {}


@pytest.mark.parametrize("url", SPELLINGS)
def test_another_spelling_is_found_wherever_it_stands(url: str, find_all: FindAll) -> None:
    assert find_all({f"{name}.md": with_original(url) for name in "abc"}) == {
        f"{name}.md": found(url) for name in "abc"
    }


@pytest.mark.parametrize("value", [None, "", '""', "5", "[x]", f'"{URL}"'])
def test_a_card_without_two_urls_is_fine(value: str | None, find_all: FindAll) -> None:
    assert find_all({"a.md": card(originalUrl=value), "b.md": CARD}) == {}
    assert find_all({"a.md": card(webUrl=value), "b.md": CARD}) == {}


@pytest.mark.parametrize(
    "url", ["tide.example/gauges", "http://www.tide.example/gauges", f"{URL} 2", " " + URL, f"https://{URL}"]
)
def test_a_url_that_another_rule_reports_is_left_to_it(url: str, find_all: FindAll) -> None:
    assert find_all({"a.md": with_original(url), "b.md": CARD}) == {}
    assert find_all({"a.md": card(webUrl=f'"{url}"'), "b.md": CARD}) == {}


def test_a_webUrl_that_is_not_on_the_providers_domain_is_left_to_foreign_domain(  # noqa: N802
    find_all: FindAll,
) -> None:
    assert find_all({"a.md": card(webUrl='"https://ebb.example/gauges"'), "b.md": CARD}) == {}


def test_the_message_says_what_the_difference_is(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": with_original(OTHER[0]), "b.md": CARD})["a.md"]
    assert finding.message == "`originalUrl` is not the page of `webUrl`"
    assert finding.help == "correct the one that is wrong"
    (finding,) = lint_all({"a.md": with_original(SPELLINGS[0]), "b.md": CARD})["a.md"]
    assert finding.message == "`originalUrl` is another spelling of `webUrl`"
    assert finding.help == "write both alike"
