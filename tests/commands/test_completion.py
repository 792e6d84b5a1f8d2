"""Completion in real shells: what they make of a word that begins, and pass on when the line is run."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from newscards.commands.completion import SHELLS
from tests.conftest import MakeCorpus, Run
from tests.support import ROOT, card

TOPICS = [
    "Machine Learning",
    "AI: the Law",
    "AI",
    "Aid",
    'Women\'s "Health"',
    "Ökologie und Meer",
    "$HOME `x` \\n!",
    "C#",
    "Ports; docks|ships & (boats)",
    "*",
    "日本",
    "dogs'",
    "two\nlines",
]
TYPED = {
    "--topic Mach": "Machine Learning",
    '--topic "mach': "Machine Learning",
    "--topic 'machine l": "Machine Learning",
    "--topic Machine\\ L": "Machine Learning",
    '--topic "Machine L': "Machine Learning",
    "--topic AI:": "AI: the Law",
    "--topic 'AI: t": "AI: the Law",
    "--topic aid": "Aid",
    "--topic wom": 'Women\'s "Health"',
    "--topic 'wom": 'Women\'s "Health"',
    '--topic "wom': 'Women\'s "Health"',
    "--topic ök": "Ökologie und Meer",
    "--topic \\$": "$HOME `x` \\n!",
    "--topic c": "C#",
    "--topic por": "Ports; docks|ships & (boats)",
    "--topic \\*": "*",
    "--topic 日": "日本",
    "--topic 'dog": "dogs'",
    "--columns id,ti": "id,title",
    "--sort -qua": "-quality",
    "--sort heat,-qua": "heat,-quality",
    "--corpus ./ne": "./nested/",
}
"""What is typed behind `newscards list`, and the last word that is passed on when a tab has completed it."""
JOINED = {"--topic=mach": "--topic=Machine Learning", "--topic='AI: t": "--topic=AI: the Law"}


@pytest.fixture
def shell_of(make_corpus: MakeCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """Return a folder of the scripts; there is a corpus, and a newscards that prints its last argument."""
    make_corpus({f"{number}.md": card(topics=json.dumps([topic])) for number, topic in enumerate(TOPICS)})
    (tmp_path / "corpus/nested").mkdir()
    program = tmp_path / "bin/newscards"
    program.parent.mkdir()
    code = (
        "from newscards import cli; from newscards.corpus import vocabulary; "
        "vocabulary._TIME_LIMIT = 60; cli.entry_point()"  # a busy machine may be slow
    )
    program.write_text(
        f'#!/bin/sh\n[ -n "$_NEWSCARDS_COMPLETE" ] && exec {sys.executable} -c "{code}" "$@"\n'
        'for last; do :; done\nprintf "=<%s>=\\n" "$last"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for shell in SHELLS:
        (tmp_path / f"script.{shell}").write_text(run("completion", shell).out)
    return tmp_path


def needs(shell: str) -> None:
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")


def passed_on(command: list[str], lines: Iterable[str]) -> list[str]:
    """Type lines into a shell, behind each a tab and a line end; return the last word that each passes on."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "500", "PS1": "READY> "},
    )  # fmt: skip
    os.close(theirs)
    screen = b""

    def wait_for(pattern: bytes) -> re.Match[bytes]:
        nonlocal screen
        while not (found := re.search(pattern, screen, re.DOTALL)):
            assert select.select([ours], [], [], 60)[0], screen.decode(errors="replace")
            screen += os.read(ours, 1 << 16)
        screen = screen[found.end() :]
        return found

    try:
        words: list[str] = []
        for line in lines:
            wait_for(rb"READY> ")
            os.write(ours, f"newscards list {line}\t\n".encode())
            words.append(wait_for(rb"=<(.*?)>=\r\n")[1].decode())
        return words
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def some_of(lines: dict[str, str], exhaustive: bool) -> dict[str, str]:
    return lines if exhaustive else dict([*lines.items()][::4])


def test_bash_passes_on_what_was_completed_as_one_word(shell_of: Path, exhaustive: bool) -> None:
    needs("bash")
    (shell_of / "rc").write_text("PS1='READY> '\nbind 'set bell-style none'\n. ../script.bash\n")
    lines = some_of({**TYPED, **JOINED}, exhaustive)
    found = passed_on(["bash", "--rcfile", "../rc", "-i"], lines)
    assert dict(zip(lines, found, strict=True)) == lines


def test_zsh_passes_on_what_was_completed_as_one_word(
    shell_of: Path, monkeypatch: pytest.MonkeyPatch, exhaustive: bool
) -> None:
    needs("zsh")
    (shell_of / ".zshrc").write_text(
        "PS1='READY> '\nunsetopt beep\nautoload -Uz compinit\ncompinit -u -D\n. ../script.zsh\n"
    )
    monkeypatch.setenv("ZDOTDIR", str(shell_of))
    lines = some_of({**TYPED, **JOINED}, exhaustive)
    found = passed_on(["zsh", "-i"], lines)
    wanted = {**lines, **({"--corpus ./ne": "./nested"} if "--corpus ./ne" in lines else {})}
    assert dict(zip(lines, found, strict=True)) == wanted


def in_fish(lines: Iterable[str]) -> list[list[str]]:
    """Return what fish completes at the end of lines; it puts the quotes itself."""
    code = ". ../script.fish\nfor line in $argv\n complete -C $line\n echo =\nend"
    done = subprocess.run(
        ["fish", "--no-config", "-c", code, *lines], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    return [part.splitlines() for part in done.stdout.split("=\n")][:-1]


@pytest.mark.usefixtures("shell_of")
def test_fish_is_given_whole_words() -> None:
    needs("fish")
    lines = {**TYPED, "--topic=mach": "--topic=Machine Learning", "--corpus=./ne": "--corpus=./nested/"}
    found = in_fish(f"newscards list {line}" for line in lines)
    first = {"--topic AI:": "AI: the Law"}
    assert dict(zip(lines, [each[0] for each in found], strict=True)) == lines | first


@pytest.mark.usefixtures("shell_of")
def test_fish_shows_what_a_rule_finds() -> None:
    needs("fish")
    found = in_fish(["newscards rule NC601", "newscards nosuch --topic x", "newscards list --topic nosuch"])
    assert found == [["NC601\tduplicate-url: Two cards have the same URL."], [], []]


def replies(folder: Path, line: str, part: str, before: str = "") -> list[str]:
    """Return what bash's function replies to a line of which ``part`` is to be completed."""
    code = (
        f"{before}\n. ../script.bash\nCOMP_LINE=$1 COMP_POINT=${{#1}}\n"
        '_newscards_completion newscards "$2" x\nprintf "%s\\0" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", code, "bash", line, part], capture_output=True, text=True, check=True
    )
    return done.stdout.removesuffix("\0").split("\0")


def test_a_reply_of_bash_is_never_more_than_one_word(shell_of: Path) -> None:
    found = replies(shell_of, "newscards list --topic ", "")
    assert len(found) == len(TOPICS) - 1  # of one in two lines nobody could see what it is
    words = subprocess.run(
        ["bash", "-c", f"printf '%s\\0' {' '.join(found)}"], capture_output=True, check=True
    )
    assert sorted(words.stdout.decode().split("\0")[:-1]) == sorted({*TOPICS} - {"two\nlines"})


def test_several_replies_of_bash_take_nothing_of_what_is_typed_away(shell_of: Path) -> None:
    assert replies(shell_of, "newscards list --topic a", "a") == ["AI", "AI:\\ the\\ Law", "Aid"]
    assert replies(shell_of, "newscards list --topic ai", "ai") == ["ai", "ai:\\ the\\ Law", "aid"]
    assert replies(shell_of, "newscards list --topic aid", "aid") == ["Aid"]


def test_bash_is_told_of_nothing_where_there_is_nothing(shell_of: Path) -> None:
    assert replies(shell_of, "newscards list --topic nosuch", "nosuch") == [""]
    assert replies(shell_of, "newscards list --corpus ./n", "./n") == [""]  # files are for bash itself


def test_a_star_in_a_topic_is_no_pattern_and_the_shell_stays_as_it_was(shell_of: Path) -> None:
    assert replies(shell_of, "newscards list --topic '", "")[-1:] != [""]
    state = 'trap \'printf "%s\\0" "$-" "$IFS"\' EXIT; set -f'
    assert replies(shell_of, "newscards list --topic C", "C", state)[1].count("f") == 1
    assert "f" not in replies(shell_of, "newscards list --topic C", "C", state.replace("; set -f", ""))[1]


def test_the_bash_of_macos_completes_too(shell_of: Path) -> None:
    old = (
        'complete() { [[ $* == *nosort* ]] && return 2; builtin complete "$@"; }\n'
        "compopt() { echo no such command >&2; return 127; }\n"
        "trap 'complete -p newscards' EXIT"
    )
    mach, registered = replies(shell_of, "newscards list --topic Mach", "Mach", old)
    assert (mach, registered) == (
        "Machine\\ Learning", "complete -o default -F _newscards_completion newscards\n"
    )  # fmt: skip
    assert replies(shell_of, "newscards list --columns id,ti", "id,ti", old)[0] == "id,title"


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_is_what_the_variable_asks_for_too(
    run: Run, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    script = run("completion", shell)
    assert (script.code, script.err) == (0, "")
    monkeypatch.setenv("_NEWSCARDS_COMPLETE", f"{shell}_source")
    assert run().out == script.out
    monkeypatch.setenv("_NEWSCARDS_COMPLETE", "nosuch_complete")
    assert run().out == ""


def test_bash_closes_no_quote_in_which_an_expression_may_go_on(shell_of: Path) -> None:
    line = "newscards list --where 'quality > 80 and prov"
    assert replies(shell_of, line, "quality > 80 and prov") == [
        "quality > 80 and provider_name",
        "quality > 80 and provider_domain",
    ]
    only = "quality > 80 and story_size"
    assert replies(shell_of, f"newscards list --where '{only}", only) == [only, f"{only} "]
    assert replies(shell_of, "newscards list --where story_si", "story_si") == ["story_size"]
