from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, replaced, with_entry, with_lines
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card


def found(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC202", line, column, end_column, field, "warning")


FLAG = [(word, 12 + len(word)) for word in ("no", "No", "NO", "off", "Off", "OFF", "yes", "Yes", "on", "ON")]


@pytest.mark.parametrize(("word", "end_column"), FLAG)
def test_a_flag_in_another_word_is_found_on_it(word: str, end_column: int, find_all: FindAll) -> None:
    assert find_all({"a.md": card(published=word)}) == {"a.md": [found(11, 12, end_column, "published")]}


FAILS = [
    pytest.param(with_lines("removed: no # yet\n"), [found(12, 10, 12, "removed")], id="before-a-comment"),
    pytest.param(
        replaced("isCached: true", "isCached: yes"), [found(25, 15, 18, "images[0].isCached")], id="image"
    ),
    pytest.param(
        with_entry("width: 600", "isCached: on", before=2),
        [found(50, 19, 21, "related[2].images[0].isCached")],
        id="image-of-the-third-entry",
    ),
    pytest.param(
        with_lines("note: [true, {a: No}, off]\n"),
        [found(12, 18, 20, "note[1].a"), found(12, 23, 26, "note[2]")],
        id="flow",
    ),
    pytest.param(with_lines(f'note: ["{ODD}", no]\n'), [found(12, 19, 21, "note[1]")], id="odd-characters"),
    pytest.param(with_lines("note:\n  no\n"), [found(13, 3, 5, "note")], id="on-the-next-line"),
    pytest.param(with_lines("1: {true: no}\n"), [found(12, 11, 13, "1.true")], id="keys-that-are-no-texts"),
    pytest.param(with_lines("a: no\na: off\n"), [found(13, 4, 7, "a")], id="of-a-key-twice-the-last"),
    pytest.param(with_lines("a: &a no\nb: *a\n"), [found(12, 4, 9, "a")], id="not-the-alias"),
    pytest.param(with_lines("a: !!bool no\n"), [found(12, 4, 13, "a")], id="tag"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_another_word_is_found_wherever_it_stands(
    text: str, expected: list[Found], find_all: FindAll
) -> None:
    assert find_all({"a.md": text}) == {"a.md": expected}


PASSES = [
    *[pytest.param(card(published=word), id=word) for word in ("true", "false", "True", "FALSE", '"no"')],
    *[
        pytest.param(card(published=word), id=word)
        for word in ("'off'", "nO", "y", "n", "~", "", "0", "none")
    ],
    pytest.param(card(title="no", excerpt='"yes"').replace("title: no", "title: no, and yes"), id="text"),
    pytest.param(with_lines("note: |\n  no\n"), id="block-text"),
    pytest.param(with_lines("note: !!str no\n"), id="tagged-as-text"),
    pytest.param(with_lines("note: {no: 1, yes: 2}\n"), id="keys"),
    pytest.param(with_lines("note: on time\n# no\n"), id="first-word"),
    pytest.param(CARD + "published: no\n", id="body"),
    pytest.param(with_lines("a: &x true\nb: *x\n"), id="alias-of-another"),
    pytest.param(card(published="no").removesuffix("---\n"), id="unreadable"),
]


@pytest.mark.parametrize("text", PASSES)
def test_true_and_false_and_texts_are_fine(text: str, find_all: FindAll) -> None:
    assert find_all({"a.md": text}) == {}


@pytest.mark.parametrize(
    ("word", "right"), [("no", "false"), ("OFF", "false"), ("Yes", "true"), ("on", "true")]
)
def test_the_message_says_what_it_is_and_the_help_what_to_write(
    word: str, right: str, lint_all: LintAll
) -> None:
    (finding,) = lint_all({"a.md": card(published=word)})["a.md"]
    assert finding.message == f"`{word}` is `{right}` to some readers, and a text to others"
    assert finding.help == f"write `{right}`"


def test_the_first_of_very_many_are_found_in_order(lint_all: LintAll) -> None:
    (findings,) = lint_all({"a.md": with_lines("note:\n" + "  - no\n" * 5000)}).values()
    assert [finding.line for finding in findings] == list(range(13, 113))
    assert findings[-1].message.endswith("; and 4,900 more of NC202 in this card")


@pytest.mark.parametrize(
    "line", ["lang: no", "country: NO", "comments: yes", "answers: [yes, no, On]", "site: {lang: no}"]
)
def test_a_value_of_a_key_that_is_no_boolean_is_never_rewritten(line: str, lint_all: LintAll) -> None:
    findings = [
        each for each in lint_all({"a.md": with_lines(f"{line}\n")})["a.md"] if each.rule.code == "NC202"
    ]
    assert [finding.fix for finding in findings] == [None] * (3 if "[" in line else 1)
    assert all('"` if a text is meant' in finding.help for finding in findings)
