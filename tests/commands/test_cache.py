"""``cache``: what is kept is shown, and nothing but that is deleted."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from newscards.corpus.index import summaries
from newscards.corpus.index.database import TAG_TEXT
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card
from tests.support.indexes import index_of

DAMAGED = "0123456789abcdef.sqlite"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the cache folder, which is not there as yet; the smallest corpora have an index."""
    monkeypatch.setattr(summaries, "MIN_INDEXED_CARDS", 1)
    return tmp_path / "cache"


@pytest.fixture
def filled(cache: Path, run: Run, make_corpus: MakeCorpus) -> Path:
    """Return the cache folder, with the index of three cards, last written at a known time."""
    make_corpus({"a.md": CARD, "b.md": card(quality="1"), "c.md": "no card"})
    run("list", "--count")
    os.utime(index_of(cache), (1_700_000_000, 1_700_000_000))
    return cache


def test_an_empty_cache_is_told_and_none_is_made(run: Run, cache: Path) -> None:
    result = run("cache", "info")
    assert (result.code, result.out, result.err) == (0, f"{cache}: 0 indexes, 0 bytes\n", "")
    result = run("cache", "info", "--format", "json")
    assert json.loads(result.out) == {"folder": str(cache), "bytes": 0, "indexes": []}
    result = run("cache", "clear")
    assert (result.code, result.out, result.err) == (0, "", "note: nothing to delete\n")
    assert not cache.exists()


def test_the_index_of_one_corpus_is_shown_and_deleted_alone(run: Run, filled: Path, tmp_path: Path) -> None:
    (tmp_path / "site" / "_news").mkdir(parents=True)
    (tmp_path / "site" / "_news" / "a.md").write_text(CARD)
    run("list", str(tmp_path / "site"), "--count")
    both = {path.name for path in filled.glob("*.sqlite")}
    shown = json.loads(run("cache", "info", "--corpus", str(tmp_path / "site"), "--format", "json").out)
    assert [each["corpus"] for each in shown["indexes"]] == [str(tmp_path / "site" / "_news")]
    assert "nothing to delete" in run("--corpus", str(tmp_path), "cache", "clear").err
    assert {path.name for path in filled.glob("*.sqlite")} == both
    assert run("cache", "clear", "--corpus", str(tmp_path / "site")).out.startswith(
        f"{filled}: 1 index deleted"
    )
    (left,) = json.loads(run("cache", "info", "--format", "json").out)["indexes"]
    assert left["corpus"] == str(tmp_path / "corpus")


def test_an_index_is_told_for_people(
    run: Run, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    size = index_of(filled).stat().st_size
    lines = run("cache", "info").out.splitlines()
    assert lines[0] == f"{filled}: 1 index, {size:,} bytes"
    assert lines[1].split() == ["cards", "bytes", "written", "(UTC)", "folder", "state"]
    assert lines[2].split() == ["3", f"{size:,}", "2023-11-14", "22:13", str(tmp_path / "corpus"), "ok"]
    (tmp_path / "corpus").rename(tmp_path / "moved")
    assert run("cache", "info").out.splitlines()[2].endswith(f"{tmp_path / 'corpus'}  gone")


def test_an_index_is_told_for_scripts(run: Run, filled: Path, tmp_path: Path) -> None:
    file = index_of(filled)
    beside = Path(f"{file}-journal")
    beside.write_bytes(b"")
    size = file.stat().st_size
    told = json.loads(run("cache", "info", "--format", "json").out)
    assert told == {
        "folder": str(filled),
        "bytes": size,
        "indexes": [
            {
                "file": str(file),
                "corpus": str(tmp_path / "corpus"),
                "state": "ok",
                "cards": 3,
                "bytes": size,
                "written": "2023-11-14T22:13:20Z",
            }
        ],
    }


def test_what_is_damaged_or_foreign_is_told_as_unusable_and_what_is_locked_as_busy(
    run: Run, filled: Path
) -> None:
    (filled / DAMAGED).write_bytes(b"damaged")
    base = sqlite3.connect(filled / f"f{DAMAGED[1:]}")
    base.execute("CREATE TABLE meta(precious)")
    base.close()
    locked = sqlite3.connect(index_of_three(filled), isolation_level=None)
    locked.execute("BEGIN EXCLUSIVE")
    result = run("cache", "info")
    locked.close()
    assert (result.code, result.err) == (0, "")
    states = [line.split()[-1] for line in result.out.splitlines()[2:]]
    assert sorted(states) == ["busy", "unusable", "unusable"]  # their order is that of the files' names
    told = json.loads(run("cache", "info", "--format", "json").out)["indexes"]
    assert [each["corpus"] is None for each in told] == [False, True, True]
    assert str(filled / DAMAGED) in [each["file"] for each in told[1:]]


def index_of_three(cache: Path) -> Path:
    (found,) = (path for path in cache.glob("*.sqlite") if path.name[1:] != DAMAGED[1:])
    return found


def test_a_folder_with_an_odd_name_is_shown_harmlessly(
    run: Run, cache: Path, make_corpus: MakeCorpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = make_corpus({"a.md": CARD})
    odd = os.path.join(os.fsencode(tmp_path), b"two\nlines \x1b[31m \xff")
    os.rename(corpus, odd)
    monkeypatch.setenv("COLUMNS", "300")
    monkeypatch.chdir(tmp_path)
    assert run("list", os.fsdecode(odd), "--count").out == "1\n"
    result = run("cache", "info")
    assert f"{tmp_path}/two lines \\x1b[31m �  ok\n" in result.out
    (told,) = json.loads(run("cache", "info", "--format", "json").out)["indexes"]
    assert (told["corpus"], told["state"]) == (f"{tmp_path}/two\nlines \x1b[31m �", "ok")


def test_an_index_is_for_its_user_alone_though_the_folder_is_not(
    run: Run, cache: Path, make_corpus: MakeCorpus
) -> None:
    cache.mkdir(mode=0o755)
    make_corpus({"a.md": CARD})
    assert run("list", "--count").out == "1\n"
    assert stat.S_IMODE(index_of(cache).stat().st_mode) == 0o600


def test_an_index_of_which_not_all_was_read_tells_how_many_cards_it_has(
    run: Run, cache: Path, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newscards.corpus.index.summaries._CARDS_PER_BATCH", 2)
    make_corpus({f"{name}.md": CARD for name in "abcde"})
    assert len(run("list", "--limit", "1").out.splitlines()) == 1
    (told,) = json.loads(run("cache", "info", "--format", "json").out)["indexes"]
    assert told["cards"] == 2


def test_all_that_is_newscards_own_is_deleted_and_the_folder_with_it(run: Run, filled: Path) -> None:
    for name in (DAMAGED, f"{DAMAGED}-journal", f"f{DAMAGED[1:]}-wal"):
        (filled / name).write_bytes(b"1234")
    size = sum(path.stat().st_size for path in filled.iterdir())
    result = run("cache", "clear")
    assert (result.code, result.err) == (0, "")
    assert result.out == f"{filled}: 2 indexes deleted, {size:,} bytes freed\n"
    assert not filled.exists()
    assert run("list", "--count").out == "2\n", "and it is made anew"
    assert index_of(filled).exists()


def test_what_is_not_newscards_own_stays(run: Run, filled: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.sqlite"
    elsewhere.write_text("precious")
    mine = ["mine.txt", "other.sqlite", "0123.sqlite", f"{DAMAGED}.old", f"x{DAMAGED}", "journal.jsonl"]
    for name in mine:
        (filled / name).write_text("mine")
    (filled / DAMAGED).symlink_to(elsewhere)
    (filled / f"f{DAMAGED[1:]}").mkdir()
    os.mkfifo(filled / f"e{DAMAGED[1:]}")
    (filled / "CACHEDIR.TAG").write_text(
        "Signature: 8a477f597d28d172789f06886806bc55\n# of another program\n"
    )
    assert len(json.loads(run("cache", "info", "--format", "json").out)["indexes"]) == 1
    result = run("cache", "clear")
    assert (result.code, result.err) == (0, "")
    left = {DAMAGED, f"f{DAMAGED[1:]}", f"e{DAMAGED[1:]}", "CACHEDIR.TAG", *mine}
    assert {path.name for path in filled.iterdir()} == left
    assert (filled / DAMAGED).is_symlink()
    assert elsewhere.read_text() == "precious"


def test_a_folder_that_is_a_link_is_emptied_and_a_linked_mark_left(
    run: Run, filled: Path, tmp_path: Path
) -> None:
    real = tmp_path / "real"
    filled.rename(real)
    filled.symlink_to(real)
    (real / "CACHEDIR.TAG").rename(tmp_path / "tag")
    (real / "CACHEDIR.TAG").symlink_to(tmp_path / "tag")
    assert run("cache", "clear").code == 0
    assert [path.name for path in real.iterdir()] == ["CACHEDIR.TAG"]
    assert (tmp_path / "tag").read_text() == TAG_TEXT


def test_what_cannot_be_deleted_is_told_in_one_line(
    run: Run, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unlink(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    with monkeypatch.context() as context:
        context.setattr("os.unlink", unlink)
        result = run("cache", "clear")
    assert (result.code, result.out) == (2, "")
    assert result.err == f"error: {filled}: 2 files could not be deleted: Permission denied\n"


@pytest.mark.parametrize("command", ["info", "clear"])
def test_a_cache_folder_that_is_none_is_told_in_one_line(run: Run, cache: Path, command: str) -> None:
    cache.write_text("a file")
    result = run("cache", command)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"error: the cache folder {cache} cannot be read: Not a directory\n"


@pytest.mark.parametrize("command", ["info", "clear"])
def test_whoever_has_no_home_has_no_cache_which_the_command_says(
    run: Run, cache: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    for name in ("NEWSCARDS_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "")
    result = run("cache", command)
    assert (result.code, result.out) == (0, "")
    assert result.err == (
        "note: no cache folder: the user has no home folder; set $NEWSCARDS_CACHE_DIR to have one\n"
    )


def test_few_cards_and_no_cache_leave_no_index(
    run: Run, cache: Path, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"a.md": CARD})
    run("list", "--no-cache")
    run("list", "a.md")
    monkeypatch.setattr(summaries, "MIN_INDEXED_CARDS", 2)
    run("list")
    assert not cache.exists()


@pytest.mark.parametrize("args", [["cache"], ["cache", "nothing"], ["cache", "clear", "x"]])
def test_wrong_usage_is_told(run: Run, args: list[str]) -> None:
    assert run(*args).code == 2
