from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card

FAILS = [
    pytest.param(' Tide"', 9, 10, id="begins"),
    pytest.param('Tide "', 13, 14, id="ends"),
    pytest.param('  Tide\t"', 9, 11, id="both"),
    pytest.param('\\xa0Tide"', 9, 13, id="no-break-space"),
    pytest.param('Tide\u3000"', 13, 14, id="ideographic-space"),
    pytest.param('Tide\\n"', 13, 15, id="line-end"),
]


@pytest.mark.parametrize(("title", "column", "end_column"), FAILS)
def test_a_title_with_blanks_around_it_is_found_at_the_first(
    title: str, column: int, end_column: int, find: Find
) -> None:
    assert find(card(title=f'"{title}')) == [Found("NC502", 3, column, end_column, "title", "warning")]


def test_a_block_scalar_ends_with_its_line_end(find: Find) -> None:
    assert find(card(title="|\n  Tide")) == [Found("NC502", 4, 7, 1, "title", "warning", 5)]
    assert find(card(title="|-\n  Tide")) == []


PASSES = [
    pytest.param(card(title='"Ebb  and\u00a0flow"'), id="blanks-inside"),
    pytest.param(card(title="   Tide   "), id="blanks-that-yaml-takes-away"),
    pytest.param(card(excerpt='" Tide "'), id="excerpt"),
    pytest.param(with_entry('"A second look."', '" Tide "'), id="excerpt-of-an-entry"),
    pytest.param(card(images='\n  - url: "https://x.example/y.jpg"\n    title: " Tide "'), id="image"),
]


def test_the_titles_of_entries_and_the_names_of_providers_are_checked_too(find: Find) -> None:
    entry = with_entry('"Gauges of the north"', '" Tide "').replace("name: Tide", 'name: "Tide "')
    assert [found.field for found in find(entry)] == [
        "related[0].title", "related[0].provider.name", "provider.name"
    ]  # fmt: skip


@pytest.mark.parametrize("text", PASSES)
def test_blanks_elsewhere_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("title", "code"), [('"  "', "NC404"), ('""', "NC404"), ("5", "NC302"), ("[ a ]", "NC302")]
)
def test_an_empty_title_and_what_is_no_text_are_told_by_others_alone(
    title: str, code: str, find: Find
) -> None:
    assert [found.code for found in find(card(title=title))] == [code]


@pytest.mark.parametrize(("title", "where"), [(" a", "begins"), ("a ", "ends"), (" a ", "begins and ends")])
def test_the_message_says_where(title: str, where: str, lint: Lint) -> None:
    (finding,) = lint(card(title=f'"{title}"'))
    assert finding.message == f"`title` {where} with a blank"
