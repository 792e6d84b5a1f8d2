from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def entity(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC501", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(card(topics="\n  - Ports &amp; wells"), [entity(18, 11, 16, "topics[0]")], id="topic"),
    pytest.param(card(title="The tide&#8217;s turn"), [entity(3, 16, 23, "title")], id="decimal"),
    pytest.param(card(title='"The tide&#x2019;s turn"'), [entity(3, 17, 25, "title")], id="hexadecimal"),
    pytest.param(card(title='"R&amp;D"'), [entity(3, 10, 15, "title")], id="name"),
    pytest.param(card(excerpt='"&lt;b&gt;"'), [entity(4, 11, 15, "excerpt")], id="several-once"),
    pytest.param(card(excerpt="|\n  Ebb\n  &amp; flow"), [entity(6, 3, 8, "excerpt")], id="block"),
    pytest.param(
        card(title='"&amp;"', excerpt='"&amp;"'),
        [entity(3, 9, 14, "title"), entity(4, 11, 16, "excerpt")],
        id="title-and-excerpt",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_an_entity_is_found_on_the_text_once(text: str, expected: list[Found], find: Find) -> None:
    assert find(text) == expected


PASSES = ["R&D", "AT&T; more", "a & b;", "?a=1&copy=2", "&notaname;", "&#;", "&#x;", "& amp;", "&amp", "’"]


@pytest.mark.parametrize("text", PASSES)
def test_an_ampersand_is_fine(text: str, find: Find) -> None:
    assert find(card(title=f'"{text}"', excerpt=f'"{text}"')) == []


def test_title_and_excerpt_are_checked_in_the_card_and_in_its_entries(find: Find) -> None:
    for text, name in (("A second look.", "excerpt"), ("Gauges of the north", "title")):
        (found,) = find(with_entry(text, "Ebb &amp; flow"))
        assert (found.code, found.field) == ("NC501", f"related[0].{name}")
    assert find(card(webUrl="https://www.tide.example/?a&amp;b")) == []


@pytest.mark.parametrize("value", ["5", "[&a amp]", "null", "{a: b}"])
def test_what_is_no_text_is_told_by_others_alone(value: str, find: Find) -> None:
    assert "NC501" not in {found.code for found in find(card(title=value))}


@pytest.mark.parametrize(
    ("text", "message", "advice"),
    [
        ("a &amp; b", "`excerpt` has the HTML entity `&amp;`", "write `&`"),
        ("&#8220;a&#8221;&#33;", "`excerpt` has the HTML entity `&#8220;` and 2 more", "write `“`"),
        ("a&nbsp;b", "`excerpt` has the HTML entity `&nbsp;`", "write the character itself"),
        (
            "a&#8203;b",
            "`excerpt` has the HTML entity `&#8203;`",
            "remove it: U+200B ZERO WIDTH SPACE cannot be seen",
        ),
        (
            "a&#65279;b",
            "`excerpt` has the HTML entity `&#65279;`",
            "remove it: U+FEFF ZERO WIDTH NO-BREAK SPACE cannot be seen",
        ),
        (
            "a&#129;b",
            "`excerpt` has the HTML entity `&#129;`",
            "remove it: U+0081 CONTROL CHARACTER cannot be seen",
        ),
        ("2019&#150;2021", "`excerpt` has the HTML entity `&#150;`", "write `–`"),
    ],
)
def test_the_message_names_the_first_and_how_many(text: str, message: str, advice: str, lint: Lint) -> None:
    (finding,) = lint(card(excerpt=f'"{text}"'))
    assert (finding.message, finding.help) == (message, advice)
