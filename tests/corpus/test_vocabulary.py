"""The words for completion: from the index, else from cards that are read for a moment."""

from __future__ import annotations

import signal
import sqlite3
import time
from pathlib import Path

import pytest

from newscards.cards import reader
from newscards.cards.card import CardOrUnreadable
from newscards.corpus import vocabulary
from newscards.corpus.corpus import Corpus
from newscards.corpus.index import database
from newscards.corpus.vocabulary import Vocabulary
from newscards.frontmatter.limits import LIMITS, Limits
from tests.conftest import MakeCorpus
from tests.support import CARD, card
from tests.support.indexes import index_of, note_reads


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def said(words: Vocabulary) -> tuple[list[str], list[str], list[str]]:
    found = words.ids(""), words.topics(), words.providers()
    words.close()
    return found


CARDS: dict[str, str | bytes] = {
    "2023-a.md": card(topics="[Oceans, Wind power]"),
    "2023-b.md": card(topics="[Oceans, Ökologie]", provider="\n  name: Ebb"),
    "sub/2024-c.md": card(
        topics="[oceans, Wind Power, Ökologie]", provider="\n  domain: ebb.example\n  name: Ebb"
    ),
    "2024-d.md": b"---\ntitle: [\n---\n",
    "2024-e.md": card(topics="5", provider="[a]"),
    "2024-f.md": card(topics="lone", provider="\n  name: 5"),
}
IDS = ["2023-a", "2023-b", "2024-c", "2024-d", "2024-e", "2024-f"]
TOPICS = ["oceans", "wind power", "ökologie", "lone"]
PROVIDERS = ["Ebb", "ebb.example", "Tide", "tide.example"]


def indexed(make_corpus: MakeCorpus, cache: Path) -> Path:
    folder = make_corpus(CARDS)
    assert len([*Corpus(folder, cache=str(cache)).summaries()]) == len(CARDS)
    return folder


def test_words_come_from_the_cards_where_there_is_no_index(make_corpus: MakeCorpus, cache: Path) -> None:
    folder = make_corpus(CARDS)
    ids, topics, providers = said(Vocabulary([str(folder)], cache=str(cache)))
    assert (ids, [topic.casefold() for topic in topics], providers) == (IDS, TOPICS, PROVIDERS)
    assert not cache.exists()


@pytest.mark.usefixtures("kept_of_few_cards")
def test_an_index_knows_the_same_words_and_no_file_is_looked_at(make_corpus: MakeCorpus, cache: Path) -> None:
    folder = indexed(make_corpus, cache)
    before = index_of(cache).read_bytes()
    for file in folder.rglob("*.md"):
        file.unlink()
    ids, topics, providers = said(Vocabulary([str(folder)], cache=str(cache)))
    assert (ids, [topic.casefold() for topic in topics], providers) == (IDS, TOPICS, PROVIDERS)
    assert topics[2] == "Ökologie"
    assert index_of(cache).read_bytes() == before


@pytest.mark.usefixtures("kept_of_few_cards")
def test_the_ids_of_page_bundles_are_those_of_their_folders(make_corpus: MakeCorpus, cache: Path) -> None:
    names = ["gauges/index.md", "gauges/index.no.md", "wells/index.md"]
    folder = str(make_corpus(dict.fromkeys(names, CARD)))
    for _ in range(2):  # from the folder, then from the index
        words = Vocabulary([folder], cache=str(cache))
        assert words.ids("gauges.") == ["gauges.no"]
        assert words.ids("") == ["gauges", "gauges.no", "wells"]
        words.close()
        assert len([*Corpus(folder, cache=str(cache)).summaries()]) == len(names)


def test_a_card_that_no_index_knows_is_found_in_its_folder(make_corpus: MakeCorpus, cache: Path) -> None:
    folder = indexed(make_corpus, cache)
    (folder / "2025-new.md").write_text(CARD)
    words = Vocabulary([str(folder)], cache=str(cache))
    assert words.ids("2024") == ["2024-c", "2024-d", "2024-e", "2024-f"]
    assert words.ids("2025") == ["2025-new"]
    assert words.ids("2026") == []
    words.close()


@pytest.mark.usefixtures("kept_of_few_cards")
@pytest.mark.parametrize("damage", [None, b"", b"no index", b"\0" * 5000])
def test_every_index_that_was_opened_is_closed(
    make_corpus: MakeCorpus, cache: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | None
) -> None:
    folder, opened, connect = indexed(make_corpus, cache), list[sqlite3.Connection](), database.connect

    def noted(file: str) -> sqlite3.Connection:
        opened.append(connect(file))
        return opened[-1]

    monkeypatch.setattr(database, "connect", noted)
    if damage is not None:
        index_of(cache).write_bytes(damage)
    said(Vocabulary([str(folder)] * 2, cache=str(cache)))
    assert opened
    for connection in opened:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            connection.execute("SELECT 1")


@pytest.mark.usefixtures("kept_of_few_cards")
@pytest.mark.parametrize("damage", [b"", b"no index", b"\0" * 5000])
def test_a_damaged_index_is_no_index(make_corpus: MakeCorpus, cache: Path, damage: bytes) -> None:
    folder = indexed(make_corpus, cache)
    index_of(cache).write_bytes(damage)
    assert said(Vocabulary([str(folder)], cache=str(cache)))[2] == PROVIDERS


@pytest.mark.usefixtures("kept_of_few_cards")
def test_a_damaged_row_is_left_out(make_corpus: MakeCorpus, cache: Path) -> None:
    folder = indexed(make_corpus, cache)
    data = index_of(cache).read_bytes()
    index_of(cache).write_bytes(
        data.replace(b'"topics":["Oceans","\xc3\x96kologie"]', b'"topics":["Oceans","XXkologie"]')
    )
    ids, _, providers = said(Vocabulary([str(folder)], cache=str(cache)))
    assert (ids, providers) == (IDS, ["Ebb", "ebb.example", "Tide", "tide.example"])


def test_files_and_several_folders_are_one_vocabulary(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a/x.md": CARD, "b/_news/y.md": CARD, "b/z.md": CARD, "c/w.txt": CARD})
    paths = [str(folder / name) for name in ("a", "b", "c/w.txt", "nosuch", "c")]
    assert said(Vocabulary(paths))[0] == ["nosuch", "w", "x", "y"]


def test_the_latest_cards_are_read_until_the_time_is_up(
    make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus({f"202{year}.md": card(topics=f"[T{year}]") for year in range(5)})
    real = reader.read

    def slow(path: str, limits: Limits = LIMITS) -> CardOrUnreadable:
        if path.endswith("2022.md"):
            time.sleep(60)
        return real(path, limits)

    monkeypatch.setattr(reader, "read", slow)
    monkeypatch.setattr(vocabulary, "_TIME_LIMIT", 0.1)
    before = signal.getsignal(signal.SIGALRM)
    assert set(Vocabulary([str(folder)]).topics()) <= {"T3", "T4"}
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)


def test_a_folder_without_an_end_gives_the_ids_that_were_met(
    make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus({"x.md": CARD})

    def endless(folder: str, endings: tuple[str, ...]) -> object:
        yield "a.md"
        while True:
            time.sleep(0.01)

    monkeypatch.setattr(vocabulary, "walk", endless)
    monkeypatch.setattr(vocabulary, "_TIME_LIMIT", 0.1)
    assert Vocabulary([str(folder)]).ids("") == ["a"]


def test_a_large_front_matter_is_not_read(make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = make_corpus(
        {"a.md": card(topics="[A]", x='"' + "x" * (1 << 18) + '"'), "b.md": card(topics="[B]")}
    )
    reads = note_reads(monkeypatch)
    assert Vocabulary([str(folder)]).topics() == ["B"]
    assert reads == ["b.md", "a.md"]
