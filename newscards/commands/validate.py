"""``newscards validate``: check cards."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    nul_option,
    paths_argument,
)
from newscards.output.reports.formats import FORMATS, STATISTICS_FORMATS
from newscards.output.ui import Ui, current
from newscards.text import counted, path_text

if TYPE_CHECKING:
    from newscards.edits.journal import CardEdit, Journal
    from newscards.lint.baseline import Baseline
    from newscards.lint.findings import OutputFormat, Report
    from newscards.lint.fixer import Fixer
    from newscards.lint.linter import Linter
    from newscards.lint.stored_findings import Printed
    from newscards.output.reports.formats import Sink
    from newscards.output.reports.output_files import Output


@click.command("validate", context_settings=CONTEXT)
@paths_argument
@click.option("--format", "name", type=click.Choice([*FORMATS]), default="text", show_default=True,
              help="How to tell what was found; concise is one line each.")  # fmt: skip
@click.option("--output", "outputs", metavar="FORMAT:FILE", multiple=True,
              help="Write all that was found into FILE too, in one of these formats.")  # fmt: skip
@click.option("--select", metavar="RULES", multiple=True, shell_complete=completed_by("rules"),
              help="Only these rules: codes, families (NC2), names; by commas.")  # fmt: skip
@click.option("--ignore", metavar="RULES", multiple=True, shell_complete=completed_by("rules"),
              help="Not these rules.")  # fmt: skip
@click.option("--changed-since", "since", metavar="REV",
              help="Only cards that changed since this git revision, as a pull request sees it.")  # fmt: skip
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, in place.")
@click.option("--unsafe-fixes", "unsafe", is_flag=True,
              help="Mend also what changes what a card means, or what the site shows.")  # fmt: skip
@click.option("--diff", is_flag=True, help="Show what --fix would change, and write nothing.")
@click.option("--baseline", metavar="FILE", help="Leave out what the baseline in FILE knows.")
@click.option("--write-baseline", "new_baseline", metavar="FILE",
              help="Write what is found into FILE, as a baseline, and exit 0.")  # fmt: skip
@click.option("--statistics", is_flag=True, help="Only count the findings of each rule.")
@click.option("--strict", is_flag=True, help="Exit 1 on a warning too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@nul_option
@common_options
def command(
    paths: tuple[str, ...],
    name: str,
    outputs: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    since: str | None,
    fix: bool,
    unsafe: bool,
    diff: bool,
    baseline: str | None,
    new_baseline: str | None,
    statistics: bool,
    strict: bool,
    exit_zero: bool,
    nul: bool,
) -> int:
    """Check cards, and tell what is wrong, where, and what to do.

    PATH is a file or a folder, `-` reads PATHs from standard input. The exit code is 1 where there is
    an error, 0 where there are warnings alone, 2 where a PATH does not exist or holds no card. Rules that
    compare cards look at the whole corpus, also where only some PATHs are reported on.

    \b
    Examples:
      newscards validate
      newscards validate --select NC2 --format concise
      newscards validate site/_news --format json > findings.json
      newscards validate --format github --output sarif:news.sarif
      newscards validate --changed-since origin/main
      newscards validate --fix --diff
      newscards validate --write-baseline .newscards-baseline.json
    """
    from newscards.commands.shared.corpora import current_workspace, read_names
    from newscards.lint.findings import Report
    from newscards.output.reports.output_files import parse_outputs
    from newscards.query.findings import lint, stored_report

    if statistics and name not in STATISTICS_FORMATS:
        raise click.UsageError(f"--statistics goes with {', '.join(STATISTICS_FORMATS)}, not with {name}")
    files = parse_outputs(outputs)
    selected, ignored = _words(select), _words(ignore)
    known = _read_baseline(baseline)
    mends = diff or fix or unsafe
    is_all = not (known or new_baseline) and since is None
    form = _stored_form(name, files, statistics=statistics) if is_all else None
    workspace = current_workspace()
    found = None if mends else stored_report(workspace, paths, selected, ignored, form, since)
    unwritten = 0
    linter = None
    if found is None:
        from newscards.rules.selection import every_linter

        def check() -> Linter:
            names = read_names(paths, nul=nul)
            if paths and not names:
                return every_linter()  # standard input names nothing
            return lint(workspace, names, selected, ignored, since)

        if diff:
            changes = _show_fixes(check(), unsafe=unsafe)
            return 1 if changes and not exit_zero else 0
        if mends:
            linter, found, unwritten = _fix(check, unsafe=unsafe)
        else:
            linter = check()
            found = linter.report()
    if isinstance(found, Report) and (known or new_baseline):
        from newscards.rules.selection import make_linter

        linter = linter or make_linter(workspace.settings_for(paths), selected, ignored)
        rules = {rule.name for rule in linter.rules.severities}
        if new_baseline:
            return _write_baseline(found, new_baseline, rules) or bool(unwritten)
        found = _without_known(found, known, rules)
    _write_report(found, name, files, statistics=statistics)
    failed = found.summary.findings if strict else found.summary.errors
    return 1 if (failed and not exit_zero) or unwritten else 0


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of an option that takes several by commas, and may be repeated."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def _read_baseline(file: str | None) -> Baseline | None:
    """Return the baseline in a file, where one is named; raises ``NewscardsError``."""
    if file is None:
        return None
    from newscards.lint.baseline import read_baseline  # only here: few runs have one

    return read_baseline(file)


def _write_baseline(report: Report, file: str, rules: Set[str]) -> int:
    """Write a baseline of what rules found; return the exit code."""
    from newscards.lint.baseline import write_baseline

    write_baseline(file, report, rules)
    found, cards = counted(len(report.findings), "finding"), counted(report.summary.bad_cards, "card")
    current().notice(f"{path_text(file)} has {found} in {cards} now")
    return 0


def _without_known(report: Report, baseline: Baseline | None, rules: Set[str]) -> Report:
    """Return the report without what a baseline knows, and tell where the baseline can shrink.

    ``rules`` are the names of those that were checked.
    """
    if baseline is None:
        return report
    left, gone = baseline.apply(report, rules)
    if known := len(report.findings) - len(left.findings):
        current().notice(f"{path_text(baseline.path)} knows of {counted(known, 'finding')}, left out here")
    if gone:
        advice = f"write it again with --write-baseline {path_text(baseline.path)}"
        current().notice(f"{counted(gone, 'finding')} of the baseline gone: {advice}")
    return left


def _stored_form(name: str, outputs: Sequence[Output], *, statistics: bool) -> OutputFormat | None:
    """Return the form of a format, where all that is asked for is to have findings told in it."""
    from newscards.output.reports.formats import form_of

    return None if outputs else form_of(name, _standard_output(statistics=statistics))


def _write_report(
    report: Report | Printed, name: str, outputs: Sequence[Output] = (), *, statistics: bool
) -> None:
    """Write a report to standard output in one of ``validate``'s formats, and into the files of --output."""
    from newscards.lint.stored_findings import Printed
    from newscards.output.reports.formats import write_report
    from newscards.output.reports.output_files import STANDARD_OUTPUT, write_output

    ui, sink = current(), _standard_output(statistics=statistics)
    if isinstance(report, Printed):
        for part in report.parts():
            ui.write(part)
        return
    if "github" in (name, *(output.output_format for output in outputs)):
        from newscards.output.reports.github_report import append_summary

        try:
            append_summary(report)
        except OSError as error:
            ui.warn(f"the summary of the step cannot be written: {error}")
    for output in outputs:
        if output.file != STANDARD_OUTPUT:
            write_output(report, output)
    write_report(report, name, sink)
    for output in outputs:
        if output.file == STANDARD_OUTPUT:
            write_report(report, output.output_format, sink._replace(statistics=False))


def _standard_output(*, statistics: bool) -> Sink:
    from newscards.output.reports.formats import Sink

    ui = current()
    return Sink(ui.write, is_stdout=True, statistics=statistics, quiet=ui.quiet)


def _fix(check: Callable[[], Linter], *, unsafe: bool) -> tuple[Linter, Report, int]:
    """Mend the cards that ``check`` checks, alone with them: nobody else may edit them meanwhile.

    Return what has checked them, what is left, and how many could not be written.
    """
    from newscards.edits.transaction import editing
    from newscards.lint.fixer import Fixer

    ui = current()
    with editing(ui.notice, ui.warn) as journal:
        linter = check()
        linter.report_neighbours = False  # only what was asked for is mended
        mender = Fixer(linter, unsafe=unsafe)
        left = mender.fix()
        failed, is_lost = _write_fixes(mender, ui, journal) if mender.before else (set(), False)
    if mender.made:
        mended = f"mended {counted(mender.made, 'finding')} in {counted(len(mender.before), 'card')}"
        ui.notice(f"{mended}; `newscards undo` takes it back")
    return linter, (linter.report() if failed else left), len(failed) or int(is_lost)


def _show_fixes(linter: Linter, *, unsafe: bool) -> int:
    """Show as diffs what ``_fix`` would change; return the exit code, 1 where there is anything."""
    from newscards.lint.fixer import Fixer

    ui = current()
    linter.report_neighbours = False
    mender = Fixer(linter, unsafe=unsafe)
    mender.fix()
    mender.diff(ui.write)
    found, cards = counted(mender.made, "finding"), counted(len(mender.before), "card")
    ui.notice(f"{found} in {cards} would be mended")
    return 1 if mender.before else 0


def _write_fixes(mender: Fixer, ui: Ui, journal: Journal) -> tuple[set[str], bool]:
    """Write the cards that were mended, as one edit.

    Return those that could not be written, which are told, and whether the journal failed.
    """
    from newscards.edits.journal import JournalError
    from newscards.edits.transaction import write_card_edits
    from newscards.errors import system_reason

    failed, told, is_lost = set[str](), set[str](), False

    def tell(record: CardEdit, trouble: Exception | None) -> None:
        told.add(record.report["name"])
        if trouble:
            failed.add(record.report["name"])
            ui.error(f"{path_text(record.report['name'])}: not mended: {system_reason(trouble)}")

    try:
        write_card_edits(journal, ui.command, mender.records(), tell, ui.notice)
    except JournalError as error:
        is_lost = True
        failed |= mender.before.keys() - told
        ui.error(str(error), error.hint)
    for path in failed:
        mender.take_back(path)
    return failed, is_lost
