"""The store, which is the public Python API."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newscards import Card, Corpus, Unreadable
from newscards.errors import CardNotFoundError, EditRefusedError, PathNotFoundError
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card


def test_one_bad_card_never_hides_the_others(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": "", "c.md": b"---\ntitle: \xff\n---\n", "d.md": CARD})
    (folder / "e.md").symlink_to("nowhere")
    records = list(Corpus())
    assert [type(record) for record in records] == [Card, Unreadable, Unreadable, Card, Unreadable]
    assert [record.id for record in Corpus().cards()] == ["a", "d"]
    bad = records[2]
    assert isinstance(bad, Unreadable)
    assert (bad.kind, bad.line, bad.column) == ("not-utf8", 2, 8)


def test_the_attributes_are_typed_whatever_the_file_holds(make_corpus: MakeCorpus) -> None:
    make_corpus(
        {"x.md": "---\ntitle: [1]\nquality: true\nheat: '3'\ntopics: AI\nprovider: x\nrelated: y\n---\n"}
    )
    (only,) = Corpus().cards()
    assert (only.title, only.quality, only.heat, only.date) == ("", None, None, None)
    assert (only.topics, dict(only.provider), only.related, only.url) == (("AI",), {}, (), "")
    assert only.published


def test_the_attributes_give_what_the_file_says(make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": card(author="Ann")})
    (only,) = Corpus().cards()
    assert (only.title, only.quality, only.type) == ("Tide gauges get a second life", 67, "article")
    assert only.date is not None
    assert only.date.isoformat() == "2023-06-20T15:44:00+00:00"
    assert only.fields["author"] == "Ann"
    assert list(only.fields)[:3] == ["category", "title", "excerpt"]


@pytest.mark.parametrize(
    ("flag", "shown"),
    [("true", True), ("false", False), ("no", False), ("off", False), ("", False), ("~", False),
     ('"false"', True), ("0", True), ("[]", True), (None, True)],
)  # fmt: skip
def test_published_is_what_the_site_makes_of_the_flag(
    make_corpus: MakeCorpus, flag: str | None, shown: bool
) -> None:
    make_corpus({"x.md": card(published=flag)})
    (only,) = Corpus().cards()
    assert only.published is shown


def test_a_card_is_found_by_path_id_beginning_and_part(make_corpus: MakeCorpus) -> None:
    make_corpus({"2023-a-tide.md": CARD, "2023-b.md": CARD, "2023-b-2.md": CARD, "tide.txt": CARD})
    corpus = Corpus()
    for name in ("2023-a-tide.md", "2023-a-tide", "2023-a", "a-ti"):
        assert corpus.resolve(name) == "2023-a-tide.md"
    assert corpus.resolve("2023-b") == "2023-b.md"
    assert corpus.resolve("tide.txt") == "tide.txt"
    for name in ("2023-a-tide.md  ", "2023-a-tide \t", "2023-a "):
        assert corpus.resolve(name, part=False) == "2023-a-tide.md"
    for name in ("2023", "b", "nothing", ""):
        with pytest.raises(CardNotFoundError):
            corpus.resolve(name)
    with pytest.raises(CardNotFoundError):
        corpus.resolve("a-ti", part=False)


def test_an_id_that_a_table_has_cut_is_found(make_corpus: MakeCorpus) -> None:
    make_corpus({"2023-a-tide.md": CARD, "2023-a-tied.md": CARD, "2024-b.md": CARD, "2025-x….md": CARD,
                 "2025-x…y.md": CARD})  # fmt: skip
    corpus = Corpus()
    for name, path in (("2024…", "2024-b.md"), ("2023-a-tid…", "2023-a-tide.md"), ("20…ed", "2023-a-tied.md"),
                       ("20…-a…de", "2023-a-tide.md"), ("2025-x…", "2025-x….md")):  # fmt: skip
        assert corpus.resolve(name, part=False) == path
    assert corpus.resolve("…-b") == "2024-b.md"
    for name in ("2023-a-ti…", "2024-b…b", "…-b", "…"):
        with pytest.raises(CardNotFoundError):
            corpus.resolve(name, part=False)
    with pytest.raises(CardNotFoundError, match="no card `2023-a-tidy…`") as error:
        corpus.resolve("2023-a-tidy…")
    assert error.value.hint == "did you mean 2023-a-tied or 2023-a-tide?"


def test_a_page_bundle_is_found_by_its_folder_and_its_language(make_corpus: MakeCorpus) -> None:
    names = ["links/gauges/index.md", "links/gauges/index.no.md", "links/wells/index.md"]
    corpus = Corpus(make_corpus(dict.fromkeys(names, CARD)))
    for name, path in zip(["gauges", "gauges.no", "wel"], names, strict=True):
        assert corpus.resolve(name).endswith(path)
    with pytest.raises(CardNotFoundError, match="no card `index`"):
        corpus.resolve("index")


def test_an_edit_through_the_store_changes_the_file(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    corpus = Corpus(folder)
    assert corpus.edit("x", published=False).is_changed
    assert not corpus.edit("x", published=False).is_changed
    assert (folder / "x.md").read_text() == CARD.replace("published: true", "published: false")


def test_an_edit_is_the_same_after_a_run_that_had_fields_of_its_own(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": CARD, "newscards.toml": '[fields.quality]\ntype = "text"\n'})
    assert "`quality` is a whole number, text is expected" in run("validate", "--format", "concise").out
    assert b"\nquality: 5\n" in Corpus().edit("a", quality=5).new


def test_an_edit_of_a_stale_card_is_refused(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    (stale,) = Corpus().cards()
    (folder / "x.md").write_text(card(quality="99"))
    with pytest.raises(EditRefusedError, match="changed since it was read"):
        Corpus().edit(stale, published=False)
    assert (folder / "x.md").read_text() == card(quality="99")


def test_an_unreadable_card_is_not_edited(make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": "no card"})
    with pytest.raises(EditRefusedError, match="cannot be read"):
        Corpus().edit("x", published=False)


def test_a_folder_without_cards_is_an_error_and_an_empty_list_of_files_is_not(
    make_corpus: MakeCorpus,
) -> None:
    make_corpus({"x.txt": CARD})
    with pytest.raises(PathNotFoundError):
        len(Corpus())
    assert len(Corpus.of_files([])) == 0


def test_reading_never_writes_into_the_corpus(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": ""})
    before = {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(folder)}
    stamp = folder.stat().st_mtime_ns
    list(Corpus())
    Corpus().find([("https://www.tide.example/gauges", "", None)])
    assert {entry.name: entry.stat().st_mtime_ns for entry in os.scandir(folder)} == before
    assert folder.stat().st_mtime_ns == stamp


def test_related_cards_are_found_by_url_title_and_date() -> None:
    corpus = Corpus(ROOT / "sample_data")
    heads = [card for card in corpus.cards() if len(card.related) == 7]
    assert len(heads) == 8
    from newscards.cards.card import identity

    for head in heads:
        found = corpus.find([identity(entry) for entry in head.related])
        assert len(found) == 7
        assert head.identity not in found


def test_the_front_matter_of_a_huge_file_is_read_without_its_body(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    with open(folder / "x.md", "ab") as file:
        file.truncate(3 << 30)  # a sparse file
    (only,) = Corpus().cards()
    assert only.quality == 67


def test_real_cards_read_as_pyyaml_reads_them(real_cards: Path) -> None:
    import yaml

    from newscards.frontmatter.fences import find_fences

    for record in Corpus(real_cards / "powerapps", real_cards / "stories", real_cards / "archive"):
        assert isinstance(record, Card)
        with open(record.path, "rb") as file:
            expected = yaml.load(find_fences(file.read()).text(), Loader=yaml.CSafeLoader)
        assert record.fields == expected
        assert list(record.fields) == list(expected)


def test_related_videos_which_have_no_web_url_are_found(make_corpus: MakeCorpus) -> None:
    make_corpus({"v.md": card(type="video", webUrl=None), "a.md": card(title="another")})
    video = Corpus().get("v")
    assert isinstance(video, Card)
    assert Corpus().find([video.identity]) == {video.identity: video}


def test_a_candidates_name_stays_on_its_line(make_corpus: MakeCorpus) -> None:
    make_corpus({"x1\nerror: forged.md": CARD, "x2.md": CARD})
    with pytest.raises(CardNotFoundError) as caught:
        Corpus().resolve("x")
    assert caught.value.hint.count("\n") == 2
