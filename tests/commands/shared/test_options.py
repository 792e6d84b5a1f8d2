"""Options with a number: every one of them, with the largest and the oddest numbers."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest

from newscards import cli
from tests.conftest import MakeCorpus, Run
from tests.support import CARD
from tests.support.git_repository import commit, git

NUMBERS = ["0", "-1", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "9" * 30,
           "9" * 5000, f"-{'9' * 5000}", "1e400", "-1e400", "1e-400", "nan", "-nan", "inf", "-inf",
           "Infinity", "0x10", "1_000", "1.5", "", " 5 ", "٣", "²"]  # fmt: skip
DAYS = ["99999999999d", "99999d", "99999w", "99999m", "-5d", "0d", "0000", "9999-12-31", "10000", "9" * 5000]
ARGUMENTS = {
    "filter-by-topic": ["x"], "query": ["select 1"], "set-published": ["true", "--dry-run"],
    "set": ["quality", "80", "--dry-run"], "topic add": ["x", "--dry-run", "--force"],
    "topic remove": ["x", "--dry-run"], "topic rename": ["x", "y", "--dry-run", "--force"],
    "remove": ["--dry-run"], "restore": ["--dry-run"], "log": ["a"],
}  # fmt: skip


def commands(
    group: click.Group = cli.cli, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(ctx := click.Context(group)):
        command = group.get_command(ctx, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*above, name))
        elif command:
            yield " ".join((*above, name)), command


PARAMETERS = [(name, each) for name, command in commands() for each in command.params]
NUMERIC = [
    (name, each.opts[0] if isinstance(each, click.Option) else "")  # undo's number is an argument
    for name, each in PARAMETERS
    if isinstance(each.type, click.types.IntParamType | click.types.FloatParamType)
]
DATED = [(name, each.opts[0]) for name, each in PARAMETERS if each.opts[0] in ("--since", "--until")]


def test_every_number_of_the_command_line_is_found() -> None:
    assert {option for _, option in NUMERIC} == {
        "", "--limit", "--min-quality", "--max-quality", "--min-heat", "--max-heat", "--min-size", "--timeout"
    }  # fmt: skip
    assert len(DATED) > 20


@pytest.mark.exhaustive(always=8)
@pytest.mark.parametrize(("command", "option"), NUMERIC)
def test_no_number_is_beyond_an_option(command: str, option: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD})
    for number in NUMBERS:
        value = [f"{option}={number}"] if option else ["--", number]
        result = run(*command.split(), *ARGUMENTS.get(command, []), *value)
        assert result.code in (0, 2), number
        assert "newscards failed" not in result.err, number
        assert (result.code == 2) == result.err.startswith("error: "), number


@pytest.mark.exhaustive(always=4)
@pytest.mark.parametrize(("command", "option"), DATED)
def test_no_age_is_beyond_an_option(command: str, option: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD})
    for day in DAYS:
        result = run(*command.split(), *ARGUMENTS.get(command, []), f"{option}={day}")
        assert result.code in (0, 2), day
        assert "newscards failed" not in result.err, day


@pytest.mark.parametrize(
    "command",
    [name for name, option in NUMERIC if option == "--limit" and name not in ("log", "review")],
)
def test_a_limit_beyond_every_list_is_none(command: str, make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": CARD})
    git(folder, "init", "--quiet")
    commit(folder, "Import cards")  # because `log` shows history
    words = [*command.split(), *ARGUMENTS.get(command, [])]
    expected = run(*words)
    assert expected.code == 0
    for limit in ("9223372036854775807", "9223372036854775808", "9" * 30):
        assert run(*words, "--limit", limit) == expected


@pytest.mark.parametrize("seconds", ["nan", "-nan", "inf", "1e400", "Infinity", "-inf", "0", "-1", "1e-400"])
def test_a_timeout_is_a_number_of_seconds(seconds: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD})
    result = run("query", "select 1", f"--timeout={seconds}")
    assert (result.code, result.out) == (2, "")
    assert "error: Invalid value for '--timeout'" in result.err


@pytest.mark.parametrize("seconds", ["1e300", "0.5", "9" * 30])
def test_a_timeout_may_be_long(seconds: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD})
    assert run("query", "select 1", "--timeout", seconds).out == "1\n"


@pytest.mark.parametrize("digits", ["9223372036854775808", "9" * 5000])
@pytest.mark.parametrize(
    "words", [["list", "--columns"], ["list", "--sort"], ["show", "a", "--field"], ["set", "--dry-run"]]
)
def test_no_index_is_beyond_a_field(words: list[str], digits: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD})
    result = run(*words, f"images[{digits}].width", *(["5", "a"] if words[0] == "set" else []))
    assert result.code in (0, 2)
    assert "newscards failed" not in result.err
