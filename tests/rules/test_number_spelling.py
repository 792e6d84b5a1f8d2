from __future__ import annotations

import json

import pytest

from tests.conftest import MakeCorpus, Run
from tests.rules.cases import Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card

FAILS = [
    pytest.param(card(quality="0104"), Found("NC417", 9, 10, 14, "quality", "warning"), id="octal"),
    pytest.param(card(quality="1:40"), Found("NC417", 9, 10, 14, "quality", "warning"), id="sexagesimal"),
    pytest.param(card(heat="1_000"), Found("NC417", 10, 7, 12, "heat", "warning"), id="underscores"),
    pytest.param(card(heat="0x64"), Found("NC417", 10, 7, 11, "heat", "warning"), id="hexadecimal"),
    pytest.param(card(heat="+67"), Found("NC417", 10, 7, 10, "heat", "warning"), id="plus"),
    pytest.param(replaced("width: 1200", "width: 01200"),
                 Found("NC417", 23, 12, 17, "images[0].width", "warning"), id="image"),
    pytest.param(with_entry("quality: 60", "quality: 060"),
                 Found("NC417", 21, 14, 17, "related[0].quality", "warning"), id="entry"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_number_that_is_read_as_another_is_found(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [CARD, card(heat="-1"), card(heat="0"), card(quality='"0104"'), card(title="0104"), card(quality="08"),
     card(quality="1.5"), card(author="0104"), card(quality="!!int 0104")],
)  # fmt: skip
def test_plain_numbers_texts_and_other_fields_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_the_message_says_what_is_read_and_the_help_what_is_meant(lint: Lint) -> None:
    (finding,) = lint(card(quality="0104"))
    assert (finding.message, finding.help) == (
        "`0104` is read as 68",
        "write `68`, or `104` if that is meant",
    )


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("1:40", "`1:40` is 6000 to Debian's Jekyll and 100.0 to Jekyll as GitHub Pages runs it"),
        ("1__0", "`1__0` is a text to Debian's Jekyll and 10 to Jekyll as GitHub Pages runs it"),
        ("1:1:1:1", "`1:1:1:1` is a text to Debian's Jekyll and 219661.0 to Jekyll as GitHub Pages runs it"),
        ("-0104", "`-0104` is -68 to Debian's Jekyll and a text to Jekyll as GitHub Pages runs it"),
    ],
)
def test_a_number_that_no_two_readers_agree_on_has_the_reading_of_each(
    number: str, message: str, lint: Lint
) -> None:
    found = next(each for each in lint(card(quality=number)) if each.rule.code == "NC417")
    assert (found.message, found.help) == (message, "write it in plain decimal digits")


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("007", "`007` is read as 7"),
        ("0x1F", "`0x1F` is read as 31"),
        ("1:30", "`1:30` is 5400 to Debian's Jekyll and 90.0 to Jekyll as GitHub Pages runs it"),
        ("1:30.5", "`1:30.5` is 5430.0 to Debian's Jekyll and 90.5 to Jekyll as GitHub Pages runs it"),
        (".nan", "`.nan` is not a number"),
        ("-.inf", "`-.inf` is infinite"),
    ],
)
def test_a_declared_number_is_checked_as_a_built_in_one(
    number: str, message: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"newscards.toml": '[fields.score]\ntype = "number"\n', "a.md": card(score=number)})
    found = json.loads(run("validate", "--format", "json").out)["findings"]
    assert [(each["code"], each["field"], each["message"]) for each in found] == [("NC417", "score", message)]


@pytest.mark.parametrize("number", ["4.5", "-0.5", ".5", "7", "1.5e+3", "1,5", '"007"'])
def test_a_plain_fraction_is_fine(number: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"newscards.toml": '[fields.score]\ntype = "number"\n', "a.md": card(score=number)})
    assert "NC417" not in run("validate", "--format", "concise").out


def test_the_help_for_a_declared_number_keeps_its_fraction(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"newscards.toml": '[fields.score]\ntype = "number"\n', "a.md": card(score="1,5")})
    assert "write `1.5`\n" in run("validate").out
