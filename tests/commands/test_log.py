"""``log``: what of a card's history is shown, in which format, and what is said where there is none."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeCorpus, Run
from tests.support import card, written
from tests.support.git_repository import commit, git
from tests.support.terminal import run_in_terminal

TITLE = "After 48 years the herring have come back to Tarrant Bay"


def of(name: str, **fields: str | None) -> str:
    """Return a card of its own title and URL."""
    own: dict[str, str | None] = {"title": f'"{name}"', "webUrl": f'"https://www.tide.example/{name}"'}
    return card(**(own | fields))


@pytest.fixture
def site(make_corpus: MakeCorpus) -> Path:
    """Return a site in git, with a commit of three cards."""
    folder = make_corpus({f"_news/{name}.md": of(name) for name in "abc"})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "Import cards")
    return folder


def put(folder: Path, name: str, text: str, message: str = "") -> None:
    """Write a card, and commit it if there is a message."""
    (folder / "_news" / f"{name}.md").write_text(text)
    if message:
        commit(folder, message)


def history(run: Run, *args: str) -> list[dict[str, Any]]:
    result = run("log", *args, "--format", "json")
    assert (result.code, result.err) == (0, "")
    objects: list[dict[str, Any]] = json.loads(result.out)
    return objects


def kinds(run: Run, *args: str) -> list[list[str]]:
    """Return the kinds of change in each commit, newest first."""
    return [each["kinds"] for each in history(run, *args)]


def test_each_commit_says_what_it_changed_newest_first_and_what_is_not_committed(
    site: Path, run: Run
) -> None:
    put(site, "a", of("a", published="false"), "Hide a")
    put(site, "b", of("b", heat="1"), "Another card")
    put(site, "a", of("a", quality="90", topics="[Oceans, AI]"), "Better")
    put(site, "a", of("a", quality="91", topics="[Oceans, AI]"))
    assert kinds(run, "a") == [["quality"], ["published", "quality", "topics"], ["hidden"], ["added"]]
    now, better, hidden, added = history(run, "a")
    assert "commit" not in now
    assert better["changes"][0] == {"field": "quality", "was": 67, "now": 90}
    assert (hidden["author"], hidden["email"]) == ("A Curator", "curator@tide.example")
    assert (hidden["subject"], hidden["date"]) == ("Hide a", "2026-01-15T12:00:00Z")
    assert added["commit"] == git(site, "rev-parse", "HEAD~3")


def test_a_dash_is_the_card_that_standard_input_names(site: Path, run: Run) -> None:
    assert run("log", "-", stdin=b"a\n") == run("log", "a")
    result = run("log", "-", stdin=b"a\nb\n")
    error = "error: `log` shows one card, and standard input has 2 names\nhint: name one card\n"
    assert (result.code, result.err) == (2, error)


def test_a_renamed_card_is_followed_and_no_other_card_of_its_story_is(site: Path, run: Run) -> None:
    git(site, "mv", "_news/a.md", "_news/x.md")
    put(site, "near-x", of("a").replace("tide.example/a", "tide.example/other"))
    commit(site, "Same bytes")
    put(site, "x", of("a", heat="1"), "Heat")
    git(site, "mv", "_news/x.md", "_news/y.md")
    put(site, "y", of("a", heat="2", excerpt='"Quite another excerpt"'), "Same identity")
    assert kinds(run, "y") == [["renamed", "heat", "other"], ["heat"], ["renamed"], ["added"]]
    assert kinds(run, "near-x") == [["added"]]
    assert [each["path"] for each in history(run, "y")][-1] == "_news/a.md"
    git(site, "mv", "_news/y.md", "_news/z.md")
    assert kinds(run, "z")[:2] == [["renamed"], ["renamed", "heat", "other"]]


def test_a_card_that_came_back_is_not_followed_into_what_was_there_before(site: Path, run: Run) -> None:
    git(site, "mv", "_news/a.md", "_news/x.md")
    commit(site, "Away")
    put(site, "x", of("a", heat="1"), "Heat")
    git(site, "mv", "_news/x.md", "_news/a.md")
    commit(site, "Back")
    assert kinds(run, "a") == [["renamed"], ["heat"], ["renamed"], ["added"]]


def test_a_merge_is_listed_if_it_changed_the_card_itself(site: Path, run: Run) -> None:
    git(site, "checkout", "--quiet", "-b", "side")
    put(site, "a", of("a", heat="1"), "Side")
    git(site, "checkout", "--quiet", "main")
    put(site, "a", of("a", topics="[AI]"), "Main")
    git(site, "merge", "--quiet", "side")
    assert sorted(kinds(run, "a")) == [["added"], ["heat"], ["topics"]]
    git(site, "checkout", "--quiet", "-b", "other")
    put(site, "a", of("a", topics="[AI]", heat="2"), "Other")
    git(site, "checkout", "--quiet", "main")
    put(site, "a", of("a", topics="[AI]", heat="3"), "Main again")
    with pytest.raises(Exception, match="git"):
        git(site, "merge", "--quiet", "other")
    put(site, "a", of("a", topics="[AI]", heat="4"), "Merge")
    newest = history(run, "a")[0]
    assert newest["changes"] == [{"field": "heat", "was": 3, "now": 4}]


def test_a_commit_with_a_card_that_cannot_be_read_is_said(site: Path, run: Run) -> None:
    put(site, "a", "---\ntitle: [\n---\n", "Broken")
    put(site, "a", of("a").replace("heat: 67", "heat:  67"), "Repaired")
    put(site, "a", of("a"), "Blanks")
    assert kinds(run, "a") == [[], ["readable"], ["unreadable"], ["added"]]
    rows = [line.split("\t")[3:] for line in run("log", "a").out.splitlines()]
    assert rows[0] == ["unchanged", "", "", ""]
    assert rows[2][0] == "unreadable"
    assert rows[2][3].startswith("a `,` or a bracket where a value is expected")


def test_a_deleted_card_is_named_by_its_path_or_id(site: Path, run: Run) -> None:
    (site / "_news/a.md").unlink()
    assert kinds(run, "_news/a.md") == kinds(run, "a") == [["gone"], ["added"]]
    commit(site, "Delete")
    assert kinds(run, "_news/a.md") == kinds(run, "a") == [["gone"], ["added"]]
    git(site, "mv", "_news/b.md", "_news/x.md")
    commit(site, "Rename")
    result = run("log", "_news/b.md", "--format", "tsv")
    assert [line.split("\t")[3] for line in result.out.splitlines()] == ["renamed", "added"]
    assert "it was renamed to _news/x.md; `newscards log _news/x.md` shows" in result.err


@pytest.mark.parametrize("name", ["nothing", "_news/nothing.md", "_news", ""])
def test_a_card_that_never_was_is_an_error(site: Path, run: Run, name: str) -> None:
    result = run("log", name)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: ")


def test_without_git_or_a_commit_it_says_what_to_do(
    site: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site, "new", of("new"))
    assert kinds(run, "new") == [["added"]]
    (site / ".gitignore").write_text("/_news/new.md\n")
    assert "git knows nothing of _news/new.md" in run("log", "new").err
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone/a.md").write_text(of("a"))
    assert "`newscards log` needs a git repository" in run("log", str(tmp_path / "alone/a.md")).err
    git(tmp_path / "alone", "init", "--quiet")
    assert "the repository has no commits yet" in run("log", str(tmp_path / "alone/a.md")).err
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "needs git, which is not installed" in run("log", "a").err


def test_a_shallow_clone_says_where_its_history_ends(
    site: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(site, "a", of("a", heat="1"), "One")
    put(site, "a", of("a", heat="2"), "Two")
    git(tmp_path, "clone", "--quiet", "--depth", "2", f"file://{site}", "clone")
    monkeypatch.chdir(tmp_path / "clone")
    result = run("log", "a")
    assert [line.split("\t")[3:] for line in result.out.splitlines()] == [["heat", "heat", "1", "2"]]
    assert "the clone is shallow: what was before " in result.err
    result = run("log", "b")
    assert (result.code, result.out) == (0, "")
    assert "`git fetch --unshallow` brings it" in result.err


def test_a_limit_counts_commits(site: Path, run: Run) -> None:
    put(site, "a", of("a", heat="1", quality="1"), "One")
    put(site, "a", of("a", heat="2", quality="2"))
    result = run("log", "a", "--limit", "2", "--format", "jsonl")
    assert [json.loads(line)["kinds"] for line in result.out.splitlines()] == [["quality", "heat"]] * 2
    assert result.err == "note: there are earlier commits; --limit shows more\n"
    assert run("log", "a", "--limit", "3").err == ""
    assert run("log", "a", "--limit", "0").out == ""


def test_csv_has_a_header_and_no_formula(site: Path, run: Run) -> None:
    put(site, "a", of("a", title='"=1+1"'), "=2+2")
    rows = list(csv.reader(io.StringIO(run("log", "a", "--format", "csv").out)))
    assert rows[0] == ["date", "commit", "author", "change", "field", "was", "now"]
    assert rows[1][3:] == ["other", "title", "a", "'=1+1"]


@pytest.mark.parametrize(
    "setting",
    ["log.follow=true", "log.showRoot=false", "log.showSignature=true", "diff.renames=copies",
     "diff.relative=true", "log.diffMerges=off", "color.ui=always", "diff.noprefix=true",
     "i18n.logOutputEncoding=latin1", "format.pretty=oneline", "log.decorate=full"],
)  # fmt: skip
def test_no_configuration_of_git_changes_the_answer(site: Path, run: Run, setting: str) -> None:
    put(site, "a", of("a", heat="1"), "Flóð")
    expected = history(run, "a")
    git(site, "config", *setting.split("="))
    assert history(run, "a") == expected


def test_a_read_writes_nothing_into_the_site(site: Path, run: Run) -> None:
    put(site, "a", of("a", heat="1"), "One")
    before = {path: written(path) for path in sorted(site.rglob("*"))}
    assert run("log", "a").out
    assert {path: written(path) for path in sorted(site.rglob("*"))} == before


@pytest.mark.parametrize("columns", [40, 60, 80, 120])
def test_people_get_a_line_for_each_change(site: Path, columns: int) -> None:
    put(site, "a", of("a", title=f'"{TITLE}"'), "A longer title")
    put(site, "a", of("a", title=f'"{TITLE.replace("48", "50")}"', heat="9", published="false"), "Hide a")
    put(site, "a", of("a", title=f'"{TITLE}"', heat="9", published="false"))
    code, screen = run_in_terminal(["log", "a"], cwd=site, columns=columns)
    assert code == 0
    lines = screen.splitlines()
    assert max(map(len, lines[2:])) <= columns
    assert [len(lines), lines[0]] == [10, TITLE] if columns > 60 else True
    assert "added: published" in screen
    if columns >= 60:
        assert "[-50-]{+48+}" in screen


def test_nothing_of_a_card_or_a_commit_reaches_the_terminal_as_an_escape(site: Path, run: Run) -> None:
    git(site, "config", "user.name", "x")
    put(site, "a", of("a", title=r'"\e[31m\u202eTitle"', featuredContent=r'"\a"'), "\x1b[31mred\u202e")
    unsafe = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202e]")
    for form in ("table", "json", "jsonl"):
        assert not unsafe.search(run("log", "a", "--format", form).out), form
    for form in ("table", "tsv", "csv"):
        screen = run_in_terminal(["log", "a", "--format", form], cwd=site, columns=120)[1]
        assert not unsafe.search(screen.replace("\r\n", "\n")), form


def test_rows_in_a_pipe_have_the_values_as_they_are(site: Path, run: Run) -> None:
    put(site, "a", of("a", title=r'"\e[31m\u202eTitle\t"'), "other title")
    (row, *_) = run("log", "a", "--format", "tsv").out.splitlines()
    assert row.endswith("\ttitle\ta\t\x1b[31m\u202eTitle\\t")


def test_one_card_is_read_from_standard_input(site: Path, run: Run) -> None:
    assert history(run, "a") == json.loads(run("log", "-", "--format", "json", stdin=b"a\n").out)
    result = run("log", "-", stdin=b"a\nb\n")
    assert (result.code, result.out) == (2, "")
    assert "`log` shows one card, and standard input has 2 names" in result.err
    assert run("log", "-").code == 2


def test_in_a_subfolder_a_card_is_found_as_show_finds_it(
    site: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site / "_news/2020").mkdir()
    (site / "_news/b.md").unlink()
    commit(site, "Delete")
    monkeypatch.chdir(site / "_news/2020")
    assert kinds(run, "a") == [["added"]]
    assert kinds(run, "b") == [["gone"], ["added"]]
