"""``newscards stories``: the stories of a corpus, or one of them."""

from __future__ import annotations

from typing import Any

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    format_option,
    nul_option,
    selection_options,
)


@click.command("stories", context_settings=CONTEXT)
@click.argument("names", metavar="[PATH | CARD]...", nargs=-1, shell_complete=completed_by("card"))
@selection_options
@click.option("--min-size", type=click.IntRange(min=1), metavar="N", default=1,
              help="Only stories of at least N cards.")  # fmt: skip
@click.option("--problem", "problems", metavar="WORD", multiple=True, shell_complete=completed_by("problem"),
              help="Only stories with this problem, or `any`; see below.")  # fmt: skip
@format_option
@click.option("--sort", metavar="FIELD", default="", shell_complete=completed_by("story_order"),
              help="Sort by size, heat, quality, first, last, sources, headline; -FIELD, too.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help="At most N stories.")
@click.option("--count", is_flag=True, help="Print only how many stories there are.")
@nul_option
@common_options
def command(**options: Any) -> int:
    """List the stories of a corpus, the best first; or show those of some CARDs, as timelines.

    A story is a set of cards that list each other under `related`; a card alone is one, too. Its head is the
    card whose heat is above 0. The best story is that whose head has most heat. The options that choose cards
    choose the stories that have such a card. In a table ● is a story of which a card is published, ○ one of
    which none is, and ! one whose publication or head is wrong.

    \b
    Problems of stories of several cards:
      none-published       none of its cards is published
      several-published    more than one of its cards is published
      better-unpublished   a hidden card is of higher quality than all published ones
      no-head              no card has a heat above 0
      several-heads        more than one card has a heat above 0

    \b
    Examples:
      newscards stories --min-size 2 --limit 10
      newscards stories site --problem several-published --problem better-unpublished
      newscards stories some-card
      newscards stories --topic AI --since 2020-05 --until 2020-05 --format json
    """
    from newscards.commands.storytelling import run

    return run(**options)
