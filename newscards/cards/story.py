"""A card's place in its story: the set of cards that list each other under ``related``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newscards.cards.card import Card, Identity, identity
from newscards.text import counted, path_text


@dataclass(frozen=True, slots=True)
class Story:
    """A card, the cards that its ``related`` names, and how many entries name none.

    The best card of a story, its head, has ``heat`` above 0, all others -1; the site shows the head alone, or
    none (CARDS.md, "Stories").
    """

    card: Card
    others: tuple[Card, ...]
    lost: int = 0

    @staticmethod
    def of(card: Card, found: Mapping[Identity, Card]) -> Story:
        """Return the story of a card; ``found`` has cards by ``card.identity``."""
        wanted = dict.fromkeys(identity(entry) for entry in card.related)
        wanted.pop(card.identity, None)
        others = tuple(found[each] for each in wanted if each in found)
        return Story(card, others, len(wanted) - len(others))

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
