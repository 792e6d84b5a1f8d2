"""What a terminal shows of many findings: the first of each rule, never more than 300 lines, and a table."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.lint.findings import Finding, RuleName, Severity
from newscards.output.terminal.overview import View, counts_of_rules, selected
from newscards.rules import RULES
from tests.conftest import MakeCorpus, Run
from tests.lint.test_linter import apart
from tests.output.terminal.test_findings import BROKEN, HOSTILE, LONG
from tests.support import card, matches_snapshot
from tests.support.terminal import in_terminal

HEAD = re.compile(r"^(error|warning)\[(NC\d+)\] .*\n *--> (.*?):\d+:\d+( \(published\))?$", re.MULTILINE)


def many(count: int, published: int = 0) -> dict[str, str | bytes]:
    """Return cards that have each a title with blanks; so many of them are published, the last ones."""
    return apart(
        {
            f"{number:03}.md": card(
                title=f'"Well {number} "',
                published="true" if number >= count - published else "false",
                heat="67" if number >= count - published else "-1",
            )
            for number in range(count)
        }
    )


def test_errors_come_first_then_published_cards_then_the_rest(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(many(4, published=2) | {"zzz.md": many(1)["000.md"].replace("67", '"67"')})  # type: ignore[arg-type]
    args = ["validate", "--select", "NC3,NC5"]
    places = [(severity, path, bool(mark)) for severity, _, path, mark in HEAD.findall(run(*args).out)]
    assert places == [
        ("error", "zzz.md", False),
        ("warning", "002.md", True),
        ("warning", "003.md", True),
        ("warning", "000.md", False),
        ("warning", "001.md", False),
        ("warning", "zzz.md", False),
    ]
    for form in ("json", "jsonl", "concise"):
        out = run(*args, "--format", form).out
        assert re.findall(r"\b\w{3}\.md", out) == [path for _, path, _ in places]
    assert [
        (each["severity"], each["path"], each["published"])
        for each in json.loads(run(*args, "--format", "json").out)["findings"]
    ] == places


def test_a_terminal_shows_three_of_a_rule_and_how_to_see_the_others(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({f"site/{name}": text for name, text in many(12, published=2).items()})
    args = ["validate", "site", "--corpus", "x y", "--strict", "--ignore", "NC6"]
    code, screen = in_terminal(args, cwd=folder)
    assert code == 1
    assert [path for _, _, path, _ in HEAD.findall(screen)] == [f"site/{n}.md" for n in ("010", "011", "000")]
    (line,) = re.findall(r"^and 9 more: (.*)$", screen, re.MULTILINE)
    assert line == "newscards validate --select NC502 --strict --corpus 'x y' site"
    assert "Rule" not in screen  # a table is for more
    code, screen = in_terminal(shlex.split(line)[1:], cwd=folder)
    assert (code, len(HEAD.findall(screen)), "more:" in screen) == (1, 12, False)


@pytest.mark.parametrize(
    ("args", "before", "after"),
    [
        (["validate"], "", ""),
        (["--corpus", ".", "validate", "--limit", "2"], " --corpus .", ""),
        (["validate", "--ignore", "NC302", "./001.md", "--group=rule", "."], "", " ./001.md ."),
        (["validate", "--format=concise", "--color", "never", "."], "", " --color never --format concise ."),
        (["validate", "--", "."], "", " ."),
        (["validate", "--select", "NC5,NC4", "-0"], "", " --null"),
    ],
)
def test_the_command_has_what_the_user_typed_but_for_what_it_writes_and_chooses(
    args: list[str], before: str, after: str, make_corpus: MakeCorpus
) -> None:
    _, screen = in_terminal(args, cwd=make_corpus(many(9)))
    for line in re.findall(r"^and \d+ more: (.*)$", screen, re.MULTILINE):
        found = re.fullmatch(r"newscards(.*) validate --select NC\d+(.*)", line)
        assert found
        assert found[1] == before
        assert sorted(found[2].split()) == sorted(after.split())
    assert "more:" in screen


def test_a_command_with_hundreds_of_paths_is_not_printed(make_corpus: MakeCorpus) -> None:
    folder = make_corpus(many(99))
    _, screen = in_terminal(["validate", *sorted(many(99))], cwd=folder)
    assert "\nand 96 more: the same with --select NC502\n" in screen


@pytest.mark.parametrize(("limit", "shown"), [("0", 30), ("1", 1), ("29", 29), ("1000", 30)])
def test_a_limit_counts_in_a_terminal_and_in_a_pipe(
    limit: str, shown: int, make_corpus: MakeCorpus, run: Run
) -> None:
    folder = make_corpus(many(30))
    _, screen = in_terminal(["validate", "--limit", limit], cwd=folder)
    piped = run("validate", "--limit", limit)
    assert len(HEAD.findall(screen)) == len(HEAD.findall(piped.out)) == shown
    assert (f"and {30 - shown} more" in screen) == (f"and {30 - shown} more" in piped.out) == (shown < 30)
    assert screen.count("\nRule ") == 1
    for form in ("json", "jsonl"):
        assert run("validate", "--limit", limit, "--format", form).out.count("NC502") == shown
    assert json.loads(run("validate", "--limit", limit, "--format", "json").out)["summary"]["warnings"] == 30
    assert run("validate").out.count("[NC502]") == 30
    assert len(HEAD.findall(run("validate", "-q", "--limit", limit).out)) == shown


def test_quiet_prints_findings_alone_and_leaves_none_out(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(many(30))
    assert in_terminal(["validate", "-q"], cwd=folder)[1] == run("validate", "-q").out


def test_in_ci_all_findings_are_shown(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus(many(30))
    monkeypatch.setenv("CI", "true")
    assert in_terminal(["validate"], cwd=folder)[1] == run("validate").out
    monkeypatch.setenv("CI", "false")
    assert len(HEAD.findall(in_terminal(["validate"], cwd=folder)[1])) == 3


@pytest.mark.parametrize("form", ["sarif", "junit", "github", "gitlab"])
@pytest.mark.parametrize("option", [["--limit", "3"], ["--group", "rule"]])
def test_a_limit_goes_only_with_formats_that_list_findings(form: str, option: list[str], run: Run) -> None:
    result = run("validate", "--format", form, *option)
    assert (result.code, result.out) == (2, "")
    assert f"{option[0]} goes with text, concise, json, jsonl, not with {form}" in result.err
    assert run("validate", "--statistics", *option).code == 2


def test_files_of_output_have_all_findings(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(many(30))
    run("validate", "--limit", "1", "--output", "text:all.txt")
    assert len(HEAD.findall((folder / "all.txt").read_text())) == 30


@pytest.mark.parametrize("width", [60, 80])
def test_the_terminal_is_a_snapshot(width: int, make_corpus: MakeCorpus) -> None:
    folder = make_corpus(many(25, published=2) | {"zz.md": card(quality='"67"', heat="x", title='"Ebb "')})
    _, screen = in_terminal(["validate", "--select", "NC3,NC5"], cwd=folder, columns=width)
    table = screen[screen.index("\nRule") :]
    assert max(map(len, table.splitlines())) <= max(width, 80)
    matches_snapshot(f"validate-terminal-{width}.txt", screen)


def test_findings_by_rule_are_a_snapshot(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(many(3, published=1) | {"zz.md": card(quality='"67"', heat="x", title='"Ebb "')})
    args = ["validate", "--select", "NC3,NC5", "--group", "rule"]
    matches_snapshot("validate-by-rule.txt", run(*args).out)


@pytest.mark.parametrize("width", [20, 60, 80, 200])
@pytest.mark.parametrize("files", [BROKEN, HOSTILE, LONG])
def test_a_terminal_never_gets_more_than_300_lines(
    width: int, files: dict[str, str | bytes], make_corpus: MakeCorpus
) -> None:
    copies = {f"{n}/{name}": text for n in range(5) for name, text in files.items()}
    _, screen = in_terminal(["validate"], cwd=make_corpus(copies), columns=width)
    if width >= 60:  # the rows of a wrapped line count
        assert sum(1 + max(len(line) - 1, 0) // width for line in screen.splitlines()) <= 300
    assert max(Counter(code for _, code, _, _ in HEAD.findall(screen)).values(), default=0) <= 3
    (number,) = re.findall(r"^Found (\d+)", screen, re.MULTILINE)[-1:]
    assert number


findings = st.builds(
    Finding,
    st.sampled_from([rule.rule_name for rule in RULES[:6]]),
    st.sampled_from(Severity),
    st.sampled_from(["a.md", "b.md"]),
    *[st.just(1)] * 4,
    *[st.just("")] * 4,
    is_published=st.booleans(),
)  # fmt: skip


@given(st.lists(findings, max_size=40), st.integers(0, 4), st.integers(0, 30), st.booleans())
def test_what_is_shown_is_the_most_urgent_of_each_rule(
    found: list[Finding], limit: int, room: int, is_by_rule: bool
) -> None:
    shown = selected(found, View(limit, by_rule=is_by_rule), lambda finding: 1, room)
    everything = selected(found, View(0, by_rule=is_by_rule))
    assert sorted(everything) == sorted(found)
    counts = Counter(finding.rule for finding in shown)
    assert len(shown) <= room
    assert not limit or max(counts.values(), default=0) <= limit
    enough = {
        rule: min(count, limit or count) for rule, count in Counter(each.rule for each in found).items()
    }
    assert len(shown) == min(room, sum(enough.values()))
    order = [each.rule for each in counts_of_rules(found)]
    keys = [(order.index(each.rule) if is_by_rule else 0, each.rank) for each in shown]
    assert not is_by_rule or len({rule: 0 for rule, _ in [(each.rule, 0) for each in shown]}) == len(counts)
    if len({(each.rule, each.severity) for each in found}) == len({each.rule for each in found}):
        assert keys == sorted(keys)


def test_every_rule_is_shown_once_before_another_is_shown_twice() -> None:
    names = [RuleName(f"NC10{number}", f"rule-{number}") for number in range(4)]
    found = [
        Finding(name, Severity.WARNING, "a.md", 1, 1, 1, 2, "", "", "", "")
        for name in names
        for _ in range(10)
    ]
    shown = selected(found, View(3), lambda finding: 1, 6)
    assert Counter(each.rule for each in shown) == dict(zip(names, (2, 2, 1, 1), strict=True))


def test_a_terminal_after_a_run_in_a_pipe_is_as_before(
    make_corpus: MakeCorpus, run: Run, tmp_path: Path
) -> None:
    folder = make_corpus(many(250, published=20))
    piped = run("validate").out
    assert in_terminal(["validate", "--limit", "0"], cwd=folder)[1].startswith(piped[: piped.index("Found")])
    assert run("validate").out == piped
