"""``newscards set-published``: flip the flag, in place."""

from __future__ import annotations

import click

from newscards.commands.options import CONTEXT, cards_argument, common_options, nul_option, read_names


@click.command("set-published", context_settings=CONTEXT)
@click.argument("value", type=click.Choice(["true", "false"]), metavar="true|false")
@cards_argument
@click.option("--dry-run", is_flag=True, help="Tell what would change; write nothing.")
@click.option("--diff", is_flag=True, help="Show each change as a unified diff, too.")
@nul_option
@common_options
def command(value: str, names: tuple[str, ...], dry_run: bool, diff: bool, nul: bool) -> int:
    """Set the published flag of cards to true or false, in their files.

    The bytes of that one value change and no others; a flag that is missing is added at its place. CARD
    is a path, an id, or the beginning of one; `-` reads CARDs from standard input. All are found and
    planned before the first is written. What cannot be edited safely is refused and named, the others are
    written, and the exit code is then 1.

    \b
    Examples:
      newscards set-published false 2023-06-20-some-card
      newscards set-published true _news/2023-06-20-some-card.md --dry-run --diff
      newscards list --topic Crypto --max-quality 40 --format paths | newscards set-published false -
    """
    from newscards.commands.editing import run

    return run(value == "true", read_names(names, nul=nul), dry_run=dry_run, diff=diff)
