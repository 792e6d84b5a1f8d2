"""Before a card goes public, what speaks against it is told; and ``--strict`` refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newscards.cards.card import Card
from newscards.cards.stories import StoryOfCard
from newscards.lint.publishing import doubts
from tests.conftest import MakeCorpus, Run
from tests.rules.cases import story
from tests.support import CARD, card

WHEN = datetime(2023, 6, 20, tzinfo=UTC)


def one(name: str, **fields: object) -> Card:
    return Card(f"{name}.md", {"title": name, "published": False, **fields})


CASES = [
    (one("a", heat=50, quality=50), [], []),
    (one("a"), [], []),
    (one("a", heat=0, quality=50), [], ["its heat is 0"]),
    (one("a", heat=50, quality=50), [one("b", heat=-1, quality=50)], []),
    (one("a", heat=-1, quality=50), [], ["its heat is -1: another card of its story is better"]),
    (
        one("a", heat=-1, quality=50),
        [one("b", heat=90, quality=40)],
        ["its heat is -1", "its story has a better card, `b` (heat 90, quality 40)"],
    ),
    (
        one("a", heat=50, quality=50),
        [one("b", heat=-1, quality=60), one("c", heat=-1, quality=70)],
        [],
    ),
    (
        one("a", heat=0, quality=50),
        [one("b", heat=-1, quality=60), one("c", heat=-1, quality=70)],
        ["its heat is 0", "its story has a better card, `c` (heat -1, quality 70)"],
    ),
    (
        one("a", heat=-1, quality=88),
        [one("b", heat=78, quality=77, removed=True), one("c", heat=-1, quality=60)],
        ["its heat is -1"],
    ),
    (
        one("a", heat=-1, quality=50),
        [one("b", heat=78, quality=77, removed=True, published=True), one("c", heat=-1, quality=60)],
        [
            "its heat is -1",
            "its story has a better card, `c` (heat -1, quality 60)",
            "its story is published already: `b`",
        ],
    ),
    (
        one("a", heat=-1, quality=50),
        [one("b", heat=90, quality=60, published=True)],
        [
            "its heat is -1",
            "its story has a better card, `b` (heat 90, quality 60), which is published",
        ],
    ),
    (
        one("a", heat=50, quality=50),
        [one(name, quality=1, published=True) for name in "bcd"],
        ["its story is published already: `b`, `c` and 1 more"],
    ),
    (one("a", heat="hot", quality=None), [one("b", heat=None, quality="x")], []),
]


@pytest.mark.parametrize(("card", "others", "expected"), CASES)
def test_a_card_is_judged_by_its_story(card: Card, others: list[Card], expected: list[str]) -> None:
    assert doubts(StoryOfCard(card, tuple(others)), []) == expected


def names_better(card: Card, other: Card) -> bool:
    return any("a better card" in doubt for doubt in doubts(StoryOfCard(card, (other,)), []))


SCORES = st.one_of(st.none(), st.integers(-1, 3), st.just(float("nan")), st.just("x"))
CARDS = st.builds(
    lambda heat, quality, removed: one("x", heat=heat, quality=quality, removed=removed),
    SCORES,
    SCORES,
    st.booleans(),
)


@given(st.lists(CARDS, min_size=2, max_size=6))
def test_one_card_of_a_story_is_better_than_the_other_and_never_both(cards: list[Card]) -> None:
    for this, other in permutations(cards, 2):
        assert not (names_better(this, other) and names_better(other, this))
        assert not (names_better(this, other) and other.is_taken_down)
        for third in cards:
            if names_better(this, other) and names_better(other, third):
                assert names_better(this, third)
    heads = [each for each in cards if each.is_head]
    assert not any(names_better(head, other) for head in heads for other in cards if not other.is_head)
    standing = [each for each in cards if not each.is_taken_down]
    best = [each for each in standing if not any(names_better(each, other) for other in cards)]
    assert bool(best) == bool(standing)


def test_the_head_is_better_than_a_card_of_higher_quality_and_that_one_is_not(
    run: Run, make_corpus: MakeCorpus
) -> None:
    files = story(quality="88", heat="-1")
    head = files["gauges.md"].replace("published: true", "published: false")
    make_corpus({**files, "gauges.md": head})
    warned = public(run, "north", "--dry-run")[1]
    assert "its heat is -1; its story has a better card, `gauges` (heat 67, quality 67)" in warned
    assert public(run, "gauges", "--strict") == (0, "")


@pytest.mark.parametrize("instead", ["removed: true\nquality: 67", "quality: ["])
def test_a_card_that_was_taken_down_or_cannot_be_read_is_not_better(
    run: Run, make_corpus: MakeCorpus, instead: str
) -> None:
    files = story(quality="50", heat="-1")
    gauges = files["gauges.md"].replace("published: true", "published: false")
    make_corpus({**files, "gauges.md": gauges.replace("quality: 67", instead, 1)})
    warned = public(run, "north", "--dry-run")[1]
    assert "its heat is -1" in warned
    assert "a better card" not in warned


def test_the_flag_of_the_card_itself_is_no_doubt() -> None:
    shown = one("a", heat=50, quality=50, published=True)
    assert doubts(StoryOfCard(shown, ()), []) == []
    assert replace(shown, path="x.md").id == "x"


def public(run: Run, *args: str) -> tuple[int, str]:
    result = run("set-published", "true", *args)
    return result.code, result.err


HEAD = {"published": "false"}


@pytest.mark.parametrize("command", [("set-published", "true"), ("set", "published", "true")])
def test_a_card_whose_story_is_published_is_warned_of_and_refused_if_strict(
    run: Run, make_corpus: MakeCorpus, command: tuple[str, str]
) -> None:
    folder = make_corpus(story())
    doubt = "its heat is -1; its story has a better card, `gauges` (heat 67, quality 67), which is published"
    strict = run(*command, "north", "--strict")
    assert (strict.code, strict.out) == (1, "")
    assert strict.err == (
        f"error: north.md: refused: {doubt}\nhint: leave out --strict to do it all the same\n"
    )
    result = run(*command, "north", "--format", "json")
    assert (result.code, result.err) == (0, f"warning: north.md: {doubt}\n")
    assert json.loads(result.out)[0]["warnings"] == doubt.split("; ")
    assert "published: true" in (folder / "north.md").read_text()


def test_two_cards_of_a_story_that_go_public_at_once_are_warned_of(run: Run, make_corpus: MakeCorpus) -> None:
    files = story(heat="0", quality="67")
    make_corpus({**files, "gauges.md": files["gauges.md"].replace("published: true", "published: false")})
    code, told = public(run, "north", "gauges", "--dry-run")
    assert code == 0
    assert "another card of its story goes public, too: `gauges`" in told
    assert "gauges.md: " not in told  # the best of those that go public
    code, _ = public(run, "north", "gauges", "--strict")
    assert code == 1
    assert "published: true" in Path("gauges.md").read_text()
    assert "published: false" in Path("north.md").read_text()


def test_where_the_better_card_is_published_another_that_goes_public_is_not_said() -> None:
    best = one("best", heat=90, quality=90, published=True)
    rival, middle = one("rival", heat=-1, quality=50), one("middle", heat=10, quality=50)
    going = {str(Path(card.path).resolve()) for card in (rival, middle)}
    better = "its story has a better card, `best` (heat 90, quality 90)"
    assert doubts(StoryOfCard(middle, (best, rival)), [], going) == [f"{better}, which is published"]
    hidden = replace(best, fields={**best.fields, "published": False})
    goes_too = "another card of its story goes public, too: `middle`"
    assert doubts(StoryOfCard(rival, (hidden, middle)), [], going) == ["its heat is -1", better, goes_too]


def test_stories_that_lose_their_published_card_are_one_warning_with_their_sizes(
    run: Run, make_corpus: MakeCorpus
) -> None:
    others = {name: text.replace("tide.example", "sea.example") for name, text in story().items()}
    alone = {f"a-{name}": text for name, text in others.items()}
    make_corpus({**story(), **alone})
    result = run("set-published", "false", "gauges", "a-gauges", "--strict", "--dry-run")
    assert result.err.startswith(
        "error: 2 cards refused: this leaves a story of 2 cards without a published card\n"
        "  gauges.md\n  a-gauges.md\n"
    )


def test_a_card_with_errors_is_warned_of(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(published="false", quality="-5", heat="x", type="y")})
    code, told = public(run, "a")
    assert code == 0
    errors = "3 errors: NC403 on line 8, NC402 on line 9 and 1 more; see `newscards validate`"
    assert told == f"warning: a.md: it has {errors}\n"


def test_a_card_that_is_fine_is_not_warned_of(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(published="false")})
    assert public(run, "a", "--strict") == (0, "")


def test_a_card_that_is_public_already_is_not_judged(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(heat="-1")})
    assert public(run, "a", "--strict") == (0, "")


HIDING = [("set-published", "false"), ("set", "published", "false"), ("remove",)]


@pytest.mark.parametrize("command", HIDING)
def test_to_hide_the_only_published_card_of_a_story_is_warned_of(
    run: Run, make_corpus: MakeCorpus, command: tuple[str, ...]
) -> None:
    make_corpus({**story(published="true", heat="x"), "alone.md": CARD.replace("tide.example", "x.example")})
    assert run(*command, "north", "alone").err == "note: 2 changed, 0 unchanged, 0 refused\n"
    result = run(*command, "gauges", "--dry-run", "--format", "json")
    warning = "this leaves a story of 2 cards without a published card"
    assert (json.loads(result.out)[0]["warnings"], result.err) == (
        [warning],
        f"warning: gauges.md: {warning}\n",
    )
    assert run(*command, "gauges").err == f"warning: gauges.md: {warning}\n"
    assert run(*command, "gauges").err == ""  # it is hidden


def test_to_hide_all_published_cards_of_a_story_is_warned_of(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(story(published="true", heat="x"))
    hide = ("set-published", "false", "--published", "--where", "story_size > 1", "--yes")
    result = run(*hide, "--strict")
    assert result.code == 1
    assert result.err == (
        "error: 2 cards refused: this leaves a story of 2 cards without a published card\n"
        "  gauges.md\n  north.md\n"
        "hint: leave out --strict to do it all the same\n"
        "note: 0 changed, 0 unchanged, 2 refused\n"
    )
    assert run(*hide).err == (
        "warning: 2 cards: this leaves a story of 2 cards without a published card\n"
        "  gauges.md\n  north.md\n"
        "note: 2 changed, 0 unchanged, 0 refused\n"
    )


def test_to_hide_one_of_two_published_cards_gives_no_warning(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(story(published="true", heat="x"))
    assert run("set-published", "false", "north", "--strict").err == ""


def test_the_story_is_that_of_the_site_around_the_card(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({f"_news/{name}": text for name, text in story().items()})
    assert "its story has a better card" in public(run, "_news/north.md", "--dry-run")[1]


def test_real_stories_are_judged_as_they_are(run: Run, real_cards: object) -> None:
    folder = f"{real_cards}/stories"
    result = run(
        "set-published", "true", "--corpus", folder, "--unpublished", "--dry-run", "--format", "json"
    )
    for each in json.loads(result.out):
        if each["status"] == "refused":
            assert "removed" in each["reason"]
        else:
            assert each["warnings"] or each["id"].startswith("2020-05-26")
