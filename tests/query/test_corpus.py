"""The Python API: what ``newscards.Corpus`` selects, checks and counts is what the commands do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import newscards
from newscards.errors import ArgumentError
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card

SAMPLE = str(ROOT / "sample_data")


def test_dir_shows_the_public_names_and_each_is_there() -> None:
    assert {*newscards.__all__} <= {*dir(newscards)}
    for name in newscards.__all__:
        assert getattr(newscards, name)
    assert "TYPE_CHECKING" not in dir(newscards)


@pytest.mark.parametrize(
    ("criteria", "options"),
    [
        ({}, []),
        ({"topic": "ports"}, ["--topic", "ports"]),
        ({"topic": ["Ports", "Cables"]}, ["--topic", "Ports", "--topic", "Cables"]),
        ({"topic": ("Ports", "Ships"), "all_topics": True},
         ["--topic", "Ports", "--topic", "Ships", "--all-topics"]),
        ({"min_quality": 60, "max_quality": 90, "min_heat": 1},
         ["--min-quality", "60", "--max-quality", "90", "--min-heat", "1"]),
        ({"published": False, "type": "article"}, ["--unpublished", "--type", "article"]),
        ({"provider": "Harbour Post"}, ["--provider", "Harbour Post"]),
        ({"since": date(2023, 3, 18), "until": datetime(2024, 1, 1, 5, tzinfo=UTC)},
         ["--since", "2023-03-18", "--until", "2024-01-01"]),
        ({"since": "2024"}, ["--since", "2024"]),
        ({"where": ["heat = -1", "story_size > 2"]}, ["--where", "heat = -1", "--where", "story_size > 2"]),
        ({"search": "herring -film"}, ["--search", "herring -film"]),
        ({"topic": "Nothing"}, ["--topic", "Nothing"]),
    ],
)  # fmt: skip
def test_it_selects_what_list_lists(run: Run, criteria: dict[str, Any], options: list[str]) -> None:
    found = [*newscards.Corpus(SAMPLE).select(**criteria)]
    assert [card.id for card in found] == run("list", SAMPLE, *options, "--format", "ids").out.splitlines()
    assert all("secured" in card.fields for card in found)  # they are whole


@pytest.mark.parametrize(
    ("criteria", "message"),
    [
        ({"min_quality": "80"}, "`min_quality` is text, a whole number is expected"),
        ({"min_heat": True}, "`min_heat` is true or false, a whole number"),
        ({"published": "yes"}, "`published` is text, True or False is expected"),
        ({"topic": 3}, "`topic` is a whole number, a text or several"),
        ({"topic": ["AI", None]}, "`topic` is empty, a text or several"),
        ({"where": b"heat"}, "a text or several is expected"),
        ({"since": 2023}, "`since` is a whole number, a date"),
        ({"since": "soon"}, "since: soon is not a date"),
        ({"all_topics": True}, "all_topics needs topic"),
        ({"search": "-a"}, "search needs a word that is to be found"),
        ({"search": 1}, "`search` is a whole number, a text is expected"),
        ({"where": "quality >"}, "quality >"),
    ],
)
def test_a_wrong_argument_is_told_at_once(criteria: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        newscards.Corpus(SAMPLE).select(**criteria)
    assert message in str(caught.value)
    assert isinstance(caught.value, newscards.NewscardsError)
    assert "--" not in f"{caught.value}{caught.value.hint}"


def test_it_validates_with_the_configuration_as_the_command_does(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({
        "newscards.toml": '[fields.score]\ntype = "integer"\n',
        "_news/a.md": card(quality="-3", score="x"),
        "_news/b.md": "---\ntitle: [\n---\n",
    })  # fmt: skip
    corpus = newscards.Corpus(folder)
    findings = corpus.validate(ignore="NC6")
    assert all(isinstance(each, newscards.Finding) for each in findings)
    found = {(each.rule.name, each.field, Path(each.path).name) for each in findings}
    assert ("below-minimum", "quality", "a.md") in found
    assert ("wrong-type", "score", "a.md") in found
    assert {name for _, _, name in found} == {"a.md", "b.md"}
    assert [each.severity for each in corpus.validate(select=["NC402"])] == [newscards.Severity.ERROR]
    with pytest.raises(newscards.NewscardsError):
        corpus.validate(select="NC9999")
    assert newscards.Corpus.of_files([]).validate() == []


def test_stories_and_topics_are_those_of_the_commands(run: Run) -> None:
    corpus = newscards.Corpus(SAMPLE)
    stories = corpus.stories()
    assert [each.head.id for each in stories] == run("stories", SAMPLE, "--format", "ids").out.splitlines()
    assert isinstance(stories[0], newscards.Story)
    lines = run("topics", SAMPLE).out.splitlines()
    assert [[each.name, str(each.count.cards)] for each in corpus.topics()] == [
        line.split("\t")[:2] for line in lines
    ]


def test_the_images_of_a_card_have_types_whatever_the_file_holds(make_corpus: MakeCorpus) -> None:
    wrong = (
        '\n  - url: "https://tide.example/a.png"\n    width: "many"\n    isCached: true\n  - 3\n  - title: x'
    )
    make_corpus({"a.md": CARD, "b.md": card(images=wrong), "c.md": card(images="3")})
    found = [card.images for card in newscards.Corpus().cards()]
    assert [(image.url, image.width) for image in found[0]] == [("https://www.tide.example/gauges.jpg", 1200)]
    assert found[1] == (newscards.Image("https://tide.example/a.png", None, None, "", True),)
    assert found[2] == ()


def test_what_is_selected_is_a_list_and_stories_have_a_size_and_a_headline() -> None:
    corpus = newscards.Corpus(SAMPLE)
    found = corpus.select(topic="Ports")
    assert (len(found), found[0].id) == (20, next(iter(corpus.select(topic="Ports"))).id)
    story = corpus.stories()[0]
    assert (story.size, story.headline) == (len(story.cards), story.head.title)


def test_providers_are_counted_as_topics_are() -> None:
    corpus = newscards.Corpus(SAMPLE)
    counts = [group.count.cards for group in corpus.providers()]
    assert (sum(counts), counts) == (len(corpus), sorted(counts, reverse=True))


def test_what_is_printed_of_a_card_or_an_edit_is_short_and_has_no_ciphertext(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD})
    corpus = newscards.Corpus(folder)
    card = next(corpus.cards())
    edit = corpus.edit("a", quality=9)
    assert repr(card) == f"Card(path={card.path!r})"
    assert repr(corpus) == f"Corpus({str(folder)!r})"
    assert repr(edit).startswith("EditedCard(patches=(Patch(")
    assert str(card.fields["secured"]) not in repr([card, edit, corpus.stories()])
