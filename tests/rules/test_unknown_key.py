from __future__ import annotations

import pytest

from tests.rules.cases import ODD, Found, replaced, with_entry, with_lines
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card


def unknown(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC304", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(with_lines("author: Ann\n"), unknown(12, 1, 7, "author"), id="unknown"),
    pytest.param(replaced("  domain:", "  layout: 5\n  domain:"), unknown(15, 3, 9, "provider.layout"),
                 id="a-key-of-jekyll-in-a-mapping"),
    pytest.param(with_lines('"author": Ann\n'), unknown(12, 1, 9, "author"), id="in-quotes"),
    pytest.param(with_lines("? author\n: Ann\n"), unknown(12, 3, 9, "author"), id="explicit-key"),
    pytest.param(with_lines("author:: Ann\n"), unknown(12, 1, 8, "author:"), id="two-colons"),
    pytest.param(with_lines("日本: x\n"), unknown(12, 1, 3, "日本"), id="another-script"),
    pytest.param(with_lines("author:\n  name: Ann\n  age: 5\n"), unknown(12, 1, 7, "author"), id="mapping"),
    pytest.param(with_lines("2023-06-20: 1\n"), unknown(12, 1, 11, "2023-06-20"), id="date-as-a-key"),
    pytest.param(replaced("  domain:", "  age: 5\n  domain:"), unknown(15, 3, 6, "provider.age"),
                 id="nested"),
    pytest.param(card(provider=f'{{name: "{ODD}", domain: t.example, age: 5}}'),
                 unknown(13, 48, 51, "provider.age"),
                 id="after-odd-characters"),
    pytest.param(replaced("    height:", "    alt: x\n    height:"), unknown(24, 5, 8, "images[0].alt"),
                 id="image"),
    pytest.param(with_entry("    quality: 60", "    topics: [a]\n    quality: 60", before=1),
                 unknown(34, 5, 11, "related[1].topics"), id="a-key-of-cards-in-an-entry"),
    pytest.param(with_entry("      name:", "      images: []\n      name:"),
                 unknown(19, 7, 13, "related[0].provider.images"),
                 id="a-key-of-cards-in-an-entrys-provider"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_an_unknown_key_is_found_on_the_key(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


PASSES = [
    pytest.param(CARD, id="known-keys"),
    *[
        pytest.param(with_lines(f"{name}: x\n"), id=name)
        for name in (
            "layout", "permalink", "categories", "tags", "tag", "slug", "draft", "redirect_from",
            "excerpt_separator", "render_with_liquid",
        )
    ],
    pytest.param(with_lines("date: 2023-06-20 09:05:00 +0200\n"), id="date"),
    pytest.param(with_entry(), id="known-keys-of-an-entry"),
    pytest.param(card(provider='{name: T, domain: t.example, images: [{url: "https://t.example"}]}'),
                 id="logo"),
    pytest.param(replaced("    height:", "    title: x\n    height:"), id="title-of-an-image"),
    pytest.param(replaced("type:", "# author: Ann\ntype:"), id="in-a-comment"),
]  # fmt: skip


@pytest.mark.parametrize("text", PASSES)
def test_known_keys_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


@pytest.mark.parametrize(("key", "end_column"), [("yes", 4), ("2023", 5), ("~", 2), ("1.5", 4)])
def test_a_key_that_is_no_text_is_found_on_the_key(key: str, end_column: int, find: Find) -> None:
    (found,) = find(with_lines(f"{key}: 1\n"))
    assert found._replace(field="") == unknown(12, 1, end_column, "")


@pytest.mark.parametrize("key", [".nan", "!!binary aGk=", "*a "])
def test_a_key_that_is_hard_to_find_again_is_still_found_on_its_line(key: str, find: Find) -> None:
    text = replaced("category: news", "category: &a news").replace(
        "published: true\n", f"published: true\n{key}: 1\n"
    )
    assert [(found.code, found.line, found.end_line) for found in find(text)] == [("NC304", 12, 0)]


ADVICE = "delete it, correct it, or declare it: `newscards help configuration`"


@pytest.mark.parametrize(
    ("line", "message", "help_"),
    [
        ("author: Ann\n", "unknown key `author`", ADVICE),
        (
            "\u200bauthor: Ann\n",
            "unknown key `\u200bauthor` (with U+200B ZERO WIDTH SPACE)",
            ADVICE,
        ),
        ("topic: AI\n", "unknown key `topic`", "did you mean `topics`?"),
        (
            "2023: x\n",
            "a key that YAML takes for a whole number, `2023`: text is expected",
            "put the key in double quotes",
        ),
    ],
)
def test_the_message_names_the_key_and_the_nearest(line: str, message: str, help_: str, lint: Lint) -> None:
    assert [(finding.message, finding.help) for finding in lint(with_lines(line))] == [(message, help_)]
