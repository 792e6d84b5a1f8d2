"""``newscards topics``: the topics of the cards, and how many each has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    line_end,
    paths_argument,
    selection_options,
    tally_options,
)
from newscards.errors import NewscardsError
from newscards.output.ui import current
from newscards.query.criteria import Criteria
from newscards.text import counted

if TYPE_CHECKING:
    from newscards.query.stats.groups import Group, GroupKind, Groups


@click.command("topics", context_settings=CONTEXT)
@paths_argument
@selection_options
@tally_options
@common_options
def command(**options: Any) -> int:
    """List the topics of cards: how many cards, how many of them published, mean quality, last date.

    A card counts in each of its topics. With --topic these are the topics that go with that one. Where the
    configuration has a registry (`topics`), what is not in it is marked.

    \b
    Examples:
      newscards topics
      newscards topics site --published --since 3m --sort -quality --limit 10
      newscards topics --provider tide.example --format json
      newscards topics --unused
    """
    from newscards.query.stats.groups import TOPICS

    return run(TOPICS, **options)


class TallyOptions(Criteria):
    """The values of ``options.tally_options`` and of the PATHs."""

    paths: tuple[str, ...]
    unused: bool
    form: str | None
    sort: str
    limit: int | None
    nul: bool


def run(kind: GroupKind, **options: Unpack[TallyOptions]) -> int:
    """List the topics, or the providers, of the cards that the options choose; return the exit code."""
    from newscards.commands.shared.corpora import current_workspace, open_paths, warn_unreadable
    from newscards.commands.shared.sorting import in_order, order_of
    from newscards.output.rows import rows_as
    from newscards.query.selection import Selection
    from newscards.query.stats.groups import SORTED, Groups
    from newscards.query.stats.tally import COUNTED, Tally, count

    ui = current()
    order = order_of(options["sort"], SORTED)
    selection = Selection(current_workspace(), options, paths=options["paths"])
    corpus, settings = open_paths(options["paths"], nul=options["nul"])
    roster, total = Groups(kind, settings), Tally()
    if options["unused"] and not roster.has_registry:
        what = f"there is no registry to hold the {kind.by.name}s of the cards against"
        raise NewscardsError(what, f"`{kind.key}` in the configuration names it")
    count(selection.cards(corpus, COUNTED | kind.by.fields), total, *roster.tallies)
    found = in_order(roster.unused() if options["unused"] else roster.lines(), order)
    lines = found[: options["limit"]]
    form = ui.row_format(options["form"])
    if form == "table":
        what = counted(len(found), kind.by.name)
        if len(lines) < len(found):
            what = f"{len(lines):,} of {what}"
        notes = [*_notes(roster, found, unused=options["unused"])]
        if total.total.cards or lines:
            from newscards.output.terminal.counts import print_groups

            print_groups(ui.console(), kind.by.name.capitalize(), lines, what, total.total, notes)
    else:
        end = line_end(options["nul"])
        for text in rows_as(form, [line.row(kind) for line in lines], kind.columns, end):
            ui.write(text)
    if not selection.report_unknown() and form == "table" and not total.total.cards:
        ui.notice("no card matches")
    return warn_unreadable(ui, [record.message for record in selection.unreadable])


def _notes(roster: Groups, found: Sequence[Group], *, unused: bool) -> Iterator[str]:
    """Yield what is to be said below a table."""
    what = roster.kind.by.name
    if unused:
        yield f"these are in the site's registry, and no card has them as its {what}"
        return
    if roster.without:
        yield f"{counted(roster.without, 'card')} without a {what}"
    if strangers := sum(line.known is False for line in found):
        verb = "is" if strangers == 1 else "are"
        yield f"? {strangers:,} {verb} not in the site's registry (`{roster.kind.key}` in the configuration)"
