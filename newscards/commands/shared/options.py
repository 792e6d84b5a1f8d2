"""Click options that commands share: common ones, PATHs and CARDs, selection, output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from newscards.output.ui import Ui
from newscards.query.criteria import Criteria

F = TypeVar("F", bound=Callable[..., Any])

PATH = click.Path(readable=False)
"""The type of a path, for shell completion only. ``corpus.discovery`` checks the path."""

COMPLETE = "_NEWSCARDS_COMPLETE"
"""The environment variable by which a completion script requests completions, and names its shell."""

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _store(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    """Return a callback that stores an option's value in the ``Ui``, before or after the command's name."""

    def store(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        ui = ctx.find_root().ensure_object(Ui)
        if name == "corpora":
            ui.corpora.extend(value)
        elif value is not None and value is not False:
            setattr(ui, name, value)

    return store


def _apply(function: F, options: Iterable[Callable[[F], F]]) -> F:
    for option in reversed(list(options)):
        function = option(function)
    return function


def common_options(function: F) -> F:
    """Add the options that every command takes, before or after its name."""
    return _apply(
        function,
        [
            click.option(
                "--corpus", metavar="DIR", type=PATH, multiple=True, expose_value=False,
                callback=_store("corpora"),
                help="The folder of the cards, if no PATH is given.  [default: $NEWSCARDS_CORPUS,"
                " `corpus` in the configuration, the site around, or .]",
            ),
            click.option(
                "--config", metavar="FILE", type=PATH, expose_value=False, callback=_store("config"),
                help="The configuration file.  [default: the nearest newscards.toml or pyproject.toml"
                " upward]",
            ),
            click.option(
                "--color", type=click.Choice(["auto", "always", "never"]), expose_value=False,
                callback=_store("color"), help="Use colour: auto is in a terminal only.  [default: auto]",
            ),
            click.option(
                "-q", "--quiet", is_flag=True, expose_value=False, callback=_store("quiet"),
                help="Hide notices, warnings, summaries and progress; errors and data stay.",
            ),
            click.option(
                "--no-cache", is_flag=True, expose_value=False, callback=_store("no_cache"),
                help="Read every card; neither use nor write an index.",
            ),
            click.option(
                "--no-pager", is_flag=True, expose_value=False, callback=_store("no_pager"),
                help="Do not show long output in a pager.",
            ),
            click.option(
                "--debug", is_flag=True, expose_value=False, callback=_store("debug"),
                help="Show the traceback of an internal error.",
            ),
        ],
    )  # fmt: skip


nul_option = click.option(
    "-0", "--null", "nul", is_flag=True,
    help="Separate by NUL: names on standard input, and lines of output.",
)  # fmt: skip


def nul_names_option(names: str) -> Callable[[F], F]:
    """Return the option ``-0`` of a command that only reads names, PATHs or CARDs, separated by NUL."""
    text = f"{names} on standard input are separated by NUL."
    return click.option("-0", "--null", "nul", is_flag=True, help=text)


def line_end(nul: bool) -> str:
    """Return the end of a line of output: NUL with ``-0``, else a newline."""
    return "\0" if nul else "\n"


def completed_by(name: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return a completion callback: the function ``name`` of ``completions``, imported at the first TAB."""

    def complete(ctx: click.Context, param: click.Parameter, beginning: str) -> list[Any]:
        from newscards.commands.shared import completions

        items: list[Any] = getattr(completions, name)(ctx, beginning)
        return items

    return complete


paths_argument = click.argument(
    "paths", metavar="[PATH]...", nargs=-1, type=PATH, shell_complete=completed_by("path")
)
cards_argument = click.argument(
    "names", metavar="CARD...", nargs=-1, required=True, shell_complete=completed_by("card")
)


def selection_options(function: F) -> F:
    """Add the options that select cards; ``Criteria`` has their values."""
    return _apply(
        function,
        [
            click.option("--topic", "topics", metavar="T", multiple=True,
                         shell_complete=completed_by("topic"),
                         help="Only cards of this topic, case-insensitive; repeat it for any of several."),
            click.option("--all-topics", is_flag=True, help="Only cards that have every given --topic."),
            click.option("--min-quality", type=int, metavar="N", help="Only cards of quality N or more."),
            click.option("--max-quality", type=int, metavar="N", help="Only cards of quality N or less."),
            click.option("--min-heat", type=int, metavar="N", help="Only cards of heat N or more."),
            click.option("--max-heat", type=int, metavar="N", help="Only cards of heat N or less."),
            click.option("--published/--unpublished", default=None,
                         help="Only cards whose flag shows them, or hides them."),
            click.option("--type", "types", metavar="T", multiple=True,
                         shell_complete=completed_by("card_type"),
                         help="Only cards of this type, such as article or video; repeat it for any of"
                              " several."),
            click.option("--provider", "providers", metavar="P", multiple=True,
                         shell_complete=completed_by("provider"),
                         help="Only cards of this provider (name or domain), case-insensitive; repeatable."),
            click.option("--since", metavar="D",
                         help="Only cards from D on, D included, by publishedDateTime in UTC; D is"
                              " 2023-06-20, 2023-06, 2023, today, yesterday, or an age: 14d, 6w, 3m, 1y."),
            click.option("--until", metavar="D",
                         help="Only cards up to D, D included, by publishedDateTime in UTC."),
            click.option("--search", metavar="TEXT",
                         help='Only cards with all these words, the most relevant first; also "a phrase",'
                              " begin*, -not."),
            click.option("--where", metavar="SQL", multiple=True, shell_complete=completed_by("expression"),
                         help="Only cards for which this is true: \"quality >= 80 and has_topic('AI')\";"
                              " `newscards query --schema` shows the columns."),
        ],
    )  # fmt: skip


in_place_option = click.option(
    "--in-place", is_flag=True,
    help="Write into the files themselves, for those that cannot be replaced; see `newscards help editing`.",
)  # fmt: skip


def editing_options(function: F) -> F:
    """Add CARDs, the options that select cards instead, and those of every edit, for ``editing.run``."""
    cards = click.argument("names", metavar="[CARD]...", nargs=-1, shell_complete=completed_by("card"))
    edits = _apply(
        cards(function),
        [
            click.option("-y", "--yes", is_flag=True,
                         help="Write cards that options select without asking first."),
            click.option("--dry-run", is_flag=True, help="Report what would change; write nothing."),
            click.option("--diff", is_flag=True,
                         help="Show each change as a unified diff, too. It is still written; see --dry-run."),
            click.option("--format", "output_format", type=click.Choice(["text", "json"]),
                         default="text", show_default=True,
                         help="Report as text, or as a JSON array with an object for each card."),
            in_place_option,
            nul_names_option("CARDs"),
        ],
    )  # fmt: skip
    return selection_options(edits)


force_option = click.option("--force", is_flag=True, help="Make the edit even if it causes an error.")
related_option = click.option(
    "--related", is_flag=True, help="Also update the copies of these cards in the `related` of other cards."
)
strict_option = click.option(
    "--strict", is_flag=True, help="Refuse an edit that gives a warning, here or in `validate`."
)


format_option = click.option(
    "--format", "output_format", type=click.Choice(["table", "json", "jsonl", "csv", "tsv", "paths", "ids"]),
    help="The output format.  [default: table in a terminal, else tsv]",
)  # fmt: skip


def _reachable(ctx: click.Context, param: click.Parameter, value: int | None) -> int | None:
    """Return a limit that ``islice`` takes; no list in Python has more than ``sys.maxsize`` items."""
    return None if value is None else min(value, sys.maxsize)


def limit_option(things: str) -> Callable[[F], F]:
    """Return the option ``--limit`` of a list of some ``things``."""
    return click.option("--limit", type=click.IntRange(min=0), metavar="N", callback=_reachable,
                        help=f"Show at most N {things}.")  # fmt: skip


def listing_options(function: F) -> F:
    """Add the options that format a list of cards."""
    return _apply(
        function,
        [
            format_option,
            click.option("--sort", metavar="FIELD", default="", shell_complete=completed_by("order"),
                         help="Sort by FIELD, or descending by -FIELD; several separated by commas; also by"
                              " warnings, story_size and what else --columns takes."),
            limit_option("cards"),
            click.option("--columns", metavar="A,B,...", default="", shell_complete=completed_by("columns"),
                         help="Show these columns; nested fields have dotted names (provider.name); also"
                              " computed ones: shown, page, url, errors, warnings, story, story_size,"
                              " story_published, related_count, age_days."),
            click.option("--count", is_flag=True, help="Print only the number of cards."),
            nul_option,
        ],
    )  # fmt: skip


def tally_options(function: F) -> F:
    """Add the options that format a list of topics or providers, for ``topics.run``."""
    return _apply(
        function,
        [
            click.option("--unused", is_flag=True,
                         help="List the names in the site's registry that none of these cards has."),
            rows_format_option,
            click.option("--sort", metavar="FIELD", default="-cards", show_default=True,
                         shell_complete=completed_by("tally_order"),
                         help="Sort by name, cards, published, share, quality, first or last, or descending"
                         " by -FIELD."),
            limit_option("of them"),
            nul_option,
        ],
    )  # fmt: skip


rows_format_option = click.option(
    "--format", "output_format", type=click.Choice(["table", "json", "jsonl", "csv", "tsv"]),
    help="The output format.  [default: table in a terminal, else tsv]",
)  # fmt: skip


class EditOptions(Criteria):
    """Values of ``editing_options`` and of the CARDs."""

    names: tuple[str, ...]
    yes: bool
    dry_run: bool
    diff: bool
    output_format: str
    in_place: bool
    nul: bool
