from __future__ import annotations

import pytest

from tests.rules.cases import BACK, ENTRY, Found, listing, north, story
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

TWICE = story(published="true")
VIDEO = ENTRY.replace('    webUrl: "https://www.tide.example/north"\n', "")


def found(*others: tuple[str, int], line: int = 11, end_column: int = 16) -> list[Found]:
    return [Found("NC609", line, 12, end_column, "published", "warning", others=others)]


def third(published: str, *entries: str) -> str:
    url = '"https://www.tide.example/third"'
    return card(title='"Third"', webUrl=url, related=listing(*entries)).replace(
        "published: true", f"published: {published}"
    )


def test_the_worst_published_card_of_a_story_is_found_on_the_flag(find_all: FindAll) -> None:
    assert find_all(TWICE) == {"north.md": found(("gauges.md", 11))}
    best = story(published="true", quality="99")
    assert find_all(best) == {"gauges.md": found(("north.md", 11))}


def test_of_three_cards_the_published_ones_are_found(find_all: FindAll) -> None:
    assert find_all(TWICE | {"third.md": third("false", ENTRY, BACK)}) == {
        "north.md": found(("gauges.md", 11))
    }
    assert find_all(TWICE | {"third.md": third("true", ENTRY, BACK)}) == {
        "north.md": found(("gauges.md", 11), ("third.md", 11))
    }


def test_a_story_is_what_hangs_together_even_one_way(find_all: FindAll) -> None:
    files = story(related=None) | {"third.md": third("true", ENTRY)}
    assert find_all(files) == {
        "third.md": found(("gauges.md", 11)),
    }


def test_a_video_belongs_to_the_story_that_lists_it(find_all: FindAll) -> None:
    assert set(find_all(story(VIDEO, webUrl=None, related=None, published="true"))) == {"north.md"}


@pytest.mark.parametrize("flag", ["yes", "True", "on"])
def test_true_is_true_however_it_is_written(flag: str, find_all: FindAll) -> None:
    assert find_all(story(published=flag)) == {
        "north.md": found(("gauges.md", 11), end_column=12 + len(flag)),
    }


@pytest.mark.parametrize("flag", ["false", "no", "Off", "", "~"])
def test_a_story_with_one_published_card_is_fine(flag: str, find_all: FindAll) -> None:
    assert find_all(story(published=flag)) == {}


@pytest.mark.parametrize("flag", ['"false"', "0", "text", "[]", None])
def test_a_flag_that_is_wrong_is_told_by_others_alone(flag: str | None, find_all: FindAll) -> None:
    assert find_all(story(published=flag)) == {}


def test_a_story_without_any_published_card_is_fine(find_all: FindAll) -> None:
    files = {name: text.replace("published: true", "published: false") for name, text in TWICE.items()}
    assert find_all(files) == {}


def test_published_cards_of_different_stories_are_fine(find_all: FindAll) -> None:
    assert find_all({"a.md": CARD, "b.md": north(published="true", related=None)}) == {}
    assert find_all({"a.md": CARD, "b.md": CARD}) == {}


def test_a_card_in_itself_is_no_story(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(BACK, BACK))}) == {}


def test_cards_of_two_sites_are_two_stories(find_all: FindAll) -> None:
    assert find_all({f"{name}/_news/{name}": text for name, text in TWICE.items()}) == {}


@pytest.mark.parametrize("related", ["a text", "5", "[x, 5, ~]", "{title: x}"])
def test_what_names_no_card_makes_no_story(related: str, find_all: FindAll) -> None:
    text = card(related=related, title=None, webUrl=None, publishedDateTime=None)
    assert find_all({"a.md": text, "b.md": text}) == {}


@pytest.mark.parametrize("broken", ["", "no card", TWICE["north.md"].removesuffix("---\n")])
def test_a_card_that_cannot_be_read_is_in_no_story(broken: str, find_all: FindAll) -> None:
    assert find_all(TWICE | {"north.md": broken}) == {}


def test_a_card_that_is_only_seen_is_named_and_not_told(find_all: FindAll) -> None:
    assert find_all(TWICE, seen=["north.md"]) == {"gauges.md": found(("north.md", 11))}


def test_the_message_names_the_other_card_and_the_help_what_to_do(lint_all: LintAll) -> None:
    (finding,) = lint_all(TWICE)["north.md"]
    assert finding.message == "the card is of the same story as `gauges`, published too"
    assert finding.help == "hide all but the best of them"


def test_a_chain_of_very_many_cards_is_one_story(lint_all: LintAll) -> None:
    count = 1000
    found = lint_all(
        {
            f"{n:04}.md": f"---\nwebUrl: x{n}\npublished: true\nrelated:\n  - webUrl: x{n + 1}\n---\n"
            for n in range(count)
        }
    )
    assert [len(findings) for findings in found.values()] == [1]
