"""What ``validate`` does: choose the rules, look at the cards and at their corpus, and tell."""

from __future__ import annotations

import os
from collections.abc import Sequence

from newscards.baseline import Baseline, write_baseline
from newscards.commands.corpora import open_corpus, read_names, set_corpora, settings_for
from newscards.counting import counted
from newscards.discovery import discover, news_folder
from newscards.errors import NewscardsError, PathNotFoundError
from newscards.fields import CARD, card_with
from newscards.findings import Severity
from newscards.git import changed_since
from newscards.harmless import path_text
from newscards.lint import Linter, Report
from newscards.reports.outputs import STANDARD_OUTPUT, Output, write_file
from newscards.reports.table import FORMATS, Sink
from newscards.rules.selection import Ruleset, check_selector, selected
from newscards.settings import Settings
from newscards.site_config import site_of
from newscards.ui import Ui, current


def check(
    paths: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    *,
    nul: bool,
    since: str | None = None,
) -> Report:
    """Check the cards of PATHs, or those of them that changed ``since`` a revision; return what was found."""
    return look(paths, select, ignore, nul=nul, since=since).report()


def look(
    paths: Sequence[str],
    select: Sequence[str],
    ignore: Sequence[str],
    *,
    nul: bool,
    since: str | None = None,
) -> Linter:
    """Look at the cards that ``check`` checks, and at their corpus; return what has seen them."""
    ui = current()
    names = read_names(tuple(paths), nul=nul)
    if paths and not names:
        return Linter()  # standard input named nothing
    settings = settings_for(names, ui)
    linter = make_linter(settings, select, ignore)
    cards = open_corpus(names).paths
    reported = cards if since is None else changed_since(cards, since)
    if since is not None and not reported:
        ui.notice(f"0 cards changed since {path_text(since)}")
    linter.neighbours = since is not None
    known = set(map(os.path.abspath, reported))
    around = [*cards, *cards_around(names, ui)] if reported and linter.needs_corpus else []
    others = {file: path for path in around if (file := os.path.abspath(path)) not in known}.values()
    paths = [*reported, *others]
    for index, path in enumerate(ui.track(paths, len(paths), "Checking cards")):
        (linter.check if index < len(reported) else linter.see)(path)
    for site in sorted({site_of(path) for path in reported}, key=lambda site: site.file):
        if site.problem:
            ui.warn(f"{path_text(site.file)} cannot be read, and is left out of account: {site.problem}")
    return linter


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
        Ruleset.of(rules, severities, settings.per_file_ignores),
        card_with(choices) if choices else CARD,
        frozenset(topics.names) if topics else None,
        organizations.by_domain if organizations else {},
        frozenset(organizations.names if organizations and not organizations.by_domain else ()),
        settings.limits,
        settings.relative,
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
    errors = {rule: level for rule, level in linter.rules.severities.items() if level is Severity.ERROR}
    linter.rules = Ruleset(errors, linter.rules.per_file)
    return linter


def cards_around(names: Sequence[str], ui: Ui) -> list[str]:
    """Return the cards of the corpora that PATHs belong to.

    That is the corpus that --corpus, the environment or the configuration names, where a PATH lies in
    it; else the ``_news`` around it; else a folder is its own, and a file is of the folder that it is in.
    """
    settings = settings_for(names[:1], ui)
    set_ = set_corpora(settings, ui)
    inside_set = [os.path.abspath(corpus) for corpus in set_]
    roots: dict[str, None] = {}
    folders = {os.path.dirname(name): name for name in names if not os.path.isdir(name)}
    for name in [*(name for name in names if os.path.isdir(name)), *folders.values()]:
        path = os.path.abspath(name)
        if any(_is_below(path, root) for root in inside_set):
            roots |= dict.fromkeys(set_)
        elif news := news_folder(path if os.path.isdir(path) else os.path.dirname(path)):
            roots[news if os.path.isabs(name) else os.path.relpath(news)] = None
        elif not os.path.isdir(path):
            roots[os.path.dirname(name) or os.curdir] = None
    found: list[str] = []
    for root in roots:
        try:
            found += discover([root], settings.endings)
        except PathNotFoundError:  # a file that is named need not end like a card
            continue
    return found


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def keep(report: Report, file: str, linter: Linter) -> int:
    """Write a baseline of what a linter found; return the exit code."""
    write_baseline(file, report, {rule.name for rule in linter.rules.severities})
    found, cards = counted(len(report.findings), "finding"), counted(report.bad_cards, "card")
    current().notice(f"{path_text(file)} has {found} in {cards} now")
    return 0


def without_known(report: Report, baseline: Baseline | None, linter: Linter) -> Report:
    """Return the report without what a baseline knows, and tell where the baseline can shrink."""
    if baseline is None:
        return report
    left, gone = baseline.apply(report, {rule.name for rule in linter.rules.severities})
    if known := len(report.findings) - len(left.findings):
        current().notice(f"{path_text(baseline.path)} knows of {counted(known, 'finding')}, left out here")
    if gone:
        advice = f"write it again with --write-baseline {path_text(baseline.path)}"
        current().notice(f"{counted(gone, 'finding')} of the baseline gone: {advice}")
    return left


def write(report: Report, form: str, outputs: Sequence[Output] = (), *, statistics: bool) -> None:
    """Write a report to standard output in one of ``validate``'s formats, and into the files of --output."""
    ui = current()
    if "github" in (form, *(output.form for output in outputs)):
        from newscards.reports.step_summary import append_summary

        try:
            append_summary(report)
        except OSError as error:
            ui.warn(f"the summary of the step cannot be written: {error}")
    for output in outputs:
        if output.file != STANDARD_OUTPUT:
            write_file(report, output)
    FORMATS[form](report, Sink(ui.write, ui.console, statistics=statistics, quiet=ui.quiet))
    for output in outputs:
        if output.file == STANDARD_OUTPUT:
            FORMATS[output.form](report, Sink(ui.write, ui.console, quiet=ui.quiet))
