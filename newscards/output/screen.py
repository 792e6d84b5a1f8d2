"""The screen: the terminal while one command has all of it, with its keys and its signals.

The command draws in the alternate screen (xterm, "The Alternate Screen Buffer"), so that each drawing
replaces the one before, in a window of any size, and the shell's lines are there again at the end. A terminal
that cannot move its cursor (TERM=dumb) shows one drawing below the other.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import sys
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

from newscards.errors import NewscardsError
from newscards.output.keys import Key, KeyDecoder

if TYPE_CHECKING:
    from newscards.output.ui import Ui

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[?2004h"
_LEAVE = "\x1b[?2004l\x1b[?25h\x1b[H\x1b[J\x1b[?1049l"
"""Alternate screen on and off, without a cursor, with bracketed paste (xterm, "DEC Private Mode Set").

The alternate screen is cleared at the end for terminals that have none, as the console of Linux.
"""
_HOME, _CLEAR_LINE = "\x1b[H", "\x1b[K"

_ESCAPE_TIME = 0.1
"""The seconds after which Esc is a key of its own. Over a slow line, a sequence may come in two pieces."""
_MAX_TYPED_AT_ONCE = 16
"""The number of characters that may come at once; more are a paste, in a terminal that does not say so."""
_PASTE_TIME = 0.05
"""The seconds without input after which such a paste has ended."""

RESIZE = Key("resize")
"""Not a key: the window has another size, or the command goes on after Ctrl-Z, so draw again."""
END = Key("end-of-input")
"""Not a key: the terminal has gone away."""


def has_terminal() -> bool:
    """Return whether a command can have the terminal: both standard input and output are one."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def read_character() -> str:
    """Wait for a key, without Enter, and return its first character; empty at the end of standard input.

    Ctrl-C and Ctrl-Z do what they do elsewhere; Ctrl-D is a character.
    """
    try:
        import termios
    except ImportError:  # Windows
        import click

        return click.getchar()
    number = sys.stdin.fileno()
    try:
        before: list[Any] = termios.tcgetattr(number)
    except termios.error:  # the terminal has gone away
        return ""
    mode = [*before[:6], [*before[6]]]
    mode[3] &= ~(termios.ICANON | termios.ECHO)
    mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
    termios.tcsetattr(number, termios.TCSADRAIN, mode)
    try:
        return os.read(number, 64).decode(errors="replace")[:1]
    finally:
        with suppress(termios.error):  # the terminal has gone away
            termios.tcsetattr(number, termios.TCSADRAIN, before)


def _noted(number: int, frame: FrameType | None) -> None:
    """Handle a signal without stopping an edit in its middle; ``read_key`` gets its number by a pipe."""


class Screen:
    """The terminal, taken by ``taken``; ``draw`` shows a page, and ``read_key`` waits for a key.

    While it is taken, Ctrl-C is still SIGINT, and Ctrl-Z suspends the command, at the next ``read_key``. The
    terminal is given back at the end, whatever ends the command; ``given_back`` does so for another program.
    """

    def __init__(self, ui: Ui) -> None:
        """Prepare the screen; raises ``NewscardsError`` where the system has no such terminals."""
        try:
            import termios
        except ImportError:  # Windows
            raise NewscardsError("this system has no terminal whose keys can be read one by one") from None
        self._termios: Any = termios
        self._ui = ui
        self._input = sys.stdin.fileno()
        self._moves_cursor = os.environ.get("TERM") not in ("", "dumb", "unknown", None)
        self._decoder = KeyDecoder()
        self._keys: deque[Key] = deque()
        self._mode: list[Any] = []
        """The mode of the terminal before it was taken; empty while it is not."""
        self._handlers: dict[signal.Signals, Any] = {}
        """The handlers of the signals that are noted, as they were before."""
        self._wake, self._waker = -1, -1

    @property
    def size(self) -> tuple[int, int]:
        """The number of columns and of lines that a page may have."""
        size = shutil.get_terminal_size()
        with suppress(OSError):  # first the window, because the shell's COLUMNS does not change with it
            size = os.get_terminal_size(sys.stdout.fileno())
        columns, lines = size.columns or 80, size.lines or 24
        return columns, lines if self._moves_cursor else max(lines - 1, 1)

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have the terminal meanwhile."""
        self._wake, self._waker = os.pipe()
        os.set_blocking(self._wake, False)
        os.set_blocking(self._waker, False)
        try:
            with self._signals_noted():
                yield
        finally:
            os.close(self._wake)
            os.close(self._waker)

    @contextmanager
    def _signals_noted(self) -> Iterator[None]:
        """Have the terminal, and note its signals for ``read_key``."""
        numbers = (signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT)
        # Python runs a handler between two of its own instructions: one that came just before ``select``
        # would wait for the next key. The number is written at once.
        waker = signal.set_wakeup_fd(self._waker, warn_on_full_buffer=False)
        self._handlers = {number: signal.signal(number, _noted) for number in numbers}
        try:
            self._enter()
            yield
        finally:
            self._leave()
            signal.set_wakeup_fd(waker)
            for number, handler in self._handlers.items():
                signal.signal(number, handler)

    @contextmanager
    def given_back(self) -> Iterator[None]:
        """Give the terminal back meanwhile, to a program that needs it.

        Signals do what they did before: Ctrl-Z has to suspend the command, too, or the shell would wait for
        it, and it for the program that is suspended.
        """
        self._leave()
        noted = {number: signal.signal(number, handler) for number, handler in self._handlers.items()}
        try:
            yield
        finally:
            for number, handler in noted.items():
                signal.signal(number, handler)
            self._enter()

    def draw(self, rows: list[str]) -> None:
        """Show a page of rows, each at most as wide as the window.

        Each line is cleared before its row is written: after a row of the full width, xterm would clear the
        last column, on which the cursor still stands.
        """
        if self._moves_cursor:
            rows = [*rows, *[""] * (self.size[1] - len(rows))]
            text = _HOME + "\n".join(_CLEAR_LINE + row for row in rows)
        else:
            text = "\n".join(rows) + "\n"
        self._ui.write(text)
        self._ui.flush()

    def read_key(self) -> Key:
        """Wait for a key; ``RESIZE`` if the page must be drawn again, ``END`` if no key can come any more."""
        while not self._keys:
            wait = _ESCAPE_TIME if self._decoder.is_waiting else None
            ready = select.select([self._input, self._wake], [], [], wait)[0]
            if self._wake in ready:
                self._act_on(os.read(self._wake, 4096))
                return RESIZE
            if self._input in ready:
                if not self._read():
                    return END
            elif not ready:
                self._keys.extend(self._decoder.flush())
        return self._keys.popleft()

    def drop_typed(self, but: Collection[str]) -> None:
        """Drop the keys that were typed already, but those of some names."""
        while select.select([self._input], [], [], 0)[0] and self._read():
            pass
        self._keys = deque(key for key in self._keys if key.name in but)

    def _read(self) -> bool:
        """Read what was typed; return whether there was anything."""
        try:
            data = os.read(self._input, 65536)
        except OSError:  # EIO: the terminal has gone away
            return False
        if not data:
            return False
        keys = self._decoder.feed(data)
        if sum(key.is_character for key in keys) > _MAX_TYPED_AT_ONCE:
            while select.select([self._input], [], [], _PASTE_TIME)[0] and (
                more := os.read(self._input, 65536)
            ):
                self._decoder.feed(more)
            keys = [Key("paste", "".join(key.name for key in keys if key.is_character))]
        self._keys.extend(keys)
        return True

    def _act_on(self, numbers: bytes) -> None:
        """Act on signals, after which the page must be drawn again."""
        if signal.SIGTSTP in numbers:
            self._leave()
            before = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTSTP)  # goes on here at SIGCONT
            signal.signal(signal.SIGTSTP, before)
            self._enter()
        elif signal.SIGCONT in numbers and self._mode:
            # After a SIGSTOP, of which the process knows nothing, the shell has set its own mode.
            self._enter()

    def _enter(self) -> None:
        termios = self._termios
        try:
            mode = termios.tcgetattr(self._input)
        except termios.error:  # the terminal has gone away, as ``read_key`` will say
            return
        if not self._mode:
            self._mode = mode
            mode = [*mode[:6], [*mode[6]]]
        mode[0] &= ~termios.IXON  # Ctrl-S would stop the terminal
        mode[3] &= ~(termios.ICANON | termios.ECHO | termios.IEXTEN)
        mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
        mode[6][termios.VQUIT] = b"\0"  # Ctrl-\ would end the process, and leave the terminal as it is
        termios.tcsetattr(self._input, termios.TCSADRAIN, mode)
        if self._moves_cursor:
            self._ui.write(_ENTER)
            self._ui.flush()

    def _leave(self) -> None:
        if not self._mode:
            return
        mode, self._mode = self._mode, []
        try:
            if self._moves_cursor:
                self._ui.write(_LEAVE)
                self._ui.flush()
        finally:
            with suppress(self._termios.error):  # the terminal has gone away
                self._termios.tcsetattr(self._input, self._termios.TCSADRAIN, mode)
