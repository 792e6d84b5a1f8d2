"""The copies of a card are found wherever a YAML reader finds them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscards.cards.card import Identity
from newscards.corpus.corpus import Corpus
from newscards.corpus.lookup import find_copies, is_copied
from tests.conftest import MakeCorpus
from tests.support import card

URL = "https://www.tide.example/a,b#c?d='e'"
WHEN = datetime(2023, 6, 20, 15, 44, tzinfo=UTC)
NAMED: Identity = (URL, "Tides", WHEN)
ENTRY = """
  - title: Tides
    publishedDateTime: 2023-06-20T15:44:00Z
    webUrl: {}
"""


def copies(folder: Path, *identities: Identity) -> dict[Identity, list[tuple[str, int]]]:
    paths = Corpus(folder).files_mentioning({url for url, _, _ in identities})
    found = find_copies(set(identities), paths)
    return {
        named: [(Path(each.path).name, each.position) for each in listed] for named, listed in found.items()
    }


@pytest.mark.parametrize(
    "written",
    [
        URL,
        f'"{URL}"',
        "'https://www.tide.example/a,b#c?d=''e'''",
        "\"\\x68ttps://www.tide.example/a,b#c?d='e'\"",
        f'"{URL[:9]}\\\n      {URL[9:]}"',
        f"\n      {URL}",
        f"|-\n      {URL}",
        f"&url {URL}",
        f"!!str {URL}",
        f"{URL} # a comment",
    ],
)
def test_a_copy_is_found_however_its_url_is_written(make_corpus: MakeCorpus, written: str) -> None:
    folder = make_corpus({"a.md": card(), "b.md": card(related=ENTRY.format(written))})
    assert copies(folder, NAMED) == {NAMED: [("b.md", 0)]}


KEYS = ['"\\x77ebUrl"', '"web\\u0055rl"', '"webUr\\U0000006C"', "'webUrl'", '? "webUrl"\n    ']


@pytest.mark.parametrize("key", KEYS)
def test_a_copy_is_found_however_the_key_of_its_url_is_written(make_corpus: MakeCorpus, key: str) -> None:
    folder = make_corpus({"a.md": card(), "b.md": card(related=ENTRY.format(URL).replace("webUrl", key))})
    assert copies(folder, NAMED) == {NAMED: [("b.md", 0)]}


def test_a_copy_in_braces_is_found(make_corpus: MakeCorpus) -> None:
    entry = '[{"title": Tides, publishedDateTime: 2023-06-20T15:44:00Z, "webUrl":"https://t.example/a"}]'
    folder = make_corpus({"b.md": card(related=entry)})
    named = ("https://t.example/a", "Tides", WHEN)
    assert copies(folder, named) == {named: [("b.md", 0)]}


def test_another_title_or_date_is_another_card(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"b.md": card(related=ENTRY.format(f'"{URL}"'))})
    assert copies(folder, (URL, "Ebbs", WHEN), (URL, "Tides", None)) == {}


def test_a_video_without_a_url_is_found_by_title_and_date(make_corpus: MakeCorpus) -> None:
    entry = "\n  - title: Tides\n    publishedDateTime: 2023-06-20T15:44:00Z\n    type: video\n"
    folder = make_corpus({"b.md": card(related=entry), "c.md": card()})
    assert copies(folder, ("", "Tides", WHEN)) == {("", "Tides", WHEN): [("b.md", 0)]}


def test_a_copy_with_a_blank_in_its_url_is_found(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"b.md": card(related=ENTRY.format('"https://t.example/a b"'))})
    named = ("https://t.example/a b", "Tides", WHEN)
    assert copies(folder, named) == {named: [("b.md", 0)]}


def test_cards_that_cannot_be_read_have_no_copies(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"b.md": f"---\nrelated: '{URL}\n---\n", "c.md": card(related=URL)})
    assert find_copies({NAMED}, [*map(str, folder.iterdir()), str(folder / "gone.md"), "a\0b"]) == {}
    assert find_copies((), ["gone.md"]) == {}


def test_many_cards_are_looked_for_at_once(real_cards: Path) -> None:
    from newscards.corpus.corpus import Corpus

    corpus = Corpus(real_cards / "stories")
    cards = list(corpus.cards())
    found = find_copies({each.identity for each in cards}, corpus.paths)
    for each in cards:
        holders = [other.path for other in cards if each.identity in {*map(identity_of, other.related)}]
        assert [listed.path for listed in found.get(each.identity, [])] == holders


def identity_of(entry: object) -> Identity:
    from newscards.cards.card import identity

    return identity(entry)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("title",), True),
        (("provider", "name"), True),
        (("provider", "images", 0, "url"), False),
        (("images", 0, "url"), False),
        (("heat",), False),
        (("published",), False),
        (("related", 0, "title"), False),
        ((), False),
    ],
)
def test_entries_repeat_what_a_card_says_of_itself(path: tuple[str | int, ...], expected: bool) -> None:
    assert is_copied(path) is expected
