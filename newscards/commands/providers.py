"""``newscards providers``: the providers of cards, with the number of cards of each."""

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
    """List providers: number of cards, published cards, mean quality, last date.

    Cards with the same provider name are counted together, whatever their domains; cards without a name by
    their domain. If the configuration has a registry (`organizations`), providers that are not in it are
    marked with `?`.

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
