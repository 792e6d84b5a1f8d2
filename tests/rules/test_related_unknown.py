from __future__ import annotations

import pytest

from newscards.lint.findings import MAX_FINDINGS, MAX_LISTED
from tests.rules.cases import BACK, ENTRY, SAME_TEXTS, Found, listing, north, story
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

URL = '    webUrl: "https://www.tide.example/north"\n'
VIDEO = ENTRY.replace(URL, "")


def found(index: int = 0, line: int = 16, end_column: int = 45) -> Found:
    return Found("NC605", line, 13, end_column, f"related[{index}].webUrl", "warning")


def by_title(index: int = 0, line: int = 13, end_column: int = 33) -> Found:
    return Found("NC605", line, 12, end_column, f"related[{index}].title", "warning")


def test_an_entry_of_a_card_that_is_not_there_is_found_on_its_url(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(ENTRY))}) == {"a.md": [found()]}


def test_an_entry_without_url_is_found_on_its_title(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(BACK, VIDEO))}) == {"a.md": [by_title(1, 20)]}


def test_a_card_that_several_cards_list_is_reported_once(lint_all: LintAll) -> None:
    other = card(related=listing(BACK, ENTRY))
    ((path, (finding,)),) = lint_all(
        {"a.md": card(related=listing(ENTRY)), "b.md": other, "c.md": CARD}
    ).items()
    assert (path, finding.line, finding.others) == ("a.md", 16, (("b.md", 23),))
    assert finding.message == "no card of the corpus has this URL; the same in 1 other copy"


def test_it_is_reported_in_a_card_that_is_checked(find_all: FindAll) -> None:
    files = {"a.md": card(related=listing(ENTRY)), "b.md": card(related=listing(BACK, ENTRY))}
    assert find_all(files, seen=["a.md"]) == {"b.md": [found(1, 23)._replace(others=(("a.md", 16),))]}


def test_of_very_many_cards_a_hundred_are_named(lint_all: LintAll) -> None:
    files = {f"{number:03}.md": card(related=listing(ENTRY)) for number in range(250)}
    ((path, (finding,)),) = lint_all(files).items()
    assert (path, len(finding.others)) == ("000.md", MAX_LISTED)
    assert finding.message.endswith("; the same in 249 other copies")


def test_an_entry_of_a_card_of_another_site_is_found(find_all: FindAll) -> None:
    files = {f"{name}/_news/x.md": text for name, text in zip("ab", story().values(), strict=True)}
    assert find_all(files) == {
        "a/_news/x.md": [found()],
        "b/_news/x.md": [Found("NC605", 16, 13, 46, "related[0].webUrl", "warning")],
    }


def test_the_entries_of_a_story_are_fine(find_all: FindAll) -> None:
    assert find_all(story()) == {}


def test_a_card_that_is_only_seen_is_known_and_not_told(find_all: FindAll) -> None:
    files = story() | {"c.md": card(related=listing(ENTRY.replace("/north", "/south")))}
    assert find_all(files, seen=["north.md", "c.md"]) == {}


def test_a_video_is_known_by_its_title_and_date(find_all: FindAll) -> None:
    assert find_all(story(VIDEO, webUrl=None)) == {}
    other_zone = VIDEO.replace("T08:00:00Z", "T10:00:00+02:00")
    assert find_all(story(other_zone, webUrl=None)) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [("of the north", "of the South"), ("2023-06-21", "2023-06-22"), ("08:00:00Z", "08:00:01Z")],
)
def test_a_video_of_another_title_or_date_is_another_one(old: str, new: str, find_all: FindAll) -> None:
    assert find_all(story(VIDEO.replace(old, new), webUrl=None)) == {"gauges.md": [by_title()]}


@pytest.mark.parametrize(("here", "there"), SAME_TEXTS)
def test_the_same_title_written_otherwise_is_the_same(here: str, there: str, find_all: FindAll) -> None:
    for one, other in ((here, there), (there, here)):
        entry = VIDEO.replace("Gauges of the north", one)
        assert find_all(story(entry, webUrl=None, title=f'"{other}"')) == {}


def test_a_card_with_the_url_and_another_title_or_date_is_left_to_related_stale(find_all: FindAll) -> None:
    assert find_all(story(title='"Another title"', publishedDateTime="2001-01-01T00:00:00Z")) == {}


def test_a_url_is_compared_letter_by_letter(find_all: FindAll) -> None:
    entry = ENTRY.replace("/north", "/NORTH", 1)
    assert find_all(story(entry.replace("2023-06-21", "2023-06-22"))) == {"gauges.md": [found()]}


def test_an_entry_with_title_date_and_provider_of_one_card_is_left_to_related_stale(
    find_all: FindAll,
) -> None:
    entry = ENTRY.replace("/north", "/old", 1)
    assert find_all(story(entry)) == {}
    twins = {"twin.md": north(webUrl='"https://www.tide.example/twin"')}
    assert find_all(story(entry) | twins) == {"gauges.md": [found(end_column=43)]}


@pytest.mark.parametrize(
    "related",
    [
        None, "", "a text", "5", "[]", "{}", "{title: x}", "[x, 5, ~, []]", "[{}]", "[{title: ''}]",
        "[{title: ' '}]", "[{webUrl: ''}]", "[{title: 5, webUrl: [x]}]", "[{title: ~, quality: 5}]",
        "[{publishedDateTime: 2023-06-21}]",
    ],
)  # fmt: skip
def test_what_names_no_card_is_left_to_other_rules(related: str | None, find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=related)}) == {}


def test_an_entry_whose_url_is_no_text_is_looked_up_by_its_title(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related="\n  - {title: x, webUrl: 5}")}) == {
        "a.md": [Found("NC605", 13, 13, 14, "related[0].title", "warning")]
    }


def test_that_a_card_lists_itself_is_no_unknown_card(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(BACK))}) == {}


def test_the_message_says_what_is_looked_for(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": card(related=listing(ENTRY))})["a.md"]
    assert finding.message == "no card of the corpus has this URL"
    assert finding.help == "bring the card back, or delete the entry"
    assert finding.others == ()


def test_of_very_many_different_unknown_entries_the_first_are_reported_and_the_others_counted(
    lint_all: LintAll,
) -> None:
    entries = "".join(f'  - {{title: "{n}", webUrl: "https://tide.example/{n}"}}\n' for n in range(2000))
    found = lint_all({"a.md": card(related=listing(entries))})
    assert len(found["a.md"]) == MAX_FINDINGS
    assert found["a.md"][-1].more == 2000 - MAX_FINDINGS


def test_an_entry_of_a_card_that_cannot_be_read_is_not_unknown(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(ENTRY)), "north.md": north(title='"never closed')}) == {}
