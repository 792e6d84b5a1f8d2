"""Cards are found by a URL, and their copies wherever a YAML reader finds them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newscards.cards import reader
from newscards.cards.card import Identity
from newscards.cards.urls import page_of
from newscards.corpus import lookup
from newscards.corpus.corpus import Corpus
from newscards.corpus.index import snapshot, summaries
from newscards.corpus.lookup import find_copies, is_copied
from newscards.layout import cache_folder
from tests.conftest import MakeCorpus, Run
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


GAUGES = "https://www.tide.example/gauges"
OLD_COPY = """
  - title: "Tide gauges get a second life"
    publishedDateTime: 2023-06-20T15:44:00Z
    webUrl: "https://www.tide.example/gauges"
    ampWebUrl: "https://amp.tide.example/old-gauges"
"""
BY_URL = {
    "a.md": card(ampWebUrl='"https://amp.tide.example/gauges"', cdnAmpWebUrl="https://cdn.example/tide"),
    "b.md": card(webUrl=None, originalUrl="https://video.example/b?v=1&t=2", title="B"),
    "c.md": card(
        webUrl='"https:\\/\\/wind.example\\/caf\\u00e9, again"', title="C", originalUrl=None, related=OLD_COPY
    ),
    "d.md": card(webUrl="https://wind.example/d", title="D", originalUrl=None),
    "e.md": card(webUrl="http://www.wind.example/d/", title="E", originalUrl=None),
    "bad.md": "webUrl: https://wind.example/bad",
}


@pytest.mark.parametrize("is_indexed", [False, True])
def test_a_card_is_found_by_any_url_of_its_page(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch, is_indexed: bool
) -> None:
    make_corpus(BY_URL)
    if is_indexed:
        monkeypatch.setattr(summaries, "MIN_INDEXED_CARDS", 1)
        run("list")

    def found(*urls: str, code: int = 0) -> str:
        result = run("show", *urls, "--field", "id")
        assert result.code == code, result.err
        return result.out or result.err

    assert found(GAUGES) == found("http://tide.example/gauges/?utm_source=x#top") == "a\n"
    assert found("https://amp.tide.example/gauges", "https://cdn.example/tide") == "a\n"
    assert found("https://VIDEO.example/b?v=1&t=2") == "b\n"
    assert found(" https://wind.example/café, again ") == "c\n"
    assert found("https://amp.tide.example/old-gauges") == "a\n"  # only an entry of c has it, which names a
    assert "no card has the URL" in found("https://video.example/b", code=2)
    several = found("https://wind.example/d", code=2)
    assert several.startswith("error: `https://wind.example/d` is ambiguous: 2 cards match\n")
    assert "  d.md\n  e.md" in several
    for other in ("why", "stories"):
        assert run(other, GAUGES).code == 0
    assert run("show", "-", "--field", "id", stdin=f"{GAUGES}\nd.md\n".encode()).out == "a\nd\n"


def test_an_edit_takes_the_url_of_a_card_and_not_that_of_a_copy_alone(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(BY_URL)
    assert run("set", "quality", "5", "http://tide.example/gauges/").out.startswith(
        "a.md: quality: 67 -> 5\n"
    )
    result = run("set", "quality", "6", "https://amp.tide.example/old-gauges")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: no card has the URL `https://amp.tide.example/old-gauges`\n")
    assert run("set", "quality", "6", "https://wind.example/d").code == 2


def test_an_unknown_url_is_an_error_with_the_nearest_of_its_host(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(BY_URL)
    result = run("show", "https://tide.example/gaugse")
    assert (result.code, result.out) == (2, "")
    hint = "hint: did you mean https://www.tide.example/gauges?\n"
    assert result.err == f"error: no card has the URL `https://tide.example/gaugse`\n{hint}"
    assert "hint" not in run("show", "https://nosuch.example/x").err
    for url in ("https://", "https://[", "http://\u202e", "https://x.example/" + "a" * 100_000):
        result = run("show", url)
        assert (result.code, result.err.count("\n")) == (2, 1)
        assert len(result.err) < 500
    many = run("show", "https://a.example/1", "https://a.example/2")
    assert "2 names mean no card, or several" in many.err


def test_with_an_index_no_file_is_read_to_find_a_card_by_its_url(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({name: text for name, text in BY_URL.items() if name != "bad.md"})
    monkeypatch.setattr(summaries, "MIN_INDEXED_CARDS", 1)
    monkeypatch.setattr(snapshot, "RACY_NANOSECONDS", -(10**11))  # what was just made counts as old
    run("list")
    corpus = Corpus(".", cache=cache_folder())
    monkeypatch.setattr(reader, "read_bytes", None)
    monkeypatch.setattr(lookup, "read_bytes", None)
    assert corpus.resolve(GAUGES) == "a.md"


@pytest.mark.parametrize("key", KEYS)
def test_a_card_is_found_however_the_key_of_its_url_is_written(make_corpus: MakeCorpus, key: str) -> None:
    text = card(webUrl='"https://t.example/a"', originalUrl=None).replace(
        "webUrl", key.replace("\n    ", "\n")
    )
    make_corpus({"a.md": text, "b.md": card()})
    assert Corpus().resolve("http://t.example/a/") == "a.md"


TAILS = st.text(st.sampled_from("ab/?=&#%.,;:'\"\\é \t{}[]*!|>-_"), max_size=12)


@given(tail=TAILS, style=st.sampled_from([None, "'", '"', "|", ">"]), name=st.sampled_from(lookup.OWN_URLS))
def test_a_file_that_has_a_url_is_never_missing(tail: str, style: Any, name: str) -> None:
    url = f"https://www.tide.example/{tail}"
    text = yaml.safe_dump({name: url}, default_style=style, allow_unicode=True)
    pages = {page_of(url)}
    with TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.md")
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"---\n{text}---\n")
        assert Corpus(folder).resolve(url) == path
        variant = url.replace("https://www.", "HTTP://")
        assert page_of(variant) not in pages or Corpus(folder).resolve(variant) == path


def test_a_url_is_a_path_of_the_card_too_also_without_its_scheme(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus(BY_URL)
    bare = GAUGES.removeprefix("https://")
    for url in (GAUGES, bare):
        assert run("list", url, "--format", "ids").out == "a\n"
    assert run("show", bare, "--field", "id").out == "a\n"
    assert run("list", GAUGES, "b.md", "--count").out == "2\n"
    unknown = run("list", "nosuch.example/x")
    assert (unknown.code, unknown.err) == (2, "error: no card has the URL `nosuch.example/x`\n")
    assert "no such file or folder: old.site/x.md" in run("list", "old.site/x.md").err
    (folder / "some.folder").mkdir()
    assert "no such file or folder: some.folder/x" in run("list", "some.folder/x").err


def test_a_url_that_only_an_entry_has_names_the_card_that_lists_it(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(BY_URL)
    result = run("set", "quality", "6", "https://amp.tide.example/old-gauges")
    assert result.err.endswith("hint: an entry in `related` of c has it\n")
