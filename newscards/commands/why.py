"""``newscards why``: whether the site shows a card, and why."""

from __future__ import annotations

import click

from newscards.commands.shared.options import CONTEXT, cards_argument, common_options, nul_option


@click.command("why", context_settings=CONTEXT)
@cards_argument
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="For people, or as JSON (an array).")  # fmt: skip
@nul_option
@common_options
def command(names: tuple[str, ...], form: str, nul: bool) -> int:
    """Say whether the site shows a card, why, and what would change it.

    The verdict comes first, then what it rests on, each marked as fine (✓), as what decides (→), or as
    worth a look (!), then what would change it, and what `validate` finds. CARD is a path, an id, the
    beginning of one, or a part of one; `-` reads CARDs from standard input. A card that cannot be read is
    explained too. The exit code is 0 whatever the verdict is.

    \b
    Examples:
      newscards why 2023-06-20-some-card
      newscards why some-card --format json
      newscards list --min-heat 1 --unpublished --format paths | newscards why -
    """
    from newscards.commands.explaining import run

    return run(names, form=form, nul=nul)
