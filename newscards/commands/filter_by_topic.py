"""``newscards filter-by-topic``: the list of the cards of a topic."""

from __future__ import annotations

from typing import Any

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    listing_options,
    paths_argument,
    selection_options,
)


@click.command("filter-by-topic", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("topic"))
@paths_argument
@selection_options
@listing_options
@common_options
def command(topic: str, **options: Any) -> int:
    """List the cards of a TOPIC.

    TOPIC is case-insensitive. The options are those of `newscards list`. If no card has TOPIC, the list is
    empty, and a note on standard error suggests the nearest topics. --topic narrows the list to cards that
    also have one of the topics it gives.

    \b
    Examples:
      newscards filter-by-topic "Machine Learning"
      newscards filter-by-topic AI site --published --min-quality 72 --count
      newscards filter-by-topic AI --format ids | newscards set-published false -
    """
    from newscards.commands.list import run

    return run(narrowed_to=topic, **options)
