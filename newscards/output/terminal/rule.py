"""Rules: the documentation of one, or a table of several."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from newscards.lint.rule import FAMILIES, Rule
from newscards.output.terminal.findings import COLORS
from newscards.output.terminal.show import MAX_PROSE_WIDTH

_MIN_TEXT_WIDTH = 20
_CODE = re.compile(r"`([^`]+)`")


def print_rules(console: Console, rules: Sequence[Rule]) -> None:
    """Print rules by family, a line each: code, severity, name and summary."""
    for family, members in groupby(rules, key=lambda rule: rule.family):
        console.print(Text(f"{family} {FAMILIES[family]}", "bold"))
        listed = list(members)
        width = max(len(rule.name) for rule in listed)
        for rule in listed:
            head = Text.assemble("  ", (_mark(rule), COLORS[rule.severity]), f"  {rule.name:{width}}  ")
            summary = _prose(console, rule.documentation.summary)
            for line in summary.wrap(console, max(console.width - len(head), _MIN_TEXT_WIDTH)):
                line.rstrip()
                console.print(head + line, soft_wrap=True)
                head = Text(" " * len(head))
        console.print()
    legend = Text.assemble(("E", COLORS["error"]), " error: `validate` exits 1; ")
    legend.append("W", COLORS["warning"]).append(" warning: only with --strict")
    console.print(legend, soft_wrap=True)


def _mark(rule: Rule) -> str:
    """Return a rule's code with the first letter of its severity; without the code, if that is its name."""
    code = "" if rule.declared else f"{rule.code} "
    return f"{code}{rule.severity.value[0].upper()}"


def print_rule(console: Console, rule: Rule) -> None:
    """Print the documentation of a rule."""
    documentation = rule.documentation
    name = "" if rule.declared else f" {rule.name}"
    console.print(Text.assemble((f"{rule.severity}[{rule.code}]", COLORS[rule.severity]), (name, "bold")))
    for paragraph in (documentation.summary, *documentation.why.split("\n\n")):
        console.print()
        _print_prose(console, paragraph)
    for title, example, color in (
        ("SQL", documentation.sql, "cyan"),
        ("Fails", documentation.fails, "red"),
        ("Passes", documentation.passes, "green"),
    ):
        if example:
            console.print()
            console.print(Text(title, f"bold {color}"))
            console.print(Text(textwrap.indent(example, "  ")), soft_wrap=True)
    if documentation.fix:
        console.print()
        _print_prose(console, f"Fix: {documentation.fix}")
    if rule.fixes.value:
        console.print()
        _print_prose(
            console, f"`newscards validate {rule.fixes.value}` fixes it, where the right value is known."
        )


def _print_prose(console: Console, text: str) -> None:
    """Print a wrapped paragraph without trailing blanks."""
    for line in _prose(console, text).wrap(console, min(console.width, MAX_PROSE_WIDTH)):
        line.rstrip()
        console.print(line, soft_wrap=True)


def _prose(console: Console, text: str) -> Text:
    """Return a text with colour instead of backquotes, if the console has colour."""
    if not console.color_system:
        return Text(text)
    return Text.assemble(
        *((part, "cyan" if index % 2 else "") for index, part in enumerate(_CODE.split(text)))
    )
