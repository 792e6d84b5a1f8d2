"""The progress bar of long work; it disappears when the work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import NamedTuple

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


class Bar(NamedTuple):
    """A bar that is shown: ``advance`` advances it by one step, ``hide`` hides it for good."""

    advance: Callable[[], None]
    hide: Callable[[], None]


@contextmanager
def progress_bar(console: Console, description: str, done: int, total: int) -> Iterator[Bar]:
    """Show a bar while the block runs.

    rich redraws it in a thread; where none can be started, the bar is drawn at the begin alone.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    redraws = True
    try:
        Thread(target=int).start()
    except RuntimeError:  # see RLIMIT_NPROC in setrlimit(2)
        redraws = False
    with Progress(*columns, console=console, transient=True, auto_refresh=redraws) as progress:
        task = progress.add_task(description, completed=done, total=total)
        yield Bar(lambda: progress.advance(task), progress.stop)
