"""``newscards why``: a sentence, its reasons, commands that would change it, and the findings."""

from __future__ import annotations

import shlex

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from newscards.cards.card import Card
from newscards.jekyll.explain import Explanation, Mark, Reason, Suggestion
from newscards.jekyll.site import Fate, View
from newscards.lint.findings import Report
from newscards.output.terminal.findings import line_text
from newscards.output.terminal.page import Page
from newscards.output.terminal.show import clean
from newscards.text import path_text

_SIGNS = {Mark.FINE: ("✓", "green"), Mark.DECIDES: ("→", "bold cyan"), Mark.LOOK: ("!", "bold yellow")}
_LABEL_WIDTH = 13
_MIN_TEXT_WIDTH = 30


def print_explanation(console: Console, explanation: Explanation, report: Report) -> None:
    """Print an explanation, and the findings of its card."""
    sign, color = _sign_of(explanation.view)
    _print_hanging(console, Text(f"{sign} ", color), Text(explanation.sentence, color))
    record = explanation.record
    if title := clean(record.title) if isinstance(record, Card) else "":
        _print_hanging(console, Text("  "), Text(title, "dim"))
    console.print(Text(f"  {path_text(record.path)}", "dim"), soft_wrap=True)
    console.print()
    for reason in explanation.reasons:
        _print_reason(console, reason)
    if explanation.suggestions:
        _heading(console, _suggestions_heading(explanation.view))
        for suggestion in explanation.suggestions:
            _print_suggestion(console, suggestion, record.path)
    _heading(console, "Findings" if report.findings else "No findings")
    page = Page(console.width, console.color_system is not None, console.is_terminal)
    for finding in report.findings:
        console.file.write(line_text(page, finding))


def _sign_of(view: View | None) -> tuple[str, str]:
    """Return the sign of an explanation, and its colour."""
    if view is None:
        return "?", "bold yellow"
    if view.fate is Fate.PUBLISHED:
        return "●", "bold green"
    if view.fate is Fate.LISTED:
        return "◐", "bold yellow"
    return ("○", "bold") if view.fate in (Fate.HIDDEN, Fate.UNREAD) else ("✕", "bold red")


def _suggestions_heading(view: View | None) -> str:
    if view is None:
        return "To know"
    return _HEADINGS.get(view.fate, "To fix it")


_HEADINGS = {
    Fate.PUBLISHED: "To hide it",
    Fate.LISTED: "To give it a page, or to hide it",
    Fate.HIDDEN: "To show it",
    Fate.UNREAD: "To show it",
}
"""The headings of the suggestions, where nothing is broken."""


def _print_reason(console: Console, reason: Reason) -> None:
    sign, color = _SIGNS[reason.mark]
    head = Text.assemble((f"  {sign} ", color), (f"{reason.name:<{_LABEL_WIDTH}}", "dim"))
    _print_hanging(console, head, Text(reason.text, "bold" if reason.mark is Mark.DECIDES else ""))


def _print_suggestion(console: Console, suggestion: Suggestion, path: str) -> None:
    if suggestion.set_published is None:
        _print_hanging(console, Text("  "), Text(suggestion.text))
        return
    word = "true" if suggestion.set_published else "false"
    path = f"./{path}" if path.startswith("-") else path
    command = f"  newscards set-published {word} {shlex.quote(path_text(path))}"
    console.print(Text(command, "cyan"), soft_wrap=True)  # on one line, to be copied


def _heading(console: Console, words: str) -> None:
    console.print()
    console.print(Text(words, "bold"))


def _print_hanging(console: Console, head: Text, text: Text) -> None:
    """Print a text after its head, with the following lines indented like the first.

    If a word, such as an id, is longer than a line, the terminal wraps it, so that it can be copied.
    """
    room = max(console.width - len(head), _MIN_TEXT_WIDTH)
    fits = all(cell_len(word) <= room for word in text.plain.split())
    for line in text.wrap(console, room) if fits else [text]:
        line.rstrip()
        console.print(head + line, soft_wrap=True)
        head = Text(" " * len(head))
