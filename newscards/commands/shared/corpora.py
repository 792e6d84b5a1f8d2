"""The workspace of a command, names on standard input, and warnings about unreadable cards."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from newscards.cards.fields import use_fields
from newscards.corpus.corpus import Corpus
from newscards.corpus.workspace import MAX_NAMED, Workspace
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.text import counted

if TYPE_CHECKING:
    from newscards.corpus.settings import Settings


def current_workspace() -> Workspace:
    """Return the workspace of the running command."""
    return workspace_of(current())


def workspace_of(ui: Ui) -> Workspace:
    """Return the workspace of a ``Ui``, created at the first call."""
    if ui.workspace is None:
        use_fields()  # a run before, in the same process, may have had others
        ui.workspace = Workspace(
            ui,
            ui.corpora,
            ui.config,
            uses_index=not ui.no_cache,
            before_opening=lambda: _warn_interrupted(ui),
        )
    return ui.workspace


def read_names(words: tuple[str, ...], *, nul: bool) -> tuple[str, ...]:
    """Return PATHs or CARDs, with ``-`` replaced by the names on standard input, one per line (or NUL).

    A line of blanks is no name.
    """
    if "-" not in words:
        return words
    try:
        data = sys.stdin.buffer.read()
    except OSError as error:
        raise NewscardsError(f"standard input cannot be read: {error.strerror}") from error
    if b"\0" in data and not nul:
        raise NewscardsError("the names on standard input are separated by NUL", "add -0")
    lines = data.split(b"\0") if nul else [line.removesuffix(b"\r") for line in data.split(b"\n")]
    names = tuple(os.fsdecode(line) for line in lines if (line if nul else line.strip()))
    if not names:
        current().notice("no names on standard input")
    at = words.index("-")
    return (*words[:at], *names, *(word for word in words[at:] if word != "-"))


def open_paths(paths: tuple[str, ...], *, nul: bool) -> tuple[Corpus, Settings]:
    """Return the corpus of PATHs and its settings; ``-`` reads PATHs from standard input.

    The corpus is empty if standard input has no names.
    """
    names, workspace = read_names(paths, nul=nul), current_workspace()
    if paths and not names:
        return Corpus.of_files([]), workspace.settings_for(())
    return workspace.open(names)


def warn_unreadable(ui: Ui, messages: Sequence[str]) -> int:
    """Warn of cards that cannot be read; return the exit code, 1 if there are any: the result is partial."""
    for message in messages[:MAX_NAMED]:
        ui.warn(message)
    if len(messages) > MAX_NAMED:
        more = counted(len(messages) - MAX_NAMED, "more card")
        ui.warn(f"and {more} cannot be read; see `newscards validate`")
    return 1 if messages else 0


def _warn_interrupted(ui: Ui) -> None:
    """Warn, in a terminal, that an edit was interrupted: some of its cards may be written, and others not.

    A script gets no warning, which saves it the milliseconds of the check at every start.
    """
    if ui.quiet or ui.knows_interrupted or not sys.stderr.isatty():
        return
    ui.knows_interrupted = True
    from newscards.edits.journal import UNDOING, Journal
    from newscards.edits.transaction import find_interrupted, journal_folder, next_step

    if entry := find_interrupted(Journal(journal_folder())):
        ui.warn(
            f"edit {entry.number} was interrupted: perhaps only some of its cards are"
            f" {'taken back' if entry.state == UNDOING else 'written'}; {next_step(entry)}"
        )
