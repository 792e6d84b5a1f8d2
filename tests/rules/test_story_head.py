from __future__ import annotations

import pytest

from tests.rules.cases import BACK, ENTRY, Found, listing, north, story
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card


def found(*others: tuple[str, int], end_column: int = 9) -> list[Found]:
    return [Found("NC616", 10, 7, end_column, "heat", "warning", others=others)]


def hidden(**fields: str | None) -> dict[str, str]:
    """Return the two cards of a story, both of which are hidden and not its head."""
    cards = story(heat="-1") | {}
    first = cards["gauges.md"].replace("heat: 67", "heat: -1").replace("published: true", "published: false")
    return {"gauges.md": first, "north.md": north(**fields)}


def third(heat: str, quality: str = "50", published: str = "false") -> str:
    url = '"https://www.tide.example/third"'
    return card(
        title='"Third"',
        webUrl=url,
        heat=heat,
        quality=quality,
        related=listing(ENTRY, BACK),
        published=published,
    )


def test_of_two_heads_the_one_of_lower_quality_is_found_on_its_heat(find_all: FindAll) -> None:
    assert find_all(story(heat="60")) == {"north.md": found(("gauges.md", 10))}
    assert find_all(story(heat="90", quality="90")) == {"gauges.md": found(("north.md", 10))}


def test_of_two_heads_of_one_quality_the_hidden_one_is_found(find_all: FindAll) -> None:
    assert find_all(story(heat="90", quality="67")) == {"north.md": found(("gauges.md", 10))}


def test_of_three_heads_the_worst_is_found_and_the_others_are_named(find_all: FindAll) -> None:
    assert find_all(story(heat="60") | {"third.md": third("50")}) == {
        "third.md": found(("gauges.md", 10), ("north.md", 10))
    }


def test_a_story_without_a_head_is_found_at_its_best_card(find_all: FindAll) -> None:
    assert find_all(hidden()) == {"gauges.md": found(("north.md", 10))}
    assert find_all(hidden(quality="90")) == {"north.md": found(("gauges.md", 10))}
    assert find_all(hidden(heat="0")) == {"gauges.md": found(("north.md", 10))}


def test_a_card_that_was_taken_down_is_not_the_best(find_all: FindAll) -> None:
    cards = hidden(quality="90", removed="true")
    assert find_all(cards) == {"gauges.md": found(("north.md", 10))}
    gauges = cards["gauges.md"].replace("quality:", "removed: true\nquality:", 1)
    assert find_all({**cards, "gauges.md": gauges}) == {}


def test_a_story_with_one_head_is_fine(find_all: FindAll) -> None:
    assert find_all(story()) == {}
    assert find_all(story() | {"third.md": third("-1")}) == {}
    assert find_all(story(heat="0")) == {}


def test_a_card_by_itself_is_no_story(find_all: FindAll) -> None:
    assert find_all({"a.md": card(heat="-1", published="false")}) == {}
    assert find_all({"a.md": CARD, "b.md": north(heat="60", related=None)}) == {}


@pytest.mark.parametrize("heat", [None, "", '"60"', "many", "[]"])
def test_a_card_that_was_not_scored_may_be_the_head(heat: str | None, find_all: FindAll) -> None:
    assert find_all(hidden(heat=heat)) == {}


def test_a_head_whose_card_is_not_found_may_exist(find_all: FindAll) -> None:
    lost = ENTRY.replace("north", "lost")
    cards = hidden()
    cards["gauges.md"] = cards["gauges.md"].replace("related:\n", f"related:\n{lost}")
    assert find_all(cards) == {}


@pytest.mark.parametrize("broken", ["", "no card", story()["gauges.md"].removesuffix("---\n")])
def test_a_head_that_cannot_be_read_exists(broken: str, find_all: FindAll) -> None:
    cards = hidden() | {"third.md": third("-1")}
    assert find_all(cards | {"gauges.md": broken}) == {}


def test_two_published_heads_are_left_to_the_rule_about_published_cards(find_all: FindAll) -> None:
    assert find_all(story(heat="60", published="true")) == {}


def test_a_published_card_without_heat_is_left_to_the_rule_about_it(find_all: FindAll) -> None:
    cards = story()
    cards["gauges.md"] = cards["gauges.md"].replace("heat: 67", "heat: -1")
    assert find_all(cards) == {}


def test_the_copy_of_a_head_is_no_second_head(find_all: FindAll) -> None:
    cards = story()
    copy = cards["gauges.md"].replace("published: true", "published: false")
    assert find_all(cards | {"twin.md": copy}) == {}


def test_cards_of_two_sites_are_two_stories(find_all: FindAll) -> None:
    assert find_all({f"{name}/_news/{name}": text for name, text in story(heat="60").items()}) == {}


def test_a_card_that_is_only_seen_is_named_and_not_told(find_all: FindAll) -> None:
    assert find_all(story(heat="60"), seen=["north.md"]) == {"gauges.md": found(("north.md", 10))}
    assert find_all(story(heat="60"), seen=["gauges.md"]) == {"north.md": found(("gauges.md", 10))}


def test_the_message_names_the_other_card_and_the_help_what_to_do(lint_all: LintAll) -> None:
    (finding,) = lint_all(story(heat="60"))["north.md"]
    assert finding.message == "its `heat` is above 0, and so is that of the same story's `gauges`"
    assert finding.help == "write `heat: -1`, unless it is the best of them"
    (finding,) = lint_all(hidden())["gauges.md"]
    assert finding.message == "no card of its story has a `heat` above 0, neither it nor `north`"
    assert finding.help == "give the best card of the story a heat, which is at least its quality"


def test_a_story_of_very_many_heads_is_one_finding(lint_all: LintAll) -> None:
    count = 1000
    found = lint_all(
        {
            f"{n:04}.md": f"---\nwebUrl: x{n}\nheat: 5\nrelated:\n  - webUrl: x{(n + 1) % count}\n---\n"
            for n in range(count)
        }
    )
    ((finding,),) = found.values()
    assert finding.path == "0999.md"
    assert len(finding.others) == 100
    assert finding.message.endswith("`0000`, `0001` and 997 more")
