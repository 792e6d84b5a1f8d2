"""What the listing options do, and where the cards come from: corpus, standard input."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from newscards.cards import reader
from newscards.frontmatter.limits import Limits
from newscards.output.ui import Ui
from tests.conftest import MakeCorpus, Run, nothing_listed, paths
from tests.rules.cases import ENTRY
from tests.support import CARD, card, written


def test_without_a_path_the_corpus_is_the_option_else_the_variable_else_the_current_folder(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({"a/1.md": CARD, "b/_news/2.md": CARD, "c/3.md": CARD, "d/4.md": CARD})
    assert paths(run) == ["a/1.md", "b/_news/2.md", "c/3.md", "d/4.md"]
    monkeypatch.setenv("NEWSCARDS_CORPUS", "a")
    assert paths(run) == ["a/1.md"]
    assert paths(run, "--corpus", "b") == ["b/_news/2.md"]
    assert paths(run, "--corpus", "c", "--corpus", "b") == ["c/3.md", "b/_news/2.md"]
    before = run("--corpus", "c", "--corpus", "b", "list", "--corpus", "d", "--format", "paths")
    assert before.out == "c/3.md\nb/_news/2.md\nd/4.md\n"
    assert paths(run, "--corpus", "b", "c") == ["c/3.md"]
    assert run("filter-by-topic", "oceans", "--corpus", "b", "--format", "ids").out == "2\n"
    assert nothing_listed(run("list", "--corpus", "nowhere"))
    monkeypatch.setenv("NEWSCARDS_CORPUS", "nowhere")
    assert nothing_listed(run("list"))
    assert paths(run, "d") == ["d/4.md"]
    monkeypatch.setenv("NEWSCARDS_CORPUS", "")
    assert len(paths(run)) == 4


FILES = {"a.md": CARD, "b.md": CARD, "sub/c.md": CARD, "of two words.md": CARD, "-": CARD}


@pytest.mark.parametrize(
    ("args", "stdin", "found"),
    [
        (["-"], b"b.md\na.md\n", ["b.md", "a.md"]),
        (["-"], b"b.md\r\n\r\nsub\r\n", ["b.md", "sub/c.md"]),
        (["-"], b"\n\nof two words.md", ["of two words.md"]),
        (["-"], b"a.md\na.md\n./a.md\n", ["a.md"]),
        (["-"], b"./-\n", ["./-"]),
        (["b.md", "-", "sub"], b"a.md\nb.md\n", ["b.md", "a.md", "sub/c.md"]),
        (["-", "-"], b"a.md\n", ["a.md"]),
        (["a.md", "-"], b"", ["a.md"]),
    ],
)
def test_a_dash_stands_for_the_paths_on_standard_input(
    run: Run, make_corpus: MakeCorpus, args: list[str], stdin: bytes, found: list[str]
) -> None:
    make_corpus(FILES)
    assert run("list", *args, "--format", "paths", stdin=stdin).out.splitlines() == found


def test_names_on_standard_input_may_end_with_nul(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "two\nlines.md": CARD})
    listed = run("list", "--format", "paths", "-0").raw
    assert listed == b"a.md\0two\nlines.md\0"
    assert run("list", "-", "-0", "--format", "paths", stdin=listed).raw == listed
    assert run("list", "-", "-0", "--format", "paths", stdin=b"two\nlines.md").raw == b"two\nlines.md\0"


@pytest.mark.parametrize("names", [b"a.md\0b.md\0", b"sub/a.md\0sub/b.md\0", b"a.md\n\0"])
def test_names_that_end_with_nul_where_lines_are_expected_are_an_error_that_says_what_to_do(
    run: Run, make_corpus: MakeCorpus, names: bytes
) -> None:
    make_corpus({"a.md": CARD, "b.md": CARD, "sub/a.md": CARD, "sub/b.md": CARD})
    result = run("list", "-", stdin=names)
    assert nothing_listed(result)
    assert "NUL" in result.err
    assert "-0" in result.err


@pytest.mark.parametrize("stdin", [b"", b"\n", b"\r\n\n"])
@pytest.mark.parametrize(
    ("args", "out"),
    [(["--format", "ids"], ""), (["--format", "json"], "[]\n"), (["--count"], "0\n"), ([], "")],
)
def test_empty_standard_input_is_an_empty_answer_and_never_the_whole_corpus(
    run: Run, make_corpus: MakeCorpus, stdin: bytes, args: list[str], out: str
) -> None:
    make_corpus(FILES)
    result = run("list", "-", "--corpus", "sub", *args, stdin=stdin)
    assert (result.code, result.out) == (0, out)
    assert result.err == "note: no names on standard input\n"


def test_a_missing_path_on_standard_input_is_an_error(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(FILES)
    assert nothing_listed(run("list", "-", stdin=b"a.md\nnowhere.md\n"))


@pytest.mark.parametrize(
    ("columns", "row"),
    [
        ("id", "x"),
        ("title,id", "Tide gauges get a second life\tx"),
        (" id , heat ", "x\t67"),
        ("id,id", "x\tx"),
        ("provider.name,provider.domain", "Tide\ttide.example"),
        ("topics", "Oceans, Science"),
        ("topics[0],topics[1],topics[2]", "Oceans\tScience\t"),
        ("images[0].width,images[1].width", "1200\t"),
        ("images.url", "https://www.tide.example/gauges.jpg"),
        ("images.width,images[0].isCached", "1200\ttrue"),
        ("path,published,publishedDateTime", "x.md\ttrue\t2023-06-20T15:44:00Z"),
        ("provider", '{"name": "Tide", "domain": "tide.example"}'),
        ("related,removed,ampWebUrl", "\t\t"),
    ],
)
def test_columns_are_those_that_are_asked_for(
    run: Run, make_corpus: MakeCorpus, columns: str, row: str
) -> None:
    make_corpus({"x.md": CARD})
    result = run("list", "--columns", columns)
    assert (result.code, result.out, result.err) == (0, f"{row}\n", "")


def test_a_field_that_only_some_cards_have_is_a_column_too(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"x.md": CARD, "y.md": card(mood="{kind: calm}")})
    assert run("list", "--columns", "id,mood.kind").out == "x\t\ny\tcalm\n"
    assert run("list", "--columns", "id", "--sort", "mood").out == "y\nx\n"
    # Also where the selection leaves that card out: the corpus has it.
    assert run("list", "--columns", "id,mood", "--limit", "1").out == "x\t\n"


@pytest.mark.parametrize("option", ["--columns", "--sort"])
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("titel", "did you mean `title`"), ("provider.nam", "did you mean `provider.name`"),
        ("image.url", "did you mean `images.url`"), ("moood", "did you mean `mood`"), ("Title", "`title`"),
        ("title.x", ""), ("qqqq", ""), ("images[-1]", ""), ("provider[0]x", ""),
        (".", ""), ("title]", ""), ("title.", ""), ("[title]", ""),
    ],
)  # fmt: skip
def test_a_field_that_no_card_has_is_wrong_usage_with_the_nearest(
    run: Run, make_corpus: MakeCorpus, option: str, name: str, hint: str
) -> None:
    make_corpus({"x.md": card(mood="calm")})
    result = run("list", option, f"id,{name}")
    assert nothing_listed(result)
    assert f"no card has a field `{name}`" in result.err
    assert hint in result.err


def test_a_minus_alone_is_no_field_to_sort_by(run: Run, one_card: Path) -> None:
    assert nothing_listed(run("list", "--sort", "-"))


# Each letter is a card; what it holds is in the same column below.
SORTED = {
    "a": card(quality="9", title="b", publishedDateTime="2024-01-01T00:00:00Z"),
    "b": card(quality="10", title="A", publishedDateTime="2024-01-01T01:00:00+02:00"),
    "c": card(quality=None, title="ä", publishedDateTime="2023-12-31"),
    "d": card(quality='"10"', title="B", publishedDateTime="soon"),
    "e": card(quality="9.5", title="c", publishedDateTime=None),
    "f": card(quality="", title="3", publishedDateTime="2024-01-01 00:00:00"),
    "g": card(quality="10", title="{x: y}", publishedDateTime="[2024-01-01]"),
}


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("id", "abcdefg"),
        ("-id", "gfedcba"),
        ("-path", "gfedcba"),
        ("quality", "aebgdcf"),
        ("-quality", "dbgeacf"),
        ("quality,-id", "aegbdfc"),
        ("-quality,-id", "dgbeafc"),
        ("title", "fbadecg"),
        ("-title", "gceadbf"),
        ("publishedDateTime", "cbafdge"),
        ("published,title", "fbadecg"),
        ("heat,quality, title", "aebgdfc"),
        ("topics[1],topics,-id", "gfedcba"),
        ("ampWebUrl", "abcdefg"),
        ("-ampWebUrl", "abcdefg"),
    ],
)
def test_sort_orders_by_fields_and_who_lacks_one_comes_last(
    run: Run, make_corpus: MakeCorpus, order: str, ids: str
) -> None:
    make_corpus({f"{name}.md": text for name, text in SORTED.items()})
    assert "".join(run("list", "--sort", order, "--format", "ids").out.split()) == ids


def test_sorting_is_stable_either_way_and_in_every_order_of_fields(run: Run, make_corpus: MakeCorpus) -> None:
    rows = list(itertools.product("01", repeat=3))
    make_corpus({f"{n}.md": card(quality=q, heat=h, type=t) for n, (q, h, t) in enumerate(rows)})
    signed = [(sign, at) for at in range(3) for sign in ("", "-")]
    for order in itertools.chain(*(itertools.permutations(signed, length) for length in (1, 2, 3))):
        expected = list(range(8))
        for sign, at in reversed(order):
            expected.sort(key=[row[at] for row in rows].__getitem__, reverse=sign == "-")
        names = [sign + ("quality", "heat", "type")[at] for sign, at in order]
        found = run("list", "--sort", ",".join(names), "--format", "ids").out.split()
        assert found == list(map(str, expected))


def test_limit_and_count_come_after_choosing_and_sorting(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({f"{n}.md": card(quality=str(n)) for n in range(5)})
    assert run("list", "--sort", "-quality", "--limit", "2", "--format", "ids").out == "4\n3\n"
    assert run("list", "--limit", "2", "--min-quality", "3", "--format", "ids").out == "3\n4\n"
    assert run("list", "--limit", "99", "--format", "ids").out == "0\n1\n2\n3\n4\n"
    assert run("list", "--limit", "0", "--format", "json").out == "[]\n"
    for options, count in ((), 5), (("--limit", "3"), 3), (("--max-quality", "1"), 2), (("--limit", "0"), 0):
        assert run("list", "--count", *options).out == f"{count}\n"
        assert run("list", "--count", *options, "--format", "json").out == f"{count}\n"
    assert nothing_listed(run("list", "--limit", "-1"))
    assert nothing_listed(run("list", "--count", "--columns", "nope"))


def test_with_0_lines_end_with_nul(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD, "b\nc.md": CARD})
    assert run("list", "-0", "--format", "paths").raw == b"a.md\0b\nc.md\0"
    assert run("list", "-0", "--format", "ids").raw == b"a\0b\nc\0"
    assert run("list", "-0", "--columns", "id,heat").raw == b"a\t67\0b\\nc\t67\0"
    lines = run("list", "-0", "--format", "jsonl", "--columns", "heat").raw.split(b"\0")
    assert [json.loads(line) for line in lines[:-1]] == [{"heat": 67}] * 2
    assert lines[-1] == b""


BROKEN: dict[str, str | bytes] = {
    "b.md": card(title='"never closed'),
    "d.md": b"---\ntitle: \xff\n---\n",
    "e.md": "no fence\n",
}


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "tsv", "paths", "ids", "table"])
def test_cards_that_cannot_be_read_are_told_and_the_others_listed(
    run: Run, make_corpus: MakeCorpus, form: str
) -> None:
    make_corpus({"a.md": CARD, "c.md": CARD})
    expected = run("list", "--format", form).out
    make_corpus(BROKEN)
    result = run("list", "--format", form)
    assert (result.code, result.out) == (1, expected)
    assert result.err == (
        "warning: b.md:3:8: cannot be read: a quote is opened and never closed\n"
        "warning: d.md:2:8: cannot be read: the byte 0xFF is not UTF-8 (invalid start byte)\n"
        "warning: e.md:1:1: cannot be read: the file does not begin with a line `---`\n"
    )
    quiet = run("list", "--format", form, "-q")
    assert (quiet.code, quiet.out, quiet.err) == (1, expected, "")


def test_of_many_cards_that_cannot_be_read_ten_are_named_and_all_are_counted(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({f"{n:02}.md": "no fence\n" for n in range(13)} | {"a.md": CARD})
    result = run("list", "--count")
    assert (result.code, result.out) == (1, "1\n")
    assert [line[:14] for line in result.err.splitlines()[:10]] == [f"warning: {n:02}.md" for n in range(10)]
    assert result.err.splitlines()[10:] == [
        "warning: and 3 more cards cannot be read; see `newscards validate`"
    ]


def test_where_no_card_can_be_read_the_answer_is_empty_and_no_column_is_blamed(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": "no fence\n"})
    result = run("list", "--columns", "mood")
    assert (result.code, result.out) == (1, "")
    assert result.err.count("\n") == 1


def test_a_listing_never_writes_into_the_corpus(run: Run, make_corpus: MakeCorpus) -> None:
    folder = make_corpus({"a.md": CARD, "b.md": card(title='"never closed')})
    before = {path: written(path) for path in folder.rglob("*")}
    for form in ("json", "csv", "table", "paths"):
        run("list", "--format", form)
        run("filter-by-topic", "Oceans", "--sort", "-quality", "--format", form)
    assert {path: written(path) for path in folder.rglob("*")} == before


@pytest.mark.parametrize("form", ["jsonl", "paths", "tsv"])
def test_a_listing_is_written_while_the_cards_are_still_read(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    make_corpus({f"{number:04}.md": CARD for number in range(1200)})
    read: list[str] = []
    written: list[int] = []
    read_bytes, write = reader.read_bytes, Ui.write

    def reads(path: str, limits: Limits) -> bytes:
        read.append(path)
        return read_bytes(path, limits)

    def writes(ui: Ui, data: str | bytes) -> None:
        written.append(len(read))
        write(ui, data)

    monkeypatch.setattr("newscards.parallel.MIN_ITEMS", 10_000)
    monkeypatch.setattr(reader, "read_bytes", reads)
    monkeypatch.setattr(Ui, "write", writes)
    assert len(run("list", "--format", form, "--no-cache").out.splitlines()) == 1200
    assert 0 < written[0] < 600
    assert len(read) == 1200


def test_a_listing_with_a_limit_reads_no_more_than_it_needs(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({f"{number:04}.md": CARD for number in range(1200)} | {"9999.md": "no card"})
    result = run("list", "--limit", "2", "--format", "ids", "--no-cache")
    assert (result.code, result.out, result.err) == (0, "0000\n0001\n", "")
    assert run("list", "--limit", "2", "--format", "ids", "--sort", "title").code == 1  # it must look at all


def test_a_table_with_a_limit_says_how_many_cards_there_are_and_reports_as_other_formats_do(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({f"{number:04}.md": CARD for number in range(1200)} | {"9999.md": "no card"})
    result = run("list", "--limit", "2", "--format", "table", "--no-cache")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines()[-2:] == [
        "2 of 1,200 cards shown: 2 published, 0 hidden",
        "both from Tide, about Oceans and Science",
    ]
    result = run("list", "--limit", "0", "--format", "table")
    assert (result.code, result.out) == (0, "0 of 1,200 cards shown: 0 published, 0 hidden\n")
    assert (
        run("list", "--limit", "1200", "--format", "table").out.splitlines()[-1].startswith("1,200 cards: ")
    )
    result = run("list", "--limit", "2", "--format", "table", "--topic", "Nosuch")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("note: no card has the topic `Nosuch`\nwarning: 9999.md:1:1: ")
    assert (
        run("stories", "--limit", "2", "--format", "table")
        .out.splitlines()[-1]
        .startswith("2 of 1,200 stories shown: ")
    )


OWN = {
    "b.md": card(id="4711", path="/a/b", story="Mine", **{"external-url": "x", "card.x": "1"}),
    "a.md": card(id="4712", path="/a/a", story="Yours", **{"external-url": "y"}),
}
"""Cards with fields whose names are those of computed values, or that SQL takes apart."""


@pytest.mark.usefixtures("kept_of_few_cards")
@pytest.mark.parametrize("cache", [[], ["--no-cache"]])
@pytest.mark.parametrize(
    ("name", "values"),
    [("id", ["a", "b"]), ("path", ["a.md", "b.md"]), ("card.id", [4712, 4711]), ("story", ["a", "b"]),
     ("card.path", ["/a/a", "/a/b"]), ("card.story", ["Yours", "Mine"]), ("external-url", ["y", "x"]),
     ("card.external-url", ["y", "x"]), ("card.card.x", [None, 1]), ("card.quality", [67, 67]),
     ("card.provider.name", ["Tide", "Tide"])],
)  # fmt: skip
def test_a_field_whose_name_is_computed_has_a_full_name(
    name: str, values: list[object], cache: list[str], run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(OWN)
    result = run("list", "--columns", name, "--format", "json", *cache)
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == [{name: value} if value else {} for value in values]
    table = run("list", "--columns", f"id,{name}", "--format", "csv", *cache).out.splitlines()
    assert table[0] == f"id,{name}" if name != "id" else "id,id"
    order = sorted("ab", key=lambda each: (values["ab".index(each)] is None, values["ab".index(each)] or 0))
    assert run("list", "--sort", name, "--format", "ids", *cache).out.split() == order


def test_json_has_every_field_under_its_full_name(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(OWN)
    second = json.loads(run("list", "--format", "json").out)[1]
    assert [*second][:2] == ["path", "id"]
    assert (second["id"], second["path"], second["card.id"], second["card.path"]) == (
        "b",
        "b.md",
        4711,
        "/a/b",
    )
    assert (second["story"], second["external-url"], second["card.card.x"]) == ("Mine", "x", 1)


@pytest.mark.parametrize(("name", "near"), [("card.idd", "card.id"), ("external-uri", "external-url")])
def test_a_full_name_that_no_card_has_is_wrong_usage(
    name: str, near: str, run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(OWN)
    result = run("list", "--columns", name)
    assert (result.code, result.out) == (2, "")
    assert result.err == f"error: no card has a field `{name}`\nhint: did you mean `{near}`?\n"
    make_corpus({"a.md": CARD, "b.md": CARD})
    assert run("list", "--columns", "card.id").code == 2


FORMS = [
    "2023-06-20 09:05:00 +0200",
    "2023-06-20 09:05 +0200",
    "2023-06-20T09:05:00+02",
    "2023-06-20T07:05:00Z",
]


@pytest.mark.parametrize("written", FORMS)
def test_a_date_in_any_form_that_jekyll_reads_is_that_moment(
    written: str, run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(
        {
            "early.md": card(publishedDateTime="2023-06-20T07:04:59Z"),
            "it.md": card(publishedDateTime=written),
            "late.md": card(publishedDateTime="2023-06-20T07:05:01Z"),
        }
    )
    for _ in ("from the files", "from the index"):
        (it,) = json.loads(run("list", "it.md", "--columns", "publishedDateTime", "--format", "json").out)
        assert it == {"publishedDateTime": "2023-06-20T07:05:00Z"}
        assert paths(run, "--sort", "-publishedDateTime") == ["late.md", "it.md", "early.md"]
        assert paths(run, "--since", "2023-06-20", "--until", "2023-06-20") == [
            "early.md",
            "it.md",
            "late.md",
        ]
        where = "publishedDateTime = '2023-06-20T07:05:00Z'"
        assert paths(run, "--where", where) == ["it.md"]


@pytest.mark.parametrize("written", FORMS)
def test_an_entry_names_its_card_whatever_the_form_of_their_dates(
    written: str, run: Run, make_corpus: MakeCorpus
) -> None:
    entry = ENTRY.replace("2023-06-21T08:00:00Z", written)
    named = card(
        title='"Gauges of the north"',
        publishedDateTime="2023-06-20T07:05:00Z",
        webUrl='"https://www.tide.example/north"',
    )
    make_corpus({"a.md": card().replace("secured:", f"related:\n{entry}secured:"), "b.md": named})
    story = json.loads(run("stories", "--format", "json").out)
    assert sorted(story[0]["cards"]) == ["a", "b"]


def test_an_edit_keeps_the_form_of_a_date(run: Run, make_corpus: MakeCorpus) -> None:
    text = card(publishedDateTime="2023-06-20 09:05:00 +0200  # as it came")
    make_corpus({"a.md": text})
    assert "already" in run("set", "publishedDateTime", "2023-06-20T07:05:00Z", "a.md").out
    run("set", "quality", "66", "a.md")
    assert Path("a.md").read_text(encoding="utf-8") == text.replace("quality: 67", "quality: 66")
