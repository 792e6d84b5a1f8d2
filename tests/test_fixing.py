"""Fixes as bytes: exactly what was asked for changes, or the fix is refused."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.blocks import read_whole
from newscards.errors import EditRefusedError
from newscards.fences import UnreadableError, find_fences
from newscards.fixes import Change, Remove, Reorder, SetValue, StripBefore
from newscards.fixing import fixed
from tests.rules.cases import ENTRY, listing
from tests.support import CARD, card
from tests.test_lint import mutated_cards


def made(text: str, change: Change, *path: Any) -> str:
    return fixed(text.encode(), change, path).decode()


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
    ("title: >\n  a\n  b", "b", 'title: "b"'),
    ('title: "a\\"b "', 'a"b', 'title: "a\\"b"'),
    ('title: "👪 "', "👪", 'title: "👪"'),
]


@pytest.mark.parametrize(("line", "value", "expected"), SCALARS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_text_keeps_its_quotes_and_its_escapes(line: str, value: str, expected: str, end: str) -> None:
    before, after = (f"---\n{each}\nheat: 1\n---\nbody".replace("\n", end) for each in (line, expected))
    assert made(before, SetValue(value), "title") == after


@pytest.mark.parametrize(
    ("line", "value", "expected"),
    [('"35"', 35, "35"), ("'no'", False, "false"), ("no", False, "false"), ('"a"  # b', True, "true  # b")],
)
def test_a_number_or_a_boolean_stands_without_quotes(line: str, value: object, expected: str) -> None:
    assert made(f"---\nk: {line}\n---\n", SetValue(value), "k") == f"---\nk: {expected}\n---\n"  # type: ignore[arg-type]


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
    assert made(TOPICS, Remove(), "topics", index) == expected


@pytest.mark.parametrize(("index", "expected"), [(0, "[b, c]"), (1, "[a, c]"), (2, "[a, b]")])
def test_an_item_goes_out_of_a_list_in_brackets(index: int, expected: str) -> None:
    assert (
        made("---\ntopics: [a, b, c]\n---\n", Remove(), "topics", index) == f"---\ntopics: {expected}\n---\n"
    )


def test_an_entry_goes_with_all_its_lines() -> None:
    text = card(related=listing(ENTRY * 2 + ENTRY.replace("60", "50")))
    once = card(related=listing(ENTRY + ENTRY.replace("60", "50")))
    assert made(text, Remove(), "related", 1) == once


def test_of_two_equal_keys_the_later_goes() -> None:
    assert made("---\na: 1\nb: 2\na: 1\n---\n", Remove(), "a") == "---\na: 1\nb: 2\n---\n"


def test_entries_are_put_into_an_order_with_all_their_lines() -> None:
    first, second, third = (ENTRY.replace("60", str(number)) for number in (60, 70, 65))
    text, expected = (
        card(related=listing("".join(each))) for each in ((first, second, third), (second, third, first))
    )
    assert made(text, Reorder((1, 2, 0)), "related") == expected


@pytest.mark.parametrize("before", ["\ufeff", "\n", "\ufeff\r\n\n"])
def test_what_stands_before_the_fence_goes(before: str) -> None:
    assert made(before + CARD, StripBefore()) == CARD


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
        ("---\na: 1\n", SetValue(2), ("a",)),
        ("", StripBefore(), ()),
    ],
)  # fmt: skip
def test_what_cannot_be_done_safely_is_refused(text: str, change: Change, path: tuple[Any, ...]) -> None:
    with pytest.raises(EditRefusedError):
        made(text, change, *path)


@given(
    source=mutated_cards(), value=st.text(max_size=12) | st.booleans() | st.integers(-9, 9), data=st.data()
)
@settings(deadline=None, derandomize=True, max_examples=150)
def test_of_any_card_exactly_the_value_changes_or_the_fix_is_refused(
    source: bytes, value: str | bool | int, data: st.DataObject
) -> None:
    try:
        before = read_whole(find_fences(source)).values
    except UnreadableError:
        return
    name = data.draw(st.sampled_from(list(before) or ["title"]))
    try:
        after = fixed(source, SetValue(value), (name,))
    except (EditRefusedError, UnicodeEncodeError):
        return
    expected = copy.deepcopy(before)
    expected[name] = value
    assert repr(read_whole(find_fences(after)).values) == repr(expected)
    assert after.endswith(source[find_fences(source).end :])


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
        made(text, change, *path)


def test_joiners_and_escapes_between_two_changes_stay_as_they_are() -> None:
    before = '---\ntitle: "a&#8217;s 👨\u200d👩 caf\\u00e9 b&#8217;s"\n---\n'
    assert made(before, SetValue("a’s 👨\u200d👩 café b’s"), "title") == before.replace("&#8217;", "’")
