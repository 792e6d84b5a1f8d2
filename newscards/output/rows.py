"""The machine formats of listings: functions that take cards or rows one by one and yield text.

A text is in all of them exactly as the card has it, quoted or escaped as its format does it.
``Ui.write_data`` writes what they yield, and protects a terminal.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, TypeAlias

from newscards.cards.card import Card, card_id
from newscards.cards.values import MISSING, card_json, cell, column
from newscards.text import UNSAFE, json_text, path_json

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
_FORMULA = re.compile(rf"'*(?:\s|{UNSAFE})*[=+\-@]")
"""The beginning of a cell that a spreadsheet may take for a formula, perhaps behind quotes."""
_CRLF = "\r\n"
"""The end of a row for ``csv``, which quotes a cell that has a character of it."""
_TSV_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r", "\0": r"\0"})


ValueOf: TypeAlias = Callable[[Card, str], Any]
"""A function that returns the JSON value of a card's column by its name, or ``MISSING``."""


def json_object(card: Card, columns: Sequence[str], value_of: ValueOf = column) -> dict[str, Any]:
    """Return a card as a JSON object: with those of ``columns`` that it has, or without any all fields."""
    if not columns:
        return card_json(card.without_bulk())
    found = ((name, value_of(card, name)) for name in columns)
    return {name: value for name, value in found if value is not MISSING}


def cells(card: Card, columns: Sequence[str], value_of: ValueOf = column) -> list[str]:
    """Return the cells of a card as texts."""
    return [cell(value_of(card, name)) for name in columns]


def cards_as(
    output_format: str,
    cards: Iterable[Card],
    columns: Sequence[str],
    end: str = "\n",
    value_of: ValueOf = column,
) -> Iterator[str]:
    """Yield cards in a format: ``json``, ``jsonl``, ``csv`` or ``tsv``.

    Without ``columns``, objects have all fields of a card, and rows the ``DEFAULT_COLUMNS``.
    """
    if output_format in ("json", "jsonl"):
        objects = (json_object(card, columns, value_of) for card in cards)
        return formatted(output_format, objects, (), (), end)
    columns = columns or DEFAULT_COLUMNS
    texts = (cells(card, columns, value_of) for card in cards)
    return formatted(output_format, (), columns, texts, end)


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
    """Yield rows of cells separated by tabs, without a header.

    In a cell, a tab is ``\\t``, a newline ``\\n``, a carriage return ``\\r``, NUL ``\\0``, a backslash
    ``\\\\``, and everything else itself.
    """
    for texts in rows:
        whole = "".join(texts)  # one check for the whole row, because few rows need an escape
        if "\\" in whole or not whole.isprintable():
            texts = [text.translate(_TSV_ESCAPES) for text in texts]
        yield "\t".join(texts) + end


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield CSV (RFC 4180) with a header; rows end in a newline.

    A cell that a spreadsheet would take as a formula becomes text.
    """
    import csv  # imported here because the other formats do not need it

    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=_CRLF)
    for texts in chain([header], rows):
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(map(_defused, texts))
        yield buffer.getvalue().removesuffix(_CRLF) + "\n"


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
        name = os.fsencode(path) if output_format == "paths" else path_json(card_id(path)).encode()
        yield name + end.encode()


def _defused(text: str) -> str:
    """Return a cell that no spreadsheet evaluates: a formula after a quote (OWASP, "CSV injection").

    So that the quote can be taken off again, a formula that has one already gets another.
    """
    return "'" + text if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
