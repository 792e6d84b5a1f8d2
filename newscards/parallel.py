"""Work on many items in several processes: each is forked, and so knows all that this one knows."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

LEAST = 512
"""For how many items processes are worth their start, some 50 ms."""

_MOST = 8
_LEAST_CHUNK, _MOST_CHUNK = 32, 1024
"""How many items a process takes at a time: neighbours, for these are alike, and what was read is known."""


def parallel(function: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
    """Yield what ``function`` makes of each item, in their order, on all processors where there are many.

    ``function`` may be any, also a closure; what it changes stays in its process, and what it returns or
    raises must be picklable. Where a process ends before its time, the rest is done here.
    """
    processes = min(_processors(), _MOST)
    if len(items) < LEAST or processes < 2 or not hasattr(os, "fork") or sys.platform == "darwin":
        yield from map(function, items)  # macOS: its own libraries do not survive a fork
        return
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    sys.stdout.flush()  # what is buffered would be written by each process
    done = 0
    chunk = min(max(len(items) // (4 * processes), _LEAST_CHUNK), _MOST_CHUNK)
    try:
        with ProcessPoolExecutor(
            processes, get_context("fork"), initializer=_begin, initargs=(function, os.getpid())
        ) as pool:
            try:
                for result in pool.map(_call, items, chunksize=chunk):
                    yield result
                    done += 1
            finally:
                pool.shutdown(cancel_futures=True)  # and wait: else its end and that of the process collide
    except BrokenProcessPool:
        yield from map(function, items[done:])


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


_function: Callable[[Any], Any] = repr
"""In a forked process, what it does with each item."""


def _begin(function: Callable[[Any], Any], parent: int) -> None:
    global _function
    _function = function
    # When the parent is killed nobody tells: the pipe to it is held open by the processes themselves.
    signal.signal(signal.SIGALRM, lambda number, frame: os.getppid() == parent or os._exit(1))
    signal.setitimer(signal.ITIMER_REAL, 1, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that was started
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _call(item: Any) -> Any:
    return _function(item)
