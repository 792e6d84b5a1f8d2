"""What is measured: newscards' commands, and the rulers that they are measured by."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.benchmarks.corpora import Place, changer
from tests.benchmarks.measuring import Contender

FRONTMATTER, BYTES, STAT = "python-frontmatter, C loader", "read all bytes", "stat all files"
CLICK, CLICK_STAT = "import click", "import click + stat all files"
FILTER, VALIDATE, LIMIT, COUNT, VERSION = (
    "filter-by-topic", "validate", "list --limit 20", "list --count", "--version",
)  # fmt: skip
WHERE, SEARCH, STORIES = "list --where", "list --search", "stories"
COLD, FIRST, WARM, CHANGED, START = "cold", "first", "warm", "one changed", "one card"
"""Without an index; with an empty cache, so that it is made; with it; and when a card has changed since.
The last is a corpus of one card, which is what a process takes to start."""

_WALK = """
import os
def files(folder):
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from files(entry.path)
            else:
                yield entry
"""
_STAT = _WALK + "for entry in files(sys.argv[1]): entry.stat()"
_RULERS = {
    BYTES: "import sys" + _WALK + "for entry in files(sys.argv[1]):\n"
    "    with open(entry.path, 'rb') as file: file.read()",
    STAT: "import sys" + _STAT,
    CLICK: "import click",
    CLICK_STAT: "import click, sys" + _STAT,
}
_FRONTMATTER = f"""
import sys, frontmatter, yaml
{_WALK}
handler = frontmatter.YAMLHandler()
assert frontmatter.default_handlers.SafeLoader is yaml.CSafeLoader
for entry in files(sys.argv[1]):
    if entry.name.endswith(('.md', '.markdown')):
        try:
            frontmatter.load(entry.path, handler=handler)
        except (yaml.YAMLError, UnicodeError):
            pass
"""


def name(command: str, state: str) -> str:
    """Return what a command is called in a state."""
    return f"{command}, {state}"


@dataclass(frozen=True)
class Newscards:
    """newscards as it is installed: how it is started, and whether it can do without its cache."""

    start: tuple[str, ...]
    no_cache: tuple[str, ...]

    @staticmethod
    def find() -> Newscards:
        """Look for the script beside the interpreter, and ask it for ``--no-cache``."""
        script = shutil.which("newscards", path=os.path.dirname(sys.executable))
        start = (script,) if script else (sys.executable, "-m", "newscards")
        asked = subprocess.run([*start, "list", "--no-cache", "--help"], capture_output=True, check=False)
        return Newscards(start, ("--no-cache",) * (asked.returncode == 0))


def has_frontmatter() -> bool:
    """Tell whether python-frontmatter can be imported; without importing it here."""
    asked = [sys.executable, "-c", "import frontmatter"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def contenders(newscards: Newscards, place: Place, rounds: int, reference_rounds: int) -> list[Contender]:
    """Return all that is measured on a corpus, in turn; python-frontmatter unless its rounds are 0."""
    found = [*rulers(place, rounds)]
    if reference_rounds:
        found.insert(0, _ruler(FRONTMATTER, _FRONTMATTER, place, reference_rounds))
    return [*found, *commands(newscards, place, rounds)]


def rulers(place: Place, rounds: int) -> Iterator[Contender]:
    """Yield what newscards is measured by: each a Python process, as newscards is."""
    for title, code in _RULERS.items():
        yield _ruler(title, code, place, rounds)


def _ruler(title: str, code: str, place: Place, rounds: int) -> Contender:
    news = os.path.join(place.corpus, "_news")
    folder = news if os.path.isdir(news) else place.corpus
    return Contender(title, (sys.executable, "-c", code, folder), rounds)


def commands(newscards: Newscards, place: Place, rounds: int) -> Iterator[Contender]:
    """Yield the commands of newscards, each in its states, with caches that are nobody else's."""
    change = changer(place.copy)

    def contender(
        title: str, state: str, args: tuple[str, ...], before: Callable[[], None] = lambda: None
    ) -> Contender:
        own = title if state in (FIRST, CHANGED) else ""  # what one finds is not to be known to the other
        cache = os.path.join(place.caches, f"{state} {own}".strip())
        environment = {"NEWSCARDS_CACHE_DIR": cache}
        if state == FIRST:
            before = lambda: shutil.rmtree(cache, ignore_errors=True)  # noqa: E731
        return Contender(name(title, state), (*newscards.start, *args), rounds, environment, before)

    asked = {FILTER: ("filter-by-topic", place.topic), VALIDATE: ("validate",)}
    for title, args in asked.items():
        yield contender(title, COLD, (*args, place.corpus, *newscards.no_cache))
        yield contender(title, FIRST, (*args, place.corpus))
        yield contender(title, WARM, (*args, place.corpus))
        # One card changes in each round: filter-by-topic is run right after, and validate later on.
        before = {"before": change} if title == FILTER else {}
        yield contender(title, CHANGED, (*args, place.copy), **before)
        yield contender(title, START, (*args, place.single, *newscards.no_cache))
    asked = {
        LIMIT: ("list", "--limit", "20"),
        COUNT: ("list", "--count"),
        WHERE: ("list", "--where", "quality >= 80 and story_size > 3", "--count"),
        SEARCH: ("list", "--search", "harbour", "--count"),
        STORIES: ("stories", "--count"),
    }
    for title, args in asked.items():
        yield contender(title, COLD, (*args, place.corpus, *newscards.no_cache))
        yield contender(title, WARM, (*args, place.corpus))
    environment = {"NEWSCARDS_CACHE_DIR": place.caches}
    yield Contender(VERSION, (*newscards.start, "--version"), rounds, environment)
