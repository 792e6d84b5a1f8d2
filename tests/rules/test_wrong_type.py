from __future__ import annotations

import json

import pytest

from tests.conftest import MakeCorpus, Run
from tests.rules.cases import ODD, Found, replaced, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card


def wrong(line: int, column: int, end_column: int, field: str, end_line: int = 0) -> list[Found]:
    return [Found("NC302", line, column, end_column, field, end_line=end_line)]


FAILS = [
    pytest.param(card(category="[news]"), wrong(2, 11, 17, "category"), id="list-for-text"),
    pytest.param(card(title="2023"), wrong(3, 8, 12, "title"), id="number-for-text"),
    pytest.param(card(title="yes"), wrong(3, 8, 11, "title"), id="boolean-for-text"),
    pytest.param(card(title="2023-06-20"), wrong(3, 8, 18, "title"), id="date-for-text"),
    pytest.param(card(title="1:20"), wrong(3, 8, 12, "title"), id="sexagesimal-for-text"),
    pytest.param(card(title="{a: b}"), wrong(3, 8, 14, "title"), id="mapping-for-text"),
    pytest.param(card(title="!!binary aGk="), wrong(3, 8, 21, "title"), id="bytes-for-text"),
    pytest.param(card(title="# to come"), wrong(3, 7, 7, "title"), id="nothing-before-a-comment"),
    pytest.param(card(title="~"), wrong(3, 8, 9, "title"), id="null-for-text"),
    pytest.param(card(excerpt=""), wrong(4, 9, 9, "excerpt"), id="nothing-for-text"),
    pytest.param(card(excerpt="\n  - a\n  - b"), wrong(5, 3, 6, "excerpt", end_line=6),
                 id="block-list-for-text"),
    pytest.param(card(publishedDateTime='"2023-06-20T15:44:00Z"'), wrong(5, 20, 42, "publishedDateTime"),
                 id="text-for-date"),
    pytest.param(card(publishedDateTime="20.06.2023"), wrong(5, 20, 30, "publishedDateTime"),
                 id="german-date"),
    pytest.param(card(publishedDateTime="20230620"), wrong(5, 20, 28, "publishedDateTime"),
                 id="number-for-date"),
    pytest.param(card(type="[article]"), wrong(8, 7, 16, "type"), id="list-for-choice"),
    pytest.param(card(quality='"67"'), wrong(9, 10, 14, "quality"), id="text-for-number"),
    pytest.param(card(quality="67.0"), wrong(9, 10, 14, "quality"), id="fraction-for-number"),
    pytest.param(card(quality="67,5"), wrong(9, 10, 14, "quality"), id="comma-for-number"),
    pytest.param(card(quality="yes"), wrong(9, 10, 13, "quality"), id="boolean-for-number"),
    pytest.param(card(quality="|\n  67"), wrong(9, 10, 5, "quality", end_line=10),
                 id="block-text-for-number"),
    pytest.param(card(heat="high"), wrong(10, 7, 11, "heat"), id="word-for-number"),
    pytest.param(card(published=""), wrong(11, 11, 11, "published"), id="nothing-for-boolean"),
    pytest.param(card(removed="maybe"), wrong(12, 10, 15, "removed"), id="word-for-boolean"),
    pytest.param(card(removed="1"), wrong(12, 10, 11, "removed"), id="number-for-boolean"),
    pytest.param(card(provider="Tide"), wrong(13, 11, 15, "provider"), id="text-for-mapping"),
    pytest.param(card(provider="\n  - name: Tide"), wrong(14, 3, 15, "provider"), id="list-for-mapping"),
    pytest.param(card(provider="\n  name:\n  domain: tide.example"), wrong(14, 8, 8, "provider.name"),
                 id="nothing-in-a-mapping"),
    pytest.param(card(provider=f'{{name: "{ODD}", domain: 5}}'), wrong(13, 37, 38, "provider.domain"),
                 id="after-odd-characters"),
    pytest.param(card(topics="Oceans"), wrong(17, 9, 15, "topics"), id="text-for-list"),
    pytest.param(card(topics="{Oceans: 1}"), wrong(17, 9, 20, "topics"), id="mapping-for-list"),
    pytest.param(card(topics="\n  - Oceans\n  - 5"), wrong(19, 5, 6, "topics[1]"), id="number-in-a-list"),
    pytest.param(card(topics="\n  - Oceans\n  -\n  - Science"), wrong(19, 4, 4, "topics[1]"),
                 id="nothing-in-a-list"),
    pytest.param(card(topics=f'["{ODD}", no]'), wrong(17, 21, 23, "topics[1]"), id="boolean-in-a-list"),
    pytest.param(card(images="\n  url: https://a.example"), wrong(22, 3, 25, "images"),
                 id="image-without-a-dash"),
    pytest.param(card(images="\n  - https://a.example"), wrong(22, 5, 22, "images[0]"), id="text-for-image"),
    pytest.param(replaced("isCached: true", 'isCached: "true"'), wrong(25, 15, 21, "images[0].isCached"),
                 id="text-for-boolean-of-an-image"),
    pytest.param(card(related="\n  - Gauges of the north"), wrong(13, 5, 24, "related[0]"),
                 id="text-for-entry"),
    pytest.param(card(related="none"), wrong(12, 10, 14, "related"), id="text-for-entries"),
    pytest.param(with_entry("quality: 60", 'quality: "60"', before=1),
                 wrong(34, 14, 18, "related[1].quality"),
                 id="second-entry"),
    pytest.param(with_entry("2023-06-21T08:00:00Z", "yesterday"),
                 wrong(15, 24, 33, "related[0].publishedDateTime"),
                 id="date-of-an-entry"),
    pytest.param(with_entry("width: 600", "width: 600px"), wrong(24, 16, 21, "related[0].images[0].width"),
                 id="image-of-an-entry"),
    pytest.param(card(secured="123"), wrong(27, 10, 13, "secured"), id="number-for-secured"),
]  # fmt: skip


LISTED = "the site's lists show this card, but it has no page of its own"


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_value_of_another_type_is_found_on_the_value(text: str, expected: list[Found], find: Find) -> None:
    assert find(text) == expected


PASSES = [
    pytest.param(CARD, id="all-right"),
    pytest.param(with_entry(), id="an-entry"),
    pytest.param(card(title="!!str 2023"), id="tagged-as-text"),
    pytest.param(card(excerpt='""'), id="empty-text"),
    pytest.param(card(excerpt=">\n  folded"), id="folded-text"),
    pytest.param(card(publishedDateTime="2023-06-20"), id="a-day-is-a-date"),
    pytest.param(card(publishedDateTime="2023-06-20T15:44:00.5+02:00"), id="a-zone-and-a-fraction"),
    pytest.param(card(quality="0x43", heat="+1_0"), id="numbers-of-all-notations"),
    pytest.param(card(removed="no"), id="every-boolean"),
    pytest.param(card(provider='{"name": Tide, domain: tide.example}'), id="flow-mapping"),
    pytest.param(card(topics="[Oceans, Science]"), id="flow-list"),
    pytest.param(card(topics="\n- Oceans\n- Science"), id="list-that-is-not-indented"),
    pytest.param(card(images="[]", related="[]"), id="empty-lists"),
]


@pytest.mark.parametrize("text", PASSES)
def test_a_value_of_the_right_type_is_fine(text: str, find: Find) -> None:
    assert find(text) == []


MESSAGES = [
    (card(quality='"67"'), "`quality` is text, a whole number is expected"),
    (card(quality="67.5"), "`quality` is a number with a fraction, a whole number is expected"),
    (card(title="2023"), "`title` is a whole number, text is expected"),
    (card(excerpt=""), "`excerpt` is empty, text is expected"),
    (
        card(published=""),
        f"`published` is empty, true or false is expected: {LISTED}",
    ),
    (card(topics="AI"), "`topics` is text, a list is expected"),
]


@pytest.mark.parametrize(("text", "message"), MESSAGES)
def test_the_message_names_both_types(text: str, message: str, lint: Lint) -> None:
    assert [finding.message for finding in lint(text)] == [message]


def test_a_quoted_number_is_told_as_text(lint: Lint) -> None:
    assert "is text" in lint(card(heat='"67"'))[0].message


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (card(quality='"85"'), "`85`"),
        (card(removed='"false"'), "`false`"),
        (card(publishedDateTime='"2024-02-29T10:00:00Z"'), "`2024-02-29T10:00:00Z`"),
    ],
)
def test_the_help_for_quotes_is_the_same_value_without_them(text: str, value: str, lint: Lint) -> None:
    (finding,) = lint(text)
    assert value in finding.help
    assert "without quotes" in finding.help


def test_the_help_for_no_text_is_to_write_an_empty_one_where_that_is_allowed(lint: Lint) -> None:
    assert '`""`' in lint(card(excerpt=""))[0].help
    assert '`""`' not in lint(card(title=""))[0].help


def test_the_help_for_a_number_that_is_text_is_to_quote_it(lint: Lint) -> None:
    assert lint(card(title="2023"))[0].help == "put it in double quotes"


MEANT = [
    (card(quality="1,067"), "write `1067`"),
    (card(quality='"067"'), "write `67`, without quotes"),
    (card(quality='"1:07"'), "write `67` or `107`, without quotes, whichever is meant"),
    (card(quality="1e3"), "write `1000`"),
    (card(quality="[67]"), "write `67`"),
    (card(quality="high"), "write a whole number of 0 or more, for example `67`"),
    (card(quality='"-1"'), "write a whole number of 0 or more without quotes, for example `67`"),
    (card(publishedDateTime="4 May 2021"),
     "write `2021-05-04`, better with its time and zone"),
    (card(publishedDateTime="04/05/2021"),
     "write `2021-05-04` or `2021-04-05`, whichever is meant"),
    (card(publishedDateTime="May 4, 2021 10 am"), "write `2021-05-04T10:00:00Z`"),
    (card(publishedDateTime="soon"), "write a date, for example `2023-06-20T15:44:00Z`"),
    (card(removed="yes please"), "write `true`"),
    (card(removed="maybe"), "write `true` or `false`"),
    (card(removed='"maybe"'), "write `true` or `false`, without quotes"),
    (card(removed="flase"), "did you mean `false`?"),
    (card(removed='"flase"'), "did you mean `false`, without quotes?"),
    (card(quality='"1,067"'), "write `1067`, without quotes"),
    (card(quality='"high"'), "write a whole number of 0 or more without quotes, for example `67`"),
    (card(quality="087"), "write `87`"),
    (card(topics="Oceans, Science"),
     "write each item on a line of its own, after `  - `: `  - Oceans`, `  - Science`"),
    (card(images="https://tide.example/a.jpg"), "write each item with its keys: `  - url: …`"),
    (card(images="\n  url: x"), "begin the item with a `- `: `  - url: …`"),
    (card(images="\n  - https://tide.example/a.jpg"),
     "write its keys on lines of their own: `url: https://tide.example/a.jpg`"),
    (card(provider="The Tide"), "write its keys on lines of their own: `name: The Tide`, `domain: …`"),
    (card(provider="tide.example"),
     "write its keys on lines of their own: `domain: tide.example`, `name: …`"),
    (card(provider='"name: Tide, domain: tide.example"'),
     "write its keys on lines of their own: `name: Tide`, `domain: tide.example`"),
    (card(provider="\n  - name: Tide\n    domain: tide.example"), "delete the `- ` before its keys"),
    (card(title="[Ports]"), "write `Ports`, without a list; in double quotes if the brackets are meant"),
    (card(title="{Ports}"), "write one text in double quotes"),
    (card(type="5"), "write `article` or `video`"),
    (card(webUrl="5"), "write an http or https URL"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "advice"), MEANT)
def test_the_help_is_the_value_that_is_meant_or_an_example(text: str, advice: str, lint: Lint) -> None:
    assert [finding.help for finding in lint(text)] == [advice]


@pytest.mark.parametrize(("text", "can_be_fixed"), [
    (card(quality='"67"'), True), (card(heat='"-1"'), True), (card(removed='"true"'), True),
    (card(quality='"-1"'), False), (card(quality='"067"'), False), (card(removed='"yes"'), False),
])  # fmt: skip
def test_what_would_be_wrong_without_its_quotes_is_not_called_fixable(
    text: str, can_be_fixed: bool, lint: Lint
) -> None:
    assert [bool(finding.fix) for finding in lint(text)] == [can_be_fixed]


def test_the_help_is_short_for_a_long_value(lint: Lint) -> None:
    (finding,) = lint(card(topics='"[' + "a, " * 1000 + 'a]"'))
    assert len(finding.help) < 200


UNSEEN = [
    (card(quality="67\xa0"), "quality", 12, 13, "U+00A0 NO-BREAK SPACE behind it"),
    (card(heat="\u200b67"), "heat", 7, 8, "U+200B ZERO WIDTH SPACE before it"),
    (card(publishedDateTime="2023-06-20T15:44:00Z\u2009"), "publishedDateTime", 40, 41,
     "U+2009 THIN SPACE behind it"),
    (card(removed="true\u200e"), "removed", 14, 15, "U+200E LEFT-TO-RIGHT MARK behind it"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "field", "start", "end", "what"), UNSEEN)
@pytest.mark.parametrize("comment", ["", " # checked"])
def test_what_cannot_be_seen_beside_a_value_is_marked_and_to_be_deleted(
    text: str, field: str, start: int, end: int, what: str, comment: str, lint: Lint
) -> None:
    line = next(line for line in text.split("\n") if line.startswith(f"{field}:"))
    (finding,) = lint(text.replace(f"{line}\n", f"{line}{comment}\n"))
    assert (finding.field, finding.column, finding.end_column) == (field, start, end)
    assert finding.message.endswith(f" is expected, because of {what}")
    assert finding.help == "delete what cannot be seen"


def test_within_quotes_the_quotes_are_to_be_deleted_as_well(lint: Lint) -> None:
    (finding,) = lint(card(quality='"67\xa0"'))
    assert (finding.column, finding.end_column) == (13, 14)
    assert finding.help == "write `67`, without quotes"


@pytest.mark.parametrize(
    ("declared", "value", "advice"),
    [
        ('choices = ["mb", "jh"]', "no", "write `mb` or `jh`"),
        ('type = "integer"\nchoices = [1, 2]', '"7"', "write `1` or `2`, without quotes"),
    ],
)
def test_a_value_that_would_be_none_of_the_choices_is_not_called_fixable(
    declared: str, value: str, advice: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"newscards.toml": f"[fields.editor]\n{declared}\n", "a.md": card(editor=value)})
    (found,) = json.loads(run("validate", "--format", "json").out)["findings"]
    assert (found["code"], found["fix"]) == ("NC302", None)
    assert f"= help: {advice}\n" in run("validate").out


@pytest.mark.parametrize(
    ("declared", "value"), [('choices = ["no"]', "no"), ('type = "integer"\nchoices = [1, 2]', '"2"')]
)
def test_a_value_that_would_be_a_choice_is_fixed(
    declared: str, value: str, make_corpus: MakeCorpus, run: Run
) -> None:
    make_corpus({"newscards.toml": f"[fields.editor]\n{declared}\n", "a.md": card(editor=value)})
    assert run("validate", "--fix").code == 0
