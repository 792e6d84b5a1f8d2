"""The history of one card in git: what each commit changed in it, newest first, also under former names.

git's own ``--follow`` takes a similar file for a former name, and the cards of one story are similar. Here a
card is followed as ``compare`` finds a rename: by its bytes, or by its URL, title and date.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from newscards.cards.card import card_id
from newscards.diff.card_diff import Difference
from newscards.diff.compare import ComparedFile, Comparison, ShowProgress, object_of, split_renames
from newscards.diff.git import Repository
from newscards.diff.revisions import FileChange, Side, States
from newscards.diff.working_tree import as_stored
from newscards.frontmatter.limits import Limits

_FIELDS = ("%H", "%P", "%ct", "%aN", "%aE", "%s")
"""The facts of a commit in git's words: hash, parents, time, author (by the mailmap), e-mail, subject."""

_OPTIONS = ("--raw", "-c", "-z", "--no-abbrev", "--no-renames", "--root", "--no-ext-diff", "--no-color",
            "--no-notes", "--encoding=UTF-8", f"--format={'%x00'.join(_FIELDS)}%x00")  # fmt: skip
"""The options of ``git log``. ``-c`` lists a merge only if it differs from all its parents."""

_SETTINGS = ("-c", "log.follow=false", "-c", "log.showSignature=false", "-c", "diff.relative=false")

_BATCH = 256
"""How many commits are compared before the first of them are yielded."""


class Commit(NamedTuple):
    """A commit; ``when`` is the committer's time, ``None`` if that is beyond what Python can represent."""

    hash: str
    parents: Sequence[str]
    when: datetime | None
    author: str
    email: str
    subject: str


class Event(NamedTuple):
    """A change of a card's file: by a commit, or by none (``None``) if it is not committed.

    ``path`` is that of the card then. ``difference`` is ``None`` if all values stayed the same.
    """

    commit: Commit | None
    path: str
    difference: Difference | None


class _Step(NamedTuple):
    """A commit, and how the card's file differs in it from each parent."""

    commit: Commit
    changes: list[FileChange]


@dataclass
class CardHistory:
    """The history of the card at a path, which may exist only in a former commit.

    ``cut_at`` is the commit before which a shallow clone knows nothing of the card, once ``events`` has come
    to it.
    """

    repository: Repository
    path: str
    limits: Limits
    endings: tuple[str, ...]
    show_progress: ShowProgress
    cut_at: Commit | None = None

    @classmethod
    def of(
        cls, path: str, limits: Limits, endings: tuple[str, ...], caller: str, show_progress: ShowProgress
    ) -> CardHistory:
        """Return the history of a card; raises ``NewscardsError`` if there is no repository around it."""
        existing = os.path.realpath(os.path.dirname(path) or os.curdir)
        while not os.path.isdir(existing):
            existing = os.path.dirname(existing)
        return cls(Repository.around(existing, caller), path, limits, endings, show_progress)

    def events(self) -> Iterator[Event]:
        """Yield the changes, newest first: what is not committed, then each commit.

        Raises ``NewscardsError`` if git fails, or the current branch has no commits.
        """
        states = States(self.repository, self.repository.commit("HEAD"), "")
        change, name = self._uncommitted(states)
        if change:
            yield self._event(states, change)
        steps = self._steps(states.before, name)
        while batch := list(islice(steps, _BATCH)):
            compared_files = iter(
                self._comparison(states).compare([change for step in batch for change in step.changes])
            )
            for step in batch:
                of_step = list(islice(compared_files, len(step.changes)))
                if len(of_step) > 1 and not (of_step := _by_merge(of_step)):
                    continue
                yield Event(step.commit, self._path_of(step.changes[0].name), of_step[0].difference)

    def uncommitted(self) -> Event | None:
        """Return what is not committed, ``None`` if nothing is; raises ``NewscardsError`` as ``events``."""
        states = States(self.repository, self.repository.commit("HEAD"), "")
        change, _ = self._uncommitted(states)
        return self._event(states, change) if change else None

    def _uncommitted(self, states: States) -> tuple[FileChange | None, str]:
        """Return the change of the card's file since HEAD, if any, and the name that it has there."""
        folder = os.path.realpath(os.path.dirname(self.path) or os.curdir)
        name = os.path.relpath(os.path.join(folder, os.path.basename(self.path)), self.repository.top)
        name = name.replace(os.sep, "/")
        change = next((each for each in states.changed(name).files if each.name == name), None)
        if change and not change.before and (former := self._former(states, name)):
            return FileChange(former, change.after), former.name
        return change, name

    def _event(self, states: States, change: FileChange) -> Event:
        """Return the event of a change that is not committed."""
        with as_stored(states, [change]) as (stored, files):
            (compared,) = self._comparison(stored).compare(files)
        return Event(None, self.path, compared.difference)

    def _steps(self, start: str, name: str) -> Iterator[_Step]:
        """Yield the commits that changed a file, from a commit on, under its former names, too."""
        shallow = self.repository.shallow_commits()
        following = is_newest = True
        while following:
            following = False
            for step in _log(self.repository, start, name):
                commit, (before, after) = step.commit, step.changes[0]
                if after and not before and len(step.changes) == 1:
                    if commit.hash in shallow:
                        self.cut_at = commit
                        continue
                    parent = commit.parents[0] if commit.parents else ""
                    states = States(self.repository, parent, commit.hash)
                    if parent and (former := self._former(states, name)):
                        yield _Step(commit, [FileChange(former, after)])
                        start, name, following = parent, former.name, True
                        break
                elif before and not after and is_newest and commit.parents:
                    states = States(self.repository, commit.parents[0], commit.hash)
                    step = _Step(commit, [FileChange(before, self._successor(states, name))])
                is_newest = False
                yield step

    def _former(self, states: States, name: str) -> Side | None:
        """Return the file that a card was before, if it is renamed between two states."""
        return next((old for old, new in self._renames(states, name) if new and new.name == name), None)

    def _successor(self, states: States, name: str) -> Side | None:
        """Return the file that a card became, if it is renamed between two states."""
        return next((new for old, new in self._renames(states, name) if old and old.name == name), None)

    def _renames(self, states: States, name: str) -> list[FileChange]:
        """Return the renames between two states, or only that of a file with a name if it kept its bytes."""
        changes = [
            change
            for change in states.changed("").files
            if not (change.before and change.after) and change.name.endswith(self.endings)
        ]
        if all(change.after for change in changes) or all(change.before for change in changes):
            return []
        renamed, left = split_renames(changes, map(object_of, changes))
        if any(side and side.name == name for change in renamed for side in change):
            return renamed
        gone = {self._path_of(change.name): change.before for change in changes if change.before}
        new = {self._path_of(change.name): change.after for change in changes if change.after}
        compared = self._comparison(states).of([changes[at] for at in left])
        return renamed + [
            FileChange(gone[each.before], new[each.record.path])
            for each in compared.differences
            if each.status == "renamed"
        ]

    def _comparison(self, states: States) -> Comparison:
        return Comparison(states, self._path_of, self.limits, self.show_progress)

    def _path_of(self, name: str) -> str:
        """Return a path from the repository's top as one that can be opened from the current folder."""
        path = os.path.join(self.repository.top, name.replace("/", os.sep))
        if os.path.isabs(self.path):
            return path
        return os.path.relpath(path, os.path.realpath(os.curdir))


def _log(repository: Repository, start: str, name: str) -> Iterator[_Step]:
    """Yield the commits that changed the file with a name, from a commit on."""
    raw = repository.output(*_SETTINGS, "log", *_OPTIONS, "--end-of-options", start, "--", name)
    words = iter(raw.split(b"\0"))
    commit: Commit | None = None
    for word in words:
        word = word.strip(b"\n")
        if word.startswith(b":"):
            path = os.fsdecode(next(words))
            if commit and path == name:  # and not a file in a folder that once had the name
                yield _Step(commit, [*_changes(repository, commit, word.decode(), path)])
        elif word:
            commit = _commit(word, islice(words, len(_FIELDS) - 1))


def _commit(name: bytes, facts: Iterator[bytes]) -> Commit:
    parents, time, author, email, subject = (fact.decode(errors="replace") for fact in facts)
    try:
        when = datetime.fromtimestamp(int(time), UTC)
    except (ValueError, OverflowError, OSError):
        when = None
    return Commit(name.decode(), parents.split(), when, author, email, subject)


def _changes(repository: Repository, commit: Commit, line: str, name: str) -> Iterator[FileChange]:
    """Yield the change from each parent, from a line of ``git log --raw -c`` (git-log(1), "Raw output")."""
    count = len(line) - len(line.lstrip(":"))
    words = line[count:].split(" ")
    *modes, mode = words[: count + 1]
    *blobs, blob = words[count + 1 : 2 * count + 2]
    states = [States(repository, parent, commit.hash) for parent in commit.parents] or [
        States(repository, "", commit.hash)
    ]
    for state, old_mode, old in zip(states, modes, blobs, strict=False):
        yield FileChange(
            state.side(name, old_mode, old, state.before), state.side(name, mode, blob, commit.hash)
        )


def _by_merge(compared: Sequence[ComparedFile]) -> list[ComparedFile]:
    """Return what a merge itself changed, which is what differs from all its parents; else nothing."""
    differences = [each.difference for each in compared if each.difference]
    if len(differences) < len(compared):
        return []
    first, *others = differences
    fields = [{change.details["field"] for change in each.changes} for each in others]
    changes = [each for each in first.changes if all(each.details["field"] in names for names in fields)]
    return [ComparedFile(first._replace(changes=changes))] if changes else []


def deleted_names(repository: Repository, folder: str, name: str, endings: tuple[str, ...]) -> list[str]:
    """Return the paths, from the top, of files in a folder with this id that HEAD has or commits deleted."""
    options = ["--diff-filter=D", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--format="]
    spec = [folder] if folder else []
    raw = repository.output(*_SETTINGS, "log", *options, "HEAD", "--", *spec)
    raw += repository.output(*_SETTINGS, "ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD", *spec)
    names = {os.fsdecode(each.strip(b"\n")) for each in raw.split(b"\0")}
    return sorted(each for each in names if each.endswith(endings) and card_id(each) == name)
