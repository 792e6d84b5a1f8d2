from __future__ import annotations

import pytest

from newscards.edits.operations import SetValue
from newscards.lint.findings import Fix
from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def garbled(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC504", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(card(topics='\n  - "HÃ¤fen"'), [garbled(18, 7, 9, "topics[0]")], id="topic"),
    pytest.param(card(title='"The tideâ€™s turn"'), [garbled(3, 17, 20, "title")], id="title"),
    pytest.param(
        card(title='"2019\\u00962021"'), [garbled(3, 13, 19, "title")], id="windows-1252-as-latin-1"
    ),
    pytest.param(card(excerpt='"HÃ¤fen"'), [garbled(4, 12, 14, "excerpt")], id="excerpt"),
    pytest.param(
        card(title='"â€œEbbâ€\\x9d"', excerpt='"Ã©"'),
        [garbled(3, 9, 21, "title"), garbled(4, 11, 13, "excerpt")],
        id="both",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_garbled_letters_are_found_on_the_text_once(text: str, expected: list[Found], find: Find) -> None:
    assert sorted(find(text)) == sorted(expected)


@pytest.mark.parametrize(
    "text", ["“A CHEGADA DA MANH\xc3”", "Été – « naïveté »", "“Häfen”—heute", "Hà Nội", "�"]
)
def test_letters_and_quotes_that_are_meant_are_fine(text: str, find: Find) -> None:
    assert find(card(title=f'"Ebb {text}"', excerpt=f'"{text}"')) == []


def test_the_texts_of_entries_are_checked_too(find: Find) -> None:
    assert [found.field for found in find(with_entry("A second look.", "The tideâ€™s turn"))] == [
        "related[0].excerpt"
    ]


def test_the_name_of_a_provider_is_a_text(find: Find) -> None:
    found = find(card(provider="\n  name: The tideâ€™s turn\n  domain: tide.example"))
    assert [each.field for each in found] == ["provider.name"]


@pytest.mark.parametrize("value", ["5", "[Ã©]", "null"])
def test_what_is_no_text_is_told_by_wrong_type_alone(value: str, find: Find) -> None:
    assert [found.code for found in find(card(excerpt=value))] == ["NC302"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("The tideâ€™s turn", "`tideâ€™s` is meant to be `tide’s`"),
        ("HÃ¤fen", "`HÃ¤fen` is meant to be `Häfen`"),
        ("é, Ã©", "`Ã©` is meant to be `é`"),
        ("2019\\u00962021", "`2019\\x962021` is meant to be `2019–2021`"),
        ("The tide\\x92s turn", "`tide\\x92s` is meant to be `tide’s`"),
        ("ï»¿The tide", "`ï»¿The` is meant to be `The`"),
        ("a\\x81b", "`a\\x81b` is meant to be `ab`"),
        ("ebb \\x81", "`\\x81` stands for the invisible U+0081 CONTROL CHARACTER"),
        ("ï»¿ The tide", "`ï»¿` stands for the invisible U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("Ã©" * 1000, "`" + "Ã©" * 20 + "` is meant to be `" + "é" * 40 + "`"),
    ],
)
def test_the_message_shows_the_first_word_and_what_it_is_meant_to_be(
    text: str, shown: str, lint: Lint
) -> None:
    (finding,) = lint(card(excerpt=f'"{text}"'))
    assert finding.message == f"`excerpt` is garbled: {shown}"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("2019\\u00962021", "2019–2021"),
        ("It\\u0092s the harbour master\\x92s tide", "It’s the harbour master’s tide"),
        ("ï»¿The tide", "The tide"),
        ("â€œEbbâ€\\x9d \\x96 flow", "“Ebb” – flow"),
        ("a\\x81b", "ab"),
        ("â\\x80\\x99", "’"),
    ],
)
def test_the_fix_writes_what_is_meant(text: str, clean: str, lint: Lint) -> None:
    (finding,) = [each for each in lint(card(excerpt=f'"{text}"')) if each.rule.code == "NC504"]
    assert finding.fix == Fix("clean `excerpt`", SetValue(clean))
