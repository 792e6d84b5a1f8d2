"""``newscards show``: one card, rendered."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from newscards.commands.shared.options import (
    CONTEXT,
    cards_argument,
    common_options,
    completed_by,
    line_end,
    nul_option,
)
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.text import did_you_mean, harmless, json_text, path_text

if TYPE_CHECKING:
    from newscards.cards.card import Card


@click.command("show", context_settings=CONTEXT)
@cards_argument
@click.option("--format", "form", type=click.Choice(["text", "json", "raw"]), default="text",
              show_default=True, help="For people, as JSON (an array), or the file's bytes.")  # fmt: skip
@click.option(
    "--field",
    metavar="NAME",
    shell_complete=completed_by("field"),
    help="Print the value of this field alone (provider.domain).",
)
@click.option("--story", is_flag=True, help="Show the whole story of the card, as a timeline.")
@nul_option
@common_options
def command(names: tuple[str, ...], form: str, field: str | None, story: bool, nul: bool) -> int:
    """Show a card: headline, flag, date, provider, topics, excerpt, images and related cards.

    CARD is a path, an id, the beginning of one, or a part of one; `-` reads CARDs from standard input.
    The related cards are shown with their own flag where the corpus has them.

    \b
    Examples:
      newscards show 2023-06-20-some-card
      newscards show some-card --field provider.domain
      newscards show _news/2023-06-20-some-card.md --format json
      newscards show some-card --format raw | sha256sum
      newscards show --story some-card
    """
    if story:
        from newscards.commands.stories import show_named

        if field or form == "raw":
            raise click.UsageError("--story goes with --format text and json, and without --field")
        return show_named(names, "table" if form == "text" else form, nul=nul)

    return run(names, form=form, field=field, nul=nul)


_CHUNK = 1 << 20


def run(names: Sequence[str], *, form: str, field: str | None, nul: bool) -> int:
    """Show the cards that ``names`` mean; return the exit code."""
    from newscards.cards.card import Card, Unreadable
    from newscards.cards.values import card_json
    from newscards.commands.shared.corpora import current_workspace, read_names
    from newscards.corpus.workspace import resolve_cards

    ui, (corpus, _) = current(), current_workspace().open()
    paths = resolve_cards(corpus, read_names(tuple(names), nul=nul), part=True)
    if form == "raw" and field is None:
        return max([_copy(ui, path) for path in paths], default=0)
    records = [corpus.read(path) for path in paths]
    cards = [record for record in records if isinstance(record, Card)]
    if field is not None:
        _print_field(ui, cards, field, line_end(nul), as_json=form == "json")
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
    from newscards.errors import system_reason

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
    from newscards.cards.fields import dotted_names
    from newscards.cards.values import MISSING, card_json, cell, fields_json, lookup

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
    from newscards.commands.shared.corpora import current_workspace
    from newscards.corpus.workspace import corpus_folder_of
    from newscards.output.terminal.show import print_card

    console = ui.console()
    related = current_workspace().related_cards(cards)
    for index, card in enumerate(cards):
        if index:
            console.print()
        print_card(console, card, related[corpus_folder_of(card)])
