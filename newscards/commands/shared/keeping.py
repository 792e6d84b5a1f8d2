"""What the rules find in a whole corpus, by way of its index."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from newscards.commands.shared.around import changed_cards, roots_around
from newscards.commands.shared.corpora import open_corpus, settings_for
from newscards.corpus.discovery import Found
from newscards.corpus.index.summaries import index_of
from newscards.corpus.settings import Settings
from newscards.errors import NewscardsError
from newscards.layout import SITE_FOLDER, config_files, site_root
from newscards.lint.findings import Form, Report
from newscards.lint.incremental import Checked, Validation
from newscards.lint.stored_findings import Printed
from newscards.output.ui import Ui, current

if TYPE_CHECKING:
    from newscards.lint.linter import Linter

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
