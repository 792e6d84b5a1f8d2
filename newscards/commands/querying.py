"""What ``query`` does: compile, read what is asked for, run, write."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from newscards.cards.card import Unreadable
from newscards.cards.values import cell
from newscards.commands.shared.corpora import open_paths, readable, tell_unreadable
from newscards.commands.shared.findings import contents_of
from newscards.commands.shared.selection import tell_none_has
from newscards.errors import NewscardsError
from newscards.output.rows import rows_as
from newscards.output.ui import Ui, current
from newscards.query.sql.query import Query
from newscards.query.sql.tables import TABLES
from newscards.text import did_you_mean, one_line

Row = Sequence[Any]
_MOST, _LARGEST = 10_000, 50_000_000
"""How many rows, and about how many characters, are shown as a table, for which all are needed at once."""


def run(sql: str, paths: tuple[str, ...], form: str | None, *, timeout: float, nul: bool) -> int:
    """Run a query over the cards of PATHs; return the exit code."""
    ui, unreadable = current(), list[Unreadable]()
    query = Query(sql, timeout=timeout)
    corpus = open_paths(paths, nul=nul)
    cards = [*readable(corpus, ui, query.fields, unreadable, identities=query.needs_stories)]
    contents = contents_of(cards, corpus, paths, ui, stories=query.needs_stories)
    names, rows = query.run(contents)
    files = {contents.path(card): card.path for card in cards}
    for text in _written(ui, ui.row_format(form), _unique(names), map(_plain, rows), files, nul=nul):
        ui.write(text)
    for topic, hint in query.unknown_topics.items():
        tell_none_has(ui, "topic", topic, hint)
    return tell_unreadable(ui, [record.message for record in unreadable])


def show_schema(form: str | None) -> int:
    """Show the tables and their columns; return the exit code."""
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
    ui: Ui, form: str, names: Sequence[str], rows: Iterator[Row], files: Mapping[str, str], *, nul: bool
) -> Iterable[str | bytes]:
    """Yield rows in a format; ``files`` are the cards' own paths, by how they are shown."""
    end = "\0" if nul else "\n"
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


def _first(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield so many rows as are shown as a table."""
    size = 0
    for row in islice(rows, _MOST):
        yield row
        size += sum(len(value) for value in row if isinstance(value, str))
        if size > _LARGEST:
            return


def _column(name: str, names: Sequence[str], rows: Iterator[Row]) -> Iterator[Any]:
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


def _plain(row: Row) -> list[Any]:
    """Return a row as JSON values: bytes as hexadecimal digits, infinity as text."""
    return [_json(value) for value in row]


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return str(value) if isinstance(value, float) and value - value != 0 else value
