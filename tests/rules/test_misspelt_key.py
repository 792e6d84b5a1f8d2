from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, replaced, with_entry, with_lines
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card

FAILS = [
    pytest.param(replaced("quality:", "Quality:"), [Found("NC303", 9, 1, 8, "Quality")], id="case"),
    pytest.param(replaced("title:", "titel:"), [Found("NC303", 3, 1, 6, "titel")], id="letters-swapped"),
    pytest.param(replaced("published:", "publishd:"), [Found("NC303", 11, 1, 9, "publishd")],
                 id="letter-missing"),
    pytest.param(replaced("webUrl:", '"web_url":'), [Found("NC303", 7, 1, 10, "web_url")], id="in-quotes"),
    pytest.param(replaced("quality:", "quality :").replace("quality", "qality", 1),
                 [Found("NC303", 9, 1, 7, "qality")], id="blank-before-the-colon"),
    pytest.param(replaced("category:", "categroy:"), [Found("NC303", 2, 1, 9, "categroy")], id="first-line"),
    pytest.param("\ufeff" + replaced("category:", "categroy:"),
                 [Found("NC108", 1, 1, 1), Found("NC303", 2, 1, 9, "categroy")], id="first-line-below-a-bom"),
    pytest.param(with_lines("remove: true\n"), [Found("NC303", 12, 1, 7, "remove")], id="optional-field"),
    pytest.param(replaced("  domain:", "  Domain:"), [Found("NC303", 15, 3, 9, "provider.Domain")],
                 id="nested"),
    pytest.param(card(provider=f'{{name: "{ODD}", domian: x.example}}'),
                 [Found("NC303", 13, 29, 35, "provider.domian")], id="after-odd-characters"),
    pytest.param(replaced("    height:", "    heigth:"), [Found("NC303", 24, 5, 11, "images[0].heigth")],
                 id="image"),
    pytest.param(with_entry("webUrl:", "webURL:", before=1), [Found("NC303", 29, 5, 11, "related[1].webURL")],
                 id="second-entry"),
    pytest.param(with_entry("- title:", "- tilte:"), [Found("NC303", 13, 5, 10, "related[0].tilte")],
                 id="first-key-of-an-entry"),
    pytest.param(with_entry("- url:", "- ulr:"), [
        # `ulr` and `url` have two letters of three in the same order, which is too little.
        Found("NC301", 23, 9, 12, "related[0].images[0].url"),
        Found("NC304", 23, 9, 12, "related[0].images[0].ulr", "warning"),
    ], id="too-short-to-tell"),
    pytest.param(replaced("quality:", "Quality:").replace("heat:", "Heat:"),
                 [Found("NC303", 9, 1, 8, "Quality"), Found("NC303", 10, 1, 5, "Heat")], id="two-of-them"),
    pytest.param(replaced("quality:", "Quality: 1\nqualitY:"), [
        Found("NC303", 9, 1, 8, "Quality"), Found("NC304", 10, 1, 8, "qualitY", "warning"),
    ], id="two-for-one"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_misspelt_key_is_found_on_the_key(text: str, expected: list[Found], find: Find) -> None:
    assert find(text) == expected


@pytest.mark.parametrize("text", [CARD, with_entry()], ids=["a-card", "an-entry"])
def test_known_keys_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_a_key_of_jekyll_is_no_misspelling_of_a_field(find: Find) -> None:
    text = card(topics=None, excerpt=None, tags="[a]", excerpt_separator="x")
    assert [found.code for found in find(text)] == ["NC301", "NC301"]  # each by its own name


@pytest.mark.parametrize("line", ["Quality: 1\n", "topic: AI\n", "author: Ann\n"])
def test_a_key_like_one_that_is_there_is_only_unknown(line: str, find: Find) -> None:
    assert [found.code for found in find(with_lines(line))] == ["NC304"]


def test_the_message_says_what_is_meant(lint: Lint) -> None:
    (finding,) = lint(replaced("quality:", "Quality:"))
    assert finding.message == "unknown key `Quality`, and `quality` is missing"
    assert finding.help == "did you mean `quality`?"


def test_the_message_says_that_a_misspelt_flag_does_not_hide(lint: Lint) -> None:
    (finding,) = lint(replaced("published: true", "publishd: false"))
    assert finding.message.endswith("`published` is missing: the site will publish this card")


@pytest.mark.parametrize("key", ["feature", "amp", "original", "re", "secure_by"])
def test_the_beginning_of_an_optional_field_is_not_taken_for_it(key: str, lint: Lint) -> None:
    found = lint(card(secured=None, **{key: "x"}))
    assert [finding.rule.name for finding in found] == ["unknown-key"]
