"""One cause, one finding: what comparing cards finds is often a consequence of what is wrong in one of them.

``quality: 6.5`` is not the quality of its copies either, and a card that lost half of its fields to a line
``---`` lacks what other cards have. Only the mistake itself is reported. The other way round, a URL that
differs from all its copies is not on the provider's domain either (``Problem.explains``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import TypeAlias

from newscards.cards.values import field_name
from newscards.lint.findings import Finding
from newscards.lint.rule import FoundProblem

_OF_VALUES = ("NC109", "NC3", "NC4", "NC5")
"""The beginnings of the codes of the rules that say what is wrong with a value by itself."""

_BLEMISHES = frozenset({"NC501", "NC502", "NC503", "NC504"})
"""The codes of those that do not matter to a comparison, because it cleans texts (``text_cleanup.plain``)."""

_OF_STRUCTURE = frozenset({"NC107", "NC112", "NC305", "NC306"})
"""The codes of the rules that say that a card is not read as it is meant."""

OwnFindings = Callable[[str], Sequence[Finding]]
"""A function that returns the findings of a card by itself, without those that a comment suppresses."""

Problems: TypeAlias = dict[str, list[FoundProblem]]
"""Problems by the card's path."""

Explained = Mapping[str, Sequence[tuple[str, str]]]
"""The findings that others explain: by the card's path, the beginning of the code, and the field."""


def without_consequences(problems: Problems, own: OwnFindings, *, apart: bool = False) -> Problems:
    """Return the problems that comparing cards found, without consequences of others.

    ``problems`` are by the card's path, together with those of values in entries of ``related``. With
    ``apart``, as in ``Facts``, only what is wrong in the card itself has consequences there.
    """

    @cache  # because many problems may have their others in one card
    def found(path: str) -> Sequence[Finding]:
        return own(path)

    @cache
    def wrong(path: str) -> set[str]:
        """Return the fields of a card whose values are wrong by themselves."""
        of_card = {each.field for each in found(path) if _is_cause(each.rule.code)}
        of_entries = (each for each in problems.get(path, ()) if not each[0].corpus)
        return of_card | {field_name(steps) for rule, _, steps in of_entries if _is_cause(rule.code)}

    def is_consequence(path: str, each: FoundProblem) -> bool:
        rule, problem, steps = each
        if any(finding.rule.code in _OF_STRUCTURE for finding in found(path)):
            return True
        if not rule.yields:
            return False
        others = problem.others
        return field_name(steps) in wrong(path) or (
            bool(others)
            and all(
                (not apart or other.row.path == path) and field_name(other.path) in wrong(other.row.path)
                for other in others
            )
        )

    left: Problems = {}
    for path, of_card in problems.items():
        causes = [each for each in of_card if not (each[0].corpus and is_consequence(path, each))]
        explained = _explained(causes)
        causes = [each for each in causes if not _is_among(explained, each[0].code, field_name(each[2]))]
        if causes:
            left[path] = causes
    return left


def _is_cause(code: str) -> bool:
    return code.startswith(_OF_VALUES) and code not in _BLEMISHES


def explained_by(problems: Problems) -> Explained:
    """Return the findings of cards by themselves that are consequences of what comparing cards found."""
    return {path: found for path, of_card in problems.items() if (found := _explained(of_card))}


def _explained(problems: Iterable[FoundProblem]) -> list[tuple[str, str]]:
    return [
        (code, field_name(steps))
        for rule, problem, _ in problems
        if rule.corpus
        for code, steps in problem.explains
    ]


def without_explained(findings: list[Finding], explained: Sequence[tuple[str, str]]) -> list[Finding]:
    """Return the findings of a card that nothing explains."""
    if not explained:
        return findings
    return [each for each in findings if not _is_among(explained, each.rule.code, each.field)]


def _is_among(explained: Iterable[tuple[str, str]], code: str, field: str) -> bool:
    return any(code.startswith(beginning) and field == name for beginning, name in explained)
