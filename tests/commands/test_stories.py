"""Stories: which cards are of one, which is its head, what is wrong; and how they are listed and told."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from newscards.cards.card import Card
from newscards.cards.related import identities_of
from newscards.cards.stories import PROBLEMS, stories_of
from tests.commands.test_list_on_real_cards import all_of, folder
from tests.conftest import MakeCorpus, Run, nothing_listed
from tests.query.test_where import story_sizes
from tests.support import CARD, ROOT, card, matches_snapshot
from tests.support.corpus_generator import generate
from tests.support.terminal import run_in_terminal

__all__ = ["folder"]
SAMPLE = str(ROOT / "sample_data")


def story(*cards: tuple[int, int, bool]) -> list[Card]:
    """Return the cards of one story, of qualities, heats and flags: each lists all the others."""
    entries = [
        {"title": f"Title {n}", "webUrl": f"https://a.example/{n}", "quality": quality}
        for n, (quality, _, _) in enumerate(cards)
    ]
    made = [
        Card(f"{n}.md", entries[n] | {"heat": heat, "published": flag,
                                      "related": [e for e in entries if e is not entries[n]]})
        for n, (_, heat, flag) in enumerate(cards)
    ]  # fmt: skip
    for each in made:
        each.identities = identities_of(each)
    return made


@pytest.mark.parametrize(
    ("cards", "problems"),
    [
        ([(90, 95, True), (40, -1, False)], ()),
        ([(90, 95, False), (40, -1, False)], ("none-published",)),
        ([(90, 95, True), (40, -1, True)], ("several-published",)),
        ([(90, 95, False), (40, -1, True)], ("better-unpublished",)),
        ([(90, 95, True), (90, -1, False)], ()),
        ([(90, -1, True), (40, -1, False)], ("no-head",)),
        ([(90, 95, True), (40, 50, False)], ("several-heads",)),
        ([(90, 95, False), (50, -1, True), (40, 2, True)], ("several-published", "better-unpublished",
                                                           "several-heads")),
        ([(40, -1, False)], ()),
        ([(40, -1, True)], ()),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_story(cards: list[tuple[int, int, bool]], problems: tuple[str, ...]) -> None:
    (found,) = stories_of(story(*cards))
    assert found.problems == problems


def test_a_card_that_was_taken_down_is_not_better_than_the_published_one() -> None:
    best, shown, other = story((90, -1, False), (40, 50, True), (30, -1, False))
    removed = replace(best, fields={**best.fields, "removed": True}, identities=best.identities)
    (found,) = stories_of([removed, shown, other])
    assert found.problems == ()
    (found,) = stories_of([best, shown, other])
    assert found.problems == ("better-unpublished",)


def test_the_head_is_the_card_with_heat_and_the_others_follow_by_quality() -> None:
    (found,) = stories_of(story((50, -1, False), (40, 60, True), (90, -1, False)))
    assert [each.id for each in found.cards] == ["1", "2", "0"]
    (without,) = stories_of(story((50, -1, False), (90, -1, False)))
    assert without.head.id == "1"


def test_stories_come_by_the_heat_of_their_heads_and_cards_alone_are_stories() -> None:
    cards = [
        Card(f"{heat}.md", {"title": f"T{heat}", "heat": heat, "quality": 5}) for heat in (3, 900, -1, 20)
    ]
    for each in cards:
        each.identities = identities_of(each)
    assert [each.head.id for each in stories_of(cards)] == ["900", "20", "3", "-1"]


def test_cards_without_numbers_dates_or_names_are_told_all_the_same(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({
        "bare.md": "---\nx: 1\n---\n",
        "wrong.md": card(quality="many", heat=".nan", publishedDateTime="soon", provider="Tide", title="[1]"),
        "zone.md": card(publishedDateTime="2023-06-20"),
    })  # fmt: skip
    found = {each["cards"][0]: each for each in json.loads(run("stories", "--format", "json").out)}
    assert found["bare"] == {
        "head": "bare", "heat": None, "quality": None, "size": 1, "headline": "", "cards": ["bare"],
        "sources": [], "first": None, "last": None, "published": ["bare"], "problems": [],
    }  # fmt: skip
    assert (found["wrong"]["heat"], found["wrong"]["quality"]) == (".nan", None)
    assert found["zone"]["first"] == "2023-06-20T00:00:00Z"
    assert run("stories", "--format", "table").code == 0
    assert run("stories", "wrong", "--format", "table").code == 0


@pytest.mark.parametrize("folder", ["sample", "powerapps", "stories"], indirect=True)
def test_stories_are_what_a_plain_walk_through_related_finds(run: Run, folder: Path) -> None:
    cards = all_of(folder)
    sizes = story_sizes(cards)
    found = json.loads(run("stories", str(folder), "--format", "json").out)
    assert sorted(name for each in found for name in each["cards"]) == sorted(cards)
    lines = run("stories", str(folder), "--format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == found
    for each in found:
        own = [cards[name] for name in each["cards"]]
        assert {sizes[name] for name in each["cards"]} == {each["size"]} == {len(own)}
        assert each["headline"] == own[0]["title"]
        assert each["head"] == each["cards"][0]
        assert (each["heat"], each["quality"]) == (own[0]["heat"], own[0]["quality"])
        assert each["published"] == [name for name in each["cards"] if cards[name]["published"]]
        assert {*each["sources"]} == {fields["provider"]["name"] for fields in own}
        dates = sorted(f"{fields['publishedDateTime']:%Y-%m-%dT%H:%M:%SZ}" for fields in own)
        assert (each["first"], each["last"]) == (dates[0], dates[-1])
        if len(own) > 1:
            assert own[0]["heat"] > 0
            assert own[0]["quality"] == max(fields["quality"] for fields in own)


def test_a_corpus_like_the_real_one_has_as_many_stories(run: Run, tmp_path: Path, exhaustive: bool) -> None:
    generate(tmp_path, 600 if exhaustive else 120)
    cards = all_of(tmp_path / "_news")
    sizes = story_sizes(cards)
    expected = sorted(size for size in sizes.values() for _ in range(1))
    for args in ([], ["--no-cache"]):
        found = json.loads(run("stories", str(tmp_path), "--format", "json", *args).out)
        assert sorted(size for each in found for size in [each["size"]] * each["size"]) == expected


def test_options_choose_stories_by_any_of_their_cards(run: Run) -> None:
    def count(*args: str) -> int:
        return int(run("stories", SAMPLE, "--count", *args).out)

    assert count() == 38
    assert count("--min-size", "2") == 7
    assert count("--provider", "Kestrel Wire", "--min-size", "2") == 3
    assert count("--since", "2020-10", "--until", "2020-10", "--problem", "any") == 1
    assert count("--problem", "several-published") == 0
    assert count("--where", "story_size between 3 and 4") == 3
    assert count("--search", "anchor", "--min-size", "2") >= 1
    assert count("--limit", "3") == 3


@pytest.mark.parametrize(
    ("order", "heads"),
    [
        ("-size", ["2023-03-23", "2024-08-20"]),
        ("first", ["2020-10-06", "2021-09-14"]),
        ("-last,size", ["2025-04-08", "2024-08-20"]),
        ("headline", ["2025-04-08", "2023-03-23"]),
        ("-sources", ["2023-03-23", "2024-08-20"]),
    ],
)
def test_stories_are_sorted(run: Run, order: str, heads: list[str]) -> None:
    found = run("stories", SAMPLE, "--min-size", "2", "--sort", order, "--limit", "2", "--format", "ids").out
    assert [name[:10] for name in found.split()] == heads


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--problem", "none-publishd"], "did you mean `none-published`?"),
        (["--sort", "siez"], "did you mean `size`?"),
        (["no-such-card"], "no card `no-such-card`"),
        ([SAMPLE, "some-card"], "folders and cards cannot be named together (some-card)"),
        (["--min-size", "0"], "--min-size"),
    ],
)
def test_what_there_is_not_is_told(run: Run, one_card: Path, args: list[str], message: str) -> None:
    result = run("stories", *args)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_a_card_that_cannot_be_read_hides_no_story(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "broken.md": "---\ntitle: [\n---\n"})
    result = run("stories", "--format", "ids")
    assert (result.code, result.out) == (1, "a\n")
    assert "broken.md:" in result.err


def test_the_story_of_a_card_is_shown_wherever_it_is_named_from(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = next((ROOT / "sample_data/_news").glob("2020-10-07-*.md"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.md").write_text(CARD)
    by_path = run("stories", str(path), "--format", "json")
    assert (by_path.code, by_path.err) == (0, "")
    (found,) = json.loads(by_path.out)
    assert found["size"] == 3
    assert found["problems"] == ["none-published"]
    assert run("show", "--story", str(path), "--format", "json").out == by_path.out
    assert run("stories", "2020-10-07", "--corpus", SAMPLE, "--format", "json").out == by_path.out
    several = run("stories", "-", "--format", "ids", stdin=f"{path}\nother\n".encode())
    assert len(several.out.split()) == 2


def test_a_part_of_a_corpus_has_the_stories_of_all_of_it(run: Run) -> None:
    path = str(next((ROOT / "sample_data/_news").glob("2020-10-07-*.md")))
    listed = run("list", path, "--where", "story_size = 3 and errors = 0", "--columns", "id").out
    assert listed.startswith("2020-10-07")
    read = run("list", "-", "--where", "story_size = 3 and story <> id", "--count", stdin=path.encode())
    assert read.out == "1\n"
    sql = "SELECT story, size, (SELECT count(*) FROM cards) FROM stories"
    assert run("query", sql, path).out.split()[1:] == ["3", "1"]
    assert run("query", "SELECT count(*) FROM related WHERE copy_of IS NULL", path).out == "0\n"


CHOOSING = ["--count", "--limit 0", "--min-size 9", "--where 1", "--topic A", "--sort size", "--problem any"]


@pytest.mark.parametrize("options", CHOOSING)
def test_cards_that_are_named_go_not_with_options_that_choose(run: Run, one_card: Path, options: str) -> None:
    assert nothing_listed(run("stories", "2023", *options.split()))


def test_a_card_of_any_ending_is_a_story_and_no_card_is_none(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "plain.txt": card(title="Alone")})
    (found,) = json.loads(run("stories", "plain.txt", "--format", "json").out)
    assert (found["size"], found["headline"]) == (1, "Alone")
    assert run("stories", "-", "--format", "json", stdin=b"").out == "[]\n"


BULKY = ["secured <> ''", "exists (select 1 from related r where r.path = cards.path) or 1",
         "errors > 9 or secured like '%='"]  # fmt: skip


@pytest.mark.parametrize("what", BULKY)
def test_what_reads_all_of_the_cards_has_their_stories(run: Run, what: str) -> None:
    assert run("stories", SAMPLE, "--where", what, "--min-size", "2", "--count").out == "7\n"
    told = json.loads(run("stats", SAMPLE, "--where", what, "--format", "json").out)
    assert [each["size"] for each in told["stories"]] == [1, 2, 3, 4, 5, 8]


def test_the_cards_of_two_sites_are_in_no_story_together(run: Run, tmp_path: Path) -> None:
    names = sorted((ROOT / "sample_data/_news").glob("2020-10-0[67]-*.md"))
    for site in ("one", "two"):
        (tmp_path / site / "_news").mkdir(parents=True)
        for name in names:
            (tmp_path / site / "_news" / name.name).write_bytes(name.read_bytes())
    sites = [str(tmp_path / site) for site in ("one", "two")]
    found = json.loads(run("stories", *sites, "--format", "json").out)
    assert [each["size"] for each in found] == [3, 3]
    assert run("query", "SELECT max(story_size) FROM cards", *sites).out == "3\n"
    copies = run("query", "SELECT path, copy_of FROM related", *sites).out.splitlines()
    assert all((sites[0] in line.split("\t")[0]) == (sites[0] in line.split("\t")[1]) for line in copies)


def test_a_story_goes_not_with_a_field_or_raw_bytes(run: Run, one_card: Path) -> None:
    assert run("show", "--story", "2023", "--field", "title").code == 2
    assert run("show", "--story", "2023", "--format", "raw").code == 2


def test_every_problem_is_explained_in_the_help(run: Run) -> None:
    told = " ".join(run("stories", "--help").out.split())
    for word, meaning in PROBLEMS.items():
        assert f"{word} {meaning}" in told


@pytest.mark.parametrize("columns", [80, 120])
def test_stories_in_a_terminal(tmp_path: Path, columns: int) -> None:
    args = ["stories", SAMPLE, "--min-size", "2"]
    code, screen = run_in_terminal(args, cwd=tmp_path, columns=columns)
    assert code == 0
    matches_snapshot(f"stories-{columns}.txt", screen)


def test_a_story_in_a_terminal(tmp_path: Path) -> None:
    code, screen = run_in_terminal(["stories", "2020-10-07", "--corpus", SAMPLE], cwd=tmp_path)
    assert code == 0
    matches_snapshot("story.txt", screen)


def test_a_source_that_all_stories_have_is_named_once(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"_news/a.md": CARD, "_news/b.md": card(webUrl="https://b.example/", title="B")})
    table = run("stories", "--format", "table").out
    heading, *_, last = table.splitlines()
    assert "Sources" not in heading
    assert last == "2 stories: none of several cards; all from Tide"
    another = card(webUrl="https://c.example/", title="C").replace("name: Tide", "name: Port")
    make_corpus({"_news/c.md": another})
    table = run("stories", "--format", "table").out
    assert "Sources" in table
    assert "all from" not in table
