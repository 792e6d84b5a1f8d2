"""The beginning of the process: what has to be so before anything that takes long to import.

The console script and ``python -m newscards`` call ``entry_point``.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_signal: Any = __import__("_signal")  # what `signal` is made of, without the import of `enum`

_FAULT, _INTERRUPTED = 2, 130


def entry_point() -> None:
    """Run newscards and end the process.

    Ctrl-C ends it without a word while the rest is imported, unless it is ignored (``nohup newscards &``).
    """
    if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
        _signal.signal(_signal.SIGINT, lambda number, frame: os._exit(_INTERRUPTED))
    is_utf8 = sys.getfilesystemencoding() == "utf-8" or sys.orig_argv[1:3] == _UTF8
    if os.name == "posix" and sys.executable and not is_utf8:
        _start_again()
    from newscards import cli

    cli.entry_point()


_UTF8 = ["-X", "utf8"]
"""The interpreter's option for its UTF-8 mode (PEP 540), which counts more than the environment."""


def _start_again() -> None:
    """Replace the process by one in UTF-8 mode; end it with a message if that fails.

    Python has decoded the arguments and the environment by the locale, it encodes file names by it, and
    nothing can change that later. The bytes of the arguments come from the system (proc(5)), because some
    codecs, such as that of EUC-JP, do not give back what the C library has decoded.
    """
    try:
        try:
            with open("/proc/self/cmdline", "rb") as file:
                words = file.read().split(b"\0")[:-1]
        except OSError:  # not on Linux
            words = [*map(os.fsencode, sys.orig_argv)]
        os.execv(os.fsencode(sys.executable), [words[0], *map(os.fsencode, _UTF8), *words[1:]])  # noqa: S606 - itself
    except (OSError, ValueError) as error:
        from newscards.output.ui import Ui

        hint = "a locale of UTF-8 needs no second start: LC_ALL=C.UTF-8"
        Ui().error(f"Python cannot be started again in its UTF-8 mode: {error}", hint)
        sys.exit(_FAULT)


if __name__ == "__main__":
    entry_point()
