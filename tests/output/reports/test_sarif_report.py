"""``validate --format sarif`` is SARIF 2.1.0 by OASIS's schema, and what GitHub takes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from jsonschema.validators import validator_for

from newscards import __version__
from newscards.lint.findings import Finding, Report, Severity
from newscards.output.reports import sarif_report
from newscards.rules import RULES
from tests.conftest import MakeCorpus, Run
from tests.lint.test_linter import apart
from tests.output.terminal.test_findings import BROKEN, HOSTILE
from tests.rules.cases import with_entry, with_lines
from tests.support import CARD, ROOT, card

SCHEMA = json.loads(
    (ROOT / "tests" / "support" / "sarif_schema" / "sarif-2.1.0.json").read_text(encoding="utf-8")
)
VALIDATOR = validator_for(SCHEMA)(SCHEMA)

NASTY = [
    "50% of a: b, c|d.md",
    "a:b.md",
    "two\nlines\r.md",
    "\x1b[31mred.md",
    "]]><!--.md",
    "::error::x.md",
    os.fsdecode(b"caf\xe9.md"),
]


def read(text: str | bytes) -> dict[str, Any]:
    """Return the run of a log that is valid by the schema."""
    log = json.loads(text)
    errors = [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(log)]
    assert errors == []
    assert [len(log["runs"]), log["version"]] == [1, "2.1.0"]
    run: dict[str, Any] = log["runs"][0]
    return run


def sarif(run: Run, *args: str) -> dict[str, Any]:
    result = run("validate", "--format", "sarif", *args)
    assert (result.code < 2, result.err) == (True, "")
    assert b"\x1b" not in result.raw
    return read(result.raw)


def place(result: dict[str, Any]) -> dict[str, Any]:
    location: dict[str, Any] = result["locations"][0]["physicalLocation"]
    return location


def uris(run: dict[str, Any]) -> set[str]:
    return {place(result)["artifactLocation"]["uri"] for result in run["results"]}


def finding(number: int, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(RULES[0].rule_name, severity, f"{number}.md", 1, 1, 1, 4, "---", "", "it is [so](1)", "")


def test_a_result_has_rule_level_message_place_and_fingerprint(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(heat='"67"')})
    log = sarif(run)
    [result] = log["results"]
    driver = log["tool"]["driver"]
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "NC302"
    assert (driver["name"], driver["semanticVersion"]) == ("newscards", __version__)
    assert result["level"] == "error"
    assert "`heat`" in result["message"]["text"]
    assert place(result)["region"] == {"startLine": 10, "startColumn": 7, "endLine": 10, "endColumn": 11}
    assert log["columnKind"] == "unicodeCodePoints"
    assert log["invocations"] == [{"executionSuccessful": True}]


@pytest.mark.parametrize("files", [BROKEN, HOSTILE, {"a.md": CARD}])
def test_whatever_the_cards_hold_the_log_is_valid(
    files: dict[str, str | bytes], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    log = sarif(run)
    told = json.loads(run("validate", "--format", "json").raw)["findings"]
    assert sorted(result["ruleId"] for result in log["results"]) == sorted(each["code"] for each in told)


def test_every_rule_is_described_within_what_github_takes() -> None:
    rules = read(sarif_report.render(Report()))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.code for rule in RULES]
    for rule in rules:
        assert 0 < len(rule["properties"]["tags"]) <= 20
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert "```yaml" in rule["help"]["markdown"]


@pytest.mark.parametrize("name", NASTY)
def test_a_uri_leads_to_the_file_whatever_its_name(name: str, make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({name: card(heat='"67"')})
    log = sarif(run)
    [uri] = uris(log)
    assert not urlsplit(uri).scheme
    base = log["originalUriBaseIds"]["%SRCROOT%"]["uri"]
    assert base.startswith("file:///")
    assert base.endswith("/")
    path = unquote(urlsplit(base + uri).path, errors="surrogateescape")
    assert path == os.path.join(folder, name)


@pytest.mark.parametrize("is_file", [False, True])
def test_paths_are_those_of_the_repository(is_file: bool, make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"site/_news/a.md": card(heat='"67"')})
    (folder / ".git").write_text("gitdir: x") if is_file else (folder / ".git").mkdir()
    os.chdir(folder / "site")
    assert uris(sarif(run)) == uris(sarif(run, str(folder))) == {"site/_news/a.md"}


def test_two_repositories_are_two_bases(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"one/_news/a.md": card(heat='"67"'), "two/_news/a.md": card(heat='"67"')})
    for name in ("one", "two"):
        (folder / name / ".git").mkdir()
    log = sarif(run, "one", "two")
    places = [place(result)["artifactLocation"] for result in log["results"]]
    assert {each["uri"] for each in places} == {"_news/a.md"}
    found = {log["originalUriBaseIds"][each["uriBaseId"]]["uri"] for each in places}
    assert found == {f"file://{folder}/{name}/" for name in ("one", "two")}


def test_a_file_in_no_repository_and_elsewhere_has_a_file_uri(
    make_corpus: MakeCorpus, run: Run, tmp_path: Path
) -> None:
    make_corpus({})
    (tmp_path / "else where.md").write_text(card(heat='"67"'))
    log = sarif(run, "../else where.md")
    assert uris(log) == {f"file://{tmp_path}/else%20where.md"}
    assert log["originalUriBaseIds"] == {}


def test_a_fingerprint_survives_lines_above_and_entries_before(make_corpus: MakeCorpus, run: Run) -> None:
    def prints() -> list[str]:
        return [
            each["partialFingerprints"]["newscards/v1"] for each in sarif(run, "--select", "NC4")["results"]
        ]

    make_corpus({"a.md": with_entry("2023-06-21T08:00:00Z", "2023-13-45")})
    before = prints()
    make_corpus(
        {"a.md": with_entry("2023-06-21T08:00:00Z", "2023-13-45", before=3).replace("---\n", "---\n# x\n", 1)}
    )
    assert prints() == before
    assert len(before) == 1


def test_fingerprints_of_equal_lines_differ(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(BROKEN | HOSTILE)
    results = sarif(run)["results"]
    assert len({each["partialFingerprints"]["newscards/v1"] for each in results}) == len(results)


def test_the_other_cards_are_related_locations_with_ids(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(apart({f"{letter}.md": card(title='"One"') for letter in "abc"}))
    result = sarif(run, "--select", "duplicate-title")["results"][0]
    told = [
        (each["id"], each["physicalLocation"]["artifactLocation"]["uri"], each["physicalLocation"]["region"])
        for each in result["relatedLocations"]
    ]
    assert told == [(1, "a.md", {"startLine": 3}), (2, "b.md", {"startLine": 3})]


def test_of_too_many_findings_the_most_severe_are_kept_and_the_cut_is_told() -> None:
    findings = [finding(number) for number in range(30)] + [finding(99, Severity.ERROR)]
    log = read(sarif_report.render(Report(31, findings), max_results=25))
    assert [len(log["results"]), log["results"][0]["level"]] == [25, "error"]
    [notification] = log["invocations"][0]["toolExecutionNotifications"]
    assert "6 of 31 findings" in notification["message"]["text"]
    assert sarif_report.MAX_RESULTS == 25_000


def test_nothing_in_a_message_is_a_link() -> None:
    [result] = read(sarif_report.render(Report(1, [finding(1)])))["results"]
    assert result["message"]["text"] == r"it is \[so](1)"


def test_a_rule_of_the_configuration_is_described_in_whole_sentences(
    make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({
        "a.md": CARD,
        "newscards.toml": "[rules.weak]\nwhere = 'quality < 10\tOR heat < 0'\n"
        'message = "{quality} is {{weak}}"\n',
    })  # fmt: skip
    rule = sarif(run)["tool"]["driver"]["rules"][-1]
    assert rule["shortDescription"]["text"] == "… is {weak}"
    assert rule["fullDescription"]["text"].endswith("for which this is true: quality < 10 OR heat < 0")


def test_a_severity_of_the_configuration_is_the_level(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": with_lines("x: 1\n"), "newscards.toml": '[severities]\nunknown-key = "error"\n'})
    [result] = sarif(run)["results"]
    assert result["level"] == "error"
