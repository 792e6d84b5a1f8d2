"""Fields that a card must have where an expression over it is true."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from newscards import clock
from newscards.cards.fields import use_fields
from newscards.corpus.settings import load_settings
from newscards.query.linters import make_linter
from tests.conftest import NOW, MakeCorpus, Run
from tests.support import CARD, card


def configuration(condition: str, name: str = "editor") -> str:
    return f"[fields.\"{name}\"]\nrequired = '''{condition}'''\n"


def lacking(run: Run, *args: str) -> list[tuple[str, str]]:
    """Return the path and field of each finding of missing-field."""
    found = json.loads(run("validate", "--select", "NC301", *args, "--format", "json").out)["findings"]
    return [(each["path"], each["field"]) for each in found]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("published", "ab"),
        ("not published", "c"),
        ("quality > 80 or has_topic('AI')", "bc"),
        ("provider_name = 'Tide' and type <> 'video'", "abc"),
        ("EXISTS (SELECT 1 FROM topics WHERE topic = 'AI')", "c"),
        ("EXISTS (SELECT 1 FROM topics t WHERE t.path = cards.path AND topic = 'AI')", "c"),
        ("path IN (SELECT path FROM images WHERE width < 800)", ""),
        ("age_days > 300", "abc"),
        ("date('now') < '2000-01-01'", ""),
        ("weight > 3", "b"),
        ("related_count = 0", "abc"),
        ("NULL", ""),
    ],
)
def test_a_card_lacks_a_field_where_its_condition_is_true(
    condition: str, expected: str, make_corpus: MakeCorpus, run: Run
) -> None:
    text = configuration(condition) + "[fields.weight]\ntype = 'number'\n"
    make_corpus({
        "newscards.toml": text,
        "a.md": CARD,
        "b.md": card(quality="90", heat="90", weight="3.5"),
        "c.md": card(published="false", topics="\n  - AI"),
        "d.md": card(quality="90", heat="90", topics="\n  - AI", editor="mb"),
    })  # fmt: skip
    assert lacking(run) == [(f"{name}.md", "editor") for name in expected]


@pytest.mark.parametrize(
    ("condition", "place", "told", "hint"),
    [
        ("publishd", "2:15", "the field `publishd` is not declared", "did you mean `published`?"),
        ("published AND qualty > 5", "2:29", "the field `qualty` is not declared", "did you mean `quality`?"),
        ("published AND", "2:28", "something is missing at the end", ""),
        ("mystery > 3", "2:15", "the field `mystery` is not declared", "declare it: [fields.mystery]"),
        ('"my-own" > 3', "2:15", "`my-own` is not declared", "declare it: [fields.my-own]"),
        ("\n\n  qualty > 5", "4:3", "the field `qualty` is not declared", ""),
        ("story_size > 2", "2:15", "`story_size` depends on more than the card", "fields of the card"),
        ("NOT page", "2:19", "`page` depends on more than the card", ""),
        ("errors > 2", "2:15", "`errors` depends on more than the card", ""),
        ("path IN (SELECT path FROM findings)", "2:41", "`findings` depends on more than the card", ""),
        ("1; DROP TABLE cards", "2:", "", ""),
        ("load_extension('x')", "2:", "a query can read the tables, and do nothing else", ""),
    ],
)
def test_a_wrong_condition_is_told_with_its_place_before_a_card_is_read(
    condition: str, place: str, told: str, hint: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"newscards.toml": configuration(condition), "a.md": "no card"})
    for command in (["validate"], ["config"], ["schema"], ["set", "title", "x", "a"]):
        result = run(*command)
        assert (result.code, result.out) == (2, "")
        assert result.err.startswith(f"error: newscards.toml:{place}")
        assert told in result.err
        assert hint in result.err


def test_the_caret_is_under_the_expression_in_the_message(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"newscards.toml": configuration("published AND qualty > 5"), "a.md": CARD})
    assert run("validate").err == (
        "error: newscards.toml:2:29: `required` of `editor`:"
        " the field `qualty` is not declared\n"
        "  published AND qualty > 5\n"
        "                ^^^^^^\n"
        "hint: did you mean `quality`?\n"
    )


def test_the_message_says_which_condition_asks_for_the_field(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"newscards.toml": configuration("published\n  AND quality > 5"), "a.md": CARD})
    message = "`editor` is missing, and the configuration asks for it where `published AND quality > 5`"
    assert message in run("validate").out
    make_corpus({"a.md": card(editr="mb")})
    assert "NC301" not in run("validate").out


def test_a_field_within_a_mapping_is_asked_for_where_there_is_one(make_corpus: MakeCorpus, run: Run) -> None:
    text = configuration("published", "provider.country") + configuration("published", "images.credit")
    make_corpus({
        "newscards.toml": text,
        "a.md": CARD,
        "b.md": card(images='\n  - url: "https://a.example/1"\n    credit: x\n  - url: "https://a.example/2"'),
        "c.md": card(provider="Tide", images="x"),
    })  # fmt: skip
    assert lacking(run) == [
        ("a.md", "provider.country"), ("a.md", "images[0].credit"),
        ("b.md", "provider.country"), ("b.md", "images[1].credit"),
    ]  # fmt: skip


def test_nothing_is_evaluated_where_no_card_lacks_the_field(
    make_corpus: MakeCorpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_corpus({"newscards.toml": configuration("published"), "a.md": card(editor="mb")})
    settings = load_settings(str(folder))
    use_fields(settings.card_field)
    linter = make_linter(settings)
    assert linter.conditions is not None
    monkeypatch.delattr(linter.conditions.__class__, "holding")
    assert linter.check("a.md") == []


def test_an_edit_that_makes_a_condition_true_is_told(make_corpus: MakeCorpus, run: Run) -> None:
    make_corpus({"newscards.toml": configuration("published"), "a.md": card(published="false")})
    assert "NC301" in run("set-published", "true", "a", "--dry-run").err
    make_corpus({"newscards.toml": configuration("quality > 80")})
    refused = run("set", "quality", "90", "a")
    assert (refused.code, "it would be an error: NC301: `editor` is missing" in refused.err) == (1, True)
    assert run("set", "quality", "70", "a").code == 0


def test_the_index_follows_the_fields_and_the_cards(
    make_corpus: MakeCorpus, run: Run, tmp_path: Path
) -> None:
    """The same answers with an index and without, after each change of a card or of the configuration."""
    cards = {
        f"{number:03}.md": card(
            title=f'"Card {number}"', webUrl=f'"https://www.tide.example/{number}"', originalUrl=None,
            published="true" if number % 50 else "false", editor="mb" if number % 3 else None,
        )
        for number in range(300)
    }  # fmt: skip
    make_corpus({"newscards.toml": configuration("published"), **cards})

    def check() -> list[tuple[str, str]]:
        cold = lacking(run, "--no-cache")
        assert lacking(run) == cold
        assert lacking(run) == cold  # now from the index
        return cold

    assert len(check()) == 100 - 2
    make_corpus({"150.md": cards["150.md"].replace("published: false", "published: true")})
    assert len(check()) == 100 - 1
    make_corpus({"newscards.toml": configuration("not published")})
    assert len(check()) == 5
    make_corpus({"newscards.toml": configuration("published") + "choices = ['jh']\n"})
    assert len(check()) == 100 - 1
    choices = json.loads(run("validate", "--select", "NC403", "--format", "json").out)["findings"]
    assert len(choices) == 196
    make_corpus({"newscards.toml": ""})
    assert check() == []


def test_a_stored_answer_holds_no_longer_than_its_condition(
    make_corpus: MakeCorpus, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {
        f"{number:03}.md": card(webUrl=f'"https://www.tide.example/{number}"', originalUrl=None)
        for number in range(200)
    }
    make_corpus({"newscards.toml": configuration("age_days > 940"), **texts})
    assert lacking(run) == lacking(run) == []
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=1))
    assert len(lacking(run)) == 200


@pytest.mark.parametrize(
    "condition", ["datetime('now') > '2000'", "datetime('n' || 'ow') > '2000'", "random() <> 5"]
)
def test_an_answer_that_depends_on_the_present_moment_holds_for_no_time(
    condition: str, make_corpus: MakeCorpus
) -> None:
    folder = make_corpus({"newscards.toml": configuration(condition), "a.md": CARD})
    settings = load_settings(str(folder))
    use_fields(settings.card_field)
    checked = make_linter(settings).check_file("a.md")
    assert checked is not None
    assert not checked.validity.holds()
    fine = load_settings(
        str(make_corpus({"newscards.toml": configuration("date(publishedDateTime) > '2000'")}))
    )
    use_fields(fine.card_field)
    checked = make_linter(fine).check_file("a.md")
    assert checked is not None
    assert checked.validity.until > NOW + timedelta(days=300)


def test_a_removed_field_is_named_with_the_line_that_removes_it(make_corpus: MakeCorpus, run: Run) -> None:
    toml = '[fields.published]\nremove = true\n[fields.editor]\nrequired = "published"\n'
    make_corpus({"a.md": CARD, "newscards.toml": toml})
    result = run("validate")
    assert result.code == 2
    assert result.err.startswith(
        "error: newscards.toml:4:13: `required` of `editor`: the field `published` is removed in line 2\n"
    )
