"""git as a subprocess, and what to do where it lacks a revision."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NamedTuple

from newscards.errors import NewscardsError, system_reason
from newscards.text import path_text

if TYPE_CHECKING:
    from datetime import datetime

_REPOSITORY_VARIABLES = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_INDEX_FILE",
    "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE", "GIT_EXTERNAL_DIFF", "GIT_DIFF_OPTS", "GIT_GLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
    "GIT_LITERAL_PATHSPECS", "GIT_NOGLOB_PATHSPECS",
)  # fmt: skip
"""The variables that are removed from git's environment. A git hook sets them, and with them git would use
another repository or answer in another way. The user's own configuration in the environment stays, for
example `safe.directory`."""

_SETTINGS = {
    "LC_ALL": "C", "LANGUAGE": "", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0",
    "GIT_TRACE2": "0", "GIT_TRACE2_EVENT": "0", "GIT_TRACE2_PERF": "0",
}  # fmt: skip
"""The variables that are set for git: messages in English, no optional locks, no prompts. The last three
overrule a trace that the user's configuration writes to stderr (api-trace2 in git's documentation)."""

_SHALLOW, _IN_CI = (
    "the clone is shallow; fetch all of it: ",
    "; in CI `fetch-depth: 0` (GitHub), `GIT_DEPTH: 0` (GitLab)",
)

_SUFFIX = r"[~^:]|@\{"
"""The beginning of what may follow the name of a branch or a commit in a revision (gitrevisions(7))."""


def root_of(folder: str) -> str:
    """Return the root of the git repository that contains a folder (an absolute path); empty without one.

    The root is the nearest folder upward with a ``.git``, which is a folder, or a file in a worktree or a
    submodule (gitrepository-layout(5)).
    """
    while not os.path.lexists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return ""
    return folder


class Repository(NamedTuple):
    """A git repository: its top folder, and the option or command that needs it, for error messages.

    ``variables`` are added to git's environment.
    """

    top: str
    caller: str
    variables: Mapping[str, str] = {}

    @classmethod
    def around(cls, folder: str, caller: str) -> Repository:
        """Return the repository that contains a folder (an absolute path).

        Raises ``NewscardsError`` if there is none or it has no working tree, and if git is missing or refuses
        the repository.
        """
        repository, place = cls(folder, caller), path_text(folder)
        done = repository._run("rev-parse", "--is-bare-repository", "--show-toplevel")
        is_bare, _, top = done.stdout.partition(b"\n")
        if is_bare == b"true":
            own = os.fsdecode(repository.output("rev-parse", "--absolute-git-dir").removesuffix(b"\n"))
            raise NewscardsError(
                f"{caller} needs a working tree, and {place} is in a bare repository, which has none",
                f"clone it elsewhere, `git clone {shlex.quote(path_text(own))}`, and run it in the clone",
            )
        if done.returncode and not root_of(folder) and b"not a git repository" in done.stderr:
            raise NewscardsError(
                f"{caller} needs a git repository, and {place} is in none", "run it in a clone"
            )
        if done.returncode:
            raise repository._failure(done)
        return cls(os.fsdecode(top.removesuffix(b"\n")), caller)

    def commit(self, rev: str) -> str:
        """Return the hash of a revision's commit; raises ``NewscardsError`` if there is no such revision."""
        if commit := self._commit_or_empty(rev):
            return commit
        raise NewscardsError(f"git knows no revision `{path_text(rev)}`", self._hint(rev))

    def commit_before(self, moment: datetime) -> str:
        """Return the hash of the last commit of the current branch before a moment; empty if there is none.

        The branch is HEAD and the first parents, so that of a merged branch the time of the merge counts. The
        times are those of the committers, and a clock that was wrong hides no commit behind its own.
        """
        head = self.commit("HEAD")
        listed = self.output(
            "-c", "log.showSignature=false", "rev-list", "--first-parent", "--timestamp", head
        )
        start = moment.timestamp()
        for line in listed.decode().splitlines():
            time, _, commit = line.partition(" ")
            if int(time) < start:
                return commit
        if self._is_shallow():
            raise NewscardsError(
                f"the clone is shallow, and has no commit from before {moment:%Y-%m-%d}",
                f"fetch all of it: `git fetch --unshallow`{_IN_CI}",
            )
        return ""

    def empty_tree(self) -> str:
        """Return the name of a tree without files, which git knows without storing it."""
        return self.output("hash-object", "-t", "tree", os.devnull).decode().strip()

    def merge_base(self, rev: str, other: str = "HEAD") -> str:
        """Return the hash of the merge base of two revisions; raises ``NewscardsError`` if they have none."""
        done = self._run("merge-base", self.commit(rev), self.commit(other))
        if not done.returncode:
            return done.stdout.decode().split()[0]
        hint = f"{_SHALLOW}`git fetch --unshallow`{_IN_CI}"
        raise NewscardsError(
            f"`{path_text(rev)}` and {_quoted(other)} have no common ancestor",
            hint if self._is_shallow() else "name a revision of the same history",
        )

    def output(self, *args: str, stdin: bytes = b"") -> bytes:
        """Return git's standard output; raises ``NewscardsError`` with git's message if it fails."""
        done = self._run(*args, stdin=stdin)
        if not done.returncode:
            return done.stdout
        raise self._failure(done)

    def problem(self, *args: str, stdin: bytes = b"") -> str:
        """Run git for what it does; return why it failed, or an empty text."""
        done = self._run(*args, stdin=stdin)
        return _reason(done) if done.returncode else ""

    def diff(self, *args: str) -> bytes:
        """Return the output of ``git diff -z``, whatever the user's configuration is.

        A rename is a deletion and an addition. A file that was only touched does not differ. Raises
        ``NewscardsError`` if git fails.
        """
        settings = ["-c", "diff.relative=false", "-c", "diff.autoRefreshIndex=true"]
        return self.output(*settings, "diff", "-z", "--no-renames", "--no-ext-diff", *args)

    def _failure(self, done: subprocess.CompletedProcess[bytes]) -> NewscardsError:
        """Return the error for a git process that failed, with git's reason."""
        hint = ""
        if b"safe.directory" in done.stderr:  # git names that setting if another user owns the repository
            owned = shlex.quote(path_text(root_of(self.top) or self.top))
            hint = f"`git config --global --add safe.directory {owned}` says that you trust it"
        return NewscardsError(f"git failed in {path_text(self.top)}: {_reason(done)}", hint)

    @contextmanager
    def open_output(self, *args: str, stdin: IO[bytes]) -> Iterator[IO[bytes]]:
        """Run git with a file as stdin and yield its stdout; stderr is discarded.

        git is killed when the block ends before its output does. Raises ``NewscardsError`` if git is missing.
        """
        with self._start(*args, stdin=stdin, stderr=subprocess.DEVNULL) as git:
            try:
                if git.stdout is None:  # never, because stdout is a pipe
                    raise RuntimeError("git has no standard output")
                yield git.stdout
            finally:
                git.kill()

    def _commit_or_empty(self, rev: str) -> str:
        """Return the hash of a revision's commit; empty if there is none."""
        done = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
        return "" if done.returncode else done.stdout.decode().strip()

    def _hint(self, rev: str) -> str:
        """Return what to do about a revision that there is not."""
        if not self._commit_or_empty("HEAD"):
            if not self.output("rev-list", "--all", "--max-count=1"):
                return "the repository has no commits yet: commit the cards first"
            if re.split(_SUFFIX, rev)[0] in ("HEAD", "@"):
                return "the current branch has no commits yet: commit the cards first"
        if self._commit_or_empty(f"refs/remotes/origin/{rev}"):
            return f"did you mean `origin/{path_text(rev)}`?"
        is_shallow = self._is_shallow()
        command = self._fetch(rev, ["--unshallow"] if is_shallow else [])
        return f"{_SHALLOW}`{command}`{_IN_CI}" if is_shallow else f"`{command}` may bring it{_IN_CI}"

    def _fetch(self, rev: str, options: list[str]) -> str:
        """Return the command that brings a revision, as it is typed in a shell.

        The branches to fetch are named, because in a clone of a single branch git fetches no other one.
        """
        remotes = [os.fsdecode(name) for name in self.output("remote").splitlines()]
        branch = re.sub("^(refs/)?remotes/", "", re.split(_SUFFIX, rev)[0])
        for remote in remotes:
            name = branch.removeprefix(f"{remote}/")
            target = f"refs/remotes/{remote}/{name}"
            if name != branch and not self._commit_or_empty(target) and self._is_valid(target):
                return path_text(
                    shlex.join(["git", "fetch", *options, remote, f"+refs/heads/{name}:{target}"])
                )
        if not remotes:
            return shlex.join(["git", "fetch", *options])
        remote = "origin" if "origin" in remotes else remotes[0]
        branches = f"+refs/heads/*:refs/remotes/{remote}/*"
        return path_text(shlex.join(["git", "fetch", *options, "--tags", remote, branches]))

    def _is_valid(self, reference: str) -> bool:
        return not self._run("check-ref-format", reference).returncode

    def shallow_commits(self) -> frozenset[str]:
        """Return the commits whose parents a shallow clone lacks (gitrepository-layout(5), ``shallow``)."""
        if not self._is_shallow():
            return frozenset()
        name = os.fsdecode(self.output("rev-parse", "--git-path", "shallow").removesuffix(b"\n"))
        try:
            with open(os.path.join(self.top, name), encoding="ascii", errors="replace") as file:
                return frozenset(file.read().split())
        except OSError:
            return frozenset()

    def _is_shallow(self) -> bool:
        return self._run("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"

    def _run(self, *args: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        source = subprocess.PIPE if stdin else subprocess.DEVNULL
        with self._start(*args, stdin=source, stderr=subprocess.PIPE) as git:
            try:
                out, err = git.communicate(stdin or None)
            except BaseException:
                git.kill()
                raise
        return subprocess.CompletedProcess(args, git.returncode, out, err)

    def _start(self, *args: str, stdin: int | IO[bytes], stderr: int) -> subprocess.Popen[bytes]:
        # With --literal-pathspecs a path such as `a*.md` is not a pattern.
        command = ["git", "--literal-pathspecs", "-C", self.top, *args]
        try:
            return subprocess.Popen(  # noqa: S603 - no shell; user input comes after --end-of-options
                command,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=_environment() | dict(self.variables),
            )
        except OSError as error:
            raise self._start_failure(error) from error

    def _start_failure(self, error: OSError) -> NewscardsError:
        """Return the error for git that could not be started: it is missing, broken, or the system full."""
        import shutil  # imported here because it is rarely needed

        program, reason = shutil.which("git", mode=os.F_OK), system_reason(error)
        if isinstance(error, FileNotFoundError):
            if not program:
                return NewscardsError(
                    f"{self.caller} needs git, which is not installed",
                    f"install git, or do without {self.caller}",
                )
            reason = "what runs it, an interpreter or a loader, is missing"  # execve(2)
        return NewscardsError(
            f"{self.caller} needs git, and {path_text(program or 'git')} cannot be started: {reason}",
            f"see whether `git --version` works, or do without {self.caller}",
        )


def _quoted(rev: str) -> str:
    return rev if rev == "HEAD" else f"`{path_text(rev)}`"


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    """Return why git failed: the first of its messages that is fatal, else an error, else any."""
    lines = [line for line in os.fsdecode(done.stderr).splitlines() if line.strip()]
    for mark in ("fatal: ", "error: ", ""):
        for line in lines:
            if line.startswith(mark):
                return path_text(line.removeprefix(mark).strip())
    return f"exit code {done.returncode}"


def _environment() -> dict[str, str]:
    """Return the environment for git, without traces: they would be mixed with its messages."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in _REPOSITORY_VARIABLES and not name.startswith("GIT_TRACE")
    }
    return environment | _SETTINGS
