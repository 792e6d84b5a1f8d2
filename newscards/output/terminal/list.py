"""``newscards list`` in a terminal: a table of cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style

from newscards.cards.card import Card
from newscards.cards.values import MISSING, column
from newscards.output.rows import ValueOf, cells
from newscards.output.terminal.table import TableColumn, fixed, print_rows, print_rows_or_lists
from newscards.query.columns import is_number
from newscards.text import counted, one_line

SHOWN, HIDDEN, REMOVED = map(Style.parse, ("green", "dim", "red"))


def flag(card: Card) -> str:
    """Return the sign of a card's state: ● published, ○ hidden, ✕ removed."""
    if card.fields.get("removed") is True:
        return "✕"
    return "●" if card.published else "○"


def flag_style(card: Card) -> Style:
    """Return the style of ``flag``."""
    if card.fields.get("removed") is True:
        return REMOVED
    return SHOWN if card.published else HIDDEN


def number(value: float | None) -> str:
    """Return a number as text; empty for ``None``."""
    return "" if value is None else str(value)


def _provider(card: Card) -> str:
    name = card.provider.get("name")
    return name if isinstance(name, str) else cells(card, ["provider.name"])[0]


def _heat_style(card: Card) -> Style:
    return Style() if card.is_head else HIDDEN


COLUMNS: tuple[TableColumn[Card], ...] = (
    TableColumn("", flag, flag_style),
    TableColumn(
        "Date", lambda card: card.date.date().isoformat() if card.date else "", fixed("cyan"), drop_order=5
    ),
    TableColumn("Qual", lambda card: number(card.quality), max_width=6, right=True, drop_order=4),
    TableColumn("Heat", lambda card: number(card.heat), _heat_style, max_width=6, right=True, drop_order=2),
    TableColumn("Provider", _provider, max_width=18, drop_order=3),
    TableColumn("Topics", lambda card: ", ".join(card.topics), fixed("magenta"), max_width=24, drop_order=1),
    TableColumn("Title", lambda card: card.title or card.id, elastic=32, link=lambda card: card.url),
)
"""The default columns. A narrow terminal drops topics, heat, provider, quality and date, in this order."""


def print_cards(
    console: Console,
    cards: Sequence[Card],
    names: Sequence[str],
    total: int,
    value_of: ValueOf = column,
    marks: Callable[[str], Iterable[tuple[int, int]]] | None = None,
) -> None:
    """Print the first of ``total`` cards as a table, and a summary; nothing if there are none.

    The columns are ``names``, with the values of ``value_of``, or ``COLUMNS`` without any. ``marks`` yields
    the spans of searched words in a text.
    """
    if not total:
        return
    if names:
        columns, common = [_named(name, cards, value_of) for name in names], ""
    else:
        columns, common = _without_common(cards)
    if marks:
        from newscards.query.search import FIELDS  # imported here because other listings do not need it

        searched = {"Provider", "Topics", "Title", *FIELDS}
        columns = [replace(each, marks=marks) if each.heading in searched else each for each in columns]
    if cards and names:
        print_rows_or_lists(console, columns, cards)
    elif cards:
        print_rows(console, columns, cards)
        console.print()
    published = sum(card.published for card in cards)
    number, every = counted(total, "card"), "both" if len(cards) == 2 else "all"
    if len(cards) < total:  # what follows is about the cards in the table
        number = f"{len(cards):,} of {number} shown"
        every = every if len(cards) == 2 else f"all {len(cards):,}"
    counts = f"{published:,} published, {len(cards) - published:,} hidden"
    summary = f"{number}: {counts}"
    if common:
        end = "; " if cell_len(f"{summary}; {every} {common}") <= console.width else "\n"
        summary += f"{end}{every} {common}"
    console.print(summary, style="dim")


def _named(name: str, cards: Sequence[Card], value_of: ValueOf) -> TableColumn[Card]:
    def text(card: Card) -> str:
        return cells(card, [name], value_of)[0]

    values = [value for card in cards if (value := value_of(card, name)) is not MISSING]
    are_numbers = all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
    link = (lambda card: card.url) if name == "title" else text
    return TableColumn(name, text, right=is_number(name) or are_numbers, link=link)


def _without_common(cards: Sequence[Card]) -> tuple[list[TableColumn[Card]], str]:
    """Return ``COLUMNS`` without a provider and topics that all cards have, and a clause that names them."""
    if len(cards) < 2:
        return [*COLUMNS], ""
    provider, *other_providers = {*map(_provider, cards)}
    common = {*cards[0].topics}.intersection(*(card.topics for card in cards))

    def topics(card: Card) -> str:
        return ", ".join(topic for topic in card.topics if topic not in common)

    omitted = {"Provider"} if provider and not other_providers else set()
    if common and not any(map(topics, cards)):
        omitted.add("Topics")
    columns = [
        replace(each, text=topics) if each.heading == "Topics" else each
        for each in COLUMNS
        if each.heading not in omitted
    ]
    clauses = [f"from {one_line(provider)}"] * ("Provider" in omitted)
    if common:
        clauses.append("about " + _listed([topic for topic in cards[0].topics if topic in common]))
    return columns, ", ".join(clauses)


def _listed(names: Sequence[str]) -> str:
    """Return names as text: ``Oceans``, ``Oceans and Ports``, ``Oceans, Ports and Seas``."""
    *first, last = map(one_line, names)
    return f"{', '.join(first)} and {last}" if first else last
