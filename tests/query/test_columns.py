"""Columns that no card has in its file: computed only if asked for, the same as in SQL."""

from __future__ import annotations

import json

import pytest

from newscards.query import findings
from newscards.query.columns import Columns, computed, is_number
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card

COPY = """
  - title: "Tide gauges get a second life"
    publishedDateTime: 2023-06-20T15:44:00Z
    webUrl: "https://www.tide.example/gauges"
"""
CARDS = {
    "a.md": CARD,
    "b.md": card(title='"B "', heat="-1", webUrl="https://tide.example/b", related=COPY, published="false"),
    "c.md": card(title='"C"', webUrl="https://tide.example/c", quality='"x"', publishedDateTime=None),
}
NAMES = "id,story,story_size,related_count,age_days,errors,warnings"


def listed(run: Run, *args: str) -> list[dict[str, object]]:
    result = run("list", "--columns", NAMES, "--format", "json", *args)
    assert result.code == 0, result.err
    found: list[dict[str, object]] = json.loads(result.out)
    return found


@pytest.mark.parametrize("args", [[], ["--no-cache"], ["."], ["a.md", "b.md", "c.md"]])
def test_computed_columns_are_those_of_sql(run: Run, make_corpus: MakeCorpus, args: list[str]) -> None:
    make_corpus(CARDS)
    a, b, c = listed(run, *args)
    assert (a["story"], a["story_size"], a["related_count"]) == ("a", 2, 0)
    assert (b["story"], b["story_size"], b["related_count"]) == ("a", 2, 1)
    assert (c["story"], c["story_size"]) == ("c", 1)
    assert "age_days" not in c
    assert isinstance(a["age_days"], int)
    assert c["errors"] == 2
    query = "SELECT NAMES FROM cards".replace("NAMES", NAMES)
    sql = json.loads(run("query", query, "--format", "json", *args).out)
    assert [{name: value for name, value in row.items() if value is not None} for row in sql] == [a, b, c]


def test_a_story_reaches_beyond_the_cards_that_are_listed(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({f"_news/{name}": text for name, text in CARDS.items()})
    for args in (["--unpublished"], ["_news/b.md"], ["b"], ["--where", "title like 'B%'"], ["--search", "B"]):
        (b,) = listed(run, *args)
        assert (b["id"], b["story"], b["story_size"]) == ("b", "a", 2)
    assert run("list", "-", "--columns", "story_size", stdin=b"b\n").out == "2\n"
    assert run("list", "--columns", "story_size", "--limit", "1").out == "2\n"


def test_cards_are_sorted_by_what_is_computed(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(CARDS)
    assert run("list", "--sort", "-errors,-related_count", "--format", "ids").out == "b\nc\na\n"
    assert run("list", "--sort", "age_days,-id", "--format", "ids").out == "b\na\nc\n"
    assert run("list", "--sort", "-story_size", "--columns", "id,story_size").out == "a\t2\nb\t2\nc\t1\n"
    assert run("filter-by-topic", "Oceans", "--sort", "-errors", "--format", "ids").out.startswith("b\n")


def test_numbers_are_aligned_at_the_right(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(CARDS | {"c.md": card(quality="100")})
    table = run("list", "--columns", "errors,quality,id", "--format", "table").out.splitlines()
    assert table[0].split() == ["errors", "quality", "id"]
    assert [line[:15] for line in table[1:4]] == ["     0       67", "     4       67", "     0      100"]
    numbers = ("heat", "age_days", "errors", "images[0].width", "card.quality")
    others = ("provider.name", "id", "story", "nosuch", "card.errors")
    assert [is_number(name) for name in (*numbers, *others)] == [True] * 5 + [False] * 5


def test_nothing_is_computed_that_is_not_asked_for(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus(CARDS)
    monkeypatch.setattr(findings, "findings_of", None)
    assert run("list", "--columns", "age_days,story").code == 0
    monkeypatch.setattr(findings, "cards_around", None)
    assert run("list", "--columns", "age_days,provider_name").code == 0
    monkeypatch.setattr(findings, "table_data", None)
    assert run("list", "--columns", "provider_name,title").code == 0
    assert not Columns(["title", "provider_name"]).needs_stories
    assert computed().keys() >= {*NAMES.split(",")} - {"id"}


def test_an_unknown_column_is_hinted_at_with_the_computed_ones(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(story="Mine")})
    assert "did you mean `warnings`?" in run("list", "--columns", "warning").err
    assert "`card.story`" in run("list", "--columns", "card.stroy").err
    assert run("list", "--columns", "story,card.story").out == "a\tMine\n"


def test_a_nested_field_may_be_written_with_an_underscore(run: Run, make_corpus: MakeCorpus) -> None:
    config = '[fields.source]\ntype = "mapping"\n[fields."source.name"]\n[fields.provider_domain]\n'
    make_corpus({"a.md": card(source="{name: Ann}", provider_domain="own"), "newscards.toml": config})
    names = "provider_name,provider.name,source_name,images_url,provider_domain"
    assert json.loads(run("list", "--columns", names, "--format", "json").out) == [
        {
            "provider_name": "Tide", "provider.name": "Tide", "source_name": "Ann",
            "images_url": ["https://www.tide.example/gauges.jpg"], "provider_domain": "own",
        }
    ]  # fmt: skip
    assert run("list", "--sort", "provider_name", "--format", "ids").out == "a\n"
    assert run("show", "a", "--field", "provider_name").out == "Tide\n"
    for by in ("provider_name", "provider.name", "source_name", "source.name"):
        assert run("stats", "--by", by, "--format", "csv").out.splitlines()[1].split(",")[0] in (
            "Tide",
            "Ann",
        )
