"""The rules of a run, their severities, and the files in which some are ignored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from newscards.lint.findings import RuleName, Severity

if TYPE_CHECKING:
    from newscards.lint.rule import Rule

EVERYTHING = "NC"
"""The selector of all rules."""
OWN = "own"
"""The selector of the rules that the configuration declares."""
_WHOLE_CODE = len("NC201")


def specificity(selector: str, rule: Rule | RuleName) -> int:
    """Return how specifically a selector selects a rule: 0 if not at all, up to the length of a code.

    A selector is a code (``NC201``), the beginning of codes (``NC2``), a name, ``own`` or ``NC``, which means
    every rule.
    """
    word = selector.strip()
    if word == rule.name:
        return _WHOLE_CODE
    if rule.code == rule.name:  # one of the configuration
        return len(word) if word == OWN or word.upper() == EVERYTHING else 0
    code = word.upper()
    return len(code) if code.startswith(EVERYTHING) and rule.code.startswith(code) else 0


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules of a run, each with its severity, and the files in which some are ignored.

    ``known`` are all rules, including those that are not checked. ``per_file`` has patterns of files, each
    with the rules that are ignored there.
    """

    severities: Mapping[Rule, Severity]
    known: Sequence[Rule]
    per_file: Sequence[tuple[str, frozenset[Rule]]] = ()

    def only(self, level: Severity) -> Ruleset:
        """Return the rules of one severity."""
        return replace(
            self, severities={rule: each for rule, each in self.severities.items() if each is level}
        )

    def ignored(self, path: str) -> frozenset[Rule]:
        """Return the rules that are ignored in a file; ``path`` has ``/``, like the patterns.

        A pattern matches a path, a folder above it, or the file's name; ``*`` matches ``/`` too.
        """
        rules: frozenset[Rule] = frozenset()
        for written, ignored in self.per_file:
            pattern = written.removeprefix("./").strip("/")
            name = path.rpartition("/")[2]
            if any(map(fnmatchcase, (path, path, name), (pattern, f"{pattern}/*", pattern))):
                rules |= ignored
        return rules
