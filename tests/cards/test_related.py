"""Identities as numbers: equal where identities are, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscards.cards.card import Card, identity
from newscards.cards.related import NAMELESS, decode_identities, identities_of, url_checksum, url_checksums_in
from newscards.corpus.corpus import Corpus
from tests.conftest import MakeCorpus
from tests.support import card
from tests.support.indexes import fill, note_reads

ENTRY = """
  - title: {title}
    publishedDateTime: 2023-06-20T15:44:00Z
    webUrl: {url}
"""


def test_an_entry_has_the_number_of_the_card_that_it_names() -> None:
    when = "2023-06-20T15:44:00Z"
    fields = {"title": "Tide", "webUrl": "https://a.example/1", "publishedDateTime": when}
    other = {"title": "Ebb", "webUrl": "https://a.example/2"}
    named, *_ = decode_identities(identities_of(Card("a.md", fields)))
    own, *related = decode_identities(
        identities_of(Card("b.md", other | {"related": [fields, "text", {}, other]}))
    )
    assert related == [named, NAMELESS, NAMELESS, own]
    assert NAMELESS not in (named, own)
    assert named != own


@pytest.mark.parametrize("name", ["title", "webUrl", "publishedDateTime"])
def test_what_differs_in_one_of_the_three_has_another_number(make_corpus: MakeCorpus, name: str) -> None:
    values = {"title": "Ebb", "webUrl": "https://b.example/", "publishedDateTime": "2024-01-01T00:00:00Z"}
    make_corpus({"a.md": card(), "b.md": card(**{name: values[name]}), "c.md": card(quality="3")})
    first, second, third = (decode_identities(identities_of(each)) for each in Corpus(".").cards())
    assert first == third != second


def test_the_urls_are_those_of_the_card_and_its_entries() -> None:
    entry = {"title": "Ebb", "webUrl": "https://a.example/2"}
    found = identities_of(Card("a.md", {"title": "T", "related": [entry, entry, 5, {"title": "no URL"}]}))
    assert [*url_checksums_in(found)] == [
        url_checksum(""),
        *[url_checksum("https://a.example/2")] * 2,
        0,
        url_checksum(""),
    ]


def test_a_card_without_related_has_its_own_alone() -> None:
    values: tuple[object, ...] = (None, "text", [], {})
    for value in values:
        assert len(decode_identities(identities_of(Card("a.md", {"title": "T", "related": value})))) == 1


def test_summaries_have_the_identities_that_the_cards_have_with_an_index_and_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept_of_few_cards: None
) -> None:
    entry = ENTRY.format(title="Tide gauges get a second life", url="https://www.tide.example/gauges")
    folder = tmp_path / "corpus"
    folder.mkdir()
    fill(folder)
    (folder / "names-another.md").write_text(card(related=entry.rstrip()))
    expected = {each.path: identities_of(each) for each in Corpus(folder).cards()}
    assert len({*expected.values()}) > 10
    cached = Corpus(folder, cache=str(tmp_path / "cache"))
    for corpus in (Corpus(folder), cached, cached):
        found = [each for each in corpus.summaries(identities=True) if isinstance(each, Card)]
        assert {each.path: each.identities for each in found} == expected
    assert identity(cached.get("names-another").related[0]) == cached.get("names-another").identity  # type: ignore[union-attr]
    reads = note_reads(monkeypatch)
    assert len([*cached.summaries(identities=True)]) > len(expected)
    assert "names-another.md" not in reads
