"""RULES is complete, and every rule is documented and tested alike."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest

from newscards import rules
from newscards.rules import RULES
from newscards.rules.rule import Rule

FOLDER = Path(rules.__file__).parent
MODULES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in ("__init__", "rule", "keys"))
NAMES = [rule.name for rule in RULES]
FAMILIES = {"1": "the file", "2": "publishing", "3": "keys and types", "4": "values"}
WITHOUT_EXAMPLES = ("unreadable-file", "beyond-limits")


def rule_of(module: str) -> Rule:
    rule = import_module(f"newscards.rules.{module}").RULE
    assert isinstance(rule, Rule)
    return rule


@pytest.mark.parametrize("module", MODULES)
def test_every_module_of_a_rule_is_in_the_table_once(module: str) -> None:
    assert RULES.count(rule_of(module)) == 1


def test_the_table_has_nothing_else() -> None:
    assert len(RULES) == len(MODULES)


def test_codes_are_unique_and_in_order() -> None:
    codes = [rule.code for rule in RULES]
    assert codes == sorted(set(codes))


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_code_is_nc_its_family_and_a_number(rule: Rule) -> None:
    assert re.fullmatch(rf"NC[{''.join(FAMILIES)}][0-9]{{2}}", rule.code)


@pytest.mark.parametrize("module", MODULES)
def test_a_name_is_that_of_the_module_in_kebab_case(module: str) -> None:
    assert rule_of(module).name == module.replace("_", "-")


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_a_rule_has_one_check(rule: Rule) -> None:
    assert sum(check is not None for check in (rule.value, rule.card, rule.unreadable)) == 1


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_first_line_of_the_documentation_is_a_sentence_that_stands_alone(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z`].{10,98}\.", rule.summary)
    assert rule.documentation.startswith(f"{rule.summary}\n\n")


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_documentation_says_why_and_how_to_mend_it(rule: Rule) -> None:
    paragraphs = rule.documentation.strip().split("\n\n")
    assert len(paragraphs) == 3
    assert re.search(r"^Fix: .+\.$", paragraphs[2], re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.name not in WITHOUT_EXAMPLES], ids=lambda r: r.name
)
def test_the_documentation_has_an_example_of_each_sort(rule: Rule) -> None:
    fails, passes = (rule.documentation.find(word) for word in ("Fails: ", "Passes: "))
    assert 0 < fails < passes < rule.documentation.find("Fix: ")


@pytest.mark.parametrize("module", MODULES)
def test_every_rule_has_its_tests(module: str) -> None:
    tests = Path(__file__).with_name(f"test_{module}.py").read_text(encoding="utf-8")
    assert rule_of(module).code in tests


def test_every_module_of_tests_has_its_rule() -> None:
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert tests - {"places", "table"} == set(MODULES)
