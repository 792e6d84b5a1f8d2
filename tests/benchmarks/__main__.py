"""How long reading a corpus takes, against what PyYAML and the disk take, in turn in one run.

``python -m tests.benchmarks [--cards N | --corpus DIR] [--rounds N]`` prints the median CPU seconds of each
contender, and its ratio to PyYAML's C loader reading every card whole.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml

from newscards import Corpus
from newscards.fences import find_fences
from tests.corpus_generator import generate


def read_bytes(paths: list[str]) -> None:
    """Read every byte."""
    for path in paths:
        Path(path).read_bytes()


def pyyaml(paths: list[str]) -> None:
    """Read every card whole, with PyYAML's C loader."""
    for path in paths:
        yaml.load(find_fences(Path(path).read_bytes()).text(), Loader=yaml.CSafeLoader)


def command(*args: str) -> Callable[[list[str]], None]:
    """Return a contender that runs newscards as a process of its own."""

    def run(paths: list[str]) -> None:
        folder = str(Path(paths[0]).parent)
        subprocess.run([sys.executable, "-m", "newscards", *args, folder], check=True, capture_output=True)

    return run


CONTENDERS: dict[str, Callable[[list[str]], None]] = {
    "PyYAML, C loader": pyyaml,
    "all bytes": read_bytes,
    "newscards list --count": command("list", "--count"),
    "newscards validate": command("validate"),
    "newscards validate --ignore NC6": command("validate", "--ignore", "NC6"),
}


def cpu_seconds(contender: Callable[[list[str]], None], paths: list[str]) -> float:
    """Return the CPU seconds of a contender, those of its processes included."""
    before = time.process_time() + _children()
    contender(paths)
    return time.process_time() + _children() - before


def _children() -> float:
    import resource

    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--cards", type=int, default=1000, help="how many cards to generate")
    parser.add_argument("--corpus", help="measure on this folder instead")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if not options.corpus:
            generate(Path(folder), options.cards)
        paths = Corpus(options.corpus or folder).paths
        size = sum(Path(path).stat().st_size for path in paths)
        times: dict[str, list[float]] = {name: [] for name in CONTENDERS}
        for _ in range(options.rounds):
            for name, contender in CONTENDERS.items():
                times[name].append(cpu_seconds(contender, paths))
    print(f"{len(paths):,} cards, {size / 1e6:.1f} MB, median of {options.rounds} rounds")
    reference = statistics.median(times["PyYAML, C loader"])
    for name, seconds in times.items():
        median = statistics.median(seconds)
        print(f"{name:24} {median:7.2f} s  {reference / median:6.1f} times PyYAML's speed")


if __name__ == "__main__":
    main()
