"""Which cards an edit is about, and the question before those that options choose are written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from newscards.edits import transaction
from newscards.edits.atomic import replace_file
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card, matches_snapshot
from tests.support.faults import memory_folder
from tests.support.terminal import run_in_terminal
from tests.support.users import UNKNOWN, run_as

FILES = {f"2023-06-2{day}-tide.md": card(quality=str(40 + day), heat="90") for day in range(8)}
HIDE = ("set-published", "false")


def hidden(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("[!.]*") if b"published: false" in path.read_bytes())


@pytest.fixture
def folder(make_corpus: MakeCorpus) -> Path:
    return make_corpus({**FILES, "other.md": card(topics="\n  - Energy", published="false", quality="10")})


def answered(folder: Path, answer: bytes, *args: str, **how: object) -> tuple[int, str]:
    state = folder.parent / "state"
    return run_in_terminal([*HIDE, *args], cwd=folder, state=state, answer=answer, **how)  # type: ignore[arg-type]


def test_the_plan_is_shown_and_a_yes_writes_it(folder: Path) -> None:
    code, screen = answered(folder, b"y\n", "--topic", "Oceans")
    matches_snapshot("edit-question.txt", screen)
    assert (code, len(hidden(folder))) == (0, 9)


def test_the_plan_shows_all_diffs_once(folder: Path) -> None:
    code, screen = answered(folder, b"y\n", "--min-quality", "46", "--diff")
    matches_snapshot("edit-question-diff.txt", screen)
    assert (code, screen.count("+published: false")) == (0, 2)


@pytest.mark.parametrize("answer", [b"n\n", b"\n"])
def test_a_no_writes_nothing(folder: Path, answer: bytes) -> None:
    code, screen = answered(folder, answer, "--topic", "Oceans")
    assert (code, hidden(folder)) == (1, ["other.md"])
    assert screen.endswith("note: nothing was written\n")
    assert not (folder.parent / "state" / "newscards").exists()


@pytest.mark.parametrize("answer", [b"\x03", b"\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_an_interrupted_question_writes_nothing(folder: Path, answer: bytes) -> None:
    code, screen = answered(folder, answer, "--topic", "Oceans")
    assert (code, hidden(folder)) == (130, ["other.md"])
    assert screen.endswith("\nnote: nothing was written\n")


def test_a_card_that_is_changed_during_the_question_is_refused(folder: Path) -> None:
    path = folder / "2023-06-27-tide.md"

    def change() -> None:
        path.write_text(path.read_text() + "A body.\n")

    code, screen = answered(folder, b"y\n", "--min-quality", "46", before=change)
    assert (code, hidden(folder)) == (1, ["2023-06-26-tide.md", "other.md"])
    assert "2023-06-27-tide.md: refused: it was changed since it was shown" in screen
    assert path.read_text().endswith("A body.\n")


def test_json_is_one_array_after_the_question(folder: Path) -> None:
    (folder / "two.md").write_text(card(quality="46", published="true\npublished: true"))
    code, screen = answered(folder, b"y\n", "--min-quality", "46", "--format", "json")
    array = screen[screen.index("\n[\n") : screen.index("\n]\n") + 3]
    assert [each["status"] for each in json.loads(array)] == ["changed", "changed", "refused"]
    assert (code, screen.count("stands 2 times; ")) == (1, 0)


def test_nothing_is_asked_where_nothing_would_change(folder: Path) -> None:
    code, screen = answered(folder, b"", "--topic", "Energy")
    counts = "0 would change, 1 unchanged, 0 refused\nnote: 0 changed, 1 unchanged, 0 refused\n"
    assert (code, screen) == (0, f"1 of 9 cards selected: {counts}")


def test_without_a_terminal_a_selection_is_refused(run: Run, folder: Path) -> None:
    result = run(*HIDE, "--topic", "Oceans")
    assert (result.code, result.out, hidden(folder)) == (2, "", ["other.md"])
    assert result.err == (
        "error: there is no terminal in which to ask before writing the selected cards\n"
        "hint: --dry-run shows what would change, --yes writes without asking\n"
    )


def test_yes_writes_without_asking(run: Run, folder: Path) -> None:
    result = run(*HIDE, "--topic", "oceans", "--max-quality", "41", "--yes")
    assert (result.code, result.err) == (0, "note: 2 changed, 0 unchanged, 0 refused\n")
    assert hidden(folder) == ["2023-06-20-tide.md", "2023-06-21-tide.md", "other.md"]


def test_quiet_leaves_the_counts_out(run: Run, folder: Path) -> None:
    assert run(*HIDE, "--topic", "oceans", "--yes", "-q").err == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_dry_run_makes_nothing_not_even_a_state_folder(run: Run, folder: Path, form: str) -> None:
    result = run(*HIDE, "--topic", "Oceans", "--dry-run", "--format", form)
    assert (result.code, hidden(folder)) == (0, ["other.md"])
    assert "8 would change" in result.err
    assert sorted(os.listdir(folder.parent)) == ["corpus"]


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ([], "no cards given"),
        (["--topic", "Oceans", "other"], "cards are both named and selected by options"),
        (["--unpublished", "-"], "cards are both named and selected by options"),
        (["--min-quality", "0", "other"], "cards are both named and selected by options"),
        (["--all-topics", "--yes"], "--all-topics needs --topic"),
        (["--since", "soon", "--yes"], "--since: "),
    ],
)
def test_it_must_be_clear_which_cards_are_meant(run: Run, folder: Path, args: list[str], error: str) -> None:
    result = run(*HIDE, *args)
    assert (result.code, result.out, hidden(folder)) == (2, "", ["other.md"])
    assert result.err.startswith(f"error: {error}")


def test_zero_and_unpublished_choose_cards(run: Run, folder: Path) -> None:
    assert "9 unchanged" in run("restore", "--min-quality", "0", "--dry-run").err
    assert "1 unchanged" in run("restore", "--unpublished", "--dry-run").err


def test_a_selection_that_finds_nothing_is_fine(run: Run, folder: Path) -> None:
    result = run(*HIDE, "--topic", "Ocans", "--yes", "--format", "json")
    assert (result.code, json.loads(result.out)) == (0, [])
    assert result.err.startswith("note: no card has the topic `Ocans`; did you mean `Oceans`?\n")


def test_unreadable_cards_of_a_selection_are_named(run: Run, folder: Path) -> None:
    (folder / "bad.md").write_text("---\ntitle: 'x\n---\n")
    result = run(*HIDE, "--min-quality", "47", "--yes")
    assert (result.code, hidden(folder)) == (1, ["2023-06-27-tide.md", "other.md"])
    assert result.err == (
        "warning: bad.md:2:8: cannot be read: a quote is opened and never closed\n"
        "note: 1 changed, 0 unchanged, 0 refused\n"
    )


def test_many_unreadable_cards_are_counted(run: Run, folder: Path) -> None:
    for number in range(12):
        (folder / f"bad{number}.md").write_text("---\ntitle: 'x\n---\n")
    result = run(*HIDE, "--min-quality", "47", "--dry-run")
    assert result.err.count("cannot be read") == 11
    assert "warning: and 2 more cards cannot be read; see `newscards validate`\n" in result.err


def test_names_are_read_before_anybody_else_is_kept_waiting(folder: Path) -> None:
    """The first of two newscards in a pipe edits, too: the second must not hold the lock meanwhile."""
    newscards = f"{sys.executable} -m newscards"
    pipe = (
        f"({newscards} list --topic Oceans --format ids; sleep 0.5; {newscards} set heat 99 other >&2)"
        f" | {newscards} set-published false -"
    )
    done = subprocess.run(
        ["sh", "-c", pipe],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        timeout=60,
        text=True,
        check=True,
    )
    assert "waiting" not in done.stderr
    assert done.stdout.count("true -> false") == 8


def test_a_name_that_is_not_utf_8_is_told_and_its_card_edited(run: Run, make_corpus: MakeCorpus) -> None:
    name = os.fsdecode(b"caf\xe9.md")
    folder = make_corpus({name: CARD})
    result = run(*HIDE, "-", "--format", "json", stdin=b"caf\xe9.md\n")
    assert [each["path"] for each in json.loads(result.out)] == ["caf\ufffd.md"]
    assert hidden(folder) == [name]
    assert run("undo").code == 0
    assert (folder / name).read_text() == CARD


def test_two_corpora_are_one(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a/x.md": CARD, "b/y.md": CARD, "c/z.md": CARD})
    result = run(*HIDE, "--corpus", "a", "--corpus", "b", "--topic", "Oceans", "--yes")
    assert result.out == "a/x.md: published: true -> false\nb/y.md: published: true -> false\n"


def test_a_card_with_two_names_is_edited_once_and_its_link_stays(run: Run, one_card: Path) -> None:
    link = one_card.with_name("z-link.md")
    link.symlink_to(one_card.name)
    for args in (("--topic", "Oceans", "--yes"), ("z-link", one_card.name)):
        result = run(*HIDE, *args)
        assert (result.code, result.out.count("\n")) == (0, 1)
        assert link.is_symlink()
        assert one_card.read_text() == card(published="false")
        assert run("undo").code == 0
        assert one_card.read_text() == CARD


def test_the_order_is_that_of_the_names(run: Run, folder: Path) -> None:
    (folder / "two.md").write_text(card(published="true\npublished: true"))
    result = run(*HIDE, "other", "two", "2023-06-21", "--format", "json")
    told = [(each["id"], each["status"], each["reason"]) for each in json.loads(result.out)]
    assert told == [
        ("other", "unchanged", None),
        ("two", "refused", "`published` stands 2 times"),
        ("2023-06-21-tide", "changed", None),
    ]
    assert (result.code, result.err) == (1, "note: 1 changed, 1 unchanged, 1 refused\n")


def test_no_names_give_an_empty_array(run: Run, folder: Path) -> None:
    result = run(*HIDE, "-", "--format", "json")
    assert (result.code, result.out, result.err) == (0, "[]\n", "note: no names on standard input\n")


def test_all_is_written_where_nobody_reads_what_became_of_it(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-u", "-m", "newscards", *HIDE, "--topic", "Oceans", "--yes"],
        cwd=folder, stdout=writing, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    os.close(writing)
    assert (done.returncode, len(hidden(folder))) == (141, 9)


def test_a_command_line_of_any_length_can_be_taken_back(run: Run, folder: Path) -> None:
    names = [os.path.join("." + "/." * 50, name) for name in FILES] * 100
    assert run(*HIDE, *names).code == 0
    assert run("undo").code == 0
    assert hidden(folder) == ["other.md"]


def test_a_journal_that_cannot_be_written_keeps_the_cards_as_they_are(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from newscards.edits import journal

    def full(descriptor: int, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(journal, "write_all", full)
    result = run(*HIDE, "2023-06-21", "other", "--format", "json")
    assert result.code == 1
    refused, same = json.loads(result.out)
    assert (refused["status"], same["status"]) == ("refused", "unchanged")
    assert refused["reason"].endswith("No space left on device")
    assert hidden(folder) == ["other.md"]
    told = run(*HIDE, "2023-06-21", "2023-06-22").err
    assert told.startswith("error: 2 cards refused: the journal cannot be written")
    assert "\n  2023-06-21-tide.md\n  2023-06-22-tide.md\n" in told


@pytest.mark.parametrize(
    "command",
    [
        "set-published",
        "set",
        "topic",
        "topic add",
        "topic remove",
        "topic rename",
        "remove",
        "restore",
        "undo",
    ],
)
def test_the_help_of_a_command_that_edits(run: Run, command: str) -> None:
    matches_snapshot(f"help-{command.replace(' ', '-')}.txt", run(*command.split(), "--help").out)


EDITS_IN_PLACE: list[list[str]] = [
    ["set", "heat", "33", "a"],
    ["set-published", "false", "a"],
    ["topic", "add", "Ports", "a"],
    ["topic", "remove", "Science", "a"],
    ["topic", "rename", "Science", "Ports", "a"],
    ["remove", "a"],
    ["restore", "c"],
    ["validate", "--fix", "a.md"],
    ["validate", "--unsafe-fixes", "a.md"],
]


@pytest.mark.parametrize("args", EDITS_IN_PLACE, ids=" ".join)
def test_a_card_that_cannot_be_replaced_is_refused_with_the_way_and_written_in_place(
    run: Run, make_corpus: MakeCorpus, args: list[str]
) -> None:
    text = card(quality='"67"')
    folder = make_corpus({"a.md": text, "c.md": card(removed="true")})
    for name in ("a.md", "c.md"):
        os.link(folder / name, folder / f"{name}.link")
    old = {name: (folder / name).read_bytes() for name in ("a.md", "c.md")}
    inodes = {name: (folder / name).stat().st_ino for name in old}
    result = run(*args)
    assert result.code == 1
    assert "2 hard links, which replacing it would part" in result.err
    assert "hint: --in-place writes into the file itself" in result.err
    assert {name: (folder / name).read_bytes() for name in old} == old
    result = run(*args, "--in-place")
    assert "hard links" not in result.err
    now = {name: (folder / f"{name}.link").read_bytes() for name in old}
    assert now != old
    assert now == {name: (folder / name).read_bytes() for name in old}
    assert inodes == {name: (folder / name).stat().st_ino for name in old}
    assert run("undo").code == 0  # in place, as the edit was
    assert {name: (folder / f"{name}.link").read_bytes() for name in old} == old
    assert sorted(os.listdir(folder)) == ["a.md", "a.md.link", "c.md", "c.md.link"]


def test_an_edit_is_taken_back_in_place(run: Run, folder: Path) -> None:
    run(*HIDE, "other", "2023-06-20")
    os.link(folder / "2023-06-20-tide.md", folder / "link")
    result = run("undo")
    assert (result.code, hidden(folder)) == (1, ["2023-06-20-tide.md", "link", "other.md"])
    assert "hint: --in-place writes into the file itself" in result.err
    assert run("undo", "--in-place").code == 0
    assert hidden(folder) == ["other.md"]


@pytest.mark.parametrize(
    "args",
    [["validate", "--in-place"], ["validate", "--in-place", "--diff"], ["undo", "--list", "--in-place"]],
)
def test_what_writes_nothing_does_not_write_it_in_place(run: Run, folder: Path, args: list[str]) -> None:
    assert run(*args).code == 2


def test_where_the_owner_cannot_be_kept_the_way_is_in_place(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD})
    edit = ["set", "heat", "99", "a"]
    assert [run(*edit, "--in-place").code, run("undo").code] == [0, 0]
    with memory_folder() as folder:
        cards, state = folder / "cards", folder / "state"
        path = cards / "a.md"
        for each in (cards, state):
            each.mkdir()
        path.write_text(CARD)
        for each in (cards, path):
            os.chown(each, 1000, 2000)
        for each, mode in ((folder, 0o755), (cards, 0o2775), (state, 0o777), (path, 0o664)):
            each.chmod(mode)

        def as_member(*args: str) -> tuple[int, str, str]:
            env = {"XDG_STATE_HOME": str(state), "NEWSCARDS_CACHE_DIR": str(state)}
            return run_as(UNKNOWN, args, cwd=cards, groups=[2000], env=env)

        code, out, err = as_member(*edit)
        assert (code, out, path.read_text()) == (1, "", CARD)
        assert err == (
            "error: a.md: refused: its owner and group cannot be kept: Operation not permitted\n"
            "hint: --in-place writes into the file itself\n"
        )
        assert as_member(*edit, "--in-place") == (0, "a.md: heat: 67 -> 99\n", "")
        status = path.stat()
        assert (status.st_uid, status.st_gid, status.st_mode & 0o7777) == (1000, 2000, 0o664)
        assert as_member("undo")[:2] == (0, "a.md: heat: 99 -> 67\n")
        assert (path.read_text(), os.listdir(cards)) == (CARD, ["a.md"])


@pytest.mark.parametrize("mode", [0o600, 0o700])
def test_what_root_has_edited_stops_no_command_of_the_user(
    run: Run, make_corpus: MakeCorpus, mode: int
) -> None:
    make_corpus({"a.md": CARD, "b.md": CARD})
    for args in (["list"], ["set", "heat", "1", "a"], ["undo"], ["undo", "--list"]):
        assert run(*args).code == 0
    with memory_folder() as folder:
        cards = folder / "cards"
        cards.mkdir()
        (cards / "a.md").write_text(CARD)
        journal = folder / "state" / "newscards" / "journal"
        journal.mkdir(parents=True)
        (journal / "0000001.writing").write_text("root's")
        for each in (folder, cards, cards / "a.md", folder / "state", folder / "state/newscards"):
            os.chown(each, UNKNOWN, UNKNOWN)
        journal.chmod(mode)

        def as_user(*args: str) -> tuple[int, str, str]:
            return run_as(UNKNOWN, args, cwd=cards, env={"XDG_STATE_HOME": str(folder / "state")})

        assert as_user("list", "--count") == (0, "1\n", "")
        reason = f"{journal}: Permission denied\n"
        changed = as_user("set", "heat", "99", "a")
        assert changed == (0, "a.md: heat: 67 -> 99\n", f"warning: no undo: {reason}")
        for args in (["undo"], ["undo", "--list"], ["undo", "--dry-run"]):
            assert as_user(*args) == (2, "", f"error: the journal cannot be read: {reason}")


def test_a_state_folder_that_is_lost_in_mid_edit_is_an_error(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def losing(target: str, new: bytes, *, old: bytes) -> None:
        shutil.rmtree(folder.parent / "state", ignore_errors=True)
        replace_file(target, new, old=old)

    monkeypatch.setattr(transaction, "replace_file", losing)
    journal = folder.parent / "state" / "newscards" / "journal"
    reason = f"{journal} was deleted, moved or replaced meanwhile"
    said = f"error: no undo: the edit is no longer in the journal: {reason}\n"
    result = run(*HIDE, "--topic", "Oceans", "--yes")
    assert (result.code, result.out.count("true -> false")) == (1, 8)
    assert result.err == f"{said}note: 8 changed, 0 unchanged, 0 refused\n"
    (folder / "2023-06-20-tide.md").write_text(card(published="yes"))
    result = run("validate", "--fix", "2023-06-20-tide.md")
    assert (result.code, said in result.err) == (1, True)
    assert "`newscards undo` takes it back" not in result.err


def test_an_edit_without_a_journal_is_not_said_to_be_undoable(folder: Path) -> None:
    (folder.parent / "state").write_text("in its way")
    code, screen = answered(folder, b"y\n", "--topic", "Oceans")
    assert (code, len(hidden(folder))) == (0, 9)
    assert screen.endswith("8 changed, 0 unchanged, 0 refused\n")
    (folder / "other.md").write_text(card(published="yes"))
    _, screen = run_in_terminal(["validate", "--fix", "other.md"], cwd=folder, state=folder.parent / "state")
    assert "fixed 1 finding in 1 card\n" in screen


@pytest.mark.parametrize("options", [[], ["--format", "json"]])
def test_ctrl_c_in_an_undo_takes_nothing_back_and_says_so(folder: Path, options: list[str]) -> None:
    for number in range(100):
        (folder / f"{number}.md").write_text(CARD)
    state = folder.parent / "state"
    command = [sys.executable, "-m", "newscards"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([*command, *HIDE, "--topic", "Oceans", "--yes"], env=env, check=True, capture_output=True)
    before = hidden(folder)
    undo = [sys.executable, "-c", SLOW, "undo", *options]
    with subprocess.Popen(
        undo, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while not list(state.glob("newscards/journal/*.undoing")) or len(hidden(folder)) == len(before):
            time.sleep(0.005)
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 130
    assert err.strip() == "note: interrupted: what was taken back is written again; the edit stays done"
    assert hidden(folder) == before
    assert "[" not in out
    done = subprocess.run(
        [*command, "set", "heat", "99", "other"], env=env, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("other.md: heat: 67 -> 99\n", "")


SLOW = """
import os, time
from newscards.cli import entry_point
replace = os.replace
def slowly(source, target):
    time.sleep(0.02)
    replace(source, target)
os.replace = slowly
entry_point()
"""


REGISTRY = {**FILES, "newscards.toml": 'topics = ["Oceans", "Science"]\n'}
UNKNOWN_TOPIC = "it would be an error: NC615: the topic `Enrgy` is not in the registry"


def test_one_cause_of_refusal_is_reported_once(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(REGISTRY)
    result = run("topic", "add", "Enrgy", "--min-quality", "0", "--yes")
    assert (result.code, result.out) == (1, "")
    assert result.err == (
        f"error: 8 cards refused: {UNKNOWN_TOPIC}\n"
        "  2023-06-20-tide.md\n  2023-06-21-tide.md\n  2023-06-22-tide.md\n"
        "  and 5 more; --dry-run --format json shows them all\n"
        "hint: correct it, or add it to the registry; --force does it all the same\n"
        "note: 0 changed, 0 unchanged, 8 refused\n"
    )


def test_json_has_the_refusal_of_each_card(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(REGISTRY)
    result = run("topic", "add", "Enrgy", "--min-quality", "0", "--dry-run", "--format", "json")
    assert [each["reason"] for each in json.loads(result.out)] == [UNKNOWN_TOPIC] * 8


def test_one_cause_of_a_warning_is_reported_once_though_it_names_another_card_each_time(
    run: Run, make_corpus: MakeCorpus
) -> None:
    wrong = card(published="false", quality="-5", heat="x")
    make_corpus({"a.md": wrong, "b.md": wrong.replace("type: article", "type: y"), "c.md": CARD})
    result = run("set-published", "true", "a", "b", "c")
    assert result.err == (
        "warning: 2 cards: it has errors; see `newscards validate`\n"
        "  a.md: 2 errors: NC402 on line 9, NC302 on line 10\n"
        "  b.md: 3 errors: NC403 on line 8, NC402 on line 9 and 1 more\n"
        "note: 2 changed, 1 unchanged, 0 refused\n"
    )


def test_cards_that_cannot_be_read_for_one_reason_are_one_message_with_their_lines(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": card(title='"never closed'), "b.md": card(excerpt='"never closed')})
    assert run("set-published", "false", "a", "b").err == (
        "error: 2 cards refused: cannot be read: a quote is opened and never closed\n"
        "  a.md: cannot be read: a quote is opened and never closed (line 3, column 8)\n"
        "  b.md: cannot be read: a quote is opened and never closed (line 4, column 10)\n"
        "note: 0 changed, 0 unchanged, 2 refused\n"
    )


def test_a_question_and_the_writing_after_it_report_a_cause_once(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({**FILES, "a.md": card(published="true\npublished: true"), "b.md": card(heat="-1")})
    (folder / "c.md").write_text(card(published="true\npublished: true"))
    code, screen = answered(folder, b"y\n", "--topic", "Oceans")
    assert code == 1
    assert screen.count("refused: `published` stands 2 times") == 1
    assert "2 cards refused: `published` stands 2 times" in screen
