"""``newscards restore``: the reverse of ``newscards remove``, except for the published flag."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from newscards.commands.shared.options import CONTEXT, common_options, editing_options

if TYPE_CHECKING:
    from newscards.cards.card import Card
    from newscards.commands.shared.editing import Request
    from newscards.commands.shared.options import EditOptions
    from newscards.edits.plan import CardOperations


@click.command("restore", context_settings=CONTEXT)
@editing_options
@common_options
def command(**options: Unpack[EditOptions]) -> int:
    """Set `removed: false` in cards that were taken down, without publishing them again.

    The flag `published` stays as it is: use `newscards set-published true` to publish a card. A card without
    `removed` stays unchanged.

    \b
    Examples:
      newscards restore 2023-06-20-some-card
      newscards restore --provider example.org --since 2020 --dry-run
    """
    from newscards.commands.shared.editing import run

    return run(request(), options)


def request() -> Request:
    """Return the request that sets ``removed: false`` and leaves ``published`` as it is."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.editing import Request
    from newscards.edits.operations import Operation, SetValue
    from newscards.edits.plan import CardOperations, Planner
    from newscards.query.linters import flag_check

    def make_operations(card: Card) -> CardOperations:
        if card.fields.get("removed") is None:
            return CardOperations([], "not removed")
        return CardOperations([Operation(("removed",), SetValue(False))], "not removed")

    check = flag_check(current_workspace().settings_for(()))
    return Request(make_operations, Planner(check=check))
