"""Without sqlite3, which a Python may lack, only what asks for it fails, and says what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import MakeCorpus
from tests.support import CARD, ROOT, card
from tests.support.indexes import COMMAND, index_of

INDEX_FEW = "from newscards.corpus.index import summaries; summaries.MIN_INDEXED_CARDS = 1"
WITHOUT = """
import sys
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "_sqlite3":
            raise ModuleNotFoundError("No module named '_sqlite3'", name=name)
sys.meta_path.insert(0, Finder())
"""
OLD = "import sqlite3; sqlite3.sqlite_version_info, sqlite3.sqlite_version = (3, 30, 1), '3.30.1'"


@pytest.fixture
def corpus(make_corpus: MakeCorpus) -> Path:
    return make_corpus(
        {"2023-06-20-a.md": CARD, "2023-06-20-b.md": card(title="Other", quality="5"), "c.md": "no card"}
    )


def answer(before: str, *args: str, **environment: str) -> tuple[int, str, str]:
    """Return exit code and both outputs of newscards in a process in which ``before`` ran first."""
    done = subprocess.run(
        [sys.executable, "-c", f"{before}\n{INDEX_FEW}\n{COMMAND}", *args],
        capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)} | environment,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    "line",
    [
        "list",
        "list --topic Oceans --columns id,related",
        "list --no-cache",
        "validate",
        "validate --no-cache",
        "validate --format json",
        "show 2023-06-20-a",
        "why 2023-06-20-a",
        "set quality 7 2023-06-20-a --dry-run",
        "set-published false 2023-06-20-b --dry-run",
        "topic rename Oceans Seas --all --dry-run",
        "stories",
        "stats",
        "topics",
        "providers",
        "undo --list",
        "query --schema",
        "rule NC201",
    ],
)
def test_what_needs_no_sqlite_is_the_same_without_it(corpus: Path, line: str) -> None:
    assert answer(WITHOUT, *line.split()) == answer("", *line.split())


@pytest.mark.parametrize(
    "line", ["newscards show 20", "newscards list --topic O", "newscards list --where qual", "newscards que"]
)
def test_words_are_completed_without_sqlite(corpus: Path, line: str) -> None:
    words = {"_NEWSCARDS_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_PART": line.split()[-1]}
    assert answer(WITHOUT, **words) == answer("", **words)
    assert answer(WITHOUT, **words)[1]


def test_without_sqlite_an_edit_is_made_and_taken_back(corpus: Path) -> None:
    before = (corpus / "2023-06-20-a.md").read_bytes()
    assert answer(WITHOUT, "set", "quality", "7", "2023-06-20-a")[0] == 0
    assert b"quality: 7\n" in (corpus / "2023-06-20-a.md").read_bytes()
    assert answer(WITHOUT, "undo")[0] == 0
    assert (corpus / "2023-06-20-a.md").read_bytes() == before


def test_without_sqlite_an_index_that_is_there_is_left_alone_until_it_is_cleared(
    corpus: Path, tmp_path: Path
) -> None:
    assert answer("", "list", "--count")[1] == "2\n"
    before = index_of(tmp_path / "cache").read_bytes()
    (corpus / "c.md").write_text(CARD)
    assert answer(WITHOUT, "list", "--count") == (0, "3\n", "")
    assert index_of(tmp_path / "cache").read_bytes() == before
    code, out, err = answer(WITHOUT, "cache", "info")
    assert (code, err) == (0, "note: no index is used: this Python lacks the module sqlite3\n")
    assert "unusable" in out
    assert "1 index deleted" in answer(WITHOUT, "cache", "clear")[1]


@pytest.mark.parametrize(
    "line", ["query SELECT(1)", "list --where quality>1", "list --search tide", "stats --where quality>1"]
)
def test_what_asks_for_sqlite_says_that_it_is_missing(corpus: Path, line: str) -> None:
    code, out, err = answer(WITHOUT, *line.split())
    assert (code, out) == (2, "")
    message, hint = err.splitlines()
    assert message.startswith(
        "error: `newscards query` and `export`, --where and --search need Python's module"
    )
    assert message.endswith("No module named '_sqlite3'")
    assert hint.startswith("hint: ")
    code, out, err = answer(OLD, *line.split())
    assert (code, out) == (2, "")
    assert err.endswith(" need SQLite 3.31 or later, and this Python has 3.30.1\n")
