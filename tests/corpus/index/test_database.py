"""The index: whatever happens to its file, the cards are those of the corpus, and nobody hears of it."""

from __future__ import annotations

import gc
import os
import random
import shutil
import signal
import sqlite3
import sys
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import newscards
from newscards.corpus.corpus import Corpus
from newscards.corpus.index import database, snapshot, summaries
from newscards.corpus.index import database as module
from newscards.corpus.index.database import Index, create_file
from newscards.corpus.index.encoding import Encoded
from newscards.corpus.index.folder import open_index
from newscards.corpus.index.snapshot import Snapshot
from newscards.frontmatter.limits import LIMITS, Limits
from tests.support.indexes import NOT_RACY, fill, index_of, note_reads, process, with_index, without_index


@pytest.fixture(autouse=True)
def small_corpora_have_an_index(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "MIN_INDEXED_CARDS", 1)
    monkeypatch.setattr(snapshot, "RACY_NANOSECONDS", -(10**11))  # what was just made counts as old


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return note_reads(monkeypatch)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cards").mkdir()
    return fill(tmp_path / "cards")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "kept"


def agree(folder: Path, cache: Path) -> None:
    """Assert that an index changes nothing, in brief and in full."""
    for full in (False, True):
        wanted = without_index(folder, full=full)
        for _ in range(2):
            found = with_index(folder, cache, full=full)
            if full:
                assert found == wanted
            assert [each.split("fields=")[0] for each in found] == [w.split("fields=")[0] for w in wanted]


def row(text: bytes = b"[{},[]]") -> tuple[bytes, Encoded]:
    return b"hash", Encoded(text, text + b" ", ("oceans",))


def test_only_odd_cards_are_read_again(folder: Path, cache: Path, read: list[str]) -> None:
    agree(folder, cache)
    read.clear()
    with_index(folder, cache)
    assert not [name for name in read if name.startswith("plain")]
    (folder / "plain-007.md").touch()
    read.clear()
    with_index(folder, cache)
    assert [name for name in read if name.startswith("plain")] == ["plain-007.md"]
    read.clear()
    with_index(folder, cache)
    assert not [name for name in read if name.startswith("plain")]


def test_a_checkout_that_sets_all_times_keeps_every_entry(folder: Path, cache: Path) -> None:
    with_index(folder, cache)
    with sqlite3.connect(index_of(cache)) as base:
        before = base.execute("SELECT id, full FROM cards").fetchall()
    base.close()
    for path in folder.glob("plain*.md"):
        os.utime(path, ns=(0, 10**18))
    agree(folder, cache)
    with sqlite3.connect(index_of(cache)) as base:
        assert base.execute("SELECT id, full FROM cards").fetchall() == before
    base.close()


def test_what_was_forgotten_is_gone_and_ids_are_not_used_twice(cache: Path) -> None:
    file = str(cache / "i.sqlite")
    first = Index(file)
    assert [first.add(*row()) for _ in range(3)] == [1, 2, 3]
    first.finish(Snapshot(["a", "b", "c"], array("q", range(12)), array("q", [1, 2, 3])))
    second = Index(file)
    assert second.snapshot.names == ["a", "b", "c"]
    assert second.texts([0, 1, 2, 3, 4], full=True) == dict.fromkeys([1, 2, 3], b"[{},[]] ")
    second.finish(Snapshot(["a"], array("q", range(4)), array("q", [1])))
    third = Index(file)
    assert third.texts([1, 2, 3]) == {1: b"[{},[]]"}
    assert third.add(*row()) == 4
    third.close()  # without finishing: it is forgotten
    fourth = Index(file)
    assert fourth.texts([1, 4]) == {1: b"[{},[]]"}
    assert fourth.hashes([1, 4]) == {1: b"hash"}
    fourth.close()


def test_another_key_or_other_limits_begin_anew(folder: Path, cache: Path, read: list[str]) -> None:
    agree(folder, cache)
    small = Limits(bytes=300)
    for limits in (small, LIMITS, small):
        wanted = [repr(each) for each in Corpus(folder, limits=limits).summaries(full=True)]
        for _ in range(2):
            corpus = Corpus(folder, limits=limits, cache=str(cache))
            assert [repr(each) for each in corpus.summaries(full=True)] == wanted
    assert len(list(cache.glob("*.sqlite"))) == 1
    agree(folder, cache)


def test_a_reader_of_other_limits_at_the_same_time_takes_nothing_from_it(folder: Path, cache: Path) -> None:
    agree(folder, cache)
    ours = Corpus(folder, cache=str(cache)).summaries(full=True)
    found = [repr(next(ours))]  # the first batch is read, the index stays open
    small = Corpus(folder, limits=Limits(bytes=300), cache=str(cache))
    wanted = [repr(each) for each in Corpus(folder, limits=small.limits).summaries(full=True)]
    assert [repr(each) for each in small.summaries(full=True)] == wanted
    found += map(repr, ours)
    assert found == without_index(folder, full=True)
    agree(folder, cache)


@pytest.mark.parametrize("at_once", [1, 5])
def test_two_that_write_at_once_do_not_mix(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(summaries, "_CARDS_PER_BATCH", at_once)
    monkeypatch.setattr(module, "_ROWS_PER_STATEMENT", at_once)
    monkeypatch.setattr(database, "_BUSY_TIMEOUT", 0.001)
    wanted = without_index(folder, full=True)
    for turn in range(3):
        small = Corpus(folder, limits=Limits(bytes=300), cache=str(cache)).summaries(full=True)
        runs = [Corpus(folder, cache=str(cache)).summaries(full=True) for _ in range(3)]
        found: list[list[str]] = [[] for _ in runs]
        rng = random.Random(turn)
        while not all(len(each) == len(wanted) for each in found):
            at = rng.randrange(len(runs) + 1)
            record = next(small if at == len(runs) else runs[at], None)
            if record is not None and at < len(runs):
                found[at].append(repr(record))
        assert found == [wanted] * len(runs)
        for each in [*runs, small]:
            assert len(list(each)) >= 0
        (folder / f"plain-00{turn}.md").write_text("---\ntitle: another\n---\n")
        wanted = without_index(folder, full=True)
    agree(folder, cache)


def damages(whole: bytes) -> Iterator[bytes]:
    rng = random.Random(7)
    yield from (b"", b"no database", whole[:100], whole[:1024], whole[:-1], whole + b"more", whole[::-1])
    yield from (whole[: rng.randrange(len(whole))] for _ in range(5))
    yield from (bytes(4096) + whole[4096:], whole[:4096] + bytes(len(whole) - 4096))
    for place in (*range(16, 100, 9), *range(100, 160, 15)):
        yield whole[:place] + bytes([whole[place] ^ 1 << rng.randrange(8)]) + whole[place + 1 :]
    for _ in range(25):
        damaged = bytearray(whole)
        for _ in range(rng.choice([1, 1, 3, 40])):
            damaged[rng.randrange(len(whole))] = rng.randrange(256)
        yield bytes(damaged)


def test_a_damaged_index_is_set_aside_and_made_anew(
    folder: Path, cache: Path, read: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    wanted = with_index(folder, cache, full=True)
    assert wanted == without_index(folder, full=True)
    file = index_of(cache)
    whole = file.read_bytes()
    for damaged in damages(whole):
        file.write_bytes(damaged)
        assert with_index(folder, cache, full=True) == wanted
        with_index(folder, cache, full=False)
        with_index(folder, cache, full=True)
        read.clear()
        assert with_index(folder, cache, full=True) == wanted
        assert not [name for name in read if name.startswith("plain")], "it was not mended"
        for beside in cache.glob("*.sqlite-*"):
            beside.unlink()
    assert capfd.readouterr() == ("", "")


def foreign(statement: str) -> Callable[[Path], None]:
    def make(file: Path) -> None:
        file.unlink()
        base = sqlite3.connect(file)
        base.executescript(statement)
        base.close()

    return make


FOREIGN = [
    "CREATE TABLE meta(a); CREATE TABLE cards(b); INSERT INTO meta VALUES (1)",
    "CREATE TABLE meta(name, value, sum); INSERT INTO meta VALUES ('key', 'text', 3), (NULL, NULL, NULL)",
    "CREATE VIEW meta AS SELECT 'key' AS name, 'x' AS value, 3 AS sum; CREATE VIEW cards AS SELECT 1 AS id",
    "PRAGMA journal_mode = WAL; CREATE TABLE other(a)",
    "PRAGMA encoding = 'UTF-16'; CREATE TABLE meta(name, value, sum)",
]


@pytest.mark.parametrize("statement", FOREIGN)
def test_another_programs_database_is_set_aside(
    folder: Path, cache: Path, read: list[str], statement: str
) -> None:
    with_index(folder, cache)
    foreign(statement)(index_of(cache))
    agree(folder, cache)
    read.clear()
    with_index(folder, cache)
    assert not [name for name in read if name.startswith("plain")]


def make_folder_of(file: Path) -> None:
    file.unlink()
    file.mkdir()
    (file / "mine.txt").write_text("mine")


def make_pipe_of(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def make_link_of(file: Path) -> None:
    target = file.parent.parent / "elsewhere.sqlite"
    file.rename(target)
    file.symlink_to(target)
    base = sqlite3.connect(target)
    base.executescript("DROP TABLE cards; CREATE TABLE cards(precious); INSERT INTO cards VALUES ('mine')")
    base.close()


@pytest.mark.parametrize("make", [make_folder_of, make_pipe_of, make_link_of])
def test_what_is_no_file_is_left_alone(folder: Path, cache: Path, make: Callable[[Path], None]) -> None:
    with_index(folder, cache)
    file = index_of(cache)
    make(file)
    kind = file.lstat().st_mode
    agree(folder, cache)
    assert file.lstat().st_mode == kind
    if file.is_symlink():
        base = sqlite3.connect(file.resolve())
        assert base.execute("SELECT precious FROM cards").fetchall() == [("mine",)]
        base.close()


@pytest.mark.parametrize("how", ["EXCLUSIVE", "IMMEDIATE"])
@pytest.mark.parametrize("cold", [True, False])
def test_a_locked_index_is_not_waited_for(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, how: str, cold: bool
) -> None:
    monkeypatch.setattr(database, "_BUSY_TIMEOUT", 0.001)
    with_index(folder, cache)
    file = index_of(cache)
    if cold:
        file.write_bytes(b"")
    (folder / "plain-003.md").write_text("---\ntitle: changed\n---\n")
    base = sqlite3.connect(file, isolation_level=None)
    base.execute(f"BEGIN {how}")
    agree(folder, cache)
    base.execute("ROLLBACK")
    base.close()
    assert file.exists()
    agree(folder, cache)


def test_one_that_gets_locked_while_it_is_read_is_not_waited_for(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_BUSY_TIMEOUT", 0.001)
    monkeypatch.setattr(summaries, "_CARDS_PER_BATCH", 4)
    with_index(folder, cache)
    (folder / "plain-003.md").write_text("---\ntitle: changed\n---\n")
    running = Corpus(folder, cache=str(cache)).summaries(full=True)
    found = [repr(next(running)) for _ in range(6)]
    base = sqlite3.connect(index_of(cache), isolation_level=None)
    base.execute("BEGIN EXCLUSIVE")
    found += map(repr, running)
    base.execute("ROLLBACK")
    base.close()
    assert found == without_index(folder, full=True)
    agree(folder, cache)


@pytest.mark.parametrize("pragma", ["max_page_count = 4", "query_only = ON", "cache_size = 1"])
@pytest.mark.parametrize("cold", [True, False])
def test_a_full_disk_or_a_file_that_cannot_be_written_changes_nothing(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, pragma: str, cold: bool
) -> None:
    real = database.connect

    def connect(file: str) -> sqlite3.Connection:
        base = real(file)
        base.execute(f"PRAGMA {pragma}")
        return base

    if not cold:
        with_index(folder, cache)
        for path in sorted(folder.glob("plain*.md"))[::2]:
            path.write_text(path.read_text() * 2)
    with monkeypatch.context() as context:
        context.setattr(database, "connect", connect)
        context.setattr(module, "_ROWS_PER_STATEMENT", 3)
        agree(folder, cache)
    agree(folder, cache)


@pytest.mark.parametrize("place", ["/proc/self/cache", "/dev/null/cache", "file/cache", "file"])
def test_a_cache_folder_that_cannot_be_made_is_done_without(folder: Path, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("mine")
    agree(folder, tmp_path / place)
    assert (tmp_path / "file").read_text() == "mine"


KILL = """
import os, signal
from newscards.corpus.index import database, summaries
summaries.MIN_INDEXED_CARDS, database._ROWS_PER_STATEMENT, left = 1, 4, [{left}]
class Connection:
    def __init__(self, base): self.base = base
    def __getattr__(self, name): return getattr(self.base, name)
    def execute(self, *args): return self.after(self.base.execute(*args), args[0])
    def executemany(self, *args): return self.after(self.base.executemany(*args), args[0])
    def after(self, result, statement):
        if not statement.startswith(("SELECT", "PRAGMA")):
            left[0] -= 1
            if left[0] == 0: os.kill(os.getpid(), signal.SIGKILL)
        return result
real = database.connect
def connect(file):
    base = real(file)
    base.execute("PRAGMA cache_size = 1")
    return Connection(base)
database.connect = connect
"""


@pytest.mark.parametrize("left", [3, 9])
@pytest.mark.parametrize("cold", [True, False])
def test_a_process_that_is_killed_while_it_writes_leaves_nothing_wrong(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, left: int, cold: bool
) -> None:
    cache = tmp_path / "cache"
    if not cold:
        with_index(folder, cache)
        for path in folder.glob("plain*.md"):
            path.write_text(path.read_text().replace("Title", "Another"))
    killed = process("list", ".", folder=folder, before=NOT_RACY + KILL.format(left=left))
    _, err = killed.communicate()
    assert (killed.returncode in (-signal.SIGKILL, 1), err if killed.returncode < 0 else b"") == (True, b"")
    agree(folder, cache)


def test_many_processes_at_once_say_the_same(folder: Path, tmp_path: Path) -> None:
    before = NOT_RACY + "from newscards.corpus.index import summaries; summaries.MIN_INDEXED_CARDS = 1"
    plain = process("list", ".", "--no-cache", folder=folder).communicate()
    running = [process("list", ".", folder=folder, before=before) for _ in range(4)]
    assert [each.communicate() for each in running] == [plain] * 4
    agree(folder, tmp_path / "cache")


def test_whoever_stops_early_leaves_an_index_that_is_right(
    folder: Path, cache: Path, read: list[str]
) -> None:
    monkey = Corpus(folder, cache=str(cache)).summaries()
    next(monkey)
    monkey.close()  # type: ignore[attr-defined]
    agree(folder, cache)


def test_an_interruption_at_any_place_leaves_an_index_that_is_right(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summaries, "_CARDS_PER_BATCH", 4)
    monkeypatch.setattr(module, "_ROWS_PER_STATEMENT", 2)
    for count in range(0, 40, 6):
        for path in folder.glob("plain*.md"):
            path.write_text(f"---\ntitle: turn {count}\n---\n")
        left = [count]

        def add(
            index: Index,
            hash_: bytes,
            text: Encoded,
            left: list[int] = left,
            real: Callable[..., int] = Index.add,
        ) -> int:
            left[0] -= 1
            identifier = real(index, hash_, text)
            if left[0] < 0:
                raise KeyboardInterrupt
            return identifier

        with monkeypatch.context() as context:
            context.setattr(Index, "add", add)
            try:
                with_index(folder, cache)
            except KeyboardInterrupt:
                assert left[0] < 0
        assert with_index(folder, cache, full=True) == without_index(folder, full=True)


def test_a_cache_folder_is_for_its_user_alone_and_marked_only_where_it_was_made(tmp_path: Path) -> None:
    create_file(str(tmp_path / "a" / "b" / "file"))
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o700
    assert (
        (tmp_path / "a" / "b" / "CACHEDIR.TAG")
        .read_text()
        .startswith("Signature: 8a477f597d28d172789f06886806bc55\n")
    )
    create_file(str(tmp_path / "a" / "file"))
    assert not (tmp_path / "a" / "CACHEDIR.TAG").exists(), "backups would leave out what is not ours"


def test_a_corpus_has_one_index_however_it_is_named(
    folder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (tmp_path / "link").symlink_to(folder)
    for name in (".", "./", str(folder), f"{folder}/", str(tmp_path / "link"), "../cards", "../link/."):
        agree(Path(name) if name != "./" else folder, cache)
        assert with_index(name, cache, full=True) == without_index(name, full=True)
    assert len(list(cache.iterdir())) == 2, "an index and the mark"


def test_another_user_and_another_version_have_another_key(
    folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def key() -> bytes:
        return open_index(str(cache), str(folder), LIMITS)._key

    first = key()
    assert key() == first
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    second = key()
    monkeypatch.setattr("newscards.corpus.index.folder.__version__", "0")
    third = key()
    monkeypatch.setattr(sys, "getfilesystemencoding", lambda: "ascii")
    fourth = key()
    monkeypatch.setattr(os, "getgroups", lambda: [777])
    assert len({first, second, third, fourth, key()}) == 5


@pytest.mark.parametrize("is_checkout", [True, False], ids=["checkout", "installed"])
def test_the_key_changes_with_any_one_module_of_newscards(
    folder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_checkout: bool
) -> None:
    package = tmp_path / "source" / "newscards"
    shutil.copytree(Path(newscards.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    if is_checkout:
        (package.parent / "pyproject.toml").touch()
    monkeypatch.setattr(newscards, "__file__", str(package / "__init__.py"))

    def key() -> bytes:
        return open_index(str(cache), str(folder), LIMITS)._key

    keys = [key()]
    modules = sorted(package.rglob("*.py"))
    assert len(modules) > 100
    for each in modules:
        if is_checkout:
            os.utime(each, ns=(0, 0))
        else:
            each.write_text(each.read_text(encoding="utf-8") + "#\n", encoding="utf-8")
        keys.append(key())
    (package / ".#cli.py").symlink_to("nobody@nowhere")  # as an editor locks a file
    (package / "commands" / "__pycache__").mkdir(exist_ok=True)
    (package / "commands" / "__pycache__" / "list.py").touch()
    assert len(set(keys)) == len(modules) + 1
    assert key() == keys[-1]


def test_within_an_archive_the_version_is_the_key(
    folder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(newscards, "__file__", str(tmp_path / "app.pyz" / "newscards" / "__init__.py"))
    assert open_index(str(cache), str(folder), LIMITS)._key.endswith(b"\n" + newscards.__version__.encode())


def test_while_a_module_cannot_be_looked_at_no_index_answers(
    folder: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "newscards").mkdir()
    (tmp_path / "newscards" / "cli.py").symlink_to("gone.py")
    monkeypatch.setattr(newscards, "__file__", str(tmp_path / "newscards" / "__init__.py"))
    first, second = (open_index(str(cache), str(folder), LIMITS)._key for _ in range(2))
    assert first != second


def test_a_database_that_is_not_used_any_more_is_closed(cache: Path) -> None:
    index = Index(str(cache / "i.sqlite"))
    index.add(*row())
    connection = index._connection
    assert connection
    del index
    gc.collect()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
