"""The house stands: imports point down, nothing heavy at the door, modules stay small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support import ROOT

PACKAGE = ROOT / "newscards"
MODULES = sorted(PACKAGE.rglob("*.py"))

FLOORS = (
    (
        "errors",
        "suggest",
        "harmless",
        "clock",
        "source",
        "plain_words",
        "plain_text",
        "ruby_dates",
        "counting",
        "layout",
        "patches",
        "parallel",
        "processes",
        "snapshot",
        "sqlite_files",
        "topic_ids",
    ),
    ("limits",),
    ("weight",),
    ("loader",),
    ("fences", "nodes"),
    ("defects", "ignore_comments"),
    ("simple_yaml",),
    ("simple_cards",),
    ("blocks", "fields", "changes", "fixes"),
    ("card", "findings"),
    ("values", "query", "related", "facts", "schema", "story", "assignments"),
    ("dimensions", "tally", "cross_table"),
    ("atomic", "lock", "discovery", "git", "registry", "change_words", "differences"),
    ("entries",),
    ("journal",),
    ("writing",),
    ("transaction",),
    ("site_config", "settings"),
    ("roster",),
    ("outline", "lines", "scalars", "splice", "inserting"),
    ("reading", "encoding", "runs", "kept_text", "revisions"),
    ("index",),
    ("run_table",),
    ("site", "edit", "cache_folder"),
    ("records", "vocabulary"),
    ("holding",),
    ("corpus", "editor"),
    ("copies", "tracked", "comparing"),
    ("rules.rule", "rules.documentation", "ruleset"),
    ("rules",),
    ("rules.selection", "placing", "kinship", "checks"),
    ("ignores", "examiner"),
    ("lint", "case", "points", "remedies", "verdict", "baseline", "judgement", "fixer"),
    ("planning", "kept_findings", "validation"),
    ("stories", "search", "sql", "axis", "survey"),
    ("formats", "diff_formats", "diff_markdown", "reports", "render", "ui"),
    ("commands",),
    ("cli",),
    ("__main__",),
)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def floor(module: str) -> int:
    inner = module.removeprefix("newscards.")
    for length in (2, 1):
        head = ".".join(inner.split(".")[:length])
        for number, names in enumerate(FLOORS):
            if head in names:
                return number
    raise AssertionError(f"{module} is on no floor")


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("newscards"):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("newscards")}
    return {name for name in found if name != "newscards.__version__"}


@pytest.mark.parametrize("path", [m for m in MODULES if m != PACKAGE / "__init__.py"], ids=name_of)
def test_imports_point_down_or_stay_on_their_floor(path: Path) -> None:
    here = floor(name_of(path))
    above = {name for name in imports_of(path) if floor(name) > here}
    assert not above


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_stays_under_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 300


@pytest.mark.parametrize(
    "args",
    [
        ["--version"],
        ["--help"],
        ["list", "--help"],
        ["stats", "--help"],
        ["topics", "-h"],
        ["set-published", "-h"],
    ],
)
def test_version_and_help_import_nothing_heavy(args: list[str]) -> None:
    code = (
        "import sys; from newscards.cli import main; main(sys.argv[1:]);"
        "print(*[m for m in ('yaml', 'rich', 'dateutil', 'json', 'csv') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == ""


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "paths", "ids"])
def test_a_machine_format_does_not_import_rich(form: str) -> None:
    code = "import sys; from newscards.cli import main; main(sys.argv[1:]); sys.exit('rich' in sys.modules)"
    sample = str(ROOT / "sample_data")
    subprocess.run(
        [sys.executable, "-c", code, "list", sample, "--format", form], capture_output=True, check=True
    )


def test_only_render_imports_rich() -> None:
    outside = [path for path in MODULES if "render" not in path.parts and path.name != "ui.py"]
    pattern = re.compile(r"^(import|from) rich", re.MULTILINE)
    assert not [name_of(path) for path in outside if pattern.search(path.read_text())]


def test_the_top_level_is_as_the_user_asked() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    tops = {line.split("/")[0] for line in listed.stdout.splitlines()}
    asked = {"pyproject.toml", "README.md", "newscards", "tests", "sample_data", "action.yml"}
    assert {top for top in tops if not top.startswith(".")} <= asked
