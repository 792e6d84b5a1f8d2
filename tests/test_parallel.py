"""Work in several processes: the same results in the same order, and no item lost with a process."""

from __future__ import annotations

import errno
import os
import signal
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from newscards import parallel as module
from newscards.errors import EditRefusedError
from newscards.parallel import parallel

MANY = list(range(module.MIN_ITEMS + 100))


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_processors", lambda: 2)


@pytest.mark.parametrize("count", [0, 1, module.MIN_ITEMS - 1, module.MIN_ITEMS, len(MANY)])
def test_the_results_are_those_of_one_process_in_its_order(count: int) -> None:
    factor = 3  # a closure is known to the processes, for they are forked
    assert list(parallel(partial(map, lambda item: item * factor), MANY[:count])) == [
        item * 3 for item in range(count)
    ]


def test_many_items_are_done_in_other_processes_and_few_in_this_one() -> None:
    assert os.getpid() not in set(parallel(partial(map, lambda item: os.getpid()), MANY))
    assert set(parallel(partial(map, lambda item: os.getpid()), MANY[:10])) == {os.getpid()}


def test_what_a_killed_process_left_is_done_here() -> None:
    here = os.getpid()

    def work(item: int) -> int:
        if item == 300 and os.getpid() != here:
            os._exit(9)
        return item

    assert list(parallel(partial(map, work), MANY)) == MANY


@pytest.mark.parametrize("started", [0, 1])
def test_where_no_process_can_be_started_the_work_is_done_here(
    monkeypatch: pytest.MonkeyPatch, started: int
) -> None:
    fork, left = os.fork, iter(range(started))

    def fork_a_few() -> int:
        if next(left, None) is None:
            raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        return fork()

    monkeypatch.setattr(os, "fork", fork_a_few)
    assert list(parallel(iter, MANY)) == MANY


def test_an_error_with_its_hint_comes_through_as_a_result() -> None:
    def refuse(item: int) -> EditRefusedError:
        return EditRefusedError("no", "yes")

    (error,) = set(map(repr, parallel(partial(map, refuse), MANY)))
    assert error == "EditRefusedError('no')"
    assert next(iter(parallel(partial(map, refuse), MANY))).hint == "yes"


def test_what_is_not_wanted_any_more_is_not_waited_for() -> None:
    results = parallel(iter, MANY)
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]


def test_the_end_of_a_process_is_noticed_before_the_others_have_done_all(tmp_path: Path) -> None:
    here, done = os.getpid(), os.open(tmp_path / "done", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def work(item: int) -> int:
        if os.getpid() != here:
            if item == 0:
                os._exit(9)
            os.write(done, b".")
            time.sleep(0.0002)
        return item

    many = list(range(20 * module.MIN_ITEMS))
    results = parallel(partial(map, work), many)
    assert next(results) == 0
    assert os.fstat(done).st_size < len(many) // 2
    assert list(results) == many[1:]
    os.close(done)


def test_where_the_system_waits_for_processes_itself_nothing_is_amiss() -> None:
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        for _ in range(5):
            assert list(parallel(iter, MANY)) == MANY
    finally:
        signal.signal(signal.SIGCHLD, before)


def test_without_room_for_another_file_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room() -> tuple[int, int]:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(os, "pipe", no_room)
    assert set(parallel(partial(map, lambda item: os.getpid()), MANY)) == {os.getpid()}


def test_signals_are_as_before_when_processes_were_started() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    results = parallel(iter, MANY)
    next(results)
    assert signal.pthread_sigmask(signal.SIG_BLOCK, []) == before
    assert list(results) == MANY[1:]


def test_the_first_results_are_there_long_before_the_last_item_is_done(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def note(items: Sequence[int]) -> Iterator[int]:
        for item in items:
            with log.open("a") as file:
                file.write("x")
            yield item

    results = parallel(note, range(20_000))
    next(results)
    assert log.stat().st_size < 5_000
    del results
