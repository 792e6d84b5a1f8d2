"""Patches: what an edit replaces in a file's bytes, and how it is taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newscards.errors import EditRefusedError
from newscards.text import harmless, path_text


class Patch(NamedTuple):
    """``old``, which stands at byte ``offset``, is replaced by ``new``.

    Of several patches each is about the bytes that those before it have left.
    """

    offset: int
    old: bytes
    new: bytes


def sha256(source: bytes) -> str:
    """Return what tells a file's bytes from any others: their SHA-256, in hexadecimal digits."""
    return hashlib.sha256(source).hexdigest()


def patched(source: bytes, patches: Sequence[Patch]) -> bytes:
    """Return the bytes with the patches made; raises ``EditRefusedError`` where they do not fit."""
    for offset, old, new in patches:
        if not source.startswith(old, offset):
            raise EditRefusedError("the file is not the one that the edit was planned for", "run it again")
        source = source[:offset] + new + source[offset + len(old) :]
    return source


def unpatched(source: bytes, patches: Sequence[Patch]) -> bytes:
    """Return the bytes as they were before the patches; raises ``EditRefusedError`` as ``patched`` does."""
    return patched(source, [Patch(offset, new, old) for offset, old, new in reversed(patches)])


def difference(old: bytes, new: bytes) -> tuple[Patch, ...]:
    """Return the one patch that makes ``new`` of ``old``: all between what they begin and end with alike."""
    if old == new:
        return ()
    start = _common_prefix(old, new)
    same_end = _common_prefix(old[start:][::-1], new[start:][::-1])
    return (Patch(start, old[start : len(old) - same_end], new[start : len(new) - same_end]),)


def _common_prefix(one: bytes, other: bytes) -> int:
    """Return with how many bytes two texts begin alike; by halves, for each comparison is one of C."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
    return low


def unified_diff(path: str, before: bytes, after: bytes) -> Iterator[str]:
    """Yield the change of a file as the lines of a unified diff, as ``git diff`` has it."""
    import difflib  # not at the top: only --diff needs it

    old, new = (data.decode(errors="replace").split("\n") for data in (before, after))
    # `split` leaves an empty last line where the file ends with a line end, as it should.
    unended = [lines.pop() or None for lines in (old, new)]
    for lines, last in zip((old, new), unended, strict=True):
        if last is not None:
            lines.append(last + "\n\\ No newline at end of file")
    name = path_text(path).removeprefix("/")
    for line in difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm=""):
        # A CR at the end of a line stays, so that the diff can be applied.
        end = "\r\n" if line.endswith("\r") else "\n"
        yield harmless(line.removesuffix("\r")) + end
