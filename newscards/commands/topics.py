"""``newscards topics``: the topics of cards, with the number of cards of each."""

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
    """List topics: number of cards, published cards, mean quality, last date.

    A card is counted under each of its topics. Spellings that look the same, because only a no-break space or
    Unicode's normal form differs, are one topic. --topic shows which topics occur together with that one. If
    the configuration has a registry (`topics`), topics that are not in it are marked with `?`.

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
    """Values of ``tally_options`` and of the PATHs."""

    paths: tuple[str, ...]
    unused: bool
    output_format: str | None
    sort: str
    limit: int | None
    nul: bool


def run(kind: GroupKind, **options: Unpack[TallyOptions]) -> int:
    """List the topics, or the providers, of the cards that the options select; return the exit code."""
    from newscards.commands.shared.corpora import current_workspace, open_paths, warn_unreadable
    from newscards.commands.shared.sorting import in_order, order_of
    from newscards.output.rows import rows_as
    from newscards.query.selection import Selection
    from newscards.query.stats.groups import SORTED, Groups
    from newscards.query.stats.tally import COUNTED, Tally, count

    ui = current()
    order = order_of(options["sort"], SORTED)
    corpus, settings = open_paths(options["paths"], nul=options["nul"])  # which may declare fields
    selection = Selection(current_workspace(), options, paths=options["paths"])
    groups, total = Groups(kind, settings), Tally()
    if options["unused"] and not groups.has_registry:
        message = f"--unused needs a registry of {kind.by.name}s"
        raise NewscardsError(message, f"set `{kind.key}` in the configuration")
    count(selection.cards(corpus, COUNTED | kind.by.fields), total, *groups.tallies)
    ordered = in_order(groups.unused() if options["unused"] else groups.ordered(), order)
    output_format = ui.row_format(options["output_format"])
    if output_format == "table":
        if total.total.cards or ordered:
            from newscards.output.terminal.counts import print_groups, without_common

            groups_shown, common = without_common(ordered, total.total, kind.by)
            lines, title = groups_shown[: options["limit"]], counted(len(ordered), kind.by.name)
            if len(lines) < len(groups_shown):
                title = f"{len(lines):,} of {title}"
            notes = [*common, *_notes(groups, ordered, unused=options["unused"])]
            print_groups(ui.console(), kind.by.name.capitalize(), lines, title, total.total, notes)
    else:
        end, rows = line_end(options["nul"]), [line.row(kind) for line in ordered[: options["limit"]]]
        ui.write_data(rows_as(output_format, rows, kind.columns, end))
    if not selection.report_unknown() and output_format == "table" and not total.total.cards:
        ui.notice("no card matches")
    return warn_unreadable(ui, [record.message for record in selection.unreadable])


def _notes(groups: Groups, shown: Sequence[Group], *, unused: bool) -> Iterator[str]:
    """Yield the notes below a table."""
    name = groups.kind.by.name
    if unused:
        yield f"in the site's registry, but no card has them as its {name}"
        return
    if groups.cards_without:
        yield f"{counted(groups.cards_without, 'card')} without a {name}"
    if unknown := sum(line.known is False for line in shown):
        verb = "is" if unknown == 1 else "are"
        yield f"? {unknown:,} {verb} not in the site's registry (`{groups.kind.key}` in the configuration)"
