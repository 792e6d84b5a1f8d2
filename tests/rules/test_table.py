"""RULES is complete, and every rule is documented and tested alike."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from newscards import rules
from newscards.lint.rule import Rule
from newscards.rules import RULES

MODULES = {
    path.stem: import_module(f"newscards.rules.{path.stem}")
    for path in sorted(Path(rules.__file__).parent.glob("[!_]*.py"))
}
NAMES = [rule.name for rule in RULES]
OTHER_TESTS = {"examples", "one_cause", "places", "table"}


def test_the_table_has_the_rule_of_every_module_once() -> None:
    defined = [module.RULE for module in MODULES.values() if hasattr(module, "RULE")]
    assert sorted(NAMES) == sorted(rule.name for rule in defined)
    assert set(RULES) == set(defined)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_name_is_that_of_the_module_in_kebab_case(rule: Rule) -> None:
    assert rule.name == rule.name.lower()
    assert MODULES[rule.name.replace("-", "_")].RULE is rule


def test_codes_are_unique_and_in_order() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_code_is_nc_one_of_six_families_and_a_number(rule: Rule) -> None:
    assert re.fullmatch(r"NC[1-6][0-9]{2}", rule.code)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_has_one_check(rule: Rule) -> None:
    checks = (
        rule.value or rule.lack,  # a value and, of what only its text shows, its spelling
        rule.card,
        None if rule.value else rule.irregular,
        rule.view or rule.stray,  # what the site does with a card, or with a file that is none
        rule.unreadable,
        rule.corpus,
        rule.suppression,
        rule.cause,
    )
    assert sum(check is not None for check in checks) == 1


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_summary_is_a_sentence_that_stands_alone(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z`].{10,98}\.", rule.documentation.summary)


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_documentation_says_why_and_how_to_mend_it_in_sentences(rule: Rule) -> None:
    assert re.fullmatch(r"[^a-z].+[.:)]", rule.documentation.why, re.DOTALL)
    assert rule.documentation.fix.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_two_examples_are_not_the_same(rule: Rule) -> None:
    assert rule.documentation.fails != rule.documentation.passes


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_every_rule_has_its_tests(rule: Rule) -> None:
    tests = Path(__file__).with_name(f"test_{rule.name.replace('-', '_')}.py")
    assert tests.exists()
    assert rule.code in tests.read_text(encoding="utf-8")


def test_every_module_of_tests_has_its_module() -> None:
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert tests - MODULES.keys() == OTHER_TESTS


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_says_that_it_mends_where_it_proposes_a_fix(rule: Rule) -> None:
    folder = Path(rules.__file__).parent
    source = (folder / f"{rule.name.replace('-', '_')}.py").read_text(encoding="utf-8")
    has_fix = re.search(r"\bfix=|fixes=True", source)
    assert bool(has_fix) is bool(rule.fixes.value)
