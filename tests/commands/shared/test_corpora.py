"""What PATHs and CARDs mean: that whoever looks at cards hears of an edit that was interrupted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newscards.corpus import registry
from newscards.edits.journal import Journal
from newscards.edits.operations import Operation, SetValue
from newscards.edits.plan import CardOperations, Planner
from tests.conftest import MakeCorpus, Run
from tests.support import CARD
from tests.support.terminal import run_in_terminal

WARNING = "warning: edit 1 was interrupted"


def interrupt(state: Path, path: Path) -> None:
    """Leave behind what a run leaves that is killed just before it writes its first card."""
    ask = CardOperations([Operation(("quality",), SetValue(90))], "")
    record = Planner().plan(str(path), lambda card: ask).card_edit
    assert record is not None
    journal = Journal(str(state / "newscards" / "journal"))
    with journal.draft("set quality 90 a") as draft:
        draft.add(record)
        draft.seal()


def test_a_person_who_lists_cards_hears_of_an_edit_that_was_interrupted(
    make_corpus: MakeCorpus, tmp_path: Path
) -> None:
    folder, state = make_corpus({"a.md": CARD}), tmp_path / "state"
    _, screen = run_in_terminal(["list"], cwd=folder, state=state)
    assert "warning" not in screen
    interrupt(state, folder / "a.md")
    for args in (["list"], ["show", "a"], ["validate"]):
        _, screen = run_in_terminal(args, cwd=folder, state=state)
        assert screen.count(WARNING) == 1
    _, screen = run_in_terminal(["list", "--quiet"], cwd=folder, state=state)
    assert WARNING not in screen
    assert (folder / "a.md").read_text() == CARD  # a read never writes into the corpus


def test_the_next_edit_finishes_what_was_interrupted_and_says_so(
    run: Run, make_corpus: MakeCorpus, tmp_path: Path
) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": CARD})
    interrupt(tmp_path / "state", folder / "a.md")
    result = run("set-published", "false", "b")
    assert (result.code, result.out) == (0, "b.md: published: true -> false\n")
    assert "`newscards set quality 90 a`" in result.err
    assert "interrupted" in result.err
    assert (folder / "a.md").read_text() == CARD.replace("quality: 67", "quality: 90")


def test_undo_takes_back_what_was_interrupted_instead(
    run: Run, make_corpus: MakeCorpus, tmp_path: Path
) -> None:
    folder = make_corpus({"a.md": CARD})
    interrupt(tmp_path / "state", folder / "a.md")
    assert run("undo").code == 0
    assert (folder / "a.md").read_text() == CARD
    assert run("set-published", "false", "a").err == ""
    assert os.listdir(folder) == ["a.md"]


def test_a_registry_is_read_once_a_run(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"a.md": CARD, "topics.yaml": "[Oceans]", "newscards.toml": 'topics = "topics.yaml"\n'})
    reads: list[str] = []
    real = registry.read_registry

    def noted(path: str) -> registry.Registry:
        reads.append(path)
        return real(path)

    monkeypatch.setattr(registry, "read_registry", noted)
    assert run("stats", "--where", "warnings > 0", "--format", "json").code == 0
    assert len(reads) == 1
