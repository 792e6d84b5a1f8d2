"""A value looks like a date or a number, but cannot be one.

Psych, with which Jekyll reads YAML, and PyYAML disagree here, or fail. newscards keeps the value as text and
reports it, so that the card can still be read.

Fails:

    publishedDateTime: 2023-13-45

Passes:

    publishedDateTime: 2023-06-20T08:00:00Z

Fix: correct the value, or put quotes around it if text is meant.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from newscards.cards.card import Card
from newscards.cards.fields import FieldType, field_at
from newscards.frontmatter.loader import InvalidScalar
from newscards.frontmatter.nodes import IrregularText, Step
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each scalar that its type cannot represent, at any depth."""
    stack: list[tuple[Any, tuple[Step, ...]]] = [(card.fields, ())]
    while stack:
        value, path = stack.pop()
        if isinstance(value, InvalidScalar):
            short = value if len(value) <= 40 else f"{value[:30]}…"
            field = field_at(path)
            text_is_fine = field is None or field.kind is FieldType.TEXT
            yield Problem(
                f"`{short}` looks like a {value.kind} but is not one: {value.why}",
                path,
                help=f"correct the {value.kind}"
                + ", or put it in double quotes if text is meant" * text_is_fine,
            )
        elif isinstance(value, Mapping):
            inside = [(inner, (*path, key)) for key, inner in value.items()]
            inside += [(key, (*path, key)) for key in value if isinstance(key, InvalidScalar)]
            stack += reversed(inside)
        elif isinstance(value, list | tuple):
            stack += reversed([(inner, (*path, index)) for index, inner in enumerate(value)])


RULE = Rule("NC401", "impossible-value", Severity.ERROR, irregular=check)
