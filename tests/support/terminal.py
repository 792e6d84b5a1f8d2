"""newscards in a real terminal: a pseudo-terminal of a given width."""

from __future__ import annotations

import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Sequence
from fcntl import ioctl
from pathlib import Path
from typing import Any

from tests.support import ROOT

FIXED_CLOCK = (
    "import sys; from datetime import datetime, UTC; from newscards import clock, cli;"
    "clock.now = lambda: datetime(2026, 1, 15, 12, tzinfo=UTC);"
    "sys.argv[0] = 'newscards'; cli.entry_point()"
)


def run_in_terminal(
    args: Sequence[str],
    *,
    cwd: Path,
    columns: int = 80,
    lines: int = 40,
    color: bool = False,
    state: Path | None = None,
    answer: bytes = b"",
    question: bytes = b"[y/N]: ",
    before: Callable[[], None] = lambda: None,
    program: Sequence[str] = (sys.executable, "-c", FIXED_CLOCK),
) -> tuple[int, str]:
    """Run newscards with all its streams in a terminal; return its exit code and what the screen shows.

    ``answer`` is typed where the screen ends with ``question``, and ``before`` is called first. ``program``
    may be another, such as a shell.
    """
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "NEWSCARDS_CORPUS")
    }
    environment |= {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT)}
    if not color:
        environment["NO_COLOR"] = "1"
    if state:
        environment["XDG_STATE_HOME"] = str(state)
    process = subprocess.Popen(
        [*program, *args],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=environment,
        start_new_session=True, preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),  # Ctrl-C needs that
    )  # fmt: skip
    os.close(theirs)
    screen = b""
    answered = b""
    while True:
        if answered and not select.select([ours], [], [], 2)[0]:
            os.write(ours, answered)  # a Ctrl-C just before `input` waits is lost to it
        try:
            data = os.read(ours, 65536)
        except OSError:  # Linux: EIO when the last one that had the terminal open is gone
            break
        if not data:
            break
        screen += data
        if answer and screen.endswith(question):
            before()
            os.write(ours, answer)
            answered, answer = answer, b""
    os.close(ours)
    return process.wait(), screen.decode().replace("\r\n", "\n")


def in_terminal(args: Sequence[str], **options: Any) -> tuple[int, str]:
    """Do what ``run_in_terminal`` does, and leave out the progress, which a slow machine shows."""
    code, screen = run_in_terminal(args, **options)
    return code, re.sub(r"^.*\x1b\[2K", "", screen, flags=re.DOTALL)
