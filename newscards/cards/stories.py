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
from newscards.cards.related import NAMELESS, connected_groups, identity_numbers
from newscards.cards.values import iso, own_column
from newscards.layout import news_folder
from newscards.text import counted, path_json, path_text


@dataclass(frozen=True, slots=True)
class StoryOfCard:
    """A card, the cards that its ``related`` names, and the number of entries whose card was not found.

    The best card of a story, its head, has ``heat`` above 0, all others -1; the site shows only the head, or
    no card of the story (CARDS.md, "Stories").
    """

    card: Card
    others: tuple[Card, ...]
    unresolved: int = 0

    @staticmethod
    def of(card: Card, candidates: Mapping[Identity, Card]) -> StoryOfCard:
        """Return the story of a card; ``candidates`` are the cards that it may name, by ``card.identity``."""
        named = dict.fromkeys(identity(entry) for entry in card.related)
        named.pop(card.identity, None)
        others = tuple(candidates[each] for each in named if each in candidates)
        return StoryOfCard(card, others, len(named) - len(others))

    @property
    def is_head(self) -> bool:
        """Whether the card itself is the head of the story."""
        return self.card.is_head

    @property
    def shown(self) -> tuple[Card, ...]:
        """The other cards of the story that are published."""
        return tuple(other for other in self.others if other.published)

    @property
    def is_fine(self) -> bool:
        """Whether the story is sound: each entry names a card, and at most the head is published."""
        if self.unresolved:
            return False
        if not self.others:
            return True
        return not (self.card.published and (self.shown or not self.is_head)) and len(self.shown) < 2

    @property
    def sentence(self) -> str:
        """The card's position in its story, and the published card of the story, in words."""
        count = self.unresolved
        unresolved = (
            f"{count:,} {'entry' if count == 1 else 'entries'} of `related` found in no card" if count else ""
        )
        if not self.others:
            return unresolved or "none: it has no `related`"
        position = "the head" if self.is_head else "not the head"
        parts = [f"{position} of {counted(len(self.others) + 1, 'card')}", self._published()]
        return "; ".join(part for part in (*parts, unresolved) if part)

    def _published(self) -> str:
        if not self.shown:
            return "this one alone is published" if self.card.published else "none of them is published"
        names = path_text(self.shown[0].id)
        if len(self.shown) > 1:
            names += f" and {len(self.shown) - 1} more"
        return f"{'also published' if self.card.published else 'published'}: {names}"


@dataclass(frozen=True)
class Story:
    """A story: its cards, the head first, the others by quality, best first. It may be a single card."""

    cards: tuple[Card, ...]

    @property
    def head(self) -> Card:
        """The head of the story: the card whose heat is above 0, else the one of the best quality."""
        return self.cards[0]

    @property
    def headline(self) -> str:
        """The title of the head."""
        return self.head.title

    @property
    def size(self) -> int:
        """The number of the cards."""
        return len(self.cards)

    @cached_property
    def sources(self) -> tuple[str, ...]:
        """The providers' names, or domains if they have none: each once, the head's first."""
        names = (text(card.provider.get("name")) or text(card.provider.get("domain")) for card in self.cards)
        return tuple(dict.fromkeys(name for name in names if name))

    @cached_property
    def dates(self) -> tuple[datetime, ...]:
        """The dates of the cards that have one, oldest first."""
        return tuple(sorted(card.date for card in self.cards if card.date))

    @cached_property
    def published(self) -> tuple[Card, ...]:
        """The cards that are published."""
        return tuple(card for card in self.cards if card.published)

    @cached_property
    def problems(self) -> tuple[str, ...]:
        """The keys of ``PROBLEMS`` that apply to a story of several cards."""
        if len(self.cards) == 1:
            return ()
        heads, shown = sum(card.is_head for card in self.cards), self.published
        best = max(map(_quality, shown), default=0.0)
        hidden = (_quality(card) for card in self.cards if not (card.published or card.is_taken_down))
        applies = {
            "none-published": not shown,
            "several-published": len(shown) > 1,
            "better-unpublished": bool(shown) and max(hidden, default=best) > best,
            "no-head": heads == 0,
            "several-heads": heads > 1,
        }
        return tuple(word for word in PROBLEMS if applies[word])


PROBLEMS = {
    "none-published": "none of its cards is published",
    "several-published": "more than one of its cards is published",
    "better-unpublished": "a hidden card is of higher quality than all published ones",
    "no-head": "no card has a heat above 0",
    "several-heads": "more than one card has a heat above 0",
}
"""The problems of a story, with their meaning. In a sound story only the head is published."""

SORTED: dict[str, Callable[[Story], Any]] = {
    "size": lambda story: len(story.cards),
    "heat": lambda story: story.head.heat,
    "quality": lambda story: story.head.quality,
    "first": lambda story: story.dates[0] if story.dates else None,
    "last": lambda story: story.dates[-1] if story.dates else None,
    "sources": lambda story: len(story.sources),
    "headline": lambda story: story.head.title or None,
}
"""The keys that stories can be sorted by."""


def stories_of(cards: Iterable[Card]) -> list[Story]:
    """Return the stories of cards, by the heat of their heads, the hottest first.

    The cards must have their ``related`` or ``identities``. Each card is in exactly one story. The cards'
    order decides between stories of equal rank.
    """
    cards = list(cards)
    numbers, homes = [*map(identity_numbers, cards)], [*map(news_of, cards)]
    named: dict[tuple[str, int], int] = {}
    for index, (own, *_) in enumerate(numbers):
        if own != NAMELESS:
            named.setdefault((homes[index], own), index)
    listed = {
        index: [named[home, each] for each in others if (home, each) in named]
        for index, (home, (_, *others)) in enumerate(zip(homes, numbers, strict=True))
    }
    stories = [_story([cards[index] for index in members]) for members in connected_groups(listed)]
    return sorted(stories, key=_rank)


def news_of(card: Card) -> str:
    """Return the ``_news`` folder of a card, which identifies its corpus; empty if it is in none.

    A copy in ``related`` names a card of the same corpus (CARDS.md, "Stories").
    """
    return _news_folder(os.path.dirname(card.path))


_news_folder = lru_cache(maxsize=1024)(news_folder)


def story_json(story: Story) -> dict[str, Any]:
    """Return a story as JSON: cards by their ids, dates in ISO 8601, null for what it lacks."""
    dates, head = story.dates, story.head
    return {
        "head": path_json(head.id),
        "heat": None if head.heat is None else own_column(head, "heat"),
        "quality": None if head.quality is None else own_column(head, "quality"),
        "size": len(story.cards),
        "headline": head.title,
        "cards": [path_json(card.id) for card in story.cards],
        "sources": list(story.sources),
        "first": iso(dates[0]) if dates else None,
        "last": iso(dates[-1]) if dates else None,
        "published": [path_json(card.id) for card in story.published],
        "problems": list(story.problems),
    }


def rank_in_story(card: Card) -> tuple[bool, float]:
    """Return a key that orders the cards of a story, the best last: by quality, and the head above all."""
    return card.is_head, _quality(card)


def _story(cards: Sequence[Card]) -> Story:
    return Story(tuple(sorted(cards, key=rank_in_story, reverse=True)))


def _rank(story: Story) -> tuple[float, float]:
    heat = story.head.heat
    return -(heat if heat is not None and heat == heat else -1.0), -_quality(story.head)


def _quality(card: Card) -> float:
    """Return the quality as a number; -1 for a card without one, which is below all others."""
    quality = card.quality
    return quality if quality is not None and quality == quality else -1.0
