"""A title or a provider's name begins or ends with a blank.

5 % of real titles do (CARDS.md). The site does not show it, but tools that compare titles no longer find
equal ones. A no-break space is a blank too.

Fails:

    title: "Tide gauges get a second life "

Passes:

    title: "Tide gauges get a second life"

Fix: remove the blanks.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.text_cleanup import invisible
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import USUAL_TEXT, blanks_around, cleaning, is_line


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of blanks around a text; empty-value reports a text of blanks alone.

    invisible-character reports a line end like `\\r`, and its fix removes the blanks beside it too.
    """
    stripped = value.strip() if isinstance(value, str) else ""
    if not stripped or stripped == value or invisible(value[0] + value[-1]):
        return ()
    sides = ((value[0], "begins"), (value[-1], "ends"))
    where = " and ".join(word for character, word in sides if character.isspace())
    problem = Problem(
        f"`{field.name}` {where} with a blank",
        help="remove it",
        fix=cleaning(field, value, str.strip),
        part=blanks_around(value),
    )
    return [problem]


RULE = Rule(
    "NC502",
    "stray-blanks",
    Severity.WARNING,
    value=check,
    applies=is_line,
    usual=USUAL_TEXT.fullmatch,
    fixes=Fixes.SAFE,
)
