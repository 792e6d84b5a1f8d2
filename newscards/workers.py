"""Forked processes that share the work on many items, and what they send of it."""

from __future__ import annotations

import gc
import os
import pickle
import select
import signal
import struct
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

_LEAST_CHUNK, _MOST_CHUNK = 32, 1024
"""How many items a process takes at a time: neighbours, for these are alike, and what was read is known."""
_MEMORY = 4096
"""For how many items what was sent is remembered, so that what stands in many results is sent once."""
_MOST_HELD = 1 << 25
"""How many bytes may wait here for the results before them, until the processes have to wait."""

_ENDING = (signal.SIGINT, signal.SIGTERM)
_NUMBER = struct.Struct("<I")
_HEAD = struct.Struct("<IQ")
"""What stands before the results of a chunk: its number, and how many bytes they are."""


def _chunks(count: int, processes: int) -> list[range]:
    """Cut so many items: in long chunks first, and short ones at last, so that all processes end at once."""
    chunks: list[range] = []
    start = 0
    while start < count:
        size = min(max((count - start) // (2 * processes), _LEAST_CHUNK), _MOST_CHUNK)
        chunks.append(range(start, min(start + size, count)))
        start += size
    return chunks


def in_processes(
    function: Callable[[Sequence[T]], Iterable[R]], items: Sequence[T], processes: int
) -> Generator[R, None, None]:
    """Yield what processes make of items, in their order, as far as it comes.

    Each takes the next chunk when it is done with one. ``function`` is as in ``parallel``.
    """
    chunks = [items[chunk.start : chunk.stop] for chunk in _chunks(len(items), processes)]
    workers: list[_Worker] = []
    claims = -1
    try:
        claims = _claims(len(chunks))
        # A signal that came between the fork and what the child does of it would let it go on as its parent.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            for _ in range(processes):
                workers.append(_Worker(function, chunks, claims))  # noqa: PERF401 - one may not start
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number in range(len(chunks)):
            yield from _received(number, workers)
    except (EOFError, OSError, pickle.UnpicklingError):
        pass  # a process was killed, or failed, or could not be started
    finally:
        if claims >= 0:
            os.close(claims)
        for worker in workers:
            worker.end()


def _claims(count: int) -> int:
    """Return a pipe from which processes read the numbers of so many chunks, each of them once."""
    claims, claimable = os.pipe()
    try:
        os.set_blocking(claimable, False)  # the numbers that it has no room for are left to this process
        os.write(claimable, b"".join(map(_NUMBER.pack, range(count))))
    except OSError:
        os.close(claims)
        raise
    finally:
        os.close(claimable)
    return claims


def _received(number: int, workers: Sequence[_Worker]) -> list[Any]:
    """Wait for the results of a chunk, and return them; raises ``EOFError`` where no process has them."""
    while True:
        for worker in workers:
            if number in worker.frames:
                return worker.results(number)
        # A process sends its chunks in their order: one that has sent a later one does not have this one.
        open_ones = [each for each in workers if each.pipe >= 0]
        if all(each.last > number for each in open_ones):
            raise EOFError
        held = sum(len(frame) for worker in workers for frame in worker.frames.values())
        wanted = [each for each in open_ones if held < _MOST_HELD or each.last < number]
        poll = select.poll()
        for worker in wanted:
            poll.register(worker.pipe, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll()}
        for worker in wanted:
            if worker.pipe in ready:
                worker.receive()


class _Worker:
    """A process that sends what a function makes of the items of chunks, and what came of it.

    ``pipe`` is where this one reads it, -1 when all has come; ``frames`` have the results by the numbers of
    their chunks, of which ``last`` is the latest.
    """

    def __init__(
        self, function: Callable[[Any], Iterable[Any]], chunks: Sequence[Sequence[Any]], claims: int
    ) -> None:
        self.frames: dict[int, bytes] = {}
        self.last = -1
        self._buffer = bytearray()
        self._memory = _MEMORY
        self.pipe, write = os.pipe()
        here = os.getpid()
        try:
            self._pid = os.fork()
        except OSError:
            os.close(self.pipe)
            os.close(write)
            raise
        if not self._pid:
            try:
                _send(function, chunks, claims, write, here)
            finally:
                os._exit(0)  # whatever happens: what the other process was about is not for this one
        os.close(write)

    def receive(self) -> None:
        """Read what has come."""
        data = os.read(self.pipe, 1 << 20)
        if not data:
            os.close(self.pipe)
            self.pipe = -1
        self._buffer += data
        while len(self._buffer) >= _HEAD.size:
            number, size = _HEAD.unpack_from(self._buffer)
            if len(self._buffer) < _HEAD.size + size:
                break
            self.last = number
            self.frames[number] = bytes(self._buffer[_HEAD.size : _HEAD.size + size])
            del self._buffer[: _HEAD.size + size]

    def results(self, number: int) -> list[Any]:
        """Return the results of a chunk that has come; they are asked for in the order in which they came."""
        frame = self.frames.pop(number)
        if self._memory >= _MEMORY:
            self._file = _Frames()
            self._unpickler = pickle.Unpickler(self._file)  # noqa: S301 - of a process of our own
            self._memory = 0
        self._file.frame = BytesIO(frame)
        results: list[Any] = self._unpickler.load()
        self._memory += len(results)
        return results

    def end(self) -> None:
        """See to it that nothing is left of the process."""
        if self.pipe >= 0:
            os.close(self.pipe)
        # Where SIGCHLD is ignored the system waits for it itself.
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


class _Frames:
    """A file of pickles of which each is set before it is read."""

    frame = BytesIO()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        return self.frame.read(size)

    def readline(self) -> bytes:
        """Return the next line."""
        return self.frame.readline()


def _send(
    function: Callable[[Any], Iterable[Any]],
    chunks: Sequence[Sequence[Any]],
    claims: int,
    pipe: int,
    parent: int,
) -> None:
    """Do the work of a forked process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that was started
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    # When the parent is killed nobody tells a process that does not write.
    signal.signal(signal.SIGALRM, lambda number, frame: os.getppid() == parent or os._exit(1))
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
    gc.freeze()  # what is there already stays, and is not to be copied because it was looked at
    memory = _MEMORY
    with open(pipe, "wb") as file:
        while claim := os.read(claims, _NUMBER.size):
            (number,) = _NUMBER.unpack(claim)
            results = list(function(chunks[number]))
            if memory >= _MEMORY:
                frames = BytesIO()
                pickler = pickle.Pickler(frames, pickle.HIGHEST_PROTOCOL)
                memory = 0
            frames.seek(0)
            frames.truncate()
            pickler.dump(results)
            memory += len(results)
            file.write(_HEAD.pack(number, frames.tell()))
            file.write(frames.getbuffer())
            file.flush()
