"""The cards of a corpus as they were at a git revision, where they differ from those of the working tree.

They are read from git's objects; nothing is checked out.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from typing import NamedTuple

from newscards.cards.card import Card, CardOrUnreadable, Identity, card_id
from newscards.cards.reader import max_bytes, parse, read_bytes
from newscards.corpus.index.snapshot import content_hash
from newscards.diff.compare import TrackedFolder
from newscards.diff.git import Repository, root_of
from newscards.diff.pairs import same_keys
from newscards.diff.revisions import FileChange, Side, States
from newscards.errors import NewscardsError
from newscards.frontmatter.limits import Limits
from newscards.text import path_text

_CALLER = "--changed-since"


class FormerCards(NamedTuple):
    """The cards that differ from those of a revision.

    ``changed`` are the paths of cards of now that the revision has otherwise or not at all. ``sources`` has
    the bytes that the revision has for these, and for cards that are gone now, by their paths there: so all
    other cards are the same. ``renamed`` has the paths there of cards that have another path now.
    """

    changed: list[str]
    sources: dict[str, bytes]
    renamed: dict[str, str]


class FormerState:
    """The state of the repositories around some folders at the merge base of a revision and HEAD.

    In a submodule, and in any other repository within a repository, the revision is one of its own. Raises
    ``NewscardsError`` if git is missing or fails, or if a folder is in no repository.
    """

    def __init__(self, rev: str, limits: Limits) -> None:
        self._rev, self._limits = rev, limits
        self._real, self._root = cache(os.path.realpath), cache(root_of)
        self._repositories: dict[str, tuple[States, dict[str, FileChange]]] = {}

    def cards(self, folders: Sequence[str], paths: Sequence[str], endings: tuple[str, ...]) -> FormerCards:
        """Return the cards that differ, among the cards at ``paths`` and those that are gone from folders.

        Committed, staged, unstaged and renamed files differ, and so do untracked files that are not ignored.
        A link differs if its target does.
        """
        by_file = {self._file(path): path for path in paths}
        changed: list[str] = []
        wanted: list[tuple[str, States, Side]] = []
        for folder in self._tracked_folders(folders, by_file):
            tracked = TrackedFolder.of(folder, endings, _CALLER)
            states, changes = self._changes(tracked.repository.top)
            was_card = tracked.test(states, states.before)
            inside = os.path.join(states.repository.top, tracked.inner.replace("/", os.sep), "")
            for file, (before, after) in changes.items():
                is_gone = file.startswith(inside) and file not in by_file and not after
                if is_gone and before and was_card(before):
                    by_file[file] = tracked.path_of(before.name)
                    wanted.append((by_file[file], states, before))
        gone = {path for path, _, _ in wanted}
        for path in paths:
            found = self._change(path)
            if found is None:
                continue
            changed.append(path)
            states, (before, _) = found
            if before:
                wanted.append((path, states, before))
        sources = dict(self._read(wanted))
        new = [path for path in changed if path not in sources]
        renamed = _renamed({path: sources[path] for path in gone & sources.keys()}, new, self._limits)
        return FormerCards(changed, sources, renamed)

    def files(self, paths: Iterable[str]) -> dict[str, bytes | None]:
        """Return the former bytes of those among some files that differ; ``None`` for no file.

        Files are left out that are in none of the repositories of the cards.
        """
        inside = (
            path for path in paths if self._root(os.path.dirname(self._file(path))) in self._repositories
        )
        found = {path: change for path in inside if (change := self._change(path))}
        wanted = [(path, states, before) for path, (states, (before, _)) in found.items() if before]
        return dict.fromkeys(found) | dict(self._read(wanted))

    def _file(self, path: str) -> str:
        """Return the absolute path of a file, with links to folders resolved."""
        folder, name = os.path.split(path)
        return os.path.join(self._real(folder or os.curdir), name)

    def _tracked_folders(self, folders: Iterable[str], by_file: Mapping[str, str]) -> Iterator[str]:
        """Yield folders, and those of other repositories within them, such as submodules."""
        roots: set[str] = set()
        for folder in folders:
            roots.add(self._root(self._real(folder)))
            yield folder
        for file, path in by_file.items():
            folder = os.path.dirname(file)
            root = self._root(folder)
            if root not in roots:
                roots.add(root)
                typed = os.path.dirname(path)
                while root and folder != root:
                    folder, typed = os.path.dirname(folder), os.path.dirname(typed)
                yield typed or os.curdir

    def _change(self, path: str) -> tuple[States, FileChange] | None:
        """Return how a file differs, and in which repository; ``None`` if it is the same."""
        file = self._file(path)
        for each in (file, os.path.realpath(path)) if os.path.islink(path) else (file,):
            folder = os.path.dirname(each)
            root = self._root(folder)
            if not root and each is not file:  # a link may lead out of all repositories
                continue
            states, changes = self._changes(root or folder)
            if each in changes:
                return states, changes[each]
        return None

    def _changes(self, folder: str) -> tuple[States, dict[str, FileChange]]:
        """Return a repository's states, and all files that differ, by absolute path."""
        if folder not in self._repositories:
            repository = Repository.around(folder, _CALLER)
            states = States(repository, repository.merge_base(self._rev), "")
            changes = {
                os.path.join(repository.top, change.name.replace("/", os.sep)): change
                for change in states.changed("").files
            }
            self._repositories[folder] = states, changes
        return self._repositories[folder]

    def _read(self, wanted: Iterable[tuple[str, States, Side]]) -> Iterator[tuple[str, bytes]]:
        """Yield the path and the former bytes of files, without links that led nowhere."""
        by_repository: dict[str, list[tuple[str, States, Side]]] = {}
        for each in wanted:
            by_repository.setdefault(each[1].repository.top, []).append(each)
        for of_one in by_repository.values():
            states = of_one[0][1]
            with closing(
                states.contents([side for _, _, side in of_one], max_bytes(self._limits))
            ) as contents:
                for (path, _, side), content in zip(of_one, contents, strict=True):
                    if isinstance(content, bytes):
                        yield path, content
                    elif content is not None and ":" not in side.object:
                        raise NewscardsError(
                            f"{path_text(path)} cannot be compared with {path_text(self._rev)}: {content}",
                            "`git fsck` checks the repository",
                        )


def _renamed(gone: Mapping[str, bytes], new: Sequence[str], limits: Limits) -> dict[str, str]:
    """Return the former paths of new cards that are former cards under another name.

    A former card has the same bytes, else the same identity, URL or id, and no other card has them that is
    gone or new.
    """
    if not gone or not new:
        return {}
    sources = dict(gone)
    for path in new:
        with suppress(OSError, ValueError):
            sources[path] = read_bytes(path, limits)
    records = {path: parse(path, source, limits) for path, source in sources.items()}
    renamed: dict[str, str] = {}
    keys: tuple[Callable[[str], Hashable], ...] = (
        lambda path: content_hash(sources[path]) if sources[path] else b"",
        lambda path: _identity(records[path]),
        lambda path: record.url if isinstance(record := records[path], Card) else "",
        card_id,
    )
    for key in keys:
        known = {*renamed.values()}
        left = [(key(path), path) for path in gone if path not in known]
        added = [(key(path), path) for path in new if path in sources and path not in renamed]
        renamed |= {path: former for former, path in same_keys(left, added)}
    return renamed


def _identity(record: CardOrUnreadable) -> Identity | None:
    """Return the identity of a card; ``None`` if it has neither a URL nor a title."""
    return record.identity if isinstance(record, Card) and any(record.identity[:2]) else None
