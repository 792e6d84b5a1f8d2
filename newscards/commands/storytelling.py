"""What ``stories`` does, and ``show --story``: find the stories, and list them, or tell one as a timeline."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Unpack

from newscards.cards.card import Card, Unreadable
from newscards.cards.stories import PROBLEMS, SORTED, CorpusStory, stories_of, story_json
from newscards.cards.values import cell
from newscards.commands.shared.corpora import (
    corpora_around,
    open_corpus,
    open_paths,
    read_names,
    readable,
    resolve_cards,
    tell_unreadable,
)
from newscards.commands.shared.findings import kin_of
from newscards.commands.shared.selection import Choice, SelectionOptions, is_choosing
from newscards.commands.shared.sorting import in_order, order_of
from newscards.corpus.corpus import Corpus
from newscards.corpus.index.encoding import BRIEF_NAMES
from newscards.errors import NewscardsError
from newscards.output import rows as formats
from newscards.output.ui import Ui, current
from newscards.text import nearest_or_all, path_text

_COLUMNS = ("head", "size", "first", "last", "published", "sources", "problems", "headline")


class StoryOptions(SelectionOptions):
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
        return show_stories(names, options["form"], end="\0" if options["nul"] else "\n")
    choice, everything = Choice(options, paths=folders, identities=True), list[Card]()
    corpus = open_paths(tuple(folders), nul=False)
    chosen = {card.path for card in choice.cards(corpus, ui, BRIEF_NAMES, everything.append)}
    everything += kin_of(corpus, folders, ui)
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
        _write(ui, options["form"], listed, "\0" if options["nul"] else "\n", of=len(stories))
    choice.tell_unknown(ui)
    return choice.tell_unreadable(ui)


def _refuse_choosing(options: StoryOptions) -> None:
    """Raise ``NewscardsError`` where stories are to be chosen, and cards are named."""
    own = options["min_size"] > 1 or options["problems"] or options["sort"] or options["count"]
    if own or options["limit"] is not None or is_choosing(options):
        raise NewscardsError(
            "options that choose among stories go with a folder, and cards are named here",
            "leave the options out to see the stories of these cards",
        )


def show_named(names: tuple[str, ...], form: str, *, nul: bool) -> int:
    """Show the stories of the cards that are named, or read from standard input; return the exit code."""
    return show_stories(read_names(names, nul=nul), form, end="\0" if nul else "\n")


def show_stories(names: Sequence[str], form: str | None, *, end: str = "\n") -> int:
    """Show the stories that CARDs are of, each once; return the exit code."""
    ui, corpus, unreadable = current(), open_corpus(()), list[Unreadable]()
    paths = [*map(os.path.realpath, resolve_cards(corpus, names, part=True))]
    of: dict[str, CorpusStory] = {}
    for each in _corpora(corpus, paths, ui):
        cards = readable(each, ui, BRIEF_NAMES, unreadable, identities=True)
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
    return tell_unreadable(ui, asked)


def _corpora(corpus: Corpus, paths: Sequence[str], ui: Ui) -> Iterable[Corpus]:
    """Return the corpus that some cards are of; for those that are not in it, the ones around them."""
    inside = {*map(os.path.realpath, corpus.paths)}
    outside = [path for path in paths if path not in inside]
    return [*([corpus] if len(outside) < len(paths) else ()), *corpora_around(outside, ui)]


def _problems(words: Sequence[str]) -> frozenset[str]:
    for word in words:
        if word not in PROBLEMS and word != "any":
            hint = nearest_or_all(word, (*PROBLEMS, "any"))
            raise NewscardsError(f"--problem: there is no `{word}`", hint)
    return frozenset(PROBLEMS if "any" in words else words)


def _write(ui: Ui, form: str | None, stories: Sequence[CorpusStory], end: str, *, of: int) -> None:
    form = ui.row_format(form)
    if form == "table":
        from newscards.output.terminal.stories import print_stories

        print_stories(ui.console(), stories, of)
    elif form in ("paths", "ids"):
        for name in formats.names_of(form, (story.head.path for story in stories), end):
            ui.write(name)
    else:
        rows = ([*map(cell, _row(story))] for story in stories)
        writers = {
            "json": formats.json_array(map(story_json, stories)),
            "jsonl": formats.json_lines(map(story_json, stories), end),
            "csv": formats.csv_lines(_COLUMNS, rows),
            "tsv": formats.tsv_lines(rows, end),
        }
        for text in writers[form]:
            ui.write(text)


def _row(story: CorpusStory) -> list[Any]:
    told = {"head": story.head.id, **story_json(story)}
    return [told[name] for name in _COLUMNS]
