"""``validate --format sarif``: SARIF 2.1.0 (OASIS), within what GitHub's code scanning supports.

GitHub documents that in "SARIF support for code scanning"
(https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support).
"""

from __future__ import annotations

import os
import re
from typing import Any
from urllib.parse import quote

from newscards import __version__
from newscards.lint.findings import Finding, Report, by_rank
from newscards.lint.rule import FAMILIES, Rule
from newscards.output.reports.common import advised, base_and_name, fingerprints
from newscards.rules import RULES
from newscards.text import cut, json_text

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MAX_RESULTS = 25_000
"""GitHub's limit for the results of a run; it rejects a run with more."""
_MAX_OTHERS = 10
"""How many other cards a result names: a hundred for each of 25,000 results would exceed GitHub's limits."""
_MAX_DESCRIPTION = 1024
"""GitHub's limit for the characters of a rule's description."""
_VALUE = re.compile(r"\{\{|\}\}|\{[^{}]*\}")
"""What stands for a value, or for a brace, in the message of a rule of the configuration."""
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")


def render(report: Report, *, max_results: int = MAX_RESULTS) -> str:
    """Return a report as a SARIF log with one run; of more than ``max_results`` findings, the most severe."""
    findings = by_rank(report.findings)
    reported = findings[:max_results]
    rules = (*RULES, *report.find_own_rules())
    index = {rule.code: number for number, rule in enumerate(rules)}
    bases = _Bases()
    results = [
        _result(finding, index[finding.rule.code], fingerprint, bases)
        for finding, fingerprint in zip(reported, fingerprints(reported), strict=True)
    ]
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if cut := len(findings) - len(reported):
        text = (
            f"{cut:,} of {len(findings):,} findings are left out, the least severe:"
            f" {max_results:,} is the most"
        )
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    driver = {
        "name": "newscards",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": bases.as_json(),
        "invocations": [invocation],
        "results": results,
    }
    # Not indented: that would make json five times as slow, and the log three times as long.
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


class _Bases:
    """The folders that URIs are relative to, each with its id; the first is ``%SRCROOT%``.

    CodeQL and the examples of the standard use that id for the root of the sources (SARIF 2.1.0, 3.14.14).
    """

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._locations: dict[str, dict[str, str]] = {}

    def location(self, path: str) -> dict[str, str]:
        """Return an ``artifactLocation``: a URI relative to a base, or else a file URI (RFC 8089)."""
        if path not in self._locations:
            base, name = base_and_name(path)
            if base:
                number = len(self._ids) + 1
                name_of_base = f"%SRCROOT{'' if number == 1 else number}%"
                base_id = self._ids.setdefault(base, name_of_base)
                self._locations[path] = {"uri": _quoted(name), "uriBaseId": base_id}
            else:
                self._locations[path] = {"uri": _file_uri(name)}
        return self._locations[path]

    def as_json(self) -> dict[str, Any]:
        """Return ``originalUriBaseIds``; each URI ends with a slash (3.14.14)."""
        return {id_: {"uri": _file_uri(base).rstrip("/") + "/"} for base, id_ in self._ids.items()}


def _quoted(path: str) -> str:
    """Return a path percent-encoded, including ``:``, because the text before a ``:`` would be a scheme."""
    return quote(os.fsencode(path), safe="/")


def _file_uri(path: str) -> str:
    path = path.replace(os.sep, "/")
    return f"file://{_quoted(path)}" if path.startswith("/") else f"file:///{quote(path, safe='/:')}"


def _plain(text: str) -> str:
    """Return a text as a message without links, with ``[text](target)`` escaped (3.11.6)."""
    return _LINK.sub(r"\\[", text)


def _rule(rule: Rule) -> dict[str, Any]:
    about = rule.documentation
    parts = (("SQL", "sql", about.sql), ("Fails", "yaml", about.fails), ("Passes", "yaml", about.passes))
    given = [part for part in parts if part[2]]
    text = "\n\n".join([about.why, *(f"{title}:\n\n{example}" for title, _, example in given)])
    markdown = "\n\n".join(
        [about.why, *(f"{title}:\n\n```{language}\n{example}\n```" for title, language, example in given)]
    )
    if about.fix:
        text, markdown = f"{text}\n\nFix: {about.fix}", f"{markdown}\n\n**Fix:** {about.fix}"
    summary = about.summary
    if rule.declared and (message := " ".join(rule.declared.message.split())):
        summary = _VALUE.sub(_without_braces, message)
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": summary},
        "fullDescription": {"text": cut(" ".join([about.why, *about.sql.split()]), _MAX_DESCRIPTION)},
        "help": {"text": text, "markdown": markdown},
        "defaultConfiguration": {"level": rule.severity.value},
        "properties": {"tags": [FAMILIES[rule.family]], "problem.severity": rule.severity.value},
    }


def _without_braces(match: re.Match[str]) -> str:
    return match[0][0] if match[0] in ("{{", "}}") else "…"


def _result(finding: Finding, index: int, fingerprint: str, bases: _Bases) -> dict[str, Any]:
    place = {"artifactLocation": bases.location(finding.path), "region": _region(finding)}
    result: dict[str, Any] = {
        "ruleId": finding.rule.code,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": _plain(advised(finding))},
        "locations": [{"physicalLocation": place}],
        # Not `primaryLocationLineHash`: the upload action computes that itself, from the line, and warns of
        # each value that differs from its own (github/codeql-action, src/fingerprints.ts).
        "partialFingerprints": {"newscards/v1": fingerprint},
    }
    if finding.others:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": "also here"},
                "physicalLocation": {"artifactLocation": bases.location(path), "region": {"startLine": line}},
            }
            for number, (path, line) in enumerate(finding.others[:_MAX_OTHERS], 1)
        ]
    return result


def _region(finding: Finding) -> dict[str, int]:
    """Return the region of a finding; its end is exclusive (3.30.8). An empty region is the whole line."""
    start, end = (finding.line, finding.column), (finding.end_line, finding.end_column)
    if start >= end:
        return {"startLine": finding.line}
    return dict(zip(("startLine", "startColumn", "endLine", "endColumn"), (*start, *end), strict=True))
