"""``newscards undo``: take the last edit back."""

from __future__ import annotations

import click

from newscards.commands.shared.options import CONTEXT, common_options


@click.command("undo", context_settings=CONTEXT)
@click.argument("number", type=click.IntRange(min=1), required=False)
@click.option(
    "--list", "listing", is_flag=True, help="Show the edits that can be taken back, the last one first."
)
@click.option("--dry-run", is_flag=True, help="Tell what would be taken back; write nothing.")
@click.option("--format", "form", type=click.Choice(["text", "tsv", "json"]),
              help="For people, tab-separated (--list alone), or as JSON.")  # fmt: skip
@common_options
def command(number: int | None, listing: bool, dry_run: bool, form: str | None) -> int:
    """Take the last edit back, as a whole: each of its cards gets the bytes that it had.

    An edit is what one run of `set-published`, `set`, `topic`, `remove`, `restore` or `validate --fix` wrote,
    wherever its cards are; `undo --list` shows them, and NUMBER takes back an earlier one. A card that has
    changed since is left alone and named, and the exit code is then 1. Again, it takes back the one before.

    \b
    Examples:
      newscards undo
      newscards undo --dry-run
      newscards undo --list
      newscards undo 12
    """
    from newscards.commands import undoing

    if listing:
        if number or dry_run:
            raise click.UsageError("--list shows all edits, and takes nothing back")
        return undoing.show(form)
    if form == "tsv":
        raise click.UsageError("--format tsv is for --list")
    return undoing.run(number, dry_run=dry_run, form=form or "text")
