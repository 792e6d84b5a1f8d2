"""A number is written in a way that YAML 1.1 reads as a different number, or readers read as several.

`0104` is octal, and read as 68; `1_000` and `0x1F` are numbers in YAML 1.1, and so in Jekyll, and texts
elsewhere. `1:40` is sexagesimal: 6000 to Debian's Jekyll, which takes it for hours and minutes, and 100.0 to
Jekyll as GitHub Pages runs it. `.inf` and `.nan`, infinity and no number at all, cannot be compared or
averaged, and JSON has no word for them. Every number in 5,632 real cards is plain decimal (CARDS.md).

Fails:

    heat: 0104

Passes:

    heat: 104

Fix: write the number in plain decimal digits.
"""

import re
from collections.abc import Iterator
from math import isfinite, isinf
from typing import Any

from newscards.cards.card import Card
from newscards.cards.fields import FieldType, field_at
from newscards.frontmatter.nodes import IrregularText
from newscards.jekyll.readers import FaultError, Jekyll, read_plain
from newscards.lint.findings import Severity
from newscards.lint.rule import Problem, Rule

_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)")
_PLAIN_FRACTION = re.compile(r"[-+]?(?:[0-9]+\.?|[0-9]*\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_TYPES = {FieldType.INTEGER: (int,), FieldType.NUMBER: (int, float)}


def check(card: Card, text: IrregularText) -> Iterator[Problem]:
    """Yield a problem for each number that is not written in plain decimal digits."""
    for node, path, _ in text.unquoted:
        if node.event.tag or _PLAIN.fullmatch(node.event.value):
            continue
        word, value, field = node.event.value, node.key(), field_at(path)
        if isinstance(value, float) and _PLAIN_FRACTION.fullmatch(word):
            continue
        if field and type(value) in _TYPES.get(field.kind, ()):
            yield _problem(word, value, path)


def _problem(word: str, value: float, path: tuple[Any, ...]) -> Problem:
    if not isfinite(value):
        message = f"`{word}` is {'infinite' if isinf(value) else 'not a number'}"
        return Problem(message, path, help="write a number in plain decimal digits, or delete the field")
    explains = (("NC411", ("heat",)),)  # of the number that may not be meant
    readings = {jekyll: _reading(word, jekyll) for jekyll in Jekyll}
    if all(reading == value for reading in readings.values()):
        digits = word.lstrip("0")
        meant = f", or `{digits}` if that is meant" if _PLAIN.fullmatch(digits) else ""
        advice = f"write `{value}`{meant}"
        return Problem(f"`{word}` is read as {value}", path, help=advice, explains=explains)
    each = [
        f"{'a text' if isinstance(reading, str) else reading} to {jekyll.value}"
        for jekyll, reading in readings.items()
    ]
    advice = "write it in plain decimal digits"
    return Problem(f"`{word}` is {' and '.join(each)}", path, help=advice, explains=explains)


def _reading(word: str, jekyll: Jekyll) -> Any:
    try:
        return read_plain(word, jekyll)
    except FaultError:
        return "a text"


RULE = Rule("NC417", "number-spelling", Severity.WARNING, irregular=check)
