"""The front matter is not YAML.

Jekyll publishes such a page with no data, also when its flag says false (CARDS.md). The place is in
the first field that cannot be read by itself, not where libyaml gives up, which may be far below.

Fails:

    title: Ports: a survey

Passes:

    title: "Ports: a survey"

Fix: mostly, double quotes around the value.
"""

from collections.abc import Iterator

from newscards.card import Unreadable
from newscards.rules.rule import Problem, Rule, Severity

_QUOTES = "mostly, double quotes around the value mend it"
_ADVICE = ("delete", "write", "wants", "needs", "put ")
"""By these words a reason says itself what to do."""


def check(card: Unreadable) -> Iterator[Problem]:
    """Yield the problem where the YAML does not parse, with libyaml's reason in plain words."""
    if card.kind == "syntax":
        advice = "delete it" if card.reason.startswith("the character") else _QUOTES
        advises = any(word in card.reason for word in _ADVICE)
        yield Problem(card.reason, help="" if advises else advice, site=True)


RULE = Rule("NC104", "yaml-syntax", Severity.ERROR, unreadable=check)
