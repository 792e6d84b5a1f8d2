"""What the manual gives to copy into a CI's configuration is taken by those who read it."""

from __future__ import annotations

import json
import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from newscards import __version__
from newscards.commands.shared.manual import page
from newscards.layout import cache_folder
from tests.commands.test_validate import of
from tests.conftest import MakeCorpus, Run
from tests.support import ROOT
from tests.support.git_repository import commit, git

SECTION = page("ci")
SNIPPETS: list[dict[str, Any]] = [
    yaml.safe_load(text) for text in re.findall(r"^```yaml\n(.*?)^```$", SECTION, re.MULTILINE | re.DOTALL)
]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
ENVIRONMENT = {"GITHUB_BASE_REF": "main"}
"""What a CI sets."""


def texts(value: object) -> Iterator[str]:
    """Yield each text in what YAML holds."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


IN_PROSE = re.findall(
    r"`(newscards [^`]+)`", re.sub(r"^```.*?^```$", "", SECTION, flags=re.DOTALL | re.MULTILINE)
)
IN_ACTIONS = [
    f"newscards validate --format github {step['with']['args']} -- {step['with']['path']}"
    for snippet in SNIPPETS
    for step in snippet.get("jobs", {}).get("newscards", {}).get("steps", [])
    if step.get("uses", "").startswith("example/newscards@")
]
IN_HOOKS = [
    shlex.join([*shlex.split(known["entry"]), *hook.get("args", ())])
    for snippet in SNIPPETS
    for repo in snippet.get("repos", [])
    for hook in repo["hooks"]
    for known in HOOKS
    if known["id"] == hook["id"]
]
COMMANDS = [text for text in texts(SNIPPETS) if text.startswith("newscards ")]


def test_there_is_something_to_copy_for_each_of_them() -> None:
    assert len(SNIPPETS) == 7
    assert (len(COMMANDS), len(IN_ACTIONS), len(IN_HOOKS), len(IN_PROSE)) == (4, 1, 2, 1)


@pytest.mark.parametrize("command", [*COMMANDS, *IN_PROSE, *IN_ACTIONS, *IN_HOOKS])
def test_a_command_to_copy_runs(
    command: str, make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus({"_news/a.md": of(1)})
    git(folder, "init", "--quiet", "--initial-branch", "topic")
    git(folder, "update-ref", "refs/remotes/origin/main", commit(folder))
    make_corpus({"_news/b.md": of(2)})
    words = shlex.split(command)
    file: Path | None = None
    if ">" in words:  # what the shell does
        words, file = words[: words.index(">")], folder / words[-1]
    words = [word.replace("$GITHUB_BASE_REF", ENVIRONMENT["GITHUB_BASE_REF"]) for word in words]
    assert "$" not in "".join(words)
    result = run(*words[1:])
    assert (result.code, result.err) == (0, "")
    if file:
        file.write_bytes(result.raw)
    for name in re.findall(r"[\w-]+\.json", command):
        assert json.loads((folder / name).read_text()) == []


def test_the_report_that_gitlab_takes_is_the_one_that_is_written() -> None:
    job = next(snippet["newscards"] for snippet in SNIPPETS if "newscards" in snippet)
    assert any(
        line.endswith(f"gitlab:{job['artifacts']['reports']['codequality']}") for line in job["script"]
    )
    assert job["artifacts"]["when"] == "always"  # the report of a job that failed is the one that matters


def test_the_action_has_the_inputs_that_are_given() -> None:
    steps = [
        step for snippet in SNIPPETS for job in snippet.get("jobs", {}).values() for step in job["steps"]
    ]
    given = [step["with"] for step in steps if step.get("uses", "").startswith("example/newscards@")]
    assert given
    assert all(set(each) <= set(ACTION["inputs"]) for each in given)
    changed = [step["run"] for step in steps if "--changed-since" in step.get("run", "")]
    depths = [step["with"]["fetch-depth"] for step in steps if "fetch-depth" in step.get("with", {})]
    assert len(changed) == len(depths)


@pytest.mark.skipif(sys.platform != "linux", reason="the folder is another one elsewhere")
def test_the_index_is_kept_where_newscards_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = [step for snippet in SNIPPETS for step in snippet.get("steps", [])]
    (kept,) = {step["with"]["path"] for step in steps if step.get("uses", "").startswith("actions/cache/")}
    monkeypatch.setenv("HOME", "/home/runner")
    for name in ("XDG_CACHE_HOME", "NEWSCARDS_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert cache_folder() == os.path.expanduser(kept)
    (gitlab,) = [snippet for snippet in SNIPPETS if "cache" in snippet]
    folder = gitlab["variables"]["NEWSCARDS_CACHE_DIR"].removeprefix("$CI_PROJECT_DIR/")
    assert gitlab["cache"]["paths"] == [folder]
    assert gitlab["cache"]["when"] == "always"  # a job that finds an error learns as much as others
    assert folder.startswith(".")  # what is no part of the site


def test_the_hooks_that_are_named_exist() -> None:
    named = [hook["id"] for each in SNIPPETS for repo in each.get("repos", ()) for hook in repo["hooks"]]
    assert named == [hook["id"] for hook in HOOKS]


def test_one_placeholder_stands_for_the_project_and_one_for_its_version() -> None:
    urls = set(re.findall(r"https?://[^\s`)@]+", SECTION))
    assert urls == {"https://example.org/newscards", "https://pre-commit.com"}
    assert set(re.findall(r"newscards@(\S+)", SECTION)) == {f"v{__version__}"}
    assert f"rev: v{__version__}\n" in SECTION
    assert os.path.exists(ROOT / "action.yml")
