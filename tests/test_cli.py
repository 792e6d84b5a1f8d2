"""The door: versions, help, errors, streams, signals."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO

import pytest

from newscards import __version__, cli
from newscards.cli import COMMANDS
from newscards.commands.shared.manual import OTHER_NAMES
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card
from tests.support.terminal import run_in_terminal


def test_version_says_what_reads_yaml(run: Run) -> None:
    assert run("--version").out == f"newscards {__version__} (YAML read by libyaml)\n"


def test_version_says_so_where_libyaml_is_missing(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib.machinery import PathFinder

    monkeypatch.setattr(PathFinder, "find_spec", lambda *args: None)
    assert "libyaml is missing" in run("--version").out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.code == 0
    assert f"newscards {command}" in result.out.partition("Examples:")[2]


def test_the_help_names_the_manual_at_its_end(run: Run) -> None:
    assert "`newscards help`" in run("--help").out.rpartition("\n\n")[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_summary_in_the_groups_help_is_there_without_importing_the_command(run: Run, command: str) -> None:
    assert COMMANDS[command][1] in run("--help").out


def test_no_command_shows_the_help_and_is_wrong_usage(run: Run) -> None:
    result = run()
    assert result.code == 2
    assert "Look:" in result.err


def test_an_unknown_command_is_answered_with_the_nearest(run: Run) -> None:
    result = run("vaildate")
    assert (result.code, result.out) == (2, "")
    assert "did you mean `validate`?" in result.err


def test_an_unknown_option_is_wrong_usage(run: Run) -> None:
    result = run("list", "--topc", "AI")
    assert result.code == 2
    assert "--topic" in result.err
    assert "newscards list --help" in result.err


def test_a_fault_of_newscards_is_a_message_without_a_traceback(
    run: Run, one_card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: str, source: bytes, limits: object) -> None:
        raise RuntimeError("the well is dry")

    monkeypatch.setattr("newscards.cards.reader.parse", fail)
    result = run("list")
    assert result.code == 2
    assert result.err == (
        "error: newscards failed: RuntimeError: the well is dry\nhint: --debug shows where\n"
    )
    with pytest.raises(RuntimeError):
        run("--debug", "list")


def test_common_options_stand_before_and_after_the_command(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a/x.md": CARD, "b/y.md": CARD})
    assert run("--corpus", "a", "list", "--corpus", "b", "--format", "ids").out == "x\ny\n"
    assert run("-q", "list", "a", "--topic", "none").err == ""
    assert run("list", "a", "--topic", "none", "-q").err == ""
    assert "\x1b[" in run("--color", "always", "validate", "a").out
    assert "\x1b[" in run("validate", "a", "--color=always").out


def test_no_color_and_force_color_do_what_they_do_elsewhere(
    run: Run, one_card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "\x1b[" not in run("validate").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("validate").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("validate").out
    assert "\x1b[" in run("validate", "--color", "always").out


def test_a_dumb_terminal_gets_no_escapes(make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_corpus({"x.md": card(quality="-5")})
    _, screen = run_in_terminal(["validate"], cwd=folder, color=True)
    assert "\x1b[" in screen
    _, screen = run_in_terminal(["validate", "--color", "never"], cwd=folder, color=True)
    assert "\x1b[" not in screen


def run_process(
    *args: str, folder: Path, stdout: int | IO[bytes], stdin: int | None = None
) -> subprocess.Popen[bytes]:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "newscards", *args]
    return subprocess.Popen(
        command, cwd=folder, env=environment, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE
    )


def test_a_closed_pipe_ends_it_silently(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({f"{number:04}.md": CARD for number in range(2000)})
    process = run_process("list", "--format", "json", folder=folder, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    _, err = process.communicate()
    assert (process.returncode, err) == (141, b"")


def test_a_closed_pipe_does_not_leave_a_bulk_edit_half_done(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({f"{number:03}.md": CARD for number in range(300)})
    reader, writer = os.pipe()
    os.close(reader)
    process = run_process("set-published", "false", *os.listdir(folder), folder=folder, stdout=writer)
    os.close(writer)
    _, err = process.communicate()
    assert process.returncode == 141
    assert err == b"note: 300 changed, 0 unchanged, 0 refused\n"
    assert all("published: false" in path.read_text() for path in folder.iterdir())


def test_help_into_a_closed_pipe_is_silent_too(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = run_process("--help", folder=tmp_path, stdout=writer)
    os.close(writer)
    _, err = process.communicate()
    assert (process.returncode, err) == (141, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_output_that_cannot_be_written_is_told(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    with open("/dev/full", "wb") as full:
        process = run_process("list", folder=folder, stdout=full)
        _, err = process.communicate()
    assert process.returncode == 2
    assert err.startswith(b"error: the output could not be written")
    assert b"Traceback" not in err


def test_ctrl_c_ends_it_with_130_and_no_traceback(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    # Standard input stays open: newscards waits for names when the signal comes.
    process = run_process("list", "-", folder=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for _ in range(100):  # until Python's own handler is in place and the read has begun
        time.sleep(0.02)
        status = Path(f"/proc/{process.pid}/syscall")
        if not status.exists() or status.read_text().startswith("0 0x0 "):
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert b"Traceback" not in err


def test_ctrl_c_that_python_wraps_is_no_fault(
    run: Run, one_card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(path: str, source: bytes, limits: object) -> None:
        raise RuntimeError("Error calling __set_name__") from KeyboardInterrupt()

    monkeypatch.setattr("newscards.cards.reader.parse", fail)
    result = run("list")
    assert (result.code, result.err) == (130, "")


def test_the_public_names_are_there_and_others_are_not() -> None:
    import newscards

    assert newscards.Corpus.__name__ == "Corpus"
    assert issubclass(newscards.NewscardsError, Exception)
    with pytest.raises(AttributeError, match="Corpse"):
        _ = newscards.Corpse


@pytest.mark.parametrize(
    ("redirection", "code"), [(">&-", 0), ("2>&-", 2), ("2>/dev/full", 2), (">&- 2>&-", 2)]
)
def test_a_closed_stream_changes_no_exit_code(make_corpus: MakeCorpus, redirection: str, code: int) -> None:
    folder = make_corpus({"x.md": CARD})
    path = "." if code == 0 else "nosuch"
    command = f"{sys.executable} -m newscards list {path} {redirection}"
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "Traceback" not in done.stderr


WHAT_READS_OR_ASKS = [
    ["validate", "-"],
    ["list", "-"],
    ["show", "-"],
    ["set-published", "false", "-"],
    ["set", "quality", "44", "--topic", "Oceans"],
    ["validate", "--fix", "-"],
    ["undo"],
    ["help", "cards"],
]


@pytest.mark.parametrize("args", WHAT_READS_OR_ASKS, ids=" ".join)
def test_a_closed_standard_input_is_as_an_empty_one(make_corpus: MakeCorpus, args: list[str]) -> None:
    folder = make_corpus({"x.md": CARD})
    command = shlex.join([sys.executable, "-m", "newscards", *args])
    closed, empty = (
        subprocess.run(["sh", "-c", f"{command} {end}"], cwd=folder, capture_output=True, check=False)
        for end in ("<&-", "< /dev/null")
    )
    assert (closed.returncode, closed.stdout, closed.stderr) == (empty.returncode, empty.stdout, empty.stderr)
    assert (folder / "x.md").read_text() == CARD


def test_a_standard_input_that_cannot_be_read_is_named(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    command = shlex.join([sys.executable, "-m", "newscards", "list", "-"])
    done = subprocess.run(["sh", "-c", f"{command} 0> out"], cwd=folder, capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"error: standard input cannot be read: ")


def test_with_all_streams_closed_it_does_its_work(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    command = shlex.join([sys.executable, "-m", "newscards", "set", "quality", "44", "x"])
    done = subprocess.run(["sh", "-c", f"{command} <&- >&- 2>&-"], cwd=folder, check=False)
    assert done.returncode == 0
    assert (folder / "x.md").read_text() == CARD.replace("quality: 67", "quality: 44")


@pytest.mark.parametrize(
    "args",
    [["list"], ["list", "x.md"], ["list", "--corpus", "."], ["validate"], ["show", "x"], ["stats"],
     ["query", "select 1"], ["set", "quality", "1", "x"], ["diff", "HEAD"],
     ["validate", "--output", "json:x"]],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("options", [[], ["--no-cache"]], ids=str)
def test_a_deleted_current_folder_is_named(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, args: list[str], options: list[str]
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    monkeypatch.setenv("PWD", str(gone))
    gone.rmdir()
    result = run(*args, *options)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"error: the current folder {gone} was deleted\nhint: change to another folder\n"


@pytest.mark.usefixtures("kept_of_few_cards")
@pytest.mark.parametrize("options", [[], ["--no-cache"]], ids=str)
def test_absolute_paths_are_read_from_a_deleted_folder(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    folder = make_corpus({"x.md": CARD, "newscards.toml": "", "gone/y": ""})
    monkeypatch.chdir(folder / "gone")
    (folder / "gone/y").unlink()
    (folder / "gone").rmdir()
    card = str(folder / "x.md")
    for args in (
        ["list", folder], ["list", card], ["validate", folder], ["validate", "--format", "sarif", card],
        ["stats", folder], ["topics", "--corpus", folder], ["show", card], ["why", card],
        ["show", "x", "--corpus", folder], ["set", "quality", "44", card], ["undo", "--corpus", folder],
        ["config", "--corpus", folder], ["query", "select id from cards", folder],
    ):  # fmt: skip
        result = run(*args, *options)
        assert (result.code, result.err.startswith("note: ") or not result.err) == (0, True), args
    assert (folder / "x.md").read_text() == CARD


@pytest.mark.parametrize("args", [["list", "--format", "table"], ["show", "x"], ["validate"]])
def test_output_is_utf_8_whatever_the_locale(make_corpus: MakeCorpus, args: list[str]) -> None:
    folder = make_corpus({"x.md": card(title="日本語", quality='"京"')})
    environment = os.environ | {"PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-m", "newscards", *args]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert done.stderr == b""
    assert ("京" if args == ["validate"] else "日本語") in done.stdout.decode()


def test_a_request_to_end_is_an_orderly_end() -> None:
    with pytest.raises(SystemExit) as ended:
        cli._terminate(signal.SIGTERM, None)
    assert ended.value.code == 143


@pytest.mark.parametrize(
    ("word", "command"),
    [
        ("hide", "set-published false"),
        ("search", "list --search"),
        ("rm", "remove"),
        ("Delete", "remove"),
        ("lst", "list"),
        ("filter", "filter-by-topic"),
    ],
)
def test_a_word_that_other_tools_have_leads_to_the_command(run: Run, word: str, command: str) -> None:
    result = run(word, "a-card")
    assert result.code == 2
    assert f"no such command `{word}`; did you mean `{command}`?" in result.err
    assert f"did you mean `{command}`?" in run("help", word).err


def test_each_command_that_a_word_leads_to_exists_and_no_word_is_one(run: Run) -> None:
    for word, command in OTHER_NAMES.items():
        assert word not in COMMANDS
        name, *rest = command.split()
        options = run(name, "--help").out
        assert all(option in options for option in rest if option not in ("true", "false"))
