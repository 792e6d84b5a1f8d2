"""Two newscards that edit wait for each other; the lock is not in the corpus."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscards.edits import lock
from newscards.edits.lock import edit_lock, lock_if_free, state_folder
from newscards.errors import NewscardsError

HOLD = """
import sys
from newscards.edits.lock import edit_lock
with edit_lock():
    print("held", flush=True)
    sys.stdin.read()
"""


AGAIN = """
import sys
from newscards.edits.lock import edit_lock
def say(message):
    print(message, flush=True)
with edit_lock(say) as held:
    with open(sys.argv[1], "rb+") as file:
        number = int(file.read())
        file.seek(0)
        file.write(str(number + 1).encode())
    say(held)
"""


@pytest.fixture
def holder() -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock, until its input ends or it is killed."""
    command = [sys.executable, "-c", HOLD]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        yield process
        process.kill()


def test_the_state_folder_follows_the_xdg_specification(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    assert state_folder() == "/somewhere/newscards"
    monkeypatch.setenv("XDG_STATE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", "/home/ann")
    assert state_folder() == "/home/ann/.local/state/newscards"


def test_a_second_newscards_waits_and_reads_anew(tmp_path: Path, holder: subprocess.Popen[bytes]) -> None:
    card = tmp_path / "card"
    card.write_text("1")
    second = subprocess.Popen([sys.executable, "-c", AGAIN, str(card)], stdout=subprocess.PIPE)
    assert second.stdout is not None
    assert second.stdout.readline() == b"waiting for another newscards to finish its edit\n"
    # What the first one writes while the second waits must not be lost.
    card.write_text("7")
    holder.communicate()
    assert second.communicate()[0] == b"True\n"
    assert card.read_text() == "8"


def test_a_process_that_is_killed_frees_the_lock(holder: subprocess.Popen[bytes]) -> None:
    holder.kill()
    holder.wait()
    with edit_lock(pytest.fail) as held:
        assert held


def test_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch, holder: subprocess.Popen[bytes]) -> None:
    monkeypatch.setattr(lock, "LOCK_TIMEOUT", 0.3)
    notices: list[str] = []
    with pytest.raises(NewscardsError) as caught, edit_lock(notices.append):
        pytest.fail("it is held by another one")
    assert notices == ["waiting for another newscards to finish its edit"]
    assert str(caught.value).startswith(f"another newscards (process {holder.pid}) has been editing for ")
    assert str(caught.value).endswith(" minutes; nothing was written")


def test_whoever_only_looks_sees_whether_somebody_edits(holder: subprocess.Popen[bytes]) -> None:
    with lock_if_free() as free:
        assert not free
    holder.communicate()
    with lock_if_free() as free:
        assert free


def test_where_nobody_has_ever_edited_looking_makes_nothing(tmp_path: Path) -> None:
    with lock_if_free() as free:
        assert free
    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("number", sorted(lock.DISK_FAILURES))
def test_on_a_full_or_broken_disk_nothing_is_begun(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def refuse(*args: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "makedirs", refuse)
    with pytest.raises(NewscardsError, match="nothing was written"), edit_lock(pytest.fail):
        pytest.fail("it cannot be held")


def test_a_lock_that_cannot_be_made_is_told_and_does_not_keep_anyone_from_editing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    notices: list[str] = []
    with edit_lock(notices.append) as held:
        assert not held
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
