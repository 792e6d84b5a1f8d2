"""The formats of ``validate`` by name; the module of a format is imported when it is used."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from newscards.lint.findings import FindingFormat, Report, Summary
    from newscards.output.terminal.overview import View
    from newscards.output.terminal.page import Page


class Sink(NamedTuple):
    """The destination of a report: ``write`` takes text, ``is_stdout`` is true for standard output.

    With ``statistics`` the report has only the counts of each rule; with ``quiet`` text has no summary;
    ``is_of_some_rules`` is as in ``summary_text``. A ``view`` leaves findings out, or changes their order;
    without one all are written by rank.
    """

    write: Callable[[str], object]
    is_stdout: bool = False
    statistics: bool = False
    quiet: bool = False
    is_of_some_rules: bool = False
    view: View | None = None

    def page(self) -> Page:
        """Return the width and the use of colour for text that goes here."""
        from newscards.output.terminal.page import Page, plain_width
        from newscards.output.ui import current

        colored = self.is_stdout and current().colored(sys.stdout)
        is_terminal = self.is_stdout and sys.stdout.isatty()
        return Page(plain_width(is_terminal=is_terminal, colored=colored), colored, is_terminal)


def _text(name: str, sink: Sink) -> FindingFormat:
    from newscards.lint.findings import FindingFormat
    from newscards.output.terminal import findings

    page = sink.page()
    finding = findings.concise_text if name == "concise" else findings.finding_text
    letters = os.environ.get("UNICODE_VERSION")  # rich reads their width from it
    key = f"{name} {page.width} {page.colored} {page.wraps} {sink.is_of_some_rules} {letters}"
    return FindingFormat(
        key.encode(errors="replace"),
        partial(finding, page),
        lambda summary: "",
        partial(_summary, page, sink),
    )


def _summary(page: Page, sink: Sink, summary: Summary) -> str:
    """Return the sentences below the findings; none if the user wants none."""
    from newscards.output.terminal.findings import summary_text

    return "" if sink.quiet else summary_text(page, summary, is_of_some_rules=sink.is_of_some_rules)


def _json(name: str, sink: Sink) -> FindingFormat:
    from newscards.output.reports.json_report import DOCUMENT, LINES

    return DOCUMENT if name == "json" else LINES


_FORMS: dict[str, Callable[[str, Sink], FindingFormat]] = {
    "text": _text,
    "concise": _text,
    "json": _json,
    "jsonl": _json,
}
_MODULES = {
    "sarif": "sarif_report",
    "junit": "junit_report",
    "github": "github_report",
    "gitlab": "gitlab_report",
}
FORMATS = (*_FORMS, *_MODULES)
TEXT_FORMATS = ("text", "concise")
"""The formats for people."""
LISTING_FORMATS = tuple(_FORMS)
"""The formats that list findings one by one, and that can be combined with ``--statistics``."""


def form_of(name: str, sink: Sink) -> FindingFormat | None:
    """Return the ``FindingFormat`` of a format; ``None`` without one, or if a part of a report is wanted."""
    return None if sink.view else _form(name, sink)


def _form(name: str, sink: Sink) -> FindingFormat | None:
    return _FORMS[name](name, sink) if name in _FORMS and not sink.statistics else None


def write_report(report: Report, name: str, sink: Sink) -> None:
    """Write a report in one of ``FORMATS``."""
    if form := _form(name, sink):
        for text in _parts(report, name, form, sink):
            sink.write(text)
    elif name in _MODULES:
        sink.write(import_module(f"newscards.output.reports.{_MODULES[name]}").render(report))
    elif name.startswith("json"):
        from newscards.output.reports.json_report import statistics

        sink.write(statistics(report, lines=name == "jsonl"))
    else:
        from newscards.output.terminal.findings import statistics_text

        page = sink.page()
        sink.write(statistics_text(page, report))
        sink.write(_summary(page, sink, report.summary))


def _parts(report: Report, name: str, form: FindingFormat, sink: Sink) -> Iterator[str]:
    """Return the parts of a report in a listing format: all of it, or what the view of ``sink`` shows."""
    if sink.view is None:
        return form.render(report)
    from newscards.output.terminal.overview import overview, selected

    if name in TEXT_FORMATS:
        return overview(sink.page(), report, sink.view, form)
    return form.render(report, selected(report.findings, sink.view))
