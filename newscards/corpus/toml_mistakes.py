"""Mistakes in a text that is not TOML: what is wrong, where, and what to write in its place.

``tomllib`` says where it gave up. The mistakes that people make are few, and most are habits of YAML: here
each has its own words. Whatever is not among them is shown in the words of ``tomllib``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from newscards.text import cut, marked_line, one_line


class Mistake(NamedTuple):
    """A mistake: the offset and the length of what is wrong in the text, a message, and a hint."""

    start: int
    length: int
    message: str
    hint: str = ""


def explained_mistake(text: str, reason: str) -> tuple[str, str, str]:
    """Return the place ``LINE:COLUMN``, empty if it is not known, the message and the hint.

    ``reason`` is the error of ``tomllib`` about ``text``. The message shows the line, with carets.
    """
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", reason, re.DOTALL)
    if found is None:
        return "", reason, ""
    lines = text.split("\n")
    offset = len(text.rstrip())
    if found[2]:
        offset = sum(len(line) + 1 for line in lines[: int(found[2]) - 1]) + int(found[3]) - 1
    explain = next((each for start, each in _EXPLAINED.items() if found[1].startswith(start)), None)
    mistake = explain(text, offset) if explain else None
    mistake = mistake or Mistake(offset, 1, found[1])
    begin = _begin(text, mistake.start)
    place = f"{text.count(chr(10), 0, begin) + 1}:{mistake.start - begin + 1}"
    excerpt = marked_line(_line(text, begin).removesuffix("\r"), mistake.start - begin, mistake.length)
    return place, f"{mistake.message}\n{excerpt}", mistake.hint


def _begin(text: str, offset: int) -> int:
    """Return the offset at which the line of an offset begins."""
    return text.rfind("\n", 0, offset) + 1


def _line(text: str, begin: int) -> str:
    return text[begin:].partition("\n")[0]


def _rest(text: str, offset: int) -> str:
    """Return what is left of a line, without a comment and without what ends an item of a list."""
    return re.split(r"[,\]}#\r\n]", text[offset:], maxsplit=1)[0].rstrip()


_CURLY = "‘’‚“”„«»"
_BOOLEANS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}


def _invalid_value(text: str, offset: int) -> Mistake:
    value = _rest(text, offset)
    if not value:
        return Mistake(offset, 1, "a value is missing here", 'as in editor = "mb"')
    if value[0] in _CURLY:
        inner = value.strip(_CURLY)
        hint = f"write straight quotes: {_quoted(inner)}"
        return Mistake(offset, 1, "this is a typographic quote, as text editors make them", hint)
    if value[0] in "=:":
        return Mistake(offset, 1, f"this `{value[0]}` is one too many")
    if value.casefold() in _BOOLEANS:
        hint = f"write {_BOOLEANS[value.casefold()]}; as a text, {_quoted(value)}"
        return Mistake(offset, len(value), "TOML has the words true and false, and no others", hint)
    return Mistake(offset, len(value), "a text must be in quotes", f"put it in quotes: {_quoted(value)}")


def _quoted(value: str) -> str:
    quote = "'" if '"' in value or "\\" in value else '"'
    return f"{quote}{one_line(cut(value, 60))}{quote}"


def _no_equals_sign(text: str, offset: int) -> Mistake:
    begin = _begin(text, offset)
    before, sign = text[begin:offset].strip(), text[offset : offset + 1]
    key = re.split(r"[{,]\s*", before)[-1]
    if sign == ":":
        return Mistake(offset, 1, "TOML has `=` where YAML has `:`", f"write {one_line(cut(key, 60))} = …")
    name = re.match(r"[^=:\"'{}\[\]#\r\n]*(?==)", text[begin:])
    if name and offset < begin + name.end():
        hint = f'a key with a blank is written in quotes: "{one_line(cut(name[0].strip(), 60))}" = …'
        return Mistake(begin, len(name[0].rstrip()), "a key is one word", hint)
    return Mistake(offset, 1, "`=` is expected here, behind a key", _LINE)


_LINE = "a line is `key = value`, or the header of a table, as [fields.editor]"


def _invalid_statement(text: str, offset: int) -> Mistake:
    return Mistake(offset, 1, "this begins neither a key nor a table", _LINE)


def _too_much(text: str, offset: int) -> Mistake:
    begin = _begin(text, offset)
    value = _line(text, begin).partition("=")[2].strip()
    rest = max(len(_line(text, offset).rstrip()), 1)
    hint = ""
    if value[:1] in ('"', "'"):
        other = '"' if value[0] == "'" else "'"
        hint = f"a text with {value[0]} in it stands between {other}, or between {other * 3}"
    elif value[:1].isdigit():
        hint = f"put it in quotes if it is a text: {_quoted(_rest(value, 0))}"
    return Mistake(offset, rest, "this is too much: the value ends before it", hint)


def _unclosed_quote(text: str, offset: int) -> Mistake:
    """Return the mistake at the first quote of a line that is not closed, or at the last three quotes."""
    for quote in ('"""', "'''"):
        if text.count(quote) % 2:
            return Mistake(
                text.rfind(quote), 3, "this quote is never closed", f"write {quote} behind the text"
            )
    if offset >= len(text.rstrip()):
        offset = max(text.rfind("'"), 0)  # no other of its kind stands behind it
    begin = _begin(text, offset)
    closed = re.match(r"""(?:[^"'#\n]|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')*""", text[begin:])
    start = begin + (closed.end() if closed else 0)
    quote = text[start : start + 1]
    if quote not in ('"', "'"):
        return Mistake(offset, 1, "this character is not allowed here")
    hint = f"write {quote} at the end of the text; one of several lines stands between {quote * 3}"
    return Mistake(start, 1, "this quote is never closed", hint)


def _illegal_character(text: str, offset: int) -> Mistake:
    if text[offset : offset + 1] in ("\n", "\r", ""):
        return _unclosed_quote(text, offset)
    return Mistake(offset, 1, "this control character is not allowed", "leave it out")


def _double_key(text: str, offset: int) -> Mistake | None:
    begin = _begin(text, max(offset - 1, 0) if text[offset : offset + 1] in ("\n", "") else offset)
    line = _line(text, begin)
    key, sign, _ = line.partition("=")
    is_in_text = line.count("'''") % 2 or line.count('"""') % 2  # the last line of a text of several
    if not sign or is_in_text or line.lstrip().startswith("["):
        return None
    key = key.strip()
    above = text[:begin]
    table = above[above.rfind("\n[") + 1 :]
    before = re.search(rf"^[ \t]*{re.escape(key)}[ \t]*=", table, re.MULTILINE)
    hint = "a key stands once in a table"
    if before:
        number = text.count("\n", 0, len(above) - len(table) + before.start()) + 1
        hint = f"line {number} has it, too: leave one of them"
    start = begin + line.index(key)
    return Mistake(start, len(key), f"`{one_line(cut(key, 60))}` stands here twice", hint)


def _double_table(text: str, offset: int) -> Mistake:
    begin = _begin(text, offset)
    header = _line(text, begin).partition("#")[0].strip()
    before = re.search(rf"^[ \t]*{re.escape(header)}", text[:begin], re.MULTILINE)
    hint = "its keys stand above already: put these beside them"
    if before:
        number = text.count("\n", 0, before.start()) + 1
        hint = f"line {number} begins it: put these keys there"
    return Mistake(begin, len(header), f"the table {one_line(cut(header, 60))} is there twice", hint)


def _unclosed_list(text: str, offset: int) -> Mistake:
    hint = "commas separate the items of a list, and `]` ends it"
    return Mistake(offset, 1, "a comma or `]` is expected here", hint)


def _unclosed_braces(text: str, offset: int) -> Mistake:
    hint = "a table in braces stands on one line; a longer one has a header, as [fields.editor]"
    return Mistake(offset, 1, "a comma or `}` is expected here", hint)


def _unclosed_header(text: str, offset: int) -> Mistake:
    hint = 'a name with a blank is written in quotes, as in [fields."external url"]'
    is_end = not _line(text, offset).strip()
    return Mistake(offset, 1, "`]` is expected here", "" if is_end else hint)


def _escape(text: str, offset: int) -> Mistake:
    start = text.rfind("\\", _begin(text, offset), offset + 1)
    hint = "write it twice, or put the text in single quotes"
    return Mistake(max(start, 0), 2, "a backslash in double quotes begins an escape, and this is none", hint)


_EXPLAINED: dict[str, Callable[[str, int], Mistake | None]] = {
    "Invalid value": _invalid_value,
    "Expected '=' after a key": _no_equals_sign,
    "Invalid statement": _invalid_statement,
    "Invalid initial character for a key part": _invalid_statement,
    "Expected newline or end of document": _too_much,
    "Unterminated string": _unclosed_quote,
    'Expected "\'"': _unclosed_quote,
    "Expected \"'''\"": _unclosed_quote,
    "Illegal character": _illegal_character,
    "Found invalid character": _illegal_character,
    "Cannot overwrite a value": _double_key,
    "Cannot declare": _double_table,
    "Unclosed array": _unclosed_list,
    "Unclosed inline table": _unclosed_braces,
    "Expected ']": _unclosed_header,
    "Unescaped '\\'": _escape,
    "Invalid hex value": _escape,
}
"""How each error of ``tomllib`` is explained, by the beginning of its message."""
