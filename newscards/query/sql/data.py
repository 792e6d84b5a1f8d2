"""The data behind the SQL tables: cards, and what is computed from them when a query needs it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable
from datetime import UTC
from functools import cached_property

from newscards import clock
from newscards.cards.card import Card
from newscards.cards.names import name_key
from newscards.cards.related import NAMELESS, identity_number, identity_numbers
from newscards.cards.stories import Story, news_of, stories_of
from newscards.lint.findings import Finding, Severity
from newscards.text import path_json


class TableData:
    """The cards of a corpus, and its stories and findings; all are read or computed when first used.

    ``others`` are cards that are not rows but may be in the stories of the rows; they have ``identities``.
    ``find`` returns the findings of each card by itself (``Linter.apart``), and ``has_page`` whether the site
    gives a card a page of its own, ``None`` if that is not known.
    """

    def __init__(
        self,
        cards: Iterable[Card],
        others: Iterable[Card] = (),
        find: Callable[[], Iterable[Finding]] = tuple,
        has_page: Callable[[Card], bool | None] = lambda card: None,
    ) -> None:
        self.unread = iter(cards)
        """The cards that are not in ``cards``, to be read one by one instead of all."""
        self._unread_others, self._find = others, find
        self._numbered: tuple[Card | None, list[int]] = None, []
        self.has_page = has_page
        self._today = clock.now().astimezone(UTC).date()

    def close(self) -> None:
        """Read no more cards, and hide the progress."""
        if isinstance(self.unread, Generator):
            self.unread.close()

    def path(self, card: Card) -> str:
        """Return the path of a card as text, with U+FFFD for each byte that is not UTF-8."""
        return path_json(card.path)

    def age(self, card: Card) -> int | None:
        """Return the age of a card in days, negative for a future date; ``None`` without a date."""
        return (self._today - card.date.date()).days if card.date else None

    def related_count(self, card: Card) -> int:
        """Return the number of entries in ``related``."""
        return len(self._numbers(card)) - 1

    def story(self, card: Card) -> Story:
        """Return the story of a card."""
        return self._story_of[card.path]

    def story_name(self, story: Story) -> str:
        """Return the id of a story's head, or the head's path if another head has that as its id or path."""
        name = path_json(story.head.id)
        return name if self._names[name] == 1 else self.path(story.head)

    def copied(self, card: Card, position: int) -> str | None:
        """Return the path of the card that an entry of ``related`` (counted from 1) copies, or ``None``."""
        return self._named.get((news_of(card), self._numbers(card)[position]))

    def count(self, card: Card, severity: Severity) -> int:
        """Return the number of findings of a severity in a card."""
        return self._counts[card.path, severity]

    def _numbers(self, card: Card) -> list[int]:
        """Return ``identity_numbers``, remembered until the next card: rows come card by card."""
        if self._numbered[0] is not card:
            self._numbered = card, identity_numbers(card)
        return self._numbered[1]

    @cached_property
    def cards(self) -> list[Card]:
        """The cards."""
        return [*self.unread]

    @cached_property
    def _others(self) -> list[Card]:
        return [*self._unread_others]

    @cached_property
    def topics(self) -> dict[str, frozenset[str]]:
        """The keys of the topics of each card (``name_key``), by path."""
        return {self.path(card): frozenset(map(name_key, card.topics)) for card in self.cards}

    @cached_property
    def stories(self) -> list[Story]:
        """The stories, best first."""
        rows = {card.path for card in self.cards}
        stories = stories_of([*self.cards, *self._others])
        return [story for story in stories if any(card.path in rows for card in story.cards)]

    @cached_property
    def findings(self) -> list[Finding]:
        """The findings of each card: one that several cards share is there for each of them."""
        return list(self._find())

    @cached_property
    def _named(self) -> dict[tuple[str, int], str]:
        named: dict[tuple[str, int], str] = {}
        for card in [*self.cards, *self._others]:
            number = identity_number(card)
            if number != NAMELESS:
                named.setdefault((news_of(card), number), self.path(card))
        return named

    @cached_property
    def _story_of(self) -> dict[str, Story]:
        return {card.path: story for story in self.stories for card in story.cards}

    @cached_property
    def _names(self) -> Counter[str]:
        heads = [story.head for story in self.stories]
        return Counter(name for head in heads for name in {path_json(head.id), self.path(head)})

    @cached_property
    def _counts(self) -> Counter[tuple[str, Severity]]:
        counts: Counter[tuple[str, Severity]] = Counter()
        for finding in self.findings:
            counts[finding.path, finding.severity] += 1 + finding.more
        return counts
