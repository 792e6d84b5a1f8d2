"""Snapshots of files: by what a file is known to be as it was, and when nobody can know."""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.corpus.index.snapshot import NUMBERS_PER_FILE, RACY_NANOSECONDS, UNKNOWN, Snapshot

NAMES = ["a.md", "b.md", "c.md", "sub/d.md"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def taken(folder: Path, names: list[str] = NAMES) -> Snapshot:
    return Snapshot.of(list(names), [os.path.join(folder, name) for name in names])


def with_ids(snapshot: Snapshot) -> Snapshot:
    snapshot.ids = array("q", range(1, len(snapshot.names) + 1))
    return snapshot


def test_files_that_nobody_touched_keep_their_ids_and_are_not_read(folder: Path) -> None:
    old, new = with_ids(taken(folder)), taken(folder)
    assert new.reuse_ids(old) == []
    assert new == old
    assert list(new.ids) == [1, 2, 3, 4]


def edit(path: Path) -> None:
    path.write_text("more than before")


def edit_unseen(path: Path) -> None:
    """Change a file and hide it: the same size, and the time that it had."""
    before = path.stat()
    path.write_bytes(path.read_bytes()[::-1])
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace(path: Path) -> None:
    beside = path.with_suffix(".new")
    beside.write_text(path.read_text())
    os.utime(beside, ns=(0, path.stat().st_mtime_ns))
    beside.replace(path)


def make_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def make_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


CHANGES: list[Callable[[Path], object]] = [
    edit, edit_unseen, replace, make_folder, make_pipe, Path.unlink, Path.touch, lambda path: path.chmod(0),
    lambda path: os.utime(path, ns=(-5, -5)), lambda path: os.truncate(path, 0),
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_file_that_changed_in_any_way_is_read_and_keeps_its_old_id(
    folder: Path, change: Callable[[Path], object]
) -> None:
    old = with_ids(taken(folder))
    change(folder / "b.md")
    new = taken(folder)
    assert new.reuse_ids(old) == [1]
    assert list(new.ids) == [1, 2, 3, 4]


def test_what_is_no_file_is_read_each_time(folder: Path) -> None:
    (folder / "b.md").unlink()
    old = with_ids(taken(folder))
    assert tuple(old.state(1)) == UNKNOWN
    assert taken(folder).reuse_ids(old) == [1]


def test_files_come_and_go_and_change_their_names(folder: Path) -> None:
    old = with_ids(taken(folder))
    (folder / "b.md").rename(folder / "bb.md")
    new = taken(folder, ["0.md", "a.md", "bb.md", "sub/d.md"])
    assert new.reuse_ids(old) == [0, 2]
    assert list(new.ids) == [0, 1, 0, 4]
    empty = taken(folder, [])
    assert empty.reuse_ids(old) == []
    assert list(empty.ids) == []
    assert with_ids(taken(folder)).reuse_ids(Snapshot.of([], [])) == [0, 1, 2, 3]


def test_a_file_that_changed_just_before_is_read_again(folder: Path) -> None:
    now = 10**18
    for name, age in zip(NAMES, (RACY_NANOSECONDS + 1, RACY_NANOSECONDS - 1, 0, -60 * 10**9), strict=True):
        os.utime(folder / name, ns=(0, now - age))
    old = with_ids(taken(folder))
    for at in range(4):  # when it was changed cannot be set from outside
        old.states[NUMBERS_PER_FILE * at + 2] = now - 10 * RACY_NANOSECONDS
    old.states[2] = now - RACY_NANOSECONDS + 1
    old.forget_racy(now)
    assert [tuple(old.state(at)) == UNKNOWN for at in range(4)] == [True, True, True, True]
    old = with_ids(taken(folder))
    for at in range(4):
        old.states[NUMBERS_PER_FILE * at + 2] = now - RACY_NANOSECONDS
    old.forget_racy(now)
    assert [tuple(old.state(at)) == UNKNOWN for at in range(4)] == [False, True, True, True]


def test_a_file_that_was_forgotten_is_read_and_keeps_its_id(folder: Path) -> None:
    old = with_ids(taken(folder))
    old.forget(2)
    new = taken(folder)
    assert new.reuse_ids(old) == [2]
    assert list(new.ids) == [1, 2, 3, 4]


@pytest.mark.parametrize("seconds", [1 << 40, -(1 << 40)])
def test_a_time_or_an_inode_out_of_all_range_does_no_harm(
    folder: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    def odd(path: str) -> SimpleNamespace:
        found = os.stat(path)
        modified = seconds * 10**9 if path.endswith("b.md") else found.st_mtime_ns
        return SimpleNamespace(
            st_mode=found.st_mode, st_size=found.st_size, st_ino=(1 << 64) - found.st_ino,
            st_mtime_ns=modified, st_ctime_ns=found.st_ctime_ns, st_dev=(1 << 64) - 1,
        )  # fmt: skip

    monkeypatch.setattr("newscards.corpus.index.snapshot.os", SimpleNamespace(stat=odd))
    old = with_ids(taken(folder))
    assert taken(folder).reuse_ids(old) == [1]


def test_a_path_with_nul_is_no_file() -> None:
    assert tuple(Snapshot.of(["a"], ["a\0b"]).state(0)) == UNKNOWN


NAME = st.binary(min_size=1, max_size=6).map(lambda raw: os.fsdecode(raw.replace(b"\0", b"\n")))
NUMBER = st.integers(-(1 << 63), (1 << 63) - 1)


@settings(deadline=None, derandomize=True, database=None)
@given(st.lists(NAME, unique=True, max_size=4), st.data())
def test_a_snapshot_comes_back_from_its_bytes(names: list[str], data: st.DataObject) -> None:
    numbers = st.lists(NUMBER, min_size=NUMBERS_PER_FILE * len(names), max_size=NUMBERS_PER_FILE * len(names))
    ids = st.lists(NUMBER, min_size=len(names), max_size=len(names))
    snapshot = Snapshot(names, array("q", data.draw(numbers)), array("q", data.draw(ids)))
    assert Snapshot.decode(*snapshot.encode()) == snapshot


@settings(deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=20), st.binary(max_size=80), st.binary(max_size=20))
def test_any_bytes_are_a_snapshot_or_a_value_error(names: bytes, states: bytes, ids: bytes) -> None:
    try:
        snapshot = Snapshot.decode(names, states, ids)
    except ValueError:
        return
    assert len(snapshot.names) == len(snapshot.ids) == len(snapshot.states) / NUMBERS_PER_FILE


def test_a_file_of_another_device_is_another_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old, stat = with_ids(taken(folder)), os.stat

    def of_another_device(path: str) -> SimpleNamespace:
        status = stat(path)
        names = ("st_mode", "st_size", "st_mtime_ns", "st_ctime_ns", "st_ino")
        same = {name: getattr(status, name) for name in names}
        return SimpleNamespace(**same, st_dev=status.st_dev + path.endswith("b.md"))

    monkeypatch.setattr(os, "stat", of_another_device)
    assert taken(folder).reuse_ids(old) == [NAMES.index("b.md")]
