"""What a corpus's files were like when they were last read: by what each is known to be unchanged."""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Sequence

NUMBERS = 4
"""How many numbers tell of a file: its size, its times of modification and of change, and its inode."""
UNKNOWN = (-1,) * NUMBERS
"""The state of a file that is to be read again: it is never that of a file that is there."""
GRAIN = 2_000_000_000
"""Nanoseconds in which a file may change twice and have one time: FAT counts in steps of two seconds.

A file that was changed so shortly before it was read may change again, and look as before: git calls such
an entry racy (git, Documentation/technical/racy-git.txt).
"""
_AT_ONCE = 256
_INT64 = (1 << 63) - 1


class Snapshot:
    """The files of a corpus in their order: ``names``, and for each its state and its id in the index."""

    def __init__(self, names: list[str], states: array[int], ids: array[int], lost: bool = False) -> None:
        self.names, self.states, self.ids = names, states, ids
        self._lost = lost  # whether there is a file whose state is not known

    def __eq__(self, other: object) -> bool:
        """Tell whether two are of the same files, in the same states, with the same ids."""
        if not isinstance(other, Snapshot):
            return NotImplemented
        return (self.names, self.states, self.ids) == (other.names, other.states, other.ids)

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def of(cls, names: list[str], paths: Sequence[str]) -> Snapshot:
        """Return how files are now, with no ids as yet. What is no file, or not there, is ``UNKNOWN``."""
        states, lost = array("q"), False
        extend, look = states.extend, os.stat
        for path in paths:
            try:
                found = look(path)
                extend((found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & _INT64))
            except (OSError, ValueError, OverflowError):  # a time after 2262
                del states[len(states) // NUMBERS * NUMBERS :]
                extend(UNKNOWN)
                lost = True
                continue
            if not stat.S_ISREG(found.st_mode):
                states[-NUMBERS:] = array("q", UNKNOWN)
                lost = True
        return cls(names, states, array("q", bytes(8 * len(names))), lost)

    @classmethod
    def decode(cls, names: bytes, states: bytes, ids: bytes) -> Snapshot:
        """Return what ``encode`` made parts of; raises ``ValueError`` where they do not fit together."""
        read = os.fsdecode(names).split("\0") if names else []
        numbers, keys = array("q", states), array("q", ids)
        if len(numbers) != NUMBERS * len(read) or len(keys) != len(read):
            raise ValueError("a snapshot's parts differ in length")
        return cls(read, numbers, keys)

    def encode(self) -> tuple[bytes, bytes, bytes]:
        """Return names, states and ids as bytes."""
        return os.fsencode("\0".join(self.names)), self.states.tobytes(), self.ids.tobytes()

    def state(self, index: int) -> Sequence[int]:
        """Return the state of the file at an index."""
        return self.states[NUMBERS * index : NUMBERS * (index + 1)]

    def take_over(self, old: Snapshot) -> list[int]:
        """Take the ids of files that are as they were; return the indices of all others.

        Of one that changed the id is that of its old self, of a new one 0.
        """
        if self.names == old.names:
            self.ids = array("q", old.ids)
            if self.states == old.states and not self._lost:
                return []
            before: Sequence[int] = range(len(old.names))
        else:
            known = {name: index for index, name in enumerate(old.names)}
            before = [known.get(name, -1) for name in self.names]
            self.ids = array("q", [old.ids[at] if at >= 0 else 0 for at in before])
        changed: list[int] = []
        for start in range(0, len(before), _AT_ONCE):
            some = before[start : start + _AT_ONCE]
            there = slice(NUMBERS * start, NUMBERS * (start + len(some)))
            if (
                some == range(start, start + len(some))
                and not self._lost
                and self.states[there] == old.states[there]
            ):
                continue  # as of nearly all, and told in no time
            for index, at in enumerate(some, start):
                state = self.state(index)
                if at < 0 or state != old.state(at) or state[0] < 0:
                    changed.append(index)
        return changed

    def forget(self, index: int) -> None:
        """See to it that a file is read again the next time."""
        self.states[NUMBERS * index : NUMBERS * (index + 1)] = array("q", UNKNOWN)

    def forget_racy(self, moment: int) -> None:
        """Forget files that changed shortly before a moment, in nanoseconds: they may change unnoticed."""
        for times in (self.states[1::NUMBERS], self.states[2::NUMBERS]):
            if times and max(times) > moment - GRAIN:
                for index, time in enumerate(times):
                    if time > moment - GRAIN:
                        self.forget(index)


def content_hash(source: bytes) -> bytes:
    """Return the hash by which a file's bytes are known again."""
    from hashlib import sha1  # as git; only where a file was read

    return sha1(source, usedforsecurity=False).digest()
