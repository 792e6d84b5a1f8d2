"""How long a bulk edit takes, against writing the same files with the same flushes, in turn in one run.

``python -m tests.benchmarks.edits [--cards N | --corpus DIR] [--small] [--rounds N]`` copies or generates a
corpus, and prints the median seconds on the clock of each contender, and its ratio to bare writing: reading
each file, writing it to a temporary file, flushing and renaming that, and flushing each folder once. On a
busy machine the ratios move; look at several rounds.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from newscards import Corpus
from tests.support.corpus_generator import generate

_FLAG = re.compile(rb"^published:.*$", re.MULTILINE)
_RELATED = re.compile(rb"^related:\n(?:[ -].*\n|\n)*", re.MULTILINE)


def bare(paths: list[str], state: Path) -> None:
    """Write every file anew, with the flushes that a safe edit needs."""
    for path in paths:
        temporary = os.path.join(os.path.dirname(path), ".bare.tmp")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        os.write(descriptor, Path(path).read_bytes())
        os.fsync(descriptor)
        os.close(descriptor)
        os.replace(temporary, path)
    for folder in {os.path.dirname(path) for path in paths}:
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)


def command(*args: str) -> Callable[[list[str], Path], None]:
    """Return a contender that runs newscards as a process of its own, with the paths on standard input."""

    def run(paths: list[str], state: Path) -> None:
        names = "".join(f"{path}\n" for path in paths).encode()
        environment = {**os.environ, "XDG_STATE_HOME": str(state)}
        subprocess.run(
            [sys.executable, "-m", "newscards", *args],
            input=names, check=True, capture_output=True, env=environment,
        )  # fmt: skip

    return run


CONTENDERS: dict[str, Callable[[list[str], Path], None]] = {
    "bare writing": bare,
    "newscards set-published false --dry-run": command("set-published", "false", "-", "--dry-run"),
    "newscards set-published false": command("set-published", "false", "-"),
    "newscards undo": command("undo"),
}


def prepare(folder: Path, options: argparse.Namespace) -> list[str]:
    """Make the corpus whose every flag is true, and return its files."""
    if options.corpus:
        shutil.copytree(options.corpus, folder, dirs_exist_ok=True)
    else:
        generate(folder, options.cards, small=options.small)
    paths = Corpus(folder).paths
    for path in map(Path, paths):
        source = _FLAG.sub(b"published: true", path.read_bytes(), count=1)
        path.write_bytes(_RELATED.sub(b"", source) if options.small else source)
    os.sync()
    return paths


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.edits", description=__doc__)
    parser.add_argument("--cards", type=int, default=2000, help="how many cards to generate")
    parser.add_argument("--corpus", help="measure on a copy of this folder instead")
    parser.add_argument("--small", action="store_true", help="leave out `related`: 2 KB a card, not 27")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = prepare(Path(folder, "corpus"), options)
        size = sum(os.path.getsize(path) for path in paths)
        times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
        for _ in range(options.rounds):
            for name, contender in CONTENDERS.items():
                start = time.perf_counter()
                contender(paths, Path(folder, "state"))
                times[name].append(time.perf_counter() - start)
    print(f"{len(paths):,} cards, {size / 1e6:.1f} MB, median of {options.rounds} rounds")
    reference = statistics.median(times["bare writing"])
    for name, seconds in times.items():
        median = statistics.median(seconds)
        each = 1000 * median / len(paths)
        print(
            f"{name:40} {median:7.2f} s  {each:5.2f} ms a card  {median / reference:5.2f} times bare writing"
        )


if __name__ == "__main__":
    main()
