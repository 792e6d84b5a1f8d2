"""The command group, which imports a command when it runs, and the one place where errors become messages."""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from types import FunctionType
from typing import TYPE_CHECKING, Any

import click

from newscards import __version__
from newscards.commands.shared.options import COMPLETE, CONTEXT, common_options
from newscards.docstrings import docstring_of
from newscards.errors import NewscardsError
from newscards.layout import current_folder
from newscards.output.ui import OutputError, Ui, correct_terminal_size
from newscards.text import path_text

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

COMMANDS = {
    "list": ("Look", "List cards, one per line."),
    "filter-by-topic": ("Look", "List the cards of a topic."),
    "show": ("Look", "Show a card, laid out for reading."),
    "why": ("Look", "Explain whether the site shows a card, and why."),
    "stories": ("Look", "List stories, the best first, or show one as a timeline."),
    "topics": ("Look", "List topics, with the number of cards of each."),
    "providers": ("Look", "List providers, with the number of cards of each."),
    "stats": ("Ask", "Show an overview of a corpus, or count its cards."),
    "query": ("Ask", "Run an SQL SELECT over cards, topics and stories."),
    "export": ("Ask", "Write cards and stories into an SQLite file."),
    "diff": ("Ask", "Show what changed between two git revisions."),
    "log": ("Ask", "Show the history of a card, from git."),
    "review": ("Edit", "Decide about waiting cards, one by one, in the terminal."),
    "set-published": ("Edit", "Publish or hide cards: set their `published` flag."),
    "set": ("Edit", "Set a field of cards to a value."),
    "edit": ("Edit", "Open cards in your editor, and check what you have written."),
    "replace": ("Edit", "Replace a text in the titles and excerpts of cards."),
    "new": ("Edit", "Create a card, hidden, from a URL and a title."),
    "topic": ("Edit", "Add, remove or rename a topic of cards."),
    "remove": ("Edit", "Take cards down, without deleting a file."),
    "restore": ("Edit", "Reverse `remove`, without publishing the cards again."),
    "undo": ("Edit", "Take back the last edit, or list the edits."),
    "validate": ("Check", "Check cards, and fix what can be fixed safely."),
    "rule": ("Check", "Explain a rule, or list all rules."),
    "init": ("Set up", "Write a configuration that fits a corpus."),
    "schema": ("Set up", "Print the JSON Schema of a card, for editors."),
    "config": ("Set up", "Show the configuration in use."),
    "cache": ("Set up", "Show or delete the indexes of large corpora."),
    "completion": ("Set up", "Print the completion script for a shell."),
    "help": ("Set up", "Show the help of a command, or a page of the manual."),
}
"""Each command, in the order of the help: the group that it is listed under, and its summary.

The module of a command in ``newscards.commands`` has the command's name, with ``_`` for ``-``. In it, the
``click.Command`` is called ``command``.
"""

OK, FAULT, INTERRUPTED, BROKEN_PIPE = 0, 2, 130, 141
"""The exit codes. A command itself returns 0, or 1 for a finding or a partial result."""
_BY_SIGNAL = 128
"""The exit code of a process that a signal ends is this and the signal's number, as in shells."""


class LazyGroup(click.Group):
    """A group that imports a command when it is called, and none for its own help."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _complete_help(self)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse the command line, which is also when ``--help`` and ``--version`` are written."""
        try:
            return super().make_context(*args, **kwargs)
        except OSError as error:  # click would end the process with an exit code of its own
            raise OutputError(str(error)) from error

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command, then flush its output."""
        result = super().invoke(ctx)
        ctx.ensure_object(Ui).flush()
        return result

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names, in the order of ``COMMANDS``."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a command; ``None`` if no command has this name."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"newscards.commands.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        _complete_help(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that ``args`` name; an unknown one is a ``UsageError`` with a suggestion."""
        if args and not (args[0] in COMMANDS or args[0].startswith("-") or ctx.resilient_parsing):
            from newscards.commands.shared.manual import similar_name

            hint = similar_name(args[0], COMMANDS) or "see `newscards --help`"
            raise click.UsageError(f"no such command `{args[0]}`; {hint}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the commands and options that begin with ``incomplete``, without importing a command."""
        from click.shell_completion import CompletionItem

        commands = [(name, summary) for name, (_, summary) in COMMANDS.items() if name.startswith(incomplete)]
        options = click.Command.shell_complete(self, ctx, incomplete)
        return [*(CompletionItem(name, help=summary) for name, summary in commands), *options]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, and below them the options, into the help."""
        self.format_commands(ctx, formatter)
        click.Command.format_options(self, ctx, formatter)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands with their summaries into the help, under the headings of their groups."""
        width = max(map(len, COMMANDS))
        for heading in dict.fromkeys(group for group, _ in COMMANDS.values()):
            rows = [
                (name.ljust(width), summary)
                for name, (group, summary) in COMMANDS.items()
                if group == heading
            ]
            with formatter.section(heading):
                formatter.write_dl(rows)


def _complete_help(command: click.Command) -> None:
    """Give a command, and those in it, the docstring as help that Python has left out (``python -OO``)."""
    if command.help is None and isinstance(command.callback, FunctionType):
        command.help = docstring_of(command.callback) or None
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        _complete_help(inner)


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        click.echo(f"newscards {__version__} ({_yaml_reader()})")
        ctx.exit()


def _yaml_reader() -> str:
    """Return a sentence about the YAML reader in use, without importing it."""
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
    help="Show the version and the YAML reader, and exit.",
)  # fmt: skip
@common_options
def cli() -> None:
    """Validate, list, show, filter and edit a corpus of news cards.

    A card is a Markdown file with YAML front matter. A PATH is a card or a folder; of a site, the cards in
    `_news/` are read. Without a PATH, newscards reads --corpus, $NEWSCARDS_CORPUS, `corpus` in the
    configuration, or the current folder.

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

    This is the only place where an exception becomes a message. A traceback is shown only with ``--debug``.
    """
    correct_terminal_size()
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
        if isinstance(error, FileNotFoundError) and error.filename is None and not current_folder():
            name = path_text(os.environ.get("PWD", ""))
            ui.error(f"the current folder {name} was deleted", "change to another folder")
        else:
            ui.error(str(error))
        return FAULT
    except Exception as error:
        cause = error.__cause__ or error.__context__
        if isinstance(cause, KeyboardInterrupt):  # Python 3.11 wraps what `__set_name__` raises
            return INTERRUPTED
        if ui.debug:
            raise
        ui.error(f"newscards failed: {type(error).__name__}: {error}", "--debug shows where")
        return FAULT


def _usage_hint(error: click.ClickException) -> str:
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"see `{error.ctx.command_path} --help`"
    return ""


def _terminate(number: int, frame: object) -> None:
    """Exit as on Ctrl-C, so that temporary files are deleted, with the exit code of a killed process."""
    sys.exit(_BY_SIGNAL + number)


_OBJECTS_PER_COLLECTION = 500_000
"""The number of new objects that starts a garbage collection: most objects of a card live to the end.

Collections after 100,000 took 2 to 4 % of ``validate`` and saved no memory.
"""


def entry_point() -> None:
    """Run newscards and end the process, after ``__main__.entry_point``."""
    try:
        if signal.getsignal(signal.SIGINT) != signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, _terminate)
        if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as with `nohup`
            signal.signal(signal.SIGHUP, _terminate)
        sys.unraisablehook = _end_if_interrupted
        _prepare_streams()
        gc.set_threshold(_OBJECTS_PER_COLLECTION)
        code = main()
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):  # `main` has reported it
                stream.flush()
        if sys.getprofile() or sys.gettrace():
            sys.exit(code)
        _end(code)
    except KeyboardInterrupt:
        _end(INTERRUPTED)


def _end_if_interrupted(ignored: sys.UnraisableHookArgs) -> None:
    """End the process if Python would ignore the exception of a signal, as in a weak reference's callback.

    It would go on as if there had been no signal. What an edit has begun is in the journal.
    """
    if isinstance(ignored.exc_value, KeyboardInterrupt):
        _end(INTERRUPTED)
    if isinstance(ignored.exc_value, SystemExit):
        _end(int(ignored.exc_value.code or 0))
    sys.__unraisablehook__(ignored)


_STREAMS = {
    "stdin": ("r", "surrogateescape"),
    "stdout": ("w", "replace"),
    "stderr": ("w", "backslashreplace"),
}
"""The mode of each stream, and what it does with a byte, or a character, that is not UTF-8."""


def _prepare_streams() -> None:
    """Make the streams UTF-8, whatever PYTHONIOENCODING says, and open closed ones as if they were /dev/null.

    The lowest free number is the one that the caller closed (``newscards list - <&-``), so that no other file
    gets it.
    """
    for name, (mode, errors) in _STREAMS.items():
        stream = getattr(sys, name)
        if stream is None:
            stream = open(os.devnull, mode)  # noqa: SIM115 - as long as the process
            setattr(sys, name, stream)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


_end = os._exit
"""The end without a cleanup: to free every object of a corpus would take up to a tenth of the time."""
