"""A required field is missing.

In every one of 5,632 real cards stand category, title, excerpt, publishedDateTime, type, quality, heat,
published, provider (name and domain) and topics, and webUrl, for a video originalUrl; and in each entry of
`related` what identifies and describes the card that it copies (CARDS.md). The site's pages, and other
tools, rely on them. A card without `published` is shown.

Fails:

    # without topics

Passes:

    topics:
      - Oceans

Fix: add the field.
"""

from collections.abc import Sequence
from typing import Any

from newscards.cards.fields import Field, FieldType
from newscards.frontmatter.locations import Anchor
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import missing, misspelt


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return a problem for each field that a mapping lacks; a misspelt one is told by misspelt-key."""
    names = missing(field, value) if isinstance(value, dict) else ()
    if not names:
        return ()
    meant = set(misspelt(field, value).values())
    expected = {inner.name: inner.kind.value for inner in field.fields}
    return [
        Problem(
            f"`{name}` is missing", (name,), Anchor.FIRST_LINE, f"add `{name}: …`, {expected[name]}",
            site=name == "published",
        )
        for name in names if name not in meant
    ]  # fmt: skip


RULE = Rule(
    "NC301",
    "missing-field",
    Severity.ERROR,
    value=check,
    by_keys=True,
    applies=lambda field: field.kind is FieldType.MAPPING,
)
