"""``diff --format markdown``: what a pull request's comment shows, in which nothing of a card is markup."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from newscards.cards.card import Card, Unreadable
from newscards.diff.card_diff import Difference, difference
from newscards.output.diff_markdown import LIMIT, code, markdown

HOSTILE = [
    "@curator look", "see #123 and GH-1", "<img src=x onerror=y>", "![i](https://x.example/i.png)",
    "[x](https://x.example)", "https://x.example www.x.example", "`code` and ``more``", "`", "``` x", "a|b",
    "\\`x", "$x$ :tada:", "- a\n- b", "# A\n\n# B", "&#64;curator", "**", "<!--", "\u202e\x1b[31m", " ", "",
]  # fmt: skip


def texts(source: str) -> tuple[list[str], list[str]]:
    """Return what of a document is text, and what is code; asserts that nothing else is in it."""
    plain, codes = list[str](), list[str]()

    def see(tokens: list[Token]) -> None:
        for token in tokens:
            if token.type == "text":
                plain.append(token.content)
            elif token.type == "code_inline":
                codes.append(token.content)
            else:
                assert token.type.startswith(
                    ("heading_", "paragraph_", "inline", "strong_", "bullet_list_", "list_item_", "softbreak")
                ), token
            see(token.children or [])

    see(MarkdownIt("gfm-like", {"linkify": False}).parse(source))
    return plain, codes


def with_texts(title: str, other: str = "") -> list[Difference]:
    """Return the changes of cards into which a title, and another text, were written in all places."""
    old = {"title": "Old", "heat": 1, "published": True, "topics": ["a"], "x": 1}
    new = {"title": title, "heat": other, "published": False, "topics": [other, "a"], "x": {other: title}}
    cards = Card("a.md", old), Card("a.md", new)
    pairs: list[tuple[Card | Unreadable | None, Card | Unreadable | None]] = [
        cards, cards[::-1], (None, Card(f"{other}.md", new)), (Card(f"{title}.md", new), None),
        (Card(f"{title}-was.md", new), Card(f"{other}-now.md", new)),
        (cards[0], Unreadable(f"{other}.md", "yaml", title or "why")),
    ]  # fmt: skip
    found = [difference(*pair) for pair in pairs]
    return [each for each in found if each]


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_card_says_stands_in_code_alone(text: str) -> None:
    calm, _ = texts(markdown(with_texts("Title", "other"), 0))
    assert texts(markdown(with_texts(text, text), 0))[0] == calm


@settings(max_examples=40)
@given(st.text(), st.text("`@#<>[]()!|\\&;:/\n a1").filter("a".__ne__))  # there is an a.md already
@example("`a", "a`")
@example("a\r\n\r\n# b", "```\n")
def test_whatever_a_card_says_stands_in_code_alone(one: str, other: str) -> None:
    calm, _ = texts(markdown(with_texts("Title", "other"), 0))
    assert texts(markdown(with_texts(one, other), 0))[0] == calm


@pytest.mark.parametrize(
    ("text", "span"),
    [("a", "`a`"), ("a `b` c", "``a `b` c``"), ("`", "`` ` ``"), ("``a", "``` ``a ```"), (" a\nb ", "`a b`"),
     ("", "`–`"), ("\x1b", r"`\x1b`")],
)  # fmt: skip
def test_a_code_span_has_more_backticks_than_stand_in_it(text: str, span: str) -> None:
    assert code(text) == span


def test_a_comment_is_as_long_as_github_takes_it_and_says_what_is_left_out() -> None:
    pairs = ((Card(f"{n}.md", {"title": "Ü" * 150, "heat": 1}), n) for n in range(2000))
    found = [difference(card, Card(card.path, {**card.fields, "heat": 2})) for card, _ in pairs]
    differences = [each for each in found if each]
    text = markdown(differences, 0)
    assert LIMIT - 300 < len(text) <= LIMIT
    items = text.count("\n- ")
    assert text.endswith(f"\n… and {2000 - items:,} more changes.\n")
    assert text.startswith("### 2,000 cards changed: 2,000 in heat\n")
    assert "more" not in markdown(differences[:100], 0)


def test_a_title_of_any_length_is_shortened() -> None:
    assert len(markdown(with_texts("x" * 100_000, "y" * 100_000), 0)) < 10_000
