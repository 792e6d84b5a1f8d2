"""SQLite's errors, as messages for the user."""

from __future__ import annotations

import re

import pytest

from tests.conftest import MakeCorpus, Run
from tests.support import CARD


@pytest.mark.parametrize("sign", ["", "-", "- "])
@pytest.mark.parametrize("digits", ["0x8000000000000000a", "0x7fffffffffffffffff", "0X10000000000000000"])
def test_a_hexadecimal_number_that_does_not_fit_is_marked(
    sign: str, digits: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"a.md": CARD})
    for args in (["query", f"select 1, {sign}{digits}"], ["list", "--where", f"quality > {sign}{digits}"]):
        result = run(*args)
        assert (result.code, result.out) == (2, "")
        lines = result.err.splitlines()
        assert lines[0] == "error: this hexadecimal number does not fit into 64 bits"
        assert lines[1].endswith(digits)
        assert lines[2].endswith(" " + "^" * len(digits))
        assert lines[3] == "hint: write it in decimal digits"


@pytest.mark.parametrize("number", ["99999999999999999999", "1e400", "'x'"])
@pytest.mark.parametrize("clause", ["limit", "limit 1 offset"])
def test_a_limit_that_is_no_whole_number_is_marked(
    number: str, clause: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"a.md": CARD})
    result = run("query", f"select 1 {clause} {number}")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: LIMIT and OFFSET take a whole number of up to 64 bits\n")
    assert "^^^^^" in result.err


@pytest.mark.parametrize(
    ("sql", "marked"),
    [
        (
            "select related.provider_name from cards join related using (path) where provider_name = 'T'",
            "bare",
        ),
        ("select related.title provider_name from cards join related where provider_name = 'T'", "last"),
        ("select 1 as provider_name from cards join related where provider_name = 'T'", "last"),
        ("select provider_name, related.provider_name from cards join related", "first"),
        ("select title as titel, cards.titel from cards", "last"),
        ("select titel, cards.path from cards", "first"),
    ],
)
def test_a_name_is_marked_where_it_is_wrong(sql: str, marked: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD})
    result = run("query", sql)
    assert (result.code, result.out) == (2, "")
    _, shown, carets, _ = result.err.split("\n", 3)
    start = carets.index("^")
    name = shown[start : carets.rindex("^") + 1]
    assert name in ("provider_name", "titel")
    places = [match.start() for match in re.finditer(name, shown)]
    assert start == places[{"bare": 1, "first": 0, "last": -1}[marked]]
