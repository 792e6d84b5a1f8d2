"""The view of ``validate``: which findings are shown, and the command that shows all of a rule."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from newscards.output.pager import is_paged
from newscards.output.reports.formats import TEXT_FORMATS
from newscards.output.ui import current
from newscards.text import one_line

if TYPE_CHECKING:
    from newscards.lint.findings import RuleName
    from newscards.output.terminal.overview import View

_LIMIT = 3
"""How many findings of each rule a terminal shows, unless ``--limit`` says otherwise."""
_FAMILY = re.compile(r"NC\d{0,2}", re.IGNORECASE)
"""A selector of several rules; any other is the code or the name of one."""
_NOT_REPEATED = {
    "select", "ignore", "limit", "group", "fix", "unsafe", "diff", "in_place", "outputs", "new_baseline",
}  # fmt: skip
"""The options that the command for one rule lacks: it chooses other findings, and writes nothing."""
_MAX_COMMAND = 200
"""The length of the longest command that is printed; a longer one has many PATHs."""


def view_of(output_format: str, select: Sequence[str], limit: int | None, *, is_by_rule: bool) -> View | None:
    """Return what standard output shows of the findings; ``None`` for all of them, by rank.

    A terminal that somebody reads shows the first findings of each rule, unless the rules are chosen by name:
    then their findings are what is wanted. ``--quiet`` leaves nothing out, because nothing would say so.
    """
    ui = current()
    is_terminal = output_format in TEXT_FORMATS and ui.is_read and not ui.quiet
    is_limited = is_terminal and limit is None and (not select or any(map(_FAMILY.fullmatch, select)))
    at_most = _LIMIT if is_limited else limit or 0
    if not (is_terminal or at_most or is_by_rule):
        return None
    from newscards.output.terminal.overview import MAX_ROWS, View  # imported here because a pipe shows all

    has_table = output_format == "text" and not ui.quiet and (is_terminal or at_most > 0)
    command = None if ui.quiet else _command_for
    return View(at_most, MAX_ROWS if is_limited else 0, is_by_rule, command, has_table, is_paged(ui))


def _command_for(rule: RuleName) -> str:
    """Return the command that shows all findings of a rule: the user's own, with their PATHs and options."""
    import shlex  # imported here because a pipe shows all

    context = click.get_current_context()
    before, rest = _typed(context.find_root(), current().args)
    after, _ = _typed(context, rest[1:])
    paths: Sequence[str] = context.params["paths"]
    words = ["newscards", *before, context.info_name or "", "--select", rule.code, *after]
    words += ["--"] * any(path.startswith("-") and path != "-" for path in paths)
    line = one_line(shlex.join([*words, *paths]))
    return line if len(line) <= _MAX_COMMAND else f"the same with --select {rule.code}"


def _typed(context: click.Context, args: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the options of a command that are to be repeated, as they were typed, and what follows."""
    values, rest, _ = context.command.make_parser(context).parse_args([*args])
    given = [
        (max(option.opts, key=len), values[option.name], option.is_flag)
        for option in context.command.params
        if isinstance(option, click.Option) and option.name in values.keys() - _NOT_REPEATED
    ]
    words = [word for name, value, is_flag in given for word in _words(name, value, is_flag=is_flag)]
    return words, rest


def _words(name: str, value: str | Sequence[str], *, is_flag: bool) -> Iterator[str]:
    if is_flag:
        yield name
        return
    for each in [value] if isinstance(value, str) else value:
        yield from (name, each)
