"""Write an edit that is in the journal, take it back, and finish one that was interrupted.

Each card is brought from the bytes before to those after by itself, several at once.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, TypeAlias

from newscards.edits.atomic import delete_leftovers, flush_folder, read_file, replace_file
from newscards.edits.journal import DONE, UNDOING, UNDONE, WRITING, CardEdit, Edit, Journal, JournalError
from newscards.edits.lock import DISK_FAILURES, edit_lock, lock_if_free, state_folder
from newscards.edits.patches import Patch, patched, sha256
from newscards.errors import EditRefusedError, system_reason
from newscards.text import counted, path_text

_THREADS = 4
"""How many cards are written at once: most of the time passes in waiting for the disk to flush."""

_MIN_CARDS_FOR_THREADS = 32
"""For how many cards that is worth its threads."""

CardError: TypeAlias = EditRefusedError | OSError
OnCard: TypeAlias = Callable[[CardEdit, CardError | None], None]
"""Is told of each card, once it is done: why it could not be, or None."""


class Outcome(NamedTuple):
    """How many cards were written; were so already; are others by now, or gone; could not be written."""

    written: int
    already: int
    changed: int
    failed: int


def _write_cards(
    edit: Edit,
    on_card: OnCard,
    orient: Callable[[CardEdit], CardEdit],
    changed: tuple[str, ...],
    *,
    already: bool = True,
) -> tuple[Outcome, Exception | None]:
    """Make each card_edit, as ``orient`` has it, and flush the folders; return what ``on_card`` first raised too.

    ``changed`` is how a card that has changed is refused, as the arguments of ``EditRefusedError``; with
    ``already=False``, ``on_card`` is not told of a card that is so already.

    A folder's leftover temporary files are deleted before the first one is made in it.
    """
    written = same = others = failed = 0
    swept: set[str] = set()
    raised: Exception | None = None

    def card_edits() -> Iterator[CardEdit]:
        for card_edit in edit.card_edits():
            folder = os.path.dirname(card_edit.path)
            if folder not in swept:
                swept.add(folder)
                delete_leftovers(folder)
            yield card_edit

    for card_edit, result in _try_each(
        card_edits(), edit.count, lambda card_edit: _try_to_write(orient(card_edit), changed)
    ):
        error = None if isinstance(result, bool) else result
        if result is True:
            written += 1
        elif result is False:
            same += 1
            if not already:
                continue
        elif isinstance(result, EditRefusedError) or is_gone(result):
            others += 1
        else:
            failed += 1
        try:
            on_card(card_edit, error)
        except Exception as error:
            raised = raised or error
    _flush(swept)
    return Outcome(written, same, others, failed), raised


def _try_each(
    card_edits: Iterator[CardEdit], count: int, attempt: Callable[[CardEdit], bool | CardError]
) -> Iterator[tuple[CardEdit, bool | CardError]]:
    """Yield each card_edit with what came of the attempt, in order; of many, several are attempted at once."""
    if count < _MIN_CARDS_FOR_THREADS:
        for card_edit in card_edits:
            yield card_edit, attempt(card_edit)
        return
    from concurrent.futures import Future, ThreadPoolExecutor

    waiting: deque[tuple[CardEdit, Future[bool | CardError]]] = deque()
    with ThreadPoolExecutor(_THREADS) as pool:
        for card_edit in card_edits:
            waiting.append((card_edit, pool.submit(attempt, card_edit)))
            if len(waiting) > 4 * _THREADS:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def _try_to_write(card_edit: CardEdit, changed: tuple[str, ...]) -> bool | CardError:
    """Do what ``_write_card`` does, and return what it raises for a card that cannot be brought there."""
    try:
        return _write_card(card_edit, changed)
    except (EditRefusedError, OSError) as error:
        return error


def _write_card(card_edit: CardEdit, changed: tuple[str, ...]) -> bool:
    """Bring a card from ``before`` to ``after``; return whether there was anything to do."""
    source = read_file(card_edit.path)
    found = sha256(source)
    if found == card_edit.after:
        return False
    if found != card_edit.before:
        raise EditRefusedError(*changed)
    new = patched(source, card_edit.patches)
    if sha256(new) != card_edit.after:
        raise EditRefusedError("the journal's patches do not make the card that was planned")
    replace_file(card_edit.path, new, old=source)
    return True


def is_gone(error: CardError | None) -> bool:
    """OnCard whether a file or its folder is no longer there."""
    return isinstance(error, FileNotFoundError | NotADirectoryError)


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


Notify: TypeAlias = Callable[[str], None]


_WRITE_HINT = "the next edit goes on with this one; `newscards undo` takes it back"
_UNDO_HINT = "the next edit, or another `newscards undo`, goes on with it"
"""What becomes of an edit that the journal did not let come to its end."""


@contextmanager
def editing(notice: Notify, warn: Notify, *, recovering: bool = True) -> Iterator[Journal]:
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


def write_card_edits(
    journal: Journal,
    command: str,
    card_edits: Iterable[CardEdit],
    on_card: OnCard = lambda card_edit, error: None,
    notice: Notify = lambda message: None,
) -> Outcome:
    """Put card_edits into the journal as one edit, then make it, as ``write``; call it under the edit lock."""
    with journal.draft(command) as draft:
        for card_edit in card_edits:
            draft.add(card_edit)
        return write(draft.seal(), on_card, notice)


def write(
    edit: Edit, on_card: OnCard = lambda card_edit, error: None, notice: Notify = lambda message: None
) -> Outcome:
    """Make an edit that was planned (``Draft.seal``), card by card; call it under the edit lock.

    A card that is no longer as it was planned for is refused; one that could not be written stays as it
    was; ``on_card`` is told of each, and the others are written. After a kill or a SystemExit the next run
    finishes the edit (``recover``). At a KeyboardInterrupt what was written is taken back, the edit
    deleted, and the interruption goes on; ``notice`` is told; a second one leaves that to the next run.

    What ``on_card`` raises does not stop the writing: the first such exception is raised when all is done.
    Raises ``JournalError`` where the journal or a folder cannot be written to the end: the next run tries.
    """
    try:
        edit.begun = True
        outcome = _write(edit, on_card)
    except KeyboardInterrupt:
        notice("interrupted: what was written is taken back")
        _roll_back(edit, notice)
        raise
    except JournalError as error:
        error.hint = _WRITE_HINT if edit.journal_folder else ""
        raise
    return outcome


def undo_edit(edit: Edit, on_card: OnCard = lambda card_edit, error: None) -> Outcome:
    """Take an edit back, card by card; call it under the edit lock.

    A card that has changed since is left alone, and ``on_card`` is not told of one that is as it was, for the
    edit did not come to it, or could not write it. Otherwise as ``write``, but where a card could not be
    written the edit stays unfinished, and so it does when interrupted: the next run tries again. Where all
    cards have changed, the edit counts as done as before.
    """
    try:
        edit.change_state(UNDOING)
    except JournalError as error:
        hint = _UNDO_HINT if edit.state == UNDOING else ""  # else there was nothing begun
        raise JournalError("nothing was taken back", str(error), hint) from error
    try:
        outcome, raised = _write_cards(edit, on_card, _inverse, ("it has changed since",), already=False)
        if not outcome.failed:  # what has changed altogether can be tried again, once it is as it was
            edit.change_state(DONE if outcome.changed and not outcome.written else UNDONE)
    except JournalError as error:
        error.hint = _UNDO_HINT if edit.journal_folder else ""
        raise
    if raised:
        raise raised
    return outcome


def recover(journal: Journal, report: Notify) -> None:
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
        if not isinstance(cause, OSError) or cause.errno in DISK_FAILURES:
            raise
        journal.give_up_folder(cause)
        return
    for edit in pending:
        try:
            _finish(edit, report)
        except JournalError as error:
            report(f"{_name(edit)} was interrupted, and cannot be finished now: {error}")


def find_interrupted(journal: Journal) -> Edit | None:
    """Return an edit that was interrupted and awaits the next one, for a command that only reads.

    Nothing is written. One that somebody is writing just now is not interrupted.
    """
    if not _waiting(journal):
        return None
    with lock_if_free() as free:
        return _waiting(journal) if free else None


def _waiting(journal: Journal) -> Edit | None:
    return next((edit for edit in journal.edits() if edit.state in (WRITING, UNDOING)), None)


def _write(edit: Edit, on_card: OnCard, *, keep_unfinished: bool = False) -> Outcome:
    """Make an edit; with ``keep_unfinished`` it stays unfinished where a card could not be written."""
    outcome, raised = _write_cards(
        edit, on_card, _unchanged, ("the card was changed by something else", "run it again")
    )
    if not (keep_unfinished and outcome.failed):
        if outcome.written or outcome.already:
            edit.change_state(DONE)
        else:
            edit.delete()
    if raised:
        raise raised
    return outcome


def _roll_back(edit: Edit, notice: Notify) -> None:
    def on_card(card_edit: CardEdit, error: CardError | None) -> None:
        if error and not is_gone(error):
            notice(f"{path_text(card_edit.path)}: {system_reason(error)}")

    if not edit.change_state(UNDOING):
        return  # it was deleted already, for not a single card was written
    outcome, _ = _write_cards(edit, on_card, _inverse, ("left alone: it was changed by something else",))
    if not outcome.failed:
        edit.delete()


def _finish(edit: Edit, report: Notify) -> None:
    lines: list[str] = []

    def on_card(card_edit: CardEdit, error: CardError | None) -> None:
        if error:
            failed = isinstance(error, OSError) and not is_gone(error)
            what = "not written" if failed else "left alone"
            lines.append(f"{path_text(card_edit.path)}: {what}: {system_reason(error)}")

    if edit.state == WRITING:
        outcome = _write(edit, on_card, keep_unfinished=True)
        word, hint = "finished", f"; `newscards undo {edit.number}` takes it back"
    else:
        outcome = undo_edit(edit, on_card)
        word, hint = "taken back", ""
    left = edit.count - outcome.already
    remaining = f"{counted(left, 'card')} of {edit.count:,} {'was' if left == 1 else 'were'} still to be done"
    message = f"{_name(edit)} was interrupted: {remaining}"
    if outcome.failed:
        report(f"{message}, and {outcome.failed:,} still cannot be written; the next run will try again")
    else:
        report(f"{message}; it is {word} now{hint}")
    for line in lines:
        report(line)


def _name(edit: Edit) -> str:
    return f"`newscards {edit.command}` of {edit.when:%Y-%m-%d %H:%M} UTC"


def _unchanged(card_edit: CardEdit) -> CardEdit:
    return card_edit


def _inverse(card_edit: CardEdit) -> CardEdit:
    """Return the card_edit that takes a card_edit back."""
    path, before, after, patches, told = card_edit
    return CardEdit(
        path, after, before, tuple(Patch(at, new, old) for at, old, new in reversed(patches)), told
    )
