"""A text has a `�`: a character was lost when it was converted.

U+FFFD REPLACEMENT CHARACTER stands where bytes could not be decoded (Unicode, section 23.8). Visitors see a
question mark in a diamond. None of 712 real cards has one.

Fails:

    title: "The tide�s turn"

Passes:

    title: "The tide’s turn"

Fix: look the character up at the source, and write it.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import USUAL_TEXT, and_more, is_text_or_topic

_LOST = "\ufffd"


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a text with U+FFFD; blank-in-url reports one in a URL."""
    if not isinstance(value, str) or _LOST not in value:
        return ()
    what = and_more("U+FFFD REPLACEMENT CHARACTER", value.count(_LOST))
    advice = "write the character that was lost: the source has it"
    return [Problem(f"`{field.name}` has {what}: text was lost", help=advice)]


RULE = Rule(
    "NC508",
    "lost-character",
    Severity.WARNING,
    value=check,
    usual=USUAL_TEXT.fullmatch,
    applies=lambda field: is_text_or_topic(field) or field.name == "featuredContent",
)
