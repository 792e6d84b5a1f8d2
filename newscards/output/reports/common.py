"""What the machine formats share: paths as a repository has them, fingerprints, one-line findings."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from newscards.diff.git import root_of
from newscards.lint.findings import Finding, Severity
from newscards.text import one_line, path_text

_INDEX = re.compile(r"\[\d+\]")

_root_of = lru_cache(maxsize=4096)(root_of)


def base_and_name(path: str) -> tuple[str, str]:
    """Return the folder that a path is told from, and the path from there, with ``/``.

    The folder is the root of the file's repository, else the current one; a file that is below neither has
    none (an empty text), and its absolute path.
    """
    whole = os.path.abspath(path)
    base = _root_of(os.path.dirname(whole)) or os.getcwd()
    inner = os.path.join(base, "")
    if whole.startswith(inner):
        return base, whole[len(inner) :].replace(os.sep, "/")
    return "", whole.replace(os.sep, "/")


def name_of(path: str) -> str:
    """Return a path as the repository has it: from its root, with ``/``, without ``./``."""
    return base_and_name(path)[1]


def by_severity(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings with the errors first, else in their order."""
    return sorted(findings, key=lambda finding: finding.severity is not Severity.ERROR)


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return for each finding what is still its own when lines are added above it, or entries before it.

    It is made of the rule, the path, the field (without indices) and the text of the line, and counts
    those that are equal in all.
    """
    counts: Counter[str] = Counter()
    found: list[str] = []
    for finding in findings:
        field = _INDEX.sub("[]", finding.field)
        parts = (finding.rule.code, name_of(finding.path), field, finding.source.strip())
        key = sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
        counts[key] += 1
        found.append(f"{key}:{counts[key]}")
    return found


def concise(finding: Finding) -> str:
    """Return a finding on one line, as ``--format concise`` has it."""
    place = f"{path_text(finding.path)}:{finding.line}:{finding.column}"
    return f"{place}: {headline(finding)}: {one_line(finding.message)}"


def headline(finding: Finding) -> str:
    """Return how every text format begins: ``error[NC201] published-not-boolean``."""
    return f"{finding.severity}[{finding.rule.code}] {finding.rule.name}"


def advised(finding: Finding) -> str:
    """Return the message, and on a second line what to do, where there is anything to say of it."""
    message = one_line(finding.message)
    return f"{message}\nHelp: {one_line(finding.help)}" if finding.help else message
