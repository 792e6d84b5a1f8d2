"""A key that nobody reads stands where a known one is missing.

`publishd: false` does not hide a card: without `published` the site shows it (CARDS.md). So with `Published`:
case counts.

Fails:

    # without quality
    Quality: 67

Passes:

    quality: 67

Fix: spell the key as the help says.
"""

from collections.abc import Iterator
from typing import Any

from newscards.fields import Field, Kind
from newscards.rules.keys import misspelt
from newscards.rules.rule import Place, Problem, Rule, Severity


def check(field: Field, value: Any) -> Iterator[Problem]:
    """Yield a problem for each key of a mapping that is close to a known one which is not there."""
    if isinstance(value, dict):
        for key, meant in misspelt(field, value).items():
            yield Problem(
                f"unknown key `{key}`, and `{meant}` is missing", (key,), Place.KEY,
                f"did you mean `{meant}`?", site=meant == "published",
            )  # fmt: skip


RULE = Rule(
    "NC303",
    "misspelt-key",
    Severity.ERROR,
    value=check,
    applies=lambda field: field.kind is Kind.MAPPING,
)
