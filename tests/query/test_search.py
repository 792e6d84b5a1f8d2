"""--search: what is found, in which order, and where it stands in what is shown."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.cards.card import Card
from newscards.errors import NewscardsError
from newscards.query.search import Search
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card, matches_snapshot
from tests.support.terminal import run_in_terminal

CORPUS = {
    "title.md": card(title='"Lighthouse keeper retires"', excerpt='"After forty years."'),
    "excerpt.md": card(title='"A new lamp"', excerpt='"The lighthouse of Cape Linnet gets a new lamp."'),
    "provider.md": card(provider="\n  name: Lighthouse Weekly\n  domain: lighthouse.example"),
    "topic.md": card(topics="\n  - Lighthouses\n  - Straße & Ökologie"),
    "accent.md": card(title='"Le phare à Genève, café fermé"', excerpt='"L’été, le phare ferme."'),
    "entity.md": card(title='"What&#8217;s new &amp; old"', excerpt='""'),
}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ("lighthouse", ["title", "excerpt", "provider"]),
        ("LIGHTHOUSE", ["title", "excerpt", "provider"]),
        ("lighthous*", ["title", "topic", "excerpt", "provider"]),
        ("lighthouse -lamp", ["title", "provider"]),
        ("lighthouse lamp", ["excerpt"]),
        ('"new lamp"', ["excerpt"]),
        ('"lamp new"', []),
        ("keeper forty", ["title"]),
        ("geneve", ["accent"]),
        ("Genève CAFÉ", ["accent"]),
        ("gene\u0300ve", ["accent"]),
        ("okologie", ["topic"]),
        ("linnet:", ["excerpt"]),
        ("what's", ["entity"]),
        ("lighthouse.example", ["provider"]),
        ("nowhere", []),
        ("“lighthouse”", ["title", "excerpt", "provider"]),
        ('"cape linnet', ["excerpt"]),
    ],
)
def test_cards_are_found_by_their_words_the_best_first(
    run: Run, make_corpus: MakeCorpus, wanted: str, expected: list[str]
) -> None:
    make_corpus(CORPUS)
    result = run("list", "--search", wanted, "--format", "ids")
    assert (result.code, result.err) == (0, "")
    found = result.out.split()
    assert sorted(found) == sorted(expected)
    assert found[:1] == expected[:1]


def test_an_order_that_is_asked_for_is_kept_and_other_options_are_minded(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(CORPUS)
    assert run("list", "--search", "lighthouse", "--sort", "id", "--format", "ids").out.split() == [
        "excerpt", "provider", "title",
    ]  # fmt: skip
    assert run("list", "--search", "lighthouse", "--provider", "Tide", "--count").out == "2\n"
    assert run("list", "--search", "lighthouse", "--where", "excerpt = ''", "--count").out == "0\n"
    assert run("list", "--search", "lighthouse", "--limit", "1", "--format", "ids").out == "title\n"


@pytest.mark.parametrize("wanted", ["", " ", "-lamp", '""', "***", "(", "- -"])
def test_a_search_for_no_word_is_wrong_usage(run: Run, make_corpus: MakeCorpus, wanted: str) -> None:
    make_corpus(CORPUS)
    result = run("list", f"--search={wanted}")
    assert (result.code, result.out) == (2, "")
    assert "--search needs a word" in result.err


@pytest.mark.parametrize("word", ["AND", "OR", "NOT", "NEAR"])
def test_what_other_searches_have_is_told_and_found_in_quotes(
    run: Run, make_corpus: MakeCorpus, word: str
) -> None:
    make_corpus(CORPUS | {"word.md": card(title=f'"Tide {word} ebb"')})
    result = run("list", "--search", f"tide {word} ebb")
    assert (result.code, result.out) == (2, "")
    assert f"--search has no {word}" in result.err
    assert run("list", "--search", f'tide "{word}" ebb', "--format", "ids").out == "word\n"


def test_a_field_of_its_own_is_for_where(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(CORPUS)
    result = run("list", "--search", "title:keeper retires")
    assert (result.code, result.out) == (2, "")
    assert "title like '%…%'" in result.err


def test_a_search_of_ten_thousand_characters_is_refused(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD})
    assert run("list", "--search", "a " * 5_000).code == 2


CARDS = [
    Card(f"{n}.md", {"title": f"Tide {n} été", "topics": ["AI"], "excerpt": "\x00\x1b \ud800"})
    for n in range(3)
]


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=40) | st.text(alphabet="tide\"*-():^+{}NOTARD ', \x00\ud800", max_size=40))
def test_whatever_is_searched_for_is_found_or_not_or_refused(wanted: str) -> None:
    try:
        search = Search(wanted)
    except NewscardsError:
        return
    assert {*search.ranked(CARDS)} <= {0, 1, 2}
    assert all(0 <= start < end <= 30 for start, end in search.spans("Tide 1 été \x1b \ud800 NOT and"[:30]))


@pytest.mark.parametrize(
    ("wanted", "shown", "marked"),
    [
        ("tide", "High Tide: tides and TIDE", ["Tide", "TIDE"]),
        ("tide*", "High Tide: tides and TIDE", ["Tide", "tides", "TIDE"]),
        ('"high tide"', "High Tide", ["High", "Tide"]),
        ("tide -high", "High Tide", ["Tide"]),
        ("geneve", "À Genève", ["Genève"]),
        ("genève", unicodedata.normalize("NFD", "À Genève"), [unicodedata.normalize("NFD", "Genève")]),
        ("nothing", "High Tide", []),
    ],
)
def test_the_words_that_were_found_are_known_where_they_are_shown(
    wanted: str, shown: str, marked: list[str]
) -> None:
    assert [shown[start:end] for start, end in Search(wanted).spans(shown)] == marked


def test_what_was_found_is_marked_in_a_terminal(tmp_path: Path) -> None:
    args = ["list", str(ROOT / "sample_data"), "--search", "herring"]
    code, screen = run_in_terminal(args, cwd=tmp_path, color=True)
    assert code == 0
    matches_snapshot("search.txt", screen)
    _, screen = run_in_terminal(args, cwd=tmp_path)
    assert "\x1b" not in screen


_SEARCHED = st.text("caféCAFÉ\u0301\u0308ßſKİı“”’–…€ªº²·_- \u200d\u00ad", max_size=12)


@settings(deadline=None, derandomize=True, database=None)
@given(
    st.lists(_SEARCHED, min_size=1, max_size=6),
    st.sampled_from(["cafe", "caf*", "CAFE", "a -c", "k", "i*", "s"]),
)
def test_no_card_that_matches_is_taken_for_one_that_cannot(texts: list[str], query: str) -> None:
    cards = [Card(f"{number}.md", {"title": text}) for number, text in enumerate(texts)]
    search = Search(query)
    assert search.matches(iter(cards)) == [cards[at] for at in search.ranked(cards)]


def test_cards_that_cannot_match_are_not_held_in_memory() -> None:
    search, possible = Search("tide"), dict[int, Card]()
    titles = ("Tides “rise” – again…", "A wave", "Tide & “wave”", "Été")
    search.ranked((Card(f"{title}.md", {"title": title}) for title in titles), possible)
    assert [*possible] == [0, 2, 3]
