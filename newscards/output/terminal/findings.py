"""Findings as text: the message, the place, the line with carets below the value, and the help."""

from __future__ import annotations

import re
from typing import NamedTuple

from newscards.lint.findings import MAX_LISTED, Finding, Report, Severity, Summary
from newscards.output.terminal.page import Page
from newscards.text import counted, one_line, path_text

COLORS: dict[str, str] = {Severity.ERROR: "bold red", Severity.WARNING: "bold yellow"}
_NARROW = re.compile("[ -~\xa1-\xac\xae-\u02ff\u0400-\u0482\u2010-\u2027\u2030-\u205e\u20a0-\u20c0]*+")
"""Latin and Cyrillic letters, signs, quotes and dashes, which are one column wide each."""
_UNSEEN = re.compile(
    "[\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]*"
)
"""Characters without a shape: blanks, controls, and Unicode's Default_Ignorable_Code_Point."""
_SIGNS = {" ": "·", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
_PUBLISHED = " (published)"
_MIN_TEXT_WIDTH = 40
_MAX_OTHERS = 3
"""How many other cards a finding names; in JSON it names a hundred."""


def concise_text(page: Page, finding: Finding) -> str:
    """Return a finding on one line, as compilers print it, for editors and `grep`."""
    place = f"{path_text(finding.path)}:{finding.line}:{finding.column}: "
    return f"{page.styled(place, 'bold')}{_head(page, finding)}{one_line(finding.message)}\n"


def line_text(page: Page, finding: Finding) -> str:
    """Return a finding of a card that is already named: its place in the card, the rule and the message."""
    head = f"  {page.styled(f'{finding.line}:{finding.column}', 'bold')}  {_head(page, finding)}"
    return page.wrapped(head, one_line(finding.message), "      ") + "\n"


def statistics_text(page: Page, report: Report) -> str:
    """Return the number of findings of each rule, the most first."""
    counts = report.by_rule
    width = max((len(f"{count:,}") for _, count in counts), default=0)
    lines: list[str] = []
    for (rule, severity), count in counts:
        head = page.styled(f"{severity}[{rule.code}]", COLORS[severity])
        padding = " " * (len("warning") - len(severity.value))
        name = rule.headline.removeprefix(f"[{rule.code}]")  # an own rule's code is its name
        lines.append(f"{count:>{width},}  {head}{f'{padding} {name}' if name else ''}\n")
    return "".join(lines)


def summary_text(page: Page, summary: Summary, *, is_of_some_rules: bool = False) -> str:
    """Return sentences with the numbers of findings and of cards, with a line break where they do not fit.

    ``is_of_some_rules`` says whether the user chose the rules, so that others may find something.
    """
    cards = counted(summary.cards, "card")
    if not summary.findings:
        fine = "the chosen rules find nothing" if is_of_some_rules else "all fine"
        return page.styled(f"{cards} checked: {fine}.", "green") + "\n"
    numbers = {Severity.ERROR: summary.errors, Severity.WARNING: summary.warnings}
    counts = {severity: counted(number, severity.value) for severity, number in numbers.items() if number}
    found = f"Found {' and '.join(counts.values())} in {summary.bad_cards:,} of {cards}."
    lines = [found]
    for sentence in sentences(summary):
        if len(lines[-1]) + 1 + len(sentence) <= page.width:
            lines[-1] += f" {sentence}"
        else:
            lines.append(sentence)
    for severity, count in counts.items():
        lines[0] = lines[0].replace(count, page.styled(count, COLORS[severity]), 1)
    return "".join(f"{line}\n" for line in lines)


def sentences(summary: Summary) -> list[str]:
    """Return sentences about findings: how many are in published cards, and how many can be fixed."""
    result: list[str] = []
    if summary.published:
        where = "is in a published card" if summary.published == 1 else "are in published cards"
        result.append(f"{summary.published:,} {where}.")
    numbers = {"--fix": summary.fixable, "--unsafe-fixes": summary.unsafely_fixable}
    (first, *more) = [(option, count) for option, count in numbers.items() if count] or [("", 0)]
    if first[1]:
        rest = "".join(f", {count:,} more with {option}" for option, count in more)
        result.append(f"{first[1]:,} {'is' if first[1] == 1 else 'are'} fixable with {first[0]}{rest}.")
    return result


def finding_text(page: Page, finding: Finding) -> str:
    """Return a finding in the layout of ruff, and an empty line."""
    number, styled = str(finding.line), page.styled
    margin = " " * len(number)
    mark = styled(_PUBLISHED, "bold") if finding.is_published else ""
    place = f"{path_text(finding.path)}:{number}:{finding.column}"
    if mark and page.wraps and len(margin) + 4 + _width(place) + len(_PUBLISHED) > page.width:
        mark = f"\n{margin}   {mark}"
    lines = [
        page.wrapped(_head(page, finding), one_line(finding.message), "    "),
        f"{styled(f'{margin}--> ', 'blue')}{place}{mark}",
    ]
    excerpt = cut_source_line(finding, page.width - len(margin) - 3)
    if excerpt.marked or finding.source.strip():
        marked = styled(excerpt.marked, "reverse") if excerpt.is_unseen else excerpt.marked
        carets = styled("^" * excerpt.width, COLORS[finding.severity])
        lines.append(styled(f"{margin} |", "blue"))
        lines.append(f"{styled(f'{number} | ', 'blue')}{excerpt.before}{marked}{excerpt.after}")
        lines.append(f"{styled(f'{margin} | ', 'blue')}{' ' * excerpt.start}{carets}")
    prefix = styled(f"{margin} = ", "blue")
    if finding.others:
        for path, line in finding.others[:_MAX_OTHERS]:
            lines.append(f"{prefix}{styled('also: ', 'bold')}{path_text(path)}:{line}")
        if more := finding.others[_MAX_OTHERS:]:
            at_least = "at least " if len(finding.others) >= MAX_LISTED else ""
            lines.append(f"{prefix}and {at_least}{len(more)} more")
    if finding.help:
        head = f"{prefix}{styled('help: ', 'bold')}"
        lines.append(page.wrapped(head, one_line(finding.help), " " * (len(margin) + 9)))
    lines.append("\n")
    return "\n".join(lines)


def _head(page: Page, finding: Finding) -> str:
    """Return the severity and the rule, with which every text format begins."""
    rule = finding.rule
    severity = page.styled(f"{finding.severity}[{rule.code}]", COLORS[finding.severity])
    name = rule.headline.removeprefix(f"[{rule.code}]")
    return severity + page.styled(f"{name}: ", "bold")


class Excerpt(NamedTuple):
    """The part of a finding's line that fits: what is before the marked place, the place, and the rest.

    ``is_unseen`` says whether nothing of the place can be seen, so that ``marked`` has signs instead.
    """

    before: str
    marked: str
    after: str
    is_unseen: bool

    @property
    def start(self) -> int:
        """The terminal column of the first caret."""
        return _width(self.before)

    @property
    def width(self) -> int:
        """The number of carets: at least one, so that an empty place is marked, too."""
        return max(_width(self.marked), 1)


def cut_source_line(finding: Finding, room: int) -> Excerpt:
    """Return the part of a finding's line that fits in ``room`` terminal columns.

    A long line is cut on both sides of the place, with an ellipsis at each cut.
    """
    text, room = finding.source, max(room, _MIN_TEXT_WIDTH)
    start = min(finding.column - 1, len(text))
    goes_on = finding.end_line > finding.line
    end = len(text) if goes_on else min(finding.end_column - 1, len(text))
    # At most one character per column can be shown; cut first, because the line may have 1 MiB. One more
    # of the marked ones shows below that they are cut.
    before, marked = _unmarked(text[max(start - room, 0) : start]), text[start : min(end, start + room + 1)]
    is_unseen = bool((marked or goes_on) and _UNSEEN.fullmatch(marked))
    marked = _with_signs(f"{marked}\n" if goes_on else marked) if is_unseen else _unmarked(marked)
    after = _unmarked(text[end : end + room])
    before_width, marked_width, after_width = _width(before), max(_width(marked), 1), _width(after)
    if start > room or before_width + marked_width + after_width > room or end - start > room:
        reserved = min(marked_width + after_width, room - room // 3)
        if start > room or before_width > room - reserved:
            before = "…" + _cut_start(before, room - reserved - 1)
            before_width = _width(before)
        marked = _cut_end(marked, room - before_width)
        marked_width = max(_width(marked), 1)
        after = _cut_end(after, room - before_width - marked_width)
    return Excerpt(before, marked, after, is_unseen)


def _unmarked(text: str) -> str:
    """Return a text on one line; a soft hyphen is escaped, because only some terminals show it."""
    return one_line(text).replace("\xad", r"\xad")


def _with_signs(text: str) -> str:
    """Return signs for characters that cannot be seen, with ``<U+200B>`` for those without a usual sign."""
    return "".join(_SIGNS.get(character) or f"<U+{ord(character):04X}>" for character in text)


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
    """Return the end of a text that fits; it does not begin with a mark that belongs to a lost letter."""
    if _NARROW.fullmatch(text):
        return text[max(len(text) - max(room, 0), 0) :]
    while text and (_width(text) > room or not _width(text[0])):
        text = text[1:]
    return text
