"""Work on many items, in several processes where that is worth their start."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

LEAST = 512
"""For how many items processes are worth their start, some 10 ms, and what they send."""

_MOST = 8


def parallel(function: Callable[[Sequence[T]], Iterable[R]], items: Sequence[T]) -> Iterator[R]:
    """Yield what ``function`` makes of items, in their order, on all processors where there are many.

    ``function`` takes some of the items, and returns a result for each. It may be any, also a closure; what
    it changes stays in its process, and what it returns must be picklable. Where a process ends before its
    time, or cannot go on, the rest is done here: so an error is raised as if there were no processes.
    """
    processes = min(_processors(), _MOST)
    done = 0
    # Each is forked, and so knows all that this one knows. macOS: its own libraries do not survive a fork.
    if len(items) >= LEAST and processes > 1 and hasattr(os, "fork") and sys.platform != "darwin":
        from newscards.workers import in_processes

        sys.stdout.flush()  # what is buffered would be written by each process
        with closing(in_processes(function, items, processes)) as results:
            for result in results:
                yield result
                done += 1
    yield from function(items[done:] if done else items)


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
