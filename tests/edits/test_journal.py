"""The journal keeps what edits did, whole or not at all, and nothing in its folder upsets it."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.edits.journal import (
    _REPORT_TYPES,
    DONE,
    STATES,
    UNDOING,
    UNDONE,
    WRITING,
    CardEdit,
    DamagedError,
    Edit,
    Journal,
    JournalError,
)
from newscards.edits.patches import Patch, difference, patched, unpatched
from newscards.edits.transaction import find_interrupted, recover
from tests.conftest import NOW

RECORD = CardEdit("/cards/a.md", "before", "after", (Patch(3, b"true", b"false"),), {"was": "true"})


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(str(tmp_path / "state" / "journal"), pytest.fail)


def note(journal: Journal, *records: CardEdit, state: str = DONE) -> Edit:
    with journal.draft("set-published") as draft:
        for record in records or (RECORD,):
            draft.add(record)
        entry = draft.seal()
    entry.change_state(state)
    return entry


def files(journal: Journal) -> list[str]:
    return sorted(os.listdir(journal.folder)) if os.path.exists(journal.folder) else []


def test_an_entry_is_what_the_edit_was(journal: Journal) -> None:
    note(journal, RECORD, RECORD._replace(path="/cards/b.md"))
    (entry,) = journal.edits()
    assert (entry.number, entry.command, entry.when, entry.folder) == (1, "set-published", NOW, os.getcwd())
    assert (entry.state, entry.count) == (DONE, 2)
    assert list(entry.card_edits()) == [RECORD, RECORD._replace(path="/cards/b.md")]


def test_entries_are_numbered_and_the_newest_comes_first(journal: Journal) -> None:
    for _ in range(11):
        note(journal)
    assert [entry.number for entry in journal.edits()] == list(range(11, 0, -1))
    os.unlink(os.path.join(journal.folder, "0000003.done"))
    assert note(journal).number == 12


def test_the_last_edit_is_the_newest_that_is_not_taken_back(journal: Journal) -> None:
    assert journal.last() is None
    entries = [note(journal, state=state) for state in (DONE, DONE, UNDONE)]
    last = journal.last()
    assert last
    assert last.number == entries[1].number
    last.change_state(UNDONE)
    assert [entry.state for entry in journal.edits()] == [UNDONE, UNDONE, DONE]


def test_only_the_user_can_read_it(journal: Journal) -> None:
    before = os.umask(0)
    try:
        entry = note(journal)
    finally:
        os.umask(before)
    assert stat.S_IMODE(os.stat(entry.path(DONE)).st_mode) == 0o600
    assert stat.S_IMODE(os.stat(journal.folder).st_mode) == 0o700


def test_a_draft_that_is_left_unsealed_leaves_nothing(journal: Journal) -> None:
    with journal.draft("x") as draft:
        draft.add(RECORD)
        assert files(journal) == ["0000001.draft"]
    assert files(journal) == []


def test_an_edit_that_is_interrupted_before_its_writing_begins_is_never_made(journal: Journal) -> None:
    def interrupted_edit() -> None:
        with journal.draft("x") as draft:
            draft.add(RECORD)
            draft.seal()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted_edit()
    assert files(journal) == []


def test_a_draft_of_nothing_writes_nothing(journal: Journal) -> None:
    with journal.draft("x") as draft:
        entry = draft.seal()
    assert (entry.count, list(entry.card_edits()), files(journal)) == (0, [], [])


def test_a_draft_goes_to_the_disk_as_it_grows(journal: Journal) -> None:
    with journal.draft("x") as draft:
        for number in range(3000):
            draft.add(RECORD._replace(path=f"/{number}"))
        assert os.path.getsize(os.path.join(journal.folder, "0000001.draft")) > 200_000
        entry = draft.seal()
        assert entry.lines == ()
    assert [record.path for record in entry.card_edits()] == [f"/{number}" for number in range(3000)]
    entry.verify()


def test_a_card_is_in_an_edit_once(journal: Journal) -> None:
    with journal.draft("x") as draft:
        draft.add(RECORD)
        with pytest.raises(ValueError, match="two records"):
            draft.add(RECORD)


@pytest.mark.parametrize("call", ["makedirs", "open"])
def test_a_folder_that_may_not_be_used_keeps_nobody_from_editing(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def refuse(path: str, *args: object, **options: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", path)

    warnings: list[str] = []
    journal.warn = warnings.append
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, refuse)
        for _ in range(2):
            with journal.draft("x") as draft:
                draft.add(RECORD)
                entry = draft.seal()
            assert list(entry.card_edits()) == [RECORD]
            assert entry.change_state(DONE)
    assert len(warnings) == 1
    assert warnings[0].startswith("no undo: ")
    assert files(journal) == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "fsync", "replace", "open", "makedirs"])
def test_where_the_disk_is_full_or_broken_nothing_is_begun(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, number: int, call: str
) -> None:
    def fail(*args: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    def plan() -> None:
        with journal.draft("x") as draft:
            draft.add(RECORD)
            draft.seal()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, call, fail)
        with pytest.raises(JournalError, match="nothing was written") as caught:
            plan()
    assert caught.value.strerror.endswith(f"journal: {os.strerror(number)}")
    assert files(journal) == []


def test_a_plan_that_could_not_be_sealed_is_not_found_by_the_next_run(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(folder: str) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with journal.draft("x") as draft:
        draft.add(RECORD)
        monkeypatch.setattr("newscards.edits.journal.flush_folder", fail)
        with pytest.raises(JournalError):
            draft.seal()
        assert files(journal) == []


LEAST = 16 << 10
"""The size that a small edit counts as."""


def numbers(journal: Journal) -> list[int]:
    return [int(name[:7]) for name in files(journal)]


def test_pruning_takes_the_oldest_and_never_what_is_unfinished_the_last_nor_the_newest(
    journal: Journal,
) -> None:
    note(journal, state=UNDOING)
    note(journal, state=WRITING)
    for state in (DONE, UNDONE, DONE, DONE, UNDONE):
        note(journal, state=state)
    assert journal.prune(4 * LEAST + 1) == []
    assert numbers(journal) == [1, 2, 3, 4, 5, 6, 7]
    assert journal.prune(4 * LEAST) == [3]  # edit 4 is taken back, and not reported
    assert numbers(journal) == [1, 2, 5, 6, 7]
    assert journal.prune(0) == [5]
    assert files(journal) == ["0000001.undoing", "0000002.writing", "0000006.done", "0000007.undone"]


def test_pruning_makes_room_for_more_than_one_edit(journal: Journal) -> None:
    for _ in range(21):
        note(journal)
    assert journal.prune(20 * LEAST) == [6, 5, 4, 3, 2, 1]
    for _ in range(5):
        note(journal)
        assert journal.prune(20 * LEAST) == []
    note(journal)
    assert journal.prune(20 * LEAST) == [12, 11, 10, 9, 8, 7]


def test_a_large_edit_outlasts_small_ones_and_costs_older_ones_their_place(journal: Journal) -> None:
    note(journal)
    note(journal, RECORD._replace(report={"long": "x" * 100_000}))
    assert journal.prune(50_000) == [1]
    note(journal)
    assert journal.prune(50_000) == []
    assert files(journal) == ["0000002.done", "0000003.done"]


def test_an_edit_that_is_taken_back_keeps_its_number(journal: Journal) -> None:
    note(journal, RECORD._replace(report={"long": "x" * 100_000}), state=UNDONE)
    assert journal.prune(50_000) == []
    assert note(journal).number == 2
    for expected in range(3, 9):
        journal.prune(0)
        assert note(journal, state=UNDONE).number == expected


def test_the_patches_of_an_edit_are_places_and_each_comes_back(journal: Journal) -> None:
    lines = [f"line {at}\n".encode() for at in range(1_000)]
    old = b"".join(lines)
    new = b"".join([b"first\n", *lines[1:-1], b"last\n"])
    note(journal, RECORD._replace(patches=difference(old, new)))
    (entry,) = journal.edits()
    assert os.path.getsize(entry.path(DONE)) < 1_000
    (record,) = entry.card_edits()
    assert patched(old, record.patches) == new
    assert unpatched(new, record.patches) == old


@pytest.mark.parametrize("at", [0, 30, 200, -2])
@pytest.mark.parametrize("state", [WRITING, UNDOING])
def test_a_damaged_entry_that_was_interrupted_is_set_aside_and_told(
    journal: Journal, state: str, at: int
) -> None:
    path = note(journal, state=state).path(state)
    data = bytearray(Path(path).read_bytes())
    data[at] ^= 1
    Path(path).write_bytes(data)
    warnings: list[str] = []
    journal.warn = warnings.append
    recover(journal, pytest.fail)
    assert len(warnings) == 1
    assert path in warnings[0]
    assert files(journal) == ["0000001.damaged"]
    assert journal.last() is None


@pytest.mark.parametrize("lines", [0, 1, 2, 3])
def test_an_entry_that_was_cut_off_is_not_taken_for_a_whole_one(journal: Journal, lines: int) -> None:
    path = note(journal, RECORD, RECORD._replace(path="/b")).path(DONE)
    Path(path).write_bytes(b"".join(Path(path).read_bytes().splitlines(keepends=True)[:lines]))
    assert list(journal.edits()) == []
    with pytest.raises(DamagedError, match="done is damaged"):
        journal.last()
    with pytest.raises(DamagedError, match="done is damaged"):
        journal.find(1)


def test_an_entry_of_a_later_newscards_is_left_out(journal: Journal) -> None:
    path = Path(note(journal).path(DONE))
    path.write_bytes(path.read_bytes().replace(b'"version":1', b'"version":2'))
    assert list(journal.edits()) == []


def test_what_is_no_file_in_the_folder_is_passed_over(journal: Journal) -> None:
    note(journal)
    os.mkdir(os.path.join(journal.folder, "0000007.writing"))
    os.mkfifo(os.path.join(journal.folder, "0000008.done"))
    os.symlink("0000001.done", os.path.join(journal.folder, "0000009.undoing"))
    recover(journal, pytest.fail)
    assert [entry.number for entry in journal.edits()] == [1]
    assert note(journal).number == 10


def test_a_journal_that_cannot_be_read_is_not_an_empty_one(journal: Journal) -> None:
    note(journal)

    def fail(path: str) -> Iterator[os.DirEntry[str]]:
        raise OSError(errno.EIO, "Input/output error", path)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "scandir", fail)
        for read in (journal.last, journal.pending, lambda: list(journal.edits())):
            with pytest.raises(JournalError, match=r"cannot be read: .*journal: Input/output error"):
                read()
        assert find_interrupted(journal) is None  # who reads cards needs no journal


def test_one_edit_that_cannot_be_read_does_not_hide_the_others(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries, errors = [note(journal) for _ in range(3)], list[JournalError]()

    def refuse(path: str, *args: object, **options: object) -> object:
        if path == entries[1].path(DONE):
            raise PermissionError(errno.EACCES, "Permission denied", path)
        return real(path, *args, **options)  # type: ignore[call-overload]

    real = open
    monkeypatch.setattr("builtins.open", refuse)
    assert [entry.number for entry in journal.edits(errors.append)] == [3, 1]
    assert [str(error) for error in errors] == [
        f"the journal cannot be read: {entries[1].path(DONE)}: Permission denied"
    ]
    with pytest.raises(JournalError, match="Permission denied"):
        journal.find(2)
    entries[2].change_state(UNDONE)
    with pytest.raises(JournalError, match="Permission denied"):  # an older one is not the last one
        journal.last()


def test_an_edit_whose_file_was_replaced_by_that_of_another_one_is_gone(journal: Journal) -> None:
    entry = note(journal, state=WRITING)
    path = Path(entry.path(WRITING))
    path.rename(path.with_name("moved"))
    path.write_bytes(path.with_name("moved").read_bytes())
    other = path.with_name("0000001.done")
    other.write_bytes(b"another newscards'")
    assert not entry.exists()
    assert not entry.change_state(DONE)
    entry.delete()
    assert (path.exists(), other.read_bytes()) == (True, b"another newscards'")


@pytest.mark.parametrize("make", ["deleted", "a file"])
def test_an_edit_whose_folder_is_gone_says_so(journal: Journal, make: str) -> None:
    entry = note(journal, state=WRITING)
    shutil.rmtree(journal.folder)
    if make == "a file":
        Path(journal.folder).write_text("")
    assert not entry.exists()
    assert not entry.change_state(DONE)


PATCHES = st.lists(st.builds(Patch, st.integers(0, 1 << 40), st.binary(), st.binary()), max_size=4).map(tuple)
PATHS = (
    st.binary(min_size=1).filter(lambda path: b"\0" not in path).map(lambda path: os.fsdecode(b"/" + path))
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES_IN_REPORTS = st.text().filter(lambda name: name not in _REPORT_TYPES)
RECORDS = st.builds(
    CardEdit, PATHS, st.text(), st.text(), PATCHES, st.dictionaries(NAMES_IN_REPORTS, VALUES, max_size=3)
)


@given(st.lists(RECORDS, max_size=6, unique_by=lambda record: record.path), st.booleans())
@settings(deadline=None)
def test_records_of_any_bytes_come_back(records: list[CardEdit], in_memory: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal("" if in_memory else folder)
        with journal.draft("x") as draft:
            for record in records:
                draft.add(record)
            entry = draft.seal()
        assert list(entry.card_edits()) == records
        entry.verify()
        if records and not in_memory:
            (again,) = journal.edits()
            assert list(again.card_edits()) == records


NAMES = st.sampled_from(
    [f"000000{number}.{state}" for number in range(3) for state in STATES]
    + ["x", "1.done", "0000001.", "999999999999999999.done", "0000001.done.tmp"]
)  # fmt: skip
LINES = st.sampled_from(
    [
        b'{"version":1,"command":"x","when":"2026-01-15T12:00:00+00:00","folder":"/"}\n',
        b'{"version":1,"command":"x","when":"0001-01-01T00:00:00","folder":"/"}\n',
        b'{"version":1,"command":[],"when":1,"folder":null}\n',
        b'{"path":"/x","before":"a","after":"b","patches":[],"told":{}}\n',
        b'{"cards":0,"digest":"x"}\n',
        b'{"cards":1,"digest":"x"}',
        b'{"cards":999999999999999999999,"digest":"x"}\n',
        b"[" * 100_000 + b"\n",
        b"9" * 10_000 + b"\n",
        b"null\n",
        b"\n",
    ]
)
GARBAGE = st.lists(LINES | st.binary(max_size=30), max_size=5).map(b"".join)


@given(st.dictionaries(NAMES, GARBAGE, max_size=6))
@settings(deadline=None)
def test_nothing_that_lies_in_the_folder_upsets_the_journal(found: dict[str, bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name, data in found.items():
            (Path(folder) / name).write_bytes(data)
        warnings: list[str] = []
        journal = Journal(folder, warnings.append)
        for entry in journal.edits():
            with pytest.raises(DamagedError):
                entry.verify()
        find_interrupted(journal)
        with contextlib.suppress(DamagedError):
            assert journal.last() is None
        recover(journal, pytest.fail)
        assert len(warnings) == len([name for name in found if name[:6] == "000000" and name.endswith("ing")])
        entry = note(journal)
        assert list(entry.card_edits()) == [RECORD]
        journal.prune(0)
        assert list(journal.edits()) == [entry]
