"""What no card needs, and what would exhaust its reader: limits that aliases do not get around."""

from __future__ import annotations

import pytest

from newscards.limits import LoadError
from newscards.loader import load


def test_depth_is_counted_through_aliases() -> None:
    chain = "".join(f"a{n}: &a{n} {'[' * 60}*a{n - 1}{']' * 60}\n" for n in range(1, 30))
    with pytest.raises(LoadError, match="nested deeper than 64 levels"):
        load("a0: &a0 x\n" + chain)
    assert load("a: &a [[x]]\nb: [*a]\n").value == {"a": [["x"]], "b": [[["x"]]]}


def test_text_is_counted_through_aliases() -> None:
    with pytest.raises(LoadError, match="16 MiB of text"):
        load(f"a: &a {'x' * 100_000}\nb: [{', '.join(['*a'] * 200)}]\n")


def test_keys_whose_hashes_collide_are_limited() -> None:
    keys = "".join(f"  {number * (2**61 - 1)}: 1\n" for number in range(1, 1200))
    with pytest.raises(LoadError, match="more than 1,000 keys"):
        load("a:\n" + keys)
    text = "".join(f"k{10**20 + number}: 1\n" for number in range(1200))
    assert isinstance(load(text).value, dict)
