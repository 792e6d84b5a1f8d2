"""``show``: a card as a curator wants to see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscards.cards.values import iso
from newscards.output.terminal.show import age, clean
from tests.conftest import NOW, MakeCorpus, Run
from tests.support import CARD, ROOT, card, matches_snapshot
from tests.support.terminal import run_in_terminal

SAMPLE = str(ROOT / "sample_data")
HOSTILE = '"\\e[31mred\\e[0m [bold]not bold[/bold] \\u202Egnp.exe :smile:\\n second line"'


def test_a_card_looks_good_at_80_and_120_columns() -> None:
    for columns in (80, 120):
        _, screen = run_in_terminal(
            ["show", "hollin-deep-sends", "--corpus", "sample_data"], cwd=ROOT, columns=columns
        )
        matches_snapshot(f"show-story-{columns}.txt", screen)


def test_a_removed_card_and_a_video_are_shown_for_what_they_are(run: Run) -> None:
    assert "✕ hidden, removed" in run("show", "ferry-operator", "--corpus", SAMPLE).out
    video = run("show", "inside-the-wave-flume", "--corpus", SAMPLE).out
    assert "video" in video
    assert "<iframe" not in video


def test_a_poor_card_is_shown_as_far_as_it_goes(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(
        {
            "x.md": f"---\ntitle: {HOSTILE}\npublishedDateTime: 2023-13-45\nquality: .nan\n"
            'published: "false"\nauthor: Ann\n1: one\nimages:\n  - url: a\n  - 5\n'
            "related:\n  - 3\n  - title: x\n---\n"
        }
    )
    result = run("show", "x")
    assert result.code == 0
    matches_snapshot("show-poor.txt", result.out)


@pytest.mark.parametrize(
    ("flag", "words"),
    [("true", "● published"), ("false", "○ hidden"), ("0", "● published (the flag is a whole number)"),
     ("", "○ hidden (the flag is empty)"), (None, "● published (the flag is missing)")],
)  # fmt: skip
def test_the_flag_says_what_the_site_does(
    run: Run, make_corpus: MakeCorpus, flag: str | None, words: str
) -> None:
    make_corpus({"x.md": card(published=flag)})
    assert f"Flag      {words}\n" in run("show", "x").out


def test_the_excerpt_is_clean_text(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": card(excerpt='"It&#8217;s  a\\r\\n&lt;b&gt;test&nbsp;\\u200b\\u2028over"')})
    assert "  It’s a <b>test over\n" in run("show", "x").out


def test_json_is_always_an_array_with_everything(run: Run, one_card: Path) -> None:
    (shown,) = json.loads(run("show", "2023", "--format", "json").out)
    assert shown["id"] == "2023-06-20-a-card"
    assert shown["secured"].endswith("==")
    assert list(shown)[:4] == ["path", "id", "category", "title"]


def test_raw_is_the_files_bytes_also_of_a_card_that_cannot_be_read(run: Run, make_corpus: MakeCorpus) -> None:
    source = b"\xff\x00 no card \x1b[31m"
    make_corpus({"x.md": source})
    result = run("show", "x", "--format", "raw")
    assert (result.code, result.raw) == (0, source)


def test_one_field_is_printed_alone(run: Run, one_card: Path) -> None:
    assert run("show", "2023", "--field", "provider.domain").out == "tide.example\n"
    assert run("show", "2023", "--field", "topics").out == "Oceans, Science\n"
    assert run("show", "2023", "--field", "topics", "--format", "json").out == '["Oceans", "Science"]\n'
    assert run("show", "2023", "--field", "images[0].width", "-0").out == "1200\0"
    assert run("show", "2023", "--field", "published").out == "true\n"
    assert run("show", "2023", "--field", "publishedDateTime").out == "2023-06-20T15:44:00Z\n"


OWN = {
    "id": "4711",
    "path": "/a/b",
    "card": "{id: 5}",
    "card.x": "dotted",
    "external-url": "x",
    "2023": "year",
}


def test_a_field_whose_name_is_computed_is_there_under_its_full_name(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"_news/a.md": card(**OWN)})
    (shown,) = json.loads(run("show", "a", "--format", "json").out)
    expected = {"path": "_news/a.md", "id": "a", "card.id": 4711, "card.path": "/a/b", "card": {"id": 5},
                "card.card.x": "dotted", "external-url": "x", "2023": "year"}  # fmt: skip
    assert {name: shown.get(name) for name in expected} == expected
    for name, value in {**expected, "card.card": {"id": 5}, "card.card.id": 5, "card.quality": 67}.items():
        result = run("show", "a", "--format", "json", "--field", name)
        assert (result.code, result.err) == (0, "")
        assert json.loads(result.out) == value


@pytest.mark.parametrize(
    ("field", "error"),
    [("card.id", "error: "), ("card.x", "error: "), ("card.ampWebUrl", "note: ")],
)
def test_a_full_name_that_the_card_lacks_is_no_computed_value(
    run: Run, one_card: Path, field: str, error: str
) -> None:
    result = run("show", "2023", "--field", field)
    assert (result.code, result.out) == (2 if error == "error: " else 0, "")
    assert result.err.startswith(error)
    assert f"`{field}`" in result.err


def test_a_field_that_the_card_lacks_is_told_and_an_unknown_one_is_wrong_usage(
    run: Run, one_card: Path
) -> None:
    lacking = run("show", "2023", "--field", "removed")
    assert (lacking.code, lacking.out) == (0, "")
    assert "has no `removed`" in lacking.err
    unknown = run("show", "2023", "--field", "provider.domian")
    assert unknown.code == 2
    assert "did you mean `provider.domain`" in unknown.err


def test_a_card_that_cannot_be_read_is_an_error_and_the_others_are_shown(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": CARD, "b.md": "---\ntitle: x: y\n---\n"})
    result = run("show", "a", "b")
    assert result.code == 1
    assert "Tide gauges" in result.out
    assert "b.md:2:9: cannot be read: a second `: ` in a value without quotes" in result.err


def test_an_unknown_card_names_the_nearest(run: Run) -> None:
    result = run("show", "2019-10-02-a-tide-gauge-that-has-run-since-1816-gets", "--corpus", SAMPLE)
    assert result.code == 2
    assert "did you mean 2019-10-02-a-tide-gauge-that-has-run-since-1861" in result.err


def test_related_cards_carry_their_own_flag_from_the_corpus_around_the_card(run: Run) -> None:
    path = next((ROOT / "sample_data" / "_news").glob("2023-03-1*-laden-ore*"))
    lines = run("show", str(path)).out.partition("Related 7")[2].splitlines()
    flags = [line.split()[0] for line in lines[2:]]
    assert sorted(flags) == ["○"] * 6 + ["●"]


def test_related_cards_that_the_corpus_lacks_have_a_question_mark(run: Run, make_corpus: MakeCorpus) -> None:
    path = next((ROOT / "sample_data" / "_news").glob("2023-03-1*-laden-ore*"))
    make_corpus({"alone.md": path.read_bytes()})
    assert run("show", "alone").out.count("\n  ?  ") == 7


def test_ages_are_in_the_largest_unit() -> None:
    from dateutil.relativedelta import relativedelta

    table = {
        "3 years ago": relativedelta(years=-3, days=-5),
        "1 year ago": relativedelta(years=-1),
        "11 months ago": relativedelta(years=-1, days=2),
        "1 day ago": relativedelta(days=-1),
        "today": relativedelta(hours=-3),
        "yesterday": relativedelta(hours=-14),
        "tomorrow": relativedelta(hours=14),
        "in 2 months": relativedelta(months=2, hours=1),
    }
    assert {words: age(NOW + delta, NOW) for words, delta in table.items()} == {w: w for w in table}
    assert iso(NOW) == "2026-01-15T12:00:00Z"


def test_clean_text_has_no_markup_of_any_kind() -> None:
    assert clean("a &amp; b\x1b[31m\u202e") == "a & b\\x1b[31m\\u202e"


def test_odd_values_in_related_entries_are_left_out(run: Run, make_corpus: MakeCorpus) -> None:
    related = "\n  - title: odd\n    quality: .nan\n    provider: {name: 2023-01-01}\n  - quality: 2023-01-01"
    make_corpus({"x.md": card(related=related)})
    result = run("show", "x")
    assert (result.code, result.err) == (0, "")
    assert "odd" in result.out


def test_a_computed_field_is_named_with_the_command_that_has_it(run: Run, one_card: Path) -> None:
    result = run("show", one_card.name, "--field", "url")
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith("hint: `newscards list PATH --columns url` prints it\n")
