"""``diff`` names what a plain loop over ``git show`` and PyYAML finds, over histories at random."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.conftest import MakeCorpus, Run
from tests.support import card
from tests.support.git_repository import commit, git

ENTRY = """
  - title: "Part {n}"
    webUrl: "https://www.tide.example/{n}"
    publishedDateTime: 2023-06-20T15:44:00Z
    quality: {quality}"""
FLAGS = ["true", "false", "no", "yes", '"false"', '"true"', "null", "0", "", "True"]
IDENTITY = ["webUrl", "title", "publishedDateTime"]
TOPICS = ["Oceans", "Science", "Ports", "AI", "Wind"]


def new_card(rng: random.Random, number: int) -> str:
    return card(
        title=f'"Card {number}"', webUrl=f'"https://www.tide.example/{number}"',
        published=rng.choice(FLAGS), removed="false", topics=topics(rng),
        heat=str(rng.randint(-1, 3)), quality=str(rng.randint(1, 3)),
        related="".join(ENTRY.format(n=n, quality=rng.randint(1, 2)) for n in range(2)),
    )  # fmt: skip


def topics(rng: random.Random) -> str:
    chosen = rng.sample(TOPICS, rng.randint(1, 3))
    style = rng.randrange(3)
    if style == 0:
        return "[" + ", ".join(chosen) + "]"
    return "".join(f'\n  - "{each}"' if style == 1 else f"\n  - {each}" for each in chosen)


def set_line(name: str, value: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        lines = re.compile(rf"^{name}:.*\n(?:(?!---)[ -].*\n)*", re.MULTILINE)
        return lines.sub(lambda match: f"{name}:{'' if value.startswith(chr(10)) else ' '}{value}\n", text)

    return change


def mutate(rng: random.Random, text: str) -> str:
    """Change a card in one way, or mend it, where it cannot be read."""
    if "[news" in text:
        return text.replace("category: [news", "category: news", 1)
    changes: list[Callable[[str], str]] = [
        set_line("published", rng.choice(FLAGS)),
        set_line("heat", rng.choice(["-1", "0", "1", "2", '"2"', "0x2", "2.0"])),
        set_line("quality", rng.choice(["1", "2", "3"])),
        set_line("topics", topics(rng)),
        set_line("title", rng.choice(['"New"', "'New'", "New", "New # and a comment"])),
        set_line("removed", rng.choice(["true", "false"])),
        lambda text: text.replace("heat:", "# a comment\nheat:", 1),
        lambda text: text.replace("heat: ", "heat:   ", 1),
        lambda text: re.sub(r"^published:.*\n", "", text, flags=re.MULTILINE),
        lambda text: text.replace("category: news", "category: [news", 1),
        lambda text: text.replace("quality: 1\n", "quality: 2\n"),
    ]
    return rng.choice(changes)(text)


def evolve(rng: random.Random, folder: Path, numbers: list[int]) -> None:
    """Change some of the cards in a folder, add, remove and rename some."""
    files = sorted(folder.glob("**/*.md"))
    for file in rng.sample(files, 7):
        file.write_text(mutate(rng, mutate(rng, file.read_text())))
    for file in rng.sample(files, rng.randint(0, 2)):
        file.unlink()
    for file in rng.sample(files, 4):
        if file.exists():
            (folder / "archive").mkdir(exist_ok=True)
            file.rename(folder / rng.choice(["archive", "."]) / f"moved-{rng.randrange(1000)}.md")
    for _ in range(rng.randint(1, 3)):
        numbers[0] += 1
        (folder / f"{numbers[0]:03}.md").write_text(new_card(rng, numbers[0]))


class Plain(NamedTuple):
    """A card as the plain loop has it: the file's text, and its mapping, if it is YAML."""

    text: str
    fields: dict[str, Any] | None


def plain_cards(folder: Path, rev: str) -> dict[str, Plain]:
    """Read the cards of a revision, one by one, by path."""
    found: dict[str, Plain] = {}
    for path in git(folder, "ls-tree", "-r", "--name-only", rev).splitlines():
        text = git(folder, "show", f"{rev}:{path}")
        try:
            fields = yaml.safe_load(text.removeprefix("---\n").removesuffix("---"))
        except yaml.YAMLError:
            fields = None
        found[path] = Plain(text, fields)
    return found


def shown(fields: dict[str, Any]) -> bool:
    flag = fields.get("published", True)
    return flag is not False and flag is not None


def differ(name: str, old: dict[str, Any], new: dict[str, Any]) -> bool:
    was, now = old.get(name), new.get(name)
    return type(was) is not type(now) or was != now or (name in old) != (name in new)


def compare(told: list[dict[str, Any]], old: dict[str, Plain], new: dict[str, Plain]) -> None:
    """Assert that what ``diff`` told is what the plain loop finds in the cards of two revisions."""
    by_path = {each["path"]: each for each in told}
    renamed = {each["wasPath"]: path for path, each in by_path.items() if each["status"] == "renamed"}
    assert told_as(told, "gone") == old.keys() - new.keys() - renamed.keys()
    assert told_as(told, "added") == new.keys() - old.keys() - set(renamed.values())
    assert renamed.keys() <= old.keys() - new.keys()
    assert set(renamed.values()) <= new.keys() - old.keys()

    expected: dict[str, set[str]] = {kind: set() for kind in ("flag", "quality", "heat", "topics", "any")}
    reading: dict[str, dict[str, bool]] = {}
    for was, now in ({path: path for path in old.keys() & new.keys()} | renamed).items():
        before, after = old[was].fields, new[now].fields
        if before is None or after is None:
            if was != now or old[was] != new[now]:
                reading[now] = {"was": before is None, "now": after is None}
            continue
        if was != now:
            assert old[was] == new[now] or (
                [before[name] for name in IDENTITY] == [after[name] for name in IDENTITY]
            )
        for name in ("quality", "heat", "topics"):
            if differ(name, before, after):
                expected[name].add(now)
        if shown(before) != shown(after):
            expected["flag"].add(now)
        if any(differ(name, before, after) for name in {*before, *after}):
            expected["any"].add(now)
    for kind, paths in expected.items():
        words = {"published", "hidden"} if kind == "flag" else {kind}
        found = {
            path for path, each in by_path.items() if each["changes"] and words & {*each["kinds"], "any"}
        }
        assert found == paths, kind
    for path, sides in reading.items():
        assert by_path[path]["unreadable"].keys() == {word for word, is_so in sides.items() if is_so}
    one_sided = told_as(told, "gone") | told_as(told, "added")
    assert {path for path, each in by_path.items() if "unreadable" in each} - one_sided == reading.keys()


def told_as(told: list[dict[str, Any]], status: str) -> set[str]:
    return {each["path"] for each in told if each["status"] == status}


@pytest.mark.parametrize("seed", range(3))
def test_it_names_what_a_plain_loop_finds(
    seed: int, make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    numbers, seen = [12], set[str]()
    folder = make_corpus({f"{number:03}.md": new_card(rng, number) for number in range(1, 13)})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    revs = [commit(folder)]
    for _ in range(5):
        evolve(rng, folder, numbers)
        git(folder, "add", "--all")
        git(folder, "commit", "--quiet", "--allow-empty", "--message", "Cards")
        revs.append(git(folder, "rev-parse", "HEAD"))
    cards = {rev: plain_cards(folder, rev) for rev in revs}
    for old, new in combinations(revs, 2):
        for one, other in ((old, new), (new, old)):
            result = run("diff", one, other, "--format", "json")
            assert result.err == ""
            told = json.loads(result.out)
            compare(told, cards[one], cards[other])
            assert result.code == any("unreadable" in each for each in told)
            seen |= {kind for each in told for kind in each["kinds"]}
    assert seen >= {"published", "hidden", "added", "gone", "renamed", "heat", "topics", "other"}
    working_tree = run("diff", revs[0], "--format", "json")
    assert working_tree == run("diff", revs[0], revs[-1], "--format", "json")
