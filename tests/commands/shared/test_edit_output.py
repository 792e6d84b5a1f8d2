"""What becomes of a card, on one line: in full, or as wide as a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from newscards.commands.shared.edit_output import CardMessages, summary
from newscards.edits.patches import unified_diff


def told(name: str, **values: Any) -> dict[str, Any]:
    return {
        "path": "_news/2023-06-20-tide-gauges-get-a-second-life.md",
        "changes": [{"field": name, **values}],
    }


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("published", {"was": True, "now": False}, "published: true -> false"),
        ("published", {"was": "false", "now": False}, 'published: "false" -> false'),
        ("published", {"was": None, "now": True}, "published: null -> true"),
        ("removed", {"now": True}, "removed: true (there was none)"),
        ("removed", {"was": True}, "removed: true -> none"),
        ("title", {"was": "a\nb\x1b", "now": ""}, 'title: a b\\x1b -> ""'),
        ("topics", {"was": ["A"], "now": ["A", "B"]}, "topics: + B"),
        ("topics", {"was": ["A", "B"], "now": ["C", "B"]}, "topics: A -> C"),
        ("topics", {"was": ["A", "B", "B"], "now": ["A", "B"]}, "topics: - B"),
        ("topics", {"was": ["A", "B"], "now": ["B", "A"]}, "topics: another order"),
        ("topics", {"was": ["A", 1, None], "now": ["A"]}, "topics: - 1, - null"),
        ("topics", {"now": ["A"]}, "topics: + A"),
    ],
)
def test_a_change_is_told_in_words(name: str, values: dict[str, Any], expected: str) -> None:
    assert summary(told(name, **values)).partition(".md: ")[2] == expected


@pytest.mark.parametrize("width", [40, 60, 78, 118])
def test_a_line_is_no_wider_than_it_may_be_and_shows_old_and_new(width: int) -> None:
    line = summary(told("title", was="A first title " * 9, now="Another title " * 9), width)
    assert len(line) <= width
    assert line.startswith("_news/2023-06-20-ti")
    assert "title: A" in line
    if width > 50:
        assert "-> Another" in line


def test_what_was_told_in_words_is_told_so() -> None:
    assert (
        summary({"path": "a.md", "changes": [], "summary": "2 findings mended"}) == "a.md: 2 findings mended"
    )
    assert summary({}) == "?: changed"


def test_a_diff_is_that_of_git() -> None:
    assert list(unified_diff("/a.md", b"x\r\ny", b"z\r\ny")) == [
        "--- a/a.md\n", "+++ b/a.md\n", "@@ -1,2 +1,2 @@\n", "-x\r\n", "+z\r\n",
        " y\n\\ No newline at end of file\n",
    ]  # fmt: skip


def test_one_cause_is_one_message_with_the_first_cards_and_the_number_of_all() -> None:
    printed: list[tuple[str, str]] = []
    messages = CardMessages(lambda text, hint: printed.append((text, hint)), "refused: ")
    for number in range(1, 1235):
        messages.add(f"{number}.md", "no such topic", "no such topic", "add it")
    messages.add("a.md", "2 copies of it", "copies of them", "one hint")
    messages.add("b.md", "3 copies of it", "copies of them", "another hint")
    messages.add("c.md", "it has an anchor", "it has an anchor")
    messages.show()
    topic = "1,234 cards refused: no such topic\n  1.md\n  2.md\n  3.md\n"
    assert printed == [
        (f"{topic}  and 1,231 more; --dry-run --format json shows them all", "add it"),
        ("2 cards refused: copies of them\n  a.md: 2 copies of it\n  b.md: 3 copies of it", ""),
        ("c.md: refused: it has an anchor", ""),
    ]


def test_what_no_dry_run_shows_names_every_card() -> None:
    printed: list[str] = []
    messages = CardMessages(lambda text, hint: printed.append(text), "refused: ")
    for number in range(1, 6):
        messages.add(f"{number}.md", "Permission denied", "Permission denied")
    messages.show(names_all=True)
    assert printed == ["5 cards refused: Permission denied\n  1.md\n  2.md\n  3.md\n  4.md\n  5.md"]


def test_a_message_about_a_card_is_printed_once() -> None:
    printed: list[str] = []
    messages = CardMessages(lambda text, hint: printed.append(text))
    for _ in range(2):
        messages.add("a.md", "its heat is -1", "its heat is -1")
        messages.show()
    messages.add("b.md", "its heat is -1", "its heat is -1")
    messages.show()
    assert printed == ["a.md: its heat is -1", "b.md: its heat is -1"]
