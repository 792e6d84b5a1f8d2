"""Conventions: properties that nearly all cards of a corpus have, so that a card without one is a mistake.

A rule reports the exceptions only where they are rare: a corpus whose cards have no ``secured`` has not lost
it. That is a fact about the whole corpus, so the index stores the exceptions of a run (``runs``), and when
cards change, ``incremental`` finds the conventions from these.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from enum import Enum
from functools import cache

from newscards.cards.card import Card, text
from newscards.cards.fields import Field, card_field
from newscards.text import nearest

DATED_NAME = re.compile(r"(\d{4})-(\d\d)-(\d\d)-", re.ASCII)
"""An id that begins with a date, as all those of two live sites do (CARDS.md, "The file")."""

_CARDS_PER_EXCEPTION = 20
"""Exceptions are mistakes if at most one in so many of the other cards is one, too."""


class Convention(Enum):
    """A property of all 5,632 real cards that a card may lack and still be sound (CARDS.md)."""

    SECURED = "secured"
    DATED_NAME = "a file's name that begins with a date"
    ORIGINAL_URL = "an originalUrl that is the webUrl"


def exceptions_of(card: Card) -> tuple[Convention, ...]:
    """Return the conventions that a card does not follow: none for nearly all cards."""
    fields = card.fields
    found: tuple[Convention, ...] = ()
    if "secured" not in fields and not _has_secured_elsewhere(card):
        found += (Convention.SECURED,)
    # The name of a page bundle is its folder's, but few cards need that.
    if not DATED_NAME.match(card.path, card.path.rfind(os.sep) + 1) and not DATED_NAME.match(card.id):
        found += (Convention.DATED_NAME,)
    original = fields.get("originalUrl")
    if original and original != fields.get("webUrl") and text(original) and text(fields.get("webUrl")):
        found += (Convention.ORIGINAL_URL,)
    return found


def _has_secured_elsewhere(card: Card) -> bool:
    """Return whether `secured` is misspelt or stands in the body; other rules report that."""
    known = _names(card_field())
    keys = (key for key in card.fields if isinstance(key, str) and key not in known)
    near = any(nearest("secured", [key], most=1, cutoff=0.8, beginnings=False) for key in keys)
    return near or b"secured" in card.body.lower()


@cache
def _names(card: Field) -> frozenset[str]:
    return frozenset(field.name for field in card.fields)


def conventions_of(exceptions: Mapping[Convention, int], cards: int, folder: str) -> frozenset[Convention]:
    """Return the conventions of a corpus: those with few exceptions.

    ``exceptions`` are their numbers, ``cards`` is the number of all cards, and ``folder`` that of the site. A
    single file outside of a site is no corpus.
    """
    if cards == 1 and not folder:
        return frozenset()
    return frozenset(
        each for each in Convention if (exceptions.get(each, 0) - 1) * _CARDS_PER_EXCEPTION <= cards - 1
    )
