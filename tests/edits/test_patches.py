"""Patches lead from a file's bytes before an edit to those after it, and back."""

from __future__ import annotations

import difflib
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.edits.patches import Patch, difference, patched, sha256, unified_diff, unpatched
from newscards.errors import EditRefusedError


@given(
    st.binary(max_size=40), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), st.binary(max_size=9)))
)
def test_what_is_patched_can_be_unpatched(source: bytes, wanted: list[tuple[int, int, bytes]]) -> None:
    patches, now = [], source
    for at, length, new in wanted:
        offset = min(at, len(now))
        patches.append(Patch(offset, now[offset : offset + length], new))
        now = now[:offset] + new + now[offset + length :]
    assert patched(source, patches) == now
    assert unpatched(now, patches) == source


@pytest.mark.parametrize(
    "patch", [Patch(0, b"b", b"x"), Patch(1, b"a", b"x"), Patch(9, b"a", b""), Patch(2, b"c.", b"")]
)
def test_a_patch_of_other_bytes_is_refused(patch: Patch) -> None:
    with pytest.raises(EditRefusedError, match="not the one that the edit was planned for"):
        patched(b"abc", [patch])


def test_each_patch_is_about_what_those_before_it_have_left() -> None:
    assert patched(b"abc", [Patch(0, b"a", b"long"), Patch(4, b"b", b"")]) == b"longc"


def test_a_digest_is_a_sha_256() -> None:
    assert sha256(b"abc") == hashlib.sha256(b"abc").hexdigest()


@given(st.binary(max_size=12), st.binary(max_size=12), st.binary(max_size=4), st.binary(max_size=4))
def test_the_difference_of_two_texts_leads_from_one_to_the_other(
    head: bytes, tail: bytes, before: bytes, after: bytes
) -> None:
    old, new = head + before + tail, head + after + tail
    patches = difference(old, new)
    assert patched(old, patches) == new
    assert unpatched(new, patches) == old
    assert all(len(patch.old) <= len(before) and len(patch.new) <= len(after) for patch in patches)


@given(st.data())
def test_the_difference_of_lines_that_were_replaced_moved_and_deleted_leads_there_and_back(
    data: st.DataObject,
) -> None:
    lines = st.lists(
        st.sampled_from([b"a\n", b"b\r\n", b"\r", b"\n", b"\xff\n", b"c"]) | st.binary(), max_size=12
    )
    old_lines = data.draw(lines)
    kept = data.draw(st.permutations(old_lines)) if old_lines else []
    new_lines = data.draw(st.just(kept) | st.just([line for line in old_lines if line in kept[::2]]) | lines)
    old, new = b"".join(old_lines), b"".join(new_lines)
    patches = difference(old, new)
    assert patched(old, patches) == new
    assert unpatched(new, patches) == old
    assert all(patch.old != patch.new for patch in patches)
    assert bool(patches) == (old != new)


ENTRIES = [f"  - title: Title {at}\n    quality: 50\n    type: web\n".encode() for at in range(300)]


def test_the_difference_of_places_far_apart_has_only_these() -> None:
    old = b"".join(ENTRIES)
    new = old.replace(b"Title 7\n", b"Headline 7\n").replace(b"Title 290\n", b"Title 291\n")
    assert difference(old, new) == (
        Patch(old.index(b"Title 7\n"), b"Titl", b"Headlin"),
        Patch(new.index(b"Title 291\n", new.index(b"Title 289\n")) + 8, b"0", b"1"),
    )


def test_the_difference_of_places_close_together_is_one_patch() -> None:
    assert difference(b"a: 1\nb: 2\n", b"a: 3\nb: 4\n") == (Patch(3, b"1\nb: 2", b"3\nb: 4"),)


@pytest.mark.parametrize("is_changed", [False, True], ids=["moved", "moved, and another changed"])
def test_the_difference_of_an_entry_that_moved_has_no_others(is_changed: bool) -> None:
    new = b"".join([*ENTRIES[1:200], ENTRIES[0], *ENTRIES[200:]])
    if is_changed:
        new = new.replace(b"Title 100\n", b"Another title\n")
    patches = difference(b"".join(ENTRIES), new)
    assert patched(b"".join(ENTRIES), patches) == new
    assert sum(len(patch.old) + len(patch.new) for patch in patches) < 4 * len(ENTRIES[0])


def test_the_difference_of_repeated_lines_is_found_in_linear_time() -> None:
    old, new = b"a\n" * 100_000 + b"b\n" * 100_000, b"b\n" * 100_001 + b"a\n" * 100_001
    patches = difference(old, new)
    assert patched(old, patches) == new


LINES = st.lists(st.sampled_from(["a\n", "b\n", "\n", "c\r\n"]), max_size=12).map("".join)


@given(LINES, LINES)
def test_a_diff_is_that_of_difflib(old: str, new: str) -> None:
    expected = difflib.unified_diff(old.splitlines(True), new.splitlines(True), "a/x.md", "b/x.md")
    assert [*unified_diff("x.md", old.encode(), new.encode())] == [*expected]


def test_a_diff_of_many_replaced_lines_has_each_of_them() -> None:
    old = "".join(f"width: {number}\nheight: 1\n" for number in range(2_000))
    new = old.replace("width: ", "width: 1")
    lines = [*unified_diff("x.md", old.encode(), new.encode())]
    assert lines[:4] == ["--- a/x.md\n", "+++ b/x.md\n", "@@ -1,4000 +1,4000 @@\n", "-width: 0\n"]
    assert sum(line.startswith("+width: 1") for line in lines) == 2_000
