from __future__ import annotations

import pytest

from tests.rules.cases import Found
from tests.rules.conftest import Find, Lint
from tests.support import CARD, card

FIRST = Found("NC108", 1, 1, 1)

FAILS = [
    pytest.param(f"\ufeff{CARD}", [FIRST], id="bom"),
    pytest.param(f"\n{CARD}", [FIRST], id="blank-line"),
    pytest.param(f" \t\n\n\n{CARD}", [FIRST], id="lines-of-blanks"),
    pytest.param(f"\ufeff\n{CARD}", [FIRST], id="bom-and-blank-line"),
    pytest.param(
        "\ufeff" + card(quality='"67"'), [FIRST, Found("NC302", 9, 10, 14, "quality")], id="bom-and-more"
    ),
    pytest.param(
        "\n\n" + card(quality='"67"'),
        [FIRST, Found("NC302", 11, 10, 14, "quality")],
        id="blank-lines-and-more",
    ),
    pytest.param(
        "\ufeff\n" + card(heat=None), [FIRST, Found("NC301", 3, 1, 15, "heat")], id="bom-blank-line-and-more"
    ),
]


@pytest.mark.parametrize(("text", "expected"), FAILS)
def test_what_stands_before_the_fence_is_found_at_the_files_beginning(
    text: str, expected: list[Found], find: Find
) -> None:
    assert find(text) == expected


def test_a_fence_in_the_first_line_is_fine(find: Find) -> None:
    assert find(CARD) == []


@pytest.mark.parametrize(
    ("before", "what"),
    [
        ("\ufeff", "a byte order mark"),
        ("\n", "a blank line"),
        ("\ufeff\n", "a byte order mark and a blank line"),
    ],
)
def test_the_message_says_what_it_is(before: str, what: str, lint: Lint) -> None:
    (finding,) = lint(before + CARD)
    assert finding.message.startswith(f"{what} before the opening `---`")
