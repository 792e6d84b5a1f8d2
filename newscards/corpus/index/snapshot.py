"""Size, times and inode of each file at the last read, to detect changes."""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Sequence

NUMBERS_PER_FILE = 4
"""The numbers that are the state of a file: size, mtime and ctime in nanoseconds, inode with device."""
UNKNOWN = (-1,) * NUMBERS_PER_FILE
"""The state of a file that must be read again; no existing file has it."""
RACY_NANOSECONDS = 2_000_000_000
"""A file may change twice within this time and keep its mtime: FAT stores steps of two seconds.

A file that changed within this time before it was read may change again and look unchanged. Git calls such
an entry racy (git, Documentation/technical/racy-git.txt).
"""
_FILES_PER_SLICE = 256
_INT64 = (1 << 63) - 1
_DEVICE_FACTOR = 0x9E3779B97F4A7C15  # spreads the small numbers of devices over all bits


class Snapshot:
    """The files of a corpus in their order: ``names``, and the state and the id in the index of each."""

    def __init__(
        self, names: list[str], states: array[int], ids: array[int], has_unknown: bool = False
    ) -> None:
        self.names, self.states, self.ids = names, states, ids
        self._has_unknown = has_unknown  # whether a file's state is UNKNOWN

    def __eq__(self, other: object) -> bool:
        """Return whether both have the same files, in the same states, with the same ids."""
        if not isinstance(other, Snapshot):
            return NotImplemented
        return (self.names, self.states, self.ids) == (other.names, other.states, other.ids)

    @classmethod
    def of(cls, names: list[str], paths: Sequence[str]) -> Snapshot:
        """Return the present state of files, with ids of 0; ``UNKNOWN`` where there is no regular file."""
        states, has_unknown = array("q"), False
        extend, get_status = states.extend, os.stat
        for path in paths:
            try:
                status = get_status(path)
                place = (status.st_ino + status.st_dev * _DEVICE_FACTOR) & _INT64
                extend((status.st_size, status.st_mtime_ns, status.st_ctime_ns, place))
            except (OSError, ValueError, OverflowError):  # a time after 2262
                del states[len(states) // NUMBERS_PER_FILE * NUMBERS_PER_FILE :]
                extend(UNKNOWN)
                has_unknown = True
                continue
            if not stat.S_ISREG(status.st_mode):
                states[-NUMBERS_PER_FILE:] = array("q", UNKNOWN)
                has_unknown = True
        return cls(names, states, array("q", bytes(8 * len(names))), has_unknown)

    @classmethod
    def decode(cls, names: bytes, states: bytes, ids: bytes) -> Snapshot:
        """Return the snapshot from the parts of ``encode``; raises ``ValueError`` if they do not fit."""
        files = os.fsdecode(names).split("\0") if names else []
        numbers, keys = array("q", states), array("q", ids)
        if len(numbers) != NUMBERS_PER_FILE * len(files) or len(keys) != len(files):
            raise ValueError("a snapshot's parts differ in length")
        return cls(files, numbers, keys)

    def encode(self) -> tuple[bytes, bytes, bytes]:
        """Return names (separated by NUL), states and ids (native 64-bit integers) as bytes."""
        return os.fsencode("\0".join(self.names)), self.states.tobytes(), self.ids.tobytes()

    def state(self, index: int) -> Sequence[int]:
        """Return the state of the file at an index."""
        return self.states[NUMBERS_PER_FILE * index : NUMBERS_PER_FILE * (index + 1)]

    def reuse_ids(self, old: Snapshot) -> list[int]:
        """Take the ids from an old snapshot; return the indices of the files that changed or are new.

        A changed file keeps its old id, because its content may be the same; a new file has 0.
        """
        if self.names == old.names:
            self.ids = array("q", old.ids)
            if self.states == old.states and not self._has_unknown:
                return []
            before: Sequence[int] = range(len(old.names))
        else:
            known = {name: index for index, name in enumerate(old.names)}
            before = [known.get(name, -1) for name in self.names]
            self.ids = array("q", [old.ids[at] if at >= 0 else 0 for at in before])
        changed: list[int] = []
        for start in range(0, len(before), _FILES_PER_SLICE):
            part = before[start : start + _FILES_PER_SLICE]
            numbers = slice(NUMBERS_PER_FILE * start, NUMBERS_PER_FILE * (start + len(part)))
            if (
                part == range(start, start + len(part))
                and not self._has_unknown
                and self.states[numbers] == old.states[numbers]
            ):
                continue  # nearly all slices are equal, and comparing arrays is fast
            for index, at in enumerate(part, start):
                state = self.state(index)
                if at < 0 or state != old.state(at) or state[0] < 0:
                    changed.append(index)
        return changed

    def forget(self, index: int) -> None:
        """Mark a file as one to be read again the next time."""
        self.states[NUMBERS_PER_FILE * index : NUMBERS_PER_FILE * (index + 1)] = array("q", UNKNOWN)

    def forget_racy(self, moment: int) -> None:
        """Forget files that changed shortly before a moment (nanoseconds): they may change unnoticed."""
        for times in (self.states[1::NUMBERS_PER_FILE], self.states[2::NUMBERS_PER_FILE]):
            if times and max(times) > moment - RACY_NANOSECONDS:
                for index, time in enumerate(times):
                    if time > moment - RACY_NANOSECONDS:
                        self.forget(index)


def content_hash(source: bytes) -> bytes:
    """Return the SHA-1 of a file's bytes, which shows whether they are the same as before."""
    from hashlib import sha1  # like git; imported only where a file was read

    return sha1(source, usedforsecurity=False).digest()
