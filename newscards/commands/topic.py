"""``newscards topic``: add, remove and rename topics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    editing_options,
    force_option,
)

if TYPE_CHECKING:
    from newscards.commands.shared.editing import EditOptions


@click.group("topic", context_settings=CONTEXT)
@common_options
def command() -> None:
    """Add a topic to cards, take one out, or give it another name, in their files.

    The list keeps its style: indentation, quotes, one topic a line or `[A, B]`. Its first topic, the site's
    own, stays the first.

    \b
    Examples:
      newscards topic add Oceans 2023-06-20-some-card
      newscards topic remove Crypto --max-quality 40
      newscards topic rename "Block chain" Blockchain --topic "Block chain"
    """


@command.command("add", short_help="Add a topic at the end.", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("new_topic"))
@editing_options
@force_option
@common_options
def add(topic: str, force: bool, **options: Unpack[EditOptions]) -> int:
    """Add a TOPIC at the end of the list; cards that have it stay as they are.

    A topic that the site's registry does not have (`topics` in the configuration) is refused.

    \b
    Examples:
      newscards topic add Oceans 2023-06-20-some-card 2023-06-21-another-one
      newscards topic add Archive --until 2019 --dry-run
    """
    from newscards.commands import topic_edits as topics
    from newscards.commands.shared.editing import run

    return run(topics.add(topic, force=force), options)


@command.command("remove", short_help="Take a topic out.", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("topic"))
@editing_options
@force_option
@common_options
def remove(topic: str, force: bool, **options: Unpack[EditOptions]) -> int:
    """Take a TOPIC out of the list; the only one is refused, and the first without --force.

    \b
    Examples:
      newscards topic remove Crypto 2023-06-20-some-card
      newscards topic remove Crypto --topic Crypto --provider example.org --yes
    """
    from newscards.commands import topic_edits as topics
    from newscards.commands.shared.editing import run

    return run(topics.remove(topic, force=force), options)


@command.command("rename", short_help="Give a topic another name.", context_settings=CONTEXT)
@click.argument("topic", shell_complete=completed_by("topic"))
@click.argument("new", shell_complete=completed_by("new_topic"))
@editing_options
@force_option
@common_options
def rename(topic: str, new: str, force: bool, **options: Unpack[EditOptions]) -> int:
    """Give a TOPIC a NEW name, at its place in the list; where a card has both, one stays.

    \b
    Examples:
      newscards topic rename crypto Crypto 2023-06-20-some-card
      newscards topic rename "Block chain" Blockchain --topic "Block chain" --yes
    """
    from newscards.commands import topic_edits as topics
    from newscards.commands.shared.editing import run

    return run(topics.rename(topic, new, force=force), options)
