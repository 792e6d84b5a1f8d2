"""``newscards stats``: a corpus at a glance."""

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
              " year; or by two of them, as a cross table.")  # fmt: skip
@click.option("--findings/--no-findings", default=None,
              help="Count what `newscards validate` finds in these cards.  [default: do]")  # fmt: skip
@rows_format_option
@nul_option
@common_options
def command(**options: Any) -> int:
    """Show a corpus at a glance: how many cards by topic, provider, type, month and quality, and its stories.

    With --by, cards are counted by one dimension, or by two. A card counts in each of its topics, so that
    topics sum up to more than there are cards. Dates are UTC.

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
    """The values of the options of ``stats`` and of the PATHs."""

    paths: tuple[str, ...]
    by: str
    form: str | None
    findings: bool | None
    nul: bool


def run(**options: Unpack[StatsOptions]) -> int:
    """Tell how many cards there are of those that the options choose; return the exit code."""
    from newscards.cards.card import Card
    from newscards.commands.shared.corpora import current_workspace, open_paths, warn_unreadable
    from newscards.query.findings import cards_around, findings_of
    from newscards.query.selection import Selection
    from newscards.query.stats.overview import Overview
    from newscards.query.stats.tally import COUNTED

    ui = current()
    dimensions = _dimensions(options["by"])
    if dimensions and options["findings"]:
        raise NewscardsError("--findings is of the whole picture, and does not go with --by")
    selection = Selection(current_workspace(), options, paths=options["paths"], identities=True)
    corpus, settings = open_paths(options["paths"], nul=options["nul"])
    form = ui.row_format(options["form"])
    end = line_end(options["nul"])
    if dimensions:
        cards = selection.cards(corpus, COUNTED.union(*(each.fields for each in dimensions)))
        tell = _tell_crossed if len(dimensions) == 2 else _tell_groups
        found = tell(ui, cards, dimensions, form, end)
    else:
        survey, seen = Overview(settings), list[Card]()
        survey.take(selection.cards(corpus, Overview.FIELDS, seen.append))
        survey.take_stories([*seen, *cards_around(current_workspace(), corpus, options["paths"])])
        survey.take_unreadable(selection.unreadable)
        if options["findings"] is not False:
            survey.take_findings(findings_of(current_workspace(), corpus, options["paths"]))
        found = survey.total.cards
        _tell_survey(ui, survey, form, end)
    if not selection.report_unknown() and form == "table" and not found:
        ui.notice("no card matches")
    return warn_unreadable(ui, [record.message for record in selection.unreadable])


def _tell_survey(ui: Ui, survey: Overview, form: str, end: str) -> None:
    """Tell all there is of some cards."""
    from newscards.output.rows import rows_as
    from newscards.query.stats.overview import LONG_COLUMNS

    if form == "json":
        ui.write(json_text(survey.sections(), indent=1) + "\n")
    elif form == "jsonl":
        ui.write(json_text(survey.sections()) + end)
    elif form != "table":
        for text in rows_as(form, [*survey.long_rows()], LONG_COLUMNS, end):
            ui.write(text)
    elif survey.total.cards or survey.unreadable:
        from newscards.output.terminal.stats import print_survey

        print_survey(ui.console(), survey)


def _tell_groups(ui: Ui, cards: Iterable[Card], dimensions: Sequence[Dimension], form: str, end: str) -> int:
    """Tell how many cards each group of a dimension has; return how many there are."""
    from newscards.output.rows import rows_as
    from newscards.query.stats.tally import MEASURES, Tally, count, measures

    (by,) = dimensions
    tally, total = Tally(by), Tally()
    count(cards, tally, total)
    if form != "table":
        rows = [{**by.row(key), **measures(each)} for key, each in tally.ordered()]
        for text in rows_as(form, rows, (*by.columns, *MEASURES), end):
            ui.write(text)
    elif tally.groups:
        from newscards.output.terminal.counts import print_tally

        print_tally(ui.console(), tally, total.total)
    return total.total.cards


def _tell_crossed(ui: Ui, cards: Iterable[Card], dimensions: Sequence[Dimension], form: str, end: str) -> int:
    """Tell how many cards are in a group of one dimension and of another; return how many there are."""
    from newscards.output.rows import csv_lines, rows_as, tsv_lines
    from newscards.query.stats.tally import CrossTable, count

    table = CrossTable(*dimensions)
    count(cards, *table.tallies)
    if form in ("json", "jsonl"):
        for text in rows_as(form, [*table.long_rows()], table.names, end):
            ui.write(text)
    elif form == "csv":
        for text in csv_lines(table.header(), table.grid()):
            ui.write(text)
    elif form == "tsv":  # with the header, which is half of what it says
        for text in tsv_lines([table.header(), *table.grid()], end):
            ui.write(text)
    elif table.total.cards:
        from newscards.output.terminal.counts import print_crossed

        print_crossed(ui.console(), table)
    return table.total.cards


def _dimensions(text: str) -> list[Dimension]:
    """Return what cards are counted by; raises ``NewscardsError``."""
    from newscards.commands.shared.sorting import by_commas
    from newscards.query.stats.dimensions import dimension

    names = by_commas(text)
    found = [dimension(name) for name in names]
    if len(found) > 2:
        raise NewscardsError("--by takes one dimension, or two", f"{names[0]},{names[1]} is a cross table")
    if len(set(names)) < len(names):
        raise NewscardsError(f"--by: `{names[0]}` stands there twice")
    return found
