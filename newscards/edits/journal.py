"""The journal: the last edits, in the user's state folder, so that each can be taken back.

An edit is a file of JSON lines, whose name's ending is the state of the edit.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import IO, Any, NamedTuple

from newscards import clock
from newscards.edits.atomic import flush_folder, write_all
from newscards.edits.lock import DISK_FAILURES
from newscards.edits.patches import Patch
from newscards.errors import NewscardsError
from newscards.text import path_text

VERSION = 1
DRAFT, WRITING, DONE, UNDOING, UNDONE, DAMAGED = "draft", "writing", "done", "undoing", "undone", "damaged"
STATES = (WRITING, DONE, UNDOING, UNDONE, DRAFT, DAMAGED)
STATE_NAMES = {DONE: "done", WRITING: "interrupted", UNDOING: "half taken back", UNDONE: "taken back"}
"""What people call the states of an edit."""
_MAX_HEADER_BYTES = _MAX_TRAILER_BYTES = 1 << 16
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)
"""What JSON that is none of ours raises while it is taken apart."""


class JournalError(NewscardsError):
    """The journal cannot be written or read.

    ``strerror`` is what of it, and the system's word for it; it is called as that of an ``OSError``.
    """

    def __init__(self, message: str, reason: str, hint: str = "") -> None:
        super().__init__(f"{message}: {reason}", hint)
        self.strerror = reason


class CardEdit(NamedTuple):
    """What an edit does to one card.

    ``path`` is the absolute real path; ``before`` and ``after`` are the digests of the whole file
    (``patches.digest``); ``told`` are JSON values that the command wants to report later.
    """

    path: str
    before: str
    after: str
    patches: tuple[Patch, ...]
    report: Mapping[str, Any]


def card_edit_line(card_edit: CardEdit) -> bytes:
    """Return a card_edit as a line of ASCII JSON: each byte of a card is the character of its number."""
    patches = [
        (offset, old.decode("latin-1"), new.decode("latin-1")) for offset, old, new in card_edit.patches
    ]
    return _line(
        {"path": card_edit.path, "before": card_edit.before, "after": card_edit.after, "patches": patches}
        | {"told": dict(card_edit.report)}
    )


def header_line(command: str, when: datetime, folder: str) -> bytes:
    """Return the first line of an edit."""
    return _line({"version": VERSION, "command": command, "when": when.isoformat(), "folder": folder})


def trailer_line(count: int, lines_sha256: str) -> bytes:
    """Return the last line: how many cards, and the SHA-256 of all lines before, which proves them whole."""
    return _line({"cards": count, "digest": lines_sha256})


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _card_edit(line: bytes) -> CardEdit:
    found = json.loads(line)
    patches = tuple(
        Patch(int(offset), old.encode("latin-1"), new.encode("latin-1"))
        for offset, old, new in found["patches"]
    )
    path = found["path"]
    if b"\0" in os.fsencode(path) or not os.path.isabs(path):
        raise ValueError("no path")
    return CardEdit(path, str(found["before"]), str(found["after"]), patches, dict(found["told"]))


@dataclass
class Edit:
    """An edit in the journal. ``state`` is ``writing``, ``done``, ``undoing`` or ``undone``.

    ``when`` is in UTC, ``folder`` the current one of the command, ``count`` that of its cards. ``journal_folder`` is
    the journal's folder; empty where there is none, and the edit is in memory alone (``lines``). ``begun``
    tells that its writing has: a card may be another by now.
    """

    number: int
    command: str
    when: datetime
    folder: str
    state: str
    count: int
    journal_folder: str
    lines: Sequence[bytes] = ()
    begun: bool = False

    def path(self, state: str) -> str:
        """Return the file that the edit is in, in a state."""
        return edit_path(self.journal_folder, self.number, state)

    def card_edits(self) -> Iterator[CardEdit]:
        """Yield what the edit does to each card, in its order; raises ``JournalError``.

        Read as they are needed, so that memory does not grow with their number.
        """
        if not self.journal_folder:
            yield from map(_card_edit, self.lines)
            return
        try:
            with _open(self.path(self.state)) as file:
                file.readline()
                for _ in range(self.count):
                    yield _card_edit(file.readline())  # an empty one, at the file's end, is no card_edit
        except OSError as error:
            raise journal_error("read", self.path(self.state), error) from error
        except _MALFORMED as error:
            damaged = f"{path_text(self.path(self.state))} is damaged"
            raise JournalError("the journal cannot be read", damaged) from error

    def is_intact(self) -> bool:
        """Tell whether all lines are those that were written; raises ``OSError``."""
        if not self.journal_folder:
            return True
        checksum = hashlib.sha256()
        with _open(self.path(self.state)) as file:
            for _ in range(self.count + 1):
                if not (line := file.readline()):
                    return False
                checksum.update(line)
            return file.readline() == trailer_line(self.count, checksum.hexdigest()) and not file.readline(1)

    def change_state(self, state: str) -> bool:
        """Put the edit into another state, which survives a power cut; raises ``JournalError``.

        An interruption may have come between the renaming and the noting of it: then the file is found
        all the same. Returns whether there is one.
        """
        found = not self.journal_folder
        try:
            for known in () if found else (self.state, *STATES):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(self.path(known), self.path(state))
                    found = True
                    break
            self.state = state
            if self.journal_folder:
                flush_folder(self.journal_folder)
        except OSError as error:
            raise journal_error("written", self.journal_folder, error) from error
        return found

    def delete(self) -> None:
        """Take the edit out of the journal; where that fails, its file stays and is no harm."""
        for state in (self.state, *STATES) if self.journal_folder else ():
            with contextlib.suppress(OSError):
                os.unlink(self.path(state))


def journal_error(what: str, path: str, error: OSError) -> JournalError:
    """Return the error that says that the journal cannot be ``what``, and which disk to look at."""
    reason = error.strerror or str(error)
    return JournalError(f"the journal cannot be {what}", f"{path_text(path)}: {reason}")


def edit_path(journal_folder: str, number: int, state: str) -> str:
    """Return the file in the journal's folder that an edit is in."""
    return os.path.join(journal_folder, f"{number:07}.{state}")


def load(journal_folder: str, number: int, state: str) -> Edit | None:
    """Return an edit, or None where its file is damaged, or none of ours; raises ``OSError``.

    Looks at its two ends; ``Edit.is_intact`` looks at all.
    """
    with _open(edit_path(journal_folder, number, state)) as file:
        first = file.readline(_MAX_HEADER_BYTES)
        file.seek(-min(_MAX_TRAILER_BYTES, file.seek(0, os.SEEK_END)), os.SEEK_END)
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    try:
        header, trailer = json.loads(first), json.loads(last)
        when, count = datetime.fromisoformat(header["when"]).astimezone(UTC), trailer["cards"]
        if header["version"] != VERSION or not isinstance(count, int) or count < 0:
            return None
        return Edit(number, str(header["command"]), when, str(header["folder"]), state, count, journal_folder)
    except _MALFORMED:
        return None


def _open(path: str) -> IO[bytes]:
    # Not a symlink, and a pipe is not waited for.
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return open(path, "rb", opener=lambda name, mode: os.open(name, mode | flags))


MAX_JOURNAL_BYTES = 64 << 20
"""To how many bytes the journal is pruned."""

_MIN_COUNTED_BYTES = 16 << 10
"""What an edit counts for at least, so that there are never so many that listing them takes long."""

_UNKNOWN_EDIT = "an edit was interrupted, and what it was cannot be read"
_BUFFER_BYTES = 1 << 16
_MAX_COMMAND = 4000
"""How much of a command line is kept, in characters: it may name thousands of cards."""
_NAME = re.compile(rf"([0-9]{{7,}})\.({'|'.join(STATES)})")


class Journal:
    """The entries in a folder, which is made when the first one is written.

    ``folder=None``: there is none, drafts are kept in memory. So they are where the folder cannot be used;
    then ``warn`` is told. What writes is to be called under the edit lock only.
    """

    def __init__(self, folder: str | None, warn: Callable[[str], None] = lambda message: None) -> None:
        self.folder = folder or ""
        self.warn = warn

    def draft(self, command: str) -> Draft:
        """Return an edit to be planned, by a command's name, as a context manager."""
        return Draft(self, command)

    def edits(self) -> Iterator[Edit]:
        """Yield the edits, the newest first, without drafts and without what is damaged or foreign.

        Raises ``JournalError`` where the folder cannot be read; a file that cannot is left out.
        """
        for number, state in self._names(WRITING, DONE, UNDOING, UNDONE):
            with contextlib.suppress(OSError):
                if edit := load(self.folder, number, state):
                    yield edit

    def last(self) -> Edit | None:
        """Return the newest edit that is not taken back: the one that ``newscards undo`` is about.

        A damaged one is passed over. Raises ``JournalError``.
        """
        for number, state in self._names(WRITING, DONE, UNDOING):
            try:
                edit = load(self.folder, number, state)
                if edit and edit.is_intact():
                    return edit
            except OSError as error:  # the one before it is not the one that is asked for
                raise journal_error("read", self.folder, error) from error
        return None

    def pending(self) -> list[Edit]:
        """Return the edits that were interrupted, the oldest first.

        A damaged one is set aside and told: what it was is unknown, but each of its cards is old or new.
        Raises ``JournalError`` where the folder cannot be read.
        """
        found: list[Edit] = []
        for number, state in reversed(self._names(WRITING, UNDOING)):
            path = edit_path(self.folder, number, state)
            try:
                edit = load(self.folder, number, state)
                if edit and edit.is_intact():
                    found.append(edit)
                    continue
                os.replace(path, edit_path(self.folder, number, DAMAGED))
                self.warn(f"{_UNKNOWN_EDIT}: {path_text(path)}: set aside")
            except OSError as error:
                self.warn(f"{_UNKNOWN_EDIT}: {path_text(path)}: {error.strerror}")
        return found

    def clear_drafts(self) -> None:
        """Delete what was being planned when a process was killed: no card was written.

        Raises ``JournalError`` where the folder cannot be read.
        """
        for number, state in self._names(DRAFT):
            with contextlib.suppress(OSError):
                os.unlink(edit_path(self.folder, number, state))

    def prune(self, max_bytes: int = MAX_JOURNAL_BYTES) -> None:
        """Delete the oldest edits until all take ``max_bytes`` bytes; what is not finished stays, and the last.

        What cannot be deleted stays; the next run will try again.
        """
        total, newest = 0, True
        names: list[tuple[int, str]] = []
        with contextlib.suppress(JournalError):
            names = self._names(*STATES)
        for number, state in names:
            path = edit_path(self.folder, number, state)
            with contextlib.suppress(OSError):
                total += max(os.lstat(path).st_size, _MIN_COUNTED_BYTES)
                keep = state in (DRAFT, WRITING, UNDOING) or (state == DONE and newest)
                newest = newest and state != DONE
                if total > max_bytes and not keep:
                    os.unlink(path)

    def _names(self, *states: str) -> list[tuple[int, str]]:
        """Return number and state of the files in these states, the newest first."""
        found: list[tuple[int, str]] = []
        if not self.folder:
            return found
        try:
            with os.scandir(self.folder) as files:
                for file in files:
                    match = _NAME.fullmatch(file.name)
                    if match and match[2] in states and file.is_file(follow_symlinks=False):
                        found.append((int(match[1]), match[2]))
        except FileNotFoundError:
            pass
        except OSError as error:
            raise journal_error("read", self.folder, error) from error
        return sorted(found, reverse=True)

    def _create_draft(self) -> tuple[int, int]:
        """Return the number of a new edit, and its draft's descriptor; or (0, -1) to keep it in memory.

        Raises ``JournalError`` where the disk is full or broken.
        """
        if not self.folder:
            return 0, -1
        try:
            if not os.path.isdir(self.folder):
                os.makedirs(self.folder, mode=0o700, exist_ok=True)
                above = os.path.dirname(self.folder)
                for folder in (above, os.path.dirname(above)):
                    flush_folder(folder)
            with os.scandir(self.folder) as files:
                numbers = [int(match[1]) for file in files if (match := _NAME.fullmatch(file.name))]
            number = max(numbers, default=0) + 1
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            return number, os.open(edit_path(self.folder, number, DRAFT), flags, 0o600)
        except OSError as error:
            if error.errno in DISK_FAILURES:
                raise _nothing_written(self.folder, error) from error
            self.give_up_folder(error)
            return 0, -1

    def give_up_folder(self, error: OSError) -> None:
        """Go on without a folder, and warn of it."""
        self.warn(f"no undo: {path_text(self.folder)}: {error.strerror}")
        self.folder = ""


class Draft:
    """An edit that is being planned, and what is added goes to the disk.

    Left unsealed, it is deleted; left by an exception before its writing has begun, it is so too.
    """

    def __init__(self, journal: Journal, command: str) -> None:
        self._journal = journal
        self._command = command[:_MAX_COMMAND]
        self._when: datetime = clock.now()
        self._folder = ""
        with contextlib.suppress(OSError):  # one that is gone
            self._folder = os.getcwd()
        self._number = 0
        self._descriptor = -1
        self._begun = False
        self._edit: Edit | None = None
        self._lines: list[bytes] = []
        self._buffered = 0
        self._sha256 = hashlib.sha256()
        self._paths: set[str] = set()

    def __enter__(self) -> Draft:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()
        if not self._edit:
            self._discard()
        elif error is not None and not self._edit.begun:
            self._edit.delete()

    def add(self, card_edit: CardEdit) -> None:
        """Note what is to be done to one more card, under its real path, which is to be new here.

        Raises ``JournalError`` where the disk is full or broken: then nothing may be written.
        """
        if card_edit.path in self._paths:
            raise ValueError(f"two records of {card_edit.path} in one edit")
        if not self._begun:
            self._begun = True
            self._number, self._descriptor = self._journal._create_draft()
            if self._descriptor >= 0:
                self._put(header_line(self._command, self._when, self._folder))
        self._paths.add(card_edit.path)
        self._put(card_edit_line(card_edit))

    def seal(self) -> Edit:
        """Put the plan on the disk and return it, to be written (``transaction.write``).

        Raises ``JournalError``, as ``add`` does. Interrupted here, nothing is written, now or later.
        """
        count = len(self._paths)
        journal_folder = self._journal.folder if self._descriptor >= 0 else ""
        lines = () if journal_folder else self._lines
        edit = Edit(
            self._number, self._command, self._when, self._folder, WRITING, count, journal_folder, lines
        )
        self._edit = edit
        if journal_folder:
            try:
                self._put(trailer_line(count, self._sha256.hexdigest()))
                self._flush()
                os.fsync(self._descriptor)
                self._close()
                os.replace(edit.path(DRAFT), edit.path(WRITING))
                flush_folder(journal_folder)
            except BaseException as error:
                edit.delete()
                if isinstance(error, OSError):
                    raise _nothing_written(self._journal.folder, error) from error
                raise
        return edit

    def _put(self, line: bytes) -> None:
        self._sha256.update(line)
        self._lines.append(line)
        self._buffered += len(line)
        if self._descriptor >= 0 and self._buffered >= _BUFFER_BYTES:
            try:
                self._flush()
            except OSError as error:
                raise _nothing_written(self._journal.folder, error) from error

    def _flush(self) -> None:
        write_all(self._descriptor, b"".join(self._lines))
        self._lines, self._buffered = [], 0

    def _close(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            with contextlib.suppress(OSError):  # its bytes are flushed, or wanted no more
                os.close(descriptor)

    def _discard(self) -> None:
        if self._number:
            with contextlib.suppress(OSError):
                os.unlink(edit_path(self._journal.folder, self._number, DRAFT))


def _nothing_written(folder: str, error: OSError) -> JournalError:
    return JournalError("nothing was written", str(journal_error("written", folder, error)))
