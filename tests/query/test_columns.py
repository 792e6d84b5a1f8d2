"""Columns that no card has in its file: computed only if asked for, the same as in SQL."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from newscards.frontmatter.limits import Limits
from newscards.jekyll import site
from newscards.jekyll.config import SiteConfig
from newscards.query import findings
from newscards.query.columns import Columns, computed, is_number
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card
from tests.support.random_corpus import World

COPY = """
  - title: "Tide gauges get a second life"
    publishedDateTime: 2023-06-20T15:44:00Z
    webUrl: "https://www.tide.example/gauges"
"""
CARDS = {
    "a.md": CARD,
    "b.md": card(title='"B "', heat="-1", webUrl="https://tide.example/b", related=COPY, published="false"),
    "c.md": card(title='"C"', webUrl="https://tide.example/c", quality='"x"', publishedDateTime=None),
}
NAMES = "id,story,story_size,related_count,age_days,errors,warnings"


def listed(run: Run, *args: str) -> list[dict[str, object]]:
    result = run("list", "--columns", NAMES, "--format", "json", *args)
    assert result.code == 0, result.err
    found: list[dict[str, object]] = json.loads(result.out)
    return found


@pytest.mark.parametrize("args", [[], ["--no-cache"], ["."], ["a.md", "b.md", "c.md"]])
def test_computed_columns_are_those_of_sql(run: Run, make_corpus: MakeCorpus, args: list[str]) -> None:
    make_corpus(CARDS)
    a, b, c = listed(run, *args)
    assert (a["story"], a["story_size"], a["related_count"]) == ("a", 2, 0)
    assert (b["story"], b["story_size"], b["related_count"]) == ("a", 2, 1)
    assert (c["story"], c["story_size"]) == ("c", 1)
    assert "age_days" not in c
    assert isinstance(a["age_days"], int)
    assert c["errors"] == 2
    query = "SELECT NAMES FROM cards".replace("NAMES", NAMES)
    sql = json.loads(run("query", query, "--format", "json", *args).out)
    assert [{name: value for name, value in row.items() if value is not None} for row in sql] == [a, b, c]


def test_a_story_reaches_beyond_the_cards_that_are_listed(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({f"_news/{name}": text for name, text in CARDS.items()})
    for args in (["--unpublished"], ["_news/b.md"], ["b"], ["--where", "title like 'B%'"], ["--search", "B"]):
        (b,) = listed(run, *args)
        assert (b["id"], b["story"], b["story_size"]) == ("b", "a", 2)
    assert run("list", "-", "--columns", "story_size", stdin=b"b\n").out == "2\n"
    assert run("list", "--columns", "story_size", "--limit", "1").out == "2\n"


def test_cards_are_sorted_by_what_is_computed(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(CARDS)
    assert run("list", "--sort", "-errors,-related_count", "--format", "ids").out == "b\nc\na\n"
    assert run("list", "--sort", "age_days,-id", "--format", "ids").out == "b\na\nc\n"
    assert run("list", "--sort", "-story_size", "--columns", "id,story_size").out == "a\t2\nb\t2\nc\t1\n"
    assert run("filter-by-topic", "Oceans", "--sort", "-errors", "--format", "ids").out.startswith("b\n")


def test_numbers_are_aligned_at_the_right(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus(CARDS | {"c.md": card(quality="100")})
    table = run("list", "--columns", "errors,quality,id", "--format", "table").out.splitlines()
    assert table[0].split() == ["errors", "quality", "id"]
    assert [line[:15] for line in table[1:4]] == ["     0       67", "     4       67", "     0      100"]
    numbers = ("heat", "age_days", "errors", "images[0].width", "card.quality")
    others = ("provider.name", "id", "story", "nosuch", "card.errors")
    assert [is_number(name) for name in (*numbers, *others)] == [True] * 5 + [False] * 5


def test_nothing_is_computed_that_is_not_asked_for(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus(CARDS)
    monkeypatch.setattr(findings, "findings_of", None)
    assert run("list", "--columns", "age_days,story").code == 0
    monkeypatch.setattr(findings, "cards_around", None)
    assert run("list", "--columns", "age_days,provider_name").code == 0
    monkeypatch.setattr(findings, "table_data", None)
    assert run("list", "--columns", "provider_name,title").code == 0
    assert not Columns(["title", "provider_name"]).needs_stories
    assert computed().keys() >= {*NAMES.split(",")} - {"id"}


def test_an_unknown_column_is_hinted_at_with_the_computed_ones(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(story="Mine")})
    assert "did you mean `warnings`?" in run("list", "--columns", "warning").err
    assert "`card.story`" in run("list", "--columns", "card.stroy").err
    assert run("list", "--columns", "story,card.story").out == "a\tMine\n"


def test_a_nested_field_may_be_written_with_an_underscore(run: Run, make_corpus: MakeCorpus) -> None:
    config = '[fields.source]\ntype = "mapping"\n[fields."source.name"]\n[fields.provider_domain]\n'
    make_corpus({"a.md": card(source="{name: Ann}", provider_domain="own"), "newscards.toml": config})
    names = "provider_name,provider.name,source_name,images_url,provider_domain"
    assert json.loads(run("list", "--columns", names, "--format", "json").out) == [
        {
            "provider_name": "Tide", "provider.name": "Tide", "source_name": "Ann",
            "images_url": ["https://www.tide.example/gauges.jpg"], "provider_domain": "own",
        }
    ]  # fmt: skip
    assert run("list", "--sort", "provider_name", "--format", "ids").out == "a\n"
    assert run("show", "a", "--field", "provider_name").out == "Tide\n"
    for by in ("provider_name", "provider.name", "source_name", "source.name"):
        assert run("stats", "--by", by, "--format", "csv").out.splitlines()[1].split(",")[0] in (
            "Tide",
            "Ann",
        )


COUNTS = "--columns", "path,errors,warnings"


def counts_of_validate(run: Run, path: str, *args: str) -> tuple[str, int, int]:
    summary = json.loads(run("validate", path, "--format", "json", *args).out)["summary"]
    return path, summary["errors"], summary["warnings"]


@pytest.mark.usefixtures("kept_of_few_cards")
def test_errors_and_warnings_of_a_card_are_those_that_validate_finds_in_it_alone(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for seed in range(4):
        site = tmp_path / str(seed) / "site"
        (site / "_news").mkdir(parents=True)
        monkeypatch.chdir(site)
        world = World(site / "_news", random.Random(seed))
        for _ in range(3):
            run("validate")  # stores its own findings
            as_listed = run("list", *COUNTS, "--format", "json").out
            assert run("list", *COUNTS, "--format", "json", "--no-cache").out == as_listed
            rows = [(row["path"], row["errors"], row["warnings"]) for row in json.loads(as_listed)]
            assert rows == [counts_of_validate(run, path, "--no-cache") for path, *_ in rows]
            for row in rows[:4]:
                (alone,) = json.loads(run("list", row[0], *COUNTS, "--format", "json").out)
                assert (*alone.values(),) == row
            world.change()


def test_the_findings_that_are_left_out_count_too(run: Run, make_corpus: MakeCorpus) -> None:
    entries = "".join(f'\n  - title: "{number}"\n    webUrl: "http://[{number}"' for number in range(130))
    make_corpus({"a.md": card(related=entries)})
    path, errors, warnings = counts_of_validate(run, "a.md")
    assert errors + warnings > 130
    assert run("list", *COUNTS).out.split() == [path, str(errors), str(warnings)]


def test_cards_are_selected_by_a_rule_that_several_break_together(run: Run, make_corpus: MakeCorpus) -> None:
    gone = '\n  - title: "Gone"\n    webUrl: "https://www.tide.example/gone"'
    cards = {name: card(title=name, webUrl=f"https://t.example/{name}", related=gone) for name in "abc"}
    make_corpus({f"{name}.md": text for name, text in cards.items()})
    of_rule = "FROM findings WHERE code = 'NC605'"
    where = f"path IN (SELECT path {of_rule})"
    assert run("list", "--where", where, "--format", "paths").out.split() == ["a.md", "b.md", "c.md"]
    (line,) = run("validate", "--select", "NC605", "--format", "concise", "-q").out.splitlines()
    assert "the same in 2 other copies" in line
    rows = json.loads(run("query", f"SELECT path, line, message {of_rule}", "--format", "json").out)
    assert len(rows) == 3
    for row in rows:
        alone = json.loads(run("validate", row["path"], "--select", "NC605", "--format", "json").out)
        assert [{name: each[name] for name in row} for each in alone["findings"]] == [row]


def test_what_the_flag_means_the_url_and_the_page_are_columns(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({
        "_config.yml": "collections: {news: {output: true}}\n",
        "_news/a.md": card(published='"false"'),
        "_news/b.md": card(published="false", webUrl=None, originalUrl="https://tide.example/b"),
        "_news/c.md": card(date="2199-01-01", published=None, webUrl=None, originalUrl=None),
        "_news/2199-01-01-d.md": card(published="true"),
        "_news/e.md": card(url="https://own.example", published=""),
        "_news/f.md": f"\ufeff{CARD}",
        "_news/g.md": f"\n{card(published='false')}",
    })  # fmt: skip
    columns = "id,shown,page,url,card.url"
    result = run("list", "--columns", columns, "--format", "json", "--sort", "page,id")
    assert result.err == ""
    found = json.loads(result.out)
    gauges = "https://www.tide.example/gauges"
    assert found == [
        {"id": "2199-01-01-d", "shown": True, "page": False, "url": gauges},
        {"id": "b", "shown": False, "page": False, "url": "https://tide.example/b"},
        {"id": "c", "shown": True, "page": False},
        {
            "id": "e",
            "shown": False,
            "page": False,
            "url": "https://own.example",
            "card.url": "https://own.example",
        },
        {"id": "f", "shown": True, "page": False, "url": gauges},
        {"id": "g", "shown": False, "page": False, "url": gauges},
        {"id": "a", "shown": True, "page": True, "url": gauges},
    ]
    why = json.loads(run("why", *(each["id"] for each in found), "--format", "json").out)
    assert [(each["id"], each["page"]) for each in why] == [(each["id"], each["page"]) for each in found]
    copied = [each for each in why if each["id"] in "fg"]
    assert {(each["fate"], each["shown"], each["listed"]) for each in copied} == {("verbatim", True, False)}
    assert run("list", "--where", "NOT page AND shown", "--format", "ids").out == "2199-01-01-d\nc\nf\n"
    assert run("list", "--columns", "shown,id", "--sort", "-shown,id").out.splitlines()[3:] == [
        "true\tf", "false\tb", "false\te", "false\tg",
    ]  # fmt: skip
    assert run("query", "select page, count(url) from cards group by page", "--format", "csv").out == (
        "page,count(url)\n0,5\n1,1\n"
    )
    assert not any(map(is_number, ("shown", "page", "url")))


def test_a_card_of_no_site_has_no_value_for_its_page(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD})
    assert json.loads(run("list", "--columns", "id,page", "--format", "json").out) == [{"id": "a"}]
    assert run("list", "--where", "page is null", "--count").out == "1\n"


def test_no_file_is_read_for_a_page_that_is_not_asked_for(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus(CARDS)
    monkeypatch.setattr("newscards.jekyll.site.view_file", None)
    assert run("list", "--columns", "age_days,shown,url").code == 0
    assert run("list", "--columns", "page").code == 2


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("date", "publishedDateTime"),
        ("Qual", "quality"),
        ("Provider", "provider.name"),
        ("flag", "published"),
    ],
)
def test_a_heading_of_a_table_is_hinted_at_with_its_field(
    heading: str, field: str, run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus(CARDS)
    for args in (["--sort", heading], ["--columns", f"id,{heading}"]):
        result = run("list", *args)
        assert result.code == 2
        assert result.err == f"error: no card has a field `{heading}`\nhint: did you mean `{field}`?\n"
    error = run("list", "--where", f"{heading} > 'a'").err
    assert error.endswith(f"\nhint: did you mean `{field.replace('.', '_')}`?\n")


def test_a_page_and_a_url_yield_to_what_has_their_names(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": CARD})
    gauges = "https://www.tide.example/gauges"
    for sql, expected in (
        ("select url from cards", gauges),
        ("select cards.url from cards join images using (path)", gauges),
        ("select url from cards join images using (path)", f"{gauges}.jpg"),
        ("select url from (select title as url from cards) join cards", "Tide gauges get a second life"),
        ("select count(*) from cards where url like '%gauges' and page is null", "1"),
    ):
        assert run("query", sql).out == f"{expected}\n", sql
    assert "page" not in run("query", "select * from cards", "--format", "csv").out.splitlines()[0].split(",")


def test_the_own_page_and_url_of_a_card_are_its_values(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({
        "_config.yml": "collections: {news: {output: true}}\n",
        "_news/a.md": card(page="about", url="/x/y"),
        "_news/b.md": card(page="7", url=""),
        "_news/c.md": CARD,
    })  # fmt: skip
    gauges = "https://www.tide.example/gauges"
    for expression, expected in {
        "url = '/x/y'": "a",
        "card.url = '/x/y' and card.page = 'about'": "a",
        f"url = '{gauges}' and page": "c",
        "page = 'about'": "a",
        "page = 7 and url is null": "b",
    }.items():
        result = run("list", "--where", expression, "--format", "ids")
        assert (result.code, result.out) == (0, f"{expected}\n"), expression
    assert run("list", "--columns", "id,page,url", "--sort", "id").out == (
        f"a\tabout\t/x/y\nb\t7\t\nc\ttrue\t{gauges}\n"
    )
    assert run("list", "--where", "page <> 'about'", "--sort", "-page", "--format", "ids").out == "b\nc\n"
    rules = '[rules.far]\nwhere = "url = \'/x/y\'"\nmessage = "{url}"\n'
    make_corpus({"newscards.toml": rules})
    assert "warning[far]: /x/y\n" in run("validate", "--select", "far", "--format", "concise").out


def test_whether_the_site_has_a_page_is_looked_up_once_a_card(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_corpus({
        "_config.yml": "collections: {news: {output: true}}\n",
        "_news/a.md": CARD,
        "_news/b.md": card(published="false"),
    })  # fmt: skip
    viewed: list[str] = []

    def view(path: str, config: SiteConfig, limits: Limits) -> site.ViewedFile:
        viewed.append(path)
        return view_file(path, config, limits)

    view_file = site.view_file
    monkeypatch.setattr(site, "view_file", view)
    where = ["--where", "page or not page", "--where", "page = 1 or page = 0"]
    assert len(run("list", "--columns", "id,page", "--sort", "page", *where).out.splitlines()) == 2
    assert sorted(viewed) == ["_news/a.md", "_news/b.md"]


def test_a_declared_field_is_what_its_name_means(run: Run, make_corpus: MakeCorpus) -> None:
    config = (
        '[fields.url]\nrequired = "page > 6"\n[fields.page]\ntype = "integer"\n'
        '[rules.late]\nwhere = "page > 6"\nmessage = "{url}, {page}"\n'
    )
    make_corpus({"a.md": card(page="7", url="https://own.example"), "newscards.toml": config})
    assert run("list", "--columns", "url,page").out == "https://own.example\t7\n"
    assert run("query", "select url, page from cards").out == "https://own.example\t7\n"
    assert "warning[late]: https://own.example, 7\n" in run("validate", "--format", "concise").out
