"""``newscards query``: SQL over the cards."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

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
from newscards.text import did_you_mean, one_line


@click.command("query", context_settings=CONTEXT)
@click.argument("sql", metavar="SELECT", required=False, shell_complete=completed_by("select"))
@paths_argument
@format_option
@click.option("--schema", is_flag=True, help="Show the tables and their columns.")
@click.option("--timeout", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS", default=30.0,
              show_default=True, help="End the query after so long.")  # fmt: skip
@nul_option
@common_options
def command(
    sql: str | None, paths: tuple[str, ...], form: str | None, schema: bool, timeout: float, nul: bool
) -> int:
    """Run a SELECT over the tables cards, topics, related, images, stories and findings.

    It is SQL as SQLite has it, over what the cards of PATHs say; it can read the tables and do nothing else.
    They are joined by `path`, the card's file, but stories by `story`. `has_topic('AI')` is true for a card
    of that topic, in any case. What a card lacks is NULL; booleans are 0 and 1; dates are text, as
    2023-06-20T15:44:00Z.

    \b
    Examples:
      newscards query --schema
      newscards query "SELECT provider_name, count(*) AS cards FROM cards
                       WHERE published GROUP BY 1 ORDER BY 2 DESC LIMIT 10"
      newscards query "SELECT provider_name, count(*) FROM stories
                       WHERE first LIKE '2020-05%' GROUP BY 1 ORDER BY 2 DESC"
      newscards query "SELECT topic, avg(quality) FROM topics JOIN cards USING (path) GROUP BY 1"
      newscards query "SELECT id FROM cards WHERE errors > 0" --format ids | newscards show -
    """

    if schema:
        return show_schema(form)
    if sql is None:
        raise click.UsageError("a SELECT is missing; `newscards query --schema` shows what can be asked for")
    return run(sql, paths, form, timeout=timeout, nul=nul)


ResultRow = Sequence[Any]
_MOST, _LARGEST = 10_000, 50_000_000
"""How many rows, and about how many characters, are shown as a table, for which all are needed at once."""


def run(sql: str, paths: tuple[str, ...], form: str | None, *, timeout: float, nul: bool) -> int:
    """Run a query over the cards of PATHs; return the exit code."""
    from newscards.cards.card import Unreadable
    from newscards.commands.shared.corpora import current_workspace, open_paths, warn_unreadable
    from newscards.query.findings import table_data
    from newscards.query.selection import report_none_has
    from newscards.query.sql.query import Query

    ui, unreadable = current(), list[Unreadable]()
    query = Query(sql, timeout=timeout)
    corpus, _ = open_paths(paths, nul=nul)
    cards = [*current_workspace().readable(corpus, query.fields, unreadable, identities=query.needs_stories)]
    contents = table_data(current_workspace(), cards, corpus, paths, stories=query.needs_stories)
    names, rows = query.run(contents)
    files = {contents.path(card): card.path for card in cards}
    for text in _written(ui, ui.row_format(form), _unique(names), map(_plain, rows), files, nul=nul):
        ui.write(text)
    for topic, hint in query.unknown_topics.items():
        report_none_has(ui, "topic", topic, hint)
    return warn_unreadable(ui, [record.message for record in unreadable])


def show_schema(form: str | None) -> int:
    """Show the tables and their columns; return the exit code."""
    from newscards.output.rows import rows_as
    from newscards.query.sql.tables import TABLES

    ui = current()
    columns = {
        name: [{"name": each.name, "type": each.type, "about": each.about} for each in table.columns]
        for name, table in TABLES.items()
    }
    written: Iterator[str] | None = None
    if form in ("json", "jsonl"):
        tables = (
            {"table": name, "about": TABLES[name].about, "columns": own} for name, own in columns.items()
        )
        written = rows_as(form, tables, ())
    elif form in ("csv", "tsv"):
        rows = ({"table": name, **each} for name, own in columns.items() for each in own)
        written = rows_as(form, rows, ("table", "name", "type", "about"))
    if written:
        for text in written:
            ui.write(text)
        return 0
    width = max(len(each.name) for table in TABLES.values() for each in table.columns)
    for table in TABLES.values():
        ui.write(f"{table.name}: {table.about}\n")
        for each in table.columns:
            ui.write(f"  {each.name:<{width}}  {each.type:<7}  {each.about}".rstrip() + "\n")
        ui.write("\n")
    ui.write("has_topic('AI'): whether a card has a topic, in any case; for a row with a `path`\n")
    return 0


def _written(
    ui: Ui, form: str, names: Sequence[str], rows: Iterator[ResultRow], files: Mapping[str, str], *, nul: bool
) -> Iterable[str | bytes]:
    """Yield rows in a format; ``files`` are the cards' own paths, by how they are shown."""
    from newscards.cards.values import cell
    from newscards.output.rows import rows_as

    end = line_end(nul)
    if form == "ids":
        return (one_line(cell(value)) + end for value in _column("id", names, rows))
    if form == "paths":
        paths = map(cell, _column("path", names, rows))
        return (os.fsencode(files.get(path, path)) + end.encode() for path in paths)
    if form == "table":
        from newscards.output.terminal.query import print_result

        shown = [*_first(rows)]
        print_result(ui.console(), names, shown)
        if next(rows, None) is not None:
            ui.notice(f"these are the first {len(shown):,} rows; `--format tsv` writes all of them")
        return ()
    return rows_as(form, (dict(zip(names, row, strict=True)) for row in rows), names, end)


def _first(rows: Iterator[ResultRow]) -> Iterator[ResultRow]:
    """Yield so many rows as are shown as a table."""
    size = 0
    for row in islice(rows, _MOST):
        yield row
        size += sum(len(value) for value in row if isinstance(value, str))
        if size > _LARGEST:
            return


def _column(name: str, names: Sequence[str], rows: Iterator[ResultRow]) -> Iterator[Any]:
    """Return the values of a column; raises ``NewscardsError`` where the result has no such column."""
    if name not in names:
        hint = did_you_mean(name, names) or f"it must be among what is selected, as in SELECT {name}"
        raise NewscardsError(f"the result has no column `{name}`, which --format {name}s lists", hint)
    at = names.index(name)
    return (row[at] for row in rows)


def _unique(names: Iterable[str]) -> list[str]:
    """Return names of which each is another: ``id``, ``id_2``."""
    found: dict[str, None] = {}
    for name in names:
        number, other = 1, name
        while other in found:
            number += 1
            other = f"{name}_{number}"
        found[other] = None
    return [*found]


def _plain(row: ResultRow) -> list[Any]:
    """Return a row as JSON values: bytes as hexadecimal digits, infinity as text."""
    return [_json(value) for value in row]


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, float) and value - value != 0 else value
