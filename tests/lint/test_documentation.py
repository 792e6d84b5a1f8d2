"""A docstring -> a rule's documentation."""

from __future__ import annotations

import pytest

from newscards.lint.documentation import Documentation

GOOD = """`published` holds something else than true or false.

Jekyll hides a card for false
and for no value.

A second paragraph.

Fails:

    published: "false"

    # b.md
    provider:
      name: Tide

Passes:

    published: false

Fix: `newscards set-published
false CARD`.
"""


def test_the_parts_of_a_docstring() -> None:
    assert Documentation.of(GOOD) == Documentation(
        summary="`published` holds something else than true or false.",
        why="Jekyll hides a card for false and for no value.\n\nA second paragraph.",
        fails='published: "false"\n\n# b.md\nprovider:\n  name: Tide',
        passes="published: false",
        fix="`newscards set-published false CARD`.",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n\nJekyll", "\nJekyll"),
        ("Jekyll hides a card for false\nand for no value.\n\nA second paragraph.\n\n", ""),
        ("Fails:", "Fail:"),
        ("Passes:\n\n    published: false\n\n", ""),
        ("Passes:\n\n    published: false", "Passes: `published: false`"),
        ("    published: false", "published: false"),
        ("    published: false\n\n", ""),
        ("      name: Tide", "  name: Tide"),
        ("    published: false\n\n", "    published: false\n"),
        ("Fix: ", "Mend: "),
    ],
)
def test_a_docstring_of_another_layout_is_none_and_the_error_says_whose(old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(ValueError, match=r"not laid out .*: '`published` holds something else than true"):
        Documentation.of(GOOD.replace(old, new))


def test_no_docstring_is_none_either() -> None:
    with pytest.raises(ValueError, match="not laid out"):
        Documentation.of("")
