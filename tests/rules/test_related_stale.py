from __future__ import annotations

import pytest

from tests.rules.cases import BACK, ENTRY, SAME_TEXTS, Found, listing, north, story
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

PROVIDER = "\n  name: Tide & Co\n  domain: tide.example"


def stale(line: int, column: int, end_column: int, name: str, other: int, index: int = 0) -> Found:
    field = f"related[{index}].{name}"
    return Found(
        "NC606", line, column, end_column, field, "warning", others=(("north.md", other),)
    )  # fmt: skip


FAILS = [
    pytest.param({"excerpt": '"A third look."'}, stale(14, 14, 30, "excerpt", 4), id="excerpt"),
    pytest.param({"excerpt": '""'}, stale(14, 14, 30, "excerpt", 4), id="no-excerpt"),
    pytest.param({"quality": "61"}, stale(21, 14, 16, "quality", 9), id="quality"),
    pytest.param({"quality": "60.5"}, stale(21, 14, 16, "quality", 9), id="fraction"),
    pytest.param({"type": "video"}, stale(17, 11, 18, "type", 8), id="type"),
    pytest.param({"provider": PROVIDER}, stale(19, 13, 17, "provider.name", 46 - 19), id="provider"),
    pytest.param({"title": '"Gauges"'}, stale(13, 12, 33, "title", 3), id="title"),
    pytest.param(
        {"publishedDateTime": "2023-06-21T08:00:01Z"},
        stale(15, 24, 44, "publishedDateTime", 5),
        id="date",
    ),
]


@pytest.mark.parametrize(("fields", "expected"), FAILS)
def test_what_an_entry_says_otherwise_than_its_card_is_found_in_the_entry(
    fields: dict[str, str | None], expected: Found, find_all: FindAll
) -> None:
    files = story(ENTRY, **fields)
    if "provider" in fields:
        line = files["north.md"].split("\n").index("  name: Tide & Co") + 1
        expected = expected._replace(others=(("north.md", line),))
    assert find_all(files) == {"gauges.md": [expected]}


def test_all_that_differs_is_told(find_all: FindAll) -> None:
    assert find_all(story(excerpt='"x"', quality="5", type="video")) == {
        "gauges.md": [
            stale(14, 14, 30, "excerpt", 4), stale(17, 11, 18, "type", 8), stale(21, 14, 16, "quality", 9),
        ]
    }  # fmt: skip
    assert find_all(story(title='"x"', publishedDateTime="2001-01-01T00:00:00Z", quality="5")) == {
        "gauges.md": [stale(13, 12, 33, "title", 3), stale(15, 24, 44, "publishedDateTime", 5)]
    }


def test_each_card_with_the_stale_entry_is_told_at_its_place(find_all: FindAll) -> None:
    files = story(quality="61") | {"c.md": card(related=listing(BACK, ENTRY, ENTRY))}
    assert find_all(files) == {
        "gauges.md": [stale(21, 14, 16, "quality", 9)],
        "c.md": [stale(28, 14, 16, "quality", 9, index=1), stale(41, 14, 16, "quality", 9, index=2)],
    }


def test_very_many_copies_of_a_stale_entry_are_each_told(find_all: FindAll) -> None:
    files = {"a.md": card(related=listing(ENTRY * 100)), "north.md": north(quality="61")}
    assert find_all(files) == {
        "a.md": [stale(21 + 13 * index, 14, 16, "quality", 9, index) for index in range(100)]
    }


def test_a_stale_entry_is_told_only_of_cards_that_are_checked(find_all: FindAll) -> None:
    assert find_all(story(quality="61"), seen=["gauges.md"]) == {}
    assert find_all(story(quality="61"), seen=["north.md"]) == {
        "gauges.md": [stale(21, 14, 16, "quality", 9)]
    }


def test_true_copies_are_fine(find_all: FindAll) -> None:
    assert find_all(story()) == {}
    assert find_all({"a.md": CARD, "b.md": card(related="")}) == {}


@pytest.mark.parametrize(("here", "there"), SAME_TEXTS)
def test_the_same_text_written_otherwise_is_the_same(here: str, there: str, find_all: FindAll) -> None:
    for one, other in ((here, there), (there, here)):
        title = ENTRY.replace("Gauges of the north", one)
        excerpt = ENTRY.replace("A second look.", one)
        name = ENTRY.replace("name: Tide", f'name: "{one}"')
        provider = f'\n  name: "{other}"\n  domain: tide.example'
        assert find_all(story(title, title=f'"{other}"')) == {}
        assert find_all(story(excerpt, excerpt=f'"{other}"')) == {}
        assert find_all(story(name, provider=provider)) == {}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("08:00:00Z", "10:00:00+02:00"),
        ("T08:00:00Z", " 8:00:00"),
        ("quality: 60", "quality: 60.0"),
        ("quality: 60", "quality: 0x3C"),
        ("width: 600", "width: 601"),
        ("domain: tide.example", "domain: www.tide.example"),
        ('title: "Gauges', 'ampWebUrl: "https://amp.tide.example"\n    title: "Gauges'),
    ],
)
def test_what_may_differ_is_fine(old: str, new: str, find_all: FindAll) -> None:
    assert old in ENTRY
    assert find_all(story(ENTRY.replace(old, new, 1))) == {}


@pytest.mark.parametrize("name", ["excerpt", "quality", "type", "provider", "publishedDateTime"])
@pytest.mark.parametrize("value", [None, "", "[x]", "true"])
def test_a_value_that_is_missing_or_of_a_wrong_type_is_left_to_other_rules(
    name: str, value: str | None, find_all: FindAll
) -> None:
    assert find_all(story(ENTRY, **{name: value})) == {}
    provider = "    provider:\n      name: Tide\n      domain: tide.example\n"
    lines = [line for line in ENTRY.splitlines(keepends=True) if not line.startswith(f"    {name}:")]
    entry = ENTRY.replace(provider, "") if name == "provider" else "".join(lines)
    wrong = "" if value is None else f"    {name}: {value}\n"
    assert find_all(story(entry + wrong)) == {}


def test_an_entry_of_no_card_is_left_to_related_unknown(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(ENTRY)), "b.md": CARD}) == {}
    assert (
        find_all(story(ENTRY.replace('    webUrl: "https://www.tide.example/north"\n', ""), type="video"))
        == {}
    )


def test_a_card_of_another_site_is_another_one(find_all: FindAll) -> None:
    texts = story(quality="61")
    assert find_all({"a/_news/x.md": texts["gauges.md"], "b/_news/x.md": texts["north.md"]}) == {}


def test_that_a_card_differs_from_its_entry_in_itself_is_left_to_related_self(find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(BACK), quality="5")}) == {}
    assert find_all({"a.md": card(related=listing(BACK), title='"x"')}) == {}


def test_of_two_cards_with_one_url_an_entry_is_held_against_its_own(find_all: FindAll) -> None:
    twin = north(title='"A twin"', quality="5", excerpt='"x"')
    assert find_all(story() | {"twin.md": twin}) == {}
    assert find_all({"a-twin.md": twin} | story()) == {}


def test_of_two_cards_with_one_url_an_entry_is_held_against_the_nearest(find_all: FindAll) -> None:
    entry = ENTRY.replace("2023-06-21", "2023-06-23")
    twin = north(title='"A twin"')
    expected = {"gauges.md": [stale(15, 24, 44, "publishedDateTime", 5)]}
    assert find_all(story(entry) | {"twin.md": twin}) == expected
    assert find_all({"a-twin.md": twin} | story(entry)) == expected


@pytest.mark.parametrize("broken", ["", "no card", "---\n- x\n---\n", north(quality="61", title='"x')])
def test_a_card_that_cannot_be_read_says_nothing(broken: str, find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(ENTRY)), "north.md": broken}) == {}


MESSAGES = [
    ({"quality": "61"}, "`quality` is 61 in `north`, which this copies"),
    ({"title": '"Wells"'}, "`title` is “Wells” in `north`, which this copies"),
    ({"excerpt": '""'}, "`excerpt` is “” in `north`, which this copies"),
    ({"provider": PROVIDER}, "`provider.name` is “Tide & Co” in `north`, which this copies"),
    (
        {"excerpt": f'"{"well " * 20}"'},
        f"`excerpt` is “{' '.join(['well'] * 8)}…” in `north`, which this copies",
    ),
    ({"excerpt": '"a\\nb\\e[31m"'}, "`excerpt` is “a b[31m” in `north`, which this copies"),
]


@pytest.mark.parametrize(("fields", "message"), MESSAGES)
def test_the_message_says_what_the_card_says(
    fields: dict[str, str | None], message: str, lint_all: LintAll
) -> None:
    (finding,) = lint_all(story(ENTRY, **fields))["gauges.md"]
    assert finding.message == message
    assert finding.help == "copy the value from that card, or correct that card"


def test_the_message_is_short_for_long_texts_and_names(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": card(related=listing(ENTRY)), f"{'n' * 200}.md": north(type="x" * 5000)})[
        "a.md"
    ]
    assert len(finding.message) < 200
