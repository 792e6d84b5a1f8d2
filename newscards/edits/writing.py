"""Bring the cards of an edit from the bytes before to those after, each by itself, several at once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

from newscards.edits.atomic import flush_folder, read_file, replace_file, sweep
from newscards.edits.entries import Entry, JournalError, Record
from newscards.edits.patches import digest, patched
from newscards.errors import EditRefusedError
from newscards.text import path_text

_AT_ONCE = 4
"""How many cards are written at once: most of the time passes in waiting for the disk to flush."""

_MANY = 32
"""For how many cards that is worth its threads."""

Trouble: TypeAlias = EditRefusedError | OSError
Tell: TypeAlias = Callable[[Record, Trouble | None], None]
"""Is told of each card, once it is done: why it could not be, or None."""


class Outcome(NamedTuple):
    """How many cards were written; were so already; are others by now, or gone; could not be written."""

    written: int
    already: int
    changed: int
    failed: int


def bring(
    entry: Entry,
    tell: Tell,
    turned: Callable[[Record], Record],
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

    def records() -> Iterator[Record]:
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
    records: Iterator[Record], count: int, attempt: Callable[[Record], bool | Trouble]
) -> Iterator[tuple[Record, bool | Trouble]]:
    """Yield each record with what came of the attempt, in order; of many, several are attempted at once."""
    if count < _MANY:
        for record in records:
            yield record, attempt(record)
        return
    from concurrent.futures import Future, ThreadPoolExecutor

    waiting: deque[tuple[Record, Future[bool | Trouble]]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for record in records:
            waiting.append((record, pool.submit(attempt, record)))
            if len(waiting) > 4 * _AT_ONCE:
                first, future = waiting.popleft()
                yield first, future.result()
        for first, future in waiting:
            yield first, future.result()


def _attempt(record: Record, changed: tuple[str, ...]) -> bool | Trouble:
    """Do what ``_make`` does, and return what it raises for a card that cannot be brought there."""
    try:
        return _make(record, changed)
    except (EditRefusedError, OSError) as error:
        return error


def _make(record: Record, changed: tuple[str, ...]) -> bool:
    """Bring a card from ``before`` to ``after``; return whether there was anything to do."""
    source = read_file(record.path)
    found = digest(source)
    if found == record.after:
        return False
    if found != record.before:
        raise EditRefusedError(*changed)
    new = patched(source, record.patches)
    if digest(new) != record.after:
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
