"""Every value of every card comes back from each machine format as PyYAML reads it in the file."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any

import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from newscards.cards.values import full_name
from tests.conftest import MakeCorpus, Run
from tests.output.test_rows import PROPERTY, in_json
from tests.support import ROOT
from tests.support.indexes import ODD, fill
from tests.support.yaml_strategies import Reference, documents

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


def fields_of(path: str) -> dict[str, Any] | None:
    """Return what PyYAML reads in a card, in JSON; ``None`` where that is no mapping."""
    block = block_of(path)
    if block is None:
        return None
    loader = Reference(block)
    try:
        node = loader.get_single_node()
        read = in_json_of(node, loader, block)
    except (yaml.YAMLError, ValueError):
        return None
    return read if isinstance(node, yaml.MappingNode) else None


def in_json_of(node: Any, loader: Reference, source: str) -> Any:
    """Return a node in JSON; a value that JSON has no word for is the text that stands for it in the file."""
    if isinstance(node, yaml.MappingNode) and node.tag == "tag:yaml.org,2002:map":
        loader.flatten_mapping(node)
        return {key_of(key, loader): in_json_of(inner, loader, source) for key, inner in node.value}
    if isinstance(node, yaml.SequenceNode) and node.tag == "tag:yaml.org,2002:seq":
        return [in_json_of(inner, loader, source) for inner in node.value]
    value = loader.construct_object(node, deep=True)
    is_in_json = isinstance(value, str | int | date | None) or (isinstance(value, float) and isfinite(value))
    return in_json(value) if is_in_json else source[node.start_mark.index : node.end_mark.index]


def key_of(node: Any, loader: Reference) -> str:
    """Return a key in JSON, which has only texts there; raises ``YAMLError`` as PyYAML does."""
    if not isinstance(node, yaml.ScalarNode):
        raise yaml.YAMLError
    key = in_json(loader.construct_object(node, deep=True))
    return key if isinstance(key, str) else "null" if key is None else cell_of(key)


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


def values_come_back(run: Run, folder: Path, target: Path) -> int:
    """Assert it of the cards in a folder; return how many there are."""
    listed = run("list", str(folder), "--format", "jsonl")
    objects = {each["path"]: each for each in map(json.loads, listed.out.split("\n")[:-1])}
    every = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(parent, name)
            as_text = re.sub("[\ud800-\udfff]", "\ufffd", path)
            if as_text in objects:
                fields = fields_of(path)
                assert fields is not None, f"{as_text}: PyYAML does not read it, and the listing has it"
                every[as_text] = fields
    assert every.keys() == objects.keys()
    keys = list(dict.fromkeys(key for fields in every.values() for key in fields))
    columns = [full_name(key) for key in keys if "," not in key]
    for path, fields in every.items():
        wanted = {full_name(key): value for key, value in fields.items() if key not in LARGE}
        assert objects[path] == {"path": path, "id": objects[path]["id"], **wanted}
        assert [*objects[path]][2:] == [*wanted]
    asked = ["list", str(folder), "--columns", ",".join(["path", *columns])]
    array = {each["path"]: each for each in json.loads(run(*asked, "--format", "json").out)}
    tables = [tsv_rows(run(*asked, "--format", "tsv").out), csv_rows(run(*asked, "--format", "csv").out)]
    for path, fields in every.items():
        wanted = column_values(fields)
        assert array[path] == {"path": path, **{name: wanted[name] for name in columns if name in wanted}}
    for rows in tables:
        by_path = {row[0]: row for row in rows}
        assert len(rows) == len(objects)
        for path, fields in every.items():
            wanted = column_values(fields)
            assert by_path[path] == [path, *(cell_of(wanted.get(name)) for name in columns)]
    assert run("export", str(target), str(folder)).code in (0, 1)
    with closing(sqlite3.connect(target)) as database:
        database.row_factory = sqlite3.Row
        stored = {row["path"]: dict(row) for row in database.execute("SELECT * FROM cards")}
        assert stored.keys() == every.keys()
        whole = dict(map(tuple, database.execute("SELECT path, fields FROM front_matter")))
        assert {path: json.loads(text) for path, text in whole.items()} == every
        for path, fields in every.items():
            assert [*json.loads(whole[path])] == [*fields]
            in_columns(stored[path], fields, database)
    return len(every)


def column_values(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a card by the names of columns, of which ``provider.name`` may be a key itself."""
    provider = fields.get("provider")
    inner = provider.items() if isinstance(provider, dict) else ()
    nested = {f"provider.{key}": value for key, value in inner}
    return nested | {full_name(key): value for key, value in fields.items()}


def in_columns(row: Mapping[str, Any], fields: Mapping[str, Any], database: sqlite3.Connection) -> None:
    """Assert that the tables have the values of a card that are of their columns' types."""
    path, provider = row["path"], fields.get("provider")
    published = fields.get("published")
    assert row["published"] == (published if isinstance(published, bool) else number_of(published))
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
    """Return the number of a column of whole numbers, which has no other values."""
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return value if is_whole and not isinstance(value, bool) else None


def test_of_the_sample_data(run: Run, tmp_path: Path) -> None:
    assert values_come_back(run, ROOT / "sample_data/_news", tmp_path / "news.db") == 58


def test_of_odd_cards(run: Run, tmp_path: Path) -> None:
    (tmp_path / "odd").mkdir()
    folder = fill(tmp_path / "odd", plain=3)
    assert values_come_back(run, folder, tmp_path / "news.db") >= len(ODD) - 12


def test_of_real_cards(run: Run, tmp_path: Path, real_cards: Path) -> None:
    assert values_come_back(run, real_cards, tmp_path / "news.db")


@PROPERTY
@given(blocks=st.lists(documents(), min_size=1, max_size=3))
@example(blocks=["a: 7\nb: '7'\nquality: abc\nheat: 67.5\npublished: maybe\ntopics: {a: [7, '7']}\n"])
@example(
    blocks=["a: !!binary aGk=\nb: .NaN\nc: !!set {x, y}\nd: 123456789012345678901234567890\n? [1]\n: e\n"]
)
def test_of_any_front_matter_in_an_sqlite_file(
    run: Run, make_corpus: MakeCorpus, tmp_path: Path, blocks: list[str]
) -> None:
    folder = make_corpus({})
    for old in folder.iterdir():
        old.unlink()
    make_corpus({f"{at}.md": f"---\n{block}\n---\n" for at, block in enumerate(blocks)})
    (tmp_path / "out").mkdir(exist_ok=True)
    assert run("export", str(tmp_path / "out/news.db"), "-q").code in (0, 1)
    with closing(sqlite3.connect(tmp_path / "out/news.db")) as database:
        stored = dict(database.execute("SELECT path, fields FROM front_matter"))
    read = {path: fields_of(path) for path in sorted(os.listdir(folder))}
    ordered = {path: [*fields.items()] for path, fields in read.items() if fields is not None}
    assert {path: [*json.loads(text).items()] for path, text in stored.items()} == ordered
