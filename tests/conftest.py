"""The fixtures: a corpus from texts, and newscards run through its real entry point."""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

from newscards import cli, clock
from newscards.cards.fields import use_fields
from newscards.corpus import vocabulary
from tests.support import CARD, random_corpus
from tests.support.git_repository import isolate_git

# What a shell has put into the background ignores Ctrl-C, and so would all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

hypothesis.settings.register_profile("representative", max_examples=30, deadline=None, derandomize=True)
hypothesis.settings.register_profile("exhaustive", max_examples=100, deadline=None)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--exhaustive``."""
    parser.addoption("--exhaustive", action="store_true", help="run every case, and more random examples")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return two workers for each processor, because a third of the time of a test is waiting."""
    affinity = getattr(os, "sched_getaffinity", None)
    return 2 * (len(affinity(0)) if affinity else os.cpu_count() or 1)


def pytest_configure(config: pytest.Config) -> None:
    """Say how many random examples a property is tried on, before the modules of tests ask.

    In a locale of another encoding, pytest starts again in UTF-8: files of the tests have names beyond ASCII.
    """
    if sys.getfilesystemencoding() != "utf-8" and not hasattr(config, "workerinput"):
        config.pluginmanager.getplugin("capturemanager").stop_global_capturing()
        os.environ["PYTHONUTF8"] = "1"  # also for the workers of xdist
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    exhaustive = config.getoption("exhaustive")
    hypothesis.settings.load_profile("exhaustive" if exhaustive else "representative")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out of what is marked ``exhaustive(always=N)`` all cases but N, which are spread over them.

    Without ``always`` the test is left out. A test that is named on the command line is run as a whole.
    """
    if config.getoption("exhaustive") or any("::" in arg for arg in config.args):
        return
    families = defaultdict[tuple[str, int], list[pytest.Item]](list)
    for item in items:
        if mark := item.get_closest_marker("exhaustive"):
            families[item.nodeid.partition("[")[0], mark.kwargs.get("always", 0)].append(item)
    left_out = set[pytest.Item]()
    for (_, always), cases in families.items():
        always = min(always, len(cases))
        left_out |= {*cases} - {cases[(2 * n + 1) * len(cases) // (2 * always)] for n in range(always)}
    if left_out:
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]


NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


_READ_FROM_THE_ENVIRONMENT = {
    "CI", "COLUMNS", "EDITOR", "FORCE_COLOR", "LESS", "LESSCHARSET", "LINES", "LV", "NO_COLOR", "PAGER",
    "TTY_COMPATIBLE", "TTY_INTERACTIVE", "UNICODE_VERSION", "VISUAL",
}  # fmt: skip
"""What newscards, click, rich and pagers read, and a shell or a CI job has set."""
_ASKED_OF_THE_TESTS = ("NEWSCARDS_REAL_CARDS", "NEWSCARDS_UPDATE_SNAPSHOTS")


@pytest.fixture(autouse=True)
def a_world_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the time, the terminal, the user's folders, or another test's fields of cards."""
    use_fields()
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(vocabulary, "_TIME_LIMIT", 60)  # a busy machine may be slow to complete
    for name in {*os.environ} - {*_ASKED_OF_THE_TESTS}:
        if name in _READ_FROM_THE_ENVIRONMENT or name.startswith(("NEWSCARDS_", "GITHUB_")):
            monkeypatch.delenv(name)
    isolate_git(monkeypatch)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NEWSCARDS_PAGER", "")  # a pager would wait for a key
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("NEWSCARDS_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def exhaustive(pytestconfig: pytest.Config) -> bool:
    """Tell whether every case is to be run, of a test that tries many by itself."""
    return bool(pytestconfig.getoption("exhaustive"))


MakeCorpus = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def make_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MakeCorpus:
    """Return a function that writes ``{name: text}`` into a folder and makes it the current one.

    ``...`` within a text stands for nothing special; use ``support.card`` for a whole card.
    """

    def make(files: Mapping[str, str | bytes]) -> Path:
        folder = tmp_path / "corpus"
        folder.mkdir(exist_ok=True)
        for name, content in files.items():
            path = os.path.join(os.fsencode(folder), os.fsencode(name))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(content if isinstance(content, bytes) else content.encode())
        monkeypatch.chdir(folder)
        return folder

    return make


@dataclass(frozen=True)
class Result:
    """What a run of newscards gave back."""

    code: int
    out: str
    err: str
    raw: bytes


Run = Callable[..., Result]
SetEditor = Callable[[str], None]


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs ``newscards ARGS`` in this process, through its error boundary."""

    def run_newscards(*args: str, stdin: bytes = b"") -> Result:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        code = cli.main([str(arg) for arg in args])
        out, err = capfdbinary.readouterr()
        return Result(code, out.decode(errors="replace"), err.decode(errors="replace"), out)

    return run_newscards


def paths(run: Run, *args: str, stdin: bytes = b"") -> list[str]:
    """Return the paths that a listing without any complaint has."""
    result = run("list", *args, "--format", "paths", stdin=stdin)
    assert (result.code, result.err) == (0, "")
    return os.fsdecode(result.raw).splitlines()


def nothing_listed(result: Result) -> bool:
    """Tell whether a run was wrong usage, said so, and listed nothing."""
    return (result.code, result.out) == (2, "") and result.err.startswith("error: ")


@pytest.fixture
def set_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SetEditor:
    """Return a function that makes a shell script the editor; its copies are in ``tmp_path/copies``."""
    (tmp_path / "copies").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "copies"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.delenv("VISUAL", raising=False)

    def make(script: str) -> None:
        path = tmp_path / "an-editor"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        monkeypatch.setenv("EDITOR", str(path))

    return make


@pytest.fixture
def one_card(make_corpus: MakeCorpus) -> Path:
    """Return the file of a single sound card, in the current folder."""
    return make_corpus({"2023-06-20-a-card.md": CARD}) / "2023-06-20-a-card.md"


@pytest.fixture(scope="session")
def real_cards() -> Path:
    """Return the folder of real cards; skips where NEWSCARDS_REAL_CARDS does not name one."""
    folder = os.environ.get("NEWSCARDS_REAL_CARDS")
    if not folder:
        pytest.skip("NEWSCARDS_REAL_CARDS is not set")
    return Path(folder)


@pytest.fixture
def kept_of_few_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an index kept of the smallest corpora."""
    random_corpus.index_few_cards(monkeypatch)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ways that validations go, as ``random_corpus.note_ways``."""
    return random_corpus.note_ways(monkeypatch)
