from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found
from tests.rules.conftest import Find, Lint
from tests.support import CARD


def with_title(title: bytes) -> bytes:
    return CARD.encode().replace(b'"Tide gauges get a second life"', title, 1)


FAILS = [
    pytest.param(with_title(b"Caf\xe9"), Found("NC102", 3, 11, 12), id="latin-1"),
    pytest.param(with_title(b'"\xe4\xf6\xfc"'), Found("NC102", 3, 9, 10), id="only-the-first-is-told"),
    pytest.param(
        with_title("“€😀é".encode() + b"\xe9"), Found("NC102", 3, 12, 13), id="after-wide-characters"
    ),
    pytest.param(
        with_title(f'"{ODD}'.encode() + b'\xff"'), Found("NC102", 3, 16, 17), id="after-odd-characters"
    ),
    pytest.param(with_title(b"\xed\xa0\x80"), Found("NC102", 3, 8, 9), id="lone-surrogate"),
    pytest.param(with_title(b"\xc0\x80"), Found("NC102", 3, 8, 9), id="overlong"),
    pytest.param(with_title(b"cut \xe2\x82"), Found("NC102", 3, 12, 13), id="cut-off-at-the-line-end"),
    pytest.param(b"---\n\xff: 1\n---\n", Found("NC102", 2, 1, 2), id="in-a-key"),
    pytest.param(b"---\n# \xe9\ntitle: x\n---\n", Found("NC102", 2, 3, 4), id="in-a-comment"),
    pytest.param(b"\n\n---\ntitle: \xe9\n---\n", Found("NC102", 4, 8, 9), id="below-blank-lines"),
    pytest.param(b"\xef\xbb\xbf---\ntitle: \xe9\n---\n", Found("NC102", 2, 8, 9), id="below-a-bom"),
]


@pytest.mark.parametrize(("source", "expected"), FAILS)
def test_a_byte_that_is_not_utf8_is_found_where_it_stands(source: bytes, expected: Found, find: Find) -> None:
    assert find(source) == [expected]


@pytest.mark.parametrize(
    "source",
    [
        with_title("“Café €😀”".encode()),
        with_title(b'"\xf4\x8f\xbf\xbd"'),
        with_title(b'"\\xe9"'),
    ],
    ids=["utf8", "the-last-characters-there-are", "as-an-escape"],
)
def test_utf8_is_fine(source: bytes, find: Find) -> None:
    assert find(source) == []


def test_the_message_names_the_byte(lint: Lint) -> None:
    (finding,) = lint(with_title(b"Caf\xe9"))
    assert finding.message.startswith("the byte 0xE9 is not UTF-8")
    assert finding.source == "title: Caf\ufffd"
