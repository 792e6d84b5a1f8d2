"""The examples in the rules' documentation are true: one is found by its rule, the other by none."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from newscards.corpus.discovery import ENDINGS, FoundCards
from newscards.corpus.settings import load_settings
from newscards.lint.findings import Finding, Severity
from newscards.lint.linter import Linter
from newscards.lint.rule import Rule
from newscards.lint.strays import strays_among
from newscards.rules import RULES
from newscards.rules.selection import every_rule
from tests.conftest import MakeCorpus
from tests.rules.cases import ENTRY, with_lines
from tests.rules.examples import CONFIGURATION, NAME, Link, files_of
from tests.support import CARD, card

NAMES = [rule.name for rule in RULES]
FindAll = Callable[[str], list[Finding]]


@pytest.fixture
def find_all(make_corpus: MakeCorpus) -> FindAll:
    """Return a function that writes the files of an example and returns the findings of all its cards."""

    def find_in(example: str) -> list[Finding]:
        files = files_of(example)
        make_corpus({name: content for name, content in files.items() if not isinstance(content, Link)})
        settings = load_settings(os.curdir)
        linter = Linter(
            every_rule(),
            as_news=True,
            topics=frozenset(settings.topics.names) if settings.topics else None,
            providers=settings.organizations.by_domain if settings.organizations else {},
        )
        for name, content in files.items():
            if isinstance(content, Link):
                os.symlink(os.fsdecode(content), name)
        names = [name for name in files if not name.endswith(CONFIGURATION)]
        others = [name for name in names if "_news/" in name and not name.endswith(ENDINGS)]
        cards = [name for name in names if name not in others]
        for name in cards:
            linter.check(name)
        linter.add_strays(strays_among(FoundCards("", cards, others), linter.limits))
        return linter.report().findings

    return find_in


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_example_that_fails_is_found_by_its_rule(rule: Rule, find_all: FindAll) -> None:
    findings = find_all(rule.documentation.fails)
    errors = {finding.rule.code for finding in findings if finding.severity is Severity.ERROR}
    assert rule.code in {finding.rule.code for finding in findings}
    assert errors <= {rule.code}


@pytest.mark.parametrize("rule", RULES, ids=NAMES)
def test_the_example_that_passes_is_found_by_no_rule(rule: Rule, find_all: FindAll) -> None:
    assert [(finding.rule.code, finding.message) for finding in find_all(rule.documentation.passes)] == []


def test_the_lines_of_an_example_stand_for_those_of_the_same_fields_of_a_sound_card() -> None:
    assert files_of('title: "Ports"\ntopics:\n  - AI') == {
        NAME: card(title='"Ports"', topics="\n  - AI").encode()
    }


def test_a_field_that_the_sound_card_lacks_stands_below_published() -> None:
    wanted = with_lines("author: Ann\n").replace("published: true", "published: false")
    assert files_of("published: false\nauthor: Ann") == {NAME: wanted.encode()}


def test_a_field_can_stand_twice() -> None:
    assert files_of("quality: 1\nquality: 2") == {NAME: card(quality="1\nquality: 2").encode()}


def test_a_field_can_be_taken_away() -> None:
    assert files_of("# without topics") == {NAME: card(topics=None).encode()}


def test_originalUrl_follows_webUrl() -> None:  # noqa: N802 - the field's name
    assert files_of("webUrl: x") == {NAME: card(webUrl="x", originalUrl="x").encode()}


def test_a_file_with_a_fence_is_whole() -> None:
    assert files_of("---\n- title\n---") == {NAME: b"---\n- title\n---\n"}


def test_an_ellipsis_in_a_whole_file_stands_for_all_other_lines_of_a_sound_card() -> None:
    rest = card(title=None).removeprefix("---\n")
    assert files_of("<U+FEFF>---\ntitle: Ports\n…\n---") == {
        NAME: f"\ufeff---\ntitle: Ports\n{rest}".encode()
    }


def test_bytes_that_are_not_utf8_can_be_named() -> None:
    assert files_of("title: <E9>") == {NAME: card(title="?").encode().replace(b"?", b"\xe9")}


def test_a_named_file_without_lines_is_a_sound_card() -> None:
    assert files_of("# card.md") == {"card.md": CARD.encode()}


def test_a_link_has_its_target() -> None:
    files = files_of("# card.md -> gone.md")
    assert files == {"card.md": b"gone.md"}
    assert isinstance(files["card.md"], Link)


def test_a_configuration_is_written_as_it_stands() -> None:
    files = files_of("# _news/card.md\n# _config.yml\nfuture: true")
    assert files == {"_news/card.md": CARD.encode(), "_config.yml": b"future: true\n"}


def test_of_several_cards_each_is_another_and_one_is_published(find_all: FindAll) -> None:
    example = "heat: 68\n# 2023-06-20-b.md\n# 2023-06-20-c.md\nquality: 60"
    files = files_of(example)
    assert list(files) == [NAME, "2023-06-20-b.md", "2023-06-20-c.md"]
    assert [b"\npublished: true\n" in content for content in files.values()] == [True, False, False]
    assert find_all(example) == []


def test_an_entry_has_what_it_lacks_from_the_card_that_it_names() -> None:
    files = files_of('# a.md\nrelated:\n  - webUrl: "x"\n    quality: 7\n# b.md\nwebUrl: "x"\ntitle: "Ports"')
    entry = files["a.md"].decode().partition("related:\n")[2].partition("\nprovider:")[0]
    assert 'title: "Ports"\n' in entry
    assert "    quality: 7\n" in entry
    assert '      - url: "https://www.tide.example/gauges.jpg"\n        width: 1200\n' in entry


def test_an_entry_that_names_no_card_has_what_it_lacks_from_a_sound_one() -> None:
    files = files_of("related:\n  - quality: 60\n  - a text")
    assert f"related:\n{ENTRY}  - a text\n" in files[NAME].decode()


def test_a_line_of_no_field_is_no_example() -> None:
    with pytest.raises(ValueError, match=r"lines of no field:\s+- title"):
        files_of("- title")
