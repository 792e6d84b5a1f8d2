"""``replace``: a text in the texts of cards, and in the copies that other cards have of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import MakeCorpus, Run
from tests.rules.cases import ENTRY, story
from tests.support import CARD, card, matches_snapshot
from tests.support.terminal import in_terminal

NAME = "2023-06-20-a-card.md"


@pytest.mark.parametrize(
    ("args", "changed"),
    [
        (["gauges", "meters"], {"title": '"Tide meters get a second life"'}),
        (["e", "3"], {"title": '"Tid3 gaug3s g3t a s3cond lif3"', "excerpt": '"Old w3lls, n3w s3nsors."'}),
        (["OLD", "New", "--ignore-case"], {"excerpt": '"New wells, new sensors."'}),
        (["e", "E", "--word"], {}),
        (["new", "NEW", "--word"], {"excerpt": '"Old wells, NEW sensors."'}),
        ([r"(\w+) wells", r"\1 \1", "--regex"], {"excerpt": '"Old Old, new sensors."'}),
        (["gauge|gauges", "x", "--regex", "--word"], {"title": '"Tide x get a second life"'}),
        (["^", "Seen: ", "--regex", "--field", "title"], {"title": '"Seen: Tide gauges get a second life"'}),
        (["Old", r'\1 "', "--field", "excerpt"], {"excerpt": r'"\\1 \" wells, new sensors."'}),
        (["Oceans", "Seas", "--field", "topics", "--force"], {"topics": "\n  - Seas\n  - Science"}),
        (["Tide", "Ebb", "--field", "provider.name,excerpt"], {}),
        (["gauges.jpg", "g.png", "--field", "images.url"], {}),
        (["https://", "http://"], {}),
    ],
)
def test_only_what_matches_in_the_named_fields_is_replaced(
    run: Run, one_card: Path, args: list[str], changed: dict[str, str]
) -> None:
    result = run("replace", *args, NAME)
    assert result.code == 0, result.err
    expected = card(**changed).replace("Science\nimages", "Science\n\nimages")
    if "provider.name,excerpt" in args:
        expected = CARD.replace("name: Tide", "name: Ebb")
    if "images.url" in args:
        expected = CARD.replace("gauges.jpg", "g.png")
    assert one_card.read_text() == expected
    if expected == CARD:
        assert result.out == f"{NAME}: has no {args[0]}\n"
    else:
        assert run("undo").code == 0
        assert one_card.read_text() == CARD


def test_without_options_the_cards_with_the_text_are_selected(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": card(title='"Harbours"'), "c.md": card(quality="80")})
    result = run("replace", "gauges", "meters", "--dry-run")
    assert result.out.splitlines() == [
        "a.md: title: Tide gauges get a second life -> Tide meters get a second life (dry run)",
        "c.md: title: Tide gauges get a second life -> Tide meters get a second life (dry run)",
    ]
    assert run("replace", "gauges", "meters", "--min-quality", "80", "--yes").out.startswith("c.md: ")
    assert (folder / "a.md").read_text() == CARD
    nothing = run("replace", "gaugs", "meters", "--yes")
    assert (nothing.code, nothing.out) == (0, "")
    assert nothing.err.endswith("note: 0 changed, 0 unchanged, 0 refused\n")


def test_the_plan_is_shown_and_confirmed_before_all_cards_are_written(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": card(title='"Harbours"', excerpt='"x"')})
    code, screen = in_terminal(
        ["replace", "wells", "springs"], cwd=folder, state=folder.parent / "state", answer=b"y\n"
    )
    assert code == 0
    matches_snapshot("replace-question.txt", screen)
    assert "Old springs" in (folder / "a.md").read_text()


def test_without_a_terminal_all_cards_are_written_only_with_yes(run: Run, one_card: Path) -> None:
    result = run("replace", "gauges", "meters")
    assert (result.code, result.out, one_card.read_text()) == (2, "", CARD)
    assert result.err == (
        "error: there is no terminal in which to ask before writing the selected cards\n"
        "hint: --dry-run shows what would change, --yes writes without asking\n"
    )


def test_a_word_in_a_title_and_in_its_copies_is_one_edit(run: Run, make_corpus: MakeCorpus) -> None:
    files = story()
    folder = make_corpus(files)
    warned = run("replace", "Gauges", "Meters", "--dry-run")
    stale = "1 copy of it, in the `related` of another card, will be out of date; --related updates it"
    assert warned.err.startswith(f"warning: north.md: {stale}\n")
    result = run("replace", "Gauges", "Meters", "--yes", "--related")
    assert (result.code, result.err) == (0, "note: 2 changed, 0 unchanged, 0 refused\n")
    assert result.out == (
        "north.md: title: Gauges of the north -> Meters of the north\n"
        "gauges.md: related[0].title: Gauges of the north -> Meters of the north\n"
    )
    assert run("validate", "--select", "NC6", "--quiet").code == 0
    assert run("undo").code == 0
    assert {each: (folder / each).read_text() for each in files} == files


def test_cards_that_list_each_other_both_change_with_their_copies(run: Run, make_corpus: MakeCorpus) -> None:
    files = story()
    folder = make_corpus(files)
    result = run("replace", "gauges", "METERS", "--ignore-case", "--related", "--yes")
    assert (result.code, result.err) == (0, "note: 2 changed, 0 unchanged, 0 refused\n")
    for name in files:
        text = (folder / name).read_text()
        assert 'title: "METERS of the north"' in text
        assert 'title: "Tide METERS get a second life"' in text


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["Tide gauges get a second life", ""], "NC404"),
        (["https", "ftp", "--field", "webUrl"], "NC4"),
        (["article", "text", "--field", "type"], "NC403"),
    ],
)
def test_what_would_be_an_error_is_refused_unless_it_is_forced(
    run: Run, one_card: Path, args: list[str], code: str
) -> None:
    result = run("replace", *args, "--yes")
    assert (result.code, result.out, one_card.read_text()) == (1, "", CARD)
    assert f"{NAME}: refused: it would be an error: {code}" in result.err
    assert run("replace", *args, "--yes", "--force").code == 0
    assert one_card.read_text() != CARD


@pytest.mark.parametrize(
    "args",
    [
        ["", "x"],
        ["(a", "x", "--regex"],
        ["a**", "x", "--regex"],
        ["a", r"\2", "--regex"],
        ["a", r"\g<x>", "--regex"],
        ["a" * 200 + "(", "x", "--regex"],
        ["(?i)a", "x", "--regex", "--word"],
        ["a", "x", "--field", "quality"],
        ["a", "x", "--field", "titel"],
        ["a", "x", "--field", "related.title"],
        ["a", "x", "--field", "images[0].titel"],
    ],
)
def test_a_wrong_argument_is_shown_with_its_place(
    run: Run, one_card: Path, args: list[str], request: pytest.FixtureRequest
) -> None:
    result = run("replace", *args, "--yes")
    assert (result.code, result.out, one_card.read_text()) == (2, "", CARD)
    number = request.node.callspec.indices["args"]
    matches_snapshot(f"replace-wrong-{number}.txt", result.err)


def test_a_pattern_that_python_warns_of_is_used(run: Run, one_card: Path) -> None:
    assert run("replace", "[[]?gauges", "x", "--regex", NAME).out.endswith("-> Tide x get a second life\n")


def test_values_that_are_no_texts_are_left_alone(run: Run, make_corpus: MakeCorpus) -> None:
    files = {"a.md": card(title="2023", excerpt="null"), "b.md": card(topics="x", images="[1, {url: 5}]")}
    make_corpus(files)
    for field in ("title", "excerpt", "images.url"):
        assert run("replace", "2", "x", "--field", field, "--yes").out == ""
    told = run("replace", "x", "y", "--field", "topics", "--dry-run", "--force").out
    assert told == 'b.md: topics: "x" -> "y" (dry run)\n'


def test_a_value_that_cannot_be_edited_is_refused_and_the_others_are_written(
    run: Run, make_corpus: MakeCorpus
) -> None:
    files = {"a.md": card(title="&t Old gauges", excerpt="*t"), "b.md": CARD}
    folder = make_corpus(files)
    result = run("replace", "gauges", "meters", "--yes")
    assert result.code == 1
    assert "a.md: refused: `title` carries an anchor" in result.err
    assert (folder / "a.md").read_text() == files["a.md"]
    assert "Tide meters" in (folder / "b.md").read_text()


def test_json_has_each_change(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(story())
    result = run("replace", "Gauges", "Meters", "--related", "--yes", "--format", "json")
    assert [(each["path"], each["status"]) for each in json.loads(result.out)] == [
        ("north.md", "changed"),
        ("gauges.md", "changed"),
    ]


def test_declared_fields_hold_texts_too(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(
        {
            "newscards.toml": '[fields.editor]\ntype = "text"\n[fields.notes]\ntype = "list"\n',
            "a.md": card(editor="Ann", notes="\n  - by Ann\n  - Ann"),
        }
    )
    result = run("replace", "Ann", "Bo", "--field", "editor,notes", "--dry-run", "a")
    assert result.out == (
        "a.md: editor: Ann -> Bo; notes[0]: by Ann -> by Bo; notes[1]: Ann -> Bo (dry run)\n"
    )


def test_a_text_that_no_card_has_is_said_and_one_of_another_case_is_counted(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": card(title="The Sea")})
    none = run("replace", "Nosuch", "X", "--dry-run")
    assert none.err.startswith("note: no selected card has Nosuch in title or excerpt\n")
    other = run("replace", "the sea", "X", "--field", "title", "--dry-run")
    assert other.err.startswith(
        "note: no selected card has the sea in title; 1 card has it in other case: add --ignore-case\n"
    )
    assert "other case" not in run("replace", "the sea", "X", "--dry-run", "--ignore-case").err


@pytest.mark.parametrize(
    ("topics", "args", "left"),
    [
        (["Oceans", "Seas"], ["Seas", "Oceans"], ["Oceans"]),
        (["Oceans", "Seas"], ["Oceans", "Seas"], ["Seas"]),
        (["Oceans", "Seas", "Lakes", "Ports"], ["Seas|Ports|Lakes", "oceans", "--regex"], ["Oceans"]),
        (["Oceans", "Seas", "Seas"], ["Oceans", "Ports"], ["Ports", "Seas", "Seas"]),
        (["Oceans", "oceans", "Seas"], ["Oceans", "OCEANS"], ["OCEANS", "Seas"]),
    ],
)
def test_a_topic_that_would_stand_twice_is_removed(
    run: Run, make_corpus: MakeCorpus, topics: list[str], args: list[str], left: list[str]
) -> None:
    def text(topics: list[str]) -> str:
        return card(topics="".join(f"\n  - {topic}" for topic in topics))

    folder = make_corpus({"a.md": text(topics)})
    result = run("replace", *args, "--field", "topics", "a", "--force")
    assert (result.code, result.err) == (0, "")
    assert (folder / "a.md").read_text() == text(left)


def test_the_plan_says_how_many_cards_change_for_their_copies(make_corpus: MakeCorpus) -> None:
    folder = make_corpus(story())
    code, screen = in_terminal(
        ["replace", "Gauges", "Meters", "--related"], cwd=folder, state=folder.parent / "state", answer=b"n\n"
    )
    assert "1 of 2 cards selected: 2 would change (1 of them for the copies that they hold), 0" in screen
    assert code == 1


def test_entries_whose_card_is_gone_are_replaced_with_the_copies(run: Run, make_corpus: MakeCorpus) -> None:
    gone = ENTRY.replace("north", "south")
    folder = make_corpus(
        {**story(ENTRY + gone), "other.md": card(title='"Harbours"', webUrl='"https://x.example"')}
    )
    replace = ["replace", "Gauges of the", "Meters of the", "--yes"]
    said = "note: 1 entry in `related` whose card is gone has the text\n"
    result = run(*replace, "--related")
    assert (result.code, result.err) == (0, f"{said}note: 2 changed, 0 unchanged, 0 refused\n")
    text = (folder / "gauges.md").read_text()
    assert 'title: "Meters of the south"' in text
    assert "Gauges of the" not in text
    assert run("undo").code == 0
    assert run(*replace).code == 0  # the card alone: its copy is out of date now, and no orphan
    result = run(*replace, "--related")
    assert (result.out, result.err.count(said)) == (
        "gauges.md: related[1].title: Gauges of the south -> Meters of the south\n",
        1,
    )
    assert 'title: "Gauges of the north"' in (folder / "gauges.md").read_text()
    assert run("undo").code == 0
    assert run(*replace, "--related", "--topic", "Nowhere").out == ""
    assert run("replace", "Gauges of the", "Meters of the", "gauges", "--related").out.startswith(
        "gauges.md: rel"
    )
