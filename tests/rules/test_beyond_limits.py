from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, block
from tests.rules.conftest import Find, Lint
from tests.support import card

MIB = 1 << 20
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)

FAILS = [
    pytest.param(block(f"a: {'[' * 64}{']' * 64}\n"), Found("NC106", 2, 67, 68), id="65-levels"),
    pytest.param(block(f"a: {'[' * 30000}\n"), Found("NC106", 2, 67, 68), id="segmentation-fault"),
    pytest.param(block(f'a: "{ODD}"\nb: {"{x: " * 70}\n'), Found("NC106", 3, 256, 257), id="deep-mappings"),
    pytest.param(block("a: &a [*a]\n"), Found("NC106", 2, 8, 9), id="itself-inside-itself"),
    pytest.param(block(BOMB), Found("NC106", 6, 45, 46), id="alias-bomb"),
    pytest.param(block(f"a: {'x' * MIB}\n"), Found("NC106", 2, 1, 2), id="too-long"),
    pytest.param(f"---\n{'x' * 2 * MIB}", Found("NC106", 2, 1, 2), id="too-long-and-never-closed"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_what_exceeds_a_limit_is_found_where_it_does(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        card(featuredContent=f'"{"x" * (MIB - 2000)}"'),
        card() + "x" * 3 * MIB,
        card(excerpt='"' + "[" * 1000 + '"'),
    ],
    ids=["nearly-a-mebibyte", "a-long-body", "brackets-in-a-text"],
)
def test_what_is_within_the_limits_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_64_levels_are_read(find: Find) -> None:
    deep = block(f"a: {'[' * 63}{']' * 63}\n")
    assert "NC106" not in {found.code for found in find(deep)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"a: {'x' * MIB}\n", "the front matter is longer than 1,024 KiB"),
        (f"a: {'[' * 64}{']' * 64}\n", "nested deeper than 64 levels"),
        (BOMB, "more than 100,000 values once aliases are expanded"),
        ("a: &a [*a]\n", "the alias *a stands inside itself"),
    ],
)
def test_the_message_names_the_limit(text: str, message: str, lint: Lint) -> None:
    assert [finding.message for finding in lint(block(text))] == [message]
