"""Findings as text: the message, the place, the line with carets below the value, and the help."""

from __future__ import annotations

import re

from newscards.lint.findings import Finding, Report, Severity, Summary
from newscards.output.terminal.page import Page
from newscards.text import counted, one_line, path_text

COLORS: dict[str, str] = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}
_NARROW = re.compile("[ -~\xa1-\xac\xae-\u02ff\u0400-\u0482\u2010-\u2027\u2030-\u205e\u20a0-\u20c0]*+")
"""Latin and Cyrillic letters, signs, quotes and dashes, which are one column wide each."""
_MIN_TEXT_WIDTH = 40
_MAX_OTHERS = 3
"""How many other cards a finding names; in JSON it names a hundred."""


def concise_text(page: Page, finding: Finding) -> str:
    """Return a finding on one line, as compilers print it, for editors and `grep`."""
    place = f"{path_text(finding.path)}:{finding.line}:{finding.column}: "
    return f"{page.styled(place, 'bold')}{_head(page, finding)}{one_line(finding.message)}\n"


def statistics_text(page: Page, report: Report) -> str:
    """Return the number of findings of each rule, the most first."""
    counts = report.by_rule
    width = max((len(f"{count:,}") for _, count in counts), default=0)
    lines: list[str] = []
    for (rule, severity), count in counts:
        head = page.styled(f"{severity}[{rule.code}]", COLORS[severity])
        padding = " " * (len("warning") - len(severity.value))
        lines.append(f"{count:>{width},}  {head}{padding}  {rule.name}\n")
    return "".join(lines)


def summary_text(page: Page, summary: Summary) -> str:
    """Return one line with the number of findings and of cards."""
    cards = counted(summary.cards, "card")
    if not summary.findings:
        return page.styled(f"{cards} checked: all fine.", "green") + "\n"
    counts = {Severity.ERROR: summary.errors, Severity.WARNING: summary.warnings}
    parts = [
        page.styled(counted(number, severity.value), COLORS[severity])
        for severity, number in counts.items()
        if number
    ]
    fixable = f", {summary.fixable:,} fixable with --fix" if summary.fixable else ""
    return f"Found {' and '.join(parts)} in {summary.bad_cards:,} of {cards}{fixable}.\n"


def finding_text(page: Page, finding: Finding) -> str:
    """Return a finding in the layout of ruff, and an empty line."""
    number, styled = str(finding.line), page.styled
    margin = " " * len(number)
    lines = [
        f"{_head(page, finding)}{one_line(finding.message)}",
        f"{styled(f'{margin}--> ', 'blue')}{path_text(finding.path)}:{number}:{finding.column}",
    ]
    if finding.source and not finding.source.isspace():
        line, start, width = cut_source_line(finding, page.width - len(margin) - 3)
        carets = styled("^" * width, COLORS[finding.severity])
        lines.append(styled(f"{margin} |", "blue"))
        lines.append(f"{styled(f'{number} | ', 'blue')}{line}")
        lines.append(f"{styled(f'{margin} | ', 'blue')}{' ' * start}{carets}")
    prefix = styled(f"{margin} = ", "blue")
    if finding.others:
        for path, place in finding.others[:_MAX_OTHERS]:
            lines.append(f"{prefix}{styled('also: ', 'bold')}{path_text(path)}:{place}")
        if more := finding.others[_MAX_OTHERS:]:
            lines.append(f"{prefix}and {len(more)} more")
    if finding.help:
        lines.append(f"{prefix}{styled('help: ', 'bold')}{one_line(finding.help)}")
    lines.append("\n")
    return "\n".join(lines)


def _head(page: Page, finding: Finding) -> str:
    """Return the severity and the rule, with which every text format begins."""
    rule = finding.rule
    severity = page.styled(f"{finding.severity}[{rule.code}]", COLORS[finding.severity])
    return severity + page.styled(f" {rule.name}: ", "bold")


def cut_source_line(finding: Finding, room: int) -> tuple[str, int, int]:
    """Return the part of a finding's line that fits, the start of its carets, and their number.

    All three are measured in terminal columns. A long line is cut on both sides of the place, with an
    ellipsis at each cut.
    """
    text, room = finding.source, max(room, _MIN_TEXT_WIDTH)
    start = min(finding.column - 1, len(text))
    end = min(finding.end_column - 1, len(text)) if finding.end_line == finding.line else len(text)
    # At most one character per column can be shown; cut first, because the line may have 1 MiB. One more
    # of the marked ones shows below that they are cut.
    before, marked = (
        one_line(text[max(start - room, 0) : start]),
        one_line(text[start : min(end, start + room + 1)]),
    )
    after = one_line(text[end : end + room])
    before_width, marked_width, after_width = _width(before), max(_width(marked), 1), _width(after)
    if start > room or before_width + marked_width + after_width > room or end - start > room:
        reserved = min(marked_width + after_width, room - room // 3)
        if start > room or before_width > room - reserved:
            before = "…" + _cut_start(before, room - reserved - 1)
            before_width = _width(before)
        marked = _cut_end(marked, room - before_width)
        marked_width = max(_width(marked), 1)
        after = _cut_end(after, room - before_width - marked_width)
    return before + marked + after, before_width, marked_width


def _width(text: str) -> int:
    """Return the width of a text in terminal columns."""
    if (text.isascii() and text.isprintable()) or _NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len  # imported here because most lines do not need it

    return cell_len(text)


def _cut_end(text: str, room: int) -> str:
    """Return the beginning of a text that fits, with an ellipsis if it is cut."""
    if _width(text) <= room:
        return text
    return _cut(text, room - 1).rstrip() + "…" if room > 0 else ""


def _cut(text: str, room: int) -> str:
    """Return the beginning of a text, exactly ``room`` columns wide."""
    if _NARROW.fullmatch(text):
        return text[:room]
    from rich.cells import set_cell_size

    return set_cell_size(text, room)


def _cut_start(text: str, room: int) -> str:
    """Return the end of a text that fits."""
    while _width(text) > room:
        text = text[1:]
    return text
