"""``newscards help``: the help of a command, or a page of the manual."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import click

from newscards.commands.shared.manual import TOPICS, context_of, page, similar_name, summaries
from newscards.commands.shared.options import CONTEXT, common_options, completed_by
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.text import did_you_mean, one_line


@click.command("help", context_settings=CONTEXT)
@click.argument(
    "words", metavar="[COMMAND | TOPIC]", nargs=-1, shell_complete=completed_by("command_or_page")
)
@common_options
def command(words: tuple[str, ...]) -> int:
    """Show the help of a COMMAND, or the page of the manual about a TOPIC. Without either, list both.

    In a terminal, a page that is longer than the screen goes through your pager ($NEWSCARDS_PAGER, else
    $PAGER, else less). In a pipe it is plain Markdown.

    \b
    Examples:
      newscards help
      newscards help recipes
      newscards help set-published
      newscards help topic add
      newscards help rules | grep duplicate
    """
    ui = current()
    root = click.get_current_context().find_root()
    if not words:
        ui.write(_overview(root))
    elif len(words) == 1 and words[0] in TOPICS:
        _show_page(ui, page(words[0]))
    else:
        ui.write(_help_of(root, words))
    return 0


def _overview(root: click.Context) -> str:
    """Return the list of all commands and topics."""
    formatter = root.make_formatter()
    formatter.write_text("`newscards help COMMAND` shows the help of a command, `newscards help TOPIC` a page"
                         " of the manual.")  # fmt: skip
    if isinstance(root.command, click.Group):
        root.command.format_commands(root, formatter)
    with formatter.section("Topics"):
        formatter.write_dl([*summaries().items()])
    return formatter.getvalue()


def _help_of(root: click.Context, words: Sequence[str]) -> str:
    """Return what ``newscards WORDS --help`` shows; ``words`` name a command, or one of a group's."""
    if context := context_of(root, words):
        return context.get_help() + "\n"
    *group, word = words
    inside = context_of(root, group)
    if inside is None:
        return _help_of(root, group)  # the first word that is wrong is the one to name
    names = inside.command.list_commands(inside) if isinstance(inside.command, click.Group) else []
    what = f"`{' '.join(group)}` has no command" if group else "there is no command and no topic"
    hint = did_you_mean(word, names) if group else similar_name(word, [*names, *TOPICS])
    raise NewscardsError(
        f"{what} `{one_line(word)}`",
        hint or _heading_hint(word) or "`newscards help` lists the commands and the topics",
    )


def _heading_hint(word: str) -> str:
    """Return a hint at the first page with a heading that has a word; empty if no heading has it."""
    for topic in TOPICS:
        headings = (line for line in page(topic).splitlines() if line.startswith("#"))
        if any(word.casefold() in heading.casefold() for heading in headings):
            return f"see `newscards help {topic}`"
    return ""


def _show_page(ui: Ui, markdown: str) -> None:
    """Print a page: as it is in a pipe; in a terminal rendered, through the pager where it is long."""
    if not sys.stdout.isatty():
        ui.write(markdown)
        return
    from newscards.output.pager import paged
    from newscards.output.terminal.manual import render_page

    with paged(ui):
        ui.write(render_page(ui.console(), markdown))
