"""The streams: data to standard output, notices and progress to standard error, colour or not."""

from __future__ import annotations

import contextlib
import io
import os
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, TypeVar

import click

from newscards.text import harmless

if TYPE_CHECKING:
    from rich.console import Console

    from newscards.corpus.workspace import Workspace

T = TypeVar("T")
_PATIENCE = 0.5
"""After how many seconds of work a progress bar is shown."""


class OutputError(Exception):
    """Standard output could not be written; the cause is the ``OSError``."""


class _Output(io.TextIOBase):
    """Standard output for rich: UTF-8 whatever the locale, as all that newscards writes."""

    encoding = "utf-8"

    def __init__(self, ui: Ui) -> None:
        self._ui = ui

    def write(self, text: str) -> int:
        self._ui.write(text)
        return len(text)

    def isatty(self) -> bool:
        return sys.stdout.isatty()


@dataclass
class Ui:
    """What the options that every command has say, and the streams as they make them."""

    color: str = "auto"
    quiet: bool = False
    debug: bool = False
    no_cache: bool = False
    corpora: list[str] = field(default_factory=list)
    config: str | None = None
    args: tuple[str, ...] = ()
    """What stood behind `newscards` on the command line."""
    workspace: Workspace | None = None
    """What opens corpora, made when it is first asked for."""
    knows_interrupted: bool = False
    """Whether it was told that an edit was interrupted, or that none was."""

    @property
    def command(self) -> str:
        """The arguments, as the journal of edits has them."""
        import shlex  # only here: few commands need it

        return shlex.join(self.args)

    def colored(self, stream: IO[str]) -> bool:
        """Tell whether a stream gets colour: ``--color``, then NO_COLOR, FORCE_COLOR, then a terminal.

        https://no-color.org and https://force-color.org: set, and not empty.
        """
        if self.color != "auto":
            return self.color == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if os.environ.get("FORCE_COLOR"):
            return True
        return stream.isatty() and os.environ.get("TERM") != "dumb"

    def row_format(self, form: str | None) -> str:
        """Return the format of rows: what was asked for, else a table in a terminal, and in a pipe tsv."""
        return form or ("table" if sys.stdout.isatty() else "tsv")

    def console(self) -> Console:
        """Return rich's console for standard output."""
        from newscards.output.terminal.console import make_console

        return make_console(_Output(self), color=self.colored(sys.stdout))

    def write(self, data: str | bytes) -> None:
        """Write data to standard output, as UTF-8 whatever the locale; raises ``OutputError``."""
        try:
            sys.stdout.buffer.write(data.encode(errors="replace") if isinstance(data, str) else data)
        except OSError as error:
            raise OutputError(str(error)) from error

    def flush(self) -> None:
        """See to it that all that was written has gone out; raises ``OutputError``."""
        try:
            sys.stdout.flush()
        except OSError as error:
            raise OutputError(str(error)) from error

    def write_colored(self, text: str, color: str | None) -> None:
        """Write a line to standard output, in a colour where it gets any."""
        self.write(click.style(text, fg=color) if color and self.colored(sys.stdout) else text)

    def notice(self, message: str, label: str = "note") -> None:
        """Tell something on standard error, unless ``--quiet``."""
        if not self.quiet:
            self._tell(label, message, "cyan")

    def warn(self, message: str) -> None:
        """Tell on standard error what the user should see to, unless ``--quiet``."""
        if not self.quiet:
            self._tell("warning", message, "yellow")

    def error(self, message: str, hint: str = "") -> None:
        """Tell on standard error why something was not done."""
        self._tell("error", message, "red")
        if hint:
            self._tell("hint", hint, "cyan")

    def _tell(self, label: str, message: str, color: str) -> None:
        with contextlib.suppress(OSError):  # what cannot be told is not worth a second error
            sys.stdout.flush()
        colored = self.colored(sys.stderr)
        label = click.style(f"{label}:", fg=color, bold=True) if colored else f"{label}:"
        with contextlib.suppress(OSError):
            click.echo(f"{label} {harmless(message.expandtabs(2))}", err=True, color=colored)

    def track(self, items: Iterable[T], total: int, doing: str) -> Iterable[T]:
        """Yield ``items``, ``total`` of them; in a terminal, and where that takes long, with a bar."""
        if self.quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
            return items
        return self._tracked(iter(items), total, doing)

    def _tracked(self, items: Iterator[T], total: int, doing: str) -> Iterator[T]:
        start = time.monotonic()
        for done, item in enumerate(items, 1):
            yield item
            if time.monotonic() - start > _PATIENCE:
                from newscards.output.terminal.console import make_console
                from newscards.output.terminal.progress import progress_bar

                console = make_console(sys.stderr, color=self.colored(sys.stderr))
                with progress_bar(console, doing, done, total) as advance:
                    for rest in items:
                        yield rest
                        advance()


def current() -> Ui:
    """Return the ``Ui`` of the command that runs."""
    ui: Ui = click.get_current_context().find_root().ensure_object(Ui)
    return ui
