"""A card is written in place; whatever cuts that off, the next edit gives a torn card its old bytes back."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path
from typing import NamedTuple

import pytest

from newscards.edits import in_place
from newscards.edits.in_place import overwrite_file, restore_torn_cards
from newscards.errors import EditRefusedError
from tests.support.faults import Call, done_here, forked, kill_at

CASES = [
    (b"heat: 12345678\nbody", b"heat: 87654321\nbody"),
    (b"heat: 9\nbody", b"heat: 1000000\nbody"),
    (b"heat: 1000000\nbody", b"heat: 9\nbody"),
    (b"", b"all is new"),
    (b"all goes", b""),
]


class Folders(NamedTuple):
    """A card, and the journal's folder."""

    card: Path
    journal: Path

    def overwrite(self, old: bytes, new: bytes) -> None:
        overwrite_file(str(self.card), new, old=old, folder=str(self.journal))

    def stored(self) -> list[str]:
        return sorted(os.listdir(self.journal))

    def restore(self) -> list[str]:
        """Restore torn cards, and return what is reported."""
        said: list[str] = []
        restore_torn_cards(str(self.journal), said.append)
        return said


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    (tmp_path / "journal").mkdir()
    return Folders(tmp_path / "x.md", tmp_path / "journal")


@pytest.mark.parametrize(("old", "new"), CASES)
def test_the_bytes_are_written_into_the_file_itself(folders: Folders, old: bytes, new: bytes) -> None:
    folders.card.write_bytes(old)
    os.link(folders.card, folders.journal / "other-name")
    before = folders.card.stat()
    folders.overwrite(old, new)
    assert (folders.journal / "other-name").read_bytes() == folders.card.read_bytes() == new
    assert folders.card.stat().st_ino == before.st_ino
    assert folders.stored() == ["other-name"]


@pytest.mark.parametrize(("old", "new"), CASES)
def test_killed_at_any_call_it_is_old_or_new_after_the_next_run(
    folders: Folders, old: bytes, new: bytes
) -> None:
    def work() -> None:
        folders.overwrite(old, new)

    folders.card.write_bytes(old)
    calls = done_here(work, short=True).calls
    torn, ends = set[bytes](), list[bytes]()
    for number, call in enumerate(calls, 1):
        folders.card.write_bytes(old)
        assert forked(work, kill_at(number), short=True).killed
        found = folders.card.read_bytes()
        said = folders.restore()
        assert folders.stored() == [], call
        assert (len(said) == 1) == (found not in (old, new)), call
        if found not in (old, new):
            torn.add(found)
            assert said[0].endswith("x.md was half written; it has its old bytes again")
        ends.append(folders.card.read_bytes())
        assert ends[-1] in (old, new), call
        assert folders.restore() == []
    assert (ends[0], ends[-1]) == (old, new)
    assert torn or not (old and new)


@pytest.mark.parametrize(("old", "new"), CASES)
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_an_error_or_ctrl_c_at_any_write_leaves_the_old_bytes(
    folders: Folders, old: bytes, new: bytes, error: BaseException
) -> None:
    def work() -> None:
        folders.overwrite(old, new)

    folders.card.write_bytes(old)
    calls = done_here(work, short=True).calls
    for number, call in enumerate(calls, 1):
        if call[0] not in ("write", "ftruncate", "fsync", "lseek"):
            continue
        folders.card.write_bytes(old)

        def fault(each: Call, number: int = number) -> None:
            if each.number == number:
                raise error

        assert type(error).__name__ in done_here(work, fault, short=True).raised
        assert (folders.card.read_bytes(), folders.stored()) == (old, []), call


def test_where_even_the_old_bytes_cannot_be_written_the_next_run_does(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(descriptor: int) -> None:
        if not os.path.samestat(os.fstat(descriptor), folders.card.stat()):
            return
        raise OSError(errno.EIO, "Input/output error")

    folders.card.write_bytes(b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", broken)
        with pytest.raises(
            OSError, match="half written now, and the next edit restores it: Input/output error"
        ):
            folders.overwrite(b"old", b"new")
    folders.card.write_bytes(b"ned")  # what such a disk leaves
    assert len(folders.stored()) == 1
    assert "has its old bytes again" in folders.restore()[0]
    assert (folders.card.read_bytes(), folders.stored()) == (b"old", [])


def test_a_torn_card_that_was_changed_since_is_left_alone_and_what_is_stored_stays(folders: Folders) -> None:
    folders.card.write_bytes(b"old")
    stored = in_place._store(str(folders.journal), in_place._Stored(str(folders.card), b"old", b"new"))
    folders.card.write_bytes(b"mine")
    (said,) = folders.restore()
    reason = f"{folders.card} has changed since; its bytes are in {stored}.changed"
    assert said == f"a card is perhaps half written, and was not restored: {reason}"
    assert folders.card.read_bytes() == b"mine"
    assert folders.stored() == [os.path.basename(stored) + ".changed"]
    assert folders.restore() == []


def test_a_torn_card_that_is_gone_is_not_made_again(folders: Folders) -> None:
    in_place._store(str(folders.journal), in_place._Stored(str(folders.card), b"old", b"new"))
    assert "was not restored: No such file" in folders.restore()[0]
    assert not folders.card.exists()


@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"null\n", b"[]\n", b"{}\n", b'{"path":1,"old":1,"digest":""}\n', b"[" * 100_000 + b"\n"]
    + [json.dumps({"path": path, "old": old, "digest": "e3b0c44298fc1c149afbf4c8996fb924"
                   "27ae41e4649b934ca495991b7852b855"}).encode() + b"\n"
       for path in ("x.md", "\0", "/\0", "\ud800", 7, None) for old in (0, "1", None)],
)  # fmt: skip
def test_nothing_that_is_stored_upsets_the_next_run(folders: Folders, data: bytes) -> None:
    (folders.journal / ("0" * 16 + ".card")).write_bytes(data)
    assert len(folders.restore()) <= 1
    assert folders.restore() == []


def test_a_stored_card_is_no_link_and_no_pipe(folders: Folders, tmp_path: Path) -> None:
    os.mkfifo(folders.journal / ("0" * 16 + ".card"))
    os.symlink(tmp_path, folders.journal / ("1" * 16 + ".card"))
    assert ["it is no longer a file" in said for said in folders.restore()] == [True, True]


def test_a_file_that_changed_or_is_being_written_by_another_newscards_is_refused(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders.card.write_bytes(b"other")
    with pytest.raises(EditRefusedError, match="changed by something else"):
        folders.overwrite(b"old", b"new")
    folders.card.write_bytes(b"old")
    monkeypatch.setattr(in_place, "try_lock", lambda descriptor: False)
    with pytest.raises(EditRefusedError, match="another newscards is writing it"):
        folders.overwrite(b"old", b"new")
    assert (folders.card.read_bytes(), folders.stored()) == (b"old", [])


def test_a_file_over_which_another_was_renamed_meanwhile_is_not_called_written(
    folders: Folders, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renamed(descriptor: int, data: bytes) -> None:
        (folders.journal / "other").write_bytes(b"other")
        os.replace(folders.journal / "other", folders.card)

    folders.card.write_bytes(b"old")
    monkeypatch.setattr(in_place, "_overwrite", renamed)
    with pytest.raises(EditRefusedError, match="changed by something else"):
        folders.overwrite(b"old", b"new")
    assert folders.card.read_bytes() == b"other"


def test_what_is_write_protected_or_no_file_is_refused(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folders.card.symlink_to(tmp_path)
    with pytest.raises(EditRefusedError, match="no longer a file"):
        folders.overwrite(b"old", b"new")
    folders.card.unlink()
    folders.card.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(EditRefusedError, match="write-protected"):
        folders.overwrite(b"old", b"new")
    assert folders.stored() == []
