"""What is read in the fastest way is what is read in the usual one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.card import Card, Unreadable
from newscards.cards.reader import card_of, parse, parse_with_fences
from newscards.frontmatter.fences import FrontMatter, UnreadableError, find_fences, find_fences_from_end
from newscards.frontmatter.limits import LIMITS
from newscards.frontmatter.positions import position

LINES = [
    b"---",
    b"--- ",
    b"---\r",
    b"...",
    b"----",
    b"---x",
    b"",
    b"a: 1",
    b'title: "b"',
    b"related:",
    b"  - c: 1",
    b"  - ---",
    b"text",
    b" ---",
    b"\xef\xbb\xbf---",
    b"# comment",
]


def usual(source: bytes) -> tuple[Card | Unreadable, FrontMatter | None]:
    try:
        front = find_fences(source)
        return card_of("a.md", front), front
    except UnreadableError as error:
        return Unreadable("a.md", error.kind, error.reason, *position(source, error.offset)), None


def test_a_card_is_read_up_to_its_first_fence_whatever_its_body_has() -> None:
    source = b"---\ntitle: x\n---\ntext\n\n---\nmore\n---\n"
    read = parse_with_fences("a.md", source)
    assert read.record == card_of("a.md", find_fences(source))
    assert read.front == find_fences(source)


def test_a_simple_card_without_more_fences_is_known_to_be_simple() -> None:
    source = b"---\ntitle: x\n---\n \n"
    read = parse_with_fences("a.md", source)
    assert read.is_simple
    assert read.front == find_fences(source) == find_fences_from_end(source)


def test_where_a_body_follows_the_first_fence_is_looked_for() -> None:
    source = b"---\ntitle: x\n---\nbody\n"
    assert find_fences_from_end(source) is None
    assert parse_with_fences("a.md", source).front == find_fences(source)


@pytest.mark.parametrize(
    "source", [b"", b"---\n", b"\n---\n", b"\n\n---\na: 1\n", b"a\n---\n", b"---\na: 1\n---x\n"]
)
def test_without_a_line_that_ends_it_there_is_no_front_matter(source: bytes) -> None:
    assert find_fences_from_end(source) is None
    assert isinstance(parse("a.md", source), Unreadable)


def test_a_front_matter_beyond_the_limit_is_not_looked_at() -> None:
    assert find_fences_from_end(b"---\na: 12345\n---\n", LIMITS._replace(bytes=8)) is None


@settings(max_examples=20 * settings().max_examples)
@given(st.lists(st.sampled_from(LINES), max_size=9), st.booleans())
def test_the_fast_way_finds_what_the_usual_one_does(lines: list[bytes], fenced: bool) -> None:
    source = b"\n".join([b"---", *lines] if fenced else lines)
    assert parse_with_fences("a.md", source)[:2] == usual(source)
