"""The GitHub action: every input is used, nothing of them is code, and its shell lines run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands.test_validate import of
from tests.support import ROOT, card

TEXT = (ROOT / "action.yml").read_text(encoding="utf-8")
ACTION: dict[str, Any] = yaml.safe_load(TEXT)
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SHELL = ["bash", "--noprofile", "--norc", "-eo", "pipefail"]
"""What GitHub makes of `shell: bash`."""


def test_each_input_is_declared_described_and_used() -> None:
    used = set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", TEXT))
    assert used == set(ACTION["inputs"])
    assert all(each["description"] and "default" in each for each in ACTION["inputs"].values())


def test_it_is_a_composite_action_whose_steps_are_whole() -> None:
    assert ACTION["name"]
    assert ACTION["description"]
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS:
        assert ("uses" in step) != ("run" in step)
        assert ("run" in step) == ("shell" in step)
    ids = {step["id"] for step in STEPS if "id" in step}
    assert set(re.findall(r"\$\{\{ steps\.([\w-]+)\.", TEXT)) <= ids


@pytest.mark.parametrize("step", [step for step in STEPS if "run" in step], ids=lambda step: step["name"])
def test_shell_lines_are_shell_and_hold_no_expression(step: dict[str, Any]) -> None:
    assert "${{" not in step["run"]  # an expression in a script is how an action is made to run anything
    subprocess.run(["bash", "-n", "-c", step["run"]], check=True)


def check(folder: Path, path: str, args: str) -> subprocess.CompletedProcess[str]:
    """Run the action's last step in a folder, as GitHub would with these inputs."""
    runner = folder.parent / "runner temp"
    program = runner / "newscards" / "bin" / "newscards"
    if not program.exists():
        program.parent.mkdir(parents=True)
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newscards "$@"\n')
        program.chmod(0o755)
    values = {"${{ inputs.path }}": path, "${{ inputs.args }}": args}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    environment |= {name: values[value] for name, value in STEPS[-1]["env"].items()}
    environment |= {"RUNNER_TEMP": str(runner), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*SHELL, "-c", STEPS[-1]["run"]],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site with a sound card, one with a warning, and one with an error."""
    news = tmp_path / "a site" / "_news"
    news.mkdir(parents=True)
    (news / "good.md").write_text(of(1))
    (news / "warning.md").write_text(card(heat="1"))
    (news / "an error.md").write_text(of(2, published="0"))
    return news.parent


@pytest.mark.parametrize(
    ("path", "args", "code", "told"),
    [
        ("", "", 1, ["NC201", "NC411"]),
        ("_news/good.md\n", "", 0, []),
        ("_news/good.md\n_news/an error.md\n", "--ignore NC4\n  --strict", 1, ["NC201"]),
        (".", "--select NC4", 0, ["NC411"]),
        (".", "--select\nNC4\n--strict\n", 1, ["NC411"]),
        ("_news/*.md", "", 2, []),
        ("$(touch hacked)", "", 2, []),
        ("", "$(touch hacked) ; touch hacked", 2, []),
    ],
)
def test_the_check_takes_its_inputs_as_they_are(
    path: str, args: str, code: int, told: list[str], site: Path
) -> None:
    done = check(site, path, args)
    assert done.returncode == code, done.stderr
    assert sorted(set(re.findall(r"NC\d{3}", done.stdout))) == told
    assert not (site / "hacked").exists()
