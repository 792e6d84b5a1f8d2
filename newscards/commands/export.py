"""``newscards export``: the tables of SQL as an SQLite file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Unpack

import click

from newscards.commands.shared.options import (
    CONTEXT,
    PATH,
    common_options,
    nul_names_option,
    paths_argument,
    selection_options,
)
from newscards.errors import NewscardsError, system_reason
from newscards.output.ui import Ui, current
from newscards.query.criteria import Criteria
from newscards.text import counted, path_text

if TYPE_CHECKING:
    from newscards.cards.card import Card, Unreadable
    from newscards.corpus.corpus import Corpus
    from newscards.query.sql.data import TableData
    from newscards.query.sql.export import Exported


@click.command("export", context_settings=CONTEXT)
@click.argument("file", metavar="FILE", type=PATH)
@paths_argument
@selection_options
@nul_names_option("PATHs")
@common_options
def command(**options: Any) -> int:
    """Write the tables of `query` into an SQLite file, for Datasette, DuckDB and other programs.

    FILE gets the tables cards, topics, related, images, stories and findings, as `newscards query --schema`
    shows them, with keys and indexes, and `cards_fts` for full-text search. `secured`, `age_days` and `page`
    are no columns; fields of your own are columns of cards. `front_matter` has all fields of each card as
    JSON. FILE is written whole or not at all. It replaces an empty FILE or one that `export` wrote before,
    and no other; it cannot be among the cards.

    \b
    Examples:
      newscards export news.db
      newscards export ports.db site --topic Ports --since 2024
      newscards export public.db --published && datasette public.db
    """
    return run(**options)


class ExportOptions(Criteria):
    """Values of the options of ``export``, its FILE and its PATHs."""

    file: str
    paths: tuple[str, ...]
    nul: bool


def run(**options: Unpack[ExportOptions]) -> int:
    """Write the selected cards into a database; return the exit code."""
    from newscards.commands.shared.corpora import current_workspace, open_paths, warn_unreadable
    from newscards.corpus.index.encoding import BRIEF_NAMES
    from newscards.query.findings import cards_around, findings_of
    from newscards.query.selection import Selection
    from newscards.query.sql.data import TableData

    ui, workspace, paths, file = current(), current_workspace(), options["paths"], options["file"]
    check_file(file)
    corpus, _ = open_paths(paths, nul=options["nul"])
    check_place(file, corpus)
    selection = Selection(workspace, options, paths=paths, identities=True)
    all_cards: list[Card] = []
    selected = [*selection.cards(corpus, BRIEF_NAMES, all_cards.append)]
    chosen = {card.path for card in selected}
    others = [card for card in all_cards if card.path not in chosen]
    others += cards_around(workspace, corpus, paths)
    # Not later, within the progress of the writing.
    findings = findings_of(workspace, corpus, paths, apart=True)
    data = TableData(selected, others, lambda: findings)
    unreadable = selection.unreadable
    whole = _whole_cards(ui, corpus, [path for path in corpus.paths if path in chosen], unreadable)
    exported = _write(file, data, whole)
    _report(ui, file, exported)
    if not selection.report_unknown() and not exported.cards:
        ui.notice("no card matches")
    for path in exported.same_paths[:1]:
        left_out = f"{counted(len(exported.same_paths), 'card')} left out, such as {path_text(path)}"
        ui.warn(f"{left_out}: as text, the path is that of another card, too")
    return max(warn_unreadable(ui, [record.message for record in unreadable]), bool(exported.same_paths))


def _whole_cards(ui: Ui, corpus: Corpus, paths: list[str], unreadable: list[Unreadable]) -> Iterator[Card]:
    """Yield the cards at some paths with all of their fields, one after the other."""
    from newscards.cards.card import Card

    for record in ui.track(map(corpus.read, paths), len(paths), "Writing cards"):
        if isinstance(record, Card):
            yield record
        else:  # it changed since it was selected
            unreadable.append(record)


def _write(file: str, data: TableData, cards: Iterable[Card]) -> Exported:
    """Write a database, entirely or not at all; raises ``NewscardsError`` where the system refuses."""
    from newscards.edits.atomic import flush_file, flush_folder, written_beside
    from newscards.query.sql.export import write_tables
    from newscards.query.sqlite import sqlite3

    target = os.path.realpath(file)
    try:
        with written_beside(target) as temporary:
            exported = write_tables(temporary, data, cards)
            flush_file(temporary)
        flush_folder(os.path.dirname(target))
    except (OSError, sqlite3.Error) as error:
        raise _refused(file, system_reason(error)) from error
    return exported


_ROWS = {
    f".{name}": f"`newscards list --format {name}` writes {name.upper()}"
    for name in ("csv", "tsv", "json", "jsonl")
}
_BY_DUCKDB = "export a .db, which DuckDB, pandas or Datasette read: `newscards help querying`"
_OTHERS = (
    "ndjson",
    "parquet",
    "arrow",
    "feather",
    "xls",
    "xlsx",
    "ods",
    "duckdb",
    "sql",
    "xml",
    "html",
    "zip",
)
_OTHER_FORMATS = _ROWS | {f".{name}": _BY_DUCKDB for name in _OTHERS}
_OTHER_FORMATS |= {
    f".{name}": "name it .db or .sqlite" for name in ("txt", "yml", "yaml", "toml", "markdown")
}
"""The endings of other formats, which would mislead the programs that open the file, with a hint."""


def check_file(file: str) -> None:
    """Raise ``NewscardsError`` if a database cannot be written there; asked before the cards are read."""
    from newscards.edits.atomic import is_stream
    from newscards.output.files import reason_against
    from newscards.query.sql.export import is_export

    if not file:  # an unset variable, perhaps
        raise NewscardsError("FILE is empty", "name a file, as in `newscards export news.db`")
    target = os.path.realpath(file)
    if file == "-" or is_stream(file):
        raise _refused(file, "SQLite writes only files", "name a file, as in `newscards export news.db`")
    ending = os.path.splitext(target)[1].lower()
    if ending in _OTHER_FORMATS:
        raise _refused(file, f"export writes SQLite, and {ending} is another format", _OTHER_FORMATS[ending])
    if reason := reason_against(file):
        is_path = os.path.isdir(target) or os.path.isfile(target)
        raise _refused(
            file, reason, "FILE comes first, then PATHs: `newscards export news.db site`" if is_path else ""
        )
    if not os.access(os.path.dirname(target), os.W_OK):
        raise _refused(file, "its folder is write-protected")
    for ending in ("-wal", "-journal"):  # SQLite would take the changes in there for those of the new file
        if os.path.lexists(target + ending):
            raise _refused(file, f"another program has it open, or left {path_text(file)}{ending}")
    try:
        is_foreign = os.path.lexists(target) and not is_export(target)
    except OSError as error:
        raise _refused(file, system_reason(error)) from error
    if is_foreign:
        raise _refused(file, "it exists, and `export` did not write it", "name another file, or delete it")


def check_place(file: str, corpus: Corpus) -> None:
    """Raise ``NewscardsError`` if a file would lie among the cards; warn if the site would publish it."""
    from newscards.jekyll.config import site_of
    from newscards.layout import is_skipped_name, news_folder

    folder = os.path.dirname(os.path.realpath(file))
    if news_folder(folder) or folder in {os.path.realpath(os.path.dirname(path)) for path in corpus.paths}:
        hint = f"write it elsewhere, as {path_text(os.path.join(os.pardir, os.path.basename(file)))}"
        raise _refused(file, "it would lie among the cards", hint)
    for path in corpus.paths[:1]:
        site = site_of(path)
        inner = os.path.relpath(os.path.realpath(file), os.path.realpath(site.source or os.curdir))
        parts = inner.split(os.sep)
        is_site_file = site.file and not any(map(is_skipped_name, parts)) and parts[0] != os.pardir
        if is_site_file and not site.excludes(inner.replace(os.sep, "/")):
            current().warn(
                f"{path_text(file)} lies in the site, which publishes it with all hidden cards; write it"
                " elsewhere, or add it to `exclude` in _config.yml"
            )


def _refused(file: str, reason: str, hint: str = "") -> NewscardsError:
    return NewscardsError(f"{path_text(file)} cannot be written: {reason}", hint)


def _report(ui: Ui, file: str, exported: Exported) -> None:
    """Say what was written, and what is not in it."""
    from newscards.query.sql.export import MAX_OWN_COLUMNS

    size = os.path.getsize(file) / 1_000_000
    parts = [
        counted(exported.cards, "card"),
        counted(exported.stories, "story", "stories"),
        counted(exported.findings, "finding"),
    ]
    ui.notice(f"wrote {path_text(file)}: {', '.join(parts)}; {size:,.1f} MB")
    if not exported.has_search:
        ui.notice("it has no cards_fts, because this Python's SQLite lacks FTS5")
    if exported.fields_without_column:
        fields = counted(exported.fields_without_column, "own field")
        ui.warn(f"{fields} only in front_matter: the table cards has columns for {MAX_OWN_COLUMNS:,}")
