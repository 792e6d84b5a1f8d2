"""The findings of a corpus, from its index where that knows them, and the cards around it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from newscards.cards.card import Card
from newscards.corpus.corpus import Corpus
from newscards.corpus.discovery import FoundCards
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.corpus.index.summaries import index_of
from newscards.corpus.settings import Settings
from newscards.corpus.workspace import Workspace
from newscards.errors import NewscardsError
from newscards.layout import SITE_FOLDER, config_files, site_root
from newscards.lint.findings import Finding, OutputFormat, Report
from newscards.lint.incremental import IncrementalLint, IndexableCard
from newscards.lint.stored_findings import Printed
from newscards.parallel import parallel
from newscards.text import path_text

if TYPE_CHECKING:
    from newscards.lint.linter import Linter
    from newscards.query.sql.data import TableData


def table_data(
    workspace: Workspace, cards: Sequence[Card], corpus: Corpus, paths: Sequence[str], *, stories: bool
) -> TableData:
    """Return what the tables are made of: cards of a corpus, which is that of some PATHs.

    With ``stories``, also the cards around them, of which their stories may be.
    """
    from newscards.query.sql.data import TableData  # only here: few runs ask for tables

    others = cards_around(workspace, corpus, paths) if stories else ()
    return TableData(cards, others, lambda: findings_of(workspace, corpus, paths))


def cards_around(workspace: Workspace, corpus: Corpus, paths: Sequence[str]) -> list[Card]:
    """Return the other cards of the corpora that PATHs are a part of, with their identities."""
    own: set[str] = set()
    found: list[Card] = []
    for around in workspace.corpora_around(corpus.paths if "-" in paths else paths) if paths else ():
        own = own or {*map(os.path.abspath, corpus.paths)}
        if own.issuperset(map(os.path.abspath, around.paths)):
            continue
        cards = workspace.readable(around, BRIEF_NAMES, [], identities=True)
        found += (card for card in cards if os.path.abspath(card.path) not in own)
    return found


def findings_of(workspace: Workspace, corpus: Corpus, paths: Sequence[str]) -> list[Finding]:
    """Return what the configured rules find in the cards of a corpus, which is that of some PATHs."""
    report = stored_report(workspace, paths, (), (), None, None)
    if not isinstance(report, Report):
        report = lint(workspace, corpus.paths if "-" in paths else paths, (), ()).report()
    return report.findings


_LONGEST_CONFIG = 1 << 20


class _NotStoredError(Exception):
    """What is found here depends on more than can be known again."""


def stored_report(
    workspace: Workspace,
    paths: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    form: OutputFormat | None,
    since: str | None,
) -> Report | Printed | None:
    """Return what the rules find in the cards of PATHs; ``None`` where no index helps to know.

    With a ``form`` it may be returned as it is printed in it. With ``since``, which goes without a form, it
    is what concerns the cards that changed since a git revision.

    There is none for few cards, for PATHs that are files, for a part of a corpus, and for several sites; and
    where the site's configuration cannot be read, or names cards by patterns.
    """
    if not workspace.uses_index or "-" in paths:
        return None
    try:
        corpus, settings = workspace.open(paths)
        (found, *more) = corpus.found
    except NewscardsError:  # there may be another one, which is told first
        return None
    if more or not found.folder or not _is_whole(workspace, found, paths):
        return None
    index = index_of(found, corpus.limits, corpus.cache)
    if not index.has_file:
        return None

    def make() -> Linter:
        from newscards.jekyll.config import site_of
        from newscards.rules.selection import make_linter

        site = site_of(found.paths[0])
        if site.problem or site.has_patterns:
            raise _NotStoredError
        return make_linter(settings, select, ignore)

    def track(checked: Iterable[IndexableCard], count: int) -> Iterable[IndexableCard]:
        return workspace.reporter.track(checked, count, "Checking cards")

    key = _key(found.folder, settings, select, ignore)
    try:
        report = IncrementalLint(found, corpus.limits, index, key, form, make, track).report()
    except _NotStoredError:
        return None
    if since is None or isinstance(report, Printed):
        return report
    return report.narrowed(changed_cards(workspace, found.paths, since))


def _is_whole(workspace: Workspace, found: FoundCards, paths: Sequence[str]) -> bool:
    """Tell whether cards are all of one corpus."""
    roots = [*map(site_root, workspace.roots_around(paths)), found.folder]
    if len({(os.path.abspath(root), os.path.realpath(root)) for root in roots}) > 1:
        return False
    site = f"{os.sep}{SITE_FOLDER}{os.sep}"
    return not any(site in f"{os.sep}{name}" for name in found.names())


def _key(folder: str, settings: Settings, select: Sequence[str], ignore: Sequence[str]) -> bytes:
    """Return all that findings depend on besides the cards and the time: the rules, the configurations."""
    places = folder, os.path.abspath(folder), os.path.abspath(settings.file)  # as written: it is told
    chosen = tuple(select), tuple(ignore), *places
    parts = [repr(part).encode() for part in (chosen, settings)]
    for file in config_files(folder):
        if not os.path.isfile(file):  # a pipe is waited for
            parts.append(b"")
            continue
        try:
            with open(file, "rb") as opened:
                parts.append(opened.read(_LONGEST_CONFIG))
        except OSError as error:
            parts.append(repr(error.errno).encode())
    return b"\0".join(parts)


def lint(
    workspace: Workspace,
    paths: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    since: str | None = None,
) -> Linter:
    """Check the cards of PATHs, or those that changed ``since`` a revision, and look at their corpus, too.

    Return what has seen all of them.
    """
    from newscards.jekyll.config import site_of
    from newscards.rules.selection import make_linter  # only here: what is stored needs no rules

    linter = make_linter(workspace.settings_for(paths), select, ignore)
    cards = workspace.open(paths)[0].paths
    reported = cards if since is None else changed_cards(workspace, cards, since)
    linter.report_neighbours = since is not None
    others: list[str] = []
    if reported and linter.needs_corpus:
        around = [path for corpus in workspace.corpora_around(paths) for path in corpus.paths]
        others = _others(reported, cards, around)
    looked_at = [*((path, True) for path in reported), *((path, False) for path in others)]
    looks = parallel(lambda some: (each.checked for each in linter.check_files(some)), looked_at)
    for examined in workspace.reporter.track(looks, len(looked_at), "Checking cards"):
        linter.add(examined)
    folders = {os.path.dirname(path): path for path in reported}
    for site in sorted(set(map(site_of, folders.values())), key=lambda site: site.file):
        if site.problem:
            file = path_text(site.file)
            workspace.reporter.warn(f"{file} cannot be read, and is left out of account: {site.problem}")
    return linter


def _others(reported: Sequence[str], cards: Sequence[str], around: Sequence[str]) -> list[str]:
    """Return the cards that are not reported on, each file once: of those named, and of those around them."""
    if not around and reported is cards:
        return []
    known = set(map(os.path.abspath, reported))
    files: dict[str, str] = {}
    for path in (*cards, *around):
        files.setdefault(os.path.abspath(path), path)  # as it was named, where it was
    return [path for file, path in files.items() if file not in known]


def changed_cards(workspace: Workspace, cards: Sequence[str], rev: str) -> list[str]:
    """Return those cards that changed since a git revision, and tell where there are none.

    Raises ``NewscardsError`` where git cannot say.
    """
    from newscards.diff.git import changed_since  # only here: what starts processes takes long to import

    changed = changed_since(cards, rev)
    if not changed:
        workspace.reporter.notice(f"0 cards changed since {path_text(rev)}")
    return changed
