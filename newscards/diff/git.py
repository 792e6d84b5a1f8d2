"""git, to be asked; and what it knows: which files changed since a revision, as a pull request sees it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import IO, NamedTuple

from newscards.errors import NewscardsError
from newscards.text import path_text

_ELSEWHERE = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_INDEX_FILE",
    "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    "GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS",
)  # fmt: skip
"""What a hook, or whoever called us from within git, sets, and would lead git to another repository or
answer; what the user configures by the environment (`safe.directory`, say) is left alone."""

_FETCH = "fetch all of it: `git fetch --unshallow`; in CI `fetch-depth: 0` (GitHub), `GIT_DEPTH: 0` (GitLab)"


def changed_since(paths: Sequence[str], rev: str) -> list[str]:
    """Return those of some files that changed since the merge base of a revision and HEAD, in their order.

    What is committed, staged, in the working tree alone, or untracked and not ignored, has changed; so has
    a renamed file, and a link whose file has. Each file is looked up in the repository that it lies in.
    Raises ``NewscardsError`` where git is missing, or cannot say.
    """
    real, top = cache(os.path.realpath), cache(root_of)
    changed = cache(lambda folder: _changed(folder, rev))

    def has_changed(path: str) -> bool:
        folder, name = os.path.split(path)
        folder = real(folder or os.curdir)
        if os.path.join(folder, name) in changed(top(folder) or folder):
            return True
        if not os.path.islink(path):
            return False
        target = os.path.realpath(path)
        root = top(os.path.dirname(target))
        return bool(root) and target in changed(root)

    return [path for path in paths if has_changed(path)]


def root_of(folder: str) -> str:
    """Return the root of the git repository that a folder, an absolute path, is in; empty without one.

    That is the nearest folder upward that holds ``.git``: a folder, or in a worktree or a submodule a file
    (gitrepository-layout(5)).
    """
    while not os.path.lexists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return ""
    return folder


def _changed(folder: str, rev: str) -> frozenset[str]:
    """Return the absolute paths of what changed in a repository, without what was deleted."""
    repository = Repository.around(folder, "--changed-since")
    base = repository.merge_base(rev)
    # A rename is a deletion and an addition here, so that the new name stands alone.
    options = ["--name-only", "-z", "--no-renames", "--diff-filter=d", "--no-ext-diff"]
    options += ["--ignore-submodules=all", base, "--"]
    names = repository.ask("-c", "diff.relative=false", "diff", *options)
    names += repository.ask("ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(os.path.join(repository.top, os.fsdecode(name)) for name in names.split(b"\0") if name)


class Repository(NamedTuple):
    """A git repository, by its top folder, and the option or command that asks, as messages name it."""

    top: str
    asker: str

    @classmethod
    def around(cls, folder: str, asker: str) -> Repository:
        """Return the repository that a folder, an absolute path, is in.

        Raises ``NewscardsError`` where there is none, and where git is missing or refuses it.
        """
        if not root_of(folder):
            raise NewscardsError(
                f"{asker} needs a git repository, and {path_text(folder)} lies in none", "run it in a clone"
            )
        top = cls(folder, asker).ask("rev-parse", "--show-toplevel")
        return cls(os.fsdecode(top.removesuffix(b"\n")), asker)

    def commit(self, rev: str) -> str:
        """Return the hash of a revision's commit; raises ``NewscardsError`` where git knows none."""
        if commit := self._find(rev):
            return commit
        if self._is_shallow():
            hint = f"the clone is shallow; {_FETCH}"
        elif self._find(f"refs/remotes/origin/{rev}"):
            hint = f"did you mean `origin/{path_text(rev)}`?"
        else:
            hint = "`git fetch` may bring it; in CI, clone with `fetch-depth: 0`"
        raise NewscardsError(f"git knows no revision `{path_text(rev)}`", hint)

    def merge_base(self, rev: str, other: str = "HEAD") -> str:
        """Return the hash of the commit where two revisions parted; raises ``NewscardsError``."""
        commit = self.commit(rev)
        done = self._run("merge-base", commit, other if other == "HEAD" else self.commit(other))
        if not done.returncode:
            return done.stdout.decode().split()[0]
        hint = (
            f"the clone is shallow; {_FETCH}" if self._is_shallow() else "name a revision of the same history"
        )
        raise NewscardsError(f"`{path_text(rev)}` and {_quoted(other)} have no common ancestor", hint)

    def ask(self, *args: str) -> bytes:
        """Return what git says; raises ``NewscardsError`` with its reason where it fails."""
        done = self._run(*args)
        if not done.returncode:
            return done.stdout
        reason = (os.fsdecode(done.stderr).strip().splitlines() or [f"exit code {done.returncode}"])[0]
        owner = "dubious ownership" in reason
        top, reason = path_text(self.top), path_text(reason.removeprefix("fatal: "))
        raise NewscardsError(
            f"git cannot say what changed in {top}: {reason}",
            f"`git config --global --add safe.directory {top}` says that you trust it" if owner else "",
        )

    @contextmanager
    def answers(self, *args: str, stdin: IO[bytes]) -> Iterator[IO[bytes]]:
        """Give what git answers to what stands in a file; what it complains of is lost.

        It is ended where the answers are not taken to their end. Raises ``NewscardsError`` without git.
        """
        with self._start(*args, stdin=stdin, stderr=subprocess.DEVNULL) as git:
            try:
                if git.stdout is None:  # it is a pipe
                    raise RuntimeError("git has no standard output")
                yield git.stdout
            finally:
                git.kill()

    def _find(self, rev: str) -> str:
        """Return the hash of a revision's commit; empty where there is none."""
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        return "" if done.returncode else done.stdout.decode().strip()

    def _is_shallow(self) -> bool:
        return self._run("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"

    def _run(self, *args: str) -> subprocess.CompletedProcess[bytes]:
        with self._start(*args, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE) as git:
            try:
                out, err = git.communicate()
            except BaseException:
                git.kill()
                raise
        return subprocess.CompletedProcess(args, git.returncode, out, err)

    def _start(self, *args: str, stdin: int | IO[bytes], stderr: int) -> subprocess.Popen[bytes]:
        # A path is one, whatever pattern it looks like.
        command = ["git", "--literal-pathspecs", "-C", self.top, *args]
        try:
            return subprocess.Popen(  # noqa: S603 - no shell; what the user says stands behind --end-of-options
                command, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, env=_environment()
            )
        except FileNotFoundError as error:
            raise NewscardsError(
                f"{self.asker} needs git, which is not installed", "install git, or do without it"
            ) from error


def _quoted(rev: str) -> str:
    return rev if rev == "HEAD" else f"`{path_text(rev)}`"


def _environment() -> dict[str, str]:
    """Return the environment for git: in English, whatever the locale, and without a write in passing."""
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    return environment | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
