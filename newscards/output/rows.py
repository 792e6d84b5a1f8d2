"""The machine formats of listings; each takes cards one by one and yields text."""

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
    """Return a card's columns under their dotted names, without those that it lacks."""
    found = ((name, column(card, name)) for name in columns)
    return {name: value for name, value in found if value is not MISSING}


def json_object(card: Card, columns: Sequence[str]) -> dict[str, Any]:
    """Return a card as an object: all that it has, or exactly the columns that were asked for."""
    return row(card, columns) if columns else card_json(card.without_bulk())


def cells(card: Card, columns: Sequence[str]) -> list[str]:
    """Return a card's columns as texts."""
    return [cell(column(card, name)) for name in columns]


def cards_as(form: str, cards: Iterable[Card], columns: Sequence[str], end: str = "\n") -> Iterator[str]:
    """Yield cards in a format: ``json``, ``jsonl``, ``csv`` or ``tsv``.

    Without ``columns``, objects have all that a card has, and rows the usual columns.
    """
    if form in ("json", "jsonl"):
        return formatted(form, (json_object(card, columns) for card in cards), (), (), end)
    columns = columns or DEFAULT_COLUMNS
    return formatted(form, (), columns, (cells(card, columns) for card in cards), end)


def formatted(
    form: str,
    objects: Iterable[object],
    header: Sequence[str],
    texts: Iterable[Sequence[str]],
    end: str = "\n",
) -> Iterator[str]:
    """Yield ``objects`` as ``json`` or ``jsonl``, or rows of ``texts`` as ``csv`` or ``tsv``."""
    if form == "json":
        return json_array(objects)
    if form == "jsonl":
        return json_lines(objects, end)
    return csv_lines(header, texts) if form == "csv" else tsv_lines(texts, end)


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
    """Yield rows of cells separated by tabs, without a header; breaks in cells are blanks."""
    for texts in rows:
        if not "".join(texts).isprintable():  # asked once for all: few are not
            texts = [*map(one_line, texts)]
        yield "\t".join(texts) + end


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield RFC 4180 with a header; a cell that a spreadsheet would take for a formula is made text."""
    import csv  # only here: the other formats need nothing of it

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
    form: str, rows: Iterable[Mapping[str, Any]], columns: Sequence[str], end: str = "\n"
) -> Iterator[str]:
    """Yield rows of JSON values in a format: ``json``, ``jsonl``, ``csv`` or ``tsv``.

    The last two have these columns; what a row lacks is an empty cell.
    """
    texts = ([cell(row.get(name)) for name in columns] for row in rows)
    return formatted(form, rows, columns, texts, end)


def names_of(form: str, paths: Iterable[str], end: str = "\n") -> Iterator[bytes]:
    """Yield the names of cards in the files at some paths: ``paths`` as they are, or ``ids``."""
    for path in paths:
        name = os.fsencode(path) if form == "paths" else path_text(card_id(path)).encode(errors="replace")
        yield name + end.encode()


def _defused(text: str) -> str:
    """Return a cell that no spreadsheet runs (OWASP, "CSV injection"): a quote before what may be."""
    text = harmless(text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if text.lstrip().startswith(("=", "+", "-", "@")) and not _NUMBER.fullmatch(text):
        return "'" + text
    return text
