from __future__ import annotations

import pytest

from tests.rules.cases import Found, block
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card


def found(*others: tuple[str, int], line: int = 3) -> list[Found]:
    return [Found("NC602", line, 8, 39, "title", "warning", others=others)]


def test_of_two_published_cards_with_one_title_the_second_is_found(find_all: FindAll) -> None:
    other = block(CARD[4:-4].replace('title: "', 'author: Ann\ntitle: "', 1))
    assert find_all({"a.md": CARD, "b.md": other}) == {
        "b.md": found(("a.md", 3), line=4),
    }


def test_three_cards_with_one_title_are_one_finding(find_all: FindAll) -> None:
    assert find_all({f"{name}.md": CARD for name in "abc"}) == {"c.md": found(("a.md", 3), ("b.md", 3))}


@pytest.mark.parametrize(
    "names", [("a/index.md", "a/index.no.md"), ("a.en.md", "a.de.md"), ("en/a.md", "de/a.md")]
)
def test_translations_are_one_card(names: tuple[str, ...], find_all: FindAll) -> None:
    assert find_all(dict.fromkeys(names, CARD)) == {}
    (last,) = find_all(dict.fromkeys([*names, "z/en/b.md"], CARD))
    assert last == "z/en/b.md"


@pytest.mark.parametrize("flag", ["false", "no", "", None, '"true"'])
def test_only_published_cards_are_compared(flag: str | None, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": card(published=flag)}) == {}
    files = {"a.md": CARD, "b.md": card(published=flag), "c.md": CARD}
    assert find_all(files) == {"c.md": found(("a.md", 3))}


def test_a_title_is_reported_in_a_card_that_is_checked(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": CARD}, seen=["b.md"]) == {"a.md": found(("b.md", 3))}


@pytest.mark.parametrize("title", ["Tide gauges get a second life", "'Tide gauges get a second life' # !"])
def test_how_a_title_is_quoted_makes_no_difference(title: str, find_all: FindAll) -> None:
    assert set(find_all({"a.md": CARD, "b.md": card(title=title)})) == {"b.md"}


@pytest.mark.parametrize(
    "title",
    [
        '"Tide Gauges get a second life"',
        '"Tide gauges get a second life."',
        '"Tide gauges get a second life "',
        '"Tide gauges get a second\\u00a0life"',
    ],
)
def test_a_title_that_differs_in_a_letter_is_another_one(title: str, find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": card(title=title)}) == {}


@pytest.mark.parametrize("title", [None, "", '""', '" "', '"\\t\\n"', "5", "[x]", "{}", "2023-06-20"])
def test_cards_without_a_title_have_none_in_common(title: str | None, find_all: FindAll) -> None:
    assert find_all({"a.md": card(title=title), "b.md": card(title=title)}) == {}


def test_cards_of_two_sites_are_two_corpora(find_all: FindAll) -> None:
    assert find_all({"one/_news/a.md": CARD, "two/_news/b.md": CARD}) == {}


def test_an_entry_of_related_is_no_second_card(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related='\n  - title: "Tide gauges get a second life"')}) == {}


def test_a_card_that_cannot_be_read_has_no_title(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": CARD.removesuffix("---\n"), "c.md": ""}) == {}


def test_the_message_names_the_other_card_and_the_help_what_to_do(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": CARD, "b.md": CARD})["b.md"]
    assert finding.message == "the title is also that of `a`, published too"
    assert finding.help == "hide one, or tell them apart"


def test_the_message_is_about_as_long_for_very_many_cards(lint_all: LintAll) -> None:
    found = lint_all({f"{number:03}.md": CARD for number in range(300)})
    ((path, (finding,)),) = found.items()
    assert path == "299.md"
    assert finding.message == "the title is also that of `000`, `001` and 297 more, published too"
    assert finding.others == tuple((f"{number:03}.md", 3) for number in range(100))
