"""Suppressions: comments in a card that suppress findings, ``# newscards: ignore[rule]``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from newscards.frontmatter.fences import find_fences
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.frontmatter.locations import Locator
from newscards.frontmatter.nodes import Node, parse_tree, walk
from newscards.frontmatter.positions import Span, position
from newscards.lint.findings import Finding, RuleName
from newscards.lint.ruleset import Ruleset, specificity

if TYPE_CHECKING:
    from newscards.lint.rule import FoundProblem

_MARK = b"newscards:"
_BEGINNING = re.compile(rb"#[ \t]*[nN]")
_COMMENT = re.compile(
    r"(?:^|[ \t])#[ \t]*newscards:[ \t]*ignore(?:\[([^\]\n]*)\])?", re.MULTILINE | re.IGNORECASE
)


class Suppression(NamedTuple):
    """A comment: the selectors of the rules that it suppresses, its place, and the lines it applies to."""

    selectors: tuple[str, ...]
    span: Span
    lines: tuple[int, ...]


def suppressions_in(source: bytes, limits: Limits = LIMITS) -> list[Suppression]:
    """Return the comments of a card that suppress findings; text within a value is not a comment.

    A comment applies to its own line. If it is alone there, it also applies to the next line that is neither
    blank nor a comment.
    """
    if not _may_have_comment(source):
        return []
    front = find_fences(source, limits)
    text = front.text()
    root = parse_tree(text)
    spans = sorted(_span(node, text) for node, _, _ in walk(root) if node.is_scalar) if root else []
    starts = [start for start, _ in spans]
    first, _ = position(source, front.start)
    lines = text.split("\n")
    line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
    next_content: list[int | None] = [None] * len(lines)  # for each line, the next that is not a comment
    for index in range(len(lines) - 2, -1, -1):
        below = lines[index + 1].strip()[:1]
        next_content[index] = next_content[index + 1] if below in ("", "#") else index + 1
    found: list[Suppression] = []
    for match in _COMMENT.finditer(text):
        start = text.index("#", match.start())
        before = bisect_right(starts, start) - 1
        if before >= 0 and start < spans[before][1]:
            continue
        index = bisect_right(line_starts, start) - 1
        line = lines[index].removesuffix("\r")
        column = start - line_starts[index] + 1
        applies_to = [first + index]
        if line.lstrip().startswith("#") and (next_line := next_content[index]) is not None:
            applies_to.append(first + next_line)
        selectors = tuple(word.strip() for word in (match[1] or "").split(",") if word.strip())
        span = Span(first + index, column, first + index, column + match.end() - start, line)
        found.append(Suppression(selectors, span, tuple(applies_to)))
    return found


def _may_have_comment(source: bytes) -> bool:
    """Return whether a card may have such a comment: a quick test, because few cards have one."""
    at = source.find(b"#")
    while at >= 0:
        if _BEGINNING.match(source, at):
            return _MARK in source.lower()
        at = source.find(b"#", at + 1)
    return False


def _span(node: Node, text: str) -> tuple[int, int]:
    """Return start and end of a scalar's text. After the ``|`` of a block scalar a comment may stand."""
    start = text.find("\n", node.start) + 1 if node.is_block_scalar else node.start
    return start, max(node.end, start)


def suppress_findings(
    findings: Sequence[Finding], suppressions: Sequence[Suppression]
) -> tuple[list[Finding], list[Suppression]]:
    """Return the findings of a card that no comment suppresses, and the comments that suppress nothing."""
    if not suppressions:
        return list(findings), []
    used: set[Suppression] = set()
    is_suppressed = suppression_test(suppressions, used)
    left = []
    for finding in findings:
        of_value = is_suppressed(finding.value_line, finding.rule)  # asked first: it marks what it uses
        if not is_suppressed(finding.line, finding.rule) and not of_value:
            left.append(finding)
    return left, [suppression for suppression in suppressions if suppression not in used]


def unsuppressed(
    problems: list[FoundProblem], suppressions: Sequence[Suppression], locator: Locator
) -> tuple[list[FoundProblem], frozenset[Suppression]]:
    """Return the problems that no comment suppresses, and the comments that suppress some."""
    used: set[Suppression] = set()
    is_suppressed = suppression_test(suppressions, used)
    left = [
        (rule, problem, steps)
        for rule, problem, steps in problems
        if not is_suppressed(locator.span(steps, problem.place).line, rule.rule_name)
    ]
    return left, frozenset(used)


def suppression_test(
    suppressions: Iterable[Suppression], used: set[Suppression] | None = None
) -> Callable[[int, RuleName], bool]:
    """Return a function that says whether a comment suppresses the findings of a rule on a line.

    Each comment that does so is added to ``used``.
    """
    of_line: dict[int, list[Suppression]] = {}
    for suppression in suppressions:
        for line in suppression.lines:
            of_line.setdefault(line, []).append(suppression)

    @cache  # because many findings of a rule may stand on one line, and many comments above it
    def is_suppressed(line: int, rule: RuleName) -> bool:
        by = [
            suppression
            for suppression in of_line.get(line, ())
            if any(specificity(selector, rule) for selector in suppression.selectors)
        ]
        if used is not None:
            used.update(by)
        return bool(by)

    return is_suppressed


def is_reportable(suppression: Suppression, rules: Ruleset) -> bool:
    """Return whether an unused comment is a finding: it names no rule, a checked rule, or an unknown one.

    A comment for rules that were not checked in this run may well be needed in another.
    """
    selectors, checked = suppression.selectors, rules.severities
    if not selectors or any(specificity(selector, rule) for selector in selectors for rule in checked):
        return True
    return not all(any(specificity(selector, rule) for rule in rules.known) for selector in selectors)
