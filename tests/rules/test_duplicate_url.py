from __future__ import annotations

import pytest

from newscards.rules.selection import every_linter
from tests.conftest import MakeCorpus
from tests.rules.cases import Found, block
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

URL = "https://www.tide.example/gauges"


def found(*others: tuple[str, int], end_column: int = 42) -> list[Found]:
    return [Found("NC601", 7, 9, end_column, "webUrl", "warning", others=others)]


def only_original(*others: tuple[str, int]) -> list[Found]:
    return [Found("NC601", 6, 14, 47, "originalUrl", "warning", others=others)]


def with_url(url: str) -> str:
    return card(webUrl=f'"{url}"')


def test_two_cards_with_one_url_are_one_finding_at_the_last_of_them(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": CARD}) == {"b.md": found(("a.md", 7))}


def test_three_cards_with_one_url_are_one_finding_that_names_the_two_others(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": CARD, "c/a.md": CARD, "d.md": with_url(f"{URL}/2")}) == {
        "c/a.md": found(("a.md", 7), ("b.md", 7)),
    }


@pytest.mark.parametrize(
    "names", [("a/index.md", "a/index.no.md"), ("a.en.md", "a.de.md"), ("en/a.md", "de/a.md")]
)
def test_translations_are_one_card(names: tuple[str, ...], find_all: FindAll) -> None:
    assert find_all(dict.fromkeys(names, CARD)) == {}
    (last,) = find_all(dict.fromkeys([*names, "z/en/b.md"], CARD))
    assert last == "z/en/b.md"


def test_two_pages_with_two_cards_each_are_told_apart(find_all: FindAll) -> None:
    other = with_url("https://www.tide.example/others")
    assert find_all({"a.md": CARD, "b.md": other, "c.md": other, "d.md": CARD}) == {
        "c.md": found(("b.md", 7)), "d.md": found(("a.md", 7)),
    }  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        f"{URL}/", "https://WWW.tide.example:443/gauges#top", f"{URL}?utm_source=feed&fbclid=5",
        "http://www.tide.example/gauges", "https://tide.example/gauges", "http://tide.example:80/gauges/",
    ],
)  # fmt: skip
def test_another_address_of_the_page_is_found(url: str, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": with_url(url)}) == {
        "b.md": found(("a.md", 7), end_column=11 + len(url)),
    }


@pytest.mark.parametrize("value", [None, "", '""', "5", "[x]"])
def test_a_card_without_a_text_in_webUrl_is_compared_by_originalUrl(  # noqa: N802 - the field's name
    value: str | None, find_all: FindAll
) -> None:
    assert find_all({"a.md": card(webUrl=value), "b.md": CARD}) == {"b.md": found(("a.md", 6))}
    assert find_all({"a.md": CARD, "b.md": card(webUrl=value)}) == {"b.md": only_original(("a.md", 7))}


@pytest.mark.parametrize(
    "url",
    [f"{URL}-2", f"{URL}?page=2", f"{URL}/north", f"{URL.upper()}", "https://news.tide.example/gauges", ""],
)
def test_another_page_is_fine(url: str, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": card(webUrl=f'"{url}"', originalUrl=None)}) == {}


@pytest.mark.parametrize("value", [None, "", '""', "5", "[x]", "{}", "~"])
def test_cards_without_any_url_have_none_in_common(value: str | None, find_all: FindAll) -> None:
    text = card(webUrl=value, originalUrl=value)
    assert find_all({"a.md": text, "b.md": text}) == {}


def test_one_card_by_itself_is_fine(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD}) == {}


def test_that_webUrl_and_originalUrl_of_one_card_are_equal_is_as_it_should_be(  # noqa: N802
    find_all: FindAll,
) -> None:
    assert find_all({"a.md": CARD, "b.md": card(webUrl='"https://x.example"')}) == {}


def test_cards_of_two_sites_are_two_corpora(find_all: FindAll) -> None:
    assert find_all({"one/_news/a.md": CARD, "two/_news/a.md": CARD, "a.md": CARD}) == {}


def test_cards_in_two_folders_of_a_site_are_one_corpus(find_all: FindAll) -> None:
    assert find_all({"one/_news/a.md": CARD, "one/_news/old/a.md": CARD}) == {
        "one/_news/old/a.md": found(("one/_news/a.md", 7)),
    }


@pytest.mark.parametrize(
    "broken", ["", "no card", block("- x\n"), CARD.removesuffix("---\n"), card(title='"x'), b"\xff\xfe"]
)
def test_a_card_that_cannot_be_read_is_in_nobodys_way(broken: str | bytes, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": broken, "c.md": CARD}) == {"c.md": found(("a.md", 7))}


def test_a_card_that_is_only_seen_is_named_and_not_told(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": CARD}, seen=["a.md"]) == {"b.md": found(("a.md", 7))}
    assert find_all({"a.md": CARD, "b.md": CARD}, seen=["b.md"]) == {"a.md": found(("b.md", 7))}


def test_the_message_names_the_other_card_and_the_help_what_to_do(lint_all: LintAll) -> None:
    other = card(title='"Wells"')
    (finding,) = lint_all({"a.md": CARD, "2023-06-20-b.md": other})["a.md"]
    assert finding.message == "the URL is also that of `2023-06-20-b`"
    assert finding.help == "keep one of the cards, or hide all but one"
    other = card(title='"Wells"', published="false")
    (finding,) = lint_all({"a.md": CARD, "2023-06-20-b.md": other})["a.md"]
    assert finding.help == "keep one of the cards"


def test_the_message_names_two_of_many_cards(lint_all: LintAll) -> None:
    found = lint_all({f"{name}.md": CARD for name in "abcde"})
    assert found["e.md"][0].message == "the URL is also that of `a`, `b` and 2 more"


def test_the_message_is_short_for_long_names(lint_all: LintAll) -> None:
    found = lint_all({f"{letter * 200}.md": CARD for letter in "abc"})
    assert [len(finding.message) < 200 for findings in found.values() for finding in findings] == [True]


def test_one_url_in_very_many_cards_costs_little_and_lists_few(lint_all: LintAll) -> None:
    found = lint_all({f"{number:05}.md": block(f"webUrl: {URL}\n") for number in range(2_000)})
    ((finding,),) = found.values()
    assert (finding.path, len(finding.others)) == ("01999.md", 100)
    assert finding.message == "the URL is also that of `00000`, `00001` and 1997 more"


def test_a_copied_file_is_one_finding(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "a-copy.md": CARD})
    linter = every_linter()
    for path in ("a.md", "a-copy.md"):
        linter.check(path)
    (finding,) = linter.report().findings
    assert (finding.rule.code, finding.help) == ("NC601", "keep one of the cards")
