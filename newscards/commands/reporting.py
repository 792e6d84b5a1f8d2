"""What becomes of a report of ``validate``: it is held against a baseline, and written in its formats."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from newscards.lint.findings import Form, Report
from newscards.lint.stored_findings import Printed
from newscards.output.reports.formats import Sink, form_of, write_report
from newscards.output.reports.output_files import STANDARD_OUTPUT, Output, write_file
from newscards.output.ui import current
from newscards.text import counted, path_text

if TYPE_CHECKING:
    from newscards.lint.baseline import Baseline


def known(file: str | None) -> Baseline | None:
    """Return the baseline in a file, where one is named; raises ``NewscardsError``."""
    if file is None:
        return None
    from newscards.lint.baseline import read_baseline  # only here: few runs have one

    return read_baseline(file)


def keep(report: Report, file: str, rules: Set[str]) -> int:
    """Write a baseline of what rules found; return the exit code."""
    from newscards.lint.baseline import write_baseline

    write_baseline(file, report, rules)
    found, cards = counted(len(report.findings), "finding"), counted(report.summary.bad_cards, "card")
    current().notice(f"{path_text(file)} has {found} in {cards} now")
    return 0


def without_known(report: Report, baseline: Baseline | None, rules: Set[str]) -> Report:
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


def form(name: str, outputs: Sequence[Output], *, statistics: bool) -> Form | None:
    """Return the form of a format, where all that is asked for is to have findings told in it."""
    return None if outputs else form_of(name, _standard_output(statistics=statistics))


def write(report: Report | Printed, name: str, outputs: Sequence[Output] = (), *, statistics: bool) -> None:
    """Write a report to standard output in one of ``validate``'s formats, and into the files of --output."""
    ui, sink = current(), _standard_output(statistics=statistics)
    if isinstance(report, Printed):
        for part in report.told():
            ui.write(part)
        return
    if "github" in (name, *(output.form for output in outputs)):
        from newscards.output.reports.github_report import append_summary

        try:
            append_summary(report)
        except OSError as error:
            ui.warn(f"the summary of the step cannot be written: {error}")
    for output in outputs:
        if output.file != STANDARD_OUTPUT:
            write_file(report, output)
    write_report(report, name, sink)
    for output in outputs:
        if output.file == STANDARD_OUTPUT:
            write_report(report, output.form, sink._replace(statistics=False))


def _standard_output(*, statistics: bool) -> Sink:
    ui = current()
    return Sink(ui.write, is_output=True, statistics=statistics, quiet=ui.quiet)
