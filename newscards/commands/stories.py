"""``newscards stories``: the stories of a corpus, or those of some cards as timelines."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    format_option,
    limit_option,
    line_end,
    nul_option,
    selection_options,
)
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.query.criteria import Criteria, has_criteria
from newscards.text import path_text

if TYPE_CHECKING:
    from newscards.cards.card import Unreadable
    from newscards.cards.stories import Story


@click.command("stories", context_settings=CONTEXT)
@click.argument("names", metavar="[PATH | CARD]...", nargs=-1, shell_complete=completed_by("card"))
@selection_options
@click.option("--min-size", type=click.IntRange(min=1), metavar="N", default=1,
              help="Only stories of at least N cards.")  # fmt: skip
@click.option("--problem", "problems", metavar="WORD", multiple=True,
              shell_complete=completed_by("story_problem"),
              help="Only stories with this problem, see above; or with `any`.")  # fmt: skip
@format_option
@click.option("--sort", metavar="FIELD", default="", shell_complete=completed_by("story_order"),
              help="Sort by size, heat, quality, first, last, sources or headline, or descending by"
              " -FIELD.")  # fmt: skip
@limit_option("stories")
@click.option("--count", is_flag=True, help="Print only the number of stories.")
@nul_option
@common_options
def command(**options: Any) -> int:
    """List the stories of a corpus, the best first; or show those of some CARDs as timelines.

    Cards belong to the same story if one lists the other in `related`, in at least one direction, directly or
    through other cards. A card without such a link is a story of its own. The head of a story is its best
    card, with a heat above 0; the best story is the one whose head has the most heat. Options that select
    cards select the stories with at least one such card. `--format ids` prints the id of each story's head.
    In a table, ● marks a story with a published card, ○ one without, and ! one with a problem.

    \b
    Problems of stories of several cards:
    none-published      none of its cards is published
    several-published   more than one of its cards is published
    better-unpublished  a hidden card is of higher quality than all published ones
    no-head             no card has a heat above 0
    several-heads       more than one card has a heat above 0

    \b
    Examples:
      newscards stories --min-size 2 --limit 10
      newscards stories site --problem several-published --problem no-head
      newscards stories some-card
      newscards stories --topic AI --since 2020-05 --until 2020-05 --format json
    """

    return run(**options)


_COLUMNS = (
    "head", "size", "first", "last", "published", "sources", "problems", "headline", "heat", "quality",
)  # fmt: skip


class StoryOptions(Criteria):
    """Values of the options of ``stories``."""

    names: tuple[str, ...]
    min_size: int
    problems: tuple[str, ...]
    output_format: str | None
    sort: str
    limit: int | None
    count: bool
    nul: bool


def run(**options: Unpack[StoryOptions]) -> int:
    """List the stories that the options select, or show those of CARDs; return the exit code."""
    from newscards.cards.card import Card
    from newscards.cards.stories import SORTED, stories_of
    from newscards.commands.shared.corpora import current_workspace, open_paths, read_names, warn_unreadable
    from newscards.commands.shared.sorting import in_order, order_of
    from newscards.commands.shared.stories import chosen_problems
    from newscards.corpus.index.encoding import BRIEF_NAMES
    from newscards.query.findings import cards_around
    from newscards.query.selection import Selection

    ui = current()
    wanted, order = chosen_problems(options["problems"]), order_of(options["sort"], SORTED)
    names = read_names(options["names"], nul=options["nul"])
    folders = [name for name in names if os.path.isdir(name)]
    if folders and len(folders) < len(names):
        cards = ", ".join(path_text(name) for name in names if name not in folders)
        raise NewscardsError(
            f"folders and cards cannot be named together ({cards})",
            "name the folder of the cards with --corpus",
        )
    if options["names"] and not folders:
        _refuse_options(options)
        return show_stories(names, options["output_format"], end=line_end(options["nul"]))
    corpus, _ = open_paths(tuple(folders), nul=False)  # its configuration may declare fields
    selection = Selection(current_workspace(), options, paths=folders, identities=True)
    all_cards: list[Card] = []
    selected = {card.path for card in selection.cards(corpus, BRIEF_NAMES, all_cards.append)}
    all_cards += cards_around(current_workspace(), corpus, folders)
    stories = [
        story
        for story in stories_of(all_cards)
        if len(story.cards) >= options["min_size"]
        and (not wanted or wanted.intersection(story.problems))
        and any(card.path in selected for card in story.cards)
    ]
    stories = in_order(stories, order)
    listed = [*islice(stories, options["limit"])]
    if options["count"]:
        ui.write(f"{len(listed)}\n")
    else:
        _write(ui, options["output_format"], listed, line_end(options["nul"]), total=len(stories))
    selection.report_unknown()
    return warn_unreadable(ui, [record.message for record in selection.unreadable])


def _refuse_options(options: StoryOptions) -> None:
    """Raise ``NewscardsError`` for options that select stories, because cards are named instead."""
    selects_stories = options["min_size"] > 1 or options["problems"] or options["sort"] or options["count"]
    if selects_stories or options["limit"] is not None or has_criteria(options):
        raise NewscardsError(
            "options that select stories do not go with named cards",
            "leave the options out to show the stories of these cards",
        )


def show_named(names: tuple[str, ...], output_format: str, *, nul: bool) -> int:
    """Show the stories of CARDs, also from standard input; return the exit code."""
    from newscards.commands.shared.corpora import read_names

    return show_stories(read_names(names, nul=nul), output_format, end=line_end(nul))


def show_stories(names: Sequence[str], output_format: str | None, *, end: str = "\n") -> int:
    """Show the stories of CARDs, each story once; return the exit code."""
    from newscards.commands.shared.corpora import warn_unreadable
    from newscards.commands.shared.stories import named_stories

    ui = current()
    unreadable: list[Unreadable] = []
    paths, story_of = named_stories(names, unreadable, part=True)
    stories = list({id(story_of[path]): story_of[path] for path in paths if path in story_of}.values())
    if (output_format or "table") == "table" and (output_format or sys.stdout.isatty()):
        from newscards.output.terminal.stories import print_timeline

        console = ui.console()
        for index, story in enumerate(stories):
            if index:
                console.print()
            print_timeline(console, story)
    else:
        _write(ui, output_format, stories, end, total=len(stories))
    messages = [record.message for record in unreadable if os.path.realpath(record.path) in paths]
    return warn_unreadable(ui, messages)


def _write(ui: Ui, output_format: str | None, stories: Sequence[Story], end: str, *, total: int) -> None:
    from newscards.cards.stories import story_json
    from newscards.output.rows import names_as, rows_as

    output_format = ui.row_format(output_format)
    if output_format == "table":
        from newscards.output.terminal.stories import print_stories

        print_stories(ui.console(), stories, total)
    elif output_format in ("paths", "ids"):
        ui.write_data(names_as(output_format, (story.head.path for story in stories), end))
    else:
        ui.write_data(rows_as(output_format, map(story_json, stories), _COLUMNS, end))
