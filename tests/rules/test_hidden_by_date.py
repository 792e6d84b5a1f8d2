from __future__ import annotations

import pytest

from newscards.rules.selection import every_linter
from tests.conftest import MakeCorpus
from tests.rules.cases import Found, site
from tests.rules.conftest import Find, FindAll, LintAll
from tests.support import CARD, card


def found(end_column: int = 0, line: int = 12) -> list[Found]:
    if not end_column:
        return [Found("NC203", 1, 1, 1)]
    return [Found("NC203", line, 7, end_column, "date")]


LISTED = "the site's lists show this card, but it has no page of its own"


# It is 2026-01-15T12:00:00Z (tests/conftest.py).
@pytest.mark.parametrize(
    "date", ["2199-01-01", "2026-01-16", "2026-01-15T12:00:01Z", "2026-01-15T11:30:00-01:00", '"2199-01-01"',
             "1 Jan 2199", "21990101"]
)  # fmt: skip
def test_a_field_date_in_the_future_is_found_on_it(date: str, find_all: FindAll) -> None:
    assert find_all({"a.md": card(date=date)}) == {"a.md": found(7 + len(date))}


@pytest.mark.parametrize(
    "name", ["2199-01-01-x.md", "2199-1-1-y.md", "2026-01-16-x.md", "68-01-01-x.md", "d/2199-01-01-x.md"]
)
def test_a_name_with_a_date_in_the_future_is_found_on_the_card(name: str, find_all: FindAll) -> None:
    assert find_all({name: CARD, f"_news/{name}": CARD}) == {name: found(), f"_news/{name}": found()}


def test_a_field_date_counts_before_that_of_the_name(find_all: FindAll) -> None:
    assert find_all({"2199-01-01-x.md": card(date="2023-01-01")}) == {}
    assert find_all({"2023-01-01-x.md": card(date="2199-01-01")}) == {"2023-01-01-x.md": found(17)}


def test_a_date_that_the_configuration_gives_is_found_on_the_card(find_all: FindAll) -> None:
    files = site(CARD, 'defaults: [{values: {date: "2199-01-01"}}]\n')
    assert find_all(files) == {"_news/x.md": found()}


PASSES = [
    pytest.param("2023-06-20-x.md", CARD, id="past"),
    pytest.param("2026-01-15-x.md", CARD, id="today"),
    pytest.param("2199-01-01.md", CARD, id="a-name-that-is-a-date-alone"),
    pytest.param("x-2199-01-01-y.md", CARD, id="not-at-the-beginning"),
    pytest.param("2199-01-01/x.md", CARD, id="of-the-folder"),
    pytest.param("x.md", card(date="2026-01-15T12:00:00Z"), id="now"),
    pytest.param("x.md", card(publishedDateTime="2199-01-01T00:00:00Z"), id="publishedDateTime"),
    pytest.param("x.md", card(Date="2199-01-01"), id="Date"),
    pytest.param("x.md", card(date="2199-01-01", published="false"), id="hidden"),
    pytest.param("x.md", card(date="2199-01-01", published=""), id="hidden-by-no-value"),
    pytest.param("2199-01-01-x.md", card(published=None), id="no-flag"),
    pytest.param("2199-01-01-x.md", card(published='"true"'), id="a-text-for-a-flag"),
    pytest.param("x.md", card(date="2023-13-45"), id="breaks-the-build"),
    pytest.param("2199-01-01-x.md", CARD.removesuffix("---\n"), id="no-closing-fence"),
    pytest.param("2199-01-01-x.md", card(title='"x'), id="broken"),
    pytest.param("2199-01-01-x.md", "\ufeff" + CARD, id="verbatim"),
    pytest.param("_2199-01-01-x.md", card(date="2199-01-01"), id="by-its-name"),
]


@pytest.mark.parametrize(("name", "text"), PASSES)
def test_what_no_date_hides_against_the_flag_is_fine(name: str, text: str, find_all: FindAll) -> None:
    assert find_all({name: text}) == {}


def test_a_site_that_shows_the_future_is_fine(find_all: FindAll) -> None:
    assert find_all(site(card(date="2199-01-01"), "future: true\n", "2199-01-01-x.md")) == {}


@pytest.mark.parametrize(
    ("zone", "hidden"), [("UTC", True), ("Europe/Berlin", True), ("Pacific/Kiritimati", False)]
)
def test_a_day_begins_in_the_sites_time_zone(zone: str, hidden: bool, find_all: FindAll) -> None:
    files = site(card(date="2026-01-16"), f"timezone: {zone}\n")
    assert find_all(files) == ({"_news/x.md": found(17)} if hidden else {})


@pytest.mark.parametrize("config", ["title: [\n", "exclude: x\n"])
def test_nothing_is_told_of_a_site_whose_configuration_cannot_be_read(config: str, find_all: FindAll) -> None:
    assert find_all(site(CARD, config, "2199-01-01-x.md")) == {}


def test_the_message_says_which_date_and_until_when(lint_all: LintAll) -> None:
    found = lint_all({"a.md": card(date="2199-01-01T10:00:00+02:00"), "2199-12-31-x.md": CARD})
    assert found["a.md"][0].message == (f"`date` is in the future: {LISTED} before 2199-01-01")
    assert found["2199-12-31-x.md"][0].message == (
        f"the date in the file's name is in the future: {LISTED} before 2199-12-31"
    )
    assert found["a.md"][0].help == "correct the date, or hide the card until then"


@pytest.mark.parametrize(("date", "hidden"), [("2026-01-15 13:30", True), ("2026-01-15 11:30", False)])
def test_the_time_of_a_date_in_quotes_counts(date: str, hidden: bool, find: Find) -> None:
    assert bool(find(card(date=f'"{date}"'))) is hidden


@pytest.mark.parametrize(
    ("date", "advice"),
    [
        ("2023-06-20T15:44:00Z", "rename the file to begin with `2023-06-20-`"),
        ("2198-12-31T15:44:00Z", "correct the date"),
    ],
)
def test_a_name_in_the_future_is_one_finding_that_says_what_the_name_should_be(
    date: str, advice: str, make_corpus: MakeCorpus
) -> None:
    make_corpus({"2199-01-01-x.md": card(publishedDateTime=date)})
    found = [each for each in every_linter().check("2199-01-01-x.md") if each.rule.code != "NC410"]
    assert [(each.rule.code, each.help) for each in found] == [
        ("NC203", f"{advice}, or hide the card until then")
    ]
