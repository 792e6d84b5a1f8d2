"""``newscards rule``: the documentation of a rule, and the table of all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newscards.rules import RULES
from tests.commands.test_help import use_pager
from tests.conftest import MakeCorpus, Run
from tests.support import matches_snapshot
from tests.support.terminal import run_in_terminal


def test_a_rule_is_explained(run: Run) -> None:
    result = run("rule", "hidden-by-date")
    assert (result.code, result.err) == (0, "")
    matches_snapshot("rule.txt", result.out)


@pytest.mark.parametrize("word", ["NC203", "nc203", "hidden-by-date"])
def test_a_rule_is_named_by_code_or_name(word: str, run: Run) -> None:
    assert run("rule", word).out == run("rule", "NC203").out


def test_all_rules_are_listed_by_family(run: Run) -> None:
    result = run("rule")
    matches_snapshot("rules.txt", result.out)
    assert all(f"{rule.code} {rule.severity.value[0].upper()}  {rule.name}" in result.out for rule in RULES)


def test_a_family_lists_its_rules(run: Run) -> None:
    out = run("rule", "NC2").out
    assert "NC201" in out
    assert "NC301" not in out


def test_all_is_there_as_json(run: Run) -> None:
    listed = json.loads(run("rule", "--format", "json").out)
    assert [each["code"] for each in listed] == [rule.code for rule in RULES]
    assert {*listed[0]} == {
        "code", "name", "severity", "summary", "why", "fails", "passes", "fix", "fixedBy",
    }  # fmt: skip
    assert all(value for each in listed for key, value in each.items() if key != "fixedBy")
    assert len(json.loads(run("rule", "NC203", "--format", "json").out)) == 1


OWN = """\
[rules.too-weak]
where = "published and quality < 40"
message = "quality {quality} is below 40"
help = "hide it, or raise its quality"
severity = "error"
[rules.one-source]
query = '''
SELECT path
FROM stories JOIN cards USING (story)
'''
"""


def test_a_rule_of_the_configuration_is_explained_and_listed(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"newscards.toml": OWN})
    told = "".join(run("rule", word).out for word in ("too-weak", "one-source", "own"))
    matches_snapshot("own_rules.txt", told)
    assert run("rule").out.endswith(run("rule", "own").out)
    first, second = json.loads(run("rule", "own", "--format", "json").out)
    assert (first["name"], first["severity"], first["sql"]) == (
        "too-weak", "error", "published and quality < 40",
    )  # fmt: skip
    assert second["sql"] == "SELECT path\nFROM stories JOIN cards USING (story)"


def test_a_configuration_without_rules_lists_none(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({})
    result = run("rule", "own")
    assert (result.code, result.out.count("rules of the configuration")) == (0, 0)


def test_a_rule_that_there_is_not_is_wrong_usage(run: Run) -> None:
    result = run("rule", "hiden-by-date")
    assert (result.code, result.out) == (2, "")
    assert "did you mean `hidden-by-date`" in result.err


def test_no_line_is_longer_than_the_terminal_and_none_ends_with_blanks(run: Run) -> None:
    for rule in RULES:
        lines = run("rule", rule.code).out.splitlines()
        assert max(map(len, lines)) <= 80 or "://" in max(lines, key=len) or rule.name == "beyond-limits"
        assert not any(line.endswith(" ") for line in lines), rule.name


def test_a_rule_goes_through_the_pager_where_it_is_longer_than_the_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_pager(monkeypatch, tmp_path / "pager", "echo paged\nexec cat")
    for args in (["rule"], ["rule", "NC606"]):
        _, short = run_in_terminal(args, cwd=tmp_path, lines=1000)
        assert run_in_terminal(args, cwd=tmp_path, lines=10) == (0, f"paged\n{short}")
