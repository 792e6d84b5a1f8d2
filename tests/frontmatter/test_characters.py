"""Each character of a scalar stands where it is found: cut out of the source, it is that character."""

from __future__ import annotations

import re

import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from newscards.frontmatter.characters import source_of
from newscards.frontmatter.nodes import Node, parse_tree

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")


def first_value(text: str) -> Node:
    """Return the scalar that is the value of a mapping's first key; skip the example if it is none."""
    try:
        root = parse_tree(text)
    except yaml.YAMLError:
        root = None
    assume(root and root.is_mapping and root.children[1].is_scalar)
    assert root
    return root.children[1]


def check_characters(text: str) -> None:
    """Assert that each character of the first value is where it is found, and that no two overlap."""
    node = first_value(text)
    source, value, quote = text[node.start : node.end], node.event.value, node.event.style
    before = 0
    for index, character in enumerate(value):
        place = source_of(source, value, index, index + 1)
        assert place is not None, (text, value)
        start, end = place
        assert before <= start < end, (text, value)
        cut = source[start:end]
        before = end
        if _BREAK.fullmatch(cut):
            assert character in ("\n", " ", cut)
        elif _BREAK.search(cut):
            assert character == " "
            assert not cut.strip()
        elif len(cut) > 1:
            assert quote in ("'", '"')
            assert yaml.safe_load(f"{quote}{cut}{quote}") == character
        else:
            assert cut == character
    if value:
        first, last = (source_of(source, value, at, at + 1) for at in (0, len(value) - 1))
        assert first
        assert last
        assert source_of(source, value, 0, len(value)) == (first[0], last[1])


_PIECES = [
    "a", "b c", "Tide", "漢", "😀", "e\u0301", "\u200b", "\xa0", "\xad", "\ufeff", " ", "  ", "\t", "\n",
    "\n\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\n  ", "\n   ", "\n    ", "\n \t", " \n\n  ", "#",
    " #", ":", ": ", "'", "''", '"', "\\", r"\"", r"\n", r"\t", r"\r", r"\ ", r"\/", r"\\", r"\0", r"\x41",
    r"\u200b", r"\U0001F600", r"\N", r"\_", r"\L", r"\P", r"\e", "\\\n", "\\\n  ", "\\\r\n\n", "-", "- ",
    "|", ">", "&x ", "!", ",", "]",
]  # fmt: skip
_SOUP = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join)
_PROPERTIES = st.sampled_from(["", "", "", "", "&x ", "!!str ", "! ", "&x !!str ", "!!str # c\n  "])
_HEADERS = st.tuples(
    *map(st.sampled_from, ("|>", ["", "-", "+"], ["", "", "1", "2", "4"], ["", " ", " # c"]))
).map("".join)


@st.composite
def sources(draw: st.DrawFn) -> str:
    """Draw a mapping whose key ``a`` has a scalar of some style."""
    style = draw(st.sampled_from(["plain", "single", "double", "block"]))
    soup, properties = draw(_SOUP), draw(_PROPERTIES)
    if style == "block":
        indent = draw(st.sampled_from([" ", "  ", "    "]))
        lines = re.sub("(\r\n|[\n\r\x85\u2028\u2029])", rf"\1{indent}", soup)
        end = draw(st.sampled_from(["", "\n", "\n\n", "\r\n", "\n \n\nb: c\n", "\nb: c\n"]))
        return f"a: {properties}{draw(_HEADERS)}\n{indent}{lines}{end}"
    quote = {"plain": "", "single": "'", "double": '"'}[style]
    end = draw(st.sampled_from(["", "\n", " \n", " # c\n", "\nb: c\n"]))
    return f"a: {properties}{quote}{soup}{quote}{end}"


@settings(deadline=None, max_examples=400)
@given(sources())
@example("a: >2\n      \n    b\n   \n    c\n")
@example("a: |+\n  b \n\n\n")
@example("a: &x \n\ufeffa")
@example("a: &x \n\ufeff\n\ufeff a")
@example('a: "b \\\n  \n   c\r\n\r\n d"')
def test_each_character_is_where_it_is_found(text: str) -> None:
    check_characters(text)


@settings(deadline=None)
@given(
    st.text(st.sampled_from("ab '\"\\\n\t\r#:-漢😀\xa0\u200b\u2028\x85\ufeff"), max_size=60),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.integers(10, 40),
    st.integers(0, 3),
)
def test_each_character_is_where_pyyaml_writes_it(
    value: str, style: str | None, width: int, depth: int
) -> None:
    text = yaml.dump({"a": value}, default_style=style, width=width, allow_unicode=True, indent=2 + depth)
    check_characters(text)
