"""``validate``'s other texts for people, through the real entry point: concise, statistics, other cards."""

from __future__ import annotations

import os
import re

import pytest

from newscards.lint.findings import MAX_LISTED, Finding, Report, Severity
from newscards.output.terminal.findings import finding_text, statistics_text
from newscards.output.terminal.page import Page
from newscards.rules import RULES
from tests.conftest import MakeCorpus, Run
from tests.lint.test_linter import apart
from tests.output.terminal.test_findings import AS_NEWS, BROKEN, HOSTILE, LONG, UNSEEN
from tests.rules.cases import BACK, ENTRY, listing, north, replaced, story, with_lines
from tests.support import CARD, card, matches_snapshot

CONTROLS = "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"

SEVERAL: dict[str, str | bytes] = {
    **story(ENTRY.replace("quality: 60", "quality: 20"), published="true", heat="67"),
    **apart(
        {
            "601-a.md": card(webUrl='"https://www.tide.example/one"'),
            "601-b.md": card(webUrl='"https://www.tide.example/one/?utm_source=feed"'),
            **{f"602-{letter}.md": card(title='"One"') for letter in "abcdef"},
            "608.md": card(related=f"\n{ENTRY.rstrip()}"),
            "611/x.md": CARD,
            "611/y/x.md": CARD,
            "612.md": replaced("name: Tide", "name: The Tide"),
            "613.md": card(topics="[oceans]"),
            **{f"614-{letter}.md": card(secured=f'"{"B" * 22}==;{"B" * 22}=="') for letter in "abcd"},
        }
    ),
}
SOUTH = ENTRY.replace("north", "south").replace("quality: 60", "quality: 70").replace("-21T08", "-22T08")
CONVENTIONS: dict[str, str | bytes] = {
    "2023-06-20-gauges.md": card(related=listing(ENTRY, SOUTH, SOUTH, BACK), published="false"),
    "2023-06-20-north.md": north(heat="67", secured=f'"{"C" * 22}==;{"C" * 22}=="'),
    "wells.md": card(title='"Wells"', webUrl='"https://www.tide.example/wells"', secured=None),
}
"""A story with two heads, and a card that does not follow what the others have in common."""
SEVERAL["north.md"] = str(SEVERAL["north.md"]).replace("A" * 22, "C" * 22)


def test_every_kind_of_finding_over_several_cards_is_told(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: set[str] = set()
    for name, cards in (("several", SEVERAL), ("conventions", CONVENTIONS)):
        monkeypatch.chdir(make_corpus({f"{name}/{path}": text for path, text in cards.items()}) / name)
        result = run("validate")
        assert (result.code, result.err) == (0, "")
        told.update(re.findall(r"^(?:error|warning)\[(NC\d+)\]", result.out, re.MULTILINE))
        matches_snapshot(f"validate-{name}.txt", result.out)
    # Of unknown topics only a registry knows, and then spellings are not compared.
    assert told >= {rule.code for rule in RULES if rule.corpus} - {"NC615"}


@pytest.mark.parametrize(
    ("count", "lines"),
    [
        (1, []),
        (2, ["also: b.md:3"]),
        (4, ["also: b.md:3", "also: c.md:3", "also: d.md:3"]),
        (5, ["also: b.md:3", "also: c.md:3", "also: d.md:3", "and 1 more"]),
        (26, ["also: b.md:3", "also: c.md:3", "also: d.md:3", "and 22 more"]),
    ],
)
def test_three_of_the_other_cards_are_named_and_the_rest_is_counted(
    count: int, lines: list[str], make_corpus: MakeCorpus, run: Run
) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"[:count]
    make_corpus(apart({f"{letter}.md": card(title='"One"') for letter in letters}))
    first = run("validate", "a.md").out.partition("\n\n")[0].splitlines()
    assert [line.removeprefix("  = ") for line in first if re.match("  = (also|and)", line)] == lines
    if lines:
        assert first[-1] == "  = help: hide one, or tell them apart"


def test_the_lines_of_other_cards_stand_below_the_gutter(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(apart({f"{letter}.md": card(secured=f'"{"B" * 22}==;{"B" * 22}=="') for letter in "ab"}))
    assert (
        run("validate", "a.md").out
        == """\
warning[NC614] secured-reused-iv: its iv, after the `;`, is also that of `b`
  --> a.md:27:10 (published)
   |
27 | secured: "BBBBBBBBBBBBBBBBBBBBBB==;BBBBBBBBBBBBBBBBBBBBBB=="
   |          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
   = also: b.md:27
   = help: restore the value from the card's history

Found 1 warning in 1 of 1 card. 1 is in a published card.
"""
    )


def test_the_name_of_another_card_is_no_more_than_text(make_corpus: MakeCorpus, run: Run) -> None:
    names = ["\x1b[31m\u202e[bold]\n.md", os.fsdecode(b"caf\xe9.md"), "b.md"]
    make_corpus(apart({name: card(title='"One"') for name in names}))
    for form in ("text", "concise"):
        result = run("validate", "--select", "NC602", "--format", form)
        assert not re.search(CONTROLS, result.out)
        assert "[bold]" in result.out
    for path, name in ((names[1], "\\x1b[31m\\u202e[bold] "), (names[0], "caf\ufffd")):
        assert f"= also: {name}.md:3\n" in run("validate", "--select", "NC602", path).out


def test_concise_is_a_line_a_finding(make_corpus: MakeCorpus, run: Run) -> None:
    os.symlink("gone.md", make_corpus(BROKEN | UNSEEN) / "101.md")
    result = run("validate", *AS_NEWS, "--format", "concise", ".", "_204.md")
    assert (result.code, result.err) == (1, "")
    matches_snapshot("validate-concise.txt", result.out)


@pytest.mark.parametrize("files", [BROKEN, HOSTILE, LONG, SEVERAL])
def test_concise_tells_what_the_text_tells(
    files: dict[str, str | bytes], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    concise, found, summary = run("validate", "--format", "concise").out.partition("Found ")
    text = run("validate").out
    heads = re.findall(r"^((?:error|warning)\[NC\d+\].*)\n *--> (.*)$", text, re.MULTILINE)
    assert concise.splitlines() == [f"{place.removesuffix(' (published)')}: {head}" for head, place in heads]
    assert text.endswith(found + summary)


def test_concise_and_statistics_bring_no_escape_of_a_card(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(HOSTILE)
    for options in (["--format", "concise"], ["--statistics"]):
        plain, colored = run("validate", *options).out, run("--color", "always", "validate", *options).out
        assert not re.search(CONTROLS, plain)
        assert "\x1b[" in colored
        assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_statistics_count_the_findings_of_each_rule(make_corpus: MakeCorpus, run: Run) -> None:
    os.symlink("gone.md", make_corpus(BROKEN | UNSEEN) / "101.md")
    result = run("validate", *AS_NEWS, "--statistics", ".", "_204.md")
    assert (result.code, result.err) == (1, "")
    matches_snapshot("validate-statistics.txt", result.out)
    assert run("validate", *AS_NEWS, "--statistics", "--format", "concise", ".", "_204.md").raw == result.raw


def test_statistics_name_a_rule_of_the_configuration_once(make_corpus: MakeCorpus, run: Run) -> None:
    rule = '[rules.too-weak]\nwhere = "quality < 90"\nmessage = "quality below 90"\n'
    make_corpus({"newscards.toml": rule, "a.md": card(quality="80")})
    assert (
        run("validate", "--statistics", "--select", "too-weak").out.splitlines()[0] == "1  warning[too-weak]"
    )


def test_statistics_have_the_most_first_and_then_the_code(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(
        apart(
            {"a.md": card(type="x", heat="y"), "b.md": with_lines("".join(f"k{n}: 1\n" for n in range(10)))}
        )
    )
    assert (
        run("validate", "--statistics").out
        == """\
10  warning[NC304]  unknown-key
 1  error[NC302]    wrong-type
 1  error[NC403]    unknown-choice
Found 2 errors and 10 warnings in 2 of 2 cards. 12 are in published cards.
"""
    )


def finding(number: int, others: int = 0) -> Finding:
    rule = RULES[number % 2]
    places = tuple((f"{at}.md", at) for at in range(others))
    return Finding(rule.rule_name, Severity.ERROR, "a.md", 1, 1, 1, 2, "x", "", f"{number}", "", places)


def test_counts_of_thousands_are_set_apart_and_aligned() -> None:
    report = Report(1, [finding(n) for n in (0, *[1] * 1234)])
    assert (
        statistics_text(Page(), report)
        == """\
1,234  error[NC102]    not-utf8
    1  error[NC101]    unreadable-file
"""
    )


def test_of_an_empty_report_there_is_nothing_to_count() -> None:
    assert statistics_text(Page(), Report(5)) == ""


def test_where_not_all_other_cards_are_listed_there_are_at_least_as_many_more() -> None:
    assert finding_text(Page(), finding(0, others=MAX_LISTED)).endswith("  = and at least 97 more\n\n")


def test_without_help_the_other_cards_are_the_last_lines() -> None:
    assert finding_text(Page(), finding(0, others=5)).endswith(
        "  = also: 0.md:0\n  = also: 1.md:1\n  = also: 2.md:2\n  = and 2 more\n\n"
    )


@pytest.mark.parametrize("options", [[], ["--format", "concise"], ["--statistics"]])
@pytest.mark.parametrize("quiet", ["-q", "--quiet"])
@pytest.mark.parametrize("files", [BROKEN, SEVERAL, {"a.md": CARD}])
def test_quiet_leaves_out_the_summary_alone(
    files: dict[str, str | bytes], quiet: str, options: list[str], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    loud, told = run("validate", *options), run("validate", quiet, *options)
    end = re.search("^(Found |1 card checked)", loud.out, re.MULTILINE)
    assert end
    assert (told.out, told.err, told.code) == (loud.out[: end.start()], "", loud.code)
