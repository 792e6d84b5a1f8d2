"""newscards in a real terminal: a pseudo-terminal of a given width."""

from __future__ import annotations

import os
import pty
import struct
import subprocess
import sys
import termios
from collections.abc import Sequence
from fcntl import ioctl
from pathlib import Path

_FIXED_CLOCK = (
    "import sys; from datetime import datetime, UTC; from newscards import clock, cli;"
    "clock.now = lambda: datetime(2026, 1, 15, 12, tzinfo=UTC);"
    "sys.argv[0] = 'newscards'; cli.entry_point()"
)


def run_in_terminal(
    args: Sequence[str], *, cwd: Path, columns: int = 80, color: bool = False, state: Path | None = None
) -> tuple[int, str]:
    """Run newscards with all its streams in a terminal; return its exit code and what the screen shows."""
    ours, theirs = pty.openpty()
    ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "NEWSCARDS_CORPUS")
    }
    environment |= {"TERM": "xterm-256color", "PYTHONPATH": str(Path(__file__).parent.parent)}
    if not color:
        environment["NO_COLOR"] = "1"
    if state:
        environment["XDG_STATE_HOME"] = str(state)
    process = subprocess.Popen(
        [sys.executable, "-c", _FIXED_CLOCK, *args],
        stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=environment,
    )  # fmt: skip
    os.close(theirs)
    screen = b""
    while True:
        try:
            data = os.read(ours, 65536)
        except OSError:  # Linux: EIO when the last one that had the terminal open is gone
            break
        if not data:
            break
        screen += data
    os.close(ours)
    return process.wait(), screen.decode().replace("\r\n", "\n")
