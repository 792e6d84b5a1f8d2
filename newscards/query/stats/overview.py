"""A corpus at a glance: all that is counted of its cards in one pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.cards.card import Card, Unreadable
from newscards.cards.stories import stories_of
from newscards.cards.values import iso
from newscards.lint.findings import Finding, Report, Severity
from newscards.query.stats.dimensions import MONTH, QUALITY, TYPE
from newscards.query.stats.groups import PROVIDERS, TOPICS, Groups
from newscards.query.stats.tally import COUNTED, MEASURES, Count, Tally, count, measures

if TYPE_CHECKING:
    from newscards.corpus.settings import Settings


class StorySize(NamedTuple):
    """How many stories have so many cards, and in how many of them one is published."""

    size: int
    stories: int
    published: int


class RuleCount(NamedTuple):
    """How many findings a rule has, and in how many cards."""

    code: str
    rule: str
    severity: Severity
    findings: int
    cards: int


class Overview:
    """Cards counted by topic, provider, type, month and quality."""

    def __init__(self, settings: Settings) -> None:
        self.topics, self.providers = Groups(TOPICS, settings), Groups(PROVIDERS, settings)
        self.types, self.months, self.quality = Tally(TYPE), Tally(MONTH), Tally(QUALITY)
        self._all = Tally()
        self.stories: list[StorySize] = []
        """The stories that a card is of, the smallest first."""
        self.findings: list[RuleCount] | None = None
        """What the rules find in the cards, the most first; ``None`` where it was not asked for."""
        self._paths, self._unreadable = set[str](), set[str]()

    FIELDS = COUNTED.union(*(each.fields for each in (TOPICS.by, PROVIDERS.by, TYPE)))
    """The fields that it needs."""

    @property
    def total(self) -> Count:
        """All cards."""
        return self._all.total

    def take(self, cards: Iterable[Card]) -> None:
        """Count cards."""
        rosters = (*self.topics.tallies, *self.providers.tallies)
        count(self._noted(cards), self._all, *rosters, self.types, self.months, self.quality)

    def take_unreadable(self, records: Iterable[Unreadable]) -> None:
        """Count files that could not be read, so that nobody knows whether they would have been chosen."""
        self._unreadable |= {record.path for record in records}

    @property
    def unreadable(self) -> int:
        """How many files could not be read."""
        return len(self._unreadable)

    def _noted(self, cards: Iterable[Card]) -> Iterator[Card]:
        for card in cards:
            self._paths.add(card.path)
            yield card

    def take_stories(self, cards: Iterable[Card]) -> None:
        """Count the stories of the cards that were counted; ``cards`` are all there are, with identities."""
        own = [story for story in stories_of(cards) if any(card.path in self._paths for card in story.cards)]
        sizes = Counter(len(story.cards) for story in own)
        published = Counter(len(story.cards) for story in own if story.published)
        self.stories = [StorySize(size, number, published[size]) for size, number in sorted(sizes.items())]

    def take_findings(self, findings: Iterable[Finding]) -> None:
        """Count what was found in the cards that were counted, and the files that could not be read."""
        paths = self._paths | self._unreadable
        own = Report(findings=[finding for finding in findings if finding.path in paths])
        cards = Counter(rule for rule, _ in {(each.rule, each.path) for each in own.findings})
        self.findings = [
            RuleCount(*rule, severity, number, cards[rule]) for (rule, severity), number in own.by_rule
        ]

    def sections(self) -> dict[str, Any]:
        """Return it as JSON has it.

        Months and tens of quality are those that have cards. The cards without a date, a number or a type are
        an object without that.
        """
        total = self.total
        when = {"first": total.first, "last": total.last}
        return {
            "cards": total.cards,
            "published": total.published,
            "hidden": total.hidden,
            "unreadable": self.unreadable,
            **({} if total.quality is None else {"meanQuality": total.quality}),
            **{name: iso(date) for name, date in when.items() if date},
            "topics": [line.row(TOPICS) for line in self.topics.lines()],
            "providers": [line.row(PROVIDERS) for line in self.providers.lines()],
            "types": _rows(self.types),
            "months": _rows(self.months),
            "quality": _rows(self.quality),
            "stories": [size._asdict() for size in self.stories],
            **({} if self.findings is None else {"findings": [each._asdict() for each in self.findings]}),
        }

    def long_rows(self) -> Iterator[dict[str, Any]]:
        """Yield it as rows of one form: the section, the name of the group, and what was counted of it."""
        yield {"section": "cards", **measures(self.total)}
        yield {"section": "unreadable", "cards": self.unreadable}
        for name, roster in (("topics", self.topics), ("providers", self.providers)):
            for line in roster.lines():
                yield {"section": name, "key": line.name, **measures(line.count)}
        for name, tally in (("types", self.types), ("months", self.months), ("quality", self.quality)):
            (by,) = tally.dimensions
            for key, found in tally.ordered():
                yield {"section": name, "key": by.text(key), **measures(found)}
        for size, stories, published in self.stories:
            yield {"section": "stories", "key": size, "published": published, "stories": stories}
        for each in self.findings or ():
            numbers = {"cards": each.cards, "findings": each.findings}
            yield {"section": "findings", "key": f"{each.code} {each.rule}", **numbers}


LONG_COLUMNS = ("section", "key", *MEASURES, "stories", "findings")
"""The columns of ``Overview.long_rows``."""


def _rows(tally: Tally) -> list[dict[str, Any]]:
    (by,) = tally.dimensions
    return [
        {**by.row(key), "cards": found.cards, "published": found.published} for key, found in tally.ordered()
    ]
