"""Links in a terminal: around titles and URLs, safe whatever a card says, and nowhere else."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment, Segments

from newscards.output.terminal.console import linked, make_console
from tests.conftest import MakeCorpus, Run
from tests.support import card
from tests.support.terminal import run_in_terminal

LINK = re.compile(r"\x1b\]8;;([!-~]+)\x1b\\([^\x1b]*(?:\x1b\[[0-9;]*m[^\x1b]*)*)\x1b\]8;;\x1b\\")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
GAUGES = "https://www.tide.example/gauges"


def links(screen: str) -> list[tuple[str, str]]:
    """Return the links on a screen: where each leads, and its text."""
    assert "\x1b]" not in LINK.sub("", screen)
    return [(url, ESCAPE.sub("", text)) for url, text in LINK.findall(screen)]


def without(screen: str) -> str:
    return ESCAPE.sub("", LINK.sub(r"\2", screen))


def made(url: str) -> str:
    """Return what is written of a text that is to lead to a URL."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, color_system="standard", width=80)
    console.print(Segments(linked([Segment("text")], url)), end="")
    return stream.getvalue()


@pytest.fixture
def corpus(make_corpus: MakeCorpus) -> Path:
    entry = "\n  - title: Ebb\n    webUrl: https://ebb.example/1\n  - title: No URL"
    return make_corpus(
        {
            "a.md": card(
                related=entry, title="A title that is far too long for any column of a terminal that narrow"
            ),
            "b.md": card(webUrl=None, originalUrl="https://www.youtube.example/watch?v=1", type="video"),
            "c.md": card(webUrl="https://www.tide.example/a b", originalUrl=None),
            "d.md": card(webUrl='"javascript:alert(1)"', originalUrl=None),
        }
    )


def test_titles_of_a_list_lead_to_the_cards_pages(corpus: Path) -> None:
    _, screen = run_in_terminal(["list"], cwd=corpus, color=True)
    found = dict(links(screen))
    assert list(found) == [GAUGES, "https://www.youtube.example/watch?v=1", "https://www.tide.example/a%20b"]
    assert found[GAUGES].startswith("A title that is far")
    assert found[GAUGES].endswith("…")
    assert without(screen) == run_in_terminal(["list"], cwd=corpus)[1]


def test_columns_that_are_named_lead_to_what_they_say_and_a_title_to_its_page(corpus: Path) -> None:
    _, screen = run_in_terminal(
        ["list", "a.md", "--columns", "id,images[0].url,title"], cwd=corpus, color=True
    )
    assert [url for url, _ in links(screen)] == ["https://www.tide.example/gauges.jpg", GAUGES]


def test_urls_and_related_titles_of_a_card_are_links(corpus: Path) -> None:
    _, screen = run_in_terminal(["show", "a"], cwd=corpus, color=True)
    assert links(screen) == [
        (GAUGES, GAUGES),
        ("https://www.tide.example/gauges.jpg", "https://www.tide.example/gauges.jpg"),
        ("https://ebb.example/1", "Ebb"),
    ]
    assert without(screen) == run_in_terminal(["show", "a"], cwd=corpus)[1]


def test_the_same_output_is_the_same_bytes(corpus: Path) -> None:
    first, second = (run_in_terminal(["show", "a", "b", "c"], cwd=corpus, color=True) for _ in range(2))
    assert first == second


def test_there_are_links_only_in_a_terminal_that_gets_colour(
    corpus: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for args in (["list", "--format", "table"], ["show", "a"]):
        assert "\x1b]" not in run(*args).out
        assert "\x1b]" not in run(*args, "--color", "always").out
        assert "\x1b]" not in run_in_terminal([*args, "--color", "never"], cwd=corpus, color=True)[1]
        assert "\x1b]" in run_in_terminal([*args, "--color", "always"], cwd=corpus)[1]  # above NO_COLOR


@pytest.mark.parametrize(("term", "has"), [("dumb", False), ("linux", False), ("xterm", True)])
def test_a_terminal_that_would_show_the_escapes_gets_none(
    monkeypatch: pytest.MonkeyPatch, term: str, has: bool
) -> None:
    from newscards.output.terminal.console import has_links

    monkeypatch.setenv("TERM", term)
    ours, theirs = os.openpty()
    with open(ours, closefd=True), open(theirs, "w", closefd=True) as stream:
        assert has_links(make_console(stream, color=True)) is has
        assert not has_links(make_console(stream, color=False))
    assert not has_links(make_console(io.StringIO(), color=True))


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://a.example", "http://a.example"),
        ("HTTPS://A.example/x?y=1;z#f", "HTTPS://A.example/x?y=1;z#f"),
        ("https://a.example/ü b", "https://a.example/%C3%BC%20b"),
        ("https://a.example/\x1b]8;;\x07\x9c\n", "https://a.example/%1B]8;;%07%C2%9C%0A"),
        ("https://a.example/\ud800", "https://a.example/?"),
        ("https://a.example/" + "x" * 2065, "https://a.example/" + "x" * 2065),
        ("https://a.example/" + "x" * 2066, ""),
        ("https://a.example/" + "ü" * 400, ""),
        ("https://", ""),
        ("https:///etc/passwd", ""),
        ("https:// a", ""),
        (" https://a.example", ""),
        ("ftp://a.example", ""),
        ("file:///etc/passwd", ""),
        ("javascript:alert(1)", ""),
        ("www.a.example", ""),
        ("", ""),
    ],
)
def test_only_urls_of_the_web_are_links_and_nothing_in_them_is_an_escape(url: str, target: str) -> None:
    assert made(url) == (f"\x1b]8;;{target}\x1b\\text\x1b]8;;\x1b\\" if target else "text")


def url_texts() -> Iterator[st.SearchStrategy[str]]:
    yield st.text()
    yield st.text().map("https://a".__add__)
    yield st.text(alphabet=["\x1b", "]", "\\", "\x07", ";", "\x9c", "\x9d", "\n", "\x00", "%", "é"]).map(
        "http://a".__add__
    )


@given(st.one_of(*url_texts()))
@example("https://a\x1b\\")
def test_nothing_of_a_card_gets_out_of_a_link(url: str) -> None:
    written = made(url)
    assert without(written) == "text"
    assert all(len(target) <= 2083 for target, _ in links(written))
