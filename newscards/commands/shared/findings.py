"""The findings of a corpus, by way of its index, and the cards that share stories with others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from newscards.cards.card import Card
from newscards.commands.shared.corpora import (
    changed_cards,
    corpora_around,
    open_corpus,
    readable,
    roots_around,
    settings_for,
)
from newscards.corpus.corpus import Corpus
from newscards.corpus.discovery import Found
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.corpus.index.summaries import index_of
from newscards.corpus.settings import Settings
from newscards.errors import NewscardsError
from newscards.layout import SITE_FOLDER, config_files, site_root
from newscards.lint.findings import Finding, Form, Report
from newscards.lint.incremental import Checked, Validation
from newscards.lint.stored_findings import Printed
from newscards.output.ui import Ui, current
from newscards.query.sql.data import Contents

if TYPE_CHECKING:
    from newscards.lint.linter import Linter


def contents_of(
    cards: Sequence[Card], corpus: Corpus, paths: Sequence[str], ui: Ui, *, stories: bool
) -> Contents:
    """Return what the tables are made of: cards of a corpus, which is that of some PATHs.

    With ``stories``, also the cards around them, of which their stories may be.
    """
    others = kin_of(corpus, paths, ui) if stories else ()
    return Contents(cards, others, lambda: findings_of(corpus, paths))


def kin_of(corpus: Corpus, paths: Sequence[str], ui: Ui) -> list[Card]:
    """Return the other cards of the corpora that PATHs are a part of, with their identities."""
    own: set[str] = set()
    found: list[Card] = []
    for around in corpora_around(corpus.paths if "-" in paths else paths, ui) if paths else ():
        own = own or {*map(os.path.abspath, corpus.paths)}
        if own.issuperset(map(os.path.abspath, around.paths)):
            continue
        cards = readable(around, ui, BRIEF_NAMES, [], identities=True)
        found += (card for card in cards if os.path.abspath(card.path) not in own)
    return found


def findings_of(corpus: Corpus, paths: Sequence[str]) -> list[Finding]:
    """Return what the configured rules find in the cards of a corpus, which is that of some PATHs."""
    report = kept_report(paths, (), (), None, None)
    if not isinstance(report, Report):
        from newscards.commands.shared.linting import look  # only here: what is kept needs no rules

        report = look(corpus.paths if "-" in paths else paths, (), (), nul=False).report()
    return report.findings


_LONGEST_CONFIG = 1 << 20


class _NotKeptError(Exception):
    """What is found here depends on more than can be known again."""


def kept_report(
    paths: Sequence[str], select: Sequence[str], ignore: Sequence[str], form: Form | None, since: str | None
) -> Report | Printed | None:
    """Return what the rules find in the cards of PATHs; ``None`` where no index helps to know.

    With a ``form`` it may be returned as it is printed in it. With ``since``, which goes without a form, it
    is what concerns the cards that changed since a git revision.

    There is none for few cards, for PATHs that are files, for a part of a corpus, and for several sites; and
    where the site's configuration cannot be read, or names cards by patterns.
    """
    ui = current()
    if ui.no_cache or "-" in paths:
        return None
    try:
        corpus, settings = open_corpus(paths), settings_for(paths, ui)
        (found, *more) = corpus.found
    except NewscardsError:  # there may be another one, which is told first
        return None
    if more or not found.folder or not _is_whole(found, paths, ui):
        return None
    index = index_of(found, corpus.limits, corpus.cache)
    if not index.keeps:
        return None

    def make() -> Linter:
        from newscards.commands.shared.linting import make_linter
        from newscards.jekyll.config import site_of

        site = site_of(found.paths[0])
        if site.problem or site.has_patterns:
            raise _NotKeptError
        return make_linter(settings, select, ignore)

    def track(checked: Iterable[Checked], count: int) -> Iterable[Checked]:
        return ui.track(checked, count, "Checking cards")

    key = _key(found.folder, settings, select, ignore)
    try:
        report = Validation(found, corpus.limits, index, key, form, make, track).report()
    except _NotKeptError:
        return None
    if since is None or isinstance(report, Printed):
        return report
    return report.narrowed(changed_cards(found.paths, since))


def _is_whole(found: Found, paths: Sequence[str], ui: Ui) -> bool:
    """Tell whether cards are all of one corpus."""
    roots = [*map(site_root, roots_around(paths, ui)), found.folder]
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
