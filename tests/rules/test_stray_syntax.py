from __future__ import annotations

import pytest

from tests.rules.cases import Found, with_entry
from tests.rules.conftest import Find, Lint
from tests.support import card


def stray(line: int, column: int, end_column: int, field: str) -> Found:
    return Found("NC512", line, column, end_column, field, "warning")


FAILS = [
    pytest.param(card(title='Ebb and flow"'), stray(3, 20, 21, "title"), id="title"),
    pytest.param(card(excerpt='Ebb "and" flow"'), stray(4, 24, 25, "excerpt"), id="excerpt"),
    pytest.param(card(topics='\n  - Ports"'), stray(18, 10, 11, "topics[0]"), id="topic"),
    pytest.param(
        with_entry("name: Tide", 'name: Tide"'), stray(19, 17, 18, "related[0].provider.name"), id="entry"
    ),
    pytest.param(card(topics="\n  - Ports\n    - Wells"), stray(19, 5, 12, "topics[0]"), id="deeper-item"),
    pytest.param(card(topics="\n  - Ports\n   - Wells"), stray(19, 4, 11, "topics[0]"), id="one-blank"),
    pytest.param(card(topics="\n  - Ports\n    Wells"), stray(19, 5, 10, "topics[0]"), id="no-dash"),
    pytest.param(
        card(topics="\n  - Ebb\n  - Ports\n    - Wells\n  - Tides"),
        stray(20, 5, 12, "topics[1]"),
        id="inside",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_what_was_meant_as_yaml_is_found_at_its_place(text: str, expected: Found, find: Find) -> None:
    assert find(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        card(title='"Ebb \\"and flow\\""'),
        card(title='Ebb "and flow"'),
        card(title="'A tide of 15\"'"),
        card(title="Ebb\n  and flow"),
        card(excerpt='"Ebb\n  - and flow"'),
        card(topics='\n  - "Ports\n    and wells"'),
        card(topics="\n    - Ports\n    - Wells"),
        card(topics="\n- Ports\n- Wells"),
        card(author='Ann"'),
        card(title='“Ebb and flow"'),
    ],
)
def test_quotes_and_lines_that_belong_to_the_text_are_fine(text: str, find: Find) -> None:
    assert find(text) == []


def test_the_messages_say_what_to_do(lint: Lint) -> None:
    (quote,), (item,) = lint(card(title='Ebb"')), lint(card(topics="\n  - Ports\n    - Wells"))
    assert quote.message == "`title` ends with a quote that it does not begin with"
    assert item.message == "this line goes on with the topic above it, because it is indented deeper"
    assert item.help == "indent it like the line above, and begin an item with `- `"
