"""What ``list`` and ``filter-by-topic`` do: read, choose, sort, write."""

from __future__ import annotations

import itertools
import os
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Unpack

from newscards import formats
from newscards.card import Card, Unreadable
from newscards.commands.corpora import TOLD, open_paths
from newscards.commands.selecting import SelectionOptions, Vocabulary, selection
from newscards.encoding import BRIEF_NAMES
from newscards.errors import NewscardsError
from newscards.fields import BULKY, dotted_names
from newscards.formats import DEFAULT_COLUMNS
from newscards.harmless import path_text
from newscards.query import topic as of_topic
from newscards.records import OfTopics
from newscards.suggest import did_you_mean
from newscards.ui import Ui, current
from newscards.values import MISSING, lookup, sort_key


class ListingOptions(SelectionOptions):
    """The values of ``options.listing_options`` and of the PATHs."""

    paths: tuple[str, ...]
    form: str | None
    sort: str
    limit: int | None
    columns: str
    count: bool
    nul: bool


def run(*, narrowed_to: str | None = None, **options: Unpack[ListingOptions]) -> int:
    """List the cards that the options choose; return the exit code."""
    ui = current()
    columns, order = _names(options["columns"]), _names(options["sort"])
    chosen = selection(options, narrowed=narrowed_to is not None)
    if narrowed_to is not None:
        chosen &= of_topic(narrowed_to)
        options["topics"] = (*options["topics"], narrowed_to)
    vocabulary, unreadable = Vocabulary(options), list[Unreadable]()
    names = FieldNames([*columns, *(name.removeprefix("-") for name in order)])
    needed = {*(columns or DEFAULT_COLUMNS), *(name.removeprefix("-") for name in order)}
    bulky = any(name.partition(".")[0].partition("[")[0] in BULKY for name in needed)
    full = not needed <= BRIEF_NAMES or (options["form"] in ("json", "jsonl") and not columns)

    asked = (narrowed_to,) if narrowed_to is not None else options["topics"]
    narrow = OfTopics({*map(str.casefold, asked)}) if asked and not (bulky or names.are_unknown) else None
    corpus = open_paths(options["paths"], nul=options["nul"])

    def cards() -> Iterator[Card]:
        records = iter(corpus) if bulky else corpus.summaries(full=full, wanted=narrow)
        for record in ui.track(records, len(corpus), "Reading cards"):
            if isinstance(record, Unreadable):
                unreadable.append(record)
                continue
            vocabulary.add(record)
            names.see(record)
            if chosen(record):
                yield record

    found = cards()
    if order or names.are_unknown:
        found = iter(_sorted(list(found), order))
        names.check()
    listed = Counted(itertools.islice(found, options["limit"]))
    if options["count"]:
        ui.write(f"{sum(1 for _ in listed)}\n")
    else:
        form = options["form"] or ("table" if sys.stdout.isatty() else "tsv")
        _write(ui, form, listed, columns, "\0" if options["nul"] else "\n")
    if narrow and vocabulary.unknown():  # only now it is worth to know what there is
        vocabulary.add_all(corpus)
    told = vocabulary.tell_unknown(ui)
    if not listed.count and not told and sys.stdout.isatty() and not options["count"]:
        ui.notice("no card matches")
    _tell_unreadable(ui, unreadable)
    return 1 if unreadable else 0


class Counted:
    """Cards that are listed as they come, and how many there were."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards, self.count = cards, 0

    def __iter__(self) -> Iterator[Card]:
        for card in self._cards:
            self.count += 1
            yield card


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


class FieldNames:
    """The names of fields that were asked for, held against FIELDS and what the cards have."""

    def __init__(self, asked: Iterable[str]) -> None:
        self._known = {"path": None, "id": None} | dict.fromkeys(dotted_names())
        self._unknown = {name for name in asked if re.sub(r"\[\d+\]", "", name) not in self._known}
        self._cards = 0

    @property
    def are_unknown(self) -> bool:
        """Whether there are names of which only the cards can tell."""
        return bool(self._unknown)

    def see(self, card: Card) -> None:
        """Note the fields of a card."""
        self._cards += 1
        if self._unknown:
            self._unknown = {name for name in self._unknown if lookup(card.fields, name) is MISSING}
            self._known |= dict.fromkeys(key for key in card.fields if isinstance(key, str))

    def check(self) -> None:
        """Raise ``NewscardsError`` for a field that neither FIELDS nor any card has."""
        for name in sorted(self._unknown) if self._cards else ():
            hint = did_you_mean(name, self._known) or f"the usual ones are {', '.join(DEFAULT_COLUMNS)}"
            raise NewscardsError(f"no card has a field `{name}`", hint)


def _sorted(cards: list[Card], order: list[str]) -> list[Card]:
    """Sort by several fields; a card without a field stands last either way."""
    for name in reversed(order):
        descending, field = name.startswith("-"), name.removeprefix("-")
        found = [(card, _sort_value(card, field)) for card in cards]
        having = [(card, value) for card, value in found if value is not MISSING and value is not None]
        having.sort(key=lambda pair: sort_key(pair[1]), reverse=descending)
        cards = [card for card, _ in having]
        cards += [card for card, value in found if value is MISSING or value is None]
    return cards


def _sort_value(card: Card, field: str) -> object:
    return getattr(card, field) if field in ("id", "path") else lookup(card.fields, field)


def _write(ui: Ui, form: str, cards: Iterable[Card], columns: list[str], end: str) -> None:
    if form == "table":
        from newscards.render.cards import print_cards

        print_cards(ui.console(), list(cards), columns)
    elif form == "paths":
        for card in cards:
            ui.write(os.fsencode(card.path) + end.encode())
    elif form == "ids":
        for card in cards:
            ui.write(path_text(card.id) + end)
    else:
        writers = {
            "json": formats.as_json(cards, columns),
            "csv": formats.as_csv(cards, columns),
            "jsonl": formats.as_jsonl(cards, columns, end),
            "tsv": formats.as_tsv(cards, columns, end),
        }
        for text in writers[form]:
            ui.write(text)


def _tell_unreadable(ui: Ui, unreadable: list[Unreadable]) -> None:
    for record in unreadable[:TOLD]:
        ui.warn(record.message)
    if len(unreadable) > TOLD:
        ui.warn(f"and {len(unreadable) - TOLD} more cards cannot be read; see `newscards validate`")
