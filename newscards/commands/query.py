"""``newscards query``: SQL over cards."""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import click

from newscards.commands.shared.options import (
    CONTEXT,
    common_options,
    completed_by,
    format_option,
    line_end,
    nul_option,
    paths_argument,
)
from newscards.errors import NewscardsError
from newscards.output.ui import Ui, current
from newscards.text import did_you_mean, path_json

if TYPE_CHECKING:
    from newscards.corpus.corpus import Corpus
    from newscards.query.sql.sandbox import Timer

T = TypeVar("T")


def _finite(ctx: click.Context, param: click.Parameter, value: float) -> float:
    """Return a number of seconds; ``BadParameter`` for NaN, which no time exceeds, and the infinite."""
    if not math.isfinite(value):
        raise click.BadParameter(f"{value:g} is not a number of seconds.")
    return value


@click.command("query", context_settings=CONTEXT)
@click.argument("sql", metavar="SELECT", required=False, shell_complete=completed_by("select"))
@paths_argument
@format_option
@click.option("--schema", is_flag=True, help="Show the tables and their columns.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", default=30.0,
              callback=_finite, show_default=True, help="Stop the query after this time.")  # fmt: skip
@nul_option
@common_options
def command(
    sql: str | None,
    paths: tuple[str, ...],
    output_format: str | None,
    schema: bool,
    timeout: float,
    nul: bool,
) -> int:
    """Run an SQL SELECT over the tables cards, topics, related, images, stories and findings.

    The SQL is that of SQLite, and can only read the tables. They hold the cards of PATHs. Join tables by
    `path`, the file of the card, and stories by `story`. `has_topic('AI')` is true for a card of that topic,
    case-insensitive. A missing value is NULL, a boolean 0 or 1, and a date text like 2023-06-20T15:44:00Z.

    \b
    Examples:
      newscards query --schema
      newscards query "SELECT provider_name, count(*) AS cards FROM cards
                       WHERE published GROUP BY 1 ORDER BY 2 DESC LIMIT 10"
      newscards query "SELECT provider_name, count(*) FROM stories
                       WHERE first LIKE '2020-05%' GROUP BY 1 ORDER BY 2 DESC"
      newscards query "SELECT topic, avg(quality) FROM topics
                       JOIN cards USING (path) GROUP BY 1"
      newscards query "SELECT id FROM cards WHERE errors > 0" --format ids
    """

    if schema:
        return show_schema(output_format)
    if sql is None:
        raise click.UsageError("missing SELECT; `newscards query --schema` shows the tables and columns")
    return run(sql, paths, output_format, timeout=timeout, nul=nul)


ResultRow = Sequence[Any]
_MAX_TABLE_ROWS, _MAX_TABLE_CHARACTERS = 10_000, 10_000_000
"""The limits of a table, which has to be held in memory: rows, and roughly characters."""


def run(sql: str, paths: tuple[str, ...], output_format: str | None, *, timeout: float, nul: bool) -> int:
    """Run a query over the cards of PATHs; return the exit code."""
    from newscards.cards.card import Unreadable
    from newscards.commands.shared.corpora import current_workspace, open_paths, warn_unreadable
    from newscards.query.findings import table_data
    from newscards.query.selection import report_doubtful_comparison, report_none_has
    from newscards.query.sql.query import Query

    ui, unreadable = current(), list[Unreadable]()
    corpus, _ = open_paths(paths, nul=nul)  # its configuration may declare fields, and so columns
    query = Query(sql, timeout=timeout)
    workspace = replace(current_workspace(), reporter=TimedReporter(ui, query.timer))
    cards = workspace.readable(corpus, query.fields, unreadable, identities=query.needs_stories)
    names, rows = query.run(table_data(workspace, cards, corpus, paths, stories=query.needs_stories))
    output_format, names = ui.row_format(output_format), _unique(names)
    ui.write_data(_written(ui, output_format, names, rows, corpus, nul=nul))
    report_doubtful_comparison(ui, query)
    for absent, hint in query.absent.items():
        report_none_has(ui, absent, hint)
    return warn_unreadable(ui, [record.message for record in unreadable])


class TimedReporter:
    """A ``Ui`` whose long work counts against the time limit of a query."""

    def __init__(self, ui: Ui, timer: Timer) -> None:
        self._timer, self._track = timer, ui.track
        self.notice, self.warn = ui.notice, ui.warn

    def track(self, items: Iterable[T], total: int, description: str) -> Iterable[T]:
        """Yield ``items`` as ``Ui.track``; raise ``OutOfTimeError`` after the time limit."""
        return self._timer.limited(self._track(items, total, description))


def show_schema(output_format: str | None) -> int:
    """Show the tables and their columns; return the exit code."""
    from newscards.commands.shared.corpora import current_workspace
    from newscards.output.rows import rows_as
    from newscards.query.sql.tables import tables

    ui = current()
    current_workspace().settings_for(())  # which may declare fields
    shown = tables()
    columns = {
        name: [{"name": each.name, "type": each.type, "about": each.about} for each in table.columns]
        for name, table in shown.items()
    }
    written: Iterator[str] | None = None
    if output_format in ("json", "jsonl"):
        listed_tables = (
            {"table": name, "about": shown[name].about, "columns": listed} for name, listed in columns.items()
        )
        written = rows_as(output_format, listed_tables, ())
    elif output_format in ("csv", "tsv"):
        rows = ({"table": name, **column} for name, listed in columns.items() for column in listed)
        written = rows_as(output_format, rows, ("table", "name", "type", "about"))
    if written:
        ui.write_data(written)
        return 0
    width = max(len(each.name) for table in shown.values() for each in table.columns)
    for table in shown.values():
        ui.write_wrapped(f"{table.name}: ", table.about)
        for each in table.columns:
            ui.write_wrapped(f"  {each.name:<{width}}  {each.type:<7}  ", each.about)
        ui.write("\n")
    for sentence in _ABOUT_FIELDS:
        ui.write_wrapped("", sentence)
    return 0


_ABOUT_FIELDS = (
    'Any other field of the cards is a column of `cards`, too: draft, "external-url", "source.name".',
    "If a column has its name, it is reached as card.id, card.story and so on.",
    "has_topic('AI'): whether a card has a topic, case-insensitive; for a row with a `path`",
)


def _written(
    ui: Ui,
    output_format: str,
    names: Sequence[str],
    rows: Generator[ResultRow, None, None],
    corpus: Corpus,
    *,
    nul: bool,
) -> Iterable[str | bytes]:
    """Return the text of rows, in parts."""
    from newscards.cards.values import cell
    from newscards.output.rows import rows_as

    end = line_end(nul)
    if output_format == "ids":
        return (cell(value) + end for value in _column("id", names, rows))
    if output_format == "paths":
        files = {path_json(path): path for path in corpus.paths}  # the bytes of those that are not UTF-8
        paths = map(cell, _column("path", names, rows))
        return (os.fsencode(files.get(path, path)) + end.encode() for path in paths)
    if output_format == "table":
        from newscards.output.terminal.query import print_result

        shown = [*_first_rows(map(_plain, rows))]
        is_cut = next(rows, None) is not None
        rows.close()  # nothing may show progress beside the table
        print_result(ui.console(), names, shown)
        if is_cut:
            ui.notice(f"only the first {len(shown):,} rows are shown; `--format tsv` writes all")
        return ()
    objects = (dict(zip(names, _plain(row), strict=True)) for row in rows)
    return rows_as(output_format, objects, names, end)


def _first_rows(rows: Iterator[ResultRow]) -> Iterator[ResultRow]:
    """Yield the rows that a table has room for."""
    size = 0
    for row in islice(rows, _MAX_TABLE_ROWS):
        yield row
        size += sum(len(value) for value in row if isinstance(value, str))
        if size > _MAX_TABLE_CHARACTERS:
            return


def _column(name: str, names: Sequence[str], rows: Iterator[ResultRow]) -> Iterator[Any]:
    """Return the values of a column; raises ``NewscardsError`` if the result does not have it."""
    if name not in names:
        hint = did_you_mean(name, names) or f"select it, as in SELECT {name}"
        raise NewscardsError(f"--format {name}s needs a column `{name}` in the result", hint)
    at = names.index(name)
    return (_json(row[at]) for row in rows)


def _unique(names: Iterable[str]) -> list[str]:
    """Return names with repeated ones numbered: ``id``, ``id_2``."""
    unique: dict[str, None] = {}
    for name in names:
        number, other = 1, name
        while other in unique:
            number += 1
            other = f"{name}_{number}"
        unique[other] = None
    return [*unique]


def _plain(row: ResultRow) -> list[Any]:
    """Return a row as JSON values: bytes as hexadecimal digits, an infinite number as text."""
    return [_json(value) for value in row]


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    is_infinite = isinstance(value, float) and value - value != 0
    return str(value) if is_infinite else value
