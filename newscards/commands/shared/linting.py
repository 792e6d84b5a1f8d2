"""What ``validate`` does: choose the rules, look at the cards and at their corpus, and tell."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial

from newscards.cards.fields import CARD, card_with
from newscards.commands.shared.corpora import (
    cards_around,
    changed_cards,
    open_corpus,
    read_names,
    settings_for,
)
from newscards.corpus.settings import Settings
from newscards.edits.plan import Refuse
from newscards.errors import NewscardsError
from newscards.jekyll.config import site_of
from newscards.lint.findings import Severity
from newscards.lint.linter import Linter, refuse_errors
from newscards.output.ui import current
from newscards.parallel import parallel
from newscards.rules.selection import check_selector, every_rule, ruleset, selected
from newscards.text import path_text


def look(
    paths: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    *,
    nul: bool,
    since: str | None = None,
) -> Linter:
    """Check the cards of PATHs, or those that changed ``since`` a revision, and look at their corpus, too.

    Return what has seen all of them.
    """
    ui = current()
    names = read_names(tuple(paths), nul=nul)
    if paths and not names:
        return Linter(every_rule())  # standard input named nothing
    settings = settings_for(names, ui)
    linter = make_linter(settings, select, ignore)
    cards = open_corpus(names).paths
    reported = cards if since is None else changed_cards(cards, since)
    linter.neighbours = since is not None
    others = _others(reported, cards, cards_around(names, ui)) if reported and linter.needs_corpus else []
    looked_at = [*((path, True) for path in reported), *((path, False) for path in others)]
    looks = parallel(lambda some: (each.examined for each in linter.examine_all(some)), looked_at)
    for examined in ui.track(looks, len(looked_at), "Checking cards"):
        linter.keep(examined)
    folders = {os.path.dirname(path): path for path in reported}
    for site in sorted(set(map(site_of, folders.values())), key=lambda site: site.file):
        if site.problem:
            ui.warn(f"{path_text(site.file)} cannot be read, and is left out of account: {site.problem}")
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


def linter_for(paths: Sequence[str], select: Sequence[str], ignore: Sequence[str]) -> Linter:
    """Return what would check the cards of PATHs, without a look at any; raises ``NewscardsError``."""
    return make_linter(settings_for(paths, current()), select, ignore)


def make_linter(settings: Settings, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> Linter:
    """Return what checks cards by the settings and the options; raises ``NewscardsError``.

    ``--select`` takes the place of what the configuration selects and ignores; ``--ignore`` adds to it.
    """
    _check_words(settings)
    ignored = ignore if select else (*settings.ignore, *ignore)
    rules = selected(select or settings.select, ignored)
    if not rules:
        raise NewscardsError("no rule is left to be checked", "see --select, --ignore and `newscards config`")
    severities = {word: Severity(value) for word, value in settings.severities.items()}
    choices = {"category": settings.categories, "type": settings.types}
    choices = {name: values for name, values in choices.items() if values}
    topics, organizations = settings.topics, settings.organizations
    return Linter(
        ruleset(rules, severities, settings.per_file_ignores),
        card_with(choices) if choices else CARD,
        settings.limits,
        settings.relative,
        topics=frozenset(topics.names) if topics else None,
        providers=organizations.by_domain if organizations else {},
        organizations=frozenset(organizations.names if organizations and not organizations.by_domain else ()),
    )


def _check_words(settings: Settings) -> None:
    """Raise ``NewscardsError`` where the configuration names a rule that there is not."""
    for_files = [word for words in settings.per_file_ignores.values() for word in words]
    for key, words in (
        ("select", settings.select),
        ("ignore", settings.ignore),
        ("per-file-ignores", for_files),
        ("severities", settings.severities),
    ):
        for word in words:
            try:
                check_selector(word)
            except NewscardsError as error:
                raise NewscardsError(f"{path_text(settings.file)}: `{key}`: {error}", error.hint) from None


def error_linter(settings: Settings) -> Linter:
    """Return what finds errors alone, whatever the configuration selects; for what is to be written."""
    linter = make_linter(settings)
    linter.rules = linter.rules.only(Severity.ERROR)
    return linter


def error_refusal(settings: Settings) -> Refuse:
    """Return what refuses edits that would create an error, or make a value wrong."""
    return partial(refuse_errors, error_linter(settings))
