"""The names of a card's own fields in SQL, also those that only some cards have, or that SQL takes apart."""

from __future__ import annotations

import json

import pytest

from newscards.query.sql.data import TableData
from newscards.query.sql.query import Query
from newscards.query.sql.sandbox import Sandbox
from newscards.query.sql.tables import cards_table
from newscards.query.sql.tokens import hyphenated, joined_names, own_names_quoted
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card

OWN = card(  # the path of its file is own.md
    id="4711", path="/a/b", story='"My story"', errors="-7", shown='"never"', card="{id: inner}",
    draft="true", created_by="ann", provider_name='"Own"', age_days="1000", source="{name: Tide, id: [5, 6]}",
    **{"external-url": "https://tide.example/a", "created-by": "bob", "a b": "blank", "2023": "year",
       "card.x": "dotted", "Title": "Upper"},
)  # fmt: skip
NAMES = [
    ("card.id", 4711), ('"card.id"', 4711), ("cards.card.id", 4711), ('card."id"', 4711), ("CARD.id", 4711),
    ("card . id", 4711), ("card.path", "/a/b"), ("card.story", "My story"), ("card.errors", -7),
    ("card.shown", "never"), ("card.provider_name", "Own"), ("card.age_days", 1000), ("id", "own"),
    ("path", "own.md"), ("story", "own"), ("shown", 1), ("provider_name", "Tide"),
    ("card", '{"id": "inner"}'),
    ('"card.card"', '{"id": "inner"}'), ("card.card.id", "inner"), ('"card.card.x"', "dotted"), ("draft", 1),
    ("card.draft", 1), ("card.Title", "Upper"), ("card.title", "Tide gauges get a second life"),
    ('"external-url"', "https://tide.example/a"),
    ("[external-url]", "https://tide.example/a"), ("`external-url`", "https://tide.example/a"),
    ('cards."external-url"', "https://tide.example/a"), ('card."external-url"', "https://tide.example/a"),
    ('"card.external-url"', "https://tide.example/a"), ('"a b"', "blank"), ('"2023"', "year"),
    ('"created-by"', "bob"), ("created_by", "ann"), ('"source.name"', "Tide"), ("card.source.name", "Tide"),
    ('"source.id[1]"', 6), ('"card.topics"', '["Oceans", "Science"]'), ("card.provider.name", "Tide"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), NAMES)
@pytest.mark.parametrize("cache", [[], ["--no-cache"]])
@pytest.mark.usefixtures("kept_of_few_cards")
def test_every_field_of_a_card_has_a_name(
    name: str, value: object, cache: list[str], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"own.md": OWN, "other.md": card()})
    sql = "select NAME as v from cards where path = 'own.md'".replace("NAME", name)
    result = run("query", sql, "--format", "json", *cache)
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out) == [{"v": value}]
    expression = f"{name} is not null and id = 'own'"
    assert run("list", "--where", expression, "--format", "ids", *cache).out == "own\n"


def test_a_table_that_is_called_card_is_no_beginning_of_a_name(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"own.md": OWN})
    sql = 'select card.id, card."card.id", card.draft from cards as card'
    assert run("query", sql).out == "own\t4711\t1\n"
    assert run("query", "select card.story from stories card").out == "own\n"


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ("external-url is null", '"external-url"'),
        ("quality > 5 and 3 < external-url", '"external-url"'),
        ("card.external-url = 1", '"external-url"'),
        ("created-by = 'bob'", '"created-by"'),
    ],
)
def test_a_hyphen_without_quotes_is_hinted_at(
    expression: str, hint: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"own.md": OWN})
    sql = "select * from cards where TRUE".replace("TRUE", expression)
    for args in (["list", "--where", expression], ["query", sql]):
        result = run(*args)
        assert (result.code, result.out) == (2, "")
        assert f"hint: a name with a hyphen is written in double quotes: {hint}\n" in result.err


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ("cover.alt = 1", 'a name with a dot is written in double quotes: "cover.alt"'),
        ("cards.cover.alt = 1", 'a name with a dot is written in double quotes: "cover.alt"'),
        ("cover-image.alt = 1", 'a name with a hyphen is written in double quotes: "cover-image.alt"'),
        ("cover_alt = 1", 'did you mean `"cover.alt"`?'),
        ("external_url = 1", 'did you mean `"external-url"`?'),
        ("card.idd = 1", "did you mean `card.id`?"),
        ("card.stori = 1", "did you mean `card.story`?"),
        ("stori = 1", "did you mean `story`?"),
        ("weigth = 1", "did you mean `weight`?"),
    ],
)
def test_the_hint_at_an_own_field_is_spelled_as_sql_needs_it(
    expression: str, hint: str, make_corpus: MakeCorpus, run: Run
) -> None:
    own = {"id": "1", "story": "a", "weight": "5", "external-url": "x"}
    make_corpus({"own.md": card(**own, **{"cover": "{alt: a}", "cover-image": "{alt: a}"})})
    result = run("list", "--where", expression)
    assert (result.code, result.out) == (2, "")
    assert result.err.endswith(f"hint: {hint}\n")


@pytest.mark.parametrize(
    "expression",
    ['"external-uri" = 1', "card.none = 1", '"card.none" = 1', '"card.draft-x" = 1', "external = 1"],
)
def test_a_field_that_no_card_has_is_an_error_that_marks_it(
    expression: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"own.md": OWN})
    result = run("list", "--where", expression)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: no card has a field `")
    assert "^^^" in result.err


def test_every_column_that_is_computed_hides_no_field(make_corpus: MakeCorpus, run: Run) -> None:
    names = [column.name for column in cards_table().columns if "_" in column.name or not column.fields]
    make_corpus({"own.md": card(**{name: f'"own {name}"' for name in names})})
    assert {"path", "id", "story", "errors", "provider_name"} <= {*names}
    columns = ", ".join(f"card.{name}" for name in names)
    result = run("query", "select NAMES from cards".replace("NAMES", columns))
    assert result.out.rstrip("\n").split("\t") == [f"own {name}" for name in names]
    listed = run("list", "--columns", columns.replace(" ", ""), "--format", "json")
    assert json.loads(listed.out) == [{f"card.{name}": f"own {name}" for name in names}]


@pytest.mark.parametrize(
    ("sql", "out"),
    [
        ("SELECT provider.name FROM cards", "Tide"),
        ("SELECT c.PROVIDER . Name FROM cards c WHERE provider.domain = 'tide.example'", "Tide"),
        ("SELECT source.first.name || provider.name FROM cards", "AnnTide"),
        ("SELECT story.size, story_size FROM cards", "9\t1"),
        ("SELECT provider.name FROM cards JOIN (SELECT 1 AS name) AS provider", "1"),
        ('SELECT "provider.name" FROM cards', "Tide"),
        ("SELECT provider.name, card.provider.name FROM cards", "Tide\tTide"),
    ],
)
def test_a_nested_field_has_its_dotted_name_too(
    sql: str, out: str, make_corpus: MakeCorpus, run: Run
) -> None:
    config = "".join(
        f'[fields."{name}"]\ntype = "{kind}"\n'
        for name, kind in {
            "source": "mapping", "source.first": "mapping", "source.first.name": "text",
            "story": "mapping", "story.size": "integer",
        }.items()
    )  # fmt: skip
    make_corpus({"a.md": card(source="{first: {name: Ann}}", story="{size: 9}"), "newscards.toml": config})
    result = run("query", sql)
    assert (result.code, result.out, result.err) == (0, f"{out}\n", "")


def test_a_dotted_name_that_is_no_column_is_an_error_that_marks_it(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD})
    for sql in ("SELECT provider.nam FROM cards", "SELECT provider.name, nosuch FROM cards"):
        result = run("query", sql)
        assert (result.code, result.out) == (2, "")
        assert "^^^" in result.err
    assert joined_names("a.b.c, a.b, x.a.b, 'a.b', a.\"b\"", {"a.b": "a_b", "a.b.c": 'a"c'}) == (
        '"a""c", "a_b", x."a_b", \'a.b\', "a_b"'
    )


def test_names_are_joined_only_where_they_begin_with_card() -> None:
    assert own_names_quoted("card.a = 'card.b' and cards.card.c.d and x.card -- card.e") == (
        '"card.a" = \'card.b\' and cards."card.c.d" and x.card -- card.e'
    )
    assert own_names_quoted('card.*, card, .5, card . [a"b]') == 'card.*, card, .5, "card.a""b"'


def test_a_hyphen_joins_words_only_without_blanks() -> None:
    assert hyphenated("b", "a-b-c and b - d and e -b and 'b-x' and B-5 -- b-z") == ["a-b-c", "B-5"]


def test_only_the_tables_that_a_query_reads_are_filled(monkeypatch: pytest.MonkeyPatch) -> None:
    filled: list[str] = []
    monkeypatch.setattr(Sandbox, "fill", lambda sandbox, table, columns, rows: filled.append(table))
    for sql in ("select topic from topics", "select card.id from cards", "select story from stories"):
        Query(sql).run(TableData([]))
    assert filled == ["topics", "cards", "stories"]
