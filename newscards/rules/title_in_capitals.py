"""The title is in capitals throughout.

It shouts among other headlines, and is harder to read; the source's own style belongs on its own page. None
of 710 real titles is in capitals. Abbreviations, as in `IBM AI`, are fine.

Fails:

    title: "TIDE GAUGES GET A SECOND LIFE"

Passes:

    title: "NASA: Tide gauges get a second life"

Fix: write it as a sentence.
"""

import re
from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.text_cleanup import plain
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import USUAL_TEXT

_WORD = re.compile(r"[^\W\d_]{2,}")
_MIN_LETTERS = 8


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a title in capitals; scripts without capitals are not reported."""
    title = plain(value) if isinstance(value, str) else ""
    letters = [character for character in title if character.isalpha()] if title.isupper() else []
    if (
        len(letters) >= _MIN_LETTERS
        and all(letter.isupper() for letter in letters)
        and len(_WORD.findall(title)) > 1
    ):
        return [Problem("`title` is in capitals throughout", help="write it as a sentence")]
    return ()


def _is_headline(field: Field) -> bool:
    return field.name == "title" and field.filled


RULE = Rule(
    "NC505",
    "title-in-capitals",
    Severity.WARNING,
    value=check,
    applies=_is_headline,
    usual=USUAL_TEXT.fullmatch,
)
