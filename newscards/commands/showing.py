"""What ``show`` does: find the cards, and write them as text, JSON, bytes or one field."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from newscards.cards.card import Card, Unreadable
from newscards.cards.fields import dotted_names
from newscards.cards.reader import system_reason
from newscards.cards.values import MISSING, card_json, cell, fields_json, lookup
from newscards.commands.shared.corpora import home_of, open_corpus, read_names, related_cards, resolve_cards
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.text import did_you_mean, harmless, json_text, path_text

_CHUNK = 1 << 20


def run(names: Sequence[str], *, form: str, field: str | None, nul: bool) -> int:
    """Show the cards that ``names`` mean; return the exit code."""
    ui, corpus = current(), open_corpus(())
    paths = resolve_cards(corpus, read_names(tuple(names), nul=nul), part=True)
    if form == "raw" and field is None:
        return max([_copy(ui, path) for path in paths], default=0)
    records = [corpus.read(path) for path in paths]
    cards = [record for record in records if isinstance(record, Card)]
    if field is not None:
        _print_field(ui, cards, field, "\0" if nul else "\n", as_json=form == "json")
    elif form == "json":
        ui.write(json_text([card_json(card) for card in cards], indent=2) + "\n")
    else:
        _print_cards(ui, cards)
    for record in records:
        if isinstance(record, Unreadable):
            ui.error(record.message, "see its bytes with --format raw")
    return 0 if len(cards) == len(records) else 1


def _copy(ui: Ui, path: str) -> int:
    """Write a file's bytes to standard output; return the exit code."""
    try:
        chunks = _chunks(path)
        first = next(chunks, b"")
    except (OSError, ValueError) as error:
        ui.error(f"{path_text(path)}: cannot be read: {system_reason(error)}")
        return 1
    for chunk in itertools.chain([first], chunks):
        ui.write(chunk)
    return 0


def _chunks(path: str) -> Iterator[bytes]:
    with open(path, "rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _print_field(ui: Ui, cards: Sequence[Card], field: str, end: str, *, as_json: bool) -> None:
    for card in cards:
        fields = card_json(card) if field in ("id", "path") else fields_json(card)
        value = lookup(fields, field)
        if value is not MISSING:
            ui.write((json_text(value) if as_json else harmless(cell(value))) + end)
            continue
        known = ["id", "path", *dotted_names(), *fields]
        if field not in known and not any(field.startswith(f"{name}[") for name in known):
            raise NewscardsError(f"{path_text(card.id)} has no field `{field}`", did_you_mean(field, known))
        ui.notice(f"{path_text(card.id)} has no `{field}`")


def _print_cards(ui: Ui, cards: Sequence[Card]) -> None:
    from newscards.output.terminal.show import print_card

    console = ui.console()
    related = related_cards(cards, ui)
    for index, card in enumerate(cards):
        if index:
            console.print()
        print_card(console, card, related[home_of(card)])
