"""``undo``: each card of an edit gets its bytes back; what changed since is left alone."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card, matches_snapshot
from tests.support.terminal import run_in_terminal

FILES = {"a.md": CARD, "b.md": card(quality="80"), "c.md": CARD.replace("\n", "\r\n")}


@pytest.fixture
def folder(make_corpus: MakeCorpus) -> Path:
    return make_corpus(FILES)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode() for path in sorted(folder.glob("*.md"))}


def test_the_last_edit_is_taken_back_as_a_whole_then_the_one_before(run: Run, folder: Path) -> None:
    run("set", "heat", "99", "a", "b", "c")
    between = contents(folder)
    run("set-published", "false", "a", "c")
    result = run("undo")
    assert result.out == "a.md: published: false -> true\nc.md: published: false -> true\n"
    assert result.err == (
        "note: edit 2 of 2026-01-15 12:00 UTC (set-published false …): 2 cards taken back\n"
    )
    assert contents(folder) == between
    assert run("undo").err.endswith("3 cards taken back\n")
    assert contents(folder) == FILES
    result = run("undo")
    assert (result.code, result.out, result.err) == (0, "", "note: no edit to take back\n")


def test_a_card_that_changed_since_is_left_alone_and_named(run: Run, folder: Path) -> None:
    run("set", "heat", "99", "a", "b")
    (folder / "a.md").write_text("mine")
    result = run("undo")
    assert (result.code, result.out) == (1, "b.md: heat: 99 -> 67\n")
    assert "a.md: refused: it has changed since" in result.err
    assert "1 card taken back, 1 refused" in result.err
    assert contents(folder) == {**FILES, "a.md": "mine"}


def test_a_card_that_is_gone_is_named(run: Run, folder: Path) -> None:
    run("set", "heat", "99", "a", "b")
    (folder / "a.md").unlink()
    result = run("undo", "--format", "json")
    assert result.code == 1
    assert [(each["id"], each["status"]) for each in json.loads(result.out)] == [
        ("a", "refused"),
        ("b", "changed"),
    ]


def test_an_earlier_edit_is_taken_back_by_its_number(run: Run, folder: Path) -> None:
    run("set", "heat", "99", "a")
    run("set", "heat", "98", "b")
    assert run("undo", "1").out == "a.md: heat: 99 -> 67\n"
    again = run("undo", "1")
    assert (again.code, again.out) == (0, "")
    assert "0 cards taken back" in again.err
    unknown = run("undo", "7")
    assert (unknown.code, unknown.err) == (
        2,
        "error: no edit has the number 7\nhint: `newscards undo --list` shows the edits\n",
    )
    assert run("undo", "0").code == 2


def test_a_dry_run_says_what_would_be_and_makes_no_file(run: Run, folder: Path) -> None:
    assert (run("undo", "--dry-run").code, os.listdir(folder.parent)) == (0, ["corpus"])
    run("set", "heat", "99", "a", "b")
    (folder / "b.md").unlink()
    before = sorted(folder.parent.rglob("*"))
    result = run("undo", "--dry-run")
    assert (result.code, result.out) == (1, "a.md: heat: 99 -> 67 (dry run)\n")
    assert "1 card would be taken back, 1 refused" in result.err
    assert sorted(folder.parent.rglob("*")) == before


def test_from_another_folder_cards_are_named_in_full(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("set", "heat", "99", "a")
    monkeypatch.chdir(folder.parent)
    assert run("undo").out == f"{folder.resolve()}/a.md: heat: 99 -> 67\n"


def test_the_edits_are_listed_for_people(run: Run, folder: Path) -> None:
    state = folder.parent / "state"
    run("set-published", "false", "a", "b", "c")
    run("set", "title", "A title of some length, which no column has room for", "a", "b")
    run("undo")
    for columns in (80, 50):
        code, screen = run_in_terminal(["undo", "--list"], cwd=folder, columns=columns, state=state)
        matches_snapshot(f"undo-list-{columns}.txt", screen)
        assert code == 0


def test_the_edits_are_listed_for_programs(run: Run, folder: Path) -> None:
    run("set", "title", "one\ttwo " + "x" * 300, "a")
    assert run("undo", "--list").out == (
        f"1\t2026-01-15T12:00:00Z\tdone\t1\tset title 'one two {'x' * 300}' a\n"
    )
    (edit,) = json.loads(run("undo", "--list", "--format", "json").out)
    assert (edit["number"], edit["state"], edit["cards"]) == (1, "done", ["a.md"])
    assert edit["folder"] == str(folder)


def test_an_empty_journal_is_told(run: Run, folder: Path) -> None:
    assert run("undo", "--list").out == ""
    assert run("undo", "--list", "--format", "json").out == "[]\n"
    assert run("undo", "--list", "--format", "text").err == "note: the journal has no edits\n"
    assert run("undo", "--format", "json").out == "[]\n"
    assert os.listdir(folder.parent / "state" / "newscards") == ["edit.lock"]


@pytest.mark.parametrize("args", [["--list", "3"], ["--list", "--dry-run"], ["--format", "tsv"], ["x"]])
def test_what_makes_no_sense_is_wrong_usage(run: Run, folder: Path, args: list[str]) -> None:
    assert run("undo", *args).code == 2


def test_the_note_fits_the_terminal(run: Run, folder: Path) -> None:
    run("set", "title", "A title of some length, which no line has room for", "a", "b", "c")
    (note,) = re.findall(r"note: .*", run("undo").err)
    assert len(note) <= 80
    assert "(set title 'A title o…)" in note


def test_what_validate_fixed_is_taken_back(run: Run, folder: Path) -> None:
    (folder / "a.md").write_text(card(quality='"67"'))
    run("validate", "--fix")
    assert (folder / "a.md").read_text() == CARD
    result = run("undo")
    assert (result.code, result.out) == (0, "a.md: 1 finding fixed; taken back\n")
    assert (folder / "a.md").read_text() == card(quality='"67"')


def test_what_was_left_alone_can_be_taken_back_later(run: Run, folder: Path) -> None:
    run("set", "heat", "99", "a")
    mine = (folder / "a.md").read_text()
    (folder / "a.md").write_text(mine + "a body\n")
    result = run("undo")
    assert (result.code, result.out) == (1, "")
    assert "it has changed since" in result.err
    assert "`newscards undo --list`" in result.err
    assert run("undo", "--list", "--format", "tsv").out.split("\t")[2] == "done"
    (folder / "a.md").write_text(mine)
    assert run("undo").out == "a.md: heat: 99 -> 67\n"


def test_an_edit_that_was_made_elsewhere_is_taken_back_by_its_number_alone(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("set", "heat", "99", "a")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    result = run("undo")
    assert (result.code, result.out) == (2, "")
    assert "the last edit was made elsewhere" in result.err
    assert "`newscards undo 1` takes it back" in result.err
    assert run("undo", "--corpus", str(tmp_path / "elsewhere")).code == 2
    assert "heat: 99" in (folder / "a.md").read_text()
    assert run("undo", "--corpus", str(folder), "--dry-run").code == 0
    monkeypatch.chdir(tmp_path)  # the card is below
    assert run("undo", "--dry-run").code == 0
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert run("undo", "1").code == 0
    assert "heat: 67" in (folder / "a.md").read_text()
