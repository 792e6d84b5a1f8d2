"""A text has an HTML tag.

A title, an excerpt and a name are text. The site shows a tag to visitors as it is written, or obeys it: then
a `<script>` runs in their browsers. `featuredContent`, which is HTML, is not checked. None of 712 real cards
has a tag in a text.

Fails:

    title: "<b>Tide gauges</b> get a second life"

Passes:

    title: "Tide gauges get a second life"

Fix: write the text without tags.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.cards.text_cleanup import tags, without_entities, without_invisible, without_mojibake
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import USUAL_TEXT, and_more, is_text_or_topic
from newscards.text import cut

_MAX_TAG_LENGTH = 40


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of a text with tags. A script is named first.

    The text is checked as the rules about texts clean it, so that their fixes reveal no tag.
    """
    if not isinstance(value, str) or "<" not in value:
        return ()
    found = tags(without_invisible(without_mojibake(without_entities(value))))
    if not found:
        return ()
    first = next((tag for tag in found if tag[1:7].lower() == "script"), found[0])
    what = and_more(f"`{cut(first, _MAX_TAG_LENGTH)}`", len(found))
    return [Problem(f"`{field.name}` has the HTML tag {what}", help="write the text without tags")]


RULE = Rule(
    "NC509", "html-tag", Severity.WARNING, value=check, usual=USUAL_TEXT.fullmatch, applies=is_text_or_topic
)
