"""``newscards init``: a configuration that fits a corpus."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

import click

from newscards.commands.shared.options import CONTEXT, PATH, common_options
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.text import counted, path_text

if TYPE_CHECKING:
    from newscards.lint.findings import Report
    from newscards.query.proposal import Proposal

BASELINE = ".newscards-baseline.json"
"""The name of the baseline, beside the configuration."""


@click.command("init", context_settings=CONTEXT)
@click.argument("path", metavar="[PATH]", required=False, type=PATH)
@click.option("--baseline", is_flag=True,
              help=f"Also write {BASELINE}: `validate` leaves out what is there today.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Show the configuration; write nothing.")
@common_options
def command(path: str | None, baseline: bool, dry_run: bool) -> int:
    """Look at the cards of a site, and write a `newscards.toml` that fits them.

    The file declares the fields that cards have beyond the built-in ones, with their types; makes those
    optional that many cards lack; and names the folders of the cards and the site's registries. A comment
    says in how many cards each was found. The file is shown, and written into the folder of the site, where
    `_config.yml` or `_news` is, else of the repository. Nothing is ever overwritten.

    PATH is the folder of a site or of its cards.

    \b
    Examples:
      newscards init --dry-run
      newscards init site
      newscards init --baseline
    """
    from newscards.commands.shared.corpora import current_workspace
    from newscards.corpus.card_folders import find_card_folders
    from newscards.corpus.corpus import Corpus
    from newscards.query.proposal import Proposal
    from newscards.query.survey import survey

    ui = current()
    if ui.config is not None:
        raise click.UsageError("--config does not go with init, which writes a configuration")
    if len(ui.corpora) > 1:
        raise click.UsageError("init takes one --corpus: a configuration is that of one site")
    start = path or next(iter(ui.corpora), "") or os.environ.get("NEWSCARDS_CORPUS") or os.curdir
    folders = find_card_folders(start)
    _refuse_existing(folders.folder, baseline=baseline)
    workspace = current_workspace()
    found = survey(Corpus(*folders.corpora, endings=folders.endings), workspace.reporter)
    if not found.cards:
        places = " and ".join(path_text(corpus) for corpus in folders.corpora)
        raise NewscardsError(
            f"none of the {counted(found.unreadable, 'file')} in {places} is a card",
            "a card begins with YAML between two lines `---`; `newscards validate` says what each file lacks",
        )
    proposal = Proposal(folders, found, BASELINE if baseline else "")
    workspace.corpora, workspace.fixed_settings = (), proposal.settings
    report = _report()
    ui.write(proposal.text)
    ui.flush()
    if not dry_run:
        _refuse_existing(folders.folder, baseline=baseline)
        _write(proposal, report)
    _tell(ui, proposal, report, dry_run=dry_run)
    return 0


def _refuse_existing(folder: str, *, baseline: bool) -> None:
    """Raise ``NewscardsError`` if there is a file already that would be written."""
    from newscards.corpus.settings import configuration_in

    if existing := configuration_in(folder):
        raise NewscardsError(
            f"{path_text(existing)} is a configuration already, and nothing is written over it",
            "change it, with `newscards help configuration`, or rename it; `newscards config` shows it",
        )
    path = os.path.join(folder, BASELINE)
    if baseline and os.path.lexists(path):
        raise NewscardsError(f"{path_text(path)} exists already", "rename it, or leave out --baseline")


def _report() -> Report:
    """Return the findings that are left with the proposed settings, which are those of the workspace."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.lint.findings import Report
    from newscards.query.findings import lint, stored_report

    workspace = current_workspace()
    report = stored_report(workspace, (), (), (), None, None)
    return report if isinstance(report, Report) else lint(workspace, (), (), ()).report()


def _write(proposal: Proposal, report: Report) -> None:
    """Write the baseline, if the proposal names one, and then the configuration, each whole or not at all."""
    from newscards.edits.atomic import write_file
    from newscards.lint.baseline import write_baseline
    from newscards.query.linters import make_linter

    written = proposal.settings.baseline
    if written:
        rules = {rule.name for rule in make_linter(proposal.settings).rules.severities}
        write_baseline(written, report, rules)
    try:
        write_file(proposal.file, proposal.text.encode())
    except BaseException as error:
        if written:
            os.unlink(written)
        if not isinstance(error, OSError):
            raise
        raise NewscardsError(
            f"cannot write {path_text(proposal.file)}: {error.strerror}",
            "--dry-run only shows it",
        ) from error


def _tell(ui: Ui, proposal: Proposal, report: Report, *, dry_run: bool) -> None:
    """Say what was written, how many findings are left with it, and what comes next."""
    from newscards.lint.findings import count_all

    file, baseline = path_text(proposal.file), proposal.settings.baseline
    ui.notice(f"nothing was written; without --dry-run it would be {file}" if dry_run else f"wrote {file}")
    findings = count_all(report.all_findings)
    left = f"{counted(findings, 'finding')} left with it in {counted(proposal.survey.cards, 'card')}"
    if baseline:
        left += f", which {path_text(baseline)} {'would have' if dry_run else 'has'}"
    here = os.path.join(os.getcwd(), "")
    is_above = here.startswith(os.path.join(os.path.abspath(proposal.folders.folder), ""))
    ui.notice(f"{left}; next: newscards validate{'' if is_above else f' --config {shlex.quote(file)}'}")
