"""``newscards stats``: the overview of a corpus, or cards counted by dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    line_end,
    nul_option,
    paths_argument,
    rows_format_option,
    selection_options,
)
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.query.criteria import Criteria
from newscards.text import json_text

if TYPE_CHECKING:
    from newscards.cards.card import Card
    from newscards.query.stats.dimensions import Dimension
    from newscards.query.stats.overview import Overview


@click.command("stats", context_settings=CONTEXT)
@paths_argument
@selection_options
@click.option("--by", metavar="A,B", default="", shell_complete=completed_by("dimensions"),
              help="Count by topic, provider, domain, type, published, quality (in tens), month, quarter or"
              " year; by two of them, as a cross table.")  # fmt: skip
@click.option("--findings/--no-findings", default=None,
              help="Also count the findings of `newscards validate`.  [default: findings]")  # fmt: skip
@rows_format_option
@nul_option
@common_options
def command(**options: Any) -> int:
    """Show an overview: cards by topic, provider, type, month and quality, stories and findings.

    --by counts cards by one or two dimensions instead. A card is counted under each of its topics, so the
    topics add up to more than the number of cards. Dates are in UTC.

    \b
    Examples:
      newscards stats
      newscards stats site --published --since 12m
      newscards stats --by topic,month --format csv > topics.csv
      newscards stats --by provider,type --topic AI
      newscards stats --format json | jq .published
    """

    return run(**options)


class StatsOptions(Criteria):
    """Values of the options of ``stats`` and of the PATHs."""

    paths: tuple[str, ...]
    by: str
    output_format: str | None
    findings: bool | None
    nul: bool


def run(**options: Unpack[StatsOptions]) -> int:
    """Count the cards that the options select; return the exit code."""
    from newscards.cards.card import Card
    from newscards.commands.shared.corpora import current_workspace, open_paths, warn_unreadable
    from newscards.query.findings import cards_around, findings_of
    from newscards.query.selection import Selection
    from newscards.query.stats.overview import Overview
    from newscards.query.stats.tally import COUNTED

    ui = current()
    corpus, settings = open_paths(options["paths"], nul=options["nul"])  # which may declare fields
    dimensions = _dimensions(options["by"])
    if dimensions and options["findings"]:
        raise NewscardsError("--findings does not go with --by", "leave out one of them")
    selection = Selection(current_workspace(), options, paths=options["paths"], identities=True)
    output_format = ui.row_format(options["output_format"])
    end = line_end(options["nul"])
    if dimensions:
        cards = selection.cards(corpus, COUNTED.union(*(each.fields for each in dimensions)))
        write = _write_cross_table if len(dimensions) == 2 else _write_groups
        number_of_cards = write(ui, cards, dimensions, output_format, end)
    else:
        overview, all_cards = Overview(settings), list[Card]()
        overview.count_cards(selection.cards(corpus, Overview.FIELDS, all_cards.append))
        overview.count_stories([*all_cards, *cards_around(current_workspace(), corpus, options["paths"])])
        overview.count_unreadable(selection.unreadable)
        if options["findings"] is not False:
            overview.count_findings(findings_of(current_workspace(), corpus, options["paths"]))
        number_of_cards = overview.total.cards
        _write_overview(ui, overview, output_format, end)
    if not selection.report_unknown() and output_format == "table" and not number_of_cards:
        ui.notice("no card matches")
    return warn_unreadable(ui, [record.message for record in selection.unreadable])


def _write_overview(ui: Ui, overview: Overview, output_format: str, end: str) -> None:
    """Write an overview of cards."""
    from newscards.output.rows import rows_as
    from newscards.query.stats.overview import LONG_COLUMNS

    if output_format == "json":
        ui.write(json_text(overview.sections(), indent=1) + "\n")
    elif output_format == "jsonl":
        ui.write(json_text(overview.sections()) + end)
    elif output_format != "table":
        ui.write_data(rows_as(output_format, [*overview.long_rows()], LONG_COLUMNS, end))
    elif overview.total.cards or overview.unreadable:
        from newscards.output.terminal.stats import print_overview

        print_overview(ui.console(), overview)


def _write_groups(
    ui: Ui, cards: Iterable[Card], dimensions: Sequence[Dimension], output_format: str, end: str
) -> int:
    """Write the number of cards in each group of a dimension; return the number of all cards."""
    from newscards.output.rows import rows_as
    from newscards.query.stats.tally import MEASURES, Tally, count, measures

    (by,) = dimensions
    tally, total = Tally(by), Tally()
    count(cards, tally, total)
    if output_format != "table":
        rows = [{**by.row(key), **measures(each)} for key, each in tally.ordered()]
        ui.write_data(rows_as(output_format, rows, (*by.columns, *MEASURES), end))
    elif tally.groups:
        from newscards.output.terminal.counts import print_tally

        print_tally(ui.console(), tally, total.total)
    return total.total.cards


def _write_cross_table(
    ui: Ui, cards: Iterable[Card], dimensions: Sequence[Dimension], output_format: str, end: str
) -> int:
    """Write the number of cards for each pair of groups of two dimensions; return the number of all cards."""
    from newscards.output.rows import csv_lines, rows_as, tsv_lines
    from newscards.query.stats.tally import CrossTable, count

    table = CrossTable(*dimensions)
    count(cards, *table.tallies)
    if output_format in ("json", "jsonl"):
        ui.write_data(rows_as(output_format, [*table.long_rows()], table.names, end))
    elif output_format == "csv":
        ui.write_data(csv_lines(table.header(), table.grid()))
    elif output_format == "tsv":  # with the header, because the counts mean nothing without it
        ui.write_data(tsv_lines([table.header(), *table.grid()], end))
    elif table.total.cards:
        from newscards.output.terminal.counts import print_cross_table

        print_cross_table(ui.console(), table)
    return table.total.cards


def _dimensions(text: str) -> list[Dimension]:
    """Return the dimensions in a comma-separated list; raises ``NewscardsError``."""
    from newscards.commands.shared.sorting import by_commas
    from newscards.query.stats.dimensions import dimension

    names = by_commas(text)
    dimensions = [dimension(name) for name in names]
    if len(dimensions) > 2:
        raise NewscardsError("--by takes at most two dimensions", f"{names[0]},{names[1]} is a cross table")
    if len(set(names)) < len(names):
        raise NewscardsError(f"--by has `{names[0]}` twice")
    return dimensions
