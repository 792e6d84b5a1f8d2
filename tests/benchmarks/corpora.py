"""What is measured on: a corpus, generated or given; a copy, whose cards are changed; and a single card."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.corpus_generator import generate
from tests.support.corpus_words import RARE

SETTLED = 3.0
"""Seconds after which no change of a file can be hidden by the clock of the disk."""

_QUALITY = re.compile(rb"^quality: (\d+)", re.MULTILINE)
_TOPICS = re.compile(rb"^topics:\n((?: *- .*\n)+)", re.MULTILINE)
_SITE = ("_news", "_data", "_config.yml", "newscards.toml", "pyproject.toml")


@dataclass(frozen=True)
class Place:
    """A corpus, its copy, a corpus of one card, and the folder of all caches."""

    corpus: str
    copy: str
    single: str
    caches: str
    topic: str
    cards: int
    megabytes: float


def cards_of(folder: str) -> list[str]:
    """Return the cards of a corpus, roughly: all files that are called so."""
    news = os.path.join(folder, "_news")
    return sorted(_files(news if os.path.isdir(news) else folder))


def _files(folder: str) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name[0] not in "._#"]
        yield from (os.path.join(parent, name) for name in names if name.endswith((".md", ".markdown")))


def prepare(work: str, corpus: str, cards: int, small: bool, topic: str = "") -> Place:
    """Make all that is measured on below ``work``; an empty ``corpus`` is generated."""
    given, single = bool(corpus), os.path.join(work, "single")
    if not given:
        corpus = os.path.join(work, "corpus")
        generate(Path(corpus), cards, small=small, oddities=True)
        topic = topic or RARE
    generate(Path(single), 1)
    paths = cards_of(corpus)
    copy = os.path.join(work, "copy")
    _copy(corpus, copy)
    caches = os.path.join(work, "caches")
    os.mkdir(caches)
    size = sum(os.path.getsize(path) for path in paths) / 1e6
    return Place(corpus, copy, single, caches, topic or usual_topic(paths), len(paths), size)


def _copy(corpus: str, copy: str) -> None:
    """Copy a site, or a folder of cards, really: a hard link would change what it is a link to."""
    if not os.path.isdir(os.path.join(corpus, "_news")):
        shutil.copytree(corpus, copy, ignore_dangling_symlinks=True)
        return
    os.mkdir(copy)
    for name in _SITE:
        source, target = os.path.join(corpus, name), os.path.join(copy, name)
        if os.path.isdir(source):
            shutil.copytree(source, target, ignore_dangling_symlinks=True)
        elif os.path.exists(source):
            shutil.copy2(source, target)


def usual_topic(paths: list[str]) -> str:
    """Return the topic that is the nearest to being in a tenth of the cards; every tenth is looked at."""
    found: Counter[str] = Counter()
    sample = paths[:: max(1, min(10, len(paths) // 100))]
    for path in sample:
        with open(path, "rb") as file:
            match = _TOPICS.search(file.read())
        names = match[1].decode(errors="replace").splitlines() if match else []
        found.update({name.partition("- ")[2].strip(" \"'") for name in names})
    return min(found, key=lambda name: (abs(found[name] / len(sample) - 0.1), name), default="none")


def settle(place: Place, seconds: float = SETTLED) -> None:
    """Wait until the youngest card is so old that its time says whether it was changed."""
    youngest = max((os.stat(path).st_ctime for path in cards_of(place.copy)), default=0.0)
    time.sleep(max(0.0, min(seconds, youngest + seconds - time.time())))


def changer(folder: str) -> Callable[[], None]:
    """Return what changes the quality of one card, in place: of another one each time.

    They are those of middling size. All copies of a card go stale with it, and each is told by ``validate``:
    a card of the largest story would make it a matter of telling.
    """
    paths = sorted(cards_of(folder), key=lambda path: (os.path.getsize(path), path))
    steps = itertools.count(len(paths) // 2)

    def change() -> None:
        for _ in paths:
            if change_quality(paths[next(steps) % len(paths)]):
                return
        raise ValueError(f"no card of {folder} has a quality to change")

    return change


def change_quality(path: str) -> bool:
    """Add one to a card's quality, or take one off; false where it has none."""
    with open(path, "rb") as file:
        source = file.read()
    found = _QUALITY.search(source)
    if found:
        quality = b"%d" % (int(found[1]) ^ 1)
        with open(path, "wb") as file:
            file.write(source[: found.start(1)] + quality + source[found.end(1) :])
    return bool(found)
