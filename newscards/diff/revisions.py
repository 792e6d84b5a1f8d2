"""Two states of a git repository: which files differ between them, and what each state holds of a file."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Sequence
from typing import IO, NamedTuple

from newscards.diff.git import Repository
from newscards.text import path_text

_LINK, _SUBMODULE = "120000", "160000"
"""The modes of what is no file (gitformat-index(5))."""

_CHUNK = 1 << 16


class Side(NamedTuple):
    """A file as one state has it: its path from the repository's top, with ``/``, and what git calls it.

    ``object`` is what ``git cat-file`` takes; empty for the file that lies in the working tree.
    """

    name: str
    object: str = ""


class FileChange(NamedTuple):
    """A file that differs between two states, as each has it; ``None`` where it has none."""

    before: Side | None
    after: Side | None

    @property
    def name(self) -> str:
        """The path of the file, where both states have it that of the later one."""
        side = self.after or self.before
        return side.name if side else ""


class Changed(NamedTuple):
    """What differs between two states: files, by path in git's order, and the paths of submodules."""

    files: list[FileChange]
    submodules: list[str]


class States(NamedTuple):
    """Two states of a repository, each by the hash of its commit; empty for the working tree."""

    repository: Repository
    before: str
    after: str

    def changed(self, folder: str) -> Changed:
        """Return what differs in a folder, a path from the top, and below.

        Renames are not looked for. The working tree has also what is untracked, and not ignored. Raises
        ``NewscardsError`` where git cannot say.
        """
        options = ["--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules=dirty"]
        commits = [commit for commit in (self.before, self.after) if commit]
        told = self.repository.ask(
            "-c", "diff.relative=false", "diff", *options, *commits, "--", *_spec(folder)
        )
        found: dict[str, tuple[Side | None, Side | None]] = {}
        submodules: list[str] = []
        words = iter(told.decode(errors="surrogateescape").split("\0"))
        for word in words:
            if not word:
                break
            (old_mode, mode, old, new, _), name = word.removeprefix(":").split(" "), next(words)
            if _SUBMODULE in (old_mode, mode):
                submodules.append(name)
            before = _side(name, old_mode, old, self.before)
            after = _side(name, mode, new, self.after)
            known = found.get(name, (None, None))  # a file in conflict is told twice
            found[name] = (before or known[0], after or known[1])
        if not self.after:
            for name in self._untracked(folder):  # or no longer tracked: then it was told as deleted
                found[name] = (found.get(name, (None, None))[0], Side(name))
        changes = [FileChange(*sides) for _, sides in sorted(found.items())]
        return Changed([change for change in changes if change.before or change.after], submodules)

    def files(self, folder: str, state: str) -> list[str]:
        """Return the paths of all files that a state has in a folder and below."""
        if not state:
            return [*self._untracked(folder), *self._listed("ls-files", "-z", "--", *_spec(folder))]
        return self._listed("ls-tree", "-r", "-z", "--name-only", "--full-tree", state, *_spec(folder))

    def folders(self, folder: str, state: str) -> frozenset[str]:
        """Return the paths of the folders in a folder and below, of a state that is a commit."""
        spec = [f"{folder}/"] if folder else []
        names = self._listed("ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", state, *spec)
        return frozenset(names)

    def contents(self, sides: Sequence[Side], most: int) -> Generator[bytes | OSError | None, None, None]:
        """Yield the first ``most`` bytes of files that commits have, or why they cannot be had.

        ``None`` for a link to a folder: it is no file. git is asked for all at once. To be closed where not
        all of them are taken.
        """
        with tempfile.TemporaryFile() as asked:  # a file, so that neither waits for the other
            asked.write(b"".join(os.fsencode(side.object) + b"\n" for side in sides))
            asked.seek(0)
            ask = ("cat-file", "--batch", "--buffer", "--follow-symlinks")
            with self.repository.answers(*ask, stdin=asked) as answers:
                for side in sides:
                    yield _content(answers, side, most)

    def _untracked(self, folder: str) -> list[str]:
        return self._listed("ls-files", "--others", "--exclude-standard", "-z", "--", *_spec(folder))

    def _listed(self, *args: str) -> list[str]:
        return [os.fsdecode(name) for name in self.repository.ask(*args).split(b"\0") if name]


def _spec(folder: str) -> list[str]:
    return [folder] if folder else []


def _side(name: str, mode: str, blob: str, state: str) -> Side | None:
    """Return a file as ``git diff --raw`` tells of it; ``None`` for none, and for a submodule."""
    if mode in ("000000", _SUBMODULE):
        return None
    if not state:
        return Side(name)
    # A link is followed, as everywhere; but git takes an object a line.
    return Side(name, f"{state}:{name}" if mode == _LINK and "\n" not in name else blob)


def _content(answers: IO[bytes], side: Side, most: int) -> bytes | OSError | None:
    """Read an answer: `HASH TYPE SIZE`, or why there is none; then the bytes, and a line end."""
    head = answers.readline()
    if not head:
        return OSError("git ended before it gave all that was asked for")
    kind, _, size = head.rstrip(b"\n").rpartition(b" ")
    if not size.isdigit():  # as `HASH missing`
        return OSError(f"git does not have what {path_text(side.name)} held")
    left = int(size) + 1
    source = answers.read(min(left - 1, most))
    left -= len(source)
    while left and (passed := answers.read(min(left, _CHUNK))):
        left -= len(passed)
    if left:
        return OSError("git could not give all of it")
    if kind in (b"dangling", b"loop", b"notdir", b"symlink"):
        return OSError("it is a link to what is not in this revision")
    return None if kind.endswith(b" tree") else source
