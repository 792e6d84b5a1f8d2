"""``newscards filter-by-topic``: list, narrowed to a topic."""

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
    """List the cards of a TOPIC, as `newscards list` does, with all its options.

    Topics compare without regard to case. A topic that no card has gives an empty list, and what
    may have been meant on standard error. Further --topic options narrow the list to those among
    its cards that have one of them, too.

    \b
    Examples:
      newscards filter-by-topic "Machine Learning"
      newscards filter-by-topic AI site --published --min-quality 72 --count
      newscards filter-by-topic AI --format ids | newscards set-published false -
    """
    from newscards.commands.list import run

    return run(narrowed_to=topic, **options)
