"""Where values stand: the source text at a place, read alone, is the value that was read there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newscards.frontmatter import loader, nodes
from newscards.frontmatter.blocks import read_whole
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import LoadError
from newscards.frontmatter.loader import load
from newscards.frontmatter.nodes import Node, find, parse_tree
from tests.support.yaml_strategies import SAMPLES, documents, fenced, form_of, lines, mutated_cards

Path_ = tuple[Any, ...]


def source_of(text: str, path: tuple[object, ...]) -> str:
    """Return the source text of the value at ``path``."""
    root = parse_tree(text)
    node = find(root, path) if root else None
    return text[node.start : node.end] if node else ""


def tree(text: str) -> Node:
    root = parse_tree(text)
    assert root is not None
    return root


def scalars(value: Any, path: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Yield each scalar in a value with the path to it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from scalars(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from scalars(inner, (*path, index))
    elif not isinstance(value, set | tuple):
        yield path, value


def alone(source: str) -> list[Any]:
    """Return what a source text may say when it stands alone: as a value, or within brackets."""
    forms: list[Any] = []
    for text, path in ((f"x: {source}", ("x",)), (f"x: [{source},\n ]", ("x", 0))):
        try:
            value: Any = load(text).value
        except LoadError:
            continue
        for step in path:
            value = value[step]
        forms.append(form_of(value))
    return forms


def check_places(text: str, value: dict[Any, Any]) -> int:
    """Assert that the scalars of a front matter stand where they are said to; return their number."""
    root, checked = tree(text), 0
    for path, expected in scalars(value):
        node = find(root, path)
        source = text[node.start : node.end]
        assert node.is_scalar, (text, path, source)
        assert 0 <= node.start <= node.end <= len(text)
        if node.is_block_scalar:
            assert source[0] == node.event.style, (text, path, source)
            assert node.event.value == expected
        elif source:
            assert source == source.strip(" \t\n"), (text, path, source)
            assert form_of(expected) in alone(source), (text, path, source)
        else:
            assert expected is None
        key = find(root, path, key=True)
        assert key.end <= node.start or key is node, (text, path)
        checked += 1
    return checked


def is_placeless(text: str) -> bool:
    """Tell of aliases, merges and tags: their values do not stand where their path leads."""
    events = list(yaml.parse(text, Loader=yaml.CSafeLoader))
    return "<<" in text or any(
        isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None)
        for event in events
    )


def checked_places(source: bytes) -> int:
    try:
        front = find_fences(source)
        values = read_whole(front).values
    except UnreadableError:
        return 0
    text = front.text()
    if is_placeless(text) or not no_equal_keys(values):
        return 0
    return check_places(text, values)


def no_equal_keys(value: Any) -> bool:
    """Tell whether no mapping has the keys 1 and true, which Python takes for one."""
    if isinstance(value, dict):
        return not {True, 0}.intersection(value) and all(map(no_equal_keys, value.values()))
    return not isinstance(value, list) or all(map(no_equal_keys, value))


def test_random_scalars_stand_where_they_are_said_to() -> None:
    counts: list[int] = []

    @settings(max_examples=220, deadline=None, derandomize=True, database=None)
    @given(st.one_of(documents().map(str.encode).map(fenced), mutated_cards(), lines()))
    @example(fenced(b"a: ---\nb: ...\nc: - d\n"))
    @example(fenced("\ufeffa: b\nc: [d]\n".encode()))
    @example(fenced("é: 😀\n'x\u2028y': \"z\u2028\"\nb: c\x85\n".encode()))
    @example(fenced(b"a: b\rc: d\re: f\n"))
    @example(fenced(b"a: [-, b, {c: -, d}]\n"))
    def each(source: bytes) -> None:
        counts.append(checked_places(source))

    each()
    assert sum(counts) > 500
    assert sum(count > 0 for count in counts) > 70


def test_the_scalars_of_sample_cards_stand_where_they_are_said_to() -> None:
    counts = [checked_places(path.read_bytes()) for path in SAMPLES[::4]]
    assert min(counts) > 10


@pytest.mark.parametrize(
    ("text", "path", "source"),
    [
        ("a: b\n", ("a",), "b"),
        ("a:   b   # c\n", ("a",), "b"),
        ("a: b\n  c\nd: e\n", ("a",), "b\n  c"),
        ("a: \"b\n  c\" # d\n", ("a",), '"b\n  c"'),
        ("a: 'it''s'\n", ("a",), "'it''s'"),
        ("a:\n  - b\n  - c: d\n", ("a", 1, "c"), "d"),
        ("a:\n  - b\n  - c: d\n\n# e\nf: g\n", ("a",), "- b\n  - c: d"),
        ("a:\n  b: c\n\n\nd: e\n", ("a",), "b: c"),
        ("a: [b, c]\nd: e\n", ("a",), "[b, c]"),
        ("a: {b: [c] }\nd: e\n", ("a", "b"), "[c]"),
        ("a: 1\na: 2\na: 3\n", ("a",), "3"),
        ("a: {b: 1, b: 2}\n", ("a", "b"), "2"),
        ("a:\nb: 1\n", ("a",), ""),
        ("a: |\n  b\n  c\n\nd: e\n", ("a",), "|\n  b\n  c\n\n"),
        ("yes: 1\n'yes': 2\n", (True,), "1"),
        ("yes: 1\n'yes': 2\n", ("yes",), "2"),
        ("1: a\n'1': b\nyes: c\n", (1,), "a"),
        ("~: a\n'': b\n", (None,), "a"),
        ("~: a\n'': b\n", ("",), "b"),
        ("? a\n: b\n", ("a",), "b"),
        ("\ufeffa: b\n", ("a",), "b"),
        ("é: \u2028  😀\u2028\nb: c\n", ("b",), "c"),
        ("a: &x b\nc: *x\n", ("c",), "*x"),
        ("a: &x {b: c}\nd: *x\n", ("d", "b"), "*x"),
        ("a: &x {b: c}\nd:\n  <<: *x\n  e: f\n", ("d", "e"), "f"),
        ("a: b\n", ("c",), "a: b"),
        ("a: b\n", ("a", "b", 3), "b"),
        ("a: [b]\n", ("a", 7), "[b]"),
    ],
)  # fmt: skip
def test_the_source_of_a_value_is_its_text(text: str, path: Path_, source: str) -> None:
    assert source_of(text, path) == source


@pytest.mark.parametrize(
    "name", ["-", "?a", "---", "...", "--- a", "a:", "x::", "a b", "<", "a#b", "~a", ":a"]
)
@pytest.mark.parametrize("shape", ["a:\n  {}: v\n", "a:\n- {}: v\n"])
def test_a_key_that_is_something_else_when_it_stands_alone_is_found(name: str, shape: str) -> None:
    text = shape.format(name)
    values = load(text).value
    assert isinstance(values, dict)
    assert check_places(text, values) == 1
    assert source_of(text, next(scalars(values))[0]) == "v"


def test_a_key_over_several_lines_is_found() -> None:
    text = "? a\n\n  b\n: c\n"
    assert load(text).value == {"a\nb": "c"}
    assert source_of(text, ("a\nb",)) == "c"


def test_the_key_of_a_value_is_that_of_the_last_of_equal_ones() -> None:
    text = "a: 1\nb: {c: 2}\na: 3\n"
    root = tree(text)
    key = find(root, ("a",), key=True)
    assert (key.start, text[key.start : key.end]) == (15, "a")
    inner = find(root, ("b", "c"), key=True)
    assert text[inner.start : inner.end] == "c"


def test_an_empty_value_stands_behind_its_colon() -> None:
    text = "a: 1\npublished:\nb: 2\n"
    node = find(tree(text), ("published",))
    assert (node.start, node.end) == (text.index("\nb"),) * 2


def test_a_mapping_gives_its_pairs_and_its_last_leaf() -> None:
    text = "a: 1\nb:\n  - c\n  - d: e\n    f: [g]\n"
    root = tree(text)
    assert [key.key() for key, _ in root.pairs()] == ["a", "b"]
    leaf = root.last_leaf()
    assert (text[leaf.start : leaf.end], leaf.is_flow, leaf.is_scalar) == ("[g]", True, False)
    assert root.is_mapping
    assert not root.has_properties
    assert text[root.start : root.end] == text.rstrip()


@pytest.mark.parametrize(
    ("value", "has"), [("b", False), ("&x b", True), ("!x b", True), ("! b", True), ("'&x'", False)]
)
def test_an_anchor_or_a_tag_is_told(value: str, has: bool) -> None:
    assert find(tree(f"a: {value}\n"), ("a",)).has_properties is has


def test_an_alias_has_properties() -> None:
    assert find(tree("a: &x b\nc: *x\n"), ("c",)).has_properties


def test_nothing_has_no_place() -> None:
    assert parse_tree("") is None
    assert parse_tree("# c\n") is None


def test_looking_up_many_values_reads_no_key_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """A card with 40,000 odd values has 40,000 look-ups: each must not go through all the keys."""
    made: list[str] = []

    class Counted(loader.LOADER):  # type: ignore[misc]
        def __init__(self, text: str) -> None:
            made.append(text)
            super().__init__(text)

    monkeypatch.setattr(loader, "LOADER", Counted)
    monkeypatch.setattr(nodes, "LOADER", Counted)
    monkeypatch.setattr(loader.load, "__kwdefaults__", {"loader": Counted})
    text = "".join(f"k{i}: 2023-13-45\n" for i in range(200))
    root = tree(text)
    assert [find(root, (f"k{i}",)).event.value for i in range(200)] == ["2023-13-45"] * 200
    assert len(made) <= 2 * 200 + 1
