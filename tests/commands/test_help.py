"""``newscards help``: commands and topics, the help of a command, and the pages of the manual."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newscards.cli import COMMANDS
from newscards.commands.shared.manual import TOPICS, page, summaries
from tests.conftest import MakeCorpus, Run
from tests.support import matches_snapshot
from tests.support.terminal import run_in_terminal


def test_without_a_word_commands_and_topics_are_listed(run: Run) -> None:
    result = run("help")
    assert (result.code, result.err) == (0, "")
    matches_snapshot("help.txt", result.out)
    assert all(f"  {name} " in result.out for name in [*COMMANDS, *TOPICS])
    assert all(about in result.out for about in summaries().values())
    assert max(map(len, result.out.splitlines())) <= 80


@pytest.mark.parametrize("words", [*([name] for name in COMMANDS), ["topic", "add"]], ids=" ".join)
def test_a_command_shows_what_its_option_help_shows(words: list[str], run: Run) -> None:
    assert run("help", *words).raw == run(*words, "--help").raw


@pytest.mark.parametrize("topic", TOPICS)
def test_in_a_pipe_a_topic_is_plain_markdown(topic: str, run: Run) -> None:
    result = run("help", topic, "--color", "always")
    assert (result.code, result.out, result.err) == (0, page(topic), "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("vaildate", "there is no command and no topic `vaildate`\nhint: did you mean `validate`?"),
        ("recipies", "there is no command and no topic `recipies`\nhint: did you mean `recipes`?"),
        ("topic ad", "`topic` has no command `ad`\nhint: did you mean `add`?"),
        ("tpoic add", "there is no command and no topic `tpoic`\nhint: did you mean `topic`"),
        ("list xyzzy", "`list` has no command `xyzzy`\nhint: `newscards help` lists"),
        ("\x1b[31m", "there is no command and no topic `\\x1b[31m`\nhint: `newscards help` lists"),
    ],
)
def test_an_unknown_word_is_answered_with_the_nearest(words: str, message: str, run: Run) -> None:
    result = run("help", *words.split())
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: {message}")


def test_no_card_and_no_configuration_is_read(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": b"\xff", "newscards.toml": "nonsense = "})
    assert run("list").code == 2
    for words in ([], ["list"], ["cards"]):
        result = run("help", *words, "--corpus", "nowhere", "--config", "nothing.toml")
        assert (result.code, result.err) == (0, "")


@pytest.fixture
def with_cat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "cat")


@pytest.mark.usefixtures("with_cat")
@pytest.mark.parametrize("topic", TOPICS)
def test_in_a_terminal_a_page_is_rendered(topic: str, tmp_path: Path) -> None:
    code, screen = run_in_terminal(["help", topic], cwd=tmp_path)
    assert code == 0
    assert screen.startswith(page(topic).partition("\n")[0])
    assert "\x1b" not in screen
    assert "|---|" not in screen
    assert "```" not in screen
    assert "<!--" not in screen
    assert not re.search(r" $", screen, re.MULTILINE)
    for block in re.findall(r"^```\w+\n(.*?)\n+```$", page(topic), re.MULTILINE | re.DOTALL):
        assert block in screen  # no line of it is wrapped
        screen = screen.replace(block, "")
    assert max(map(len, screen.splitlines())) <= 80


@pytest.mark.usefixtures("with_cat")
@pytest.mark.parametrize(
    "page", ["python", "ci"]
)  # without a table, which each version of rich draws its way
def test_a_page_in_a_terminal_is_a_snapshot(page: str, tmp_path: Path) -> None:
    matches_snapshot(f"help-{page}.txt", run_in_terminal(["help", page], cwd=tmp_path)[1])


def use_pager(monkeypatch: pytest.MonkeyPatch, pager: Path, script: str) -> None:
    """Make a script the pager, as a user does; the tests have none else."""
    pager.write_text(f"#!/bin/sh\n{script}\n")
    pager.chmod(0o755)
    monkeypatch.delenv("NEWSCARDS_PAGER")
    monkeypatch.setenv("PAGER", str(pager))


def test_a_page_goes_through_the_pager_only_where_it_is_longer_than_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_pager(monkeypatch, tmp_path / "pager", "echo paged\nexec cat")
    _, short = run_in_terminal(["help", "python"], cwd=tmp_path, lines=1000)
    _, long = run_in_terminal(["help", "python"], cwd=tmp_path, lines=10)
    assert long == f"paged\n{short}"


def test_a_pager_is_given_utf_8_and_knows_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_pager(monkeypatch, tmp_path / "pager", 'echo "$LESSCHARSET"')
    assert run_in_terminal(["help", "python"], cwd=tmp_path, lines=10) == (0, "utf-8\n")


def test_a_page_has_colour_where_the_terminal_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "cat")
    _, screen = run_in_terminal(["help", "python"], cwd=tmp_path, color=True)
    assert "\x1b[1m" in screen
    _, screen = run_in_terminal(["help", "python", "--color", "never"], cwd=tmp_path, color=True)
    assert "\x1b" not in screen


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("help ", [*COMMANDS, *TOPICS]),
        ("help fil", ["filter-by-topic"]),
        ("help rul", ["rule", "rules"]),
        ("help topic ", ["add", "remove", "rename"]),
        ("help list ", []),
        ("help cards ", []),
    ],
)
def test_a_tab_completes_commands_and_topics(
    line: str, words: list[str], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("_NEWSCARDS_COMPLETE", "fish_complete")
    monkeypatch.setenv("COMP_WORDS", f"newscards {line}")
    assert [each.partition("\t")[0] for each in run().out.splitlines()[1:]] == words
