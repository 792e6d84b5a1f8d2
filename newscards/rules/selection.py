"""Which rules are checked, and how severe each is: codes, families and names -> a set of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from newscards.errors import NewscardsError
from newscards.lint.findings import Severity
from newscards.lint.rule import Rule
from newscards.lint.ruleset import EVERYTHING, Ruleset, specificity
from newscards.rules import RULES
from newscards.text import did_you_mean


def check_selector(selector: str) -> None:
    """Raise ``NewscardsError`` where a selector means no rule."""
    if not any(specificity(selector, rule) for rule in RULES):
        near = did_you_mean(selector.strip(), [rule.name for rule in RULES])
        raise NewscardsError(f"no rule is called `{selector}`", near or "`newscards rule` lists all of them")


def selected(select: Iterable[str], ignore: Iterable[str]) -> list[Rule]:
    """Return the rules that are chosen and not ignored; where both mean one, the closer word counts.

    ``select`` empty means all. Raises ``NewscardsError`` for a word that means no rule.
    """
    select, ignore = list(select) or [EVERYTHING], list(ignore)
    for word in (*select, *ignore):
        check_selector(word)

    def closest(words: list[str], rule: Rule) -> int:
        return max((specificity(word, rule) for word in words), default=0)

    return [rule for rule in RULES if closest(select, rule) > closest(ignore, rule)]


def every_rule() -> Ruleset:
    """Return all rules, each with its own severity."""
    return Ruleset({rule: rule.severity for rule in RULES}, RULES)


def ruleset(
    rules: Iterable[Rule],
    severities: Mapping[str, Severity],
    per_file_ignores: Mapping[str, Sequence[str]],
) -> Ruleset:
    """Return the rules with the severities that selectors give them; the closest selector counts."""

    def severity(rule: Rule) -> Severity:
        words = sorted(severities, key=lambda word: specificity(word, rule))
        return severities[words[-1]] if words and specificity(words[-1], rule) else rule.severity

    ignored = [
        (pattern, frozenset(rule for rule in RULES if any(specificity(word, rule) for word in words)))
        for pattern, words in per_file_ignores.items()
    ]
    return Ruleset({rule: severity(rule) for rule in rules}, RULES, ignored)
