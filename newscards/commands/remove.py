"""``newscards remove``: take cards down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from newscards.commands.shared.options import CONTEXT, EditOptions, common_options, editing_options

if TYPE_CHECKING:
    from newscards.cards.card import Card
    from newscards.commands.shared.editing import Request
    from newscards.edits.plan import CardOperations


@click.command("remove", context_settings=CONTEXT)
@editing_options
@common_options
def command(**options: Unpack[EditOptions]) -> int:
    """Take cards down: `removed: true` and `published: false`, in their files.

    No file is deleted. A `removed` that is missing is added where other cards have it. `newscards restore`
    takes `removed` back and leaves the published flag alone; `newscards undo` takes back both.

    \b
    Examples:
      newscards remove 2023-06-20-some-card
      newscards remove --provider example.org --until 2020 --dry-run
    """
    from newscards.commands.shared.editing import run

    return run(remove(), options)


def remove() -> Request:
    """Return what takes cards down: ``removed: true`` and ``published: false``, as in every real one."""
    from newscards.commands.shared.editing import Request
    from newscards.edits.operations import Operation, SetValue
    from newscards.edits.plan import CardOperations

    def ask(card: Card) -> CardOperations:
        operations = [Operation(("removed",), SetValue(True)), Operation(("published",), SetValue(False))]
        return CardOperations(operations, "removed already")

    return Request(ask)


def restore() -> Request:
    """Return what takes ``remove`` back: ``removed: false``; whether the site shows the card stays."""
    from newscards.commands.shared.editing import Request
    from newscards.edits.operations import Operation, SetValue
    from newscards.edits.plan import CardOperations

    def ask(card: Card) -> CardOperations:
        if card.fields.get("removed") is None:
            return CardOperations([], "not removed")
        return CardOperations([Operation(("removed",), SetValue(False))], "not removed")

    return Request(ask)
