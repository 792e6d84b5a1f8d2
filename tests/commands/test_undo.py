"""``undo``: each card of an edit gets its bytes back; what changed since is left alone."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscards.edits.journal import trailer_line
from newscards.edits.patches import sha256
from tests.conftest import MakeCorpus, Result, Run
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


def test_an_edit_that_drops_others_from_the_journal_says_which(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSCARDS_JOURNAL_MIB", "1")
    for heat in range(70, 134):  # each counts as 16 KiB
        assert run("set", "heat", str(heat), "a").err == ""
    assert run("set", "heat", "134", "a").err == (
        "note: 17 edits (numbers 1 to 17) are no longer in the journal, which reached 1 MiB, and cannot be "
        "taken back; $NEWSCARDS_JOURNAL_MIB sets how many MiB it keeps\n"
    )
    assert run("set", "heat", "135", "a").err == ""
    assert run("undo", "17").code == 2
    assert run("undo").err.startswith("note: edit 66 of ")
    monkeypatch.setenv("NEWSCARDS_JOURNAL_MIB", "0")
    assert "48 edits (numbers 18 to 65) are no longer" in run("set", "heat", "0", "b").err
    assert "note: edit 67 is no longer in the journal" in run("set", "heat", "1", "b").err
    assert run("undo", "--list").out.split("\t")[0] == "68"


@pytest.mark.parametrize("size", ["many", "-1", "1.5", "1" * 10])
def test_a_size_of_the_journal_that_is_none_is_reported(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, size: str
) -> None:
    monkeypatch.setenv("NEWSCARDS_JOURNAL_MIB", size)
    result = run("set", "heat", "99", "a")
    assert (result.code, result.err) == (
        0,
        "warning: $NEWSCARDS_JOURNAL_MIB is not a whole number of MiB: 64 is taken\n",
    )


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
        f"1\t2026-01-15T12:00:00Z\tdone\t1\tset title 'one\\ttwo {'x' * 300}' a\n"
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


def checked(header: object, lines: Sequence[object]) -> bytes:
    """Return an edit in the journal of any JSON values, with the right checksum."""
    data = b"".join(json.dumps(line).encode() + b"\n" for line in (header, *lines))
    return data + trailer_line(len(lines), hashlib.sha256(data).hexdigest())


HEADER: dict[str, Any] = {
    "version": 1,
    "command": "set heat 99 a",
    "when": "2026-01-15T12:00:00+00:00",
    "folder": "/",
}
CHANGE: dict[str, Any] = {"field": "heat", "was": 67, "now": 99}
REPORT: dict[str, Any] = {
    "path": "a.md",
    "id": "a",
    "already": "",
    "changes": [CHANGE],
    "warnings": [],
    "number": 1,
    "name": "a.md",
}
OLD_HASH, NEW_HASH = (sha256(text.encode()) for text in (CARD, CARD.replace("heat: 67", "heat: 99")))
EDITED: dict[str, Any] = {
    "path": "/a.md",
    "before": OLD_HASH,
    "after": NEW_HASH,
    "patches": [[CARD.index("67\npub"), "67", "99"]],
    "told": REPORT,
}
"""An edit of the card in ``FILES``, as ``set`` writes it, but for the card's path."""

ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(
        ["\ud800", "\0", "/", "a", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "2026"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def replaced(value: Any) -> st.SearchStrategy[Any]:
    """Return values like this one, in which one at any place is another one or is missing."""
    ways: list[st.SearchStrategy[Any]] = [ANY]
    if isinstance(value, dict):
        ways += [st.just({k: v for k, v in value.items() if k != key}) for key in value]
        ways += [
            st.builds(lambda new, key: {**value, key: new}, replaced(value[key]), st.just(key))
            for key in value
        ]
    elif isinstance(value, list):
        ways += [
            st.builds(lambda new, at: [*value[:at], new, *value[at + 1 :]], replaced(each), st.just(at))
            for at, each in enumerate(value)
        ]
    return st.one_of(ways)


def undo_commands(run: Run) -> dict[str, Result]:
    """Run what reads the journal, and return its results; nothing may be an internal error."""
    commands = (
        ["undo", "--list"],
        ["undo", "--list", "--format", "json"],
        ["undo", "--dry-run"],
        ["undo", "1"],
    )
    results = {
        " ".join(args): run(*args) for args in (*commands, ["undo"], ["set", "quality", "1", "b", "--force"])
    }
    for name, result in results.items():
        assert "newscards failed" not in result.err, f"{name}: {result.err}"
        assert "Traceback" not in result.err, name
    return results


@given(
    st.sampled_from(["done", "writing", "undoing", "undone"]),
    replaced(HEADER) | st.just(HEADER),
    st.lists(replaced(EDITED), max_size=2),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_edit_of_right_checksum_and_any_values_is_no_internal_error(
    run: Run, folder: Path, state: str, header: object, lines: list[object]
) -> None:
    shutil.rmtree(folder.parent / "state", ignore_errors=True)
    journal = folder.parent / "state" / "newscards" / "journal"
    journal.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_bytes(text.encode())
    for line in lines:
        if isinstance(line, dict) and line.get("path") == "/a.md":
            line["path"] = str(folder / "a.md")
    (journal / f"0000001.{state}").write_bytes(checked(header, lines))
    undo_commands(run)


WRONG: list[tuple[str, object, object]] = [
    ("no patches", HEADER, {**EDITED, "patches": None}),
    ("an offset that is a text", HEADER, {**EDITED, "patches": [["1", "a", "b"]]}),
    ("an offset before the beginning", HEADER, {**EDITED, "patches": [[-3, "a", "b"]]}),
    ("bytes that are a number", HEADER, {**EDITED, "patches": [[1, 2, 3]]}),
    ("a report that is a text", HEADER, {**EDITED, "told": "x"}),
    ("a report that is a list of pairs", HEADER, {**EDITED, "told": [["path", 1]]}),
    ("changes that are no list", HEADER, {**EDITED, "told": {**REPORT, "changes": {"field": 1}}}),
    ("changes that are texts", HEADER, {**EDITED, "told": {**REPORT, "changes": ["x"]}}),
    ("a change without a field", HEADER, {**EDITED, "told": {**REPORT, "changes": [{"was": 1}]}}),
    ("a number of entries that is a text", HEADER,
     {**EDITED, "told": {**REPORT, "changes": [{"field": "related", "added": "x"}]}}),
    ("a name with a NUL", HEADER, {**EDITED, "told": {**REPORT, "name": "a\0"}}),
    ("no path", HEADER, {key: value for key, value in EDITED.items() if key != "path"}),
    ("a path that is none", HEADER, {**EDITED, "path": "/a\0"}),
    ("a relative path", HEADER, {**EDITED, "path": "a.md"}),
    ("a hash that is a number", HEADER, {**EDITED, "before": 1}),
    ("a folder that is a list", {**HEADER, "folder": []}, EDITED),
    ("a folder with a NUL", {**HEADER, "folder": "/\0"}, EDITED),
    ("a command that is a number", {**HEADER, "command": 5}, EDITED),
    ("a time that is none", {**HEADER, "when": "soon"}, EDITED),
    ("a time beyond all times", {**HEADER, "when": "9999-12-31T23:59:59-23:59"}, EDITED),
    ("a header that is a list", [], EDITED),
]  # fmt: skip


@pytest.mark.parametrize(("header", "line"), [pytest.param(*each, id=name) for name, *each in WRONG])
@pytest.mark.parametrize("state", ["done", "writing"])
def test_an_edit_of_right_checksum_and_wrong_types_is_damaged_which_every_command_says(
    run: Run, folder: Path, header: object, line: object, state: str
) -> None:
    run("set", "heat", "99", "b")
    journal = folder.parent / "state" / "newscards" / "journal"
    (journal / f"0000002.{state}").write_bytes(checked(header, [line]))
    damaged = f"the journal cannot be read: {journal}/0000002.{state} is damaged\n"
    for args in (["undo"], ["undo", "2"], ["undo", "--dry-run"]):
        result = run(*args)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"error: {damaged}hint: `newscards undo --list`")
    result = run("undo", "--list")
    assert (result.code, result.out.split("\t")[0]) == (1, "1")
    assert result.err == f"warning: {damaged}"
    assert run("undo", "--list", "--format", "json").code == 1
    set_aside = run("set", "heat", "98", "c").err
    assert ("0000002.writing: set aside" in set_aside) == (state == "writing")
    assert run("undo", "1").out == "b.md: heat: 99 -> 67\n"
    assert run("undo").out == "c.md: heat: 98 -> 67\n"


def test_a_journal_in_which_nothing_can_be_read_is_no_empty_one(run: Run, folder: Path) -> None:
    journal = folder.parent / "state" / "newscards" / "journal"
    journal.mkdir(parents=True)
    for number in range(30):
        (journal / f"{number:07}.done").write_bytes(b"")
    result = run("undo", "--list", "--format", "text", "--quiet")
    assert (result.code, result.out, result.err.count("is damaged")) == (2, "", 25)
    assert result.err.endswith("error: and 5 more edits cannot be read\n")


def in_its_way(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")


def a_loop(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    ("where", "make", "reason"),
    [
        ("newscards/journal", in_its_way, "Not a directory"),
        ("newscards/journal", a_loop, "Too many levels of symbolic links"),
        ("newscards", in_its_way, "File exists|Not a directory"),
        ("newscards", a_loop, "Too many levels of symbolic links|File exists"),
        ("", in_its_way, "Not a directory"),
        ("x" * 300, lambda path: None, "File name too long"),
        ("/".join(["x" * 200] * 30), lambda path: None, "File name too long"),
    ],
)
def test_where_the_journal_cannot_be_used_undo_says_why_and_all_else_goes_on(
    run: Run,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    make: Callable[[Path], None],
    reason: str,
) -> None:
    state = folder.parent / "state"
    make(state / where)
    if where.startswith("x"):
        state /= where
    monkeypatch.setenv("XDG_STATE_HOME", str(state))
    for args in (["undo"], ["undo", "3"], ["undo", "--dry-run"], ["undo", "--list"]):
        result = run(*args)
        assert (result.code, result.out) == (2, ""), result.err
        assert re.search(rf"^error: .*: .*({reason})\n", result.err)
    result = run("set", "heat", "99", "a")
    assert (result.code, result.out) == (0, "a.md: heat: 67 -> 99\n")
    assert re.fullmatch(rf"warning: no undo.*: .*({reason})\n", result.err)
    for args in (["list"], ["show", "a"], ["stats"], ["validate"]):
        code, screen = run_in_terminal(args, cwd=folder, state=state)
        assert (code, "error:" in screen, "warning:" in screen) == (0, False, False), screen


def test_what_a_killed_plan_has_left_is_deleted(run: Run, folder: Path) -> None:
    run("set", "heat", "99", "a")
    journal = folder.parent / "state" / "newscards" / "journal"
    (journal / "0000002.draft").write_bytes(b"half a li")
    assert run("undo").out == "a.md: heat: 99 -> 67\n"
    assert os.listdir(journal) == ["0000001.undone"]


def test_the_edit_that_changed_a_card_later_is_named_and_taking_it_back_first_helps(
    run: Run, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": CARD})
    run("set", "quality", "60", "a", "b")
    run("set", "heat", "70", "a")
    run("set", "heat", "71", "a")
    stands = (
        "error: a.md: refused: edit 3 changed it later\n"
        "hint: `newscards undo 3` takes that back; then `newscards undo 1`\n"
    )
    dry = run("undo", "1", "--dry-run")
    assert stands in dry.err
    assert "1 card would be taken back, 1 refused" in dry.err
    first = run("undo", "1")
    assert (first.code, first.out) == (1, "b.md: quality: 60 -> 67\n")
    assert stands in first.err
    assert "1 card taken back, 1 refused" in first.err
    again = run("undo", "1")
    assert (again.code, again.out) == (1, "")
    assert "0 cards taken back, 1 back already, 1 refused" in again.err
    assert "\tpartly taken back\t2\t" in run("undo", "--list").out  # not done again
    assert run("undo", "3").code == 0
    assert "edit 2 changed it later" in run("undo", "1").err
    assert run("undo", "2").code == 0
    last = run("undo", "1")
    assert (last.code, last.out) == (0, "a.md: quality: 60 -> 67\n")
    assert "1 card taken back, 1 back already\n" in last.err
    assert {path.read_text() for path in folder.glob("*.md")} == {CARD}


def test_an_edit_that_is_partly_taken_back_says_how_to_go_on_and_is_not_passed_over_in_silence(
    run: Run, folder: Path
) -> None:
    run("set", "quality", "60", "c")
    run("set", "heat", "99", "a", "b")
    edited = (folder / "a.md").read_text()
    (folder / "a.md").unlink()
    first = run("undo")
    assert (first.code, first.out) == (1, "b.md: heat: 99 -> 67\n")
    assert first.err.startswith(
        "error: a.md: refused: No such file or directory\n"
        "hint: restore the file, as with `git restore`; then `newscards undo 2`\n"
    )
    assert first.err.endswith(
        "note: edit 2 is partly taken back; once the refused cards are as it left them, `newscards undo 2`"
        " takes back the rest\n"
    )
    assert "2\t2026-01-15T12:00:00Z\tpartly taken back\t2\t" in run("undo", "--list").out
    passing = run("undo", "--dry-run")
    assert passing.out == "c.md: quality: 60 -> 67 (dry run)\n"
    assert passing.err.startswith(
        "note: edit 2 is passed over: it is partly taken back, and the rest has changed since; "
        "`newscards undo 2` tries it again\n"
    )
    (folder / "a.md").write_text(edited)
    last = run("undo")
    assert (last.code, last.out) == (0, "a.md: heat: 99 -> 67\n")
    assert "\ttaken back\t2\t" in run("undo", "--list").out
    assert run("undo").out.startswith("c.md: quality: 60 -> 67")


def test_a_card_that_something_else_changed_after_a_later_edit_blames_no_edit(
    run: Run, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus({"a.md": CARD})
    run("set", "quality", "60", "a")
    run("set", "heat", "70", "a")
    (folder / "a.md").write_text(card(heat="72"))
    assert "error: a.md: refused: it has changed since\n" in run("undo", "1").err
