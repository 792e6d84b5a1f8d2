"""What ends a query that SQLite itself does not end: one that stays within a single function of it.

SQLite looks at the clock between its steps alone, and as long as it runs Python handles no signal. So a
thread looks on: where the time is over, or a signal came, and SQLite does not come back, it ends the process.
A query changes nothing, so nothing is lost by that.
"""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType

GRACE = 1.0
"""How many seconds SQLite has to come back by itself, once it should."""
_GLANCE = 0.25
_LATE = 2


class Watchdog:
    """Looks on while the block runs; ``until`` is when what runs must be back, ``None`` where nothing runs.

    ``last_words`` are written to standard error where the time is over and the process is ended, with exit
    code 2; after a signal it is that of a process which the signal ended.
    """

    def __init__(self, last_words: str, end: Callable[[int], object] = os._exit) -> None:
        self.until: float | None = None
        self._last_words, self._end = last_words, end
        self._here, self._there = socket.socketpair()
        self._there.setblocking(False)
        self._before = -1
        self._is_set = False
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watchdog:
        try:  # Python writes the number of each signal there, at once
            self._before = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
            self._is_set = True
        except ValueError:  # only the main thread may
            pass
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.until = None
        if self._is_set:
            signal.set_wakeup_fd(self._before)
        self._there.close()
        self._thread.join()
        self._here.close()

    def _watch(self) -> None:
        self._here.settimeout(_GLANCE)
        number, since = 0, 0.0
        while True:
            try:
                received = self._here.recv(64)
                if not received:
                    return
                number, since = received[0], time.monotonic()
            except TimeoutError:
                pass
            until, now = self.until, time.monotonic()
            if until is None:
                number = 0
            elif number and now > since + GRACE:
                self._end(128 + number)
            elif now > until + GRACE:
                os.write(2, self._last_words.encode())
                self._end(_LATE)
