"""``newscards stats``: a corpus at a glance."""

from __future__ import annotations

from typing import Any

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    nul_option,
    paths_argument,
    rows_format_option,
    selection_options,
)


@click.command("stats", context_settings=CONTEXT)
@paths_argument
@selection_options
@click.option("--by", metavar="A,B", default="", shell_complete=completed_by("dimensions"),
              help="Count by topic, provider, domain, type, published, quality (in tens), month, quarter or"
              " year; or by two of them, as a cross table.")  # fmt: skip
@click.option("--findings/--no-findings", default=None,
              help="Count what `newscards validate` finds in these cards.  [default: do]")  # fmt: skip
@rows_format_option
@nul_option
@common_options
def command(**options: Any) -> int:
    """Show a corpus at a glance: how many cards by topic, provider, type, month and quality, and its stories.

    With --by, cards are counted by one dimension, or by two. A card counts in each of its topics, so that
    topics sum up to more than there are cards. Dates are UTC.

    \b
    Examples:
      newscards stats
      newscards stats site --published --since 12m
      newscards stats --by topic,month --format csv > topics.csv
      newscards stats --by provider,type --topic AI
      newscards stats --format json | jq .published
    """
    from newscards.commands.surveying import run

    return run(**options)
