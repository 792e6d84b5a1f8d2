"""An HTML entity stands in the title or the excerpt.

The site escapes the text again, and visitors see `&#8217;` instead of an apostrophe. 17 % of the cards of one
live site have one, and none of another (CARDS.md).

Fails:

    title: "The tide&#8217;s turn"

Passes:

    title: "The tide’s turn"

Fix: write the character itself.
"""

from collections.abc import Iterable, Iterator
from html import unescape

from newscards.cards.card import Card
from newscards.cards.text_cleanup import entities, without_entities
from newscards.lint.findings import Severity
from newscards.lint.rule import Fixes, Problem, Rule
from newscards.rules.common import and_more, cleaning, own_texts


def check(card: Card) -> Iterable[Problem]:
    """Return a problem for each text with entities."""
    return _problems(card) if "&" in card.title or "&" in card.excerpt else ()


def _problems(card: Card) -> Iterator[Problem]:
    for name, text in own_texts(card):
        if found := entities(text):
            meant = unescape(found[0])
            visible = meant.isprintable() and not meant.isspace()
            yield Problem(
                f"`{name}` has the HTML entity {and_more(f'`{found[0]}`', len(found))}",
                (name,),
                help=f"write `{meant}`" if visible else "write the character itself",
                fix=cleaning(name, text, without_entities),
            )


RULE = Rule("NC501", "html-entity", Severity.WARNING, card=check, fixes=Fixes.SAFE)
