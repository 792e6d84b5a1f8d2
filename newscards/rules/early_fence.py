"""A line `---` or `...` ends the front matter too early: fields follow it.

Jekyll ends the front matter at the first such line, whatever stands around it: in a list, or in a text of
several lines, too. The fields below are then the text of the page, and the card is without them, `published`
included (CARDS.md). This finding stands for all that is missing because of that.

Fails:

    ---
    excerpt: |
      Old wells, and below the line
    ---
    …
    ---

Passes:

    ---
    excerpt: |
      Old wells, and below the line
      ---
    …
    ---

Fix: delete the line, or indent it where it belongs to a text.
"""

import re
from collections.abc import Iterator, Sequence

from newscards.cards.card import Card
from newscards.cards.fields import card_field
from newscards.frontmatter.fences import FrontMatter
from newscards.frontmatter.locations import Anchor
from newscards.frontmatter.nodes import Step
from newscards.lint.findings import Severity
from newscards.lint.rule import FoundProblem, Problem, Rule
from newscards.rules.common import names_of

_KEY = re.compile(rb"^([A-Za-z]+)[ \t]*:(?:[ \t\r]|$)", re.MULTILINE)
_MAX_NAMED = 3
_OF_THE_BODY = ("NC113", "NC114")
"""The rules that find the fields below the fence as text of the body."""


def check(card: Card, front: FrontMatter, found: Sequence[FoundProblem]) -> Iterator[Problem]:
    """Yield the problem of a fence with fields below that are not above; it explains what is missing."""
    names = dict.fromkeys(match[1].decode() for match in _KEY.finditer(front.source, front.body))
    below = [name for name in names if name in names_of(card_field())]
    if not below or any(name in card.fields for name in below):  # the latter is another card's front matter
        return
    listed = ", ".join(f"`{name}`" for name in below[:_MAX_NAMED])
    listed += f" and {len(below) - _MAX_NAMED} more" if len(below) > _MAX_NAMED else ""
    last = next(reversed(card.fields), None)
    yield Problem(
        f"the front matter ends here, and {listed} below it {'are' if len(below) > 1 else 'is'} not read",
        place=Anchor.CLOSING_FENCE,
        help="delete this line, or indent it if it belongs to a text",
        site=True,
        explains=tuple(_explained(found, {*below}, last)),
    )


def _explained(
    found: Sequence[FoundProblem], below: set[str], last: object
) -> Iterator[tuple[str, tuple[Step, ...]]]:
    """Yield the problems of fields that stand below the fence, and of the value that it cuts."""
    for rule, _, path in found:
        is_missing = rule.code == "NC301" and len(path) == 1 and path[0] in below
        is_cut = path[:1] == (last,) and rule.code.startswith(("NC3", "NC4"))
        if is_missing or is_cut or rule.code in _OF_THE_BODY:
            yield rule.code, path


RULE = Rule("NC112", "early-fence", Severity.ERROR, cause=check, symptoms=("NC3", "NC4", *_OF_THE_BODY))
