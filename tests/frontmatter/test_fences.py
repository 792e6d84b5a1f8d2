"""The fences are where Jekyll finds them: held against its rule, written down anew."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscards.frontmatter.fences import BOM, FrontMatter, UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS
from tests.support.yaml_strategies import SAMPLES, mutated_cards

# Ruby's `\s`, and its `^` and `$`, which know no line end but LF. Jekyll asks of the first line
# (`Utils.has_yaml_header?`) and then of the whole (`Document::YAML_FRONT_MATTER_REGEXP`, `m`).
_S = rb"[ \t\r\n\f\v]"
_HEADER = re.compile(rb"\A---" + _S + rb"*\r?\n")
_FRONT_MATTER = re.compile(
    rb"\A(---" + _S + rb"*\n[\s\S]*?\n?)(?:(?<=\n)|(?<![\s\S]))((---|\.\.\.)" + _S + rb"*(?=\n|\Z)\n?)"
)
_BEFORE = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t\r\f\v]*\n)*")

PIECES = [
    b"-", b"--", b"---", b"--- ", b"...", b".", b"#", b"a: b\n", b"|", b'"', b"\n", b"\n", b"\n", b" ", b"\t",
    b"\r", b"\r\n", b"\x0b", b"\f", b"\x1c", b"\0", b"\xff", b"---\n", b"\n---\n", b"\n---", b"\n...\n", BOM,
    b"\xc2\x85", b"\xe2\x80\xa8", b"\xc2\xa0", b'"\n---\n"',
]  # fmt: skip


def pieces_between(before: bytes, after: bytes) -> st.SearchStrategy[bytes]:
    return st.lists(st.sampled_from(PIECES), max_size=10).map(
        lambda pieces: before + b"".join(pieces) + after
    )


def jekyll(source: bytes) -> tuple[bytes, bytes] | None:
    """Return what Jekyll takes for the front matter, opening fence included, and for the body."""
    first_line = re.match(rb"[^\n]*\n?", source)
    if first_line is None or not _HEADER.match(first_line[0]):
        return None
    found = _FRONT_MATTER.match(source)
    return (found[1], source[found.end() :]) if found else None


def ours(source: bytes) -> FrontMatter | None:
    try:
        return find_fences(source)
    except UnreadableError:
        return None


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(
    st.one_of(
        pieces_between(b"", b""),
        pieces_between(b"---\n", b""),
        pieces_between(b"---\n", b"\n---"),
        mutated_cards(),
        st.binary(max_size=20),
    )
)
@example(b"---\n---\n")
@example(b"---\n---")
@example(b"---\n\n\n---\n\n\nbody")
@example(b"--- \t\r\n...\r\n")
@example(b"---\na: |\n ---\n---\n")
@example(b'---\na: "\n---\n"\n---\n')
@example(b"---\n--- # x\n----\n---x\n....\n--- -\n...\x0b")
@example(b"---\ra: b\r---\r")
@example(b"\n---\na: b\n---\n")
@example(b"---")
@example(b"--- # c\n---\n")
def test_the_block_is_what_jekyll_takes_it_for(source: bytes) -> None:
    before = re.match(_BEFORE, source)
    assert before is not None
    front, theirs = ours(source), jekyll(source[before.end() :])
    assert (front is None) == (theirs is None), (source, theirs)
    if front is None or theirs is None:
        return
    assert front.before == before[0]
    assert source[len(front.before) : front.end] == theirs[0]
    assert (jekyll(source) is None) == bool(front.before)
    # Jekyll's body begins after the blank lines below the fence, ours at the first of them.
    assert source[front.body :].lstrip() == theirs[1].lstrip()
    assert source[front.end : front.body].strip() in (b"---", b"...")
    assert front.block == source[front.start : front.end]
    assert re.fullmatch(rb"---[ \t\r\f\v]*\n", source[len(front.before) : front.start])


def test_a_good_share_of_the_random_sources_has_fences() -> None:
    found: list[bool] = []

    @settings(max_examples=150, deadline=None, derandomize=True, database=None)
    @given(pieces_between(b"---\n", b""))
    def each(source: bytes) -> None:
        found.append(ours(source) is not None)

    each()
    assert 30 < sum(found) < 140


@pytest.mark.parametrize("path", SAMPLES[:5], ids=lambda path: path.stem[:30])
def test_the_fences_of_a_sample_card_are_its_lines(path: Path) -> None:
    source = path.read_bytes()
    front = find_fences(source)
    assert (front.start, front.before) == (4, b"")
    assert source[front.end :].startswith(b"---\n")
    assert source[front.end - 1 : front.end] == b"\n"


@pytest.mark.parametrize(
    ("source", "before"),
    [
        (b"---\na: b\n---\n", b""),
        (BOM + b"---\na: b\n---\n", BOM),
        (b"\n---\na: b\n---\n", b"\n"),
        (BOM + b" \t\r\n\n---\na: b\n---\n", BOM + b" \t\r\n\n"),
    ],
)
def test_what_stands_before_the_fence_is_told(source: bytes, before: bytes) -> None:
    front = find_fences(source)
    assert (front.before, front.block) == (before, b"a: b\n")


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (BOM, "empty"),
        (b"a: b\n", "no-opening-fence"),
        (b" ---\na: b\n---\n", "no-opening-fence"),
        (b"--- # c\na: b\n---\n", "no-opening-fence"),
        (b"---\ra: b\r---\r", "no-opening-fence"),
        (b"---", "no-opening-fence"),
        (b"----\n---\n", "no-opening-fence"),
        (BOM + BOM + b"---\n---\n", "no-opening-fence"),
        (b"---\n", "no-closing-fence"),
        (b"---\na: b\n", "no-closing-fence"),
        (b"---\na: b\n ---\n", "no-closing-fence"),
        (b"---\na: b\n--- # c\n", "no-closing-fence"),
        (b"---\r\na: b\r---\r\n", "no-closing-fence"),
        (b"---\n" + b"#" * LIMITS.bytes + b"\n---\n", "limits"),
        (b"---\n" + b"#" * (LIMITS.bytes + 1), "limits"),
    ],
)
def test_a_card_without_fences_tells_why(source: bytes, kind: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        find_fences(source)
    assert caught.value.kind == kind
    assert 0 <= caught.value.offset <= len(source)


def test_the_longest_front_matter_has_as_many_bytes_as_the_limit() -> None:
    source = b"---\n" + b"#" * (LIMITS.bytes - 1) + b"\n---\n"
    assert len(find_fences(source).block) == LIMITS.bytes


def test_a_byte_that_is_not_utf8_is_told_at_its_place() -> None:
    with pytest.raises(UnreadableError) as caught:
        find_fences(b"---\na: \xc3\xa9\xff\n---\n").text()
    assert (caught.value.kind, caught.value.offset) == ("not-utf8", 9)


def test_a_place_in_the_text_is_a_byte_of_the_file() -> None:
    front = find_fences(BOM + "---\né😀x\n---\n".encode())
    text = front.text()
    assert [front.byte_offset(text, index) for index in range(4)] == [7, 9, 13, 14]
