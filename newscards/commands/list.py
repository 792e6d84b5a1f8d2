"""``newscards list``: cards, one per line."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Iterable, Iterator
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
    from newscards.output.rows import ValueOf


@click.command("list", context_settings=CONTEXT)
@paths_argument
@selection_options
@listing_options
@common_options
def command(**options: Any) -> int:
    """List cards, one per line.

    The output is a table in a terminal, and tab-separated lines without a header in a pipe. PATH is a file
    or a folder, or the id or a URL of a card; `-` reads PATHs from standard input. Cards that cannot be read
    are reported on standard error, and the exit code is then 1.

    \b
    Examples:
      newscards list --published --min-quality 80
      newscards list site --since 14d --sort -quality,title --limit 20
      newscards list --topic AI --topic Ports --all-topics --format csv > ai.csv
      newscards list --columns id,images.url,provider.domain --format jsonl
      newscards list --columns errors,warnings,story_size,title --sort -warnings
      newscards list --unpublished --format paths -0 | xargs -0 grep -l draft
    """

    return run(**options)


class ListingOptions(Criteria):
    """Values of ``listing_options`` and of the PATHs."""

    paths: tuple[str, ...]
    output_format: str | None
    sort: str
    limit: int | None
    columns: str
    count: bool
    nul: bool


def run(*, narrowed_to: str | None = None, **options: Unpack[ListingOptions]) -> int:
    """List the cards that the options select; return the exit code.

    ``narrowed_to`` is a topic that all of them have.
    """
    from newscards.cards.fields import BULKY, card_field
    from newscards.commands.shared.corpora import current_workspace, open_paths, warn_unreadable
    from newscards.commands.shared.sorting import by_commas, fields_of, in_order
    from newscards.output.rows import DEFAULT_COLUMNS
    from newscards.query.columns import Columns
    from newscards.query.selection import Selection

    ui = current()
    columns, order = by_commas(options["columns"]), fields_of(options["sort"])
    corpus, _ = open_paths(options["paths"], nul=options["nul"])  # its configuration may declare fields
    requested = Columns([*(columns or DEFAULT_COLUMNS), *(name for name, _ in order)])
    workspace, paths = current_workspace(), options["paths"]
    all_cards: list[Card] = []
    selection = Selection(
        workspace, options, narrowed_to=narrowed_to, paths=paths, identities=requested.needs_stories
    )
    names = FieldNames(requested.names_of_fields)
    fields = {*requested.fields}
    if options["output_format"] in ("json", "jsonl") and not columns:
        fields |= {field.name for field in card_field().fields} - BULKY

    def visit(card: Card) -> None:
        names.add(card)
        if requested.needs_stories:
            all_cards.append(card)

    cards = selection.cards(corpus, fields, visit if names.are_unknown or requested.needs_stories else None)
    requested.prepare(workspace, all_cards, corpus, paths)
    if order or names.are_unknown or requested.needs_stories:
        keys = [(partial(requested.sort_value, field), descending) for field, descending in order]
        cards = iter(in_order(cards, keys))
        names.check()
    counted = CountedCards(cards)
    listed = itertools.islice(counted, options["limit"])
    output_format = ui.row_format(options["output_format"])
    messages: list[str] | None = None
    if options["count"]:
        ui.write(f"{sum(1 for _ in listed)}\n")
    elif output_format == "table":
        from newscards.output.terminal.list import print_cards

        shown = list(listed)
        # Only the table says how many more there are; all formats report the same unreadable cards.
        messages = [record.message for record in selection.unreadable]
        total = len(shown) + sum(1 for _ in counted)
        marks = selection.search.spans if selection.search else None
        print_cards(ui.console(), shown, columns, total, requested.value, marks)
    else:
        _write(ui, output_format, listed, columns, line_end(options["nul"]), requested.value)
    has_unknown = selection.report_unknown()
    if not counted.count and not has_unknown and sys.stdout.isatty() and not options["count"]:
        ui.notice("no card matches")
    if messages is None:
        messages = [record.message for record in selection.unreadable]
    return warn_unreadable(ui, messages)


class CountedCards:
    """An iterator over cards that counts them."""

    def __init__(self, cards: Iterator[Card]) -> None:
        self._cards, self.count = cards, 0

    def __iter__(self) -> Iterator[Card]:
        return self

    def __next__(self) -> Card:
        card = next(self._cards)
        self.count += 1
        return card


class FieldNames:
    """Names of fields on the command line, checked against FIELDS and the fields of the cards."""

    def __init__(self, names: Iterable[str]) -> None:
        from newscards.cards.fields import dotted_names
        from newscards.cards.values import COMPUTED, own_name

        fields = dict.fromkeys(dotted_names())
        self._known = dict.fromkeys(COMPUTED) | fields
        self._unknown = {
            name
            for name in names
            if name not in COMPUTED and re.sub(r"\[\d+\]", "", own_name(name)) not in fields
        }
        self._cards = 0

    @property
    def are_unknown(self) -> bool:
        """Whether FIELDS lacks some of the names, so that the cards have to be checked."""
        return bool(self._unknown)

    def add(self, card: Card) -> None:
        """Take the fields of a card as known."""
        self._cards += 1
        if self._unknown:
            from newscards.cards.values import MISSING, full_name, lookup, own_name

            self._unknown = {name for name in self._unknown if lookup(card.fields, own_name(name)) is MISSING}
            self._known |= dict.fromkeys(full_name(key) for key in card.fields if isinstance(key, str))

    def check(self) -> None:
        """Raise ``NewscardsError`` for a name that neither FIELDS nor any card has."""
        from newscards.output.rows import DEFAULT_COLUMNS
        from newscards.query.columns import computed
        from newscards.query.sql.tables import field_of_heading

        for name in sorted(self._unknown) if self._cards else ():
            known = {f"card.{each}" if each in computed() else each: None for each in self._known}
            names = [*computed(), *known]
            meant = field_of_heading(name)
            hint = f"did you mean `{meant}`?" if meant in names else did_you_mean(name, names)
            hint = hint or f"the usual ones are {', '.join(DEFAULT_COLUMNS)}"
            raise NewscardsError(f"no card has a field `{name}`", hint)


def _write(
    ui: Ui, output_format: str, cards: Iterable[Card], columns: list[str], end: str, value_of: ValueOf
) -> None:
    from newscards.output import rows

    if output_format in ("paths", "ids"):
        ui.write_data(rows.names_as(output_format, (card.path for card in cards), end))
    else:
        ui.write_data(rows.cards_as(output_format, cards, columns, end, value_of))
