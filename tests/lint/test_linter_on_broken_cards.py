"""Real cards, broken in one place each: every break is told on its line, at its severity."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from newscards.frontmatter.blocks import read_whole
from newscards.frontmatter.fences import find_fences
from newscards.lint.findings import Finding
from newscards.lint.fixer import Fixer
from newscards.lint.linter import Linter
from newscards.rules.selection import every_linter

Change = Callable[[bytes], bytes]


class Mutation(NamedTuple):
    """A change of a card; the finding that is expected, and on which line of what comes out of it."""

    name: str
    change: Change
    code: str
    line: bytes | int
    """A regular expression for the beginning of the line, or its number."""
    severity: str = "error"
    also: tuple[str, ...] = ()
    """Codes of findings that follow from it."""


def to(old: str, new: str) -> Change:
    """Return the change that replaces the first match of a regular expression, which there must be."""

    def change(source: bytes) -> bytes:
        text, count = re.subn(
            old.encode(), new.encode().replace(b"\\", rb"\\"), source, count=1, flags=re.MULTILINE
        )
        assert count == 1, old
        return text

    return change


def top(field: str, new: str) -> Change:
    """Return the change that gives a top-level field another value on its line."""
    return to(rf"^{field}:.*$", f"{field}: {new}")


def twice(field: str) -> Change:
    return lambda source: re.sub(rf"^({field}:.*\n)".encode(), rb"\1\1", source, count=1, flags=re.MULTILINE)


def gone(field: str) -> Change:
    return to(rf"^{field}:.*\n(?:[ -].*\n)*", "")


W = "warning"
URL = "https://www.tide.example/x"
ANY_ENTRY = """\
related:
  - title: "A card that is not there"
    excerpt: ""
    publishedDateTime: 2001-01-01T00:00:00Z
    webUrl: "https://www.tide.example/x"
    type: article
    provider:
      name: Tide
      domain: tide.example
    quality: 9999
"""

# fmt: off
MUTATIONS = [
    # NC1, the file
    Mutation("latin-1", to('^title: "', 'title: "<E9>'), "NC102", rb"title:"),
    Mutation("empty", lambda source: b"", "NC103", 1),
    Mutation("bom", lambda source: b"\xef\xbb\xbf" + source, "NC108", 1),
    Mutation("blank line first", lambda source: b"\n" + source, "NC108", 1),
    Mutation("text first", lambda source: b"hello\n" + source, "NC103", 1),
    Mutation("fence with a comment", to("^---$", "--- # news"), "NC103", 1),
    Mutation("no closing fence", lambda source: source.rstrip().removesuffix(b"---"), "NC103", rb"secured:"),
    Mutation("lone cr everywhere", lambda source: source.replace(b"\n", b"\r"), "NC103", 1),
    Mutation("lone cr in one line", to(r"^heat: (.*)\n", "heat: 9999\r"), "NC110", rb"heat:"),
    Mutation("a list", lambda source: b"---\n- a\n---\n", "NC105", 2),
    Mutation("unclosed quote", to('^title: "', 'title: "never "closed '), "NC104", rb"title:"),
    Mutation("unclosed for good", lambda s: re.sub(rb'(?m)^title: .*$', b'title: "never closed', s), "NC104",
             rb"title:"),
    Mutation("a colon too many", top("title", "Ports: a survey"), "NC104", rb"title:"),
    Mutation("tab for indentation", to(r"^  domain:", "\tdomain:"), "NC104", rb"\tdomain"),
    Mutation("a percent sign", top("title", "% of ports"), "NC104", rb"title:"),
    Mutation("an at sign", top("title", "@ports"), "NC104", rb"title:"),
    Mutation("missing blank", to("^quality: ", "quality:"), "NC104", rb"quality:"),
    Mutation("nul", to('^title: "', 'title: "\0'), "NC104", rb"title:"),
    Mutation("escape", to('^excerpt: "', 'excerpt: "\x1b'), "NC104", rb"excerpt:"),
    Mutation("windows path", top("title", r'"D:\data"'), "NC104", rb"title:"),
    Mutation("merge", to("^heat:", "<<<<<<< HEAD\nheat:"), "NC104", rb"<<<<<<<"),
    Mutation("duplicate key", twice("quality"), "NC107", rb"quality:"),
    Mutation("duplicate nested key", to(r"^  domain: (.*)$", "  domain: x.example\n  domain: microsoft.com"),
             "NC107", rb"  domain: m"),
    Mutation("an anchor", to("^type: ", "type: &t "), "NC109", rb"type:"),
    Mutation("a tag", top("title", "!!str ports"), "NC109", rb"title:"),
    Mutation("too deep", top("title", "[" * 70 + "]" * 70), "NC106", rb"title:"),
    # NC2, the site's view
    Mutation("flag in quotes", top("published", '"false"'), "NC201", rb"published:"),
    Mutation("flag is zero", top("published", "0"), "NC201", rb"published:"),
    Mutation("flag is a list", top("published", "[false]"), "NC201", rb"published:"),
    Mutation("flag is a word", top("published", "draft"), "NC201", rb"published:"),
    Mutation("flag misspelt", to("^published:", "publishd:"), "NC303", rb"publishd:"),
    Mutation("flag capitalised", to("^published:", "Published:"), "NC303", rb"Published:"),
    Mutation("flag gone", gone("published"), "NC301", 2),
    Mutation("flag empty", top("published", ""), "NC302", rb"published:"),
    Mutation("no", top("published", "no"), "NC202", rb"published:", W),
    Mutation("on", top("published", "on"), "NC202", rb"published:", W),
    Mutation("removed and published", to("^published: true", "removed: true\npublished: true"), "NC207",
             rb"published:"),
    Mutation("scheduled", to("^published: true", "published: true\ndate: 2199-01-01"), "NC203", rb"date:",
             also=("NC304",)),
    Mutation("an impossible date", to("^published: true", "published: true\ndate: 2023-13-45"), "NC206",
             rb"date:", also=("NC304", "NC401")),
    Mutation("a ruby symbol", top("excerpt", ":-)"), "NC208", rb"excerpt:"),
    # NC3, fields
    *(Mutation(f"without {field}", gone(field), "NC301", 2)
      for field in ("category", "title", "excerpt", "publishedDateTime", "webUrl", "type", "quality", "heat",
                    "provider", "topics")),
    Mutation("without provider.name", to(r"^  name: .*\n", ""), "NC301", rb"  domain:"),
    Mutation("without provider.domain", to(r"^  domain: .*\n", ""), "NC301", rb"  name:"),
    Mutation("quality in quotes", top("quality", '"67"'), "NC302", rb"quality:"),
    Mutation("quality with a fraction", top("quality", "67.5"), "NC302", rb"quality:"),
    Mutation("title a number", top("title", "2023"), "NC302", rb"title:"),
    Mutation("misspelt", to("^quality:", "qualty:"), "NC303", rb"qualty:"),
    Mutation("misspelt nested", to("^  domain:", "  domian:"), "NC303", rb"  domian:"),
    Mutation("unknown", to("^heat:", "author: Ann\nheat:"), "NC304", rb"author:", W),
    # NC4, values
    Mutation("empty title", top("title", '""'), "NC404", rb"title:"),
    Mutation("no date", top("publishedDateTime", "2023-13-45T10:00:00Z"), "NC401", rb"publishedDateTime:"),
    Mutation("date a text", top("publishedDateTime", "yesterday"), "NC302", rb"publishedDateTime:"),
    Mutation("quality below 0", top("quality", "-5"), "NC402", rb"quality:"),
    Mutation("heat below -1", top("heat", "-2"), "NC402", rb"heat:", also=("NC412",)),
    Mutation("type", top("type", "Article"), "NC403", rb"type:"),
    Mutation("category", top("category", "sport"), "NC403", rb"category:"),
    Mutation("url without scheme", top("webUrl", '"www.tide.example/x"'), "NC405", rb"webUrl:"),
    Mutation("url with a blank host", top("webUrl", '"https://tide example/x"'), "NC405", rb"webUrl:"),
    Mutation("domain with scheme", to(r"^  domain: .*$", "  domain: https://tide.example/"), "NC406",
             rb"  domain:"),
    Mutation("no topics", to(r"^topics:\n(?:  - .*\n)+", "topics: []\n"), "NC404", rb"topics:"),
    Mutation("image without url", to("^images:\n", "images:\n  - width: 640\n"), "NC301", rb"  - width"),
    Mutation("image of no size", to("^images:\n", f'images:\n  - url: "{URL}"\n    width: 0\n'), "NC402",
             rb"    width: 0"),
    Mutation("isCached", to("^images:\n", f'images:\n  - url: "{URL}"\n    isCached: 1\n'), "NC302",
             rb"    isCached: 1"),
    Mutation("secured cut", to(r'^secured: "(.{40}).*$', 'secured: "AAAA;AAAA"'), "NC407", rb"secured:"),
    Mutation("blank in the path", top("webUrl", '"https://microsoft.com/a b"'), "NC408", rb"webUrl:", W),
    Mutation("no zone", top("publishedDateTime", "2021-07-21 16:00:03"), "NC409", rb"publishedDateTime:", W),
    Mutation("future", top("publishedDateTime", "2199-01-01T00:00:00Z"), "NC410", rb"publishedDateTime:", W),
    Mutation("heat below quality", top("heat", "1"), "NC411", rb"heat:", W),
    Mutation("published without heat", top("heat", "-1"), "NC412", rb"heat:", W),
    Mutation("foreign domain", to(r"^  domain: .*$", "  domain: tide.example"), "NC413", rb"  domain:", W),
    Mutation("lone amp", to("^webUrl:", f'ampWebUrl: "{URL}"\nwebUrl:'), "NC414", rb"ampWebUrl:", W),
    Mutation("http", top("webUrl", '"http://microsoft.com/a"'), "NC415", rb"webUrl:", W),
    Mutation("small image", to("^images:\n", f'images:\n  - url: "{URL}"\n    width: 64\n'), "NC416",
             rb"    width: 64", W),
    # NC5, text
    Mutation("entity", to('^excerpt: "', 'excerpt: "It&#8217;s '), "NC501", rb"excerpt:", W),
    Mutation("stray blank", to('^title: "', 'title: " '), "NC502", rb"title:", W),
    Mutation("zero width", to('^excerpt: "', 'excerpt: "\u200b'), "NC503", rb"excerpt:", W),
    Mutation("carriage return", to('^excerpt: "', 'excerpt: "\\r'), "NC503", rb"excerpt:", W),
    Mutation("mojibake", to('^excerpt: "', 'excerpt: "itâ€™s '), "NC504", rb"excerpt:", W),
    Mutation("capitals", top("title", '"PORTS GET A SECOND LIFE"'), "NC505", rb"title:", W),
    Mutation("repeated topic", to(r"^topics:\n", "topics:\n  - Ports\n  - ports\n"), "NC506",
             rb"  - ports", W),
    Mutation("windows path with an escape", top("title", r'"C:\Program Files"'), "NC503", rb"title:", W),
    # NC6, the corpus
    Mutation("stale", to(r"^    quality: .*$", "    quality: 9999"), "NC606", rb"    quality: 9999", W),
    Mutation("stale type", to(r"^    type: article$", "    type: video"), "NC606", rb"    type: video", W),
    Mutation("stale provider", to(r"^      name: .*$", "      name: Tide"), "NC606", rb"      name: Tide", W),
    Mutation("stale title", to(r"^  - title: .*$", '  - title: "Ports"'), "NC606", rb'  - title: "Ports"', W),
    Mutation("unknown entry", to("^related:\n", ANY_ENTRY), "NC605", rb"    webUrl: \"https://www.tide", W),
]
# fmt: on


@pytest.fixture
def stories(real_cards: Path, tmp_path: Path) -> Path:
    """Return a corpus of whole stories."""
    return Path(shutil.copytree(real_cards / "stories", tmp_path / "site" / "_news"))


@cache
def base(folder: Path) -> Path:
    """Return the published card that lists the most others."""
    cards = [path for path in sorted(folder.glob("*.md")) if b"\npublished: true\n" in path.read_bytes()]
    return max(cards, key=lambda path: path.read_bytes().count(b"\n  - title: "))


def findings(folder: Path) -> list[Finding]:
    linter = every_linter()
    for path in sorted(folder.glob("*.md")):
        linter.check(str(path))
    return linter.report().findings


@pytest.mark.exhaustive(always=30)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_break_of_a_real_card_is_told_on_its_line(
    mutation: Mutation, stories: Path, real_cards: Path
) -> None:
    card = stories / base(real_cards / "stories").name
    source = mutation.change(card.read_bytes()).replace(b"<E9>", b"\xe9")
    assert source != card.read_bytes()
    card.write_bytes(source)
    found = [each for each in findings(stories) if each.path == str(card)]
    line = mutation.line
    if isinstance(line, bytes):
        matches = [number for number, text in enumerate(source.split(b"\n"), 1) if re.match(line, text)]
        line = matches[-1] if mutation.code == "NC107" else matches[0]
    told = [(each.rule.code, each.severity.value, each.line) for each in found]
    assert (mutation.code, mutation.severity, line) in told
    errors = {each.rule.code for each in found if each.severity.value == "error"}
    assert errors <= {mutation.code, *mutation.also}


def values(source: bytes) -> dict[str, str]:
    """Return what a card says, field by field."""
    return {name: repr(value) for name, value in read_whole(find_fences(source)).values.items()}


def changed_fields(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """Return the names of the fields that differ."""
    return {name for name in before | after if before.get(name) != after.get(name)}


def fixed(folder: Path) -> Linter:
    """Return a linter whose overlay holds the cards of a folder as safe fixes change them."""
    linter = every_linter()
    for path in sorted(folder.glob("*.md")):
        linter.check(str(path))
    Fixer(linter, unsafe=False).fix()
    return linter


@pytest.mark.exhaustive(always=30)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_break_that_is_said_to_be_mended_is_and_nothing_else_changes(
    mutation: Mutation, stories: Path, real_cards: Path
) -> None:
    card = stories / base(real_cards / "stories").name
    sound = card.read_bytes()
    mended_sound = fixed(stories).overlay.get(str(card), sound)  # other fixes may reach its entries
    card.write_bytes(mutation.change(sound).replace(b"<E9>", b"\xe9"))
    linter = every_linter()
    for path in sorted(stories.glob("*.md")):
        linter.check(str(path))
    told = [each for each in linter.report().findings if each.path == str(card) and each.fix]
    touched = {str(each.steps[0]) if each.steps else "" for each in told if each.fix and each.fix.safe}
    mender = Fixer(linter, unsafe=False)
    report = mender.fix()
    assert not [each for each in report.findings if each.path == str(card) and each.fix and each.fix.safe]
    if touched and str(card) in mender.before:  # else the fix would have created a finding elsewhere
        mended, broken = linter.overlay[str(card)], card.read_bytes()
        by_others = changed_fields(values(sound), values(mended_sound))
        assert changed_fields(values(broken), values(mended)) <= touched | by_others
        assert not [
            each for each in report.findings if each.path == str(card) and each.rule.code == mutation.code
        ]
    if mutation.name in ("bom", "blank line first", "duplicate key", "repeated topic"):
        assert values(linter.overlay[str(card)]) == values(mended_sound) or mutation.name == "repeated topic"
