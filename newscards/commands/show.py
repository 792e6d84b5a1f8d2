"""``newscards show``: one card, rendered."""

from __future__ import annotations

import click

from newscards.commands.shared.options import (
    CONTEXT,
    cards_argument,
    common_options,
    completed_by,
    nul_option,
)


@click.command("show", context_settings=CONTEXT)
@cards_argument
@click.option("--format", "form", type=click.Choice(["text", "json", "raw"]), default="text",
              show_default=True, help="For people, as JSON (an array), or the file's bytes.")  # fmt: skip
@click.option(
    "--field",
    metavar="NAME",
    shell_complete=completed_by("field"),
    help="Print the value of this field alone (provider.domain).",
)
@click.option("--story", is_flag=True, help="Show the whole story of the card, as a timeline.")
@nul_option
@common_options
def command(names: tuple[str, ...], form: str, field: str | None, story: bool, nul: bool) -> int:
    """Show a card: headline, flag, date, provider, topics, excerpt, images and related cards.

    CARD is a path, an id, the beginning of one, or a part of one; `-` reads CARDs from standard input.
    The related cards are shown with their own flag where the corpus has them.

    \b
    Examples:
      newscards show 2023-06-20-some-card
      newscards show some-card --field provider.domain
      newscards show _news/2023-06-20-some-card.md --format json
      newscards show some-card --format raw | sha256sum
      newscards show --story some-card
    """
    if story:
        from newscards.commands.storytelling import show_named

        if field or form == "raw":
            raise click.UsageError("--story goes with --format text and json, and without --field")
        return show_named(names, "table" if form == "text" else form, nul=nul)
    from newscards.commands.showing import run

    return run(names, form=form, field=field, nul=nul)
