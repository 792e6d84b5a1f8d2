"""What libyaml says of a text that is not YAML, in the words of somebody who never read its specification."""

from __future__ import annotations

import re


def in_plain_words(problem: str, text: str, offset: int) -> str:
    """Return why ``text`` is not YAML: libyaml's ``problem``, seen with what stands at ``offset``.

    First come the slips of a tired editor, which libyaml tells by what they lead to.
    """
    start = text.rfind("\n", 0, offset) + 1
    line = text[start:].partition("\n")[0]
    before = text[start:offset].rstrip()
    if glued := _GLUED.match(line):
        kind = "is a no-break one, which is none to YAML" if glued[2] == "\xa0" else "is missing"
        return f"the blank after `{glued[1]}:` {kind}"
    if problem in _AFTER_THE_END and before.endswith(('"', "'")):
        return "text after the closing quote: within double quotes a quote is `\\\"`, within single ones `''`"
    if problem in _AFTER_THE_END and before.endswith(("]", "}")):
        return f"text after the closing `{before[-1]}`: put the whole value in double quotes"
    if problem == _SECOND_COLON and start and line.startswith(" "):
        return "this line is indented, so it continues the value above, and it has a `: `"
    return _PLAIN_WORDS.get(problem, problem)


UNRESOLVED_MERGE = "an unresolved merge: delete the marker, and one of the two sides"
_GLUED = re.compile(r"([A-Za-z_][\w-]*):([^ \t\r\n:/])", re.ASCII)
_SECOND_COLON = "mapping values are not allowed in this context"
_AFTER_THE_END = ("did not find expected key", "did not find expected <document start>")

_PLAIN_WORDS = {
    _SECOND_COLON: "a second `: ` in a value without quotes",
    "found unexpected end of stream": "a quote is opened and never closed",
    "did not find expected ',' or ']'": "a `[` is never closed, or a `,` is missing",
    "did not find expected ',' or '}'": "a `{` is never closed, or a `,` is missing",
    "could not find expected ':'": "a line that is no `key: value`",
    "did not find expected key": "a line that is no `key: value`, or is indented wrongly",
    "did not find expected '-' indicator": "a line in a list that does not begin with `- `",
    "did not find expected <document start>": "text after the end of the mapping",
    "found character that cannot start any token": (
        "a value that begins with a character which needs quotes, or a tab as indentation"
    ),
    "found a tab character that violates indentation": "a tab as indentation: YAML wants blanks",
    "did not find expected alphabetic or numeric character": (
        "a value that begins with `&` or `*` needs quotes"
    ),
    "found undefined alias": "an alias `*…` without its anchor: such a value needs quotes",
    "second occurrence": "an anchor `&…` that stands twice",
    "found unhashable key": "a key that is a list or a mapping",
    "found unknown escape character": "an unknown escape after `\\` in double quotes",
    "expected a single document in the stream": "a second document begins: `---` inside the block",
    "could not determine a constructor for the tag 'tag:yaml.org,2002:value'": (
        "a bare `=`, which YAML 1.1 has no value for: put it in quotes"
    ),
}
