from __future__ import annotations

import pytest

from tests.rules.cases import BACK, ENTRY, SAME_TEXTS, Found, listing, north, story
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

VIDEO = ENTRY.replace('    webUrl: "https://www.tide.example/north"\n', "")
ONE_WAY = {"a.md": card(related=listing(ENTRY)), "b.md": north(related=None)}


def lists(
    other: tuple[str, int] = ("b.md", 2), index: int = 0, line: int = 16, end_column: int = 45
) -> Found:
    return Found("NC608", line, 13, end_column, f"related[{index}].webUrl", "warning", others=(other,))


def lacks(other: tuple[str, int] = ("a.md", 16), line: int = 2, end_column: int = 15) -> Found:
    return Found("NC608", line, 1, end_column, "related", "warning", others=(other,))


def test_the_card_that_does_not_list_the_other_is_found_on_its_first_line(find_all: FindAll) -> None:
    assert find_all(ONE_WAY) == {"b.md": [lacks()]}


def test_the_order_of_the_files_makes_no_difference(find_all: FindAll) -> None:
    assert find_all(dict(reversed(ONE_WAY.items()))) == {"b.md": [lacks()]}


def test_a_card_of_the_same_story_is_found_on_the_key(find_all: FindAll) -> None:
    other = ENTRY.replace("/north", "/south").replace("of the north", "of the south")
    south = {"webUrl": '"https://www.tide.example/south"', "title": '"Gauges of the south"'}
    files = {
        "a.md": card(related=listing(ENTRY, other)),
        "b.md": north(related=listing(other)),
        "c.md": north(**south, related=listing(BACK, ENTRY)),
    }
    assert find_all(files) == {"b.md": [lacks(line=12, end_column=8)]}


def test_an_entry_of_a_card_of_another_story_is_found_on_the_entry(find_all: FindAll) -> None:
    third = card(related=listing(ENTRY), title='"C"', webUrl='"https://c.example"')
    assert find_all(story() | {"c.md": third}) == {"c.md": [lists(("north.md", 13))]}


def test_entries_of_no_card_make_no_common_story(find_all: FindAll) -> None:
    gone = ENTRY.replace("north", "past")
    files = story(related=listing(BACK, gone))
    third = card(related=listing(ENTRY, gone), title='"C"', webUrl='"https://c.example"')
    assert find_all(files | {"c.md": third}) == {"c.md": [lists(("north.md", 13))]}


@pytest.mark.parametrize("related", ["", "[]", "a text", "5", "{}"])
def test_a_card_with_nothing_in_related_is_found_on_the_key(related: str, find_all: FindAll) -> None:
    found = find_all(ONE_WAY | {"b.md": north(related=related)})
    assert found == {"b.md": [lacks(line=12, end_column=8)]}


def test_the_entry_of_a_video_is_named_by_its_title(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(VIDEO)), "b.md": north(related=None, webUrl=None)}) == {
        "b.md": [lacks(("a.md", 13))],
    }


def test_it_is_reported_in_a_card_that_is_checked(find_all: FindAll) -> None:
    assert find_all(ONE_WAY, seen=["a.md"]) == {"b.md": [lacks()]}
    found = find_all(ONE_WAY, seen=["b.md"])
    assert found == {"a.md": [lists(("b.md", found["a.md"][0].others[0][1]))]}
    third = card(related=listing(ENTRY), title='"C"', webUrl='"https://c.example"')
    found = find_all(story() | {"c.md": third}, seen=["c.md", "gauges.md"])
    assert {path: [each.field for each in findings] for path, findings in found.items()} == {
        "north.md": ["related"]
    }


def test_cards_that_list_each_other_are_fine(find_all: FindAll) -> None:
    assert find_all(story()) == {}
    assert find_all(story(VIDEO, webUrl=None)) == {}
    assert find_all({"a.md": CARD, "b.md": north(related=None)}) == {}


def test_a_card_in_itself_is_left_to_related_self(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(BACK))}) == {}


def test_an_entry_of_no_card_is_left_to_related_unknown(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(ENTRY))}) == {}
    assert find_all({"a/_news/a.md": ONE_WAY["a.md"], "b/_news/b.md": ONE_WAY["b.md"]}) == {}


@pytest.mark.parametrize("broken", ["", "no card", north(title='"x'), "---\n- x\n---\n"])
def test_a_card_that_cannot_be_read_is_in_nobodys_way(broken: str, find_all: FindAll) -> None:
    assert find_all(story() | {"c.md": broken}) == {}
    assert find_all({"a.md": ONE_WAY["a.md"], "b.md": broken}) == {}


@pytest.mark.parametrize(
    "related", ["[x, 5, ~]", "[{}]", "[{title: ''}]", "[{webUrl: 5}]", "[{title: [x]}]", "{title: x}"]
)
def test_what_names_no_card_is_left_to_other_rules(related: str, find_all: FindAll) -> None:
    nameless = "---\nquality: 5\n---\n"
    assert find_all({"a.md": card(related=related), "b.md": nameless, "c.md": CARD}) == {}


@pytest.mark.parametrize(("here", "there"), SAME_TEXTS)
def test_the_same_title_written_otherwise_is_the_same(here: str, there: str, find_all: FindAll) -> None:
    for one, other in ((here, there), (there, here)):
        entry = ENTRY.replace("Gauges of the north", one)
        assert find_all(story(entry, title=f'"{other}"')) == {}
        files = {"a.md": card(related=listing(entry)), "b.md": north(related=None, title=f'"{other}"')}
        assert set(find_all(files)) == {"b.md"}


@pytest.mark.parametrize(
    ("old", "new"), [("Tide gauges", "Old gauges"), ("2023-06-20", "2023-06-19"), ("15:44:00Z", "15:44:01Z")]
)
def test_a_card_that_lists_the_other_with_an_old_title_or_date_does_list_it(
    old: str, new: str, find_all: FindAll
) -> None:
    assert find_all(story(related=listing(BACK.replace(old, new)))) == {}


def test_a_copy_in_another_file_stands_for_the_card(find_all: FindAll) -> None:
    files = story()
    assert find_all(files | {"old/north.md": files["north.md"], "old/gauges.md": files["gauges.md"]}) == {}


def test_of_very_many_copies_of_one_card_the_first_is_named(find_all: FindAll) -> None:
    assert find_all(ONE_WAY | {"a.md": card(related=listing(ENTRY * 100))}) == {"b.md": [lacks()]}


def test_the_messages_name_the_other_card(lint_all: LintAll) -> None:
    (finding,) = lint_all(ONE_WAY)["b.md"]
    assert finding.message == "`a` lists this card, and is not listed here"
    assert finding.help == "add an entry for it, or delete the one there"
    (finding,) = lint_all(ONE_WAY, seen=["b.md"])["a.md"]
    assert finding.message == "`b` does not list this card in turn"
    assert finding.help == "add this card there, or delete the entry"


def test_the_messages_are_short_for_long_names(lint_all: LintAll) -> None:
    found = lint_all({f"{'n' * 200}.md": ONE_WAY["a.md"], f"{'o' * 200}.md": ONE_WAY["b.md"]})
    assert [len(findings[0].message) < 200 for findings in found.values()] == [True]


def _story_without(number: int, *, lists: bool) -> dict[str, str]:
    """Return a story of a hundred cards of which one lists no other, or (``lists``) is listed by no other."""
    entries = [f'  - {{title: "{n}", webUrl: "https://tide.example/{n}"}}\n' for n in range(100)]

    def text(own: int) -> str:
        listed = [
            entry for n, entry in enumerate(entries) if n != own and (n != number if lists else own != number)
        ]
        head = f'title: "{own}"\nwebUrl: "https://tide.example/{own}"\n'
        return f"---\n{head}related:{listing(*listed) if listed else ''}\n---\n"

    return {f"{n:03}.md": text(n) for n in range(100)}


def test_a_card_of_a_large_story_that_lists_no_other_is_one_finding(lint_all: LintAll) -> None:
    ((path, (finding,)),) = lint_all(_story_without(50, lists=False)).items()
    assert (path, len(finding.others), finding.field) == ("050.md", 99, "related")
    assert finding.message == "`000`, `001` and 97 more list this card, and are not listed here"


def test_a_card_of_a_large_story_that_no_other_lists_is_one_finding(lint_all: LintAll) -> None:
    ((path, (finding,)),) = lint_all(_story_without(50, lists=True)).items()
    assert (path, len(finding.others), finding.field) == ("050.md", 99, "related[0].webUrl")
    assert finding.message == "`000`, `001` and 97 more do not list this card in turn"
