"""A run of ``validate``, as the index keeps it: what is read is what was written, or nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from newscards.clock import ALWAYS, Validity
from newscards.lint.conventions import Convention
from newscards.lint.runs import Run

RUN = Run(
    b"a key\nof two lines\0\xff",
    Validity(datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 2, 1, 8, 30, 0, 1, tzinfo=UTC)),
    3,
    {1: 2**32 - 1, 2**40: 0},
    frozenset({7, 2**32 - 1}),
    (b"one", b"", b"\n\n", b"four"),
    (frozenset({1, 2**40}), frozenset(), frozenset({1})),
    frozenset({Convention.SECURED, Convention.ORIGINAL_URL}),
    {2**40: 2**32 - 1},
    Validity(datetime(2026, 1, 15, tzinfo=UTC), datetime(2026, 1, 16, tzinfo=UTC)),
)
NO_EXCEPTIONS = (frozenset[int](),) * len(Convention)
EMPTY = Run(b"", ALWAYS, 0, {}, frozenset(), (b"", b"", b"", b""), NO_EXCEPTIONS, frozenset(), {}, ALWAYS)


@pytest.mark.parametrize("run", [RUN, EMPTY])
def test_a_run_is_the_same_after_it_was_kept(run: Run) -> None:
    assert Run.decode(run.encode()) == run


@pytest.mark.parametrize("data", [b"", b"\n", b"{}\n", b"[]\n", b"nonsense", RUN.encode()[3:]])
def test_what_is_no_run_is_none(data: bytes) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        Run.decode(data)
