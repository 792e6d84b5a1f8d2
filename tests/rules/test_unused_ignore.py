from __future__ import annotations

from newscards.lint.suppressions import suppressions_in
from newscards.rules import unused_ignore
from tests.support import card


def test_the_help_says_what_to_do() -> None:
    """NC111 is told of a comment, and not of a card: ``tests/lint/test_suppressions.py`` has the rest."""
    (named,) = suppressions_in(card(heat="67 # newscards: ignore[NC411]").encode())
    (problem,) = unused_ignore.check(named)
    assert problem.help == "delete the comment, or correct its rule"
    (empty,) = suppressions_in(card(heat="67 # newscards: ignore").encode())
    (problem,) = unused_ignore.check(empty)
    assert problem.help == "write `# newscards: ignore[rule]`"
