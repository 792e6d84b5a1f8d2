"""A required field is missing.

All 5,632 real cards have category, title, excerpt, publishedDateTime, type, quality, heat, published,
provider (name and domain), topics, and webUrl, or originalUrl for a video. Every entry of `related` has the
fields that identify and describe the card that it copies (CARDS.md). The site's pages, and other tools, rely
on them. A card without `published` is shown. The configuration may say otherwise of each field.

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
from newscards.lint.conditions import Lack
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import choices_text, missing, misspelt
from newscards.text import one_line


def check(field: Field, value: Any) -> Sequence[Problem]:
    """Return a problem for each field that a mapping lacks; misspelt-key reports misspelt ones."""
    names = missing(field, value) if isinstance(value, dict) else ()
    if not names:
        return ()
    if not value:
        what = f"`{field.name}`" if field.name else "the card"
        lacking = f"{', '.join(f'`{name}`' for name in names[:-1])} and `{names[-1]}`"
        lacking = f"{lacking} are missing" if len(names) > 1 else f"`{names[0]}` is missing"
        return [Problem(f"{what} is empty: {lacking}", help="fill it in", site="published" in names)]
    meant = set(misspelt(field, value).values())
    fields = {inner.name: inner for inner in field.fields}
    return [
        Problem(
            f"`{name}` is missing", (name,), Anchor.FIRST_LINE, _advice(fields[name]),
            site=name == "published",
        )
        for name in names if name not in meant
    ]  # fmt: skip


def check_lack(lack: Lack) -> Sequence[Problem]:
    """Return the problem of a field whose condition is true; misspelt-key reports a misspelt one."""
    field = lack.field
    if field.name in misspelt(lack.parent, dict(lack.mapping)).values():
        return ()
    condition = one_line(" ".join(field.condition.split()))
    message = f"`{field.name}` is missing, and the configuration asks for it where `{condition}`"
    return [Problem(message, lack.path, Anchor.FIRST_LINE, _advice(field), site=field.name == "published")]


def _advice(field: Field) -> str:
    """Return what to add: the only choice itself, or else what the value can be."""
    if len(field.choices) == 1:
        return f"add `{field.name}: {field.choices[0]}`"
    return f"add `{field.name}: …`, {choices_text(field) if field.choices else field.kind.value}"


RULE = Rule(
    "NC301",
    "missing-field",
    Severity.ERROR,
    value=check,
    by_keys=True,
    lack=check_lack,
    applies=lambda field: field.kind is FieldType.MAPPING,
)
