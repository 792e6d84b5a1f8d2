"""An edit is made, taken back, and finished by the next run; what somebody else changed is left alone."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from newscards.edits import atomic, transaction
from newscards.edits.journal import (
    DONE,
    PARTLY_UNDONE,
    UNDOING,
    UNDONE,
    WRITING,
    CardEdit,
    Journal,
    JournalError,
)
from newscards.edits.patches import sha256
from newscards.edits.transaction import (
    Outcome,
    editing,
    find_interrupted,
    journal_folder,
    recover,
    undo_edit,
    undoing,
    write,
)
from tests.conftest import NOW
from tests.support import ROOT
from tests.support.transactions import Told, add_one, numbers, plan, sealed, teller

REPLACE = atomic.replace_file


@pytest.fixture
def cards(tmp_path: Path) -> list[str]:
    paths = [tmp_path / "cards" / name for name in ("1.md", "2.md", "sub/3.md")]
    for number, path in enumerate(paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{number * 10}\nbody\n")
    return [str(path) for path in paths]


@pytest.fixture(autouse=True, params=[1000, 1], ids=["one by one", "several at once"])
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test see the cards written one by one, as few are, and several at once."""
    monkeypatch.setattr(transaction, "_MIN_CARDS_FOR_THREADS", request.param)


@pytest.fixture
def journal() -> Journal:
    return Journal(journal_folder(), pytest.fail)


def states(journal: Journal) -> list[str]:
    return [entry.state for entry in journal.edits()]


def failing(monkeypatch: pytest.MonkeyPatch, path: str, error: BaseException) -> Callable[[], None]:
    """Let the replacing of one card fail; return what mends that."""

    def replace(target: str, new: bytes, *, old: bytes) -> None:
        if target == path:
            raise error
        REPLACE(target, new, old=old)

    monkeypatch.setattr(transaction, "replace_file", replace)
    return lambda: monkeypatch.setattr(transaction, "replace_file", REPLACE)


def test_an_edit_is_made_and_taken_back_and_so_is_the_one_before_it(
    cards: list[str], journal: Journal
) -> None:
    told: Told = {}
    assert add_one(journal, cards, told) == Outcome(3, 0, 0, 0)
    assert told == dict.fromkeys(cards, "")
    add_one(journal, cards[:1], told)
    assert numbers(cards) == [2, 11, 21]
    for then, left in (([1, 11, 21], [UNDONE, DONE]), ([0, 10, 20], [UNDONE, UNDONE])):
        last = journal.last()
        assert last
        undo_edit(last)
        assert (numbers(cards), states(journal)) == (then, left)
    assert journal.last() is None


def test_a_card_that_changed_since_it_was_planned_is_refused_and_the_others_are_written(
    cards: list[str], journal: Journal
) -> None:
    entry, told = sealed(journal, cards), Told()
    Path(cards[0]).write_text("5\n")
    os.unlink(cards[2])
    assert write(entry, teller(told)) == Outcome(1, 0, 2, 0)
    assert told[cards[0]] == "the card was changed by something else"
    assert "No such file" in told[cards[2]]
    assert numbers(cards[:2]) == [5, 11]
    assert states(journal) == [DONE]


def test_a_card_that_changed_since_it_was_edited_is_left_alone_and_named(
    cards: list[str], journal: Journal
) -> None:
    add_one(journal, cards, {})
    Path(cards[1]).write_text("99\n")
    last, told = journal.last(), Told()
    assert last
    assert undo_edit(last, teller(told)) == Outcome(2, 0, 1, 0)
    assert told == {cards[0]: "", cards[1]: "it has changed since", cards[2]: ""}
    assert numbers(cards) == [0, 99, 20]
    assert states(journal) == [PARTLY_UNDONE]


def test_an_edit_of_which_nothing_was_written_is_not_in_the_journal(
    cards: list[str], journal: Journal
) -> None:
    entry = sealed(journal, cards)
    for path in cards:
        Path(path).write_text("7\n")
    assert write(entry).written == 0
    assert os.listdir(journal.folder) == []


def test_a_card_that_cannot_be_written_is_told_and_undo_does_not_mind_it(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend, told = failing(monkeypatch, cards[1], OSError(errno.ENOSPC, "No space left on device")), Told()
    assert add_one(journal, cards, told) == Outcome(2, 0, 0, 1)
    assert "No space left" in told[cards[1]]
    assert (numbers(cards), states(journal)) == ([1, 10, 21], [DONE])
    mend()
    last = journal.last()
    assert last
    assert undo_edit(last) == Outcome(2, 1, 0, 0)
    assert numbers(cards) == [0, 10, 20]


def test_what_could_not_be_taken_back_is_tried_again(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_one(journal, cards, {})
    mend = failing(monkeypatch, cards[1], OSError(errno.ENOSPC, "No space left on device"))
    last, said = journal.last(), list[str]()
    assert last
    assert undo_edit(last).failed == 1
    assert states(journal) == [UNDOING]
    recover(journal, said.append)
    assert "1 card of 3 was still to be done, and 1 still cannot be written" in said[0]
    assert "2.md: not written: No space left on device" in said[1]
    assert states(journal) == [UNDOING]
    mend()
    recover(journal, said.append)
    assert (numbers(cards), states(journal)) == ([0, 10, 20], [UNDONE])


def test_what_a_listener_raises_does_not_stop_the_writing_and_is_not_lost(
    cards: list[str], journal: Journal
) -> None:
    def tell(record: CardEdit, trouble: object) -> None:
        raise BrokenPipeError(record.path)

    with pytest.raises(BrokenPipeError, match=r"1\.md"):
        write(sealed(journal, cards), tell)
    assert (numbers(cards), states(journal)) == ([1, 11, 21], [DONE])
    last = journal.last()
    assert last
    with pytest.raises(BrokenPipeError, match=r"1\.md"):
        undo_edit(last, tell)
    assert (numbers(cards), states(journal)) == ([0, 10, 20], [UNDONE])


def test_an_interrupted_edit_is_taken_back_and_says_so(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry, said = sealed(journal, cards), list[str]()
    mend = failing(monkeypatch, cards[1], KeyboardInterrupt())

    def notice(message: str) -> None:
        said.append(message)
        mend()

    with pytest.raises(KeyboardInterrupt):
        write(entry, notice=notice)
    assert said == ["interrupted: what was written is taken back"]
    assert numbers(cards) == [0, 10, 20]
    assert os.listdir(journal.folder) == []


def test_an_interrupted_undo_writes_again_what_it_took_back_and_the_edit_stays_done(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_one(journal, cards, {})
    Path(cards[2]).write_text("20\n")  # it was put back by hand, and stays so
    last, said = journal.last(), list[str]()
    mend = failing(monkeypatch, cards[1], KeyboardInterrupt())

    def notice(message: str) -> None:
        said.append(message)
        mend()

    assert last
    with pytest.raises(KeyboardInterrupt):
        undo_edit(last, notice=notice)
    assert said == ["interrupted: what was taken back is written again; the edit stays done"]
    assert (numbers(cards), states(journal)) == ([1, 11, 20], [DONE])
    assert find_interrupted(journal) is None


def test_an_interrupted_undo_of_an_unfinished_edit_says_how_to_go_on_and_back(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "_MIN_CARDS_FOR_THREADS", 1000)
    entry, said = sealed(journal, cards), list[str]()
    failing(monkeypatch, cards[2], SystemExit(143))
    with pytest.raises(SystemExit):
        write(entry)
    mend = failing(monkeypatch, cards[1], KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        undo_edit(entry, notice=said.append)
    hint = "the next edit goes on with this one; `newscards undo 1` takes it back"
    assert said == [f"interrupted: 2 cards taken back; {hint}"]
    assert (numbers(cards), states(journal)) == ([0, 11, 20], [WRITING])
    mend()
    undo_edit(entry)
    assert (numbers(cards), states(journal)) == ([0, 10, 20], [UNDONE])


def test_an_interrupted_edit_of_which_no_card_is_left_keeps_its_number(
    journal: Journal, cards: list[str]
) -> None:
    number = sealed(journal, cards).number
    for path in cards:
        Path(path).write_text("900\n")
    said: list[str] = []
    recover(journal, said.append)
    assert "it is finished now" in said[0]
    assert f"undo {number}" not in said[0]
    assert [(each.number, each.state) for each in journal.edits()] == [(number, UNDONE)]
    assert sealed(journal, cards).number == number + 1
    assert numbers(cards) == [900] * len(cards)


@pytest.mark.parametrize("state", [WRITING, UNDOING])
def test_an_interrupted_recovery_says_how_to_go_on_and_back(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    entry, said = sealed(journal, cards), list[str]()
    if state == UNDOING:
        write(entry)
        entry.change_state(UNDOING)
    failing(monkeypatch, cards[1], KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        recover(journal, said.append)
    assert states(journal) == [state]
    assert len(said) == 1
    assert f"is still unfinished: the next edit{' goes on' if state == WRITING else ', or'}" in said[0]


@pytest.mark.parametrize("is_undo", [False, True])
def test_after_ctrl_c_no_thread_writes_a_card_any_more(
    tmp_path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch, is_undo: bool
) -> None:
    paths = [str(tmp_path / f"{number}.md") for number in range(40)]
    for path in paths:
        Path(path).write_text("1\n")
    entry = sealed(journal, paths)
    if is_undo:
        write(entry)

    def slowly(target: str, new: bytes, *, old: bytes) -> None:
        time.sleep(0.002)
        REPLACE(target, new, old=old)

    def interrupted(card_edit: CardEdit, error: object) -> None:
        monkeypatch.setattr(transaction, "replace_file", REPLACE)
        raise KeyboardInterrupt

    monkeypatch.setattr(transaction, "_MIN_CARDS_FOR_THREADS", 1)
    monkeypatch.setattr(transaction, "replace_file", slowly)
    with pytest.raises(KeyboardInterrupt):
        (undo_edit if is_undo else write)(entry, interrupted)
    time.sleep(0.05)
    assert set(numbers(paths)) == {2 if is_undo else 1}
    assert states(journal) == ([DONE] if is_undo else [])


def test_a_second_ctrl_c_while_threads_still_write_leaves_all_to_the_next_run(
    tmp_path: Path, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    from concurrent.futures import ThreadPoolExecutor

    paths = [str(tmp_path / f"{number}.md") for number in range(40)]
    for path in paths:
        Path(path).write_text("1\n")
    entry, said, shutdown = sealed(journal, paths), list[str](), ThreadPoolExecutor.shutdown

    def interrupted(card_edit: CardEdit, error: object) -> None:
        raise KeyboardInterrupt

    def impatient(pool: ThreadPoolExecutor, **options: bool) -> None:
        shutdown(pool, **options)
        raise KeyboardInterrupt

    monkeypatch.setattr(transaction, "_MIN_CARDS_FOR_THREADS", 1)
    with monkeypatch.context() as patch:
        patch.setattr(ThreadPoolExecutor, "shutdown", impatient)
        with pytest.raises(KeyboardInterrupt):
            write(entry, interrupted, said.append)
    hint = "the next edit goes on with this one; `newscards undo 1` takes it back"
    assert said == [f"interrupted again: {hint}"]
    assert states(journal) == [WRITING]
    recover(journal, said.append)
    assert set(numbers(paths)) == {2}


def deleted(folder: Path) -> None:
    shutil.rmtree(folder)


def moved(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def replaced(folder: Path) -> None:
    """Replace the state folder by that of another newscards, which has an edit of the same number."""
    moved(folder)
    (folder / "journal").mkdir(parents=True)
    (folder / "journal" / "0000001.writing").write_bytes(b"another newscards'")


@pytest.mark.parametrize("lose", [deleted, moved, replaced])
@pytest.mark.parametrize("is_undo", [False, True])
def test_a_state_folder_that_is_lost_in_mid_edit_does_not_go_unsaid(
    cards: list[str],
    journal: Journal,
    monkeypatch: pytest.MonkeyPatch,
    lose: Callable[[Path], None],
    is_undo: bool,
) -> None:
    entry, folder = sealed(journal, cards), Path(journal.folder).parent
    if is_undo:
        write(entry)

    def losing(target: str, new: bytes, *, old: bytes) -> None:
        REPLACE(target, new, old=old)
        if target == cards[1]:
            lose(folder)

    monkeypatch.setattr(transaction, "replace_file", losing)
    with pytest.raises(JournalError) as caught:
        (undo_edit if is_undo else write)(entry)
    reason = (
        f"the edit is no longer in the journal: {journal.folder} was deleted, moved or replaced meanwhile"
    )
    assert (str(caught.value), caught.value.hint) == (("" if is_undo else "no undo: ") + reason, "")
    assert numbers(cards) == ([0, 10, 20] if is_undo else [1, 11, 21])
    if lose is replaced:
        assert Path(entry.path(WRITING)).read_bytes() == b"another newscards'"


@pytest.mark.parametrize("is_undo", [False, True])
def test_ctrl_c_after_the_state_folder_was_lost_does_not_say_that_all_is_as_before(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch, is_undo: bool
) -> None:
    monkeypatch.setattr(transaction, "_MIN_CARDS_FOR_THREADS", 1000)
    entry, said = sealed(journal, cards), list[str]()
    if is_undo:
        write(entry)

    def losing(target: str, new: bytes, *, old: bytes) -> None:
        REPLACE(target, new, old=old)
        deleted(Path(journal.folder))
        raise KeyboardInterrupt

    monkeypatch.setattr(transaction, "replace_file", losing)
    with pytest.raises(KeyboardInterrupt):
        (undo_edit if is_undo else write)(entry, notice=said.append)
    assert said[1].startswith(
        f"it could not be {'written again' if is_undo else 'taken back'}: the edit is no longer"
    )


def test_an_edit_in_place_goes_there_and_back_and_so_does_what_was_interrupted(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    inodes = [os.stat(path).st_ino for path in cards]
    monkeypatch.setattr(transaction, "replace_file", lambda *args, **options: pytest.fail("not in place"))
    entry = sealed(journal, cards, in_place=True)
    write(entry)
    (stored,) = journal.edits()
    assert stored.in_place
    assert numbers(cards) == [1, 11, 21]
    stored.change_state(UNDOING)
    recover(journal, lambda message: None)
    assert numbers(cards) == [0, 10, 20]
    stored.change_state(WRITING)
    recover(journal, lambda message: None)
    assert numbers(cards) == [1, 11, 21]
    assert [os.stat(path).st_ino for path in cards] == inodes
    assert os.listdir(journal.folder) == ["0000001.done"]


def test_an_edit_in_place_is_not_begun_without_a_journal(cards: list[str]) -> None:
    with pytest.raises(JournalError, match="nothing was written: --in-place needs a journal"):
        sealed(Journal(""), cards, in_place=True)


@pytest.mark.parametrize("state", [DONE, UNDOING])
def test_a_card_that_can_be_taken_back_only_in_place_leaves_the_edit_partly_undone(
    cards: list[str], journal: Journal, state: str
) -> None:
    add_one(journal, cards, {})
    os.link(cards[1], cards[1] + ".link")
    last, said = journal.last(), list[str]()
    assert last
    if state == UNDOING:
        last.change_state(UNDOING)
        recover(journal, said.append)
        assert said[0].endswith("`newscards undo 1 --in-place` takes back what is left")
    else:
        assert undo_edit(last) == Outcome(2, 0, 1, 0, 1)
    assert (numbers(cards), states(journal)) == ([0, 11, 20], [PARTLY_UNDONE])
    (last,) = journal.edits()
    assert undo_edit(last, in_place=True) == Outcome(1, 2, 0, 0)
    assert (numbers(cards), states(journal)) == ([0, 10, 20], [UNDONE])
    assert numbers([cards[1] + ".link"]) == [10]


def test_a_terminated_edit_is_finished_by_the_next_run_which_says_so(
    cards: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "_MIN_CARDS_FOR_THREADS", 1000)
    said: list[str] = []
    mend = failing(monkeypatch, cards[1], SystemExit(143))
    with pytest.raises(SystemExit), editing(pytest.fail, pytest.fail) as journal:
        add_one(journal, cards, {})
    mend()
    assert numbers(cards) == [1, 10, 20]
    Path(cards[2]).write_text("99\n")
    waiting = find_interrupted(journal)
    assert waiting
    assert waiting.state == WRITING
    with editing(pytest.fail, said.append) as journal:
        assert find_interrupted(journal) is None  # somebody is at it
        assert numbers(cards) == [1, 11, 99]
    assert find_interrupted(journal) is None
    when, then = f"{NOW:%Y-%m-%d %H:%M} UTC", "it is finished now; `newscards undo 1` takes it back"
    assert said == [
        f"`newscards add-one` of {when} was interrupted: 2 cards of 3 were still to be done; {then}",
        f"{cards[2]}: left alone: the card was changed by something else",
    ]


def test_undo_takes_back_an_interrupted_edit_as_it_is(
    cards: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "_MIN_CARDS_FOR_THREADS", 1000)
    mend = failing(monkeypatch, cards[1], SystemExit(143))
    with pytest.raises(SystemExit), editing(pytest.fail, pytest.fail) as journal:
        add_one(journal, cards, {})
    mend()
    told = Told()
    with undoing(pytest.fail, pytest.fail) as journal:
        last = journal.last()
        assert last
        assert undo_edit(last, teller(told)) == Outcome(1, 2, 0, 0)
    assert told == {cards[0]: ""}  # to the others the edit had not come
    assert (numbers(cards), states(journal)) == ([0, 10, 20], [UNDONE])


def test_an_edit_that_cannot_be_finished_waits_and_what_is_gone_is_given_up(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    sealed(journal, cards)
    mend, said = (
        failing(monkeypatch, cards[0], PermissionError(errno.EACCES, "Permission denied")),
        list[str](),
    )
    os.unlink(cards[2])
    os.rmdir(os.path.dirname(cards[2]))
    recover(journal, said.append)
    assert states(journal) == [WRITING]
    assert "1 still cannot be written; the next run will try again" in said[0]
    mend()
    recover(journal, said.append)
    assert (numbers(cards[:2]), states(journal)) == ([1, 11], [DONE])


def test_a_folder_is_flushed_once_after_its_cards_and_before_the_edit_counts_as_done(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "_MIN_CARDS_FOR_THREADS", 1000)
    entry, steps = sealed(journal, cards), list[str]()
    flush, replace = atomic.flush_folder, os.replace

    def noted_flush(folder: str) -> None:
        steps.append(f"flush {os.path.basename(folder)}")
        flush(folder)

    def noted_replace(source: str, target: str) -> None:
        steps.append(os.path.basename(target))
        replace(source, target)

    monkeypatch.setattr(transaction, "flush_folder", noted_flush)
    monkeypatch.setattr(os, "replace", noted_replace)
    write(entry)
    assert steps[:3] == ["1.md", "2.md", "3.md"]
    assert sorted(steps[3:5]) == ["flush cards", "flush sub"]
    assert steps[5:] == ["0000001.done"]


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="no /proc here")
def test_the_journal_is_on_the_disk_before_a_card_is_touched(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = list[str]()
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append("flush " + os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}")))
        fsync(descriptor)

    def noted_replace(source: str, target: str) -> None:
        steps.append(os.path.basename(target))
        replace(source, target)

    with journal.draft("x") as draft:
        draft.add(plan(cards[0]))
        monkeypatch.setattr(os, "fsync", noted_fsync)
        monkeypatch.setattr(os, "replace", noted_replace)
        entry = draft.seal()
    assert steps == ["flush 0000001.draft", "0000001.writing", "flush journal"]
    write(entry)
    del steps[:]
    undo_edit(entry)
    assert steps[:2] == ["0000001.undoing", "flush journal"]
    assert steps[3:] == ["1.md", "flush cards", "0000001.undone", "flush journal"]


def test_a_folder_that_cannot_be_flushed_leaves_the_edit_to_the_next_run(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(folder: str) -> None:
        raise OSError(errno.EIO, "Input/output error")

    entry, flush = sealed(journal, cards), atomic.flush_folder
    monkeypatch.setattr(transaction, "flush_folder", broken)
    folder = os.path.dirname(cards[0])
    with pytest.raises(JournalError, match=f"power cut: {folder} cannot be flushed") as caught:
        write(entry)
    assert "the next edit goes on with this one" in caught.value.hint
    said: list[str] = []
    recover(journal, said.append)
    assert "cannot be finished now" in said[0]
    monkeypatch.setattr(transaction, "flush_folder", flush)
    recover(journal, said.append)
    assert (numbers(cards), states(journal)) == ([1, 11, 21], [DONE])


def test_patches_that_do_not_make_what_was_planned_write_nothing(cards: list[str], journal: Journal) -> None:
    with journal.draft("x") as draft:
        draft.add(plan(cards[0])._replace(after=sha256(b"something else")))
        told = Told()
        write(draft.seal(), teller(told))
    assert "do not make the card that was planned" in told[cards[0]]
    assert numbers(cards) == [0, 10, 20]


def test_without_a_state_folder_cards_are_edited_and_one_warning_says_what_that_means(
    cards: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    warnings: list[str] = []
    with editing(pytest.fail, warnings.append) as journal:
        assert add_one(journal, cards, {}) == Outcome(3, 0, 0, 0)
        assert journal.last() is None
    assert numbers(cards) == [1, 11, 21]
    assert len(warnings) == 1
    assert warnings[0].startswith("no undo, and no lock against a second newscards: ")


def test_without_a_state_folder_an_interrupted_edit_is_taken_back_all_the_same(
    cards: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = sealed(Journal(""), cards)
    mend = failing(monkeypatch, cards[1], KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        write(entry, notice=lambda message: mend())
    assert numbers(cards) == [0, 10, 20]


def test_a_journal_that_may_not_be_read_is_given_up_with_one_warning(
    cards: list[str], tmp_path: Path
) -> None:
    (tmp_path / "state" / "newscards").mkdir(parents=True)
    (tmp_path / "state" / "newscards" / "journal").write_text("in its way")
    warnings: list[str] = []
    with editing(pytest.fail, warnings.append) as journal:
        add_one(journal, cards, {})
    assert numbers(cards) == [1, 11, 21]
    assert warnings == [f"no undo: {tmp_path}/state/newscards/journal: Not a directory"]


def test_a_path_that_is_not_utf_8_is_edited_and_taken_back(tmp_path: Path, journal: Journal) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"\xff\xfe.md")
    with open(path, "wb") as file:
        file.write(b"1\n")
    entry = sealed(journal, [os.fsdecode(path)])
    write(entry)
    assert numbers([os.fsdecode(path)]) == [2]
    undo_edit(entry)
    assert numbers([os.fsdecode(path)]) == [1]


INCREMENT = """
import sys
from newscards.edits.transaction import editing
from tests.support.transactions import add_one
for _ in range(4):
    told = {}
    with editing(lambda message: None, print) as journal:
        add_one(journal, sys.argv[1:], told)
    assert not any(told.values()), told
"""


def test_of_eight_processes_at_once_on_the_same_cards_no_edit_is_lost(tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{number}.md") for number in range(20)]
    for path in paths:
        Path(path).write_text("0\nbody\n")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", INCREMENT, *paths]
    several = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE) for _ in range(8)]
    assert [(process.communicate()[0], process.returncode) for process in several] == [(b"", 0)] * 8
    assert numbers(paths) == [32] * 20
    assert states(Journal(journal_folder())) == [DONE] * 32


def test_memory_does_not_grow_with_the_bytes_of_the_cards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    paths = [str(tmp_path / f"{number}.md") for number in range(300)]
    for path in paths:
        Path(path).write_bytes(b"1\n" + b"x" * 100_000)  # 30 MB
    with editing(pytest.fail, pytest.fail) as journal:
        tracemalloc.start()
        try:
            assert add_one(journal, paths, {}).written == 300
            assert tracemalloc.get_traced_memory()[1] < 2_000_000
        finally:
            tracemalloc.stop()


def test_an_undo_of_which_the_journal_cannot_note_the_beginning_takes_nothing_back(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_one(journal, cards, {})
    last, replace = journal.last(), os.replace
    assert last

    def broken(source: str, target: str) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(JournalError, match=r"nothing was taken back: .*Input/output error") as caught:
        undo_edit(last)
    monkeypatch.setattr(os, "replace", replace)
    assert (caught.value.hint, numbers(cards), states(journal)) == ("", [1, 11, 21], [DONE])


def test_many_cards_are_written_in_order_and_each_is_told_of(tmp_path: Path, journal: Journal) -> None:
    paths = [str(tmp_path / f"{number}.md") for number in range(100)]
    for number, path in enumerate(paths):
        Path(path).write_text(f"{number}\n")
    entry, told = sealed(journal, paths), list[str]()
    Path(paths[40]).write_text("changed\n")
    write(entry, lambda record, trouble: told.append(f"{record.path}{'!' * bool(trouble)}"))
    assert told == [f"{path}{'!' * (number == 40)}" for number, path in enumerate(paths)]
    assert sorted(os.listdir(tmp_path)) == sorted([*map(os.path.basename, paths), "state"])


def test_ctrl_c_in_the_midst_of_many_takes_all_back(tmp_path: Path, journal: Journal) -> None:
    paths = [str(tmp_path / f"{number}.md") for number in range(100)]
    for path in paths:
        Path(path).write_text("1\n")

    def tell(record: CardEdit, trouble: object) -> None:
        if record.path == paths[50]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(sealed(journal, paths), tell)
    assert numbers(paths) == [1] * 100
    assert states(journal) == []
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".newscards")]


@pytest.mark.parametrize("started", [0, 1, 3])
def test_an_edit_makes_do_with_the_threads_that_there_are(
    cards: list[str], journal: Journal, monkeypatch: pytest.MonkeyPatch, started: int
) -> None:
    monkeypatch.setattr(transaction, "_MIN_CARDS_FOR_THREADS", 1)
    start, left = threading.Thread.start, iter(range(started))

    def start_a_few(thread: threading.Thread) -> None:
        if next(left, None) is None:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", start_a_few)
    told: Told = {}
    assert add_one(journal, cards, told) == Outcome(3, 0, 0, 0)
    assert told == dict.fromkeys(cards, "")
    assert numbers(cards) == [1, 11, 21]
    assert threading.active_count() == 1
