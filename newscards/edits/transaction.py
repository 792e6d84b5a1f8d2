"""Edits of the journal: written, undone, or finished after an interruption.

Each card is replaced on its own, several of them at the same time.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from newscards.edits.atomic import delete_leftovers, flush_folder, read_file, replace_file
from newscards.edits.journal import DONE, UNDOING, UNDONE, WRITING, CardEdit, Edit, Journal, JournalError
from newscards.edits.lock import DISK_FAILURES, edit_lock, lock_if_free, state_folder
from newscards.edits.patches import Patch, patched, sha256
from newscards.errors import EditRefusedError, system_reason
from newscards.text import counted, path_text

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

_THREADS = 4
"""The number of cards written at the same time: most of the time is spent waiting for the disk to flush."""

_MIN_CARDS_FOR_THREADS = 32
"""The number of cards from which on threads are worth starting."""

_WRITE_HINT = "the next edit goes on with this one; `newscards undo` takes it back"

_UNDO_HINT = "the next edit, or another `newscards undo`, goes on with it"
"""The next step after an edit that could not be finished because of the journal."""

CardError: TypeAlias = EditRefusedError | OSError

OnCard: TypeAlias = Callable[[CardEdit, CardError | None], None]
"""Called for each card once it is done, with the error, or None where it succeeded."""

Notify: TypeAlias = Callable[[str], None]


class Outcome(NamedTuple):
    """The numbers of cards written, already as wanted, changed by others or gone, and not writable."""

    written: int
    already: int
    changed: int
    failed: int


def journal_folder() -> str:
    """Return the journal's folder, which need not exist yet."""
    return os.path.join(state_folder(), "journal")


@contextmanager
def editing(notice: Notify, warn: Notify, *, recovering: bool = True) -> Iterator[Journal]:
    """Finish interrupted edits, then yield the journal while holding the edit lock.

    Whatever an edit reads must be read inside. ``notice`` and ``warn`` get the messages of
    ``lock.edit_lock``, ``warn`` also those of ``recover``. Without a lock the journal stays in memory,
    because two processes that write it at once would damage it. ``recovering=False`` is for ``newscards
    undo``, which undoes the last edit whether it was interrupted or not. Raises ``NewscardsError``.
    """
    with edit_lock(notice, warn) as held:
        journal = Journal(journal_folder() if held else None, warn)
        if recovering:
            recover(journal, warn)
        yield journal
        journal.prune()


def write_card_edits(
    journal: Journal,
    command: str,
    card_edits: Iterable[CardEdit],
    on_card: OnCard = lambda card_edit, error: None,
    notice: Notify = lambda message: None,
) -> Outcome:
    """Put card edits into the journal as one edit and ``write`` it; call this under the edit lock."""
    with journal.draft(command) as draft:
        for card_edit in card_edits:
            draft.add(card_edit)
        return write(draft.seal(), on_card, notice)


def write(
    edit: Edit, on_card: OnCard = lambda card_edit, error: None, notice: Notify = lambda message: None
) -> Outcome:
    """Write the cards of a sealed edit (``Draft.seal``); call this under the edit lock.

    ``on_card`` is called for each card. A card that has changed since the plan is refused, one that cannot
    be written stays as it was, and the others are written. After a kill or a SystemExit the next run finishes
    the edit (``recover``). At a KeyboardInterrupt ``notice`` is called, the written cards are restored, the
    edit is deleted, and the exception goes on; a second interrupt leaves the restoring to the next run.

    An exception of ``on_card`` does not stop the writing: the first one is raised at the end. Raises
    ``JournalError`` where the journal or a folder cannot be written; then the next run finishes the edit.
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
    """Undo an edit, card by card; call this under the edit lock.

    A card that has changed since is left alone. ``on_card`` is not called for a card that the edit did not
    write. Otherwise this works like ``write``, except that where a card cannot be written, and at an
    interrupt, the edit stays unfinished and the next run tries again. Where all cards have changed, the edit
    stays done.
    """
    try:
        edit.change_state(UNDOING)
    except JournalError as error:
        hint = _UNDO_HINT if edit.state == UNDOING else ""  # otherwise the undoing has not begun
        raise JournalError("nothing was taken back", str(error), hint) from error
    try:
        outcome, raised = _write_cards(
            edit, on_card, _inverse, ("it has changed since",), report_already=False
        )
        if not outcome.failed:  # where all cards have changed, undoing can be tried again later
            edit.change_state(DONE if outcome.changed and not outcome.written else UNDONE)
    except JournalError as error:
        error.hint = _UNDO_HINT if edit.journal_folder else ""
        raise
    if raised:
        raise raised
    return outcome


def recover(journal: Journal, report: Notify) -> None:
    """Finish the edits that were interrupted; call this under the edit lock, before any other edit.

    Drafts are deleted. An edit that was being written is written, one that was being undone is undone;
    ``report`` gets messages about the edit, the number of cards that were still to be done, and the cards
    that are left alone. Where cards still cannot be written, the edit stays for the next run. If the journal
    cannot be read, editing goes on without it; on a full or broken disk ``JournalError`` is raised.
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
    """Return an interrupted edit, or None, for a command that only reads; writes nothing.

    An edit that another process is writing at the moment is not interrupted.
    """
    if not _first_unfinished(journal):
        return None
    with lock_if_free() as free:
        return _first_unfinished(journal) if free else None


def is_gone(error: CardError | None) -> bool:
    """Return whether the error says that a file or its folder is gone."""
    return isinstance(error, FileNotFoundError | NotADirectoryError)


def _first_unfinished(journal: Journal) -> Edit | None:
    return next((edit for edit in journal.edits() if edit.state in (WRITING, UNDOING)), None)


def _write(edit: Edit, on_card: OnCard, *, keep_unfinished: bool = False) -> Outcome:
    """Write an edit; with ``keep_unfinished`` it stays unfinished where a card could not be written."""
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
        return  # it was deleted already, because no card was written
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
        state, hint = "finished", f"; `newscards undo {edit.number}` takes it back"
    else:
        outcome = undo_edit(edit, on_card)
        state, hint = "taken back", ""
    left = edit.count - outcome.already
    remaining = f"{counted(left, 'card')} of {edit.count:,} {'was' if left == 1 else 'were'} still to be done"
    message = f"{_name(edit)} was interrupted: {remaining}"
    if outcome.failed:
        report(f"{message}, and {outcome.failed:,} still cannot be written; the next run will try again")
    else:
        report(f"{message}; it is {state} now{hint}")
    for line in lines:
        report(line)


def _name(edit: Edit) -> str:
    return f"`newscards {edit.command}` of {edit.when:%Y-%m-%d %H:%M} UTC"


def _unchanged(card_edit: CardEdit) -> CardEdit:
    return card_edit


def _inverse(card_edit: CardEdit) -> CardEdit:
    """Return the card edit that undoes a card edit."""
    path, before, after, patches, report = card_edit
    return CardEdit(
        path, after, before, tuple(Patch(at, new, old) for at, old, new in reversed(patches)), report
    )


def _write_cards(
    edit: Edit,
    on_card: OnCard,
    orient: Callable[[CardEdit], CardEdit],
    changed: tuple[str, ...],
    *,
    report_already: bool = True,
) -> tuple[Outcome, Exception | None]:
    """Write each card of an edit and flush the folders; return the first exception of ``on_card`` too.

    ``orient`` turns each card edit into the one to make: itself, or its inverse. ``changed`` are the
    arguments of the ``EditRefusedError`` for a card that has changed. With ``report_already=False``,
    ``on_card`` is not called for a card that is already as wanted. Before the first card in a folder is
    written, temporary files that killed processes left there are deleted.
    """
    written = already_done = changed_cards = failed = 0
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
            already_done += 1
            if not report_already:
                continue
        elif isinstance(result, EditRefusedError) or is_gone(result):
            changed_cards += 1
        else:
            failed += 1
        try:
            on_card(card_edit, error)
        except Exception as exception:
            raised = raised or exception
    _flush(swept)
    return Outcome(written, already_done, changed_cards, failed), raised


def _try_each(
    card_edits: Iterator[CardEdit], count: int, attempt: Callable[[CardEdit], bool | CardError]
) -> Iterator[tuple[CardEdit, bool | CardError]]:
    """Yield each card edit with the result of ``attempt``, in order; many are attempted in threads."""
    with ExitStack() as stack:
        threads = _start_threads(stack) if count >= _MIN_CARDS_FOR_THREADS else []
        waiting: deque[tuple[CardEdit, Future[bool | CardError]]] = deque()
        for number, card_edit in enumerate(card_edits):
            if not threads:
                yield card_edit, attempt(card_edit)
                continue
            waiting.append((card_edit, threads[number % len(threads)].submit(attempt, card_edit)))
            if len(waiting) > 4 * len(threads):
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def _start_threads(stack: ExitStack) -> list[ThreadPoolExecutor]:
    """Return up to ``_THREADS`` threads, as many as the system can start; ``stack`` ends them.

    Each is a pool of one, because a larger one starts threads when it gets work, and loses that if one fails.
    """
    from concurrent.futures import ThreadPoolExecutor

    threads: list[ThreadPoolExecutor] = []
    with suppress(RuntimeError):  # see RLIMIT_NPROC in setrlimit(2)
        for _ in range(_THREADS):
            thread = ThreadPoolExecutor(1)
            thread.submit(int).result()
            threads.append(stack.enter_context(thread))
    return threads


def _try_to_write(card_edit: CardEdit, changed: tuple[str, ...]) -> bool | CardError:
    """Call ``_write_card``, and return its error instead of raising it."""
    try:
        return _write_card(card_edit, changed)
    except (EditRefusedError, OSError) as error:
        return error


def _write_card(card_edit: CardEdit, changed: tuple[str, ...]) -> bool:
    """Replace a card's bytes from ``before`` to ``after``; return whether there was anything to do."""
    source = read_file(card_edit.path)
    current = sha256(source)
    if current == card_edit.after:
        return False
    if current != card_edit.before:
        raise EditRefusedError(*changed)
    new = patched(source, card_edit.patches)
    if sha256(new) != card_edit.after:
        raise EditRefusedError("the journal's patches do not make the card that was planned")
    replace_file(card_edit.path, new, old=source)
    return True


def _flush(folders: set[str]) -> None:
    """Flush all folders, then raise ``JournalError`` if one failed; the edit stays unfinished then."""
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
