"""One edit as the journal has it: a file of JSON lines, whose name's ending is the state of the edit."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, NamedTuple

from newscards.edits.atomic import flush_folder
from newscards.edits.patches import Patch
from newscards.errors import NewscardsError
from newscards.text import path_text

VERSION = 1
DRAFT, WRITING, DONE, UNDOING, UNDONE, DAMAGED = "draft", "writing", "done", "undoing", "undone", "damaged"
STATES = (WRITING, DONE, UNDOING, UNDONE, DRAFT, DAMAGED)
_LONGEST_HEADER = _LONGEST_TRAILER = 1 << 16
_BAD = (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError)
"""What JSON that is none of ours raises while it is taken apart."""


class JournalError(NewscardsError):
    """The journal cannot be written or read; ``reason`` is what of it, and the system's word for it."""

    def __init__(self, message: str, reason: str, hint: str = "") -> None:
        super().__init__(f"{message}: {reason}", hint)
        self.reason = reason


class Record(NamedTuple):
    """What an edit does to one card.

    ``path`` is the absolute real path; ``before`` and ``after`` are the digests of the whole file
    (``patches.digest``); ``told`` are JSON values that the command wants to report later.
    """

    path: str
    before: str
    after: str
    patches: tuple[Patch, ...]
    told: Mapping[str, Any]


def record_line(record: Record) -> bytes:
    """Return a record as a line of ASCII JSON: each byte of a card is the character of its number."""
    patches = [(offset, old.decode("latin-1"), new.decode("latin-1")) for offset, old, new in record.patches]
    return _line(
        {"path": record.path, "before": record.before, "after": record.after, "patches": patches}
        | {"told": dict(record.told)}
    )


def header_line(command: str, when: datetime, folder: str) -> bytes:
    """Return the first line of an entry."""
    return _line({"version": VERSION, "command": command, "when": when.isoformat(), "folder": folder})


def trailer_line(count: int, lines_digest: str) -> bytes:
    """Return the last line: how many cards, and the SHA-256 of all lines before, which proves them whole."""
    return _line({"cards": count, "sha256": lines_digest})


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _record(line: bytes) -> Record:
    found = json.loads(line)
    patches = tuple(
        Patch(int(offset), old.encode("latin-1"), new.encode("latin-1"))
        for offset, old, new in found["patches"]
    )
    path = found["path"]
    if b"\0" in os.fsencode(path) or not os.path.isabs(path):
        raise ValueError("no path")
    return Record(path, str(found["before"]), str(found["after"]), patches, dict(found["told"]))


@dataclass
class Entry:
    """An edit in the journal. ``state`` is ``writing``, ``done``, ``undoing`` or ``undone``.

    ``when`` is in UTC, ``folder`` the current one of the command, ``count`` that of its cards. ``place`` is
    the journal's folder; empty where there is none, and the edit is in memory alone (``lines``). ``begun``
    tells that its writing has: a card may be another by now.
    """

    number: int
    command: str
    when: datetime
    folder: str
    state: str
    count: int
    place: str
    lines: Sequence[bytes] = ()
    begun: bool = False

    def path(self, state: str) -> str:
        """Return the file that the entry is in, in a state."""
        return entry_path(self.place, self.number, state)

    def records(self) -> Iterator[Record]:
        """Yield what the edit does to each card, in its order; raises ``JournalError``.

        Read as they are needed, so that memory does not grow with their number.
        """
        if not self.place:
            yield from map(_record, self.lines)
            return
        try:
            with _open(self.path(self.state)) as file:
                file.readline()
                for _ in range(self.count):
                    yield _record(file.readline())  # an empty one, at the file's end, is no record
        except OSError as error:
            raise journal_error("read", self.path(self.state), error) from error
        except _BAD as error:
            damaged = f"{path_text(self.path(self.state))} is damaged"
            raise JournalError("the journal cannot be read", damaged) from error

    def sound(self) -> bool:
        """Tell whether all lines are those that were written; raises ``OSError``."""
        if not self.place:
            return True
        seen = hashlib.sha256()
        with _open(self.path(self.state)) as file:
            for _ in range(self.count + 1):
                if not (line := file.readline()):
                    return False
                seen.update(line)
            return file.readline() == trailer_line(self.count, seen.hexdigest()) and not file.readline(1)

    def becomes(self, state: str) -> bool:
        """Put the entry into another state, which survives a power cut; raises ``JournalError``.

        An interruption may have come between the renaming and the noting of it: then the file is found
        all the same. Returns whether there is one.
        """
        found = not self.place
        try:
            for known in () if found else (self.state, *STATES):
                with contextlib.suppress(FileNotFoundError):
                    os.replace(self.path(known), self.path(state))
                    found = True
                    break
            self.state = state
            if self.place:
                flush_folder(self.place)
        except OSError as error:
            raise journal_error("written", self.place, error) from error
        return found

    def delete(self) -> None:
        """Take the entry out of the journal; where that fails, its file stays and is no harm."""
        for state in (self.state, *STATES) if self.place else ():
            with contextlib.suppress(OSError):
                os.unlink(self.path(state))


def journal_error(what: str, path: str, error: OSError) -> JournalError:
    """Return the error that says that the journal cannot be ``what``, and which disk to look at."""
    reason = error.strerror or str(error)
    return JournalError(f"the journal cannot be {what}", f"{path_text(path)}: {reason}")


def entry_path(place: str, number: int, state: str) -> str:
    """Return the file in the journal's folder that an entry is in."""
    return os.path.join(place, f"{number:07}.{state}")


def load(place: str, number: int, state: str) -> Entry | None:
    """Return an entry, or None where its file is damaged, or none of ours; raises ``OSError``.

    Looks at its two ends; ``Entry.sound`` looks at all.
    """
    with _open(entry_path(place, number, state)) as file:
        first = file.readline(_LONGEST_HEADER)
        file.seek(-min(_LONGEST_TRAILER, file.seek(0, os.SEEK_END)), os.SEEK_END)
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    try:
        header, trailer = json.loads(first), json.loads(last)
        when, count = datetime.fromisoformat(header["when"]).astimezone(UTC), trailer["cards"]
        if header["version"] != VERSION or not isinstance(count, int) or count < 0:
            return None
        return Entry(number, str(header["command"]), when, str(header["folder"]), state, count, place)
    except _BAD:
        return None


def _open(path: str) -> IO[bytes]:
    # Not a symlink, and a pipe is not waited for.
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    return open(path, "rb", opener=lambda name, mode: os.open(name, mode | flags))
