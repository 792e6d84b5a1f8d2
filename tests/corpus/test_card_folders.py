"""The folders in which the cards of a site lie."""

from __future__ import annotations

import os

import pytest

from newscards.corpus.card_folders import find_card_folders
from newscards.errors import PathNotFoundError
from tests.conftest import MakeCorpus

PAGE = "---\ntitle: Spring tide\n---\n"


@pytest.mark.parametrize(
    ("files", "corpora", "others"),
    [
        (["_news/a.md", "_posts/a.md"], ["_news"], ["_posts"]),
        (["en/_posts/a.md", "de/_posts/a.md", "content/a.md"], ["de/_posts", "en/_posts"], []),
        (["content/a/index.md", "content/posts/_tide/a.md"], ["content", "content/posts/_tide"], []),
        (["_articles/a.md", "_layouts/a.md", "_includes/a.md"], ["_articles"], []),
        (["a.md", "b/c.md"], ["."], []),
        (["_posts/a.md", "node_modules/x/_posts/a.md", ".git/_posts/a.md"], ["_posts"], []),
    ],
)
def test_the_cards_are_where_the_site_has_them(
    make_corpus: MakeCorpus, files: list[str], corpora: list[str], others: list[str]
) -> None:
    make_corpus(dict.fromkeys(files, PAGE))
    found = find_card_folders(".")
    assert (list(found.corpora), list(found.others)) == (corpora, others)


def test_a_collection_without_a_card_is_none(make_corpus: MakeCorpus) -> None:
    make_corpus({"_posts/a.md.erb": PAGE, "_posts/README.md": "Text.", "docs/_posts/a.md": PAGE})
    assert find_card_folders(".").corpora == ("docs/_posts",)


@pytest.mark.parametrize(
    ("files", "path", "folder"),
    [
        (["site/_news/a.md"], "site", "site"),
        (["site/_news/2024/a.md"], "site/_news/2024", "site"),
        (["site/_news/2024/a.md"], "site/_news/2024/a.md", "site"),
        (["site/_config.yml", "site/en/_posts/a.md"], "site/en/_posts", "site"),
        ([".git/HEAD", "content/en/a.md"], "content/en", "."),
        (["_config.yml", "inner/.git/HEAD", "inner/content/a.md"], "inner/content", "inner"),
    ],
)
def test_the_configuration_belongs_beside_that_of_the_site(
    make_corpus: MakeCorpus, files: list[str], path: str, folder: str
) -> None:
    make_corpus(dict.fromkeys(files, PAGE))
    assert find_card_folders(path).folder == folder


def test_an_ending_counts_if_most_of_its_files_have_a_front_matter(make_corpus: MakeCorpus) -> None:
    make_corpus({"_posts/a.md": PAGE, "_posts/b.mdx": PAGE, "_posts/c.html": PAGE,
                 "_posts/d.html": "<p>", "_posts/e.html": "<p>", "_posts/f.txt": PAGE})  # fmt: skip
    assert find_card_folders(".").endings == (".md", ".markdown", ".mdx")


def test_a_folder_that_does_not_exist_is_an_error_with_the_nearest_name(make_corpus: MakeCorpus) -> None:
    make_corpus({"site/a.md": PAGE})
    with pytest.raises(PathNotFoundError, match="no such file or folder: sitee") as error:
        find_card_folders("sitee")
    assert error.value.hint == f"did you mean `{os.path.join('', 'site')}`?"
