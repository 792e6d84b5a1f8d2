"""A git repository of a test's own, whatever the user's configuration is."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

_TRANSPORT = {"GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_EXEC_PATH"}


def isolate_git(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make git know nothing of the user, the system, or the hook that the tests may run in."""
    for name in os.environ:
        if name.startswith("GIT_") and name not in _TRANSPORT:
            monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "A Curator")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "curator@tide.example")
        monkeypatch.setenv(f"GIT_{role}_DATE", "2026-01-15T12:00:00Z")


def git(folder: Path, *args: str) -> str:
    """Run git in a folder, and return what it writes."""
    done = subprocess.run(["git", "-C", folder, *args], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, message: str = "Cards") -> str:
    """Commit all that is in a folder, and return the commit's hash."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")
