"""``newscards diff``: what changed between two git revisions, card by card."""

from __future__ import annotations

from typing import Any

import click

from newscards.commands.shared.options import CONTEXT, common_options, completed_by


@click.command("diff", context_settings=CONTEXT)
@click.argument("revs", metavar="[REV] [REV]", nargs=-1)
@click.option("--merge-base", is_flag=True,
              help="Compare from where REV parted from the other, as a pull request does.")  # fmt: skip
@click.option("--only", metavar="KIND,...", default="", shell_complete=completed_by("kinds"),
              help="Only changes of these kinds: published, hidden, taken-down, restored, added, gone,"
              " renamed, quality, heat, topics, other, unreadable, readable.")  # fmt: skip
@click.option("--format", "form",
              type=click.Choice(["table", "json", "jsonl", "csv", "tsv", "paths", "ids", "markdown"]),
              help="How to tell.  [default: table in a terminal, else tsv]")  # fmt: skip
@click.option("--count", is_flag=True, help="Print only how many cards changed.")
@click.option("--exit-code", is_flag=True, help="Exit 1 where a card changed.")
@click.option("-0", "--null", "nul", is_flag=True, help="Lines of output end with NUL.")
@common_options
def command(**options: Any) -> int:
    """Tell what changed between two git revisions, card by card.

    With one REV, or with none, which is HEAD, it is compared with the working tree, untracked cards that are
    not ignored included. `A..B` is `A B`; `A...B` compares B with where the two parted, and so does
    --merge-base. The cards are those of the corpus (see --corpus), by the names that they have in each.

    A card that changed in several ways is told under each of them. `tsv` and `csv` have a row for each
    change: id, change, field, was, now. Cards in which all values are the same, as after a change of quotes,
    are only counted.

    \b
    Examples:
      newscards diff                              what is not committed
      newscards diff HEAD~7 --only published,hidden
      newscards diff main... --format markdown    what a pull request changes
      newscards diff v1 v2 --only gone --format ids
    """
    from newscards.commands.diffing import run

    return run(**options)
