"""Curly quotes stand where YAML's quotes are meant.

To YAML, `“` and `’` are letters like any other: `title: “Tide gauges”` is a text that begins and ends with
quotes, and `: ` or ` #` in it mean what they mean without quotes. Word processors write curly quotes. A
text without quotes that is wholly enclosed in curly ones is reported; a title that is a quotation has
straight quotes around the curly ones. Guillemets, which belong to names in some languages, are not reported.
A URL in curly quotes is an error, because it is none; a text is a warning.

Fails:

    title: “Tide gauges get a second life”

Passes:

    title: "“Tide gauges get a second life,” say harbour masters"

Fix: write straight quotes, around the curly ones if those are meant.
"""

import re
from collections.abc import Iterator

from newscards.cards.card import Card
from newscards.cards.fields import Format, field_at
from newscards.frontmatter.nodes import IrregularText
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule
from newscards.rules.common import is_text_or_topic

_ENCLOSED = re.compile("[“”„‟][^“”„‟]*[“”\"]|[‘’‚‛][^‘‚‛]*[‘’']", re.DOTALL)


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each text without quotes that curly quotes enclose, with none of the kind in it."""
    for node, path, _ in text.unquoted:
        value = node.event.value
        if not node.event.style and value[:1] in "“”„‟‘’‚‛" and _ENCLOSED.fullmatch(value):
            field = field_at(path)
            is_url = field is not None and field.format in (Format.URL, Format.IMAGE_URL)
            if field and (is_url or is_text_or_topic(field)):
                advice = 'write straight quotes `"`'
                yield Problem(
                    f"`{field.name}` is enclosed in curly quotes, which are no quotes to YAML", path,
                    help=advice if is_url else f"{advice}, around the curly ones if those are meant",
                    is_minor=not is_url, explains=(("NC4", path),) if is_url else (),
                )  # fmt: skip


RULE = Rule("NC511", "curly-quotes", Severity.ERROR, irregular=check)
