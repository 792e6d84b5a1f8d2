"""The rules of a run: how severe each is, and the files in which some are not checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from newscards.lint.findings import RuleName, Severity
from newscards.lint.rule import Rule

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


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The rules of a run, each with its severity, and the files in which some are not checked.

    ``known`` are all the rules there are, those that are not checked included.
    """

    severities: Mapping[Rule, Severity]
    known: Sequence[Rule]
    per_file: Sequence[tuple[str, frozenset[Rule]]] = ()

    def only(self, level: Severity) -> Ruleset:
        """Return the rules of one severity."""
        return replace(self, severities={rule: own for rule, own in self.severities.items() if own is level})

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
