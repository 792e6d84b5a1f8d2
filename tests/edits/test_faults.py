"""A kill, an error, Ctrl-C at any call to the system: cards are old or new, the next run puts all right."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from newscards.edits import lock
from newscards.edits.journal import ABSENT, CardEdit
from newscards.edits.patches import Patch, sha256
from newscards.edits.transaction import editing, undo_edit, undoing, write_card_edits
from tests.support import ROOT
from tests.support.faults import (
    Call,
    Ended,
    Fault,
    Place,
    done_here,
    fail_at,
    forked,
    full_from,
    interrupt_at,
    kill_at,
    memory_folder,
    nothing,
)
from tests.support.transactions import Told, add_one, numbers, teller

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")

Work: TypeAlias = "Callable[[World], Any]"

CARDS = ("a/1.md", "a/2.md", "b/3.md")


@pytest.fixture(scope="module")
def room() -> Iterator[Path]:
    with memory_folder() as folder:
        yield folder


class World(Place):
    """Three cards in two folders, each with a number, and a state folder; all can be put back as it was."""

    def paths(self) -> list[str]:
        return [str(self.root / name) for name in CARDS]

    def numbers(self) -> list[int]:
        return numbers(self.paths())

    def calls(self, work: Work) -> Ended:
        """Return how some work goes when all is well; the world is saved, and as it was before."""
        self.save()
        ended = self.run(work)
        assert not ended.raised, ended.trace
        self.restore()
        return ended

    def run(self, work: Work, fault: Fault = nothing, *, short: bool = False) -> Ended:
        """Do some work, with a fault that is no kill."""
        return done_here(lambda: work(self), fault, short=short)

    def killed(self, work: Work, number: int) -> bool:
        """Kill a child that does some work at a call."""
        return forked(lambda: work(self), kill_at(number)).killed


@pytest.fixture
def world(room: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    root = room / "world"
    shutil.rmtree(root, ignore_errors=True)
    for number, name in enumerate(CARDS):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(f"{number * 10}\n" + "x" * 3000)
    monkeypatch.setenv("XDG_STATE_HOME", str(root / "state"))
    monkeypatch.setattr(lock, "LOCK_TIMEOUT", 1)
    return World(root)


def edit(world: World) -> Told:
    """Add one to each card, and return what was told of each."""
    told: Told = {}
    with editing(quiet, quiet) as journal:
        add_one(journal, world.paths(), told)
    return told


def undo(world: World) -> Told:
    told: Told = {}
    with undoing(quiet, lambda message: told.update({"": message})) as journal:
        if entry := journal.last():
            undo_edit(entry, teller(told))
    return told


def overwrite(world: World) -> Told:
    """Add one to each card, in place."""
    told: Told = {}
    with editing(quiet, quiet) as journal:
        add_one(journal, world.paths(), told, in_place=True)
    return told


def recovery(world: World) -> list[str]:
    said: list[str] = []
    with editing(said.append, said.append):
        pass
    return said


def quiet(message: str) -> None:
    """Say nothing."""


OLD, NEW = [0, 10, 20], [1, 11, 21]


def untouched(world: World) -> None:
    assert world.numbers() == OLD


def edited(world: World) -> None:
    edit(world)
    assert (world.numbers(), world.states()) == (NEW, [".done"])


def overwritten(world: World) -> None:
    overwrite(world)
    assert (world.numbers(), world.states()) == (NEW, [".done"])


def killed_editing(world: World) -> None:
    assert world.killed(edit, world.calls(edit).number("replace", "/a/2.md"))
    assert (world.numbers(), world.states()) == ([1, 10, 20], [".writing"])


def killed_undoing(world: World) -> None:
    edited(world)
    assert world.killed(undo, world.calls(undo).number("replace", "/a/2.md"))
    assert (world.numbers(), world.states()) == ([0, 11, 21], [".undoing"])


WORKS: Mapping[str, tuple[Callable[[World], None], Work, list[list[int]]]] = {
    "an edit": (untouched, edit, [OLD, NEW]),
    "an undo": (edited, undo, [NEW, OLD]),
    "an edit in place": (untouched, overwrite, [OLD, NEW]),
    "the undo of an edit in place": (overwritten, undo, [NEW, OLD]),
    "the recovery of an edit": (killed_editing, recovery, [NEW]),
    "the recovery of an undo": (killed_undoing, recovery, [OLD]),
    "the undo of a killed edit": (killed_editing, undo, [NEW, OLD]),
}


def each_is_old_or_new(world: World) -> bool:
    return all(
        number in pair and Path(path).stat().st_size == 3000 + len(f"{number}\n")
        for path, number, pair in zip(world.paths(), world.numbers(), zip(OLD, NEW, strict=True), strict=True)
    )


def all_is_in_order(world: World) -> bool:
    return not world.temporary() and nothing_is_pending(world)


def nothing_is_pending(world: World) -> bool:
    return not {".draft", ".writing", ".undoing", ".damaged"} & set(world.states())


@pytest.mark.exhaustive(always=1)
@pytest.mark.parametrize("name", WORKS)
def test_a_kill_at_any_call_leaves_old_or_new_cards_and_the_next_run_puts_all_right(
    world: World, name: str
) -> None:
    prepare, work, ends = WORKS[name]
    prepare(world)
    calls = world.calls(work).calls
    assert len(calls) > 50
    seen: list[list[int]] = []
    for number, call in enumerate(calls, 1):
        world.restore()
        assert world.killed(work, number)
        assert each_is_old_or_new(world), call
        recovery(world)
        assert world.numbers() in ends, call
        assert all_is_in_order(world), call
        if world.numbers() not in seen:
            seen.append(world.numbers())
        assert world.numbers() == seen[-1], call  # there is one moment before which all will be old
        if world.numbers() == NEW:
            undo(world)
            assert world.numbers() == OLD, call
    assert seen == ends


@pytest.mark.exhaustive(always=5)
@pytest.mark.parametrize("name", WORKS)
@pytest.mark.parametrize(
    ("fault", "code"), [(fail_at, errno.EACCES), (fail_at, errno.EIO), (full_from, errno.ENOSPC)]
)
def test_an_error_of_any_call_is_told_and_tears_nothing(
    world: World, name: str, fault: Callable[[int, int], Fault], code: int
) -> None:
    prepare, work, _ = WORKS[name]
    prepare(world)
    wanted = OLD if work is undo or "undo" in name else NEW
    left = set(world.temporary())  # by the one that was killed
    for number, call in enumerate(world.calls(work).calls, 1):
        if fault is full_from and call[0] not in ("open", "write", "mkdir", "fsync"):
            continue
        world.restore()
        ended = world.run(work, fault(number, code))
        assert not ended.raised or "NewscardsError" in ended.raised, f"{call}\n{ended.trace}"
        assert each_is_old_or_new(world), call
        assert set(world.temporary()) <= left, call
        if not ended.raised:
            assert told_what_was_not_done(world, ended.value, wanted), f"{call} {ended.value}"
        recovery(world)
        assert nothing_is_pending(world), call
        assert each_is_old_or_new(world), call
        before = world.numbers()
        assert edit(world) == dict.fromkeys(world.paths(), ""), call
        assert all_is_in_order(world), call
        assert world.numbers() == [number + 1 for number in before], call
        undo(world)
        assert world.numbers() == before, call


def told_what_was_not_done(world: World, told: Told | list[str], wanted: list[int]) -> bool:
    """Tell whether each card that is not as it was to be has been named, with a reason."""
    left = [
        path for path, now, then in zip(world.paths(), world.numbers(), wanted, strict=True) if now != then
    ]
    if isinstance(told, dict):
        return all(told.get(path, told.get("")) for path in left)
    return not left or bool(told)


def test_ctrl_c_at_any_call_of_an_edit_changes_nothing(world: World) -> None:
    calls = world.calls(edit).calls
    done = [number for number, call in enumerate(calls, 1) if call[0] == "replace" and ".done" in call[1]][-1]
    for number, call in enumerate(calls, 1):
        world.restore()
        ended = world.run(edit, interrupt_at(number))
        assert "KeyboardInterrupt" in ended.raised, f"{call}\n{ended.trace}"
        assert world.numbers() == OLD or (number > done and world.numbers() == NEW), call
        before = world.numbers()
        assert not world.temporary(), call
        recovery(world)
        assert world.numbers() == before, call
        assert all_is_in_order(world), call


def test_ctrl_c_at_any_call_of_an_undo_leaves_the_edit_done(world: World) -> None:
    edited(world)
    calls = world.calls(undo).calls
    done = [number for number, call in enumerate(calls, 1) if call[0] == "replace" and "undone" in call[1]][
        -1
    ]
    for number, call in enumerate(calls, 1):
        world.restore()
        ended = world.run(undo, interrupt_at(number))
        assert "KeyboardInterrupt" in ended.raised, f"{call}\n{ended.trace}"
        assert world.numbers() == NEW or (number > done and world.numbers() == OLD), call
        before = world.numbers()
        assert not world.temporary(), call
        assert recovery(world) == [], call  # the next edit has nothing to say
        assert world.numbers() == before, call
        assert all_is_in_order(world), call
        if before == NEW:
            assert set(undo(world).values()) == {""}
            assert world.numbers() == OLD, call


def test_ctrl_c_at_any_call_of_a_recovery_leaves_the_rest_to_the_next_one(world: World) -> None:
    killed_undoing(world)
    for number, call in enumerate(world.calls(recovery).calls, 1):
        world.restore()
        assert "KeyboardInterrupt" in world.run(recovery, interrupt_at(number)).raised, call
        assert each_is_old_or_new(world), call
        recovery(world)
        assert (world.numbers(), all_is_in_order(world)) == (OLD, True), call


def test_ctrl_c_twice_in_an_undo_leaves_the_rest_to_the_next_run(world: World) -> None:
    edited(world)
    said: list[str] = []

    def work(world: World) -> None:
        with undoing(quiet, quiet) as journal:
            entry = journal.last()
            assert entry
            undo_edit(entry, notice=said.append)

    first = world.calls(work).number("replace", "/b/3.md")

    def fault(call: Call) -> None:
        if call.number >= first and call.name == "replace" and call.args[1].endswith(("3.md", "1.md")):
            raise KeyboardInterrupt

    del said[:]
    assert "KeyboardInterrupt" in world.run(work, fault).raised
    assert (world.numbers(), world.states()) == ([0, 10, 21], [".writing"])
    assert said == [
        "interrupted: what was taken back is written again; the edit stays done",
        "interrupted again: the next edit goes on with this one; `newscards undo 1` takes it back",
    ]
    assert "it is finished now" in recovery(world)[0]
    assert world.numbers() == NEW


def test_ctrl_c_twice_leaves_the_rest_to_the_next_run(world: World) -> None:
    first = world.calls(edit).number("replace", "/b/3.md")

    def fault(call: Call) -> None:
        if call.number >= first and call.name == "replace" and call.args[1].endswith(("3.md", "1.md")):
            raise KeyboardInterrupt

    assert "KeyboardInterrupt" in world.run(edit, fault).raised
    assert (world.numbers(), world.states()) == ([1, 11, 20], [".undoing"])
    said = recovery(world)
    assert world.numbers() == OLD
    assert "it is taken back now" in said[0]


@pytest.mark.parametrize("name", WORKS)
def test_a_system_that_writes_half_at_a_time_gets_it_all_written(world: World, name: str) -> None:
    prepare, work, ends = WORKS[name]
    prepare(world)
    ended = world.run(work, short=True)
    assert not ended.raised, ended.trace
    assert world.numbers() == ends[-1]
    assert all_is_in_order(world)


SEEN = {
    "rename": ("replace", "rename"),
    "unlink": ("unlink", "remove"),
    "fsync": ("fsync",),
    "mkdir": ("mkdir",),
    "fchmod": ("fchmod",),
    "ftruncate": ("ftruncate",),
    "flock": ("flock",),
    "write": ("write",),
}

COUNT = """
import json, os, sys
import platformdirs, newscards.edits.transaction
from pathlib import Path
from collections import Counter
from tests.support.faults import nothing, watched
from tests.edits.test_faults import World, edit, undo
say, calls = os.write, []
with watched(nothing, calls):
    edit(World(Path(sys.argv[1])))
    undo(World(Path(sys.argv[1])))
say(1, json.dumps(Counter(name for name, _ in calls)).encode())
"""


def test_no_call_goes_by_the_wrappers(world: World, tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if not strace:
        pytest.skip("no strace here")
    log = tmp_path / "log"
    env = {**os.environ, "XDG_STATE_HOME": str(world.root / "state"), "PYTHONPATH": str(ROOT)}
    traced = ["-f", "-qq", "-o", str(log), "-e", "trace=" + ",".join(f"/^{call}" for call in SEEN)]
    command = [strace, *traced, sys.executable, "-B", "-c", COUNT, str(world.root)]
    done = subprocess.run(command, capture_output=True, text=True, env=env, check=False)
    if "ptrace" in done.stderr or not log.exists():
        pytest.skip("strace may not be used here")
    assert done.returncode == 0, done.stderr
    wrapped: dict[str, int] = json.loads(done.stdout)
    assert world.numbers() == OLD
    lines = [line.split(maxsplit=1)[1] for line in log.read_text().splitlines()]
    traced_calls = Counter(
        next((call for call in SEEN if line.startswith(call)), "")
        for line in lines
        if not line.startswith(("write(1,", "write(2,"))
    )
    del traced_calls[""]
    assert traced_calls == Counter(
        {call: n for call, names in SEEN.items() if (n := sum(wrapped.get(name, 0) for name in names))}
    )
    assert traced_calls["rename"] >= 8
    assert traced_calls["fsync"] >= 14


CREATED = "a/new.md"
TEXT = b"9\n" + b"y" * 3000


def create(world: World) -> Told:
    """Create a card, and return what was told of it."""
    told: Told = {}
    with editing(quiet, lambda message: told.update({"": message})) as journal:
        path = os.path.realpath(world.root / CREATED)
        card_edit = CardEdit(path, ABSENT, sha256(TEXT), (Patch(0, b"", TEXT),), {"summary": "created"})
        write_card_edits(journal, "new", [card_edit], teller(told))
    return told


def created(world: World) -> bool:
    """Return whether the card is there; it is whole then."""
    path = world.root / CREATED
    if not path.exists():
        return False
    assert path.read_bytes() == TEXT
    return True


def with_created(world: World) -> None:
    create(world)
    assert (created(world), world.states()) == (True, [".done"])


def killed_creating(world: World) -> None:
    assert world.killed(create, world.calls(create).number("link"))
    assert (created(world), world.states()) == (False, [".writing"])


CREATIONS: Mapping[str, tuple[Callable[[World], None], Work, list[bool]]] = {
    "a creation": (untouched, create, [False, True]),
    "the undo of a creation": (with_created, undo, [True, False]),
    "the recovery of a creation": (killed_creating, recovery, [True]),
    "the undo of a killed creation": (killed_creating, undo, [True, False]),
}


@pytest.mark.exhaustive(always=1)
@pytest.mark.parametrize("name", CREATIONS)
def test_a_kill_at_any_call_leaves_a_created_card_whole_or_absent(world: World, name: str) -> None:
    prepare, work, ends = CREATIONS[name]
    prepare(world)
    seen: list[bool] = []
    for number, call in enumerate(world.calls(work).calls, 1):
        world.restore()
        assert world.killed(work, number)
        created(world)
        recovery(world)
        assert created(world) in ends, call
        assert all_is_in_order(world), call
        if created(world) not in seen:
            seen.append(created(world))
        assert created(world) == seen[-1], call
        if created(world):
            undo(world)
            assert not created(world), call
        assert world.numbers() == OLD, call
    assert seen == ends


@pytest.mark.parametrize("name", CREATIONS)
@pytest.mark.parametrize(("fault", "code"), [(fail_at, errno.EACCES), (full_from, errno.ENOSPC)])
def test_an_error_of_any_call_leaves_a_created_card_whole_or_absent(
    world: World, name: str, fault: Callable[[int, int], Fault], code: int
) -> None:
    prepare, work, ends = CREATIONS[name]
    prepare(world)
    for number, call in enumerate(world.calls(work).calls, 1):
        if fault is full_from and call[0] not in ("open", "write", "mkdir", "fsync"):
            continue
        world.restore()
        ended = world.run(work, fault(number, code))
        assert not ended.raised or "NewscardsError" in ended.raised, f"{call}\n{ended.trace}"
        if created(world) != ends[-1] and not ended.raised:
            assert any(ended.value.values() if isinstance(ended.value, dict) else ended.value), call
        recovery(world)
        created(world)
        assert nothing_is_pending(world), call
        edit(world)  # which deletes a temporary file that could not be deleted
        assert all_is_in_order(world), call


@pytest.mark.parametrize("name", ["a creation", "the undo of a creation"])
def test_ctrl_c_at_any_call_of_a_creation_or_its_undo_takes_it_back(world: World, name: str) -> None:
    prepare, work, (before, after) = CREATIONS[name]
    prepare(world)
    calls = world.calls(work).calls
    last = "undone" if work is undo else ".done"
    done = [number for number, call in enumerate(calls, 1) if call[0] == "replace" and last in call[1]][-1]
    for number, call in enumerate(calls, 1):
        world.restore()
        assert "KeyboardInterrupt" in world.run(work, interrupt_at(number)).raised, call
        now = created(world)
        assert now == before or (number > done and now == after), call
        recovery(world)
        assert created(world) == now, call
        edit(world)
        assert all_is_in_order(world), call


def test_a_card_that_is_there_already_is_never_replaced(world: World) -> None:
    (world.root / CREATED).write_bytes(b"another")
    assert set(create(world).values()) == {"there is a file of this name already"}
    assert (world.root / CREATED).read_bytes() == b"another"
    assert world.states() == []


@pytest.mark.parametrize("code", [errno.EPERM, errno.EOPNOTSUPP])
def test_a_file_system_without_hard_links_is_no_obstacle(world: World, code: int) -> None:
    ended = world.run(create, lambda call: fail_at(call.number, code)(call) if call.name == "link" else None)
    assert (ended.raised, created(world), world.temporary()) == ((), True, [])


def test_a_created_card_that_was_changed_since_is_not_deleted(world: World) -> None:
    create(world)
    (world.root / CREATED).write_bytes(b"another")
    assert set(undo(world).values()) == {"it has changed since"}
    assert (world.root / CREATED).read_bytes() == b"another"
