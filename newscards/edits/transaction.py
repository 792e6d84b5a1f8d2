"""Edits of the journal: written, undone, or finished after an interruption.

Each card is replaced on its own, several of them at the same time.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Container, Generator, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from newscards.edits.atomic import (
    IrreplaceableError,
    create_file,
    delete_file,
    delete_leftovers,
    flush_folder,
    read_file,
    replace_file,
)
from newscards.edits.in_place import overwrite_file, restore_torn_cards
from newscards.edits.journal import (
    ABSENT,
    DONE,
    LIMIT_VARIABLE,
    PARTLY_UNDONE,
    UNDOING,
    UNDONE,
    WRITING,
    CardEdit,
    Edit,
    Journal,
    JournalError,
)
from newscards.edits.lock import DISK_FAILURES, NO_STATE, edit_lock, lock_if_free
from newscards.edits.patches import Patch, patched, sha256
from newscards.errors import EditRefusedError, system_reason
from newscards.layout import state_folder
from newscards.text import counted, path_text

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

_THREADS = 4
"""The number of cards written at the same time: most of the time is spent waiting for the disk to flush."""

_MIN_CARDS_FOR_THREADS = 32
"""The number of cards from which on threads are worth starting."""

CardError: TypeAlias = EditRefusedError | OSError

OnCard: TypeAlias = Callable[[CardEdit, CardError | None], None]
"""Called for each card once it is done, with the error, or None where it succeeded."""

Notify: TypeAlias = Callable[[str], None]


class Outcome(NamedTuple):
    """The numbers of cards written, already as wanted, changed by others or gone, and not writable.

    ``irreplaceable`` is the number of those that can be written only in place.
    """

    written: int
    already: int
    changed: int
    failed: int
    irreplaceable: int = 0


def journal_folder() -> str:
    """Return the journal's folder, which need not exist yet; empty where the user has no home."""
    folder = state_folder()
    return os.path.join(folder, "journal") if folder else ""


def stored_journal(warn: Notify) -> Journal:
    """Return the journal, to read it; raises ``JournalError`` where the user has no home."""
    if not (folder := journal_folder()):
        raise JournalError("the journal cannot be used", NO_STATE)
    return Journal(folder, warn)


@contextmanager
def editing(notice: Notify, warn: Notify) -> Iterator[Journal]:
    """Finish interrupted edits, then yield the journal while holding the edit lock.

    Whatever an edit reads must be read inside. ``notice`` gets the messages of ``lock.edit_lock``, and at the
    end which edits were dropped from the journal; ``warn`` gets those of ``recover``, and why there is no
    lock. Without a lock the journal stays in memory, because two processes that write it at once would damage
    it. Raises ``NewscardsError``.
    """
    with edit_lock(notice) as obstacle:
        if obstacle:
            warn(f"no undo, and no lock against a second newscards: {obstacle}")
        journal = Journal("" if obstacle else journal_folder(), warn)
        recover(journal, warn)
        yield journal
        _prune(journal, notice)


@contextmanager
def undoing(notice: Notify, warn: Notify) -> Iterator[Journal]:
    """Yield the journal while holding the edit lock, for ``undo_edit``.

    It works like ``editing``, but interrupted edits are not finished: the last edit is undone whether it was
    interrupted or not. Raises ``NewscardsError``, also where the journal cannot be used.
    """
    with edit_lock(notice) as obstacle:
        if obstacle:
            raise JournalError("nothing was taken back: the journal cannot be used", obstacle)
        journal = Journal(journal_folder(), warn)
        journal.clear_drafts()
        restore_torn_cards(journal.folder, warn)
        yield journal
        _prune(journal, notice)


def _prune(journal: Journal, notice: Notify) -> None:
    """Delete the oldest edits if the journal is large; report those that could have been undone."""
    max_mib = journal.max_mib()
    if dropped := journal.prune(max_mib << 20):
        newest, oldest = dropped[0], dropped[-1]
        numbers = f"{counted(len(dropped), 'edit')} (numbers {oldest} to {newest})"
        what = f"{numbers} are" if newest != oldest else f"edit {newest} is"
        notice(
            f"{what} no longer in the journal, which reached {max_mib:,} MiB, and cannot be taken back; "
            f"${LIMIT_VARIABLE} sets how many MiB it keeps"
        )


def write_card_edits(
    journal: Journal,
    command: str,
    card_edits: Iterable[CardEdit],
    on_card: OnCard = lambda card_edit, error: None,
    notice: Notify = lambda message: None,
    *,
    in_place: bool = False,
) -> Outcome:
    """Put card edits into the journal as one edit and ``write`` it; call this under the edit lock."""
    with journal.draft(command, in_place=in_place) as draft:
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
    ``JournalError`` where the journal or a folder cannot be written; then the next run finishes the edit. It
    is raised, too, where the edit is no longer in the journal at the end: then it cannot be undone.
    """
    started: set[str] = set()
    try:
        edit.begun = True
        return _write(edit, on_card, started)
    except KeyboardInterrupt as interrupt:
        _reverse(edit, started, interrupt, notice, is_undo=False)
        raise
    except JournalError as error:
        error.hint = next_step(edit)
        raise


def undo_edit(
    edit: Edit,
    on_card: OnCard = lambda card_edit, error: None,
    notice: Notify = lambda message: None,
    *,
    in_place: bool = False,
) -> Outcome:
    """Undo an edit, card by card; call this under the edit lock.

    A card that has changed since is left alone. ``on_card`` is not called for a card that the edit did not
    write. Otherwise this works like ``write``: at a KeyboardInterrupt the cards get the edit's bytes again,
    and the edit stays done; one that was unfinished before stays as it is at that moment. Where a card cannot
    be written, the edit stays unfinished, and the next run tries again. Where some cards have changed, or can
    be written only ``in_place``, the edit is partly undone, and where none is undone, it stays done.
    """
    before, started = edit.state, set[str]()
    try:
        if not edit.change_state(UNDOING):
            raise _gone(edit)
    except JournalError as error:
        hint = next_step(edit) if edit.state == UNDOING else ""  # otherwise the undoing has not begun
        raise JournalError("nothing was taken back", str(error), hint) from error
    except KeyboardInterrupt:
        edit.change_state(before)
        raise
    try:
        outcome, raised = _write_cards(
            edit,
            on_card,
            _inverse,
            ("it has changed since",),
            started,
            report_already=False,
            in_place=in_place,
        )
        if not outcome.failed:
            left = outcome.changed or outcome.irreplaceable
            some = outcome.written or outcome.already or before in (PARTLY_UNDONE, UNDONE)
            if not edit.change_state(UNDONE if not left else PARTLY_UNDONE if some else DONE):
                raise _gone(edit)
    except KeyboardInterrupt as interrupt:
        if before == DONE:
            _reverse(edit, started, interrupt, notice, is_undo=True, in_place=in_place)
        else:
            edit.change_state(before)
            notice(f"interrupted: {counted(len(started), 'card')} taken back; {next_step(edit)}")
        raise
    except JournalError as error:
        error.hint = next_step(edit)
        raise
    if raised:
        raise raised
    return outcome


def recover(journal: Journal, report: Notify) -> None:
    """Finish the edits that were interrupted; call this under the edit lock, before any other edit.

    Drafts are deleted, and torn cards restored. An edit that was being written is written, one that was being
    undone is undone; ``report`` gets messages about the edit, the number of cards that were still to be done,
    and the cards that are left alone. Where cards still cannot be written, the edit stays for the next run.
    So it does at a KeyboardInterrupt. If the journal cannot be read, editing goes on without it; on a full or
    broken disk ``JournalError`` is raised.
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
    restore_torn_cards(journal.folder, report)
    for edit in pending:
        try:
            _finish(edit, report)
        except JournalError as error:
            report(f"{_name(edit)} was interrupted, and cannot be finished now: {error}")
        except KeyboardInterrupt:
            if edit.state in (WRITING, UNDOING):
                report(f"{_name(edit)} is still unfinished: {next_step(edit)}")
            raise


def find_interrupted(journal: Journal) -> Edit | None:
    """Return an interrupted edit, or None, for a command that only reads; writes nothing.

    An edit that another process is writing at the moment is not interrupted. None, too, where the journal
    cannot be read: to read cards does not need it.
    """
    with suppress(JournalError):
        if _first_unfinished(journal):
            with lock_if_free() as free:
                return _first_unfinished(journal) if free else None
    return None


def is_gone(error: CardError | None) -> bool:
    """Return whether the error says that a file or its folder is gone."""
    return isinstance(error, FileNotFoundError | NotADirectoryError)


def _first_unfinished(journal: Journal) -> Edit | None:
    return next((edit for edit in journal.edits() if edit.state in (WRITING, UNDOING)), None)


class _StillWriting(KeyboardInterrupt):
    """A second interrupt, while cards were still being written in threads."""


def _write(edit: Edit, on_card: OnCard, started: set[str], *, keep_unfinished: bool = False) -> Outcome:
    """Write an edit; with ``keep_unfinished`` it stays unfinished where a card could not be written."""
    outcome, raised = _write_cards(
        edit, on_card, _unchanged, ("the card was changed by something else", "run it again"), started
    )
    if not (keep_unfinished and outcome.failed):
        if outcome.written or outcome.already:
            if not edit.change_state(DONE):
                raise _gone(edit, "no undo: ")
        elif keep_unfinished:
            edit.change_state(UNDONE)  # its number has been named to the user, and is not given again
        else:
            edit.delete()
    if raised:
        raise raised
    return outcome


def _gone(edit: Edit, prefix: str = "") -> JournalError:
    """Return the error for an edit whose file is no longer in the journal."""
    reason = f"{path_text(edit.journal_folder)} was deleted, moved or replaced meanwhile"
    return JournalError(f"{prefix}the edit is no longer in the journal", reason)


def next_step(edit: Edit) -> str:
    """Return a hint on how to go on with an unfinished edit, or back; empty if it is not in the journal."""
    with suppress(OSError):
        if edit.journal_folder and edit.exists():
            if edit.state == WRITING:
                return f"the next edit goes on with this one; `newscards undo {edit.number}` takes it back"
            nexts = "the next edit, or " if edit.state == UNDOING else ""
            return f"{nexts}`newscards undo {edit.number}` takes the rest back"
    return ""


def _reverse(
    edit: Edit,
    started: set[str],
    interrupt: KeyboardInterrupt,
    notice: Notify,
    *,
    is_undo: bool,
    in_place: bool = False,
) -> None:
    """Reverse what a ``write``, or an ``undo_edit``, has begun with the cards of the paths in ``started``.

    After a ``write`` the edit is deleted then, after an ``undo_edit`` it is done. At a second interrupt, and
    where a card cannot be written, the next run goes on with it.
    """

    def on_card(card_edit: CardEdit, error: CardError | None) -> None:
        if error and not is_gone(error):
            notice(f"{path_text(card_edit.path)}: {system_reason(error)}")

    done, reversed_ = ("taken back", "written again") if is_undo else ("written", "taken back")
    try:
        if isinstance(interrupt, _StillWriting):
            raise interrupt
        if not started or edit.is_deleted:
            notice(f"interrupted: nothing was {done}")
        else:
            stays = "; the edit stays done" if is_undo else ""
            notice(f"interrupted: what was {done} is {reversed_}{stays}")
            if not edit.change_state(WRITING if is_undo else UNDOING):
                raise _gone(edit)
            outcome, _ = _write_cards(
                edit,
                on_card,
                _unchanged if is_undo else _inverse,
                ("left alone: it was changed by something else",),
                set(),
                only=started,
                in_place=in_place,
            )
            if outcome.failed:
                notice(f"{counted(outcome.failed, 'card')} could not be {reversed_}: {next_step(edit)}")
                return
        if is_undo:
            edit.change_state(DONE)
        else:
            edit.delete()
    except KeyboardInterrupt:
        notice(f"interrupted again: {next_step(edit)}")
        raise
    except JournalError as error:
        notice(f"it could not be {reversed_}: {error}")


def _finish(edit: Edit, report: Notify) -> None:
    lines: list[str] = []

    def on_card(card_edit: CardEdit, error: CardError | None) -> None:
        if error:
            failed = isinstance(error, OSError) and not is_gone(error)
            what = "not written" if failed else "left alone"
            lines.append(f"{path_text(card_edit.path)}: {what}: {system_reason(error)}")

    if edit.state == WRITING:
        outcome = _write(edit, on_card, set(), keep_unfinished=True)
        state = "finished"
        hint = f"; `newscards undo {edit.number}` takes it back" if edit.state == DONE else ""
    else:
        outcome = undo_edit(edit, on_card)
        state, hint = "taken back", ""
    if outcome.irreplaceable:
        hint = f"; `newscards undo {edit.number} --in-place` takes back what is left"
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
    started: set[str],
    *,
    report_already: bool = True,
    only: Container[str] | None = None,
    in_place: bool = False,
) -> tuple[Outcome, Exception | None]:
    """Write each card of an edit and flush the folders; return the first exception of ``on_card`` too.

    ``orient`` turns each card edit into the one to make: itself, or its inverse. ``changed`` are the
    arguments of the ``EditRefusedError`` for a card that has changed. ``started`` gets the paths of the cards
    whose writing begins. With ``report_already=False``, ``on_card`` is not called for a card that is already
    as wanted. ``only`` has the paths of the cards to write, if not all. Before the first card in a folder is
    written, temporary files that killed processes left there are deleted. Nothing is written any more once
    this has returned, or raised anything but ``_StillWriting``.
    """
    written = already_done = changed_cards = failed = irreplaceable = 0
    swept: set[str] = set()
    raised: Exception | None = None
    folder = edit.journal_folder if edit.in_place or in_place else ""

    def card_edits() -> Iterator[CardEdit]:
        for card_edit in edit.card_edits():
            if only is not None and card_edit.path not in only:
                continue
            card_folder = os.path.dirname(card_edit.path)
            if card_folder not in swept:
                swept.add(card_folder)
                delete_leftovers(card_folder)
            yield card_edit

    def attempt(card_edit: CardEdit) -> bool | CardError:
        try:
            return _write_card(orient(card_edit), changed, started, folder)
        except (EditRefusedError, OSError) as error:
            return error

    with closing(_try_each(card_edits(), edit.count, attempt)) as results:
        for card_edit, result in results:
            error = None if isinstance(result, bool) else result
            if result is True:
                written += 1
            elif result is False:
                already_done += 1
                if not report_already:
                    continue
            elif isinstance(result, EditRefusedError) or is_gone(result):
                changed_cards += 1
                irreplaceable += isinstance(result, IrreplaceableError)
            else:
                failed += 1
            try:
                on_card(card_edit, error)
            except Exception as exception:
                raised = raised or exception
    _flush(swept)
    return Outcome(written, already_done, changed_cards, failed, irreplaceable), raised


def _try_each(
    card_edits: Iterator[CardEdit], count: int, attempt: Callable[[CardEdit], bool | CardError]
) -> Generator[tuple[CardEdit, bool | CardError], None, None]:
    """Yield each card edit with the result of ``attempt``, in order; many are attempted in threads.

    When it is closed, no card is being written any more. At an interrupt while it waits for that, it raises
    ``_StillWriting``.
    """
    threads = _start_threads() if count >= _MIN_CARDS_FOR_THREADS else []
    waiting: deque[tuple[CardEdit, Future[bool | CardError]]] = deque()
    try:
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
    finally:
        try:
            for wait in (False, True):
                for thread in threads:
                    thread.shutdown(wait=wait, cancel_futures=True)
        except KeyboardInterrupt as interrupt:
            raise _StillWriting from interrupt


def _start_threads() -> list[ThreadPoolExecutor]:
    """Return up to ``_THREADS`` threads, as many as the system can start.

    Each is a pool of one, because a larger one starts threads when it gets work, and loses that if one fails.
    """
    from concurrent.futures import ThreadPoolExecutor

    threads: list[ThreadPoolExecutor] = []
    with suppress(RuntimeError):  # see RLIMIT_NPROC in setrlimit(2)
        for _ in range(_THREADS):
            thread = ThreadPoolExecutor(1)
            thread.submit(int).result()
            threads.append(thread)
    return threads


def _write_card(card_edit: CardEdit, changed: tuple[str, ...], started: set[str], folder: str) -> bool:
    """Write a card's bytes from ``before`` to ``after``; return whether there was anything to do.

    A file that is ``ABSENT`` before is created, and one that is so afterwards is deleted. With a ``folder``,
    the journal's, the file is overwritten in place.
    """
    source = _read_if_there(card_edit)
    current = ABSENT if source is None else sha256(source)
    if current == card_edit.after:
        return False
    if current != card_edit.before:
        if card_edit.before == ABSENT:
            raise EditRefusedError("there is a file of this name already")
        raise EditRefusedError(*changed)
    new = patched(source or b"", card_edit.patches)
    is_deleted = card_edit.after == ABSENT
    if new != b"" if is_deleted else sha256(new) != card_edit.after:
        raise EditRefusedError("the journal's patches do not make the card that was planned")
    started.add(card_edit.path)
    if source is None:
        create_file(card_edit.path, new)
    elif is_deleted:
        delete_file(card_edit.path, old=source)
    elif folder:
        overwrite_file(card_edit.path, new, old=source, folder=folder)
    else:
        replace_file(card_edit.path, new, old=source)
    return True


def hash_now(card_edit: CardEdit) -> str:
    """Return the hash of a card's file as it is now, ``ABSENT`` where there is none and need not be one.

    Raises ``EditRefusedError`` and ``OSError``.
    """
    source = _read_if_there(card_edit)
    return ABSENT if source is None else sha256(source)


def _read_if_there(card_edit: CardEdit) -> bytes | None:
    """Return the bytes of a card's file; ``None`` for a missing one that the edit creates or deletes."""
    try:
        return read_file(card_edit.path)
    except FileNotFoundError:
        if ABSENT in (card_edit.before, card_edit.after):
            return None
        raise


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
