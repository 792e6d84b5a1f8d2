"""The front matter is not valid YAML.

Jekyll publishes such a page with no data, even if its flag is false (CARDS.md). The finding stands in the
first field that cannot be read by itself, not where libyaml gives up, which may be far below.

Fails:

    title: Ports: a survey

Passes:

    title: "Ports: a survey"

Fix: usually, put double quotes around the value.
"""

import re
from collections.abc import Iterator

from newscards.cards.card import Unreadable
from newscards.cards.text_cleanup import misread_restored
from newscards.frontmatter.messages import DIRECTIVE, NEVER_CLOSED, NO_PAIR, SECOND_COLON
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(card: Unreadable) -> Iterator[Problem]:
    """Yield the problem of YAML that does not parse, with libyaml's reason in plain words."""
    if card.kind == "syntax":
        reason, _, advice = card.reason.partition("; ")
        advice = _ADVICE.get(reason) or _about_character(reason) or advice
        yield Problem(reason, help=advice, site=True)


def _about_character(reason: str) -> str:
    """Return the advice about a character that is not allowed in YAML; empty for another reason."""
    found = re.match(r"the character U\+([0-9A-F]+) ", reason)
    if found is None:
        return ""
    meant = misread_restored(chr(int(found[1], 16)))
    is_known = meant and meant.isprintable()
    return f"write `{meant}`, which Windows-1252 has at this code" if is_known else "delete it"


_ADVICE = {
    DIRECTIVE: "delete the `%`",
    SECOND_COLON: "put double quotes around the whole value",
    NEVER_CLOSED: "close the quote at the end of the value",
    NO_PAIR: "write `key: value`, or put the line into the quotes above",
}
"""Advice by reason, for reasons that do not imply it."""


RULE = Rule("NC104", "yaml-syntax", Severity.ERROR, unreadable=check)
