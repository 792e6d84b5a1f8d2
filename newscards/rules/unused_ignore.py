"""A comment `# newscards: ignore[…]` silences nothing.

What it was written for is mended, or its rule is misspelt, or it stands on another line: it silences what
stands on its own line, and, where it is alone there, on the next. A comment that is left behind hides the
next mistake.

Fails:

    heat: 67 # newscards: ignore[heat-below-quality]

Passes:

    heat: 1 # newscards: ignore[heat-below-quality]

Fix: delete the comment, or correct its rule.
"""

from collections.abc import Iterator

from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.lint.suppressions import Ignore
from newscards.text import one_line


def check(ignore: Ignore) -> Iterator[Problem]:
    """Yield the problem of a comment that silences nothing."""
    if not ignore.words:
        yield Problem("this comment names no rule", help="write `# newscards: ignore[rule]`")
    else:
        names = ", ".join(f"`{one_line(word)}`" for word in ignore.words)
        yield Problem(f"nothing is silenced by this: {names}", help="delete the comment, or correct its rule")


RULE = Rule("NC111", "unused-ignore", Severity.WARNING, ignore=check)
