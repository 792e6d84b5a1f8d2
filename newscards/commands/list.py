"""``newscards list``: one line a card."""

from __future__ import annotations

from typing import Any

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    listing_options,
    paths_argument,
    selection_options,
)


@click.command("list", context_settings=CONTEXT)
@paths_argument
@selection_options
@listing_options
@common_options
def command(**options: Any) -> int:
    """List cards, one a line.

    In a terminal a table, in a pipe tab-separated lines without a header. PATH is a file or a
    folder, `-` reads PATHs from standard input. Cards that cannot be read are told on standard
    error, and the exit code is then 1.

    \b
    Examples:
      newscards list --published --min-quality 80
      newscards list site --since 14d --sort -quality,title --limit 20
      newscards list --topic AI --topic Robotics --all-topics --format csv > ai.csv
      newscards list --columns id,images.url,provider.domain --format jsonl
      newscards list --unpublished --format paths -0 | xargs -0 grep -l draft
    """
    from newscards.commands.listing import run

    return run(**options)
