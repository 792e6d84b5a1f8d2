"""``validate --format json`` is what DESIGN.md says, whatever the cards hold."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from typing import Any

import pytest

from newscards.lint.findings import Report
from newscards.output.reports.json_report import DOCUMENT, LINES
from newscards.rules import RULES
from newscards.rules.selection import every_linter
from tests.conftest import MakeCorpus, Run
from tests.lint.test_linter import apart
from tests.output.terminal.test_findings import AS_NEWS, BROKEN, HOSTILE, UNSEEN
from tests.rules.cases import with_entry, with_lines
from tests.support import CARD, card

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
    "others": list,
    "published": bool,
}


def summary(**counts: int) -> dict[str, int]:
    """Return the summary of a report with these counts; the others are 0."""
    names = ("cards", "errors", "warnings", "fixable", "unsafelyFixable", "published")
    return dict.fromkeys(names, 0) | counts


def validate(run: Run, *args: str, code: int = 1) -> dict[str, Any]:
    result = run("validate", "--format", "json", *args)
    assert (result.code, result.err) == (code, "")
    document: dict[str, Any] = json.loads(result.raw)
    return document


def test_a_report_is_as_the_contract_has_it(make_corpus: MakeCorpus, run: Run) -> None:
    files = {"a.md": CARD, "b.md": card(published='"false"'), "c/d.md": with_lines("author: Ann\n")}
    make_corpus({f"_news/{name}": text for name, text in apart(files).items()})
    assert validate(run, "--ignore", "undated-name") == {
        "version": 1,
        "summary": summary(cards=3, errors=1, warnings=1, unsafelyFixable=1, published=2),
        "findings": [
            {
                "code": "NC201",
                "rule": "published-not-boolean",
                "severity": "error",
                "path": "_news/b.md",
                "line": 11,
                "column": 12,
                "endLine": 11,
                "endColumn": 19,
                "field": "published",
                "message": "`published` is text, not true or false: the site will publish this card",
                "fix": {"title": "write `false`", "safe": False},
                "others": [],
                "published": True,
            },
            {
                "code": "NC304",
                "rule": "unknown-key",
                "severity": "warning",
                "path": "_news/c/d.md",
                "line": 12,
                "column": 1,
                "endLine": 12,
                "endColumn": 7,
                "field": "author",
                "message": "unknown key `author`",
                "fix": None,
                "others": [],
                "published": True,
            },
        ],
    }


def test_the_keys_stand_in_the_order_of_the_contract(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(heat="x")})
    document = validate(run)
    assert list(document) == ["version", "summary", "findings"]
    assert list(document["summary"]) == [*summary()]
    assert list(document["findings"][0]) == [*list(FINDING)[:-2], "fix", "others", "published"]


def test_every_kind_of_finding_has_the_same_shape(make_corpus: MakeCorpus, run: Run) -> None:
    os.symlink("gone.md", make_corpus(BROKEN | UNSEEN) / "101.md")
    findings = validate(run, *AS_NEWS, ".", "_204.md")["findings"]
    rules = {rule.code: rule for rule in RULES}
    assert {finding["code"] for finding in findings} >= {
        code for code, rule in rules.items() if code < "NC6" or rule.corpus is None
    }
    for finding in findings:
        fix = finding.pop("fix")
        assert fix is None or {key: type(value) for key, value in fix.items()} == {"title": str, "safe": bool}
        assert {key: type(value) for key, value in finding.items()} == FINDING
        rule = rules[finding["code"]]
        assert finding["rule"] == rule.name
        assert finding["severity"] in {rule.severity.value, "warning"}  # of a minor problem, a warning
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
    [({"a.md": CARD}, 1, 0), (apart({"a.md": with_lines("x: 1\n"), "b.md": CARD}), 2, 1)],
)
def test_without_an_error_the_exit_code_is_0(
    files: dict[str, str | bytes], cards: int, warnings: int, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    document = validate(run, code=0)
    assert document["summary"] == summary(cards=cards, warnings=warnings, published=warnings)
    assert len(document["findings"]) == warnings


def test_the_text_and_the_json_tell_the_same(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(BROKEN)
    findings = validate(run)["findings"]
    places = re.findall(r"--> (\S*)", run("validate").out)
    assert [f"{each['path']}:{each['line']}:{each['column']}" for each in findings] == places


def test_a_nested_field_is_named_with_its_indices(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": with_entry("2023-06-21T08:00:00Z", "soon", before=3)})
    findings = validate(run, "--ignore", "NC6")["findings"]
    assert [finding["field"] for finding in findings] == ["related[3].publishedDateTime"]


def test_hostile_cards_make_valid_json_without_a_raw_control(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(HOSTILE)
    result = run("validate", "--format", "json")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200f\u2028-\u202e\u2066-\u2069\ufeff]", result.out)
    messages = [finding["message"] for finding in json.loads(result.out)["findings"]]
    assert "unknown key `\x1b[2J[link=https://x]\n\u2066key` (with U+000A LINE FEED)" in messages


def test_no_text_of_a_card_is_beyond_json(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": with_lines('"\\ud800": .nan\n'), "b.md": card(quality="-.inf", heat="-0xFF")})
    assert validate(run)["summary"]["cards"] == 2


def test_a_path_that_is_not_utf8_has_a_replacement_character(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({os.fsdecode(b"caf\xe9.md"): card(heat="x")})
    assert [(each["code"], each["path"]) for each in validate(run, *AS_NEWS)["findings"]] == [
        ("NC206", "caf\ufffd.md"),
        ("NC302", "caf\ufffd.md"),
    ]


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
    assert json.loads("".join(DOCUMENT.render(Report()))) == {
        "version": 1,
        "summary": summary(),
        "findings": [],
    }


def test_a_report_can_be_rendered_from_python(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(heat="x")})
    linter = every_linter()
    linter.check("a.md")
    report = linter.report()
    assert json.loads("".join(DOCUMENT.render(report)))["summary"]["errors"] == 1
    assert [json.loads(line)["code"] for line in "".join(LINES.render(report)).splitlines()] == ["NC302"]


def test_the_others_are_all_listed_with_path_and_line(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(apart({f"{letter}.md": card(title='"One"') for letter in "abcdefg"}))
    findings = validate(run, code=0)["findings"]
    assert [(each["path"], each["line"]) for each in findings] == [("g.md", 3)]
    assert findings[0]["others"] == [{"path": f"{letter}.md", "line": 3} for letter in "abcdef"]


def test_the_path_of_another_card_is_as_harmless_as_the_own(make_corpus: MakeCorpus, run: Run) -> None:
    names = ["\x1b[31m\n.md", os.fsdecode(b"caf\xe9.md")]
    make_corpus(apart({name: card(title='"One"') for name in names}))
    for at, other in ((names[0], "caf\ufffd.md"), (names[1], names[0])):
        result = run("validate", "--format", "json", "--select", "duplicate-title", at)
        assert "\x1b" not in result.out
        (finding,) = json.loads(result.raw)["findings"]
        assert finding["others"] == [{"path": other, "line": 3}]


def lines_of(run: Run, *args: str, code: int = 1) -> list[dict[str, Any]]:
    result = run("validate", "--format", "jsonl", *args)
    assert (result.code, result.err) == (code, "")
    assert result.raw == b"" or result.raw.endswith(b"}\n")
    return [json.loads(line) for line in result.raw.decode().split("\n")[:-1]]


@pytest.mark.parametrize("files", [BROKEN, HOSTILE])
def test_the_lines_are_the_findings_of_the_document(
    files: dict[str, str | bytes], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    assert lines_of(run) == validate(run)["findings"]


def test_without_a_finding_there_is_no_line(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD})
    assert lines_of(run, code=0) == lines_of(run, "--statistics", code=0) == []
    assert run("validate", "--format", "json", "--statistics").raw == b"[]\n"


def test_statistics_are_an_array_or_lines_of_counts(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(
        apart({"a.md": card(heat="x", author="Ann"), "b.md": with_lines("x: 1\ny: 2\n"), "c.md": CARD})
    )
    counts = [
        {"code": "NC304", "rule": "unknown-key", "severity": "warning", "count": 3},
        {"code": "NC302", "rule": "wrong-type", "severity": "error", "count": 1},
    ]
    result = run("validate", "--format", "json", "--statistics")
    assert (result.code, json.loads(result.raw), result.err) == (1, counts, "")
    assert [list(each) for each in json.loads(result.raw)] == [list(counts[0])] * 2
    assert lines_of(run, "--statistics") == counts


def test_statistics_count_every_finding(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(BROKEN)
    counts = {each["code"]: each["count"] for each in lines_of(run, "--statistics")}
    assert counts == Counter(each["code"] for each in validate(run)["findings"])
    assert list(counts) == sorted(counts, key=lambda code: (-counts[code], code))
