"""Files of the working tree are compared as git would store them; nothing is written into the repository."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.commands.test_diff import changed, of, told
from tests.conftest import MakeCorpus, Run
from tests.support.git_repository import commit, git

Change = Callable[[str], bytes]
"""A card's text as another program leaves it in the folder."""

BODY = "A body.\nTwo lines, $Id$.\n"


def crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def lf(text: str) -> bytes:
    return text.encode()


@pytest.fixture
def folder(make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a commit of four cards with bodies."""
    folder = make_corpus({f"{name}.md": of(name, heat="1") + BODY for name in "abcd"})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    return folder


def edit(folder: Path, name: str, write: Change, **fields: str) -> None:
    """Write a card with these fields and the same body."""
    (folder / f"{name}.md").write_bytes(write(of(name, **({"heat": "1"} | fields)) + BODY))


def state(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def assert_as_committed(folder: Path, run: Run) -> list[str]:
    """Assert that the same changes are reported before and after a commit; return the changed fields."""
    before = state(folder)
    found = told(run)
    assert state(folder) == before
    commit(folder)
    assert found == told(run, "HEAD~", "HEAD")
    assert changed(run) == {}
    return [each["field"] for card in found for each in card["changes"]]


@pytest.mark.parametrize("write", [crlf, lf])
@pytest.mark.parametrize(
    ("settings", "attributes"),
    [
        ({"core.autocrlf": "true"}, ""),
        ({"core.autocrlf": "Yes"}, ""),
        ({"core.autocrlf": "input"}, ""),
        ({}, "*.md text=auto"),
        ({}, "*.md text eol=crlf"),
        ({}, "*.md eol=crlf"),
        ({}, "*.md crlf"),
        ({"core.eol": "crlf", "core.splitIndex": "true"}, "* text=auto"),
        ({"core.autocrlf": "true"}, "*.md ident"),
        ({"filter.upper.clean": "tr A-Z a-z | tr -d '\\r'"}, "*.md filter=upper"),
    ],
)
def test_line_ends_and_filters_are_no_changes(
    folder: Path, run: Run, write: Change, settings: dict[str, str], attributes: str
) -> None:
    (folder / ".gitattributes").write_text(attributes)
    for key, value in settings.items():
        git(folder, "config", key, value)
    git(folder, "add", "--renormalize", ".")
    commit(folder)
    edit(folder, "a", write, heat="2")
    edit(folder, "b", write)
    edit(folder, "e", write)
    (folder / "c.md").rename(folder / "f.md")
    edit(folder, "f", write, title='"c"', webUrl='"https://www.tide.example/c"', heat="3")
    assert changed(run) == {"a": "changed", "e": "added", "f": "renamed"}
    assert assert_as_committed(folder, run) == ["heat", "heat"]


def test_without_a_conversion_other_line_ends_are_a_change(folder: Path, run: Run) -> None:
    (folder / ".gitattributes").write_text("b.md -text")
    edit(folder, "a", crlf)
    assert assert_as_committed(folder, run) == ["(body)"]
    git(folder, "config", "core.autocrlf", "true")
    edit(folder, "b", crlf)
    assert assert_as_committed(folder, run) == ["(body)"]


def test_line_ends_that_are_in_the_repository_stay_as_they_are(folder: Path, run: Run) -> None:
    edit(folder, "a", crlf)
    commit(folder)
    git(
        folder, "config", "core.autocrlf", "true"
    )  # which git does not apply to a file with CRLF in its index
    edit(folder, "a", crlf, heat="2")
    edit(folder, "b", crlf, heat="2")
    assert assert_as_committed(folder, run) == ["heat", "heat"]


def test_line_ends_that_git_would_refuse_to_store_are_compared(folder: Path, run: Run) -> None:
    for key, value in (("core.autocrlf", "true"), ("core.safecrlf", "true")):
        git(folder, "config", key, value)
    edit(folder, "a", lf, heat="2")
    assert [each["field"] for each in told(run)[0]["changes"]] == ["heat"]


def test_an_encoding_of_the_working_tree_and_an_ident_are_not_compared(folder: Path, run: Run) -> None:
    (folder / ".gitattributes").write_text("*.md working-tree-encoding=UTF-16LE-BOM ident")
    for name in "abcd":
        edit(folder, name, lambda text: text.replace("$Id$", "$Id: 0123 $").encode("utf-16"))
    assert changed(run) == {}
    edit(folder, "a", lambda text: text.encode("utf-16"), title='"Été"')
    assert assert_as_committed(folder, run) == ["title"]


def test_a_card_that_git_cannot_store_hides_no_other(folder: Path, run: Run) -> None:
    (folder / ".gitattributes").write_text("*.md text=auto\n[bcf].md working-tree-encoding=UTF-16")
    edit(folder, "a", crlf, heat="2")
    for name in "cf":
        edit(folder, name, crlf, heat="3")
    edit(folder, "b", lambda text: text.encode("utf-16"), heat="2")
    a, b, c, f = told(run, code=1)
    assert [each["kinds"] for each in (a, b)] == [["heat"], ["heat"]]
    for each in (c, f):
        assert each["unreadable"]["now"].startswith("git cannot store it: BOM is required in '")


def test_a_required_filter_that_fails_is_reported_as_git_reports_it(folder: Path, run: Run) -> None:
    (folder / ".gitattributes").write_text("e.md filter=broken")
    git(folder, "config", "filter.broken.clean", "false")
    git(folder, "config", "filter.broken.required", "true")
    edit(folder, "a", lf, heat="2")
    edit(folder, "e", lf)
    a, e = told(run, code=1)
    assert a["kinds"] == ["heat"]
    assert "clean filter 'broken' failed" in e["unreadable"]["now"]


@pytest.mark.parametrize("name", ["a worktree", 'of: "quotes"', "back\\slash"])
def test_a_linked_worktree_with_any_name_is_compared(
    folder: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    moved = folder.rename(tmp_path / name)
    git(moved, "config", "core.autocrlf", "true")
    git(moved, "worktree", "add", "--quiet", "--detach", str(tmp_path / "other"))
    for place in (moved, tmp_path / "other"):
        monkeypatch.chdir(place)
        edit(place, "a", crlf, heat="2")
        assert assert_as_committed(place, run) == ["heat"]


def test_attributes_that_are_not_checked_out_hold(folder: Path, run: Run) -> None:
    (folder / ".gitattributes").write_text("*.md text eol=crlf")
    commit(folder)
    git(folder, "sparse-checkout", "set", "--no-cone", "/a.md")
    assert not (folder / ".gitattributes").exists()
    edit(folder, "a", crlf, heat="2")
    (a,) = told(run)
    assert [each["field"] for each in a["changes"]] == ["heat"]


def test_a_change_in_the_moment_in_which_the_index_was_written_is_found(folder: Path, run: Run) -> None:
    git(folder, "config", "core.autocrlf", "true")
    git(folder, "config", "core.trustctime", "false")
    edit(folder, "a", crlf, heat="2")
    os.utime(folder / "a.md", (1e9, 1e9))
    commit(folder)
    edit(folder, "a", crlf, heat="3")
    for path in ("a.md", ".git/index"):
        os.utime(folder / path, (1e9, 1e9))
    (a,) = told(run)
    assert [(each["field"], each["now"]) for each in a["changes"]] == [("heat", 3)]


def test_a_link_is_followed_and_not_converted(folder: Path, run: Run, tmp_path: Path) -> None:
    git(folder, "config", "core.autocrlf", "true")
    (tmp_path / "outside.txt").write_bytes(crlf(of("l") + BODY))
    (folder / "l.md").symlink_to(tmp_path / "outside.txt")
    assert changed(run) == {"l": "added"}


def test_only_the_cards_that_git_calls_changed_have_changed_since(folder: Path, run: Run) -> None:
    git(folder, "config", "core.autocrlf", "true")
    git(folder, "config", "diff.autoRefreshIndex", "false")
    edit(folder, "a", crlf)
    os.utime(folder / "b.md", (1, 1))
    assert run("validate", "--changed-since", "HEAD").err == "note: 0 cards changed since HEAD\n"
    result = run("diff", "--format", "markdown")
    assert "unchanged in content" not in result.out
