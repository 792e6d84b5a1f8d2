"""--where over whole corpora, held against plain loops over what PyYAML reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.commands.test_list_on_real_cards import REAL, Fields, all_of, folder, generated
from tests.conftest import NOW, MakeCorpus, Run
from tests.rules.cases import with_lines
from tests.support import CARD, card

__all__ = ["folder", "generated"]


def iso(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def story_sizes(cards: Mapping[str, Fields]) -> dict[str, int]:
    """Return how many cards the story of each has: those that it reaches by way of ``related``."""

    def identity(fields: Mapping[str, Any]) -> tuple[Any, ...]:
        return fields.get("webUrl"), fields["title"], fields["publishedDateTime"]

    ids: dict[tuple[Any, ...], str] = {}
    for name, fields in cards.items():
        ids.setdefault(identity(fields), name)
    beside: dict[str, set[str]] = {name: set() for name in cards}
    for name, fields in cards.items():
        for entry in fields.get("related") or ():
            if other := ids.get(identity(entry)):
                beside[name].add(other)
                beside[other].add(name)
    sizes: dict[str, int] = {}
    for name in cards:
        if name not in sizes:
            reached, waiting = {name}, [name]
            while waiting:
                new = beside[waiting.pop()] - reached
                reached |= new
                waiting += new
            sizes |= dict.fromkeys(reached, len(reached))
    return sizes


def expressions(cards: Mapping[str, Fields]) -> dict[str, Callable[[str, Fields], bool]]:
    """Return expressions, each with what it means, with values that these cards have."""
    found = list(cards.values())
    middle = found[len(found) // 2]
    topics = [name for name, _ in Counter(t for f in found for t in f["topics"]).most_common()]
    topic, rare = topics[min(1, len(topics) - 1)], topics[-1]
    name, domain = middle["provider"]["name"], middle["provider"]["domain"]
    when, quality = middle["publishedDateTime"], sorted(f["quality"] for f in found)[len(found) // 2]
    age = (NOW.date() - when.date()).days
    sizes = story_sizes(cards)
    mean = sum(f["quality"] for f in found) / len(found)
    by_provider = Counter(f["provider"]["name"] for f in found)
    quote = "'" + name.replace("'", "''") + "'"

    def count(f: Fields) -> int:
        return len(f.get("related") or ())

    return {
        f"quality >= {quality}": lambda i, f: f["quality"] >= quality,
        f"quality < {quality} and published": lambda i, f: f["quality"] < quality and f["published"],
        f"not published or quality = {quality}": lambda i, f: not f["published"] or f["quality"] == quality,
        "heat = -1": lambda i, f: f["heat"] == -1,
        "heat between 1 and 90": lambda i, f: 1 <= f["heat"] <= 90,
        "heat > quality": lambda i, f: f["heat"] > f["quality"],
        "quality % 7 in (1, 3)": lambda i, f: f["quality"] % 7 in (1, 3),
        "published = true and heat > 0": lambda i, f: f["published"] and f["heat"] > 0,
        "shown = 0": lambda i, f: not f["published"],
        "removed is null": lambda i, f: f.get("removed") is None,
        "type = 'video'": lambda i, f: f["type"] == "video",
        "type <> 'video' and featuredContent is null": lambda i, f: (
            f["type"] != "video" and "featuredContent" not in f
        ),
        f"provider_name = {quote}": lambda i, f: f["provider"]["name"] == name,
        f"provider_domain like '%{domain[-9:]}'": lambda i, f: (
            f["provider"]["domain"].lower().endswith(domain[-9:].lower())
        ),
        "provider_domain glob '*.com'": lambda i, f: f["provider"]["domain"].endswith(".com"),
        f"has_topic('{topic.swapcase()}')": lambda i, f: topic in f["topics"],
        f"has_topic('{topic}') and not has_topic('{rare}')": lambda i, f: (
            topic in f["topics"] and rare not in f["topics"]
        ),
        "(select count(*) from topics where topics.path = cards.path) > 2": lambda i, f: len(f["topics"]) > 2,
        f"publishedDateTime >= '{iso(when)}'": lambda i, f: f["publishedDateTime"] >= when,
        f"publishedDateTime like '{when:%Y}-%'": lambda i, f: f["publishedDateTime"].year == when.year,
        f"strftime('%m', publishedDateTime) = '{when:%m}'": lambda i, f: (
            f["publishedDateTime"].month == when.month
        ),
        f"age_days <= {age}": lambda i, f: (NOW.date() - f["publishedDateTime"].date()).days <= age,
        "length(title) > 80": lambda i, f: len(f["title"]) > 80,
        "title like '%power%'": lambda i, f: "power" in f["title"].lower(),
        "instr(excerpt, 'new') > 0": lambda i, f: "new" in f["excerpt"],
        "excerpt = ''": lambda i, f: f["excerpt"] == "",
        "ampWebUrl is not null and cdnAmpWebUrl is not null": lambda i, f: (
            f.get("ampWebUrl") is not None and f.get("cdnAmpWebUrl") is not None
        ),
        "webUrl like 'https://www.%'": lambda i, f: f.get("webUrl", "").lower().startswith("https://www."),
        "originalUrl = webUrl": lambda i, f: "webUrl" in f and f.get("originalUrl") == f["webUrl"],
        f"id like '{when:%Y}-%'": lambda i, f: i.startswith(f"{when:%Y}-"),
        "secured like '%=='": lambda i, f: f["secured"].endswith("=="),
        "related_count = 0": lambda i, f: count(f) == 0,
        "related_count between 1 and 3": lambda i, f: 1 <= count(f) <= 3,
        "story_size > 1": lambda i, f: sizes[i] > 1,
        "story_size = related_count + 1": lambda i, f: sizes[i] == count(f) + 1,
        "story_size > 1 and story = id": lambda i, f: sizes[i] > 1 and f["heat"] > 0,
        "quality > (select avg(quality) from cards)": lambda i, f: f["quality"] > mean,
        "(select count(*) from cards o where o.provider_name = cards.provider_name) > 3": lambda i, f: (
            by_provider[f["provider"]["name"]] > 3
        ),
        "exists (select 1 from images where images.path = cards.path and width > 1000)": lambda i, f: any(
            image.get("width", 0) > 1000 for image in f.get("images") or ()
        ),
        "exists (select 1 from related r where r.path = cards.path and r.quality > 40)": lambda i, f: any(
            entry["quality"] > 40 for entry in f.get("related") or ()
        ),
    }  # fmt: skip


@pytest.mark.parametrize("folder", ["sample", "generated", *REAL], indirect=True)
def test_every_expression_chooses_what_a_plain_loop_does(run: Run, folder: Path) -> None:
    cards = all_of(folder)
    answers = set()
    for expression, test in expressions(cards).items():
        expected = [name for name, fields in cards.items() if test(name, fields)]
        result = run("list", str(folder), "--where", expression, "--format", "ids")
        assert (result.code, result.err) == (0, "")
        assert result.out.split() == expected, expression
        answers.add(len(expected))
    assert len(answers) > min(12, len(cards))


def test_several_expressions_and_other_options_are_all_minded(run: Run, make_corpus: MakeCorpus) -> None:
    qualities = {"a": "10", "b": "50", "c": "60", "d": "90"}
    make_corpus({f"{name}.md": card(quality=quality) for name, quality in qualities.items()})
    args = ["--where", "quality > 10", "--where", "quality < 90", "--max-quality", "55", "--format", "ids"]
    assert run("list", *args).out == "b\n"
    assert run("filter-by-topic", "oceans", *args).out == "b\n"


def test_what_a_card_lacks_is_null_and_what_it_has_keeps_its_type(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({
        "absent.md": card(quality=None, published=None, publishedDateTime=None, provider=None),
        "empty.md": card(quality="", published="", publishedDateTime="", provider=""),
        "text.md": card(quality="many", published='"false"', publishedDateTime="soon", provider="Tide"),
        "list.md": card(quality="[1, 2]", published="{a: 1}", publishedDateTime="[]", provider="[]"),
        "large.md": card(quality="99999999999999999999", published="yes", publishedDateTime="2023-06-20"),
        "odd.md": card(quality=".nan", publishedDateTime="2023-06-20 17:44:00 +2"),
    })  # fmt: skip
    for expression, expected in {
        "quality is null": ["absent", "empty", "list", "odd", "text"],
        "quality >= 0 or quality < 0": ["large"],
        "quality > 9e18 and typeof(quality) = 'real'": ["large"],
        "published is null": ["absent", "empty"],
        "published like 'false'": ["text"],
        "published = 1": ["large", "odd"],
        "shown": ["absent", "large", "list", "odd", "text"],
        "age_days is null": ["absent", "empty", "list", "text"],
        "publishedDateTime = '2023-06-20'": ["large"],
        "publishedDateTime = '2023-06-20T15:44:00Z'": ["odd"],
        "provider_name is null": ["absent", "empty", "list", "text"],
    }.items():
        result = run("list", "--where", expression, "--sort", "id", "--format", "ids")
        assert result.out.split() == expected, expression


def test_a_field_that_is_in_no_table_of_ours_is_a_column_where_a_card_has_it(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": card(author="Ada"), "b.md": card(author="Bob", desk="7"), "c.md": CARD})
    assert run("list", "--where", "author >= 'B' and desk = 7", "--format", "ids").out == "b\n"
    assert run("list", "--where", "author is null", "--format", "ids").out == "c\n"
    result = run("list", "--where", "auther = 'Ada'")
    assert result.code == 2
    assert "no card has a field `auther`" in result.err


def test_errors_and_warnings_are_those_of_validate(run: Run, make_corpus: MakeCorpus) -> None:
    b = card(title='"B"', webUrl="https://www.tide.example/b", quality="-5", secured=None)
    c = card(title='"  A title "', webUrl="https://www.tide.example/c", secured=None)
    make_corpus({"a.md": CARD, "b.md": b, "c.md": c})
    assert run("list", "--where", "errors = 1", "--format", "ids").out == "b\n"
    assert run("list", "--where", "warnings > 0 and errors = 0", "--format", "ids").out == "c\n"
    (path,) = run("query", "SELECT path FROM findings WHERE code = 'NC206' or severity = 'error'").out.split()
    assert path == "b.md"


def test_edits_take_it_too(run: Run, make_corpus: MakeCorpus) -> None:
    corpus = make_corpus({"a.md": card(quality="10"), "b.md": card(quality="90")})
    assert run("set-published", "false", "--where", "quality < 50", "--yes").code == 0
    assert "published: false" in (corpus / "a.md").read_text()
    assert (corpus / "b.md").read_text() == card(quality="90")


@pytest.mark.parametrize(
    ("expression", "message", "marked", "hint"),
    [
        ("qualty >= 80", "no card has a field `qualty`, and there is no such column", "qualty",
         "did you mean `quality`?"),
        ("heat > 1 and cards.qualty = 1", "no card has a field `cards.qualty`, and there is no such column",
         "qualty", "did you mean `quality`?"),
        ("provider.nam = 'Tide'", "no card has a field `provider.nam`, and there is no such column", "nam",
         "did you mean"),
        ("type = gallery", "no card has a field `gallery`, and there is no such column", "gallery",
         "write text in single quotes: 'gallery'"),
        ("quality >= 80 and and heat > 0", "`and` is not expected here", "and heat", ""),
        ("quality >=", "something is missing at the end", None, ""),
        ("(quality > 1", "this `(` is never closed", "(", ""),
        ("quality > 1)", "there is no `(` to this `)`", ")", ""),
        ("1; drop table cards", "an expression is expected here, not a statement", ";", ""),
        ("id = 'x", "this quote is never closed", "'x", "written twice"),
        ("has_topics('AI')", "there is no function `has_topics`", "has_topics", "did you mean `has_topic`?"),
        ("count(*) > 1", "misuse of aggregate function count()", "count", "a condition on all cards"),
        ("quality > ?", "there are no parameters to give a value to", "?", "write the value itself"),
        ("quality regexp '^a'", "there is no function `regexp`", "regexp", "like '%word%'"),
        ("1 in (select 1 from storys)", "there is no table `storys`", "storys", "did you mean `stories`?"),
        ("provider = 'Tide'", "`provider` holds several values", "provider", "provider_name"),
        ("images.width < 800", "the tables of this query have no column `images.width`", "width",
         "path IN (SELECT path FROM images"),
        ("published_cards = 0", "the tables of this query have no column `published_cards`",
         "published_cards", "story IN (SELECT story FROM stories"),
        ("date > '2025'", "no card has a field `date`, and there is no such column", "date",
         "did you mean `publishedDateTime`?"),
        ("title like '%It's here%'", "this quote is never closed", "'", "'It''s here'"),
        ("provider_name = ‘Tide’", "this is a typographic quote, as text editors make them", "‘",
         "straight quotes"),
        ("exists (select 1 form topics)", "`topics` is not expected here", "topics",
         "did you mean `from` where `form` stands?"),
        ("1 in (select c.quality from cards c, cards d where has_topic('AI'))",
         "`has_topic` needs one `path`, but several tables have one", "has_topic", "USING (path)"),
        ("SELECT id FROM cards", "an expression is expected here, not a query", "SELECT", "newscards query"),
        ("VALUES (1)", "an expression is expected here, not a query", "VALUES", "newscards query"),
        ('"heatt" > 0', "no card has a field `heatt`, and there is no such column", '"heatt"',
         "did you mean `heat`?"),
        ('type = "article"', "no card has a field `article`, and there is no such column", '"article"',
         "single quotes"),
        ("", "the expression is empty", None, "quality >= 80"),
        ("-- nothing", "the expression is empty", None, "quality >= 80"),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_with_a_mark_below_it(
    run: Run, one_card: Path, expression: str, message: str, marked: str | None, hint: str
) -> None:
    result = run("list", "--where", expression)
    assert (result.code, result.out) == (2, "")
    lines = result.err.splitlines()
    assert lines[0] == f"error: {message}"
    if marked is not None:
        marks = lines[2].rstrip()
        begin = len(marks) - len(marks.lstrip())
        assert lines[1][begin:].startswith(marked)
    assert hint in (lines[-1] if lines[-1].startswith("hint: ") else "")
    assert bool(hint) == lines[-1].startswith("hint: ")


def test_a_topic_that_no_card_has_is_told(run: Run, one_card: Path) -> None:
    told = "note: no card has the topic `Ocean`; did you mean `Oceans`?\n"
    result = run("list", "--where", "has_topic('Ocean') or has_topic('science')", "--count")
    assert (result.code, result.out, result.err) == (0, "1\n", told)
    result = run("query", "SELECT count(*) FROM cards WHERE has_topic('Ocean')")
    assert (result.code, result.out, result.err) == (0, "0\n", told)


def test_a_field_with_the_name_of_a_keyword_is_a_column_in_quotes(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"_news/a.md": with_lines("select: 1\n"), "_news/b.md": with_lines("select: 2\n")})
    result = run("list", "--where", '"select" > 1', "--format", "ids")
    assert (result.out, result.err) == ("b\n", "")


def test_a_comment_at_the_end_swallows_nothing(run: Run, one_card: Path) -> None:
    assert run("list", "--where", "quality > 1 -- all of them", "--count").out == "1\n"
    assert run("list", "--where", "quality > 1 /* all", "--count").code == 2


def test_a_wrong_expression_is_told_before_a_card_is_read(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"broken.md": "---\ntitle: [\n---\n"})
    assert run("list", "--where", "quality >").err.startswith("error: something is missing at the end\n")


def test_a_name_in_any_quotes_is_a_name(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(quality="10", series="S1"), "b.md": CARD})
    for name in ('"series"', "`series`", "[series]"):
        assert run("list", "--where", f"{name} = 'S1'", "--format", "ids").out == "a\n"
    assert run("query", 'SELECT quality AS "of q" FROM cards ORDER BY "of q"').out == "10\n67\n"


def test_a_long_expression_with_a_mistake_at_its_end_is_answered(run: Run, one_card: Path) -> None:
    ids = ", ".join(f"'2023-06-{number:05}'" for number in range(3_000))
    result = run("list", "--where", f"id in ({ids}, ,)")
    assert result.code == 2
    assert result.err.startswith("error: `,` is not expected here\n")
