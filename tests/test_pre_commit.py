"""The hooks, run by the real pre-commit: it installs the package and hands it the staged cards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.commands.test_validate import of
from tests.support import ROOT
from tests.support.git_repository import commit, git

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))

Hook = subprocess.CompletedProcess[str]


@pytest.fixture
def hook_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository with what the project's own has that pre-commit installs, as it is just now."""
    for name in list(os.environ):  # coverage, a venv or a hook that the tests run in
        if name.startswith(("PRE_COMMIT", "PYTHON", "VIRTUAL_ENV", "SKIP")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("PRE_COMMIT_COLOR", "never")
    (tmp_path / "home").mkdir()
    folder = tmp_path / "newscards"
    shutil.copytree(ROOT / "newscards", folder / "newscards", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder)
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


@pytest.fixture
def site(hook_repository: Path, tmp_path: Path) -> Path:
    """Return a site in git, whose cards are sound, with both hooks configured."""
    folder = tmp_path / "site"
    (folder / "_news").mkdir(parents=True)
    for number in (1, 2):
        (folder / "_news" / f"{number}.md").write_text(of(number))
    hooks = [{"id": hook["id"], "verbose": True} for hook in HOOKS]
    repo = {"repo": str(hook_repository), "rev": git(hook_repository, "rev-parse", "HEAD"), "hooks": hooks}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [repo]}))
    git(folder, "init", "--quiet")
    commit(folder)
    return folder


def pre_commit(site: Path, *args: str) -> Hook:
    """Run pre-commit in a folder; where it cannot install, nor pip anything else, skip the test."""
    command = [sys.executable, "-m", "pre_commit", *args]
    done = subprocess.run(command, cwd=site, capture_output=True, text=True, check=False)
    if "An unexpected error has occurred" in done.stdout + done.stderr:
        wanted = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "hatchling"]
        probe = subprocess.run(wanted, cwd=site.parent, capture_output=True, text=True, check=False)
        if probe.returncode:
            pytest.skip("pip cannot reach its index")
        raise AssertionError(done.stdout + done.stderr)
    return done


@pytest.mark.exhaustive
def test_the_hooks_check_what_is_staged_and_the_whole_corpus(site: Path) -> None:
    """One test: installing takes most of the time."""
    bad, two = site / "_news" / "bad.md", site / "_news" / "2.md"
    (site / "notes.md").write_text("No card.\n")
    git(site, "add", "notes.md")
    nothing = pre_commit(site, "run")
    assert nothing.returncode == 0, nothing.stdout
    assert "(no files to check)Skipped" in nothing.stdout
    assert "2 cards checked: all fine." in nothing.stdout  # the whole corpus, always

    bad.write_text(of(3, published="0"))
    assert "Skipped" in pre_commit(site, "run", "newscards").stdout
    corpus = pre_commit(site, "run", "newscards-corpus")  # sees a file that git does not know, as Jekyll does
    assert (corpus.returncode, "Found 1 error in 1 of 3 cards." in corpus.stdout) == (1, True)

    git(site, "add", "_news/bad.md")
    two.write_text(of(2, published="0"))  # in the working tree alone: pre-commit puts it aside
    staged = pre_commit(site, "run", "newscards")
    assert staged.returncode == 1
    assert "_news/bad.md:" in staged.stdout
    assert "NC201" in staged.stdout
    assert "Found 1 error in 1 of 1 card." in staged.stdout

    git(site, "checkout", "--quiet", "_news/2.md")
    pre_commit(site, "install")
    refused = subprocess.run(["git", "commit", "-m", "Bad"], cwd=site, capture_output=True, check=False)
    assert refused.returncode == 1
    assert b"NC201" in refused.stderr
    bad.write_text(of(3))
    git(site, "add", "_news/bad.md")
    git(site, "commit", "--quiet", "-m", "Good")
    everything = pre_commit(site, "run", "--all-files")
    assert everything.stdout.count("3 cards checked: all fine.") == 2


def test_the_staged_cards_are_files_of_a_news_folder() -> None:
    import re

    pattern = re.compile(next(hook["files"] for hook in HOOKS if hook["id"] == "newscards"))
    for name in ("_news/a.md", "site/_news/2023/a.markdown"):
        assert pattern.search(name)
    for name in ("a.md", "_news/a.txt", "x_news/a.md", "_news/a.md.orig", "_news.md"):
        assert not pattern.search(name)


def test_the_manifest_is_one_that_pre_commit_takes() -> None:
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml"]
    subprocess.run(command, cwd=ROOT, check=True)
