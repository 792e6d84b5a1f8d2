"""A mistake in a card of a story is one finding: what the other cards say otherwise is its consequence."""

from __future__ import annotations

import pytest

from newscards.lint.findings import Finding
from newscards.rules.selection import every_linter
from tests.conftest import MakeCorpus
from tests.rules.cases import ENTRY, story

NAMES = {"gauges.md": "2023-06-20-gauges.md", "north.md": "2023-06-21-north.md"}
IV = "AAAAAAAAAAAAAAAAAAAAAQ=="


def files_of(entry: str = ENTRY, **fields: str | None) -> dict[str, str]:
    """Return the cards of a sound story, but for what is wrong in an entry or in a card's fields."""
    secured = f'"{IV};{IV}"'
    return {NAMES[name]: text for name, text in story(entry, **{"secured": secured} | fields).items()}


def found_in(files: dict[str, str], make_corpus: MakeCorpus) -> list[Finding]:
    make_corpus(files)
    linter = every_linter()
    for path in files:
        linter.check(path)
    return linter.report().findings


def test_the_story_is_sound(make_corpus: MakeCorpus) -> None:
    assert found_in(files_of(), make_corpus) == []


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("quality", "60.5", "NC302"),
        ("quality", "0x43", "NC417"),
        ("quality", "-5", "NC402"),
        ("type", "Article", "NC403"),
        ("title", "“Gauges of the north”", "NC511"),
        ("title", '"GAUGES OF THE NORTH"', "NC505"),
        ("title", '"Gauges<br>of the north"', "NC509"),
        ("title", '"Gauges&nbsp;of the north"', "NC501"),
        ("excerpt", '"A se\ufffdond look."', "NC508"),
        ("excerpt", "&A second look.", "NC109"),
        ("publishedDateTime", "2023-06-21", "NC409"),
        ("publishedDateTime", "2199-06-21T08:00:00Z", "NC410"),
        ("webUrl", '"htps://www.tide.example/north"', "NC405"),
        ("webUrl", '"http://www.tide.example/north"', "NC415"),
        ("webUrl", '"https://www.ebb.example/north"', "NC413"),
        ("heat", "64.5", "NC302"),
        ("heat", "067", "NC417"),
    ],
)
def test_a_value_that_is_wrong_by_itself_is_not_held_against_other_cards(
    field: str, value: str, code: str, make_corpus: MakeCorpus
) -> None:
    (finding,) = found_in(files_of(**{field: value}), make_corpus)
    assert (finding.path, finding.rule.code, finding.field) == ("2023-06-21-north.md", code, field)


@pytest.mark.parametrize(
    ("old", "new", "code", "field"),
    [
        ("type: article", "type: Article", "NC403", "type"),
        ("quality: 60", "quality: -1", "NC402", "quality"),
        ('https://www.tide.example/north"', 'www.tide.example/north"', "NC405", "webUrl"),
        ("06-21T08:00:00Z", "06-21", "NC409", "publishedDateTime"),
    ],
)
def test_so_is_a_value_of_an_entry(
    old: str, new: str, code: str, field: str, make_corpus: MakeCorpus
) -> None:
    (finding,) = found_in(files_of(ENTRY.replace(old, new)), make_corpus)
    assert (finding.path, finding.rule.code) == ("2023-06-20-gauges.md", code)
    assert finding.field == f"related[0].{field}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("webUrl", '"https://www.tide.example/souths"'),
        ("publishedDateTime", "2023-02-21T08:00:00Z"),
    ],
)
def test_a_value_that_differs_from_its_copies_explains_what_else_it_contradicts(
    field: str, value: str, make_corpus: MakeCorpus
) -> None:
    (finding,) = found_in(files_of(**{field: value}), make_corpus)
    assert (finding.path, finding.rule.code, finding.field) == ("2023-06-21-north.md", "NC606", field)


def test_a_head_of_another_quality_explains_its_heat(make_corpus: MakeCorpus) -> None:
    files = files_of()
    name = "2023-06-20-gauges.md"
    files[name] = files[name].replace("\nquality: 67", "\nquality: 167", 1)
    (finding,) = found_in(files, make_corpus)
    assert (finding.path, finding.rule.code, finding.field) == (name, "NC606", "quality")


def test_a_list_that_is_none_is_not_one_that_lacks_cards(make_corpus: MakeCorpus) -> None:
    (finding,) = found_in(files_of(related="none"), make_corpus)
    assert (finding.path, finding.rule.code, finding.field) == ("2023-06-21-north.md", "NC302", "related")


def test_the_only_copy_is_wrong_if_the_file_confirms_the_card(make_corpus: MakeCorpus) -> None:
    entry = ENTRY.replace("2023-06-21T08", "2023-05-21T08")
    (finding,) = found_in(files_of(entry), make_corpus)
    assert (finding.path, finding.field) == ("2023-06-20-gauges.md", "related[0].publishedDateTime")
    entry = ENTRY.replace("2023-06-21T08", "2023-06-21T09")  # both may be right
    (finding,) = found_in(files_of(entry), make_corpus)
    assert (finding.path, finding.field) == ("2023-06-21-north.md", "publishedDateTime")


def test_two_urls_that_differ_from_the_copies_explain_the_domain(make_corpus: MakeCorpus) -> None:
    url = '"https://www.ebb.example/north"'
    (finding,) = found_in(files_of(webUrl=url, originalUrl=url), make_corpus)
    assert (finding.path, finding.rule.code, finding.field) == ("2023-06-21-north.md", "NC606", "webUrl")


def test_so_does_the_url_of_an_entry(make_corpus: MakeCorpus) -> None:
    entry = ENTRY.replace('https://www.tide.example/north"', 'https://www.ebb.example/north"')
    (finding,) = found_in(files_of(entry), make_corpus)
    assert (finding.rule.code, finding.field) == ("NC606", "related[0].webUrl")


def test_a_second_published_card_of_a_story_is_one_finding_on_its_flag(make_corpus: MakeCorpus) -> None:
    (finding,) = found_in(files_of(published="true"), make_corpus)
    assert (finding.path, finding.rule.code, finding.field) == (
        "2023-06-21-north.md", "NC609", "published",
    )  # fmt: skip


def test_a_card_that_is_not_read_as_meant_is_not_compared(make_corpus: MakeCorpus) -> None:
    files = files_of()
    text = files["2023-06-21-north.md"]
    files["2023-06-21-north.md"] = text.replace("\nprovider:", "\n---\nprovider:", 1)
    (finding,) = found_in(files, make_corpus)
    assert (finding.path, finding.rule.code) == ("2023-06-21-north.md", "NC112")


def test_a_finding_that_a_comment_suppresses_hides_no_other(make_corpus: MakeCorpus) -> None:
    value = '"GAUGES OF THE NORTH"  # newscards: ignore[NC505]'
    (finding,) = found_in(files_of(title=value), make_corpus)
    assert (finding.rule.code, finding.field) == ("NC606", "title")


def test_two_mistakes_in_two_fields_are_two_findings(make_corpus: MakeCorpus) -> None:
    found = found_in(files_of(quality="61", type="Article"), make_corpus)
    assert [(each.rule.code, each.field) for each in found] == [("NC403", "type"), ("NC606", "quality")]
