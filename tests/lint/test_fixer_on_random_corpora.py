"""``validate --fix`` on random corpora with stories: nothing is left behind, lost or made worse."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from newscards.cards.card import Card
from newscards.cards.reader import read
from newscards.cards.values import same
from tests.conftest import Run
from tests.support.git_repository import commit, git
from tests.support.random_corpus import World, index_few_cards

OPTIONS = {
    "safe": ["--fix"],
    "unsafe": ["--fix", "--unsafe-fixes"],
    "selected": ["--fix", "--select", "NC502,NC503"],
}
COPIED = ("title", "excerpt", "publishedDateTime", "webUrl", "quality", "type")

Found = Counter[tuple[str, str, str]]


def sources(folder: Path) -> dict[str, bytes | None]:
    """Return the bytes of all files of a folder; ``None`` for a link that leads nowhere."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.exists() else None
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


def agreements(folder: Path) -> set[tuple[str, int, str, str]]:
    """Return each value in an entry of ``related`` that is exactly that of a card, as entry and card."""
    cards = {str(path.relative_to(folder)): read(str(path)) for path in sorted(folder.rglob("*.md"))}
    cards = {name: card for name, card in cards.items() if isinstance(card, Card)}
    return {
        (name, index, key, other)
        for name, card in cards.items()
        if isinstance(card, Card) and isinstance(related := card.fields.get("related"), list)
        for index, entry in enumerate(related)
        if isinstance(entry, dict)
        for other, named in cards.items()
        if isinstance(named, Card) and _names(entry, named)
        for key in COPIED
        if key in entry and key in named.fields and same(entry[key], named.fields[key])
    }


def _names(entry: dict[str, object], card: Card) -> bool:
    keys = ("webUrl", "title", "publishedDateTime")
    return all(same(entry.get(key), card.fields.get(key)) for key in keys)


@pytest.fixture
def found(run: Run) -> Callable[..., tuple[Found, int]]:
    """Return a function that returns the findings of a corpus, and the number of those that can be fixed."""

    def findings(*args: str) -> tuple[Found, int]:
        result = run("validate", "_news", "--format", "json", *args)
        report = json.loads(result.out)
        counts = Counter(
            (each["code"], each["path"], re.sub("[0-9]+", "", each["field"])) for each in report["findings"]
        )
        for each in report["findings"]:
            if not each["code"].startswith("NC6"):
                counts[each["code"], "", "its places"] += 1 + len(each["others"])
        return counts, report["summary"]["fixable"]

    return findings


@pytest.mark.exhaustive(always=3)
@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
@pytest.mark.parametrize("has_index", [True, False], ids=["index", "no index"])
def test_fixes_leave_nothing_behind(
    seed: int,
    options: list[str],
    has_index: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
    found: Callable[..., tuple[Found, int]],
) -> None:
    if has_index:
        index_few_cards(monkeypatch)
    cache = [] if has_index else ["--no-cache"]
    (tmp_path / "_news").mkdir()
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path / "_news", random.Random(seed))
    for _ in range(seed % 4):
        world.change()
    old = sources(world.folder)
    agreed, before = agreements(world.folder), found(*cache)[0]
    result = run("validate", "_news", *options, *cache)
    assert result.code in (0, 1), result.err
    now = sources(world.folder)
    new = {each[:1] for each in created(before, found(*cache)[0])}
    assert new <= CONSEQUENCES[options == OPTIONS["unsafe"]]
    lost = {each for each in agreed - agreements(world.folder) if each[0] in now}
    assert not lost or "--unsafe-fixes" in options  # which may put entries in order
    again = run("validate", "_news", *options, *cache, "--format", "json")
    assert "fixed" not in again.err
    assert json.loads(again.out)["summary"]["fixable"] == 0
    assert sources(world.folder) == now
    if now != old:
        assert run("undo").code == 0
    assert sources(world.folder) == old


CONSEQUENCES: dict[bool, set[tuple[str, ...]]] = {False: set(), True: {("NC612",), ("NC413",)}}
"""What may be reported after a fix, by whether it is an unsafe one, in a card or for any field of it.

A stale value explains that it is unusual. After a fix that copies it, that is no consequence of anything.
"""


def created(before: Found, after: Found) -> list[tuple[str, ...]]:
    """Return the findings that were not there before.

    A finding that compares cards stands at one of them, and perhaps at another one when that is fixed: of
    these only the number of each rule counts. One of an entry is told with those of equal entries, which may
    differ by then: of these only the number of places counts.
    """
    return [*_grouped(after) - _grouped(before)]


def _grouped(found: Found) -> Counter[tuple[str, ...]]:
    counts: Counter[tuple[str, ...]] = Counter()
    for (code, path, field), count in found.items():
        if code.startswith("NC6"):
            counts[(code,)] += count
        elif not field.startswith("related"):
            counts[code, path, field] += count
    return counts


@pytest.mark.exhaustive(always=3)
@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("options", [OPTIONS["safe"], OPTIONS["unsafe"]], ids=["safe", "unsafe"])
def test_fixes_of_what_a_change_added_create_no_finding(
    seed: int,
    options: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
    found: Callable[..., tuple[Found, int]],
) -> None:
    (tmp_path / "_news").mkdir()
    monkeypatch.chdir(tmp_path)
    world = World(tmp_path / "_news", random.Random(seed))
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    for _ in range(3):
        world.change()
    old, before = sources(world.folder), found()[0]
    run("validate", "_news", "--changed-since", "HEAD", *options)
    now = sources(world.folder)
    assert {each[:1] for each in created(before, found()[0])} <= CONSEQUENCES[options == OPTIONS["unsafe"]]
    again = run("validate", "_news", "--changed-since", "HEAD", *options)
    assert "fixed" not in again.err
    assert sources(world.folder) == now
    if now != old:
        assert run("undo").code == 0
    assert sources(world.folder) == old
