"""What git knows: which files changed since a revision, as a pull request sees it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from functools import cache

from newscards.errors import NewscardsError
from newscards.harmless import path_text

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
        if not top(folder):
            raise NewscardsError(
                f"--changed-since needs a git repository, and {path_text(folder)} lies in none",
                "run it in a clone, or name the cards",
            )
        if os.path.join(folder, name) in changed(top(folder)):
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
    top = os.fsdecode(_git(folder, "rev-parse", "--show-toplevel").removesuffix(b"\n"))
    base = _merge_base(top, rev)
    # A rename is a deletion and an addition here, so that the new name stands alone.
    options = ["--name-only", "-z", "--no-renames", "--diff-filter=d", "--no-ext-diff"]
    options += ["--ignore-submodules=all", base, "--"]
    names = _git(top, "-c", "diff.relative=false", "diff", *options)
    names += _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    return frozenset(os.path.join(top, os.fsdecode(name)) for name in names.split(b"\0") if name)


def _merge_base(top: str, rev: str) -> str:
    commit = _commit(top, rev)
    if not commit:
        if _is_shallow(top):
            hint = f"the clone is shallow; {_FETCH}"
        elif _commit(top, f"refs/remotes/origin/{rev}"):
            hint = f"did you mean `origin/{path_text(rev)}`?"
        else:
            hint = "`git fetch` may bring it; in CI, clone with `fetch-depth: 0`"
        raise NewscardsError(f"git knows no revision `{path_text(rev)}`", hint)
    done = _run(top, "merge-base", commit, "HEAD")
    if not done.returncode:
        return done.stdout.decode().split()[0]
    hint = f"the clone is shallow; {_FETCH}" if _is_shallow(top) else "name a revision of the same history"
    raise NewscardsError(f"`{path_text(rev)}` and HEAD have no common ancestor", hint)


def _commit(top: str, rev: str) -> str:
    """Return the hash of a revision's commit; empty where there is none."""
    done = _run(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    return "" if done.returncode else done.stdout.decode().strip()


def _is_shallow(top: str) -> bool:
    return _run(top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def _git(folder: str, *args: str) -> bytes:
    """Return what git says; raises ``NewscardsError`` with its reason where it fails."""
    done = _run(folder, *args)
    if not done.returncode:
        return done.stdout
    reason = (os.fsdecode(done.stderr).strip().splitlines() or [f"exit code {done.returncode}"])[0]
    owner = "dubious ownership" in reason
    raise NewscardsError(
        f"git cannot say what changed in {path_text(folder)}: {path_text(reason.removeprefix('fatal: '))}",
        f"`git config --global --add safe.directory {path_text(folder)}` says that you trust it"
        if owner
        else "",
    )


def _run(folder: str, *args: str) -> subprocess.CompletedProcess[bytes]:
    environment = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    # In English, whatever the locale; and without writing to the index in passing.
    environment |= {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(  # noqa: S603 - no shell; what the user says stands behind --end-of-options
            ["git", "-C", folder, *args],  # noqa: S607 - the git that the user has
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=environment,
            check=False,
        )
    except FileNotFoundError as error:
        raise NewscardsError(
            "--changed-since needs git, which is not installed", "install git, or name the cards"
        ) from error
