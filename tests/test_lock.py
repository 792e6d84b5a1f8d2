"""Two newscards that edit wait for each other; the lock is not in the corpus."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newscards.lock import edit_lock, state_folder
from tests.conftest import MakeCorpus
from tests.support import CARD

HOLD = """
import sys
from newscards.lock import edit_lock
with edit_lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_state_folder_follows_the_xdg_specification(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    assert state_folder() == "/somewhere/newscards"
    monkeypatch.setenv("XDG_STATE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", "/home/ann")
    assert state_folder() == "/home/ann/.local/state/newscards"


def test_a_second_newscards_waits_and_reads_anew(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    holder = subprocess.Popen([sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    command = [sys.executable, "-m", "newscards", "set-published", "false", "x"]
    second = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert second.stderr is not None
    assert second.stderr.readline() == b"note: waiting for another newscards to finish its edit\n"
    # What the first one writes while the second waits must not be lost.
    (folder / "x.md").write_text(CARD.replace("quality: 67", "quality: 99"))
    holder.communicate()
    out, _ = second.communicate()
    assert out == b"x.md: published: true -> false\n"
    assert (folder / "x.md").read_text() == CARD.replace("quality: 67", "quality: 99").replace(
        "published: true", "published: false"
    )
    assert os.listdir(folder) == ["x.md"]


def test_a_lock_that_cannot_be_made_is_told_and_does_not_keep_anyone_from_editing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    notices: list[str] = []
    with edit_lock(notices.append):
        pass
    assert len(notices) == 1
    assert "no lock against a second newscards" in notices[0]


def test_a_file_system_without_locks_does_not_keep_anyone_from_editing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import fcntl

    def refuse(*args: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    notices: list[str] = []
    with edit_lock(notices.append):
        pass
    assert "No locks available" in notices[0]
