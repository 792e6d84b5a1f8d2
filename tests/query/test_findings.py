"""``validate`` with its index tells what it tells without, whatever either depends on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscards import clock
from newscards.jekyll import config
from tests.conftest import MakeCorpus, Result, Run
from tests.support import CARD, ROOT, card
from tests.support.git_repository import commit, git
from tests.support.indexes import NOT_RACY, index_of, note_reads, process
from tests.support.random_corpus import World

SMALL = NOT_RACY + (
    "from newscards.corpus.index import summaries\nfrom newscards.lint import incremental\n"
    "summaries.MIN_INDEXED_CARDS = 1; incremental._MIN_CARDS_PER_CHANGED = 0\n"
)
"""For a process of its own: the smallest corpora have an index."""


pytestmark = pytest.mark.usefixtures("kept_of_few_cards")


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return note_reads(monkeypatch)


Worlds = Callable[[int], tuple[random.Random, World]]


@pytest.fixture
def worlds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Worlds:
    """Return a function that makes a site at random, in the current folder."""

    def make(seed: int) -> tuple[random.Random, World]:
        rng = random.Random(seed)
        (tmp_path / "site" / "_news").mkdir(parents=True)
        monkeypatch.chdir(tmp_path / "site")
        return rng, World(tmp_path / "site" / "_news", rng)

    return make


Validate = Callable[..., Result]


@pytest.fixture
def validate(run: Run) -> Validate:
    """Return a function that runs ``validate``, and twice with its index, and asserts that all are one."""

    def anew(*args: str) -> Result:
        config._config_of.cache_clear()
        config._glob.cache_clear()
        return run("validate", *args)

    def told(*args: str) -> Result:
        wanted = anew(*args, "--no-cache")
        assert anew(*args) == wanted
        assert anew(*args) == wanted
        return wanted

    return told


FILES: dict[str, str | bytes] = {
    "2023-06-20-a.md": card(quality="-5"),
    "2023-06-20-b.md": card(title='"Wells"', webUrl='"https://tide.example/b"', originalUrl=None),
    "2023-06-20-c.md": card(title='"Wells &amp; more"', webUrl='"https://tide.example/c"'),
    "sub/2023-06-20-a.md": card(topics="[oceans, Science]", webUrl='"https://tide.example/d"'),
    "2023-06-20-e.md": b"---\ntitle: [\n---\n",
}


def touched(path: Path, text: str) -> None:
    """Write a file, and give it another time: two changes may be within a tick of the clock."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    touched.tick += 1  # type: ignore[attr-defined]
    os.utime(path, (touched.tick, touched.tick))  # type: ignore[attr-defined]


touched.tick = 1_600_000_000  # type: ignore[attr-defined]


@pytest.mark.exhaustive(always=2)
@pytest.mark.parametrize("seed", range(12))
def test_whatever_changes_every_format_tells_the_same(seed: int, run: Run, worlds: Worlds) -> None:
    rng, world = worlds(1000 + seed)
    forms = ("text", "concise", "json", "sarif", "github", "jsonl", "junit", "grouped")
    known = [form for form in forms if run("validate", "--format", form, "--no-cache").code < 2]
    assert {"text", "concise", "json"} <= {*known}
    for _ in range(4):
        for form in rng.sample(known, 3):
            assert run("validate", "--format", form) == run("validate", "--format", form, "--no-cache")
        assert run("validate", "--statistics") == run("validate", "--statistics", "--no-cache")
        for _ in range(rng.choice([1, 1, 2])):
            world.change()


def test_of_two_findings_that_change_alike_none_is_told_as_it_was(
    make_corpus: MakeCorpus, validate: Validate
) -> None:
    def named(quality: str) -> str:
        return card(title='"Wells"', webUrl='"https://tide.example/b"', quality=quality, **no_others)

    no_others: dict[str, str | None] = {"originalUrl": None, "secured": None}
    entry = 'related:\n  - title: "Wells"\n    webUrl: "https://tide.example/b"\n    quality: 1'
    date = "    publishedDateTime: 2023-06-20T15:44:00Z\n---\n"
    listing: dict[str, str | bytes] = {}
    for number, name in enumerate(("one", "two")):
        own = card(title=f'"{name}"', webUrl=f'"https://tide.example/{name}"', **no_others)
        listing[f"2023-06-20-{name}.md"] = own.removesuffix("---\n") + f"{entry}{number}\n{date}"
    folder = make_corpus({"2023-06-20-b.md": named("111"), **listing})
    for quality in ("111", "112", "113"):
        touched(folder / "2023-06-20-b.md", named(quality))
        found = validate("--format", "json", "--select", "NC606").out
        assert found.count(f"`quality` is {quality} in") == 2
        validate("--format", "concise", "--select", "NC606")


@pytest.mark.exhaustive(always=1)
@pytest.mark.parametrize("seed", range(6))
def test_what_changed_since_and_what_a_baseline_knows_not_are_told_the_same(
    seed: int, run: Run, worlds: Worlds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ways: list[str]
) -> None:
    rng, world = worlds(2000 + seed)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main")
    commit(tmp_path)
    for number in range(5):
        for args in (
            ("--changed-since", "HEAD"),
            ("--changed-since", "HEAD", "--format", rng.choice(["json", "concise", "sarif"])),
            ("--write-baseline", "known.json"),
            ("--baseline", "known.json", "--strict"),
            ("--baseline", "known.json", "--changed-since", "HEAD", "--select", "NC6"),
        ):
            if number or "--baseline" not in args:
                assert run("validate", *args, "--no-cache") == run("validate", *args)
        for _ in range(rng.choice([1, 1, 2, 3])):
            world.change()
    assert "kept" in ways


@pytest.mark.exhaustive(always=1)
@pytest.mark.parametrize("seed", range(4))
def test_what_is_told_of_single_cards_is_the_same_with_an_index(
    seed: int, run: Run, worlds: Worlds, ways: list[str]
) -> None:
    rng, world = worlds(3000 + seed)
    for _ in range(4):
        cards = sorted(path for path in Path("_news").rglob("*.md") if path.is_file())
        some = [str(path) for path in rng.sample(cards, min(3, len(cards)))]
        named = [rng.choice([path, f"./{path}", os.path.abspath(path), Path(path).stem]) for path in some]
        for args in (
            ("why", *named, "--format", "json"),
            ("why", named[0]),
            ("why", *some),
            ("show", named[0]),
            ("set-published", "true", *some, "--dry-run", "--format", "json"),
            ("set", "quality", "3", *some, "--dry-run", "--related"),
            ("set", "title", "Another", some[0], "--dry-run"),
        ):
            assert run(*args) == run(*args, "--no-cache")
        for _ in range(rng.choice([1, 2])):
            world.change()
    assert {"kept", "whole"} <= {*ways}


STORY: dict[str, str | bytes] = {
    "2023-06-20-head.md": card(title='"Head"', webUrl='"https://tide.example/h"', secured=None),
    "2023-06-20-other.md": card(
        title='"Other"',
        heat="-1",
        webUrl='"https://tide.example/o"',
        secured=None,
        related="""
  - title: "Head"
    webUrl: "https://tide.example/h"
    publishedDateTime: 2023-06-20T15:44:00Z""",
    ),
}


def test_a_story_is_found_where_an_index_can_be_no_file(
    make_corpus: MakeCorpus, run: Run, tmp_path: Path
) -> None:
    make_corpus(STORY)
    run("list")
    index_of(tmp_path / "cache").unlink()
    run("list")
    file = index_of(tmp_path / "cache")
    file.unlink()
    file.symlink_to(tmp_path / "nowhere")
    for args in (
        ("why", "2023-06-20-other.md"),
        ("show", "2023-06-20-other.md"),
        ("set", "title", "Another", "2023-06-20-head.md", "--dry-run"),
    ):
        assert run(*args) == run(*args, "--no-cache")
    assert "will be out of date" in run("set", "title", "Another", "2023-06-20-head.md", "--dry-run").err


def test_a_card_is_explained_by_the_configuration_beside_it(make_corpus: MakeCorpus, run: Run) -> None:
    other = card(excerpt='"Another."')
    files: dict[str, str | bytes] = {"_news/a.md": CARD, "_news/sub/b.md": other}
    make_corpus(files | {"_news/sub/newscards.toml": 'select = ["NC601"]\n'})
    for name in ("_news/sub/b.md", "_news/a.md"):
        told = run("why", name, "--format", "json")
        assert told == run("why", name, "--format", "json", "--no-cache")
        assert ("NC602" in told.out) == (name == "_news/a.md")


def test_a_card_is_told_as_it_was_named_and_its_neighbours_too(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus({"_news/a.md": CARD, "_news/b.md": CARD, "_news/sub/a.md": CARD})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    (folder / "_news" / "a.md").write_text(f"{CARD}\n")
    for args in (
        ("validate", "--changed-since", "HEAD", "--format", "concise", "./_news/"),
        ("validate", "--changed-since", "HEAD", "--format", "concise"),
        ("why", "./_news/a.md", "_news/sub/a.md", "--format", "json"),
        ("why", "_news/sub/a.md", "_news/b.md", "_news/a.md"),
        ("validate", "--changed-since", ""),
    ):
        assert run(*args) == run(*args, "--no-cache")


ODD: dict[str, str | bytes] = {
    "2023-06-20-set.md": card(x="!!set {a}"),
    "2023-06-20-blank.md": f"\n{CARD}",
    "2023-06-20-not-a-number.md": card(x=".nan"),
}
"""Cards of which JSON cannot say all."""


@pytest.mark.parametrize("files", [FILES, FILES | ODD])
def test_what_is_unchanged_is_told_without_a_look_at_a_card(
    make_corpus: MakeCorpus,
    validate: Validate,
    run: Run,
    ways: list[str],
    read: list[str],
    files: dict[str, str | bytes],
) -> None:
    make_corpus(files)
    validate()
    assert ways == ["whole", "kept"]
    read.clear()
    run("validate")
    assert not read


@pytest.mark.parametrize("form", ["text", "concise"])
def test_what_was_kept_for_one_width_or_colour_is_not_told_in_another(
    make_corpus: MakeCorpus, validate: Validate, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    folder = make_corpus(FILES)
    for number, (columns, color) in enumerate([("60", "never"), ("120", "never"), ("60", "always")] * 2):
        monkeypatch.setenv("COLUMNS", columns)
        validate("--format", form, "--color", color)
        monkeypatch.setenv("UNICODE_VERSION", ("4.1.0", "latest")[number % 2])
        validate("--format", form, "--color", color, "-q")
        validate("--format", form, "--color", color, "--strict", "--statistics")
        if number == 2:
            touched(folder / "2023-06-20-b.md", card(title='"Other wells"', quality="-1", originalUrl=None))


def test_a_card_that_changed_is_checked_with_its_kin_alone(
    make_corpus: MakeCorpus, validate: Validate, run: Run, ways: list[str], read: list[str]
) -> None:
    folder = make_corpus(FILES | {"2023-06-20-far.md": card(
        title='"Far"', webUrl='"https://ebb.example/far"', originalUrl=None, secured=None, provider=None,
        topics="[Far]",
    )})  # fmt: skip
    validate()
    touched(folder / "2023-06-20-far.md", (folder / "2023-06-20-far.md").read_text().replace("67", "68"))
    read.clear()
    run("validate")
    assert {*read} == {"2023-06-20-far.md"}
    validate()
    assert ways[:3] == ["whole", "kept", "partly"]
    assert {*ways[3:]} == {"kept"}


def test_a_card_that_was_only_touched_is_read_once_and_not_again(
    make_corpus: MakeCorpus, validate: Validate, run: Run, ways: list[str], read: list[str]
) -> None:
    folder = make_corpus(FILES)
    validate()
    for file in FILES:
        os.utime(folder / file, (1, 1))
    read.clear()
    run("validate")
    assert sorted(read) == sorted(os.path.basename(file) for file in FILES)
    read.clear()
    run("validate")
    assert (read, ways) == ([], ["whole", "kept", "kept", "kept"])


@pytest.mark.parametrize("are_touched", [False, True])
def test_listings_read_odd_cards_and_leave_what_validate_knows_of_them(
    make_corpus: MakeCorpus,
    validate: Validate,
    run: Run,
    ways: list[str],
    read: list[str],
    are_touched: bool,
) -> None:
    folder = make_corpus(FILES | ODD)
    validate()
    for name in ODD if are_touched else ():
        touched(folder / name, (folder / name).read_text())
    for command in (("list", "--format", "json"), ("filter-by-topic", "science"), ("list", "--limit", "1")):
        assert run(*command) == run(*command, "--no-cache")
    read.clear()
    run("list", "--format", "json")
    assert {*read} == {*ODD}
    read.clear()
    ways.clear()
    run("validate")
    assert not read
    assert ways == ["kept"]


@pytest.mark.parametrize("args", [["--select", "NC2"], ["--select", "NC111"], []])
def test_cards_that_no_other_is_compared_with_are_kept_too(
    make_corpus: MakeCorpus, validate: Validate, run: Run, ways: list[str], read: list[str], args: list[str]
) -> None:
    folder = make_corpus({f"{number}.md": f"---\ntitle: [{number}\n---\n" for number in range(5)})
    validate(*args)
    touched(folder / "3.md", "---\ntitle: 3\nquality: -5\n---\n")
    read.clear()
    run("validate", *args)
    assert {*read} == {"3.md"}
    validate(*args)
    assert ways == ["whole", "kept", "partly", "kept", "kept"]


# What the findings depend on.


def test_other_rules_and_other_words_for_them_are_other_runs(
    make_corpus: MakeCorpus, validate: Validate
) -> None:
    make_corpus(FILES)
    told = {
        validate("--format", "concise", *args).out
        for args in (
            (), ("--select", "NC6"), ("--ignore", "NC6"), ("--select", "NC2,NC6"), ("--select", "NC601"),
            ("--select", "NC6", "--ignore", "NC602"), ("--ignore", "NC1"), ("--select", "NC602"), (),
        )
    }  # fmt: skip
    assert len(told) > 6
    assert validate("--select", "nonsense").code == 2
    assert validate("--select", "NC6", "--ignore", "NC6").code == 2
    assert validate("nowhere", "--select", "nonsense").code == 2
    assert validate("--strict").code == validate().code == 1
    assert validate("--exit-zero").code == 0


def test_of_so_many_ways_to_run_it_the_last_are_kept(
    make_corpus: MakeCorpus, run: Run, ways: list[str]
) -> None:
    make_corpus(FILES)
    rules = ["NC1", "NC2", "NC3", "NC4", "NC5", "NC6"]
    for rule in rules:
        run("validate", "--select", rule)
    assert ways == ["whole"] * 6
    for rule in rules[2:]:
        run("validate", "--select", rule)
    assert ways[6:] == ["kept"] * 4
    run("validate", "--select", "NC1")
    assert ways[10:] == ["whole"]


@pytest.mark.parametrize(
    "configuration",
    [
        'per-file-ignores = {"sub/*" = ["NC6"]}',
        'per-file-ignores = {"*" = ["NC6"]}',
        'severities = {NC6 = "error"}',
        'severities = {nonsense = "error"}',
        'topics = ["Oceans", "science"]',
        'topics = "names"',
        'organizations = ["Ebb"]',
        'organizations = {"tide.example" = "Ebb"}',
        "limits = {depth = 1}",
        "limits = {bytes = 400}",
        'categories = ["olds"]',
        'types = ["essay"]',
        'select = ["NC6"]',
        'ignore = ["NC6"]',
        'endings = ["c.md"]',
        'corpus = "sub"',
        "nonsense = 1",
        "nonsense",
    ],
)
def test_a_configuration_that_changes_is_heeded_at_once(
    make_corpus: MakeCorpus, validate: Validate, configuration: str
) -> None:
    folder = make_corpus(FILES | {"names/names.txt": "Oceans\nScience\n"})
    before = validate()
    (folder / "newscards.toml").write_text(configuration)
    assert validate() != before
    (folder / "newscards.toml").unlink()
    assert validate() == before


def test_a_registry_whose_files_change_is_heeded_at_once(
    make_corpus: MakeCorpus, validate: Validate, tmp_path: Path
) -> None:
    folder = make_corpus(FILES | {"newscards.toml": 'topics = "names"', "names/a.txt": "Oceans\nScience\n"})
    first = validate()
    (folder / "names" / "b.txt").write_text("oceans")
    second = validate()
    (folder / "names" / "a.txt").write_text("Nothing")
    assert len({first.out, second.out, validate().out}) == 3


def test_of_more_unknown_topics_than_are_guessed_the_same_are_guessed(
    make_corpus: MakeCorpus, validate: Validate, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newscards.rules.unknown_topic._MAX_GUESSED_TOPICS", 2)
    folder = make_corpus(
        {"newscards.toml": 'topics = ["Oceans"]'}
        | {f"{at}.md": card(title=f'"{at}"', topics=f"[Ocean{at}]") for at in range(4)}
    )
    validate()
    touched(folder / "3.md", card(title='"three"', topics="[Ocean3]"))
    validate()
    assert "partly" in ways


COLLECTION = "collections: {news: {output: true}}\n"
SITE = ("title: Tide\n", "future: true\n", "unpublished: true\n", "exclude: [_news/a*]\n",
    "timezone: Asia/Tokyo\n",
    "defaults:\n  - scope: {path: _news}\n    values: {published: false}\n",
    "defaults:\n  - scope: {path: '_news/*.md'}\n    values: {published: false}\n",
    "defaults:\n  - scope: {path: ''}\n    values: {date: 2199-01-01}\n",
    "strict_front_matter: true\n", "x: [\n", "exclude: 5\n")  # fmt: skip


def test_a_configuration_of_the_site_is_heeded_and_complained_of_each_time(
    make_corpus: MakeCorpus, validate: Validate, ways: list[str]
) -> None:
    folder = make_corpus(
        {
            f"_news/{file}": text
            for file, text in (FILES | {
                "a.md": card(published='"no"', title='"a"'),
                "b.md": card(published='"yes"', date='"2199-01-01"'),
                "2199-01-01-z.md": card(heat="0", title='"z"'),
            }).items()
        }
    )  # fmt: skip
    for text in (*SITE, *reversed(SITE)):
        (folder / "_config.yml").write_text(COLLECTION + text)
        told = validate()
        assert ("cannot be read" in told.err) == (text in SITE[-2:])
        touched(folder / "_news" / "a.md", card(published='"no"', title=f'"{text[:4]}"'))
        validate()
    assert {"kept", "whole", "partly"} <= {*ways}
    (folder / "_config.yml").unlink()
    os.mkfifo(folder / "_config.yml")
    validate()


def test_a_pattern_of_the_site_is_asked_anew_each_time(make_corpus: MakeCorpus, validate: Validate) -> None:
    folder = make_corpus(
        {f"_news/{file}": text for file, text in FILES.items()} | {"_config.yml": COLLECTION + SITE[6]}
    )
    validate()
    (folder / "_news" / "z.md").write_text(CARD)
    validate()


def test_a_pattern_that_no_card_can_match_does_not_turn_the_index_off(
    make_corpus: MakeCorpus, validate: Validate, ways: list[str]
) -> None:
    elsewhere = (
        "defaults:\n  - scope: {path: 'api/*/*'}\n    values: {published: false}\n"
        "  - scope: {path: '_news/*', type: people}\n    values: {published: false}\n"
    )
    make_corpus(
        {f"_news/{file}": text for file, text in FILES.items()} | {"_config.yml": COLLECTION + elsewhere}
    )
    validate()
    assert "kept" in ways


def test_sites_in_one_folder_have_each_its_configuration(make_corpus: MakeCorpus, validate: Validate) -> None:
    folder = make_corpus(
        {f"{site}/_news/{file}": text for site in "ab" for file, text in FILES.items()}
        | {"b/_news/flag.md": card(published='"no"', title='"f"', date='"2199-01-01"', heat="0")}
    )
    first = validate(".")
    (folder / "b" / "_config.yml").write_text("x: [\n")
    assert validate(".") != first
    (folder / "b" / "_config.yml").write_text(f"{COLLECTION}unpublished: true\nfuture: true\n")
    validate(".")
    validate("a")


def test_the_corpus_may_be_named_in_any_way(
    make_corpus: MakeCorpus, validate: Validate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus({f"_news/{file}": text for file, text in FILES.items()})
    (tmp_path / "link").symlink_to(folder)
    (folder / "newscards.toml").write_text('per-file-ignores = {"_news/sub/*" = ["NC2"]}')
    names = [".", "_news", "./_news", "_news/", "_news//", "../corpus", str(folder), f"{folder}/_news"]
    names += ["_news/sub", "../link", "../link/_news", f"{tmp_path}/link", "_news/2023-06-20-a.md"]
    names += ["../link/../corpus"]
    for name in names:
        told = validate(name, "--format", "concise")
        assert f"{name.rstrip('/')}" in told.out or name == "."
    for name in names:
        validate("--corpus", name)
        validate("_news", "--corpus", name)
        validate("--corpus", name, "--corpus", "../link")
        validate("../link", "--corpus", name, "--corpus", str(folder))
    validate("_news", "_news/sub")
    validate("_news/sub", "_news")
    monkeypatch.setenv("NEWSCARDS_CORPUS", "../link/_news")
    validate()
    for cwd in ("_news", "_news/sub", ".."):
        monkeypatch.chdir(folder / cwd)
        validate()
        validate(str(folder))
        validate(os.path.relpath(folder))


# The time.


def test_what_waits_for_a_date_is_told_until_then_and_not_afterwards(
    make_corpus: MakeCorpus, validate: Validate, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def at(*moment: int) -> str:
        monkeypatch.setattr(clock, "now", lambda: datetime(*moment, tzinfo=UTC))  # type: ignore[arg-type, misc]
        return validate("--format", "concise").out

    names = {
        "a.md": card(publishedDateTime="2026-02-01T00:00:00Z"),
        "b.md": card(title='"b"', date='"2026-03-01"'),
        "2026-04-01-c.md": card(title='"c"'),
    }
    make_corpus({f"_news/{name}": text for name, text in names.items()})
    moments = [
        (2026, 1, 31, 23, 59, 59, 999999),
        (2026, 2, 1),
        (2026, 2, 28),
        (2026, 3, 1),
        (2026, 4, 1),
        (2030, 1, 1),
    ]
    first = [at(*moment) for moment in moments]
    assert first[0].count("NC410") == 1
    assert first[1].count("NC410") == 0
    assert first[1] == first[2], "nothing comes to pass between them"
    assert len({*first}) == 4
    assert ways.count("whole") == 4, "once before each moment, and after the last"
    assert [at(*moment) for moment in reversed(moments)] == first[::-1], "a clock may go backwards"


# What becomes of the index.


def test_without_a_place_for_it_there_is_no_index(
    make_corpus: MakeCorpus, validate: Validate, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = make_corpus(FILES)
    first = validate()
    for place in ("/dev/null/cache", "/proc/self/cache", str(folder / "2023-06-20-a.md")):
        monkeypatch.setenv("NEWSCARDS_CACHE_DIR", place)
        assert validate() == first
    monkeypatch.delenv("NEWSCARDS_CACHE_DIR")
    monkeypatch.setenv("HOME", "/dev/null")
    assert validate() == first


def test_no_cache_leaves_the_index_as_it_is(make_corpus: MakeCorpus, run: Run, tmp_path: Path) -> None:
    make_corpus(FILES)
    run("validate", "--no-cache")
    assert not (tmp_path / "cache").exists()
    run("validate")
    before = index_of(tmp_path / "cache").read_bytes()
    touched(Path("2023-06-20-a.md"), CARD)
    run("validate", "--no-cache")
    assert index_of(tmp_path / "cache").read_bytes() == before


def test_another_version_of_newscards_begins_anew(
    make_corpus: MakeCorpus, validate: Validate, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus(FILES)
    validate()
    monkeypatch.setattr("newscards.corpus.index.folder._version", lambda: b"another")
    validate()
    assert ways == ["whole", "kept"] * 2


def test_listings_and_edits_between_do_no_harm(make_corpus: MakeCorpus, validate: Validate, run: Run) -> None:
    folder = make_corpus(FILES)
    run("list", "--format", "ids")
    validate()
    touched(folder / "2023-06-20-b.md", card(title='"Wells &amp; more"'))
    (folder / "2023-06-20-c.md").unlink()
    run("list", "--format", "ids")
    validate()
    run("set-published", "false", "2023-06-20-b")
    validate()


@pytest.mark.exhaustive(always=3)
@pytest.mark.parametrize("seed", range(10))
def test_damage_anywhere_in_the_index_changes_nothing(
    seed: int, make_corpus: MakeCorpus, run: Run, tmp_path: Path
) -> None:
    rng = random.Random(seed)
    folder = make_corpus(FILES)
    wanted = run("validate", "--no-cache")
    run("validate")
    file = index_of(tmp_path / "cache")
    sound = file.read_bytes()
    for turn in range(15):
        if turn == 8:
            touched(folder / "2023-06-20-a.md", card(title='"Wells"', quality="-7"))
            wanted = run("validate", "--no-cache")
        data = bytearray(sound)
        for _ in range(rng.choice([1, 1, 3, 40])):
            used = [at for at in rng.choices(range(len(data)), k=30) if data[at]]
            data[used[0] if used else 0] = rng.randrange(256)
        file.write_bytes(data[: rng.choice([len(data)] * 6 + [rng.randrange(len(data))])])
        assert run("validate") == wanted
        assert run("validate") == wanted


def test_several_processes_at_once_tell_the_same(make_corpus: MakeCorpus) -> None:
    folder = make_corpus(FILES)
    wanted = process("validate", "--no-cache", folder=folder).communicate()
    for file in FILES:
        os.utime(folder / file, (2, 2))
        running = [process("validate", folder=folder, before=SMALL) for _ in range(3)]
        assert [each.communicate() for each in running] == [wanted] * 3
        break


@pytest.mark.parametrize("form", ["text", "concise", "json"])
def test_what_is_unchanged_is_told_without_the_rules_and_what_reads_cards(
    make_corpus: MakeCorpus, run: Run, form: str
) -> None:
    folder = make_corpus(FILES)
    args = ("validate", "--format", form)
    heavy = (
        "newscards.rules",
        "newscards.lint.linter",
        "newscards.cards.reader",
        "newscards.lint.dependents",
        "yaml",
        "rich",
        "dateutil",
    )
    code = (
        f"{SMALL}import sys; from newscards.cli import main\n"
        "code = main(sys.argv[1:])\n"
        f"sys.exit(' '.join(name for name in {heavy} if name in sys.modules) or code)"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    first, second = (
        subprocess.run([sys.executable, "-c", code, *args], cwd=folder, env=environment, capture_output=True)
        for _ in range(2)
    )
    assert b"newscards.rules" in first.stderr
    assert (second.stdout, second.stderr) == (run(*args, "--no-cache").raw, b"")
