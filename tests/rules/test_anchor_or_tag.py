from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, with_entry, with_lines
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card


def found(line: int, column: int, end_column: int, field: str, end_line: int = 0) -> Found:
    return Found("NC109", line, column, end_column, field, end_line=end_line)


FAILS = [
    pytest.param(card(title="&tides are high"), [found(3, 8, 23, "title")], id="anchor-by-accident"),
    pytest.param(card(quality="&q 67"), [found(9, 10, 15, "quality")], id="anchor"),
    pytest.param(card(title='!!str "x"'), [found(3, 8, 17, "title")], id="tag"),
    pytest.param(card(title="! Gauges"), [found(3, 8, 16, "title")], id="a-mark-by-accident"),
    pytest.param(card(excerpt='! ":-)"'), [found(4, 10, 17, "excerpt")], id="a-symbol-to-psych"),
    pytest.param(card(quality="! 1:40"), [found(9, 10, 16, "quality")], id="a-number-that-readers-differ-on"),
    pytest.param(card(title='&t ! "x"'), [found(3, 8, 16, "title")], id="tag-without-a-name-and-anchor"),
    pytest.param(card(quality="&q !!int 67"), [found(9, 10, 21, "quality")], id="both"),
    pytest.param(with_lines("a: &x 1\nb: *x\n"), [found(12, 4, 8, "a"), found(13, 4, 6, "b")], id="alias"),
    pytest.param(
        with_lines(f'a: ["{ODD}", &x 1, *x]\n'),
        [found(12, 16, 20, "a[1]"), found(12, 22, 24, "a[2]")],
        id="flow-behind-odd-characters",
    ),
    pytest.param(with_lines("&k a: 1\n"), [found(12, 1, 5, "a")], id="anchor-of-a-key"),
    pytest.param(with_lines("!!str a: 1\n"), [found(12, 1, 8, "a")], id="tag-of-a-key"),
    pytest.param(with_lines("a: &m {b: 1}\n"), [found(12, 4, 13, "a")], id="mapping"),
    pytest.param(with_lines("a:\n  - &m\n    b: 1\n"), [found(13, 5, 9, "a[0]", 14)], id="block-mapping"),
    pytest.param(
        with_lines("a: &m {b: 1}\nc:\n  <<: *m\n"),
        [found(12, 4, 13, "a"), found(14, 7, 9, "c.<<")],
        id="merge",
    ),
    pytest.param(
        with_entry('"A second look."', "&e x", before=2),
        [found(40, 14, 18, "related[2].excerpt")],
        id="entry",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_an_anchor_an_alias_or_a_tag_is_found_on_the_value_or_the_key(
    text: str, expected: list[Found], find_all: FindAll
) -> None:
    assert find_all({"a.md": text}) == {"a.md": expected}


PASSES = [
    pytest.param(CARD, id="none"),
    *[
        pytest.param(with_lines(f"a: {value}\n"), id=value)
        for value in ('! "x"', "! 'x'", "! 12", "! '12'", '! ""', "! true", "! [a]", "! {a: b}", "! |\n  x")
    ],
    pytest.param(card(title='"&a *b !c"', excerpt="'*x'"), id="quoted"),
    pytest.param(card(title="Tides & gauges * ports !important", excerpt="a &x *y !z"), id="within"),
    pytest.param(card(title="&amp; more").replace("title: &amp; more", 'title: "&amp; more"'), id="entity"),
    pytest.param(with_lines("note: |\n  &a x\n  *a\n  !b\n"), id="block-text"),
    pytest.param(with_lines("# &a *a !b\n"), id="comment"),
    pytest.param(with_lines('note: "first\n  &a *a !b"\n'), id="second-line"),
    pytest.param(CARD + "&a *a !b\n", id="body"),
    pytest.param(card(title="*gone"), id="an-alias-of-nothing-has-a-rule"),
    pytest.param(card(title="*bold*"), id="an-asterisk-by-accident-has-a-rule"),
    pytest.param(card(title="&a x").removesuffix("---\n"), id="unreadable"),
]


@pytest.mark.parametrize("text", PASSES)
def test_a_value_that_is_written_out_is_fine(text: str, find_all: FindAll) -> None:
    assert find_all({"a.md": text}) == {}


MESSAGES = [
    (card(title="&tides are high"), "an anchor, `&tides`"),
    (card(title='!!str "x"'), "a tag, `!!str`"),
    (card(title="! x"), "a tag, `!`"),
    (card(quality="&q !!int 67"), "an anchor, `&q`"),
]


@pytest.mark.parametrize(("text", "message"), MESSAGES)
def test_the_message_says_which_it_is_and_its_name(text: str, message: str, lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": text})["a.md"]
    assert finding.message == message
    assert finding.help == "write the value out, in double quotes where it is text"


def test_the_message_of_an_alias_names_it(lint_all: LintAll) -> None:
    _, finding = lint_all({"a.md": with_lines("a: &x 1\nb: *x\n")})["a.md"]
    assert finding.message == "an alias, `*x`"


def test_the_message_is_short_for_a_long_name(lint_all: LintAll) -> None:
    (finding,) = lint_all({"a.md": card(quality=f"&{'x' * 5000} 67")})["a.md"]
    assert len(finding.message) < 200


def test_the_first_of_very_many_are_found_in_order(lint_all: LintAll) -> None:
    lines = "".join(f"  - &x{number} 1\n" for number in range(300))
    (findings,) = lint_all({"a.md": with_lines(f"a:\n{lines}")}).values()
    assert [finding.line for finding in findings] == list(range(13, 113))
    assert findings[-1].message == "an anchor, `&x99`; and 200 more of NC109 in this card"
