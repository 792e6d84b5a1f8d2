"""Clean-up of texts: entities, mojibake and invisible characters, found and removed.

The rules NC5 report them and their fixes remove them; the rules NC6 compare cards and copies without them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.entities import html5

# Patterns that few texts need are strings, not compiled at import: `re` compiles them on first use.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Invisible are C0 and C1 controls and DEL, except tab and line feed; zero-width characters (ZERO WIDTH
# SPACE, WORD JOINER to INVISIBLE PLUS, ZERO WIDTH NO-BREAK SPACE); characters that reorder text (Unicode TR9:
# LRM, RLM, ALM, embeddings, overrides, isolates). The two joiners have a meaning between letters (with their
# marks in Indic scripts) and between emoji, so they count only beside blanks, punctuation and each other.
_CONTROL = "\x00-\x08\x0b-\x1f\x7f-\x9f"
_ZERO_WIDTH = "\u2029\u200b\u2060-\u2064\ufeff"
_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_JOINED = r"[^\s\x00-/:-@\[-`{-\xbf\u2000-\u206f\u3000-\u303f\ufeff]"
_JOINER = f"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})"
_INVISIBLE = f"[{_CONTROL}{_ZERO_WIDTH}{_BIDIRECTIONAL}]|{_JOINER}"
# Unicode gives control characters no name of their own; these are its aliases.
_CONTROL_NAMES = {
    0x00: "NULL", 0x09: "TAB", 0x0A: "LINE FEED", 0x0D: "CARRIAGE RETURN", 0x1B: "ESCAPE", 0x7F: "DELETE",
    0x85: "NEXT LINE",
}  # fmt: skip
# Mojibake, UTF-8 decoded as something else, has the leading byte of a character and its continuation bytes as
# characters of Windows-1252 or Latin-1, or what a dash and a quote become in another code page. Most texts
# have none of these, and ftfy, which decides, is slow to import.
_BYTE = "[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_MAYBE_MOJIBAKE = (
    f"[Â-ß]{_BYTE}|[à-ï]{_BYTE}{{2}}|â€ |[ð-ô]{_BYTE}{{3}}|[a-z][ÂÃ] |[вβāг]€|вЂ|Г[©±јЁ]|Ă©|‚Ä|√|ΓÇ|├"
)
_LEADING = re.compile("[Â-ôвβāгГĂ√├]")
"""All mojibake has one of these; searching for them first takes a tenth of the time."""
# The last letter of a word and the punctuation behind it may look like mojibake (`“AMANHÃ”`, `“été”“hiver”`),
# so the text is split between the two, and each part is checked alone. Also at a �, which stands for no byte.
_CAPITAL = "[A-ZÀ-ÖØ-ÞĐ]"
_SPLIT = (
    f"(?<={_CAPITAL}Ã)(?=[’”›»…–™®](?!\\w)|—|[\xa0 ]{_CAPITAL})|(?<={_CAPITAL}{{2}}Ã)(?=[\xa0-\xbf ])"
    f"|(?<={_CAPITAL}[ÐÎ])(?=\\W)|(?<={_CAPITAL}Â)(?=[^\\w\xa0-\xbf])|(?<=[A-Za-zÀ-ÖØ-öø-ÿ][à-ÿ])(?=[’”»][‘“«])|(�)"
)
_MAX_PASSES = 16


def entities(text: str) -> list[str]:
    """Return the HTML entities of a text (HTML, section 13.1.4), in their order."""
    if "&" not in text:
        return []
    candidates = _ENTITY.findall(text)
    return [entity for entity in candidates if entity.startswith("&#") or entity[1:] in html5]


def invisible(text: str) -> list[str]:
    """Return the control, zero-width and bidirectional characters of a text, in their order.

    Tabs and line feeds, and the joiners U+200C and U+200D between letters or emoji, are not among them.
    """
    if text.isprintable():  # to Python none of these characters is printable
        return []
    return re.findall(_INVISIBLE, text)


def first_invisible(text: str) -> tuple[int, int] | None:
    """Return the start and the end of the first invisible character of a text; ``None`` if it has none."""
    match = None if text.isprintable() else re.search(_INVISIBLE, text)
    return match.span() if match else None


def character_name(character: str) -> str:
    """Return the code and the name of an invisible character: ``U+200B ZERO WIDTH SPACE``."""
    import unicodedata  # not at the top, because only messages need it

    code = ord(character)
    name = _CONTROL_NAMES.get(code) or unicodedata.name(character, "CONTROL CHARACTER")
    return f"U+{code:04X} {name}"


def is_written_from_right_to_left(text: str) -> bool:
    """Return whether a text has letters that are written from right to left, as in Hebrew (Unicode TR9)."""
    import unicodedata

    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in text)


def without_mojibake(text: str) -> str:
    """Return a text without mojibake: letters that a wrong decoding garbled are repaired."""
    if text.isascii() or not _LEADING.search(text) or not re.search(_MAYBE_MOJIBAKE, text):
        return text
    return "".join(_part_without_mojibake(part) for part in re.split(_SPLIT, text) if part)


def _part_without_mojibake(part: str) -> str:
    if part.isascii():
        return part
    import ftfy  # not at the top, because it is slow to import, and few corpora need it

    fixed = ftfy.fix_encoding(part, fix_c1_controls=False)
    # A repair makes one character of several. If the text is not shorter, ftfy only replaced control
    # characters by those of Windows-1252.
    return fixed if len(fixed) < len(part) else part


def unescaped(text: str) -> str:
    """Return a text with all HTML entities replaced by their characters."""
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: unescape(match[0]) if entities(match[0]) else match[0], text)


_BREAK_BETWEEN = "(?<=\\S)[\r\x0b\x0c\x1c-\x1f\x85\u2029](?=\\S)"
_MARKUP = frozenset("<>&\"'\ufffd")


def without_invisible(text: str) -> str:
    """Return a text without invisible characters; a line break between words becomes a blank."""
    return re.sub(_INVISIBLE, "", re.sub(_BREAK_BETWEEN, " ", text)) if invisible(text) else text


def without_entities(text: str) -> str:
    """Return a text with its entities replaced, except those for markup and for invisible characters."""

    def character(match: re.Match[str]) -> str:
        meant = unescape(match[0]) if entities(match[0]) else match[0]
        return match[0] if _MARKUP.intersection(meant) or not meant or invisible(meant) else meant

    return _ENTITY.sub(character, text)


def plain(text: str) -> str:
    """Return a text without entities, mojibake, invisible characters and outer blanks, to compare copies."""
    is_clean = text.isprintable() and "&" not in text and text[:1] != " " != text[-1:]
    if is_clean and (text.isascii() or not _LEADING.search(text)):
        return text
    return _made_plain(text)


@lru_cache(maxsize=8192)
def _made_plain(text: str) -> str:
    """Return the result of ``plain`` for a text that may need it.

    A pass may reveal more, as an entity in an entity, so passes are repeated until nothing changes:
    ``plain`` of a plain text is the text itself. ``&amp;amp;amp;…`` takes a pass for each level, so their
    number is limited.
    """
    for _ in range(_MAX_PASSES):
        plainer = _plainer(text)
        if plainer == text:
            break
        text = plainer
    return text


def _plainer(text: str) -> str:
    return without_invisible(unescaped(without_mojibake(text))).strip()
