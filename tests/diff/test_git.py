"""``validate --changed-since``: the cards that changed, and errors of git."""

from __future__ import annotations

import errno
import json
import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.commands.test_validate import of
from tests.conftest import MakeCorpus, Result, Run
from tests.support import card
from tests.support.git_repository import commit, git

BAD = {"heat": "1"}
"""A card that has a finding, NC411, by which it is seen to be reported on."""


def bad(number: int) -> str:
    return of(number, **BAD)


@pytest.fixture
def repository(make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a site in git, with a branch `main` of four bad cards, and HEAD on a branch `topic`."""
    folder = make_corpus({f"_news/{name}.md": bad(number) for number, name in enumerate("abcd", 1)})
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    git(folder, "checkout", "--quiet", "-b", "topic")
    return folder


def changed(run: Run, *args: str, since: str = "main") -> list[str]:
    """Return the cards that are reported on."""
    result = run("validate", "--changed-since", since, "--all-findings", *args, "--format", "json")
    assert result.err in ("", f"note: 0 cards changed since {since}\n")
    findings = json.loads(result.out)["findings"]
    return [each["path"] for each in findings if each["code"] == "NC411"]


def append(file: Path) -> None:
    file.write_bytes(file.read_bytes() + b"\nMore.\n")


def refused(result: Result) -> str:
    """Return what is said on standard error, where that is all."""
    assert (result.code, result.out) == (2, "")
    return result.err


def test_what_is_committed_staged_unstaged_and_untracked_has_changed(repository: Path, run: Run) -> None:
    append(repository / "_news/a.md")
    commit(repository)
    append(repository / "_news/b.md")
    git(repository, "add", "_news/b.md")
    append(repository / "_news/c.md")
    (repository / "_news/e.md").write_text(bad(5))
    assert changed(run) == ["_news/a.md", "_news/b.md", "_news/c.md", "_news/e.md"]
    assert changed(run, "_news/b.md", "_news/d.md") == ["_news/b.md"]


def test_nothing_changed_is_a_notice_and_fine(repository: Path, run: Run) -> None:
    result = run("validate", "--changed-since", "main", "--strict")
    assert (result.code, result.err) == (0, "note: 0 cards changed since main\n")
    assert run("validate", "--changed-since", "main", "-q").err == ""


def test_what_changed_on_the_other_branch_meanwhile_has_not_changed(repository: Path, run: Run) -> None:
    git(repository, "checkout", "--quiet", "main")
    append(repository / "_news/d.md")
    commit(repository)
    git(repository, "checkout", "--quiet", "topic")
    append(repository / "_news/a.md")
    commit(repository)
    assert changed(run) == ["_news/a.md"]


def test_a_renamed_card_has_its_new_name_and_a_deleted_one_none(repository: Path, run: Run) -> None:
    git(repository, "mv", "_news/a.md", "_news/e.md")
    git(repository, "rm", "--quiet", "_news/b.md")
    (repository / "_news/c.md").unlink()
    assert changed(run) == ["_news/e.md"]
    commit(repository)
    assert changed(run) == ["_news/e.md"]


def test_an_ignored_file_has_not_changed(repository: Path, run: Run) -> None:
    (repository / ".gitignore").write_text("e.md\n")
    (repository / "_news/e.md").write_text(bad(5))
    assert changed(run) == []


def test_a_file_that_was_only_touched_has_not_changed(repository: Path, run: Run) -> None:
    os.utime(repository / "_news/a.md", (1, 1))
    assert changed(run) == []


def test_a_name_may_be_anything(repository: Path, run: Run) -> None:
    names = ["-n.md", " blank\t\n.md", "ümlaut.md", "*.md", '"q".md']
    for number, name in enumerate(names, 5):
        (repository / "_news" / name).write_text(bad(number))
    raw = os.fsencode(repository) + b"/_news/caf\xe9.md"
    with open(raw, "wb") as file:
        file.write(bad(20).encode())
    expected = sorted([f"_news/{name}" for name in names] + ["_news/caf\ufffd.md"])
    assert sorted(changed(run)) == expected
    commit(repository)
    assert sorted(changed(run)) == expected


def test_the_users_git_configuration_makes_no_difference(repository: Path, run: Run) -> None:
    for key, value in (("diff.relative", "true"), ("diff.noprefix", "true"), ("core.quotePath", "true"),
                       ("diff.external", "false"), ("status.showUntrackedFiles", "no"),
                       ("diff.renames", "copies"), ("color.ui", "always")):  # fmt: skip
        git(repository, "config", key, value)
    git(repository, "mv", "_news/a.md", "_news/é.md")
    (repository / "_news/e.md").write_text(bad(5))
    assert changed(run) == ["_news/e.md", "_news/é.md"]


def test_a_folder_below_a_linked_one_and_a_path_elsewhere_are_found(
    repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(repository / "_news/a.md")
    monkeypatch.chdir(repository / "_news")
    assert changed(run) == ["a.md"]
    monkeypatch.chdir(tmp_path)
    assert changed(run, "corpus") == ["corpus/_news/a.md"]
    (tmp_path / "link").symlink_to(repository / "_news")
    assert changed(run, "link") == ["link/a.md"]


def test_a_link_has_changed_where_its_file_has(repository: Path, run: Run, tmp_path: Path) -> None:
    (repository / "drafts").mkdir()
    (repository / "drafts/x.txt").write_text(bad(5))
    (tmp_path / "y.txt").write_text(bad(6))
    (repository / "_news/x.md").symlink_to("../drafts/x.txt")
    (repository / "_news/y.md").symlink_to(tmp_path / "y.txt")
    commit(repository)
    append(repository / "drafts/x.txt")
    append(tmp_path / "y.txt")
    assert changed(run, since="HEAD") == ["_news/x.md"]


def test_outside_a_sparse_checkout_nothing_has_changed(repository: Path, run: Run) -> None:
    for name in "ab":
        append(repository / f"_news/{name}.md")
    commit(repository)
    git(repository, "sparse-checkout", "set", "--no-cone", "/_news/a.md", "/_news/c.md")
    assert changed(run) == ["_news/a.md"]


def test_the_cards_of_a_submodule_are_looked_up_there(repository: Path, run: Run, tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "m.md").write_text(bad(5))
    git(inner, "init", "--quiet", "--initial-branch", "main")
    commit(inner)
    git(repository, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "_news/m")
    commit(repository)
    assert changed(run, since="HEAD") == []
    append(repository / "_news/m/m.md")
    assert changed(run, since="HEAD") == ["_news/m/m.md"]


def test_what_a_hook_sets_does_not_lead_elsewhere(
    repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    append(repository / "_news/a.md")
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    assert changed(run) == ["_news/a.md"]


def test_an_unknown_revision_is_told_with_what_to_do(repository: Path, run: Run) -> None:
    for rev in ("nain", "", "--all", "-h", "main..topic", "main:_news/a.md", "0" * 40, "a\nb"):
        err = refused(run("validate", f"--changed-since={rev}"))
        assert "git knows no revision `" in err
        assert "fetch-depth: 0" in err


def test_a_branch_that_only_the_remote_has_is_suggested(repository: Path, run: Run) -> None:
    git(repository, "update-ref", "refs/remotes/origin/trunk", "HEAD")
    assert "did you mean `origin/trunk`?" in refused(run("validate", "--changed-since", "trunk"))


def test_a_shallow_clone_is_told_with_what_to_do(
    repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = git(repository, "rev-parse", "HEAD")
    for branch in ("main", "topic"):
        git(repository, "checkout", "--quiet", branch)
        append(repository / f"_news/{'a' if branch == 'main' else 'b'}.md")
        commit(repository)
    shallow = tmp_path / "shallow"
    url = repository.as_uri()
    git(tmp_path, "clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=topic", url, "shallow")
    monkeypatch.chdir(shallow)
    for rev, message in (("origin/main", "have no common ancestor"), (old, "git knows no revision")):
        err = refused(run("validate", "--changed-since", rev))
        assert message in err
        assert "shallow" in err
        assert "fetch-depth: 0" in err
    git(shallow, "fetch", "--quiet", "--unshallow")
    assert changed(run, since="origin/main") == ["_news/b.md"]


def test_another_history_is_told(repository: Path, run: Run) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "other")
    commit(repository, "Another beginning")
    err = refused(run("validate", "--changed-since", "main"))
    assert "`main` and HEAD have no common ancestor" in err


def test_a_repository_without_a_commit_is_told(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"a.md": bad(1)})
    git(folder, "init", "--quiet")
    for args in (["validate", "--changed-since", "HEAD"], ["validate", "--changed-since", "main"], ["diff"]):
        err = refused(run(*args))
        assert "git knows no revision `" in err
        assert "the repository has no commits yet" in err


def test_a_branch_without_a_commit_is_told(repository: Path, run: Run) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "new")
    for rev in ("HEAD", "HEAD~1", "@", "main"):
        assert "the current branch has no commits yet" in refused(run("validate", "--changed-since", rev))
    assert "git knows no revision `nain`" in refused(run("validate", "--changed-since", "nain"))


@pytest.mark.exhaustive(always=5)
@pytest.mark.parametrize("options", [["--depth=1"], ["--single-branch"], ["--depth=1", "--no-single-branch"]])
@pytest.mark.parametrize(
    "rev", ["origin/main", "remotes/origin/main^0", "origin/main~1", "main", "v1", "hash", "HEAD~2"]
)
def test_what_the_hint_names_brings_the_revision(
    repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], rev: str
) -> None:
    for name in "ab":
        append(repository / f"_news/{name}.md")
        commit(repository)
    git(repository, "checkout", "--quiet", "main")
    for name in "cd":
        append(repository / f"_news/{name}.md")
        last = commit(repository)
    git(repository, "tag", "v1")
    git(tmp_path, "clone", "--quiet", *options, "--branch=topic", repository.as_uri(), "a clone")
    monkeypatch.chdir(tmp_path / "a clone")
    args = ["validate", "--changed-since", rev if rev != "hash" else last]
    for attempt in range(4):
        result = run(*args)
        if result.code != 2:
            break
        assert attempt < 3, result.err
        hint = result.err.split("hint: ")[1].split("`")
        if hint[0] == "did you mean ":
            assert rev == "main"
            args[-1] = hint[1]
        else:
            subprocess.run(shlex.split(hint[1]), check=True, capture_output=True)
    assert changed(run, since=args[-1]) == ["_news/a.md", "_news/b.md"]


def test_a_clone_of_one_branch_is_told_to_fetch_another_by_its_name(
    repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=topic", repository.as_uri(), "clone")
    monkeypatch.chdir(tmp_path / "clone")
    git(tmp_path / "clone", "remote", "rename", "origin", "up/stream")
    err = refused(run("validate", "--changed-since", "up/stream/main"))
    command = "git fetch --unshallow up/stream +refs/heads/main:refs/remotes/up/stream/main"
    assert f"`{command}`" in err
    assert "fetch-depth: 0" in err
    subprocess.run(command.split(), check=True, capture_output=True)
    assert changed(run, since="up/stream/main") == []


def test_a_bare_repository_is_told_with_what_to_do(
    repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(repository), "the cards.git")
    (tmp_path / "site").mkdir()
    git(tmp_path, "clone", "--quiet", "--bare", str(repository), "site/.git")
    monkeypatch.chdir(tmp_path)
    for folder in ("the cards.git", "the cards.git/refs", "site"):
        err = refused(run("diff", "--corpus", folder))
        assert "is in a bare repository" in err
    monkeypatch.chdir(tmp_path / "the cards.git")
    err = refused(run("diff", "HEAD~1", "HEAD"))
    monkeypatch.chdir(tmp_path)
    subprocess.run(shlex.split(err.split("hint:")[1].split("`")[1]), check=True, capture_output=True)
    monkeypatch.chdir(tmp_path / "the cards")
    assert run("diff").code == 0


def test_no_repository_is_told(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"a.md": card()})
    err = refused(run("validate", "--changed-since", "main"))
    assert err.startswith("error: --changed-since needs a git repository, and ")
    assert str(folder.name) in err
    (folder / ".git").write_text("gitdir: nowhere\n")
    assert "error: git failed in " in refused(run("validate", "--changed-since", "main"))


def test_a_missing_git_is_told(repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    err = refused(run("validate", "--changed-since", "main"))
    assert "needs git, which is not installed" in err


def test_a_trace_of_git_does_not_replace_its_reason(
    repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / ".git/HEAD").write_text("nonsense\n")
    plain = refused(run("validate", "--changed-since", "main"))
    assert "not a git repository" in plain
    configuration = tmp_path / "gitconfig"
    configuration.write_text("[trace2]\nnormalTarget = 1\neventTarget = 1\nperfTarget = 1\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(configuration))
    monkeypatch.delenv("GIT_CONFIG_NOSYSTEM")
    names = ("", "2", "2_EVENT", "2_PERF", "_SETUP", "_PERFORMANCE", "_PACK_ACCESS", "_CURL", "_REFS")
    for name in names:
        monkeypatch.setenv(f"GIT_TRACE{name}", "1")
    monkeypatch.setenv("LANGUAGE", "de:fr")
    assert refused(run("validate", "--changed-since", "main")) == plain


def test_a_warning_of_git_does_not_replace_its_reason(repository: Path, run: Run) -> None:
    (repository / ".gitattributes").write_text("!*.md text\n*.md filter=broken\n")  # `!` is warned of
    git(repository, "config", "filter.broken.clean", "false")
    git(repository, "config", "filter.broken.required", "true")
    (repository / "_news/a.md").write_text(bad(9))
    err = refused(run("validate", "--changed-since", "main"))
    # The other card is filtered first if git cannot know by its times that it is unchanged ("racy git").
    assert re.search("_news/[ab]\\.md: clean filter 'broken' failed", err)


@pytest.mark.parametrize("name", ["site", "a site", "the curator's", "$HOME;x"])
def test_the_hint_for_a_repository_of_another_user_can_be_pasted(
    repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    site = repository.rename(tmp_path / name)
    monkeypatch.chdir(site)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for command in (["diff"], ["validate", "--changed-since", "main"]):
        err = refused(run(*command))
        assert "git failed in " in err
        assert "dubious ownership" in err
    subprocess.run(shlex.split(err.split("`")[1]), check=True)
    assert run("diff").code == 0
    assert changed(run) == []


@pytest.mark.parametrize(
    ("content", "mode", "reason"),
    [
        (b"#!/bin/sh\n", 0o644, "Permission denied"),
        (b"\x7fELF", 0o755, "Exec format error"),
        (b"#!/nowhere/sh\n", 0o755, "an interpreter or a loader, is missing"),
    ],
)
def test_a_git_that_cannot_be_started_is_named_with_the_reason(
    repository: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    content: bytes, mode: int, reason: str,
) -> None:  # fmt: skip
    program = tmp_path / "programs/git"
    program.parent.mkdir()
    program.write_bytes(content)
    program.chmod(mode)
    monkeypatch.setenv("PATH", str(program.parent))
    for command in (["diff"], ["validate", "--changed-since", "main"]):
        err = refused(run(*command))
        assert f"needs git, and {program} cannot be started: " in err
        assert reason in err


def test_git_is_named_if_the_system_can_start_no_process(
    repository: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(subprocess, "Popen", fail)
    err = refused(run("validate", "--changed-since", "main"))
    assert "--changed-since needs git, and " in err
    assert f"git cannot be started: {os.strerror(errno.EAGAIN)}" in err
