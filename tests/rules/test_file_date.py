from __future__ import annotations

import pytest

from tests.rules.cases import Found, block, story
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

FOUND = [Found("NC610", 5, 20, 40, "publishedDateTime", "warning")]


@pytest.mark.parametrize(
    "name",
    [
        "2023-06-19-a.md", "2023-06-22-a.md", "2032-06-20-a.md", "0001-01-01-a.md", "9999-12-31-a.md",
        "old/2023-06-10-a.md", "2023-06-02-.md", "2023-06-19-a", "_news/2023-06-19-a.b.md",
    ],
)  # fmt: skip
def test_a_file_of_another_day_is_found_on_the_date(name: str, find_all: FindAll) -> None:
    assert find_all({name: CARD}) == {name: FOUND}


def test_the_name_of_a_page_bundle_is_its_folders(lint_all: LintAll) -> None:
    (finding,) = lint_all({"2023-06-27-a/index.no.md": CARD})["2023-06-27-a/index.no.md"]
    assert finding.message == "the folder's name has the date 2023-06-27, 7 days after this one"
    assert finding.help == "correct the date, or rename the folder"


@pytest.mark.parametrize(
    "name",
    [
        "2023-06-20-a.md", "2023-06-21-a.md", "2023-06-21-.md", "_news/2023-06-20-a.md",
        "2023-06-01/2023-06-20-a.md",
    ],
)  # fmt: skip
def test_the_day_of_the_card_and_the_day_after_are_fine(name: str, find_all: FindAll) -> None:
    assert find_all({name: CARD}) == {}


@pytest.mark.parametrize(
    "name",
    [
        "a.md", "a-2001-01-01-b.md", "2001-01-01.md", "2001-01-01_a.md", "20010101-a.md", "12001-01-01-a.md",
        "2001-13-45-a.md", "0000-01-01-a.md", "2001-01-00-a.md", "２００１-01-01-a.md", "2001-01-01/a.md",
    ],
)  # fmt: skip
def test_a_name_that_begins_with_no_date_says_nothing(name: str, find_all: FindAll) -> None:
    assert find_all({name: CARD}) == {}


DATES = [
    ("2023-06-20T23:59:59Z", True),
    ("2023-06-20T00:00:00Z", True),
    ("2023-06-19T23:59:59Z", True),
    ("2023-06-18T23:59:59Z", False),
    ("2023-06-21T00:00:00Z", False),
    ("2023-06-21T01:30:00+02:00", True),
    ("2023-06-18T23:30:00-01:00", True),
    ("2023-06-20T23:30:00-02:00", True),
    ("2023-06-20 20:05:00 -0800", True),
    ("2023-06-21 20:05:00 -0800", False),
    ("2023-06-20 09:05 +0200", True),
    ("2023-06-20", True),
    ("2023-06-18", False),
    ("2023-06-20 15:44:00", True),
    ("9999-12-31T23:59:59Z", False),
]


@pytest.mark.parametrize(("date", "fine"), DATES)
def test_the_day_is_that_in_utc(date: str, fine: bool, find_all: FindAll) -> None:
    expected = [Found("NC610", 5, 20, 20 + len(date), "publishedDateTime", "warning")]
    name = "2023-06-20-a.md"
    assert find_all({name: card(publishedDateTime=date)}) == ({} if fine else {name: expected})


@pytest.mark.parametrize(
    "date", [None, "", '""', '"2001-01-01T00:00:00Z"', "2001-13-45", "yesterday", "5", "[2001-01-01]", "true",
             "0001-01-01T00:00:00+23:00"]
)  # fmt: skip
def test_a_card_without_a_date_is_left_to_other_rules(date: str | None, find_all: FindAll) -> None:
    assert find_all({"2023-06-20-a.md": card(publishedDateTime=date)}) == {}


def test_the_dates_of_entries_and_the_field_date_are_others(find_all: FindAll) -> None:
    text = (
        story()["gauges.md"]
        .replace("2023-06-21", "2001-01-01")
        .replace("---\n", "---\ndate: 2001-01-01\n", 1)
    )
    assert find_all({"2023-06-20-a.md": text}) == {}


@pytest.mark.parametrize("text", ["", "no card", CARD.removesuffix("---\n"), block("- x\n")])
def test_a_card_that_cannot_be_read_has_no_date(text: str, find_all: FindAll) -> None:
    assert find_all({"2001-01-01-a.md": text}) == {}


MESSAGES = [
    ("2023-06-22", "the file's name has the date 2023-06-22, 2 days after this one"),
    ("2023-06-19", "the file's name has the date 2023-06-19, 1 day before this one"),
    ("2032-06-20", "the file's name has the date 2032-06-20, 3,288 days after this one"),
]


@pytest.mark.parametrize(("day", "message"), MESSAGES)
def test_the_message_says_how_far_the_two_are_apart(day: str, message: str, lint_all: LintAll) -> None:
    (finding,) = lint_all({f"{day}-a.md": CARD})[f"{day}-a.md"]
    assert finding.message == message
    assert finding.help == "correct the date, or rename the file"
