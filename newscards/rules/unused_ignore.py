"""A comment `# newscards: ignore[…]` suppresses nothing.

Its finding is fixed, its rule is misspelt, or it stands on the wrong line: it suppresses findings on its own
line, and, if it is alone there, on the next line. A comment that is left behind hides the next mistake.

Fails:

    heat: 67 # newscards: ignore[heat-below-quality]

Passes:

    heat: 1 # newscards: ignore[heat-below-quality]

Fix: delete the comment, or correct its rule.
"""

from collections.abc import Iterator

from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.lint.suppressions import Suppression
from newscards.text import one_line


def check(suppression: Suppression) -> Iterator[Problem]:
    """Yield the problem of a comment that suppresses nothing."""
    if not suppression.selectors:
        yield Problem("this comment names no rule", help="write `# newscards: ignore[rule]`")
    else:
        names = ", ".join(f"`{one_line(word)}`" for word in suppression.selectors)
        yield Problem(f"this suppresses nothing: {names}", help="delete the comment, or correct its rule")


RULE = Rule("NC111", "unused-ignore", Severity.WARNING, suppression=check)
