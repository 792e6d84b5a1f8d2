"""Work on many items, in several processes if the items are worth starting them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

MIN_ITEMS = 512
"""The number of items from which on processes save more than they cost: some 10 ms to start, and pickling."""

_MAX_PROCESSES = 8


def parallel(function: Callable[[Sequence[T]], Iterable[R]], items: Sequence[T]) -> Iterator[R]:
    """Yield the results of ``function`` for items, in their order; many items are divided among processors.

    ``function`` takes some of the items, and returns a result for each. It may be a closure. What
    it changes stays in its process; what it returns must be picklable. If a process dies or fails, this
    process does the rest itself, so an error is raised as if there were no other processes.
    """
    processes = min(_processors(), _MAX_PROCESSES)
    done = 0
    # A forked process has all objects of this one. Not on macOS, whose own libraries do not survive a fork.
    if len(items) >= MIN_ITEMS and processes > 1 and hasattr(os, "fork") and sys.platform != "darwin":
        from newscards.workers import in_processes

        sys.stdout.flush()  # else each process would write what is buffered
        with closing(in_processes(function, items, processes)) as results:
            for result in results:
                yield result
                done += 1
    yield from function(items[done:] if done else items)


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1
