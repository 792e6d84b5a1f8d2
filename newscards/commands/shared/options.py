"""The options that commands share: common ones, PATHs and CARDs, selection, output."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click

from newscards.output.ui import Ui
from newscards.query.criteria import Criteria

F = TypeVar("F", bound=Callable[..., Any])

PATH = click.Path(readable=False)
"""For the shell's completion alone; what a path is worth is for ``discovery`` to say."""

COMPLETE = "_NEWSCARDS_COMPLETE"
"""The variable in which the completion script of a shell says for which shell it asks."""

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


def _store(name: str) -> Callable[[click.Context, click.Parameter, Any], None]:
    """Return a callback that keeps an option's value in the ``Ui``, wherever the option stood."""

    def keep(ctx: click.Context, param: click.Parameter, value: Any) -> None:
        ui = ctx.find_root().ensure_object(Ui)
        if name == "corpora":
            ui.corpora.extend(value)
        elif value is not None and value is not False:
            setattr(ui, name, value)

    return keep


def _apply(function: F, options: Iterable[Callable[[F], F]]) -> F:
    for option in reversed(list(options)):
        function = option(function)
    return function


def common_options(function: F) -> F:
    """Add the options that every command takes, before and after its name."""
    return _apply(
        function,
        [
            click.option(
                "--corpus", metavar="DIR", type=PATH, multiple=True, expose_value=False,
                callback=_store("corpora"),
                help="The folder of the cards, where no PATH is given.  [default: $NEWSCARDS_CORPUS,"
                " `corpus` in the configuration, or .]",
            ),
            click.option(
                "--config", metavar="FILE", type=PATH, expose_value=False, callback=_store("config"),
                help="The configuration.  [default: the nearest newscards.toml or pyproject.toml upward]",
            ),
            click.option(
                "--color", type=click.Choice(["auto", "always", "never"]), expose_value=False,
                callback=_store("color"), help="When to use colour.  [default: auto]",
            ),
            click.option(
                "-q", "--quiet", is_flag=True, expose_value=False, callback=_store("quiet"),
                help="No notices, no progress.",
            ),
            click.option(
                "--no-cache", is_flag=True, expose_value=False, callback=_store("no_cache"),
                help="Read every card anew; neither use nor keep an index.",
            ),
            click.option(
                "--debug", is_flag=True, expose_value=False, callback=_store("debug"),
                help="Show the traceback of a fault.",
            ),
        ],
    )  # fmt: skip


nul_option = click.option(
    "-0", "--null", "nul", is_flag=True,
    help="Names from standard input, and lines of output, end with NUL.",
)  # fmt: skip


def line_end(nul: bool) -> str:
    """Return what ends a line of output: NUL with ``-0``."""
    return "\0" if nul else "\n"


paths_argument = click.argument("paths", metavar="[PATH]...", nargs=-1, type=PATH)


def completed_by(name: str) -> Callable[[click.Context, click.Parameter, str], list[Any]]:
    """Return what completes a value for a shell: a function of ``completions``, imported when it is asked."""

    def complete(ctx: click.Context, param: click.Parameter, beginning: str) -> list[Any]:
        from newscards.commands.shared import completions

        found: list[Any] = getattr(completions, name)(ctx, beginning)
        return found

    return complete


cards_argument = click.argument(
    "names", metavar="CARD...", nargs=-1, required=True, shell_complete=completed_by("card")
)


def selection_options(function: F) -> F:
    """Add the options that say which cards are chosen; ``Criteria`` are their values."""
    return _apply(
        function,
        [
            click.option("--topic", "topics", metavar="T", multiple=True,
                         shell_complete=completed_by("topic"),
                         help="Only cards of this topic; of any of them, where repeated."),
            click.option("--all-topics", is_flag=True, help="Only cards that have every --topic."),
            click.option("--min-quality", type=int, metavar="N", help="Only quality N and above."),
            click.option("--max-quality", type=int, metavar="N", help="Only quality N and below."),
            click.option("--min-heat", type=int, metavar="N", help="Only heat N and above."),
            click.option("--published/--unpublished", default=None,
                         help="Only what the site shows, or hides."),
            click.option("--type", "types", type=click.Choice(["article", "video"]), multiple=True,
                         help="Only articles, or videos."),
            click.option("--provider", "providers", metavar="P", multiple=True,
                         shell_complete=completed_by("provider"),
                         help="Only this provider (name or domain; repeatable)."),
            click.option("--since", metavar="D",
                         help="Only since D: 2023-06-20, 2023-06, 2023, 14d, 6w, 3m."),
            click.option("--until", metavar="D", help="Only until D, included.  [UTC]"),
            click.option("--search", metavar="TEXT",
                         help='Only cards with all these words, by relevance; "a phrase", begin*, -not.'),
            click.option("--where", metavar="SQL", multiple=True, shell_complete=completed_by("expression"),
                         help="Only where this is true: \"quality >= 80 and has_topic('AI')\";"
                              " `newscards query --schema` shows the columns."),
        ],
    )  # fmt: skip


def editing_options(function: F) -> F:
    """Add CARDs, or the options that choose them, and how an edit is made; ``editing.run`` takes them."""
    cards = click.argument("names", metavar="[CARD]...", nargs=-1, shell_complete=completed_by("card"))
    edits = _apply(
        cards(function),
        [
            click.option("-y", "--yes", is_flag=True,
                         help="Do not ask before cards are written that options chose."),
            click.option("--dry-run", is_flag=True, help="Tell what would change; write nothing."),
            click.option("--diff", is_flag=True,
                         help="Show each change as a unified diff, too (and write it; see --dry-run)."),
            click.option("--format", "form", type=click.Choice(["text", "json"]), default="text",
                         show_default=True, help="For people, or as JSON: an array, what each card became."),
            click.option("-0", "--null", "nul", is_flag=True,
                         help="CARDs from standard input end with NUL."),
        ],
    )  # fmt: skip
    return selection_options(edits)


force_option = click.option("--force", is_flag=True, help="Do it though it would be an error.")
strict_option = click.option("--strict", is_flag=True, help="Refuse cards that would get a warning.")


format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "jsonl", "csv", "tsv", "paths", "ids"]),
    help="How to list.  [default: table in a terminal, else tsv]",
)  # fmt: skip


def listing_options(function: F) -> F:
    """Add the options that say how chosen cards are listed."""
    return _apply(
        function,
        [
            format_option,
            click.option("--sort", metavar="FIELD", default="", shell_complete=completed_by("order"),
                         help="Sort by FIELD, -FIELD for descending; several by commas."),
            click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N cards."),
            click.option("--columns", metavar="A,B,...", default="", shell_complete=completed_by("columns"),
                         help="These columns; dotted names for nested fields (provider.name)."),
            click.option("--count", is_flag=True, help="Print only how many cards there are."),
            nul_option,
        ],
    )  # fmt: skip


def tally_options(function: F) -> F:
    """Add the options that say how topics, or providers, are listed; ``topics.run`` takes them."""
    return _apply(
        function,
        [
            click.option("--unused", is_flag=True,
                         help="Instead, the names of the site's registry that none of the cards has."),
            rows_format_option,
            click.option("--sort", metavar="FIELD", default="-cards", show_default=True,
                         shell_complete=completed_by("tally_order"),
                         help="Sort by name, cards, published, share, quality, first or last; -FIELD for"
                         " descending."),
            click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N of them."),
            nul_option,
        ],
    )  # fmt: skip


rows_format_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "jsonl", "csv", "tsv"]),
    help="How to tell.  [default: table in a terminal, else tsv]",
)  # fmt: skip


class EditOptions(Criteria):
    """The values of ``options.editing_options`` and of the CARDs."""

    names: tuple[str, ...]
    yes: bool
    dry_run: bool
    diff: bool
    form: str
    nul: bool
