"""Patches: the bytes that an edit replaces in a file, and their inverse; unified diffs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import groupby
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
    for offset, old, new in patches:
        if not source.startswith(old, offset):
            raise EditRefusedError("the file is not the one that the edit was planned for", "run it again")
        source = source[:offset] + new + source[offset + len(old) :]
    return source


def unpatched(source: bytes, patches: Sequence[Patch]) -> bytes:
    """Return the bytes as they were before the patches; raises ``EditRefusedError`` as ``patched`` does."""
    return patched(source, [Patch(offset, new, old) for offset, old, new in reversed(patches)])


def difference(old: bytes, new: bytes) -> tuple[Patch, ...]:
    """Return the one patch from ``old`` to ``new``, without their common prefix and suffix; or none."""
    if old == new:
        return ()
    start = common_prefix(old, new)
    suffix = common_prefix(old[start:][::-1], new[start:][::-1])
    return (Patch(start, old[start : len(old) - suffix], new[start : len(new) - suffix]),)


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
