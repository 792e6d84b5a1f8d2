"""What the tables are made of: the cards of a corpus, and, where it is asked for, what is known of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC
from functools import cached_property

from newscards import clock
from newscards.cards.card import Card
from newscards.cards.related import NAMELESS, identity_numbers
from newscards.cards.stories import Story, news_of, stories_of
from newscards.lint.findings import Finding, Severity
from newscards.text import path_json


class TableData:
    """The cards of a corpus, and, where they are asked for, its stories, and what ``find`` finds in it.

    ``others`` are no rows, but may be in the stories of those that are; they have their ``identities``.
    """

    def __init__(
        self,
        cards: Sequence[Card],
        others: Sequence[Card] = (),
        find: Callable[[], Iterable[Finding]] = tuple,
    ) -> None:
        self.cards, self._others = cards, others
        self._find = find
        self._today = clock.now().astimezone(UTC).date()

    def path(self, card: Card) -> str:
        """Return the file of a card, as text; a byte of it that is not UTF-8 is U+FFFD."""
        return path_json(card.path)

    def age(self, card: Card) -> int | None:
        """Return how many days ago a card was published; less than 0 for one of the future."""
        return (self._today - card.date.date()).days if card.date else None

    def related_count(self, card: Card) -> int:
        """Return how many entries the ``related`` of a card has."""
        return len(self._numbers[card.path]) - 1

    def story(self, card: Card) -> Story:
        """Return the story of a card."""
        return self._story_of[card.path]

    def story_name(self, story: Story) -> str:
        """Return what a story is called: the id of its head, or its file where another story has that id."""
        name = path_json(story.head.id)
        return name if self._names[name] == 1 else self.path(story.head)

    def copied(self, card: Card, position: int) -> str | None:
        """Return the file of the card that an entry of ``related`` copies, counted from 1; else ``None``."""
        return self._named.get((news_of(card), self._numbers[card.path][position]))

    def count(self, card: Card, severity: Severity) -> int:
        """Return how many findings of a severity a card has."""
        return self._counts[card.path, severity]

    @cached_property
    def topics(self) -> dict[str, frozenset[str]]:
        """The topics of the cards, in folded case, by file."""
        return {self.path(card): frozenset(map(str.casefold, card.topics)) for card in self.cards}

    @cached_property
    def stories(self) -> list[Story]:
        """The stories, best first."""
        own = {card.path for card in self.cards}
        found = stories_of([*self.cards, *self._others])
        return [story for story in found if any(card.path in own for card in story.cards)]

    @cached_property
    def findings(self) -> list[Finding]:
        """What the rules find."""
        return list(self._find())

    @cached_property
    def _numbers(self) -> dict[str, list[int]]:
        cards = [*self.cards, *self._others]
        return {card.path: identity_numbers(card) for card in cards}

    @cached_property
    def _named(self) -> dict[tuple[str, int], str]:
        named: dict[tuple[str, int], str] = {}
        for card in [*self.cards, *self._others]:
            own = self._numbers[card.path][0]
            if own != NAMELESS:
                named.setdefault((news_of(card), own), self.path(card))
        return named

    @cached_property
    def _story_of(self) -> dict[str, Story]:
        return {card.path: story for story in self.stories for card in story.cards}

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(path_json(story.head.id) for story in self.stories)

    @cached_property
    def _counts(self) -> Counter[tuple[str, Severity]]:
        return Counter((finding.path, finding.severity) for finding in self.findings)
