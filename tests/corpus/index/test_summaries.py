"""Every command, with an index and without: the same bytes and exit code, whatever was done to the cards."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards import parallel
from newscards.cards import reader
from newscards.corpus.index import snapshot, summaries
from newscards.frontmatter.limits import LIMITS, Limits
from tests.conftest import Result, Run
from tests.support import card
from tests.support.corpus_generator import generate
from tests.support.indexes import NOT_RACY, fill, index_of, process, with_index, without_index

FORMATS = ["table", "json", "jsonl", "csv", "tsv", "paths", "ids"]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have small corpora an index, and files that were just made count as old."""
    monkeypatch.setattr(summaries, "MIN_INDEXED_CARDS", 1)
    monkeypatch.setattr(snapshot, "RACY_NANOSECONDS", -(10**11))


@pytest.fixture
def folder(small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the current folder, of odd cards and plain ones."""
    (tmp_path / "cards").mkdir()
    monkeypatch.chdir(tmp_path / "cards")
    return fill(tmp_path / "cards")


@pytest.fixture(scope="module")
def unchanging(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of such cards that several tests look at."""
    return fill(tmp_path_factory.mktemp("cards"))


@pytest.fixture
def same(run: Run) -> Callable[..., Result]:
    """Return a function that runs newscards without an index, and with one: there is no difference."""

    def run_both(*args: str) -> Result:
        plain = run(*args, "--no-cache")
        assert run(*args) == plain
        return plain

    return run_both


Same = Callable[..., Result]

LISTINGS = [
    *(["list", "--format", form] for form in FORMATS),
    *(["list", "--sort", order] for order in ("-quality", "provider.name,-id", "x", "related", "path")),
    *(["list", "--limit", limit, "--format", "json"] for limit in ("0", "1", "7", "1000")),
    ["list", "--columns", "title,nothing"],
    ["list", "--columns", "id,provider,images.url,extra", "--format", "json"],
    ["list", "--columns", "path,provider.name,provider.domain", "--format", "json"],
    ["list", "--columns", "id,related.title,secured", "--format", "jsonl"],
    ["list", "--columns", "topics[0],published", "--sort", "extra"],
    ["list", "--count"],
    ["list", "-0", "--format", "paths"],
    ["list", "--topic", "OCEANS", "--topic", "none", "--count"],
    ["list", "--topic", "oceans", "--topic", "ökologie", "--all-topics", "--format", "ids"],
    ["list", "--min-quality", "5", "--max-quality", "9"],
    ["list", "--min-heat", "67", "--unpublished"],
    ["list", "--published", "--type", "article", "--since", "2015", "--until", "2018-03"],
    ["list", "--type", "video"],
    ["list", "--provider", "EBB"],
    ["list", "--provider", "tide.example", "--count"],
    ["filter-by-topic", "oceans"],
    ["filter-by-topic", "Ökologie", "--format", "json"],
    ["filter-by-topic", "Ocean"],
    ["filter-by-topic", 'a "quote"'],
    ["filter-by-topic", "Science", ".", "--sort", "-publishedDateTime", "--limit", "3"],
    ["show", "plain-001", "--format", "json"],
    ["show", "related"],
    ["why", "plain-003"],
    ["validate", "--format", "json"],
    ["set-published", "false", "plain-001", "--dry-run"],
    ["set", "quality", "3", "--topic", "oceans", "--dry-run"],
    ["set", "published", "false", "--min-quality", "15", "--dry-run", "--format", "json"],
    ["topic", "add", "Energy", "--provider", "tide", "--dry-run", "--diff"],
    ["topic", "rename", "Oceans", "Seas", "--published", "--dry-run"],
]  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_however_topics_change_the_cards_of_a_topic_are_the_same(same: Same, folder: Path, seed: int) -> None:
    rng = random.Random(seed)
    written = ("[Oceans]", "[oceans, Ökologie]", "[ÖKOLOGIE, straße]", "[STRASSE]", "oceans", "[1, [x]]", "{")
    for _ in range(6):
        cards = sorted(folder.glob("plain*.md"))
        for path in rng.sample(cards, 4):
            path.write_text(card(topics=rng.choice(written)))
        if rng.random() < 0.5:
            rng.choice(cards).unlink()
        for asked in rng.sample(("OCEANS", "ökologie", "Strasse", "x", "none"), 3):
            same("filter-by-topic", asked)
        same("list", "--topic", "Oceans", "--topic", "straße", "--format", "ids")
        same("list", "--topic", "Oceans", "--topic", "ökologie", "--all-topics", "--provider", "nobody")


@pytest.mark.parametrize("damaged", [1, 2, 3])
def test_a_card_of_the_topic_whose_row_is_damaged_is_read(
    same: Same, small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damaged: int
) -> None:
    monkeypatch.chdir(tmp_path)
    for number in range(12):
        (tmp_path / f"{number:02}.md").write_text(card(topics="[Alpha]" if 5 <= number < 7 else "[Zeta]"))
    same("list")
    with sqlite3.connect(index_of(tmp_path / "cache")) as base:
        ids = [each for each, text in base.execute("SELECT id, brief FROM cards") if b"Zeta" in text]
        spoil = "UPDATE cards SET brief_sum = 1 WHERE id = ?"
        base.executemany(spoil, [(each,) for each in ids[2 : 2 + damaged]])
    base.close()
    same("filter-by-topic", "Zeta")


@pytest.mark.parametrize("args", LISTINGS, ids=" ".join)
def test_an_index_changes_nothing_that_a_command_says(
    same: Same, small: None, unchanging: Path, monkeypatch: pytest.MonkeyPatch, args: list[str]
) -> None:
    monkeypatch.chdir(unchanging)
    monkeypatch.setenv("NEWSCARDS_CACHE_DIR", f"{unchanging}.cache")
    same(*args)


@pytest.mark.parametrize("form", ["json", "tsv"])
def test_an_index_that_is_made_changes_nothing_either(run: Run, same: Same, folder: Path, form: str) -> None:
    made = same("list", "--format", form)
    for _ in range(2):
        assert run("list", "--format", form) == made


def unseen(folder: Path) -> None:
    """Change a card without a trace but the time of the change: its size and its time are as before."""
    path = folder / "plain-004.md"
    before = path.stat()
    time.sleep(0.02)  # the clock of some systems takes steps of some milliseconds
    path.write_text(path.read_text().replace("Title 4", "Titel 4"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def replaced(folder: Path) -> None:
    before = (folder / "plain-004.md").stat()
    (folder / "new").write_text((folder / "plain-004.md").read_text().replace("Title 4", "Titel 4"))
    os.utime(folder / "new", ns=(before.st_atime_ns, before.st_mtime_ns))
    (folder / "new").replace(folder / "plain-004.md")


def swapped(folder: Path) -> None:
    for old, new in (("plain-004.md", "x"), ("plain-005.md", "plain-004.md"), ("x", "plain-005.md")):
        (folder / old).rename(folder / new)


def contents_swapped(folder: Path) -> None:
    first, second = folder / "plain-004.md", folder / "plain-005.md"
    one, other = first.read_bytes(), second.read_bytes()
    first.write_bytes(other)
    second.write_bytes(one)
    for path in (first, second):
        os.utime(path, ns=(0, 0))


def made_unreadable(folder: Path) -> None:
    (folder / "plain-004.md").unlink()
    (folder / "plain-004.md").symlink_to("plain-004.md")


def parent_linked(folder: Path) -> None:
    (folder / "sub").rename(folder.parent / "elsewhere")
    (folder / "sub").symlink_to(folder.parent / "elsewhere")


def hidden(folder: Path) -> None:
    (folder / "plain-004.md").rename(folder / "_plain-004.md")


def grown(folder: Path) -> None:
    generate(folder / "more", 30, small=True)


def link_led_elsewhere(folder: Path) -> None:
    (folder / "linked.md").unlink()
    (folder / "linked.md").symlink_to("plain-001.md")


def all_but_one_deleted(folder: Path) -> None:
    for path in folder.glob("*.md"):
        if path.name != "plain-001.md":
            path.unlink()


UNHEARD: list[Callable[[Path], object]] = [
    lambda folder: (folder / "plain-004.md").touch(),
    lambda folder: os.utime(folder / "plain-004.md", ns=(0, -(10**9))),
    lambda folder: (folder / "plain-004.md").chmod(0o600),
]
CHANGES: list[Callable[[Path], object]] = [
    unseen, replaced, swapped, contents_swapped, made_unreadable, parent_linked, hidden, grown,
    link_led_elsewhere, all_but_one_deleted,
    *UNHEARD,
    lambda folder: (folder / "plain-004.md").unlink(),
    lambda folder: (folder / "plain-004.md").rename(folder / "0.md"),
    lambda folder: (folder / "sub").rename(folder / "sab"),
    lambda folder: (folder / "new.md").write_text(card(title='"New"')),
    lambda folder: (folder / "plain-004.md").write_text("---\ntitle: [\n---\n"),
    lambda folder: (folder / "plain-004.md").write_bytes(b""),
    lambda folder: (folder / "plain-004.md").write_bytes(b"\xef\xbb\xbf---\ntitle: a\n---\n"),
    lambda folder: (folder / "bom.md").write_text("---\ntitle: no longer odd\n---\n"),
    lambda folder: (folder / "broken.md").write_text("---\ntitle: whole\n---\n"),
    lambda folder: (folder / "plain-000.md").write_text("---\ntitle: the target of a link\n---\n"),
    lambda folder: (folder / "nowhere.md").write_text("---\ntitle: the link leads somewhere\n---\n"),
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_what_changed_is_seen(run: Run, same: Same, folder: Path, change: Callable[[Path], object]) -> None:
    before = same("list", "--format", "jsonl")
    change(folder)
    after = run("list", "--format", "jsonl")
    assert after == run("list", "--format", "jsonl", "--no-cache")
    assert (after.raw == before.raw) == (change in UNHEARD)
    assert run("list", "--format", "jsonl") == after


def test_an_edit_by_newscards_is_seen(run: Run, same: Same, folder: Path) -> None:
    same("list", "--format", "jsonl")
    count = ("list", "--min-quality", "1000", "--count")
    run("set", "quality", "1000", "--topic", "Oceans", "--yes")
    assert int(same(*count).out) > 20
    run("undo")
    assert same(*count).out == "0\n"


def test_other_limits_in_turn(run: Run, same: Same, folder: Path) -> None:
    config = folder.parent / "small.toml"
    config.write_text("limits = { bytes = 300 }\n")
    for _ in range(2):
        assert (
            same("list", "--format", "jsonl").raw
            != same("list", "--format", "jsonl", "--config", str(config)).raw
        )


@pytest.mark.parametrize("paths", [
    ["site/"], ["site/_news"], ["site/_news/"], ["./site"], ["link/_news"], ["site", "other"],
    ["site/_news/sub", "site"], ["site", "site/_news/sub"], ["site", "link"], ["."],
    ["site/_news/plain-001.md", "site"], ["site", "nowhere"],
])  # fmt: skip
def test_a_corpus_by_any_name(
    same: Same, folder: Path, monkeypatch: pytest.MonkeyPatch, paths: list[str]
) -> None:
    home = folder.parent
    (home / "site").mkdir()
    folder.rename(home / "site" / "_news")
    (home / "link").symlink_to("site")
    (home / "other").mkdir()
    (home / "other" / "a.md").write_text(card())
    monkeypatch.chdir(home)
    same("list", "site", "--count")
    for named in (paths, [str(home / path) for path in paths]):
        same("list", *named, "--format", "json", "--columns", "path,title")
    monkeypatch.chdir(home / paths[0] if (home / paths[0]).is_dir() else home)
    same("list", "--format", "paths")


def test_a_file_that_goes_away_between_the_look_and_the_reading_is_told(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reader.read_bytes

    def gone(path: str, limits: Limits = LIMITS) -> bytes:
        if path.endswith("plain-004.md"):
            raise FileNotFoundError(2, "No such file or directory", path)
        return real(path, limits)

    with monkeypatch.context() as context:
        context.setattr(reader, "read_bytes", gone)
        result = run("list", "--format", "ids")
        assert (result.code, "plain-004" in result.out) == (1, False)
        assert "plain-004.md:1:1: cannot be read: No such file or directory" in result.err
    assert run("list") == run("list", "--no-cache")


def test_a_file_that_changes_while_it_is_read_is_read_again(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reader.read_bytes

    def changing(path: str, limits: Limits = LIMITS) -> bytes:
        source = real(path, limits)
        if path.endswith("plain-004.md"):
            time.sleep(0.02)
            (folder / "plain-004.md").write_text("---\ntitle: meanwhile\n---\n")
        return source

    with monkeypatch.context() as context:
        context.setattr(reader, "read_bytes", changing)
        run("list")
    assert run("list") == run("list", "--no-cache")
    assert "meanwhile" in run("list").out


def test_a_file_that_changed_within_the_grain_of_the_clock_is_read_again(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(snapshot, "RACY_NANOSECONDS", 10**15)
    read: list[str] = []
    real = reader.read_bytes

    def counting(path: str, limits: Limits = LIMITS) -> bytes:
        read.append(path)
        return real(path, limits)

    monkeypatch.setattr(reader, "read_bytes", counting)
    for _ in range(2):
        read.clear()
        run("list")
        assert sum("plain" in path for path in read) == 20
    monkeypatch.setattr(snapshot, "RACY_NANOSECONDS", -(10**15))
    run("list")
    read.clear()
    run("list")
    assert sum("plain" in path for path in read) == 0


NAMES = ["a.md", "b.md", "c.md", "s/d.md", "s/e.md"]
OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(
            ["write", "write", "unseen", "touch", "delete", "rename", "swap", "run", "stop", "brief"]
        ),
        st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from([
            "---\ntitle: one\n---\n", "---\ntitle: two\n---\n", "---\ntitle: [ \n---\n", "\n---\na: 1\n---\n",
            "---\ntitle: 1.5\n---\n", "", "---\n1: ab\n---\n",
        ]),
    ),
    max_size=14,
)  # fmt: skip


@settings(deadline=None, derandomize=True, database=None, max_examples=40)
@given(OPERATIONS)
def test_after_any_changes_an_index_says_what_the_files_say(
    operations: list[tuple[str, str, str, str]],
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch, tempfile.TemporaryDirectory() as place:
        monkeypatch.setattr(summaries, "MIN_INDEXED_CARDS", 1)
        monkeypatch.setattr(snapshot, "RACY_NANOSECONDS", -(10**11))
        folder, cache = Path(place, "cards"), Path(place, "cache")
        (folder / "s").mkdir(parents=True)
        (folder / "always.md").write_text(card())
        for operation, name, other, content in operations:
            _do(operation, folder / name, folder / other, content, folder, cache)
        for full in (True, False, True):
            wanted = without_index(folder, full=True)
            assert not full or with_index(folder, cache, full=True) == wanted
            assert len(with_index(folder, cache, full=full)) == len(wanted)


def _do(operation: str, path: Path, other: Path, content: str, folder: Path, cache: Path) -> None:
    if operation == "run":
        assert with_index(folder, cache, full=True) == without_index(folder, full=True)
    elif operation == "brief":
        with_index(folder, cache)
    elif operation == "stop":
        from newscards.corpus.corpus import Corpus

        found = list(itertools.islice(Corpus(folder, cache=str(cache)).summaries(full=True), 2))
        assert list(map(repr, found)) == without_index(folder, full=True)[:2]
    elif operation == "write" or not path.exists():
        path.write_text(content)
    elif operation == "unseen":
        before = path.stat()
        time.sleep(0.006)
        path.write_bytes(path.read_bytes()[::-1])
        os.utime(path, ns=(0, before.st_mtime_ns))
    elif operation == "touch":
        os.utime(path, ns=(0, 10**18))
    elif operation == "delete":
        path.unlink()
    elif operation == "rename" or not other.exists():
        path.rename(other)
    elif path != other:
        path.rename(folder / "x")
        other.rename(path)
        (folder / "x").rename(other)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a corpus for which processes and an index are worth their while."""
    folder = tmp_path_factory.mktemp("large")
    generate(folder, parallel.MIN_ITEMS + 88, small=True, oddities=True)
    for name in ("pipe.md", "broken.md", "sub"):
        assert not (folder / "_news" / name).exists()
    fill(folder / "_news", plain=0)
    return folder


def outcome(*args: str, folder: Path, before: str = "") -> tuple[int, bytes, bytes]:
    started = process(*args, folder=folder, before=before)
    out, err = started.communicate()
    return started.returncode, out, err


def states(folder: Path) -> list[tuple[str, int]]:
    return sorted((str(path), path.lstat().st_mtime_ns) for path in folder.rglob("*"))


def test_a_large_corpus_in_processes_of_its_own(large: Path, tmp_path: Path) -> None:
    files = states(large)
    plain = outcome("list", ".", "--format", "jsonl", "--no-cache", folder=large)
    assert plain[0] == 1, "some cards cannot be read"
    assert not (tmp_path / "cache").exists()
    assert outcome("list", ".", "--format", "jsonl", folder=large, before=NOT_RACY) == plain
    written = index_of(tmp_path / "cache").read_bytes()
    assert outcome("list", ".", "--format", "jsonl", folder=large, before=NOT_RACY) == plain
    assert index_of(tmp_path / "cache").read_bytes() == written, "nothing is new"
    assert outcome("list", ".", "--format", "jsonl", folder=large) == plain, "as users have it"
    assert states(large) == files, "a read never writes into the corpus"


def test_a_disk_that_is_full_and_a_home_that_cannot_be_written(
    large: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = outcome("list", ".", "--no-cache", folder=large)
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))"
    assert outcome("list", ".", folder=large, before=full) == plain
    assert outcome("list", ".", folder=large) == plain
    monkeypatch.setenv("NEWSCARDS_CACHE_DIR", "/proc/nowhere/cache")
    assert outcome("list", ".", folder=large) == plain
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache"]


def test_a_reader_that_goes_away_and_ctrl_c_leave_an_index_that_is_right(large: Path) -> None:
    plain = outcome("list", ".", "--no-cache", folder=large)
    command = process("list", ".", "--format", "jsonl", folder=large, before=NOT_RACY)
    assert command.stdout
    command.stdout.close()
    assert (command.wait(), command.stderr.read() if command.stderr else b"") == (141, b"")
    if command.stderr:
        command.stderr.close()
    begin = f"{NOT_RACY}from newscards import cli; print('begun', flush=True)"
    stopped = process("list", ".", folder=large, before=begin)
    assert stopped.stdout
    assert stopped.stdout.readline() == b"begun\n"
    time.sleep(0.1)
    stopped.send_signal(signal.SIGINT)
    _, err = stopped.communicate()
    assert b"Traceback" not in err
    assert outcome("list", ".", folder=large, before=NOT_RACY) == plain


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0 or not shutil.which("mount"), reason="mounts a disk")
def test_a_small_disk_that_fills_up(large: Path, tmp_path: Path) -> None:
    disk = tmp_path / "cache"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        plain = outcome("list", ".", "--no-cache", folder=large)
        assert outcome("list", ".", folder=large, before=NOT_RACY) == plain
    finally:
        subprocess.run(["umount", str(disk)], check=True)
