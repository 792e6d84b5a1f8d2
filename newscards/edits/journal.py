"""The journal: the last edits, in the user's state folder, so that each can be undone.

An edit is a file of JSON lines; the ending of its name is the state of the edit.
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
from typing import IO, Any, NamedTuple, TypeVar

from newscards import clock
from newscards.edits.atomic import flush_folder, write_all
from newscards.edits.lock import DISK_FAILURES
from newscards.edits.patches import Patch
from newscards.errors import NewscardsError
from newscards.layout import current_folder
from newscards.text import path_text

T = TypeVar("T")

VERSION = 1
DRAFT, WRITING, DONE, DAMAGED = "draft", "writing", "done", "damaged"
UNDOING, PARTLY_UNDONE, UNDONE = "undoing", "partly", "undone"
STATES = (WRITING, DONE, UNDOING, PARTLY_UNDONE, UNDONE, DRAFT, DAMAGED)
STATE_NAMES = {
    DONE: "done",
    WRITING: "interrupted",
    UNDOING: "half taken back",
    PARTLY_UNDONE: "partly taken back",
    UNDONE: "taken back",
}
"""The states of an edit as users see them; the undoing of one half taken back was interrupted."""
_MAX_HEADER_BYTES = _MAX_TRAILER_BYTES = 1 << 16
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)
"""The errors that reading malformed or foreign JSON raises."""


_OTHERS = "`newscards undo --list` shows the others; `newscards undo NUMBER` takes one back"
"""The hint for an edit that cannot be read."""


class JournalError(NewscardsError):
    """The error for a journal that cannot be written or read.

    ``strerror`` is the path and the system's reason; an ``OSError`` has an attribute of this name, too.
    """

    def __init__(self, message: str, reason: str, hint: str = "") -> None:
        super().__init__(f"{message}: {reason}", hint)
        self.strerror = reason


class DamagedError(JournalError):
    """The error for an edit in the journal that is not as newscards writes it."""

    def __init__(self, path: str) -> None:
        super().__init__("the journal cannot be read", f"{path_text(path)} is damaged", _OTHERS)


ABSENT = ""
"""In place of a file's hash: there is no file."""


class CardEdit(NamedTuple):
    """The change that an edit makes to one card.

    ``path`` is the absolute real path; ``before`` and ``after`` are the hashes of the whole file
    (``patches.sha256``), or ``ABSENT``: an edit may create a file, and its undoing deletes it. ``report``
    holds the change as JSON values, which commands report later. In the journal's file its key is ``told``.
    """

    path: str
    before: str
    after: str
    patches: tuple[Patch, ...]
    report: Mapping[str, Any]


def card_edit_line(card_edit: CardEdit) -> bytes:
    """Return a card edit as a line of ASCII JSON; the bytes of patches are decoded as Latin-1."""
    patches = [
        (offset, old.decode("latin-1"), new.decode("latin-1")) for offset, old, new in card_edit.patches
    ]
    return _line(
        {"path": card_edit.path, "before": card_edit.before, "after": card_edit.after, "patches": patches}
        | {"told": dict(card_edit.report)}
    )


def header_line(command: str, when: datetime, folder: str, *, in_place: bool = False) -> bytes:
    """Return the first line of an edit."""
    header = {"version": VERSION, "command": command, "when": when.isoformat(), "folder": folder}
    return _line(header | ({"in_place": True} if in_place else {}))


def trailer_line(count: int, lines_sha256: str) -> bytes:
    """Return the last line: the number of cards, and the SHA-256 of all lines before it, to detect damage."""
    return _line({"cards": count, "digest": lines_sha256})


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _card_edit(line: bytes) -> CardEdit:
    """Return the card edit in a line; raises one of ``_MALFORMED`` where a value has not its type."""
    values = json.loads(line)
    patches = tuple(
        Patch(_typed(offset, int), old.encode("latin-1"), new.encode("latin-1"))
        for offset, old, new in values["patches"]
    )
    path, report = values["path"], _typed(values["told"], dict)
    if min((patch.offset for patch in patches), default=0) < 0 or not _is_path(path):
        raise ValueError("no path, or no offset")
    for key, kind in _REPORT_TYPES.items():
        if key in report:
            _typed(report[key], kind)
    for change in report.get("changes", ()):
        _typed(change["field"], str)
        for key in ("added", "removed"):  # the numbers of entries of ``related``
            _typed(change.get(key, 0), int)
    if "name" in report and not _is_path(os.path.join(os.sep, report["name"])):
        raise ValueError("no name")
    return CardEdit(path, _typed(values["before"], str), _typed(values["after"], str), patches, report)


_REPORT_TYPES = {"path": str, "id": str, "name": str, "number": int, "summary": str, "already": str} | {
    "changes": list,
    "warnings": list,
}
"""The types of those values in the report of a card edit that commands read."""


def _typed(value: Any, kind: type[T]) -> T:
    """Return a value; raises ``TypeError`` where it is not of exactly this type (a boolean is no integer)."""
    if type(value) is not kind:
        raise TypeError(f"no {kind.__name__}")
    return value


def _is_path(path: str) -> bool:
    """Return whether a text is an absolute path; raises ``_MALFORMED`` where no file can have the name."""
    return b"\0" not in os.fsencode(path) and os.path.isabs(path)


@dataclass
class Edit:
    """An edit in the journal. ``state`` is ``writing``, ``done``, ``undoing``, ``partly`` or ``undone``.

    ``when`` is in UTC, ``folder`` the command's current folder, ``count`` the number of cards. Where
    ``journal_folder`` is empty, the edit exists only in memory, as ``lines``. With ``in_place``, its cards
    are overwritten, not replaced. ``file_id`` tells its file from another that has taken its name. ``begun``
    is true once the writing of its cards has begun, ``is_deleted`` once ``delete`` was called.
    """

    number: int
    command: str
    when: datetime
    folder: str
    state: str
    count: int
    journal_folder: str
    lines: Sequence[bytes] = ()
    in_place: bool = False
    file_id: tuple[int, int] = (0, 0)
    begun: bool = False
    is_deleted: bool = False

    def path(self, state: str) -> str:
        """Return the path of the edit's file in a state."""
        return edit_path(self.journal_folder, self.number, state)

    def card_edits(self) -> Iterator[CardEdit]:
        """Yield the edit's cards in their order; raises ``JournalError``, at the end for a wrong checksum.

        They are read one by one, so that memory does not grow with their number.
        """
        if not self.journal_folder:
            yield from map(_card_edit, self.lines)
            return
        checksum = hashlib.sha256()
        with _reading(self.path(self.state)) as file:
            checksum.update(file.readline())
            for _ in range(self.count):
                checksum.update(line := file.readline())
                yield _card_edit(line)  # the empty line at the file's end raises ValueError
            if file.readline() != trailer_line(self.count, checksum.hexdigest()) or file.read(1):
                raise DamagedError(self.path(self.state))

    def verify(self) -> None:
        """Read all lines; raises ``DamagedError`` where one is not as newscards writes it."""
        for _ in self.card_edits():
            pass

    def change_state(self, state: str) -> bool:
        """Put the edit into another state, durably; return whether it still exists.

        Raises ``JournalError``.
        """
        found = None
        try:
            if self.journal_folder and (found := self._stored_state()):
                os.replace(self.path(found), self.path(state))
            self.state = state
            if self.journal_folder:
                flush_folder(self.journal_folder)
        except OSError as error:
            raise journal_error("written", self.journal_folder, error) from error
        return not self.journal_folder or found is not None

    def exists(self) -> bool:
        """Return whether the edit is still in the journal, or was never to be; raises ``OSError``."""
        return not self.journal_folder or self._stored_state() is not None

    def delete(self) -> None:
        """Remove the edit from the journal; where that fails, its file stays, which does no harm."""
        self.is_deleted = True
        with contextlib.suppress(OSError):
            if self.journal_folder and (found := self._stored_state()):
                os.unlink(self.path(found))

    def _stored_state(self) -> str | None:
        """Return the state that the name of the edit's file says; raises ``OSError``.

        ``None`` where the file is gone. Where ``change_state`` was interrupted after it renamed the file, the
        name says another state than ``state``.
        """
        for state in (self.state, *STATES):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError):
                if _file_id(os.lstat(self.path(state))) == self.file_id:
                    return state
        return None


def journal_error(what: str, path: str, error: OSError, hint: str = "") -> JournalError:
    """Return the error for a journal that cannot be ``what`` (read, written), with path and reason."""
    reason = error.strerror or str(error)
    return JournalError(f"the journal cannot be {what}", f"{path_text(path)}: {reason}", hint)


def edit_path(journal_folder: str, number: int, state: str) -> str:
    """Return the path of an edit's file in the journal's folder."""
    return os.path.join(journal_folder, f"{number:07}.{state}")


def load(journal_folder: str, number: int, state: str) -> Edit:
    """Return an edit; raises ``DamagedError`` where its file is damaged or foreign, and ``JournalError``.

    Reads only the first and the last line; ``Edit.verify`` reads all.
    """
    path = edit_path(journal_folder, number, state)
    with _reading(path) as file:
        first = file.readline(_MAX_HEADER_BYTES)
        file.seek(-min(_MAX_TRAILER_BYTES, file.seek(0, os.SEEK_END)), os.SEEK_END)
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
        header, count = json.loads(first), _typed(json.loads(last)["cards"], int)
        when, folder = datetime.fromisoformat(header["when"]).astimezone(UTC), _typed(header["folder"], str)
        if header["version"] != VERSION or count < 0 or not (not folder or _is_path(folder)):
            raise DamagedError(path)
        return Edit(
            number, _typed(header["command"], str), when, folder, state, count, journal_folder,
            in_place=header.get("in_place") is True, file_id=_file_id(os.fstat(file.fileno())),
        )  # fmt: skip


@contextlib.contextmanager
def _reading(path: str) -> Iterator[IO[bytes]]:
    """Open an edit's file; raises ``JournalError`` where reading it fails, ``DamagedError`` for wrong JSON.

    A symlink is not followed, and the writer of a pipe not waited for.
    """
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        with open(path, "rb", opener=lambda name, mode: os.open(name, mode | flags)) as file:
            yield file
    except OSError as error:
        raise journal_error("read", path, error, _OTHERS) from error
    except _MALFORMED as error:
        raise DamagedError(path) from error


def _file_id(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


MAX_JOURNAL_MIB = 64
"""The size from which on the journal is pruned, in MiB, if ``LIMIT_VARIABLE`` does not say another one."""

LIMIT_VARIABLE = "NEWSCARDS_JOURNAL_MIB"
"""The environment variable with the size, in MiB."""

_MIN_COUNTED_BYTES = 16 << 10
"""The size that a smaller edit counts as; it limits the number of edits, so that listing them stays fast."""

_UNKNOWN_EDIT = "an edit was interrupted, and what it was cannot be read"
_BUFFER_BYTES = 1 << 16
_MAX_COMMAND = 4000
"""The number of characters of a command line that are stored; it may name thousands of cards."""
_NAME = re.compile(rf"([0-9]{{7,}})\.({'|'.join(STATES)})")


class Journal:
    """The edits in a folder, which is created when the first one is written.

    With an empty ``folder`` drafts stay in memory. So they do where the folder cannot be used; then ``warn``
    is called. Methods that write must be called under the edit lock.
    """

    def __init__(self, folder: str, warn: Callable[[str], None] = lambda message: None) -> None:
        self.folder = folder
        self.warn = warn

    def draft(self, command: str, *, in_place: bool = False) -> Draft:
        """Return a draft of an edit by a command, as a context manager; see ``Edit.in_place``."""
        return Draft(self, command, in_place=in_place)

    def edits(self, on_error: Callable[[JournalError], None] = lambda error: None) -> Iterator[Edit]:
        """Yield the edits, newest first, without drafts.

        ``on_error`` is called for an edit that cannot be read. Raises ``JournalError`` where the folder
        cannot be read.
        """
        for number, state in self._names(WRITING, DONE, UNDOING, PARTLY_UNDONE, UNDONE):
            try:
                edit = load(self.folder, number, state)
            except JournalError as error:
                if not isinstance(error.__cause__, FileNotFoundError):  # its state has just changed
                    on_error(error)
            else:
                yield edit

    def last(self, can_finish: Callable[[Edit], bool] = lambda edit: False) -> Edit | None:
        """Return the newest edit that is not undone, the one that ``newscards undo`` undoes, or None.

        One that is partly undone is passed over unless ``can_finish`` returns true for it. Raises
        ``JournalError``, also where the newest one cannot be read: an older edit is not the one to undo.
        """
        for number, state in self._names(WRITING, DONE, UNDOING, PARTLY_UNDONE):
            edit = load(self.folder, number, state)
            edit.verify()
            if state != PARTLY_UNDONE or can_finish(edit):
                return edit
        return None

    def find(self, number: int) -> Edit | None:
        """Return the edit with a number, or None; raises ``JournalError`` where it cannot be read."""
        for each, state in self._names(WRITING, DONE, UNDOING, PARTLY_UNDONE, UNDONE, DAMAGED):
            if each == number:
                edit = load(self.folder, number, state)
                edit.verify()
                return edit
        return None

    def pending(self) -> list[Edit]:
        """Return the edits that were interrupted, oldest first.

        A damaged one is set aside with a warning: its content is unknown, but each of its cards is as it was
        before or after the edit. Raises ``JournalError`` where the folder cannot be read.
        """
        found: list[Edit] = []
        for number, state in reversed(self._names(WRITING, UNDOING)):
            try:
                edit = load(self.folder, number, state)
                edit.verify()
                found.append(edit)
            except DamagedError:
                self._set_aside(number, state)
            except JournalError as error:
                self.warn(f"{_UNKNOWN_EDIT}: {error.strerror}")
        return found

    def _set_aside(self, number: int, state: str) -> None:
        path = edit_path(self.folder, number, state)
        try:
            os.replace(path, edit_path(self.folder, number, DAMAGED))
            reason = "set aside"
        except OSError as error:
            reason = error.strerror or str(error)
        self.warn(f"{_UNKNOWN_EDIT}: {path_text(path)}: {reason}")

    def clear_drafts(self) -> None:
        """Delete the drafts of killed processes; no card of them was written.

        Raises ``JournalError`` where the folder cannot be read.
        """
        for number, state in self._names(DRAFT):
            with contextlib.suppress(OSError):
                os.unlink(edit_path(self.folder, number, state))

    def max_mib(self) -> int:
        """Return the size from which on the journal is pruned, in MiB; warn of one that is no number."""
        text = os.environ.get(LIMIT_VARIABLE, "")
        if not text or re.fullmatch("[0-9]{1,9}", text):
            return int(text or MAX_JOURNAL_MIB)
        self.warn(f"${LIMIT_VARIABLE} is not a whole number of MiB: {MAX_JOURNAL_MIB} is taken")
        return MAX_JOURNAL_MIB

    def prune(self, max_bytes: int) -> list[int]:
        """Delete the oldest edits if newer ones have ``max_bytes`` bytes; return the numbers of done ones.

        An edit's own size does not count, so that a small edit never drops the large one before it. Edits are
        deleted until newer ones have less than three quarters of ``max_bytes``, so that not each edit from
        then on drops one. Unfinished edits and the last finished one stay. So do the newest one, because its
        number must not be given again, and one that cannot be deleted.
        """
        newer, last_done = 0, 0
        names: list[tuple[int, str]] = []
        with contextlib.suppress(JournalError):
            names = self._names(*STATES)
        candidates: list[tuple[int, int, str]] = []
        for number, state in names:
            with contextlib.suppress(OSError):
                size = os.lstat(edit_path(self.folder, number, state)).st_size
                if state == DONE and not last_done:
                    last_done = number
                if state not in (DRAFT, WRITING, UNDOING) and number not in (last_done, names[0][0]):
                    candidates.append((newer, number, state))
                newer += max(size, _MIN_COUNTED_BYTES)
        dropped: list[int] = []
        if candidates and candidates[-1][0] >= max_bytes:
            for newer, number, state in candidates:
                with contextlib.suppress(OSError):
                    if newer >= max_bytes * 3 // 4:
                        os.unlink(edit_path(self.folder, number, state))
                        dropped += [number] if state in (DONE, PARTLY_UNDONE) else []
        return dropped

    def _names(self, *states: str) -> list[tuple[int, str]]:
        """Return number and state of the edits in these states, newest first."""
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
        """Create a draft's file; return its number and descriptor, or (0, -1) to keep the draft in memory.

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
        """Keep edits in memory from now on, and warn of it."""
        self.warn(f"no undo: {path_text(self.folder)}: {error.strerror}")
        self.folder = ""


class Draft:
    """An edit that is being planned; ``add`` writes its cards to the disk.

    As a context manager it deletes itself at the end where it is not sealed, and at an exception that comes
    before the writing of cards has begun.
    """

    def __init__(self, journal: Journal, command: str, *, in_place: bool) -> None:
        self._journal = journal
        self._in_place = in_place
        self._command = command[:_MAX_COMMAND]
        self._when: datetime = clock.now()
        self._folder = current_folder()
        self._number = 0
        self._descriptor = -1
        self._is_created = False
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
        """Add the edit of one more card; its real path must not have been added before.

        Raises ``JournalError`` where the disk is full or broken, and for an edit in place where the journal
        cannot be used, because only the journal can restore a torn card; then no card may be written.
        """
        if card_edit.path in self._paths:
            raise ValueError(f"two records of {card_edit.path} in one edit")
        if not self._is_created:
            self._is_created = True
            self._number, self._descriptor = self._journal._create_draft()
            if self._descriptor >= 0:
                self._put(header_line(self._command, self._when, self._folder, in_place=self._in_place))
            elif self._in_place:
                reason = "--in-place needs a journal, to restore a torn card"
                hint = "set $XDG_STATE_HOME to a folder that you can write"
                raise JournalError("nothing was written", reason, hint)
        self._paths.add(card_edit.path)
        self._put(card_edit_line(card_edit))

    def seal(self) -> Edit:
        """Flush the draft to the disk and return it as an edit, for ``transaction.write``.

        Raises ``JournalError`` as ``add`` does. If interrupted here, no card is written, now or later.
        """
        count = len(self._paths)
        journal_folder = self._journal.folder if self._descriptor >= 0 else ""
        lines = () if journal_folder else self._lines
        edit = Edit(
            self._number, self._command, self._when, self._folder, WRITING, count, journal_folder, lines,
            self._in_place,
        )  # fmt: skip
        if journal_folder:
            try:
                edit.file_id = _file_id(os.fstat(self._descriptor))
                self._edit = edit
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
        self._edit = edit
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
            with contextlib.suppress(OSError):  # its bytes are flushed, or no longer needed
                os.close(descriptor)

    def _discard(self) -> None:
        if self._number:
            with contextlib.suppress(OSError):
                os.unlink(edit_path(self._journal.folder, self._number, DRAFT))


def _nothing_written(folder: str, error: OSError) -> JournalError:
    return JournalError("nothing was written", str(journal_error("written", folder, error)))
