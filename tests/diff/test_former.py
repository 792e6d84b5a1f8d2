"""The cards of a revision that differ from those of now."""

from __future__ import annotations

from pathlib import Path

import pytest

from newscards.corpus.discovery import ENDINGS
from newscards.diff.former import FormerCards, FormerState
from newscards.frontmatter.limits import LIMITS
from tests.commands.test_validate import of
from tests.conftest import MakeCorpus
from tests.support.git_repository import commit, git


@pytest.fixture
def folder(make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {f"_news/{name}.md": of(number) for number, name in enumerate("abc", 1)}
    folder = make_corpus({**files, "_news/notes.txt": "Notes.\n", "_config.yml": "title: Tide\n"})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    return folder


def former(folder: Path, typed: str = "_news") -> FormerCards:
    paths = sorted(str(Path(typed, path.relative_to("_news"))) for path in Path("_news").rglob("*.md"))
    return FormerState("HEAD", LIMITS).cards([typed], paths, ENDINGS)


def test_nothing_differs_at_first(folder: Path) -> None:
    assert former(folder) == ([], {}, {})


def test_a_changed_a_new_and_a_deleted_card_differ(folder: Path) -> None:
    (folder / "_news/a.md").write_text(of(1, quality="68"))
    (folder / "_news/b.md").unlink()
    (folder / "_news/d.md").write_text(of(4))
    (folder / "_news/notes.txt").unlink()
    found = former(folder)
    assert found.changed == ["_news/a.md", "_news/d.md"]
    assert found.sources == {"_news/a.md": of(1).encode(), "_news/b.md": of(2).encode()}
    assert found.renamed == {}


def test_paths_are_as_typed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder / "_news")
    (folder / "_news/b.md").unlink()
    (folder / "_news/c.md").write_text(of(3, quality="68"))
    found = former(folder, str(tmp_path / "link"))
    assert [*found.sources] == [f"{tmp_path}/link/b.md", f"{tmp_path}/link/c.md"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("_news/z.md", of(1)),
        ("_news/z.md", of(1, quality="68")),
        ("_news/z.md", of(1, title='"Another"')),
        ("_news/z.md", of(1, webUrl='"https://www.tide.example/z"', title='"Another"', originalUrl=None)),
        ("_news/more/a.md", "no card\n"),
    ],
)
def test_a_renamed_card_is_found_by_text_identity_url_or_name(folder: Path, name: str, content: str) -> None:
    (folder / "_news/a.md").unlink()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content)
    is_other = "z.md" in name and "Another" in content and "tide.example/z" in content
    assert former(folder).renamed == ({} if is_other else {name: "_news/a.md"})


def test_of_two_copies_of_a_deleted_card_neither_is_it(folder: Path) -> None:
    (folder / "_news/a.md").rename(folder / "_news/y.md")
    (folder / "_news/z.md").write_text(of(1))
    assert former(folder).renamed == {}


def test_other_files_differ_by_their_bytes(folder: Path) -> None:
    state = FormerState("HEAD", LIMITS)
    state.cards(["_news"], ["_news/a.md"], ENDINGS)
    config = str(folder / "_config.yml")
    assert state.files([config]) == {}
    (folder / "_config.yml").write_text("title: Ebb\n")
    (folder / "_config.yaml").write_text("title: Ebb\n")
    state = FormerState("HEAD", LIMITS)
    state.cards(["_news"], ["_news/a.md"], ENDINGS)
    files = [config, str(folder / "_config.yaml"), "/nowhere/_config.yml"]
    assert state.files(files) == {files[0]: b"title: Tide\n", files[1]: None}
