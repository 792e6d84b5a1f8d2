"""``newscards config`` for readers; that its output is a configuration is tested with ``corpus.settings``."""

from __future__ import annotations

import tomllib

import pytest

from tests.conftest import MakeCorpus, Run
from tests.support import CARD
from tests.support.terminal import run_in_terminal


@pytest.mark.parametrize("columns", [60, 80])
def test_where_a_value_comes_from_stands_behind_it_if_there_is_room(
    columns: int, make_corpus: MakeCorpus, run: Run
) -> None:
    folder = make_corpus({"_news/a.md": CARD, "_data/organizations/a.md": "---\nname: A\n---\n"})
    code, screen = run_in_terminal(["config"], cwd=folder, columns=columns)
    lines = screen.splitlines()
    assert code == 0
    limits = next(at for at, line in enumerate(lines) if line.startswith("limits"))
    organizations = lines.index("# organizations is not set")
    assert lines[limits - 1] == "# default"
    above = '# _data/organizations exists; set organizations = "_data/organizations"'
    assert lines[organizations - 1] == above
    short = [line for line in lines if line not in {lines[limits], above}]
    assert all(len(line) <= columns for line in short)
    assert {line.find("  # ") for line in short if "  # " in line} == {30}
    assert tomllib.loads(screen) == tomllib.loads(run("config").out)


def test_in_a_pipe_the_width_of_a_terminal_does_not_count(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"_news/a.md": CARD})
    wide = run("config").out
    monkeypatch.setenv("COLUMNS", "20")
    assert run("config").out == wide
