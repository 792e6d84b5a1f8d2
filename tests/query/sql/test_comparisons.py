"""Comparisons of numbers with texts: which are reported, which are left alone, and where."""

from __future__ import annotations

import re
from collections.abc import Collection

import pytest

import newscards.query.sql.query as module
from newscards.cards.card import Card
from newscards.query.sql.data import TableData
from newscards.query.sql.query import Query, Where
from newscards.query.sql.tokens import SqlError
from newscards.text import did_you_mean
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card


@pytest.mark.parametrize(
    ("expression", "name", "text"),
    [
        ("'many' = heat", "heat", "'many'"),
        ("not heat is not 'false'", "heat", "'false'"),
        ("quality > 10 and (heat <> 'high')", "heat", "'high'"),
        ("quality in (1, '2', 'three')", "quality", "'three'"),
        ("quality not in ('none')", "quality", "'none'"),
        ("quality between '1' and 'x'", "quality", "'x'"),
        ("cards.quality >= 'a' or 1", "quality", "'a'"),
        ("\"quality\" == ''", "quality", "''"),
        ("age_days < '30d'", "age_days", "'30d'"),
        ("path in (select path from images where width > 'wide')", "width", "'wide'"),
        ("case when story_size = 'no' then 1 end", "story_size", "'no'"),
        ("quality in (x'31', 'high')", "quality", "'high'"),
        ("path in (select c.path from cards c where c.heat = 'high')", "c.heat", "'high'"),
        (
            "path in (select r.path from cards c, related as r where 'high' = r.quality)",
            "r.quality",
            "'high'",
        ),
    ],
)
def test_a_number_is_not_compared_with_a_text(expression: str, name: str, text: str) -> None:
    with pytest.raises(SqlError) as raised:
        Where(expression)
    error = raised.value
    first, line, carets = str(error).splitlines()
    assert name in first
    assert f" and {text} is a text" in first
    marked = line[carets.index("^") : len(carets)]
    assert name in marked
    assert text in marked


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        ("title > 80", "`title` is a text, and 80 is a number", "CAST(title AS REAL)"),
        ("-1.5 <= cards.title", "`cards.title` is a text, and -1.5 is a number", "write '-1.5' to compare"),
        ("not title between 1 and 5", "`title` is a text, and 1 is a number", "letter by letter"),
        ("publishedDateTime > 2024", "`publishedDateTime` is a date, and 2024 is a number", "'2024-01-01'"),
        ("publishedDateTime > 2", "`publishedDateTime` is a date, and 2 is a number", "'2024-01-01'"),
        ("path in (select path from images where url < 1)", "`url` is a text, and 1 is a number", "'1'"),
        ("provider.domain > 5", "`provider.domain` is a text, and 5 is a number", "letter by letter"),
        ("cards.provider.domain > 5", "`cards.provider.domain` is a text, and 5 is a number", "CAST"),
        ("published = 'true' or quality > 5", "`published` is true or false, and 'true' is a text", "NOT"),
        ("published in (0, 'false', 'no')", "true or false, and 'false' is a text", "write `published`"),
        (
            "'true' <> shown",
            "`shown` is true or false, and 'true' is a text",
            "write `shown`, or `NOT shown`",
        ),
        ("quality <> ''", "`quality` is a number, and '' is a text", "write quality IS NOT NULL"),
        ("'' < errors", "`errors` is a number, and '' is a text", "write errors IS NOT NULL"),
        ("quality not in ('')", "`quality` is a number, and '' is a text", "write quality IS NOT NULL"),
        ("published != ''", "`published` is true or false, and '' is a text", "published IS NOT NULL"),
    ],
)
def test_a_text_and_a_number_or_a_boolean_are_mixed(expression: str, message: str, hint: str) -> None:
    error = Where(expression).mixed_comparison
    assert error is not None
    assert str(error).splitlines() == str(Where(expression).doubtful_comparison).splitlines()
    assert message in str(error).splitlines()[0]
    assert hint in error.hint


@pytest.mark.parametrize(
    "expression",
    [
        "published = true",
        "title = 80 or title in (1, 2) or title <> 3",
        "title > '80' or cast(title as real) > 80 or quality > 80",
        "title > 80 || 'x' or 1 + title > 80",
        "mystery > 80",
        "length(title) > 80 and age_days < -1",
        "published = '1'",
        "quality = ' 80.0e0 ' or quality in ('1', '2')",
        "title = 'true' or type in ('a', 'b')",
        "embargo = 'now'",
        "title || quality = 'a80'",
        "'a' || quality = 'a80'",
        "quality || 'a' = '80a'",
        "'80a' = quality || 'a'",
        "quality = 'a' || 'b'",
        "cast(quality as text) = 'high'",
        "typeof(published) = 'text'",
        "quality = (select max(heat) from cards where title = 'x')",
        "id in (select quality from (select title as quality from cards) where quality = 'x')",
        "quality like 'x%'",
        "'a' = 'b' or quality = heat",
        "\"title\" = 'and' and 1",
        "topics between 'a' and 'b'",
        "topics = 'AI, Ports' or topics like 'AI'",
        "publishedDateTime > '2026-11-20' and publishedDateTime < '202' and publishedDateTime <> ''",
        "publishedDateTime = '2023-01-10T10:00:00Z' or publishedDateTime like '2023-01-10%'",
        "publishedDateTime between '2020-07-01' and '9999'",
        "publishedDateTime between '0000' and '2019-12-31'",
        "publishedDateTime < '3000' or publishedDateTime <= '2020~' or publishedDateTime > ' '",
        "publishedDateTime > '2020-01-01 10:00' or publishedDateTime < '2020 ' or publishedDateTime > ''",
        "topics <> ''",
        "quality = x'3538' or title > x'3538' or publishedDateTime < x''",
        "related_count*1000-10-5 > 3 or quality > 1000-10-5 * 2 or quality < 2000-13-5 or heat > 2000/1/32",
        "quality % 1920/10/2 = 1 or max(1920/10/2, 5) > quality or heat > 5 and 1920/10/2",
        "story_size > (select count(*) from topics j where j.path = 'x' and heat > j.position)",
        "quality > 100-20 and heat between 2-1 and 2020-1",
        "removed is null or removed is not null or nullif(title, 'a') = nullif(title, null)",
        "title = '2026-11-20' -- since 2026-11-20",
    ],
)
def test_other_comparisons_are_left_alone(expression: str) -> None:
    assert Where(expression).doubtful_comparison is None


@pytest.mark.parametrize(
    "sql",
    [
        "with a(quality) as (select 'x') select 1 from a where quality = 'x'",
        "select 1 from (select title as quality from cards) where quality = 'x'",
        "select 1 from (select title quality, heat from cards) where quality = 'x'",
        "select 1 from (select lower(title) quality, heat from cards) where quality = 'x'",
        "select 1 from (select 'x' quality, heat from cards) where quality = 'x'",
        "select * from (select case when heat>60 then 'hi' else 'lo' end heat from cards) where heat='hi'",
        "select * from (select heat*2 as 'title' from cards) where title > 5",
        "select * from (select heat*2 'title' from cards) where title > 5",
        "select j.id from cards, json_each(cards.topics) j where j.id > 1 and j.type > 5",
        'select 1920/10/2 as "1920/10/2", 2000-10-5 from cards',
        "select provider.url from images provider, cards where provider.url > 'x'",
        "select card.size from stories card where card.headline > 'x'",
    ],
)
def test_a_query_may_have_columns_of_its_own(sql: str) -> None:
    assert Query(sql).doubtful_comparison is None


@pytest.mark.parametrize(
    ("expression", "marked", "message", "hint"),
    [
        ("publishedDateTime > 2026-11-20", "2026-11-20", "2026-11-20 is a subtraction", "'2026-11-20'"),
        ("date(publishedDateTime) <= 2026/1/5", "2026/1/5", "2026/1/5 is a division", "'2026-01-05'"),
        ("publishedDateTime between '2026' and 2026-02-01", "2026-02-01", "a subtraction", "'2026-02-01'"),
        ("id = 'x' or publishedDateTime in (2026-02-01)", "2026-02-01", "a subtraction", "'2026-02-01'"),
        ("publishedDateTime > 2026-1-2T10:00:00Z", "2026-1-2T10:00:00Z", "a date", "'2026-01-02T10:00:00Z'"),
        ("publishedDateTime > 2026-01-02 10:00", "2026-01-02 10:00", "a date", "'2026-01-02T10:00'"),
        ("age_days < 2026-11-20", "2026-11-20", "a subtraction", "'2026-11-20'"),
        ("publishedDateTime > (2026-11-20)", "2026-11-20", "a subtraction", "'2026-11-20'"),
        ("publishedDateTime > datetime(2026-11-20)", "2026-11-20", "a subtraction", "'2026-11-20'"),
        ("2026-11-20 > date(publishedDateTime)", "2026-11-20", "a subtraction", "'2026-11-20'"),
        ("title in ('a', 2000-20-1, 2026-11-20, 'b')", "2026-11-20", "a subtraction", "'2026-11-20'"),
        (
            "publishedDateTime not between date('now', '-1 day') and 2026-11-20",
            "2026-11-20",
            "a subtraction",
            "'2026-11-20'",
        ),
        ("quality + 2000-10-5 > 3 and removed is not 2026-11-20", "2026-11-20", "a subtraction", "'2026"),
    ],
)
def test_a_date_needs_quotes(expression: str, marked: str, message: str, hint: str) -> None:
    with pytest.raises(SqlError) as raised:
        Where(expression)
    first, line, carets = str(raised.value).splitlines()
    assert message in first
    assert line[carets.index("^") : len(carets)] == marked
    assert raised.value.hint.startswith(f"write {hint}")


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        ("publishedDateTime > 2020-1", "is a date, and 2020-1 is a subtraction", "write '2020-01'"),
        ("2020/12 > publishedDateTime", "is a date, and 2020/12 is a division", "write '2020-12'"),
        ("publishedDateTime not between 2020-1 and 2021-1", "2020-1 is a subtraction", "write '2020-01'"),
        ("id in ('a', 3-1)", "`id` is a text, and 3-1 is a subtraction", "write '3-1'"),
        ("title = 1 + -2 * 3", "1+-2*3 is a calculation", "write '1+-2*3'"),
        ("publishedDateTime > 20230620", "and 20230620 is none", "'2024-01-01'"),
        ("publishedDateTime > -1 or 5 > quality", "and -1 is none", "'2024-01-01'"),
        ("0 <= publishedDateTime", "and 0 is none", "'2024-01-01'"),
        ("publishedDateTime < 2020-13-1", "2020-13-1 is a subtraction", "write '2020-13-1'"),
        ("removed = NULL", "`= NULL` is never true", "write IS NULL"),
        ("title <> null or 1", "`<> NULL` is never true", "write IS NOT NULL"),
    ],
)
def test_what_is_true_for_all_cards_or_for_none_is_an_error(expression: str, message: str, hint: str) -> None:
    with pytest.raises(SqlError) as raised:
        Where(expression)
    assert message in str(raised.value)
    assert "^" in str(raised.value)
    assert hint in raised.value.hint


@pytest.mark.parametrize(
    ("expression", "message", "hint"),
    [
        (
            "topics = 'AI'",
            "`topics` is all topics of a card, separated by commas",
            "write has_topic('AI'), or",
        ),
        ("'AI' <> topics", "separated by commas", "has_topic('AI')"),
        ("topics in ('AI', 'a')", "separated by commas", "has_topic('AI')"),
        ("publishedDateTime < 'yesterday'", "is a date, and 'yesterday' is none", "write a day"),
        ("publishedDateTime > 'a' or publishedDateTime > '2020'", "and 'a' is none", "write a day"),
        ("'14d' <= publishedDateTime", "and '14d' is none", "'2024-01-01'"),
        ("publishedDateTime >= '20.06.2023'", "and '20.06.2023' is none", "'2024-01-01'"),
        ("path in (select head from stories where first < 'today')", "and 'today' is none", "'2024-01-01'"),
    ],
)
def test_a_name_of_a_topic_and_no_date_are_doubtful(expression: str, message: str, hint: str) -> None:
    where = Where(expression)
    error = where.doubtful_comparison
    assert error is not None
    assert where.mixed_comparison is None
    assert message in str(error)
    assert hint in error.hint


CORPUS = {"a.md": CARD, "b.md": CARD}


@pytest.mark.parametrize(
    "args",
    [
        ["list", "--where", "heat = 'no'"],
        ["query", "select path from cards where heat = 'no'"],
        ["set-published", "false", "--where", "heat = 'no'", "--yes"],
    ],
)
def test_an_impossible_comparison_is_wrong_usage_and_nothing_is_written(
    args: list[str], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(CORPUS)
    result = run(*args)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: `heat` is a number, and 'no' is a text\n")
    assert result.err.count("^") == len("heat = 'no'")
    assert "\nhint: as in: heat > 80\n" in result.err


@pytest.mark.parametrize(
    "args",
    [["list", "--where", "title < 5"], ["query", "select path from cards where title < 5"]],
)
def test_an_answer_of_a_doubtful_comparison_comes_with_a_warning(
    args: list[str], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(CORPUS)
    result = run(*args)
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("warning: `title` is a text, and 5 is a number\n")
    assert result.err.count("^") == len("title < 5")
    assert "\nhint: write '5' to compare letter by letter" in result.err


_REMOVED = "no card has `removed: false`; what a card lacks is NULL: write removed IS NOT TRUE"


@pytest.mark.parametrize(
    ("expression", "note"),
    [
        ("provider_name = 'tide'", "no card has `provider_name: tide`; did you mean `Tide`?"),
        ("provider_name <> 'Tyde'", "no card has `provider_name: Tyde`; did you mean `Tide`?"),
        ("type in ('article', 'vidoe')", "no card has `type: vidoe`; did you mean `video`?"),
        (
            "publishedDateTime = '2023-06-20'",
            "no card has `publishedDateTime: 2023-06-20`; write publishedDateTime LIKE '2023-06-20%'",
        ),
        ("category = 'News'", "no card has `category: News`; did you mean `news`?"),
        ("provider.name = 'tide'", "no card has `provider_name: tide`; did you mean `Tide`?"),
        ("cards.provider.name in ('tide')", "no card has `provider_name: tide`; did you mean `Tide`?"),
        ("removed = false", _REMOVED),
        ("not removed", _REMOVED),
        ("removed <> 1", _REMOVED),
    ],
)
def test_a_value_that_no_card_has_is_noted_with_the_nearest(
    expression: str, note: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"a.md": CARD, "b.md": card(removed="true", type="video")})
    query = "select id from cards where EXPRESSION".replace("EXPRESSION", expression)
    for args in (["list", "--where", expression], ["query", query]):
        result = run(*args)
        assert (result.code, result.err) == (0, f"note: {note}\n")


@pytest.mark.parametrize(
    "expression",
    [
        "provider_name = 'Tide' or provider_name = 'tide' collate nocase or provider_name like 'tide'",
        "removed is not true or removed = true or removed is null",
        "not published or not shown or shown = 0",
        "quality = '5' or heat in (1, 2)",
        "provider_name < 'm'",
        "publishedDateTime = '2023-06-21' or publishedDateTime = '2023-06-20T15:44:00Z'",
        "type = 'video' or title = 'x' or excerpt = ''",
    ],
)
def test_other_values_are_not_noted(expression: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD, "b.md": card(removed="true")})
    assert run("list", "--where", expression, "--count").err == ""


def noted(expression: str, cards: list[Card]) -> dict[str, str]:
    """Return what an expression notes that no card has."""
    where = Where(expression)
    where.chosen(TableData(cards))
    return where.absent


def test_values_are_compared_with_few_others_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def of(count: int) -> list[Card]:
        return [
            Card(f"{at}.md", {"title": f"Title {at}", "category": f"c{at % 9}", "topics": [f"Topic {at}"]})
            for at in range(count)
        ]

    compared: list[int] = []

    def count(word: str, names: Collection[str]) -> str:
        compared.append(len(names))
        return did_you_mean(word, names)

    monkeypatch.setattr(module, "did_you_mean", count)
    titles = "title in ('Title 7x', 'Title 8x')"
    assert len(noted(titles, of(900))) == 2
    many = ", ".join(f"'Title {at}x'" for at in range(30))
    assert len(noted(f"title in ({many})", of(100))) == 20
    assert sum(compared) == 2 * 900 + 20 * 100
    compared.clear()
    absent = noted(f"{titles} or category = 'C1' or has_topic('Topik 1')", of(3000))
    assert absent == {"`category: C1`": "did you mean `c1`?", "the topic `Topik 1`": ""}
    assert sum(compared) == 10


def test_a_name_with_a_dot_is_that_of_its_own_column(make_corpus: MakeCorpus, run: Run) -> None:
    config = '[fields.cover]\ntype = "mapping"\n[fields."cover.quality"]\n'
    config += '[fields."cover.width"]\ntype = "integer"\n'
    own = {"errors": "none", "page": "about", "shown": "later", "story": "5"}
    make_corpus({"a.md": card(**own, cover="{quality: high, width: 7}"), "newscards.toml": config})
    for expression in (
        "cover.quality = 'high' and cards.cover.quality = 'high' and cover_quality = 'high'",
        "card.errors = 'none' and card.page = 'about' and card.shown = 'later'",
        "card.story > 4 and cover.width = 7",
    ):
        result = run("list", "--where", expression, "--format", "ids")
        assert (result.code, result.out, result.err) == (0, "a\n", ""), expression
    assert run("list", "--where", "cover.width > 'x'").err.startswith(
        "error: `cover.width` is a number, and 'x'"
    )
    assert run("list", "--where", "cover.quality > 5").err.startswith(
        "warning: `cover.quality` is a text, and"
    )


def test_a_text_that_is_a_number_is_compared_as_one(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(quality="9"), "b.md": card(quality="100")})
    assert run("list", "--where", "quality > '80'", "--format", "ids").out == "b\n"
    assert run("list", "--where", "age_days > '30' and age_days < '99999'", "--count").out == "2\n"


@pytest.mark.parametrize("expression", ["topics = 'Oceans'", "publishedDateTime > 'a'"])
def test_in_the_configuration_what_is_doubtful_is_valid(
    expression: str, make_corpus: MakeCorpus, run: Run
) -> None:
    config = f'[fields.editor]\nrequired = "{expression}"\n[rules.one]\nwhere = "{expression}"\n'
    make_corpus({**CORPUS, "newscards.toml": config})
    assert run("validate").err == ""


@pytest.mark.parametrize(
    ("configuration", "place"),
    [
        ("[rules.hidden]\nwhere = \"quality > 1 and published = 'no'\"\n", "2:26: `rules.hidden.where`"),
        (
            "[rules.hidden]\nquery = \"SELECT path FROM cards WHERE 'no' = published\"\n",
            "2:39: `rules.hidden.query`",
        ),
        ("[fields.editor]\nrequired = \"published = 'no'\"\n", "2:13: `required` of `editor`"),
        ('[fields.editor]\n[rules.few]\nwhere = "editor > 3"\n', "3:10: `rules.few.where`"),
        ("[rules.new]\nwhere = 'publishedDateTime > 2026-11-20'\n", "2:30: `rules.new.where`"),
        (
            '[fields.views]\ntype = "integer"\n[rules.few]\nwhere = "views < \'few\'"\n',
            "4:10: `rules.few.where`",
        ),
    ],
)
def test_in_the_configuration_it_is_an_error(
    configuration: str, place: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({**CORPUS, "newscards.toml": configuration})
    result = run("validate")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"error: newscards.toml:{place}: ")
    assert re.search("is a text|is a subtraction", result.err)
    assert "^" in result.err
