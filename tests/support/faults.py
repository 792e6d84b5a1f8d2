"""Faults at any call to the system: a process that is killed, or refused, at the k-th one that it makes.

What touches a file goes through a function of ``os``, ``fcntl`` or ``open``. These are wrapped and counted,
and at one of the calls the fault happens: a kill in a forked child, an error or Ctrl-C in this process.
Killing a process just after a call is killing it just before the next one, because nothing reaches the disk
between two of them. That no call goes by the wrappers is held against strace (``test_faults.py``).
"""

from __future__ import annotations

import builtins
import fcntl
import gc
import os
import pickle
import shutil
import signal
import tempfile
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

NAMES = (
    "open", "close", "read", "pread", "write", "pwrite", "fsync", "fdatasync", "truncate", "ftruncate",
    "replace", "rename", "link", "symlink", "unlink", "remove", "mkdir", "rmdir", "chmod", "fchmod", "chown",
    "fchown", "stat", "lstat", "fstat", "access", "scandir", "listdir", "readlink", "utime", "listxattr",
    "getxattr", "setxattr", "lseek", "sendfile", "copy_file_range", "statvfs",
)  # fmt: skip

Fault = Callable[["Call"], None]


@dataclass(frozen=True)
class Call:
    """The ``number``-th call to the system, from 1, of the function ``name``."""

    number: int
    name: str
    args: tuple[Any, ...]

    @property
    def takes_room(self) -> bool:
        """Whether it is one that a full disk refuses."""
        how = self.args[1] if self.name == "open" and len(self.args) > 1 else 0
        made = how & os.O_CREAT if isinstance(how, int) else "r" not in how
        return bool(made) or self.name in ("write", "pwrite", "mkdir", "fsync")


@dataclass
class Ended:
    """The end of a child: the value that its work returned, or ``killed``, and the calls that it made.

    ``raised`` has the names of the exception's classes, ``trace`` its traceback.
    """

    value: Any = None
    raised: tuple[str, ...] = ()
    trace: str = ""
    calls: list[tuple[str, str]] = field(default_factory=list)
    killed: bool = False

    def number(self, name: str, part: str = "", nth: int = 1) -> int:
        """Return the number of the ``nth`` call of a function whose first arguments contain ``part``."""
        found = [n for n, (each, args) in enumerate(self.calls, 1) if each == name and part in args]
        return found[nth - 1]


def signal_at(number: int, which: signal.Signals) -> Fault:
    """Send the process a signal just before a call."""

    def fault(call: Call) -> None:
        if call.number == number:
            os.kill(os.getpid(), which)

    return fault


def kill_at(number: int) -> Fault:
    """Kill the process just before a call."""
    return signal_at(number, signal.SIGKILL)


def fail_at(number: int, code: int) -> Fault:
    """Let a call fail with an error of the system."""

    def fault(call: Call) -> None:
        if call.number == number:
            raise OSError(code, os.strerror(code))

    return fault


def fail_from(number: int, code: int) -> Fault:
    """Let a call, and all later ones of the same function, fail with an error of the system."""
    failing = ""

    def fault(call: Call) -> None:
        nonlocal failing
        if call.number == number:
            failing = call.name
        if call.name == failing:
            raise OSError(code, os.strerror(code))

    return fault


def full_from(number: int, code: int) -> Fault:
    """Let all that takes room fail from a call on."""

    def fault(call: Call) -> None:
        if call.number >= number and call.takes_room:
            raise OSError(code, os.strerror(code))

    return fault


def interrupt_at(number: int) -> Fault:
    """Press Ctrl-C just before a call."""

    def fault(call: Call) -> None:
        if call.number == number:
            raise KeyboardInterrupt

    return fault


def nothing(call: Call) -> None:
    """Let all be well."""


@dataclass
class Place:
    """A folder that can be put back as it was, in which ``state`` is the state folder."""

    root: Path

    def save(self) -> None:
        """Save the folder."""
        shutil.rmtree(self._saved, ignore_errors=True)
        shutil.copytree(self.root, self._saved, symlinks=True)

    def restore(self) -> None:
        """Put back the saved folder."""
        shutil.rmtree(self.root)
        shutil.copytree(self._saved, self.root, symlinks=True)

    @property
    def _saved(self) -> Path:
        return self.root.with_name("saved")

    def temporary(self) -> list[str]:
        """Return the temporary files that were left."""
        return [str(path) for path in self.root.rglob(".newscards-*")]

    def states(self) -> list[str]:
        """Return the states of the entries in the journal."""
        return sorted(path.suffix for path in self.root.glob("state/newscards/journal/*"))


@contextmanager
def memory_folder() -> Iterator[Path]:
    """Make a folder, where there is one on a disk in memory: thousands of flushes are to be waited for."""
    memory = "/dev/shm"  # noqa: S108
    folder = tempfile.mkdtemp(prefix="newscards-", dir=memory if os.access(memory, os.W_OK) else None)
    yield Path(folder)
    shutil.rmtree(folder)


@contextmanager
def watched(fault: Fault, calls: list[tuple[str, str]], *, short: bool = False) -> Iterator[None]:
    """Wrap the functions, and note the calls; with ``short``, a write takes half at a time."""
    count = 0
    wrapped_ones: list[tuple[Any, str, Any]] = []

    def wrapped(module: Any, name: str) -> None:
        real = getattr(module, name)

        def function(*args: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            calls.append((name, " ".join(str(arg)[:300] for arg in args[:2])))
            try:
                fault(Call(count, name, args))
            except BaseException:
                if name == "close":  # the system takes the descriptor back whatever it says
                    real(*args)
                raise
            if short and name == "write" and len(args[1]) > 1:
                args = (args[0], args[1][: len(args[1]) // 2])
            return real(*args, **options)

        wrapped_ones.append((module, name, real))
        setattr(module, name, function)

    for name in NAMES:
        if hasattr(os, name):
            wrapped(os, name)
    wrapped(fcntl, "flock")
    wrapped(fcntl, "lockf")
    wrapped(builtins, "open")
    try:
        yield
    finally:
        for module, name, real in wrapped_ones:
            setattr(module, name, real)


def done_here(work: Callable[[], Any], fault: Fault = nothing, *, short: bool = False) -> Ended:
    """Do some work in this process, with a fault that is no kill, and return how it ended."""
    ended = Ended()
    with watched(fault, ended.calls, short=short):
        try:
            ended.value = work()
        except BaseException as error:
            ended.raised = tuple(kind.__name__ for kind in type(error).__mro__)
            ended.trace = traceback.format_exc()
    return ended


def forked(work: Callable[[], Any], fault: Fault, *, short: bool = False) -> Ended:
    """Do some work in a child of this process, with a fault, which may be a kill; return how it ended.

    What the work returns must be something that pickle takes.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():  # the child calls nothing but the work, and ends without cleaning up
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if not process:
        os.close(reading)
        _child(work, fault, writing, short=short)
    os.close(writing)
    with open(reading, "rb") as pipe:
        result = pipe.read()
    _, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return Ended(killed=True)
    assert result, "the child has returned nothing"
    ended: Ended = pickle.loads(result)  # noqa: S301 - our own
    return ended


def _child(work: Callable[[], Any], fault: Fault, writing: int, *, short: bool) -> NoReturn:
    write = os.write
    gc.disable()  # it touches all memory, which the child shares with its parent until then
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        data = pickle.dumps(done_here(work, fault, short=short))
        while data:
            data = data[write(writing, data) :]
    except BaseException:
        write(2, traceback.format_exc().encode())
    finally:
        os._exit(0)
