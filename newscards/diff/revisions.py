"""Two states of a git repository: the files that differ, and the content of a file in each state."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Sequence
from typing import IO, NamedTuple

from newscards.diff.git import Repository
from newscards.text import path_text

_LINK, _SUBMODULE = "120000", "160000"
"""The modes of entries that are not regular files (gitformat-index(5))."""

_LEFT_OUT = "S"
"""The mark of a file with the skip-worktree bit (git-ls-files(1))."""

_CHUNK = 1 << 16


class Side(NamedTuple):
    """A file in one state: its path from the repository's top, with ``/``, and its object name in git.

    ``object`` is an object name for ``git cat-file``; empty for a file of the working tree that git compares
    by its content. ``problem`` is why git cannot store that content.
    """

    name: str
    object: str = ""
    problem: str = ""


class FileChange(NamedTuple):
    """A file that differs between two states, as it is in each; ``None`` where a state lacks it."""

    before: Side | None
    after: Side | None

    @property
    def name(self) -> str:
        """The path of the file; if both states have it, the later one."""
        side = self.after or self.before
        return side.name if side else ""


class Changed(NamedTuple):
    """The files that differ between two states, sorted by path, and the paths of changed submodules."""

    files: list[FileChange]
    submodules: list[str]


class States(NamedTuple):
    """Two states of a repository, each the hash of a commit, or empty for the working tree."""

    repository: Repository
    before: str
    after: str

    def changed(self, folder: str) -> Changed:
        """Return the files and submodules that differ in a folder (a path from the top) and below it.

        A rename is a deletion and an addition. The working tree includes untracked files that are not
        ignored. Raises ``NewscardsError`` if git fails.
        """
        options = ["--raw", "--no-abbrev", "--ignore-submodules=dirty"]
        commits = [commit for commit in (self.before, self.after) if commit]
        raw = self.repository.diff(*options, *commits, "--", *_spec(folder))
        found: dict[str, tuple[Side | None, Side | None]] = {}
        submodules: list[str] = []
        words = iter(raw.decode(errors="surrogateescape").split("\0"))
        for word in words:
            if not word:
                break
            (old_mode, mode, old, new, _), name = word.removeprefix(":").split(" "), next(words)
            if _SUBMODULE in (old_mode, mode):
                submodules.append(name)
            before = self.side(name, old_mode, old, self.before)
            after = self.side(name, mode, new, self.after)
            known = found.get(name, (None, None))  # git lists a file in conflict twice
            found[name] = (before or known[0], after or known[1])
        if not self.after:
            for name in self._untracked(folder):  # one that is no longer tracked is listed as deleted above
                found[name] = (found.get(name, (None, None))[0], Side(name))
        changes = [FileChange(*sides) for _, sides in sorted(found.items())]
        return Changed([change for change in changes if change.before or change.after], submodules)

    def files(self, folder: str, state: str) -> list[str]:
        """Return the paths of all files of a state in a folder and below it."""
        if not state:
            return [*self._untracked(folder), *self._listed("ls-files", "-z", "--", *_spec(folder))]
        return self._listed("ls-tree", "-r", "-z", "--name-only", "--full-tree", state, *_spec(folder))

    def folders(self, folder: str, state: str) -> frozenset[str]:
        """Return the paths of all folders of a state in a folder and below it.

        Of the working tree, only those of files that are left out of it, as in a sparse checkout.
        """
        if not state:
            found: set[str] = set()
            for line in self._listed("ls-files", "-t", "-z", "--", *_spec(folder)):
                mark, _, name = line.partition(" ")
                while mark == _LEFT_OUT and (name := name.rpartition("/")[0]) and name not in found:
                    found.add(name)
            return frozenset(found)
        spec = [f"{folder}/"] if folder else []
        names = self._listed("ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", state, *spec)
        return frozenset(names)

    def contents(
        self, sides: Sequence[Side], max_bytes: int
    ) -> Generator[bytes | OSError | None, None, None]:
        """Yield the first ``max_bytes`` bytes of each file, or the ``OSError`` if it cannot be read.

        ``None`` stands for a link to a folder. One git process reads all files. The caller closes the
        generator if it stops early.
        """
        with tempfile.TemporaryFile() as names:  # with a pipe, git and we could wait for each other
            names.write(b"".join(os.fsencode(side.object) + b"\n" for side in sides))
            names.seek(0)
            command = ("cat-file", "--batch", "--buffer", "--follow-symlinks")
            with self.repository.open_output(*command, stdin=names) as stdout:
                for side in sides:
                    yield _content(stdout, side, max_bytes)

    def side(self, name: str, mode: str, blob: str, state: str) -> Side | None:
        """Return a file from a line of ``git diff --raw``; ``None`` if it is missing or a submodule.

        A file of the working tree with an object name is what the index has (git-diff-index(1)): it was not
        touched, or is left out of the working tree, as in a sparse checkout. A link in it is followed there.
        """
        if mode in ("000000", _SUBMODULE):
            return None
        if not state and (not blob.strip("0") or (mode == _LINK and self._is_there(name))):
            return Side(name)
        # `COMMIT:PATH` follows a link, as everywhere; git reads one object a line, so not with a line end.
        is_followed = mode == _LINK and "\n" not in name
        return Side(name, f"{state or 'HEAD'}:{name}" if is_followed else blob)

    def _is_there(self, name: str) -> bool:
        return os.path.lexists(os.path.join(self.repository.top, name))

    def _untracked(self, folder: str) -> list[str]:
        return self._listed("ls-files", "--others", "--exclude-standard", "-z", "--", *_spec(folder))

    def _listed(self, *args: str) -> list[str]:
        return [os.fsdecode(name) for name in self.repository.output(*args).split(b"\0") if name]


def _spec(folder: str) -> list[str]:
    return [folder] if folder else []


def _content(stdout: IO[bytes], side: Side, max_bytes: int) -> bytes | OSError | None:
    """Read one object from ``git cat-file --batch``: `HASH TYPE SIZE` or an error, the bytes, a line end."""
    head = stdout.readline()
    if not head:
        return OSError("git ended before it gave all that was asked for")
    kind, _, size = head.rstrip(b"\n").rpartition(b" ")
    if not size.isdigit():  # as `HASH missing`
        return OSError(f"git does not have what {path_text(side.name)} held")
    left = int(size) + 1
    source = stdout.read(min(left - 1, max_bytes))
    left -= len(source)
    while left and (skipped := stdout.read(min(left, _CHUNK))):
        left -= len(skipped)
    if left:
        return OSError("git could not give all of it")
    if kind in (b"dangling", b"loop", b"notdir", b"symlink"):
        return OSError("it is a link to what is not in this revision")
    return None if kind.endswith(b" tree") else source
