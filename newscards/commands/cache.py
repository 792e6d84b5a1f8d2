"""``newscards cache``: what is kept so that thousands of cards are listed fast."""

from __future__ import annotations

import click

from newscards.commands.shared.options import CONTEXT, common_options


@click.group("cache", context_settings=CONTEXT)
@common_options
def command() -> None:
    """Show or delete the indexes, by which cards are listed and checked that have not changed.

    There is one for each folder of 200 cards and more, in the user's cache folder, or in
    $NEWSCARDS_CACHE_DIR. They bring themselves up to date, and may be deleted at any time; --no-cache
    does without. With --corpus DIR the index of these cards alone is meant.

    \b
    Examples:
      newscards cache info
      newscards cache clear
    """


@command.command("info", short_help="Show which indexes there are.", context_settings=CONTEXT)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
              help="For people, or as JSON.")  # fmt: skip
@common_options
def info(form: str) -> int:
    """Show the cache folder, and each index: of which cards, how large, and when it was last written.

    \b
    Examples:
      newscards cache info
      newscards cache info --corpus site --format json
    """
    from newscards.commands import caching

    return caching.show(form)


@command.command("clear", short_help="Delete all indexes.", context_settings=CONTEXT)
@common_options
def clear() -> int:
    """Delete the indexes, and the cache folder where nothing else is in it; the next listing makes one anew.

    \b
    Examples:
      newscards cache clear
      newscards cache clear --corpus site
    """
    from newscards.commands import caching

    return caching.clear_all()
