"""A text as its author meant it: without what editors and pipelines leave in it.

What is told of a text (the rules NC5), what a copy is compared by (NC6) and what a fix makes of it is all
said here once.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.entities import html5

# Patterns that few texts need are not compiled at the start; `re` does it once, and remembers.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# C0 and C1 controls and DEL, but tab and line feed; what has no width (ZERO WIDTH SPACE, WORD JOINER to
# INVISIBLE PLUS, ZERO WIDTH NO-BREAK SPACE); what reorders text (Unicode TR9: LRM, RLM, ALM, embeddings,
# overrides, isolates). The two joiners mean something between letters, with the marks that these carry in
# Indic scripts, and between emoji: beside anything but blanks, punctuation and each other.
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_ZERO_WIDTH = "\u2029\u200b\u2060-\u2064\ufeff"
_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_JOINED = r"[^\s\x00-/:-@\[-`{-\xbf\u2000-\u206f\u3000-\u303f\ufeff]"
_JOINER = f"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})"
_INVISIBLE = f"[{_CONTROL}{_ZERO_WIDTH}{_BIDIRECTIONAL}]|{_JOINER}"
# Unicode gives control characters no name of their own; these are its aliases.
_CONTROL_NAMES = {0x00: "NULL", 0x0D: "CARRIAGE RETURN", 0x1B: "ESCAPE", 0x7F: "DELETE", 0x85: "NEXT LINE"}
# Where UTF-8 was read as something else there is a byte that leads and those that continue it, as
# Windows-1252 or Latin-1 has them; or what a dash and a quote become in another code page. Most texts have
# none, and ftfy, which looks closer, is slow to import.
_BYTE = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MAYBE_MOJIBAKE = (
    f"[Â-ß]{_BYTE}|[à-ï]{_BYTE}{{2}}|â€ |[ð-ô]{_BYTE}{{3}}|[a-z][ÂÃ] |[вβāг]€|вЂ|Г[©±јЁ]|Ă©|‚Ä|√|ΓÇ|├"
)
_LEADING = re.compile("[Â-ôвβāгГĂ√├]")
"""One of these stands in all that may be garbled: looked for first, it takes a tenth of the time."""
# Nothing is garbled where the last letter of a word meets what follows words (`“AMANHÃ”`, `“été”“hiver”`),
# though the two would make another letter: the text is looked at in parts. So with a �, which is no byte.
_CAPITAL = "[A-ZÀ-ÖØ-ÞĐ]"
_APART = (
    f"(?<={_CAPITAL}Ã)(?=[’”›»…–™®](?!\\w)|—|[\xa0 ]{_CAPITAL})|(?<={_CAPITAL}{{2}}Ã)(?=[\xa0-\xbf ])"
    f"|(?<={_CAPITAL}[ÐÎ])(?=\\W)|(?<={_CAPITAL}Â)(?=[^\\w\xa0-\xbf])|(?<=[A-Za-zÀ-ÖØ-öø-ÿ][à-ÿ])(?=[’”»][‘“«])|(�)"
)
_MOST_PASSES = 16


def entities(text: str) -> list[str]:
    """Return the HTML entities that stand in a text (HTML, section 13.1.4), in their order."""
    if "&" not in text:
        return []
    found = _ENTITY.findall(text)
    return [entity for entity in found if entity.startswith("&#") or entity[1:] in html5]


def invisible(text: str) -> list[str]:
    """Return the control, zero-width and bidirectional characters of a text, in their order.

    Tabs and line feeds, and the joiners U+200C and U+200D where they join, are not among them.
    """
    if text.isprintable():  # to Python none of these is
        return []
    return re.findall(_INVISIBLE, text)


def character_name(character: str) -> str:
    """Return what a character is called that cannot be shown: ``U+200B ZERO WIDTH SPACE``."""
    import unicodedata  # only here: it is for messages

    code = ord(character)
    name = _CONTROL_NAMES.get(code) or unicodedata.name(character, "CONTROL CHARACTER")
    return f"U+{code:04X} {name}"


def is_written_from_right_to_left(text: str) -> bool:
    """Tell whether there are letters of Hebrew, Arabic or the like in a text (Unicode TR9)."""
    import unicodedata

    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def mended(text: str) -> str:
    """Return a text whose letters were garbled by a wrong decoding (mojibake) as it was meant."""
    if text.isascii() or not _LEADING.search(text) or not re.search(_MAYBE_MOJIBAKE, text):
        return text
    return "".join(_mended(part) for part in re.split(_APART, text) if part)


def _mended(part: str) -> str:
    if part.isascii():
        return part
    import ftfy  # only here: few corpora need it, and it takes long to import

    fixed = ftfy.fix_encoding(part, fix_c1_controls=False)
    # Several characters become one. Where none do, ftfy took control characters for Windows-1252.
    return fixed if len(fixed) < len(part) else part


def unescaped(text: str) -> str:
    """Return a text with the characters in place of their HTML entities."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda found: unescape(found[0]) if entities(found[0]) else found[0], text)


_BREAK_BETWEEN = "(?<=\\S)[\r\x0b\x0c\x1c-\x1f\x85\u2029](?=\\S)"
_MARKUP = frozenset("<>&\"'\ufffd")


def without_invisible(text: str) -> str:
    """Return a text without what cannot be seen; what breaks a line between words becomes a blank."""
    return re.sub(_INVISIBLE, "", re.sub(_BREAK_BETWEEN, " ", text)) if invisible(text) else text


def without_entities(text: str) -> str:
    """Return a text with characters for its entities, but for those that would be markup or not be seen."""

    def character(found: re.Match[str]) -> str:
        meant = unescape(found[0]) if entities(found[0]) else found[0]
        return found[0] if _MARKUP.intersection(meant) or not meant or invisible(meant) else meant

    return _ENTITY.sub(character, text)


def plain(text: str) -> str:
    """Return a text without all that is told of texts: what two copies of it are compared by."""
    is_whole = text.isprintable() and "&" not in text and text[:1] != " " != text[-1:]
    if is_whole and (text.isascii() or not _LEADING.search(text)):
        return text
    return _made_plain(text)


@lru_cache(maxsize=8192)
def _made_plain(text: str) -> str:
    """Return a text without what is told of it.

    What comes to light by it, as an entity in an entity, goes too, so that a plain text is its own; but of
    those in each other without end (``&amp;amp;amp;…``), which take a pass each, only so many.
    """
    for _ in range(_MOST_PASSES):
        plainer = _plainer(text)
        if plainer == text:
            break
        text = plainer
    return text


def _plainer(text: str) -> str:
    return without_invisible(unescaped(mended(text))).strip()
