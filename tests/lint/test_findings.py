"""What is told of a whole corpus: a report over several cards, and the exit code that it makes."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.lint.findings import Finding, Report, Severity
from newscards.lint.linter import Linter
from newscards.lint.ruleset import Ruleset
from newscards.rules import RULES
from newscards.rules.selection import every_linter, ruleset
from tests.conftest import MakeCorpus, Result, Run
from tests.lint.test_linter import ANY_BYTES, SAMPLES, STORY, apart, check_places, mutated_cards, scratch
from tests.rules.cases import with_lines
from tests.support import CARD, card

__all__ = ["scratch"]  # a fixture

ONE = card(title='"One"')
FOUR = apart(
    {
        "_news/a.md": ONE,
        "_news/b.md": f"---\n# Again.{ONE.removeprefix('---')}",
        "_news/sub/c.md": ONE,
        "_news/d.md": CARD,
    }
)
"""Three cards of one title, in one of which it stands in line 4, and one that has nothing to do with them."""


def lint(*paths: str, seen: tuple[str, ...] = ()) -> Report:
    linter = every_linter()
    for path in paths:
        linter.check(path)
    for path in seen:
        linter.add_neighbour(path)
    return linter.report()


def places(report: Report) -> list[tuple[str, str, int, tuple[tuple[str, int], ...]]]:
    return [(each.rule.code, each.path, each.line, each.others) for each in report.findings]


def told(result: Result) -> list[tuple[str, str, int, list[tuple[str, int]]]]:
    """Return of each finding in JSON its code, path, line, and the other places."""
    document: dict[str, Any] = json.loads(result.raw)
    return [
        (
            each["code"],
            each["path"],
            each["line"],
            [(other["path"], other["line"]) for other in each["others"]],
        )
        for each in document["findings"]
    ]


A, B, C = ("_news/a.md", 3), ("_news/b.md", 4), ("_news/sub/c.md", 3)
LAST = [("NC602", *C, (A, B))]


def test_several_cards_are_one_finding_with_the_places_in_the_others(make_corpus: MakeCorpus) -> None:
    make_corpus(FOUR)
    report = lint(*FOUR)
    assert places(report) == LAST
    assert (report.cards, report.summary.bad_cards) == (4, 1)


def test_a_card_that_is_only_seen_is_named_and_not_told(make_corpus: MakeCorpus) -> None:
    make_corpus(FOUR)
    report = lint("_news/b.md", seen=("_news/d.md", "_news/sub/c.md", "_news/a.md"))
    assert places(report) == [("NC602", *B, (A, C))]
    assert (report.cards, report.summary.bad_cards) == (1, 1)


@pytest.mark.parametrize(
    ("paths", "cards", "expected"),
    [
        (["."], 4, LAST),
        ([], 4, LAST),
        (["_news"], 4, LAST),
        (["_news/b.md"], 1, [("NC602", *B, (A, C))]),
        (["_news/sub"], 1, LAST),
        (["_news/sub/c.md", "_news/d.md"], 2, LAST),
        (["_news/sub/c.md", "_news/a.md"], 2, LAST),
        (["_news/d.md"], 1, []),
    ],
)
def test_of_the_paths_alone_is_told_and_the_whole_news_folder_is_seen(
    paths: list[str],
    cards: int,
    expected: list[tuple[str, str, int, tuple[tuple[str, int], ...]]],
    make_corpus: MakeCorpus,
    run: Run,
) -> None:
    make_corpus(FOUR)
    result = run("validate", "--format", "json", *paths)
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.raw)["summary"]["cards"] == cards
    assert [(*each[:3], set(each[3])) for each in told(result)] == [
        (*each[:3], set(each[3])) for each in expected
    ]


def test_the_whole_news_folder_is_seen_from_a_folder_within(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_corpus(FOUR) / "_news" / "sub")
    assert told(run("validate", "c.md", "--format", "json")) == [
        ("NC602", "c.md", 3, [("../a.md", 3), ("../b.md", 4)])
    ]


def test_cards_of_two_sites_are_not_compared(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(
        apart({"first/_news/2023-06-20-a.md": ONE, "second/_news/a.md": ONE, "second/_news/b.md": CARD})
    )
    assert run("validate").out == "3 cards checked: all fine.\n"
    assert run("validate", "first", "second").out == "3 cards checked: all fine.\n"


def test_what_is_wrong_with_a_card_that_is_only_seen_is_not_told(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus(
        apart({"_news/a.md": CARD, "_news/b.md": "", "_news/c.md": card(heat="x"), "_news/d.md": b"\xff"})
    )
    os.symlink("gone.md", folder / "_news" / "e.md")
    result = run("validate", "_news/a.md")
    assert (result.code, result.out, result.err) == (0, "1 card checked: all fine.\n", "")


def test_findings_over_several_cards_stand_among_the_others_by_place(make_corpus: MakeCorpus) -> None:
    wrong = card(title='"One"', category="x", excerpt="5", type="y")
    make_corpus(apart({"b.md": wrong, "a.md": wrong}))
    assert [(each.path, each.line, each.rule.code) for each in lint("b.md", "a.md").findings] == [
        (path, *place)
        for path in ("b.md", "a.md")
        for place in ((2, "NC403"), (3, "NC602"), (4, "NC302"), (8, "NC403"))
        if (path, place[1]) != ("a.md", "NC602")
    ]


def test_without_a_rule_over_several_cards_the_corpus_is_not_needed() -> None:
    assert every_linter().needs_corpus
    alone = {rule: rule.severity for rule in RULES if not rule.corpus}
    assert not Linter(Ruleset(alone, RULES)).needs_corpus


def test_a_finding_over_several_cards_has_the_severity_and_the_ignores_of_the_settings(
    make_corpus: MakeCorpus,
) -> None:
    make_corpus(FOUR)
    linter = Linter(ruleset(RULES, {"NC602": Severity.ERROR}, {"_news/a.md": ["duplicate-title"]}))
    for path in FOUR:
        linter.check(path)
    report = linter.report()
    assert places(report) == LAST
    assert {each.severity for each in report.findings} == {Severity.ERROR}


def test_a_card_that_is_gone_before_the_report_is_told_at_its_beginning(make_corpus: MakeCorpus) -> None:
    folder = make_corpus(FOUR)
    linter = every_linter()
    for path in FOUR:
        linter.check(path)
    (folder / "_news/b.md").unlink()
    (folder / "_news/sub/c.md").write_text("---\ntitle: 'x\n---\n")
    b, c = ("_news/b.md", 1), ("_news/sub/c.md", 1)
    assert places(linter.report()) == [("NC602", *c, (A, b))]


def test_one_url_in_very_many_cards_names_a_hundred_of_them(make_corpus: MakeCorpus) -> None:
    texts = apart({f"{number:03}.md": ONE for number in range(150)})
    make_corpus(texts)
    report = lint(*texts)
    assert [each.path for each in report.findings] == ["149.md"]
    for finding in report.findings:
        names = [path for path, _ in finding.others]
        assert len(set(names) - {finding.path}) == len(names) == 100
        assert finding.message.endswith(" and 147 more, published too")


def test_a_report_counts_cards_and_findings(make_corpus: MakeCorpus) -> None:
    make_corpus(apart({"a.md": card(quality='"6"', heat='"7"'), "b.md": with_lines("x: 1\n"), "c.md": CARD}))
    linter = every_linter()
    for path in ("a.md", "b.md", "c.md"):
        linter.check(path)
    report = linter.report()
    assert (report.cards, report.summary.bad_cards) == (3, 2)
    assert (report.summary.errors, report.summary.warnings) == (2, 1)
    assert [finding.path for finding in report.findings] == ["a.md", "a.md", "b.md"]
    assert [(rule.code, severity, n) for (rule, severity), n in report.by_rule] == [
        ("NC302", Severity.ERROR, 2),
        ("NC304", Severity.WARNING, 1),
    ]


WARNING, ERROR = with_lines("x: 1\n"), card(heat="x")
EXIT_CODES = [
    (CARD, [], 0), (CARD, ["--strict"], 0), (CARD, ["--exit-zero"], 0),
    (WARNING, [], 0), (WARNING, ["--strict"], 1), (WARNING, ["--exit-zero"], 0),
    (WARNING, ["--strict", "--exit-zero"], 0), (WARNING, ["--strict", "--ignore", "NC304"], 0),
    (ERROR, [], 1), (ERROR, ["--strict"], 1), (ERROR, ["--exit-zero"], 0),
    (ERROR, ["--strict", "--exit-zero"], 0), (ERROR, ["--ignore", "NC302"], 0),
    (ERROR, ["--select", "NC302"], 1), (ERROR, ["--select", "NC4,NC5"], 0),
]  # fmt: skip


@pytest.mark.parametrize("form", ["text", "concise", "json", "jsonl"])
@pytest.mark.parametrize("further", [[], ["--statistics"], ["--quiet"]])
@pytest.mark.parametrize(("text", "options", "code"), EXIT_CODES)
def test_the_exit_code_is_that_of_the_findings_whatever_the_format(
    text: str, options: list[str], code: int, further: list[str], form: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"a.md": text})
    result = run("validate", "--format", form, *further, *options)
    assert (result.code, result.err) == (code, "")


@pytest.mark.parametrize("options", [[], ["--strict"], ["--exit-zero"], ["--strict", "--exit-zero"]])
def test_strict_and_exit_zero_change_nothing_that_is_told(
    options: list[str], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(FOUR | {"_news/e.md": WARNING, "_news/f.md": ERROR})
    assert run("validate", *options).raw == run("validate").raw


@pytest.mark.parametrize("options", [["--exit-zero"], ["--strict", "--exit-zero"]])
def test_wrong_usage_is_no_finding_and_exit_zero_does_not_hide_it(
    options: list[str], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"a.md": CARD})
    for wrong in (["nosuch"], ["--select", "NC999"], ["--format", "table"]):
        result = run("validate", *options, *wrong)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("error: ")


def check_report(sources: tuple[bytes, bytes], path: Path) -> None:
    """Check two cards, each by itself and both together."""
    cards = {
        str(path.with_name(name)): source for name, source in zip(("y.md", "z.md"), sources, strict=True)
    }
    linter = every_linter()
    alone: list[Finding] = []
    for name, source in cards.items():
        Path(name).write_bytes(source)
        alone += linter.check(name)
    report = linter.report()
    check_places(report.findings, cards)
    assert report.cards == 2
    # In the report a fix may be left out that would clash with another card.
    of_corpus = {rule.code for rule in RULES if rule.corpus}
    own = [
        (each.path, each.rule, each.field, *each[3:7])
        for each in report.findings
        if each.rule.code not in of_corpus and not each.field.startswith("related[")
    ]
    expected = [
        (each.path, each.rule, each.field, *each[3:7])
        for each in alone
        if not each.field.startswith("related[")
    ]
    # What is a consequence of something that comparing the cards found is not reported.
    explained = [each for each in expected if each not in own]
    assert {each[1].code for each in explained} <= {"NC412", "NC413", "NC610"}
    assert own == [each for each in expected if each in own]
    # What is found in entries has its place in the report, or is one of the copies of a finding.
    reported = Counter((each.path, each.rule.code) for each in report.findings for _ in range(1 + each.more))
    reported.update((each[0], each[1].code) for each in explained)
    for finding in report.findings:
        reported.update((other, finding.rule.code) for other, _ in finding.others)
        for other, line in finding.others:
            assert other in cards
            assert 1 <= line <= cards[other].count(b"\n") + 1
    assert not Counter((each.path, each.rule.code) for each in alone) - reported
    # Of a card whose neighbours are not reported, all that concerns it is, and perhaps what follows from a
    # mistake in a neighbour, which is then not known. A card that is not read as meant is not compared.
    (first, second) = cards
    other_way = every_linter()
    other_way.check(first)
    other_way.add_neighbour(second)
    findings = other_way.report().findings
    assert {each.path for each in findings} <= {first}
    concerning = {
        each.rule.code
        for each in report.findings
        if first in (each.path, *(other for other, _ in each.others))
    }
    is_read_as_meant = concerning.isdisjoint({"NC107", "NC112", "NC305", "NC306"})
    assert not is_read_as_meant or {each.rule.code for each in findings} >= concerning


@given(first=ANY_BYTES, second=ANY_BYTES | st.sampled_from(SAMPLES), same=st.booleans())
@settings(deadline=None, derandomize=True, max_examples=80)
def test_a_report_on_any_two_files_has_its_places(
    first: bytes, second: bytes, same: bool, scratch: Path
) -> None:
    check_report((first, first if same else second), scratch)


@given(cards=st.tuples(mutated_cards(), mutated_cards()))
@settings(deadline=None, derandomize=True, max_examples=50)
def test_a_report_on_any_two_broken_cards_has_its_places(cards: tuple[bytes, bytes], scratch: Path) -> None:
    check_report(cards, scratch)


@given(cards=st.tuples(*(mutated_cards([each], most=1) for each in STORY)))
@settings(deadline=None, derandomize=True, max_examples=150)
def test_a_report_on_any_two_broken_cards_of_a_story_has_its_places(
    cards: tuple[bytes, bytes], scratch: Path
) -> None:
    check_report(cards, scratch)


@given(copied=mutated_cards())
@settings(deadline=None, derandomize=True, max_examples=50)
def test_a_report_on_any_broken_card_and_its_copy_has_its_places(copied: bytes, scratch: Path) -> None:
    check_report((copied, copied), scratch)
