"""A baseline: the number of findings of each rule in each file when newscards was introduced.

It has counts instead of lines, so it survives edits above a finding. If a file has more findings of a rule
than the baseline, all of them are reported, because it cannot be said which one is new.
"""

from __future__ import annotations

import json
import os
import shlex
from collections import Counter
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Any

from newscards.edits.atomic import is_stream, write_file
from newscards.errors import NewscardsError
from newscards.lint.findings import Report
from newscards.text import path_text

VERSION = 1
Counts = Mapping[str, Mapping[str, int]]
"""Counts by a file's path, relative to the baseline's folder and with ``/``, and by a rule's name."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The counts that the file at ``path`` holds."""

    path: str
    counts: Counts

    def apply(self, report: Report, rules: Container[str]) -> tuple[Report, int]:
        """Return the report without the known findings, and the number of findings that are gone.

        ``rules`` are the names of the rules that were checked.
        """
        found = _counted(self.path, report)
        known = {
            (file, rule)
            for file, known_rules in self.counts.items()
            for rule, count in known_rules.items()
            if found[file, rule] <= count
        }
        new = [each for each in report.findings if (_name(self.path, each.path), each.rule.name) not in known]
        checked = {_name(self.path, path) for path in report.paths}
        folder = os.path.dirname(self.path)
        gone = sum(
            max(count - found[file, rule], 0)
            for file, known_rules in self.counts.items()
            for rule, count in known_rules.items()
            if rule in rules and (file in checked or not os.path.lexists(os.path.join(folder, file)))
        )
        return replace(report, findings=new), gone


def read_baseline(path: str, config: str = "") -> Baseline:
    """Return the baseline in a file; raises ``NewscardsError`` if it is missing or invalid.

    ``config`` is the configuration file that names it, for the message.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            value = json.load(file)
    except OSError as error:
        place, hint = path_text(path), "make one with --write-baseline"
        if config:
            place += f", which {path_text(config)} names"
            hint = f"make one with `--write-baseline {shlex.quote(path_text(path))}`, or use --no-baseline"
        raise NewscardsError(f"cannot read the baseline {place}: {error.strerror}", hint) from error
    except (ValueError, RecursionError) as error:
        raise NewscardsError(f"{path_text(path)} is not a baseline: {error}") from error
    findings = value.get("findings") if isinstance(value, dict) else None
    if not isinstance(value, dict) or value.get("version") != VERSION or not _are_counts(findings):
        hint = "make one with --write-baseline"
        raise NewscardsError(f"{path_text(path)} is not a baseline of version {VERSION}", hint)
    return Baseline(path, findings or {})


def _are_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(rules, dict) and all(type(count) is int and count > 0 for count in rules.values())
        for rules in value.values()
    )


def write_baseline(path: str, report: Report, rules: Container[str]) -> None:
    """Write the counts of a report into a file; raises ``NewscardsError`` if that fails.

    If the file is a baseline already, it keeps the counts of what this run did not check: other files that
    still exist, and rules not among ``rules``. Another file is not overwritten.
    """
    found = _counted(path, report)
    checked = {_name(path, card) for card in report.paths}
    if os.path.lexists(path) and not is_stream(path):
        for file, known in read_baseline(path).counts.items():
            for rule, count in known.items():
                there = os.path.lexists(os.path.join(os.path.dirname(path), file))
                if there and (file not in checked or rule not in rules):
                    found[file, rule] = count
    counts: dict[str, dict[str, int]] = {}
    for (file, rule), count in sorted(found.items()):
        counts.setdefault(file, {})[rule] = count
    text = json.dumps({"version": VERSION, "findings": counts}, indent=1) + "\n"
    try:
        write_file(path, text.encode())
    except OSError as error:
        raise NewscardsError(f"cannot write the baseline {path_text(path)}: {error.strerror}") from error


def _counted(path: str, report: Report) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for finding in report.all_findings:
        counts[_name(path, finding.path), finding.rule.name] += 1 + finding.more
    return counts


def _name(baseline: str, path: str) -> str:
    """Return a card's path as in a baseline: relative to its folder; bytes that are not UTF-8 escaped."""
    relative = os.path.relpath(path, os.path.dirname(baseline) or os.curdir).replace(os.sep, "/")
    return relative.encode(errors="surrogateescape").decode(errors="backslashreplace")
