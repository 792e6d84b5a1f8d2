"""The streams: data on standard output, notices and progress on standard error, with or without colour."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import IO, TYPE_CHECKING, TypeVar

import click

from newscards.text import harmless, harmless_data

if TYPE_CHECKING:
    from rich.console import Console

    from newscards.corpus.workspace import Workspace

T = TypeVar("T")
_PROGRESS_DELAY = 0.5
"""The seconds of work after which a progress bar is shown."""
_MAX_TERMINAL_SIZE = (1 << 16) - 1
"""The largest number of columns or lines that a terminal can have (tty_ioctl(4): ``unsigned short``)."""


class OutputError(Exception):
    """The error for standard output that cannot be written; ``__cause__`` is the ``OSError``."""


class _Output(io.TextIOBase):
    """Standard output for rich, as UTF-8 in any locale."""

    encoding = "utf-8"

    def __init__(self, ui: Ui) -> None:
        self._ui = ui

    def write(self, text: str) -> int:
        self._ui.write(text)
        return len(text)

    def isatty(self) -> bool:
        return sys.stdout.isatty()


def correct_terminal_size() -> None:
    """Unset ``COLUMNS`` and ``LINES`` unless they are decimal integers above 0 (POSIX, 8.3), as 0 is not.

    A number beyond a terminal's size becomes the largest size. So rich, click and a pager, which read these
    variables themselves and differ about 0 or ``²``, find the same: the size of the terminal, or their
    default.
    """
    for name in ("COLUMNS", "LINES"):
        value = os.environ.get(name, "")
        digits = value.lstrip("0") if value.isascii() and value.isdecimal() else ""
        if not digits:
            os.environ.pop(name, None)
        elif len(digits) > len(str(_MAX_TERMINAL_SIZE)) or int(digits) > _MAX_TERMINAL_SIZE:
            os.environ[name] = str(_MAX_TERMINAL_SIZE)


@dataclass
class Ui:
    """The values of the options that every command has, and the streams, which depend on them."""

    color: str = "auto"
    quiet: bool = False
    debug: bool = False
    no_pager: bool = False
    no_cache: bool = False
    corpora: list[str] = field(default_factory=list)
    config: str | None = None
    args: tuple[str, ...] = ()
    """The arguments after `newscards` on the command line."""
    workspace: Workspace | None = None
    """The corpora of this run; ``None`` until a command needs one."""
    knows_interrupted: bool = False
    """Whether this run has already checked for, and reported, an interrupted edit."""
    _held: list[bytes] | None = None
    """The output that is held back; ``None`` while none is."""
    _hide_bar: Callable[[], None] | None = None
    """The function that hides the progress bar, which anything printed would tear; ``None`` without one."""

    @property
    def command(self) -> str:
        """The arguments as one line, for the journal of edits."""
        import shlex  # imported here because few commands need it

        return shlex.join(self.args)

    def colored(self, stream: IO[str]) -> bool:
        """Return whether a stream gets colour, by ``--color``, else NO_COLOR, FORCE_COLOR or the terminal.

        The variables count if they are not empty (https://no-color.org, https://force-color.org).
        """
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    @property
    def is_read(self) -> bool:
        """Whether standard output is a terminal that somebody reads, and not the log of a CI job.

        Some CI systems give a job a terminal; GitHub, GitLab and most others set ``CI``.
        """
        return sys.stdout.isatty() and os.environ.get("CI", "").casefold() in ("", "0", "false")

    @property
    def can_ask(self) -> bool:
        """Whether there is a terminal in which to ask: questions go to standard error."""
        return sys.stdin.isatty() and sys.stderr.isatty()

    @contextlib.contextmanager
    def held(self) -> Iterator[list[bytes]]:
        """Hold back what is written to standard output meanwhile, and yield the list that it goes into."""
        parts: list[bytes] = []
        self._held = parts
        try:
            yield parts
        finally:
            self._held = None

    def row_format(self, output_format: str | None) -> str:
        """Return the format of rows: the requested one, else ``table`` in a terminal, ``tsv`` in a pipe."""
        return output_format or ("table" if sys.stdout.isatty() else "tsv")

    def console(self) -> Console:
        """Return rich's console for standard output."""
        from newscards.output.terminal.console import make_console

        return make_console(_Output(self), color=self.colored(sys.stdout))

    def write(self, data: str | bytes) -> None:
        """Write data to standard output, text as UTF-8 in any locale; raises ``OutputError``."""
        encoded = data.encode(errors="replace") if isinstance(data, str) else data
        if self._held is not None:
            self._held.append(encoded)
            return
        if self._hide_bar and sys.stdout.isatty():
            self._hide_bar()
        try:
            sys.stdout.buffer.write(encoded)
        except OSError as error:
            raise OutputError(str(error)) from error

    def write_data(self, parts: Iterable[str | bytes]) -> None:
        """Write data for programs to standard output: exact, but harmless in a terminal."""
        is_terminal = sys.stdout.isatty()
        for data in parts:
            if is_terminal:
                data = harmless_data(os.fsdecode(data))
            self.write(data)

    def write_wrapped(self, head: str, text: str) -> None:
        """Write a line, in a terminal with its text broken between words and below each other."""
        from newscards.output.terminal.page import plain_width, wrapped

        if sys.stdout.isatty():
            line = wrapped(head, text, " " * len(head), plain_width(is_terminal=True))
        else:
            line = head + text
        self.write(line.rstrip() + "\n")

    def flush(self) -> None:
        """Flush standard output; raises ``OutputError``."""
        try:
            sys.stdout.flush()
        except OSError as error:
            raise OutputError(str(error)) from error

    def write_colored(self, text: str, color: str | None) -> None:
        """Write text to standard output, in a colour if standard output gets colour."""
        self.write(click.style(text, fg=color) if color and self.colored(sys.stdout) else text)

    def notice(self, message: str, label: str = "note") -> None:
        """Write a message to standard error, unless ``--quiet``."""
        if not self.quiet:
            self._write_message(label, message, "cyan")

    def warn(self, message: str, hint: str = "") -> None:
        """Write a warning, and a hint if there is one, to standard error, unless ``--quiet``."""
        if not self.quiet:
            self._write_with_hint("warning", message, hint, "yellow")

    def error(self, message: str, hint: str = "") -> None:
        """Write an error, and a hint if there is one, to standard error."""
        self._write_with_hint("error", message, hint, "red")

    def _write_with_hint(self, label: str, message: str, hint: str, color: str) -> None:
        self._write_message(label, message, color)
        if hint:
            self._write_message("hint", hint, "cyan")

    def _write_message(self, label: str, message: str, color: str) -> None:
        if self._hide_bar:
            self._hide_bar()
        with contextlib.suppress(OSError):  # a failure of standard output must not hide the message
            sys.stdout.flush()
        colored = self.colored(sys.stderr)
        label = click.style(f"{label}:", fg=color, bold=True) if colored else f"{label}:"
        text = f"{label} {harmless(message.expandtabs(2))}"
        if sys.stderr.isatty():
            text = _broken_between_words(text)
        with contextlib.suppress(OSError):
            click.echo(text, err=True, color=colored)

    def track(self, items: Iterable[T], total: int, description: str) -> Iterable[T]:
        """Yield ``items``, ``total`` in number; show a progress bar in a terminal if it takes long."""
        return self._tracked(iter(items), total, description) if self._shows_progress() else items

    @contextlib.contextmanager
    def progress(self, total: int, description: str) -> Iterator[Callable[[], object]]:
        """Track ``total`` steps like ``track``; the yielded function is to be called after each step."""
        with contextlib.closing(self._tracked(iter(range(total)), total, description)) as steps:
            yield partial(next, steps, None) if self._shows_progress() else lambda: None

    def _shows_progress(self) -> bool:
        return not self.quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def _tracked(self, items: Iterator[T], total: int, description: str) -> Generator[T, None, None]:
        start = time.monotonic()
        for done, item in enumerate(items, 1):
            yield item
            if time.monotonic() - start > _PROGRESS_DELAY:
                from newscards.output.terminal.console import make_console
                from newscards.output.terminal.progress import progress_bar

                console = make_console(sys.stderr, color=self.colored(sys.stderr))
                with progress_bar(console, description, done, total) as bar:
                    self._hide_bar = bar.hide
                    try:
                        for rest in items:
                            yield rest
                            bar.advance()
                    finally:
                        self._hide_bar = None


def _broken_between_words(message: str) -> str:
    """Return a message for a terminal, which would break long lines anywhere.

    Lines that are indented, such as excerpts with carets, stay as they are.
    """
    from newscards.output.terminal.page import plain_width, wrapped

    width = plain_width(is_terminal=True)
    lines = message.split("\n")
    return "\n".join(line if line.startswith(" ") else wrapped("", line, "  ", width) for line in lines)


@contextlib.contextmanager
def line_ended() -> Iterator[None]:
    """End the line of a question that Ctrl-C, or the end of standard input, has cut off."""
    try:
        yield
    except click.Abort:
        with contextlib.suppress(OSError):
            click.echo(err=True)
        raise


def current() -> Ui:
    """Return the ``Ui`` of the running command."""
    ui: Ui = click.get_current_context().find_root().ensure_object(Ui)
    return ui
