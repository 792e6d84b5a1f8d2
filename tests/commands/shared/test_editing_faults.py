"""The editing commands, killed, refused and interrupted at their calls to the system, and eight at once."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newscards import cli
from newscards.edits import lock
from newscards.frontmatter.blocks import read_whole
from newscards.frontmatter.fences import FrontMatter, find_fences
from tests.support import ROOT
from tests.support.faults import (
    Ended,
    Fault,
    Place,
    done_here,
    fail_at,
    fail_from,
    forked,
    full_from,
    kill_at,
    memory_folder,
    nothing,
    signal_at,
)
from tests.support.yaml_strategies import form_of, mutated_cards, reference

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")

Cards: TypeAlias = "dict[str, bytes]"

FILES = ("a/one.md", "a/two.md", "b/three.md", "b/five.md", "texts/four.txt")
"""``a/four.md`` is a symlink to the last one."""

FOUR = ("one", "two", "three", "four")


class Told(NamedTuple):
    """What a run of newscards gave back."""

    code: int
    out: str
    err: str


class Job(NamedTuple):
    """A command, what is run before it, and the files that it changes."""

    args: tuple[str, ...]
    files: tuple[str, ...]
    before: tuple[str, ...] = ()


HIDE = ("set-published", "false", *FOUR)
HIDDEN = ("a/one.md", "a/two.md", "b/three.md", "texts/four.txt")
MEND = ("validate", "--fix", "--select", "boolean-spelling", "../world/corpus/a")
JOBS: Mapping[str, Job] = {
    "set-published": Job(HIDE, HIDDEN),
    "set --related": Job(
        ("set", "quality", "91", "one", "--related"), ("a/one.md", "a/two.md", "b/three.md")
    ),
    "topic add": Job(("topic", "add", "Ports", *FOUR), HIDDEN),
    "validate --fix": Job(MEND, ("a/one.md", "a/two.md", "texts/four.txt")),
    "undo": Job(("undo",), HIDDEN, HIDE),
}


def newscards(*args: str) -> Told:
    """Run newscards in this process, and return what it gave back."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        return _told(cli.main(args), streams)


def _told(code: object, streams: Sequence[io.TextIOWrapper]) -> Told:
    """Return what was written to streams."""
    assert isinstance(code, int)
    texts = []
    for stream in streams:
        stream.flush()
        assert isinstance(stream.buffer, io.BytesIO)
        texts.append(stream.buffer.getvalue().decode())
    return Told(code, texts[0], texts[1])


def undo_all() -> None:
    """Take all edits back that there are."""
    for _ in range(9):
        told = newscards("undo")
        assert told.code == 0, told.err
        if "no edit to take back" in told.err:
            return
    raise AssertionError("it does not end")


class World(Place):
    """Five cards in three folders, one of them by a symlink, and a state folder; all can be put back."""

    def make(self) -> None:
        shutil.rmtree(self.root, ignore_errors=True)
        for name in FILES:
            path = self.root / "corpus" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text_of(path.stem))
        (self.root / "corpus/a/four.md").symlink_to("../texts/four.txt")

    def cards(self) -> Cards:
        """Return what all files hold but temporary ones, which ``temporary`` returns."""
        corpus = self.root / "corpus"
        found = [path for path in corpus.rglob("[!.]*") if path.is_file() and not path.is_symlink()]
        return {str(path.relative_to(corpus)): path.read_bytes() for path in found}

    def run(self, *args: str, fault: Fault = nothing) -> Ended:
        """Run newscards in a process of its own."""
        return forked(lambda: newscards(*args), fault)

    def here(self, *args: str, fault: Fault) -> Ended:
        """Run newscards in this process, with a fault that is no kill."""
        return done_here(lambda: newscards(*args), fault)

    def told(self, *args: str) -> Told:
        """Run newscards in a process of its own, where all is well."""
        ended = self.run(*args)
        assert not ended.raised, ended.trace
        told: Told = ended.value
        return told

    def rehearse(self, job: Job) -> tuple[Cards, Cards, Ended]:
        """Return the cards before and after a job, and how it goes; all is ready for it then."""
        if job.before:
            assert self.told(*job.before).code == 0
        old = self.cards()
        self.save()
        ended = self.run(*job.args)
        new = self.cards()
        assert ended.value.code == 0, ended.value
        assert {name for name in old if new[name] != old[name]} == set(job.files)
        self.restore()
        return old, new, ended

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Let ``restore`` put back what is there now, for a while."""
        saved = self.root.with_name("saved")
        kept = saved.rename(self.root.with_name("kept"))
        self.save()
        yield
        shutil.rmtree(saved)
        kept.rename(saved)

    def nothing_is_left(self) -> bool:
        return not self.temporary() and not {".draft", ".writing", ".undoing", ".damaged"} & set(
            self.states()
        )


def text_of(name: str) -> str:
    """Return a small card, which others of the first three have in their ``related``."""
    others = [other for other in FOUR[:3] if other != name and name in FOUR[:3]]
    entries = "".join(
        f'\n  - title: "Gauges"\n    publishedDateTime: 2023-06-20T15:44:00Z\n    quality: 67'
        f'\n    webUrl: "https://www.tide.example/{other}"'
        for other in others
    )
    return (
        '---\ntitle: "Gauges"\npublishedDateTime: 2023-06-20T15:44:00Z\nquality: 67\n'
        f'webUrl: "https://www.tide.example/{name}"\n'
        f"published: true # it is\nremoved: no\nrelated: {entries or '[]'}\n"
        "topics:\n  - Oceans\n---\nA body.\n"
    )


@pytest.fixture(scope="module")
def room() -> Iterator[Path]:
    with memory_folder() as folder, pytest.MonkeyPatch.context() as patch:
        world = World(folder / "world")
        world.make()
        patch.setenv("XDG_STATE_HOME", str(folder / "state"))
        (folder / "here").mkdir()
        patch.chdir(folder / "here")
        for job in JOBS.values():  # what they import, they import here, and their children need not
            newscards(*job.args, "--corpus", str(world.root / "corpus"))
        yield folder


@pytest.fixture
def world(room: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(room / "world")
    world.make()
    monkeypatch.setenv("XDG_STATE_HOME", str(world.root / "state"))
    monkeypatch.setattr(lock, "LOCK_TIMEOUT", 1)
    monkeypatch.chdir(room / "here")  # one that stays when the world is put back
    monkeypatch.setenv("NEWSCARDS_CORPUS", "../world/corpus")
    return world


def points(ended: Ended) -> list[int]:
    """Return the calls before which the disk is another than before the call before them."""
    calls = [True, *(writes(*call) for call in ended.calls)]
    return [number for number, changed in enumerate(calls, 1) if changed and number <= len(ended.calls)]


def writes(name: str, args: str) -> bool:
    """Tell whether a call changes what is on the disk."""
    if name == "open":
        how = args.rpartition(" ")[2]
        return how.isdigit() and bool(int(how) & os.O_CREAT)
    return name in (
        "mkdir",
        "write",
        "ftruncate",
        "fchmod",
        "fchown",
        "setxattr",
        "replace",
        "unlink",
        "fsync",
    )


Check: TypeAlias = "Callable[[World, Job, Lives], None]"


class Lives(NamedTuple):
    """The cards at first, before and after a job; whether it was sealed at the kill, and is pending."""

    first: Cards
    old: Cards
    new: Cards
    sealed: bool
    pending: bool


def another_edit_finishes_it_and_says_so(world: World, job: Job, lives: Lives) -> None:
    told = newscards("set-published", "false", "five")
    assert told.code == 0, told.err
    assert ("was interrupted" in told.err) == lives.pending, told.err
    wanted = dict(lives.new if lives.sealed else lives.old)
    wanted["b/five.md"] = hidden(wanted["b/five.md"])
    assert world.cards() == wanted
    assert world.nothing_is_left()
    undo_all()
    assert world.cards() == lives.first


def the_same_again_does_the_rest(world: World, job: Job, lives: Lives) -> None:
    told = newscards(*job.args)
    assert told.code == 0, told.err
    assert world.cards() == lives.new
    assert world.nothing_is_left()
    undo_all()
    assert world.cards() == lives.first


def undo_gives_the_first_bytes(world: World, job: Job, lives: Lives) -> None:
    told = newscards("undo")
    assert told.code == 0, told.err
    assert "interrupted" not in told.err  # to take it back is what was asked for
    assert world.cards() == lives.first
    assert not world.temporary()


CHECKS: Sequence[Check] = (
    another_edit_finishes_it_and_says_so,
    the_same_again_does_the_rest,
    undo_gives_the_first_bytes,
)


@pytest.mark.exhaustive(always=1)
@pytest.mark.parametrize("name", JOBS)
def test_after_a_kill_at_any_call_each_card_is_old_or_new_and_the_next_run_puts_all_right(
    world: World, name: str
) -> None:
    job = JOBS[name]
    old, new, ended = world.rehearse(job)
    first = new if job.before else old
    matters, seen, last = points(ended), list[bool](), None
    for number in range(1, len(ended.calls) + 1) if job.args == HIDE else matters:
        world.restore()
        assert world.run(*job.args, fault=kill_at(number)).killed
        now, states = world.cards(), set(world.states())
        found = now, states, len(world.temporary())
        if number not in matters:
            assert found == last, ended.calls[number - 2]  # that call has changed nothing
            continue
        last = found
        assert is_old_or_new(now, old, new), ended.calls[number - 1]
        pending = bool({".writing", ".undoing"} & states)
        sealed = pending or (".undone" if job.before else ".done") in states
        assert sealed or now.items() >= old.items()
        seen.append(sealed)
        with world.kept():
            for check in CHECKS if job.args == HIDE or job.before else CHECKS[number % 3 :][:1]:
                check(world, job, Lives(first, old, new, sealed, pending))
                world.restore()
    assert seen == sorted(seen)
    assert set(seen) == {False, True}


def is_old_or_new(now: Cards, old: Cards, new: Cards) -> bool:
    return all(now[name] in (old[name], new[name]) for name in old)


def takes(kind: str, name: str, args: str) -> bool:
    """Tell whether a call can fail in a way."""
    if kind == "ENOSPC":
        return name in ("write", "mkdir", "fsync") or (name == "open" and writes(name, args))
    return kind == "EIO" or name in ("open", "scandir", "mkdir", "replace", "access", "fchmod", "stat")


FAULTS: Sequence[tuple[Callable[[int, int], Fault], str]] = (
    (fail_at, "EIO"),
    (fail_at, "EACCES"),
    (fail_at, "ENOSPC"),
    (fail_from, "EIO"),
    (fail_from, "EACCES"),
    (full_from, "ENOSPC"),
)


@pytest.mark.exhaustive(always=4)
@pytest.mark.parametrize(
    ("name", "fault", "kind"),
    [
        (name, *fault)
        for name, job in JOBS.items()
        for fault in (FAULTS if name in ("set-published", "undo") else FAULTS[5:])
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_an_error_of_any_call_is_told_with_the_card_that_was_not_written(
    world: World, name: str, fault: Callable[[int, int], Fault], kind: str
) -> None:
    job = JOBS[name]
    old, new, rehearsed = world.rehearse(job)
    matters = points(rehearsed)
    for number in numbers_of(rehearsed, job, kind, once=fault is fail_at):
        world.restore()
        call = rehearsed.calls[number - 1]
        ended = world.here(*job.args, fault=fault(number, getattr(errno, kind)))
        assert not ended.raised, f"{call} {ended.trace}"
        told, now = ended.value, world.cards()
        assert is_old_or_new(now, old, new), call
        assert not world.temporary(), call
        assert well_told(told, [name for name in old if now[name] != new[name]], old == now), f"{call} {told}"
        again = newscards(*job.args)
        assert again.code == 0, f"{call} {again}"
        assert world.cards() == new, call
        assert world.nothing_is_left(), call
        if "no undo" not in told.err and number in matters:
            assert newscards("undo").code == 0, call
            if old != now != new:  # there were two edits
                undo_all()
            assert world.cards() == (new if job.before else old), call


def numbers_of(ended: Ended, job: Job, kind: str, *, once: bool) -> list[int]:
    """Return the calls that are to fail: of one command all, of the others those of the writing."""
    found = [number for number, call in enumerate(ended.calls, 1) if takes(kind, *call)]
    if job.args == HIDE:
        return found if once else [number for number in found if writes(*ended.calls[number - 1])]
    begins = ended.number("open", "journal")
    return [number for number in found if number >= begins and writes(*ended.calls[number - 1])]


def well_told(told: Told, left: Sequence[str], untouched: bool) -> bool:
    """Tell whether the exit code is the contract's, and each card that is as it was has been named."""
    errors = re.findall(r"^error: .*(?:\n  .*)*", told.err, re.MULTILINE)
    of_all = rf"^error: (nothing was (written|taken back)|{len(left)} cards refused): "
    named = untouched and bool(re.search(of_all, told.err, re.MULTILINE))
    named = named or all(any(Path(name).stem in error for error in errors) for name in left)
    return (
        "Traceback" not in told.err
        and "newscards failed" not in told.err
        and {0: not left, 1: bool(errors) and named, 2: bool(errors) and untouched}[told.code]
    )


def through_the_door(*args: str) -> Told:
    """Run newscards as the console script does, which ends the process; for a child."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2)]
    sys.argv = ["newscards", *args]
    with contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        cli._end = sys.exit  # type: ignore[assignment]
        try:
            cli.entry_point()
        except SystemExit as error:
            return _told(error.code, streams)
    raise AssertionError("it did not end")


@pytest.mark.exhaustive(always=1)
@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM], ids=lambda each: each.name)
def test_ctrl_c_takes_back_what_was_written_and_a_termination_is_made_good(
    world: World, which: signal.Signals
) -> None:
    old, new, rehearsed = world.rehearse(JOBS["set-published"])
    starts, ends = rehearsed.number("open", ".writing rb"), rehearsed.number("replace", ".done")
    for number in points(rehearsed):
        world.restore()
        ended = forked(lambda: through_the_door(*HIDE), signal_at(number, which))
        assert not ended.raised, ended.trace
        told, now, states = ended.value, world.cards(), world.states()
        assert told.code == 128 + which, number
        assert is_old_or_new(now, old, new), number
        assert not world.temporary(), number
        if which is signal.SIGINT:
            assert now == old or (now == new and number > ends), number
            assert states == ([] if now == old else [".done"]), number
            assert ("what was written is taken back" in told.err) == (number >= starts and now == old)
        else:
            assert (states == [".writing"]) == (starts <= number <= ends), number
        again = newscards("set-published", "false", "five")
        assert ("it is finished now" in again.err) == (".writing" in states), again.err
        wanted = new if states else old
        assert world.cards() == {**wanted, "b/five.md": hidden(wanted["b/five.md"])}, number
        assert world.nothing_is_left(), number
        undo_all()
        assert world.cards() == old, number


def hidden(text: bytes) -> bytes:
    return text.replace(b"published: true", b"published: false")


def test_of_eight_editors_at_once_none_loses_what_another_one_wrote(world: World, room: Path) -> None:
    names = [f"card-{number}" for number in range(20)]
    for name in names:
        (world.root / "corpus" / f"{name}.md").write_text(text_of(name))
    first = world.cards()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    editors = [
        subprocess.Popen(
            [sys.executable, "-m", "newscards", "topic", "add", f"T{number}", *names],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for number in range(8)
    ]
    ended = [(*editor.communicate(timeout=60), editor.returncode) for editor in editors]
    assert [(code, out.count(b"topics: + T")) for out, _, code in ended] == [(0, 20)] * 8, ended
    for name in names:
        topics = re.findall(rb"^  - (T[0-9])$", world.cards()[f"{name}.md"], re.MULTILINE)
        assert sorted(topics) == [b"T%d" % number for number in range(8)]
    assert world.states() == [".done"] * 8
    undo_all()
    assert world.cards() == first
    assert world.states() == [".undone"] * 8


def test_one_that_never_ends_is_waited_for_in_vain_and_nothing_is_written(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = world.cards()
    monkeypatch.setattr(lock, "LOCK_TIMEOUT", 0)
    with lock.edit_lock():
        told = newscards(*HIDE)
    assert (told.code, told.out) == (2, "")
    assert "note: waiting for another newscards to finish its edit\n" in told.err
    assert f"another newscards (process {os.getpid()}) has been editing" in told.err
    assert "nothing was written" in told.err
    assert world.cards() == first
    assert newscards(*HIDE).code == 0


FORKS = """
import os, signal
from newscards.edits.lock import edit_lock
with edit_lock():
    if not os.fork():
        print("forked", flush=True)
        os.read(0, 1)
        os._exit(0)
    signal.pause()
"""


def test_what_a_killed_editor_has_forked_does_not_hold_its_lock(world: World) -> None:
    editor = subprocess.Popen(
        [sys.executable, "-c", FORKS],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert editor.stdin
    assert editor.stdout
    with editor.stdin, editor.stdout:  # closed, they let the forked one end
        assert editor.stdout.readline() == b"forked\n"
        with lock.lock_if_free() as free:
            assert not free
        editor.kill()
        editor.wait()
        with lock.lock_if_free() as free:
            assert free


ASKED: Mapping[tuple[str, ...], Callable[[dict[str, Any]], dict[str, Any]]] = {
    ("set-published", "false"): lambda old: {"published": False},
    ("set-published", "true", "--force"): lambda old: {"published": True},
    ("set", "quality", "91", "--force"): lambda old: {"quality": 91},
    ("set", "title", 'A: "b" # c', "--force"): lambda old: {"title": 'A: "b" # c'},
    ("topic", "add", "New #1", "--force"): lambda old: {"topics": [*(old.get("topics") or ()), "New #1"]},
    ("topic", "remove", "Ports", "--force"): lambda old: {
        "topics": [topic for topic in old["topics"] if not is_ports(topic)]
    },
    ("remove",): lambda old: {"removed": True, "published": False},
    ("restore",): lambda old: {"removed": False},
}


def is_ports(topic: object) -> bool:
    return isinstance(topic, str) and topic.casefold() == "ports"


def forms_of(front: FrontMatter) -> dict[Any, Any]:
    """Return what PyYAML reads in a card."""
    return dict(reference(front.block.decode()).form[1])


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutated_cards(), st.sampled_from(list(ASKED)))
def test_whatever_the_card_the_asked_value_alone_differs_or_nothing_does_and_undo_gives_it_back(
    world: World, source: bytes, args: tuple[str, ...]
) -> None:
    file = world.root / "corpus" / "x.md"
    file.write_bytes(source)
    shutil.rmtree(world.root / "state", ignore_errors=True)
    told, now = newscards(*args, "x"), file.read_bytes()
    assert told.code == (1 if ": refused: " in told.err else 0), told
    if now == source:
        assert told.code == 1 or told.out, told
        return
    assert told.code == 0
    front = find_fences(source)
    asked = ASKED[args](dict(read_whole(front).values))
    old, new = (forms_of(find_fences(each)) for each in (source, now))
    assert new == old | {form_of(key): form_of(value) for key, value in asked.items()}
    assert [key for key in new if key in old] == list(old)
    assert newscards("undo").code == 0
    assert file.read_bytes() == source
