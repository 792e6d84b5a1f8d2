"""Values without quotes as the two kinds of Jekyll read them; test_real_jekyll.py has whole cards."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.frontmatter.loader import load
from newscards.frontmatter.nodes import parse_tree
from newscards.jekyll.readers import FaultError, Jekyll, read, read_plain

FAULT: Any = object()
VALUES: dict[str, tuple[Any, Any]] = {
    "tide": ("tide", "tide"), "nO": (False, False), "YES": (True, True), "Null": (None, None),
    "~": (None, None), "y": ("y", "y"), "67": (67, 67), "-1": (-1, -1), "0104": (68, 68),
    "-0104": (-68, "-0104"), "0x1F": (31, 31),
    "08": ("08", "08"), "1_000": (1000, 1000), "1,000": (1000, 1000), "1__0": ("1__0", 10), "1.5": (1.5, 1.5),
    "1e9": ("1e9", "1e9"), "1:40": (6000, 100), "-1:40": (-1200, 20), "1:40:00": (6000, 6000),
    "1:1:1:1": ("1:1:1:1", 219661), ".inf": (float("inf"), float("inf")), ":": (":", ":"),
    ":-)": (FAULT, ":-)"), "0b_": (FAULT, "0b_"), ".e+3": (FAULT, ".e+3"), "1._5": ("1._5", FAULT),
    "2023-06-20": (date(2023, 6, 20),) * 2, "2023-6-20": (date(2023, 6, 20), "2023-6-20"),
    "2023-13-45": ("2023-13-45", "2023-13-45"),
    "2023-06-20T15:44:00Z": (datetime(2023, 6, 20, 15, 44, tzinfo=UTC),) * 2,
    "2023-06-20 15:44:00 +0200": (datetime(2023, 6, 20, 13, 44, tzinfo=UTC),) * 2,
    "2023-06-20\t15:44:00Z": (FAULT, datetime(2023, 6, 20, 15, 44, tzinfo=UTC)),
    "2023-06-20T15:44:00+99:00": ("2023-06-20T15:44:00+99:00", datetime(2023, 6, 20, 15, 44, tzinfo=UTC)),
}  # fmt: skip
"""Texts, and what Debian's and upstream's Jekyll read."""


@pytest.mark.parametrize("text", VALUES)
@pytest.mark.parametrize("jekyll", Jekyll)
def test_a_plain_value_is_what_jekyll_reads(text: str, jekyll: Jekyll) -> None:
    expected = VALUES[text][list(Jekyll).index(jekyll)]
    if expected is FAULT:
        with pytest.raises(FaultError):
            read_plain(text, jekyll)
    else:
        found = read_plain(text, jekyll)
        assert (found, isinstance(found, str)) == (expected, isinstance(expected, str))


@given(text=st.text(alphabet="0123456789_,.:+-eExXbTZ \t~", max_size=16) | st.text(max_size=16))
def test_no_text_is_any_other_error(text: str) -> None:
    for jekyll in Jekyll:
        with suppress(FaultError):
            read_plain(text, jekyll)


def test_a_key_without_a_name_shifts_what_stands_behind_it_also_out_of_its_mapping() -> None:
    root = parse_tree("a: {~: b}\npublished: false\nc: d\n")
    debian, upstream = read(root, Jekyll.DEBIAN), read(root, Jekyll.UPSTREAM)
    assert debian is not None
    assert upstream is not None
    assert debian.fields["published"] is False
    assert "published" not in upstream.fields


def test_a_front_matter_that_is_no_mapping_has_no_reading() -> None:
    assert read(parse_tree("- a\n"), Jekyll.DEBIAN) is None
    assert read(None, Jekyll.UPSTREAM) is None


DAYS, GAPS = ["2023-06-20", "2023-6-2"], ["T", "t", " ", "  "]
TIMES, ZONES = ["09:05:00", "9:05:07"], ["+0200", " +0200", " -0730", "  +0000", " -1145"]


@pytest.mark.parametrize("text", ["".join(parts) for parts in product(DAYS, GAPS, TIMES, ZONES)])
def test_a_moment_that_yaml_1_1_has_no_form_for_is_read_here_as_by_both(text: str) -> None:
    found = load(text).value
    assert isinstance(found, datetime)
    assert [found] * 2 == [read_plain(text, jekyll) for jekyll in Jekyll]
