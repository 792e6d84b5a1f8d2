"""A BOM or a blank line stands before the opening fence.

Jekyll does not take such a file for a page: it copies it to the site verbatim, including `secured`, whatever
the flag says (CARDS.md).

Fails:

    <U+FEFF>---
    …
    ---

Passes:

    ---
    …
    ---

Fix: delete what stands before the fence; save without a byte order mark.
"""

from collections.abc import Sequence

from newscards.cards.card import Card
from newscards.edits.operations import StripBefore
from newscards.frontmatter.fences import BOM
from newscards.frontmatter.locations import Anchor
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule

_FIX = Fix("delete what stands before the fence", StripBefore())


def check(card: Card) -> Sequence[Problem]:
    """Return the problem of a file that does not begin with its fence."""
    if card.before_fence:
        what, advice = "a blank line", "make `---` the very first line"
        if card.before_fence.startswith(BOM):
            what = "a byte order mark" if card.before_fence == BOM else "a byte order mark and a blank line"
            advice = "save as UTF-8 without a byte order mark"
        message = f"{what} before the opening `---`"
        return [Problem(message, place=Anchor.FIRST_LINE, help=advice, site=True, fix=_FIX)]
    return ()


RULE = Rule("NC108", "text-before-fence", Severity.ERROR, card=check, fixes=Fixes.SAFE)
