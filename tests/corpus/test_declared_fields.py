"""Fields that a configuration declares: wrong declarations, and what each command makes of the others."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from newscards.cards.fields import FIELDS, card_field, dotted_names, use_fields
from newscards.corpus.settings import load_settings
from newscards.errors import NewscardsError
from tests.conftest import MakeCorpus, Run
from tests.support import CARD, card

OWN = """\
[fields.editor]
type = "text"
required = "published"
choices = ["mb", "jh"]
help = "initials of whoever answers for the card"
[fields.weight]
type = "number"
[fields.reviewed]
type = "boolean"
[fields.due]
type = "date"
[fields."external-url"]
type = "url"
[fields.tags]
type = "list"
of = "text"
choices = ["big", "small"]
[fields."provider.country"]
choices = ["no", "dk"]
[fields.cover]
type = "mapping"
[fields."cover.alt"]
required = true
"""


def findings(run: Run, *args: str) -> list[tuple[str, str, str]]:
    """Return the code, field and message of each finding."""
    found = json.loads(run("validate", *args, "--format", "json").out)["findings"]
    return [(each["code"], each["field"], each["message"]) for each in found]


@pytest.mark.parametrize(
    ("text", "place", "told", "hint"),
    [
        ("fields = 5", "1:10", "`fields` must be a table", ""),
        ("[fields]\neditor = 5", "2:10", "the field `editor` must be a table", "[fields.editor]"),
        ('[fields.editor]\ntyp = "text"', "2:1", "a field has no key `typ`", "did you mean `type`?"),
        ('[fields.editor]\ntype = "txt"', "2:8", "there is no type `txt`", "did you mean `text`?"),
        ("[fields.editor]\ntype = 5", "2:8", "`type` of a field must be a text", ""),
        ('[fields.a]\ntype = "list"\nof = "list"', "3:6", "the items of a list cannot be lists", ""),
        ('[fields.a]\nof = "text"', "2:6", "`a` is no list", 'write `type = "list"`'),
        ('[fields.quality]\nof = "text"', "2:6", "`quality` is no list", ""),
        ("[fields.a]\nchoices = []", "2:11", "`choices` of a field must be a list of values", ""),
        ("[fields.a]\nchoices = ['b', 5]", "2:17", "a choice of `a` must be a text", ""),
        ('[fields.a]\ntype = "number"\nchoices = [1, nan]', "3:15", "a choice of `a` must be a number", ""),
        ("[fields.quality]\nchoices = [1, 2.5]", "2:15", "a choice of `quality` must be a whole number", ""),
        ("[fields.removed]\nchoices = [true]", "2:1", "`removed` is true or false, which has no choices", ""),
        ('[fields.a]\nchoices = "gone"', "2:11", "there is no file at", ""),
        ("[fields.a]\nrequired = 1", "2:12", "must be true, false or an SQL expression", ""),
        ('[fields.a]\nrequired = " "', "2:12", "`required` of a field is empty", ""),
        ("[fields.a]\nhelp = true", "2:8", "`help` of a field must be a text", ""),
        ("[fields.quality]\nremove = false", "2:10", "`remove` of a field must be true", "leave it out"),
        ("[fields.quality]\nremove = true\nrequired = false", "3:1", "is removed, and has `required`", ""),
        ("[fields.qualty]\nremove = true", "1:9", "there is no field `qualty` to remove", "`quality`"),
        ('[fields."provder.country"]', "1:9", "there is no field `provder`", "did you mean `provider`?"),
        ('[fields."cover.alt"]', "1:9", "there is no field `cover`", 'type = "mapping"'),
        ('[fields."title.short"]', "1:9", "`title` is text, and has no fields within it", ""),
        (
            "[fields.provider.country]\ntype = 'text'",
            "1:18",
            "no key `country`",
            '[fields."provider.country"]',
        ),
        ('[fields."a[0]"]', "1:9", "`a[0]` is no name of a field", "has no brackets"),
        ('[fields."a..b"]', "1:9", "`a..b` is no name of a field", ""),
    ],
)
def test_a_wrong_declaration_is_told_with_its_place(
    text: str, place: str, told: str, hint: str, tmp_path: Path
) -> None:
    (tmp_path / "newscards.toml").write_text(text)
    with pytest.raises(NewscardsError) as caught:
        load_settings(str(tmp_path))
    assert str(caught.value).startswith(f"{tmp_path}/newscards.toml:{place}: ")
    assert told in str(caught.value)
    assert hint in caught.value.hint


def test_a_field_in_pyproject_is_declared_below_its_table(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD, "pyproject.toml": '[tool.newscards.fields.editor]\ntypo = "text"'})
    assert run("validate").err.startswith("error: pyproject.toml:2:1: a field has no key `typo`")
    make_corpus({"pyproject.toml": "[tool.newscards.fields.editor]\nrequired = true"})
    assert findings(run) == [("NC301", "editor", "`editor` is missing")]


def test_what_is_declared_is_checked_as_any_other_field(make_corpus: MakeCorpus, run: Run) -> None:
    fields = {
        "editor": "xy",
        "weight": "heavy",
        "reviewed": "maybe",
        "due": "soon",
        "external-url": "tide",
        "tags": "\n  - big\n  - huge",
        "cover": "\n  src: x",
    }
    make_corpus({"a.md": card(**fields), "newscards.toml": OWN})
    assert {*findings(run)} == {
        ("NC403", "editor", "`editor` is `xy`, `mb` or `jh` is expected"),
        ("NC302", "weight", "`weight` is text, a number is expected"),
        ("NC302", "reviewed", "`reviewed` is text, true or false is expected"),
        ("NC302", "due", "`due` is text, a date is expected"),
        (
            "NC405",
            "external-url",
            "`external-url` is not a URL: it does not begin with `http://` or `https://`",
        ),
        ("NC403", "tags[1]", "`tags` is `huge`, `big` or `small` is expected"),
        ("NC301", "cover.alt", "`alt` is missing"),
        ("NC304", "cover.src", "unknown key `src`"),
    }
    fine = {
        "editor": "mb",
        "weight": "4",
        "reviewed": "false",
        "due": "2024-01-31",
        "external-url": "https://tide.example/x",
        "tags": "\n  - big",
        "cover": "\n  alt: A pier",
    }
    make_corpus({"a.md": card(**fine).replace("domain: tide", "country: dk\n  domain: tide")})
    assert findings(run) == []


def test_help_is_told_with_a_finding_and_by_the_schema(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(editor="5"), "newscards.toml": OWN})
    assert "write `mb` or `jh` (initials of whoever answers for the card)" in run("validate").out
    properties = json.loads(run("schema").out)["properties"]
    assert properties["editor"] == {
        "description": "initials of whoever answers for the card (required where `published`)",
        "type": "string",
        "enum": ["mb", "jh"],
    }
    assert properties["weight"] == {"type": "number"}
    assert properties["tags"]["items"] == {"type": "string", "enum": ["big", "small"]}
    assert properties["provider"]["properties"]["country"]["enum"] == ["no", "dk"]
    assert "initials of whoever answers" in run("query", "--schema").out


def test_a_field_has_its_place_when_it_is_set(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"a.md": CARD, "newscards.toml": OWN})
    for name, value in (
        ("weight", "4.5"),
        ("editor", "mb"),
        ("reviewed", "true"),
        ("provider.country", "no"),
        ("cover.alt", "A pier"),
        ("external-url", "https://tide.example/x"),
    ):
        assert run("set", name, value, "a").code == 0
    text = (folder / "a.md").read_text()
    assert '  domain: tide.example\n  country: "no"\n' in text
    assert text.endswith(
        'editor: mb\nweight: 4.5\nreviewed: true\nexternal-url: "https://tide.example/x"\n'
        "cover:\n  alt: A pier\n---\n"
    )
    assert findings(run) == []
    assert "`weight` is a number, which `x` is not" in run("set", "weight", "x", "a").err
    assert "it would be an error: NC403" in run("set", "editor", "xy", "a").err


def test_a_date_that_is_declared_may_be_a_day(make_corpus: MakeCorpus, run: Run) -> None:
    folder = make_corpus({"a.md": CARD, "newscards.toml": OWN})
    assert run("set", "due", "2024-01-31", "a").code == 0
    assert "\ndue: 2024-01-31\n" in (folder / "a.md").read_text()
    assert run("set", "due", "2024-01-31T10:00:00", "a").code == 0
    assert "\ndue: 2024-01-31T10:00:00\n" in (folder / "a.md").read_text()
    assert run("set", "due", "2024-01-32", "a").code == 2
    assert run("list", "--where", "due > '2024-01-31'", "--format", "ids").out == "a\n"
    assert "has no zone" in run("set", "publishedDateTime", "2024-01-31", "a").err


def test_a_field_is_a_column_an_order_a_condition_and_a_dimension(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(
        {
            "newscards.toml": OWN,
            "a.md": card(editor="mb", weight="3", tags="\n  - big\n  - small"),
            "b.md": card(editor="jh", weight="10.5", tags="\n  - big"),
            "c.md": card(published="false"),
        }
    )
    assert (
        run("list", "--columns", "id,editor,weight,cover.alt").out == "a\tmb\t3\t\nb\tjh\t10.5\t\nc\t\t\t\n"
    )
    assert run("list", "--sort", "-weight", "--format", "ids").out == "b\na\nc\n"
    assert run("list", "--where", "editor = 'mb' or weight > 10", "--format", "ids").out == "a\nb\n"
    assert run("query", "SELECT max(weight), sum(provider_country) FROM cards").out == "10.5\t\n"
    assert run("query", "SELECT id FROM cards WHERE cover IS NOT NULL").err == ""
    groups = [line.split("\t")[:2] for line in run("stats", "--by", "editor").out.splitlines()]
    assert groups == [["jh", "1"], ["mb", "1"], ["", "1"]]
    groups = [line.split("\t")[:2] for line in run("stats", "--by", "tags").out.splitlines()]
    assert groups == [["big", "2"], ["small", "1"], ["", "1"]]
    hint = run("stats", "--by", "editr").err
    assert "did you mean `editor`?" in hint


def test_a_misspelt_name_is_told_the_field_that_is_declared(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(editr="mb"), "newscards.toml": OWN})
    assert findings(run) == [("NC303", "editr", "unknown key `editr`, and `editor` is missing")]
    assert "did you mean `editor`?" in run("set", "edtor", "mb", "a").err
    assert "or `editor`?" in run("list", "--columns", "editir").err
    assert "did you mean `editor`?" in run("list", "--where", "edtor = 5").err


def test_a_built_in_field_is_changed_and_removed_also_in_entries(make_corpus: MakeCorpus, run: Run) -> None:
    entry = '\n  - title: "X"\n    excerpt: ""\n    publishedDateTime: 2023-06-20T15:44:00Z\n'
    entry += (
        "    webUrl: https://tide.example/b\n    type: podcast\n    provider: {name: T, domain: tide.example}"
    )
    make_corpus(
        {
            "a.md": card(quality=None, type="podcast", heat=None, related=entry),
            "newscards.toml": "[fields.quality]\nrequired = false\n[fields.heat]\nremove = true\n"
            '[fields.type]\nchoices = ["article", "podcast"]\n',
        }
    )
    assert findings(run, "--ignore", "NC6") == []
    make_corpus({"a.md": card(heat="70")})
    assert findings(run, "--ignore", "NC6") == [("NC304", "heat", "unknown key `heat`")]
    assert "there is no field `heat`" in run("set", "heat", "5", "a").err
    make_corpus({"newscards.toml": '[fields.quality]\ntype = "text"\n[fields.topics]\nchoices = ["AI"]'})
    assert [(code, field) for code, field, _ in findings(run, "--select", "NC3,NC403")] == [
        ("NC302", "quality"), ("NC403", "topics[0]"), ("NC403", "topics[1]"),
    ]  # fmt: skip


def test_types_and_categories_are_declarations_too(make_corpus: MakeCorpus, run: Run) -> None:
    text = 'types = ["podcast"]\n[fields.category]\nchoices = ["sport"]'
    make_corpus({"a.md": card(type="podcast", category="sport"), "newscards.toml": text})
    assert findings(run) == []


@pytest.mark.parametrize("name", [field.name for field in FIELDS])
def test_no_command_needs_a_built_in_field(name: str, make_corpus: MakeCorpus, run: Run) -> None:
    related = '\n  - title: "X"\n    webUrl: "https://tide.example/b"'
    make_corpus(
        {
            "a.md": card(related=related),
            "b.md": "---\n---\n",
            "newscards.toml": f"[fields.{name}]\nremove = true",
        }
    )
    for args in (
        ["validate"], ["validate", "--fix", "--diff"], ["list", "--format", "json"], ["list"], ["show", "a"],
        ["why", "a"], ["stories"], ["stats"], ["topics"], ["query", "--schema"], ["schema"], ["config"],
        ["query", "SELECT * FROM cards, related, images"], ["set-published", "false", "a"],
    ):  # fmt: skip
        result = run(*args)
        assert result.code in (0, 1), (args, result.err)


@pytest.mark.parametrize("name", ["id", "path", "story", "errors", "ID", "topics_x", "field_id", "shown"])
def test_a_name_that_is_computed_may_be_declared(name: str, make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(**{name: "x"}), "newscards.toml": f"[fields.{name}]"})
    assert findings(run) == []
    assert run("list", "--where", "id = 'a'", "--format", "ids").out == "a\n"
    assert run("query", "SELECT id FROM cards").out == "a\n"
    assert run("set", name, "y", "a").code == 0
    values = json.loads(run("query", "SELECT * FROM cards", "--format", "json").out)[0].values()
    assert "y" in values
    assert run("stats", "--by", name).out.startswith("y\t1")


def test_choices_may_be_in_files(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus(
        {
            "a.md": card(desk="sport"),
            "newscards.toml": '[fields.desk]\nchoices = "_data/desks.yml"',
            "_data/desks.yml": "- name: Politics\n- name: Sport\n",
        }
    )
    assert findings(run) == [("NC403", "desk", "`desk` is `sport`, `Politics` or `Sport` is expected")]
    make_corpus({"_data/desks.yml": "\n".join(f"- desk {number}" for number in range(100))})
    assert "one of 100 values, such as `desk 0` or `desk 1`" in run("validate").out


def test_a_word_that_yaml_takes_for_a_boolean_is_told_and_quoted(make_corpus: MakeCorpus, run: Run) -> None:
    text = card(lang="no", comments="no").replace("domain: tide", "country: NO # Norway\n  domain: tide")
    folder = make_corpus({"a.md": text, "newscards.toml": '[fields.lang]\n[fields."provider.country"]'})
    assert findings(run, "--select", "NC302") == [
        ("NC302", "lang", "`lang` is false and no text, because YAML reads `no` so"),
        ("NC302", "provider.country", "`country` is false and no text, because YAML reads `NO` so"),
    ]
    assert run("validate", "--fix").code == 0
    fixed = (folder / "a.md").read_text()
    assert fixed == text.replace("lang: no", 'lang: "no"').replace("country: NO #", 'country: "NO" #')


def test_no_fix_changes_the_value_of_a_key_that_is_not_declared(make_corpus: MakeCorpus, run: Run) -> None:
    own = """
lang: no
country: NO
answers: [yes, No, On]
weight: 0104
size: 1_000
time: 12:30
day: "2023-06-20"
flag: "true"
number: "12"
entity: "a &amp; b"
blank: " x "
mojibake: "donâ€™t"
link: "http://tide.example/a b"
curly: “x”
empty: ""
"""
    text = CARD.replace("published: true\n", f"published: true{own}")
    folder = make_corpus({"a.md": text, "newscards.toml": ""})
    run("validate", "--fix", "--unsafe-fixes")
    assert (folder / "a.md").read_text() == text


def test_config_shows_the_fields_as_a_configuration(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": CARD, "newscards.toml": OWN})
    shown = run("config").out
    make_corpus({"again.toml": shown})
    again = json.loads(run("config", "--config", "again.toml", "--format", "json").out)
    first = json.loads(run("config", "--format", "json").out)
    assert [each["value"] for each in again] == [each["value"] for each in first]
    assert '[fields.editor]  # newscards.toml\ntype = "text"\n' in shown


def test_diff_and_show_have_the_fields(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(editor="mb"), "newscards.toml": OWN})
    assert "editor    mb" in run("show", "a").out
    assert run("show", "a", "--field", "editor").out == "mb\n"
    assert "a has no `weight`" in run("show", "a", "--field", "weight").err


def test_a_run_without_declarations_has_the_built_in_fields(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"a.md": card(editor="mb"), "newscards.toml": OWN, "other/b.md": card(editor="mb")})
    assert findings(run, "--select", "NC3") == []
    make_corpus({"other/newscards.toml": ""})
    assert [code for code, *_ in findings(run, "other", "--select", "NC3")] == ["NC304"]
    use_fields()
    assert "editor" not in [*dotted_names(card_field())]


def test_a_mapping_without_fields_may_hold_anything(make_corpus: MakeCorpus, run: Run) -> None:
    text = '[fields.cover]\ntype = "mapping"\n[fields.links]\ntype = "list"\nof = "mapping"\n'
    make_corpus({"a.md": card(cover="\n  src: x", links="\n  - to: x"), "newscards.toml": text})
    assert findings(run) == []
    assert "declare what is in it" in run("set", "cover", "x", "a").err
    make_corpus({"a.md": card(cover="x", links="\n  to: x")})
    assert {message for *_, message in findings(run)} == {
        "`cover` is text, a mapping is expected", "`links` is a mapping, a list is expected",
    }  # fmt: skip


def test_an_item_of_a_list_of_mappings_has_the_fields_that_are_declared(
    make_corpus: MakeCorpus, run: Run
) -> None:
    images = '\n  - url: "https://a.example/1"\n    credit: 5'
    make_corpus({"a.md": card(images=images), "newscards.toml": '[fields."images.credit"]'})
    assert findings(run) == [("NC302", "images[0].credit", "`credit` is a whole number, text is expected")]
    assert run("query", "SELECT credit FROM images").out == "5\n"
    assert run("set", "images[0].credit", "Ann", "a").code == 0


def test_a_condition_of_a_built_in_field_asks_nothing_of_entries(make_corpus: MakeCorpus, run: Run) -> None:
    entry = '\n  - title: "X"\n    excerpt: ""\n    publishedDateTime: 2023-06-20T15:44:00Z\n'
    entry += (
        "    webUrl: https://tide.example/b\n    type: article\n    provider: {name: T, domain: tide.example}"
    )
    text = '[fields.quality]\nrequired = "published"'
    make_corpus({"a.md": card(quality=None, related=entry), "newscards.toml": text})
    assert [field for *_, field, _ in findings(run, "--select", "NC301")] == ["quality"]


@pytest.mark.parametrize(
    ("name", "value", "is_fine"),
    [
        ("editor", "mb", True),
        ("editor", "xx", False),
        ("editor", "5", False),
        ("editor", "", False),
        ("weight", "4", True),
        ("weight", "4.5", True),
        ("weight", '"4.5"', False),
        ("weight", "true", False),
        ("reviewed", "false", True),
        ("reviewed", '"false"', False),
        ("due", "2024-01-31", True),
        ("due", "2024-01-31 10:00:00", True),
        ("due", "soon", False),
        ("external-url", "https://tide.example/x", True),
        ("external-url", "tide.example", False),
        ("tags", "[big]", True),
        ("tags", "[huge]", False),
        ("tags", "big", False),
        ("cover", "{alt: x}", True),
        ("cover", "{}", False),
        ("cover", "x", False),
    ],
)
def test_the_schema_refuses_what_validate_reports(
    name: str, value: str, is_fine: bool, make_corpus: MakeCorpus, run: Run
) -> None:
    fields = {"editor": "mb"} | {name: value}
    make_corpus({"a.md": card(**fields), "newscards.toml": OWN})
    schema = Draft202012Validator(json.loads(run("schema").out))
    shown = json.loads(run("show", "a", "--format", "json").out)[0]
    assert schema.is_valid(shown) is is_fine
    assert run("validate", "--select", "NC3,NC4").code == (0 if is_fine else 1)


@pytest.mark.parametrize(
    ("name", "text"),
    [("heat", CARD), ("webUrl", CARD), ("provider.domain", CARD), ("related", card(related="[]"))],
)
def test_the_help_says_that_a_key_is_a_removed_field(
    name: str, text: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"newscards.toml": f'[fields."{name}"]\nremove = true\n', "a.md": text})
    assert [each[:2] for each in findings(run)] == [("NC304", name)]
    assert (
        "= help: delete it: the configuration removes this field (`remove = true`)\n" in run("validate").out
    )


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (
            ["tags", "x"],
            "hint: replace an item it has, as `tags[0]`, or change the list with `newscards edit`\n",
        ),
        (["due", "tomorrow"], "hint: write a day, as 2023-06-20, or a moment, as 2023-06-20T15:44:00Z\n"),
        (["due", "2023-06-20", "--limit", "3"], "'--limit'. Put `--` before a VALUE that begins with `-`"),
    ],
)
def test_set_says_how_a_declared_field_is_set(
    args: list[str], hint: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"newscards.toml": OWN, "a.md": card(tags="[big, small]")})
    result = run("set", *args, "a.md")
    assert result.code == 2
    assert hint in result.err
