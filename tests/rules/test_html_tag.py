from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def tag(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC509", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(card(title='"<b>Ebb</b>"'), [tag(3, 8, 20, "title")], id="title"),
    pytest.param(card(excerpt='"Ebb<br>flow"'), [tag(4, 10, 23, "excerpt")], id="excerpt"),
    pytest.param(card(topics='\n  - "<i>Ports</i>"'), [tag(18, 5, 19, "topics[0]")], id="topic"),
    pytest.param(
        card(provider='\n  name: "<b>Tide</b>"\n  domain: tide.example'),
        [tag(14, 9, 22, "provider.name")],
        id="provider",
    ),
    pytest.param(
        with_entry("Gauges of the north", "<b>Gauges</b>"), [tag(13, 12, 27, "related[0].title")], id="entry"
    ),
    pytest.param(card(title='"<\u200bb>Ebb"'), [tag(3, 8, 17, "title")], id="with-an-invisible-character"),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_a_tag_is_found_in_every_text(text: str, expected: list[Found], find: Find) -> None:
    assert find(text) == expected


@pytest.mark.parametrize(
    "text", ["I <3 tides", "a < b > c", "List<T>", "<harbour@tide.example>", "&lt;b&gt;"]
)
def test_other_angle_brackets_are_fine(text: str, find: Find) -> None:
    assert find(card(title=f'"{text}"', excerpt=f'"{text}"')) == []


def test_featured_content_is_html_and_not_checked(find: Find) -> None:
    assert find(card(featuredContent="'<iframe src=\"https://tide.example\"></iframe>'")) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<b>Ebb</b>", "`<b>` and 1 more"),
        ("<p>Ebb</p><script>x()</script>", "`<script>` and 3 more"),
        ("Ebb<br>", "`<br>`"),
        ("<img alt='" + "x" * 500 + "'>", "`<img alt='" + "x" * 29 + "…`"),
    ],
)
def test_the_message_names_a_script_or_the_first_tag(text: str, what: str, lint: Lint) -> None:
    (finding,) = lint(card(excerpt=f'"{text}"'))
    assert finding.message == f"`excerpt` has the HTML tag {what}"
