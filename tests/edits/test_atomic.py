"""A file is old or new, never torn, and what belongs to it stays."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from newscards.edits import atomic
from newscards.edits.atomic import delete_leftovers, flush_folder, read_file, replace_file
from newscards.edits.lock import try_lock
from newscards.errors import EditRefusedError

OLD, NEW = b"old bytes", b"the new bytes"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "folder").mkdir()
    path = tmp_path / "folder" / "x.md"
    path.write_bytes(OLD)
    return path


def names(file: Path) -> list[str]:
    return os.listdir(file.parent)


def test_the_bytes_are_replaced_and_nothing_is_left_beside(file: Path) -> None:
    replace_file(str(file), NEW, old=OLD)
    assert file.read_bytes() == NEW
    assert names(file) == ["x.md"]


@pytest.mark.parametrize("mode", [0o640, 0o600, 0o755, 0o664])
def test_the_mode_stays_whatever_the_umask(file: Path, mode: int) -> None:
    file.chmod(mode)
    before = os.umask(0o077)
    try:
        replace_file(str(file), NEW, old=OLD)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == mode


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can give files away")
def test_the_owner_stays(file: Path) -> None:
    os.chown(file, 12345, 23456)
    replace_file(str(file), NEW, old=OLD)
    assert (file.stat().st_uid, file.stat().st_gid) == (12345, 23456)


def test_a_link_stays_a_link_and_its_target_is_replaced(file: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.md"
    link.symlink_to(file)
    replace_file(os.path.realpath(link), NEW, old=OLD)
    assert link.is_symlink()
    assert file.read_bytes() == NEW
    assert sorted(os.listdir(tmp_path)) == ["folder", "link.md"]


def test_a_file_with_hard_links_is_refused(file: Path, tmp_path: Path) -> None:
    os.link(file, tmp_path / "other.md")
    with pytest.raises(EditRefusedError, match="2 hard links"):
        replace_file(str(file), NEW, old=OLD)
    assert (tmp_path / "other.md").read_bytes() == OLD


def test_a_file_that_changed_since_it_was_read_is_refused(file: Path) -> None:
    file.write_bytes(b"other bytes")
    with pytest.raises(EditRefusedError, match="changed by something else"):
        replace_file(str(file), NEW, old=OLD)
    assert file.read_bytes() == b"other bytes"
    assert names(file) == ["x.md"]


def test_a_write_protected_file_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write everything
    with pytest.raises(EditRefusedError, match="write-protected"):
        replace_file(str(file), NEW, old=OLD)
    assert file.read_bytes() == OLD


@pytest.mark.parametrize("failing", ["fsync", "replace", "fchmod", "fchown"])
def test_a_failure_leaves_the_old_bytes_and_no_temporary_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def fail(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, fail)
    if failing == "fchown":
        monkeypatch.setattr(os, "fstat", lambda fd: os.stat_result((0, 1, 2, 1, 999, 999, 0, 0, 0, 0)))
    with pytest.raises(OSError, match="No space left"):
        replace_file(str(file), NEW, old=OLD)
    assert file.read_bytes() == OLD
    assert names(file) == ["x.md"]


@pytest.mark.parametrize(
    ("failing", "number", "reason"),
    [
        ("fchown", errno.EPERM, "its owner and group cannot be kept: Operation not permitted"),
        ("open", errno.EPERM, "the file is immutable, or append-only"),
        ("open", errno.EACCES, "the file is write-protected"),
        ("open", errno.EROFS, "Read-only file system"),
    ],
)
def test_what_a_file_may_not_be_replaced_for_is_told(
    file: Path, monkeypatch: pytest.MonkeyPatch, failing: str, number: int, reason: str
) -> None:
    def fail(*args: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, failing, fail)
    monkeypatch.setattr(os, "access", lambda path, mode: failing != "open")
    monkeypatch.setattr(os, "fstat", lambda fd: os.stat_result((0, 1, 2, 1, 999, 999, 0, 0, 0, 0)))
    with pytest.raises((EditRefusedError, OSError), match=reason):
        replace_file(str(file), NEW, old=OLD)
    assert names(file) == ["x.md"]


def test_an_interruption_leaves_the_old_bytes_and_no_temporary_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        replace_file(str(file), NEW, old=OLD)
    assert (file.read_bytes(), names(file)) == (OLD, ["x.md"])


def test_the_new_bytes_are_on_disk_before_they_take_the_name(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append("flush folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "flush file")
        fsync(descriptor)

    def noted_replace(source: str, target: str) -> None:
        assert Path(source).parent == Path(target).parent
        assert Path(source).read_bytes() == NEW
        steps.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    replace_file(str(file), NEW, old=OLD)
    flush_folder(str(file.parent))
    assert steps == ["flush file", "rename", "flush folder"]


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_extended_attributes_stay(file: Path) -> None:
    try:
        os.setxattr(file, "user.note", b"mine")
    except OSError:
        pytest.skip("the file system has no extended attributes")
    replace_file(str(file), NEW, old=OLD)
    assert os.getxattr(file, "user.note") == b"mine"


def test_a_folder_that_cannot_be_flushed_does_not_undo_the_edit(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsync = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(22, "Invalid argument")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    replace_file(str(file), NEW, old=OLD)
    assert file.read_bytes() == NEW


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_one_attribute_that_cannot_be_set_does_not_cost_the_others(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_names: list[str] = []

    def set_some(descriptor: int, name: str, value: bytes) -> None:
        if name == "security.first":
            raise PermissionError(1, "Operation not permitted")
        set_names.append(name)

    monkeypatch.setattr(os, "listxattr", lambda path: ["security.first", "user.second"])
    monkeypatch.setattr(os, "getxattr", lambda path, name: b"")
    monkeypatch.setattr(os, "setxattr", set_some)
    replace_file(str(file), NEW, old=OLD)
    assert set_names == ["user.second"]


HOLD = """
import os, sys
from newscards.edits import atomic
def stop(source, target):
    print("held", flush=True)
    sys.stdin.read()
    os.unlink(source)
os.replace = stop
atomic.replace_file(sys.argv[1], b"new", old=b"old bytes")
"""


def test_what_a_killed_newscards_left_is_swept_and_what_a_living_one_writes_is_not(file: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as living:
        assert living.stdout is not None
        assert living.stdout.readline() == b"held\n"
        (left,) = (name for name in names(file) if name != "x.md")
        assert left.startswith(".newscards-")
        (file.parent / ".newscards-old.tmp").write_bytes(b"ha")
        (file.parent / ".newscards-mine").write_bytes(b"not one of them")
        delete_leftovers(str(file.parent))
        assert sorted(names(file)) == sorted([left, ".newscards-mine", "x.md"])
        living.kill()
        living.wait()
    delete_leftovers(str(file.parent))
    assert sorted(names(file)) == [".newscards-mine", "x.md"]


def test_a_file_that_was_swept_before_its_maker_held_it_is_not_renamed(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = try_lock

    def too_late(descriptor: int) -> bool:
        monkeypatch.setattr(atomic, "try_lock", real)
        delete_leftovers(str(file.parent))
        return real(descriptor)

    monkeypatch.setattr(atomic, "try_lock", too_late)
    with pytest.raises(EditRefusedError, match="another newscards tidied up"):
        replace_file(str(file), NEW, old=OLD)
    assert (file.read_bytes(), names(file)) == (OLD, ["x.md"])


def test_a_maker_that_finds_its_file_held_by_one_that_sweeps_refuses(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atomic, "try_lock", lambda descriptor: False)
    with pytest.raises(EditRefusedError, match="another newscards tidies up"):
        replace_file(str(file), NEW, old=OLD)
    assert (file.read_bytes(), names(file)) == (OLD, ["x.md"])


def test_a_sweep_does_not_take_what_was_renamed_over_a_card_meanwhile(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = file.parent / ".newscards-1.tmp"
    temporary.write_bytes(NEW)
    real = try_lock

    def renamed_first(descriptor: int) -> bool:
        temporary.rename(file)
        temporary.write_bytes(b"another one's")
        return real(descriptor)

    monkeypatch.setattr(atomic, "try_lock", renamed_first)
    delete_leftovers(str(file.parent))
    assert (file.read_bytes(), temporary.read_bytes()) == (NEW, b"another one's")


def test_without_locks_a_card_is_written_and_nothing_swept(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int) -> bool:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(atomic, "try_lock", refuse)
    (file.parent / ".newscards-1.tmp").write_bytes(b"")
    replace_file(str(file), NEW, old=OLD)
    delete_leftovers(str(file.parent))
    assert file.read_bytes() == NEW
    assert sorted(names(file)) == [".newscards-1.tmp", "x.md"]


def test_a_folder_that_is_gone_is_said_to_be(file: Path) -> None:
    def vanish(*args: object) -> bool:
        file.unlink()
        file.parent.rmdir()
        return True

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "access", vanish)
        with pytest.raises(FileNotFoundError, match="its folder is no longer there"):
            replace_file(str(file), NEW, old=OLD)


def test_a_folder_that_takes_no_file_is_said_not_to(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def refuse(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(PermissionError, match="no file can be made in its folder: Permission denied"):
        replace_file(str(file), NEW, old=OLD)
    assert names(file) == ["x.md"]


def test_a_read_only_file_system_is_not_called_write_protection(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: str, flags: int) -> int:
        raise OSError(errno.EROFS, "Read-only file system", path)

    monkeypatch.setattr(os, "access", lambda path, mode: False)
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(OSError, match="Read-only file system"):
        replace_file(str(file), NEW, old=OLD)


def test_what_has_become_a_link_a_folder_or_a_pipe_is_refused(file: Path, tmp_path: Path) -> None:
    file.rename(tmp_path / "y.md")
    file.symlink_to(tmp_path / "y.md")
    os.mkfifo(tmp_path / "pipe")
    for path in (file, tmp_path / "folder", tmp_path / "pipe"):
        with pytest.raises(EditRefusedError, match="no longer a file"):
            read_file(str(path))
        with pytest.raises(EditRefusedError, match="no longer a file"):
            replace_file(str(path), NEW, old=OLD)
    assert file.is_symlink()


def test_a_folder_on_a_broken_disk_is_told_and_one_that_is_gone_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush_folder(str(tmp_path / "gone"))

    def broken(descriptor: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output error"):
        flush_folder(str(tmp_path))
