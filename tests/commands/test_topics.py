"""``newscards topics`` and ``newscards providers``: counts, registries, sorting, formats, screens."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeCorpus, Run, nothing_listed
from tests.support import ROOT, card, matches_snapshot
from tests.support.terminal import run_in_terminal

FILES = {
    "a.md": card(topics="[Oceans, Ports]", quality="80", publishedDateTime="2023-06-20T15:44:00Z"),
    "b.md": card(
        topics="[Oceans]", quality="61", published="false", publishedDateTime="2024-01-02T00:00:00Z"
    ),
    "c.md": card(topics="[ports, Oceans, Oceans]", quality=None, publishedDateTime=None),
    "d.md": card(topics=None, provider="\n  name: The Tide\n  domain: TIDE.example"),
    "e.md": card(topics="[Cranes]", provider="\n  domain: cranes.example", published="false"),
    "f.md": card(topics="[Cranes]", provider=None, published="false", quality="9"),
}
SITE = {
    "newscards.toml": 'topics = ["Ports", "Oceans", "Wells"]\n[organizations]\n"tide.example" = "Tide"\n'
    '"wells.example" = "Wells Weekly"\n'
}


def listed(run: Run, *args: str) -> list[Any]:
    result = run(*args, "--format", "json")
    assert (result.code, result.err) == (0, "")
    rows = json.loads(result.out)
    assert isinstance(rows, list)
    return rows


def test_each_topic_is_counted_with_what_is_published_of_what_quality_and_when(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(FILES)
    assert listed(run, "topics") == [
        {"topic": "Oceans", "cards": 3, "published": 2, "share": 0.667, "quality": 70.5,
         "first": "2023-06-20T15:44:00Z", "last": "2024-01-02T00:00:00Z"},
        {"topic": "Cranes", "cards": 2, "published": 0, "share": 0.0, "quality": 38.0,
         "first": "2023-06-20T15:44:00Z", "last": "2023-06-20T15:44:00Z"},
        {"topic": "Ports", "cards": 1, "published": 1, "share": 1.0, "quality": 80.0,
         "first": "2023-06-20T15:44:00Z", "last": "2023-06-20T15:44:00Z"},
        {"topic": "ports", "cards": 1, "published": 1, "share": 1.0},
    ]  # fmt: skip


def test_a_topic_that_a_reader_takes_for_one_is_one_but_for_its_case(
    run: Run, make_corpus: MakeCorpus
) -> None:
    names = ["Café", "Cafe\u0301", "Ca\u200bfé", "'Café '", "café"]
    make_corpus({f"{number}.md": card(topics=f"\n  - {name}") for number, name in enumerate(names)})
    assert [(row["topic"], row["cards"]) for row in listed(run, "topics")] == [("Café", 4), ("café", 1)]


def test_the_registry_is_compared_as_a_reader_does(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"newscards.toml": 'topics = ["Cafe\u0301"]\n', "a.md": card(topics="\n  - Café")})
    assert [row["known"] for row in listed(run, "topics")] == [True]
    assert listed(run, "topics", "--unused") == []


def test_a_provider_is_its_name_with_its_domains_and_else_its_domain(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({**FILES, "g.md": card(provider="\n  name: Tide\n  domain: tide.test")})
    found = listed(run, "providers")
    assert [(row["provider"], row["domains"], row["cards"]) for row in found] == [
        ("Tide", ["tide.example", "tide.test"], 4),
        ("cranes.example", ["cranes.example"], 1),
        ("The Tide", ["tide.example"], 1),
    ]
    assert not any("known" in row for row in found)


def test_what_is_not_in_the_registry_is_told(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({**FILES, **SITE})
    topics = {row["topic"]: row["known"] for row in listed(run, "topics")}
    assert topics == {"Oceans": True, "Ports": True, "ports": False, "Cranes": False}
    providers = {row["provider"]: row["known"] for row in listed(run, "providers")}
    assert providers == {"Tide": True, "The Tide": False, "cranes.example": False}


def test_names_of_the_registry_that_no_card_has_are_listed_with_unused(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({**FILES, **SITE})
    assert listed(run, "topics", "--unused") == [
        {"topic": "Wells", "cards": 0, "published": 0, "known": True}
    ]
    assert [row["provider"] for row in listed(run, "providers", "--unused")] == ["Wells Weekly"]
    # Of the cards that are chosen: this one alone has Ports.
    unused = listed(run, "topics", "--unused", "--max-quality", "70", "--sort", "-name")
    assert [row["topic"] for row in unused] == ["Wells", "Ports"]


@pytest.mark.parametrize(("command", "key"), [("topics", "topics"), ("providers", "organizations")])
def test_unused_without_a_registry_is_wrong_usage(
    run: Run, make_corpus: MakeCorpus, command: str, key: str
) -> None:
    make_corpus(FILES)
    result = run(command, "--unused")
    assert nothing_listed(result)
    assert f"hint: set `{key}` in the configuration" in result.err


def test_the_registry_is_that_of_the_paths_on_standard_input(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({f"site/{name}": text for name, text in {**FILES, **SITE}.items()})
    result = run("topics", "-", "--format", "csv", stdin=b"site/a.md\n")
    assert [row["known"] for row in csv.DictReader(io.StringIO(result.out))] == ["true", "true"]
    empty = run("topics", "-", "--format", "json", stdin=b"")
    assert (empty.code, empty.out) == (0, "[]\n")


@pytest.mark.parametrize(
    ("order", "topics"),
    [
        ("-cards", ["Oceans", "Cranes", "Ports", "ports"]),
        ("cards", ["Ports", "ports", "Cranes", "Oceans"]),
        ("name", ["Cranes", "Oceans", "Ports", "ports"]),
        ("-name", ["Ports", "ports", "Oceans", "Cranes"]),
        ("-published", ["Oceans", "Ports", "ports", "Cranes"]),
        ("share", ["Cranes", "Oceans", "Ports", "ports"]),
        ("quality", ["Cranes", "Oceans", "Ports", "ports"]),
        ("-quality", ["Ports", "Oceans", "Cranes", "ports"]),
        ("-last", ["Oceans", "Cranes", "Ports", "ports"]),
        ("first", ["Oceans", "Cranes", "Ports", "ports"]),
    ],
)
def test_they_are_sorted_and_what_has_no_such_number_stands_last(
    run: Run, make_corpus: MakeCorpus, order: str, topics: list[str]
) -> None:
    make_corpus(FILES)
    assert [row["topic"] for row in listed(run, "topics", "--sort", order)] == topics
    assert [row["topic"] for row in listed(run, "topics", "--sort", order, "--limit", "2")] == topics[:2]


@pytest.mark.parametrize(
    ("order", "hint"),
    [("card", "did you mean `cards`?"), ("-qual", "did you mean `quality`?"), ("-", "name,")],
)
def test_an_unknown_order_is_wrong_usage(run: Run, make_corpus: MakeCorpus, order: str, hint: str) -> None:
    make_corpus(FILES)
    result = run("topics", "--sort", order)
    assert nothing_listed(result)
    assert hint in result.err


def test_the_selection_options_choose_the_cards(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(FILES)
    assert [row["topic"] for row in listed(run, "topics", "--topic", "ports")] == ["Oceans", "Ports", "ports"]
    assert [row["cards"] for row in listed(run, "topics", "--published")] == [2, 1, 1]
    assert [row["topic"] for row in listed(run, "topics", "--where", "quality < 10")] == ["Cranes"]
    assert [row["provider"] for row in listed(run, "providers", "--provider", "TIDE.example")] == [
        "Tide", "The Tide",
    ]  # fmt: skip


def test_an_unknown_topic_gives_an_empty_answer_and_the_nearest(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(FILES)
    result = run("topics", "--topic", "Ocean", "--format", "json")
    assert (result.code, result.out) == (0, "[]\n")
    assert "did you mean `Oceans`?" in result.err


def test_a_card_that_cannot_be_read_makes_the_answer_partial(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({**FILES, "x.md": "no card"})
    result = run("topics")
    assert (result.code, len(result.out.splitlines())) == (1, 4)
    assert "x.md:1:1: cannot be read" in result.err


def test_machine_formats_have_the_same_columns(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({**FILES, **SITE})
    table = list(csv.reader(io.StringIO(run("providers", "--format", "csv").out)))
    assert table[0] == [
        "provider", "domains", "cards", "published", "share", "quality", "first", "last", "known",
    ]  # fmt: skip
    assert table[1][:6] == ["Tide", "tide.example", "3", "2", "0.667", "70.5"]
    assert [line.split("\t") for line in run("providers").out.splitlines()] == table[1:]
    lines = run("providers", "--format", "jsonl", "-0").out.split("\0")
    assert [json.loads(line) for line in lines[:-1]] == listed(run, "providers")


HOSTILE = {
    "a.md": card(
        topics='["\\e[31mred\\e[0m\\n=1+1", "[bold]x[/bold]", "a\\u202eb", ""]', quality=f"{10**30}"
    ),
    "b.md": card(
        provider="\n  name: '=cmd|calc'\n  domain: tide.example", quality="-5", topics="日本語のニュース"
    ),
    "c.md": card(quality=".nan", topics="[3, null]"),
    "d.md": card(quality="0x" + "f" * 5000, topics=f'["{"long " * 40}"]'),
    "e.md": card(publishedDateTime="soon", quality=".inf", topics="{a: b}"),
}


def test_nothing_of_a_card_is_taken_for_an_escape_or_a_formula(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(HOSTILE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.stdout, "isatty", lambda: True)
        for form in ("table", "json", "jsonl", "csv", "tsv"):
            for command in ("topics", "providers"):
                result = run(command, "--format", form, "--color", "never")
                assert (result.code, result.err) == (0, "")
                assert not {"\x1b", "\u202e"} & {*result.out}
    assert run("providers", "--format", "csv", "--sort", "cards").out.splitlines()[1].startswith("'=cmd")
    assert "\x1b[31mred\x1b[0m =1+1" in run("topics", "--format", "tsv").out


@pytest.mark.parametrize("columns", [40, 80, 120])
@pytest.mark.parametrize("command", ["topics", "providers"])
def test_the_sample_site_looks_good(command: str, columns: int) -> None:
    args = ["-q", command, "sample_data", "--config", "tests/support/registries.toml"]
    code, screen = run_in_terminal(args, cwd=ROOT, columns=columns)
    assert code == 0
    assert max(map(len, screen.splitlines()[:-3])) <= columns
    matches_snapshot(f"{command}-{columns}.txt", screen)


def test_hostile_topics_look_harmless(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({**HOSTILE, **SITE})
    matches_snapshot("topics-hostile.txt", run_in_terminal(["topics"], cwd=folder)[1])


def test_unused_names_and_an_empty_answer_are_said(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({**FILES, **SITE})
    screens = [
        run_in_terminal(args, cwd=folder)[1]
        for args in (
            ["topics", "--unused"],
            ["topics", "--min-quality", "999"],
            ["topics", "--topic", "Porst"],
        )
    ]
    matches_snapshot("topics-few.txt", "\n".join(screens))


def test_300_topics_are_all_listed(run: Run, make_corpus: MakeCorpus, tmp_path: Path) -> None:
    topics = ", ".join(f"Topic {number}" for number in range(300))
    make_corpus({"a.md": card(topics=f"[{topics}]")})
    assert len(listed(run, "topics")) == 300
    assert "10 of 300 topics, 1 card" in run("topics", "--format", "table", "--limit", "10").out


def test_a_topic_that_all_cards_have_is_named_once_below_the_table(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(topics="[Oceans, Ports]"), "b.md": card(topics="[Oceans]")})
    for command in (["topics"], ["stats", "--by", "topic"]):
        out = run(*command, "--format", "table").out
        assert [line.split()[0] for line in out.splitlines()[:2]] == ["Topic", "Ports"]
        assert "all cards have the topic Oceans\n" in out
        assert "Oceans" in run(*command, "--format", "tsv").out
    assert "Oceans" in run("topics", "--topic", "Ports", "--format", "table").out.splitlines()[1]
