"""Which rules are checked: codes, families and names, chosen and ignored."""

from __future__ import annotations

import pytest

from newscards.corpus.declared_rules import DeclaredRule
from newscards.errors import NewscardsError
from newscards.lint.findings import Severity
from newscards.lint.rule import Rule
from newscards.lint.ruleset import specificity
from newscards.rules import RULES
from newscards.rules.selection import check_selector, ruleset, selected

NC2 = {rule.code for rule in RULES if rule.code.startswith("NC2")}
ALL = {rule.code for rule in RULES}


def codes(select: list[str], ignore: list[str]) -> set[str]:
    return {rule.code for rule in selected(select, ignore)}


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ([], [], ALL),
        (["NC"], [], ALL),
        (["NC2"], [], NC2),
        (["nc2"], [], NC2),
        ([" NC201 "], [], {"NC201"}),
        (["published-not-boolean"], [], {"NC201"}),
        (["NC2", "duplicate-title"], [], NC2 | {"NC602"}),
        ([], ["NC2"], ALL - NC2),
        (["NC2"], ["NC201"], NC2 - {"NC201"}),
        (["NC201"], ["NC2"], {"NC201"}),
        (["published-not-boolean"], ["NC2"], {"NC201"}),
        (["NC2"], ["published-not-boolean"], NC2 - {"NC201"}),
        (["NC2"], ["NC2"], set()),
        (["NC201"], ["published-not-boolean"], set()),
        ([], ["NC"], set()),
        (["NC20", "NC1"], ["NC2"], NC2 | {code for code in ALL if code.startswith("NC1")}),
    ],
)
def test_the_closer_word_counts_and_of_two_as_close_the_ignoring_one(
    select: list[str], ignore: list[str], expected: set[str]
) -> None:
    assert codes(select, ignore) == expected


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("NC999", "newscards rule"),
        ("NC7", "newscards rule"),
        ("published-not-bolean", "did you mean `published-not-boolean`"),
        ("E501", "newscards rule"),
        ("", "newscards rule"),
        ("published", "did you mean"),
    ],
)
def test_a_word_that_means_no_rule_is_an_error_with_the_nearest(word: str, hint: str) -> None:
    for check in (lambda: check_selector(word), lambda: selected([word], []), lambda: selected([], [word])):
        with pytest.raises(NewscardsError, match="no rule is called") as caught:
            check()
        assert hint in caught.value.hint


def test_every_rule_is_meant_by_its_name_its_code_and_its_family() -> None:
    for rule in RULES:
        name, code, family = (specificity(word, rule) for word in (rule.name, rule.code, rule.code[:3]))
        assert name == code > family > 0


def test_a_ruleset_gives_each_rule_the_severity_of_the_closest_word() -> None:
    words = {"NC": Severity.ERROR, "NC6": Severity.WARNING, "duplicate-title": Severity.ERROR}
    found = {rule.code: severity for rule, severity in ruleset(RULES, words, {}).severities.items()}
    assert (found["NC501"], found["NC601"], found["NC602"]) == (
        Severity.ERROR, Severity.WARNING, Severity.ERROR,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "path", "ignored"),
    [
        ("*.md", "a/b.md", True), ("b.md", "a/b.md", True), ("a/*", "a/b/c.md", True),
        ("a/b.md", "a/b.md", True), ("a", "a/b.md", True), ("./a/", "a/b/c.md", True),
        ("/a", "a/b.md", True), ("b", "a/b.md", False), ("*.txt", "a/b.md", False),
        ("A/*", "a/b.md", False), ("[ab].md", "x/b.md", True),
    ],
)  # fmt: skip
def test_patterns_are_about_the_whole_path_or_the_name(pattern: str, path: str, ignored: bool) -> None:
    rules = ruleset(RULES, {}, {pattern: ["NC2"]}).ignored(path)
    assert {rule.code for rule in rules} == (NC2 if ignored else set())


OWN = Rule("too-weak", "too-weak", Severity.WARNING, declared=DeclaredRule("too-weak", "quality < 40"))
KNOWN = (*RULES, OWN)


@pytest.mark.parametrize(
    ("select", "ignore", "is_selected"),
    [
        ([], [], True),
        (["NC"], [], True),
        (["own"], [], True),
        (["too-weak"], [], True),
        (["NC1", "NC2"], [], False),
        (["published-not-boolean"], [], False),
        ([], ["own"], False),
        ([], ["NC1"], True),
        ([], ["too-weak"], False),
        (["too-weak"], ["own"], True),
        (["own"], ["NC"], True),
        (["own"], ["too-weak"], False),
    ],
)
def test_rules_of_the_configuration_are_selected_by_name_and_as_a_family(
    select: list[str], ignore: list[str], is_selected: bool
) -> None:
    assert (OWN in selected(select, ignore, KNOWN)) is is_selected


def test_a_name_in_capitals_is_no_code_of_a_rule_of_the_configuration() -> None:
    with pytest.raises(NewscardsError, match="no rule is called"):
        check_selector("TOO-WEAK", KNOWN)
    check_selector("too-weak ", KNOWN)
    check_selector("own")  # of a configuration without any
