from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card
from tests.support.git_repository import commit, git

CONFIG = "collections: {news: {output: true}}\n"
HIDDEN = card(published="false", heat="0")
WELLS = card(title='"Wells"', webUrl='"https://www.tide.example/wells"', originalUrl=None, secured=None)
Files = dict[str, str | bytes]


def found(run: Run, *args: str) -> list[tuple[str, str, str]]:
    """Return path, severity and message of what the rule finds; the index must give the same."""
    both = [
        json.loads(run("validate", "--select", "NC209", "--format", "json", *args, *more).out)["findings"]
        for more in (("--no-cache",), (), ())
    ]
    assert both[0] == both[1] == both[2]
    assert all((each["line"], each["column"], each["code"]) == (1, 1, "NC209") for each in both[0])
    return [(each["path"], each["severity"], each["message"]) for each in both[0]]


def site(files: Files, config: str = CONFIG) -> Files:
    """Return a site with a hidden card, a published one, and these files."""
    cards: Files = {"_news/x.md": HIDDEN, "_news/wells.md": WELLS}
    return cards | {f"_news/{name}": text for name, text in files.items()} | {"_config.yml": config}


NAMES = [
    "x.md.orig", "x.md.bak", "x.MD", "x.mkdn", "x.mkd", "x.html", "x.htm", "x", "x.txt", "x.json",
    "x.md.orig.1", "x.md_old", "x.md-2023", "x.markdown.bak", "x.Markdown", "old/x.md.orig", "x.yml",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_shows_what_its_card_hides_is_an_error(
    name: str, run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(site({name: CARD}))
    message = (
        "no card by its name, but Jekyll takes it for one, though `x.md` is hidden:"
        " the site will publish this card"
    )
    assert found(run) == [(f"_news/{name}", "error", message)]


@pytest.mark.parametrize("name", ["p/_q/x.md", "p/.q/x.md", "p/q~/x.md", "p/_q/r/x.md", "p/_q/x.md.orig"])
def test_a_card_in_a_folder_that_newscards_skips_and_jekyll_does_not_is_found(
    name: str, run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(site({name: CARD}))
    what = "name" if name.endswith(".orig") else "folder"
    message = (
        f"no card by its {what}, but Jekyll takes it for one, though `x.md` is hidden:"
        " the site will publish this card"
    )
    assert found(run) == [(f"_news/{name}", "error", message)]


def test_a_name_that_the_configuration_includes_is_found(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(site({"_y.md": CARD, "_z.md": HIDDEN}, f"{CONFIG}include: [_y.md, _z.md]\n"))
    assert [(path, severity) for path, severity, _ in found(run)] == [
        ("_news/_y.md", "warning"), ("_news/_z.md", "warning"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "name", ["x.md~", "#x.md#", ".x.md.swp", "_x.md.orig", "~x.md.orig", ".keep", "x.md.", "_old/x.html"]
)
def test_a_file_that_jekyll_leaves_out_is_fine(name: str, run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(site({name: CARD}))
    assert found(run) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "---",
        "no front matter\n",
        "--- a/x.md\n+++ b/x.md\n",
        "----\n",
        b"\x89PNG\r\n---\n",
        "\n---\n---\n",
    ],
)
def test_a_file_without_front_matter_is_fine(content: str | bytes, run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(site({"x.md.orig": content, "photo.png": b"\x89PNG\r\n\x1a\n" + bytes(99)}))
    assert found(run) == []


WARNED = {
    "no card has its id": {"y.md.orig": CARD},
    "its card is published": {"wells.md.orig": WELLS},
    "it is hidden as well": {"x.md.orig": HIDDEN},
    "it is hidden, and its card is not": {"wells.md.bak": HIDDEN},
}


@pytest.mark.parametrize("what", WARNED)
def test_it_is_a_warning_if(what: str, run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(site({**WARNED[what]}))
    assert [severity for _, severity, _ in found(run)] == ["warning"]


ERRORS: dict[str, str | bytes] = {
    "without its data": card(title='"never closed'),
    "verbatim": "\ufeff" + CARD,
    "the site's lists show": card(date="2199-01-01"),
    "the build will fail": card(date="soon", published="false"),
    "will fail": card(published="false").encode() + b"\xe9",
}


@pytest.mark.parametrize("words", ERRORS)
def test_whatever_jekyll_shows_of_it_is_an_error(words: str, run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(site({"x.md.orig": ERRORS[words]}))
    ((_, severity, message),) = found(run)
    assert (severity, words in message) == ("error", True)


@pytest.mark.parametrize(
    "config", ["title: x\n", f"{CONFIG}exclude: ['*.orig']\n", f"{CONFIG}collections_dir: content\n"]
)
def test_a_site_that_does_not_read_it_is_fine(config: str, run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(site({"x.md.orig": CARD}, config))
    assert found(run) == []


def test_only_a_folder_of_a_site_is_searched(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"cards/x.md": HIDDEN, "cards/x.md.orig": CARD, "cards/index.html": "---\n---\n"})
    assert found(run, "cards") == []


def test_a_card_that_the_command_line_names_is_checked_alone(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(site({"x.md.orig": CARD}))
    assert found(run, "_news/x.md") == []


@pytest.mark.parametrize("name", ["photo.jpg", "x.md.orig", "x"])
@pytest.mark.parametrize("target", ["gone", "itself"])
def test_a_link_that_leads_to_nothing_is_an_error_whatever_its_name(
    name: str, target: str, run: Run, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus(site({}))
    os.symlink(name if target == "itself" else "gone", folder / "_news" / name)
    assert found(run) == [(f"_news/{name}", "error", "the link leads to nothing: the build will fail")]


def test_the_index_notices_a_new_a_changed_and_a_deleted_file_and_a_changed_card(
    run: Run, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus(site({}))
    stray: Path = folder / "_news" / "x.md.orig"
    assert found(run) == []
    stray.write_text(CARD)
    assert [severity for _, severity, _ in found(run)] == ["error"]
    stray.write_text(HIDDEN)
    assert [severity for _, severity, _ in found(run)] == ["warning"]
    stray.write_text(CARD)
    (folder / "_news" / "x.md").write_text(card(heat="68"))
    assert [severity for _, severity, _ in found(run)] == ["warning"]
    stray.unlink()
    assert found(run) == []


def test_a_pattern_of_the_configuration_ignores_it(run: Run, make_corpus: MakeCorpus) -> None:
    settings = '[per-file-ignores]\n"_news/*.orig" = ["NC209"]\n'
    make_corpus(site({"x.md.orig": CARD, "x.md.bak": CARD}) | {"newscards.toml": settings})
    assert [path for path, _, _ in found(run)] == ["_news/x.md.bak"]


def test_the_text_is_the_same_with_and_without_an_index(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(site({"x.md.orig": CARD, "w.html": WELLS}))
    outs = [run("validate", *args) for args in (["--no-cache"], [], [])]
    assert outs[0] == outs[1] == outs[2]
    assert outs[0].code == 1


def test_since_a_revision_it_is_reported_if_it_or_its_card_changed(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus(site({"x.md.orig": CARD, "w.html": WELLS}))
    git(folder, "init", "--quiet")
    commit(folder)
    assert found(run, "--changed-since", "HEAD") == []
    (folder / "_news" / "v.html").write_text(WELLS)
    (folder / "_news" / "x.md").write_text(card(published="false", heat="1"))
    paths = [path for path, _, _ in found(run, "--changed-since", "HEAD")]
    assert paths == ["_news/x.md.orig", "_news/v.html"]  # an error comes first
