"""Forked processes that share the work on many items, and send their results back through pipes."""

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

_MIN_CHUNK, _MAX_CHUNK = 32, 256
"""The number of items in a chunk. They are neighbours, which are similar, so that caches help.

A progress bar advances by whole chunks, and begins with the first one.
"""
_ITEMS_PER_PICKLER = 4096
"""The number of results after which a pickler is replaced; until then it sends an equal object only once."""
_MAX_WAITING_BYTES = 1 << 25
"""The number of received bytes that may wait for earlier results; beyond it, processes have to wait."""

_ENDING = (signal.SIGINT, signal.SIGTERM)
_CHUNK_NUMBER = struct.Struct("<I")
_FRAME_HEADER = struct.Struct("<IQ")
"""The header before the results of a chunk: its number, and their length in bytes."""


def _chunks(count: int, processes: int) -> list[range]:
    """Divide ``count`` items into chunks, long ones first, so that all processes end together."""
    chunks: list[range] = []
    start = 0
    while start < count:
        size = min(max((count - start) // (2 * processes), _MIN_CHUNK), _MAX_CHUNK)
        chunks.append(range(start, min(start + size, count)))
        start += size
    return chunks


def in_processes(
    function: Callable[[Sequence[T]], Iterable[R]], items: Sequence[T], processes: int
) -> Generator[R, None, None]:
    """Yield the results of ``function`` for items, in their order; stop early if a process fails.

    Each process takes the next chunk when it has finished one. ``function`` is as in ``parallel``.
    """
    chunks = [items[chunk.start : chunk.stop] for chunk in _chunks(len(items), processes)]
    workers: list[_Worker] = []
    claims = -1
    try:
        claims = _claims_pipe(len(chunks))
        # Blocked until the child has its own handlers: with the parent's, it would continue as the parent.
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            for _ in range(processes):
                workers.append(_Worker(function, chunks, claims))  # noqa: PERF401 - one may not start
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number in range(len(chunks)):
            yield from _receive_results(number, workers)
    except (EOFError, OSError, pickle.UnpicklingError):
        pass  # a process was killed, or failed, or could not be started
    finally:
        if claims >= 0:
            os.close(claims)
        for worker in workers:
            worker.end()


def _claims_pipe(count: int) -> int:
    """Return a pipe with the numbers of ``count`` chunks; the process that reads one claims that chunk."""
    claims, claimable = os.pipe()
    try:
        os.set_blocking(claimable, False)  # if the pipe is full, this process does the other chunks itself
        os.write(claimable, b"".join(map(_CHUNK_NUMBER.pack, range(count))))
    except OSError:
        os.close(claims)
        raise
    finally:
        os.close(claimable)
    return claims


def _receive_results(number: int, workers: Sequence[_Worker]) -> list[Any]:
    """Wait for the results of a chunk, and return them; raises ``EOFError`` if no process will send them."""
    while True:
        for worker in workers:
            if number in worker.frames:
                return worker.results(number)
        # A process sends its chunks in order: if it has sent a later one, it will not send this one.
        open_ones = [each for each in workers if each.pipe >= 0]
        if all(each.last > number for each in open_ones):
            raise EOFError
        waiting = sum(len(frame) for worker in workers for frame in worker.frames.values())
        wanted = [each for each in open_ones if waiting < _MAX_WAITING_BYTES or each.last < number]
        poll = select.poll()
        for worker in wanted:
            poll.register(worker.pipe, select.POLLIN)
        ready = {descriptor for descriptor, _ in poll.poll()}
        for worker in wanted:
            if worker.pipe in ready:
                worker.receive()


class _Worker:
    """A process that sends the results of a function, and the results received from it.

    ``pipe`` is the end that this process reads, -1 after the end of file. ``frames`` are the pickled results
    by chunk number; ``last`` is the latest of these numbers.
    """

    def __init__(
        self, function: Callable[[Any], Iterable[Any]], chunks: Sequence[Sequence[Any]], claims: int
    ) -> None:
        self.frames: dict[int, bytes] = {}
        self.last = -1
        self._buffer = bytearray()
        self._unpickled = _ITEMS_PER_PICKLER
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
                os._exit(0)  # even after an error: the child must not continue with the parent's work
        os.close(write)

    def receive(self) -> None:
        """Read from the pipe, and store the frames that are complete."""
        data = os.read(self.pipe, 1 << 20)
        if not data:
            os.close(self.pipe)
            self.pipe = -1
        self._buffer += data
        while len(self._buffer) >= _FRAME_HEADER.size:
            number, size = _FRAME_HEADER.unpack_from(self._buffer)
            end = _FRAME_HEADER.size + size
            if len(self._buffer) < end:
                break
            self.last = number
            self.frames[number] = bytes(self._buffer[_FRAME_HEADER.size : end])
            del self._buffer[:end]

    def results(self, number: int) -> list[Any]:
        """Return the results of a received chunk. Chunks are requested in the order in which they came.

        The unpickler is replaced after as many results as the pickler of ``_send``: it remembers what that
        one does not send again.
        """
        frame = self.frames.pop(number)
        if self._unpickled >= _ITEMS_PER_PICKLER:
            self._file = _Frames()
            self._unpickler = pickle.Unpickler(self._file)  # noqa: S301 - from a process of our own
            self._unpickled = 0
        self._file.frame = BytesIO(frame)
        results: list[Any] = self._unpickler.load()
        self._unpickled += len(results)
        return results

    def end(self) -> None:
        """Close the pipe, and kill and reap the process."""
        if self.pipe >= 0:
            os.close(self.pipe)
        # If SIGCHLD is ignored, the system has reaped it already.
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._pid, signal.SIGKILL)
            os.waitpid(self._pid, 0)


class _Frames:
    """A file for an unpickler; its content is replaced for each pickle."""

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
    """Do the work of a forked process: claim chunks, and write their results to ``pipe``."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its processes
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    # If the parent is killed, a process that does not write would not notice: check once a second.
    signal.signal(signal.SIGALRM, lambda number, frame: os.getppid() == parent or os._exit(1))
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
    gc.freeze()  # else a collection would touch, and so copy, the pages that are shared with the parent
    pickled = _ITEMS_PER_PICKLER
    with open(pipe, "wb") as file:
        while claim := os.read(claims, _CHUNK_NUMBER.size):
            (number,) = _CHUNK_NUMBER.unpack(claim)
            results = list(function(chunks[number]))
            if pickled >= _ITEMS_PER_PICKLER:
                frames = BytesIO()
                pickler = pickle.Pickler(frames, pickle.HIGHEST_PROTOCOL)
                pickled = 0
            frames.seek(0)
            frames.truncate()
            pickler.dump(results)
            pickled += len(results)
            file.write(_FRAME_HEADER.pack(number, frames.tell()))
            file.write(frames.getbuffer())
            file.flush()
