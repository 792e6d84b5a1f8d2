"""What a curator would want to know of a card before it goes public."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from newscards.cards.card import Card
from newscards.cards.stories import StoryOfCard
from newscards.lint.findings import Finding
from newscards.text import counted, path_text

_NAMED = 2
"""How many cards, or errors, a sentence names."""


def doubts(story: StoryOfCard, errors: Sequence[Finding], going: Collection[str] = ()) -> list[str]:
    """Return what speaks against publishing the card of a story, in sentences; nothing speaks for it.

    ``errors`` are those of the card; ``going`` are the real paths of the cards that go public with it. In a
    story the site shows the head alone, whose ``heat`` is above 0 and than which no card has a higher
    quality, or none (CARDS.md, "Stories").
    """
    card, told = story.card, list[str]()
    better = [other for other in story.others if _is_better(other, card)]
    best = max(better, key=lambda other: (other.heat or -1, other.quality or 0), default=None)
    if card.heat == -1:
        told.append("its heat is -1" if best else "its heat is -1: another card of its story is better")
    if best:
        told.append(f"its story has a better card, `{path_text(best.id)}` ({_standing(best)})")
    if story.shown == (best,):
        told.append("that card is published already")
    elif story.shown:
        told.append(f"its story is published already: {_named(story.shown)}")
    elif coming := [
        other
        for other in story.others
        if os.path.realpath(other.path) in going and not _is_better(card, other)
    ]:  # to the best card it is no matter: the others are told of it
        told.append(f"another card of its story goes public, too: {_named(coming)}")
    if errors:
        codes = ", ".join(f"{each.rule.code} on line {each.line}" for each in errors[:_NAMED])
        more = f" and {len(errors) - _NAMED} more" if len(errors) > _NAMED else ""
        told.append(f"it has {counted(len(errors), 'error')}: {codes}{more}; see `newscards validate`")
    return told


def _is_better(other: Card, card: Card) -> bool:
    """Tell whether a card stands for their story rather than another: by its heat, or by its quality."""
    if (other.heat or 0) > 0 >= (card.heat or 0):
        return True
    return (other.quality or 0) > (card.quality or 0)


def _standing(card: Card) -> str:
    words = (("heat", card.heat), ("quality", card.quality))
    return ", ".join(f"{word} {value}" for word, value in words if value is not None)


def _named(cards: Sequence[Card]) -> str:
    names = ", ".join(f"`{path_text(card.id)}`" for card in cards[:_NAMED])
    return names + (f" and {len(cards) - _NAMED} more" if len(cards) > _NAMED else "")
