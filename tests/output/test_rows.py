"""The machine formats of listings, held against PyYAML, the csv module, and hostile cards."""

from __future__ import annotations

import csv
import functools
import io
import json
import math
import os
import re
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from newscards.cards.values import full_name
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card

PROPERTY = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FORMATS = ["table", "json", "jsonl", "csv", "tsv", "paths", "ids"]
HEADER = "id,published,publishedDateTime,quality,heat,provider.name,topics,title"
_BLOCK = re.compile(rb"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)


@functools.cache
def reading(path: Path) -> Mapping[str, Any]:
    """Return what PyYAML reads between the fences of a sound card; not to be changed."""
    block = _BLOCK.match(path.read_bytes())
    assert block
    return MappingProxyType(yaml.load(block[1], Loader=yaml.CSafeLoader))


def in_json(value: Any) -> Any:
    """Return a value of PyYAML's as the contract wants it in JSON."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date):
        return str(value)
    if isinstance(value, dict):
        return {key: in_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [in_json(inner) for inner in value]
    if isinstance(value, float) and not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    return value


def same_as_pyyaml(raw: bytes, folder: Path) -> int:
    """Assert that a JSON listing of a folder is PyYAML's reading of it; return how many cards there are."""
    paths = sorted(folder.rglob("*.md"))
    records = json.loads(raw, parse_constant=pytest.fail)
    assert [record["path"] for record in records] == [str(path) for path in paths]
    for path, record in zip(paths, records, strict=True):
        fields = {name: value for name, value in reading(path).items() if name not in ("related", "secured")}
        fields = {full_name(name): value for name, value in in_json(fields).items()}
        assert list(record) == ["path", "id", *fields]
        assert record == {"path": str(path), "id": path.stem, **fields}
    return len(paths)


def test_json_has_what_pyyaml_reads_in_the_sample_data(run: Run) -> None:
    result = run("list", str(ROOT / "sample_data/_news"), "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert same_as_pyyaml(result.raw, ROOT / "sample_data/_news") == 58
    lines = run("list", str(ROOT / "sample_data"), "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == json.loads(result.raw)


SMALL = card(images=None, category=None, excerpt=None, originalUrl=None, webUrl=None, type=None)


def test_each_format_of_one_card(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"n/x.md": SMALL})
    fields = (
        '{"path": "n/x.md", "id": "x", "title": "Tide gauges get a second life", "publishedDateTime": '
        '"2023-06-20T15:44:00Z", "quality": 67, "heat": 67, "published": true, "provider": {"name": "Tide", '
        '"domain": "tide.example"}, "topics": ["Oceans", "Science"]}'
    )
    cells = ["x", "true", "2023-06-20T15:44:00Z", "67", "67", "Tide", "Oceans, Science"]
    tsv = "\t".join([*cells, "Tide gauges get a second life\n"])
    cells[-1] = f'"{cells[-1]}"'
    expected = {
        "json": f"[\n{fields}\n]\n",
        "jsonl": f"{fields}\n",
        "csv": f"{HEADER}\n{','.join(cells)},Tide gauges get a second life\n",
        "tsv": tsv,
        "paths": "n/x.md\n",
        "ids": "x\n",
    }
    for form, text in expected.items():
        result = run("list", "--format", form)
        assert (result.code, result.out, result.err) == (0, text, "")
    assert run("list").out == tsv


def test_each_format_of_no_card(run: Run, one_card: Path) -> None:
    expected = {"json": "[]\n", "csv": f"{HEADER}\n"}
    for form in FORMATS:
        result = run("list", "--min-quality", "999", "--format", form)
        assert (result.code, result.out, result.err) == (0, expected.get(form, ""), "")


def test_columns_in_json_are_exactly_those_under_their_dotted_names_without_the_absent(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"x.md": card(heat=None, published=""), "y.md": card(images=None)})
    names = "heat,provider.domain,images[0].url,images.width,published,id"
    records = json.loads(run("list", "--columns", names, "--format", "json").raw)
    url = "https://www.tide.example/gauges.jpg"
    assert [list(record.items()) for record in records] == [
        [("provider.domain", "tide.example"), ("images[0].url", url), ("images.width", [1200]),
         ("published", None), ("id", "x")],
        [("heat", 67), ("provider.domain", "tide.example"), ("published", True), ("id", "y")],
    ]  # fmt: skip


def test_what_is_asked_for_is_there_also_related_and_secured(run: Run, make_corpus: MakeCorpus) -> None:
    entry = "\n  - title: other\n    quality: 3\n  - title: third"
    make_corpus({"x.md": card(related=entry)})
    whole = json.loads(run("list", "--format", "json").raw)[0]
    assert not {"related", "secured"} & whole.keys()
    asked = json.loads(run("list", "--format", "jsonl", "--columns", "related.title,secured,related[0]").raw)
    assert asked["related.title"] == ["other", "third"]
    assert asked["related[0]"] == {"title": "other", "quality": 3}
    assert asked["secured"].endswith("A==;AAAAAAAAAAAAAAAAAAAAAA==")
    # Sorting by such a field does not bring it into the listing.
    assert json.loads(run("list", "--format", "json", "--sort", "secured").raw)[0] == whole


def test_a_card_cannot_say_that_it_is_another(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": card(path="other.md", id="other")})
    record = json.loads(run("list", "--format", "json").raw)[0]
    assert (record["path"], record["id"]) == ("x.md", "x")
    assert run("list", "--columns", "path,id").out == "x.md\tx\n"


def test_a_path_that_is_not_utf_8_is_its_bytes_in_paths_and_replaced_elsewhere(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": CARD})
    with open(b"b\xff\xe9.md", "wb") as file:
        file.write(CARD.encode())
    assert run("list", "--format", "paths").raw == b"a.md\nb\xff\xe9.md\n"
    assert run("list", "--format", "paths", "-0").raw == b"a.md\0b\xff\xe9.md\0"
    assert run("list", "--format", "ids").raw == "a\nb\ufffd\ufffd\n".encode()
    record = json.loads(run("list", "--format", "json").raw)[1]
    assert (record["path"], record["id"]) == ("b\ufffd\ufffd.md", "b\ufffd\ufffd")
    assert run("list", "-", "--format", "paths", stdin=b"b\xff\xe9.md\n").raw == b"b\xff\xe9.md\n"
    assert "no such file or folder: b\ufffd\ufffd" in run("list", "-", stdin=b"b\xff\xe8\n").err


@pytest.mark.parametrize("name", ["a\tb.md", "a\nb.md", "a\x1b[31m.md", "a\u202eb.md"])
def test_json_names_the_file_whatever_its_name(run: Run, make_corpus: MakeCorpus, name: str) -> None:
    make_corpus({name: CARD})
    raw = run("list", "--format", "json").raw
    assert b"\x1b" not in raw
    assert json.loads(raw)[0]["path"] == name
    assert run("list", "--format", "paths").raw == os.fsencode(name) + b"\n"


def test_tsv_escapes_what_would_end_a_cell_or_a_line_and_nothing_else(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(
        {"x.md": card(title='"a\\nb\\tc\\r\\nd\\re\\u2028f\\Ng\\\\h\\0i\\e\\u200b"', topics='["p\\nq", r]')}
    )
    expected = "p\\nq, r\ta\\nb\\tc\\r\\nd\\re\u2028f\x85g\\\\h\\0i\x1b\u200b\n"
    assert run("list", "--columns", "topics,title").out == expected
    assert run("list", "--columns", "topics,title", "-0").out == expected.replace("\n", "\0")


def test_a_value_in_a_pipe_is_that_of_the_card_also_in_names(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a\u2028b\\c.md": card(webUrl='"https://tide.example/a\\u200bb\\rc\\u2028\\nd"')})
    url = "https://tide.example/a\u200bb\rc\u2028\nd"
    assert run("show", "a", "--field", "webUrl").out == url + "\n"
    assert run("show", "a", "--field", "webUrl", "-0").out == url + "\0"
    assert run("query", "SELECT id FROM cards", "--format", "ids").out == "a\u2028b\\c\n"
    assert run("list", "--format", "ids").out == "a\u2028b\\c\n"
    assert run("show", run("list", "--format", "ids").out[:-1], "--field", "id").out == "a\u2028b\\c\n"
    assert run("stories", "--format", "csv").out.split("\n")[1].startswith("a\u2028b\\c,1,")


def csv_cells(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode(), newline="")))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("'=1+1'", "'=1+1"), ("'@SUM(A1)'", "'@SUM(A1)"), ("'+cmd'", "'+cmd"), ("'-2+3'", "'-2+3"),
        ("'-'", "'-"), ("'+49 151 12'", "'+49 151 12"), ("'-1'", "-1"), ("'+3.5'", "+3.5"), ("-1", "-1"),
        ("-1.5", "-1.5"), ("-1.0e-7", "-1e-07"), ("-1.0e+22", "-1e+22"), ("-.inf", "'-.inf"),
        ('"\\t=1"', "'\t=1"), ('"\\u200b\\e=1"', "'\u200b\x1b=1"), ('"\'=1"', "''=1"), ('"\'a"', "'a"),
        ("[=1, 2]", "'=1, 2"), ("'a=1'", "a=1"), ('"a\\"b,c"', 'a"b,c'),
        ('"a\\nb"', "a\nb"), ('"a\\r\\nb\\rc"', "a\r\nb\rc"), ('"a\\rb"', "a\rb"),
        ('"\\e[31m"', "\x1b[31m"), ('"\\0"', "\0"), ("''", ""),
        ("2023-13-45", "2023-13-45"), ("~", ""), ("é", "é"), ("{a: 1}", '{"a": 1}'), ("true", "true"),
    ],
)  # fmt: skip
def test_a_csv_cell_is_read_back_as_it_is_but_never_runs(
    run: Run, make_corpus: MakeCorpus, source: str, found: str
) -> None:
    make_corpus({"x.md": card(title=source)})
    raw = run("list", "--format", "csv", "--columns", "id,title,heat").raw
    assert csv_cells(raw) == [["id", "title", "heat"], ["x", found, "67"]]


UNSAFE = "\x00\x1b\x07\x7f\x85\x9b\r\x0b\x0c\u200e\u200f\u061c\u2028\u2029\u202a\u202e\u2066\u2069\ufeff"
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from(UNSAFE + "\n\t=+-@\"',;[]"), max_size=12
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.dates() | st.datetimes()
    | st.datetimes(datetime(2, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
FIELDS = ["quality", "heat", "published", "publishedDateTime", "removed", "topics", "title"]
HOSTILE = st.fixed_dictionaries(
    {
        "title": TEXTS,
        "topics": st.lists(TEXTS, max_size=3),
        "provider": st.fixed_dictionaries({"name": TEXTS}),
    }
)
OWN = ["id", "path", "card", "card.id", "card.card.id", "external-url"]
ANY = st.dictionaries(TEXTS | st.sampled_from([*FIELDS, *OWN]), VALUES, min_size=1, max_size=5)
CARDS = st.lists(HOSTILE | ANY, min_size=1, max_size=3)


def write(make_corpus: MakeCorpus, cards: list[dict[str, Any]]) -> list[str]:
    """Write a corpus of exactly these cards, and return their names."""
    folder = make_corpus({})
    for old in folder.iterdir():
        old.unlink()
    make_corpus({f"{at}.md": f"---\n{yaml.safe_dump(fields)}---\n" for at, fields in enumerate(cards)})
    return [str(at) for at in range(len(cards))]


@PROPERTY
@given(cards=CARDS)
def test_whatever_the_cards_json_parses_back_to_what_they_say(
    run: Run, make_corpus: MakeCorpus, cards: list[dict[str, Any]]
) -> None:
    assume(not any({"related", "secured"} & fields.keys() for fields in cards))
    names = write(make_corpus, cards)
    expected = [
        {"path": f"{name}.md", "id": name} | {full_name(key): value for key, value in in_json(fields).items()}
        for name, fields in zip(names, cards, strict=True)
    ]
    result = run("list", "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.raw, parse_constant=pytest.fail) == expected
    lines = run("list", "--format", "jsonl").out.split("\n")
    assert [json.loads(line) for line in lines[:-1]] == expected


def in_a_cell(value: Any) -> str:
    """Return what the manual says a cell has of a value of PyYAML's; of one that is no text, also as text."""
    value = in_json(value)
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        return ", ".join(map(in_a_cell, value))
    return json.dumps(value, ensure_ascii=False)


def from_json(cell: str, value: Any) -> str:
    """Return a cell, in JSON without escapes that JSON can do without."""
    is_json = isinstance(value, dict) or (isinstance(value, list) and isinstance(json_or(cell), list))
    return json.dumps(json.loads(cell), ensure_ascii=False) if is_json else cell


def json_or(cell: str) -> Any:
    """Return a cell as JSON; ``None`` if it is none."""
    try:
        return json.loads(cell)
    except ValueError:
        return None


def unquoted(cell: str) -> str:
    """Return a cell of CSV without the apostrophe that makes a formula text."""
    is_formula = re.match(rf"'+(?:\s|[{re.escape(CONTROLS)}])*[=+\-@]", cell)
    return cell[1:] if is_formula else cell


def unescaped(cell: str) -> str:
    """Return a cell of TSV without its escapes."""
    escapes = {"t": "\t", "n": "\n", "r": "\r", "0": "\0", "\\": "\\"}
    return re.sub(r"\\(.)", lambda match: escapes[match[1]], cell)


CONTROLS = "".join(
    map(chr, [*range(0x20), *range(0x7F, 0xA0), *range(0x2028, 0x202F), *range(0x2060, 0x206A)])
)
CONTROLS += "\u061c\u200b\u200e\u200f\ufeff"


@PROPERTY
@given(values=st.lists(TEXTS | VALUES, min_size=1, max_size=3))
@example(values=["\r", "\u2028\u200b", "a\r\nb", "'=1", "\\n", "\0", ["a\tb", 1.5, None, True], {"a": "\\"}])
@example(values=[b"\x00\xff", {"a": [date(2023, 6, 20)]}, [[]], "'", "+1", "-", " \t=x", "\x1b@x"])
def test_every_value_comes_back_from_every_format_as_pyyaml_reads_it(
    run: Run, make_corpus: MakeCorpus, values: list[Any]
) -> None:
    fields = {f"f{at}": value for at, value in enumerate(values)}
    write(make_corpus, [fields])
    read = yaml.load(yaml.safe_dump(fields), Loader=yaml.CSafeLoader)
    source = {name for name, value in read.items() if isinstance(value, bytes)}  # its text in YAML
    columns = ["--columns", ",".join(read)]
    rows = csv_cells(run("list", "--format", "csv", *columns).raw)
    assert rows[0] == [*read]
    lines = run("list", "--format", "tsv", *columns).out.removesuffix("\n").split("\t")
    record = json.loads(run("list", "--format", "json", *columns).raw)[0]
    assert json.loads(run("list", "--format", "jsonl", *columns).raw) == record
    for (name, value), csv_cell, tsv_cell in zip(read.items(), rows[1], lines, strict=True):
        shown = run("show", "0", "--field", name)
        if name in source:
            assert all("!!binary" in cell for cell in (csv_cell, tsv_cell, record[name]))
            continue
        assert record[name] == in_json(value)
        cells = [unquoted(csv_cell), unescaped(tsv_cell), shown.raw.decode()[:-1]]
        assert [from_json(cell, value) for cell in cells] == [in_a_cell(value)] * 3


@PROPERTY
@given(cards=CARDS)
def test_whatever_the_cards_no_format_lets_a_control_character_through_to_a_terminal(
    run: Run, make_corpus: MakeCorpus, cards: list[dict[str, Any]]
) -> None:
    write(make_corpus, cards)
    unsafe = {*UNSAFE} - {"\0"}  # which a terminal ignores, and which -0 writes
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        for form in FORMATS:
            result = run("list", "--format", form, "--color", "never")
            assert result.code == 0
            assert result.out.count("\n") >= len(cards)
            assert not unsafe & set(result.out)
        assert not unsafe & set(run("show", "0", "--field", next(iter(cards[0]))).out)


def test_a_terminal_is_protected_from_names_too(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a\x1b[31m\u202e.md": CARD})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        assert run("list", "--format", "paths").out == "a\\x1b[31m\\u202e.md\n"
        assert run("list", "--format", "ids").out == "a\\x1b[31m\\u202e\n"


@PROPERTY
@given(cards=CARDS)
def test_whatever_the_cards_each_is_one_line_of_tsv_and_one_row_of_csv(
    run: Run, make_corpus: MakeCorpus, cards: list[dict[str, Any]]
) -> None:
    names = write(make_corpus, cards)
    lines = run("list", "--format", "tsv").out.split("\n")
    assert [line.split("\t")[0] for line in lines] == [*names, ""]
    assert {line.count("\t") for line in lines[:-1]} == {7}
    rows = csv_cells(run("list", "--format", "csv").raw)
    assert rows[0] == HEADER.split(",")
    assert [row[0] for row in rows[1:]] == names
    for row, fields in zip(rows[1:], cards, strict=True):
        assert len(row) == 8
        assert not any(re.match(r"[=@]|[+-](?!\d+(\.\d+)?([eE][+-]?\d+)?\Z)", cell.lstrip()) for cell in row)
        title = fields.get("title")
        if isinstance(title, str):
            assert unquoted(row[7]) == title
