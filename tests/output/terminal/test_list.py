"""``list`` as people see it: a table as wide as their terminal, colour, and the progress bar."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newscards.text import one_line
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, ROOT, card, matches_snapshot
from tests.support.terminal import run_in_terminal

PROPERTY = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
HEADINGS = ["Date", "Qual", "Heat", "Provider", "Topics", "Title"]
LINK = re.compile(r"\x1b\]8;;[!-~]*\x1b\\")
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")
# Of a removed card, hidden ones and shown ones, of all sorts of providers.
CHOICE = ["list", "sample_data", "--since", "2023-10", "--until", "2024-06"]


def width(text: str) -> int:
    """Return how many columns of a terminal a text takes (Unicode TR11), for the texts that are used here."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1
        for sign in text
    )


@pytest.mark.parametrize("columns", [40, 80, 120])
def test_a_listing_in_a_terminal(columns: int) -> None:
    code, screen = run_in_terminal(CHOICE, cwd=ROOT, columns=columns)
    assert code == 0
    assert max(map(width, screen.splitlines())) <= columns
    matches_snapshot(f"list-{columns}.txt", screen)


def test_a_listing_of_chosen_columns_in_a_terminal() -> None:
    args = [*CHOICE, "--columns", "quality,provider.domain,title,images[0].width", "--sort", "-quality"]
    code, screen = run_in_terminal([*args, "--limit", "5"], cwd=ROOT)
    assert code == 0
    matches_snapshot("list-columns.txt", screen)


def test_a_listing_in_colour() -> None:
    code, screen = run_in_terminal([*CHOICE, "--limit", "6"], cwd=ROOT, columns=100, color=True)
    assert code == 0
    plain = run_in_terminal([*CHOICE, "--limit", "6"], cwd=ROOT, columns=100)[1]
    assert ESCAPE.sub("", LINK.sub("", screen)) == plain
    # Only the sixteen colours of the terminal's own theme: no 38;5 and no 38;2.
    assert {code for found in ESCAPE.findall(screen) for code in found[2:-1].split(";")} <= {
        "0", "1", "2", "31", "32", "33", "34", "35", "36",
    }  # fmt: skip
    matches_snapshot("list-color.txt", screen.replace("\x1b", "␛"))


WIDE = {
    "a": card(
        title="日本語のニュースカード第一号と第二号と第三号",
        provider="\n  name: 東京新聞社ウェブ編集部デスク",
    ),
    "b": card(title="Boats 🚢⚓🌊 and more boats 🚢⚓🌊🚢⚓🌊🚢⚓", provider="\n  name: Tide 🌊"),
    "c": card(title="Cafe\u0301s of the coast, re\u0301sume\u0301 of a season by the sea", heat="-1"),
    "d": card(title="Plain", quality="149", published="false", provider="\n  name: N"),
    "e": card(title='""', heat="12345", published="false\nremoved: true"),
    "f": card(title=None, publishedDateTime=None, quality=None, heat=None, provider=None, topics=None),
}


def test_wide_characters_stay_aligned(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({f"{name}.md": text for name, text in WIDE.items()})
    code, screen = run_in_terminal(["list"], cwd=folder, columns=90)
    assert code == 0
    head, *rows = screen.splitlines()[:-2]
    assert len(rows) == len(WIDE)
    for row in rows:
        for start in (head.index("Provider"), head.index("Title")):
            cut = next(at for at in range(len(row) + 1) if width(row[:at]) >= start)
            assert (width(row[:cut]), row[cut - 2 : cut]) == (start, "  ")
        assert width(row) <= 90
    matches_snapshot("list-wide.txt", screen)


def table(run: Run, monkeypatch: pytest.MonkeyPatch, columns: int, *args: str) -> list[str]:
    """Return the lines of a table in so many columns."""
    monkeypatch.setenv("COLUMNS", str(columns))
    result = run("list", *args, "--format", "table")
    assert (result.code, result.err) == (0, "")
    return result.out.splitlines()


LONG = card(
    title="A title that no terminal of the usual width has the room for, however its other columns give way",
    provider="\n  name: The Provider of Long Names",
    topics="[Oceans, Shipping, Ports, Fisheries]",
)


def test_columns_leave_in_their_order_as_the_terminal_gets_narrow(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"a.md": LONG, "b.md": card(provider="{name: Ebb}", topics="[Ports]")})
    shown: list[list[str]] = []
    for columns in range(200, 12, -1):
        head, *rows = table(run, monkeypatch, columns)
        headings = head.split()
        assert max(map(width, [head, *rows])) <= columns
        assert columns - head.index("Title") >= (32 if len(headings) > 1 else 10)
        if not shown or headings != shown[-1]:
            shown.append(headings)
    leaving = ["Topics", "Heat", "Provider", "Qual", "Date"]
    assert shown == [[name for name in HEADINGS if name not in leaving[:gone]] for gone in range(6)]


SIGNS = st.sampled_from([*"abc XYZ-.,:[]/\\'\"“”é", "日", "本", "🚢", "ｆ", "\u0301"])
TITLES = st.lists(st.text(SIGNS, max_size=90), min_size=1, max_size=4)
COLUMNS = ["id,title", "title,id,title,provider.name,webUrl,topics,heat,quality", "id,quality"]


@PROPERTY
@given(titles=TITLES, columns=st.integers(1, 200), names=st.sampled_from(["", "title"]))
@example(titles=["日" * 90], columns=30, names="")
def test_a_table_is_never_wider_than_the_terminal(
    run: Run,
    make_corpus: MakeCorpus,
    monkeypatch: pytest.MonkeyPatch,
    titles: list[str],
    columns: int,
    names: str,
) -> None:
    put_titles(make_corpus, titles)
    lines = table(run, monkeypatch, columns, "--columns", names)
    assert max(map(width, lines)) <= columns
    rows = lines[1 : 1 + len(titles)]
    assert len(rows) == len(titles)
    if columns >= 80 and not names:
        assert {row[0] for row in rows} == {"●"}
        assert all(row[3:13] == "2023-06-20" for row in rows)


@PROPERTY
@given(titles=TITLES, columns=st.integers(1, 200), names=st.sampled_from(COLUMNS))
@example(titles=["🚢" * 90, "x"], columns=31, names="title,id")
def test_chosen_columns_that_have_no_room_are_lists_in_which_nothing_is_cut(
    run: Run,
    make_corpus: MakeCorpus,
    monkeypatch: pytest.MonkeyPatch,
    titles: list[str],
    columns: int,
    names: str,
) -> None:
    put_titles(make_corpus, titles)
    lines = table(run, monkeypatch, columns, "--columns", names)
    headings = names.split(",")
    if [*map(len, lines[0].split())] == [*map(len, headings)]:  # a table
        assert max(map(width, lines)) <= columns
        assert lines[1 + len(titles)] == ""
    else:
        start = max(map(len, headings)) + 2
        shown = [line[start:].rstrip() for line in lines if line.startswith("title ")]
        expected = [one_line(title).rstrip() for title in titles for name in headings if name == "title"]
        assert shown == [each for each in expected if each]


def put_titles(make_corpus: MakeCorpus, titles: list[str]) -> None:
    """Make a corpus of cards with these titles, and no others."""
    for old in make_corpus({}).iterdir():
        old.unlink()
    make_corpus({f"{at}.md": card(title=repr_yaml(title)) for at, title in enumerate(titles)})


def repr_yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def test_a_text_is_cut_only_where_it_does_not_fit(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"a.md": card(title="x" * 50)})
    before = table(run, monkeypatch, 200)[0].index("Title")
    assert table(run, monkeypatch, before + 50)[1].endswith(" " + "x" * 50)
    assert table(run, monkeypatch, before + 49)[1].endswith(" " + "x" * 48 + "…")


@pytest.mark.parametrize(
    ("fields", "sign"),
    [
        ({}, "●"),
        ({"published": '"false"'}, "●"),
        ({"published": "false"}, "○"),
        ({"published": ""}, "○"),
        ({"published": "false\nremoved: true"}, "✕"),
        ({"removed": "true"}, "✕"),
        ({"removed": "false"}, "●"),
        ({"removed": "'true'"}, "●"),
    ],
)
def test_the_first_column_says_what_the_site_shows(
    run: Run, make_corpus: MakeCorpus, fields: dict[str, str], sign: str
) -> None:
    make_corpus({"x.md": card(**fields)})
    assert run("list", "--format", "table").out.splitlines()[1][0] == sign


def test_the_last_line_counts(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD})
    assert run("list", "--format", "table").out.endswith("\n\n1 card: 1 published, 0 hidden\n")
    make_corpus({f"{n:04}.md": card(published="false", topics=None) for n in range(1233)})
    assert run("list", "--format", "table").out.endswith(
        "\n\n1,234 cards: 1 published, 1,233 hidden; all from Tide\n"
    )


def test_what_all_cards_have_is_named_once(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(
        {
            "a.md": card(topics="[Oceans, Ports]"),
            "b.md": card(topics="[Fish, Oceans]", provider="{name: Ebb}"),
        }
    )
    lines = run("list", "--format", "table").out.splitlines()
    assert "Oceans" not in "".join(lines[:-1])
    assert lines[-1] == "2 cards: 2 published, 0 hidden; both about Oceans"
    make_corpus({"b.md": card(topics="[Oceans, Ports]")})
    lines = run("list", "--format", "table").out.splitlines()
    assert lines[0].split() == ["Date", "Qual", "Heat", "Title"]
    assert lines[-1] == "2 cards: 2 published, 0 hidden; both from Tide, about Oceans and Ports"


def test_the_last_line_says_which_cards_it_counts(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({f"{name}.md": card(topics="[Oceans]") for name in "abcd"})
    out = run("list", "--format", "table", "--limit", "3").out
    line = "3 of 4 cards shown: 3 published, 0 hidden; all 3 from Tide, about Oceans"
    assert out.splitlines()[-1] == line
    monkeypatch.setenv("COLUMNS", "60")
    out = run("list", "--format", "table", "--limit", "3").out
    assert out.splitlines()[-2:] == line.split("; ")


def test_a_single_card_is_shown_with_all_it_has(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD})
    assert "Tide " in run("list", "--format", "table").out
    assert "all" not in run("list", "--format", "table").out


def test_what_looks_like_markup_is_text(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"x.md": card(title='"[red]x[/red] :smile: \\e[1m \\u202Ey\\tz\\n!"', topics="[a, 1, b]")})
    row = table(run, monkeypatch, 100)[1]
    assert row.endswith("  [red]x[/red] :smile: \\x1b[1m \\u202ey z !")


def test_no_card_is_an_empty_answer_in_a_terminal_too(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    assert run_in_terminal(["list", "--min-quality", "999"], cwd=folder) == (0, "note: no card matches\n")
    code, screen = run_in_terminal(["list", "--topic", "Ocaens"], cwd=folder)
    assert (code, screen) == (0, "note: no card has the topic `Ocaens`; did you mean `Oceans`?\n")


@pytest.mark.parametrize(
    "name", ["2023-06-20", ".nan", "!!binary aGk=", "5", "true", "[a, b]", "{a: .inf}", "", "'[x]'"]
)
def test_a_providers_name_that_is_no_text_is_shown_as_in_the_other_formats(
    run: Run, make_corpus: MakeCorpus, name: str
) -> None:
    make_corpus({"a.md": CARD, "x.md": card(provider=f"\n  name: {name}")})
    expected = run("list", "x.md", "--columns", "provider.name").out.strip()
    result = run("list", "--format", "table")
    assert (result.code, result.err) == (0, "")
    assert f"  {expected}  " in result.out.splitlines()[2]


def test_a_year_has_four_digits(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "x.md": card(publishedDateTime="0099-01-01T00:00:00Z")})
    assert "  0099-01-01  " in run("list", "--format", "table").out.splitlines()[2]


@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv", "tsv", "paths", "ids"])
def test_colour_is_for_tables_where_it_is_asked_for(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    make_corpus({"x.md": CARD})
    plain = run("list", "--format", form).out
    assert "\x1b" not in plain

    def colored(*args: str) -> bool:
        out = run("list", "--format", form, *args).out
        assert ESCAPE.sub("", out) == plain
        return out != plain

    assert colored("--color", "always") is (form == "table")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert colored() is (form == "table")
    assert not colored("--color", "never")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not colored()
    assert colored("--color", "always") is (form == "table")


_IMPATIENT = (
    "import sys; from newscards import cli; from newscards.output import ui; ui._PROGRESS_DELAY = -1;"
    "sys.exit(cli.main(sys.argv[1:]))"
)


@pytest.mark.parametrize(("args", "bar"), [([], True), (["-q"], False)])
def test_the_progress_bar_is_on_standard_error_alone(args: list[str], bar: bool) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", _IMPATIENT, "list", "sample_data", "--format", "ids", *args]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=theirs
    ) as process:
        out, _ = process.communicate()
    os.close(theirs)
    screen = b""
    with contextlib.suppress(OSError):  # Linux: EIO when all is read
        while data := os.read(ours, 1 << 16):
            screen += data
    os.close(ours)
    assert process.returncode == 0
    assert out.decode().splitlines() == sorted(
        path.stem for path in (ROOT / "sample_data/_news").glob("*.md")
    )
    assert (b"Reading cards" in screen) is bar


def test_no_progress_bar_is_shown_where_the_work_is_short(make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"x.md": CARD})
    assert run_in_terminal(["list", "--format", "ids"], cwd=folder, color=True) == (0, "x\n")
