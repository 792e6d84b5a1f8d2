"""Cross tables: cells, sums that are counted on their own, and the same in all formats."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.conftest import MakeCorpus, Run
from tests.support import ROOT, card, matches_snapshot
from tests.support.terminal import run_in_terminal

FILES = {
    "a.md": card(topics="[Oceans, Ports]", publishedDateTime="2023-06-20T15:44:00Z"),
    "b.md": card(topics="[Oceans, Ports]", type="video", publishedDateTime="2023-08-20T15:44:00Z"),
    "c.md": card(topics="[Ports]", published="false", publishedDateTime=None),
    "d.md": card(topics=None, published="false", publishedDateTime="2023-08-20T15:44:00Z"),
}


def table(run: Run, by: str, *args: str) -> list[list[str]]:
    result = run("stats", "--by", by, "--format", "csv", *args)
    assert (result.code, result.err) == (0, "")
    return list(csv.reader(io.StringIO(result.out)))


def test_a_card_is_in_the_cell_of_each_of_its_topics_and_once_in_a_sum(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(FILES)
    assert table(run, "topic,month") == [
        ["topic", "total", "2023-06", "2023-08", ""],
        ["Ports", "3", "1", "1", "1"],
        ["Oceans", "2", "1", "1", "0"],
        ["", "1", "0", "1", "0"],
    ]
    assert table(run, "month,topic") == [
        ["month", "total", "Ports", "Oceans", ""],
        ["2023-06", "1", "1", "1", "0"],
        ["2023-08", "2", "1", "1", "1"],
        ["", "1", "1", "0", "0"],
    ]


def test_json_has_the_cells_that_hold_cards_and_tsv_is_csv(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(FILES)
    rows = json.loads(run("stats", "--by", "published,quality", "--format", "json").out)
    assert rows == [
        {"state": state, "from": 60, "to": 69, "cards": 2, "published": published, "share": published / 2,
         "quality": 67.0, "first": first, "last": "2023-08-20T15:44:00Z"}
        for state, published, first in (
            ("hidden", 0, "2023-08-20T15:44:00Z"), ("published", 2, "2023-06-20T15:44:00Z"),
        )
    ]  # fmt: skip
    lines = run("stats", "--by", "published,quality", "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == rows
    tsv = [line.split("\t") for line in run("stats", "--by", "topic,type").out.splitlines()]
    assert tsv == table(run, "topic,type")


def test_a_heading_is_no_formula_either(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(topics='["=1+1"]')})
    assert table(run, "type,topic")[0] == ["type", "total", "'=1+1"]


@pytest.mark.parametrize(
    "by", ["topic,year", "topic,month", "year,topic", "provider,type", "quality,published"]
)
def test_a_cross_table_in_a_terminal(by: str) -> None:
    code, screen = run_in_terminal(["-q", "stats", "sample_data", "--by", by], cwd=ROOT)
    assert code == 0
    assert max(map(len, screen.splitlines())) <= 80
    matches_snapshot(f"stats-{by.replace(',', '-')}.txt", screen)


def test_a_narrow_terminal_has_one_column_at_least(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus(FILES)
    monkeypatch.setenv("COLUMNS", "24")
    out = run("stats", "--by", "topic,month", "--format", "table").out
    assert "3 of 4 columns do not fit here; --format csv has all" in out
