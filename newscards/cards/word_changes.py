"""The words that changed in a text, between some that did not: ``After [-48-]{+50+} years the herring…``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from newscards.text import cut, one_line

_WORD = re.compile(r"\s*(?:\w+|[^\w\s])\s*|\s+")
"""A word or a sign with the blanks around it, so that a blank by itself is never common to two texts."""

_MIN_LENGTH = 30
"""The length of a text, in characters, from which on its changed words are easier to read than all of it."""
_MIN_SHARED = 1 / 3
"""The part of the longer text that both must have, or else the texts are two and not one that changed."""
_MAX_COMPARED = 40_000
"""How many pairs of words are compared. The time grows with the pairs, and at worst with their 3/2 power."""
_MAX_LINK = 3
"""The length of a common text between two changes that is shown as a part of both: `of`, `the`, a comma."""
_MIN_CHANGE = 6
"""The width that a changed part keeps where there is little room."""


class Part(NamedTuple):
    """A part of a text: ``sign`` is ``-`` if it was removed, ``+`` if it was added, and else empty."""

    sign: str
    text: str


Size = Callable[[str], int]
"""A function that returns the width of a text: in characters, or in cells of a terminal."""


def word_changes(was: str, now: str) -> list[Part]:
    """Return the parts of a text that changed, and those between them, in their order.

    The list is empty if both texts are short, or have little in common: then they are better read one after
    the other. Texts of any length take bounded time.
    """
    if max(len(was), len(now)) < _MIN_LENGTH:
        return []
    words = _WORD.findall(was), _WORD.findall(now)
    parts = list(_parts(*words, str.strip))
    if not any(sign for sign, _ in parts):  # nothing but blanks changed
        parts = list(_parts(*words, str))
    parts = list(_without_links(parts))
    shared = sum(len(text) for sign, text in parts if not sign)
    if shared < _MIN_SHARED * max(len(was), len(now)):
        return []
    return [Part(sign, one_line(text)) for sign, text in _with_blanks_outside(parts)]


def _parts(was: Sequence[str], now: Sequence[str], key_of: Callable[[str], str]) -> Iterator[Part]:
    """Yield the parts of two lists of words, compared by a key, a removed one before the added one.

    Of a part that did not change it is the longer text, which has a blank more before an addition.
    """
    old, new = list(map(key_of, was)), list(map(key_of, now))
    least = min(len(old), len(new))
    start = next((at for at in range(least) if old[at] != new[at]), least)
    room = least - start
    end = next((at for at in range(room) if old[-1 - at] != new[-1 - at]), room)
    yield Part("", max("".join(was[:start]), "".join(now[:start]), key=len))
    stops = len(old) - end, len(new) - end
    if (stops[0] - start) * (stops[1] - start) > _MAX_COMPARED:
        yield from (Part("-", "".join(was[start : stops[0]])), Part("+", "".join(now[start : stops[1]])))
    else:
        from difflib import SequenceMatcher  # imported here because few changes need it

        matcher = SequenceMatcher(None, old[start : stops[0]], new[start : stops[1]], autojunk=False)
        for tag, *ends in matcher.get_opcodes():
            first, last, new_first, new_last = (each + start for each in ends)
            gone, came = "".join(was[first:last]), "".join(now[new_first:new_last])
            if tag == "equal":
                yield Part("", max(gone, came, key=len))
            else:
                yield from (Part("-", gone), Part("+", came))
    yield Part("", max("".join(was[stops[0] :]), "".join(now[stops[1] :]), key=len))


def _without_links(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield parts in which no short common text is between two changes, and none is empty."""
    gone = came = ""
    for at, (sign, text) in enumerate(parts):
        if sign == "-":
            gone += text
        elif sign == "+":
            came += text
        elif len(text.strip()) <= _MAX_LINK and (gone or came) and any(each[0] for each in parts[at:]):
            gone, came = gone + text, came + text
        else:
            yield from (Part(*each) for each in (("-", gone), ("+", came), ("", text)) if each[1])
            gone = came = ""
    yield from (Part(*each) for each in (("-", gone), ("+", came)) if each[1])


def _with_blanks_outside(parts: Sequence[Part]) -> Iterator[Part]:
    """Yield parts with the blanks at the end of a change moved before the common text that follows."""
    blanks = ""
    for at, (sign, text) in enumerate(parts):
        same = next((count for count, each in enumerate(parts[at:]) if not each.sign), 0)
        changed = parts[at : at + same]
        if same and all(each.text[-1:].isspace() and each.text.strip() for each in changed):
            blanks, text = " ", text.rstrip()
        elif not sign:
            blanks, text = "", blanks + text
        yield Part(sign, text)


def fitted(parts: Sequence[Part], room: int, size: Size = len, *, marks: bool = True) -> list[Part]:
    """Return parts in a room: of what did not change only the nearest words, as many as there is room for.

    ``…`` stands for what is left out. If even the changes are too long, these are cut too; the list is empty
    if there is no room for a beginning of each. With ``marks``, room is left for those of ``marked``.
    """

    def is_within(parts: Sequence[Part]) -> bool:
        return sum(size(text) + 4 * bool(sign and marks) for sign, text in parts) <= room

    parts = [Part(sign, text if sign else _ends(text, room)) for sign, text in parts]
    most = 2 * max((len(_WORD.findall(text)) for sign, text in parts if not sign), default=0)
    words = bisect_right(range(1, most + 1), 0, key=lambda words: not is_within(_in_context(parts, words)))
    if words or not most:
        found = _in_context(parts, words)
        if is_within(found):
            return found
    for words in (1, 0):
        found = _in_context(parts, words)
        widths = range(_MIN_CHANGE, room + 1)
        fitting = bisect_right(widths, 0, key=lambda width: not is_within(_cut_changes(found, width)))
        if fitting:
            return _cut_changes(found, widths[fitting - 1])
    return []


def _ends(text: str, room: int) -> str:
    """Return the beginning and the end of a long text, because no more of it can fit in a room."""
    return text if len(text) <= 3 * room else f"{text[:room]} {text[-room:]}"


def _in_context(parts: Sequence[Part], words: int) -> list[Part]:
    """Return parts with at most so many unchanged words around each change, more of them before it."""
    found = []
    for at, (sign, text) in enumerate(parts):
        if not sign:
            first = words // 2 if at else 0
            last = (words + 1) // 2 if at < len(parts) - 1 else 0
            listed = _WORD.findall(text)
            if len(listed) > first + last:
                head = "".join(listed[:first]).rstrip()
                text = f"{head}…{''.join(listed[len(listed) - last :])}"
        found.append(Part(sign, text))
    return found


def _cut_changes(parts: Sequence[Part], width: int) -> list[Part]:
    return [Part(sign, cut(text, width) if sign else text) for sign, text in parts]


def marked(parts: Sequence[Part]) -> str:
    """Return parts as one text with the marks of ``git diff --word-diff``: ``[-old-]{+new+}``."""
    marks = {"-": "[-{}-]", "+": "{{+{}+}}", "": "{}"}
    return "".join(marks[sign].format(text) for sign, text in parts)
