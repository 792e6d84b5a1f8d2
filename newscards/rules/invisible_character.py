"""An invisible character stands in a title, an excerpt or a provider's name.

Control, zero-width and bidirectional characters get in when text is copied. They break searches, comparisons
and the order of letters, and nobody sees them. 64 real cards have one, mostly a carriage return (CARDS.md).
Joiners in emoji and between letters, as in Persian and Hindi, are not reported.

Fails:

    title: "Tide gauges<U+200B> get a second life"

Passes:

    title: "Tide gauges get a second life"

Fix: remove it.
"""

from collections.abc import Iterable
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.names import as_read
from newscards.cards.text_cleanup import character_name, first_invisible, invisible, without_invisible
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import USUAL_TEXT, and_more, cleaning, is_text_or_topic


def check(field: Field, value: Any) -> Iterable[Problem]:
    """Return the problem of a text with invisible characters.

    topic-case reports those that make no difference to a reader, of a topic.
    """
    if not isinstance(value, str) or not (found := invisible(value)):
        return ()
    if field.name == "topic" and not (found := invisible(as_read(value))):
        return ()
    problem = Problem(
        f"`{field.name}` has the invisible {and_more(character_name(found[0]), len(found))}",
        help="remove what cannot be seen",
        fix=cleaning(field, value, without_invisible),
        part=first_invisible(value),
    )
    return [problem]


RULE = Rule(
    "NC503",
    "invisible-character",
    Severity.WARNING,
    value=check,
    applies=is_text_or_topic,
    usual=USUAL_TEXT.fullmatch,
    fixes=Fixes.SAFE,
)
