"""The fixtures: a corpus from texts, and newscards run through its real entry point."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscards import cli, clock
from tests.support import CARD, kin

# What a shell has put into the background ignores Ctrl-C, and so would all that the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_world_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test depends on the time, the terminal, or the user's folders, nor writes to the last."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    for name in ("NO_COLOR", "FORCE_COLOR", "NEWSCARDS_CORPUS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("NEWSCARDS_CACHE_DIR", str(tmp_path / "cache"))


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
    kin.keep_of_few_cards(monkeypatch)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ways that validations go, as ``kin.note_ways``."""
    return kin.note_ways(monkeypatch)
