"""A terminal with a screen: newscards runs in a pseudo-terminal, to which keys are typed."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from pathlib import Path
from types import TracebackType
from typing import Any

import pyte

from tests.support import ROOT
from tests.support.terminal import FIXED_CLOCK

TIME_LIMIT = 30
"""The seconds after which a text has not come; a busy machine is slow."""


class Terminal:
    """A terminal in which newscards runs, a context manager that ends it.

    ``wait_for`` reads what newscards writes until the screen shows a text. A program is given as ``program``,
    such as a shell; it is the leader of a session, so that Ctrl-C and Ctrl-Z reach what runs in it.
    """

    def __init__(
        self,
        *args: str,
        cwd: Path,
        columns: int = 80,
        lines: int = 24,
        environment: Mapping[str, str] | None = None,
        program: Sequence[str] = (sys.executable, "-c", FIXED_CLOCK),
    ) -> None:
        self._ours, theirs = pty.openpty()
        self.theirs = theirs
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        self.written = b""
        """All that was written to the terminal."""
        self.resize(columns, lines)
        self.mode = termios.tcgetattr(theirs)
        """The mode of the terminal before newscards had it."""
        kept = {n: v for n, v in os.environ.items() if n not in ("COLUMNS", "LINES", "NEWSCARDS_CORPUS")}
        kept |= {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), **(environment or {})}
        self.process = subprocess.Popen(
            [*program, *args], stdin=theirs, stdout=theirs, stderr=theirs, cwd=cwd, env=kept,
            start_new_session=True, preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),
        )  # fmt: skip

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self.theirs)
        os.close(self._ours)

    @property
    def rows(self) -> list[str]:
        """The rows of the screen."""
        return [row.rstrip() for row in self._screen.display]

    @property
    def text(self) -> str:
        """The screen as text."""
        return "\n".join(self.rows)

    @property
    def words(self) -> str:
        """The screen on one line, so that a text is found that is wrapped."""
        return " ".join(self.text.split())

    def type(self, keys: str | bytes) -> None:
        """Type keys; more than the terminal takes at once are written as it is read."""
        data = keys.encode() if isinstance(keys, str) else keys
        os.set_blocking(self._ours, False)
        while data:
            if select.select([], [self._ours], [], 0.1)[1]:
                with contextlib.suppress(BlockingIOError):
                    data = data[os.write(self._ours, data[:1024]) :]
            self.read(0)

    def wait_for(self, text: str, *, gone: str = "") -> str:
        """Wait until the screen shows a text, and no longer one that is to be ``gone``; return the screen."""
        end = time.monotonic() + TIME_LIMIT
        while text not in self.words or (gone and gone in self.words):
            assert time.monotonic() < end, f"{text!r} is not on the screen:\n{self.text}"
            if not self.read(0.2) and self.process.poll() is not None and not self.read(0):
                assert text in self.words, f"ended without {text!r}:\n{self.text}"
                break
        return self.text

    def press(self, keys: str | bytes, text: str, *, gone: str = "") -> str:
        """Type keys, and wait for a text."""
        self.type(keys)
        return self.wait_for(text, gone=gone)

    def resize(self, columns: int, lines: int) -> None:
        """Give the window another size; the system tells the program (SIGWINCH)."""
        self._screen.resize(lines, columns)
        ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def end(self) -> tuple[int, str]:
        """Wait for the end of newscards; return its exit code, and what it wrote outside of the screen."""
        end = time.monotonic() + TIME_LIMIT
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it has not ended:\n{self.text}"
            self.read(0.05)
        while self.read(0.05):
            pass
        left = self.written.decode().rpartition("\x1b[?1049l")[2].replace("\r\n", "\n")
        return self.process.returncode, re.sub(r"\x1b\[[0-9;]*m", "", left)

    def is_as_before(self) -> bool:
        """Return whether the terminal has its mode, its cursor, and its usual screen again."""
        states: list[Any] = [termios.tcgetattr(self.theirs), self.mode]
        pairs = ((b"\x1b[?1049h", b"\x1b[?1049l"), (b"\x1b[?25l", b"\x1b[?25h"), (b"[?2004h", b"[?2004l"))
        return states[0] == states[1] and all(self.written.rfind(a) < self.written.rfind(b) for a, b in pairs)

    def read(self, wait: float = 0.2) -> bool:
        """Read what was written; return whether there was anything."""
        if not select.select([self._ours], [], [], wait)[0]:
            return False
        try:
            data = os.read(self._ours, 65536)
        except OSError:
            return False
        self.written += data
        self._stream.feed(data)
        return bool(data)
