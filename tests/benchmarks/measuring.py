"""Processes, and what each of them takes: seconds on the clock, seconds of the processors, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

FINE = (0, 1)  # 1: validate found an error
_MEBI = 1 << 20
_UNUSUAL = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPROFILEIMPORTTIME")
"""Variables that are left out: with them Python compiles each module anew, or writes line by line."""
_STARTER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "starter.py")


class Usage(NamedTuple):
    """What one run took; ``cpu`` with the processes that it started, ``memory`` of the largest, in MiB."""

    wall: float
    cpu: float
    memory: float


class RunFailedError(Exception):
    """A process ended as it should not: what it was, and what it said."""


@dataclass(frozen=True)
class Contender:
    """A command that is measured, ``rounds`` times; ``before`` is called, unmeasured, before each run."""

    name: str
    command: tuple[str, ...]
    rounds: int
    environment: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None


def run(contender: Contender, folder: str) -> Usage:
    """Run a contender in ``folder``, its output read through a pipe, and return what it took."""
    report, reporting = os.pipe()
    with tempfile.TemporaryFile() as errors, open(report, "rb") as figures:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", _STARTER, str(reporting), *contender.command], cwd=folder,
            env=_environment(contender), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=errors, pass_fds=[reporting],
        )  # fmt: skip
        os.close(reporting)
        assert process.stdout
        with process.stdout as output:
            while os.read(output.fileno(), _MEBI):
                pass
        found = figures.read().split()
        process.wait()
        if len(found) != 4 or int(found[3]) not in FINE:
            errors.seek(0)
            said = errors.read().decode(errors="replace")
            code = found[3].decode() if found else "none"
            raise RunFailedError(f"{contender.name}: exit code {code}\n{said}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Usage(float(found[0]), float(found[1]), int(found[2]) * unit / _MEBI)


def _environment(contender: Contender) -> dict[str, str]:
    usual = {name: value for name, value in os.environ.items() if name not in _UNUSUAL}
    return {**usual, **contender.environment}


def in_turn(
    contenders: Sequence[Contender], folder: str, tell: Callable[[str], None] = lambda text: None
) -> dict[str, list[Usage]]:
    """Run all contenders, and all again, as often as each is to be; return the runs by name."""
    runs: dict[str, list[Usage]] = {contender.name: [] for contender in contenders}
    rounds = max((contender.rounds for contender in contenders), default=0)
    for number in range(rounds):
        for contender in contenders:
            if number < contender.rounds:
                tell(f"round {number + 1} of {rounds}: {contender.name}")
                contender.before()
                runs[contender.name].append(run(contender, folder))
    return runs
