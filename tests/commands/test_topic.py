"""``topic add``, ``remove`` and ``rename``: the list keeps its style, its order and its first topic."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card, matches_snapshot
from tests.support.terminal import run_in_terminal

NAME = "2023-06-20-a-card.md"

CASES = [
    ("add Energy", "\n  - A\n  - B", "\n  - A\n  - B\n  - Energy"),
    ("add Energy", "\n- A\n- 'B'", "\n- A\n- 'B'\n- 'Energy'"),
    ("add Energy", "[A, B]", "[A, B, Energy]"),
    ("add Energy", '["A", "B"] # mine', '["A", "B", "Energy"] # mine'),
    ("add Energy", "[]", "[Energy]"),
    ("add Energy", "\n  - A # the site's\n\n  - B", "\n  - A # the site's\n\n  - B\n  - Energy"),
    ("add b", "\n  - A\n  - B", None),
    ("remove B", "\n  - A\n  - B\n  - C", "\n  - A\n  - C"),
    ("remove b", "\n  - A\n  - B", "\n  - A"),
    ("remove B", "\n  - A\n  - B\n  - b", "\n  - A"),
    ("remove B", "[A, B, C]", "[A, C]"),
    ("remove X", "\n  - A\n  - B", None),
    ("rename A Z", "\n  - A\n  - B", "\n  - Z\n  - B"),
    ("rename B Z", '\n  - A\n  - "B" # why', '\n  - A\n  - "Z" # why'),
    ("rename b B", "\n  - A\n  - b", "\n  - A\n  - B"),
    ("rename b B", "\n  - A\n  - B\n  - b", "\n  - A\n  - B"),
    ("rename B A", "\n  - A\n  - B\n  - C", "\n  - A\n  - C"),
    ("rename A C", "\n  - A\n  - B\n  - C", "\n  - C\n  - B"),
    ("rename X Z", "\n  - A\n  - B", None),
    ("rename B B", "\n  - A\n  - B", None),
    ("add Café", "\n  - A\n  - Cafe\u0301", None),
    ("add Cafe\u0301", "\n  - A\n  - Café", None),
    ("remove Café", "\n  - A\n  - Cafe\u0301", "\n  - A"),
    ("remove Café", "\n  - A\n  - Ca\u200bfé", "\n  - A"),
    ("rename Café Bar", "\n  - A\n  - Cafe\u0301\n  - CAFÉ", "\n  - A\n  - Bar"),
    ("rename Cafe\u0301 Café", "\n  - A\n  - Cafe\u0301", "\n  - A\n  - Café"),
]


@pytest.mark.parametrize(("command", "before", "after"), CASES)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_list_keeps_its_style(
    run: Run, one_card: Path, command: str, before: str, after: str | None, ending: str
) -> None:
    first = card(topics=before).replace("\n", ending).encode()
    one_card.write_bytes(first)
    result = run("topic", *command.split(), NAME)
    assert result.code == 0
    assert all(line.startswith("note: `") or "so far" in line for line in result.err.splitlines())
    expected = first if after is None else card(topics=after).replace("\n", ending).encode()
    assert one_card.read_bytes() == expected
    assert (after is None) == ("already" in result.out or "has no" in result.out)
    if after is not None:
        assert run("undo").code == 0
        assert one_card.read_bytes() == first


def test_a_list_that_is_empty_is_filled(run: Run, one_card: Path) -> None:
    one_card.write_text(CARD.replace("topics:\n  - Oceans\n  - Science\n", "topics:\n"))
    assert run("topic", "add", "Energy", NAME).out == f"{NAME}: topics: + Energy\n"
    assert one_card.read_text() == card(topics="\n  - Energy")


def test_a_list_that_is_missing_is_made(run: Run, one_card: Path) -> None:
    one_card.write_text(card(topics=None))
    assert run("topic", "add", "Energy", NAME).out == f"{NAME}: topics: + Energy\n"
    assert "\ntopics:\n  - Energy\n" in one_card.read_text()


@pytest.mark.parametrize(
    ("command", "topics", "error"),
    [
        ("remove A", "\n  - A", "it is the card's only topic"),
        ("remove A", "\n  - A\n  - a", "it is the card's only topic"),
        ("remove A", "\n  - A\n  - B", "it is the card's first topic, the site's own"),
        ("add B", "A", "`topics` is not a list"),
        ("remove B", "{A: 1}", "`topics` is not a list"),
        ("add B", "&t [A]", "carries an anchor"),
    ],
)
def test_what_would_lose_the_sites_topic_or_is_no_list_is_refused(
    run: Run, one_card: Path, command: str, topics: str, error: str
) -> None:
    one_card.write_text(card(topics=topics))
    result = run("topic", *command.split(), NAME)
    assert (result.code, result.out) == (1, "")
    assert error in result.err
    assert one_card.read_text() == card(topics=topics)


def test_the_first_topic_is_taken_out_by_force(run: Run, one_card: Path) -> None:
    assert run("topic", "remove", "Oceans", NAME, "--force").out == f"{NAME}: topics: - Oceans\n"
    assert one_card.read_text() == card(topics="\n  - Science")


@pytest.mark.parametrize("topic", ["", " ", " Oceans", "Oceans\n"])
def test_a_new_topic_is_no_blank_and_has_none_around_it(run: Run, one_card: Path, topic: str) -> None:
    assert run("topic", "add", topic, NAME).code == 2
    assert run("topic", "rename", "Oceans", topic, NAME).code == 2
    assert one_card.read_text() == CARD


def test_a_topic_that_has_a_stray_blank_can_be_renamed(run: Run, one_card: Path) -> None:
    one_card.write_text(card(topics='\n  - Oceans\n  - "Science "'))
    assert run("topic", "rename", "Science ", "Science", NAME).code == 0
    assert one_card.read_text() == card(topics='\n  - Oceans\n  - "Science"')


@pytest.mark.parametrize(
    "topic", ["true", "1,000", "a: b", "a #b", "- a", "[a]", "Ünïcode 🎉", "it's", '"x"', "--odd"]
)
def test_a_topic_may_be_any_text(run: Run, one_card: Path, topic: str) -> None:
    assert run("topic", "add", "--", topic, NAME).code == 0
    assert run("list", "--format", "ids", "--topic", topic).out == "2023-06-20-a-card\n"


def test_a_topic_that_the_registry_does_not_have_is_refused(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"newscards.toml": 'topics = ["Oceans", "Science", "Energy"]\n', "a.md": CARD})
    for args in (["add", "Enrgy"], ["rename", "Science", "Enrgy"]):
        result = run("topic", *args, "a")
        assert (result.code, result.out) == (1, "")
        assert "NC615" in result.err
        assert "did you mean `Energy`? --force does it all the same" in result.err
    assert (folder / "a.md").read_text() == CARD
    assert run("topic", "add", "Enrgy", "a", "--force").code == 0
    assert run("topic", "rename", "Enrgy", "Energy", "a").code == 0
    assert run("topic", "add", "Energy", "a").out == "a.md: topics: has Energy already\n"


def test_the_other_topics_may_be_unknown_to_the_registry(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"newscards.toml": 'topics = ["Energy"]\n', "a.md": CARD})
    assert run("topic", "add", "Energy", "a").code == 0


def test_a_selection_is_renamed_in_one_edit(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": CARD, "c.md": card(topics="[Energy]")})
    result = run("topic", "rename", "oceans", "Seas", "--topic", "oceans", "--yes")
    assert result.out == "a.md: topics: Oceans -> Seas\nb.md: topics: Oceans -> Seas\n"
    assert "2 cards taken back" in run("undo").err


def test_a_no_break_space_is_a_blank(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": card(topics="\n  - Oceans\n  - Sea\xa0level")})
    assert "has Sea\xa0level already" in run("topic", "add", "Sea level", "a").out
    assert run("topic", "rename", "Sea level", "Sea level", "a").code == 0
    assert (folder / "a.md").read_text() == card(topics="\n  - Oceans\n  - Sea level")


def test_a_renamed_topic_takes_its_other_cases_along(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD.replace("  - Oceans\n", "  - Oceans\n  - science\n")})
    assert run("topic", "rename", "science", "Research", "a").code == 0
    assert (folder / "a.md").read_text() == CARD.replace("Science", "Research")


@pytest.mark.parametrize(
    "key", ["topic: Science", "topic: 'SCIENCE'", "---\ntitle: A site\ntopic: science\n---"]
)
def test_the_sites_topic_is_the_one_that_its_configuration_names(
    run: Run, make_corpus: MakeCorpus, key: str
) -> None:
    folder = make_corpus({"_config.yml": f"{key}\n", "_news/a.md": CARD})
    result = run("topic", "remove", "science", "a")
    assert (result.code, result.out) == (1, "")
    assert "it is the site's own topic, by `topic` in _config.yml" in result.err
    assert (folder / "_news/a.md").read_text() == CARD
    assert run("topic", "remove", "Oceans", "a").out == "_news/a.md: topics: - Oceans\n"  # the first
    assert "it is the card's only topic" in run("topic", "remove", "Science", "a").err


@pytest.mark.parametrize(
    "config", ["title: x\n", "topic:\n", "topic: ''\n", "topic: [Science]\n", "topic: [\n"]
)
def test_where_the_configuration_names_no_topic_it_is_the_first(
    run: Run, make_corpus: MakeCorpus, config: str
) -> None:
    make_corpus({"_config.yml": config, "_news/a.md": CARD})
    assert "the card's first topic, the site's own" in run("topic", "remove", "Oceans", "a").err
    assert run("topic", "remove", "Science", "a").out == "_news/a.md: topics: - Science\n"


def test_the_sites_topic_is_taken_out_by_force(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"_config.yml": "topic: Science\n", "_news/a.md": CARD})
    assert run("topic", "remove", "Science", "a", "--force").out == "_news/a.md: topics: - Science\n"


@pytest.mark.parametrize(
    ("topic", "new", "warns"),
    [("science", "Research", True), ("Science", "SCIENCE", False), ("Oceans", "Seas", False)],
)
def test_a_new_name_for_the_sites_topic_is_warned_of(
    run: Run, make_corpus: MakeCorpus, topic: str, new: str, warns: bool
) -> None:
    make_corpus({"_config.yml": "topic: Science\n", "_news/a.md": CARD})
    result = run("topic", "rename", topic, new, "a")
    assert result.code == 0
    warning = "warning: _news/a.md: Science is the site's own topic, by `topic` in _config.yml\n"
    assert result.err == (warning if warns else "")


FILES = {"a.md": CARD, "b.md": card(topics="[OCEANS]"), "c.md": card(topics="[Energy]")}


def test_a_topic_is_renamed_in_all_cards_that_have_it(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus(FILES)
    result = run("topic", "rename", "oceans", "Seas", "--yes")
    assert (result.code, result.err) == (0, "note: 2 changed, 0 unchanged, 0 refused\n")
    assert result.out == "a.md: topics: Oceans -> Seas\nb.md: topics: OCEANS -> Seas\n"
    assert (folder / "c.md").read_text() == card(topics="[Energy]")


def test_before_a_topic_is_renamed_everywhere_the_plan_is_shown(make_corpus: MakeCorpus) -> None:
    folder = make_corpus(FILES)
    state = folder.parent / "state"
    code, screen = run_in_terminal(
        ["topic", "rename", "oceans", "Seas"], cwd=folder, state=state, answer=b"y\n"
    )
    matches_snapshot("topic-rename-question.txt", screen)
    assert code == 0
    assert "Seas" in (folder / "b.md").read_text()


def test_without_a_terminal_a_topic_is_renamed_everywhere_only_with_yes(
    run: Run, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus(FILES)
    result = run("topic", "rename", "Oceans", "Seas")
    assert (result.code, result.out) == (2, "")
    assert "no terminal in which to ask" in result.err
    assert "2 would change" in run("topic", "rename", "Oceans", "Seas", "--dry-run").err
    assert (folder / "a.md").read_text() == CARD


def test_options_narrow_the_cards_whose_topic_is_renamed(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({**FILES, "d.md": card(quality="10")})
    assert run("topic", "rename", "Oceans", "Seas", "--max-quality", "10", "-y").out == (
        "d.md: topics: Oceans -> Seas\n"
    )


def test_names_on_standard_input_are_the_cards_even_where_there_are_none(
    run: Run, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus(FILES)
    assert run("topic", "rename", "Oceans", "Seas", "-").code == 0
    assert (folder / "a.md").read_text() == CARD


def test_a_topic_to_rename_that_no_card_has_is_reported(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(FILES)
    result = run("topic", "rename", "Ocean", "Seas", "-y")
    assert (result.code, result.out) == (0, "")
    assert "note: no card has the topic `Ocean`; did you mean" in result.err


def test_a_topic_is_removed_from_all_cards_only_on_request(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(topics="[A, Sea level]"), "b.md": card(topics="[A, Sea level, C]")})
    result = run("topic", "remove", "Sea level")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "error: no cards given\nhint: name cards, or add `--topic 'Sea level'` for all cards that have it\n"
    )
    assert run("topic", "remove", "Sea level", "--topic", "Sea level", "-y").out.count("- Sea level") == 2


def test_renaming_to_a_topic_that_cards_have_says_that_both_are_merged(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": card(topics="[Ports, Ships]"), "b.md": card(topics="[Ports, Sea]")})
    merging = run("topic", "rename", "ships", "sea", "--dry-run")
    assert merging.err.startswith(
        "note: `sea` is written `Sea`, as in 1 card\n"
        "note: 1 card has Sea already: the two topics are merged, "
        "which only `newscards undo` can part again\n"
    )
    assert "merged" not in run("topic", "rename", "ships", "Ships", "--dry-run").err
    assert "merged" not in run("topic", "rename", "ships", "Boats", "--dry-run").err


NIGHT = {
    "a.md": card(topics="[Rail, signal box]"),
    "b.md": card(topics="[Rail, Night shift]"),
    "c.md": card(topics="[Rail, Night shift]"),
    "d.md": card(topics="[Rail, NIGHT SHIFT]"),
}


def test_a_topic_is_renamed_to_the_spelling_of_most_cards(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(NIGHT)
    for new in ("Night Shift", "NIGHT SHIFT", "night  shift"):
        result = run("topic", "rename", "signal box", new, "--dry-run")
        assert result.out == "a.md: topics: signal box -> Night shift (dry run)\n"
        assert result.err.startswith(
            f"note: `{new}` is written `Night shift`, as in 2 cards\nnote: 2 cards have Night shift already: "
        )
    named = run("topic", "rename", "signal box", "Night Shift", "a")
    assert named.out == "a.md: topics: signal box -> Night shift\n"
    assert named.err == "note: `Night Shift` is written `Night shift`, as in 2 cards\n"


def test_a_rename_of_the_case_alone_is_done_as_it_is_typed(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(NIGHT)
    result = run("topic", "rename", "Night shift", "Night Shift", "--yes")
    assert (result.out.count("-> Night Shift\n"), "is written" in result.err) == (3, False)


def test_a_spelling_as_common_as_the_most_common_one_stays(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({**NIGHT, "e.md": card(topics="[Rail, NIGHT SHIFT]")})
    result = run("topic", "add", "NIGHT SHIFT", "a")
    assert (result.out, result.err) == ("a.md: topics: + NIGHT SHIFT\n", "")


def test_the_spelling_of_the_registry_is_written(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({**NIGHT, "newscards.toml": 'topics = ["Rail", "signal box", "Night Shift"]\n'})
    added = run("topic", "add", "night shift", "a")
    assert added.out == "a.md: topics: + Night Shift\n"
    assert added.err == "note: `night shift` is written `Night Shift`, as in the registry\n"
    assert run("undo").code == 0
    renamed = run("topic", "rename", "signal box", "NIGHT SHIFT", "--dry-run")
    assert "topics: signal box -> Night Shift" in renamed.out
    assert "merged" not in renamed.err  # no card spells it so


def test_a_topic_is_added_in_the_spelling_of_cards(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": card(topics="[Oceans, Foghorns]")})
    result = run("topic", "add", "foghorns", "--search", "gauges", "--yes")
    assert result.out == "a.md: topics: + Foghorns\n"
    assert result.err.startswith("note: `foghorns` is written `Foghorns`, as in 1 card\n")


def test_what_has_no_width_and_odd_blanks_are_in_no_spelling(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": card(topics='[Oceans, "Sea\\u200b\\u00a0Level"]')})
    assert run("topic", "add", "sea level", "a").out == "a.md: topics: + Sea Level\n"


def test_a_topic_that_no_card_has_is_announced_before_it_is_added(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "sub/_news/b.md": card(topics="[Foghorns]")})
    near = run("topic", "add", "Foghorn", "sub/_news/b.md", "--dry-run")
    assert near.err == "note: no card has the topic `Foghorn` so far; did you mean `Foghorns`?\n"
    far = run("topic", "add", "Lamps", "--search", "gauges", "--dry-run")
    assert far.err.startswith("note: no card has the topic `Lamps` so far\n")
    slip = run("topic", "rename", "Oceans", "Sciense", "--dry-run")
    assert slip.err.startswith("note: no card has the topic `Sciense` so far; did you mean `Science`?\n")
    for new in ("Ocean", "Lamps"):
        assert "no card" not in run("topic", "rename", "Oceans", new, "--dry-run").err


def test_where_no_card_is_edited_nothing_is_said_of_the_new_topic(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(NIGHT)
    renamed = run("topic", "rename", "Signals", "night shift", "--yes")
    added = run("topic", "add", "night shift", "--topic", "Signals", "--yes")
    for result in (renamed, added):
        assert "no card has the topic `Signals`" in result.err
        assert "is written" not in result.err
        assert "merged" not in result.err


def test_an_edit_of_topics_that_creates_an_error_is_refused(run: Run, make_corpus: MakeCorpus) -> None:
    rule = """
        [rules.few]
        where = "NOT has_topic('Ports')"
        severity = "error"
    """
    text = card(topics="\n  - Oceans\n  - Ports")
    folder = make_corpus({"newscards.toml": rule, "a.md": text})
    commands = [("remove", "Ports"), ("rename", "Ports", "Harbours")]
    for command in commands:
        result = run("topic", *command, "a")
        assert (result.code, result.out) == (1, "")
        assert "a.md: refused: it would be an error: few" in result.err
        assert (folder / "a.md").read_text() == text
    result = run("topic", "remove", "Ports", "a", "--force")
    assert result.code == 0
    assert result.err.startswith("warning: a.md: it gets an error: few")
