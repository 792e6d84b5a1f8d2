"""``newscards validate``: cards checked by the rules, and fixed."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING

import click

from newscards.commands.shared.finding_view import view_of
from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    in_place_option,
    nul_names_option,
    paths_argument,
)
from newscards.output.reports.formats import (
    FORMATS,
    LISTING_FORMATS,
    Sink,
    form_of,
    write_report,
)
from newscards.output.ui import Ui, current
from newscards.text import counted, path_text

if TYPE_CHECKING:
    from newscards.corpus.settings import Settings
    from newscards.edits.journal import CardEdit, Journal
    from newscards.lint.baseline import Baseline
    from newscards.lint.findings import Report
    from newscards.lint.fixer import Fixer
    from newscards.lint.linter import Linter
    from newscards.lint.stored_findings import Printed
    from newscards.output.reports.output_files import Output
    from newscards.query.since import Since


@click.command("validate", context_settings=CONTEXT)
@paths_argument
@click.option("--format", "output_format", type=click.Choice([*FORMATS]), default="text", show_default=True,
              help="The output format; concise has one line per finding.")  # fmt: skip
@click.option("--output", "outputs", metavar="FORMAT:FILE", multiple=True,
              help="Also write all findings to FILE, in one of these formats.")  # fmt: skip
@click.option("--select", metavar="RULES", multiple=True, shell_complete=completed_by("rules"),
              help="Run only these rules: codes, families (NC2) or names, separated by commas.")  # fmt: skip
@click.option("--ignore", metavar="RULES", multiple=True, shell_complete=completed_by("rules"),
              help="Do not run these rules.")  # fmt: skip
@click.option("--changed-since", "since", metavar="REV",
              help="Report only what was added since the merge base with this git revision.")  # fmt: skip
@click.option("--all-findings", is_flag=True,
              help="With --changed-since, also report the old findings of the changed cards.")  # fmt: skip
@click.option("--fix", is_flag=True, help="Fix findings that have a safe fix, in the files.")
@click.option("--unsafe-fixes", "unsafe", is_flag=True,
              help="--fix, and fixes that change what a card means or what the site shows.")  # fmt: skip
@click.option("--diff", is_flag=True,
              help="Show what --fix would change, and exit 1 if anything; write nothing.")  # fmt: skip
@in_place_option
@click.option("--baseline", metavar="FILE",
              help="Leave out the findings in the baseline FILE, not the configured one.")  # fmt: skip
@click.option("--no-baseline", is_flag=True, help="Leave out no findings, whatever is configured.")
@click.option("--write-baseline", "new_baseline", metavar="FILE",
              help="Write the findings to FILE as a baseline, and exit 0.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=0), metavar="N",
              help="Show at most N findings of a rule, 0 for all.  [default: 3 in a terminal]")  # fmt: skip
@click.option("--group", type=click.Choice(["file", "rule"]), default="file", show_default=True,
              help="Group the findings by file, or by rule below a heading.")  # fmt: skip
@click.option("--statistics", is_flag=True, help="Print only the number of findings of each rule.")
@click.option("--strict", is_flag=True, help="Exit 1 on a warning, too, not only on an error.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 even if there are findings.")
@nul_names_option("PATHs")
@common_options
def command(
    paths: tuple[str, ...],
    output_format: str,
    outputs: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    since: str | None,
    all_findings: bool,
    fix: bool,
    unsafe: bool,
    diff: bool,
    in_place: bool,
    baseline: str | None,
    no_baseline: bool,
    new_baseline: str | None,
    limit: int | None,
    group: str,
    statistics: bool,
    strict: bool,
    exit_zero: bool,
    nul: bool,
) -> int:
    """Check cards, and report each problem: what is wrong, where, and how to fix it.

    Errors come first, then warnings in published cards, then the rest. A terminal shows three findings of
    each rule, as many as fit into 300 lines, and then a table by rule; a pipe gets all of them.

    PATH is a file or a folder; `-` reads PATHs from standard input. The exit code is 1 if there is an error,
    0 if there are only warnings, and 2 if a PATH does not exist or holds no card. Rules that compare cards
    read the whole corpus, even if PATHs name only a part of it.

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
    from newscards.output.pager import paged
    from newscards.output.reports.output_files import parse_outputs
    from newscards.query.findings import lint, stored_report

    listing = {"--statistics": statistics, "--limit": limit is not None, "--group": group != "file"}
    for option in [name for name, is_given in listing.items() if is_given]:
        if output_format not in LISTING_FORMATS:
            formats = ", ".join(LISTING_FORMATS)
            raise click.UsageError(f"{option} goes with {formats}, not with {output_format}")
        if statistics and option != "--statistics":
            raise click.UsageError(f"{option} does not go with --statistics, which lists no finding")
    if no_baseline and baseline is not None:
        raise click.UsageError("--no-baseline and --baseline exclude each other")
    if all_findings and since is None:
        raise click.UsageError("--all-findings goes only with --changed-since")
    if in_place and not (fix or unsafe):
        raise click.UsageError("--in-place goes only with --fix or --unsafe-fixes")
    files = parse_outputs(outputs)
    selected, ignored = _words(select), _words(ignore)
    workspace = current_workspace()
    configured = None if no_baseline or new_baseline else workspace.settings_for(paths)
    known = _read_baseline(baseline, configured)
    fixes = diff or fix or unsafe
    is_all = not (known or new_baseline) and since is None
    ui = current()
    view = None if statistics else view_of(output_format, selected, limit, is_by_rule=group == "rule")
    sink = Sink(ui.write, is_stdout=True, statistics=statistics, quiet=ui.quiet, view=view)
    sink = sink._replace(is_of_some_rules=bool(selected or ignored))
    # The index may store the text of the run's only output.
    form = form_of(output_format, sink) if is_all and not files else None
    compared = _comparison(since, shows_old=all_findings)
    report = None if fixes else stored_report(workspace, paths, selected, ignored, form, compared)
    unwritten = 0
    linter = None
    if report is None:

        def check() -> Linter:
            names = read_names(paths, nul=nul)
            if paths and not names:
                from newscards.rules.selection import every_linter

                return every_linter()  # standard input has no names
            return lint(workspace, names, selected, ignored, compared, for_fixes=fixes)

        if diff:
            changes = _show_fixes(check(), unsafe=unsafe)
            return 1 if changes and not exit_zero else 0
        if fixes:
            linter, report, unwritten = _fix(check, unsafe=unsafe, in_place=in_place)
        else:
            linter = check()
            report = linter.report()
    if isinstance(report, Report) and (known or new_baseline):
        from newscards.query.linters import make_linter

        linter = linter or make_linter(workspace.settings_for(paths), selected, ignored)
        rules = {rule.name for rule in linter.rules.severities}
        if new_baseline:
            return _write_baseline(report, new_baseline, rules) or bool(unwritten)
        report = _without_known(report, known, rules)
    if isinstance(report, Report):
        report.strict = strict
        if report.old and not known:  # a baseline may have them, and then nothing shows them
            old = counted(report.old, "old finding")
            ui.notice(f"left out {old} in the changed cards; --all-findings shows them")
    with paged(ui):
        _write_report(report, output_format, files, sink)
    failed = report.summary.findings if strict else report.summary.errors
    return 1 if (failed and not exit_zero) or unwritten else 0


def _comparison(rev: str | None, *, shows_old: bool) -> Since | None:
    """Return the comparison with a git revision, ``None`` without one."""
    if rev is None:
        return None
    from newscards.query.since import Since  # only here: few runs compare

    return Since(rev, shows_old)


def _words(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a repeatable option that takes comma-separated lists."""
    return tuple(word.strip() for value in values for word in value.split(",") if word.strip())


def _read_baseline(file: str | None, settings: Settings | None) -> Baseline | None:
    """Return the baseline in a file, else the one of the settings; raises ``NewscardsError``."""
    config = ""
    if file is None and settings and settings.baseline:
        file, config = settings.baseline, settings.file
    if file is None:
        return None
    from newscards.lint.baseline import read_baseline  # only here: few runs have a baseline

    return read_baseline(file, config)


def _write_baseline(report: Report, file: str, rules: Set[str]) -> int:
    """Write a baseline with the findings of ``rules``; return the exit code."""
    from newscards.lint.baseline import write_baseline
    from newscards.lint.findings import count_all

    write_baseline(file, report, rules)
    findings = counted(count_all(report.all_findings), "finding")
    cards = counted(len({finding.path for finding in report.all_findings}), "card")
    current().notice(f"wrote {findings} in {cards} to {path_text(file)}")
    return 0


def _without_known(report: Report, baseline: Baseline | None, rules: Set[str]) -> Report:
    """Return the report without the findings in a baseline.

    Print a note about those that have been fixed since. ``rules`` are the names of the rules that were run.
    """
    if baseline is None:
        return report
    from newscards.lint.findings import count_all

    left, gone = baseline.apply(report, rules)
    if known := count_all(report.findings) - count_all(left.findings):
        current().notice(
            f"left out {counted(known, 'finding')} that the baseline {path_text(baseline.path)} has"
        )
    if gone:
        advice = f"update it with --write-baseline {path_text(baseline.path)}"
        current().notice(f"{counted(gone, 'finding')} of the baseline no longer found: {advice}")
    return left


def _write_report(
    report: Report | Printed, output_format: str, outputs: Sequence[Output], sink: Sink
) -> None:
    """Write a report to standard output in one of ``FORMATS``, and into the files of --output."""
    from newscards.lint.stored_findings import Printed
    from newscards.output.reports.output_files import STANDARD_OUTPUT, write_output

    ui = current()
    if isinstance(report, Printed):
        for part in report.parts():
            ui.write(part)
        return
    if "github" in (output_format, *(output.output_format for output in outputs)):
        from newscards.output.reports.github_report import append_summary

        try:
            append_summary(report)
        except OSError as error:
            ui.warn(f"the summary of the step cannot be written: {error}")
    for output in outputs:
        if output.file != STANDARD_OUTPUT:
            write_output(report, output)
    write_report(report, output_format, sink)
    for output in outputs:
        if output.file == STANDARD_OUTPUT:
            write_report(report, output.output_format, sink._replace(statistics=False, view=None))


def _fix(check: Callable[[], Linter], *, unsafe: bool, in_place: bool) -> tuple[Linter, Report, int]:
    """Check and fix cards under the edit lock, so that nobody else edits them meanwhile.

    Return the linter, the report of the findings that are left, and the number of cards that could not be
    written.
    """
    from newscards.edits.transaction import editing
    from newscards.lint.fixer import Fixer

    ui = current()
    with editing(ui.notice, ui.warn) as journal:
        linter = check()
        fixer = Fixer(linter, unsafe=unsafe)
        left = fixer.fix()
        unwritable = set[str]()
        while reasons := _unwritable(fixer, ui, in_place=in_place):
            unwritable |= reasons.keys()
            left = fixer.fix_without(reasons)  # of a fix in several cards, none is written
        failed, journal_failed = set[str](), False
        if fixer.before:
            failed, journal_failed = _write_fixes(fixer, ui, journal, in_place=in_place)
    if fixer.made:
        findings, cards = counted(fixer.made, "finding"), counted(len(fixer.before), "card")
        hint = "; `newscards undo` takes it back" if journal.folder and not journal_failed else ""
        ui.notice(f"fixed {findings} in {cards}{_with_copies(fixer)}{hint}")
    elif not unwritable:
        ui.notice(_nothing_fixed(unsafe=unsafe))
    unwritten = len(failed | unwritable) or int(journal_failed)
    return linter, (linter.report() if failed else left), unwritten


def _unwritable(fixer: Fixer, ui: Ui, *, in_place: bool) -> dict[str, str]:
    """Report the fixed cards that cannot be written, and return the reasons by their paths."""
    from newscards.edits.atomic import refuse_unplanned
    from newscards.errors import EditRefusedError, hint_of, system_reason

    reasons: dict[str, str] = {}
    for path, before in fixer.before.items():
        try:
            refuse_unplanned(path, before, in_place=in_place)
        except (EditRefusedError, OSError) as error:
            reasons[path] = system_reason(error)
            ui.error(f"{path_text(path)}: not fixed: {reasons[path]}", hint_of(error))
    return reasons


def _with_copies(fixer: Fixer) -> str:
    """Return the number of copies that were updated with the fixes, as a part of a sentence."""
    return f", with {counted(fixer.copies, 'copy', 'copies')} of their values" if fixer.copies else ""


def _nothing_fixed(*, unsafe: bool) -> str:
    """Return the sentence that says that there was nothing to fix."""
    return f"nothing to fix: no finding has a {'' if unsafe else 'safe '}fix"


def _show_fixes(linter: Linter, *, unsafe: bool) -> int:
    """Show what ``_fix`` would change, as diffs; return 1 if anything would change, else 0."""
    from newscards.lint.fixer import Fixer
    from newscards.output.pager import paged

    ui = current()
    fixer = Fixer(linter, unsafe=unsafe)
    fixer.fix()
    with paged(ui):
        fixer.diff(ui.write)
    findings, cards = counted(fixer.made, "finding"), counted(len(fixer.before), "card")
    is_any = bool(fixer.before)
    would = f"would fix {findings} in {cards}{_with_copies(fixer)}"
    ui.notice(would if is_any else _nothing_fixed(unsafe=unsafe))
    return 1 if fixer.before else 0


def _write_fixes(fixer: Fixer, ui: Ui, journal: Journal, *, in_place: bool) -> tuple[set[str], bool]:
    """Write the fixed cards, as one edit.

    Report the cards that could not be written, and return them, and whether the journal failed.
    """
    from newscards.edits.journal import JournalError
    from newscards.edits.transaction import write_card_edits
    from newscards.errors import hint_of, system_reason

    failed, finished, journal_failed = set[str](), set[str](), False

    def report_card(record: CardEdit, trouble: Exception | None) -> None:
        finished.add(record.report["name"])
        if trouble:
            failed.add(record.report["name"])
            name, reason = path_text(record.report["name"]), system_reason(trouble)
            ui.error(f"{name}: not fixed: {reason}", hint_of(trouble))

    try:
        write_card_edits(journal, ui.command, fixer.records(), report_card, ui.notice, in_place=in_place)
    except JournalError as error:
        journal_failed = True
        failed |= fixer.before.keys() - finished
        ui.error(str(error), error.hint)
    for path in failed:
        fixer.take_back(path)
    return failed, journal_failed
