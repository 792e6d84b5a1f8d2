"""``newscards stories``: the stories of a corpus, or one of them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    format_option,
    line_end,
    nul_option,
    selection_options,
)
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.query.criteria import Criteria
from newscards.text import nearest_or_all, path_text

if TYPE_CHECKING:
    from newscards.cards.stories import Story
    from newscards.corpus.corpus import Corpus


@click.command("stories", context_settings=CONTEXT)
@click.argument("names", metavar="[PATH | CARD]...", nargs=-1, shell_complete=completed_by("card"))
@selection_options
@click.option("--min-size", type=click.IntRange(min=1), metavar="N", default=1,
              help="Only stories of at least N cards.")  # fmt: skip
@click.option("--problem", "problems", metavar="WORD", multiple=True, shell_complete=completed_by("problem"),
              help="Only stories with this problem, or `any`; see below.")  # fmt: skip
@format_option
@click.option("--sort", metavar="FIELD", default="", shell_complete=completed_by("story_order"),
              help="Sort by size, heat, quality, first, last, sources, headline; -FIELD, too.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N stories.")
@click.option("--count", is_flag=True, help="Print only how many stories there are.")
@nul_option
@common_options
def command(**options: Any) -> int:
    """List the stories of a corpus, the best first; or show those of some CARDs, as timelines.

    A story is a set of cards that list each other under `related`; a card alone is one, too. Its head is the
    card whose heat is above 0. The best story is that whose head has most heat. The options that choose cards
    choose the stories that have such a card. In a table ● is a story of which a card is published, ○ one of
    which none is, and ! one whose publication or head is wrong.

    \b
    Problems of stories of several cards:
      none-published       none of its cards is published
      several-published    more than one of its cards is published
      better-unpublished   a hidden card is of higher quality than all published ones
      no-head              no card has a heat above 0
      several-heads        more than one card has a heat above 0

    \b
    Examples:
      newscards stories --min-size 2 --limit 10
      newscards stories site --problem several-published --problem better-unpublished
      newscards stories some-card
      newscards stories --topic AI --since 2020-05 --until 2020-05 --format json
    """

    return run(**options)


_COLUMNS = ("head", "size", "first", "last", "published", "sources", "problems", "headline")


class StoryOptions(Criteria):
    """The values of the options of ``stories``."""

    names: tuple[str, ...]
    min_size: int
    problems: tuple[str, ...]
    form: str | None
    sort: str
    limit: int | None
    count: bool
    nul: bool


def run(**options: Unpack[StoryOptions]) -> int:
    """List the stories that the options choose, or show those of CARDs; return the exit code."""
    from newscards.cards.card import Card
    from newscards.cards.stories import SORTED, stories_of
    from newscards.commands.shared.corpora import current_workspace, open_paths, read_names, warn_unreadable
    from newscards.commands.shared.sorting import in_order, order_of
    from newscards.corpus.index.encoding import BRIEF_NAMES
    from newscards.query.findings import cards_around
    from newscards.query.selection import Selection

    ui = current()
    wanted, order = _problems(options["problems"]), order_of(options["sort"], SORTED)
    names = read_names(options["names"], nul=options["nul"])
    folders = [name for name in names if os.path.isdir(name)]
    if folders and len(folders) < len(names):
        cards = ", ".join(path_text(name) for name in names if name not in folders)
        raise NewscardsError(
            f"folders and cards are named together ({cards})", "name the folder of the cards with --corpus"
        )
    if options["names"] and not folders:
        _refuse_choosing(options)
        return show_stories(names, options["form"], end=line_end(options["nul"]))
    selection = Selection(current_workspace(), options, paths=folders, identities=True)
    everything: list[Card] = []
    corpus, _ = open_paths(tuple(folders), nul=False)
    chosen = {card.path for card in selection.cards(corpus, BRIEF_NAMES, everything.append)}
    everything += cards_around(current_workspace(), corpus, folders)
    stories = [
        story
        for story in stories_of(everything)
        if len(story.cards) >= options["min_size"]
        and (not wanted or wanted.intersection(story.problems))
        and any(card.path in chosen for card in story.cards)
    ]
    stories = in_order(stories, order)
    listed = [*islice(stories, options["limit"])]
    if options["count"]:
        ui.write(f"{len(listed)}\n")
    else:
        _write(ui, options["form"], listed, line_end(options["nul"]), of=len(stories))
    selection.report_unknown()
    return warn_unreadable(ui, [record.message for record in selection.unreadable])


def _refuse_choosing(options: StoryOptions) -> None:
    """Raise ``NewscardsError`` where stories are to be chosen, and cards are named."""
    from newscards.query.criteria import has_criteria

    own = options["min_size"] > 1 or options["problems"] or options["sort"] or options["count"]
    if own or options["limit"] is not None or has_criteria(options):
        raise NewscardsError(
            "options that choose among stories go with a folder, and cards are named here",
            "leave the options out to see the stories of these cards",
        )


def show_named(names: tuple[str, ...], form: str, *, nul: bool) -> int:
    """Show the stories of the cards that are named, or read from standard input; return the exit code."""
    from newscards.commands.shared.corpora import read_names

    return show_stories(read_names(names, nul=nul), form, end=line_end(nul))


def show_stories(names: Sequence[str], form: str | None, *, end: str = "\n") -> int:
    """Show the stories that CARDs are of, each once; return the exit code."""
    from newscards.cards.card import Card, Unreadable
    from newscards.cards.stories import stories_of
    from newscards.commands.shared.corpora import current_workspace, warn_unreadable
    from newscards.corpus.index.encoding import BRIEF_NAMES
    from newscards.corpus.workspace import resolve_cards

    ui, unreadable = current(), list[Unreadable]()
    corpus, _ = current_workspace().open()
    paths = [*map(os.path.realpath, resolve_cards(corpus, names, part=True))]
    of: dict[str, Story] = {}
    for each in _corpora(corpus, paths, ui):
        cards = current_workspace().readable(each, BRIEF_NAMES, unreadable, identities=True)
        of |= {os.path.realpath(card.path): story for story in stories_of(cards) for card in story.cards}
    for path in paths:
        if path not in of and isinstance(card := corpus.read(path), Card):  # of another ending, perhaps
            (of[path],) = stories_of([card])
    stories = list({id(of[path]): of[path] for path in paths if path in of}.values())
    if (form or "table") == "table" and (form or sys.stdout.isatty()):
        from newscards.output.terminal.stories import print_timeline

        console = ui.console()
        for at, story in enumerate(stories):
            if at:
                console.print()
            print_timeline(console, story)
    else:
        _write(ui, form, stories, end, of=len(stories))
    asked = [record.message for record in unreadable if os.path.realpath(record.path) in paths]
    return warn_unreadable(ui, asked)


def _corpora(corpus: Corpus, paths: Sequence[str], ui: Ui) -> Iterable[Corpus]:
    """Return the corpus that some cards are of; for those that are not in it, the ones around them."""
    from newscards.commands.shared.corpora import current_workspace

    inside = {*map(os.path.realpath, corpus.paths)}
    outside = [path for path in paths if path not in inside]
    return [*([corpus] if len(outside) < len(paths) else ()), *current_workspace().corpora_around(outside)]


def _problems(words: Sequence[str]) -> frozenset[str]:
    from newscards.cards.stories import PROBLEMS

    for word in words:
        if word not in PROBLEMS and word != "any":
            hint = nearest_or_all(word, (*PROBLEMS, "any"))
            raise NewscardsError(f"--problem: there is no `{word}`", hint)
    return frozenset(PROBLEMS if "any" in words else words)


def _write(ui: Ui, form: str | None, stories: Sequence[Story], end: str, *, of: int) -> None:
    from newscards.cards.stories import story_json
    from newscards.cards.values import cell
    from newscards.output.rows import formatted, names_of

    form = ui.row_format(form)
    if form == "table":
        from newscards.output.terminal.stories import print_stories

        print_stories(ui.console(), stories, of)
    elif form in ("paths", "ids"):
        for name in names_of(form, (story.head.path for story in stories), end):
            ui.write(name)
    else:
        objects = [story_json(story) for story in stories]
        full = [{"head": story.head.id, **each} for story, each in zip(stories, objects, strict=True)]
        texts = ([cell(each[name]) for name in _COLUMNS] for each in full)
        for text in formatted(form, objects, _COLUMNS, texts, end):
            ui.write(text)
