"""Bytes <-> lines and columns, held against a reading that is slow and plain."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.frontmatter.positions import line_at, position

BOM = b"\xef\xbb\xbf"

PLACES = [
    (b"", 0, (1, 1)),
    (b"abc", 0, (1, 1)),
    (b"abc", 2, (1, 3)),
    (b"abc", 3, (1, 4)),
    (b"ab\ncd", 2, (1, 3)),
    (b"ab\ncd", 3, (2, 1)),
    (b"ab\r\ncd", 4, (2, 1)),
    (b"\n\n\n", 2, (3, 1)),
    (b"\n\n\n", 3, (4, 1)),
    ("é€😀x".encode(), 9, (1, 4)),
    ("é\n€😀x".encode(), 10, (2, 3)),
    ("a\x85b\u2028c\u2029d\re\x0bf\x0cg".encode(), 17, (1, 13)),
    (BOM + b"abc", 3, (1, 1)),
    (BOM + b"abc", 5, (1, 3)),
    (BOM + b"\nabc", 6, (2, 3)),
    (b"\xff\xfeab", 3, (1, 4)),
]


@pytest.mark.parametrize(("source", "offset", "expected"), PLACES)
def test_a_position_is_told_in_lines_and_code_points(
    source: bytes, offset: int, expected: tuple[int, int]
) -> None:
    assert position(source, offset) == expected


LINES = [
    (b"", 1, ""),
    (b"abc", 1, "abc"),
    (b"abc", 2, ""),
    (b"ab\ncd", 1, "ab"),
    (b"ab\ncd", 2, "cd"),
    (b"ab\ncd\n", 3, ""),
    (b"ab\ncd\n", 99, ""),
    (b"ab\r\ncd\r\n", 1, "ab"),
    (b"ab\rcd\r\r\n", 1, "ab\rcd\r"),
    (b"ab\r", 1, "ab"),
    ("a\x85b\u2028c\n".encode(), 1, "a\x85b\u2028c"),
    (BOM + b"ab\ncd", 1, "ab"),
    (b"a\xffb", 1, "a\ufffdb"),
    (b"a\n" + BOM + b"b", 2, "\ufeffb"),
]


@pytest.mark.parametrize(("source", "line", "expected"), LINES)
def test_a_line_is_told_without_its_end(source: bytes, line: int, expected: str) -> None:
    assert line_at(source, line) == expected


texts = st.text(st.sampled_from("a:\"'- é€😀\r\n\x85\u2028\u2029\x0b\ufeff"), max_size=30)


@given(texts, st.data())
@settings(deadline=None, derandomize=True)
def test_lines_end_at_lf_alone_and_columns_count_code_points(text: str, data: st.DataObject) -> None:
    text = f"x{text}"  # a BOM that opens the file is another matter
    index = data.draw(st.integers(0, len(text)))
    before = text[:index].split("\n")
    column = len(before[-1]) + 1
    assert position(text.encode(), len(text[:index].encode())) == (len(before), column)


@given(texts, st.data())
@settings(deadline=None, derandomize=True)
def test_the_line_of_a_position_is_the_one_in_which_it_stands(text: str, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(text)))
    source = text.encode()
    line, column = position(source, len(text[:index].encode()))
    # A CR that ends the line is no column of it, though a position may stand behind it.
    assert 1 <= column <= len(line_at(source, line)) + 2


@given(st.binary(max_size=40), st.data())
@settings(deadline=None, derandomize=True)
def test_any_bytes_have_lines_and_columns(source: bytes, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(source)))
    line, column = position(source, offset)
    assert line == source.count(b"\n", 0, offset) + 1
    assert 1 <= column <= offset + 1
    assert "\n" not in line_at(source, line)
