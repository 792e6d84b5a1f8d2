"""The streams, and the size of the terminal that they may go to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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
