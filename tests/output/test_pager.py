"""Long output goes through the user's pager, in a real terminal, and whatever the pager does."""

from __future__ import annotations

import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from fcntl import ioctl
from pathlib import Path

import pytest

from newscards.output.pager import pager_of
from tests.support import CARD, ROOT, card
from tests.support.terminal import FIXED_CLOCK, in_terminal

WRONG = {f"{letter}.md": card(quality='"67"') for letter in "abcdefgh"}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NEWSCARDS_PAGER", "PAGER", "LESS", "LV", "CI"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    for name, text in WRONG.items():
        (tmp_path / name).write_text(text.replace("gauges", f"gauges-{name[0]}"))
    return tmp_path


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({}, "less"),
        ({"PAGER": "more"}, "more"),
        ({"PAGER": "more", "NEWSCARDS_PAGER": "less -S"}, "less -S"),
        ({"PAGER": "more", "NEWSCARDS_PAGER": ""}, ""),
        ({"PAGER": ""}, ""),
        ({"PAGER": " "}, ""),
        ({"PAGER": "cat"}, ""),
        ({"PAGER": "less", "NEWSCARDS_PAGER": "cat"}, ""),
    ],
)
def test_the_pager_is_the_one_of_newscards_else_the_users_else_less(
    environment: dict[str, str], command: str
) -> None:
    assert pager_of(environment) == command


PLAIN = ["validate", "--select", "NC302", "--no-pager"]
"""A run without a pager, whose output is longer than a screen of 40 lines."""
PAGED = PLAIN[:-1]


def test_what_is_longer_than_the_screen_is_paged_and_the_exit_code_stays(
    wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", 'echo "$LESS $LV"; cat')
    plain = in_terminal(PLAIN, cwd=wrong)
    assert plain[0] == 1
    assert in_terminal(PAGED, cwd=wrong) == (1, f"FRX -c\n{plain[1]}")
    assert in_terminal(["--no-pager", *PAGED], cwd=wrong) == plain
    assert in_terminal(PAGED, cwd=wrong, lines=100) == plain
    count = plain[1].count("\n")
    assert in_terminal(PAGED, cwd=wrong, lines=count + 1) == plain
    assert in_terminal(PAGED, cwd=wrong, lines=count)[1].startswith("FRX")


def test_in_a_pager_the_numbers_stand_on_the_first_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        text = card(quality='"67"', title=f'"Wells {number}"').replace("gauges", f"gauges-{number}")
        (tmp_path / f"{number:02}.md").write_text(text)
    monkeypatch.setenv("PAGER", "cat -")
    paged = in_terminal(PAGED, cwd=tmp_path)[1]
    plain = in_terminal(["--no-pager", *PAGED], cwd=tmp_path)[1]
    assert sorted(filter(None, paged.splitlines())) == sorted(filter(None, plain.splitlines()))
    heading = "Rule   Name"
    assert (paged.index(heading), paged.index("Found 3") < paged.index("error[")) == (0, True)
    assert plain.index(heading) > plain.rindex("error[")
    assert "\n\n\n" not in paged
    assert paged.endswith("\n")


def test_lines_that_the_terminal_wraps_count(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "echo paged; cat")
    count = in_terminal(PLAIN, cwd=wrong, columns=20)[1].count("\n")
    assert in_terminal(PAGED, cwd=wrong, columns=20, lines=count + 1)[1].startswith("paged\n")


def test_the_users_options_of_less_stay(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", 'echo "$LESS $LV"')
    monkeypatch.setenv("LESS", "S")
    monkeypatch.setenv("LV", "-l")
    assert in_terminal(PAGED, cwd=wrong) == (1, "S -l\n")


@pytest.mark.parametrize("pager", ["true", "head -n 1 >/dev/null", "exit 3", "kill -9 $$"])
def test_a_pager_that_ends_early_is_no_error(
    pager: str, wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", pager)
    assert in_terminal(PAGED, cwd=wrong) == (1, "")


@pytest.mark.parametrize("pager", ["no-such-pager", "no-such-pager -R", "/dev/null", "./a.md", "no | such"])
def test_without_a_pager_that_starts_the_output_is_written(
    pager: str, wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSCARDS_PAGER", pager)
    code, screen = in_terminal(PAGED, cwd=wrong)
    assert (code, screen.count("error[NC302]")) == (1, 8)


@pytest.mark.parametrize(("name", "value"), [("TERM", "dumb"), ("CI", "true"), ("PAGER", "cat")])
def test_nobody_is_asked_to_press_a_key_who_cannot(
    name: str, value: str, wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAGER", "echo paged")
    monkeypatch.setenv(name, value)
    program = ("env", f"{name}={value}", sys.executable, "-c", FIXED_CLOCK)
    code, screen = in_terminal(PAGED, cwd=wrong, program=program)
    assert (code, screen.count("error[NC302]")) == (1, 8)


def test_fixes_are_written_before_the_pager_starts(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "grep -c '^quality: 67$' a.md; cat >/dev/null")
    (wrong / "z.md").write_text(CARD.replace("published: true", 'published: "false"') + "x\n" * 3)
    for number in range(9):
        (wrong / f"y{number}.md").write_text(CARD.replace("article", "unknown"))
    _, screen = in_terminal(["validate", "--fix", "--select", "NC302,NC403"], cwd=wrong)
    assert screen.endswith("\n1\n")


def test_ctrl_c_is_for_the_pager(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "trap 'echo caught; exit 0' INT; echo ready; sleep 20 & wait")
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 80, 0, 0))
    environment = os.environ | {"TERM": "xterm", "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    environment.pop("COLUMNS", None), environment.pop("LINES", None)
    process = subprocess.Popen(
        [sys.executable, "-c", FIXED_CLOCK, *PAGED],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=wrong, env=environment, start_new_session=True,
        preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),
    )  # fmt: skip
    os.close(theirs)
    screen = b""
    while b"ready" not in screen:
        screen += os.read(ours, 4096)
    time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)
    while b"caught" not in screen:
        screen += os.read(ours, 4096)
    assert process.wait() == 1
    os.close(ours)  # only now: whoever has a terminal that is gone is sent SIGHUP


def test_diff_and_the_preview_of_fixes_are_paged_too(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAGER", "echo paged; cat")
    code, screen = in_terminal(["validate", "--diff"], cwd=wrong)
    assert (code, screen.startswith("paged\n--- a/a.md\n")) == (1, True)
    git = ["git", "-c", "user.name=Ann", "-c", "user.email=ann@tide.example"]
    subprocess.run([*git, "init", "-q"], cwd=wrong, check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "Begin"], cwd=wrong, check=True)
    assert in_terminal(["diff"], cwd=wrong, lines=8)[1].startswith("paged\n")
    assert not in_terminal(["diff"], cwd=wrong, lines=100)[1].startswith("paged\n")
