from __future__ import annotations

import re

import pytest

from newscards.edits.operations import Reorder, SetValue
from newscards.lint.findings import MAX_LISTED
from tests.rules.cases import BACK, ENTRY, SAME_TEXTS, Found, listing, north, story
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

PROVIDER = "\n  name: Tide & Co\n  domain: tide.example"


def stale(line: int, column: int, end_column: int, name: str, *others: tuple[str, int]) -> Found:
    """Return the finding of a value of `north.md`, whose copy stands at ``others``."""
    return Found("NC606", line, column, end_column, name, "warning", others=others)


def in_entry(line: int, column: int, end_column: int, name: str, *others: tuple[str, int]) -> Found:
    return stale(line, column, end_column, f"related[0].{name}", *others)


FAILS = [
    pytest.param({"excerpt": '"A third look."'}, "excerpt", 14, id="excerpt"),
    pytest.param({"excerpt": '""'}, "excerpt", 14, id="no-excerpt"),
    pytest.param({"quality": "61"}, "quality", 21, id="quality"),
    pytest.param({"quality": "60.5"}, "quality", 21, id="fraction"),
    pytest.param({"type": "video"}, "type", 17, id="type"),
    pytest.param({"provider": PROVIDER}, "provider.name", 19, id="provider"),
    pytest.param({"title": '"Gauges"'}, "title", 13, id="title"),
    pytest.param({"publishedDateTime": "2023-06-21T08:00:01Z"}, "publishedDateTime", 15, id="date"),
    pytest.param({"webUrl": '"https://www.tide.example/n"'}, "webUrl", 16, id="url"),
]


@pytest.mark.parametrize(("fields", "name", "line"), FAILS)
def test_a_card_that_differs_from_all_its_copies_is_found_on_the_value(
    fields: dict[str, str | None], name: str, line: int, find_all: FindAll
) -> None:
    files = story(ENTRY, **fields)
    ((path, (found,)),) = find_all(files).items()
    assert (path, found.code, found.field, found.others) == (
        "north.md",
        "NC606",
        name,
        (("gauges.md", line),),
    )
    (key,) = fields
    start = "  name:" if key == "provider" else f"{key}:"
    assert files["north.md"].split("\n")[found.line - 1].startswith(start)


@pytest.mark.parametrize(("fields", "name", "line"), FAILS)
def test_a_copy_that_differs_from_its_card_and_other_copies_is_found_on_the_value(
    fields: dict[str, str | None], name: str, line: int, find_all: FindAll
) -> None:
    files = story(ENTRY, **fields)
    text = files["north.md"].split("related:")[0].removeprefix("---\n")
    own = {each: text.split(f"\n{each}: ")[1].split("\n")[0] for each in ("title", "excerpt", "webUrl")}
    entry = ENTRY.replace('"Gauges of the north"', own["title"]).replace('"A second look."', own["excerpt"])
    entry = entry.replace('"https://www.tide.example/north"', own["webUrl"])
    for key in ("quality", "type", "publishedDateTime"):
        if key in fields:
            entry = re.sub(rf"    {key}: .*", f"    {key}: {fields[key]}", entry)
    if "provider" in fields:
        entry = entry.replace("name: Tide", "name: Tide & Co")
    files |= {"c.md": card(related=listing(entry), title='"C"', webUrl='"https://c.example"')}
    ((path, (found,)),) = find_all(files).items()
    assert (path, found.code, found.line, found.field) == ("gauges.md", "NC606", line, f"related[0].{name}")
    assert [path for path, _ in found.others] == ["north.md"]


def test_each_value_that_differs_is_reported(find_all: FindAll) -> None:
    found = find_all(story(excerpt='"x"', quality="5", type="video"))["north.md"]
    assert [each.field for each in found] == ["excerpt", "type", "quality"]
    found = find_all(story(title='"x"', publishedDateTime="2001-01-01T00:00:00Z", quality="5"))["north.md"]
    assert [each.field for each in found] == ["title", "publishedDateTime", "quality"]


def test_all_copies_of_a_card_are_one_finding(lint_all: LintAll) -> None:
    files = story(quality="61") | {"c.md": card(related=listing(BACK, ENTRY, ENTRY))}
    ((path, (finding,)),) = lint_all(files).items()
    assert (path, finding.line) == ("north.md", 9)
    assert finding.others == (("c.md", 28), ("c.md", 41), ("gauges.md", 21))
    assert finding.message == "`quality` is 61 here, and 60 in all its 3 copies"
    assert finding.fix
    assert (finding.fix.change, finding.fix.safe) == (None, False)
    assert [each.path for each in finding.fix.elsewhere] == ["c.md", "c.md", "gauges.md"]


def test_the_copies_with_one_wrong_value_are_one_finding(lint_all: LintAll) -> None:
    stale_entry, other = ENTRY.replace("60", "61"), ENTRY.replace("60", "62")
    texts = {"a": stale_entry, "b": ENTRY, "c": stale_entry, "d": other, "e": stale_entry}
    files = {f"{name}.md": card(related=listing(entry)) for name, entry in texts.items()}
    found = lint_all(files | {"north.md": north()})
    assert {path: [each.others for each in findings] for path, findings in found.items()} == {
        "a.md": [(("north.md", 9), ("c.md", 21), ("e.md", 21))],
        "d.md": [(("north.md", 9),)],
    }
    (first,) = found["a.md"]
    assert first.message == "`quality` is 60 in `north`, which this copies; the same in 2 other copies"
    assert first.fix
    assert first.fix.change == SetValue(60)
    assert [each.path for each in first.fix.elsewhere] == ["c.md", "e.md"]


def test_of_very_many_copies_a_hundred_are_named(lint_all: LintAll) -> None:
    files = {"a.md": card(related=listing(ENTRY * 200)), "north.md": north(quality="61")}
    ((path, (finding,)),) = lint_all(files).items()
    assert (path, len(finding.others)) == ("north.md", MAX_LISTED)
    assert finding.message == "`quality` is 61 here, and 60 in all its 200 copies"


def test_it_is_reported_in_a_card_that_is_checked(find_all: FindAll) -> None:
    found = find_all(story(quality="61"), seen=["gauges.md"])
    assert found == {"north.md": [stale(9, 10, 12, "quality", ("gauges.md", 21))]}
    found = find_all(story(quality="61"), seen=["north.md"])
    assert found == {"gauges.md": [in_entry(21, 14, 16, "quality", ("north.md", 9))]}


def test_a_copied_quality_puts_the_entries_in_order(lint_all: LintAll) -> None:
    east = ENTRY.replace("/north", "/east").replace("of the north", "of the east").replace("60", "65")
    files = story(quality="70")
    files["gauges.md"] = card(related=listing(east, ENTRY))
    files["east.md"] = north(
        webUrl='"https://www.tide.example/east"', title='"Gauges of the east"', quality="65"
    )
    ((_, (finding,)),) = lint_all(files).items()
    assert finding.fix
    assert [(each.path, each.change) for each in finding.fix.elsewhere] == [
        ("gauges.md", SetValue(70)), ("gauges.md", Reorder((1, 0)))
    ]  # fmt: skip


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
    without_url = ENTRY.replace('    webUrl: "https://www.tide.example/north"\n', "")
    assert find_all(story(without_url.replace("Gauges", "Wells"), type="video")) == {}


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
    expected = {"north.md": [stale(5, 20, 40, "publishedDateTime", ("gauges.md", 15))]}
    assert find_all(story(entry) | {"twin.md": twin}) == expected
    assert find_all({"a-twin.md": twin} | story(entry)) == expected


@pytest.mark.parametrize("broken", ["", "no card", "---\n- x\n---\n", north(quality="61", title='"x')])
def test_a_card_that_cannot_be_read_says_nothing(broken: str, find_all: FindAll) -> None:
    assert find_all({"a.md": card(related=listing(ENTRY)), "north.md": broken}) == {}


MESSAGES = [
    ({"quality": "61"}, "`quality` is 61 here, and 60 in its copy in `gauges`"),
    ({"title": '"Wells"'}, "`title` is “Wells” here, and “Gauges of the north” in its copy in `gauges`"),
    ({"excerpt": '""'}, "`excerpt` is “” here, and “A second look.” in its copy in `gauges`"),
    ({"provider": PROVIDER}, "`provider.name` is “Tide & Co” here, and “Tide” in its copy in `gauges`"),
    (
        {"excerpt": f'"{"well " * 20}"'},
        f"`excerpt` is “{' '.join(['well'] * 8)}…” here, and “A second look.” in its copy in `gauges`",
    ),
    (
        {"excerpt": '"a\\nb\\e[31m"'},
        "`excerpt` is “a b[31m” here, and “A second look.” in its copy in `gauges`",
    ),
]


@pytest.mark.parametrize(("fields", "message"), MESSAGES)
def test_the_message_has_both_values(fields: dict[str, str | None], message: str, lint_all: LintAll) -> None:
    (finding,) = lint_all(story(ENTRY, **fields))["north.md"]
    assert finding.message == message
    assert finding.help == "copy the value of this card into its copies, or correct it here"


def test_the_message_is_short_for_long_texts_and_names(lint_all: LintAll) -> None:
    name = "n" * 200
    (finding,) = lint_all({"a.md": card(related=listing(ENTRY)), f"{name}.md": north(type="x" * 5000)})[
        f"{name}.md"
    ]
    assert len(finding.message) < 200


@pytest.mark.parametrize(
    ("name", "fields", "witness"),
    [
        ("north.md", {"webUrl": '"https://www.tide.example/other"'}, "`originalUrl`"),
        ("2023-06-21-gauges-of-the-north.md", {"title": '"Another title"'}, "the file's name"),
        ("2023-06-21-north.md", {"publishedDateTime": "2023-06-25T08:00:00Z"}, "the file's name"),
    ],
)
def test_a_value_that_the_card_itself_contradicts_is_not_copied(
    name: str, fields: dict[str, str | None], witness: str, lint_all: LintAll
) -> None:
    third = card(title='"Wells"', webUrl='"https://www.tide.example/wells"', related=listing(ENTRY))
    files = {"gauges.md": card(related=listing(ENTRY)), "wells.md": third, name: north(**fields)}
    (finding,) = [each for each in lint_all(files)[name] if each.rule.code == "NC606"]
    assert finding.help == f"correct it here: {witness} says what the copies say"
    assert finding.fix is None
