"""Every value of every card comes back from each machine format as PyYAML reads it in the file."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import yaml

from newscards.cards.values import full_name
from tests.conftest import Run
from tests.output.test_rows import in_json
from tests.support import ROOT
from tests.support.indexes import ODD, fill

TEXTS = (
    "title",
    "excerpt",
    "originalUrl",
    "webUrl",
    "ampWebUrl",
    "cdnAmpWebUrl",
    "type",
    "category",
    "publishedDateTime",
)
NUMBERS = "quality", "heat"
LARGE = "related", "secured"
ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "0": "\0", "\\": "\\"}
NOT_AS_PYYAML = {"anchors.md", "binary.md", "sub/unhold.md", "duplicate.md", "float.md", "numbers-as-keys.md"}
"""Cards with a value that JSON has no word for, and which is its source text."""


def block_of(path: str) -> str | None:
    """Return the text between the fences of a card; ``None`` where there are none, or it is not UTF-8."""
    with open(path, "rb") as file:
        source = file.read()
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    lines = text.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    if not lines or lines[0].rstrip() != "---":
        return None
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return "".join(f"{each}\n" for each in lines[1:number])
    return None


def fields_of(path: str) -> dict[Any, Any] | None:
    """Return what PyYAML reads in a card; ``None`` where that is no mapping."""
    block = block_of(path)
    if block is None:
        return None
    try:
        read = yaml.load(block, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return None
    return read if isinstance(read, dict) else None


def cell_of(value: Any) -> str:
    """Return the text of a cell: a list of single values is joined, and what is nested is JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        return ", ".join(map(cell_of, value))
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def tsv_rows(text: str) -> list[list[str]]:
    """Return the rows of TSV, without the escapes."""
    rows = []
    for line in text.removesuffix("\n").split("\n"):
        cells = []
        for written in line.split("\t"):
            characters, cell = iter(written), ""
            for character in characters:
                cell += ESCAPES[next(characters)] if character == "\\" else character
            cells.append(cell)
        rows.append(cells)
    return rows


def csv_rows(text: str) -> list[list[str]]:
    """Return the rows of CSV after the header, without the quote before what looks like a formula."""
    csv.field_size_limit(1 << 30)
    rows = []
    for row in [*csv.reader(io.StringIO(text, newline=""))][1:]:
        cells = []
        for cell in row:
            bare = cell.lstrip("'").lstrip()
            is_formula = cell.startswith("'") and not bare[:1].isalnum()
            cells.append(cell[1:] if is_formula and formula_after_quotes(cell) else cell)
        rows.append(cells)
    return rows


def formula_after_quotes(cell: str) -> bool:
    """Return whether a cell is a formula, after quotes and what is not seen."""
    for character in cell:
        if character in "=+-@":
            return True
        if character != "'" and (character.isprintable() and not character.isspace()):
            return False
    return False


def values_come_back(run: Run, folder: Path, target: Path, odd: set[str]) -> int:
    """Assert it of the cards in a folder, but of the values of the ``odd`` ones; return how many cards."""
    listed = run("list", str(folder), "--format", "jsonl")
    objects = {each["path"]: each for each in map(json.loads, listed.out.split("\n")[:-1])}
    every = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            is_text = path.encode(errors="replace").decode(errors="replace") == path
            if path in objects and is_text and os.path.relpath(path, folder) not in odd:
                fields = fields_of(path)
                assert fields is not None, f"{path}: PyYAML does not read it, and the listing has it"
                every[path] = in_json(fields)
    keys = list(dict.fromkeys(key for fields in every.values() for key in fields if isinstance(key, str)))
    columns = [full_name(key) for key in keys if key.replace("_", "").replace("-", "").isalnum()]
    for path, fields in every.items():
        wanted = {full_name(key): value for key, value in fields.items() if key not in LARGE}
        assert objects[path] == {"path": path, "id": objects[path]["id"], **wanted}
        assert [*objects[path]][2:] == [*wanted]
    asked = ["list", str(folder), "--columns", ",".join(["path", *columns])]
    array = {each["path"]: each for each in json.loads(run(*asked, "--format", "json").out)}
    tables = [tsv_rows(run(*asked, "--format", "tsv").out), csv_rows(run(*asked, "--format", "csv").out)]
    for path, fields in every.items():
        wanted = {full_name(key): value for key, value in fields.items()}
        assert array[path] == {"path": path, **{name: wanted[name] for name in columns if name in wanted}}
    for rows in tables:
        by_path = {row[0]: row for row in rows}
        assert len(rows) == len(objects)
        for path, fields in every.items():
            wanted = {full_name(key): value for key, value in fields.items()}
            assert by_path[path] == [path, *(cell_of(wanted.get(name)) for name in columns)]
    assert run("export", str(target), str(folder)).code in (0, 1)
    with closing(sqlite3.connect(target)) as database:
        database.row_factory = sqlite3.Row
        stored = {row["path"]: dict(row) for row in database.execute("SELECT * FROM cards")}
        assert len(stored) == len(objects)
        for path, fields in every.items():
            in_sql(stored[path], fields, database)
    return len(every)


def in_sql(row: Mapping[str, Any], fields: Mapping[str, Any], database: sqlite3.Connection) -> None:
    """Assert that the tables have the values of a card."""
    path, provider = row["path"], fields.get("provider")
    assert row["published"] == sql_of(fields.get("published"))
    for name in TEXTS:
        if name in row:
            assert row[name] == text_of(fields.get(name))
    for name in NUMBERS:
        assert row[name] == number_of(fields.get(name))
    for name in ("name", "domain"):
        inner = provider.get(name) if isinstance(provider, dict) else None
        assert row[f"provider_{name}"] == text_of(fields.get(f"provider.{name}", inner))
    found = database.execute("SELECT topic FROM topics WHERE path = ? ORDER BY position", [path])
    topics = fields.get("topics")
    topics = [topics] if isinstance(topics, str) else topics if isinstance(topics, list) else []
    assert [each["topic"] for each in found] == [each for each in topics if isinstance(each, str)]
    for table, names, numbers in (
        ("related", ("title", "webUrl", "publishedDateTime"), ("quality",)),
        ("images", ("url",), ("width", "height")),
    ):
        found = database.execute(f"SELECT * FROM {table} WHERE path = ? ORDER BY position", [path])  # noqa: S608
        items = fields.get(table)
        rows = found.fetchall()
        assert len(rows) == (len(items) if isinstance(items, list) else 0)
        for item, stored in zip(items or [], rows, strict=True):
            inner = item if isinstance(item, dict) else {}
            assert [stored[name] for name in names] == [text_of(inner.get(name)) for name in names]
            assert [stored[name] for name in numbers] == [number_of(inner.get(name)) for name in numbers]


def sql_of(value: Any) -> Any:
    """Return a JSON value as SQLite has it."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode() if not value.isascii() else value
    return value


def text_of(value: Any) -> Any:
    """Return a JSON value as a column of texts has it (https://sqlite.org/datatype3.html#type_affinity)."""
    found = sql_of(value)
    return str(found) if isinstance(found, int | float) else found


def number_of(value: Any) -> Any:
    """Return the number of a column of numbers, which has no other values."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def test_of_the_sample_data(run: Run, tmp_path: Path) -> None:
    assert values_come_back(run, ROOT / "sample_data/_news", tmp_path / "news.db", set()) == 58


def test_of_odd_cards(run: Run, tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    folder = fill(tmp_path / "odd", plain=3)
    assert values_come_back(run, folder, tmp_path / "news.db", NOT_AS_PYYAML) >= len(ODD) - 12


def test_of_real_cards(run: Run, tmp_path: Path, real_cards: Path) -> None:
    assert values_come_back(run, real_cards, tmp_path / "news.db", set())
