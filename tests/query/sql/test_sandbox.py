"""A query reads the tables and does nothing else; it ends, and takes no more than it may."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.card import Card
from newscards.errors import NewscardsError
from newscards.query.sql.data import TableData
from newscards.query.sql.query import Query, Where
from newscards.query.sql.sandbox import Sandbox
from newscards.query.sql.tables import tables
from newscards.query.sql.tokens import SqlError, tokens
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card, written
from tests.support.indexes import COMMAND, process

CARDS = [Card(f"{n}.md", {"quality": n, "title": f"Card {n}", "topics": ["AI"]}) for n in range(20)]


def answer(sql: str, timeout: float = 30) -> list[tuple[object, ...]]:
    return list(Query(sql, timeout=timeout).run(TableData(CARDS))[1])


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM cards",
        "WITH gone AS (SELECT 1) DELETE FROM cards",
        "INSERT INTO cards(id) VALUES ('x')",
        "UPDATE cards SET quality = 1",
        "CREATE TABLE mine(x)",
        "DROP TABLE cards",
        "ATTACH 'other.sqlite' AS other",
        "VACUUM INTO 'copy.sqlite'",
        "PRAGMA query_only = OFF",
        "PRAGMA temp_store_directory = '/'",
        "BEGIN",
        "EXPLAIN SELECT 1",
        "ANALYZE",
        "REINDEX",
        "SELECT 1; DELETE FROM cards",
        "SELECT load_extension('libx')",
        "SELECT load_extension('libx', 'entry')",
        "SELECT fts3_tokenizer('simple')",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('out', 'x')",
        "SELECT edit('x')",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM sqlite_schema",
        "SELECT * FROM sqlite_temp_master",
        "SELECT * FROM pragma_database_list",
        "SELECT * FROM pragma_table_info('cards')",
        "SELECT * FROM pragma_journal_mode('delete')",
        "SELECT * FROM dbstat",
        "SELECT * FROM sqlite_stmt",
        "SELECT * FROM bytecode('SELECT 1')",
        "SELECT * FROM fsdir('/')",
        "SELECT * FROM csv('/etc/passwd')",
        "SELECT * FROM main.meta",
        "SELECT * FROM temp.cards",
        "SELECT ?",
        "SELECT :name",
        "SELECT '" + "\0" + "'",
        "",
        ";",
        "--",
    ],
)
def test_what_is_no_reading_of_the_tables_is_refused_before_a_card_is_read(sql: str, tmp_path: Path) -> None:
    os.chdir(tmp_path)
    with pytest.raises(SqlError):
        Query(sql)
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize(
    "expression",
    [
        "1) UNION SELECT rowid FROM cards WHERE (1",
        "1); DELETE FROM cards; --",
        "1)--",
        "1) LIMIT 1 --",
        "1 LIMIT 1",
        "1 ORDER BY 1",
        "1 UNION SELECT 1",
        "load_extension('x')",
        "1 in (select 1 from sqlite_master)",
        "(select 1 from pragma_table_info('cards'))",
        "id in (delete from cards returning id)",
        "'" + "a" * 200_000 + "'",
        "(" * 5_000 + "1" + ")" * 5_000,
        "1" + "+1" * 5_000,
        " or ".join(["quality > 1"] * 2_000),
    ],
)
def test_no_expression_leaves_its_place(expression: str) -> None:
    with pytest.raises(SqlError):
        Where(expression)


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT zeroblob(1000000000)",
        "SELECT length(zeroblob(10000001))",
        "SELECT hex(zeroblob(9000000))",
        "SELECT replace(hex(zeroblob(100000)), '0', hex(zeroblob(10000)))",
        "SELECT group_concat(hex(zeroblob(1000000))) FROM cards",
    ],
)
def test_a_value_of_more_than_ten_megabytes_is_refused(sql: str) -> None:
    with pytest.raises(SqlError, match="a value of more than 10,000,000 bytes"):
        answer(sql)
    assert answer("SELECT length(zeroblob(9000000))") == [(9_000_000,)]


@pytest.mark.parametrize(
    "sql",
    [
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n",
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n) SELECT x FROM n WHERE x > 1",
        "SELECT count(*) FROM cards a, cards b, cards c, cards d, cards e, cards f, cards g",
    ],
)
def test_a_query_without_end_is_ended(sql: str) -> None:
    with pytest.raises(SqlError, match=r"ended after 0\.2 seconds"):
        answer(sql, timeout=0.2)


def test_a_query_that_is_all_but_endless_to_compile_is_ended_by_its_memory() -> None:
    tables = ["a0 AS (SELECT 1 AS x)"]
    tables += [f"a{n} AS (SELECT 1 AS x FROM a{n - 1}, a{n - 1} AS b)" for n in range(1, 40)]  # noqa: S608
    with pytest.raises(SqlError, match="needs more memory"):
        Query(" ".join(["WITH", ", ".join(tables), "SELECT 1 FROM a39"]))


def test_the_time_that_the_reader_of_the_rows_takes_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("newscards.query.sql.sandbox.time.monotonic", lambda: now)
    rows = Query("SELECT a.id FROM cards a, cards b, cards c", timeout=30).run(TableData(CARDS))[1]
    for _ in range(300):
        next(rows)
        now += 60
    assert len([*rows]) == 20**3 - 300


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"


@pytest.mark.parametrize("sql", [ENDLESS, f"{ENDLESS}, cards WHERE has_topic('AI')"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_handler_of_a_signal_ends_a_query(sql: str, number: signal.Signals) -> None:
    def end(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    former = signal.signal(number, end)
    timer = threading.Timer(0.2, os.kill, (os.getpid(), number))
    try:
        timer.start()
        with pytest.raises(SystemExit) as ended:
            answer(sql)
        assert ended.value.code == 128 + number
        assert signal.getsignal(number) is end
    finally:
        timer.cancel()
        signal.signal(number, former)


def test_a_query_needs_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", fail)
    assert answer("SELECT count(*) FROM cards") == [(20,)]
    with pytest.raises(SqlError, match="ended after"):
        answer(ENDLESS, 0.1)


def test_ctrl_c_ends_a_query_at_once(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD})
    before = (
        "import threading, os, signal; threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", f"{before}\n{COMMAND}", "query", ENDLESS],
        cwd=folder, env=environment, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"\n")


def test_a_query_leaves_the_corpus_and_the_folder_as_they_are(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": card(quality="1")})
    before = {path.name: written(path) for path in folder.iterdir()}
    assert run("query", "SELECT count(*) FROM cards").out == "2\n"
    assert run("query", "DELETE FROM cards").code == 2
    assert {path.name: written(path) for path in folder.iterdir()} == before


WORDS = (  # what a query is made of, in any order
    "select from where cards topics stories id quality * ( ) , 'x' ' [ ] ` has_topic has_topic( 1 and union"
    ' with as ; -- /* */ = json_each("[1]") pragma_table_info delete é \x1b limit order using (path) "'
)
SQL = st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=14).map(" ".join)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(st.one_of(SQL, SQL.map(lambda words: f"select {words}"), st.text(max_size=30)))
def test_whatever_the_sql_it_is_answered_or_refused(sql: str) -> None:
    for make in (Query, Where):
        told = ""
        try:
            rows = make(sql, timeout=1).run(TableData(CARDS))[1]
            for _ in zip(rows, range(100), strict=False):
                pass
        except NewscardsError as error:
            told = str(error) or "nothing was told"
        assert told != "nothing was told"


@given(st.text())
def test_the_tokens_and_what_is_between_them_are_all_of_the_text(sql: str) -> None:
    end = 0
    for token in tokens(sql):
        between = sql[end : token.start]
        assert not between.strip() or between.lstrip().startswith(("--", "/*"))
        assert sql[token.start : token.end] == token.text
        end = token.end


def test_a_query_that_stays_in_one_function_is_ended_too(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD})
    sql = "SELECT instr(hex(zeroblob(4500000)), hex(zeroblob(2000000)) || '1')"
    late = process("query", "--timeout", "0.1", sql, folder=folder)
    out, err = late.communicate()
    assert (late.returncode, out) == (2, b"")
    assert err.startswith(b"error: the query was ended after 0.1 seconds\n")
    before = "import threading, os, signal; threading.Timer(1, os.kill, (os.getpid(), signal.SIGINT)).start()"
    interrupted = process("query", sql, folder=folder, before=before)
    assert interrupted.communicate()[0] == b""
    assert interrupted.returncode == 130


def test_rows_of_large_values_are_taken_one_by_one() -> None:
    sql = "SELECT a.id, hex(randomblob(2000000)) FROM cards a, cards b, cards c"
    rows = Query(sql).run(TableData(CARDS))[1]
    assert [len(str(value)) for _, (_, value) in zip(range(5), rows, strict=False)] == [4_000_000] * 5


@pytest.mark.parametrize(
    "sql",
    [
        # Fetched many at a time, the first rows being small, large ones would fill the memory.
        "SELECT iif(a.rowid + 20 * b.rowid < 300, '', zeroblob(9000000)) FROM cards b, cards a",
        "SELECT has_topic(CAST(zeroblob(4000000) AS TEXT) || a.quality) FROM cards a LIMIT 20",
        "SELECT has_topic(hex(zeroblob(2000000)) || quality) FROM cards a, (SELECT 1) LIMIT 20",
    ],
)
def test_few_large_values_are_in_memory_at_once(sql: str) -> None:
    rows = Query(sql).run(TableData(CARDS))[1]
    tracemalloc.start()
    try:
        assert sum(1 for _ in rows) >= 20
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "ids", "paths"])
@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (", ".join(f"zeroblob(3000000 + {n})" for n in range(20)), "a value of more than 2,272,727 bytes"),
        (", ".join(["hex(zeroblob(1500000))"] * 20), "a value of more than 2,272,727 bytes"),
        (", ".join(["x"] * 20), "a row of more than 10,000,000 bytes"),
    ],
)
def test_a_row_of_more_than_ten_megabytes_is_refused(
    run: Run, one_card: Path, form: str, columns: str, message: str
) -> None:
    sql = f"SELECT id, path, {columns} FROM cards, (SELECT hex(zeroblob(1000000)) AS x)"  # noqa: S608
    result = run("query", sql, "--format", form)
    assert result.code == 2
    assert result.err == f"error: the query makes {message}\nhint: ask for fewer columns, or for less\n"


def test_what_is_sorted_and_gathered_is_bounded() -> None:
    with pytest.raises(SqlError, match="needs more memory"):
        answer("SELECT count(*) FROM (SELECT DISTINCT randomblob(800000) FROM cards a, cards b, cards c)")


def test_topics_without_number_are_asked_for_in_little_memory() -> None:
    query = Query("SELECT count(*) FROM cards a, cards b JOIN (SELECT path FROM cards) USING (path)"
                  " WHERE (SELECT has_topic(hex(randomblob(100))) FROM cards c LIMIT 1)")  # fmt: skip
    assert list(query.run(TableData(CARDS))[1]) == [(0,)]
    assert len(query.absent) <= 20


def test_every_table_has_what_its_columns_say(run: Run, make_corpus: MakeCorpus) -> None:
    related = """
  - title: Tide gauges get a second life
    publishedDateTime: 2023-06-20T15:44:00Z
    webUrl: https://www.tide.example/gauges
    quality: 67
    type: article
    provider: {name: Tide, domain: tide.example}"""
    make_corpus({"a.md": CARD, "b.md": card(title="Other", quality="5", heat="-1", related=related)})
    for name, table in tables().items():
        result = run("query", f"SELECT * FROM {name}", "--format", "csv")  # noqa: S608
        header, *rows = result.out.splitlines()
        assert header == ",".join(each.name for each in table.columns if not each.yields)
        assert rows, name
    assert run("query", "SELECT path, position, copy_of, provider_name FROM related").out == (
        "b.md\t1\ta.md\tTide\n"
    )
    assert run("query", "SELECT story, size, published_cards, problems FROM stories").out == (
        "a\t2\t2\tseveral-published\n"
    )


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("SELECT topic, count(*) FROM topics JOIN cards USING (path) GROUP BY 1", "Oceans\t2\nScience\t2\n"),
        ("SELECT count(*) FROM topics NATURAL JOIN cards", "4\n"),
        ("SELECT count(*) FROM cards JOIN images USING (path) WHERE has_topic('oceans')", "2\n"),
        ("SELECT max(id) FROM cards JOIN stories USING (story) WHERE has_topic('Oceans') AND size", "b\n"),
        ("SELECT story_published, published_cards FROM cards JOIN stories ON path = head", "1\t1\n1\t1\n"),
        ("SELECT c.id FROM cards c JOIN cards d ON d.quality < c.quality", "b\n"),
        ("WITH best AS (SELECT id FROM cards ORDER BY quality DESC LIMIT 1) SELECT id FROM best", "b\n"),
        ("SELECT id FROM cards ORDER BY (SELECT max(width) FROM images i WHERE i.path = cards.path), id DESC",
         "b\na\n"),
        ("VALUES (1, 'a'), (2, NULL)", "1\ta\n2\t\n"),
        ("SELECT count(*) FROM cards a JOIN cards b USING (id)", "2\n"),
        ("SELECT count(*) FROM cards a JOIN cards b USING (story, webUrl)", "2\n"),
        ("SELECT count(*) FROM cards a NATURAL JOIN cards b", "0\n"),
        ("SELECT count(*) FROM (SELECT id, quality FROM cards) NATURAL JOIN (SELECT id FROM cards)", "2\n"),
        ("SELECT id, title FROM cards a FULL JOIN cards b USING (id, title) ORDER BY 1 LIMIT 1",
         "a\tTide gauges get a second life\n"),
        ("WITH u AS (SELECT 'article' AS type) SELECT count(*) FROM cards JOIN u USING (type)", "2\n"),
        ("WITH u AS (SELECT 'article' AS type) SELECT count(*) FROM cards NATURAL JOIN u", "2\n"),
        ("SELECT count(*) FROM 'cards' JOIN 'topics' USING ('path')", "4\n"),
        ("SELECT count(*) FROM CARDS JOIN Topics USING (PATH)", "4\n"),
        ("SELECT 'Oceans' IN (SELECT topic FROM topics), 'a' IN (SELECT story FROM stories)", "1\t1\n"),
    ],
)  # fmt: skip
def test_tables_are_joined_by_path(run: Run, make_corpus: MakeCorpus, sql: str, expected: str) -> None:
    make_corpus({"a.md": CARD, "b.md": card(quality="90", title="Other")})
    result = run("query", sql)
    assert (result.code, result.out, result.err) == (0, expected, "")


def test_any_thread_may_free_a_sandbox() -> None:
    sandboxes = [Sandbox()]
    thread = threading.Thread(target=sandboxes.clear)  # pytest reports an exception in it
    thread.start()
    thread.join()
    assert sandboxes == []
