"""Clean-up of texts: entities, mojibake, invisible characters, line breaks and HTML tags, found and removed.

The rules NC5 report them and their fixes remove them; the rules NC6 compare cards and copies without them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape
from html.entities import html5

# Patterns that few texts need are strings, not compiled at import: `re` compiles them on first use.
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Invisible are C0 controls and DEL, except tab and line feed; characters without a width (SOFT HYPHEN,
# MONGOLIAN VOWEL SEPARATOR, ZERO WIDTH SPACE, WORD JOINER to INVISIBLE PLUS, six that are deprecated, ZERO
# WIDTH NO-BREAK SPACE, those of interlinear annotations, and the noncharacters U+FFFE and U+FFFF); characters
# that reorder text (Unicode TR9: LRM, RLM, ALM, embeddings, overrides, isolates). The two joiners have a
# meaning between letters (with their marks in Indic scripts) and between emoji, so they count only beside
# blanks, punctuation and each other.
_CONTROL = "\x00-\x08\x0b-\x1f\x7f"
_ZERO_WIDTH = "\xad\u180e\u2029\u200b\u2060-\u2064\u206a-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
_DIRECTION_MARKS = "\u061c\u200e\u200f"
_BIDIRECTIONAL = f"{_DIRECTION_MARKS}\u202a-\u202e\u2066-\u2069"
_JOINED = r"[^\s\x00-/:-@\[-`{-\xbf\u2000-\u206f\u3000-\u303f\ufeff]"
_JOINER = f"(?<!{_JOINED})[\u200c\u200d]|[\u200c\u200d](?!{_JOINED})"
_INVISIBLE = f"[{_CONTROL}{_ZERO_WIDTH}{_BIDIRECTIONAL}]|{_JOINER}"
# Unicode gives control characters no name of their own; these are its aliases.
_CONTROL_NAMES = {
    0x00: "NULL", 0x09: "TAB", 0x0A: "LINE FEED", 0x0D: "CARRIAGE RETURN", 0x1B: "ESCAPE", 0x7F: "DELETE",
    0x85: "NEXT LINE",
}  # fmt: skip
# A text in Windows-1252 that is read as Latin-1 has C1 controls where it had dashes and quotes. No text needs
# these controls, so browsers read them, in entities, as Windows-1252 (HTML, section 13.2.5.80). Five of the
# bytes are undefined there, and mean nothing.
_C1 = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_ANY_C1 = re.compile("[\x80-\x9f]")
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

    C1 controls are not among them, because they are mojibake (``without_mojibake``).
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
    """Return a text without mojibake: letters that a wrong decoding garbled are repaired.

    C1 controls that are no bytes of UTF-8 become the characters that Windows-1252 has for their codes.
    """
    if text.isascii() or not _LEADING.search(text):
        return misread_restored(text)
    while True:  # a repair may reveal more; each makes the text shorter, or leaves it fewer C1 controls
        repaired = misread_restored(_utf8_restored(text))
        if repaired == text:
            return text
        text = repaired


def misread_restored(text: str) -> str:
    """Return a text with the characters of Windows-1252 for C1 controls; those that are none there go."""
    return text if text.isprintable() or not _ANY_C1.search(text) else text.translate(_C1)


def _utf8_restored(text: str) -> str:
    """Return a text in which UTF-8 that was read as another encoding is repaired."""
    if not re.search(_MAYBE_MOJIBAKE, text):
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


_LINE_ENDS = "\r\x0b\x0c\x1c-\x1f\u2029"
_BREAK_BETWEEN = f"(?<=\\S)[{_LINE_ENDS}](?=\\S)"
_MARKUP = frozenset("<>&\"'\ufffd")


def without_invisible(text: str) -> str:
    """Return a text without invisible characters; a line break between words becomes a blank."""
    return re.sub(_INVISIBLE, "", re.sub(_BREAK_BETWEEN, " ", text)) if invisible(text) else text


def without_zero_width(text: str) -> str:
    """Return a text without the invisible characters that a reader cannot notice.

    Controls and what reorders text stay, because they may change how the text looks.
    """
    return re.sub(f"[{_ZERO_WIDTH}{_DIRECTION_MARKS}]|{_JOINER}", "", text)


def without_entities(text: str) -> str:
    """Return a text with its entities replaced, except those for markup, for joiners and for text direction.

    Those for other invisible characters are removed, because such a character would have to be removed next;
    one for a line end becomes a blank.
    """

    def character(match: re.Match[str]) -> str:
        meant = unescape(match[0]) if entities(match[0]) else match[0]
        if _MARKUP.intersection(meant) or not meant:
            return match[0]
        if not invisible(meant):
            return misread_restored(meant)
        if re.search(f"[{_BIDIRECTIONAL}\u200c\u200d]", meant):
            return match[0]
        return re.sub(f"[{_CONTROL}{_ZERO_WIDTH}]", "", re.sub(f"[{_LINE_ENDS}]", " ", meant))

    return _ENTITY.sub(character, text)


_BLANK = f"[^\\S{_LINE_ENDS}\x85]"
_BREAK = f"(?<=\\S){_BLANK}*?[\t\n\u2028]{_BLANK}*(?=\\S)"


def breaks(text: str) -> list[str]:
    """Return the tabs, line feeds and line separators between the words of a text, in their order.

    Not those beside a carriage return, which is invisible and goes with them.
    """
    found = [] if text.isprintable() else re.findall(_BREAK, text)
    return [character for each in found for character in each if character in "\t\n\u2028"]


def on_one_line(text: str) -> str:
    """Return a text with a blank in place of ``breaks``."""
    return text if text.isprintable() else re.sub(_BREAK, " ", text)


# The elements of HTML (HTML, "Index": elements, and section 16.2: those that are obsolete).
_NAMES_OF_ELEMENTS = """
a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink
blockquote body br button canvas caption center cite code col colgroup data datalist dd del details dfn
dialog dir div dl dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5
h6 head header hgroup hr html i iframe img input ins kbd label legend li link main map mark marquee menu
meta meter nav nobr noframes noscript object ol optgroup option output p param picture plaintext pre
progress q rp rt ruby s samp script search section select slot small source span strike strong style sub
summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video
wbr xmp
"""
_ELEMENTS = frozenset(_NAMES_OF_ELEMENTS.split())
_TAG = re.compile(
    r"<!--|<!\[CDATA\[|<!doctype\b|<(?P<slash>/?)(?P<name>[a-z][a-z0-9]*)"
    r"(?:\s*/?>|[\s/]+[a-z][^<>=]*(?:>|=[^<>]*(?:>|\Z)))",
    re.IGNORECASE,
)


def tags(text: str) -> list[str]:
    """Return the HTML tags and comments of a text, in their order; the last may lack its end.

    ``List<T>``, ``a < b`` and the like are none, nor is the name of a type that is an element's by chance:
    ``Box<Object>``, ``Some<A>``.
    """
    if "<" not in text:
        return []
    matches = [each for each in _TAG.finditer(text) if _is_element(each["name"])]
    closed = {each["name"] for each in matches if each["slash"]}
    return [each[0] for each in matches if not (_may_be_type(each, text) and each["name"] not in closed)]


def _is_element(name: str | None) -> bool:
    """Return whether this is the name of an element; a comment has none, and counts as one."""
    return name is None or name.lower() in _ELEMENTS


def _may_be_type(match: re.Match[str], text: str) -> bool:
    """Return whether what looks like a tag may be the parameter of a generic type."""
    name, before = match["name"], text[max(match.start() - 1, 0) : match.start()]
    return bool(name) and name == name.capitalize() and before.isalnum()


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
