"""The formats of ``validate``: a name -> what writes a report in it. Each is imported when it is used."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from newscards.findings import Report
    from newscards.render.page import Page


@dataclass(frozen=True, slots=True)
class Sink:
    """Where a report goes: ``write`` takes text; ``console`` makes rich's console of standard output.

    With ``statistics`` only counts are told, with ``quiet`` text has no summary.
    """

    write: Callable[[str], object]
    console: Callable[[], Console] | None = None
    statistics: bool = False
    quiet: bool = False

    def page(self) -> Page:
        """Return what text is printed on: in colour, and as wide as a terminal, where that is one."""
        from newscards.render.page import Page, plain_width
        from newscards.ui import current

        if self.console and current().colored(sys.stdout):
            return Page.of(self.console())
        is_terminal = self.console is not None and sys.stdout.isatty()
        return Page(self.write, plain_width(is_terminal=is_terminal))


Renderer = Callable[["Report", Sink], None]


def _text(report: Report, sink: Sink) -> None:
    _print("print_report", report, sink)


def _concise(report: Report, sink: Sink) -> None:
    _print("print_concise", report, sink)


def _print(how: str, report: Report, sink: Sink) -> None:
    from newscards.render import diagnostics

    page = sink.page()
    (diagnostics.print_statistics if sink.statistics else getattr(diagnostics, how))(page, report)
    if not sink.quiet:
        diagnostics.print_summary(page, report)


def _machine(module: str, **options: Any) -> Renderer:
    """Return the renderer of a module with ``render``, and ``statistics`` where the format can count."""

    def write(report: Report, sink: Sink) -> None:
        found = import_module(f"newscards.reports.{module}")
        sink.write((found.statistics if sink.statistics else found.render)(report, **options))

    return write


FORMATS: dict[str, Renderer] = {
    "text": _text,
    "concise": _concise,
    "json": _machine("json_report"),
    "jsonl": _machine("json_report", lines=True),
    "sarif": _machine("sarif_report"),
    "junit": _machine("junit_report"),
    "github": _machine("github_report"),
    "gitlab": _machine("gitlab_report"),
}

COUNTING = ("text", "concise", "json", "jsonl")
"""The formats that ``--statistics`` goes with."""
