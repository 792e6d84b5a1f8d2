from __future__ import annotations

import os

import pytest

from tests.conftest import MakeCorpus, Run
from tests.lint.test_linter import apart
from tests.rules.cases import Found
from tests.support import CARD, lint_card

FOUND = [Found("NC101", 1, 1, 1)]


def test_a_link_whose_target_is_gone_is_found(make_corpus: MakeCorpus) -> None:
    os.symlink("gone.md", make_corpus({"a.md": CARD}) / "link.md")
    assert [Found.of(finding) for finding in lint_card("link.md")] == FOUND


def test_a_file_that_is_not_there_is_found(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD})
    assert [Found.of(finding) for finding in lint_card("b.md")] == FOUND


def test_a_folder_is_no_card(make_corpus: MakeCorpus) -> None:
    make_corpus({"folder.md/a.md": CARD})
    assert [Found.of(finding) for finding in lint_card("folder.md")] == FOUND


def test_a_path_that_the_system_has_no_word_for_is_found() -> None:
    assert [Found.of(finding) for finding in lint_card("a\0b.md")] == FOUND


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_found(make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD})
    os.chmod("a.md", 0)
    assert [Found.of(finding) for finding in lint_card("a.md")] == FOUND


def test_a_link_to_a_card_is_fine(make_corpus: MakeCorpus) -> None:
    os.symlink("a.md", make_corpus({"a.md": CARD}) / "link.md")
    assert not lint_card("link.md")


def test_the_message_is_the_systems(make_corpus: MakeCorpus) -> None:
    make_corpus({})
    assert [finding.message for finding in lint_card("b.md")] == ["No such file or directory"]


def test_the_other_cards_are_checked_all_the_same(make_corpus: MakeCorpus, run: Run) -> None:
    os.symlink("gone.md", make_corpus(apart({"c.md": CARD, "a.md": CARD})) / "b.md")
    result = run("validate")
    assert result.code == 1
    assert result.out.endswith("Found 1 error in 1 of 3 cards.\n")


def test_a_pipe_is_not_waited_for(make_corpus: MakeCorpus) -> None:
    os.mkfifo(make_corpus({}) / "a.md")
    assert [found.message for found in lint_card("a.md")] == ["it is not a file"]
