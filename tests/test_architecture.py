"""The house stands: imports point down, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from newscards.cli import COMMANDS
from newscards.commands.completion import SHELLS
from tests.support import ROOT

PACKAGE = ROOT / "newscards"
MODULES = sorted(PACKAGE.rglob("*.py"))

_LIST = re.compile(r"May import: ([^.]*)\.")


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def listed_in(init: Path) -> set[str] | None:
    """Return the names behind ``May import:`` in a package's docstring; ``None`` where it does not say."""
    found = _LIST.search(ast.get_docstring(ast.parse(init.read_text(encoding="utf-8"))) or "")
    names = {name.strip() for name in found[1].replace("\n", " ").split(",")} if found else None
    return names and names - {"nothing else"}


GROUND = listed_in(PACKAGE / "__init__.py") or set()
"""The modules that stand below all packages; ``newscards/__init__.py`` names them."""
FLOORS = {init.parent.name: listed_in(init) for init in sorted(PACKAGE.glob("*/__init__.py"))}
"""The packages, and which others each may import, as their own docstrings say."""


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("newscards"):
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names if alias.name.startswith("newscards.")}
    return found - {"newscards.__version__"}


@pytest.mark.parametrize("package", FLOORS)
def test_a_package_says_what_it_may_import_and_imports_nothing_else(package: str) -> None:
    allowed = FLOORS[package]
    assert allowed is not None, "its docstring has no line `May import: …`"
    assert allowed <= FLOORS.keys()
    for path in sorted((PACKAGE / package).rglob("*.py")):
        imported = {name.split(".")[1] for name in imports_of(path)}
        assert imported <= allowed | GROUND | {package}, name_of(path)


@pytest.mark.parametrize(
    "init", sorted(PACKAGE.glob("*/**/__init__.py")), ids=lambda init: str(init.parent.relative_to(PACKAGE))
)
def test_a_package_lists_its_modules(init: Path) -> None:
    if init.parent.name in ("commands", "rules"):
        return  # a module each for a command or a rule; COMMANDS and RULES list them
    listed = re.findall(r"^ *(\w+) +\S", ast.get_docstring(ast.parse(init.read_text())) or "", re.MULTILINE)
    modules = {path.stem for path in init.parent.glob("[!_]*.py")}
    packages = {path.parent.name for path in init.parent.glob("*/__init__.py")}
    assert modules | packages <= {*listed}


def test_no_package_stands_above_itself() -> None:
    above = {package: set(allowed or ()) for package, allowed in FLOORS.items()}
    assert tuple(TopologicalSorter(above).static_order())  # raises where there is a circle


def test_the_ground_imports_nothing_but_itself() -> None:
    assert GROUND
    for name in GROUND:
        imported = {each.split(".")[1] for each in imports_of(PACKAGE / f"{name}.py")}
        assert imported <= GROUND, name


def test_few_modules_stand_outside_of_the_packages() -> None:
    names = {path.stem for path in PACKAGE.glob("*.py")}
    assert names == GROUND | {"__init__", "__main__", "cli"}
    assert len(names) <= 10


HEAVY = (
    "yaml", "rich", "dateutil", "json", "csv", "sqlite3", "hashlib", "html", "newscards.cards.card",
    "newscards.edits.transaction",
)  # fmt: skip
"""What takes long to import, and what reads cards."""


def heavy_imports(*args: str, **environment: str) -> str:
    """Return the names of what is heavy and was imported by a run of newscards."""
    code = (
        "import sys; from newscards.cli import main; main(sys.argv[2:]);"
        "print(); print(*[name for name in sys.argv[1].split() if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, " ".join(HEAVY), *args],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "args",
    [["--version"], ["--help"], ["help"], *([name, "--help"] for name in COMMANDS), ["help", "rules"]],
    ids=str,
)
def test_version_and_help_import_nothing_heavy(args: list[str]) -> None:
    assert heavy_imports(*args) == ""


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "line",
    ["newscards ", "newscards li", "newscards validate --", "newscards list --ty", "newscards help "],
)
def test_a_tab_that_asks_for_no_card_imports_nothing_heavy(line: str, shell: str) -> None:
    assert heavy_imports(_NEWSCARDS_COMPLETE=f"{shell}_complete", COMP_WORDS=line, COMP_PART="") == ""


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "paths", "ids"])
def test_a_machine_format_does_not_import_rich(form: str) -> None:
    code = "import sys; from newscards.cli import main; main(sys.argv[1:]); sys.exit('rich' in sys.modules)"
    sample = str(ROOT / "sample_data")
    subprocess.run(
        [sys.executable, "-c", code, "list", sample, "--format", form], capture_output=True, check=True
    )


def test_only_the_terminal_imports_rich() -> None:
    outside = [path for path in MODULES if path.parent != PACKAGE / "output" / "terminal"]
    pattern = re.compile(r"^(import|from) rich", re.MULTILINE)
    assert not [name_of(path) for path in outside if pattern.search(path.read_text())]


def test_tests_stand_in_folders_of_the_packages_names() -> None:
    own = {"support", "benchmarks", "snapshots"}
    folders = {init.parent.relative_to(ROOT / "tests") for init in (ROOT / "tests").glob("*/**/__init__.py")}
    assert not [f for f in folders if f.parts[0] not in own and not (PACKAGE / f / "__init__.py").exists()]


def test_the_top_level_is_as_the_user_asked() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    tops = {line.split("/")[0] for line in listed.stdout.splitlines()}
    asked = {"pyproject.toml", "README.md", "newscards", "tests", "sample_data", "action.yml"}
    assert {top for top in tops if not top.startswith(".")} <= asked


@pytest.mark.parametrize(
    ("args", "names"),
    [
        (["show", "2019-03-14", "--field", "title", "--corpus", "sample_data"], "yaml rich"),
        (["rule", "NC201", "--format", "text"], "newscards.edits.transaction"),
        (["config"], "newscards.edits.transaction"),
        (["list", "sample_data"], "sqlite3"),
        (["validate", "sample_data", "--no-cache"], "sqlite3"),
    ],
)
def test_a_command_imports_only_what_it_needs(args: list[str], names: str) -> None:
    assert not {*heavy_imports(*args).split()} & {*names.split()}
