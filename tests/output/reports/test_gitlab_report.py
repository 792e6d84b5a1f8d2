"""``validate --format gitlab`` is a code quality report as GitLab documents it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import validate

from newscards.text import path_json
from tests.conftest import MakeCorpus, Run
from tests.output.reports.test_sarif_report import NASTY
from tests.output.terminal.test_findings import BROKEN, HOSTILE
from tests.rules.cases import with_lines
from tests.support import CARD, card

TEXT = {"type": "string", "minLength": 1}
LINES = {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer", "minimum": 1}}}
LOCATION = {
    "type": "object",
    "required": ["path", "lines"],
    "properties": {"path": {"type": "string", "pattern": "^(?!\\./)"}, "lines": LINES},
}
ISSUE = {
    "type": "object",
    "required": ["description", "check_name", "fingerprint", "severity", "location"],
    "properties": {
        "description": TEXT,
        "check_name": TEXT,
        "fingerprint": TEXT,
        "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": LOCATION,
    },
}
"""https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format, as JSON Schema has it."""


def issues(run: Run, *args: str) -> list[dict[str, Any]]:
    result = run("validate", "--format", "gitlab", *args)
    assert (result.code < 2, result.err) == (True, "")
    assert b"\x1b" not in result.raw
    found: list[dict[str, Any]] = json.loads(result.raw)
    validate(found, {"type": "array", "items": ISSUE})
    assert len({each["fingerprint"] for each in found}) == len(found)
    return found


def test_an_issue_has_what_gitlab_wants(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"site/_news/a.md": with_lines("x: 1\n"), "site/_news/b.md": card(heat='"67"')})
    (folder / ".git").mkdir()
    error, warning = issues(run, "./site", "--ignore", "NC6")
    assert (warning["severity"], error["severity"]) == ("minor", "major")
    assert (warning["check_name"], error["check_name"]) == ("unknown-key", "wrong-type")
    assert warning["description"] == "unknown key `x`"
    assert error["location"] == {"path": "site/_news/b.md", "lines": {"begin": 10}}


@pytest.mark.parametrize("files", [BROKEN, HOSTILE])
def test_whatever_the_cards_hold_the_report_is_valid(
    files: dict[str, str | bytes], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    assert len(issues(run)) == len(json.loads(run("validate", "--format", "json").raw)["findings"])


@pytest.mark.parametrize("name", NASTY)
def test_a_path_is_the_files(name: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({name: card(heat='"67"')})
    assert {each["location"]["path"] for each in issues(run)} == {path_json(name)}


def test_cards_that_are_fine_are_an_empty_array(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD})
    assert issues(run) == []


def test_a_fingerprint_survives_a_shift(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(heat='"67"')})
    [before] = issues(run)
    make_corpus({"a.md": card(heat='"67"').replace("---\n", "---\n# one\n# two\n", 1)})
    [after] = issues(run)
    assert before["fingerprint"] == after["fingerprint"]
    assert after["location"]["lines"]["begin"] == before["location"]["lines"]["begin"] + 2
