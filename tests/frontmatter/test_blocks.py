"""Reading block by block is PyYAML's reading of the whole: every counterexample that was ever found."""

from __future__ import annotations

from typing import Any

import pytest

from newscards.frontmatter import blocks, loader
from newscards.frontmatter.blocks import read_fields
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.limits import LIMITS
from tests.frontmatter.test_blocks_properties import check_reading
from tests.support import CARD, yaml_strategies
from tests.support.yaml_strategies import SAMPLES, fenced

EXOTIC_LINE_ENDS = ["\r", "\x85", "\u2028", "\u2029"]


def read(text: str) -> dict[Any, Any]:
    return read_fields(find_fences(fenced(text.encode()))).values


def agree(text: str) -> None:
    """Assert that ours is PyYAML's reading."""
    check_reading(fenced(text.encode()))


ENDED = ["a: b{}...{}\nc: d\n", "a:\n  b: c{}...{}\nd: e\n", "a: |\n  b\n  {}... # x{}\nc: d\n"]


@pytest.mark.parametrize("end", EXOTIC_LINE_ENDS)
def test_a_document_that_ends_behind_an_exotic_line_end_is_not_read_on(end: str) -> None:
    for text in ENDED:
        agree(text.format(end, end))


@pytest.mark.parametrize("end", EXOTIC_LINE_ENDS)
def test_a_document_that_ends_within_an_entry_of_related_is_not_read_on(end: str) -> None:
    for dash in ("- ", "  - "):
        agree(f"related:\n{dash}a{end}...{end}\n{dash}b\nc: d\n")


BEGUN = ["c: d", "a: d", "? c", "- c", "--- ", "---", "...", "%YAML 1.1", ": c", "null: d", '"a": d']


@pytest.mark.parametrize("end", EXOTIC_LINE_ENDS)
def test_an_exotic_line_end_begins_a_line_for_libyaml(end: str) -> None:
    for line in BEGUN:
        agree(f"a: b{end}{line}\nx: y\n")
        agree(f"null: b{end}{line}{end}\nx: y\n")
        agree(f"{end}{line}\nx: y\n")
        agree(f"related:\n- a: b{end}{line}\n- c\nx: y\n")


@pytest.mark.parametrize(
    "text",
    [
        "a: [?&x b]\nc: [?&x d]\n",
        "a: [?&x b]\nc: [?*x ]\n",
        "a: {?&x b: c}\nd: {?&x e: f}\n",
        "related:\n- [?&x b]\n- [?&x b]\n",
        "a: &x b\nc: &x d\n",
        "a: &x b\nc: *x\n",
        "a: [b,&x c]\nd: [*x]\n",
        "a: {b: &x c}\nd:\n- *x\n",
        'a: {"b":&x c}\nd: *x\n',
        "a:\u2028  &x b\nc: *x\n",
        "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n",
        "related:\n- &x a\n- *x\n",
    ],
)
def test_an_anchor_reaches_over_blocks(text: str) -> None:
    agree(text)


@pytest.mark.parametrize("end", EXOTIC_LINE_ENDS)
def test_a_key_behind_an_exotic_line_end_is_seen(end: str) -> None:
    """libyaml takes these for line ends, so the last ``published`` stands within the block ``a``."""
    assert read(f"published: true\na: x{end}published: false\n")["published"] is False


@pytest.mark.parametrize(
    "text",
    [
        'title: "x\npublished: false # "\n',
        'title: "x\npublished: false"\n',
        "title: 'x\npublished: false # '\n",
        "title: {a: 1,\npublished: false }\n",
        "title: [a,\npublished: false ]\n",
        'published: true\ntitle: "x\n published: a\npublished: false # "\n',
    ],
)
def test_a_value_that_runs_over_lines_with_a_key_on_them_is_one_value(text: str) -> None:
    agree(text)


@pytest.mark.parametrize(
    "text",
    [
        'a: "b\nc: d"\n',
        'a: "b\nc: d" # "\ne: f\n',
        "a: 'b\nc: d'\n",
        'a: "b\n\nc: d"\ne: f\n',
        "a: [b,\nc: d ]\n",
        "a: {b: c,\nd: e }\n",
        'related:\n- "a\n- b"\n',
        "related:\n- [a,\n- b ]\n",
        'related:\n- a: "b\nc: d"\n',
        'a: "b\n# c"\nd: e\n',
    ],
)
def test_a_value_that_runs_over_a_line_is_not_cut(text: str) -> None:
    agree(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2\nb: 3\na: 4\n",
        "yes: 1\non: 2\n",
        "null: 1\nNull: 2\nb: 3\n",
        "y: 1\nn: 2\n",
        "a: |\n\n\nb: >-\nc:\n",
        "a: |+\n  b\n\n\nc: d\n",
        "a: |2\n    b\n   c\nd: e\n",
        "a: >\n  b\n# c\nd: e\n",
        "# c\n\n  # d\na: b\n",
        "#\xa0c\na: b\n",
        "# c\rb: x\na: b\n",
        "a:\n- b\n# c\n- d\n\ne:\n",
        "a:\n-\tb\nc: d\n",
        "a:\tb\nc:\t\n",
        "a: b\n\t\nc: d\n",
        "a: b\n-\n",
        "a: b\n- c\n",
        "a: b\n -\nc: d\n",
        "a: b\nc\nd: e\n",
        "a: b: c\nd: e\n",
        "a: b\n  c: d\ne: f\n",
        "  a: b\n  c: d\n",
        "\ufeffa: b\nc: d\n",
        "a: b\n\ufeffc: d\n",
        "a: \ufeffb\nc: d\n",
        "a : b\nc: d\n",
        "'a': b\nc: d\n",
        "a: =\nc: d\n",
        "a: <<\nc: d\n",
        "a: 2023-13-45\nb: 0x_\nc: 2023-06-20T15:44:61Z\nd: 0000-01-01T00:00:00Z\n",
        "a: -0\nb: 007\nc: 1234567890123456\nd: 12345678901234567\ne: 1_000\nf: +1\n",
        'a: "\x7f"\nb: c\n',
        'a: "\u200b\ue000\xa0"\nb: "\ufffe"\n',
        'a: "\t"\nb: "c"   \nd: "e" \t\n\nf: "g"# h\n',
        "a: 2023-06-20T15:44:00Z\nb: 2023-06-20 15:44:00\nc: 2023-06-20T15:44:00+02:00\n",
        "related: # c\n- a\n- b\n",
        "related:\n# c\n- a\n- b\n",
        "related:\n- a\n-\n- b\n",
        "related:\n- a\n-\tb\n",
        "related:\n  - a\n  # c\n\n  - b\n",
        "related:\n  - a\n - b\n",
        "related:\n  - a\n  b: c\n",
        "related:\n- a\n b\n- c: d\n  c: e\n",
        "related:\n- - a\n- - b\n  - c\n",
        "related:\n- |\n  - a\n- >-\n- b\n",
        "related:\n- a\nb: c\nrelated:\n- d\n",
        "related:\r\n- a\r\n- b\r\n",
        "related:\n- ? a\n- b\n",
        f"{'k' * 1022}: 1\n",
        f"{'k' * 1023}: 1\n",
        f"{'k' * 1024}: 1\n",
        f"{'k' * 1025}: 1\n",
        f'related:\n- "{"k" * 1022}": 1\n- "{"k" * 1023}": 1\n',
    ],
)
def test_blocks_that_were_once_suspected_are_read_as_pyyaml_does(text: str) -> None:
    agree(text)
    agree("x: y\n" + text + "z: 1\n")


@pytest.mark.parametrize(
    "prefix", ["a: ", "a:\n- ", "related:\n- ", "related:\n- x\n- a: ", "related:\n  - - "]
)
def test_depth_is_counted_from_the_whole_card(prefix: str) -> None:
    levels = prefix.count(":") + prefix.count("- ") - prefix.count("- x")
    for number in range(61, 68):
        for opening, closing in (("[", "]"), ("{a: ", "}"), ("- ", "")):
            if opening != "- " or prefix.endswith("- "):
                depth = number - levels
                agree(f"{prefix}{opening * depth}{closing * depth}\nz: 1\n")
        agree(f"{prefix}{'[b: ' * (number // 2)}{']' * (number // 2)}\n")


def test_the_number_of_values_is_counted_from_the_whole_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_strategies, "MAX_NODES", 400)
    few = LIMITS._replace(nodes=400)
    monkeypatch.setattr(loader.load, "__defaults__", (few,))
    monkeypatch.setattr(find_fences, "__defaults__", (few,))
    for number in (99, 100, 132, 133, 198, 199, *range(396, 402)):
        agree(f"a: [{'b,' * number}]\n")
        agree(f"a: [{'b,' * (number // 2)}]\nc: [{'d,' * (number // 2)}]\n")
        agree(f"a: [{'b: ,' * (number // 3)}]\n")
        agree(f"a: [{'? ,' * (number // 3)}]\n")
        agree(f"a: &x [b, c]\nd: [{'*x, ' * (number // 3)}]\n")
        agree("related:\n" + "- a: [b]\n" * (number // 4))
        agree("".join(f"k{i}:\n" for i in range(number // 2)))


def test_every_sample_card_is_read_by_blocks() -> None:
    for path in SAMPLES:
        source = path.read_bytes()
        assert check_reading(source) == (True, True), path


def test_remembered_values_keep_cards_apart() -> None:
    """The same text means the same wherever it stands, but two keys of two texts are two."""
    first, second = (read(CARD.replace("---\n", "").replace("67", number)) for number in ("67", "68"))
    assert first["provider"] is second["provider"]
    assert (first["quality"], second["quality"]) == (67, 68)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (b"a: \xff\n", "not-utf8"),
        (b'a: "b\n', "syntax"),
        (b"- a\n", "not-a-mapping"),
        (b"a\n", "not-a-mapping"),
        (b"", "not-a-mapping"),
        (b"a: [*a]\n", "syntax"),
        (b"a: &a [*a]\n", "limits"),
        (b"a: " + b"[" * 65 + b"]" * 65 + b"\n", "limits"),
    ],
)
def test_what_cannot_be_read_has_a_kind(text: bytes, kind: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read_fields(find_fences(fenced(text)))
    assert caught.value.kind == kind


@pytest.mark.parametrize(
    ("block", "at"),
    [
        ("a: b\nc: d: e\nf: g\n", "e"),
        ('a: é\nb: "c\nd: e\n', '"c'),
        ("a: b\nc: [d\ne: f\n", "[d"),
        ("é: b\nc: \x07\n", "\x07"),
    ],
)
def test_the_place_of_a_defect_is_a_byte_of_the_file(block: str, at: str) -> None:
    source = fenced(block.encode())
    with pytest.raises(UnreadableError) as caught:
        read_fields(find_fences(source))
    line = source.count(b"\n", 0, caught.value.offset)
    assert line == source.count(b"\n", 0, source.index(at.encode()))


def test_a_huge_block_is_not_remembered() -> None:
    before = blocks._read_block.cache_info().currsize
    source = b"---\ntitle: " + b"x " * 40_000 + b"\n---\n"
    assert len(read_fields(find_fences(source)).values["title"]) == 79_999
    assert blocks._read_block.cache_info().currsize == before
