"""Long output through the user's pager, as git does it (git-var(1), ``GIT_PAGER``; ``core.pager``)."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

    from newscards.output.ui import Ui

_VARIABLES = ("NEWSCARDS_PAGER", "PAGER")
_DEFAULT = "less"
_NEEDS_SHELL = re.compile(r"""[|&;<>()$`\\"' \t\n*?\[#~=%]""")
"""The characters that mean something to a shell; git starts a pager without them by itself."""
_NOT_STARTED = (126, 127)
"""The exit codes of a shell whose command cannot be run, or is not there (POSIX, 2.8.2)."""


def pager_of(environment: Mapping[str, str]) -> str:
    """Return the command line of the user's pager; empty if they want none."""
    named = (environment[name] for name in _VARIABLES if name in environment)
    command = next(named, _DEFAULT).strip()
    return "" if command == "cat" else command


def is_paged(ui: Ui) -> bool:
    """Return whether ``paged`` sends long output through a pager.

    There is no pager unless standard output is a terminal that somebody reads, nor where the terminal cannot
    move its cursor.
    """
    return not ui.no_pager and bool(pager_of(os.environ)) and ui.is_read and os.environ.get("TERM") != "dumb"


@contextmanager
def paged(ui: Ui) -> Iterator[None]:
    """Send what is written to standard output meanwhile through the pager, if the screen is too short."""
    if not is_paged(ui):
        yield
        return
    command = pager_of(os.environ)
    with ui.held() as parts:
        yield
    text = b"".join(parts)
    if _is_longer_than_screen(text.decode(errors="replace")):
        ui.flush()
        if _show(command, text):
            return
    ui.write(text)


def _is_longer_than_screen(text: str) -> bool:
    import shutil  # imported here because few runs need a pager

    from newscards.output.terminal.page import rows_of

    columns, lines = shutil.get_terminal_size()
    return text.count("\n") >= lines or rows_of(text, columns) >= lines


def _show(command: str, text: bytes) -> bool:
    """Show a text in a pager, and return whether that could be started.

    The pager may end before it has read everything. Ctrl-C is meant for the pager, so it does not end this
    process; a handler is used for that because the pager would inherit a signal that is ignored.
    """
    import subprocess  # imported here because few runs need a pager

    # F: quit if the text fits, R: colours, X: leave it on the screen. LESSCHARSET, because less would take
    # the text to be in the locale's encoding.
    environment = {"LESS": "FRX", "LV": "-c", "LESSCHARSET": "utf-8", **os.environ}
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _do_nothing)
    try:
        needs_shell = bool(_NEEDS_SHELL.search(command))
        pager = subprocess.Popen(command, shell=needs_shell, stdin=subprocess.PIPE, env=environment)  # noqa: S603 - the user's own command
        pager.communicate(text)
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
    return pager.returncode not in _NOT_STARTED


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """Handle a signal by going on."""
