"""A file is old or new, never torn, and what belongs to it stays."""

from __future__ import annotations

import errno
import os
import stat
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from newscards.edits import atomic
from newscards.edits.atomic import (
    IrreplaceableError,
    delete_leftovers,
    flush_folder,
    read_file,
    replace_file,
    write_file,
)
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


def set_attribute(path: Path, name: str, value: bytes) -> None:
    """Set an extended attribute; skip the test where the file system has none."""
    if not hasattr(os, "setxattr"):
        pytest.skip("no extended attributes here")
    try:
        os.setxattr(path, name, value)
    except OSError:
        pytest.skip(f"the file system has no {name}")


def attributes(path: Path) -> dict[str, bytes]:
    return {name: os.getxattr(path, name) for name in os.listxattr(path)}


def test_extended_attributes_stay(file: Path) -> None:
    set_attribute(file, "user.note", b"mine")
    replace_file(str(file), NEW, old=OLD)
    assert attributes(file) == {"user.note": b"mine"}


def access_list(*entries: tuple[int, int, int]) -> bytes:
    """Return an access control list of (tag, permissions, id), as Linux has it (posix_acl_xattr.h)."""
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


OWNER, USER, GROUP, GROUP_NAMED, MASK, OTHER, NOBODY = 1, 2, 4, 8, 0x10, 0x20, 0xFFFFFFFF
"""The tags of the entries, and the id of those that name no one."""

ANNS = access_list(
    (OWNER, 6, NOBODY), (USER, 6, 1234), (GROUP, 4, NOBODY), (MASK, 6, NOBODY), (OTHER, 0, NOBODY)
)
BOBS = access_list(
    (OWNER, 6, NOBODY),
    (USER, 4, 77),
    (GROUP, 6, NOBODY),
    (GROUP_NAMED, 6, 88),
    (MASK, 6, NOBODY),
    (OTHER, 4, NOBODY),
)


@pytest.mark.parametrize("mode", [0o660, 0o600, 0o644, 0o400])
@pytest.mark.parametrize("own", [None, BOBS])
def test_the_access_control_list_is_the_files_own_and_not_the_folders_default(
    file: Path, own: bytes | None, mode: int
) -> None:
    file.chmod(mode)
    if own:
        set_attribute(file, "system.posix_acl_access", own)
    set_attribute(file.parent, "system.posix_acl_default", ANNS)
    before, status = attributes(file), file.stat()
    replace_file(str(file), NEW, old=OLD)
    assert attributes(file) == before
    assert file.stat().st_mode == status.st_mode
    assert file.stat().st_ino != status.st_ino


@pytest.mark.parametrize(
    ("name", "call"),
    [("user.note", "setxattr"), ("security.label", "setxattr"), ("user.note", "removexattr")],
)
def test_where_an_attribute_cannot_be_kept_the_edit_is_refused_with_a_way_out(
    file: Path, monkeypatch: pytest.MonkeyPatch, name: str, call: str
) -> None:
    def refuse(*args: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    mine, others = ({name: b"mine"}, {}) if call == "setxattr" else ({}, {name: b"the folder's"})

    def found(which: object) -> dict[str, bytes]:
        return mine if which == str(file) else others

    monkeypatch.setattr(os, "listxattr", lambda which: [*found(which)], raising=False)
    monkeypatch.setattr(os, "getxattr", lambda which, name: found(which)[name], raising=False)
    monkeypatch.setattr(os, call, refuse, raising=False)
    with pytest.raises(IrreplaceableError) as caught:
        replace_file(str(file), NEW, old=OLD)
    reason = f"its extended attributes cannot be kept: {name}: Operation not permitted"
    assert (str(caught.value), caught.value.hint) == (reason, "--in-place writes into the file itself")
    assert (file.read_bytes(), names(file)) == (OLD, ["x.md"])


def test_what_counts_of_attributes_is_how_they_are_in_the_end(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: object) -> None:
        raise OSError(errno.ENOTSUP, "Operation not supported")

    def value(which: int | str, name: str) -> bytes:  # it follows the mode, as system.nfs4_acl does
        return oct(stat.S_IMODE(os.stat(which).st_mode)).encode()

    file.chmod(0o644)
    monkeypatch.setattr(os, "listxattr", lambda which: ["system.nfs4_acl"], raising=False)
    monkeypatch.setattr(os, "getxattr", value, raising=False)
    monkeypatch.setattr(os, "setxattr", refuse, raising=False)
    replace_file(str(file), NEW, old=OLD)
    assert file.read_bytes() == NEW


def test_a_file_that_is_a_mount_of_its_own_can_be_written_only_in_place(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(source: str, target: str) -> None:
        raise OSError(errno.EBUSY, "Device or resource busy", source, None, target)

    monkeypatch.setattr(os, "replace", busy)
    with pytest.raises(IrreplaceableError, match="it cannot be replaced: Device or resource busy"):
        replace_file(str(file), NEW, old=OLD)
    assert (file.read_bytes(), names(file)) == (OLD, ["x.md"])


def test_an_attribute_that_is_set_without_effect_is_not_taken_for_kept(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = {"security.label": b"mine"}
    monkeypatch.setattr(os, "listxattr", lambda which: [*mine] if which == str(file) else [], raising=False)
    monkeypatch.setattr(os, "getxattr", lambda which, name: mine[name], raising=False)
    monkeypatch.setattr(os, "setxattr", lambda *args: None, raising=False)
    with pytest.raises(IrreplaceableError, match="extended attributes cannot be kept"):
        replace_file(str(file), NEW, old=OLD)


def test_an_attribute_that_a_new_file_has_already_and_one_that_the_system_derives_are_not_set(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = {"security.selinux": b"inherited", "security.ima": b"of the content"}
    monkeypatch.setattr(os, "listxattr", lambda which: [*every], raising=False)
    monkeypatch.setattr(os, "getxattr", lambda which, name: every[name], raising=False)
    monkeypatch.setattr(os, "setxattr", lambda *args: pytest.fail("not everyone may"), raising=False)
    replace_file(str(file), NEW, old=OLD)
    assert file.read_bytes() == NEW


def test_a_mode_that_cannot_be_kept_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file.chmod(0o664)
    monkeypatch.setattr(os, "fchmod", lambda *args: None)  # as that of a group to which one does not belong
    with pytest.raises(IrreplaceableError, match="its mode cannot be kept"):
        replace_file(str(file), NEW, old=OLD)
    assert (file.read_bytes(), names(file)) == (OLD, ["x.md"])


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


WRITE_BESIDE = """
import sys
from newscards.edits import atomic
with atomic.written_beside(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_an_output_deletes_what_a_killed_one_left_and_not_what_a_living_one_writes(file: Path) -> None:
    command = [sys.executable, "-c", WRITE_BESIDE, str(file.parent / "news.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as living:
        assert living.stdout is not None
        assert living.stdout.readline() == b"held\n"
        (left,) = (name for name in names(file) if name != "x.md")
        assert left.startswith(".newscards-")
        write_file(str(file.parent / "report.json"), NEW)
        assert sorted(names(file)) == sorted([left, "report.json", "x.md"])
        living.kill()
        living.wait()
    assert left in names(file)
    write_file(str(file.parent / "report.json"), OLD)
    assert sorted(names(file)) == ["report.json", "x.md"]
    assert (file.parent / "report.json").read_bytes() == OLD


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
    with pytest.raises(IrreplaceableError, match="no file can be made in its folder: Permission denied"):
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


def test_an_output_is_begun_again_where_another_run_takes_its_file_for_a_leftover(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, lock = tmp_path / "out", atomic._lock_new
    refusals = iter([True, True])

    def refused_twice(descriptor: int) -> os.stat_result:
        if next(refusals, False):
            raise EditRefusedError("another newscards tidied up in this folder")
        return lock(descriptor)

    monkeypatch.setattr(atomic, "_lock_new", refused_twice)
    write_file(str(target), b"all")
    assert target.read_bytes() == b"all"
    refusals = iter([True] * 1000)
    with pytest.raises(OSError, match="delete temporary files") as raised:
        write_file(str(target), b"more")
    assert raised.value.errno == errno.EBUSY
    assert os.listdir(tmp_path) == ["out"]
    assert target.read_bytes() == b"all"
