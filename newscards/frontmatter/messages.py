"""Messages of libyaml about a text that is not YAML, in plain words."""

from __future__ import annotations

import re

ODD_BLANKS = "\t\xa0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000\ufeff"
"""The blanks, and characters without a width, that are not blanks to YAML, as in a set of a pattern."""


def in_plain_words(problem: str, text: str, offset: int) -> str:
    """Return why ``text`` is not YAML, from libyaml's ``problem`` and the text at ``offset``.

    Frequent mistakes are recognized first, because libyaml reports only their consequences.
    """
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:].partition("\n")[0]
    before, character = text[start:offset].rstrip(), text[offset : offset + 1]
    if problem in _AFTER_THE_END and before.endswith(('"', "'")):
        return "text after the closing quote: within double quotes a quote is `\\\"`, within single ones `''`"
    if problem in _AFTER_THE_END and before.endswith(("]", "}")):
        return f"text after the closing `{before[-1]}`: put the whole value in double quotes"
    if problem == _SECOND_COLON and start and line.startswith(" "):
        return CONTINUES
    if line.startswith("%"):
        return DIRECTIVE
    if problem == _END_OF_TEXT and not text[start:offset].strip(" -") and (key := _QUOTED_KEY.match(line)):
        return f"`{character}` before the key `{key[1]}`; delete it"
    if problem in _NO_BEGINNING and character and character not in "\t\r\n":
        return f"{VALUE_BEGINS} {shown(character)} needs quotes"
    if problem.startswith(("could not determine a constructor", "expected a", "failed to")):
        return f"{VALUE_BEGINS} {shown(character)} means something else to YAML: put it in quotes"
    return _PLAIN_WORDS.get(problem, problem)


def shown(character: str) -> str:
    """Return a character as it is quoted in a message."""
    return "a backtick" if character == "`" else f"`{character}`"


_END_OF_TEXT = "found unexpected end of stream"
_QUOTED_KEY = re.compile(r" *(?:- +)?[\"']([A-Za-z_][\w-]*): ", re.ASCII)
_SECOND_COLON = "mapping values are not allowed in this context"
_AFTER_THE_END = ("did not find expected key", "did not find expected <document start>")
_NO_BEGINNING = (
    "found character that cannot start any token",
    "block sequence entries are not allowed in this context",
    "mapping keys are not allowed in this context",
    "did not find expected tag URI",
    "found undefined tag handle",
)

SECOND_COLON = "a second `: ` in a value without quotes"
CONTINUES = "this line is indented, so it continues the value above, and it has a `: `"
DIRECTIVE = "a line that begins with `%` is a directive to YAML, not a field"
WRONG_LINE = "a line that is not `key: value`, or is indented wrongly"
NO_ITEM = "a line in a list that does not begin with `- `"
AFTER_THE_END = "text after the end of the mapping"
NEVER_CLOSED = "a quote is opened and never closed"
CLOSED_CURLY = "the closing quote is a curly one, which is a letter to YAML; write a straight quote instead"
ENDS_IN_QUOTES = "the front matter ends here, inside a text in quotes; indent this line, or delete it"
NO_PAIR = "a line that is not `key: value`"
UNDEFINED_ALIAS = "an alias `*…` without its anchor: such a value needs quotes"
UNRESOLVED_MERGE = "an unresolved merge: delete the marker, and one of the two sides"

VALUE_BEGINS = "a value that begins with"
TAB = "a tab as indentation: YAML wants blanks"

MAY_BE_ELSEWHERE = frozenset(
    {TAB, SECOND_COLON, CONTINUES, DIRECTIVE, NO_PAIR, NO_ITEM, WRONG_LINE, AFTER_THE_END}
)
"""The reasons that libyaml often finds below the mistake itself."""

_NOT_ESCAPED = "a `\\` in double quotes that begins no escape: write `\\\\`, or use single quotes"

_PLAIN_WORDS = {
    _SECOND_COLON: SECOND_COLON,
    "but found another document": "a second document begins: `---` inside the block",
    "could not find expected ':'": NO_PAIR,
    "did not find expected ',' or ']'": "a `[` is never closed, or a `,` is missing",
    "did not find expected ',' or '}'": "a `{` is never closed, or a `,` is missing",
    "did not find expected '-' indicator": NO_ITEM,
    "did not find expected <document start>": AFTER_THE_END,
    "did not find expected alphabetic or numeric character": f"{VALUE_BEGINS} `&` or `*` needs quotes",
    "did not find expected comment or line break": f"{VALUE_BEGINS} `|` or `>` needs quotes",
    "did not find expected hexdecimal number": _NOT_ESCAPED,
    "did not find expected key": WRONG_LINE,
    "did not find expected node content": "a `,` or a bracket where a value is expected: put it in quotes",
    "found a tab character that violates indentation": TAB,
    "found a tab character where an indentation space is expected": TAB,
    "found character that cannot start any token": TAB,
    "found invalid Unicode character escape code": "an escape in double quotes that is not a character",
    "found undefined alias": UNDEFINED_ALIAS,
    _END_OF_TEXT: NEVER_CLOSED,
    "found unhashable key": "a key that is a list or a mapping",
    "found unknown escape character": _NOT_ESCAPED,
    "second occurrence": "an anchor `&…` that stands twice",
}
