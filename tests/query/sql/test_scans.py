"""A query that looks at each row alone takes the cards by parts, and no more of them than its rows need."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newscards.cards import reader
from newscards.cards.card import Card, CardOrUnreadable
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.lint import linter
from newscards.query.sql import query as module
from newscards.query.sql.data import TableData
from newscards.query.sql.query import Query
from newscards.query.sql.tokens import Scan, SqlError, scan_of
from tests.conftest import MakeCorpus, Run
from tests.support import card
from tests.support.terminal import run_in_terminal

CARDS = [
    Card(
        f"{n}.md",
        {"quality": n, "title": f"Card {n}", "topics": ["AI", f"T{n}"],
         "related": [{"title": f"{n} {each}", "quality": each} for each in range(n % 5)]},
    )
    for n in range(200)
]  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "scan"),
    [
        ("select * from cards", ("select * from cards", 0, None)),
        ("SELECT id, quality + 1 FROM Cards AS c WHERE c.quality > 3 LIMIT 5;",
         ("SELECT id, quality + 1 FROM Cards AS c WHERE c.quality > 3 ", 0, 5)),
        ("select id from cards c limit 5 offset 7", ("select id from cards c ", 7, 12)),
        ("select id from [cards] limit 5, 7 -- few", ("select id from [cards] ", 5, 12)),
        ('select "limit", "order" from cards limit 0', ('select "limit", "order" from cards ', 0, 0)),
        ("select 'a from b limit 5' from cards", ("select 'a from b limit 5' from cards", 0, None)),
        ("select id from cards limit 5 + 5", None),
        ("select id from cards limit -1", None),
        ("select id from cards limit 0x10", None),
        ("select id from cards limit 9223372036854775808", None),
        ("select id from cards limit 1, 9223372036854775807", None),
        ("select id from cards limit 5 offset x", None),
        ("select distinct id from cards", None),
        ("select id from cards order by id limit 5", None),
        ("select id from cards group by id", None),
        ("select id from cards, topics", None),
        ("select id from cards a join cards b limit 5", None),
        ("select id from cards natural join topics", None),
        ("select id from cards union all select id from cards", None),
        ("select id from (select * from cards) limit 5", None),
        ("select id from cards where id in (select path from topics)", None),
        ("with cards as (select 1 as id) select id from cards", None),
        ("select row_number() over () from cards", None),
        ("select 1 limit 5", None),
        ("values (1)", None),
        ("select value from json_each('[1]')", None),
    ],
)  # fmt: skip
def test_a_scan_is_a_select_of_one_table_without_order(sql: str, scan: tuple[object, ...] | None) -> None:
    assert scan_of(sql) == (scan and Scan(*scan))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from related",
        "select rowid, path, title from related where quality % 3 = 1",
        "select rowid from related limit 7 offset 300",
        "select path from cards limit 90, 20",
        'select path as "select" from cards',
        "select 1 from topics limit 250",
        "select id from cards where quality > 1000 limit 3",
        "select id from cards limit 0",
        "select id from cards limit 195, 9223372036854775807",
        "select id from cards limit 999999999999999999 offset 198",
        "select id, story_size, related_count from cards where rowid in (3, 150, 2) limit 9",
        "select path, copy_of from related limit 40",
        "select count(*), max(quality) from related limit 5",
        "select min(quality, 5) from cards limit 5",
        "select id from cards where has_topic('t150') limit 5",
        "select id from cards where has_topic('none') limit 5",
        "select code from findings limit 5",
        "select story from stories limit 5",
    ],
)
def test_by_parts_the_result_is_the_same(sql: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer() -> tuple[list[str], list[tuple[object, ...]], dict[str, str]]:
        query = Query(sql)
        names, rows = query.run(TableData(iter(CARDS)))
        return names, list(rows), query.absent

    by_parts = answer()
    monkeypatch.setattr(module, "scan_of", lambda sql: None)
    assert by_parts == answer()


@pytest.mark.parametrize(
    ("sql", "most"),
    [
        ("select path, title from related limit 5", 16),
        ("select path from cards where quality = 40 limit 1", 48),
        ("select path from cards where quality = 40", 200),
        ("select path from cards order by path limit 1", 200),
    ],
)
def test_a_limit_needs_no_more_cards_than_its_rows(sql: str, most: int) -> None:
    cards = iter(CARDS)
    assert list(Query(sql).run(TableData(cards))[1])
    assert len(CARDS) - len([*cards]) == most


def test_the_first_row_is_there_before_the_last_card_is_read() -> None:
    cards = iter(CARDS)
    rows = Query("select path from cards").run(TableData(cards))[1]
    assert next(rows) == ("0.md",)
    rows.close()
    assert len([*cards]) == 200 - 16


def test_cards_that_are_read_no_more_may_be_broken(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({f"{n:02}.md": card(quality=str(n)) for n in range(20)} | {"99.md": "---\ntitle: [\n---\n"})
    result = run("query", "select id from cards limit 2")
    assert (result.code, result.out, result.err) == (0, "00\n01\n", "")
    assert run("query", "select id from cards where quality = 30 limit 2").code == 1


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the reading of each card take a while."""
    read, read_bytes = reader.read, reader.read_bytes

    def slow_read(path: str, limits: Limits = LIMITS) -> CardOrUnreadable:
        time.sleep(0.02)
        return read(path, limits)

    def slow_read_bytes(path: str, limits: Limits = LIMITS) -> bytes:
        time.sleep(0.02)
        return read_bytes(path, limits)

    monkeypatch.setattr(reader, "read", slow_read)
    monkeypatch.setattr(linter, "read_bytes", slow_read_bytes)


@pytest.mark.usefixtures("slowly")
@pytest.mark.parametrize(
    "sql",
    [
        "select title from related",
        "select count(*) from related",
        "select code from findings",
        "select * from cards",
    ],
)
def test_the_time_limit_is_that_of_reading_and_checking_too(
    run: Run, make_corpus: MakeCorpus, sql: str
) -> None:
    make_corpus({f"{n:03}.md": card(quality=str(n)) for n in range(150)})  # for 3 seconds
    start = time.monotonic()
    result = run("query", sql, "--timeout", "0.3")
    assert time.monotonic() - start < 2
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: the query was ended after 0.3 seconds\n")


def test_the_time_limit_is_that_of_filling_too(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("newscards.query.sql.sandbox.time.monotonic", lambda: now)

    def cards() -> Iterator[Card]:
        nonlocal now
        for each in CARDS:
            now += 1
            yield each

    with pytest.raises(SqlError, match="ended after 30 seconds"):
        list(Query("select path from cards", timeout=30).run(TableData(cards()))[1])
    now = 0.0
    query = Query("select path from cards limit 10", timeout=30)
    assert len([*query.run(TableData(cards()))[1]]) == 10


def test_a_table_in_a_terminal_comes_without_progress(tmp_path: Path, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({f"{n:02}.md": card(quality=str(n)) for n in range(30)})
    code, screen = run_in_terminal(["query", "select quality from cards limit 2"], cwd=folder)
    assert (code, [line.split() for line in screen.split("\n") if line]) == (
        0, [["quality"], ["0"], ["1"], ["2", "rows"]],
    )  # fmt: skip
