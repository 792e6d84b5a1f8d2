"""What becomes of a card, on one line: in full, or as wide as a terminal."""

from __future__ import annotations

from typing import Any

import click
import pytest

from newscards.commands.shared.edit_output import CardMessages, cut_path, summary
from newscards.edits.patches import unified_diff

LONG_TITLE = "After 48 years the herings have come back to Tarrant Bay, and so have the gulls"


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
    text = summary(
        told("title", was="A first title " * 9, now="Another title " * 9), width, ending=" (dry run)"
    )
    path, changes = text.split(":\n  ") if "\n" in text else text.split(": ", 1)
    assert max(map(len, text.splitlines())) <= width
    assert path.startswith(("…/2023-06-2", "_news/2023-06-20-ti"))
    assert changes.startswith("title: A")
    assert "-> Anoth" in changes
    assert changes.endswith(" (dry run)")


def test_in_a_terminal_with_colour_the_words_that_changed_have_no_marks() -> None:
    report = told("title", was=LONG_TITLE, now=LONG_TITLE.replace("herings", "herring"))
    text = summary(report, 120, colored=True)
    assert "\x1b[31m\x1b[9mherings\x1b[0m\x1b[32mherring\x1b[0m" in text
    assert "[-" not in text
    assert "[-herings-]{+herring+}" in summary(report, 120)


@pytest.mark.parametrize("width", [2, 10, 25])
def test_a_terminal_without_room_cuts_what_it_shows(width: int) -> None:
    report = told("title", was=LONG_TITLE, now=LONG_TITLE.replace("herings", "herring"))
    for colored in (False, True):
        lines = click.unstyle(summary(report, width, colored=colored)).splitlines()
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize(
    ("path", "width", "expected"),
    [
        ("_news/2023-06-20-tide-gauges.md", 40, "_news/2023-06-20-tide-gauges.md"),
        ("_news/2023-06-20-tide-gauges.md", 20, "…/2023-06-20-…ges.md"),
        ("a/site/_news/2023-06-20-tide-gauges.md", 20, "…/2023-06-20-…ges.md"),
        ("_news/2023-06-20-tide-gauges-return.md", 36, "_news/2023-06-20-tide-ga…s-return.md"),
        ("a/site/_news/a.md", 15, "…/a.md"),
        ("_news/2023-06-20-潮位計測所が再び開く-二.md", 24, "…/2023-06-20-潮…く-二.md"),
        ("2023-06-20-tide-gauges-return.md", 20, "2023-06-20-t…turn.md"),
    ],
)
def test_of_a_long_path_the_name_is_shown_rather_than_its_folders(
    path: str, width: int, expected: str
) -> None:
    assert cut_path(path, width) == expected


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
    for number in range(4):
        messages.add(f"{number}.md", "not quoted", "not quoted")
    messages.show()
    topic = "1,234 cards refused: no such topic\n  1.md\n  2.md\n  3.md\n"
    assert printed == [
        (f"{topic}  and 1,231 more; --dry-run --format json shows them all", "add it"),
        ("2 cards refused: copies of them\n  a.md: 2 copies of it\n  b.md: 3 copies of it", ""),
        ("c.md: refused: it has an anchor", ""),
        ("4 cards refused: not quoted\n  0.md\n  1.md\n  2.md\n  3.md", ""),
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
