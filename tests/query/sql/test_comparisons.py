"""Comparisons of numbers with texts: which are reported, which are left alone, and where."""

from __future__ import annotations

import pytest

from newscards.query.sql.query import Query, Where
from tests.conftest import MakeCorpus, Run
from tests.support import CARD


@pytest.mark.parametrize(
    ("expression", "name", "text"),
    [
        ("published = 'true'", "published", "'true'"),
        ("'true' = published", "published", "'true'"),
        ("not published is not 'false'", "published", "'false'"),
        ("quality > 10 and (heat <> 'high')", "heat", "'high'"),
        ("quality in (1, '2', 'three')", "quality", "'three'"),
        ("quality not in ('none')", "quality", "'none'"),
        ("quality between '1' and 'x'", "quality", "'x'"),
        ("cards.quality >= 'a' or 1", "quality", "'a'"),
        ("\"quality\" == ''", "quality", "''"),
        ("age_days < '30d'", "age_days", "'30d'"),
        ("path in (select path from images where width > 'wide')", "width", "'wide'"),
        ("case when shown = 'no' then 1 end", "shown", "'no'"),
    ],
)
def test_a_number_is_not_compared_with_a_text(expression: str, name: str, text: str) -> None:
    error = Where(expression).text_comparison
    assert error is not None
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
        ("-1.5 <= cards.title", "`title` is a text, and 1.5 is a number", "write '1.5' to compare"),
        ("not title between 1 and 5", "`title` is a text, and 1 is a number", "letter by letter"),
        ("publishedDateTime > 2024", "`publishedDateTime` is a date, and 2024 is a number", "'2024-01-01'"),
        ("path in (select path from images where url < 1)", "`url` is a text, and 1 is a number", "'1'"),
    ],
)
def test_a_text_is_not_before_or_after_a_number(expression: str, message: str, hint: str) -> None:
    error = Where(expression).text_comparison
    assert error is not None
    assert str(error).startswith(f"{message}\n")
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
    ],
)
def test_other_comparisons_are_left_alone(expression: str) -> None:
    assert Where(expression).text_comparison is None


def test_a_table_of_the_query_may_have_columns_of_its_own() -> None:
    assert (
        Query("with a(quality) as (select 'x') select 1 from a where quality = 'x'").text_comparison is None
    )


CORPUS = {"a.md": CARD, "b.md": CARD}


@pytest.mark.parametrize(
    "args",
    [["list", "--where", "published = 'no'"], ["query", "select path from cards where published = 'no'"]],
)
def test_an_answer_of_such_a_comparison_comes_with_a_warning(
    args: list[str], make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus(CORPUS)
    result = run(*args)
    assert (result.code, result.out) == (0, "")
    assert result.err.startswith("warning: `published` is true or false, and 'no' is a text\n")
    assert result.err.count("^") == len("published = 'no'")
    assert "\nhint: write `published`, or `NOT published`\n" in result.err


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
    assert result.err.startswith(f"error: newscards.toml:{place}: `")
    assert "is a text" in result.err
    assert "^" in result.err
