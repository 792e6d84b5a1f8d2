"""Hostile and merely large cards: each alone in a corpus, and what a command takes for it.

No card that newscards reads, of whatever it is full, may take a command more than ``MAX_SECONDS`` and
``MAX_MEBIBYTES`` (the contract's guarantee 7). Made of one beginning and one line, repeated.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import count

from tests.benchmarks.measuring import Contender, Usage, run

MAX_SECONDS, MAX_MEBIBYTES = 3.0, 200.0
SIZE = 1_000_000
"""The size of a card in bytes: nearly as much front matter as newscards reads."""
_MAX_NODES = 95_000
"""A little less than the number of values that newscards reads in a card."""
NAME = "2023-06-20-hostile.md"

_HEAD = """---
category: news
title: {title}
excerpt: {excerpt}
publishedDateTime: 2023-06-20T15:44:00Z
webUrl: "https://www.tide.example/gauges"
type: article
quality: 67
heat: 70
published: true
provider:
  name: Tide
  domain: tide.example
"""
_TOPIC = "topics:\n  - Oceans\n"

Line = Callable[[int], str]


def _card(before: str, line: Line, after: str = "---\n", *, title: str = '"T"', nodes: int = 1) -> Line:
    """Return a function that makes a card of a size: ``line`` repeated, which stands for some nodes."""

    def make(size: int) -> str:
        parts = [_HEAD.format(title=title, excerpt='"E"'), before]
        left = size - sum(map(len, parts))
        for number in range(_MAX_NODES // nodes):
            parts.append(line(number))
            left -= len(parts[-1])
            if left < 0:
                break
        return "".join((*parts, after))

    return make


def _of_title(piece: str) -> Line:
    """Return a function that makes a card of a size whose title is a text, repeated."""

    def make(size: int) -> str:
        title = f'"{piece * (size // len(piece.encode()))}"'
        return _HEAD.format(title=title, excerpt='"E"') + _TOPIC + "---\n"

    return make


_RELATED, _OWN = f"{_TOPIC}related:\n", f"{_TOPIC}own:\n"
_ENTRY = '  - title: "R{0}"\n    webUrl: "https://tide.example/{1}"\n    quality: 50\n'

CARDS: dict[str, Line] = {
    "entries of whose values many are missing": _card(_RELATED, lambda n: _ENTRY.format(n, n), nodes=7),
    "equal entries": _card(_RELATED, lambda n: _ENTRY.format(1, 1), nodes=7),
    "entries with one URL": _card(_RELATED, lambda n: _ENTRY.format(n, 1), nodes=7),
    "entries in braces": _card(f"{_TOPIC}related: [", lambda n: "{title: x}, ", "]\n---\n", nodes=3),
    "one topic": _card("topics:\n", lambda n: "  - Oceans\n"),
    "one topic in brackets": _card("topics: [", lambda n: "Oceans, ", "]\n---\n"),
    "a topic in other capitals": _card("topics:\n", lambda n: f"  - {_capitals(n)}\n"),
    "different topics": _card("topics:\n", lambda n: f"  - T{n}\n"),
    "one key": _card(_TOPIC, lambda n: "note: x\n", nodes=2),
    "one key below another": _card(_OWN, lambda n: "  a: 1\n  b: 2\n", nodes=4),
    "unknown keys": _card(_TOPIC, lambda n: f"key{n}: x\n", nodes=2),
    "misspelt keys": _card(_TOPIC, lambda n: f"publishd{n}: x\n", nodes=2),
    "images": _card(f"{_TOPIC}images:\n", lambda n: '  - url: "x"\n    width: 0\n', nodes=5),
    "booleans": _card(_OWN, lambda n: "- no\n"),
    "numbers": _card(_OWN, lambda n: "- 0x1\n"),
    "impossible dates": _card(_OWN, lambda n: "- 2023-13-45\n"),
    "anchors": _card(_OWN, lambda n: f"- &a{n} 1\n"),
    "aliases": _card(f"{_TOPIC}one: &a 1\nown:\n", lambda n: "- *a\n"),
    "tags": _card(_OWN, lambda n: "- !!str 1\n"),
    "comments that suppress": _card(_OWN, lambda n: "- no # newscards: ignore[NC202]\n"),
    "comments in vain": _card(_TOPIC, lambda n: "# newscards: ignore[NC202]\n"),
    "blank lines": _card(_TOPIC, lambda n: "\n" * 100),
    "broken lines": _card(_TOPIC, lambda n: f'x{n}: "a" b\n'),
    "marks": _of_title("\u200b"),
    "entities": _of_title("&amp;"),
    "mojibake": _of_title("Ã©"),
    "blanks": _of_title("x "),
}
"""What the cards are full of, and what makes one of a size."""


def _capitals(number: int) -> str:
    return "".join(
        letter.upper() if number >> at & 1 else letter for at, letter in enumerate("oceansofthearcticnorth")
    )


def commands(program: tuple[str, ...], path: str) -> dict[str, tuple[str, ...]]:
    """Return the commands that a card is given to, by their names."""
    folder = os.path.dirname(path)
    edit = (path, "--dry-run", "--corpus", folder)
    return {
        "validate": (*program, "validate", folder, "--no-cache"),
        "--fix --diff": (*program, "validate", folder, "--unsafe-fixes", "--diff", "--no-cache"),
        "list": (*program, "list", folder, "--no-cache"),
        "show": (*program, "show", path),
        "why": (*program, "why", path),
        "stats": (*program, "stats", folder),
        "query": (*program, "query", "SELECT * FROM related", folder, "--format", "csv"),
        "set": (*program, "set", "quality", "5", *edit),
        "topic add": (*program, "topic", "add", "Wells", *edit),
        "topic rename": (*program, "topic", "rename", "Oceans", "Seas", *edit),
        "topic remove": (*program, "topic", "remove", "Oceans", *edit, "--force"),
    }


def measured(
    program: tuple[str, ...], work: str, size: int, tell: Callable[[str], None]
) -> Iterator[tuple[str, str, Usage]]:
    """Yield what each command takes for each card: the card, the command, the usage."""
    environment = {
        "XDG_CACHE_HOME": os.path.join(work, "cache"),
        "XDG_STATE_HOME": os.path.join(work, "state"),
    }
    for number, (full_of, make) in zip(count(1), CARDS.items(), strict=False):
        folder = os.path.join(work, str(number))
        os.mkdir(folder)
        path = os.path.join(folder, NAME)
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(make(size))
        for name, command in commands(program, path).items():
            tell(f"{full_of}: {name}")
            yield full_of, name, run(Contender(f"{full_of}: {name}", command, 1, environment), work)


def table(found: Iterator[tuple[str, str, Usage]]) -> list[tuple[str, ...]]:
    """Return, for each card, the slowest command and the one that takes most memory."""
    rows: list[tuple[str, ...]] = [("a card full of", "slowest", "wall s", "most memory", "MiB", "met")]
    usages: dict[str, dict[str, Usage]] = {}
    for full_of, name, usage in found:
        usages.setdefault(full_of, {})[name] = usage
    for full_of, by_command in usages.items():
        slowest = max(by_command, key=lambda name: by_command[name].wall)
        largest = max(by_command, key=lambda name: by_command[name].memory)
        wall, memory = by_command[slowest].wall, by_command[largest].memory
        met = "yes" if wall <= MAX_SECONDS and memory <= MAX_MEBIBYTES else "no"
        rows.append((full_of, slowest, f"{wall:.2f}", largest, f"{memory:.0f}", met))
    return rows
