"""Run the rules over cards: problems -> findings, each with its place in the file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from newscards.card import Card, Unreadable
from newscards.corpus import parse, read_bytes, system_reason
from newscards.fences import FrontMatter, find_fences
from newscards.fields import CARD, Field
from newscards.harmless import shorten
from newscards.nodes import Node, Step, find, locate
from newscards.rules import RULES
from newscards.rules.rule import Place, Problem, Rule, Severity
from newscards.source import line_at, position
from newscards.values import key_text


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem, with the rule that found it and its place.

    Lines and columns count from 1 in the file, ``end_column`` is exclusive; ``source`` is the text of the
    first line. ``field`` names the value (``related[3].title``), empty for the card itself.
    """

    rule: Rule
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    field: str
    message: str
    help: str
    source: str


@dataclass(slots=True)
class Report:
    """What a run found: how many cards it saw, and the findings by card and place."""

    cards: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, findings: list[Finding]) -> None:
        """Add the findings of one card."""
        self.cards += 1
        self.findings += findings

    def count(self, severity: Severity) -> int:
        """Return how many findings have a severity."""
        return sum(finding.rule.severity is severity for finding in self.findings)

    @property
    def bad_cards(self) -> int:
        """How many cards have a finding."""
        return len({finding.path for finding in self.findings})


def lint_card(path: str) -> list[Finding]:
    """Check one card, and return its findings by place."""
    try:
        source = read_bytes(path)
        record = parse(path, source)
    except (OSError, ValueError) as error:
        source, record = b"", Unreadable(path, "io", system_reason(error))
    if isinstance(record, Unreadable):
        findings = [_unreadable(rule, problem, record, source) for rule, problem in _told(record)]
    else:
        problems = list(_problems(record))
        placing = _Placing(source, find_fences(source)) if problems else None
        findings = [placing.finding(record, rule, problem) for rule, problem in problems] if placing else []
    return sorted(findings, key=lambda finding: (finding.line, finding.column, finding.rule.code))


def _told(record: Unreadable) -> Iterator[tuple[Rule, Problem]]:
    for rule in RULES:
        if rule.unreadable:
            for problem in rule.unreadable(record):
                yield rule, problem


def _unreadable(rule: Rule, problem: Problem, record: Unreadable, source: bytes) -> Finding:
    line, column, text = record.line, record.column, line_at(source, record.line)
    end = min(column + 1, len(text) + 1) if column <= len(text) else column
    return Finding(
        rule, record.path, line, column, line, end, "", shorten(problem.message), problem.help, text
    )


def _problems(card: Card) -> Iterator[tuple[Rule, Problem]]:
    for rule in RULES:
        if rule.card:
            for problem in rule.card(card):
                yield rule, problem
    yield from _value_problems(CARD, card.fields, ())


_VALUE_RULES: dict[Field, Sequence[Rule]] = {}


def _rules_for(checked: Field) -> Sequence[Rule]:
    rules = _VALUE_RULES.get(checked)
    if rules is None:
        rules = [rule for rule in RULES if rule.value and rule.applies(checked)]
        _VALUE_RULES[checked] = rules
    return rules


def _value_problems(checked: Field, value: Any, path: tuple[Step, ...]) -> Iterator[tuple[Rule, Problem]]:
    """Yield what the rules say of a value and of what stands in it.

    It depends on the field and the value alone, and not on the card that they stand in.
    """
    for rule in _rules_for(checked):
        for problem in rule.value(checked, value) if rule.value else ():
            yield rule, replace(problem, path=path + problem.path)
    if isinstance(value, dict):
        for inner in checked.fields:
            if inner.name in value:
                yield from _value_problems(inner, value[inner.name], (*path, inner.name))
    elif isinstance(value, list) and checked.item:
        for index, item in enumerate(value):
            for rule, problem in _item_problems(checked.item, item):
                yield rule, replace(problem, path=(*path, index, *problem.path))


_CHECKED: dict[tuple[Field, int], tuple[Any, Sequence[tuple[Rule, Problem]]]] = {}
_MOST_CHECKED = 8192


def _item_problems(checked: Field, item: Any) -> Sequence[tuple[Rule, Problem]]:
    """Return what the rules say of an item of a list.

    Equal entries of ``related`` are one object wherever they stand (``blocks``), and a corpus has forty
    times more of them than different ones: each is checked once and remembered.
    """
    known = _CHECKED.get((checked, id(item)))
    if known and known[0] is item:
        return known[1]
    problems = list(_value_problems(checked, item, ()))
    if isinstance(item, dict):
        if len(_CHECKED) >= _MOST_CHECKED:
            _CHECKED.clear()
        _CHECKED[checked, id(item)] = (item, problems)
    return problems


class _Placing:
    """The places of a card's values, looked up only where there is something to tell."""

    def __init__(self, source: bytes, front: FrontMatter) -> None:
        self._text = front.text()
        self._lines = self._text.split("\n")
        self._starts = [0, *(match.end() for match in re.finditer("\n", self._text))]
        self._first, _ = position(source, front.start)
        self._first_of_file = line_at(source, 1)
        self._root = locate(self._text)

    def finding(self, card: Card, rule: Rule, problem: Problem) -> Finding:
        """Return a problem as a finding."""
        (line, column), (end_line, end_column) = self._span(problem)
        source = self._lines[line - self._first] if line >= self._first else self._first_of_file
        return Finding(
            rule, card.path, line, column, end_line, end_column, field_name(problem.path),
            shorten(problem.message), shorten(problem.help), source.removesuffix("\r"),
        )  # fmt: skip

    def _span(self, problem: Problem) -> tuple[tuple[int, int], tuple[int, int]]:
        """Return the first line and column on which a problem stands, and those after it."""
        if self._root is None or (problem.place is Place.FIRST_LINE and not problem.path):
            return (1, 1), (1, 1)  # the file itself
        if problem.place is not Place.FIRST_LINE:
            return self._node(find(self._root, problem.path, key=problem.place is Place.KEY))
        mapping = find(self._root, problem.path[:-1])
        if mapping is self._root:
            return (self._first, 1), (self._first, len(self._lines[0].removesuffix("\r")) + 1)
        return self._node(mapping.children[0] if mapping.children else mapping)

    def _node(self, node: Node) -> tuple[tuple[int, int], tuple[int, int]]:
        length = len(self._text[node.start : node.end].rstrip())
        return self._place(node.start), self._place(node.start + length)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset) - 1
        return self._first + line, offset - self._starts[line] + 1


def field_name(path: tuple[Step, ...]) -> str:
    """Return a path as text: ``related[3].publishedDateTime``."""
    name = ""
    for step in path:
        index = isinstance(step, int) and not isinstance(step, bool) and name
        name += f"[{step}]" if index else f".{key_text(step)}"
    return name.removeprefix(".")
