"""Files of the working tree as git would store them: with the repository's line ends and encoding, filtered.

git compares a file of the working tree in this form with what a commit has (gitattributes(5)).
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from newscards.diff.git import Repository
from newscards.diff.revisions import FileChange, Side, States

_ATTRIBUTES = ("crlf", "eol", "filter", "ident", "text", "working-tree-encoding")
"""The attributes by which git stores a file otherwise than it is."""

_OPTIONS = ("core.fsmonitor=false", f"core.hooksPath={os.devnull}", "core.looseCompression=0",
            "core.safecrlf=false", "core.splitIndex=false")  # fmt: skip
"""Settings with which nothing but the file is written, and no change of line ends is refused."""

_MAX_BYTES = 1 << 26
"""The size of the largest file that is given to git, which holds all of it in memory."""


@contextmanager
def as_stored(states: States, changes: Sequence[FileChange]) -> Iterator[tuple[States, list[FileChange]]]:
    """Yield states and changes in which a file that git would store otherwise than it is has an object.

    The objects are in a temporary folder, and nothing is written into the repository. A file that git cannot
    store has the ``problem``.
    """
    names = [after.name for _, after in changes if after and not after.object]
    names = _converted(states.repository, [name for name in names if _is_file(states.repository, name)])
    if not names:
        yield states, list(changes)
        return
    with tempfile.TemporaryDirectory(prefix="newscards-") as folder:
        repository = _with_store(states.repository, folder)
        sides = {name: Side(name, "", problem) for name, problem in _store(repository, names)}
        for line in repository.output("ls-files", "--stage", "-z").split(b"\0"):  # `MODE OBJECT STAGE\tPATH`
            head, _, path = line.partition(b"\t")
            name = os.fsdecode(path)
            if name in sides and not sides[name].problem:
                sides[name] = Side(name, head.split()[1].decode())
        yield (
            states._replace(repository=repository),
            [
                FileChange(before, sides.get(after.name, after) if after else None)
                for before, after in changes
            ],
        )


def _is_file(repository: Repository, name: str) -> bool:
    """Return whether a path is a file that git stores by its content, and not too large."""
    try:
        state = os.lstat(os.path.join(repository.top, name))
    except (OSError, ValueError):
        return False
    return stat.S_ISREG(state.st_mode) and state.st_size <= _MAX_BYTES


def _converted(repository: Repository, names: list[str]) -> list[str]:
    """Return the files that git may store otherwise than they are: all, or those with an attribute."""
    if not names:
        return []
    setting = repository.output("config", "--default=false", "--get", "core.autocrlf").strip().lower()
    if setting not in (b"", b"0", b"false", b"no", b"off"):
        return names
    words = repository.output("check-attr", "-z", "--stdin", *_ATTRIBUTES, stdin=_lines(names)).split(b"\0")
    values = zip(words[::3], words[2::3], strict=False)
    found = {os.fsdecode(path) for path, value in values if value not in (b"unspecified", b"unset")}
    return [name for name in names if name in found]


def _with_store(repository: Repository, folder: str) -> Repository:
    """Return the repository with a copy of its index and a store for new objects in a folder (git(1))."""
    index, objects = (
        os.path.join(repository.top, os.fsdecode(repository.output("rev-parse", "--git-path", name)[:-1]))
        for name in ("index", "objects")
    )
    own = {
        "GIT_INDEX_FILE": os.path.join(folder, "index"),
        "GIT_OBJECT_DIRECTORY": os.path.join(folder, "objects"),
    }
    os.mkdir(own["GIT_OBJECT_DIRECTORY"])
    with suppress(FileNotFoundError):
        # With its time, by which git knows the files that changed in the moment in which it was written.
        shutil.copy2(index, own["GIT_INDEX_FILE"])
    quoted = objects.replace("\\", "\\\\").replace('"', '\\"')
    return repository._replace(variables=own | {"GIT_ALTERNATE_OBJECT_DIRECTORIES": f'"{quoted}"'})


def _store(repository: Repository, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Store files; yield each with why it cannot be stored, or with an empty text.

    git gives up at the first file that it cannot store, so halves of the files are tried, and their halves.
    """
    options = [word for option in _OPTIONS for word in ("-c", option)]
    command = [*options, "update-index", "--add", "--replace", "-z", "--stdin"]
    problem = repository.problem(*command, stdin=_lines(names))
    if problem and len(names) > 1:
        half = len(names) // 2
        yield from _store(repository, names[:half])
        yield from _store(repository, names[half:])
    else:
        yield from ((name, problem) for name in names)


def _lines(names: Sequence[str]) -> bytes:
    return b"".join(os.fsencode(name) + b"\0" for name in names)
