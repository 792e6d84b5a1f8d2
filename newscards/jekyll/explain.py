"""A card, its site, and what the one makes of the other: what a verdict is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from newscards.cards.card import Card, Record
from newscards.cards.stories import Story
from newscards.frontmatter.limits import LIMITS, Limits
from newscards.jekyll.config import SiteConfig
from newscards.jekyll.site import Cause, View


@dataclass(frozen=True, slots=True)
class Case:
    """A card as it was read from ``source``, its site, how the site sees it, and its story."""

    record: Record
    source: bytes
    site: SiteConfig
    seen: View | None
    story: Story | None
    limits: Limits = LIMITS

    @property
    def fields(self) -> Mapping[Any, Any]:
        """The card's fields; none where it cannot be read."""
        return self.record.fields if isinstance(self.record, Card) else {}

    def decided_by(self, *causes: Cause) -> bool:
        """Tell whether it is one of these that decides."""
        return self.seen is not None and self.seen.cause in causes
