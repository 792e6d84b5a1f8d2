"""How fast newscards is, against the rulers of its goals, in turn in one run.

Measures filter-by-topic, validate, list and --version, each a process of its own, without an index (cold),
with an empty cache (first), with the index (warm), and when one card has changed since (one changed);
against python-frontmatter with PyYAML's C loader, a plain read, a stat of all files, and the import of
click. The disk's own cache is warm throughout. The ratios are the medians of those of each round.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import metadata
from itertools import groupby

from tests.benchmarks import hostile
from tests.benchmarks.contenders import (
    CHANGED,
    FRONTMATTER,
    WARM,
    Newscards,
    contenders,
    has_frontmatter,
)
from tests.benchmarks.corpora import SETTLED, prepare, settle
from tests.benchmarks.goals import SMALL, WHOLE
from tests.benchmarks.measuring import Contender, RunFailedError, in_turn, run
from tests.benchmarks.tables import Measured, goals_table, growth_table, medians_table, rendered

SIZES = ((WHOLE, 1000), (WHOLE, 5000), (SMALL, 1000), (SMALL, 10_000), (SMALL, 100_000))
QUICK = ((WHOLE, 1000), (SMALL, 1000))
ROUNDS = 3
LIBRARIES = ("newscards", "click", "PyYAML", "python-frontmatter")


def sizes(text: str) -> list[int]:
    """Return the sizes that ``--cards`` asks for."""
    found = [int(each) for each in text.split(",")]
    if min(found) < 1:
        raise ValueError("at least one card")
    return found


def options_of(args: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--cards", type=sizes, metavar="N[,N...]", help="generate corpora of so many cards")
    what.add_argument("--corpus", metavar="DIR", help="measure on this folder, and on a copy of it")
    what.add_argument("--hostile", action="store_true", help="single cards of a megabyte, of many kinds")
    what.add_argument("--quick", action="store_true", help="1,000 cards, and 1,000 small ones")
    parser.add_argument("--small", action="store_true", help="cards without `related`: 2 KB each, not 27")
    parser.add_argument("--rounds", type=int, help=f"of all  [{ROUNDS}, but 1 of python-frontmatter]")
    parser.add_argument("--topic", default="", help="what to filter by  [one that a tenth of the cards has]")
    parser.add_argument("--reference", action="store_true", help="python-frontmatter on small cards, too")
    parser.add_argument("--format", choices=("text", "markdown"), default="text")
    parser.add_argument("--settle", type=float, default=SETTLED, help=argparse.SUPPRESS)
    options = parser.parse_args(args)
    if options.small and options.corpus:
        parser.error("--small is for generated cards")
    if options.rounds is not None and options.rounds < 1:
        parser.error("--rounds must be 1 or more")
    return options


def kinds_and_sizes(options: argparse.Namespace) -> list[tuple[str, int]]:
    """Return the corpora that are asked for; their size is 0 where it is given."""
    if options.corpus:
        return [(WHOLE, 0)]
    if options.cards:
        return [(SMALL if options.small else WHOLE, cards) for cards in options.cards]
    asked = QUICK if options.quick else SIZES
    return [(kind, cards) for kind, cards in asked if kind == SMALL or not options.small]


def prime(found: list[Contender], folder: str) -> None:
    """Run what needs an index, so that it is there; and with it the compiled modules."""
    for contender in found:
        if contender.name.endswith((WARM, CHANGED)):
            run(contender, folder)


def measure(options: argparse.Namespace, kind: str, cards: int, newscards: Newscards) -> Measured:
    """Make or copy a corpus, and run everything on it in turn."""
    tell = _teller()
    rounds, reference_rounds = options.rounds or ROUNDS, options.rounds or 1
    if not has_frontmatter() or (kind == SMALL and not options.reference):
        reference_rounds = 0
    with tempfile.TemporaryDirectory(prefix="newscards-benchmark-") as work:
        tell(f"making {cards:,} {kind}" if cards else f"copying {options.corpus}")
        corpus = os.path.abspath(options.corpus) if options.corpus else ""
        place = prepare(work, corpus, cards, kind == SMALL, options.topic)
        settle(place, options.settle)
        found = contenders(newscards, place, rounds, reference_rounds)
        tell("making the index")
        prime(found, work)
        runs = in_turn(found, work, lambda text: tell(f"{place.cards:,} {kind}, {text}"))
        tell("")
    return Measured(kind, place.cards, place.megabytes, runs)


def _teller() -> Callable[[str], None]:
    """Return what shows the progress, where somebody sees it."""

    def tell(text: str) -> None:
        if sys.stderr.isatty():
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)

    return tell


def machine() -> str:
    """Return on what was measured, and with what."""
    found = {each.metadata["Name"].lower(): each.version for each in metadata.distributions()}
    versions = (f"{name} {found.get(name.lower(), 'missing')}" for name in LIBRARIES)
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{os.cpu_count()} CPUs, {sys.platform}, Python {python}, {', '.join(versions)}"


def notes(newscards: Newscards) -> Iterator[str]:
    """Yield what cannot be measured here."""
    if not newscards.no_cache:
        yield "note: this newscards knows no --no-cache; `cold` is measured without the option"
    if not has_frontmatter():
        yield f"note: {FRONTMATTER} is not measured: pip install python-frontmatter"


def measure_hostile(newscards: Newscards, markdown: bool) -> str:
    """Return the table of hostile cards."""
    tell = _teller()
    with tempfile.TemporaryDirectory(prefix="newscards-benchmark-") as work:
        rows = hostile.table(hostile.measured(newscards.start, work, hostile.SIZE, tell))
    tell("")
    return rendered(f"Cards of {hostile.SIZE:,} bytes", rows, markdown)


def main() -> None:
    """Measure, and print the tables of each corpus as soon as they are there."""
    options = options_of()
    os.environ.pop("NEWSCARDS_CORPUS", None)
    newscards, markdown = Newscards.find(), options.format == "markdown"
    if options.hostile:
        try:
            print(measure_hostile(newscards, markdown))
        except RunFailedError as error:
            sys.exit(str(error))
        print(machine())
        return
    for note in notes(newscards):
        print(note, flush=True)
    corpora = []
    for kind, cards in kinds_and_sizes(options):
        try:
            measured = measure(options, kind, cards, newscards)
        except RunFailedError as error:
            sys.exit(str(error))
        corpora.append(measured)
        print(rendered(f"{measured.title}: medians", medians_table(measured), markdown))
        print(rendered(f"{measured.title}: goals", goals_table(measured), markdown), flush=True)
    for kind, alike in groupby(corpora, key=lambda each: each.kind):
        grown = list(alike)
        if len(grown) > 1:
            print(rendered(f"A card's cost, {kind}, less the start", growth_table(grown), markdown))
    print(machine())


if __name__ == "__main__":
    main()
