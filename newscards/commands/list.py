"""``newscards list``: one line a card."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    line_end,
    listing_options,
    paths_argument,
    selection_options,
)
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.query.criteria import Criteria
from newscards.text import did_you_mean

if TYPE_CHECKING:
    from newscards.cards.card import Card


@click.command("list", context_settings=CONTEXT)
@paths_argument
@selection_options
@listing_options
@common_options
def command(**options: Any) -> int:
    """List cards, one a line.

    In a terminal a table, in a pipe tab-separated lines without a header. PATH is a file or a
    folder, `-` reads PATHs from standard input. Cards that cannot be read are told on standard
    error, and the exit code is then 1.

    \b
    Examples:
      newscards list --published --min-quality 80
      newscards list site --since 14d --sort -quality,title --limit 20
      newscards list --topic AI --topic Robotics --all-topics --format csv > ai.csv
      newscards list --columns id,images.url,provider.domain --format jsonl
      newscards list --unpublished --format paths -0 | xargs -0 grep -l draft
    """

    return run(**options)


class ListingOptions(Criteria):
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
    from newscards.cards.fields import BULKY, FIELDS
    from newscards.cards.values import sort_value
    from newscards.commands.shared.corpora import current_workspace, open_paths, warn_unreadable
    from newscards.commands.shared.sorting import by_commas, fields_of, in_order
    from newscards.output.rows import DEFAULT_COLUMNS
    from newscards.query.selection import Selection

    ui = current()
    columns, order = by_commas(options["columns"]), fields_of(options["sort"])
    selection = Selection(current_workspace(), options, narrowed_to=narrowed_to, paths=options["paths"])
    sorted_by = [name for name, _ in order]
    names = FieldNames([*columns, *sorted_by])
    fields = {*(columns or DEFAULT_COLUMNS), *sorted_by}
    if options["form"] in ("json", "jsonl") and not columns:
        fields |= {field.name for field in FIELDS} - BULKY
    corpus, _ = open_paths(options["paths"], nul=options["nul"])

    found = selection.cards(corpus, fields, names.see if names.are_unknown else None)
    if order or names.are_unknown:
        keys = [(partial(sort_value, field), descending) for field, descending in order]
        found = iter(in_order(found, keys))
        names.check()
    listed = Counted(itertools.islice(found, options["limit"]))
    if options["count"]:
        ui.write(f"{sum(1 for _ in listed)}\n")
    else:
        form = ui.row_format(options["form"])
        marks = selection.search.spans if selection.search else None
        _write(ui, form, listed, columns, line_end(options["nul"]), marks)
    told = selection.report_unknown()
    if not listed.count and not told and sys.stdout.isatty() and not options["count"]:
        ui.notice("no card matches")
    return warn_unreadable(ui, [record.message for record in selection.unreadable])


Marks = Callable[[str], Iterable[tuple[int, int]]]
"""Where something that was looked for stands in a text."""


class Counted:
    """Cards that are listed as they come, and how many there were."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self._cards, self.count = cards, 0

    def __iter__(self) -> Iterator[Card]:
        for card in self._cards:
            self.count += 1
            yield card


class FieldNames:
    """The names of fields that were asked for, held against FIELDS and what the cards have."""

    def __init__(self, asked: Iterable[str]) -> None:
        from newscards.cards.fields import dotted_names

        self._known = {"path": None, "id": None} | dict.fromkeys(dotted_names())
        self._unknown = {name for name in asked if re.sub(r"\[\d+\]", "", name) not in self._known}
        self._cards = 0

    @property
    def are_unknown(self) -> bool:
        """Whether there are names of which only the cards can tell."""
        return bool(self._unknown)

    def see(self, card: Card) -> None:
        """Note the fields of a card."""
        from newscards.cards.values import MISSING, lookup

        self._cards += 1
        if self._unknown:
            self._unknown = {name for name in self._unknown if lookup(card.fields, name) is MISSING}
            self._known |= dict.fromkeys(key for key in card.fields if isinstance(key, str))

    def check(self) -> None:
        """Raise ``NewscardsError`` for a field that neither FIELDS nor any card has."""
        from newscards.output.rows import DEFAULT_COLUMNS

        for name in sorted(self._unknown) if self._cards else ():
            hint = did_you_mean(name, self._known) or _in_sql(name)
            hint = hint or f"the usual ones are {', '.join(DEFAULT_COLUMNS)}"
            raise NewscardsError(f"no card has a field `{name}`", hint)


def _in_sql(name: str) -> str:
    """Return a hint at a column of SQL that is no field of a card; empty for what is none."""
    from newscards.query.sql.tables import CARDS  # only here: it is for messages

    return "" if CARDS.column(name) is None else "`newscards query` and --where have it as a column"


def _write(
    ui: Ui, form: str, cards: Iterable[Card], columns: list[str], end: str, marks: Marks | None
) -> None:
    from newscards.output import rows

    if form == "table":
        from newscards.output.terminal.list import print_cards

        print_cards(ui.console(), list(cards), columns, marks)
    elif form in ("paths", "ids"):
        for name in rows.names_of(form, (card.path for card in cards), end):
            ui.write(name)
    else:
        for text in rows.cards_as(form, cards, columns, end):
            ui.write(text)
