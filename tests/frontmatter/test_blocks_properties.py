"""The reading is PyYAML's on every input: real cards, a YAML test suite, mutated cards, random YAML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.card import Card
from newscards.frontmatter import blocks
from newscards.frontmatter.blocks import read_fields
from newscards.frontmatter.fences import UnreadableError, find_fences
from newscards.frontmatter.nodes import IrregularText
from newscards.rules import RULES
from tests.support import ROOT
from tests.support.yaml_strategies import (
    Reading,
    documents,
    fenced,
    form_of,
    lines,
    mutated,
    mutated_cards,
    reference,
    soup,
)

SUITE = json.loads(
    (ROOT / "tests" / "support" / "yaml_test_suite" / "cases.json").read_text(encoding="utf-8")
)
CASES = {name: case["yaml"] for name, case in SUITE.items()}


class Outcome(NamedTuple):
    """How newscards read a card: whether it could at all, and without PyYAML reading the whole."""

    readable: bool
    by_blocks: bool


def problems(values: dict[Any, Any], irregular: str) -> list[str]:
    """Return what the rules find that check irregular text, but for those for which a card has all of it."""
    text = IrregularText(irregular)
    return [
        repr(problem)
        for rule in RULES
        if rule.irregular and irregular and rule.name not in ("lone-carriage-return", "text-cut-by-comment")
        for problem in sorted(rule.irregular(Card("a.md", values, b"", text), text), key=repr)
    ]


def check_reading(source: bytes) -> Outcome:
    """Assert that newscards reads a card exactly as the reference does."""
    try:
        front = find_fences(source)
    except UnreadableError:
        return Outcome(False, False)
    try:
        expected = reference(front.block.decode())
    except UnicodeDecodeError:
        expected = Reading(None, "not UTF-8")
    defect: UnreadableError | None = None
    with mock.patch.object(blocks, "read_whole", wraps=blocks.read_whole) as whole:
        try:
            values, irregular = blocks.read_fields(front)
        except UnreadableError as error:
            defect = error
    if defect:
        assert expected.form is None, f"{front.block!r} should be readable: {defect.reason}"
        assert defect.kind == "limits" or not expected.why.startswith("too "), (front.block, defect.kind)
        return Outcome(False, False)
    assert expected.form is not None, f"{front.block!r} should be unreadable: {expected.why}"
    assert form_of(values) == expected.form, front.block
    if not whole.called:
        whole_text = blocks.read_whole(front).irregular
        assert bool(irregular) == bool(whole_text), front.block
        assert problems(values, irregular) == problems(values, whole_text), front.block
    return Outcome(True, not whole.called)


def indented(text: str, by: str = "  ") -> str:
    return re.sub(r"^(?=.)", by, text, flags=re.MULTILINE)


def ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


SHAPES: dict[str, Callable[[str], str]] = {
    "the whole": lambda text: text,
    "the whole behind a key": lambda text: "first: 1\n" + text,
    "a value on the key's line": lambda text: "key: " + text.replace("\n", "\n  "),
    "a value between keys": lambda text: "first: 1\nkey:\n" + ended(indented(text)) + "last: 1\n",
    "an entry between others": lambda text: (
        "related:\n- a: b\n- " + ended(indented(text)[2:]) + "- c: d\nlast: 1\n"
    ),
    "an indented entry": lambda text: (
        "related:\n  - a: b\n  - " + ended(indented(text, "    ")[4:]) + "  - c: d\nlast: 1\n"
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_cases_of_the_yaml_test_suite_are_read_as_pyyaml_does(shape: str) -> None:
    differing: dict[str, str] = {}
    outcomes: list[Outcome] = []
    for name, text in CASES.items():
        try:
            outcomes.append(check_reading(fenced(SHAPES[shape](text).encode())))
        except AssertionError as error:
            differing[name] = str(error).partition("\n")[0]
    assert not differing
    assert sum(readable for readable, _ in outcomes) > len(CASES) / 6
    by_blocks = sum(by_blocks for _, by_blocks in outcomes)
    assert by_blocks > len(CASES) / (10 if shape.startswith("the whole") else 5)


def real_sources(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*.md")):
        yield str(path.relative_to(folder)), path.read_bytes()


def test_every_field_of_every_real_card_is_read_as_pyyaml_does(real_cards: Path) -> None:
    outcomes = {name: check_reading(source) for name, source in real_sources(real_cards)}
    assert len(outcomes) > 700
    assert all(readable for readable, _ in outcomes.values())
    assert [name for name, (_, by_blocks) in outcomes.items() if not by_blocks] == []


def holds(
    cards: st.SearchStrategy[bytes], examples: int, *, readable: float, by_blocks: float
) -> Callable[[], None]:
    """Return a test that holds ours against the reference, and that enough of what it tries is good YAML."""

    def test() -> None:
        outcomes: list[Outcome] = []

        @settings(max_examples=examples, deadline=None, derandomize=True, database=None)
        @given(cards)
        def each(source: bytes) -> None:
            outcomes.append(check_reading(source))

        each()
        assert sum(outcome.readable for outcome in outcomes) > readable * examples
        assert sum(outcome.by_blocks for outcome in outcomes) > by_blocks * examples

    return test


test_mutated_cards_are_read_as_pyyaml_does = holds(mutated_cards(), 150, readable=0.25, by_blocks=0.2)
test_lines_in_any_order_are_read_as_pyyaml_does = holds(lines(), 200, readable=0.2, by_blocks=0.1)
test_soup_is_read_as_pyyaml_does = holds(soup(), 200, readable=0.1, by_blocks=0.05)
test_random_documents_are_read_as_pyyaml_does = holds(
    documents().map(str.encode).map(fenced), 100, readable=0.9, by_blocks=0.2
)
test_mutated_documents_are_read_as_pyyaml_does = holds(
    mutated(documents().map(str.encode).map(fenced)), 150, readable=0.2, by_blocks=0.05
)


def test_mutated_real_cards_are_read_as_pyyaml_does(real_cards: Path) -> None:
    sources = [source for _, source in real_sources(real_cards) if len(source) < 8000][::7]
    holds(mutated(st.sampled_from(sources)), 90, readable=0.25, by_blocks=0.2)()


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(documents(), min_size=2, max_size=4))
def test_documents_that_follow_one_another_are_read_as_if_alone(parts: list[str]) -> None:
    """The blocks of several mappings make one mapping: what is remembered is never changed."""
    merged: dict[object, object] = {}
    try:
        for part in parts:
            merged |= read_fields(find_fences(fenced(part.encode()))).values
    except UnreadableError:
        return
    whole = read_fields(find_fences(fenced("".join(parts).encode()))).values
    assert repr(whole) == repr(merged)
