"""A date is written in a form that Jekyll reads as a date, and other readers of YAML read as a text.

Jekyll reads `2023-06-20 09:05:00 +0200`, without a colon in the offset, as a date. YAML 1.1 does not know
this form, so that PyYAML and others read a text. Without seconds it is a text to all of them, Jekyll's own
reader among them; only Jekyll's `date`, and its filters, make a date of it. newscards reads both as dates.

Fails:

    publishedDateTime: 2023-06-20 17:44:00 +0200

Passes:

    publishedDateTime: 2023-06-20T15:44:00Z

Fix: write the same moment in UTC, as `2023-06-20T15:44:00Z`.
"""

from collections.abc import Iterator
from datetime import datetime

from newscards.cards.card import Card, moment
from newscards.cards.fields import FieldType, field_at
from newscards.cards.values import iso
from newscards.edits.operations import SetValue
from newscards.frontmatter.loader import in_yaml_form
from newscards.frontmatter.nodes import IrregularText
from newscards.jekyll.readers import Jekyll, read_plain
from newscards.lint.findings import Fix, Severity
from newscards.lint.rule import Fixes, Problem, Rule


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each date with a zone that YAML 1.1 has no form for.

    One without a zone is left to date-without-zone, because only its author knows which moment it is.
    """
    for node, path, _ in text.unquoted:
        word = node.event.value
        if in_yaml_form(word) == word:
            continue
        field, value = field_at(path), node.key()
        if field is None or field.kind is not FieldType.DATE:
            continue
        # If a key occurs twice, only the last one counts.
        if isinstance(value, datetime) and value.tzinfo and moment(value) and text.find(path) is node:
            right = iso(value)
            is_read = isinstance(read_plain(word, Jekyll.DEBIAN), datetime)
            who = "Jekyll, and a text to other readers" if is_read else "Jekyll's filters, and a text to YAML"
            yield Problem(
                f"`{word}` is a date to {who}",
                path,
                help=f"write `{right}`, which all read alike",
                fix=Fix(f"write `{right}`", SetValue(value, rewrite=True)),
            )


RULE = Rule("NC419", "date-spelling", Severity.WARNING, irregular=check, fixes=Fixes.SAFE)
