"""A key is unknown, and a similar known key is missing.

`publishd: false` does not hide a card: without `published` the site shows it (CARDS.md). The same goes for
`Published`: keys are case-sensitive.

Fails:

    # without quality
    Quality: 67

Passes:

    quality: 67

Fix: correct the spelling as suggested.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field, FieldType
from newscards.frontmatter.locations import Anchor
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import misspelt, spelled


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return a problem for each unknown key of a mapping that is close to a missing known one."""
    if not isinstance(value, dict):
        return ()
    return [
        Problem(
            f"unknown key {spelled(key)}, and `{meant}` is missing", (key,), Anchor.KEY,
            f"did you mean `{meant}`?", site=meant == "published",
        )
        for key, meant in misspelt(field, value).items()
    ]  # fmt: skip


RULE = Rule(
    "NC303",
    "misspelt-key",
    Severity.ERROR,
    value=check,
    by_keys=True,
    applies=lambda field: field.kind is FieldType.MAPPING,
)
