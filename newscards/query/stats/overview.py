"""An overview of a corpus: everything that ``newscards stats`` counts, in one pass over the cards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from newscards.cards.card import Card, Unreadable
from newscards.cards.stories import stories_of
from newscards.cards.values import iso
from newscards.lint.findings import Finding, Report, RuleName, Severity
from newscards.query.stats.dimensions import MONTH, QUALITY, TYPE
from newscards.query.stats.groups import PROVIDERS, TOPICS, Groups
from newscards.query.stats.tally import COUNTED, MEASURES, Count, Tally, count, measures

if TYPE_CHECKING:
    from newscards.corpus.settings import Settings


class StorySize(NamedTuple):
    """A number of cards, how many stories have it, and in how many of those a card is published."""

    size: int
    stories: int
    published: int


class RuleCount(NamedTuple):
    """The number of a rule's findings, and of the cards that have them."""

    code: str
    rule: str
    severity: Severity
    findings: int
    cards: int


class Overview:
    """Cards counted by topic, provider, type, month and quality; their stories and findings."""

    def __init__(self, settings: Settings) -> None:
        self.topics, self.providers = Groups(TOPICS, settings), Groups(PROVIDERS, settings)
        self.types, self.months, self.quality = Tally(TYPE), Tally(MONTH), Tally(QUALITY)
        self._all = Tally()
        self.stories: list[StorySize] = []
        """The stories of the counted cards by size, the smallest first."""
        self.findings: list[RuleCount] | None = None
        """The findings by rule, the most frequent first; ``None`` if they were not counted."""
        self._paths, self._unreadable = set[str](), set[str]()

    FIELDS = COUNTED.union(*(each.fields for each in (TOPICS.by, PROVIDERS.by, TYPE)))
    """The card fields that it needs."""

    @property
    def total(self) -> Count:
        """The counts of all cards."""
        return self._all.total

    def count_cards(self, cards: Iterable[Card]) -> None:
        """Count cards."""
        tallies = (*self.topics.tallies, *self.providers.tallies)
        count(self._noted(cards), self._all, *tallies, self.types, self.months, self.quality)

    def count_unreadable(self, records: Iterable[Unreadable]) -> None:
        """Count files that could not be read; whether they would be selected is unknown."""
        self._unreadable |= {record.path for record in records}

    @property
    def unreadable(self) -> int:
        """The number of files that could not be read."""
        return len(self._unreadable)

    def _noted(self, cards: Iterable[Card]) -> Iterator[Card]:
        for card in cards:
            self._paths.add(card.path)
            yield card

    def count_stories(self, cards: Iterable[Card]) -> None:
        """Count the stories of the counted cards; ``cards`` are all of the corpus, with ``identities``."""
        stories = [
            story for story in stories_of(cards) if any(card.path in self._paths for card in story.cards)
        ]
        sizes = Counter(len(story.cards) for story in stories)
        published = Counter(len(story.cards) for story in stories if story.published)
        self.stories = [StorySize(size, number, published[size]) for size, number in sorted(sizes.items())]

    def count_findings(self, findings: Iterable[Finding]) -> None:
        """Count the findings in the counted cards and in the files that could not be read."""
        paths = self._paths | self._unreadable
        report = Report(findings=[finding for finding in findings if finding.path in paths])
        cards = Counter(rule for rule, _ in {(each.rule, each.path) for each in report.findings})
        self.findings = [
            RuleCount(*rule, severity, number, cards[rule]) for (rule, severity), number in report.by_rule
        ]

    def sections(self) -> dict[str, Any]:
        """Return the overview as a JSON object.

        Months and tens of quality without cards are left out. The cards without a date, quality or type are
        an object without that member.
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
            "topics": [group.row(TOPICS) for group in self.topics.ordered()],
            "providers": [group.row(PROVIDERS) for group in self.providers.ordered()],
            "types": _rows(self.types),
            "months": _rows(self.months),
            "quality": _rows(self.quality),
            "stories": [size._asdict() for size in self.stories],
            **({} if self.findings is None else {"findings": [each._asdict() for each in self.findings]}),
        }

    def long_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the overview as rows of ``LONG_COLUMNS``: the section, the name of the group, its counts."""
        yield {"section": "cards", **measures(self.total)}
        yield {"section": "unreadable", "cards": self.unreadable}
        for name, groups in (("topics", self.topics), ("providers", self.providers)):
            for group in groups.ordered():
                yield {"section": name, "key": group.name, **measures(group.count)}
        for name, tally in (("types", self.types), ("months", self.months), ("quality", self.quality)):
            (by,) = tally.dimensions
            for key, counts in tally.ordered():
                yield {"section": name, "key": by.text(key), **measures(counts)}
        for size, stories, published in self.stories:
            yield {"section": "stories", "key": size, "published": published, "stories": stories}
        for each in self.findings or ():
            numbers = {"cards": each.cards, "findings": each.findings}
            yield {"section": "findings", "key": RuleName(each.code, each.rule).title, **numbers}


LONG_COLUMNS = ("section", "key", *MEASURES, "stories", "findings")
"""The columns of ``Overview.long_rows``."""


def _rows(tally: Tally) -> list[dict[str, Any]]:
    (by,) = tally.dimensions
    return [
        {**by.row(key), "cards": counts.cards, "published": counts.published}
        for key, counts in tally.ordered()
    ]
