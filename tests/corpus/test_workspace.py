"""The corpora of a run: cards of PATHs, ids in their place, and the site around the current folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newscards.layout import site_around
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card
from tests.support.git_repository import commit, git

SITE = {
    "_news/2023/a-tide.md": CARD,
    "_news/2024/b-tide.md": card(quality="1"),
    "_data/organizations/tide.example.md": "---\nname: Tide\n---\n",
    "sub/dir/text.txt": "",
}


@pytest.mark.parametrize("folder", ["", "_data", "_data/organizations", "sub/dir", "_news"])
def test_without_a_path_the_cards_are_those_of_the_site_around(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    root = make_corpus(SITE)
    monkeypatch.chdir(root / folder)
    assert run("list", "--format", "ids").out == "a-tide\nb-tide\n"
    listed = run("list", "--format", "paths").out.splitlines()
    assert [os.path.realpath(path) for path in listed] == [
        str(root / "_news/2023/a-tide.md"), str(root / "_news/2024/b-tide.md"),
    ]  # fmt: skip
    assert run("validate", "--format", "json").out.count('"cards": 2') == 1
    assert run("show", "b-tide", "--field", "quality").out == "1\n"
    assert run("set", "quality", "7", "b-tide").code == 0
    assert run("undo").code == 0
    git(root, "init", "-q")
    commit(root)
    (root / "_news/2024/b-tide.md").write_text(CARD)
    assert run("diff", "--count").out == "1\n"


def test_config_names_the_site_around(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus(SITE)
    assert run("config").out.splitlines()[0].split() == ["corpus", "=", '"."', "#", "default"]
    monkeypatch.chdir(folder / "_data")
    assert run("config").out.splitlines()[0].split(maxsplit=4) == [
        "corpus",
        "=",
        '".."',
        "#",
        "the site around",
    ]


def test_in_a_folder_of_the_cards_these_are_listed_and_all_cards_are_found_by_id(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_corpus(SITE) / "_news" / "2023")
    assert run("list", "--format", "paths").out == "a-tide.md\n"
    assert run("show", "b-tide", "--field", "id").out == "b-tide\n"
    assert run("list", "b-tide", "--format", "paths").out == "../2024/b-tide.md\n"
    assert run("set", "quality", "5", "b-tide").out == "../2024/b-tide.md: quality: 1 -> 5\n"
    assert run("set", "quality", "5", "--published", "--yes").out == "a-tide.md: quality: 67 -> 5\n"


def test_a_folder_of_cards_without_a_site_above_is_a_corpus(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(make_corpus({"x/a.md": CARD, "b.md": CARD}) / "x")
    assert run("list", "--format", "paths").out == "a.md\n"


def test_what_is_configured_comes_before_the_site_around(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus(SITE | {"other/c.md": CARD, "newscards.toml": 'corpus = "other"'})
    monkeypatch.chdir(folder / "sub" / "dir")
    assert run("list", "--format", "ids").out == "c\n"
    assert run("list", "--format", "ids", "--corpus", "../../_news/2024").out == "b-tide\n"


def test_the_search_ends_at_a_repository_and_at_the_configuration(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus(
        SITE
        | {"repo/in/c.md": CARD, "project/in/d.md": CARD, "project/newscards.toml": "", "_posts/e.md": CARD}
    )
    git(folder / "repo", "init", "-q")
    for inner, names in (("repo/in", "c\n"), ("project/in", "d\n"), ("_posts", "e\n")):
        monkeypatch.chdir(folder / inner)
        assert run("list", "--format", "ids").out == names
    git(folder, "init", "-q")
    monkeypatch.chdir(folder / "sub")
    assert run("list", "--count").out == "2\n"
    assert site_around(str(folder / "sub"), top=str(folder / "sub")) == ""


def test_an_id_stands_for_the_file_of_its_card_wherever_a_path_does(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(SITE | {"a-tide": CARD.replace("67", "3")})
    assert run("list", "b-tide", "--format", "paths").out == "_news/2024/b-tide.md\n"
    assert run("list", "a-tide", "--columns", "quality").out == "3\n"  # a path that exists wins
    ids = run("list", "_news", "--format", "ids").raw
    assert run("list", "-", "--format", "ids", stdin=b"b-tide\n").out == "b-tide\n"
    os.unlink("a-tide")
    assert run("list", "-", "--format", "ids", stdin=ids).raw == ids
    for command in ("validate b-tide", "stats b-tide", "topics b-tide.md", "filter-by-topic Oceans b-tide"):
        assert run(*command.split()).code == 0
    assert run("validate", "-", "--format", "json", stdin=ids).out.count('"cards": 2') == 1
    assert run("query", "SELECT quality FROM cards", "b-tide").out == "1\n"
    assert run("list", "b-tide", "--where", "story_size = 1", "--format", "ids").out == "b-tide\n"
    assert run("list", "b-tide", "--corpus", ".", "--count").out == "1\n"


def test_the_configuration_of_an_id_is_that_of_the_corpus(run: Run, make_corpus: MakeCorpus) -> None:
    text = "[fields.editor]\nrequired = true\n"
    make_corpus({"site/_news/a.md": CARD, "site/newscards.toml": text})
    result = run("validate", "a", "--corpus", "site", "--format", "concise")
    assert result.code == 1
    assert "`editor`" in result.out
    assert (
        run("validate", "-", "--corpus", "site", stdin=b"a\n").out
        == run("validate", "a", "--corpus", "site").out
    )


def test_what_is_neither_a_path_nor_an_id_is_an_error_with_the_nearest_of_both(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(SITE | {"x/_news/b-tide.md": CARD})
    result = run("list", "a-tied")
    assert (result.code, result.out) == (2, "")
    assert result.err == (
        "error: no such file or folder: a-tied; no card has this id either\nhint: did you mean `a-tide`?\n"
    )
    result = run("list", "a-tide", "-", stdin=b"\xffx\n")
    assert result.err.startswith("error: no such file or folder: \ufffdx; no card has this id either\n")
    make_corpus({"_news/x/b-tide.md": CARD})
    result = run("list", "b-tide")
    assert (result.code, result.err.splitlines()[0]) == (2, "error: `b-tide` is ambiguous: 2 cards match")


def test_where_there_are_no_cards_a_missing_path_is_only_that(
    run: Run, make_corpus: MakeCorpus, tmp_path: Path
) -> None:
    make_corpus({"x.txt": ""})
    assert run("list", "nosuch").err == "error: no such file or folder: nosuch\n"


def test_blanks_behind_an_id_are_no_part_of_it(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b.md": CARD})
    assert run("list", "-", "--format", "ids", stdin=b"b  \r\n \n").out == "b\n"
