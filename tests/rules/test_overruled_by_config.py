from __future__ import annotations

import pytest

from tests.rules.cases import Found, site
from tests.rules.conftest import FindAll, LintAll
from tests.support import CARD, card

HIDDEN = card(published="false")


def found(end_column: int) -> dict[str, list[Found]]:
    return {"_news/x.md": [Found("NC205", 11, 12, end_column, "published")]}


FAILS = [
    pytest.param(HIDDEN, "unpublished: true\n", 17, id="unpublished"),
    pytest.param(HIDDEN, "unpublished: yes\n", 17, id="unpublished-yes"),
    pytest.param(HIDDEN, 'unpublished: "false"\n', 17, id="unpublished-a-text"),
    pytest.param(card(published="no"), "unpublished: true\n", 14, id="no"),
    pytest.param(card(published="~"), "unpublished: true\n", 13, id="no-value-in-a-word"),
    pytest.param(card(published=""), "unpublished: true\n", 11, id="no-value"),
    pytest.param(card(published=""), "defaults: [{values: {published: true}}]\n", 11, id="default-true"),
    pytest.param(card(published=""), 'defaults: [{values: {published: "no"}}]\n', 11, id="default-a-text"),
    pytest.param(CARD, "exclude: [_news/x.md]\n", 16, id="exclude"),
    pytest.param(CARD, "exclude: [_n]\n", 16, id="exclude-the-beginning-of-a-name"),
    pytest.param(CARD, 'exclude: ["*.md"]\n', 16, id="exclude-an-ending"),
]


@pytest.mark.parametrize(("text", "config", "end_column"), FAILS)
def test_a_flag_that_the_configuration_overrules_is_found_on_it(
    text: str, config: str, end_column: int, find_all: FindAll
) -> None:
    expected = found(end_column)
    if end_column == 11:  # nothing stands there
        assert {
            path: [each.field for each in all_] for path, all_ in find_all(site(text, config)).items()
        } == {"_news/x.md": ["published"]}
    else:
        assert find_all(site(text, config)) == expected


PASSES = [
    pytest.param(HIDDEN, "", id="no-setting"),
    pytest.param(HIDDEN, "unpublished: false\n", id="unpublished-false"),
    pytest.param(HIDDEN, "unpublished:\n", id="unpublished-without-a-value"),
    pytest.param(HIDDEN, "Unpublished: true\n", id="another-key"),
    pytest.param(CARD, "unpublished: true\n", id="unpublished-and-shown"),
    pytest.param(card(published=None), "unpublished: true\n", id="unpublished-and-no-flag"),
    pytest.param(card(published='"false"'), "unpublished: true\n", id="unpublished-and-a-text"),
    pytest.param(card(published="0"), "unpublished: true\n", id="unpublished-and-a-number"),
    pytest.param(CARD, "defaults: [{values: {published: false}}]\n", id="default-false-and-shown"),
    pytest.param(HIDDEN, "defaults: [{values: {published: true}}]\n", id="default-true-and-hidden"),
    pytest.param(card(published=""), "defaults: [{values: {published: false}}]\n", id="hidden-by-both"),
    pytest.param(HIDDEN, "exclude: [_news/x.md]\n", id="exclude-and-hidden"),
    pytest.param(CARD, "exclude: [x.md, news, ./_news/x.md, _news/X.md, '**/x', 5]\n", id="exclude-others"),
    pytest.param(CARD, "exclude: [_news]\ninclude: [x.md]\n", id="exclude-and-include"),
    pytest.param(CARD, 'defaults: [{values: {date: "2199-01-01"}}]\n', id="a-date"),
    pytest.param(HIDDEN, "unpublished: [true\n", id="a-configuration-that-cannot-be-read"),
    pytest.param("no card", "unpublished: true\n", id="no-card"),
    pytest.param(HIDDEN.removesuffix("---\n"), "exclude: [_news]\n", id="unreadable"),
]


@pytest.mark.parametrize(("text", "config"), PASSES)
def test_a_flag_that_decides_is_fine(text: str, config: str, find_all: FindAll) -> None:
    assert find_all(site(text, config)) == {}


def test_a_card_that_is_on_no_site_has_no_configuration(find_all: FindAll) -> None:
    files = site(HIDDEN, "unpublished: true\n")
    assert find_all({"_config.yml": files["_config.yml"], "x.md": HIDDEN, "news/x.md": HIDDEN}) == {}


def test_each_site_has_its_own_configuration(find_all: FindAll) -> None:
    one, other = site(HIDDEN, "unpublished: true\n"), site(HIDDEN)
    files = {f"one/{name}": text for name, text in one.items()}
    files |= {f"two/{name}": text for name, text in other.items()}
    assert set(find_all(files)) == {"one/_news/x.md"}


def test_the_message_says_what_the_site_does_and_why(lint_all: LintAll) -> None:
    (finding,) = lint_all(site(HIDDEN, "unpublished: true\n"))["_news/x.md"]
    assert finding.message == (
        "`published` is false: the site will publish this card, because `unpublished` is set"
    )
    assert finding.help == "correct `_config.yml`"


def test_the_message_names_the_pattern_that_leaves_a_card_out(lint_all: LintAll) -> None:
    (finding,) = lint_all(site(CARD, 'exclude: ["*.md"]\n'))["_news/x.md"]
    assert finding.message == (
        "`published` is true: the site will not publish this card, because `exclude` has `*.md`"
    )
