"""newscards query: what a SELECT gives, in each format, and what the tables are."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from newscards.query.sql.tables import tables
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card, matches_snapshot
from tests.support.terminal import run_in_terminal

COLUMNS = sum(len(table.columns) for table in tables().values())
SAMPLE = str(ROOT / "sample_data")
VALUES = "SELECT 'a' AS text, 1 AS number, 0.5 AS part, NULL AS none, x'00ff' AS bytes, 9e999 AS endless"


def test_values_of_every_type_are_written(run: Run, one_card: Path) -> None:
    told = {"text": "a", "number": 1, "part": 0.5, "none": None, "bytes": "00ff", "endless": "inf"}
    assert run("query", VALUES, "--format", "tsv").out == "a\t1\t0.5\t\t00ff\tinf\n"
    header = "text,number,part,none,bytes,endless\n"
    assert run("query", VALUES, "--format", "csv").out == f"{header}a,1,0.5,,00ff,inf\n"
    assert json.loads(run("query", VALUES, "--format", "json").out) == [told]
    assert json.loads(run("query", VALUES, "--format", "jsonl").out) == told


EMPTY = [("json", "[]\n"), ("jsonl", ""), ("csv", "id\n"), ("tsv", "")]


@pytest.mark.parametrize(("form", "expected"), EMPTY)
def test_no_row_is_an_empty_answer(run: Run, one_card: Path, form: str, expected: str) -> None:
    result = run("query", "SELECT id FROM cards WHERE 0", "--format", form)
    assert (result.code, result.out, result.err) == (0, expected, "")


def test_columns_of_one_name_are_told_apart(run: Run, one_card: Path) -> None:
    found = json.loads(run("query", "SELECT 1 AS id, 2 AS id, 3 AS id_2, 4 AS id", "--format", "json").out)
    assert found == [{"id": 1, "id_2": 2, "id_2_2": 3, "id_3": 4}]


def test_paths_and_ids_are_columns_of_the_result(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": card(quality="90")})
    best = "SELECT path, id FROM cards ORDER BY quality DESC"
    assert run("query", best, "--format", "ids").out == "b\na\n"
    assert run("query", best, "--format", "paths", "-0").out == "b.md\0a.md\0"
    result = run("query", "SELECT title FROM cards", "--format", "ids")
    assert (result.code, result.out) == (2, "")
    assert "needs a column `id`" in result.err


def test_nothing_in_a_result_is_taken_for_an_escape_or_a_formula(run: Run, one_card: Path) -> None:
    sql = (
        "SELECT char(27) || '[31m' AS \"a\x1b[0m\", '=1+1' AS formula, 'two' || char(10) || 'lines' AS lines"
    )
    for form in ("json", "jsonl", "table"):
        assert "\x1b" not in run("query", sql, "--format", form).out, form
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        for form in ("tsv", "csv", "json", "jsonl", "table"):
            assert "\x1b" not in run("query", sql, "--format", form, "--color", "never").out, form
    assert "'=1+1" in run("query", sql, "--format", "csv").out
    assert run("query", sql, "--format", "tsv").out.count("\n") == 1


def test_cards_that_cannot_be_read_are_told_and_the_answer_is_partial(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": CARD, "broken.md": "---\ntitle: [\n---\n"})
    result = run("query", "SELECT id FROM cards")
    assert (result.code, result.out) == (1, "a\n")
    assert result.err.startswith("warning: broken.md:")


def test_without_a_select_the_way_to_one_is_told(run: Run, one_card: Path) -> None:
    result = run("query")
    assert (result.code, result.out) == (2, "")
    assert "newscards query --schema" in result.err


def test_the_schema_names_every_table_and_column(run: Run, tmp_path: Path) -> None:
    found = json.loads(run("query", "--schema", "--format", "json").out)
    assert {each["table"]: [column["name"] for column in each["columns"]] for each in found} == {
        name: [each.name for each in table.columns] for name, table in tables().items()
    }
    matches_snapshot("query-schema.txt", run("query", "--schema").out)


def test_a_result_in_a_terminal(tmp_path: Path) -> None:
    sql = "SELECT date(publishedDateTime) AS day, quality, provider_name, title FROM cards"
    code, screen = run_in_terminal(["query", f"{sql} ORDER BY quality DESC LIMIT 5", SAMPLE], cwd=tmp_path)
    assert code == 0
    matches_snapshot("query.txt", screen)


def test_a_result_of_many_columns_in_a_terminal_is_a_list(tmp_path: Path) -> None:
    sql = "SELECT * FROM images JOIN cards USING (path) ORDER BY quality DESC LIMIT 1"
    code, screen = run_in_terminal(["query", sql, "sample_data"], cwd=ROOT)
    assert code == 0
    matches_snapshot("query-wide.txt", screen)


def test_a_table_has_the_first_ten_thousand_rows(run: Run, one_card: Path) -> None:
    numbers = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 10001) SELECT x FROM n"
    result = run("query", numbers, "--format", "table")
    assert result.out.endswith("\n10,000 rows\n")
    assert "the first 10,000 rows" in result.err
    assert run("query", numbers).out.count("\n") == 10_001


ODD_PARTS = (
    "[2020-01-01]", "!!binary aGk=",
    "[.nan, .inf]", "{a: 2020-01-01}", "!!set {a}", "{2020-01-01: 1}", ".inf",
)  # fmt: skip


@pytest.mark.parametrize("value", ODD_PARTS)
def test_values_that_json_has_no_word_for_end_no_run(run: Run, make_corpus: MakeCorpus, value: str) -> None:
    make_corpus({
        "a.md": card(images=f"\n  - url: {value}\n    width: {value}"),
        "b.md": card(related=f"\n  - title: {value}\n    quality: {value}", title=value),
        "c.md": CARD,
    })  # fmt: skip
    for sql in (
        "SELECT url, width FROM images",
        "SELECT title, quality FROM related",
        "SELECT title FROM cards",
    ):
        result = run("query", sql)
        assert (result.code, result.err) == (0, ""), sql
    shown = run("query", "SELECT title FROM cards WHERE id = 'b'").out
    assert run("query", "SELECT title FROM related").out == shown


def test_topics_are_counted_by_where_they_stand(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(topics='[AI, 1, null, [x], "", AI]'), "b.md": card(topics="AI")})
    assert run("query", "SELECT path, position, topic FROM topics").out == (
        "a.md\t1\tAI\na.md\t5\t\na.md\t6\tAI\nb.md\t1\tAI\n"
    )


def test_names_of_files_are_what_listings_make_of_them(run: Run, make_corpus: MakeCorpus) -> None:
    name = b"a\xff\x1b.md".decode(errors="surrogateescape")
    make_corpus({name: card(quality="-5"), "b\nc.md": CARD})
    for form in ("paths", "ids"):
        listed = run("list", "--format", form).raw
        assert run("query", "SELECT path, id FROM cards", "--format", form).raw == listed
    sql = "SELECT count(*) FROM findings JOIN cards USING (path) WHERE severity = 'error' AND story = id"
    assert run("query", sql).out not in ("", "0\n")


def test_names_on_standard_input_may_end_with_nul(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": CARD, "c.md": CARD})
    result = run("query", "SELECT id FROM cards", "-", "-0", stdin=b"a.md\0c.md\0")
    assert result.out == "a\0c\0"


def test_a_column_of_has_topic_is_called_so(run: Run, one_card: Path) -> None:
    assert run("query", "SELECT has_topic('Oceans') FROM cards", "--format", "csv").out == (
        "has_topic('Oceans')\n1\n"
    )


@pytest.mark.parametrize(
    ("form", "lines"), [("jsonl", len(tables())), ("csv", 1 + COLUMNS), ("tsv", COLUMNS)]
)
def test_the_schema_is_there_for_programs(run: Run, form: str, lines: int) -> None:
    assert len(run("query", "--schema", "--format", form).out.splitlines()) == lines


@pytest.mark.parametrize(
    ("sql", "message", "hint"),
    [
        ("select value from cards, json_each(tags)", "`json_each`: malformed JSON in some row", "json_valid"),
        ("select abs(-9223372036854775808)", "`abs`: integer overflow in some row", "64 bits"),
    ],
)
def test_an_error_about_a_value_names_the_function_and_a_way_around_it(
    sql: str, message: str, hint: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"a.md": card(tags="a, b"), "b.md": card(tags="[a, b]")})
    result = run("query", sql)
    assert result.code == 2
    assert result.err.startswith(f"error: {message}\n")
    assert hint in result.err.splitlines()[-1]


def test_the_way_around_malformed_json_works(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(tags="a, b"), "b.md": card(tags="[a, b]")})
    sql = "select value from cards, json_each(case when json_valid(tags) then tags end)"
    assert run("query", sql).out == "a\nb\n"
