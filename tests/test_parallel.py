"""Work in several processes: the same results in the same order, and no item lost with a process."""

from __future__ import annotations

import os
from functools import partial

import pytest

from newscards import parallel as module
from newscards.errors import EditRefusedError
from newscards.parallel import parallel

MANY = list(range(module.LEAST + 100))


@pytest.fixture(autouse=True)
def two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_processors", lambda: 2)


@pytest.mark.parametrize("count", [0, 1, module.LEAST - 1, module.LEAST, len(MANY)])
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
