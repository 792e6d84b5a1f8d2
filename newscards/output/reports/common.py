"""Shared parts of the machine formats: paths within a repository, fingerprints, one-line findings."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256

from newscards.diff.git import root_of
from newscards.layout import current_folder
from newscards.lint.findings import Finding
from newscards.text import one_line, path_text

_INDEX = re.compile(r"\[\d+\]")

_root_of = lru_cache(maxsize=4096)(root_of)


def base_and_name(path: str) -> tuple[str, str]:
    """Return the folder that reports show a path relative to, and the path from there, with ``/``.

    The folder is the root of the file's git repository, else the current folder. For a file outside both the
    folder is empty and the path absolute.
    """
    whole = os.path.abspath(path)
    base = _root_of(os.path.dirname(whole)) or current_folder()
    inner = os.path.join(base, "")
    if base and whole.startswith(inner):
        return base, whole[len(inner) :].replace(os.sep, "/")
    return "", whole.replace(os.sep, "/")


def name_of(path: str) -> str:
    """Return a path relative to its repository's root, with ``/`` and without ``./``."""
    return base_and_name(path)[1]


def fingerprints(findings: Iterable[Finding]) -> list[str]:
    """Return a fingerprint for each finding, which stays the same if lines or entries are added before it.

    It is a hash of the rule, the path, the field without indices and the text of the line, and a number that
    distinguishes findings with the same hash.
    """
    counts: Counter[str] = Counter()
    result: list[str] = []
    for finding in findings:
        field = _INDEX.sub("[]", finding.field)
        parts = (finding.rule.code, name_of(finding.path), field, finding.source.strip())
        key = sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]
        counts[key] += 1
        result.append(f"{key}:{counts[key]}")
    return result


def concise(finding: Finding) -> str:
    """Return a finding on one line, as in ``--format concise``."""
    place = f"{path_text(finding.path)}:{finding.line}:{finding.column}"
    return f"{place}: {headline(finding)}: {one_line(finding.message)}"


def headline(finding: Finding) -> str:
    """Return the headline of a finding in text formats: ``error[NC201] published-not-boolean``."""
    return f"{finding.severity}{finding.rule.headline}"


def advised(finding: Finding) -> str:
    """Return the message of a finding, and its help, if any, on a second line."""
    message = one_line(finding.message)
    return f"{message}\nHelp: {one_line(finding.help)}" if finding.help else message
