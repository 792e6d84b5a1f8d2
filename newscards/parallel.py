"""Work on many items in several processes: each is forked, and so knows all that this one knows."""

from __future__ import annotations

import gc
import os
import pickle
import signal
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, suppress
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

LEAST = 512
"""For how many items processes are worth their start, some 10 ms, and what they send."""

_MOST = 8
_LEAST_CHUNK, _MOST_CHUNK = 32, 1024
"""How many items a process takes at a time: neighbours, for these are alike, and what was read is known."""
_MEMORY = 4
"""For how many chunks what was sent is remembered, so that what stands in many results is sent once."""


def parallel(function: Callable[[Sequence[T]], Iterable[R]], items: Sequence[T]) -> Iterator[R]:
    """Yield what ``function`` makes of items, in their order, on all processors where there are many.

    ``function`` takes some of the items, and returns a result for each. It may be any, also a closure; what
    it changes stays in its process, and what it returns must be picklable. Where a process ends before its
    time, or cannot go on, the rest is done here: so an error is raised as if there were no processes.
    """
    processes = min(_processors(), _MOST)
    done = 0
    # macOS: its own libraries do not survive a fork.
    if len(items) >= LEAST and processes > 1 and hasattr(os, "fork") and sys.platform != "darwin":
        sys.stdout.flush()  # what is buffered would be written by each process
        with closing(_in_processes(function, items, processes)) as results:
            for result in results:
                yield result
                done += 1
    yield from function(items[done:] if done else items)


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _in_processes(
    function: Callable[[Sequence[T]], Iterable[R]], items: Sequence[T], processes: int
) -> Generator[R, None, None]:
    """Yield the results of processes, of which each takes the next chunk in turn, as far as they come."""
    size = min(max(len(items) // (4 * processes), _LEAST_CHUNK), _MOST_CHUNK)
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    workers: list[_Worker] = []
    try:
        for first in range(processes):
            workers.append(_Worker(function, chunks[first::processes]))  # noqa: PERF401 - one may not start
        for number in range(len(chunks)):
            yield from workers[number % processes].receive()
    except (EOFError, OSError, pickle.UnpicklingError):
        pass  # a process was killed, or failed, or could not be started
    finally:
        for worker in workers:
            worker.end()


class _Worker:
    """A process that sends what a function makes of the items of its chunks, as this one reads it."""

    def __init__(self, function: Callable[[Any], Iterable[Any]], chunks: Sequence[Sequence[Any]]) -> None:
        read, write = os.pipe()
        here = os.getpid()
        self._received = 0
        self._pid = os.fork()
        if not self._pid:
            try:
                _send(function, chunks, write, here)
            finally:
                os._exit(0)  # whatever happens: what the other process was about is not for this one
        os.close(write)
        self._pipe = open(read, "rb")  # noqa: SIM115 - until ``end``

    def receive(self) -> list[Any]:
        """Return the results of the next chunk."""
        if self._received % _MEMORY == 0:
            self._unpickler = pickle.Unpickler(self._pipe)  # noqa: S301 - of a process of our own
        self._received += 1
        results: list[Any] = self._unpickler.load()
        return results

    def end(self) -> None:
        """See to it that nothing is left of the process."""
        self._pipe.close()
        os.kill(self._pid, signal.SIGKILL)
        with suppress(ChildProcessError):  # the system waits itself where SIGCHLD is ignored
            os.waitpid(self._pid, 0)


def _send(
    function: Callable[[Any], Iterable[Any]], chunks: Sequence[Sequence[Any]], pipe: int, parent: int
) -> None:
    """Do the work of a forked process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that was started
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    # When the parent is killed nobody tells a process that does not write.
    signal.signal(signal.SIGALRM, lambda number, frame: os.getppid() == parent or os._exit(1))
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
    gc.freeze()  # what is there already stays, and is not to be copied because it was looked at
    with open(pipe, "wb") as file:
        for number, chunk in enumerate(chunks):
            results = list(function(chunk))
            if number % _MEMORY == 0:
                pickler = pickle.Pickler(file, pickle.HIGHEST_PROTOCOL)
            pickler.dump(results)
            file.flush()
