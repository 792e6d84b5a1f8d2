"""``set``: any single value of a card, and the copies that other cards have of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscards.cards.fields import FieldType
from tests.cards.test_assignments import BAD, SCALARS
from tests.conftest import MakeCorpus, Run
from tests.rules.cases import ENTRY, listing, north, story
from tests.support import CARD, card, matches_snapshot

NAME = "2023-06-20-a-card.md"
VALUES = {
    "category": "news",
    "title": 'Tides: the #1 "story" – it\'s 🎉',
    "excerpt": " two\nlines # and no comment",
    "publishedDateTime": "2024-01-02T03:04:05Z",
    "type": "video",
    "quality": "12",
    "heat": "99",
    "removed": "false",
    "published": "false",
    "provider.name": "Ebb & Flow: daily",
    "provider.domain": "ebb.example",
    "topics[0]": "Seas",
    "secured": "BBBBBBBBBBBBBBBBBBBBBB==;BBBBBBBBBBBBBBBBBBBBBA==",
}
FIELDS = [name for name, _ in SCALARS if not name.startswith(("related", "provider.images"))]


def value_of(name: str) -> str:
    if name in VALUES:
        return VALUES[name]
    kind = dict(SCALARS)[name].kind
    if kind is FieldType.INTEGER:
        return "640"
    if kind is FieldType.BOOLEAN:
        return "false"
    return "https://www.tide.example/x" if name.casefold().endswith("url") else "some text"


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_set_alone_and_taken_back(run: Run, one_card: Path, name: str) -> None:
    before = json.loads(run("show", NAME, "--format", "json").out)[0]
    result = run("set", name, "--force", "--", value_of(name), NAME)
    assert result.code == 0
    told = run("show", NAME, "--field", name).raw.decode().removesuffix("\n")
    assert told == value_of(name)
    after = json.loads(run("show", NAME, "--format", "json").out)[0]
    top = name.partition(".")[0].partition("[")[0]
    rest = {key: value for key, value in after.items() if key != top}
    assert rest == {key: value for key, value in before.items() if key != top}
    if after != before:
        assert run("undo").code == 0
    assert one_card.read_text() == CARD


@pytest.mark.parametrize("name", [name for name, field in SCALARS if field.kind in BAD])
def test_a_value_of_another_type_is_wrong_usage(run: Run, one_card: Path, name: str) -> None:
    result = run("set", name, BAD[dict(SCALARS)[name].kind], NAME)
    assert (result.code, result.out) == (2, "")
    assert "hint: write " in result.err
    assert one_card.read_text() == CARD


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("quality", "-5", "NC402"),
        ("type", "vidio", "NC403"),
        ("title", "", "NC404"),
        ("webUrl", "tide", "NC4"),
        ("provider.domain", "https://tide.example", "NC4"),
        ("secured", "x", "NC4"),
        ("images[0].width", "0", "NC402"),
        ("removed", "true", "NC207"),
        ("topics[0]", "", "NC4"),
    ],
)
def test_what_would_be_an_error_is_refused_unless_it_is_forced(
    run: Run, one_card: Path, name: str, value: str, code: str
) -> None:
    result = run("set", name, value, NAME)
    assert (result.code, result.out) == (1, "")
    assert f"refused: it would be an error: {code}" in result.err
    assert "--force does it all the same" in result.err
    assert one_card.read_text() == CARD
    assert run("set", name, value, NAME, "--force").code == 0
    assert one_card.read_text() != CARD


def test_a_negative_number_is_a_value_and_minus_zero_an_option(run: Run, one_card: Path) -> None:
    assert run("set", "heat", "-1", NAME).out == f"{NAME}: heat: 67 -> -1\n"
    result = run("set", "heat", "67", "-0", "-", stdin=f"{NAME}\0".encode())
    assert result.out == f"{NAME}: heat: -1 -> 67\n"
    assert run("set", "quality", "70", "--min-heat", "-1", "--yes").out == f"{NAME}: quality: 67 -> 70\n"


@pytest.mark.parametrize("args", [["title", "--", "--odd", NAME], ["--", "title", "--odd", NAME]])
def test_a_value_that_begins_with_dashes_stands_behind_two(run: Run, one_card: Path, args: list[str]) -> None:
    assert run("set", *args).code == 0
    assert one_card.read_text() == card(title='"--odd"')


def test_a_missing_field_is_added_where_other_cards_have_it(run: Run, one_card: Path) -> None:
    assert run("set", "removed", "false", NAME).out == f"{NAME}: removed: false (there was none)\n"
    assert one_card.read_text() == CARD.replace("published: true", "removed: false\npublished: true")


def test_an_unknown_field_is_answered_with_the_nearest(run: Run, one_card: Path) -> None:
    result = run("set", "qualty", "5", NAME)
    assert (result.code, result.err) == (
        2,
        "error: there is no field `qualty`\nhint: did you mean `quality`?\n",
    )


def test_an_item_that_there_is_not_is_refused(run: Run, one_card: Path) -> None:
    assert "`images` has 1 item" in run("set", "images[3].width", "5", NAME).err


@pytest.mark.parametrize("args", [[], ["title"], ["title", "x"]])
def test_what_is_missing_is_wrong_usage(run: Run, one_card: Path, args: list[str]) -> None:
    assert run("set", *args).code == 2


def test_several_cards_get_one_value_and_the_bad_ones_are_named(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": card(quality="80"), "c.md": card(quality="1\nquality: 2")})
    result = run("set", "quality", "80", "a", "b", "c")
    assert (result.code, result.out) == (1, "a.md: quality: 67 -> 80\nb.md: quality: 80 already\n")
    matches_snapshot("set-several.txt", result.err)
    assert (folder / "a.md").read_text() == card(quality="80")


def test_json_tells_what_each_card_became(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": card(quality="80"), "c.md": card(quality="1\nquality: 2")})
    result = run("set", "quality", "80", "a", "b", "c", "--format", "json")
    matches_snapshot("set-several.json", result.out)
    json.loads(result.out)


def test_copies_that_go_stale_are_counted_before_anything_is_written(
    run: Run, make_corpus: MakeCorpus
) -> None:
    files = story()
    folder = make_corpus(files)
    result = run("set", "quality", "61", "north", "--force")
    stale = "1 copy of it, in the `related` of another card, will be out of date; --related updates it"
    assert result.err == f"warning: north.md: {stale}\n"
    assert (folder / "gauges.md").read_text() == files["gauges.md"]
    assert run("set", "heat", "0", "north").err == ""
    assert run("set", "quality", "62", "north", "--strict").code == 1
    assert run("set", "quality", "60", "north").err == ""  # what the copy says


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", "Another: title"),
        ("webUrl", "https://www.tide.example/elsewhere"),
        ("publishedDateTime", "2024-01-02T03:04:05Z"),
        ("quality", "61"),
        ("excerpt", ""),
        ("provider.name", "Ebb"),
    ],
)
@pytest.mark.parametrize("names", [["north"], ["north", "gauges"]])
def test_copies_follow_their_cards_and_one_undo_takes_all_back(
    run: Run, make_corpus: MakeCorpus, name: str, value: str, names: list[str]
) -> None:
    files = story()
    folder = make_corpus(files)
    assert stories(run) == set()
    result = run("set", name, value, *names, "--related")
    assert (result.code, result.err) == (0, "note: 2 changed, 0 unchanged, 0 refused\n")
    assert f"related[0].{name}: " in result.out
    assert stories(run) <= ({"related-self"} if len(names) == 2 and name == "webUrl" else set())
    assert len(json.loads(run("undo", "--list", "--format", "json").out)) == 1
    assert run("undo").code == 0
    assert {each: (folder / each).read_text() for each in files} == files


def stories(run: Run) -> set[str]:
    """Return what the rules say of the links between cards."""
    found = json.loads(run("validate", "--format", "json", "--select", "NC6").out)["findings"]
    return {each["rule"] for each in found if each["rule"].startswith("related")}


def test_the_copies_of_a_video_without_a_url_follow(run: Run, make_corpus: MakeCorpus) -> None:
    video = ENTRY.replace('    webUrl: "https://www.tide.example/north"\n', "")
    folder = make_corpus(story(video, webUrl=None, type="video", featuredContent="x"))
    assert run("set", "title", "Seen", "north", "--related").code == 0
    assert '  - title: "Seen"\n' in (folder / "gauges.md").read_text()


def test_copies_are_updated_where_the_card_is_so_already(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(story(quality="61"))
    result = run("set", "quality", "61", "north", "--related")
    assert result.out == "north.md: quality: 61 already\ngauges.md: related[0].quality: 60 -> 61\n"


def test_the_copies_of_a_card_that_is_refused_stay(run: Run, make_corpus: MakeCorpus) -> None:
    files = story(provider="{name: &n Tide, domain: tide.example}")
    folder = make_corpus(files)
    result = run("set", "provider.name", "Ebb", "north", "--related")
    assert (result.code, result.out) == (1, "")
    assert "north.md: refused" in result.err
    assert {each: (folder / each).read_text() for each in files} == files


def test_a_copy_that_cannot_be_edited_is_named_and_the_card_is_written(
    run: Run, make_corpus: MakeCorpus
) -> None:
    entry = ENTRY.replace("quality: 60", "quality: &q 60")
    make_corpus({"a.md": card(related=listing(entry)), "b.md": north()})
    result = run("set", "quality", "61", "b", "--related")
    assert (result.code, result.out) == (1, "b.md: quality: 60 -> 61\n")
    assert "a.md: refused: `related[0].quality` carries an anchor" in result.err


def test_related_is_only_for_what_copies_have(run: Run, one_card: Path) -> None:
    for name, value in (("heat", "5"), ("published", "true"), ("images[0].width", "5")):
        result = run("set", name, value, NAME, "--related")
        assert (result.code, result.out) == (2, "")
        assert "is not copied in the `related` of other cards\nhint: " in result.err


def test_set_published_true_is_judged_like_set_published(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(published="false", heat="-1"), "b.md": card(removed="true", published="false")})
    warned = run("set", "published", "true", "a", "--dry-run")
    assert warned.err == "warning: a.md: its heat is -1: another card of its story is better\n"
    assert run("set", "published", "true", "a", "--strict").code == 1
    assert "it was taken down" in run("set", "published", "true", "b").err


def test_copies_that_were_left_behind_are_known_by_their_url_and_can_still_be_updated(
    run: Run, make_corpus: MakeCorpus
) -> None:
    other = (
        'related:\n  - title: "Tide gauges get a second life"\n    publishedDateTime: 2023-06-20T15:44:00Z\n'
    )
    other += '    webUrl: "https://www.tide.example/gauges"\n    quality: 67\n'
    holder = CARD.replace('tide.example/gauges"', 'tide.example/wells"').replace(
        "secured:", other + "secured:"
    )
    folder = make_corpus({"a.md": CARD, "b.md": holder})
    assert "1 copy of it" in run("set", "title", "Another title", "a").err
    assert "1 copy of it" in run("set", "quality", "90", "a").err
    result = run("set", "title", "Another title", "a", "--related")
    assert result.code == 0
    assert "a.md: title: Another title already\n" in result.out
    assert "b.md: related[0].title: " in result.out
    assert run("set", "quality", "90", "a", "--related").code == 0
    text = (folder / "b.md").read_text()
    assert 'title: "Another title"' in text
    assert "    quality: 90\n" in text


def test_a_diff_is_no_json(run: Run, one_card: Path) -> None:
    result = run("set", "quality", "90", NAME, "--diff", "--format", "json")
    assert (result.code, result.out) == (2, "")


def test_field_and_value_in_the_wrong_places_are_answered_with_the_order(run: Run, one_card: Path) -> None:
    result = run("set", NAME, "quality", "90")
    assert result.code == 2
    assert "hint: FIELD comes first, then VALUE" in result.err


def test_strict_refuses_a_value_that_validate_would_warn_of(run: Run, one_card: Path) -> None:
    result = run("set", "title", "Tide gauges ", one_card.name, "--strict")
    assert (result.code, result.out) == (1, "")
    assert "refused: it would be a warning: NC" in result.err
    assert "leave out --strict to do it all the same" in result.err
    assert one_card.read_text() == CARD
    assert run("set", "title", "Tide gauges ", one_card.name).code == 0


def test_strict_lets_pass_a_value_that_is_fine_in_a_card_that_has_warnings(run: Run, one_card: Path) -> None:
    one_card.write_text(card(title='"Tide gauges "'))
    assert run("set", "quality", "66", one_card.name, "--strict").code == 0


def test_strict_reports_an_error_as_an_error(run: Run, one_card: Path) -> None:
    result = run("set", "quality", "-5", one_card.name, "--strict")
    assert result.code == 1
    assert "it would be an error: NC" in result.err
    assert "--force does it all the same" in result.err


def test_a_copy_that_differs_from_its_card_is_warned_of(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(story())
    result = run("set", "related[0].title", "foo", "north", "--dry-run")
    assert result.err.startswith("warning: north.md: it gets a warning: NC606: `title` is “")
    assert run("set", "related[0].title", "foo", "north", "--strict").code == 1
    assert run("set", "related[0].title", "foo", "north").code == 0
    assert run("set", "related[0].title", "foo", "gauges").err.startswith(
        "warning: gauges.md: it gets a warn"
    )
    assert run("undo").code == run("undo").code == 0
    assert run("set", "related[0].title", "foo", "north", "--force", "-q").code == 0


def test_an_entry_that_is_given_the_url_of_another_card_is_compared_with_that_card(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({**story(), "south.md": north().replace("north", "south")})
    url = "https://www.tide.example/south"
    warning = "warning: gauges.md: it gets a warning: "
    result = run("set", "related[0].webUrl", url, "gauges", "--dry-run")
    assert "NC605" not in result.err
    assert result.err.startswith(f"{warning}NC606: `title` is ")
    gone = run("set", "related[0].webUrl", f"{url}/gone", "gauges", "--dry-run")
    assert gone.err.startswith(f"{warning}NC606: `webUrl` is ")
