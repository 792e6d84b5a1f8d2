"""Patches: the bytes that an edit replaces in a file, and their inverse; unified diffs."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from operator import ne
from typing import AnyStr, NamedTuple

from newscards.errors import EditRefusedError
from newscards.text import harmless, path_text


class Patch(NamedTuple):
    """The replacement of the bytes ``old`` at byte ``offset`` by ``new``.

    Of several patches, each applies to the result of those before it.
    """

    offset: int
    old: bytes
    new: bytes


def sha256(source: bytes) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal digits."""
    return hashlib.sha256(source).hexdigest()


def patched(source: bytes, patches: Sequence[Patch]) -> bytes:
    """Return the bytes with the patches applied; raises ``EditRefusedError`` where they do not fit."""
    data = bytearray(source)  # not copied for each patch
    for offset, old, new in patches:
        if not data.startswith(old, offset):
            raise EditRefusedError("the file is not the one that the edit was planned for", "run it again")
        data[offset : offset + len(old)] = new
    return bytes(data)


def unpatched(source: bytes, patches: Sequence[Patch]) -> bytes:
    """Return the bytes as they were before the patches; raises ``EditRefusedError`` as ``patched`` does."""
    return patched(source, [Patch(offset, new, old) for offset, old, new in reversed(patches)])


_MIN_GAP = 8
"""The number of equal bytes that parts two patches; fewer take less room in the journal than a patch."""


def difference(old: bytes, new: bytes) -> tuple[Patch, ...]:
    """Return the patches from ``old`` to ``new``, one for each place that differs, or none.

    They are not the fewest bytes possible: lines that stand once in both are held against each other, and
    between them those at the same place. So the time grows with the number of lines, not with its square.
    """
    start = common_prefix(old, new)
    end = common_prefix(old[start:][::-1], new[start:][::-1])
    texts = old[start : len(old) - end], new[start : len(new) - end]
    old_lines, new_lines = (text.splitlines(keepends=True) for text in texts)
    old_offsets, new_offsets = (
        [*accumulate(map(len, lines), initial=start)] for lines in (old_lines, new_lines)
    )
    spans: list[tuple[int, int, int, int]] = []
    for first, stop, new_first, new_stop in _replaced_lines(old_lines, new_lines):
        at, until, new_at, new_until = _trimmed(
            old, old_offsets[first], old_offsets[stop], new, new_offsets[new_first], new_offsets[new_stop]
        )
        if spans and at - spans[-1][1] < _MIN_GAP:
            at, _, new_at, _ = spans.pop()
        spans.append((at, until, new_at, new_until))
    return tuple(
        Patch(new_at, old[at:until], new[new_at:new_until]) for at, until, new_at, new_until in spans
    )


def _trimmed(
    old: bytes, at: int, until: int, new: bytes, new_at: int, new_until: int
) -> tuple[int, int, int, int]:
    """Return two spans without their common prefix and suffix."""
    one, other = old[at:until], new[new_at:new_until]
    start = common_prefix(one, other)
    end = common_prefix(one[start:][::-1], other[start:][::-1])
    return at + start, until - end, new_at + start, new_until - end


def _replaced_lines(old: list[bytes], new: list[bytes]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the runs of lines that others replace, in their order, as ``old[a:b]`` and ``new[c:d]``."""
    if len(old) == len(new) and 8 * sum(map(ne, old, new)) <= len(old):
        anchors: list[tuple[int, int]] = []  # few differ: values were replaced where they are
    else:
        anchors = _anchors(old, new)
    first = new_first = 0
    for stop, new_stop in (*anchors, (len(old), len(new))):
        next_first, next_new_first = stop + 1, new_stop + 1
        while first < stop and new_first < new_stop and old[first] == new[new_first]:
            first, new_first = first + 1, new_first + 1
        while first < stop and new_first < new_stop and old[stop - 1] == new[new_stop - 1]:
            stop, new_stop = stop - 1, new_stop - 1
        if stop - first == new_stop - new_first:
            for at in range(stop - first):
                if old[first + at] != new[new_first + at]:
                    yield first + at, first + at + 1, new_first + at, new_first + at + 1
        else:
            yield first, stop, new_first, new_stop
        first, new_first = next_first, next_new_first


def _anchors(old: list[bytes], new: list[bytes]) -> list[tuple[int, int]]:
    """Return the places of the lines that stand once in both, the most that are in the same order in both.

    This is the patience diff's longest increasing subsequence, in n log n steps.
    """
    old_counts, new_counts = Counter(old), Counter(new)
    places = {line: at for at, line in enumerate(new) if new_counts[line] == 1}
    tops: list[int] = []  # the least place in ``new`` at which a subsequence of each length ends
    ends: list[int] = []  # the pair that ends there
    pairs: list[tuple[int, int, int]] = []  # with the pair before it in its subsequence
    for at, line in enumerate(old):
        if old_counts[line] == 1 and line in places:
            place = places[line]
            length = bisect_left(tops, place)
            tops[length : length + 1] = [place]
            ends[length : length + 1] = [len(pairs)]
            pairs.append((at, place, ends[length - 1] if length else -1))
    found: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        at, place, index = pairs[index]
        found.append((at, place))
    return found[::-1]


def common_prefix(one: AnyStr, other: AnyStr) -> int:
    """Return the length of the common prefix; by bisection, because slices are compared in C."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def unified_diff(path: str, before: bytes, after: bytes) -> Iterator[str]:
    """Yield the change of a file as the lines of a unified diff, like ``git diff``."""
    old, new = (data.decode(errors="replace").split("\n") for data in (before, after))
    # After a final line end, `split` leaves an empty last item; anything else is an unended line.
    unended = [lines.pop() or None for lines in (old, new)]
    for lines, last in zip((old, new), unended, strict=True):
        if last is not None:
            lines.append(last + "\n\\ No newline at end of file")
    name = path_text(path).removeprefix("/")
    for line in _unified(old, new, f"a/{name}", f"b/{name}"):
        # A CR at the end of a line stays, so that the diff can be applied.
        end = "\r\n" if line.endswith("\r") else "\n"
        yield harmless(line.removesuffix("\r")) + end


def _unified(old: list[str], new: list[str], old_name: str, new_name: str) -> Iterator[str]:
    """Yield what ``difflib.unified_diff`` does; in linear time if many lines were replaced by as many.

    For each of many changes, ``difflib`` compares all lines around it.
    """
    import difflib  # not at the top: only --diff needs it

    matcher = difflib.SequenceMatcher(None, old, new)  # compares nothing yet
    if len(old) == len(new) and sum(map(ne, old, new)) > _MANY_LINES:
        vars(matcher)["opcodes"] = _replacements(old, new)
    for number, group in enumerate(matcher.get_grouped_opcodes()):
        if not number:
            yield f"--- {old_name}"
            yield f"+++ {new_name}"
        (_, first, _, new_first, _), (_, _, end, _, new_end) = group[0], group[-1]
        yield f"@@ -{_line_range(first, end)} +{_line_range(new_first, new_end)} @@"
        for tag, start, stop, new_start, new_stop in group:
            if tag == "equal":
                yield from (f" {line}" for line in old[start:stop])
            else:
                yield from (f"-{line}" for line in old[start:stop])
                yield from (f"+{line}" for line in new[new_start:new_stop])


_MANY_LINES = 500
"""The number of replaced lines from which on they are not compared with others."""


def _replacements(old: list[str], new: list[str]) -> list[tuple[str, int, int, int, int]]:
    """Return the runs of equal and of other lines of texts with as many lines, as opcodes of ``difflib``."""
    opcodes: list[tuple[str, int, int, int, int]] = []
    at = 0
    for is_equal, run in groupby(zip(old, new, strict=True), key=lambda pair: pair[0] == pair[1]):
        end = at + sum(1 for _ in run)
        opcodes.append(("equal" if is_equal else "replace", at, end, at, end))
        at = end
    return opcodes


def _line_range(start: int, end: int) -> str:
    """Return lines as in the head of a hunk: the first, and their number if it is not 1 (diff, POSIX)."""
    if end - start == 1:
        return str(start + 1)
    return f"{start + (end > start)},{end - start}"
