"""Doubts about publishing or hiding a card: what a curator wants to know before the site changes."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence

from newscards.cards.card import Card
from newscards.cards.stories import StoryOfCard, rank_in_story
from newscards.edits.plan import CardWarning
from newscards.lint.findings import Finding
from newscards.text import counted, path_text

_MAX_NAMED = 2
"""The number of cards, or errors, that a sentence names."""


def doubts(story: StoryOfCard, errors: Sequence[Finding], going: Collection[str] = ()) -> list[str]:
    """Return the reasons against publishing a card of a story, in sentences.

    ``errors`` are the card's errors; ``going`` are the real paths of the cards that are published with it. A
    story has at most one published card, its head: its ``heat`` is above 0, and no card of the story has a
    higher quality (CARDS.md, "Stories").
    """
    card, reasons = story.card, list[str]()

    def is_coming(other: Card) -> bool:
        # The best card of those that go public is no reason against itself: it is one against the others.
        return os.path.realpath(other.path) in going and not _is_better(card, other)

    better = [other for other in story.others if _is_better(other, card)]
    best = max(better, key=rank_in_story, default=None)
    if card.heat is not None and card.heat <= 0:
        is_alone = card.heat == -1 and not story.others
        reasons.append(
            f"its heat is {card.heat}{': another card of its story is better' if is_alone else ''}"
        )
    is_shown = story.shown == (best,)
    if best:
        reason, also = "its story has a better card", ", which is published" if is_shown else ""
        name = f"`{path_text(best.id)}` ({_standing(best)})"
        reasons.append(CardWarning(f"{reason}, {name}{also}", f"{reason}{also}", name))
    if story.shown and not is_shown:
        reasons.append(_naming("its story is published already", story.shown))
    elif not is_shown and (coming := [*filter(is_coming, story.others)]):
        reasons.append(_naming("another card of its story goes public, too", coming))
    if errors:
        codes = ", ".join(f"{each.rule.code} on line {each.line}" for each in errors[:_MAX_NAMED])
        more = f" and {len(errors) - _MAX_NAMED} more" if len(errors) > _MAX_NAMED else ""
        advice = "see `newscards validate`"
        found = f"{counted(len(errors), 'error')}: {codes}{more}"
        reasons.append(CardWarning(f"it has {found}; {advice}", f"it has errors; {advice}", found))
    return reasons


def nothing_shown(story: StoryOfCard, hidden: Collection[str]) -> list[str]:
    """Return the warning about hiding the last published card of a story, if that is what an edit does.

    ``hidden`` are the real paths of the cards that the edit hides. A single card is no story.
    """
    if not (story.card.published and story.others):
        return []
    if any(os.path.realpath(other.path) not in hidden for other in story.shown):
        return []
    size = f"a story of {counted(len(story.others) + 1, 'card')}"
    ending = "without a published card"
    return [CardWarning(f"this leaves {size} {ending}", f"this leaves a story {ending}", size)]


def _naming(reason: str, cards: Sequence[Card]) -> CardWarning:
    """Return a reason that names cards, which differ from card to card."""
    names = named_cards(cards)
    return CardWarning(f"{reason}: {names}", reason, names)


def _is_better(other: Card, card: Card) -> bool:
    """Return whether another card is better than this one: the head, or else one of higher quality.

    Of two cards never both are better. A card that was taken down is better than none.
    """
    return not other.is_taken_down and rank_in_story(other) > rank_in_story(card)


def _standing(card: Card) -> str:
    words = (("heat", card.heat), ("quality", card.quality))
    return ", ".join(f"{word} {value}" for word, value in words if value is not None)


def named_cards(cards: Sequence[Card]) -> str:
    """Return the ids of cards as text: the first ones, and the number of the others."""
    names = ", ".join(f"`{path_text(card.id)}`" for card in cards[:_MAX_NAMED])
    return names + (f" and {len(cards) - _MAX_NAMED} more" if len(cards) > _MAX_NAMED else "")
