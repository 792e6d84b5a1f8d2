"""``newscards stats``: all there is of a corpus, in each format and in the terminal."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_topics import HOSTILE, SITE
from tests.conftest import MakeCorpus, Run, nothing_listed
from tests.output.terminal.test_list import width
from tests.rules.cases import with_entry
from tests.support import CARD, ROOT, card, matches_snapshot
from tests.support.terminal import run_in_terminal

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
OTHER = (
    card(title='"Gauges of the north"', publishedDateTime="2023-06-21T08:00:00Z", quality="60", heat="-1")
    .replace("https://www.tide.example/gauges", "https://www.tide.example/north")
    .replace("published: true", "published: false")
)
FILES = {
    "a.md": CARD,
    "b.md": card(type="video", quality="112", publishedDateTime="2023-09-01T00:00:00Z", webUrl=None),
    "c.md": card(
        quality=None, publishedDateTime=None, type=None, published="false", topics=None, provider=None
    ),
    "d.md": "---\ntitle: [\n---\n",
}


def sections(run: Run, *args: str, code: int = 0) -> Any:
    result = run("stats", *args, "--format", "json")
    assert result.code == code
    return json.loads(result.out)


def test_json_is_an_object_of_sections(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(FILES)
    found = sections(run, "--no-findings", code=1)
    first, last = "2023-06-20T15:44:00Z", "2023-09-01T00:00:00Z"
    measured = {"cards": 2, "published": 2, "share": 1.0, "quality": 89.5, "first": first, "last": last}
    assert found == {
        "cards": 3, "published": 2, "hidden": 1, "unreadable": 1, "meanQuality": 89.5,
        "first": first, "last": last,
        "topics": [{"topic": "Oceans", **measured}, {"topic": "Science", **measured}],
        "providers": [{"provider": "Tide", "domains": ["tide.example"], **measured}],
        "types": [
            {"type": "article", "cards": 1, "published": 1}, {"type": "video", "cards": 1, "published": 1},
            {"cards": 1, "published": 0},
        ],
        "months": [
            {"month": "2023-06", "cards": 1, "published": 1},
            {"month": "2023-09", "cards": 1, "published": 1},
            {"cards": 1, "published": 0},
        ],
        "quality": [
            {"from": 60, "to": 69, "cards": 1, "published": 1},
            {"from": 110, "to": 119, "cards": 1, "published": 1}, {"cards": 1, "published": 0},
        ],
        "stories": [{"size": 1, "stories": 3, "published": 2}],
    }  # fmt: skip
    line = run("stats", "--no-findings", "--format", "jsonl").out
    assert line.count("\n") == 1
    assert json.loads(line) == found


def test_csv_is_a_row_for_each_group_of_each_section(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(FILES)
    out = run("stats", "--format", "csv", "--findings").out
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [(row["section"], row["key"], row["cards"], row["published"]) for row in rows][:12] == [
        ("cards", "", "3", "2"), ("unreadable", "", "1", ""),
        ("topics", "Oceans", "2", "2"), ("topics", "Science", "2", "2"), ("providers", "Tide", "2", "2"),
        ("types", "article", "1", "1"), ("types", "video", "1", "1"), ("types", "", "1", "0"),
        ("months", "2023-06", "1", "1"), ("months", "2023-09", "1", "1"), ("months", "", "1", "0"),
        ("quality", "60–69", "1", "1"),
    ]  # fmt: skip
    (story,) = (row for row in rows if row["section"] == "stories")
    assert (story["key"], story["stories"], story["published"], story["cards"]) == ("1", "3", "2", "")
    assert {row["section"] for row in rows[-3:]} == {"findings"}
    lines = run("stats", "--findings").out.splitlines()
    assert [line.split("\t") for line in lines] == [*csv.reader(io.StringIO(out))][1:]


def test_stories_are_those_of_the_chosen_cards_with_all_their_cards(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(
        {"a.md": with_entry(), "b.md": OTHER, "c.md": card(title="Alone", heat="0", published="false")}
    )
    listed = [{"size": 1, "stories": 1, "published": 0}, {"size": 2, "stories": 1, "published": 1}]
    assert sections(run)["stories"] == listed
    assert sections(run, "--published")["stories"] == listed[1:]
    assert sections(run, "--where", "title = 'Alone'")["stories"] == listed[:1]


def test_findings_are_those_of_the_chosen_cards_and_of_unreadable_ones(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(
        {"a.md": card(quality="-1", heat="-5"), "b.md": card(quality="-1"), "c.md": "---\na: [\n---\n"}
    )
    everything = sections(run, "--findings", code=1)["findings"]
    assert everything[0].keys() == {"code", "rule", "severity", "findings", "cards"}
    below = next(each for each in everything if each["rule"] == "below-minimum")
    assert (below["severity"], below["findings"], below["cards"]) == ("error", 3, 2)
    assert any(each["rule"] == "yaml-syntax" for each in everything)
    chosen = sections(run, "--findings", "--min-heat", "0", code=1)["findings"]
    assert [each["cards"] for each in chosen if each["rule"] == "below-minimum"] == [1]
    assert "findings" not in sections(run, "--no-findings", code=1)
    assert sections(run, code=1)["findings"] == everything


def test_one_dimension_is_an_array_of_rows(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({name: text for name, text in FILES.items() if name != "d.md"})
    rows = json.loads(run("stats", "--by", "quality", "--format", "json").out)
    assert [(row.get("from"), row.get("to"), row["cards"]) for row in rows] == [
        (60, 69, 1), (110, 119, 1), (None, None, 1),
    ]  # fmt: skip
    header = run("stats", "--by", " published ", "--format", "csv").out.splitlines()[0]
    assert header == "state,cards,published,share,quality,first,last"
    assert run("stats", "--by", "year").out.splitlines()[0].startswith("2023\t2\t2\t1.0\t")


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--by", "topics"], "did you mean `topic`?"),
        (["--by", "topic,moth"], "did you mean `month`?"),
        (["--by", "topic,type,month"], "at most two dimensions"),
        (["--by", "topic,topic"], "--by has `topic` twice"),
        (["--by", "topic", "--findings"], "does not go with --by"),
        (["--all-topics"], "--all-topics needs --topic"),
        (["nowhere"], "no such file or folder"),
    ],
)
def test_wrong_usage_is_told_before_a_card_is_read(
    run: Run, make_corpus: MakeCorpus, args: list[str], said: str
) -> None:
    make_corpus(FILES)
    result = run("stats", *args)
    assert nothing_listed(result)
    assert said in result.err


@pytest.mark.parametrize(
    ("form", "out"),
    [
        ("table", ""), ("json", '{\n "cards": 0,\n "published": 0,\n "hidden": 0,\n "unreadable": 0,\n'),
        ("csv", "section,key,cards,published,share,quality,first,last,stories,findings\ncards,,0,0,"),
        ("tsv", "cards\t\t0\t0\t"),
    ],
)  # fmt: skip
def test_of_no_card_there_is_nothing_to_tell(run: Run, make_corpus: MakeCorpus, form: str, out: str) -> None:
    make_corpus({"a.md": CARD})
    result = run("stats", "--min-quality", "999", "--format", form)
    assert (result.code, result.out[: len(out)]) == (0, out)
    assert result.err == ("note: no card matches\n" if form == "table" else "")
    for by in ("topic", "topic,month"):
        assert run("stats", "--min-quality", "999", "--by", by, "--format", form).code == 0


def screen_of(folder: Path, *args: str, columns: int = 80, color: bool = False) -> str:
    return run_in_terminal(["stats", *args], cwd=folder, columns=columns, color=color)[1]


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_the_sample_site_at_a_glance(columns: int) -> None:
    screen = screen_of(
        ROOT, "-q", "sample_data", "--config", "tests/support/registries.toml", columns=columns
    )
    assert max(map(width, screen.splitlines()[2:])) <= columns
    assert not any(line.endswith(" ") for line in screen.splitlines())
    matches_snapshot(f"stats-{columns}.txt", screen)


def test_colours_are_those_of_the_terminals_own_theme() -> None:
    screen = screen_of(ROOT, "-q", "sample_data", color=True)
    assert ESCAPE.sub("", screen) == screen_of(ROOT, "-q", "sample_data")
    codes = {code for found in ESCAPE.findall(screen) for code in found[2:-1].split(";")}
    assert codes == {"0", "1", "2", "32"}


def test_one_card_and_hostile_ones_and_none_at_a_glance(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"one/a.md": CARD, "none/d.md": FILES["d.md"], "few/c.md": FILES["c.md"]})
    screens = [screen_of(folder, name, "--findings") for name in ("one", "none", "few")]
    screens.append(screen_of(folder, "one", "--min-quality", "999"))
    matches_snapshot("stats-few.txt", "\n".join(screens))


def test_hostile_cards_are_shown_harmlessly_at_a_glance(make_corpus: MakeCorpus) -> None:
    screen = screen_of(make_corpus({**HOSTILE, **SITE}))
    assert "\x1b" not in screen
    assert max(map(width, screen.splitlines())) <= 80
    matches_snapshot("stats-hostile.txt", screen)


def test_many_topics_are_cut_to_the_first(make_corpus: MakeCorpus) -> None:
    topics = ", ".join(f"Topic {number}" for number in range(300))
    screen = screen_of(make_corpus({"a.md": card(topics=f"[{topics}]")}))
    assert "Topics 300" in screen
    assert "and 290 more" in screen


def test_months_without_cards_are_lines_of_a_table_too() -> None:
    screen = screen_of(ROOT, "-q", "sample_data", "--by", "month", "--since", "2024")
    assert "2024-12 0 0" in " ".join(screen.split())
    matches_snapshot("stats-month.txt", screen)


def test_cards_without_a_value_are_no_group_of_it(run: Run, make_corpus: MakeCorpus) -> None:
    files = {"a.md": card(editor="mb"), "b.md": card(title="Other")}
    make_corpus({**files, "newscards.toml": "[fields.editor]\n"})
    out = run("stats", "--by", "editor", "--format", "table").out
    assert "\n1 editor, 2 cards:" in out
    assert "\nnone " in out
