"""A value is written as a person would write it, and always so that it reads back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.values import Scalar, same
from newscards.edits.scalars import format_replacement, format_scalar
from newscards.errors import EditRefusedError
from newscards.frontmatter.loader import load
from newscards.frontmatter.nodes import parse_tree
from tests.edits.test_apply import scalars

EAST = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (False, "false"),
        (-1, "-1"),
        (1.5, "1.5"),
        (1e20, "1.0e+20"),
        (float("inf"), ".inf"),
        (float("-inf"), "-.inf"),
        (float("nan"), ".nan"),
        (datetime(2023, 6, 20, 15, 44, tzinfo=UTC), "2023-06-20T15:44:00Z"),
        (datetime(2023, 6, 20, 17, 44, tzinfo=EAST), "2023-06-20T15:44:00Z"),
        (datetime(2023, 6, 20, 15, 44, 0, 500000, UTC).replace(tzinfo=None), "2023-06-20T15:44:00.500000"),
    ],
)
@pytest.mark.parametrize("style", ['"', "'", None])
def test_what_is_no_text_stands_without_quotes(value: Scalar, text: str, style: str | None) -> None:
    assert format_scalar(value, style) == text


@pytest.mark.parametrize(
    ("value", "plain", "single", "double"),
    [
        ("AI", "AI", "'AI'", '"AI"'),
        ("it's", "it's", "'it''s'", '"it\'s"'),
        ("a: b", '"a: b"', "'a: b'", '"a: b"'),
        ("", '""', "''", '""'),
        ("no", '"no"', "'no'", '"no"'),
        ("a\nb", '"a\\nb"', '"a\\nb"', '"a\\nb"'),
        ("\u2028", '"\\u2028"', '"\\u2028"', '"\\u2028"'),
        ("a\xa0b", "a\xa0b", "'a\xa0b'", '"a\xa0b"'),
        ("\\", "\\", "'\\'", '"\\\\"'),
        ("😀", "😀", "'😀'", '"😀"'),
        # What Ruby does not take for text, and PyYAML does.
        ("1,000", '"1,000"', "'1,000'", '"1,000"'),
        ("1e3", '"1e3"', "'1e3'", '"1e3"'),
        (":symbol", '":symbol"', "':symbol'", '":symbol"'),
        ("fALSE", '"fALSE"', "'fALSE'", '"fALSE"'),
        ("3M", "3M", "'3M'", '"3M"'),
    ],
)
def test_a_text_stands_in_the_quotes_that_are_asked_for_where_it_can(
    value: str, plain: str, single: str, double: str
) -> None:
    assert [format_scalar(value, style) for style in (None, "'", '"')] == [plain, single, double]


def test_in_brackets_a_comma_needs_quotes() -> None:
    assert (format_scalar("a, b", None), format_scalar("a, b", None, flow=True)) == ("a, b", '"a, b"')


@settings(max_examples=300, deadline=None, derandomize=True)
@given(value=scalars(), style=st.sampled_from(["", "'", '"', None]), flow=st.booleans())
def test_whatever_is_written_reads_back(value: Any, style: str | None, flow: bool) -> None:
    text = format_scalar(value, style, flow=flow)
    assert same(load(f"- [{text}]\n" if flow else f"- {text}\n").value, [[value]] if flow else [value])


@settings(max_examples=200, deadline=None, derandomize=True)
@given(old=st.text(max_size=20), new=st.text(max_size=20), style=st.sampled_from(["", "'", '"']))
def test_a_text_that_takes_the_place_of_another_reads_back(old: str, new: str, style: str) -> None:
    source = written(old, style)
    root = parse_tree(source)
    assert root is not None
    assert load(f"- {format_replacement(source, root, new)}\n").value == [new]


@pytest.mark.parametrize("value", ["\ud800", "a\udfff", 10**5000], ids=["one", "another", "digits"])
def test_what_yaml_cannot_hold_is_refused(value: Scalar) -> None:
    with pytest.raises(EditRefusedError):
        format_scalar(value, None)
