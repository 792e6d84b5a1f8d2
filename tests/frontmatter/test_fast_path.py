"""What is read without PyYAML is what PyYAML reads; and most of what cards are made of is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.frontmatter import fast_path
from newscards.frontmatter.blocks import read_whole
from newscards.frontmatter.fast_path import DEPTH, read_simple, read_simple_card
from newscards.frontmatter.fences import FrontMatter, UnreadableError
from newscards.frontmatter.limits import LIMITS
from tests.support.yaml_strategies import form_of

SIMPLE: dict[str, Any] = {
    'a: "x y"': {"a": "x y"},
    'a: ""': {"a": ""},
    "a:": {"a": None},
    "a: 12": {"a": 12},
    "a: -1": {"a": -1},
    "a: true": {"a": True},
    "a: false   ": {"a": False},
    "a: True": {"a": True},
    "a: FALSE": {"a": False},
    "a: null": {"a": None},
    "- ~": [None],
    "a: 'x'": {"a": "x"},
    "a: 'it''s \"x\" # y: \\n'": {"a": 'it\'s "x" # y: \\n'},
    "a: ''": {"a": ""},
    "a: plain words, and: no, a#b": None,
    "a: plain words, a#b c:d e": {"a": "plain words, a#b c:d e"},
    "a: https://x.example/y?z=1#w": {"a": "https://x.example/y?z=1#w"},
    "a: 2023-06-20T15:44:00Z": {"a": datetime(2023, 6, 20, 15, 44, tzinfo=UTC)},
    'a: "\\"q\\" \\\\ \\n \\u2028 é 😀"': {"a": '"q" \\ \n \u2028 é 😀'},
    "a:\n  b: 1\n  c:\n    - d\n    - e": {"a": {"b": 1, "c": ["d", "e"]}},
    "a:\n- b\n- c\nd: 1": {"a": ["b", "c"], "d": 1},
    "a:\n  - b: 1\n    c: 2\n\n  - b: 3\n": {"a": [{"b": 1, "c": 2}, {"b": 3}]},
    "- a: 1\n  b:\n  - c\n": [{"a": 1, "b": ["c"]}],
}
"""Texts, and what is read in them directly."""

NOT_SIMPLE = [
    "a: yes",
    "a: No",
    "a: nUll",
    "a: tRUE",
    "a: y",
    "a: ~x",
    "a: 'x",
    "a: 'x'y'",
    "a: 'x''",
    "null: x",
    "'a': b",
    "a: 007",
    "a: 1_0",
    "a: 1.5",
    "a: 0x1",
    "a: 1:20",
    "a: .inf",
    "a: 3M",
    "a: +1",
    "a: 2023-06-20",
    "a: 2023-13-45T00:00:00Z",
    "a: 2023-06-20T24:00:00Z",
    "a: 2023-06-20 15:44:00Z",
    "a: x # c",
    "# c",
    "a: [b]",
    "a: {b: c}",
    "a: |\n  b",
    "a: >",
    "a: &x b",
    "a: *x",
    "a: !t x",
    "<<: b",
    'a: "<<"',
    '"a": b',
    "yes: 1",
    "y: 1",
    "null: 1",
    "1: b",
    "a : b",
    "a: b: c",
    "a: x:",
    'a: "b" c',
    'a: "b',
    'a: "b"c: d"',
    r'a: "\x41"',
    r'a: "\ud800"',
    r'a: "\ud83d\ude00"',
    r'a: "\/"',
    "a:\tb",
    "a: b\tc",
    'a: "b\tc"',
    "a: 1\na: 2",
    "a: 1\n  b: 2",
    "a: 1\n b: 2",
    "- a\nb: 1",
    "a:\n  - b\n c: 1",
    "a:\n    b: 1\n  c: 2",
    " a: 1",
    "a: 1\n- b",
    "- ",
    "-",
    "- - a",
    "?",
    "a: -",
    "a: @",
    "a: %",
    "a: `",
    "...",
    "---",
    "a: =",
    "text",
    '"text"',
    "",
    "\n\n",
    "a: b\n  c",
    'a: "b\n  c"',
]
"""Texts of which nothing is read directly, some of them no YAML at all."""


def reading(text: str) -> Any:
    """Return what PyYAML reads, as ``form_of`` it, with whether it is irregular; or that it reads nothing."""
    source = text.encode()
    try:
        fields = read_whole(FrontMatter(source, 0, len(source), len(source), b""))
    except UnreadableError:
        return None
    return form_of(fields.values), bool(fields.irregular)


@pytest.mark.parametrize("text", SIMPLE)
def test_simple_yaml_is_read_directly(text: str) -> None:
    read = read_simple(text.encode())
    assert (read and read.value) == SIMPLE[text]
    if read and isinstance(read.value, dict):
        assert (form_of(read.value), False) == reading(text)


@pytest.mark.parametrize("text", NOT_SIMPLE)
def test_other_yaml_is_left_to_pyyaml(text: str) -> None:
    assert read_simple(text.encode()) is None


@pytest.mark.parametrize(
    "character", ["\r", "\x07", "\x7f", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "\t"]
)
def test_a_text_with_a_character_that_yaml_minds_is_left_to_pyyaml(character: str) -> None:
    assert read_simple(f'a: "x{character}y"\n'.encode()) is None
    assert read_simple(f"a: x{character}y\n".encode()) is None


def test_what_is_not_utf8_is_left_to_pyyaml() -> None:
    assert read_simple(b'a: "\xff"\n') is None
    assert read_simple(b'a: "\xed\xa0\x80"\n') is None


def test_deep_collections_are_left_to_pyyaml() -> None:
    def nested(depth: int) -> bytes:
        return (
            "".join(f"{'  ' * level}a:\n" for level in range(depth - 1)).encode()
            + b"  " * (depth - 1)
            + b"a: 1"
        )

    assert read_simple(nested(DEPTH)) is not None
    assert read_simple(nested(DEPTH + 1)) is None


def test_an_entry_that_stands_in_two_cards_is_one_object() -> None:
    block = b'title: "%d"\nrelated:\n  - title: "a"\n    quality: 1\n  - title: "b"\n\nsecured: "x"\n'
    one, two = (read_simple_card(block % number, LIMITS) for number in (1, 2))
    assert one is not None
    assert two is not None
    assert list(one) == ["title", "related", "secured"]
    assert one["related"][0] is two["related"][0]
    assert one["related"][1] is two["related"][1]
    assert one["related"] is not two["related"]


def test_a_paragraph_that_stands_in_two_cards_is_one_object() -> None:
    block = b'title: "%d"\n\nprovider:\n  name: Tide\n\ntopics:\n  - Lantern\n'
    one, two = (read_simple_card(block % number, LIMITS) for number in (1, 2))
    assert one is not None
    assert two is not None
    assert one["provider"] is two["provider"]
    assert one["topics"] is two["topics"]


def test_crlf_line_ends_are_read_as_others_are() -> None:
    block = b'title: "a"\nrelated:\n  - title: "b"\n    quality: 1\nsecured: "x"\n'
    assert read_simple_card(block.replace(b"\n", b"\r\n"), LIMITS) == read_simple_card(block, LIMITS)
    assert read_simple_card(block.replace(b"1\n", b"1\r"), LIMITS) is None


@pytest.mark.parametrize(
    "rest", ["", ":", ': "', ': "b', ': "b" ', ': "b"c', ': "b"c"', r': "b\"', r': "b\n"', ': ""']
)
def test_a_line_that_begins_as_one_before_is_read_as_if_it_were_the_first(rest: str) -> None:
    text = f"title{rest}\n"
    fast_path._known_lines.clear()
    fast_path._beginnings.clear()
    first = read_simple(text.encode())
    fast_path._known_lines.clear()
    assert read_simple(b'title: "something else that is long, so that its line is not remembered"\n')
    assert "title" in fast_path._beginnings
    assert read_simple(text.encode()) == first


def test_a_long_beginning_of_a_line_is_not_remembered() -> None:
    fast_path._beginnings.clear()
    read_simple(b'%sk: "x"\n' % (b" " * 900))
    read_simple(b'%s: "x"\n' % (b"k" * 90))
    assert not fast_path._beginnings


def test_few_beginnings_of_lines_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_path, "_MAX_LINES", 4)
    fast_path._beginnings.clear()
    for number in range(9):
        assert read_simple(b'k%d: "x"\n' % number) == ({f"k{number}": "x"}, 1)
    assert len(fast_path._beginnings) == 4


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=7), min_size=1, max_size=6))
def test_entries_in_any_order_are_read_as_in_the_first_card(stories: list[list[str]]) -> None:
    for names in stories:
        block = b"type: article\nrelated:\n" + b"".join(
            b'  - title: "%b"\n    topics:\n    - %b\n' % (name * 5, name) for name in map(str.encode, names)
        )
        for end in (b"", b"\nsecured: x\n"):
            values = read_simple_card(block + end, LIMITS)
            assert values is not None
            assert [entry["title"][0] for entry in values["related"]] == names
            assert list(values) == ["type", "related", *(["secured"] if end else [])]


@pytest.mark.parametrize("last", [b"topics:\n  - a\n  - b\n", b"images:\n  - url: x\n\nsecured: x\n"])
def test_a_list_behind_related_with_the_same_dashes_is_no_part_of_it(last: bytes) -> None:
    block = b'type: article\nrelated:\n  - title: "a"\n  - title: "b"\n' + last
    values = read_simple_card(block, LIMITS)
    assert values is not None
    assert len(values["related"]) == 2
    assert (form_of(values), False) == reading(block.decode())


def test_entries_that_are_forgotten_hold_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fast_path, "_MAX_ENTRIES", 8)
    monkeypatch.setattr(fast_path, "_known_entries", {})
    for start in range(40):
        entries = [b'  - title: "%d"\n' % number for number in range(start, start + 6)]
        values = read_simple_card(b"type: x\nrelated:\n" + b"".join(entries), LIMITS)
        assert values == {
            "type": "x",
            "related": [{"title": str(number)} for number in range(start, start + 6)],
        }
        assert len(fast_path._known_entries[b"  - "]) <= 8


PARTS = [
    b'title: "a"\n',
    b"related:\n",
    b"  - a: 1\n",
    b"  - ",
    b"- ",
    b"- a\n",
    b"  b: 2\n",
    b"    b: 2\n",
    b"\n",
    b"\n\n",
    b"a:\n",
    b"b: c\n",
    b'"x"',
    b" ",
    b"  ",
    b"topics:\n",
    b"secured: x\n",
    b"#",
    b"# c\n",
    b"\\",
    b'"',
    b":",
    b"true\n",
    b"y",
    b"1",
    b"\r\n",
    b"<<",
    b"\xc2\xa0",
    b"\xc2\x85",
    b"related:\n  - a: 1\n  - b: 2\n",
    b"    - x\n",
]


@settings(max_examples=20 * settings().max_examples)
@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=9).map(b"".join))
def test_what_is_read_directly_is_what_pyyaml_reads(block: bytes) -> None:
    values = read_simple_card(block, LIMITS)
    if values is not None:
        assert (form_of(values), False) == reading(block.decode())
