"""A BOM or a blank line stands before the opening fence.

Jekyll does not take such a file for a page: it copies it to the site verbatim, `secured` included,
whatever its flag says (CARDS.md).

Fails: an empty line, then `---`. Passes: `---` as the first bytes of the file.
Fix: delete what stands before the fence; save without a byte order mark.
"""

from collections.abc import Iterator

from newscards.card import Card
from newscards.fences import BOM
from newscards.rules.rule import Place, Problem, Rule, Severity


def check(card: Card) -> Iterator[Problem]:
    """Yield the problem where the file does not begin with its fence."""
    if card.before_fence:
        what = "a byte order mark" if card.before_fence == BOM else "a blank line"
        message = f"{what} stands before the opening `---`: the site will copy this file as it is, unread"
        bom = card.before_fence == BOM
        advice = "save as UTF-8 without a byte order mark" if bom else "make `---` the very first line"
        yield Problem(message, place=Place.FIRST_LINE, help=advice)


RULE = Rule("NC108", "text-before-fence", Severity.ERROR, card=check)
