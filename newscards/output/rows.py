"""The machine formats of listings: functions that take cards or rows one by one and yield text."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from newscards.cards.card import Card, card_id
from newscards.cards.values import MISSING, card_json, cell, column
from newscards.text import harmless, json_text, one_line, path_text

DEFAULT_COLUMNS = (
    "id",
    "published",
    "publishedDateTime",
    "quality",
    "heat",
    "provider.name",
    "topics",
    "title",
)

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")


def row(card: Card, columns: Sequence[str]) -> dict[str, Any]:
    """Return a card's columns by dotted name, without those that it lacks."""
    found = ((name, column(card, name)) for name in columns)
    return {name: value for name, value in found if value is not MISSING}


def json_object(card: Card, columns: Sequence[str]) -> dict[str, Any]:
    """Return a card as a JSON object: with exactly ``columns``, or if there are none with all its fields."""
    return row(card, columns) if columns else card_json(card.without_bulk())


def cells(card: Card, columns: Sequence[str]) -> list[str]:
    """Return the cells of a card as texts."""
    return [cell(column(card, name)) for name in columns]


def cards_as(
    output_format: str, cards: Iterable[Card], columns: Sequence[str], end: str = "\n"
) -> Iterator[str]:
    """Yield cards in a format: ``json``, ``jsonl``, ``csv`` or ``tsv``.

    Without ``columns``, objects have all fields of a card, and rows the ``DEFAULT_COLUMNS``.
    """
    if output_format in ("json", "jsonl"):
        return formatted(output_format, (json_object(card, columns) for card in cards), (), (), end)
    columns = columns or DEFAULT_COLUMNS
    return formatted(output_format, (), columns, (cells(card, columns) for card in cards), end)


def formatted(
    output_format: str,
    objects: Iterable[object],
    header: Sequence[str],
    texts: Iterable[Sequence[str]],
    end: str = "\n",
) -> Iterator[str]:
    """Yield ``objects`` as ``json`` or ``jsonl``, or rows of ``texts`` as ``csv`` or ``tsv``."""
    if output_format == "json":
        return json_array(objects)
    if output_format == "jsonl":
        return json_lines(objects, end)
    return csv_lines(header, texts) if output_format == "csv" else tsv_lines(texts, end)


def json_array(objects: Iterable[object]) -> Iterator[str]:
    """Yield an array of JSON values, one a line."""
    separator = "[\n"
    for each in objects:
        yield separator + json_text(each)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def json_lines(objects: Iterable[object], end: str = "\n") -> Iterator[str]:
    """Yield JSON values, one a line (https://jsonlines.org)."""
    return (json_text(each) + end for each in objects)


def tsv_lines(rows: Iterable[Sequence[str]], end: str = "\n") -> Iterator[str]:
    """Yield rows of cells separated by tabs, without a header; breaks and tabs in cells become blanks."""
    for texts in rows:
        if not "".join(texts).isprintable():  # one check for the whole row, because few need `one_line`
            texts = [*map(one_line, texts)]
        yield "\t".join(texts) + end


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield CSV (RFC 4180) with a header; a cell that a spreadsheet would take as a formula becomes text."""
    import csv  # imported here because the other formats do not need it

    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(map(_defused, header))
    for texts in rows:
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(map(_defused, texts))
    yield buffer.getvalue()


def rows_as(
    output_format: str, rows: Iterable[Mapping[str, Any]], columns: Sequence[str], end: str = "\n"
) -> Iterator[str]:
    """Yield rows of JSON values in a format: ``json``, ``jsonl``, ``csv`` or ``tsv``.

    ``csv`` and ``tsv`` have these columns; a value that a row lacks is an empty cell.
    """
    texts = ([cell(row.get(name)) for name in columns] for row in rows)
    return formatted(output_format, rows, columns, texts, end)


def names_as(output_format: str, paths: Iterable[str], end: str = "\n") -> Iterator[bytes]:
    """Yield the names of the cards at some paths, as ``paths`` or ``ids``, each with ``end``."""
    for path in paths:
        name = (
            os.fsencode(path)
            if output_format == "paths"
            else path_text(card_id(path)).encode(errors="replace")
        )
        yield name + end.encode()


def _defused(text: str) -> str:
    """Return a cell that no spreadsheet evaluates: a formula after a quote (OWASP, "CSV injection")."""
    text = harmless(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if text.lstrip().startswith(("=", "+", "-", "@")) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
