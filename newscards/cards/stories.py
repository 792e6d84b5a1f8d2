"""Stories: sets of cards that list each other under ``related`` (CARDS.md, "Stories").

``StoryOfCard`` is one card's place in its story; ``Story`` a story among the cards of a corpus.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from newscards.cards.card import Card, Identity, identity, text
from newscards.cards.related import NAMELESS, joined, numbers_of
from newscards.cards.values import iso
from newscards.layout import news_folder
from newscards.text import counted, path_json, path_text


@dataclass(frozen=True, slots=True)
class StoryOfCard:
    """A card, the cards that its ``related`` names, and how many entries name none.

    The best card of a story, its head, has ``heat`` above 0, all others -1; the site shows the head alone, or
    none (CARDS.md, "Stories").
    """

    card: Card
    others: tuple[Card, ...]
    lost: int = 0

    @staticmethod
    def of(card: Card, found: Mapping[Identity, Card]) -> StoryOfCard:
        """Return the story of a card; ``found`` has cards by ``card.identity``."""
        wanted = dict.fromkeys(identity(entry) for entry in card.related)
        wanted.pop(card.identity, None)
        others = tuple(found[each] for each in wanted if each in found)
        return StoryOfCard(card, others, len(wanted) - len(others))

    @property
    def is_head(self) -> bool:
        """Whether it is the card itself that stands for the story."""
        return self.card.is_head

    @property
    def shown(self) -> tuple[Card, ...]:
        """The other cards whose flag shows them."""
        return tuple(other for other in self.others if other.published)

    @property
    def is_fine(self) -> bool:
        """Whether the story is as stories are: nothing lost, and no card shown but its head."""
        if self.lost:
            return False
        if not self.others:
            return True
        return not (self.card.published and (self.shown or not self.is_head)) and len(self.shown) < 2

    @property
    def sentence(self) -> str:
        """Where the card stands in its story, and which card of it is published."""
        lost = (
            f"{self.lost:,} {'entry' if self.lost == 1 else 'entries'} of `related` found in no card"
            if self.lost
            else ""
        )
        if not self.others:
            return lost or "none: it has no `related`"
        place = "the head" if self.is_head else "not the head"
        parts = [f"{place} of {counted(len(self.others) + 1, 'card')}", self._published()]
        return "; ".join(part for part in (*parts, lost) if part)

    def _published(self) -> str:
        if not self.shown:
            return "this one alone is published" if self.card.published else "none of them is published"
        names = path_text(self.shown[0].id)
        if len(self.shown) > 1:
            names += f" and {len(self.shown) - 1} more"
        return f"{'also published' if self.card.published else 'published'}: {names}"


@dataclass(frozen=True)
class Story:
    """A story: its cards, the head first, the others by quality, best first. One card alone is one, too."""

    cards: tuple[Card, ...]

    @property
    def head(self) -> Card:
        """The card that stands for the story: that whose heat is above 0, else the best."""
        return self.cards[0]

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The names of the providers, each once, that of the head first; without a name, the domain."""
        names = (text(card.provider.get("name")) or text(card.provider.get("domain")) for card in self.cards)
        return tuple(dict.fromkeys(name for name in names if name))

    @cached_property
    def dates(self) -> tuple[datetime, ...]:
        """The dates of the cards that have one, the first first."""
        return tuple(sorted(card.date for card in self.cards if card.date))

    @cached_property
    def published(self) -> tuple[Card, ...]:
        """The cards whose flag shows them."""
        return tuple(card for card in self.cards if card.published)

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with a story of several cards: words of ``PROBLEMS``."""
        if len(self.cards) == 1:
            return ()
        heads, shown = sum(card.is_head for card in self.cards), self.published
        best = max(map(_quality, shown), default=0.0)
        hidden = (_quality(card) for card in self.cards if not card.published)
        found = {
            "none-published": not shown,
            "several-published": len(shown) > 1,
            "better-unpublished": bool(shown) and max(hidden, default=best) > best,
            "no-head": heads == 0,
            "several-heads": heads > 1,
        }
        return tuple(word for word in PROBLEMS if found[word])


PROBLEMS = {
    "none-published": "none of its cards is published",
    "several-published": "more than one of its cards is published",
    "better-unpublished": "a hidden card is of higher quality than all published ones",
    "no-head": "no card has a heat above 0",
    "several-heads": "more than one card has a heat above 0",
}
"""What may be wrong with a story, and what that means; in a sound one, the head alone is published."""

SORTED: dict[str, Callable[[Story], Any]] = {
    "size": lambda story: len(story.cards),
    "heat": lambda story: story.head.heat,
    "quality": lambda story: story.head.quality,
    "first": lambda story: story.dates[0] if story.dates else None,
    "last": lambda story: story.dates[-1] if story.dates else None,
    "sources": lambda story: len(story.sources),
    "headline": lambda story: story.head.title or None,
}
"""What stories are sorted by."""


def stories_of(cards: Iterable[Card]) -> list[Story]:
    """Return the stories of cards that have their ``identities``, the best first: by the heat of the head.

    Each card is in exactly one. Of equal ones, the cards' order decides.
    """
    cards = list(cards)
    numbers, homes = [*map(numbers_of, cards)], [*map(news_of, cards)]
    named: dict[tuple[str, int], int] = {}
    for at, (own, *_) in enumerate(numbers):
        if own != NAMELESS:
            named.setdefault((homes[at], own), at)
    listed = {
        at: [named[home, each] for each in others if (home, each) in named]
        for at, (home, (_, *others)) in enumerate(zip(homes, numbers, strict=True))
    }
    stories = [_story([cards[at] for at in members]) for members in joined(listed)]
    return sorted(stories, key=_rank)


def news_of(card: Card) -> str:
    """Return what tells the corpus of a card from others: its ``_news``; empty where it lies in none.

    A copy in ``related`` names a card of the same corpus (CARDS.md, "Stories").
    """
    return _news_folder(os.path.dirname(card.path))


_news_folder = lru_cache(maxsize=1024)(news_folder)


def story_json(story: Story) -> dict[str, Any]:
    """Return a story as JSON has it: cards by their ids, dates in ISO 8601, or null without any."""
    dates = story.dates
    return {
        "size": len(story.cards),
        "headline": story.head.title,
        "cards": [path_json(card.id) for card in story.cards],
        "sources": list(story.sources),
        "first": iso(dates[0]) if dates else None,
        "last": iso(dates[-1]) if dates else None,
        "published": [path_json(card.id) for card in story.published],
        "problems": list(story.problems),
    }


def _story(cards: Sequence[Card]) -> Story:
    return Story(tuple(sorted(cards, key=lambda card: (not card.is_head, -_quality(card)))))


def _rank(story: Story) -> tuple[float, float]:
    heat = story.head.heat
    return -(heat if heat is not None and heat == heat else -1.0), -_quality(story.head)


def _quality(card: Card) -> float:
    """Return the quality as a number to compare with; a card without one is below all others."""
    quality = card.quality
    return quality if quality is not None and quality == quality else -1.0
