"""``newscards providers``: the providers of the cards, and how many each has."""

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


@click.command("providers", context_settings=CONTEXT)
@paths_argument
@selection_options
@tally_options
@common_options
def command(**options: Any) -> int:
    """List the providers of cards: how many cards, how many of them published, mean quality, last date.

    A provider is its name, with all its domains; without a name, its domain. Where the configuration has a
    registry (`organizations`), what is not in it is marked.

    \b
    Examples:
      newscards providers
      newscards providers site --topic AI --min-quality 80 --sort name
      newscards providers --format csv > providers.csv
      newscards providers --unused
    """
    from newscards.commands.topics import run
    from newscards.query.stats.groups import PROVIDERS

    return run(PROVIDERS, **options)
