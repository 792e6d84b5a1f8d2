"""Where state and cache are; without a home, cards are read silently, and edited with a warning."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from newscards import layout
from tests.conftest import MakeCorpus, Run
from tests.support import CARD
from tests.support.faults import memory_folder
from tests.support.terminal import run_in_terminal
from tests.support.users import UNKNOWN, run_as


@pytest.fixture
def folder(make_corpus: MakeCorpus) -> Path:
    return make_corpus({"a.md": CARD})


def without_folders(patch: pytest.MonkeyPatch) -> None:
    for name in ("NEWSCARDS_CACHE_DIR", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        patch.delenv(name, raising=False)


def test_the_folders_follow_the_xdg_specification(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_folders(monkeypatch)
    monkeypatch.setenv("HOME", "/home/ann")
    for named in ("", "not/absolute", "~/folder"):
        monkeypatch.setenv("XDG_STATE_HOME", named)
        monkeypatch.setenv("XDG_CACHE_HOME", named)
        assert layout.state_folder() == "/home/ann/.local/state/newscards"
        assert layout.cache_folder() == "/home/ann/.cache/newscards"
    monkeypatch.setenv("XDG_STATE_HOME", "/somewhere")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    for home in ("/home/ann", "", "relative"):  # no home is needed
        monkeypatch.setenv("HOME", home)
        assert layout.state_folder() == layout.cache_folder() == "/somewhere/newscards"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSCARDS_CACHE_DIR", "here")
    assert layout.cache_folder() == str(tmp_path / "here")


def test_a_home_that_is_not_set_is_the_one_that_the_system_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    pwd = pytest.importorskip("pwd")
    without_folders(monkeypatch)
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: pwd.struct_passwd(("", "", uid, 0, "", "/home/ann", "")))
    assert layout.state_folder() == "/home/ann/.local/state/newscards"


def no_user(patch: pytest.MonkeyPatch) -> None:
    pwd = pytest.importorskip("pwd")

    def unknown(uid: int) -> None:
        raise KeyError(uid)

    patch.delenv("HOME")
    patch.setattr(pwd, "getpwuid", unknown)


@pytest.mark.parametrize("home", ["", "relative", "~", ".", None])
@pytest.mark.parametrize("named", [None, "", "relative"])
def test_whoever_has_no_home_reads_silently_and_is_warned_of_an_edit(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch, home: str | None, named: str | None
) -> None:
    without_folders(monkeypatch)
    if home is None:
        no_user(monkeypatch)
    else:
        monkeypatch.setenv("HOME", home)
    if named is not None:
        monkeypatch.setenv("XDG_STATE_HOME", named)
        monkeypatch.setenv("XDG_CACHE_HOME", named)
    assert (layout.state_folder(), layout.cache_folder()) == ("", "")
    result = run("list", "--count")
    assert (result.code, result.out, result.err) == (0, "1\n", "")
    result = run("set", "heat", "99", "a")
    assert (result.code, result.out) == (0, "a.md: heat: 67 -> 99\n")
    reason = "the user has no home folder; set $XDG_STATE_HOME to have a journal"
    assert result.err == f"warning: no undo, and no lock against a second newscards: {reason}\n"
    for args in (["undo"], ["undo", "--dry-run"], ["undo", "--list"], ["undo", "3"]):
        result = run(*args)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith("error: ")
        assert result.err.endswith(f"the journal cannot be used: {reason}\n")
    assert os.listdir(folder) == ["a.md"]  # no folder below the current one


def test_in_a_terminal_whoever_has_no_home_reads_silently_too(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_folders(monkeypatch)
    monkeypatch.setenv("HOME", "")
    for args in (["list", "--format", "ids"], ["show", "a"], ["stats"], ["topics"]):
        code, screen = run_in_terminal(args, cwd=folder)
        assert code == 0
        assert "error" not in screen
        assert "warning" not in screen


def test_a_user_whom_the_system_does_not_know_has_no_home(run: Run, folder: Path) -> None:
    edit = ["set", "heat", "99", "a"]
    assert [run("list", "--count").code, run(*edit).code] == [0, 0]
    with memory_folder() as reachable:
        reachable.chmod(0o755)
        (reachable / "a.md").write_text(CARD)
        os.chown(reachable, UNKNOWN, UNKNOWN)
        os.chown(reachable / "a.md", UNKNOWN, UNKNOWN)
        assert run_as(UNKNOWN, ["list", "--count"], cwd=reachable) == (0, "1\n", "")
        code, out, err = run_as(UNKNOWN, edit, cwd=reachable)
        assert (code, out) == (0, "a.md: heat: 67 -> 99\n")
        assert err.startswith(
            "warning: no undo, and no lock against a second newscards: the user has no home"
        )
        assert os.listdir(reachable) == ["a.md"]
