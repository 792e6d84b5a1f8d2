"""Which rules are checked, and how severe each is: codes, families and names -> a set of rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from newscards.errors import NewscardsError
from newscards.findings import RuleName, Severity
from newscards.rules import RULES
from newscards.rules.rule import Rule
from newscards.suggest import did_you_mean

EVERYTHING = "NC"


def specificity(selector: str, rule: Rule | RuleName) -> int:
    """Return how closely a selector means a rule: 0 not at all, else the longer the closer.

    A selector is a code (``NC201``), the beginning of codes (``NC2``, ``NC``) or a name.
    """
    word = selector.strip()
    if word == rule.name:
        return len(rule.code)
    code = word.upper()
    return len(code) if code.startswith(EVERYTHING) and rule.code.startswith(code) else 0


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


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules of a run, each with its severity, and the files for which some are not checked."""

    severities: Mapping[Rule, Severity] = field(
        default_factory=lambda: {rule: rule.severity for rule in RULES}
    )
    per_file: Sequence[tuple[str, frozenset[Rule]]] = ()

    @classmethod
    def of(
        cls,
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
        return cls({rule: severity(rule) for rule in rules}, ignored)

    def ignored(self, path: str) -> frozenset[Rule]:
        """Return the rules that are not checked in a file; ``path`` with ``/``, as patterns have it.

        A pattern means a path, the folder that it lies in, or the file's name; ``*`` takes ``/`` in.
        """
        rules: frozenset[Rule] = frozenset()
        for written, ignored in self.per_file:
            pattern = written.removeprefix("./").strip("/")
            name = path.rpartition("/")[2]
            if any(map(fnmatchcase, (path, path, name), (pattern, f"{pattern}/*", pattern))):
                rules |= ignored
        return rules
