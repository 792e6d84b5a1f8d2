"""``newscards topics``: the topics of the cards, and how many each has."""

from __future__ import annotations

from typing import Any

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    paths_argument,
    selection_options,
    tally_options,
)


@click.command("topics", context_settings=CONTEXT)
@paths_argument
@selection_options
@tally_options
@common_options
def command(**options: Any) -> int:
    """List the topics of cards: how many cards, how many of them published, mean quality, last date.

    A card counts in each of its topics. With --topic these are the topics that go with that one. Where the
    configuration has a registry (`topics`), what is not in it is marked.

    \b
    Examples:
      newscards topics
      newscards topics site --published --since 3m --sort -quality --limit 10
      newscards topics --provider tide.example --format json
      newscards topics --unused
    """
    from newscards.commands.tallying import run
    from newscards.query.stats.groups import TOPICS

    return run(TOPICS, **options)
