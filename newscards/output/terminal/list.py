"""``newscards list`` in a terminal: a table of cards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from rich.console import Console
from rich.style import Style

from newscards.cards.card import Card
from newscards.output.rows import cells
from newscards.output.terminal.table import TableColumn, fixed, print_rows

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
    TableColumn(
        "Title", lambda card: card.title or card.id, fixed("bold"), elastic=32, link=lambda card: card.url
    ),
)
"""The default columns. A narrow terminal drops topics, heat, provider, quality and date, in this order."""


def print_cards(
    console: Console,
    cards: Sequence[Card],
    names: Sequence[str],
    marks: Callable[[str], Iterable[tuple[int, int]]] | None = None,
) -> None:
    """Print a table of cards with the columns ``names``, or with ``COLUMNS`` if there are none.

    ``marks`` yields the spans of searched words in a text.
    """
    if not cards:
        return
    columns: Sequence[TableColumn[Card]] = [_named(name) for name in names] if names else COLUMNS
    if marks:
        from newscards.query.search import FIELDS  # imported here because other listings do not need it

        searched = {"Provider", "Topics", "Title", *FIELDS}
        columns = [replace(each, marks=marks) if each.heading in searched else each for each in columns]
    print_rows(console, columns, cards)
    shown = sum(card.published for card in cards)
    total = f"{len(cards):,} card{'s' * (len(cards) != 1)}"
    console.print(f"\n{total}: {shown:,} published, {len(cards) - shown:,} hidden", style="dim")


def _named(name: str) -> TableColumn[Card]:
    def text(card: Card) -> str:
        return cells(card, [name])[0]

    return TableColumn(name, text, link=(lambda card: card.url) if name == "title" else text)
