"""An HTML entity stands in a title, an excerpt or a provider's name.

The site escapes the text again, and visitors see `&#8217;` instead of an apostrophe. 17 % of the cards of one
live site have one, and none of another (CARDS.md).

Fails:

    title: "The tide&#8217;s turn"

Passes:

    title: "The tide’s turn"

Fix: write the character itself, or nothing if it cannot be seen.
"""

from collections.abc import Iterable
from html import unescape
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.text_cleanup import (
    character_name,
    entities,
    invisible,
    misread_restored,
    without_entities,
)
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import USUAL_TEXT, and_more, cleaning, is_text_or_topic, part_of


def check(field: Field, value: Any) -> Iterable[Problem]:
    """Return the problem of a text with entities."""
    if not isinstance(value, str) or "&" not in value or not (found := entities(value)):
        return ()
    meant = unescape(found[0])
    problem = Problem(
        f"`{field.name}` has the HTML entity {and_more(f'`{found[0]}`', len(found))}",
        help=_advice(meant),
        fix=cleaning(field, value, without_entities),
        part=part_of(value, found[0]),
    )
    return [problem]


def _advice(meant: str) -> str:
    if invisible(meant) or (meant and not misread_restored(meant)):
        return f"remove it: {character_name(meant)} cannot be seen"
    is_visible = meant.isprintable() and not meant.isspace()
    return f"write `{meant}`" if is_visible else "write the character itself"


RULE = Rule(
    "NC501",
    "html-entity",
    Severity.WARNING,
    value=check,
    applies=is_text_or_topic,
    usual=USUAL_TEXT.fullmatch,
    fixes=Fixes.SAFE,
)
