"""The progress bar: also where no thread can be started that redraws it."""

from __future__ import annotations

import io
import threading

import pytest

from newscards.output.terminal.console import make_console
from newscards.output.terminal.progress import progress_bar


@pytest.mark.parametrize("has_threads", [True, False])
def test_a_bar_is_shown_and_goes(monkeypatch: pytest.MonkeyPatch, has_threads: bool) -> None:
    def fail(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    if not has_threads:
        monkeypatch.setattr(threading.Thread, "start", fail)
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    file = io.StringIO()
    with progress_bar(make_console(file, color=True), "reading", 3, 10) as bar:
        bar.advance()
    assert "reading" in file.getvalue()
    assert file.getvalue().endswith("\x1b[2K")
