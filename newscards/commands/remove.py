"""``newscards remove``: take cards down."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from newscards.commands.shared.options import CONTEXT, common_options, editing_options

if TYPE_CHECKING:
    from newscards.commands.shared.editing import EditOptions


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
    from newscards.commands.removing import remove
    from newscards.commands.shared.editing import run

    return run(remove(), options)
