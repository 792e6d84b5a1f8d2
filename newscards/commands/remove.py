"""``newscards remove``: cards taken down with `removed: true` and `published: false`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Unpack

import click

from newscards.commands.shared.options import CONTEXT, EditOptions, common_options, editing_options

if TYPE_CHECKING:
    from newscards.cards.card import Card
    from newscards.commands.shared.editing import CardsToEdit, Request
    from newscards.edits.plan import CardOperations, Planner


@click.command("remove", context_settings=CONTEXT)
@editing_options
@common_options
def command(**options: Unpack[EditOptions]) -> int:
    """Take cards down, without deleting anything: set `removed: true` and `published: false`.

    The files stay. A missing `removed` is added at its usual place. A warning says which stories have no
    published card then. `newscards restore` sets `removed: false` and leaves `published` as it is; `newscards
    undo` restores both values.

    \b
    Examples:
      newscards remove 2023-06-20-some-card
      newscards remove --provider example.org --until 2020 --dry-run
    """
    from newscards.commands.shared.corpora import current_workspace
    from newscards.commands.shared.editing import run
    from newscards.commands.shared.stories import HidingWarnings
    from newscards.edits.plan import Planner
    from newscards.query.linters import flag_check

    planner = Planner(check=flag_check(current_workspace().settings_for(())))
    return run(request(planner, HidingWarnings(planner).prepare), options)


def request(planner: Planner, prepare: Callable[[CardsToEdit], None] = lambda cards: None) -> Request:
    """Return the request that sets ``removed: true`` and ``published: false`` (CARDS.md, "The fields").

    ``prepare`` is as in ``Request``.
    """
    from newscards.commands.shared.editing import Request
    from newscards.edits.operations import Operation, SetValue
    from newscards.edits.plan import CardOperations

    def make_operations(card: Card) -> CardOperations:
        operations = [Operation(("removed",), SetValue(True)), Operation(("published",), SetValue(False))]
        return CardOperations(operations, "removed already")

    return Request(make_operations, planner, prepare)
