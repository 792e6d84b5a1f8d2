"""``newscards set-published``: flip the flag, in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    editing_options,
    force_option,
    strict_option,
)

if TYPE_CHECKING:
    from newscards.commands.shared.editing import EditOptions


@click.command("set-published", context_settings=CONTEXT)
@click.argument("value", type=click.Choice(["true", "false"]), metavar="true|false")
@editing_options
@strict_option
@force_option
@common_options
def command(value: str, strict: bool, force: bool, **options: Unpack[EditOptions]) -> int:
    """Set the published flag of cards to true or false, in their files.

    The bytes of that one value change and no others; a flag that is missing is added at its place. CARD
    is a path, an id, or the beginning of one; `-` reads CARDs from standard input. Cards that options choose
    are shown first, and written after a yes. All are planned before the first is written, `newscards undo`
    takes it back. What cannot be edited safely is refused and named, the others are written, and the exit
    code is then 1.

    Before a card goes public, what speaks against it is told: its story has a better card, or one that is
    published already, its heat is -1, it has errors. --strict refuses such cards. A card that is `removed`
    is refused.

    \b
    Examples:
      newscards set-published false 2023-06-20-some-card
      newscards set-published true _news/2023-06-20-some-card.md --dry-run --diff
      newscards set-published false --topic Crypto --max-quality 40 --since 14d
      newscards list --min-quality 80 --format paths -0 | newscards set-published true --strict -0 -
    """
    from newscards.commands.publishing import request
    from newscards.commands.shared.editing import run

    return run(request(value == "true", force=force, strict=strict), options)
