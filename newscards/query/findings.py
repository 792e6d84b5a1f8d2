"""The findings of a corpus, from its index where possible, and the cards around it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from newscards.cards.card import Card
from newscards.corpus.corpus import Corpus
from newscards.corpus.discovery import FoundCards
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.corpus.index.summaries import index_of
from newscards.corpus.settings import Settings
from newscards.corpus.workspace import Workspace
from newscards.errors import NewscardsError
from newscards.frontmatter.limits import Limits
from newscards.layout import SITE_FOLDER, config_files, site_root
from newscards.lint.findings import Finding, FindingFormat, Report
from newscards.lint.incremental import IncrementalLint, IndexableCard
from newscards.lint.stored_findings import Printed
from newscards.parallel import parallel
from newscards.text import path_text

if TYPE_CHECKING:
    from newscards.lint.linter import CheckedCard, Linter
    from newscards.lint.rule import Rule
    from newscards.lint.strays import Stray
    from newscards.query.since import FormerCorpus, Since
    from newscards.query.sql.data import TableData


def table_data(
    workspace: Workspace, cards: Iterable[Card], corpus: Corpus, paths: Sequence[str], *, stories: bool
) -> TableData:
    """Return the data of the SQL tables for some cards of a corpus, which ``paths`` name.

    With ``stories`` it includes the cards around the corpus, because stories may reach beyond ``paths``. All
    are read when they are first used.
    """
    from newscards.query.sql.data import TableData  # imported here because few runs need tables

    others = cards_around(workspace, corpus, paths) if stories else ()

    def has_page(card: Card) -> bool | None:
        from newscards.jekyll.config import site_of
        from newscards.jekyll.site import view_file

        if card.path not in workspace.pages:
            view = view_file(card.path, site_of(card.path), corpus.limits).view
            workspace.pages[card.path] = view.has_page if view else None
        return workspace.pages[card.path]

    return TableData(cards, others, lambda: findings_of(workspace, corpus, paths, apart=True), has_page)


def cards_around(workspace: Workspace, corpus: Corpus, paths: Sequence[str]) -> Iterator[Card]:
    """Yield the other cards of the corpora that PATHs belong to, with their identities."""
    own_paths: set[str] = set()
    for around in workspace.corpora_around(corpus.paths if "-" in paths else paths) if paths else ():
        own_paths = own_paths or {*map(os.path.abspath, corpus.paths)}
        if own_paths.issuperset(map(os.path.abspath, around.paths)):
            continue
        cards = workspace.readable(around, BRIEF_NAMES, [], identities=True)
        yield from (card for card in cards if os.path.abspath(card.path) not in own_paths)


def findings_of(
    workspace: Workspace, corpus: Corpus, paths: Sequence[str], *, apart: bool = False
) -> list[Finding]:
    """Return the findings of the configured rules in the cards of a corpus, which ``paths`` name.

    ``apart`` is as in ``Linter``: then each card has those that ``validate CARD`` reports.
    """
    report = stored_report(workspace, paths, (), (), None, None, apart=apart)
    if not isinstance(report, Report):
        named = corpus.paths if "-" in paths else paths
        report = lint(workspace, named, (), (), apart=apart).report()
    return report.findings


_MAX_CONFIG_BYTES = 1 << 20


class _NotStoredError(Exception):
    """The error for findings that depend on more than the index records, so they cannot be stored."""


def stored_report(
    workspace: Workspace,
    paths: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    output_format: FindingFormat | None,
    since: Since | None,
    *,
    apart: bool = False,
) -> Report | Printed | None:
    """Return the findings in the cards of PATHs by way of the index; ``None`` if the index cannot be used.

    With an ``output_format`` the result may be a ``Printed``: the text of the report, as the index stores it.
    With ``since``, only the new findings are returned; ``output_format`` is ``None`` then. ``apart`` is as in
    ``Linter``: these findings are stored besides the others.

    The index is not used for few cards, for PATHs that are files or a part of a corpus, for several sites,
    and if the site's configuration cannot be read or names cards by patterns.
    """
    if not workspace.uses_index or "-" in paths:
        return None
    try:
        corpus, settings = workspace.open(paths)
        (found, *more) = corpus.found
    except NewscardsError:  # `lint` raises it again, or reports an error that comes before it
        return None
    if more or not found.folder or not _is_whole(workspace, found, paths):
        return None
    index = index_of(found, corpus.limits, corpus.cache)
    if not index.has_file:
        return None

    def make() -> Linter:
        from newscards.jekyll.config import site_of
        from newscards.query.linters import make_linter

        site = site_of(found.paths[0])
        if site.problem or site.has_patterns:
            raise _NotStoredError
        linter = make_linter(settings, select, ignore)
        linter.apart = apart
        return linter

    def track(checked: Iterable[IndexableCard], count: int) -> Iterable[IndexableCard]:
        return workspace.reporter.track(checked, count, "Checking cards")

    former = since.corpus([found.folder], found.paths, settings) if since else None
    if former and former.configs:  # then each card may have other findings
        return None
    key = _key(found.folder, settings, select, ignore, apart=apart)
    strays = strays_of([found], corpus.limits)  # not stored: they are few, and depend on other cards
    if strays:
        output_format = None  # the stored text lacks them
    incremental = IncrementalLint(found, corpus.limits, index, key, output_format, make, track)
    try:
        report = incremental.report()
        if isinstance(report, Printed):
            return report
        report.find_own_rules = partial(_own_rules, settings)
        other = None
        if former:
            other = incremental.findings_in_other_state(make(), {*former.changed}, former.sources)
            strays = _strays_since(strays, former)
        of_strays = make().add_strays(strays) if strays else []
    except _NotStoredError:
        return None
    if former:
        if other is None:
            return None
        _note_unchanged(workspace, former)
        findings, affected = other
        report = former.findings(findings, affected).narrow(report)
    return report.with_more(of_strays) if of_strays else report


def _own_rules(settings: Settings) -> list[Rule]:
    """Return the rules of a configuration."""
    from newscards.rules.selection import known_rules

    return [rule for rule in known_rules(settings) if rule.declared]


def strays_of(folders: Sequence[FoundCards], limits: Limits) -> list[Stray]:
    """Return the files beside the cards of some folders that contradict them (``lint.strays``)."""
    if not any(found.others for found in folders):
        return []
    from newscards.lint.strays import strays_among  # imported here because few folders have other files

    return [stray for found in folders for stray in strays_among(found, limits)]


def strays_around(workspace: Workspace, paths: Sequence[str], limits: Limits) -> list[Stray]:
    """Return the files that are no cards and that Jekyll takes for some, in the corpora around PATHs."""
    corpora = workspace.corpora_around(paths)
    return [stray for corpus in corpora for stray in strays_of(corpus.found, limits)]


def _strays_since(strays: Sequence[Stray], former: FormerCorpus) -> list[Stray]:
    """Return the strays that differ from a former corpus, and those of a card that does."""
    changed = former.differing([stray.record.path for stray in strays]) if strays else {}
    return [stray for stray in strays if stray.record.path in changed or stray.card in former.changed]


def _is_whole(workspace: Workspace, found: FoundCards, paths: Sequence[str]) -> bool:
    """Return whether the cards are all cards of one corpus."""
    roots = [*map(site_root, workspace.roots_around(paths)), found.folder]
    if len({(os.path.abspath(root), os.path.realpath(root)) for root in roots}) > 1:
        return False
    site = f"{os.sep}{SITE_FOLDER}{os.sep}"
    return not any(site in f"{os.sep}{name}" for name in found.names())


def _key(
    folder: str, settings: Settings, select: Sequence[str], ignore: Sequence[str], *, apart: bool
) -> bytes:
    """Return what findings depend on besides the cards and the time: rules, paths and configuration files."""
    places = folder, os.path.abspath(folder), os.path.abspath(settings.file)  # findings show it as typed
    chosen = tuple(select), tuple(ignore), apart, *places
    parts = [repr(part).encode() for part in (chosen, settings._replace(text=""))]
    for file in config_files(folder):
        if not os.path.isfile(file):  # reading a pipe would block
            parts.append(b"")
            continue
        try:
            with open(file, "rb") as opened:
                parts.append(opened.read(_MAX_CONFIG_BYTES))
        except OSError as error:
            parts.append(repr(error.errno).encode())
    return b"\0".join(parts)


def lint(
    workspace: Workspace,
    paths: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    since: Since | None = None,
    *,
    for_fixes: bool = False,
    as_news: bool = False,
    apart: bool = False,
) -> Linter:
    """Return a linter that has checked the cards of PATHs; with ``since`` it reports what is new.

    ``for_fixes``, ``as_news`` and ``apart`` are as in ``Linter``; selected rules may ask for the second, too.

    For rules of the corpus it has also read the other cards around them, without reporting on those.
    """
    from newscards.jekyll.config import site_of
    from newscards.query.linters import make_linter  # imported here because stored findings need no rules

    settings = workspace.settings_for(paths)
    linter = make_linter(settings, select, ignore)
    linter.for_fixes, linter.as_news = for_fixes, as_news or linter.as_news
    linter.apart = apart
    named = workspace.open(paths)[0]
    cards, others, corpora = named.paths, list[str](), [named]
    if cards and (linter.needs_corpus or since):
        around = [*workspace.corpora_around(paths)]
        corpora += around
        others = _others(cards, [path for corpus in around for path in corpus.paths])
    former = None
    if since:
        folders = [found.folder for corpus in corpora for found in corpus.found if found.folder]
        former = since.corpus(folders, [*cards, *others], settings)
        _note_unchanged(workspace, former)
        if not former.differs:
            cards = []
    if not cards or not linter.needs_corpus:
        others = []
    checks = [*((path, True) for path in cards), *((path, False) for path in others)]  # is it reported?
    former_linter = make_linter(settings, select, ignore) if former else None
    for checked in _checked(workspace, linter, checks):
        linter.add(checked)
        if former and former_linter and checked and former.is_same(checked.path):
            former_linter.add(checked)
    strays = strays_of(named.found, named.limits)
    strays = [stray for stray in strays if stray.record.path not in named.paths]  # one that is named, too
    linter.add_strays(_strays_since(strays, former) if former else strays)
    if former and former_linter and cards:
        linter.narrow = former.findings(_former_findings(workspace, former_linter, former, checks)).narrow
    by_folder = {os.path.dirname(path): path for path in cards}
    for site in sorted(set(map(site_of, by_folder.values())), key=lambda site: site.file):
        if site.problem:
            file = path_text(site.file)
            workspace.reporter.warn(f"{file} cannot be read, and is left out of account: {site.problem}")
    return linter


def _others(cards: Sequence[str], around: Sequence[str]) -> list[str]:
    """Return the cards around some that are not among them; each file once."""
    named = {*cards}
    left = [path for path in around if path not in named]
    if not left:  # as for nearly every corpus, and to make thousands of paths absolute takes long
        return []
    known = set(map(os.path.abspath, cards))
    files = {os.path.abspath(path): path for path in reversed(left)}  # the first spelling wins
    return [path for file, path in reversed(files.items()) if file not in known]


def _checked(
    workspace: Workspace, linter: Linter, checks: Sequence[tuple[str, bool]]
) -> Iterator[CheckedCard | None]:
    """Check cards, many in several processes, and show the progress."""
    results = parallel(lambda batch: (each.checked for each in linter.check_files(batch)), checks)
    yield from workspace.reporter.track(results, len(checks), "Checking cards")


def _former_findings(
    workspace: Workspace, linter: Linter, former: FormerCorpus, checks: Sequence[tuple[str, bool]]
) -> list[Finding]:
    """Return the findings of a former corpus with a linter to which the cards that are the same were added.

    ``checks`` are all cards of now, and whether each is reported.
    """
    if former.configs:
        from newscards.jekyll.config import former_site_of

        linter.find_site = partial(former_site_of, sources=former.configs)
    same = [check for check in checks if check[0] not in former.changed] if former.configs else []
    linter.overlay = dict(former.sources)
    for checked in _checked(workspace, linter, [*((path, True) for path in former.sources), *same]):
        linter.add(checked)
    return linter.report().findings


def _note_unchanged(workspace: Workspace, former: FormerCorpus) -> None:
    """Print a notice if there is no difference to a revision."""
    if not former.differs:
        workspace.reporter.notice(f"0 cards changed since {path_text(former.rev)}")
