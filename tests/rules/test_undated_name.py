from __future__ import annotations

import pytest

from tests.rules.cases import Found
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

FOUND = [Found("NC618", 1, 1, 1, severity="warning")]
DATED = {f"2023-06-{day:02}-wells.md": CARD for day in range(1, 29)}


@pytest.mark.parametrize(
    "name",
    [
        "tide-gauges.md", "tide-2023-06-20.md", "2023-06-20.md", "2023-06-20_wells.md", "20230620-wells.md",
        "23-06-20-wells.md", "2023-6-20-wells.md", "12023-06-20-wells.md", "２０２３-06-20-wells.md",
        "old/wells.md", "2023-06-20/wells.md", "wells", "-2023-06-20-wells.md",
    ],
)  # fmt: skip
def test_a_name_without_a_date_is_found_among_names_with_dates(name: str, find_all: FindAll) -> None:
    assert find_all(DATED | {name: CARD}) == {name: FOUND}


@pytest.mark.parametrize(
    "name", ["2023-06-20-gauges.md", "2020-13-45-gauges.md", "old/2023-06-20-x.md", "2023-06-20-"]
)
def test_a_name_with_a_date_is_fine(name: str, find_all: FindAll) -> None:
    assert find_all(DATED | {name: CARD}) == {}


def test_the_name_of_a_page_bundle_is_its_folders(lint_all: LintAll) -> None:
    assert lint_all(DATED | {"2023-06-20-gauges/index.md": CARD}).keys() == set()
    (finding,) = lint_all(DATED | {"gauges/index.md": CARD})["gauges/index.md"]
    assert finding.message == "the folder's name does not begin with a date such as `2023-06-20-`"
    assert finding.help == "rename it to `2023-06-20-gauges`"


def test_names_without_dates_are_fine_where_they_are_usual(find_all: FindAll) -> None:
    assert find_all({"gauges.md": CARD, "wells.md": CARD}) == {}
    assert find_all(DATED | {"gauges.md": CARD, "wells.md": CARD, "ports.md": CARD}) == {}
    assert find_all({"a.md": CARD}) == {}


def test_the_only_card_of_a_site_should_have_a_date(find_all: FindAll) -> None:
    assert find_all({"_news/gauges.md": CARD}) == {"_news/gauges.md": FOUND}


def test_two_sites_are_two_corpora(find_all: FindAll) -> None:
    dated = {f"one/_news/{name}": text for name, text in DATED.items()}
    assert find_all(dated | {"two/_news/gauges.md": CARD, "two/_news/wells.md": CARD}) == {}


ADVICE = [
    ("gauges.md", CARD, "rename it to `2023-06-20-gauges.md`"),
    ("old/gauges.markdown", CARD, "rename it to `2023-06-20-gauges.markdown`"),
    ("2023-gauges.md", CARD, "rename the file"),
    ("gauges.md", card(publishedDateTime="soon"), "rename the file"),
    ("gauges.md", card(publishedDateTime="2023-06-20T23:44:00-02:00"), "rename it to `2023-06-21-gauges.md`"),
]


@pytest.mark.parametrize(("name", "text", "advice"), ADVICE)
def test_the_help_says_the_new_name(name: str, text: str, advice: str, lint_all: LintAll) -> None:
    (finding,) = lint_all(DATED | {name: text})[name]
    assert finding.message == "the file's name does not begin with a date such as `2023-06-20-`"
    assert finding.help == advice
