"""Two states of a repository: which files differ, and what each state holds, whatever they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newscards.cards.reader import max_bytes
from newscards.diff.git import Repository
from newscards.diff.revisions import FileChange, Side, States
from newscards.frontmatter.limits import LIMITS
from tests.commands.test_diff import changed, of, told
from tests.conftest import MakeCorpus, Run
from tests.support.git_repository import commit, git


@pytest.fixture
def folder(make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with a commit of three cards."""
    folder = make_corpus({f"{name}.md": of(name) for name in "abc"})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    return folder


def states(folder: Path, before: str = "HEAD", after: str = "") -> States:
    repository = Repository.around(str(folder), "a test")
    return States(repository, repository.commit(before), after and repository.commit(after))


def contents(found: States, *sides: Side, max_bytes: int = 1000) -> list[bytes | OSError | None]:
    return list(found.contents(sides, max_bytes))


def test_a_file_has_the_object_of_its_commit_and_none_in_the_working_tree(folder: Path) -> None:
    (folder / "a.md").write_text("new")
    (change,) = states(folder).changed("").files
    assert change == FileChange(Side("a.md", git(folder, "rev-parse", "HEAD:a.md")), Side("a.md"))
    commit(folder)
    (change,) = states(folder, "HEAD~", "HEAD").changed("").files
    assert contents(states(folder), *filter(None, change)) == [of("a").encode(), b"new"]


def test_no_more_of_a_file_is_kept_than_was_asked_for(folder: Path) -> None:
    (folder / "a.md").write_bytes(b"x" * 300_000)
    (folder / "b.md").write_bytes(b"")
    commit(folder)
    sides = [Side(name, git(folder, "rev-parse", f"HEAD:{name}")) for name in ("a.md", "b.md", "c.md")]
    assert contents(states(folder), *sides, max_bytes=10) == [b"x" * 10, b"", of("c").encode()[:10]]


def test_a_body_beyond_what_is_read_of_a_file_is_seen_to_change(folder: Path, run: Run) -> None:
    size = max_bytes(LIMITS)
    (folder / "a.md").write_text(of("a") + "x" * size + "1")
    commit(folder)
    (folder / "a.md").write_text(of("a") + "x" * size + "2")
    (change,) = told(run)
    assert change["changes"] == [{"field": "(body)"}]


def test_a_name_may_be_anything(folder: Path, run: Run) -> None:
    names = ["-n.md", " blank\t\n.md", "ümlaut.md", "*.md", '"q".md', ":(top)x.md", "caf\udce9.md"]
    for name in names:
        with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as file:
            file.write(of("n").encode())
    expected = sorted(names)
    result = run("diff", "--format", "paths", "-0")
    assert sorted(map(os.fsdecode, result.raw.split(b"\0")[:-1])) == expected
    commit(folder)
    assert run("diff", "HEAD~", "HEAD", "--format", "paths", "-0").raw == result.raw
    for name in names:
        with open(os.path.join(os.fsencode(folder), os.fsencode(name)), "wb") as file:
            file.write(of("n", heat="1").encode())
    assert set(changed(run).values()) == {"changed"}
    assert len(told(run)) == len(names)


def test_a_folder_with_a_name_like_a_pattern_is_that_folder(folder: Path, run: Run) -> None:
    for name in ("*", "x"):
        (folder / name).mkdir()
        (folder / name / "d.md").write_text(of("d"))
    assert run("diff", "--corpus", "*", "--format", "paths").out == "*/d.md\n"


def test_a_file_that_git_was_told_to_forget_is_still_the_same(folder: Path, run: Run) -> None:
    git(folder, "rm", "--quiet", "--cached", "a.md")
    assert changed(run) == {}
    (folder / "a.md").write_text(of("a", heat="1"))
    assert changed(run) == {"a": "changed"}
    (folder / ".gitignore").write_text("a.md\n")
    assert changed(run) == {"a": "gone"}


def test_a_file_that_only_may_be_run_is_unchanged_in_content(folder: Path, run: Run) -> None:
    (folder / "a.md").chmod(0o755)
    assert "1 unchanged in content" in run("diff", "--format", "markdown").out


def test_a_file_in_conflict_is_what_lies_in_the_folder(folder: Path, run: Run) -> None:
    git(folder, "checkout", "--quiet", "-b", "topic")
    (folder / "a.md").write_text(of("a", heat="1"))
    commit(folder)
    git(folder, "checkout", "--quiet", "main")
    (folder / "a.md").write_text(of("a", heat="2"))
    commit(folder)
    with pytest.raises(Exception, match="merge"):
        git(folder, "merge", "topic")
    (a,) = told(run, code=1)
    assert (a["id"], a["kinds"]) == ("a", ["unreadable"])
    (folder / "a.md").unlink()
    assert changed(run) == {"a": "gone"}


def test_a_link_is_followed_in_each_state(folder: Path, run: Run) -> None:
    (folder / "drafts").mkdir()
    (folder / "drafts/x.txt").write_text(of("x", heat="1"))
    (folder / "l.md").symlink_to("drafts/x.txt")
    (folder / "folder.md").symlink_to("drafts")
    commit(folder)
    assert changed(run, "HEAD~", "HEAD") == {"l": "added"}
    for name in ("l.md", "folder.md"):
        (folder / name).unlink()
    (folder / "l.md").write_text(of("x", heat="2"))
    (folder / "folder.md").write_text(of("y"))
    changes = [{"field": "heat", "was": 1, "now": 2}]
    for words in ((), ("HEAD~", "HEAD")):
        added, link = told(run, *words)
        assert (added["id"], added["status"]) == ("folder", "added")
        assert (link["id"], link["changes"]) == ("l", changes)
        commit(folder) if not words else None
    (folder / "l.md").unlink()
    (folder / "l.md").symlink_to("drafts/x.txt")
    assert told(run)[0]["changes"] == [{"field": "heat", "was": 2, "now": 1}]


@pytest.mark.parametrize("target", ["nowhere", "l.md", "/etc/passwd", "a.md/b", "../outside.md"])
def test_a_link_that_leads_to_nothing_in_a_commit_cannot_be_read(folder: Path, run: Run, target: str) -> None:
    (folder / "l.md").symlink_to(target)
    commit(folder)
    (link,) = told(run, "HEAD~", "HEAD", code=1)
    assert link["unreadable"] == {"now": "it is a link to what is not in this revision"}


def test_a_submodule_is_told_and_its_cards_are_not_compared(folder: Path, run: Run, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "m.md").write_text(of("m"))
    git(inner, "init", "--quiet", "--initial-branch", "main")
    commit(inner)
    git(folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    result = run("diff")
    assert (result.code, result.out) == (0, "")
    assert result.err == "note: sub is a submodule: its cards are not compared\n"
    commit(folder)
    (folder / "sub/m.md").write_text(of("m", heat="1"))
    assert run("diff").err == ""
    assert changed(run, "--corpus", "sub") == {"m": "changed"}


def test_an_object_that_is_missing_hides_no_other(folder: Path, run: Run) -> None:
    lost = git(folder, "rev-parse", "HEAD:a.md")
    for name in "abc":
        (folder / f"{name}.md").write_text(of(name, heat="1"))
    commit(folder)
    os.remove(folder / ".git/objects" / lost[:2] / lost[2:])
    a, b, c = told(run, "HEAD~", "HEAD", code=1)
    assert a["unreadable"] == {"was": "git does not have what a.md held"}
    assert (b["kinds"], c["kinds"]) == (["heat"], ["heat"])


def test_an_object_that_is_damaged_is_told(folder: Path, run: Run) -> None:
    blob = git(folder, "rev-parse", "HEAD:b.md")
    for name in "abc":
        (folder / f"{name}.md").write_text(of(name, heat="1"))
    commit(folder)
    file = folder / ".git/objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:40] + b"\0" * 40)
    a, *others = told(run, "HEAD~", "HEAD", code=1)
    assert a["kinds"] == ["heat"]
    assert others[0]["unreadable"].keys() == {"was"}


def test_the_users_git_configuration_and_a_hook_make_no_difference(
    folder: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(folder, "mv", "a.md", "d.md")
    (folder / "b.md").write_text(of("b", heat="1"))
    (folder / "e.md").write_text(of("e"))
    expected = run("diff").raw
    assert expected
    for key, value in (("diff.relative", "true"), ("diff.noprefix", "true"), ("core.quotePath", "true"),
                       ("diff.external", "false"), ("status.showUntrackedFiles", "no"),
                       ("diff.renames", "copies"), ("color.ui", "always"), ("core.abbrev", "5"),
                       ("diff.ignoreSubmodules", "all"), ("diff.algorithm", "patience")):  # fmt: skip
        git(folder, "config", key, value)
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    assert run("diff").raw == expected


def test_a_shallow_clone_is_told_with_what_to_do(
    folder: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = git(folder, "rev-parse", "HEAD")
    (folder / "a.md").write_text(of("a", heat="1"))
    commit(folder)
    git(tmp_path, "clone", "--quiet", "--depth=1", folder.as_uri(), "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    result = run("diff", old)
    assert result.code == 2
    assert "fetch-depth: 0" in result.err
    assert run("diff").out == ""


def test_a_site_below_the_corpus_stands_for_its_cards_in_each_state(folder: Path, run: Run) -> None:
    (folder / "x/_news").mkdir(parents=True)
    (folder / "x/_news/d.md").write_text(of("d"))
    (folder / "x/page.md").write_text(of("page"))
    (folder / "vendor").mkdir()
    (folder / "vendor/e.md").write_text(of("e"))
    (folder / "_drafts").mkdir()
    (folder / "_drafts/f.md").write_text(of("f"))
    assert changed(run) == {"d": "added"}
    commit(folder)
    assert changed(run, "HEAD~", "HEAD") == {"d": "added"}
    # Where there is no `_news` any more, what was beside it is a card.
    (folder / "x/_news/d.md").unlink()
    (folder / "x/_news").rmdir()
    assert changed(run) == {"d": "gone"}
    (folder / "x/page.md").write_text(of("page", heat="1"))
    assert changed(run) == {"d": "gone", "page": "added"}


@pytest.fixture
def history(folder: Path) -> Path:
    """Return the repository with cards in `x/_news` and `y`, whose heat is 1 in a second commit."""
    for name, heat in (("x/_news/d.md", "0"), ("y/e.md", "0"), ("drafts/f.txt", "5")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(of(name, heat=heat))
    (folder / "x/page.md").write_text("No card.")
    (folder / "y/l.md").symlink_to("../y/e.md")
    commit(folder)
    for name in ("a.md", "x/_news/d.md", "y/e.md"):
        (folder / name).write_text(of(name, heat="1"))
    (folder / "y/l.md").unlink()
    (folder / "y/l.md").symlink_to("../drafts/f.txt")
    commit(folder)
    return folder


@pytest.mark.parametrize(
    "args",
    [
        ["sparse-checkout", "set", "--no-cone", "/b.md"],
        ["sparse-checkout", "set", "--cone", "drafts"],
        ["sparse-checkout", "set", "--cone", "--sparse-index", "drafts"],
    ],
)
def test_a_card_outside_a_sparse_checkout_is_what_the_index_has(
    history: Path, run: Run, args: list[str]
) -> None:
    expected = told(run, "HEAD~", "HEAD")
    assert [each["id"] for each in expected] == ["a", "d", "e", "l"]
    git(history, *args)
    assert not (history / "x").exists()
    assert told(run, "HEAD~") == expected
    assert changed(run) == {}
    assert changed(run, "--corpus", "x") == {}
    assert told(run, "HEAD~", "--corpus", "x")[0]["changes"] == [{"field": "heat", "was": 0, "now": 1}]
    assert changed(run, "HEAD~2", "--corpus", "y") == {"e": "added", "l": "added"}
    (history / "x").mkdir()
    (history / "x/new.md").write_text(of("new"))
    assert changed(run, "HEAD") == {}  # the site `x` has its cards in `_news`, though that is not checked out
    assert changed(run, "HEAD", "--corpus", "x/_news") == {}


def test_a_file_whose_changes_git_does_not_look_for_is_what_the_index_has(history: Path, run: Run) -> None:
    for option, name in (("--skip-worktree", "a.md"), ("--assume-unchanged", "b.md")):
        git(history, "update-index", option, name)
        (history / name).write_text(of("a", heat="7"))
    assert changed(run) == {}
    (a, *others) = told(run, "HEAD~")
    assert (a["id"], a["heat"]["now"]) == ("a", 1)
    assert [each["id"] for each in others] == ["d", "e", "l"]
