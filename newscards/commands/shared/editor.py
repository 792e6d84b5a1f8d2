"""A card in the user's editor: a copy is edited, and its new bytes are checked before they are written.

What has been typed is never lost: a copy is deleted only when its card has its bytes.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import click

from newscards.edits.apply import read_whole_file
from newscards.errors import EditRefusedError, NewscardsError, system_reason
from newscards.output.ui import Ui, line_ended
from newscards.text import counted, path_text

if TYPE_CHECKING:
    from newscards.lint.findings import Finding

_MAX_SHOWN = 5
"""The number of errors that are shown before the question."""

_UNUSUAL = re.compile(r"[^\w.-]", re.ASCII)
"""The characters of a card's name that its copy's name lacks: an editor may be a shell's command."""

EDIT, WRITE, DROP = "e", "w", "d"


class Copy:
    """A copy of a card, in a temporary folder of its own, named like the card as far as any editor can.

    Raises ``EditRefusedError`` where none can be made.
    """

    def __init__(self, name: str, source: bytes) -> None:
        import tempfile  # only here: it takes long to import

        self._folder, self._source = "", source
        try:
            self._folder = tempfile.mkdtemp(prefix="newscards-")
            stem, ending = os.path.splitext(os.path.basename(name))
            stem, ending = _UNUSUAL.sub("_", stem[:100]), _UNUSUAL.sub("_", ending)
            self.path = os.path.join(self._folder, stem + ending)
            self._write(source)
        except BaseException as error:
            if self._folder:
                self.delete()
            if not isinstance(error, OSError):
                raise
            reason = f"no copy of it can be made for the editor: {system_reason(error)}"
            raise EditRefusedError(reason, "$TMPDIR names the folder for copies") from error

    def _write(self, source: bytes) -> None:
        with open(self.path, "wb") as file:
            file.write(source)

    def edit(self) -> bytes:
        """Open the copy in the editor, wait for its end, and return the new bytes.

        Raises ``NewscardsError`` where the editor fails, and ``EditRefusedError`` where there is no file
        then, or a large one. The copy stays.
        """
        sys.stdout.flush()
        with _ctrl_c_for_the_editor():
            try:
                click.edit(filename=self.path)
            except (click.ClickException, ValueError) as error:
                reason = error.format_message() if isinstance(error, click.ClickException) else str(error)
                place = self._place_if_changed()
                hint = f"$VISUAL or $EDITOR names the editor{place}"
                raise NewscardsError(f"nothing was written; the editor failed: {reason}", hint) from None
        try:
            return read_whole_file(self.path)
        except FileNotFoundError:
            self.delete()
            raise EditRefusedError("the editor has deleted the copy") from None
        except (EditRefusedError, OSError) as error:
            hint = f"the copy is in {path_text(self.path)}"
            raise EditRefusedError(f"the copy cannot be used: {system_reason(error)}", hint) from None

    def _place_if_changed(self) -> str:
        """Return where the copy is, as a part of a hint; an unchanged copy is deleted."""
        with suppress(EditRefusedError, OSError):
            if read_whole_file(self.path) == self._source:
                self.delete()
        return f"; the copy is in {path_text(self.path)}" if os.path.lexists(self.path) else ""

    def delete(self) -> None:
        """Delete the copy, and what the editor has left beside it."""
        shutil.rmtree(self._folder, ignore_errors=True)


@contextmanager
def _ctrl_c_for_the_editor() -> Iterator[None]:
    """Leave Ctrl-C to the editor, as git does; a handler, because a program that is started resets it."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def edited_by_hand(
    ui: Ui, copy: Copy, before: bytes, find_errors: Callable[[bytes], Sequence[Finding]], *, force: bool
) -> bytes | None:
    """Let the user edit a copy until it has no new errors, or is to be written all the same.

    Return its bytes; ``None`` if it was dropped. With ``force`` errors are not looked for. Raises as
    ``Copy.edit`` does, ``EditRefusedError`` for errors where there is no terminal to ask in, and
    ``click.Abort`` at Ctrl-C and at the end of standard input; where something ends it, the copy stays, and
    its place is shown.
    """
    try:
        return _edited(ui, copy, before, find_errors, force=force)
    except (click.Abort, KeyboardInterrupt, SystemExit):  # the editor may still run after a signal
        report_copy(ui, copy)
        raise


def _edited(
    ui: Ui, copy: Copy, before: bytes, find_errors: Callable[[bytes], Sequence[Finding]], *, force: bool
) -> bytes | None:
    while True:
        new = copy.edit()
        found = [] if force or new == before else find_errors(new)
        if not found:
            return new
        _show(ui, found)
        if not ui.can_ask:
            reason = f"it would have {counted(len(found), 'new error')}"
            hint = f"the copy is in {path_text(copy.path)}; with --force errors are written, too"
            raise EditRefusedError(reason, hint)
        answer = _ask()
        if answer != EDIT:
            return new if answer == WRITE else None


def _show(ui: Ui, found: Sequence[Finding]) -> None:
    """Print errors to standard error."""
    from newscards.output.terminal.findings import finding_text
    from newscards.output.terminal.page import Page

    colored = ui.colored(sys.stderr)
    page = Page(shutil.get_terminal_size().columns, colored)
    for finding in found[:_MAX_SHOWN]:
        click.echo(finding_text(page, finding), err=True, nl=False, color=colored)
    if len(found) > _MAX_SHOWN:
        click.echo(f"and {counted(len(found) - _MAX_SHOWN, 'more error')}\n", err=True)


def _ask() -> str:
    """Return what is to be done with a copy that has errors, by one key; raises ``click.Abort``."""
    from newscards.output.screen import read_character

    click.echo("Edit it again, write it all the same, or drop it? (e, w, d) [e]: ", err=True, nl=False)
    with line_ended():
        while True:
            try:
                key = read_character()
            except (KeyboardInterrupt, OSError):  # EIO: the terminal has gone away
                raise click.Abort from None
            if key in ("", "\x04"):  # Ctrl-D
                raise click.Abort
            answer = EDIT if key in "\r\n" else key.lower()
            if answer in (EDIT, WRITE, DROP):
                click.echo(answer, err=True)
                return answer


def report_copy(ui: Ui, copy: Copy) -> None:
    """Print that nothing was written, and where the copy is."""
    ui.notice(f"not written; the copy is in {path_text(copy.path)}")
