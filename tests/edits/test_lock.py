"""Two newscards that edit wait for each other; the lock is not in the corpus."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newscards.edits import lock
from newscards.edits.lock import edit_lock, lock_if_free
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
    say(held or "held")
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


def test_a_second_newscards_waits_and_reads_anew(tmp_path: Path, holder: subprocess.Popen[bytes]) -> None:
    card = tmp_path / "card"
    card.write_text("1")
    second = subprocess.Popen([sys.executable, "-c", AGAIN, str(card)], stdout=subprocess.PIPE)
    assert second.stdout is not None
    assert second.stdout.readline() == b"waiting for another newscards to finish its edit\n"
    # What the first one writes while the second waits must not be lost.
    card.write_text("7")
    holder.communicate()
    assert second.communicate()[0] == b"held\n"
    assert card.read_text() == "8"


def test_a_process_that_is_killed_frees_the_lock(holder: subprocess.Popen[bytes]) -> None:
    holder.kill()
    holder.wait()
    with edit_lock(pytest.fail) as obstacle:
        assert not obstacle


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
    with edit_lock(pytest.fail) as obstacle:
        assert obstacle == f"{tmp_path}/file/newscards: Not a directory"


def made_a_link(path: Path, precious: Path) -> None:
    path.symlink_to(precious)


def made_a_dangling_link(path: Path, precious: Path) -> None:
    path.symlink_to(precious.with_name("nothing"))


def made_a_hard_link(path: Path, precious: Path) -> None:
    os.link(precious, path)


def made_a_pipe(path: Path, precious: Path) -> None:
    os.mkfifo(path)


def made_a_folder(path: Path, precious: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (made_a_link, "it is a symbolic link; delete it"),
        (made_a_dangling_link, "it is a symbolic link; delete it"),
        (made_a_hard_link, "it is not a plain file of one name; delete it"),
        (made_a_pipe, "it is not a plain file of one name; delete it"),
        (made_a_folder, "Is a directory"),
    ],
)
def test_a_lock_file_that_leads_elsewhere_is_not_followed_and_the_edit_goes_on(
    tmp_path: Path, make: Callable[[Path, Path], None], reason: str
) -> None:
    path, precious = tmp_path / "state" / "newscards" / "edit.lock", tmp_path / "precious"
    path.parent.mkdir(parents=True)
    precious.write_text("precious")
    make(path, precious)
    with edit_lock(pytest.fail) as obstacle:
        assert obstacle == f"{path}: {reason}"
    with lock_if_free() as free:
        assert free
    assert precious.read_text() == "precious"
    assert not (tmp_path / "nothing").exists()


def test_a_state_folder_that_is_a_link_is_the_users_choice(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "newscards").symlink_to(tmp_path / "elsewhere")
    with edit_lock(pytest.fail) as obstacle:
        assert not obstacle
    assert os.listdir(tmp_path / "elsewhere") == ["edit.lock"]


def test_a_file_system_without_locks_does_not_keep_anyone_from_editing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import fcntl

    def refuse(*args: object) -> None:
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with edit_lock(pytest.fail) as obstacle:
        assert "No locks available" in obstacle
