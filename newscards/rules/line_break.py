"""A title, a name or a topic has a line end or a tab in it.

It is one line. Where the site writes it into a line of another format, such as a feed's or a script's, a
line end breaks that; and two names that differ in it look the same. The excerpt may have line ends, as real
ones do (CARDS.md).

Fails:

    title: "Tide gauges\\nget a second life"

Passes:

    title: "Tide gauges get a second life"

Fix: write a blank instead.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.text_cleanup import breaks, character_name, on_one_line
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import USUAL_TEXT, and_more, cleaning, is_line


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of line ends and tabs between words; stray-blanks reports those around a title.

    A carriage return, with the line feed behind it, is reported by invisible-character.
    """
    if not isinstance(value, str) or not (found := breaks(value)):
        return ()
    what = and_more(character_name(found[0]), len(found))
    fix = cleaning(field, value, on_one_line)
    return [Problem(f"`{field.name}` has {what} between its words", help="write a blank instead", fix=fix)]


RULE = Rule(
    "NC510",
    "line-break",
    Severity.WARNING,
    value=check,
    usual=USUAL_TEXT.fullmatch,
    applies=lambda field: is_line(field) or field.name == "topic",
    fixes=Fixes.SAFE,
)
