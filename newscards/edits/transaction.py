"""Write an edit that is in the journal, take it back, and finish one that was interrupted.

Each card is brought from the bytes before to those after by itself, several at once.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from newscards.edits.atomic import flush_folder, read_file, replace_file, sweep
from newscards.edits.journal import DONE, UNDOING, UNDONE, WRITING, CardEdit, Edit, Journal, JournalError
from newscards.edits.lock import FULL, edit_lock, lock_if_free, state_folder
from newscards.edits.patches import Patch, patched, sha256
from newscards.errors import EditRefusedError, system_reason
from newscards.text import counted, path_text

_AT_ONCE = 4
"""How many cards are written at once: most of the time passes in waiting for the disk to flush."""

_MANY = 32
"""For how many cards that is worth its threads."""

Trouble: TypeAlias = EditRefusedError | OSError
Tell: TypeAlias = Callable[[CardEdit, Trouble | None], None]
"""Is told of each card, once it is done: why it could not be, or None."""


class Outcome(NamedTuple):
    """How many cards were written; were so already; are others by now, or gone; could not be written."""

    written: int
    already: int
    changed: int
    failed: int


def bring(
    entry: Edit,
    tell: Tell,
    turned: Callable[[CardEdit], CardEdit],
    changed: tuple[str, ...],
    *,
    already: bool = True,
) -> tuple[Outcome, Exception | None]:
    """Make each record, as ``turned`` has it, and flush the folders; return what ``tell`` first raised too.

    ``changed`` is how a card that has changed is refused, as the arguments of ``EditRefusedError``; with
    ``already=False``, ``tell`` is not told of a card that is so already.

    A folder's leftover temporary files are deleted before the first one is made in it.
    """
    written = same = others = failed = 0
    swept: set[str] = set()
    raised: Exception | None = None

    def records() -> Iterator[CardEdit]:
        for record in entry.records():
            folder = os.path.dirname(record.path)
            if folder not in swept:
                swept.add(folder)
                sweep(folder)
            yield record

    for record, made in _attempts(records(), entry.count, lambda record: _attempt(turned(record), changed)):
        trouble = None if isinstance(made, bool) else made
        if made is True:
            written += 1
        elif made is False:
            same += 1
            if not already:
                continue
        elif isinstance(made, EditRefusedError) or is_gone(made):
            others += 1
        else:
            failed += 1
        try:
            tell(record, trouble)
        except Exception as error:
            raised = raised or error
    _flush(swept)
    return Outcome(written, same, others, failed), raised


def _attempts(
    records: Iterator[CardEdit], count: int, attempt: Callable[[CardEdit], bool | Trouble]
) -> Iterator[tuple[CardEdit, bool | Trouble]]:
    """Yield each record with what came of the attempt, in order; of many, several are attempted at once."""
    if count < _MANY:
        for record in records:
            yield record, attempt(record)
        return
    from concurrent.futures import Future, ThreadPoolExecutor

    waiting: deque[tuple[CardEdit, Future[bool | Trouble]]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for record in records:
            waiting.append((record, pool.submit(attempt, record)))
            if len(waiting) > 4 * _AT_ONCE:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def _attempt(record: CardEdit, changed: tuple[str, ...]) -> bool | Trouble:
    """Do what ``_make`` does, and return what it raises for a card that cannot be brought there."""
    try:
        return _make(record, changed)
    except (EditRefusedError, OSError) as error:
        return error


def _make(record: CardEdit, changed: tuple[str, ...]) -> bool:
    """Bring a card from ``before`` to ``after``; return whether there was anything to do."""
    source = read_file(record.path)
    found = sha256(source)
    if found == record.after:
        return False
    if found != record.before:
        raise EditRefusedError(*changed)
    new = patched(source, record.patches)
    if sha256(new) != record.after:
        raise EditRefusedError("the journal's patches do not make the card that was planned")
    replace_file(record.path, new, old=source)
    return True


def is_gone(trouble: Trouble | None) -> bool:
    """Tell whether a file or its folder is no longer there."""
    return isinstance(trouble, FileNotFoundError | NotADirectoryError)


def _flush(folders: set[str]) -> None:
    """Flush all folders, those after a failing one too; then raise ``JournalError``: it stays unfinished."""
    failed: tuple[str, OSError] | None = None
    for folder in sorted(folders):
        try:
            flush_folder(folder)
        except OSError as error:
            failed = failed or (folder, error)
    if failed:
        folder, cause = failed
        message = f"what was written may not survive a power cut: {path_text(folder)} cannot be flushed"
        raise JournalError(message, cause.strerror or str(cause)) from cause


Say: TypeAlias = Callable[[str], None]


_LATER = "the next edit goes on with this one; `newscards undo` takes it back"
_AGAIN = "the next edit, or another `newscards undo`, goes on with it"
"""What becomes of an edit that the journal did not let come to its end."""


@contextmanager
def editing(notice: Say, warn: Say, *, recovering: bool = True) -> Iterator[Journal]:
    """Hold the edit lock and yield the journal, after what was interrupted is done to its end.

    All that is read for an edit is to be read in here. ``notice`` and ``warn`` are told what
    ``lock.edit_lock`` tells; ``warn`` also what ``recover`` reports. Without a lock the journal is in
    memory alone: two that write it at once would spoil it. ``recovering=False`` is for ``newscards undo``,
    which takes the last edit back whether it was interrupted or not. Raises ``NewscardsError``.
    """
    with edit_lock(notice, warn) as held:
        journal = Journal(journal_folder() if held else None, warn)
        if recovering:
            recover(journal, warn)
        yield journal
        journal.prune()


def journal_folder() -> str:
    """Return the journal's folder, which need not exist yet."""
    return os.path.join(state_folder(), "journal")


def write_records(
    journal: Journal,
    command: str,
    records: Iterable[CardEdit],
    tell: Tell = lambda record, trouble: None,
    notice: Say = lambda message: None,
) -> Outcome:
    """Put records into the journal as one edit, then make it, as ``write``; call it under the edit lock."""
    with journal.draft(command) as draft:
        for record in records:
            draft.add(record)
        return write(draft.seal(), tell, notice)


def write(
    entry: Edit, tell: Tell = lambda record, trouble: None, notice: Say = lambda message: None
) -> Outcome:
    """Make an edit that was planned (``Draft.seal``), card by card; call it under the edit lock.

    A card that is no longer as it was planned for is refused; one that could not be written stays as it
    was; ``tell`` is told of each, and the others are written. After a kill or a SystemExit the next run
    finishes the edit (``recover``). At a KeyboardInterrupt what was written is taken back, the entry
    deleted, and the interruption goes on; ``notice`` is told; a second one leaves that to the next run.

    What ``tell`` raises does not stop the writing: the first such exception is raised when all is done.
    Raises ``JournalError`` where the journal or a folder cannot be written to the end: the next run tries.
    """
    try:
        entry.begun = True
        outcome = _write(entry, tell)
    except KeyboardInterrupt:
        notice("interrupted: what was written is taken back")
        _withdraw(entry, notice)
        raise
    except JournalError as error:
        error.hint = _LATER if entry.place else ""
        raise
    return outcome


def take_back(entry: Edit, tell: Tell = lambda record, trouble: None) -> Outcome:
    """Take an edit back, card by card; call it under the edit lock.

    A card that has changed since is left alone, and ``tell`` is not told of one that is as it was, for the
    edit did not come to it, or could not write it. Otherwise as ``write``, but where a card could not be
    written the entry stays unfinished, and so it does when interrupted: the next run tries again. Where all
    cards have changed, the edit counts as done as before.
    """
    try:
        entry.becomes(UNDOING)
    except JournalError as error:
        hint = _AGAIN if entry.state == UNDOING else ""  # else there was nothing begun
        raise JournalError("nothing was taken back", str(error), hint) from error
    try:
        outcome, raised = bring(entry, tell, _taken_back, ("it has changed since",), already=False)
        if not outcome.failed:  # what has changed altogether can be tried again, once it is as it was
            entry.becomes(DONE if outcome.changed and not outcome.written else UNDONE)
    except JournalError as error:
        error.hint = _AGAIN if entry.place else ""
        raise
    if raised:
        raise raised
    return outcome


def recover(journal: Journal, report: Say) -> None:
    """Do to its end what other runs have begun; call it under the edit lock, before any other edit.

    What was being planned is dropped. What was being written is written, what was being taken back is
    taken back; ``report`` is told which edit it was, how many cards were still to be done and which are
    left alone. Where cards still cannot be written, the edit stays for the next run. A journal that may
    not be read is given up, so that editing goes on; on a broken disk ``JournalError`` is raised.
    """
    try:
        journal.clear_drafts()
        pending = journal.pending()
    except JournalError as error:
        cause = error.__cause__
        if not isinstance(cause, OSError) or cause.errno in FULL:
            raise
        journal.give_up(cause)
        return
    for entry in pending:
        try:
            _finish(entry, report)
        except JournalError as error:
            report(f"{_name(entry)} was interrupted, and cannot be finished now: {error}")


def interrupted(journal: Journal) -> Edit | None:
    """Return an edit that was interrupted and awaits the next one, for a command that only reads.

    Nothing is written. One that somebody is writing just now is not interrupted.
    """
    if not _waiting(journal):
        return None
    with lock_if_free() as free:
        return _waiting(journal) if free else None


def _waiting(journal: Journal) -> Edit | None:
    return next((entry for entry in journal.entries() if entry.state in (WRITING, UNDOING)), None)


def _write(entry: Edit, tell: Tell, *, stay: bool = False) -> Outcome:
    """Make an edit; with ``stay`` it stays unfinished where a card could not be written."""
    outcome, raised = bring(
        entry, tell, _as_it_is, ("the card was changed by something else", "run it again")
    )
    if not (stay and outcome.failed):
        if outcome.written or outcome.already:
            entry.becomes(DONE)
        else:
            entry.delete()
    if raised:
        raise raised
    return outcome


def _withdraw(entry: Edit, notice: Say) -> None:
    def tell(record: CardEdit, trouble: Trouble | None) -> None:
        if trouble and not is_gone(trouble):
            notice(f"{path_text(record.path)}: {system_reason(trouble)}")

    if not entry.becomes(UNDOING):
        return  # it was deleted already, for not a single card was written
    outcome, _ = bring(entry, tell, _taken_back, ("left alone: it was changed by something else",))
    if not outcome.failed:
        entry.delete()


def _finish(entry: Edit, report: Say) -> None:
    lines: list[str] = []

    def tell(record: CardEdit, trouble: Trouble | None) -> None:
        if trouble:
            failed = isinstance(trouble, OSError) and not is_gone(trouble)
            what = "not written" if failed else "left alone"
            lines.append(f"{path_text(record.path)}: {what}: {system_reason(trouble)}")

    if entry.state == WRITING:
        outcome = _write(entry, tell, stay=True)
        word, hint = "finished", f"; `newscards undo {entry.number}` takes it back"
    else:
        outcome = take_back(entry, tell)
        word, hint = "taken back", ""
    left = entry.count - outcome.already
    to_do = f"{counted(left, 'card')} of {entry.count:,} {'was' if left == 1 else 'were'} still to be done"
    message = f"{_name(entry)} was interrupted: {to_do}"
    if outcome.failed:
        report(f"{message}, and {outcome.failed:,} still cannot be written; the next run will try again")
    else:
        report(f"{message}; it is {word} now{hint}")
    for line in lines:
        report(line)


def _name(entry: Edit) -> str:
    return f"`newscards {entry.command}` of {entry.when:%Y-%m-%d %H:%M} UTC"


def _as_it_is(record: CardEdit) -> CardEdit:
    return record


def _taken_back(record: CardEdit) -> CardEdit:
    """Return the record that takes a record back."""
    path, before, after, patches, told = record
    return CardEdit(
        path, after, before, tuple(Patch(at, new, old) for at, old, new in reversed(patches)), told
    )
