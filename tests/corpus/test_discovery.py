"""Which cards: files, folders, sites, what Jekyll leaves out, links, names from standard input."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newscards.corpus.discovery import find, is_card
from newscards.errors import PathNotFoundError
from tests.conftest import MakeCorpus, Run, nothing_listed, paths
from tests.support import CARD, ROOT


def test_a_folder_is_searched_for_cards_without_what_jekyll_leaves_out(
    run: Run, make_corpus: MakeCorpus
) -> None:
    names = ["a.md", "b.markdown", "deep/er/c.md", "x~y.md", "a#b_c.md", "d.md"]
    left = ["e.txt", "f.html", "g.mkd", "README", ".keep", "_h.md", ".i.md", "#j.md", "k.md~", "_l/m.md"]
    left += [".n/o.md", "#p/q.md", "r~/s.md", "deep/_t/u.md", "deep/v.md~", "md", ".md", "w.md.bak"]
    left += ["~z.md", "~dir/z.md"]
    make_corpus(dict.fromkeys(names + left, CARD))
    assert paths(run) == ["a#b_c.md", "a.md", "b.markdown", "d.md", "deep/er/c.md", "x~y.md"]


@pytest.mark.parametrize("name", ["x.txt", "x", "_x.md", ".x.md", "#x.md", "x.md~", "vendor/x.md", "_d/x.md"])
def test_a_file_that_is_named_is_taken_whatever_its_name(
    run: Run, make_corpus: MakeCorpus, name: str
) -> None:
    make_corpus({name: CARD})
    assert paths(run, name) == [name]


SITE = {
    "site/_news/a.md": CARD,
    "site/_news/2020/b.md": CARD,
    "site/_news/vendor/c.md": CARD,
    "site/_news/2020/node_modules/d.md": CARD,
    "site/_news/_news/e.md": CARD,
    "site/_news/_drafts/f.md": CARD,
    "site/about.md": CARD,
    "site/pages/g.md": CARD,
    "site/vendor/theme/_news/h.md": CARD,
    "node_modules/i.md": CARD,
    "blog/vendor/j.md": CARD,
    "blog/k.md": CARD,
}
INSIDE = ["2020/b.md", "2020/node_modules/d.md", "a.md", "vendor/c.md"]


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("site", [f"site/_news/{name}" for name in INSIDE]),
        ("site/", [f"site/_news/{name}" for name in INSIDE]),
        ("./site", [f"./site/_news/{name}" for name in INSIDE]),
        ("blog/../site", [f"blog/../site/_news/{name}" for name in INSIDE]),
        ("site/_news", [f"site/_news/{name}" for name in INSIDE]),
        ("site/_news/", [f"site/_news/{name}" for name in INSIDE]),
        ("site/_news/vendor", ["site/_news/vendor/c.md"]),
        ("site/_news/2020", ["site/_news/2020/b.md", "site/_news/2020/node_modules/d.md"]),
        ("site/_news/_drafts", ["site/_news/_drafts/f.md"]),
        ("site/pages", ["site/pages/g.md"]),
        ("site/vendor", ["site/vendor/theme/_news/h.md"]),
        ("blog", ["blog/k.md"]),
        (".", ["blog/k.md", *(f"site/_news/{name}" for name in INSIDE)]),
    ],
)
def test_a_site_stands_for_its_news_and_only_above_it_vendor_is_left_out(
    run: Run, make_corpus: MakeCorpus, named: str, found: list[str]
) -> None:
    make_corpus(SITE)
    assert paths(run, named) == found


def test_the_current_folder_may_be_a_site_or_within_one(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus(SITE)
    monkeypatch.chdir(folder / "site")
    assert paths(run) == paths(run, ".") == [f"_news/{name}" for name in INSIDE]
    monkeypatch.chdir(folder / "site/_news")
    assert paths(run) == INSIDE
    assert paths(run, "..") == [f"../_news/{name}" for name in INSIDE]
    assert paths(run, str(folder / "site"))[2] == str(folder / "site/_news/a.md")


def test_a_folder_is_sorted_and_paths_keep_their_order_and_stand_once(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(dict.fromkeys(["b/2.md", "b/10.md", "b/é.md", "b/B.md", "a/1.md", "c.md"], CARD))
    assert paths(run) == ["a/1.md", "b/10.md", "b/2.md", "b/B.md", "b/é.md", "c.md"]
    assert paths(run, "c.md", "b/2.md", "b", "a", "./c.md", "a/1.md", "b/../c.md") == [
        "c.md", "b/2.md", "b/10.md", "b/B.md", "b/é.md", "a/1.md",
    ]  # fmt: skip


def test_links_to_files_are_cards_and_links_to_folders_are_not_followed(
    run: Run, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus({"a.md": CARD, "sub/b.md": CARD, "text": CARD})
    (folder / "link.md").symlink_to("text")
    (folder / "folder").symlink_to("sub")
    (folder / "folder.md").symlink_to("sub")
    (folder / "sub/round").symlink_to(folder)
    (folder / "dangling").symlink_to("nowhere")
    assert paths(run) == ["a.md", "link.md", "sub/b.md"]
    assert paths(run, "folder") == ["folder/b.md"]


def test_a_sites_news_may_be_a_link(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"elsewhere/vendor/a.md": CARD, "site/x.md": CARD})
    (folder / "site/_news").symlink_to("../elsewhere")
    assert paths(run, "site") == ["site/_news/vendor/a.md"]


@pytest.mark.parametrize(
    ("target", "reason"), [("nowhere", "No such file"), ("b.md", "symbolic links"), ("b.md/x", "")]
)
def test_a_card_that_is_a_dangling_link_or_a_loop_is_told_and_the_others_are_listed(
    run: Run, make_corpus: MakeCorpus, target: str, reason: str
) -> None:
    folder = make_corpus({"a.md": CARD, "c.md": CARD})
    (folder / "b.md").symlink_to(target)
    result = run("list", "--format", "ids")
    assert (result.code, result.out) == (1, "a\nc\n")
    assert result.err.startswith("warning: b.md:1:1: cannot be read: ")
    assert reason in result.err
    named = run("list", "b.md", "--format", "ids")
    assert (named.code, named.out, named.err) == (1, "", result.err)


def test_a_link_loop_that_is_not_named_as_a_card_is_none(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD})
    (folder / "loop").symlink_to("loop")
    assert paths(run) == ["a.md"]


def test_a_directory_named_as_a_card_is_a_folder(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md/a.md": CARD, "b.md": CARD})
    assert paths(run) == ["b.md", "x.md/a.md"]
    assert paths(run, "x.md") == ["x.md/a.md"]


def test_a_pipe_among_the_cards_is_left_out_and_not_waited_for(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD})
    os.mkfifo(folder / "pipe.md")
    (folder / "link.md").symlink_to("pipe.md")
    done = subprocess.run(
        [sys.executable, "-m", "newscards", "list", "--format", "paths"],
        cwd=folder, capture_output=True, timeout=10, check=False, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, b"a.md\n", b"")


@pytest.mark.parametrize(
    ("named", "hint"),
    [("_nwes", "`_news`"), ("_news/2023-06-2O-a.md", "`_news/2023-06-20-a.md`"), ("qqq", ""), ("", "")],
)
def test_a_path_that_is_missing_is_an_error_with_the_nearest_name(
    run: Run, make_corpus: MakeCorpus, named: str, hint: str
) -> None:
    make_corpus({"_news/2023-06-20-a.md": CARD})
    result = run("list", "_news", named)
    assert nothing_listed(result)
    may_be_id = named and "/" not in named
    expected = f"no such file or folder: {named}" + ("; no card has this id either" if may_be_id else "")
    assert f"{expected}\n" in result.err
    assert result.err.count("did you mean") == bool(hint)
    assert hint in result.err


@pytest.mark.parametrize("folder", ["empty", "only-drafts", "site", "site/_news"])
def test_a_folder_without_a_card_is_an_error(run: Run, make_corpus: MakeCorpus, folder: str) -> None:
    make_corpus(
        {
            "a.md": CARD,
            "empty/.keep": "",
            "only-drafts/_x.md": CARD,
            "site/_news/.keep": "",
            "site/x.md": CARD,
        }
    )
    result = run("list", "a.md", folder, "--format", "ids")
    assert nothing_listed(result)
    assert f"no cards in {folder}\nhint: " in result.err


def test_a_folder_that_cannot_be_looked_into_is_told(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"a.md": CARD, "closed/b.md": CARD, "z.md": CARD})
    real = os.scandir

    def scandir(folder: str) -> object:
        if os.path.basename(folder) == "closed":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr("newscards.corpus.discovery.os.scandir", scandir)
    result = run("list", "--format", "ids")
    assert (result.code, result.out) == (1, "a\nz\n")
    assert "closed" in result.err
    assert nothing_listed(run("list", "closed"))


NAMES = st.sampled_from(
    ["a", "b.md", "c.markdown", "_d", "_news", "vendor", "node_modules", ".e", "f~", "~f.md", "g.md"]
)
TREES = st.lists(st.lists(NAMES, min_size=1, max_size=5).map("/".join), max_size=12)


def jekyll(folder: str, inside: bool) -> list[str]:
    """Return the cards below a folder, found the plainest way."""
    if not inside and os.path.isdir(f"{folder}/_news"):
        return jekyll(f"{folder}/_news", True)
    found: list[str] = []
    for name in os.listdir(folder):
        path = f"{folder}/{name}"
        if name[0] in "_.#~" or name[-1] == "~" or (not inside and name in ("vendor", "node_modules")):
            continue
        if os.path.isdir(path):
            found += jekyll(path, inside)
        elif name.endswith((".md", ".markdown")):
            found.append(path)
    return found


@settings(max_examples=60, deadline=None, derandomize=True)
@given(tree=TREES)
def test_whatever_the_tree_its_cards_are_found_as_the_plainest_walk_finds_them(tree: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in tree:
            path = Path(folder, name)
            if not path.exists() and all(p.is_dir() or not p.exists() for p in path.parents):
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(CARD)
        expected = sorted(jekyll(folder, False))
        files = [str(path.relative_to(folder)) for path in Path(folder).rglob("*") if path.is_file()]
        cards = [name for name in files if is_card(name, lambda above: Path(folder, above, "_news").is_dir())]
        assert sorted(f"{folder}/{name}" for name in cards) == expected
        if expected:
            assert [path for found in find([folder]) for path in found.paths] == expected
        else:
            with pytest.raises(PathNotFoundError):
                find([folder])


def test_folders_may_be_nested_a_thousand_deep(run: Run, make_corpus: MakeCorpus) -> None:
    deep = folder = str(make_corpus({"a.md": CARD}))
    for _ in range(1200):
        deep = os.path.join(deep, "d")
        os.mkdir(deep)
    with open(os.path.join(deep, "b.md"), "w", encoding="utf-8") as file:
        file.write(CARD)
    try:
        assert run("list", "--format", "ids").out == "a\nb\n"
    finally:  # Python's own removal recurses
        subprocess.run(["rm", "-rf", os.path.join(folder, "d")], check=True)


def test_of_a_site_without_news_the_folders_with_cards_are_named(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"_posts/2023-06-20-a.md": CARD, "_data/a.yml": "a: 1\n"})
    for command in ("list", "validate"):
        assert run(command).err == (
            "error: no cards in .\n"
            "hint: there are some in _posts: name it as PATH, or write a configuration: newscards init\n"
        )
    make_corpus({f"_{name}/a.md": CARD for name in ("a", "b", "c", "d")})
    told = run("list", str(folder)).err
    assert f"{folder}/_posts, {folder}/_a, {folder}/_b, …: name them as PATH" in told
    assert told.endswith(f"write a configuration: newscards init {folder}\n")
    make_corpus({"empty/a.txt": ""})
    assert "a folder is searched for *.md and *.markdown" in run("list", "empty").err
