"""The streams, and the size of the terminal that they may go to."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import pytest

from newscards.output import ui as ui_module
from newscards.output.ui import Ui
from tests.conftest import MakeCorpus, Run
from tests.support import CARD
from tests.support.terminal import run_in_terminal

UNKNOWN = ["0", "00", "-5", "", "abc", " 80 ", "²", "٨٠", "8e1", "80.0", "+80"]
COMMANDS = [
    ["list", "--format", "table"], ["show", "a"], ["stats", "--format", "table"], ["rule"], ["rule", "NC203"],
    ["stories", "--format", "table"], ["topics", "--format", "table"], ["why", "a"], ["list", "--help"],
    ["query", "select * from cards", "--format", "table"], ["config"], ["validate", "--statistics"],
]  # fmt: skip


@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
@pytest.mark.parametrize("value", UNKNOWN)
def test_a_size_that_is_no_number_above_0_is_as_if_it_were_unset(
    name: str, value: str, make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"a.md": CARD})
    for command in COMMANDS:
        monkeypatch.delenv(name, raising=False)
        expected = run(*command)
        assert (expected.code, expected.err) == (0, "")
        assert expected.out
        monkeypatch.setenv(name, value)
        assert run(*command) == expected


@pytest.mark.parametrize("value", ["1000000000", "9" * 5000])
def test_a_size_beyond_every_terminal_costs_no_memory(
    value: str, make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"a.md": CARD})
    monkeypatch.setenv("COLUMNS", value)
    for command in COMMANDS:
        result = run(*command)
        assert (result.code, result.err) == (0, "")
        assert 0 < len(result.out) < 2_000_000
    assert os.environ["COLUMNS"] == "65535"


def test_zeros_before_a_size_do_not_count(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = run("rule")
    monkeypatch.setenv("COLUMNS", "0000080")
    assert run("rule") == expected


@pytest.mark.parametrize(
    "command", [["list"], ["rule", "NC203"], ["set-published", "false", "a", "--dry-run"]]
)
def test_a_terminal_that_does_not_know_its_width_has_80_columns(
    command: list[str], make_corpus: MakeCorpus, tmp_path: Path
) -> None:
    folder = make_corpus({"a.md": CARD})
    expected = run_in_terminal(command, cwd=folder, columns=80, lines=24, state=tmp_path / "state")
    assert expected[0] == 0
    assert expected[1]
    unknown = run_in_terminal(command, cwd=folder, columns=0, lines=0, state=tmp_path / "state")
    assert unknown == expected


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def _open_terminal(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    """Return the terminal that standard error is, in which a bar is shown at once."""
    stream = _Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(ui_module, "_PROGRESS_DELAY", -1)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    return stream


def test_steps_are_tracked_from_the_second_one_on(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _open_terminal(monkeypatch)
    with Ui(color="always").progress(5000, "Writing cards") as advance:
        advance()
        assert terminal.getvalue() == ""
        advance()
        assert "Writing cards" in terminal.getvalue()
        assert "1/5000" in terminal.getvalue()
    assert terminal.getvalue().endswith("\x1b[2K")


def test_more_steps_than_were_expected_are_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    _open_terminal(monkeypatch)
    with Ui().progress(1, "Writing cards") as advance:
        for _ in range(3):
            advance()


def test_without_a_terminal_or_with_quiet_no_step_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _open_terminal(monkeypatch)
    with Ui(quiet=True).progress(5, "Writing cards") as advance:
        for _ in range(5):
            advance()
    assert terminal.getvalue() == ""


def test_a_message_does_not_tear_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _open_terminal(monkeypatch)
    ui = Ui(color="always")
    for number in ui.track(range(9), 9, "Reading cards"):
        if number == 2:
            ui.warn("a card is odd")
            warned = terminal.getvalue()
    assert "\x1b[2K\x1b[33m\x1b[1mwarning:" in warned  # the bar is erased before it
    assert terminal.getvalue() == warned  # and does not come back


def test_in_a_terminal_a_message_is_broken_between_words(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD})
    code, screen = run_in_terminal(["list", "--sort", "nothing"], cwd=folder, columns=60)
    assert code == 2
    assert screen.splitlines() == [
        "error: no card has a field `nothing`",
        "hint: the usual ones are id, published, publishedDateTime,",
        "  quality, heat, provider.name, topics, title",
    ]


def test_lines_of_a_message_that_are_indented_stay_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = _open_terminal(monkeypatch)
    monkeypatch.setenv("COLUMNS", "20")
    Ui(color="never").error("not TOML, as was to be seen:\n  quality = = 9 and so on\n            ^")
    assert terminal.getvalue().splitlines() == [
        "error: not TOML, as", "  was to be seen:", "  quality = = 9 and so on", "            ^",
    ]  # fmt: skip
