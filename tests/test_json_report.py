"""``validate --format json`` is what DESIGN.md says, whatever the cards hold."""

from __future__ import annotations

import json
import os
import re
from typing import Any

import pytest

from newscards.lint import Report, lint_card
from newscards.reports import json_report
from newscards.rules import RULES
from tests.conftest import MakeCorpus, Run
from tests.rules.cases import with_entry, with_lines
from tests.support import CARD, card
from tests.test_diagnostics import BROKEN, HOSTILE

FINDING = {
    "code": str,
    "rule": str,
    "severity": str,
    "path": str,
    "line": int,
    "column": int,
    "endLine": int,
    "endColumn": int,
    "field": str,
    "message": str,
    "fix": type(None),
    "others": list,
}


def validate(run: Run, *args: str, code: int = 1) -> dict[str, Any]:
    result = run("validate", "--format", "json", *args)
    assert (result.code, result.err) == (code, "")
    document: dict[str, Any] = json.loads(result.raw)
    return document


def test_a_report_is_as_the_contract_has_it(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD, "b.md": card(published='"false"'), "c/d.md": with_lines("author: Ann\n")})
    assert validate(run) == {
        "version": 1,
        "summary": {"cards": 3, "errors": 1, "warnings": 1, "fixable": 0},
        "findings": [
            {
                "code": "NC201",
                "rule": "published-not-boolean",
                "severity": "error",
                "path": "b.md",
                "line": 11,
                "column": 12,
                "endLine": 11,
                "endColumn": 19,
                "field": "published",
                "message": "`published` is text, not true or false: the site will publish this card",
                "fix": None,
                "others": [],
            },
            {
                "code": "NC304",
                "rule": "unknown-key",
                "severity": "warning",
                "path": "c/d.md",
                "line": 12,
                "column": 1,
                "endLine": 12,
                "endColumn": 7,
                "field": "author",
                "message": "unknown key `author`",
                "fix": None,
                "others": [],
            },
        ],
    }


def test_the_keys_stand_in_the_order_of_the_contract(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(heat="x")})
    document = validate(run)
    assert list(document) == ["version", "summary", "findings"]
    assert list(document["summary"]) == ["cards", "errors", "warnings", "fixable"]
    assert list(document["findings"][0]) == list(FINDING)


def test_every_kind_of_finding_has_the_same_shape(make_corpus: MakeCorpus, run: Run) -> None:
    os.symlink("gone.md", make_corpus(BROKEN) / "101.md")
    findings = validate(run)["findings"]
    rules = {rule.code: rule for rule in RULES}
    assert {finding["code"] for finding in findings} >= {code for code in rules if code < "NC5"}
    for finding in findings:
        assert {key: type(value) for key, value in finding.items()} == FINDING
        rule = rules[finding["code"]]
        assert (finding["rule"], finding["severity"]) == (rule.name, rule.severity.value)
        assert (1, 1) <= (finding["line"], finding["column"]) <= (finding["endLine"], finding["endColumn"])


def test_the_summary_counts_the_findings(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(BROKEN)
    document = validate(run)
    severities = [finding["severity"] for finding in document["findings"]]
    assert document["summary"]["cards"] == len(BROKEN)
    assert document["summary"]["errors"] == severities.count("error")
    assert document["summary"]["warnings"] == severities.count("warning")


@pytest.mark.parametrize(
    ("files", "cards", "warnings"),
    [({"a.md": CARD}, 1, 0), ({"a.md": with_lines("x: 1\n"), "b.md": CARD}, 2, 1)],
)
def test_without_an_error_the_exit_code_is_0(
    files: dict[str, str | bytes], cards: int, warnings: int, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    document = validate(run, code=0)
    assert document["summary"] == {"cards": cards, "errors": 0, "warnings": warnings, "fixable": 0}
    assert len(document["findings"]) == warnings


def test_the_text_and_the_json_tell_the_same(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(BROKEN)
    findings = validate(run)["findings"]
    places = re.findall(r"--> (.*)", run("validate").out)
    assert [f"{each['path']}:{each['line']}:{each['column']}" for each in findings] == places


def test_a_nested_field_is_named_with_its_indices(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": with_entry("2023-06-21T08:00:00Z", "soon", before=3)})
    assert [finding["field"] for finding in validate(run)["findings"]] == ["related[3].publishedDateTime"]


def test_hostile_cards_make_valid_json_without_a_raw_control(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(HOSTILE)
    result = run("validate", "--format", "json")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200f\u2028-\u202e\u2066-\u2069\ufeff]", result.out)
    messages = [finding["message"] for finding in json.loads(result.out)["findings"]]
    assert "unknown key `\x1b[2J[link=https://x]\n\u2066key`" in messages


def test_no_text_of_a_card_is_beyond_json(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": with_lines('"\\ud800": .nan\n'), "b.md": card(quality="-.inf", heat="-0xFF")})
    assert validate(run)["summary"]["cards"] == 2


def test_a_path_that_is_not_utf8_has_a_replacement_character(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({os.fsdecode(b"caf\xe9.md"): card(heat="x")})
    assert [finding["path"] for finding in validate(run)["findings"]] == ["caf\ufffd.md"]


@pytest.mark.parametrize("name", ["tide\tgauge.md", "two\nlines.md", "\x1b[31mred.md"])
def test_a_path_in_json_is_the_one_that_opens_the_file(name: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({name: card(heat="x")})
    assert [finding["path"] for finding in validate(run)["findings"]] == [name]


def test_colour_and_quiet_change_nothing(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(heat="x")})
    plain = run("validate", "--format", "json").raw
    assert run("--color", "always", "-q", "validate", "--format", "json").raw == plain
    assert plain.endswith(b"}\n")


def test_an_empty_report_is_a_report() -> None:
    assert json.loads(json_report.render(Report())) == {
        "version": 1,
        "summary": {"cards": 0, "errors": 0, "warnings": 0, "fixable": 0},
        "findings": [],
    }


def test_a_report_can_be_rendered_from_python(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(heat="x")})
    report = Report()
    report.add(lint_card("a.md"))
    assert json.loads(json_report.render(report))["summary"]["errors"] == 1
