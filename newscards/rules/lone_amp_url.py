"""One of `ampWebUrl` and `cdnAmpWebUrl` stands without the other.

Real cards, and entries of `related`, always have both or neither (CARDS.md): one is the page, the other its
copy in the cache.

Fails:

    ampWebUrl: "https://www.tide.example/amp/gauges"

Passes:

    ampWebUrl: "https://www.tide.example/amp/gauges"
    cdnAmpWebUrl: "https://www-tide-example.cdn.ampproject.org/c/s/www.tide.example/amp/gauges"

Fix: add the other one, or remove this one.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import misspelt

_NAMES = ("ampWebUrl", "cdnAmpWebUrl")


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return the problem of one without the other; misspelt-key reports one that is misspelt."""
    if not isinstance(value, dict):
        return ()
    for name, other in (_NAMES, _NAMES[::-1]):
        if name in value and other not in value and other not in misspelt(field, value).values():
            advice = f"add `{other}`, or remove `{name}`"
            return [Problem(f"`{name}` stands without `{other}`", (name,), help=advice)]
    return ()


RULE = Rule(
    "NC414",
    "lone-amp-url",
    Severity.WARNING,
    value=check,
    by_keys=True,
    applies=lambda field: set(_NAMES) <= {inner.name for inner in field.fields},
)
