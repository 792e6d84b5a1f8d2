"""Rules of the configuration: what they find, where, and every mistake that can be made in one."""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newscards import clock
from newscards.query import own_rules
from tests.conftest import MakeCorpus, Run
from tests.support import ROOT, card, matches_snapshot
from tests.support.git_repository import commit, git
from tests.support.random_corpus import World

pytestmark = pytest.mark.usefixtures("kept_of_few_cards")

TOO_WEAK = """\
[rules.too-weak]
where = "published and quality < 40"
field = "quality"
message = "quality {quality} is below 40: {provider_name} would lead the site with it"
help = "hide it, or raise its quality"
severity = "error"
"""
ONE_SOURCE = """\
[rules.one-source]
query = \"\"\"
SELECT path, 'published' AS field
FROM stories JOIN cards USING (story)
WHERE published AND size = 1 AND has_topic('oceans')
\"\"\"
message = "a story about Oceans with one source"
"""
ROWS = """
[rules.worst]
query = '''
SELECT path, 'quality' AS field, 'worst of ' || (SELECT count(*) FROM cards) AS message
FROM cards ORDER BY quality LIMIT 1
'''
[rules.by-row]
query = "SELECT path, CASE id WHEN 'b' THEN 'images[0].url' WHEN 'c' THEN 'heat' END AS field FROM cards"
field = "title"
message = "a {path} {{{FIELD}}}"
"""
ABOUT_ONE_CARD_AND_MORE = """
[rules.relative]
where = "quality < (SELECT max(quality) FROM cards)"
severity = "error"
[rules.unknown]
where = "embargo = 'now'"
severity = "error"
"""
ALONE = 'select = ["own"]\n'

Findings = Callable[..., list[tuple[str, str, int, str]]]


@pytest.fixture
def findings(run: Run) -> Findings:
    """Return a function that returns what own rules find: rule, path, line and message of each finding.

    It asserts that the same is found without an index, with a new one, and again.
    """

    def find(*args: str) -> list[tuple[str, str, int, str]]:
        results = [run("validate", "--format", "json", *args, *more) for more in (["--no-cache"], [], [])]
        assert results[0].err == ""
        assert results[1:] == results[:1] * 2
        found = json.loads(results[0].out)["findings"]
        return [(each["rule"], each["path"], each["line"], each["message"]) for each in found]

    return find


def test_a_finding_has_the_name_the_message_and_the_place_that_its_rule_declares(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({
        "weak.md": card(quality="20"),
        "hidden.md": card(quality="20", published="false"),
        "newscards.toml": ALONE + TOO_WEAK,
    })  # fmt: skip
    result = run("validate")
    assert result.code == 1
    matches_snapshot("own_rule_text.txt", result.out)
    assert run("validate", "--format", "concise", "--quiet").out == (
        "weak.md:9:10: error[too-weak]: quality 20 is below 40: Tide would lead the site with it\n"
    )


def test_a_query_sees_the_corpus_and_may_say_field_and_message_of_each_row(
    findings: Findings, make_corpus: MakeCorpus
) -> None:
    make_corpus({
        "a.md": card(quality="1"),
        "b.md": card(quality="2", webUrl='"https://tide.example/b"', originalUrl=None),
        "c.md": card(quality="3", heat=None, webUrl='"https://tide.example/c"', originalUrl=None),
        "newscards.toml": ALONE + ROWS,
    })  # fmt: skip
    assert findings() == [
        ("by-row", "a.md", 3, "a a.md {none}"),  # the rule's own field, where the row has none
        ("worst", "a.md", 9, "worst of 3"),
        ("by-row", "b.md", 21, "a b.md {images[0].url}"),
        ("by-row", "c.md", 2, "a c.md {heat}"),  # a field that is missing: the first line
    ]
    assert findings("a.md") == findings()[:2]  # of PATHs alone, but the query sees the corpus


def test_the_rules_in_the_manual_find_what_the_manual_says(
    findings: Findings, make_corpus: MakeCorpus
) -> None:
    page = (ROOT / "newscards" / "manual" / "rules.md").read_text()
    (rules,) = re.findall(r"(?<=^```toml\n).*?(?=^```$)", page, re.MULTILINE | re.DOTALL)
    make_corpus({"a.md": card(quality="20"), "newscards.toml": ALONE + rules})
    assert findings() == [
        ("too-weak", "a.md", 9, "quality 20 is below 40: Tide would lead the site with it"),
        ("one-source", "a.md", 11, "a story about Oceans that only Tide tells"),
    ]


def test_without_a_message_a_finding_has_the_sql(findings: Findings, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(), "newscards.toml": ALONE + '[rules.any]\nwhere = """\nquality\n  > 1"""\n'})
    assert findings() == [("any", "a.md", 1, "any: quality   > 1")]


def test_one_problem_is_found_once_however_many_rows_have_it(
    findings: Findings, make_corpus: MakeCorpus
) -> None:
    rule = "[rules.topics]\nquery = 'SELECT path FROM topics'\nmessage = 'has topics'\n"
    make_corpus({"a.md": card(), "newscards.toml": ALONE + rule})
    assert findings() == [("topics", "a.md", 1, "has topics")]


def test_findings_are_selected_ignored_suppressed_and_given_a_severity_by_name(
    run: Run, findings: Findings, make_corpus: MakeCorpus
) -> None:
    make_corpus({
        "a.md": card(quality="20"),
        "b.md": card(quality="20 # newscards: ignore[too-weak]", webUrl='"https://tide.example/b"'),
        "c.md": card(quality="70 # newscards: ignore[too-weak]", webUrl='"https://tide.example/c"'),
        "d.md": card(quality="20 # newscards: ignore[own]", webUrl='"https://tide.example/d"'),
        "old/e.md": card(quality="20", webUrl='"https://tide.example/e"'),
        "newscards.toml": f'per-file-ignores = {{ "old/*" = ["too-weak"] }}\n{TOO_WEAK}',
    })  # fmt: skip
    found = findings()
    assert [each[:3] for each in found if each[0] in ("too-weak", "unused-ignore")] == [
        ("too-weak", "a.md", 9), ("unused-ignore", "c.md", 9),
    ]  # fmt: skip
    assert {each[0] for each in findings("--select", "too-weak")} == {"too-weak"}
    assert {each[0] for each in findings("--select", "NC,too-weak")} == {each[0] for each in found}
    assert findings("--select", "own,NC111") == findings("--select", "NC111,too-weak")
    for option in (("--ignore", "too-weak"), ("--ignore", "own"), ("--select", "NC1,NC2,NC3,NC4,NC5,NC6")):
        assert not {each[0] for each in findings(*option)} & {"too-weak"}
    result = run("validate", "--select", "toweak")
    assert (result.code, result.err.count("did you mean `too-weak`?")) == (2, 1)
    Path("newscards.toml").write_text(f'severities = {{ too-weak = "warning" }}\n{TOO_WEAK}')
    assert "warning[too-weak]" in run("validate", "--format", "concise").out


def test_the_baseline_counts_them(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(quality="20"), "newscards.toml": ALONE + TOO_WEAK})
    assert run("validate", "--write-baseline", "known.json").code == 0
    assert "too-weak" in Path("known.json").read_text()
    assert run("validate", "--baseline", "known.json").code == 0


@pytest.mark.parametrize("form", ["text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit"])
def test_every_format_has_them_with_an_index_and_without(
    form: str, run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": card(quality="20"), "newscards.toml": TOO_WEAK + ONE_SOURCE})
    wanted = run("validate", "--format", form, "--no-cache")
    assert (wanted.code, wanted.err) == (1, "")
    assert "too-weak" in wanted.out
    assert "one-source" in wanted.out
    assert run("validate", "--format", form) == run("validate", "--format", form) == wanted


def test_sarif_explains_them(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(quality="20"), "newscards.toml": TOO_WEAK + ONE_SOURCE})
    for args in ([], [], ["--no-cache"]):
        (log,) = json.loads(run("validate", "--format", "sarif", *args).out)["runs"]
        rules = log["tool"]["driver"]["rules"]
        rule = next(rule for rule in rules if rule["id"] == "too-weak")
        assert rule["defaultConfiguration"] == {"level": "error"}
        assert "published and quality < 40" in rule["help"]["markdown"]
        assert "hide it, or raise its quality" in rule["help"]["text"]
        assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in log["results"])


def test_the_findings_of_own_rules_are_rows_of_the_table_of_findings(
    run: Run, make_corpus: MakeCorpus
) -> None:
    make_corpus({"a.md": card(quality="20"), "newscards.toml": TOO_WEAK})
    sql = "SELECT rule, code, field FROM findings WHERE rule = 'too-weak'"
    assert run("query", sql, "--format", "tsv").out == "too-weak\ttoo-weak\tquality\n"


def test_a_field_that_no_table_of_fields_has_is_a_column(findings: Findings, make_corpus: MakeCorpus) -> None:
    rule = """
[rules.embargo]
where = "embargo is not null"
field = "embargo"
message = "until {embargo}"
"""
    make_corpus({"a.md": card(embargo="2026-01-01"), "b.md": card(), "newscards.toml": ALONE + rule})
    assert findings() == [("embargo", "a.md", 12, "until 2026-01-01")]


def test_paths_in_sql_are_those_from_the_configuration_wherever_newscards_runs(
    findings: Findings, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "[rules.old]\nwhere = \"path LIKE 'site/old/%'\"\nmessage = '{path}'\n"
    folder = make_corpus({
        "site/old/a.md": card(), "site/b.md": card(), "newscards.toml": ALONE + rule,
    })  # fmt: skip
    assert findings("site") == [("old", "site/old/a.md", 1, "site/old/a.md")]
    monkeypatch.chdir(folder / "site")
    assert findings() == [("old", "old/a.md", 1, "site/old/a.md")]
    assert findings(str(folder / "site")) == [("old", f"{folder}/site/old/a.md", 1, "site/old/a.md")]


MISTAKES = {
    "unknown key": ("[rules.a]\nwhere = 'quality < 1'\nfeild = 'quality'", "a rule has no key `feild`"),
    "no table": ("[rules]\na = 5", "the rule `a` must be a table"),
    "not a text": ("[rules.a]\nwhere = 5", "`where` of a rule must be a text"),
    "empty": ("[rules.a]\nwhere = ' '", "`where` of a rule is empty"),
    "both": ("[rules.a]\nwhere = 'quality'\nquery = 'SELECT path FROM cards'", "has both"),
    "neither": ("[rules.a]\nmessage = 'x'", "has neither"),
    "severity": ("[rules.a]\nwhere = 'quality'\nseverity = 'eror'", 'not "eror"'),
    "a code": ("[rules.NC201]\nwhere = 'quality'", "`NC201` is a code"),
    "the beginning of codes": ("[rules.nc2]\nwhere = 'quality'", "`nc2` is a code"),
    "a built-in name": ("[rules.missing-field]\nwhere = 'quality'", "the name of a built-in rule"),
    "a selector": ("[rules.own]\nwhere = 'quality'", "`own` selects all rules"),
    "no kebab case": ("[rules.Too_Weak]\nwhere = 'quality'", "`Too_Weak` is not a name"),
    "a lone brace": ("[rules.a]\nwhere = 'quality'\nmessage = 'at {quality'", "belongs to no placeholder"),
    "a placeholder": (
        "[rules.a]\nwhere = 'quality'\nmessage = 'of {quality} at {qualty}'",
        "the table cards has no column `qualty`",
    ),
    "a dotted placeholder": (
        "[rules.a]\nwhere = 'quality'\nmessage = '{provider.nam}'",
        "has no column `provider.nam`",
    ),
    "a placeholder of a query": (
        "[rules.a]\nquery = 'SELECT path FROM cards'\nmessage = '{quality}'",
        "the result of the query has no column `quality`",
    ),
    "a field": ("[rules.a]\nwhere = 'quality'\nfield = 'qualty'", "there is no field `qualty`"),
    "no path": ("[rules.a]\nquery = 'SELECT id FROM cards'", "has no column `path`"),
    "what the site does": ("[rules.a]\nwhere = 'NOT page'", "a rule cannot ask what the site does"),
    "what rules find": ("[rules.a]\nwhere = 'published and errors > 0'", "a rule cannot ask what rules find"),
    "the table of findings": (
        "[rules.a]\nquery = 'SELECT path FROM findings'",
        "a rule cannot ask what rules find",
    ),
    "what rules find in a message": (
        "[rules.a]\nwhere = 'quality'\nmessage = '{errors}'",
        "a rule cannot ask what rules find",
    ),
    "a table": ("[rules.a]\nquery = 'SELECT path FROM card'", "there is no table `card`"),
    "a function": ("[rules.a]\nwhere = 'lenght(title) > 5'", "there is no function `lenght`"),
    "syntax": ('[rules.a]\nwhere = """\npublished\n  and and quality"""', "`and` is not expected here"),
    "escapes": ('[rules.a]\nwhere = "title = \\"a\\" and \\u0071uality < < 1"', "`<` is not expected here"),
    "a query for an expression": ("[rules.a]\nwhere = 'SELECT path FROM cards'", "an expression is expected"),
    "an expression for a query": ("[rules.a]\nquery = 'quality < 4'", "a query begins with SELECT"),
    "two queries": ("[rules.a]\nquery = 'SELECT path FROM cards; DELETE FROM cards'", "one query at a time"),
    "a field of no card": ("[rules.a]\nwhere = 'published and qualty < 40'", "no card has a field `qualty`"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_wrong_configuration_with_its_place(
    mistake: str, run: Run, make_corpus: MakeCorpus
) -> None:
    text, message = MISTAKES[mistake]
    make_corpus({"a.md": card(), "newscards.toml": text + "\n"})
    result = run("validate")
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert result.err.startswith("error: newscards.toml:")


def test_the_mistakes_are_told_as_they_should_be(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card()})
    told = ""
    for mistake, (text, _) in MISTAKES.items():
        Path("newscards.toml").write_text(text + "\n")
        told += f"# {mistake}\n{text}\n\n{run('validate').err}\n"
    matches_snapshot("own_rule_mistakes.txt", told)


def test_a_mistake_in_pyproject_has_its_place_there(run: Run, make_corpus: MakeCorpus) -> None:
    text = "[project]\nname = 'x'\n[tool.newscards.rules.a]\nwhere = 'published and and'\n"
    make_corpus({"a.md": card(), "pyproject.toml": text})
    result = run("validate")
    assert (result.code, result.err.partition(": ")[2].partition(": ")[0]) == (2, "pyproject.toml:4:24")


def test_a_mistake_is_told_before_a_card_is_read_even_of_a_rule_that_is_ignored(
    run: Run, make_corpus: MakeCorpus
) -> None:
    rule = "[rules.a]\nwhere = 'published and and quality'\n"
    make_corpus({"a.md": card(), "newscards.toml": f'ignore = ["a"]\n{rule}'})
    for args in (["validate"], ["rule", "a"], ["config"], ["set", "quality", "5", "a.md"]):
        result = run(*args)
        assert (result.code, "newscards.toml:3:24" in result.err) == (2, True)


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("ATTACH 'x.db' AS x", "a query begins with SELECT"),
        ("PRAGMA writable_schema = 1", "a query begins with SELECT"),
        ("SELECT path FROM cards WHERE load_extension('x')", "do nothing else"),
        ("SELECT path, readfile('secret.txt') FROM cards", "there is no function `readfile`"),
        ("SELECT path, writefile('out.txt', title) FROM cards", "there is no function `writefile`"),
        ("SELECT path FROM cards, pragma_database_list", "do nothing else"),
        ("SELECT name AS path FROM sqlite_master", "do nothing else"),
        ("SELECT path FROM cards WHERE fts3_tokenizer('x')", "do nothing else"),
        ("WITH x AS (SELECT 1) DELETE FROM cards", "do nothing else"),
        ("SELECT path, hex(zeroblob(1000000000)) AS message FROM cards", "makes a value of more than"),
        (
            "SELECT path, replace(hex(zeroblob(4000000)), '0', 'xxxx') AS message FROM cards",
            "makes a value of more than",
        ),
        ("SELECT path FROM cards WHERE length(randomblob(2000000000))", "makes a value of more than"),
    ],
)
def test_a_rule_can_neither_read_nor_write_a_file_nor_take_all_memory(
    sql: str, message: str, run: Run, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus({"a.md": card(), "secret.txt": "secret"})
    Path("newscards.toml").write_text(f"[rules.bad]\nquery = {json.dumps(sql)}\n")
    before = sorted(os.listdir(folder))
    result = run("validate")
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert "rules.bad" in result.err
    assert "secret" not in result.err.replace("secret.txt", "")
    assert sorted(os.listdir(folder)) == before


ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"


@pytest.mark.parametrize(
    "sql",
    [
        f"{ENDLESS} SELECT path FROM cards, n WHERE x < 0",  # noqa: S608
        f"{ENDLESS} SELECT max(x) AS path FROM n",  # noqa: S608
        (
            "SELECT path FROM cards WHERE (WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
            "SELECT max(x) FROM n)"
        ),
    ],
)
def test_a_rule_that_runs_out_of_time_is_an_error_that_names_it(
    sql: str, run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_rules, "TIMEOUT", 0.05)
    make_corpus({"a.md": card(), "newscards.toml": f"{TOO_WEAK}[rules.slow]\nquery = {json.dumps(sql)}\n"})
    result = run("validate")
    assert (result.code, result.out) == (2, "")
    assert "`rules.slow.query`: the query was ended after 0.05 seconds" in result.err


def test_a_rule_of_endless_rows_is_an_error_that_names_it(
    run: Run, make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_rules, "MAX_ROWS", 100)
    sql = f"{ENDLESS} SELECT 'a.md' AS path, x AS message FROM n"  # noqa: S608
    make_corpus({"a.md": card(), "newscards.toml": f"[rules.many]\nquery = {json.dumps(sql)}\n"})
    result = run("validate")
    assert (result.code, result.out) == (2, "")
    assert "`rules.many.query`: the query has more than 100 rows" in result.err


@pytest.mark.parametrize(
    ("result", "message"),
    [
        ("'b.md' AS path", "a `path` that is no card: b.md"),
        ("NULL AS path", "a `path` that is no card: none"),
        ("5 AS path", "a `path` that is no card: 5"),
        ("path, 'a..b' AS field", "a `field` that is no name of one: a..b"),
        ("path, 7 AS field", "a `field` that is no name of one: 7"),
        ("path, 'qualty' AS field", "a `field` that no card has: `qualty`"),
        ("path, 'provider.nam' AS field", "a `field` that no card has: `provider.nam`"),
    ],
)
def test_a_row_that_is_no_finding_is_an_error_of_the_rule(
    result: str, message: str, run: Run, make_corpus: MakeCorpus
) -> None:
    sql = f"SELECT {result} FROM cards"  # noqa: S608
    make_corpus({"a.md": card(), "newscards.toml": f'[rules.odd]\nquery = "{sql}"\n'})
    told = run("validate")
    assert (told.code, told.out) == (2, "")
    assert "newscards.toml:2:10: `rules.odd.query`: " in told.err
    assert message in told.err


def test_a_changed_rule_never_gives_an_old_answer(findings: Findings, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(quality="20"), "newscards.toml": ALONE + TOO_WEAK})
    assert len(findings()) == 1
    for changed in (
        TOO_WEAK.replace("< 40", "< 30"),
        TOO_WEAK.replace("< 40", "< 10"),
        TOO_WEAK.replace("below", "under"),
        TOO_WEAK.replace('"quality"', '"title"'),
        TOO_WEAK.replace("too-weak", "weak"),
    ):
        Path("newscards.toml").write_text(ALONE + changed)
        findings()


def test_an_answer_that_depends_on_the_day_holds_until_midnight(
    findings: Findings, make_corpus: MakeCorpus, ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = """
[rules.old]
where = "age_days > 1"
message = "{age_days} days"
"""
    make_corpus({"a.md": card(publishedDateTime="2026-03-01T10:00:00Z"), "newscards.toml": ALONE + rule})
    told = {}
    for day, hour in ((2, 9), (2, 23), (3, 1), (3, 9), (4, 0)):
        now = datetime(2026, 3, day, hour, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda now=now: now)
        ways.clear()
        told[day, hour] = findings(), [*ways]
    assert [found and found[0][3] for found, _ in told.values()] == [[], [], "2 days", "2 days", "3 days"]
    assert [way for _, way in told.values()] == [
        ["whole", "kept"], ["kept", "kept"], ["partly", "kept"], ["kept", "kept"], ["partly", "kept"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "where",
    [
        "julianday('now') - julianday(publishedDateTime) > 30",
        "publishedDateTime < datetime('NOW', '-1 day')",
        "publishedDateTime < datetime('no' || 'w')",
        "publishedDateTime < datetime()",
        "publishedDateTime < current_timestamp",
        "abs(random()) >= 0",
    ],
)
def test_an_answer_that_depends_on_the_second_is_not_stored(
    where: str, findings: Findings, make_corpus: MakeCorpus, ways: list[str]
) -> None:
    make_corpus({"a.md": card(), "newscards.toml": f'{ALONE}[rules.now]\nwhere = "{where}"\n'})
    assert len(findings()) == 1
    assert ways == ["whole", "partly"]


@pytest.mark.parametrize("where", ["date(publishedDateTime) < '2024'", "publishedDateTime < date('now')"])
def test_an_answer_that_asks_for_a_date_is_stored(
    where: str, findings: Findings, make_corpus: MakeCorpus, ways: list[str]
) -> None:
    make_corpus({"a.md": card(), "newscards.toml": f'{ALONE}[rules.now]\nwhere = "{where}"\n'})
    assert len(findings()) == 1
    assert ways == ["whole", "kept"]


SEVERAL = """
[rules.weak]
where = "quality < 50"
field = "quality"
message = "{quality} of {title}"
[rules.above-average]
where = "heat > (SELECT avg(heat) FROM cards)"
field = "heat"
[rules.alone]
query = "SELECT path, 'related' AS field FROM stories JOIN cards USING (story) WHERE size = 1"
[rules.copied]
where = "story_size > 1 and story <> id"
message = "{story} of {story_size}"
[rules.topic]
query = '''
SELECT path, 'topics[' || (position - 1) || ']' AS field, topic FROM topics
WHERE topic NOT IN (SELECT topic FROM topics GROUP BY 1 HAVING count(*) > 2)
'''
message = "{topic} is rare"
"""
BULKY = """
[rules.copies]
query = "SELECT path, 'related[' || (position - 1) || '].title' AS field FROM related WHERE copy_of IS NULL"
message = "a copy of nothing"
"""


@pytest.mark.exhaustive(always=3)
@pytest.mark.parametrize("seed", range(24))
def test_whatever_changes_the_same_is_found_with_an_index_and_without(
    seed: int, findings: Findings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ways: list[str]
) -> None:
    rng = random.Random(seed)
    site = tmp_path / "site"
    (site / "_news").mkdir(parents=True)
    monkeypatch.chdir(site)
    world = World(site / "_news", rng)
    rules = SEVERAL + (BULKY if seed % 4 == 3 else "")
    (site / "newscards.toml").write_text(f'corpus = "_news"\n{rules}')
    for _ in range(12):
        findings()
        world.change()
    if seed % 4 != 3:
        assert "partly" in ways


@pytest.mark.exhaustive(always=2)
@pytest.mark.parametrize("seed", range(12))
def test_what_is_new_since_a_revision_is_the_same_with_an_index_and_without(
    seed: int, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    site = tmp_path / "site"
    (site / "_news").mkdir(parents=True)
    monkeypatch.chdir(site)
    world = World(site / "_news", rng)
    (site / "newscards.toml").write_text(f'corpus = "_news"\n{SEVERAL}')
    git(Path(), "init", "-q", "-b", "main")
    commit(Path())
    for _ in range(5):
        world.change()
        args = ("validate", "--changed-since", "main", "--format", "json")
        assert run(*args, "--no-cache") == run(*args) == run(*args)


def test_only_new_findings_are_reported_since_a_revision(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(quality="20"), "b.md": card(quality="60"), "newscards.toml": ALONE + TOO_WEAK})
    git(Path(), "init", "-q", "-b", "main")
    commit(Path())
    assert run("validate", "--changed-since", "main").code == 0
    Path("b.md").write_text(card(quality="30"))
    for args in ([], ["--no-cache"]):
        result = run("validate", "--changed-since", "main", "--format", "concise", *args)
        assert [line.partition(":")[0] for line in result.out.splitlines()[:-1]] == ["b.md"]


def test_an_edit_that_creates_an_error_of_a_rule_about_one_card_is_refused(
    run: Run, make_corpus: MakeCorpus
) -> None:
    rules = TOO_WEAK + ABOUT_ONE_CARD_AND_MORE
    make_corpus({"a.md": card(), "b.md": card(embargo="later"), "newscards.toml": rules})
    refused = run("set", "quality", "20", "a.md")
    assert refused.code == 1
    assert "it would be an error: too-weak: quality 20 is below 40" in refused.err
    assert "quality: 67" in Path("a.md").read_text()
    assert run("set", "quality", "50", "a.md").code == 0
    assert run("set", "quality", "20", "a.md", "--force").code == 0


def test_publishing_a_card_warns_of_its_errors(run: Run, make_corpus: MakeCorpus) -> None:
    make_corpus({"a.md": card(quality="20", published="false"), "newscards.toml": TOO_WEAK})
    assert "it gets an error: too-weak: quality 20" in run("set-published", "true", "a.md").err


def test_a_fix_that_creates_a_finding_of_an_own_rule_is_taken_back(run: Run, make_corpus: MakeCorpus) -> None:
    rule = "[rules.clean]\nwhere = \"title NOT LIKE '%&%'\"\nfield = 'title'\n"
    make_corpus({"a.md": card(title='"Tide &amp; gauges &#8217;"'), "newscards.toml": rule})
    text = Path("a.md").read_text()
    assert "&#8217;" in text
    run("validate", "--fix")
    run("validate", "--fix")
    assert "&" in Path("a.md").read_text()


@pytest.mark.parametrize("name", ["tags", "tags[1]", "provider.country", "seo.a[0].b", "provider.domain"])
def test_a_row_may_name_a_field_of_some_card_that_is_not_declared(
    name: str, make_corpus: MakeCorpus, run: Run
) -> None:
    rule = f"[rules.a]\nquery = \"SELECT path, '{name}' AS field FROM cards\"\n"  # noqa: S608
    other = card(tags="[a, b]", seo="{a: [{b: 1}]}").replace(
        "  name: Tide\n", "  name: Tide\n  country: no\n"
    )
    make_corpus({"newscards.toml": ALONE + rule, "a.md": card(), "b.md": other})
    assert run("validate").code == 0


def test_a_refused_edit_names_an_own_rule_without_a_message_once(make_corpus: MakeCorpus, run: Run) -> None:
    rule = "[rules.too-weak]\nwhere = 'quality < 40'\nseverity = 'error'\n"
    make_corpus({"newscards.toml": rule, "a.md": card()})
    result = run("set", "quality", "3", "a.md")
    assert "it would be an error: too-weak: quality < 40" in result.err


def test_the_documentation_has_the_braces_of_a_message_as_a_finding_has_them(
    make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"newscards.toml": "[rules.a]\nwhere = '1'\nmessage = 'a {{brace}}'\n"})
    assert "\na {brace}\n" in run("rule", "a").out
