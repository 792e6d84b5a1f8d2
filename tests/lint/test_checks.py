"""What was checked before is not checked again, and tells the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.fields import BUILT_IN, Field, dotted_names
from newscards.frontmatter.loader import InvalidScalar
from newscards.frontmatter.nodes import Step
from newscards.lint.checks import ValueChecks
from newscards.lint.rule import FoundProblem
from newscards.rules import RULES

Told = tuple[str, str, tuple[Step, ...]]
NAMES = sorted({part for name in dotted_names() for part in name.split(".")})
TEXTS = ["", "news", "article", "video", "https://a.example/x", "http://a.example", "a.example", "a b", "x&y"]
DAY = datetime(2020, 1, 2, tzinfo=UTC)
SCALARS = st.sampled_from(
    [
        *TEXTS,
        *(None, 0, 1, -1, True, False, 1.0, 67),
        *(DAY, DAY.replace(tzinfo=None), DAY.date(), DAY.replace(year=2999)),
        "AAAAAAAAAAAAAAAAAAAAAA==;AAAAAAAAAAAAAAAAAAAAAA==",
        InvalidScalar("2023-13-45", "date", "why"),
    ]
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*NAMES, "x", 1]), inner),
    max_leaves=20,
)
CARDS = st.dictionaries(st.sampled_from([*NAMES, "tilte"]), VALUES, max_size=12)


def slowly(
    field: Field, value: Any, path: tuple[Step, ...] = ()
) -> Iterable[tuple[str, str, tuple[Step, ...]]]:
    """Yield what the rules say, each asked of each value."""
    for rule in RULES:
        if rule.value and rule.applies(field):
            for problem in rule.value(field, value):
                yield rule.code, problem.message, (*path, *problem.path)
    if isinstance(value, dict):
        for inner in field.fields:
            if inner.name in value:
                yield from slowly(inner, value[inner.name], (*path, inner.name))
    elif isinstance(value, list) and field.item:
        for index, item in enumerate(value):
            yield from slowly(field.item, item, (*path, index))


def told(found: Iterable[FoundProblem]) -> list[Told]:
    return sorted([(rule.code, problem.message, path) for rule, problem, path in found], key=repr)


SHARED = ValueChecks(BUILT_IN, RULES)


@settings(deadline=None)
@given(st.lists(CARDS, min_size=1, max_size=3))
def test_what_is_remembered_tells_what_each_rule_says_of_each_value(cards: list[Mapping[str, Any]]) -> None:
    for fields in [*cards, *cards]:
        expected = sorted(slowly(BUILT_IN, fields), key=repr)
        assert told(SHARED.check(fields)) == told(SHARED.check_uncached(fields)) == expected


def test_one_is_not_true_where_one_was_fine() -> None:
    checks = ValueChecks(BUILT_IN, RULES)
    assert not [rule for rule, _, path in checks.check({"heat": 1}) if path == ("heat",)]
    assert {rule.code for rule, _, path in checks.check({"heat": True}) if path == ("heat",)} == {"NC302"}


def test_what_looks_at_types_alone_tells_the_same_of_all_values_of_a_type() -> None:
    values: list[list[Any]] = [["", "x", "67"], [0, 1], [True, False], [{}, {"a": 1}], [[], [1]], [None]]
    (rule,) = [rule for rule in RULES if rule.by_type]
    assert rule.value
    for field in (BUILT_IN, *BUILT_IN.fields):
        for alike in values:
            assert len({bool(list(rule.value(field, value))) for value in alike}) == 1
