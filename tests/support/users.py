"""newscards run as another user, which only root can do."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from newscards import cli
from tests.support.faults import forked

UNKNOWN = 4242
"""A user of whom the system knows nothing, as in a container."""


def run_as(
    user: int, args: Sequence[str], *, cwd: Path, groups: Sequence[int] = (), env: Mapping[str, str] = {}
) -> tuple[int, str, str]:
    """Run newscards as a user, in a folder that all can reach, with no environment but ``env``.

    Return its exit code, and what it wrote to standard output and standard error. It runs in a fork of this
    process, because another user may not be able to read Python's own files: so the same command should have
    been run here before, which imports what it needs. Skips the test if this is not root.
    """
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can be somebody else")

    def work() -> tuple[int, str, str]:
        os.setgroups(groups)
        os.setgid(user)
        os.setuid(user)
        os.chdir(cwd)
        os.environ.clear()
        os.environ.update(env)
        streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
        with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            code = cli.main(args)
        for stream in streams:
            stream.flush()
        out, err = (stream.buffer.getvalue().decode() for stream in streams)
        return code, out, err

    ended = forked(work, lambda call: None)
    assert not ended.raised, ended.trace
    result: tuple[int, str, str] = ended.value
    return result
