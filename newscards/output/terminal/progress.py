"""The progress bar of long work; it disappears when the work is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def progress_bar(console: Console, description: str, done: int, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar while the block runs; the yielded function advances it by one step."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(description, completed=done, total=total)
        yield lambda: progress.advance(task)
