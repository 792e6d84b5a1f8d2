"""Values as YAML: in the style of the scalar that it replaces, or as a new scalar."""

from __future__ import annotations

import math
import re
from datetime import date
from difflib import SequenceMatcher

from newscards.cards.values import Scalar, iso
from newscards.edits.patches import common_prefix
from newscards.errors import EditRefusedError
from newscards.frontmatter.limits import LoadError
from newscards.frontmatter.loader import load
from newscards.frontmatter.nodes import Node

_CHARACTER = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^xuU\n])|[^\\\n]")
_UNESCAPED = "\xa0\xad\u200c\u200d"
"""Invisible characters that are written as they are: no-break space, soft hyphen, zero-width (non-)joiner."""
_MAX_COMPARISONS = 4_000_000
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
# Psych reads `1,000` and `1e3` as numbers (its scalar_scanner.rb), PyYAML reads them as texts.
_NUMBER_TO_RUBY = re.compile(r"[-+]?\.?[0-9][0-9_,.:eE+-]*")


def format_scalar(value: Scalar, style: str | None, *, flow: bool = False) -> str:
    """Return a value as a new scalar: a text in quotes of this ``style``, or unquoted where that is empty.

    A text that would read back as something else is put into double quotes. ``flow`` is true within braces or
    brackets. Raises ``EditRefusedError`` for what YAML cannot express.
    """
    if not isinstance(value, str):
        return _without_quotes(value)
    if style == '"' or not all(c.isprintable() or c in _UNESCAPED for c in value):
        return _in_quotes(value)
    candidate = value if not style else "'" + value.replace("'", "''") + "'"
    return candidate if _reads_back(candidate, value, flow=flow) else _in_quotes(value)


def format_replacement(source: str, node: Node, value: Scalar, *, flow: bool = False) -> str:
    """Return a value as YAML, to replace the scalar ``node`` whose text is ``source``.

    A text keeps its quotes; within double quotes, parts that stay keep their escapes too. Raises as
    ``format_scalar`` does.
    """
    style = node.event.style
    if isinstance(value, str) and style == '"':
        candidate = _edit_in_quotes(source, node.event.value, value)
        return candidate if candidate and _reads_back(candidate, value, flow=flow) else _in_quotes(value)
    return format_scalar(value, '"' if style in ("|", ">") else style, flow=flow)


def _without_quotes(value: bool | int | float | date) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, int):
        try:
            return str(value)
        except ValueError as error:  # more digits than Python prints
            raise EditRefusedError("the number has too many digits") from error
    if not math.isfinite(value):
        return ".nan" if value != value else ".inf" if value > 0 else "-.inf"
    mantissa, e, exponent = repr(value).partition("e")
    return mantissa + ".0" * (bool(e) and "." not in mantissa) + e + exponent  # YAML 1.1 needs the point


def _edit_in_quotes(source: str, old: str, new: str) -> str:
    """Return ``source``, the old value in double quotes, with only the changed characters replaced; or ""."""
    characters = _CHARACTER.findall(source[1:-1])
    if len(characters) != len(old):  # the text folds over several lines, perhaps
        return ""
    start = common_prefix(old, new)
    end = common_prefix(old[start:][::-1], new[start:][::-1])
    inner, new_inner = old[start : len(old) - end], new[start : len(new) - end]
    if len(inner) * len(new_inner) > _MAX_COMPARISONS:
        return ""
    pieces = (
        "".join(characters[start + a : start + b]) if kind == "equal" else _escape(new_inner[c:d])
        for kind, a, b, c, d in SequenceMatcher(None, inner, new_inner, autojunk=False).get_opcodes()
    )
    return f'"{"".join((*characters[:start], *pieces, *characters[len(old) - end :]))}"'


def _in_quotes(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise EditRefusedError("the text holds half of a character (a lone surrogate)")
    return f'"{_escape(value)}"'


def _escape(value: str) -> str:
    """Return a text escaped for double quotes (YAML 1.1, section 9.1.1)."""
    return "".join(
        _ESCAPES.get(c)
        or (c if c.isprintable() or c in _UNESCAPED else f"\\u{ord(c):04x}" if ord(c) < 0x10000 else c)
        for c in value
    )


def _reads_back(candidate: str, value: str, *, flow: bool) -> bool:
    """Return whether a scalar reads as this text, with PyYAML and with Ruby's Psych."""
    if candidate == value and _NUMBER_TO_RUBY.fullmatch(value):
        return False
    try:
        loaded, irregular = load(f"- [{candidate}]\n" if flow else f"k: {candidate}\n")
    except LoadError:
        return False
    return not irregular and loaded == ([[value]] if flow else {"k": value})
