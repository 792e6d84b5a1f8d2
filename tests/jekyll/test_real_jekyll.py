"""Jekyll itself says what becomes of a card: each case of jekyll_cases.py is built, where it is installed.

Debian's Jekyll reads YAML with Psych, upstream's with safe_yaml. Where the environment variable
``NEWSCARDS_SAFE_YAML`` names the folder ``lib`` of safe_yaml 1.0.5, each case is built in both ways.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.jekyll_cases import CASES, Case
from tests.support.jekyll_config_cases import CONFIG_CASES

ALL = CASES + CONFIG_CASES
JEKYLL = shutil.which("jekyll")

needs_jekyll = pytest.mark.skipif(
    JEKYLL is None or shutil.which("ruby") is None, reason="Jekyll, which is to be asked, is not installed"
)

SAFE_YAML = os.environ.get("NEWSCARDS_SAFE_YAML", "")

needs_safe_yaml = pytest.mark.skipif(not SAFE_YAML, reason="NEWSCARDS_SAFE_YAML names no folder")

Outcomes = dict[str, str]

COLLECTIONS_DIR = "content/"
"""The ``collections_dir`` of the cases that have one; the paths of cards in lists begin below it."""


def write(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        path = os.path.join(os.fsencode(folder), name.encode("utf-8", "surrogateescape"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)


LIST = b"""---
published: true
permalink: /listed.txt
---
{% for card in site.news %}{{ card.path }}
{% endfor %}"""
"""A page that lists the collection as the lists and feeds of a site do: the path of each card in it."""


def make(site: Path, cases: Sequence[Case]) -> None:
    """Write the site of ``cases``, which have one config."""
    site.mkdir(parents=True)
    write(site, {"list.html": LIST})
    for case in cases:
        write(site, case.files)
        for name, target in case.links:
            (site / name).parent.mkdir(parents=True, exist_ok=True)
            (site / name).symlink_to(target)
    if config := cases[0].config:
        write(site, {"_config.yml": config.encode()})


def run(args: list[str], home: Path, stdin: str = "") -> str:
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "JEKYLL_NO_BUNDLER_REQUIRE": "1"}
    done = subprocess.run(
        args, cwd=home, env=env, input=stdin, timeout=120, stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout


UPSTREAM = """
require "safe_yaml/load"
SafeYAML::OPTIONS[:suppress_warnings] = true
module Jekyll::Utils
  def safe_load_yaml(yaml)
    SafeYAML.load(yaml)
  end

  def safe_load_yaml_file(path, _options = {})
    SafeYAML.load_file(path)
  end
end
"""
"""Undo what Debian changed in Jekyll: upstream's document.rb and configuration.rb call safe_yaml."""

BUILD_EACH = """
require "kramdown"
$stdin.each_line(chomp: true) do |site|
  child = fork do
    Dir.chdir(site)
    $stdin.reopen(File::NULL)
    $stdout.reopen("../log", "w")
    $stderr.reopen($stdout)
    ARGV.replace(%w(build --verbose --disable-disk-cache))
    load Gem.bin_path("jekyll", "jekyll")
  end
  Process.wait(child)
  puts $?.exitstatus
end
"""
"""Run ``jekyll build`` in each site that standard input names, in a process of its own; print the exit codes.

Most of the time of ``jekyll build`` goes to loading Jekyll: that is done once, before the processes part.
"""


def build(made: Sequence[Path], kind: str) -> list[int]:
    """Build the sites, two at a time; return the exit codes. What Jekyll says goes to ``log`` beside each."""
    ruby = ["ruby", "-r", "jekyll", "-e", BUILD_EACH]
    if kind == "upstream":
        ruby = ["ruby", "-I", SAFE_YAML, "-r", "jekyll", "-e", UPSTREAM + BUILD_EACH]

    def codes(half: Sequence[Path]) -> list[int]:
        lines = "".join(f"{site}\n" for site in half)
        return [int(code) for code in run(ruby, made[0].parent, lines).split()]

    with ThreadPoolExecutor(max_workers=2) as pool:
        even, odd = pool.map(codes, [made[::2], made[1::2]])
    assert len(even) + len(odd) == len(made)
    return [(even, odd)[number % 2][number // 2] for number in range(len(made))]


def written(site: Path) -> dict[str, bytes]:
    """Return the content of each file below ``_site/news``, by its path there."""
    root = os.fsencode(site / "_site" / "news")
    paths = [os.path.join(folder, name) for folder, _, names in os.walk(root) for name in names]
    return {os.path.relpath(path, root).decode("utf-8", "surrogateescape"): read(path) for path in paths}


def read(path: bytes | Path) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def outcomes(site: Path, code: int, cases: Sequence[Case]) -> dict[str, Outcomes]:
    """Return what Jekyll made of the files of ``cases``, by the names of these."""
    if code:
        return {case.name: dict.fromkeys(case.outcomes, "build-fails") for case in cases}
    pages, log = written(site), read(site.parent / "log").decode(errors="replace").split("\n")
    listed = set(read(site / "_site/listed.txt").decode().split("\n"))
    documents = {line.split("Reading: ", 1)[1] for line in log if "Reading: " in line}
    unclaimed = set(pages)

    def outcome(path: str) -> str:
        name = path.partition("_news/")[2]
        for output in (f"{os.path.splitext(name)[0]}.html", name):
            if output in pages:
                unclaimed.discard(output)
                if pages[output] == read(site / path):
                    return "verbatim"
                return "published" if b"quality=67;" in pages[output] else "without-data"
        if path.removeprefix(COLLECTIONS_DIR) in listed:
            return "listed"
        return "hidden" if f"_news/{name}" in documents else "absent"

    found = {case.name: {path: outcome(path) for path in case.outcomes} for case in cases}
    assert not unclaimed, f"no case says where these pages come from: {unclaimed}"
    return found


def sites(kind: str) -> list[list[Case]]:
    """Return what can be built together: the cases that do not fail, by their config."""
    together: dict[str, list[Case]] = {}
    alone = []
    for case in ALL:
        if "build-fails" in case.outcomes_with(kind).values() or not case.config:
            alone.append([case])
        else:
            together.setdefault(case.config, []).append(case)
    return [*together.values(), *alone]


def built(kind: str, request: pytest.FixtureRequest, folder: Path) -> dict[str, Outcomes]:
    """Build the sites of the cases for which a fixture was requested; return all their outcomes."""
    tests = [test for test in request.session.items if isinstance(test, pytest.Function)]
    asked = [test.callspec.params["case"] for test in tests if request.fixturename in test.fixturenames]
    jobs = {
        folder / str(number) / "site": cases
        for number, cases in enumerate(sites(kind))
        if any(case in asked for case in cases)
    }
    for site, cases in jobs.items():
        make(site, cases)
    codes = build(list(jobs), kind)
    results = (outcomes(site, code, jobs[site]) for site, code in zip(jobs, codes, strict=True))
    return {name: found for result in results for name, found in result.items()}


@pytest.fixture(scope="module")
def built_by_debian(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Outcomes]:
    return built("debian", request, tmp_path_factory.mktemp("sites"))


@pytest.fixture(scope="module")
def built_by_upstream(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Outcomes]:
    return built("upstream", request, tmp_path_factory.mktemp("sites"))


each_case = pytest.mark.parametrize("case", ALL, ids=lambda case: case.name.encode("unicode_escape").decode())


@pytest.mark.exhaustive(always=12)
@needs_jekyll
@each_case
def test_jekyll_does_with_a_card_what_is_recorded(case: Case, built_by_debian: dict[str, Outcomes]) -> None:
    assert built_by_debian[case.name] == case.outcomes_with("debian")


@pytest.mark.exhaustive(always=12)
@needs_jekyll
@needs_safe_yaml
@each_case
def test_jekyll_with_safe_yaml_does_with_a_card_what_is_recorded(
    case: Case, built_by_upstream: dict[str, Outcomes]
) -> None:
    assert built_by_upstream[case.name] == case.outcomes_with("upstream")


def test_no_case_takes_the_name_or_the_files_of_another() -> None:
    assert repeated(case.name for case in ALL) == []
    for cases in (*sites("debian"), *sites("upstream")):
        assert repeated(path for case in cases for path in [*case.files, *dict(case.links)]) == []


def repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]
