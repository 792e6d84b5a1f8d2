"""Values that are there: set in their style, taken out, or put into another order."""

from __future__ import annotations

from typing import Any

import pytest

from newscards.cards.values import Scalar
from newscards.edits.operations import Change, Operation, Remove, Reorder, SetValue
from newscards.errors import EditRefusedError
from tests.edits.test_apply import made
from tests.rules.cases import ENTRY, listing
from tests.support import card

SCALARS = [
    ('title: "a"', "b", 'title: "b"'),
    ("title: 'it''s'", "it's so", "title: 'it''s so'"),
    ("title: a", "b", "title: b"),
    ("title: a", "b: c", 'title: "b: c"'),
    ("title: a", "no", 'title: "no"'),
    ("title: 'a'", "b\n", 'title: "b\\n"'),
    (r'title: "a \u2028 b \x41 &#8217;"', "a \u2028 b A ’", r'title: "a \u2028 b \x41 ’"'),
    (r'title: "\u00e9 a\r b"', "é a b", r'title: "\u00e9 a b"'),
    ('title: " a"  # why', "a", 'title: "a"  # why'),
    ('title: "a\n  b"', "c", 'title: "c"'),
    ("title: |-\n  a", "b", 'title: "b"'),
    ('title: ! "a \\x41"  # why', "b A", 'title: "b \\x41"  # why'),
    ("title: ! 'a'", "b", "title: 'b'"),
    ("title: ! |-\n  a", "b", 'title: "b"'),
    ("title: !\n  a", "b", "title: b"),
    ("title: >\n  a\n  b", "b", 'title: "b"'),
    ('title: "a\\"b "', 'a"b', 'title: "a\\"b"'),
    ('title: "👪 "', "👪", 'title: "👪"'),
]


@pytest.mark.parametrize(("line", "value", "expected"), SCALARS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_keeps_its_quotes_and_its_escapes(line: str, value: str, expected: str, end: str) -> None:
    before, after = (f"---\n{each}\nheat: 1\n---\nbody".replace("\n", end) for each in (line, expected))
    assert made(before, Operation(("title",), SetValue(value))) == after


@pytest.mark.parametrize(
    ("line", "value", "expected"),
    [('"35"', 35, "35"), ("'no'", False, "false"), ("0o7", False, "false"), ('"a"  # b', True, "true  # b")],
)
def test_a_number_or_a_boolean_stands_without_quotes(line: str, value: Scalar, expected: str) -> None:
    assert made(f"---\nk: {line}\n---\n", Operation(("k",), SetValue(value))) == f"---\nk: {expected}\n---\n"


TOPICS = "---\ntopics:\n  - a\n  - b  # why\n\n  # of c\n  - c\nheat: 1\n---\n"


@pytest.mark.parametrize(
    ("index", "expected"),
    [
        (0, "---\ntopics:\n  - b  # why\n\n  # of c\n  - c\nheat: 1\n---\n"),
        (1, "---\ntopics:\n  - a\n\n  # of c\n  - c\nheat: 1\n---\n"),
        (2, "---\ntopics:\n  - a\n  - b  # why\n\n  # of c\nheat: 1\n---\n"),
    ],
)
def test_an_item_goes_with_its_line_alone(index: int, expected: str) -> None:
    assert (
        made(
            TOPICS,
            Operation(
                (
                    "topics",
                    index,
                ),
                Remove(),
            ),
        )
        == expected
    )


@pytest.mark.parametrize(("index", "expected"), [(0, "[b, c]"), (1, "[a, c]"), (2, "[a, b]")])
def test_an_item_goes_out_of_a_list_in_brackets(index: int, expected: str) -> None:
    assert (
        made(
            "---\ntopics: [a, b, c]\n---\n",
            Operation(
                (
                    "topics",
                    index,
                ),
                Remove(),
            ),
        )
        == f"---\ntopics: {expected}\n---\n"
    )


def test_an_entry_goes_with_all_its_lines() -> None:
    text = card(related=listing(ENTRY * 2 + ENTRY.replace("60", "50")))
    once = card(related=listing(ENTRY + ENTRY.replace("60", "50")))
    assert (
        made(
            text,
            Operation(
                (
                    "related",
                    1,
                ),
                Remove(),
            ),
        )
        == once
    )


def test_of_two_equal_keys_the_later_goes() -> None:
    assert made("---\na: 1\nb: 2\na: 1\n---\n", Operation(("a",), Remove())) == "---\na: 1\nb: 2\n---\n"


def test_entries_are_put_into_an_order_with_all_their_lines() -> None:
    first, second, third = (ENTRY.replace("60", str(number)) for number in (60, 70, 65))
    text, expected = (
        card(related=listing("".join(each))) for each in ((first, second, third), (second, third, first))
    )
    assert made(text, Operation(("related",), Reorder((1, 2, 0)))) == expected


@pytest.mark.parametrize(
    ("text", "change", "path"),
    [
        ("---\na: &x 1\nb: *x\n---\n", SetValue(2), ("a",)),
        ("---\na: &x 1\nb: *x\n---\n", SetValue(2), ("b",)),
        ("---\na: !!str x\n---\n", SetValue("y"), ("a",)),
        ("---\na: [1]\n---\n", SetValue(2), ("a",)),
        ("---\na: | # c\n  x\n---\n", SetValue("y"), ("a",)),
        ("---\na:\n  - 1\n---\n", Remove(), ("a", 0)),
        ("---\n{a: 1, a: 1}\n---\n", Remove(), ("a",)),
        ("---\na: [{q: 1}, {q: 2}]\n---\n", Reorder((1, 0)), ("a",)),
        ("---\na: 1\n---\n", Remove(), ("a",)),
        ("---\na: 1\n---\n", Remove(), ("b",)),
        ("---\na: []\n---\n", Reorder(()), ("a",)),
    ],
)  # fmt: skip
def test_what_cannot_be_done_safely_is_refused(text: str, change: Change, path: tuple[Any, ...]) -> None:
    with pytest.raises(EditRefusedError):
        made(text, Operation(path, change))


@pytest.mark.parametrize(
    ("text", "change", "path"),
    [
        ("---\na: [\n  A, # one\n  B]\n---\n", Remove(), ("a", 1)),
        ("---\na: [A,\n  B, # two\n  C]\n---\n", Remove(), ("a", 2)),
        ("---\na:\n  - q: 1\n  # about two\n  - q: 2\n---\n", Reorder((1, 0)), ("a",)),
    ],
)
def test_a_comment_is_not_lost_nor_does_it_speak_of_another_item(
    text: str, change: Change, path: tuple[Any, ...]
) -> None:
    with pytest.raises(EditRefusedError, match="comment"):
        made(text, Operation(path, change))


def test_joiners_and_escapes_between_two_changes_stay_as_they_are() -> None:
    before = '---\ntitle: "a&#8217;s 👨\u200d👩 caf\\u00e9 b&#8217;s"\n---\n'
    assert made(before, Operation(("title",), SetValue("a’s 👨\u200d👩 café b’s"))) == before.replace(
        "&#8217;", "’"
    )


def test_the_first_item_goes_as_any_other() -> None:
    assert made("---\na:\n- x\n- y\n---\n", Operation(("a", 0), Remove())) == "---\na:\n- y\n---\n"
    text = card(related=listing(ENTRY + ENTRY.replace("60", "50")))
    assert made(text, Operation(("related", 0), Remove())) == card(related=listing(ENTRY.replace("60", "50")))


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("{a: x}", "y", "{a: y}"),
        ("{a: x}", "y, z", '{a: "y, z"}'),
        ("{a: 'x'}", "y, z", "{a: 'y, z'}"),
        ("{a: , b: 1}", True, "{a: true, b: 1}"),
    ],
)
def test_a_value_in_braces_stays_one(before: str, value: Scalar, after: str) -> None:
    assert (
        made(f"---\nk: {before}\n---\n", Operation(("k", "a"), SetValue(value))) == f"---\nk: {after}\n---\n"
    )


def test_blank_lines_below_a_text_in_a_block_are_not_the_texts() -> None:
    text = "---\na:\n  - |\n    x\n\n  - y\nb: 1\n---\n"
    assert made(text, Operation(("a", 0), Remove())) == "---\na:\n\n  - y\nb: 1\n---\n"
    assert made(text, Operation(("a", 0), SetValue("z"))) == '---\na:\n  - "z"\n\n  - y\nb: 1\n---\n'
