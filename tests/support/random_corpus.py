"""Random corpora of cards that share all keys by which the rules compare cards, and changes of them."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from newscards.corpus.index import snapshot, summaries
from newscards.lint import incremental
from newscards.lint.findings import Report
from newscards.lint.incremental import IncrementalLint
from newscards.lint.stored_findings import Printed

TITLES = (
    "Tide",
    "Tide ",
    "Ti\u200bde",
    "Tide &amp; ebb",
    "Tide & ebb",
    "Wells",
    "wells",
    " ",
    "\u00e9t\u00e9",
)
URLS = (
    "https://a.example/1",
    "https://A.example/1/",
    "https://a.example/1?utm_source=x",
    "https://a.example/2",
    "https://b.example/3",
    "http://[bad",
    "",
)
DATES = (
    "2023-06-20T15:44:00Z",
    "2022-01-01T00:00:00Z",
    "2026-02-01T00:00:00Z",
    "2027-01-01T00:00:00Z",
    "2199-01-01T00:00:00Z",
    "2023-06-20T17:44:00+02:00",
    "2023-13-01",
    "soon",
)
IVS = ("AAAAAAAAAAAAAAAAAAAAAA==", "BBBBBBBBBBBBBBBBBBBBBA==", " AAAAAAAAAAAAAAAAAAAAAA==", "")
NAMES, DOMAINS = (
    ("Tide", "The Tide", "Ebb", "Ti&amp;de"),
    ("a.example", "A.example", "b.example", "c.example"),
)
TOPICS = (
    "Oceans",
    "oceans",
    "OCEANS",
    "Science",
    "science",
    "\u00d6ko",
    "\u00f6ko",
    "Stra\u00dfe",
    "STRASSE",
)
EXCERPTS = ("Old wells.", "Old  wells.", "New", "")
QUALITIES, TYPES = ("67", "20", "-1", "6.5", "many"), ("article", "video", "essay")
HEATS = ("67", "67", "-1", "-1", "0", "99", "")
FLAGS = ("true", "true", "false", '"no"')
RULES = ("NC6", "duplicate-title", "NC601", "related-stale", "NC410", "NC", "nothing-such", "NC602, NC613")
STEMS = (
    "2023-06-20-gauges",
    "2023-06-20-wells",
    "2023-06-21-ebb",
    "sub/2023-06-20-gauges",
    "sub/2023-06-20-wells",
    "2199-01-01-later",
    "2026-02-01-soon",
    "2023-99-99-never",
    "0",
    "zebra",
    "sub/deep/zebra",
    "a b",
    "2023-06-22-c",
    "2023-06-22-d",
)
FILES = (*(f"{stem}.md" for stem in STEMS), "zebra.markdown", "2023-06-22-d.markdown")

_ODD = ("date: 2026-02-01\n", "date: 2199-01-01 08:00\n", "x: *a\n", "x: &a 1\n", "", "", "")

Fields = dict[str, str]


def index_few_cards(monkeypatch: pytest.MonkeyPatch) -> None:
    """Index the smallest corpora too, and check as few of their cards as possible."""
    monkeypatch.setattr(summaries, "MIN_INDEXED_CARDS", 1)
    monkeypatch.setattr(incremental, "_MIN_CARDS_PER_CHANGED", 0)
    monkeypatch.setattr(snapshot, "RACY_NANOSECONDS", -(10**11))  # what was just made counts as old


def note_ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the ways that validations go from now on: findings are stored, or a part is checked, or all."""
    ways: list[str] = []
    report, partly, whole = IncrementalLint.report, IncrementalLint._check_changed, IncrementalLint._check_all

    def noted_report(self: IncrementalLint) -> Report | Printed:
        before = len(ways)
        found = report(self)
        if len(ways) == before:
            ways.append("kept")
        return found

    def noted_partly(self: IncrementalLint, *args: object) -> Report | Printed | None:
        found = partly(self, *args)  # type: ignore[arg-type]
        ways.extend(["partly"] if found else [])
        return found

    def noted_whole(self: IncrementalLint) -> Report | Printed:
        ways.append("whole")
        return whole(self)

    monkeypatch.setattr(IncrementalLint, "report", noted_report)
    monkeypatch.setattr(IncrementalLint, "_check_changed", noted_partly)
    monkeypatch.setattr(IncrementalLint, "_check_all", noted_whole)
    return ways


class World:
    """A corpus in a folder: the fields of its cards, by file, and random changes of it, each with a name.

    Some corpora have ``odd`` cards, of which nothing can be stored.
    """

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self.folder, self.rng = folder, rng
        self.odd = rng.random() < 0.5
        self.cards: dict[str, Fields] = {}
        self._sources: dict[str, bytes] = {}
        self._tick = 1_600_000_000
        for file in rng.sample(FILES, rng.randint(6, 12)):
            self._make(file)
        for file in rng.sample([*self.cards], len(self.cards) // 2):
            self._make(file)  # now that there are cards to be related to

    def change(self) -> str:
        """Change something, and return what."""
        ways: list[Callable[[], object]] = [self._edit] * 5
        ways += [self._relate, self._relate, self._swap, self._delete, self._add, self._add, self._rename]
        ways += [self._break, self._break, self._repair, self._touch, self._copy, self._nothing]
        way = self.rng.choice(ways)
        way()
        return way.__name__

    def _make(self, file: str) -> None:
        pick = self.rng.choice
        self.cards[file] = {
            "title": pick(TITLES),
            "excerpt": pick(EXCERPTS),
            "date": pick(DATES if self.odd and pick(range(6)) == 0 else DATES[:5]),
            "url": pick(URLS),
            "original": pick(URLS[:5]),
            "same": pick(("same", "same", "")),
            "type": pick(TYPES[:2]),
            "quality": pick(QUALITIES[:3]),
            "heat": pick(HEATS),
            "flag": pick(FLAGS),
            "name": pick(NAMES[:3]),
            "domain": pick(DOMAINS),
            "topics": ", ".join(self.rng.sample(TOPICS, self.rng.randint(0, 3))),
            "iv": pick(IVS),
            "secured": pick((*["secured"] * 5, "", "Secured")),
            "related": "".join(self._entry(file) for _ in range(pick((0, 0, 1, 2, 3)))),
            "more": pick(("", "", "", "# alone\n", 'date: "2026-02-01"\n', *(_ODD if self.odd else ()))),
            "first": pick(("", "", "", "", f"# newscards: ignore[{pick(RULES)}]\n")),
        }
        for name in ("title", "url", "topics", "related", "iv", "flag", "domain"):
            self.cards[file][f"#{name}"] = (
                f"  # newscards: ignore[{pick(RULES)}]" if pick(range(9)) == 0 else ""
            )
        self._write(file, self._text(file).encode())

    def _entry(self, file: str) -> str:
        """Return an entry of ``related``: the copy of a card, perhaps stale; rarely something else."""
        kind = self.rng.random()
        if kind < 0.06:
            return self.rng.choice(("  - text\n", "  - 5\n", "  - []\n", "  -\n", "  - {}\n"))
        own = self.cards.get(file) if kind < 0.12 else None
        copy = dict(own or self.rng.choice([*self.cards.values()] or [{}]))
        if kind > 0.6 or not copy:
            name = self.rng.choice(("title", "excerpt", "date", "url", "type", "quality", "name"))
            values = {
                "title": TITLES,
                "excerpt": EXCERPTS,
                "date": DATES if self.odd else DATES[:5],
                "url": URLS,
            }
            values |= {"type": TYPES, "quality": QUALITIES if self.odd else QUALITIES[:3], "name": NAMES}
            copy[name] = self.rng.choice(values[name])
        lines = [
            f'title: "{copy["title"]}"' if copy.get("title") else "",
            f'webUrl: "{copy["url"]}"' if copy.get("url") else "",
            f"publishedDateTime: {copy['date']}" if "date" in copy else "",
            f'excerpt: "{copy["excerpt"]}"' if "excerpt" in copy else "",
            f"quality: {copy['quality']}" if "quality" in copy else "",
            f"type: {copy['type']}" if "type" in copy else "",
            f'provider: {{name: "{copy["name"]}"}}' if "name" in copy else "",
        ]
        given = [line for line in lines if line]
        return "".join(("    ", "  - ")[at == 0] + f"{line}\n" for at, line in enumerate(given)) or "  - {}\n"

    def _text(self, file: str) -> str:
        card = self.cards[file]
        web = f'webUrl: "{card["url"]}"{card["#url"]}\n' if card["url"] else ""
        original = card["url"] if card["same"] and card["url"] else card["original"]
        secured = f'{card["secured"]}: "AAAA;{card["iv"]}"{card["#iv"]}\n' if card["secured"] else ""
        related = f"related:{card['#related']}\n{card['related']}" if card["related"] else ""
        return (
            f'---\n{card["first"]}category: news\ntitle: "{card["title"]}"{card["#title"]}\n'
            f'excerpt: "{card["excerpt"]}"\npublishedDateTime: {card["date"]}\n'
            f'originalUrl: "{original}"\n{web}type: {card["type"]}\nquality: {card["quality"]}\n'
            f"heat: {card['heat']}\n{card['more']}published: {card['flag']}{card['#flag']}\n"
            f'provider:\n  name: "{card["name"]}"\n  domain: {card["domain"]}{card["#domain"]}\n'
            f"topics: [{card['topics']}]{card['#topics']}\n{related}"
            f"{secured}---\n"
        )

    def _write(self, file: str, source: bytes) -> None:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            path.unlink()
        path.write_bytes(source)
        self._sources[file] = source
        self._touch(file)

    def _touch(self, file: str = "") -> None:
        """Give a file another time than any had: two changes may be within a tick of the clock."""
        self._tick += 1
        os.utime(self.folder / (file or self._any()), (self._tick, self._tick), follow_symlinks=False)

    def _nothing(self) -> None:
        pass

    def _any(self) -> str:
        return self.rng.choice(sorted(self.cards))

    def _edit(self) -> None:
        """Give one value, or a few, of a card those of another, or new ones."""
        file, before = self._any(), dict(self.cards)
        old = before[file]
        self._make(file)
        new = self.cards[file]
        names = self.rng.sample(sorted(new), self.rng.randint(1, 3))
        self.cards[file] = {name: (new if name in names else old).get(name, "") for name in new}
        self._write(file, self._text(file).encode())

    def _relate(self) -> None:
        """List a card in another one, and perhaps that one in turn."""
        one, two = self._any(), self._any()
        for here, there in ((one, two), (two, one))[: self.rng.randint(1, 2)]:
            mine, self.cards = self.cards, {there: self.cards[there]}
            entry = self._entry("")
            self.cards = mine
            self.cards[here]["related"] += entry
            self._write(here, self._text(here).encode())

    def _swap(self) -> None:
        """Swap two files, with or without their times."""
        one, two = self._any(), self._any()
        if one == two:
            return
        os.rename(self.folder / one, self.folder / "swap")
        os.rename(self.folder / two, self.folder / one)
        os.rename(self.folder / "swap", self.folder / two)
        self.cards[one], self.cards[two] = self.cards[two], self.cards[one]
        self._sources[one], self._sources[two] = self._sources[two], self._sources[one]

    def _delete(self) -> None:
        if len(self.cards) > 3:
            file = self._any()
            os.unlink(self.folder / file)
            del self.cards[file], self._sources[file]

    def _add(self) -> None:
        if free := sorted({*FILES} - self.cards.keys()):
            self._make(self.rng.choice(free))

    def _rename(self) -> None:
        if free := sorted({*FILES} - self.cards.keys()):
            old, new = self._any(), self.rng.choice(free)
            (self.folder / new).parent.mkdir(parents=True, exist_ok=True)
            os.rename(self.folder / old, self.folder / new)
            self.cards[new] = self.cards.pop(old)
            self._sources[new] = self._sources.pop(old)

    def _copy(self) -> None:
        """Make a twin of a card."""
        if free := sorted({*FILES} - self.cards.keys()):
            old, new = self._any(), self.rng.choice(free)
            self.cards[new] = dict(self.cards[old])
            self._write(new, self._sources[old])

    def _break(self) -> None:
        file = self._any()
        text = self._text(file).encode()
        ways: list[bytes | None] = [
            text.replace(b"quality: ", b"quality: [", 1),
            text.removesuffix(b"---\n"),
            text.replace(b"category: news", b"category: n\xffws", 1),
            text[:60],
            b"",
            b"no card\n",
            b"---\nwebUrl: https://a.example/2\nx: [\n---\n",
            text + b"\xff",
            text + b"Old wells.\n",
            text + text,
            text.replace(b"\n", b"\r\n"),
        ]
        if self.odd:
            ways += [b"\xef\xbb\xbf" + text, text.replace(b"\nheat: ", b"\ntitle: Wells\nheat: "), None]
        source = self.rng.choice(ways)
        if source is not None:
            self._write(file, source)
            return
        os.unlink(self.folder / file)  # a link that leads nowhere
        os.symlink("nowhere.md", self.folder / file)

    def _repair(self) -> None:
        file = self._any()
        self._write(file, self._text(file).encode())
