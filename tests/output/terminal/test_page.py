"""Text is printed as rich would print it, and rich is not imported for that."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.text import Text

from newscards.lint.findings import Finding, Report, Severity
from newscards.output.terminal.console import linked, make_console
from newscards.output.terminal.findings import (
    COLORS,
    concise_text,
    finding_text,
    statistics_text,
    summary_text,
)
from newscards.output.terminal.page import Page, plain_width, visible_width, wrapped
from newscards.rules import RULES
from newscards.text import one_line
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card

STYLES = ["bold", "blue", "green", "reverse", *COLORS.values()]
CODES = ("\x1b[1m", "\x1b[34m", "\x1b[32m", "\x1b[7m", "\x1b[1;31m", "\x1b[1;33m", "\x1b[0m")


@pytest.mark.parametrize("color", [True, False])
@given(st.lists(st.tuples(st.text(), st.sampled_from(STYLES))))
def test_a_styled_text_is_as_rich_has_it(color: bool, parts: list[tuple[str, str]]) -> None:
    parts = [(one_line(text), style) for text, style in parts]
    stream = io.StringIO()
    make_console(stream, color=color).print(Text.assemble(*parts), soft_wrap=True)
    page = Page(colored=color)
    assert "".join(page.styled(text, style) for text, style in parts) + "\n" == stream.getvalue()


findings = st.builds(
    Finding,
    st.sampled_from([rule.rule_name for rule in RULES]),
    st.sampled_from(Severity),
    st.text(min_size=1),
    line=st.integers(1, 20000),
    column=st.integers(1, 60),
    end_line=st.just(1),
    end_column=st.integers(1, 200),
    source=st.text(max_size=200),
    field=st.just(""),
    message=st.text(),
    help=st.text(),
    others=st.lists(st.tuples(st.text(), st.integers(1, 99)), max_size=5).map(tuple),
)


@given(st.lists(findings, max_size=3))
def test_colour_adds_nothing_but_colour(found: list[Finding]) -> None:
    report = Report(5, found)
    outputs = []
    for colored in (False, True):
        page = Page(80, colored)
        parts = [text(page, finding) for text in (finding_text, concise_text) for finding in found]
        outputs.append("".join([*parts, statistics_text(page, report), summary_text(page, report.summary)]))
    plain, text = outputs
    for code in CODES:
        text = text.replace(code, "")
    assert text == plain
    assert plain.replace("\n", "").isprintable() or not plain.isascii()


@pytest.mark.parametrize("columns", [None, "40", "200", "0", "x", "²"])
@pytest.mark.parametrize("lines", [None, "20"])
@pytest.mark.parametrize("term", [None, "dumb", "Unknown", "xterm"])
@pytest.mark.parametrize(
    ("variable", "value"),
    [("x", "x"), ("FORCE_COLOR", "1"), ("TTY_COMPATIBLE", "1"), ("TTY_COMPATIBLE", "0")],
)
@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize("colored", [True, False])
def test_a_page_is_as_wide_as_rich_takes_it_to_be(
    columns: str | None,
    lines: str | None,
    term: str | None,
    variable: str,
    value: str,
    is_terminal: bool,
    colored: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, text in (("COLUMNS", columns), ("LINES", lines), ("TERM", term), (variable, value)):
        monkeypatch.delenv(name, raising=False)
        if text is not None:
            monkeypatch.setenv(name, text)
    stream = io.StringIO()
    monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    try:
        expected = make_console(stream, color=colored).width
    except ValueError:  # rich takes `²` for a number
        return
    assert plain_width(is_terminal=is_terminal, colored=colored) == expected


@pytest.mark.parametrize("size", [(132, 40), (0, 0)])
def test_without_columns_the_terminal_says_how_wide_it_is(
    size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(os, "get_terminal_size", lambda stream: os.terminal_size(size))
    expected = make_console(io.StringIO(), color=False).width
    assert plain_width(is_terminal=False) == expected == (size[0] or 80)


@pytest.mark.exhaustive(always=4)
@pytest.mark.parametrize("color", ["never", "always"])
@pytest.mark.parametrize("options", [[], ["--format", "concise"], ["--statistics"], ["-q"]])
@pytest.mark.parametrize("text", [CARD, card(quality='"67"', title='"Café"')])
def test_text_does_not_import_rich(options: list[str], text: str, color: str, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(text, encoding="utf-8")
    code = "import sys; from newscards.cli import main; main(sys.argv[1:]); sys.exit('rich' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, "validate", "--color", color, *options, str(tmp_path)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_what_goes_into_a_file_has_no_colour(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(quality='"67"')})
    colored = run("validate", "--color", "always", "--output", "text:out.txt")
    assert "\x1b[" in colored.out
    assert "\x1b[" not in Path("out.txt").read_text(encoding="utf-8")


@given(st.text("ab `—漢\u00a0", max_size=60), st.integers(8, 40))
def test_a_text_is_broken_between_words_and_nothing_is_lost(text: str, width: int) -> None:
    first, *more = lines = wrapped("note: ", text, "  ", width).split("\n")
    rest = f"note: {text}"
    for line in (first, *(each.removeprefix("  ") for each in more)):
        rest = rest if line == first else rest.lstrip(" ")
        assert rest.startswith(line)
        rest = rest[len(line) :]
    assert rest.strip(" ") == ""
    for line in lines:
        assert visible_width(line) <= width or max(map(visible_width, line.split())) > width - len("note: ")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("all is well", ["note: all is well"]),
        ("all is well in here and there", ["note: all is well in", "  here and there"]),
        ("see `set x` or `set y z`.", ["note: see `set x` or", "  `set y z`."]),
        ("see `a command of several words`", ["note: see `a command", "  of several words`"]),
        ("two  blanks   and one", ["note: two  blanks", "  and one"]),
        (f"{'x' * 40} y", [f"note: {'x' * 40}", "  y"]),
    ],
)
def test_what_is_in_backquotes_stays_together_if_it_can(text: str, lines: list[str]) -> None:
    assert wrapped("note: ", text, "  ", 22).split("\n") == lines


def test_a_link_takes_no_room() -> None:
    link = "".join(segment.text for segment in linked([Segment("abc")], "https://a.example/"))
    assert visible_width(f"\x1b[1m{link}\x1b[0m") == 3
