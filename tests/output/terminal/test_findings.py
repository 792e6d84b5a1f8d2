"""Findings as people see them: snapshots at 80 columns, and what holds of every excerpt."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from newscards.lint.findings import Finding, Severity, Summary
from newscards.output.terminal.findings import (
    _NARROW,
    Excerpt,
    cut_source_line,
    finding_text,
    summary_text,
)
from newscards.output.terminal.page import Page
from newscards.rules import RULES
from newscards.text import one_line
from tests.conftest import MakeCorpus, Run
from tests.lint.test_linter import apart
from tests.rules.cases import ENTRY, block, listing, replaced, with_entry, with_lines
from tests.support import CARD, card, matches_snapshot

AS_NEWS = ("--select", "NC,NC2")
"""The options with which cards outside of a collection are taken for those of a ``_news``."""

BROKEN: dict[str, str | bytes] = {
    "102.md": b"---\ncategory: news\ntitle: Caf\xe9\n---\n",
    "103-a.md": "",
    "103-b.md": "title: Tide\n---\n",
    "103-c.md": CARD.removesuffix("---\n"),
    "104-a.md": card(title='"never closed'),
    "104-b.md": card(title="Ports: a survey"),
    "104-c.md": card(topics="\n  - Oceans\n\t- Science"),
    "105.md": block("- title: Tide\n"),
    "106.md": block(f"a: {'[' * 100}\n"),
    "107.md": card(quality="35\nquality: 67"),
    "108-a.md": f"\ufeff{CARD}",
    "108-b.md": f"\n{CARD}",
    "109.md": card(title='&first "Tide"'),
    "110.md": replaced("quality: 67\n", "quality: 67\r"),
    "111.md": card(type="article # newscards: ignore[NC2]"),
    "112.md": replaced("topics:", "---\ntopics:"),
    "113.md": f"{CARD}Ask the harbour master for a better picture.\n",
    "114.md": f"{CARD}---\nlayout: news\n---\n",
    "201.md": card(published='"false"'),
    "202.md": card(published="no", heat="-1"),
    "203.md": card(published="true\ndate: 2199-01-01"),
    "206.md": card(published="true\ndate: soon"),
    "207.md": card(removed="true"),
    "208.md": card(excerpt=":-)"),
    "301-a.md": card(published=None),
    "301-b.md": with_entry("      domain: tide.example\n", ""),
    "302-a.md": card(heat='"67"'),
    "302-b.md": replaced('excerpt: "Old wells, new sensors."', "excerpt:"),
    "302-c.md": card(quality="|-\n  67"),
    "303.md": replaced("published: true", "publishd: false"),
    "304.md": with_lines("author: Ann\n"),
    "305.md": replaced("  domain: tide.example", "domain: tide.example"),
    "306.md": card(related=listing(ENTRY.replace("    type:", "  - type:"))),
    "401.md": card(publishedDateTime="2023-13-45 # carnival"),
    "402.md": replaced("width: 1200", "width: 0"),
    "403.md": card(type="Article"),
    "404.md": card(topics="[]"),
    "417.md": card(heat="0104"),
    "418.md": card(publishedDateTime="0001-01-01T00:00:00+14:00"),
    "419.md": card(publishedDateTime="2023-06-20 17:44:00 +0200"),
    "507.md": card(excerpt="Wells #1 to #7"),
    "508.md": card(title='"The tide\ufffds turn"'),
    "509.md": card(title='"<b>Tide</b> gauges"'),
    "510.md": card(title='"Tide gauges\\nrise"'),
    "511.md": card(title="“Tide gauges rise”"),
    "512.md": card(title='Tide gauges fall"'),
    "405.md": card(webUrl="www.tide.example/gauges"),
    "406.md": replaced("domain: tide.example", "domain: https://tide.example/"),
    "407.md": card(secured='"AAAA"'),
    "408.md": card(webUrl='"https://www.tide.example/old gauges"'),
    "409.md": card(publishedDateTime="2023-06-20T15:44:00"),
    "410.md": card(publishedDateTime="2199-06-20T15:44:00Z"),
    "411.md": card(heat="60"),
    "412.md": card(heat="-1"),
    "413.md": replaced("domain: tide.example", "domain: ebb.example"),
    "414.md": card(ampWebUrl='"https://www.tide.example/amp"'),
    "415.md": card(webUrl='"http://www.tide.example/gauges"'),
    "416.md": replaced("width: 1200", "width: 64"),
    "501.md": card(title='"The tide&#8217;s turn"'),
    "502.md": card(title='"Tide gauges rise "'),
    "503.md": card(title='"Tide\u200b gauges"'),
    "504.md": card(title='"The tide\xe2\u20ac\u2122s turn"'),
    "505.md": card(title='"TIDE GAUGES GET A SECOND LIFE"'),
    "506.md": card(topics="[Oceans, Science, Oceans]"),
    "603.md": card(related=listing(ENTRY.replace('north"', '603"')), webUrl='"https://www.tide.example/603"'),
    "604.md": card(related=listing(ENTRY.replace('north"', '604"') * 2)),
    "605.md": card(related=listing(ENTRY)),
    "607.md": card(related=listing(ENTRY.replace('north"', '607"'), ENTRY.replace("60\n", "90\n", 1))),
    "2023-06-27-610.md": CARD,
    "sound.md": CARD,
}
BROKEN = apart(BROKEN)

UNSEEN: dict[str, str | bytes] = {
    "_204.md": card(title='"Old wells"', webUrl='"https://www.tide.example/204"', secured=None),
    "205/_config.yml": "collections: {news: {output: true}}\nunpublished: true\n",
    "205/_news/205.md": card(published="false", heat="0"),
    "209/_news/209.md": card(
        published="false", title='"209"', webUrl='"https://www.tide.example/209"', heat="0"
    ),
    "209/_news/209.md.orig": CARD,
}
"""What only shows in a site, or where a card is named that is not looked for."""


def test_every_kind_of_finding_is_told(make_corpus: MakeCorpus, run: Run) -> None:
    os.symlink("gone.md", make_corpus(BROKEN | UNSEEN) / "101.md")
    result = run("validate", *AS_NEWS, ".", "_204.md")
    assert (result.code, result.err) == (1, "")
    told = set(re.findall(r"^(?:error|warning)\[(NC\d+)\]", result.out, re.MULTILINE))
    assert told >= {rule.code for rule in RULES if rule.code < "NC6" or rule.corpus is None}
    matches_snapshot("validate-broken.txt", result.out)


HOSTILE: dict[str, str | bytes] = {
    "a.md": card(type=r'"\e[31m\e]0;own\a\u202e[bold red]news[/]:smile:\r\nerror: all is lost"'),
    "b.md": with_lines('"\\e[2J[link=https://x]\\n\\u2066key": 1\n'),
    "c.md": card(title='"\x1b[31m"'),
    "d.md": card(title='"\u202edne\u2069\u200f\ufeff"', quality='"\u2028\x85\r\u202e67"'),
    "\x1b[31m\u202e[bold]\n.md": card(heat="x"),
}
HOSTILE = apart(HOSTILE)


def test_nothing_of_a_card_reaches_the_terminal_as_more_than_text(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(HOSTILE)
    result = run("validate", *AS_NEWS)
    assert not re.search(
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]", result.out
    )
    assert result.out.count("\n\n") == result.out.count("--> ")  # no finding has lines of its own
    matches_snapshot("validate-hostile.txt", result.out)


def test_in_colour_a_card_brings_no_escape_of_its_own(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(HOSTILE)
    plain, colored = run("validate").out, run("--color", "always", "validate").out
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == plain


def test_a_path_that_is_not_utf8_is_shown_with_a_replacement(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({os.fsdecode(b"caf\xe9.md"): card(quality='"67"')})
    assert b" --> caf\xef\xbf\xbd.md:9:10 (published)\n" in run("validate").raw


LONG: dict[str, str | bytes] = {
    "beginning.md": card(webUrl='"ftp://tide.example/' + "abcdefghi/" * 20 + '"'),
    "end.md": card(provider='{name: "' + "Tide and Ebb " * 12 + '", domain: x}'),
    "inside.md": card(images='[{title: "' + "漢字" * 30 + '", url: ftp, width: 1}] # ' + "語" * 30),
    "just.md": card(webUrl='"ftp://' + "a" * 60 + '"'),
    "nearly.md": card(webUrl='"ftp://' + "a" * 61 + '"'),
}
LONG = apart(LONG)


def test_a_long_line_is_cut_around_the_place(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(LONG)
    out = run("validate").out
    assert max(cell_len(line) for line in out.splitlines() if re.match(r" *\d* \| ", line)) <= 80
    matches_snapshot("validate-long-lines.txt", out)


@pytest.mark.parametrize("character", ["漢", "😀", "é", "\u2028", "\x85"])
@pytest.mark.parametrize("columns", [46, 80, 81, 200])
def test_no_line_of_a_card_is_wider_than_the_terminal(
    character: str, columns: int, make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    make_corpus(
        {"a.md": card(type=f'"{character * 150}"', provider=f'{{name: "{character * 150}", domain: x}}')}
    )
    lines = [line for line in run("validate").out.splitlines() if re.match(r" *\d* \| ", line)]
    assert lines
    assert not [cell_len(line) for line in lines if cell_len(line) > columns]


OTHER = apart({"b.md": CARD})["b.md"]
SUMMARIES = [
    ({"a.md": CARD}, 0, "1 card checked: all fine."),
    ({"a.md": CARD, "b.md": OTHER}, 0, "2 cards checked: all fine."),
    ({"a.md": card(heat="x"), "b.md": OTHER}, 1, "Found 1 error in 1 of 2 cards. 1 is in a published card."),
    ({"a.md": card(heat="x", quality="y")}, 1, "Found 2 errors in 1 of 1 card. 2 are in published cards."),
    ({"a.md": with_lines("x: 1\n").replace(": true", ": false").replace("heat: 67", "heat: -1")}, 0,
     "Found 1 warning in 1 of 1 card."),
    (apart({"a.md": with_lines("x: 1\n"), "b.md": card(heat="x"), "c.md": with_lines("y: 1\n")}), 1,
     "Found 1 error and 2 warnings in 3 of 3 cards. 3 are in published cards."),
]  # fmt: skip


@pytest.mark.parametrize(("files", "code", "summary"), SUMMARIES)
def test_the_last_line_is_the_summary(
    files: dict[str, str | bytes], code: int, summary: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(files)
    result = run("validate")
    assert (result.code, result.out.splitlines()[-1], result.err) == (code, summary, "")


def test_nothing_to_check_is_fine(run: Run) -> None:
    result = run("validate", "-", stdin=b"")
    assert (result.code, result.out) == (0, "0 cards checked: all fine.\n")


def test_thousands_are_set_apart() -> None:
    assert summary_text(Page(), Summary(cards=5632)) == "5,632 cards checked: all fine.\n"


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        (
            (2, 31, 12, 3, 4),
            "4 are in published cards.\n12 are fixable with --fix, 3 more with --unsafe-fixes.\n",
        ),
        ((2, 31, 0, 3, 1), "1 is in a published card.\n3 are fixable with --unsafe-fixes.\n"),
        ((2, 31, 1, 0, 0), "1 is fixable with --fix.\n"),
        ((2, 31, 1, 2000, 0), "1 is fixable with --fix, 2,000 more with --unsafe-fixes.\n"),
        ((2, 31, 0, 0, 0), ""),
    ],
)
def test_the_summary_says_what_is_published_and_what_can_be_fixed_and_breaks_at_a_sentence(
    counts: tuple[int, ...], text: str
) -> None:
    summary = Summary(4958, 30, *counts)
    found = f"Found 2 errors and 31 warnings in 30 of 4,958 cards. {text}".strip()
    wrapped = summary_text(Page(80), summary)
    assert wrapped.split() == found.split()
    assert max(map(len, wrapped.splitlines())) <= 80
    assert all(line.endswith(".") for line in wrapped.splitlines())
    assert summary_text(Page(1000), summary).count("\n") == 1
    colored = summary_text(Page(80, colored=True), summary)
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == wrapped


def finding(source: str, column: int, end_column: int, end_line: int = 1) -> Finding:
    return Finding(
        RULES[0].rule_name,
        Severity.ERROR,
        "a.md",
        1,
        column,
        end_line,
        end_column,
        source,
        "",
        "message",
        "help",
    )


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        (finding('quality: "67"', 10, 14), ('quality: "67"', 9, 4)),
        (finding("title:", 7, 7), ("title:", 6, 1)),
        (finding("", 1, 1), ("", 0, 1)),
        (finding("a: |", 4, 3, end_line=2), ("a: |", 3, 1)),
        (finding("漢字: x", 5, 6), ("漢字: x", 6, 1)),
        (finding("\x1b[1m: x", 7, 8), ("\\x1b[1m: x", 9, 1)),
        (finding("a\tb: x", 6, 7), ("a b: x", 5, 1)),
    ],
)
def test_carets_stand_below_the_place(each: Finding, expected: tuple[str, int, int]) -> None:
    excerpt = cut_source_line(each, 77)
    assert (line_of(excerpt), excerpt.start, excerpt.width) == expected


def line_of(excerpt: Excerpt) -> str:
    return excerpt.before + excerpt.marked + excerpt.after


SIGNS = [
    ('title: "Tide "', 13, 14, "·"),
    ('title: "  Tide"', 9, 11, "··"),
    ("title: Tide\r  gauges", 12, 13, r"\r"),
    ('url: "a\tb"', 8, 9, r"\t"),
    ('title: "Tide\u200b"', 13, 14, "<U+200B>"),
    ('title: "Tide\xa0"', 13, 14, "<U+00A0>"),
    ('title: "Ti\xadde"', 11, 12, "<U+00AD>"),
    ('title: "\ufeffTide"', 9, 10, "<U+FEFF>"),
    ('title: "Tide\u2028"', 13, 14, "<U+2028>"),
    ('title: "\u202eTide"', 9, 10, "<U+202E>"),
    ('title: "\x1b[1m"', 9, 10, "<U+001B>"),
    ('title: "Tide\u3000\x85 "', 13, 16, "<U+3000><U+0085>·"),
    ('title: "\U000e0041"', 9, 10, "<U+E0041>"),
]


@pytest.mark.parametrize(("source", "column", "end_column", "signs"), SIGNS)
@pytest.mark.parametrize("before", ["", "漢字 😀 e\u0301 ", "a\tb " * 40, "漢" * 50])
@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_what_cannot_be_seen_has_a_sign_above_the_carets(
    source: str, column: int, end_column: int, signs: str, before: str, width: int
) -> None:
    each = finding(before + source, len(before) + column, len(before) + end_column)
    lines = finding_text(Page(width), each).splitlines()
    line, carets = (text[4:] for text in lines[3:5])
    assert cell_len(lines[3]) <= width
    assert cells(line, carets.index("^"), len(carets)) == signs
    assert len(carets.strip()) == cell_len(signs)


def test_a_line_end_has_a_sign() -> None:
    excerpt = cut_source_line(finding("  Tide", 7, 1, end_line=2), 77)
    assert excerpt == Excerpt("  Tide", r"\n", "", is_unseen=True)


def test_a_sign_is_reversed_where_there_is_colour() -> None:
    text = finding_text(Page(colored=True), finding('title: "Tide "', 13, 14))
    assert 'title: "Tide\x1b[7m·\x1b[0m"\n' in text
    assert "\x1b[7m" not in finding_text(Page(colored=True), finding('title: "Tide "', 8, 15))


def test_a_place_with_something_to_see_is_shown_as_it_is() -> None:
    assert cut_source_line(finding('title: "Tide\xa0 "', 8, 16), 77).marked == '"Tide\xa0 "'


@st.composite
def placed(draw: st.DrawFn) -> Finding:
    """Draw a line and a place in it; of characters whose width does not depend on their neighbours."""
    characters = st.sampled_from("ab: \"'漢語😀\x1b\x00\x9b\t\r\x85\u2028\u202e\u2066\ufeff\ud800…")
    source = "".join(
        draw(st.lists(characters.map(lambda each: each * draw(st.integers(1, 30))), max_size=12))
    )
    column = draw(st.integers(1, len(source) + 1))
    if draw(st.booleans()):
        return finding(source, column, draw(st.integers(1, 9)), end_line=2)
    return finding(source, column, draw(st.integers(column, len(source) + 1)))


def cells(text: str, start: int, end: int) -> str:
    """Return the characters that stand in these columns of a terminal."""
    return "".join(
        c for i, c in enumerate(text) if start <= cell_len(text[:i]) and cell_len(text[: i + 1]) <= end
    )


@given(each=placed(), room=st.integers(40, 120))
@example(each=finding("漢" * 60, 31, 60), room=76)
@example(each=finding("a" * 39 + ":", 41, 41), room=40)
@example(each=finding("a" * 41, 1, 1, end_line=2), room=40)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_an_excerpt_fits_and_its_carets_are_below_what_is_marked(each: Finding, room: int) -> None:
    excerpt = cut_source_line(each, room)
    line, start, width = line_of(excerpt), excerpt.start, excerpt.width
    end = len(each.source) if each.end_line > 1 else each.end_column - 1
    before, marked = one_line(each.source[: each.column - 1]), one_line(each.source[each.column - 1 : end])
    whole = one_line(each.source)
    if excerpt.is_unseen:
        marked = excerpt.marked
        whole = before + marked + one_line(each.source[end:])
    assert cell_len(line) <= room
    assert 1 <= width <= room - start
    assert line == one_line(line)
    if cell_len(whole) < room:
        assert line == whole
    shown_before, shown = cells(line, 0, start), cells(line, start, start + width)
    assert shown_before == before or (shown_before[0] == "…" and before.endswith(shown_before[1:]))
    if marked:
        assert shown == marked or (shown[-1] == "…" and marked.startswith(shown[:-1]))


@given(
    source=st.text(st.sampled_from("a e\u0301\u200d👩🏽🚀❤\ufe0f🇩🇪\u200b\xad\u1100\u1161"), max_size=150),
    column=st.integers(1, 150),
    length=st.integers(0, 150),
    room=st.integers(1, 90),
)
@settings(deadline=None, derandomize=True, max_examples=100)
def test_any_line_has_an_excerpt(source: str, column: int, length: int, room: int) -> None:
    excerpt = cut_source_line(finding(source, column, column + length), room)
    assert line_of(excerpt) == one_line(line_of(excerpt))
    assert excerpt.width >= 1


def test_what_is_taken_for_narrow_takes_a_column_each() -> None:
    narrow = [chr(code) for code in range(0x3000) if _NARROW.fullmatch(chr(code))]
    assert len(narrow) > 800
    assert [sign for sign in narrow if cell_len(sign) != 1] == []
    assert cell_len("".join(narrow)) == len(narrow)


WIDE = "`editor` is missing, and the configuration asks for it where `published AND quality > 80`"


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_in_a_terminal_a_line_is_broken_at_a_word(columns: int) -> None:
    path = f"_news/2023-06-20-{'a-long-name-' * 2}.md"
    wide = finding("quality: 67", 10, 12)._replace(message=WIDE, help=WIDE, path=path, is_published=True)
    plain = finding_text(Page(columns), wide)
    wrapped = finding_text(Page(columns, wraps=True), wide)
    assert wrapped.split() == plain.split()
    assert max(map(len, wrapped.splitlines())) <= columns
    lines = wrapped.splitlines()
    assert all(line.startswith(("    ", " ", "1")) for line in lines[1:-1])
    assert any(line.endswith(" (published)") or line.strip() == "(published)" for line in lines)
    assert finding_text(Page(1000, wraps=True), wide) == finding_text(Page(1000), wide)


def test_a_word_that_is_too_long_is_left_to_the_terminal() -> None:
    wide = finding("quality: 67", 10, 12)._replace(message=f"a {'x' * 200} y", help="")
    first, second, *_ = finding_text(Page(80, wraps=True), wide).splitlines()
    assert first.endswith(f": a {'x' * 200}")
    assert second == "    y"


def test_of_chosen_rules_the_summary_speaks_of_these(one_card: Path, run: Run) -> None:
    fine, chosen = "1 card checked: all fine.\n", "1 card checked: the chosen rules find nothing.\n"
    assert run("validate").out == fine
    assert run("validate", "--select", "NC3").out == chosen
    assert run("validate", "--ignore", "NC3", "--format", "concise").out == chosen
    assert run("validate", "--select", "NC3", "--statistics").out == chosen
