"""``export``: the tables of ``query`` as an SQLite file, whole or not at all."""

from __future__ import annotations

import json
import os
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newscards.query.sql import export
from newscards.query.sql.tables import tables
from tests.conftest import MakeCorpus, Run
from tests.output.test_rows import PROPERTY, TEXTS, VALUES, in_json, write
from tests.support import CARD, ROOT, card
from tests.support.terminal import run_in_terminal

SAMPLE = str(ROOT / "sample_data")
EXPORTED = (*tables(), "cards_fts")


@pytest.fixture
def target(tmp_path: Path) -> str:
    """Return the path of a file that does not exist, in a folder of its own."""
    (tmp_path / "out").mkdir()
    return str(tmp_path / "out/news.db")


def rows(file: str, sql: str) -> list[tuple[Any, ...]]:
    """Return what a query of a file gives."""
    with closing(sqlite3.connect(file)) as database:
        return database.execute(sql).fetchall()


def columns(file: str, table: str) -> list[str]:
    return [name for _, name, *_ in rows(file, f"PRAGMA table_info({table})")]


def test_the_file_has_what_query_has_but_the_ciphertext_and_the_age(run: Run, target: str) -> None:
    result = run("export", target, SAMPLE)
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith(f"note: wrote {target}: 58 cards, 38 stories, 0 findings; 0.")
    for name, table in tables().items():
        names = [each.name for each in table.columns if name != "cards" or each.name not in export.LEFT_OUT]
        assert columns(target, name) == names
        selected = ", ".join(f'"{each}"' for each in names)
        asked = run("query", f"SELECT {selected} FROM {name}", SAMPLE, "--format", "jsonl")  # noqa: S608
        expected = [tuple(json.loads(line).values()) for line in asked.out.splitlines()]
        assert rows(target, f"SELECT * FROM {name}") == expected  # noqa: S608
    assert not {"secured", "age_days"} & {*columns(target, "cards")}


def test_keys_hold_and_the_full_text_is_found(run: Run, target: str) -> None:
    for args in ((), ("--topic", "Ports"), ("--published",), ("--where", "quality > 100")):
        assert run("export", target, SAMPLE, *args).code == 0
        assert rows(target, "PRAGMA foreign_key_check") == []
        assert rows(target, "PRAGMA integrity_check") == [("ok",)]
    assert run("export", target, SAMPLE).code == 0
    sql = "SELECT id FROM cards WHERE rowid IN (SELECT rowid FROM cards_fts WHERE cards_fts MATCH 'herring')"
    found = {name for (name,) in rows(target, sql)}
    assert found == {*run("list", SAMPLE, "--search", "herring", "--format", "ids").out.splitlines()}
    assert rows(target, "SELECT count(*) FROM sqlite_master WHERE type = 'index' AND sql NOT NULL") == [(8,)]


def test_a_selection_has_the_stories_of_its_cards_as_query_has_them(run: Run, target: str) -> None:
    assert run("export", target, SAMPLE, "--unpublished", "--topic", "Ports").code == 0
    ids = run("list", SAMPLE, "--unpublished", "--topic", "Ports", "--format", "ids").out.splitlines()
    assert [name for (name,) in rows(target, "SELECT id FROM cards")] == ids
    wanted = ", ".join(f"'{name}'" for name in ids)
    sql = f"SELECT story, story_size FROM cards WHERE id IN ({wanted})"  # noqa: S608
    asked = run("query", sql, SAMPLE).out.splitlines()
    assert [f"{name}\t{size}" for name, size in rows(target, "SELECT story, story_size FROM cards")] == asked
    (stories,) = rows(target, "SELECT count(*) FROM stories")
    assert stories == (len({line.split("\t")[0] for line in asked}),)


@PROPERTY
@given(fields=st.dictionaries(TEXTS, VALUES, min_size=1, max_size=4), title=TEXTS)
def test_every_value_of_a_card_is_in_its_column_as_pyyaml_reads_it(
    run: Run, make_corpus: MakeCorpus, tmp_path: Path, fields: dict[str, Any], title: str
) -> None:
    folder = tmp_path / "out"
    folder.mkdir(exist_ok=True)
    target = str(folder / "news.db")
    write(make_corpus, [{**fields, "title": title}, {"title": "other"}])
    assert run("export", target).code == 0
    read = in_json(yaml.load(yaml.safe_dump(fields), Loader=yaml.CSafeLoader))
    known = {each.name.casefold() for each in tables()["cards"].columns} | {"related", "provider", "images"}
    if any(key.casefold() in known for key in read) or len({key.casefold() for key in read}) < len(read):
        return
    with closing(sqlite3.connect(target)) as database:
        database.row_factory = sqlite3.Row
        row, other = database.execute("SELECT * FROM cards ORDER BY path").fetchall()
    assert row["title"] == title
    for key, value in read.items():
        name = key.replace("\0", "\ufffd") or "card."
        stored = row[name]
        if isinstance(value, list | dict):
            assert json.loads(stored) == value
        elif isinstance(value, int) and abs(value) >= 1 << 63:
            assert stored == float(value)
        else:
            assert stored == value
        assert other[name] is None


def test_own_fields_have_the_names_of_query(run: Run, make_corpus: MakeCorpus, target: str) -> None:
    own = {"draft": "yes", "id": "7", "external-url": "x", "Published": "9", "rowid": "5", "1": "one",
           "cover": "{alt: c}", "DRAFT": "2", '"a\\"b"': "q"}  # fmt: skip
    make_corpus({"a.md": CARD, "b.md": CARD.replace("\n", "\n" + "".join(
        f"{key}: {value}\n" for key, value in own.items()), 1)})  # fmt: skip
    assert run("export", target).code == 0
    values = dict(zip(columns(target, "cards"), rows(target, "SELECT * FROM cards")[1], strict=True))
    found = {name: values[name] for name in [*values][-9:]}
    assert found == {
        "draft": 1, "card.id": 7, "external-url": "x", "card.Published": 9, "card.rowid": 5, "1": "one",
        "cover": '{"alt": "c"}', "card.DRAFT": 2, 'a"b': "q",
    }  # fmt: skip
    assert rows(target, "PRAGMA integrity_check") == [("ok",)]
    assert rows(target, "SELECT rowid FROM cards") == [(1,), (2,)]


def test_more_own_fields_than_a_table_has_columns_are_told(
    run: Run, make_corpus: MakeCorpus, target: str
) -> None:
    make_corpus({"a.md": "---\ntitle: x\n" + "".join(f"f{at}: {at}\n" for at in range(3000)) + "---\n"})
    result = run("export", target)
    assert result.code == 0
    assert (
        "warning: 2,000 own fields only in front_matter: the table cards has columns for 1,000" in result.err
    )
    assert rows(target, 'SELECT "f999" FROM cards') == [(999,)]
    assert rows(target, "SELECT json_extract(fields, '$.f2999') FROM front_matter") == [(2999,)]


def test_declared_fields_are_columns(run: Run, make_corpus: MakeCorpus, target: str) -> None:
    make_corpus({
        "newscards.toml": '[fields.score]\ntype = "number"\n[fields.excerpt]\nremove = true\n',
        "_news/a.md": card(score="1"),
    })  # fmt: skip
    result = run("export", target)
    assert result.code == 0, result.err
    assert rows(target, "SELECT score, typeof(score) FROM cards") == [(1.0, "real")]
    assert rows(target, "SELECT count(*) FROM cards_fts WHERE cards_fts MATCH 'gauges'") == [(1,)]


def test_a_column_of_whole_numbers_has_no_other_values(
    run: Run, make_corpus: MakeCorpus, target: str
) -> None:
    size = "\n  - url: https://www.tide.example/a.jpg\n    width: wide\n    height: 7.5"
    make_corpus({
        "a.md": card(quality="high", heat="67.0", published="maybe", removed="1.5", images=size),
        "b.md": card(quality="1.0e+300", heat="9223372036854775808", published="0"),
    })  # fmt: skip
    assert run("export", target).code == 0
    sql = "SELECT quality, heat, typeof(heat), published, removed FROM cards"
    assert rows(target, sql) == [(None, 67, "integer", None, None), (None, None, "null", 0, None)]
    assert rows(target, "SELECT width, height FROM images WHERE path = 'a.md'") == [(None, None)]
    sql = "SELECT json_extract(fields, '$.quality', '$.published', '$.images[0].height') FROM front_matter"
    assert [json.loads(text) for (text,) in rows(target, sql)] == [["high", "maybe", 7.5], [1e300, 0, 720]]


def test_cards_that_cannot_be_read_are_told_and_the_others_are_written(
    run: Run, make_corpus: MakeCorpus, target: str
) -> None:
    make_corpus({"a.md": card(quality="-3"), "b.md": "---\ntitle: [\n---\n"})
    result = run("export", target)
    assert result.code == 1
    assert "warning: b.md:3:1: cannot be read" in result.err
    assert rows(target, "SELECT path, errors FROM cards") == [("a.md", 1)]
    assert rows(target, "SELECT DISTINCT path FROM findings") == [("a.md",)]
    assert rows(target, "PRAGMA foreign_key_check") == []


def test_paths_that_are_the_same_as_text_are_one_card(run: Run, make_corpus: MakeCorpus, target: str) -> None:
    folder = make_corpus({"sub/x.md": CARD, "x.md": CARD, "x.md.md": CARD})
    for name in (b"\xff.md", b"\xfe.md"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(CARD.encode())
    result = run("export", target)
    assert result.code == 1
    assert "warning: 1 card left out, such as \ufffd.md: as text, the path is that of another" in result.err
    assert rows(target, "SELECT count(*), count(DISTINCT path) FROM cards") == [(4, 4)]
    assert rows(target, "PRAGMA foreign_key_check") == []


def test_nothing_selected_is_an_empty_file(run: Run, one_card: Path, target: str) -> None:
    result = run("export", target, "--topic", "Nothing")
    assert result.code == 0
    assert "no card has the topic `Nothing`" in result.err
    assert rows(target, "SELECT count(*) FROM cards") == [(0,)]
    assert "no card matches" in run("export", target, "--min-quality", "999").err


def test_without_fts5_the_file_has_no_full_text_table(
    run: Run, one_card: Path, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Connection(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:
            if "fts5" in sql:
                raise sqlite3.OperationalError("no such module: fts5")
            return super().execute(sql, *args)

    class Lacking:
        def __getattr__(self, name: str) -> Any:
            return getattr(sqlite3, name)

        def connect(self, path: str, **options: Any) -> sqlite3.Connection:
            return sqlite3.connect(path, factory=Connection, **options)

    monkeypatch.setattr(export, "sqlite3", Lacking())
    result = run("export", target)
    assert result.code == 0
    assert "note: it has no cards_fts, because this Python's SQLite lacks FTS5" in result.err
    assert rows(target, "SELECT count(*) FROM cards") == [(1,)]


def refused(run: Run, reason: str, *args: str) -> None:
    result = run("export", *args)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: ")
    assert reason in result.err


def test_a_file_that_export_wrote_is_replaced_and_no_other(
    run: Run, make_corpus: MakeCorpus, tmp_path: Path, target: str
) -> None:
    make_corpus({"_news/a.md": CARD})
    Path(target).write_bytes(b"")
    for _ in range(2):
        assert run("export", target).code == 0
    os.chmod(target, 0o640)
    assert run("export", target).code == 0
    assert os.stat(target).st_mode & 0o777 == 0o640
    with closing(sqlite3.connect(f"{target}2")) as other:
        other.execute("CREATE TABLE mine (x)")
    Path(f"{target}3").write_text("SQLite format 3")
    for ending in "23":
        before = Path(f"{target}{ending}").read_bytes()
        refused(run, "it exists, and `export` did not write it", f"{target}{ending}")
        assert Path(f"{target}{ending}").read_bytes() == before
    assert {*os.listdir(tmp_path / "out")} == {"news.db", "news.db2", "news.db3"}


@pytest.mark.parametrize(
    ("file", "hint"),
    [
        ("cards.csv", "`newscards list --format csv` writes CSV"),
        ("cards.PARQUET", "export a .db, which DuckDB, pandas or Datasette read: `newscards help querying`"),
        ("cards.yml", "name it .db or .sqlite"),
    ],
)
def test_a_name_with_the_ending_of_another_format_is_refused(
    run: Run, one_card: Path, tmp_path: Path, file: str, hint: str
) -> None:
    result = run("export", str(tmp_path / file))
    assert (result.code, result.out) == (2, "")
    assert "cannot be written: export writes SQLite, and ." in result.err
    assert result.err.endswith(f"hint: {hint}\n")
    assert not (tmp_path / file).exists()


def test_no_card_and_no_folder_of_cards_gets_a_file(
    run: Run, make_corpus: MakeCorpus, tmp_path: Path, target: str
) -> None:
    make_corpus({"_news/a.md": CARD, "_news/inner/b.md": CARD, "flat/c.md": CARD})
    refused(run, "its name is that of a card", "_news/a.md")
    refused(run, "FILE comes first, then PATHs", "_news")
    refused(run, "its folder does not exist", "nowhere/news.db")
    refused(run, "FILE is empty", "")
    refused(run, "SQLite writes only files", "-")
    refused(run, "SQLite writes only files", "/dev/stdout")
    os.mkfifo("pipe")
    refused(run, "SQLite writes only files", "pipe")
    for place in ("_news", "_news/inner", "flat"):
        refused(run, "it would lie among the cards", f"{place}/news.db", "_news", "flat")
    os.symlink("_news/link.db", "link.db")
    refused(run, "it would lie among the cards", "link.db")
    Path(f"{target}-wal").touch()
    refused(run, "another program has it open", target)
    assert not {*os.listdir("_news")} - {"a.md", "inner"}
    assert not os.path.exists(target)


def test_a_file_in_a_site_that_publishes_it_is_warned_of(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"_config.yml": "collections: {news: {output: true}}\n", "_news/a.md": CARD})
    result = run("export", "news.db")
    assert result.code == 0
    assert "warning: news.db lies in the site, which publishes it with all hidden cards" in result.err
    (folder / "_private").mkdir()
    assert "warning" not in run("export", "_private/news.db").err
    other = make_corpus({"other/_config.yml": "exclude: [news.db]\n", "other/_news/a.md": CARD}) / "other"
    assert "warning" not in run("export", str(other / "news.db"), str(other)).err


@pytest.mark.parametrize("moment", ["write_tables", "replace"])
def test_a_failure_or_an_interruption_leaves_the_file_that_was_there(
    run: Run, one_card: Path, target: str, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    assert run("export", target).code == 0
    before = Path(target).read_bytes()

    def failing(error: BaseException) -> Callable[..., Any]:
        def fail(*args: Any, **options: Any) -> Any:
            raise error

        return fail

    for error, code in (
        (sqlite3.OperationalError("database or disk is full"), 2),
        (OSError(28, "No space left on device"), 2),
        (KeyboardInterrupt(), 130),
    ):
        with monkeypatch.context() as patch:
            if moment == "replace":
                patch.setattr(os, "replace", failing(error))
            else:
                patch.setattr(export._Writer, "_write_search", failing(error))
            result = run("export", target)
        assert result.code == code
        assert code == 130 or "cannot be written: " in result.err
        assert Path(target).read_bytes() == before
        assert os.listdir(os.path.dirname(target)) == ["news.db"]


def test_names_on_standard_input_are_exported(run: Run, make_corpus: MakeCorpus, target: str) -> None:
    make_corpus({"a.md": CARD, "b.md": card(title="Other"), "c.md": card(title="Third")})
    assert run("export", target, "-", stdin=b"a.md\nb.md\n").code == 0
    assert rows(target, "SELECT path FROM cards") == [("a.md",), ("b.md",)]
    assert run("export", target, "-0", "-", stdin=b"c.md\0").code == 0
    assert rows(target, "SELECT path FROM cards") == [("c.md",)]


def test_progress_is_shown_one_bar_after_the_other(tmp_path: Path, target: str) -> None:
    slow = (
        "import sys; from newscards import cli; from newscards.output import ui; ui._PROGRESS_DELAY = 0;"
        "sys.argv[0] = 'newscards'; cli.entry_point()"
    )
    code, screen = run_in_terminal(
        ["export", target, SAMPLE, "--no-cache"], cwd=tmp_path, program=(sys.executable, "-c", slow)
    )
    assert code == 0, screen
    assert "Traceback" not in screen
    assert all(doing in screen for doing in ("Reading cards", "Writing cards"))
