"""The door: the command group, its lazily imported commands, and the one error boundary."""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from newscards import __version__
from newscards.commands.shared.options import COMPLETE, CONTEXT, common_options
from newscards.errors import NewscardsError
from newscards.output.ui import OutputError, Ui

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "validate": "Check cards; exit 1 on an error.",
    "rule": "Explain a rule, or list all of them.",
    "list": "List cards, one a line.",
    "filter-by-topic": "List the cards of a topic.",
    "show": "Show one card as a curator wants to see it.",
    "why": "Say whether the site shows a card, and why.",
    "stories": "List stories, the best first, or show one as a timeline.",
    "topics": "List the topics of cards, and how many each has.",
    "providers": "List the providers of cards, and how many each has.",
    "stats": "Show a corpus at a glance, or count cards by anything.",
    "query": "Run a SELECT over the cards, their topics and stories.",
    "diff": "Tell what changed between two git revisions, card by card.",
    "set-published": "Set the published flag of cards, in place.",
    "set": "Set any field of cards, in place.",
    "topic": "Add, remove and rename topics of cards, in place.",
    "remove": "Take cards down: removed, and not published.",
    "restore": "Take back that cards are removed.",
    "undo": "Take the last edit back, or show the last edits.",
    "schema": "Print the JSON Schema of a card, for editors.",
    "config": "Show the configuration that is in force.",
    "cache": "Show or delete what newscards keeps to be fast.",
    "completion": "Print the completion script of a shell.",
    "help": "Show the help of a command, or a page of the manual.",
}
"""Each command, in the order of its help, and its summary.

Its module in ``newscards.commands`` has its name, with ``_`` for ``-``, and there it is called ``command``.
"""

OK, FAULT, INTERRUPTED, BROKEN_PIPE = 0, 2, 130, 141
"""The exit codes (DESIGN.md, "Exit codes"); 1, a finding or a partial result, is what a command returns."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and none for its own help."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse the command line; ``--help`` and ``--version`` write while that is done."""
        try:
            return super().make_context(*args, **kwargs)
        except OSError as error:  # kept from click, which ends the process with an exit code of its own
            raise OutputError(str(error)) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, and see to it that all it wrote has gone out."""
        result = super().invoke(ctx)
        ctx.ensure_object(Ui).flush()
        return result

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names, in the order of ``COMMANDS``."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; ``None`` where there is none."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"newscards.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that ``args`` name; an unknown one is answered with the nearest."""
        if args and not (args[0] in COMMANDS or args[0].startswith("-") or ctx.resilient_parsing):
            from newscards.text import did_you_mean

            hint = did_you_mean(args[0], COMMANDS) or "see `newscards --help`"
            raise click.UsageError(f"no such command `{args[0]}`; {hint}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the commands that begin so, none of which is imported for that, or the options."""
        from click.shell_completion import CompletionItem

        commands = [(name, summary) for name, summary in COMMANDS.items() if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=summary) for name, summary in commands), *options]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their summaries into the help."""
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"newscards {__version__} ({_yaml_reader()})")
        ctx.exit()


def _yaml_reader() -> str:
    """Say which YAML reader will read, without importing it."""
    from importlib.machinery import PathFinder
    from importlib.util import find_spec

    package = find_spec("yaml")
    folders = package.submodule_search_locations if package else None
    if folders and PathFinder.find_spec("yaml._yaml", folders):
        return "YAML read by libyaml"
    return "libyaml is missing: YAML read by PyYAML's own reader, slower and a little different"


@click.group(
    cls=LazyGroup,
    context_settings=CONTEXT,
    epilog="`newscards help` lists the pages of the manual, `newscards help TOPIC` shows one.",
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
    help="Show the version, and what reads YAML.",
)  # fmt: skip
@common_options
def cli() -> None:
    """Validate, list, show, filter and edit a corpus of news cards.

    A card is a file of YAML front matter. A folder that holds `_news/` is a site and stands for its
    `_news/`; without a PATH, the current folder, --corpus or $NEWSCARDS_CORPUS is taken.

    \b
    Examples:
      newscards validate                      check the site in this folder
      newscards list --published --min-quality 80 --sort -quality
      newscards list --where "quality >= 80 and heat = -1 and has_topic('AI')"
      newscards filter-by-topic AI site --format ids
      newscards show some-part-of-an-id
      newscards set-published false 2023-06-20-some-card
    """


def main(args: Sequence[str] | None = None) -> int:
    """Run newscards with ``args`` (by default the process's own) and return its exit code.

    The one error boundary: a ``NewscardsError`` becomes a message, anything else that goes wrong does
    too, and a traceback is shown with ``--debug`` alone.
    """
    ui = Ui(args=tuple(sys.argv[1:] if args is None else args))
    if instruction := os.environ.get(COMPLETE):
        from newscards.commands.completion import answer

        answer(cli, ui, instruction)
        return OK
    try:
        code = cli.main(args, prog_name="newscards", standalone_mode=False, obj=ui)
        return code if isinstance(code, int) else OK
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return FAULT
    except click.ClickException as error:
        ui.error(error.format_message(), _usage_hint(error))
        return FAULT
    except NewscardsError as error:
        ui.error(str(error), error.hint)
        return FAULT
    except (KeyboardInterrupt, click.Abort):
        return INTERRUPTED
    except OutputError as error:
        if isinstance(error.__cause__, BrokenPipeError):
            return BROKEN_PIPE
        ui.error(f"the output could not be written: {error}")
        return FAULT
    except OSError as error:
        ui.error(str(error))
        return FAULT
    except Exception as error:
        if ui.debug:
            raise
        ui.error(f"newscards failed: {type(error).__name__}: {error}", "--debug shows where")
        return FAULT


def _usage_hint(error: click.ClickException) -> str:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"see `{error.ctx.command_path} --help`"
    return ""


def _terminate(number: int, frame: object) -> None:
    """End as on Ctrl-C, so that a temporary file is taken away; the code is that of a killed process."""
    sys.exit(128 + number)


_GARBAGE = 100_000
"""After how many new objects garbage is looked for: nearly all that is made of cards stays to the end."""


def entry_point() -> None:
    """Run newscards and end the process: the console script, and ``python -m newscards``."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us: `newscards list >&-`
            setattr(sys, name, open(os.devnull, "w"))  # noqa: SIM115 - as long as the process
    signal.signal(signal.SIGTERM, _terminate)
    gc.set_threshold(_GARBAGE)
    try:
        code = main()
    except KeyboardInterrupt:
        code = INTERRUPTED
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):  # it has nowhere to go, of which `main` has told
            stream.flush()
    if sys.getprofile() or sys.gettrace():
        sys.exit(code)
    _end(code)


_end = os._exit
"""Nothing is left to be done; to free each object of a corpus would take up to a tenth of the time."""
