from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import MakeCorpus, Run
from tests.rules.cases import ENTRY, Found, with_entry, with_lines
from tests.rules.conftest import FindAll, LintAll
from tests.support import card


def found(line: int, column: int, end_column: int, field: str = "publishedDateTime") -> Found:
    return Found("NC419", line, column, end_column, field, "warning")


FORMS = [
    ("2023-06-20 09:05:00 +0200", "2023-06-20T07:05:00Z"),
    ("2023-06-20 09:05:00 -0730", "2023-06-20T16:35:00Z"),
    ("2023-06-20T09:05:00+0200", "2023-06-20T07:05:00Z"),
    ("2023-6-2 9:05:00.5 +0100", "2023-06-02T08:05:00.500000Z"),
    ("2023-06-20 09:05 +0200", "2023-06-20T07:05:00Z"),
    ("2023-06-20 09:05 +02:00", "2023-06-20T07:05:00Z"),
    ("2023-06-20 09:05 +02", "2023-06-20T07:05:00Z"),
    ("2023-06-20T09:05Z", "2023-06-20T09:05:00Z"),
]


@pytest.mark.parametrize(("written", "right"), FORMS)
def test_a_moment_in_a_form_of_ruby_is_found_and_the_help_says_what_all_read(
    written: str, right: str, find_all: FindAll, lint_all: LintAll
) -> None:
    text = card(publishedDateTime=written)
    assert find_all({"a.md": text}) == {"a.md": [found(5, 20, 20 + len(written))]}
    (finding,) = lint_all({"a.md": text})["a.md"]
    assert finding.help == f"write `{right}`, which all read alike"


@pytest.mark.parametrize(
    "written",
    [
        "2023-06-20T15:44:00Z", "2023-06-20 09:05:00 +02:00", "2023-06-20 09:05:00 +02",
        "2023-06-20 09:05:00",
        "2023-06-20", '"2023-06-20 09:05:00 +0200"', "2023-06-20 09:05:00 CET", "2023-06-20 09:05:00 +200",
        "2023-06-20 09:65:00 +0200", "2023-06-20 09:05", "",
    ],
)  # fmt: skip
def test_any_other_value_is_fine_or_another_rules(written: str, find_all: FindAll) -> None:
    assert find_all({"a.md": card(publishedDateTime=written)}) == {}


def test_a_field_that_is_no_date_is_not_looked_at(find_all: FindAll) -> None:
    assert (
        find_all({"a.md": with_lines("date: 2023-06-20 09:05:00 +0200\nseen: 2023-06-20 09:05 +0200\n")})
        == {}
    )


def test_it_says_who_reads_a_date(lint_all: LintAll) -> None:
    (with_seconds,) = lint_all({"a.md": card(publishedDateTime="2023-06-20 09:05:00 +0200")})["a.md"]
    assert (
        with_seconds.message == "`2023-06-20 09:05:00 +0200` is a date to Jekyll, and a text to other readers"
    )
    (without,) = lint_all({"a.md": card(publishedDateTime="2023-06-20 09:05 +0200")})["a.md"]
    assert without.message == "`2023-06-20 09:05 +0200` is a date to Jekyll's filters, and a text to YAML"


def test_a_moment_without_a_zone_is_one_finding_on_its_zone(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"2023-06-20-a.md": card(publishedDateTime="2023-06-20 09:05")})
    result = run("validate", "--format", "concise", "2023-06-20-a.md")
    assert result.out.count("NC") == 1
    assert "warning[NC409] date-without-zone: `publishedDateTime` has no time zone" in result.out


def test_an_entry_is_found_by_itself(find_all: FindAll) -> None:
    text = with_entry("2023-06-21T08:00:00Z", "2023-06-21 10:00:00 +0200")
    assert find_all({"a.md": text}) == {"a.md": [found(15, 24, 49, "related[0].publishedDateTime")]}


ODD_ENTRY = ENTRY.replace("2023-06-21T08:00:00Z", "2023-06-21 10:00:00 +0200")
STORY = {
    "2023-06-21-north.md": card(
        title='"Gauges of the north"',
        excerpt='"A second look."',
        publishedDateTime="2023-06-21 10:00:00 +0200",
        webUrl='"https://www.tide.example/north"',
    ),
    "2023-06-20-b.md": card().replace("secured:", f"related:\n{ODD_ENTRY}secured:"),
    "2023-06-20-c.md": card(title='"Gauges of the south"').replace(
        "secured:", f"related:\n{ODD_ENTRY}secured:"
    ),
}


def test_the_copies_of_a_card_are_one_finding_with_it(lint_all: LintAll) -> None:
    (findings,) = lint_all(STORY).values()
    (finding,) = findings
    assert finding.path == "2023-06-21-north.md"
    assert finding.message.endswith("; the same in 2 copies of the card")
    assert [path for path, _ in finding.others] == ["2023-06-20-b.md", "2023-06-20-c.md"]


def test_the_fix_writes_the_moment_in_utc_in_the_card_and_its_copies(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(STORY)
    run("validate", "--select", "NC419", "--fix", ".")
    for name in STORY:
        assert "+0200" not in (text := Path(name).read_text(encoding="utf-8"))
        assert "publishedDateTime: 2023-06-21T08:00:00Z\n" in text
