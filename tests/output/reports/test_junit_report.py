"""``validate --format junit`` is XML that a reader of test results reads, whatever the cards hold."""

from __future__ import annotations

import re

import pytest
from junitparser import Failure, JUnitXml, TestCase, TestSuite

from newscards.output.reports import junit_report
from tests.conftest import MakeCorpus, Run
from tests.output.reports.test_sarif_report import NASTY
from tests.output.terminal.test_findings import BROKEN, HOSTILE
from tests.support import CARD, card


def suite(run: Run, *args: str) -> TestSuite:
    result = run("validate", "--format", "junit", *args)
    assert (result.code < 2, result.err) == (True, "")
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]", result.raw)
    [only] = JUnitXml.fromstring(result.raw)
    assert isinstance(only, TestSuite)
    return only


def failures(case: TestCase) -> list[Failure]:
    return [each for each in case.result if isinstance(each, Failure)]


@pytest.mark.parametrize("files", [BROKEN, HOSTILE])
def test_each_finding_is_there_as_the_concise_format_has_it(
    files: dict[str, str | bytes], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    cases = list(suite(run))
    texts = [failure.text for case in cases for failure in failures(case)]
    assert all(failure.type in failure.text for case in cases for failure in failures(case))
    texts += [line for case in cases for line in (case.system_out or "").splitlines()]
    assert sorted(texts) == sorted(run("validate", "--format", "concise", "-q").out.splitlines())


def test_each_card_with_findings_is_a_test_case(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(heat='"67"', quality='"67"'), "b.md": CARD})
    found = suite(run, "--ignore", "NC6")
    [case] = found
    assert (found.name, found.tests, found.failures) == ("newscards", 1, 1)
    assert (case.name, case.classname, len(failures(case))) == ("a.md", "newscards", 2)
    assert [failure.type for failure in failures(case)] == ["wrong-type", "wrong-type"]


def test_a_warning_is_output_of_a_test_that_passes_unless_the_run_is_strict(
    make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"a.md": card(title='"Tide "'), "b.md": card(title='"Ebb "', heat='"67"')})
    found = suite(run, "--ignore", "NC6")
    error, warning = found
    assert (found.tests, found.failures) == (2, 1)
    assert (warning.name, warning.is_passed) == ("a.md", True)
    assert re.fullmatch(r"a\.md:3:\d+: warning\[NC502] stray-blanks: .*", warning.system_out)
    assert (error.name, [failure.type for failure in failures(error)]) == ("b.md", ["wrong-type"])
    assert "stray-blanks" in error.system_out
    strict = suite(run, "--ignore", "NC6", "--strict")
    assert (strict.tests, strict.failures) == (2, 2)
    assert [len(failures(case)) for case in strict] == [2, 1]
    assert not any(case.system_out for case in strict)


def test_cards_that_are_all_fine_are_one_test_that_passes(one_card: object, run: Run) -> None:
    [case] = suite(run)
    assert (case.name, case.is_passed) == ("1 card, all fine", True)


@pytest.mark.parametrize("name", NASTY)
def test_the_name_of_a_test_is_the_path(name: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({name: card(heat='"67"')})
    [case] = suite(run)
    assert case.name == re.sub("[\x00-\x08\x1b\udc80-\udcff]", "\ufffd", name)


def test_what_xml_cannot_say_is_replaced() -> None:
    assert junit_report._escaped("\0\x1b\ud800\ufffe]]>\n") == "\ufffd\ufffd\ufffd\ufffd]]&gt;&#10;"
