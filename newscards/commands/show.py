"""``newscards show``: cards, laid out for reading."""

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
from newscards.errors import NewscardsError, system_reason
from newscards.output.ui import Ui, current
from newscards.text import did_you_mean, json_text, path_text

if TYPE_CHECKING:
    from newscards.cards.card import Card


@click.command("show", context_settings=CONTEXT)
@cards_argument
@click.option("--format", "output_format", type=click.Choice(["text", "json", "raw"]), default="text",
              show_default=True, help="The output format; raw prints the bytes of the file.")  # fmt: skip
@click.option(
    "--field",
    metavar="NAME",
    shell_complete=completed_by("field"),
    help="Print only the value of this field (provider.domain).",
)
@click.option("--story", is_flag=True, help="Show the whole story of the card as a timeline.")
@nul_option
@common_options
def command(names: tuple[str, ...], output_format: str, field: str | None, story: bool, nul: bool) -> int:
    """Show a card: headline, flag, date, provider, topics, excerpt, images and related cards.

    CARD is a path, an id, the beginning or another part of an id, or a URL of the card; `-` reads CARDs from
    standard input. Related cards that are in the corpus are shown with their flag.

    \b
    Examples:
      newscards show 2023-06-20-some-card
      newscards show https://www.tide.example/gauges
      newscards show some-card --field provider.domain
      newscards show _news/2023-06-20-some-card.md --format json
      newscards show some-card --format raw | sha256sum
      newscards show --story some-card
    """
    if story:
        from newscards.commands.stories import show_named

        if field or output_format == "raw":
            raise click.UsageError("--story does not go with --format raw or --field")
        return show_named(names, "table" if output_format == "text" else output_format, nul=nul)

    return run(names, output_format=output_format, field=field, nul=nul)


_BYTES_PER_CHUNK = 1 << 20


def run(names: Sequence[str], *, output_format: str, field: str | None, nul: bool) -> int:
    """Show the named cards; return the exit code."""
    from newscards.cards.card import Card, Unreadable
    from newscards.cards.values import card_json
    from newscards.commands.shared.corpora import current_workspace, read_names
    from newscards.corpus.workspace import resolve_cards

    ui, corpus = current(), current_workspace().open_for_cards()
    paths = resolve_cards(corpus, read_names(tuple(names), nul=nul), part=True)
    if output_format == "raw" and field is None:
        return max([_copy(ui, path) for path in paths], default=0)
    records = [corpus.read(path) for path in paths]
    cards = [record for record in records if isinstance(record, Card)]
    if field is not None:
        _print_field(ui, cards, field, line_end(nul), as_json=output_format == "json")
    elif output_format == "json":
        ui.write(json_text([card_json(card) for card in cards], indent=2) + "\n")
    else:
        _print_cards(ui, cards)
    for record in records:
        if isinstance(record, Unreadable):
            ui.error(record.message, "--format raw shows the bytes of the file")
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
        while chunk := file.read(_BYTES_PER_CHUNK):
            yield chunk


def _print_field(ui: Ui, cards: Sequence[Card], field: str, end: str, *, as_json: bool) -> None:
    from newscards.cards.fields import dotted_names
    from newscards.cards.values import MISSING, card_json, cell, column, own_name
    from newscards.query.columns import computed

    names = [*dotted_names()]
    for card in cards:
        value = column(card, field)
        if value is not MISSING:
            ui.write_data([(json_text(value) if as_json else cell(value)) + end])
            continue
        known = [*card_json(card), *names]
        of_known = any(own_name(field).startswith(f"{name}[") for name in known)
        if field not in known and own_name(field) not in names and not of_known:
            hint = f"`newscards list PATH --columns {field}` prints it" if field in computed() else ""
            raise NewscardsError(
                f"{path_text(card.id)} has no field `{field}`", hint or did_you_mean(field, known)
            )
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
