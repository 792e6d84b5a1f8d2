"""Names of topics and providers, compared as a reader compares them.

Two names are the same to a reader if they differ only in case, in Unicode's normal form, in the kind and
number of their blanks, or in characters without a width. To the site they are two. Compatibility forms (NFKC)
stay different: a reader tells `CO₂` from `CO2`, and `Ⅷ` from `VIII`.
"""

from __future__ import annotations

from functools import lru_cache

_MAX_REMEMBERED = 200
"""The length up to which the key of a name is remembered: a few names are those of all cards."""


def name_key(name: str) -> str:
    """Return the key that is equal for two names which are the same to a reader."""
    return (_key if len(name) <= _MAX_REMEMBERED else _key.__wrapped__)(name)


@lru_cache(maxsize=8192)
def _key(name: str) -> str:
    if name.isascii():
        return as_read(name).casefold()
    from unicodedata import normalize  # not at the top, because most names are ASCII

    # Unicode, section 3.13, D145: case is folded between two normalizations. NFC is the shorter form.
    return normalize("NFC", normalize("NFD", as_read(name)).casefold())


def as_read(name: str) -> str:
    """Return a name as a reader sees it: in NFC, with single plain blanks, without what has no width."""
    return (_as_read if len(name) <= _MAX_REMEMBERED else _as_read.__wrapped__)(name)


@lru_cache(maxsize=8192)
def _as_read(name: str) -> str:
    if not name.isprintable():
        from newscards.cards.text_cleanup import without_zero_width  # only here: few names need it

        name = without_zero_width(name)
    if not name.isascii():
        from unicodedata import normalize

        name = normalize("NFC", name)
    return " ".join(name.split())


def oddity(name: str) -> str:
    """Return the code and name of the first character by which a name differs from what a reader sees.

    Empty if there is none.
    """
    from unicodedata import combining

    from newscards.cards.text_cleanup import character_name

    seen = as_read(name)
    if seen == name:
        return ""
    pairs = enumerate(zip(name, seen, strict=False))
    at = next((index for index, (one, other) in pairs if one != other), min(len(name), len(seen)))
    if at + 1 < len(name) and combining(name[at + 1]):  # a letter and its accent, which are one in NFC
        at += 1
    return character_name(name[at] if at < len(name) else name[-1])
