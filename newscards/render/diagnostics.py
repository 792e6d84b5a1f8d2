"""Findings as text for people: what, where, the line with a caret below the value, and what to do."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from newscards.counting import counted
from newscards.harmless import one_line, path_text
from newscards.lint import Finding, Report
from newscards.rules.rule import Severity

COLORS: dict[str, str] = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}
_LEAST_ROOM = 40
_OTHERS = 3
"""How many other cards a finding names; JSON has a hundred."""


def print_report(console: Console, report: Report) -> None:
    """Print every finding."""
    for finding in report.findings:
        print_finding(console, finding)


def print_concise(console: Console, report: Report) -> None:
    """Print every finding on a line of its own, which editors and `grep` can read."""
    for finding in report.findings:
        place = f"{path_text(finding.path)}:{finding.line}:{finding.column}: "
        text = Text.assemble(
            (place, "bold"), *_head(finding), f"{one_line(finding.message)}", end="\n", no_wrap=True
        )
        console.print(text, soft_wrap=True)


def print_statistics(console: Console, report: Report) -> None:
    """Print how many findings each rule has, the most first."""
    counts = report.by_rule
    width = max((len(f"{count:,}") for _, count in counts), default=0)
    for (rule, severity), count in counts:
        text = Text.assemble(f"{count:>{width},}  ", (f"{severity}[{rule.code}]", COLORS[severity]))
        text.append(" " * (len("warning") - len(severity.value)) + f"  {rule.name}")
        console.print(text, soft_wrap=True)


def print_summary(console: Console, report: Report) -> None:
    """Print how many findings there are, in how many cards."""
    console.print(_summary(report), soft_wrap=True)


def _head(finding: Finding) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the severity and the rule, as every text format begins."""
    color = COLORS[finding.severity]
    return (f"{finding.severity}[{finding.rule.code}]", color), (f" {finding.rule.name}: ", "bold")


def print_finding(console: Console, finding: Finding) -> None:
    """Print one finding, as ruff does."""
    color = COLORS[finding.severity]
    gutter = " " * len(str(finding.line))
    place = f"{path_text(finding.path)}:{finding.line}:{finding.column}"
    text = Text.assemble(
        *_head(finding),
        f"{one_line(finding.message)}\n",
        (f"{gutter}--> ", "blue"),
        f"{place}\n",
    )
    if finding.source.strip():
        line, start, width = excerpt(finding, console.width - len(gutter) - 3)
        text.append(f"{gutter} |\n{finding.line} | ", "blue")
        text.append(f"{line}\n")
        text.append(f"{gutter} | ", "blue")
        text.append(" " * start)
        text.append("^" * width + "\n", color)
    for path, number in finding.others[:_OTHERS]:
        text.append(f"{gutter} = ", "blue")
        text.append("also: ", "bold")
        text.append(f"{path_text(path)}:{number}\n")
    if more := finding.others[_OTHERS:]:
        text.append(f"{gutter} = ", "blue")
        text.append(f"and {len(more)} more\n")
    if finding.help:
        text.append(f"{gutter} = ", "blue")
        text.append("help: ", "bold")
        text.append(f"{one_line(finding.help)}\n")
    console.print(text, soft_wrap=True)  # one print a finding: each costs what a card costs to read


def excerpt(finding: Finding, room: int) -> tuple[str, int, int]:
    """Return the part of a finding's line that fits, and where its carets begin and how many there are.

    In columns of a terminal. A long line is cut around the place, with an ellipsis where it is cut.
    """
    text, room = finding.source, max(room, _LEAST_ROOM)
    start = min(finding.column - 1, len(text))
    end = min(finding.end_column - 1, len(text)) if finding.end_line == finding.line else len(text)
    # No more characters than there are columns can be shown: the line may be 1 MiB.
    before, marked = (
        one_line(text[max(start - room, 0) : start]),
        one_line(text[start : min(end, start + room)]),
    )
    after = one_line(text[end : end + room])
    wanted = max(cell_len(marked), 1)
    if start > room or cell_len(before) + wanted + cell_len(after) > room or end - start > room:
        least = min(wanted + cell_len(after), room - room // 3)
        if start > room or cell_len(before) > room - least:
            before = "…" + _last(before, room - least - 1)
        marked = _first(marked, room - cell_len(before))
        after = _first(after, room - cell_len(before) - max(cell_len(marked), 1))
    return before + marked + after, cell_len(before), max(cell_len(marked), 1)


def _first(text: str, room: int) -> str:
    """Return the beginning of a text that fits, with an ellipsis where it is cut."""
    if cell_len(text) <= room:
        return text
    return set_cell_size(text, room - 1).rstrip() + "…" if room > 0 else ""


def _last(text: str, room: int) -> str:
    """Return the end of a text that fits."""
    while cell_len(text) > room:
        text = text[1:]
    return text


def _summary(report: Report) -> Text:
    cards = counted(report.cards, "card")
    if not report.findings:
        return Text.assemble((f"{cards} checked: all fine.", "green"))
    counts = {severity: report.count(severity) for severity in Severity}
    parts = [(counted(n, severity.value), COLORS[severity]) for severity, n in counts.items() if n]
    text = Text("Found ")
    text.append_text(Text(" and ").join(Text(*part) for part in parts))
    text.append(f" in {report.bad_cards:,} of {cards}")
    if report.fixable:
        text.append(f", {report.fixable:,} fixable with --fix")
    return text.append(".")
